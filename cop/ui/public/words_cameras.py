"""Words of the page on what cameras count: what is computed, what is not, who may look."""

from __future__ import annotations

from typing import Final

from cop.model.text import Text, text

CAMERAS: Final[dict[str, Text]] = {
    "cameras.title": text("What cameras count", "攝影機計算甚麼", "摄影机计算什么"),
    "cameras.description": text(
        "Cameras at some places count people, vehicles and water so that help comes in time: what"
        " is computed, what is not, who may look, and how sure the numbers are.",
        "部分地點設有攝影機計算人數、車輛及積水，以便及時支援：計算甚麼、不做甚麼、誰可觀看、數字有多準確。",
        "部分地点设有摄影机计算人数、车辆及积水，以便及时支援：计算什么、不做什么、谁可观看、数字有多准确。",
    ),
    "cameras.intro": text(
        "At some places cameras count, so that help is sent before a crowd becomes a crush or a"
        " road becomes a river. Numbers leave the machine that counts. Pictures do not.",
        "部分地點以攝影機計算，以便在人群過密或道路水浸前派人支援。離開計算系統的只有數字，不是畫面。",
        "部分地点以摄影机计算，以便在人群过密或道路水浸前派人支援。离开计算系统的只有数字，不是画面。",
    ),
    "cameras.h-counted": text("What is computed", "計算甚麼", "计算什么"),
    "cameras.counted-people": text(
        "How many people are in a marked zone, how dense that is, and which way and how fast the"
        " crowd moves as a whole.",
        "劃定範圍內的人數、密度，以及人群整體移動的方向和速度。",
        "划定范围内的人数、密度，以及人群整体移动的方向和速度。",
    ),
    "cameras.counted-vehicles": text(
        "How many vehicles are on a stretch of road, and how long a standing queue is.",
        "路段上的車輛數目，以及停滯車龍的長度。",
        "路段上的车辆数目，以及停滞车龙的长度。",
    ),
    "cameras.counted-water": text(
        "Whether water stands on a road, how high, and whether it rises.",
        "路面有否積水、水深多少、水位是否上升。",
        "路面有否积水、水深多少、水位是否上升。",
    ),
    "cameras.counted-heat": text(
        "With cameras that see warmth: how hot a surface is, and how many people are there.",
        "以熱成像攝影機計算表面溫度及人數。",
        "以热成像摄影机计算表面温度及人数。",
    ),
    "cameras.h-not": text("What is not done", "不會做甚麼", "不会做什么"),
    "cameras.not-faces": text(
        "No face is recognised and nobody is identified. Number plates are not read. There is no"
        " sound.",
        "不會識別面容或辨認任何人的身分，不會讀取車牌，亦不會收錄聲音。",
        "不会识别面容或辨认任何人的身份，不会读取车牌，亦不会收录声音。",
    ),
    "cameras.not-followed": text(
        "Nobody is followed, neither from one camera to the next nor within the view of one: what"
        " is measured is how a crowd moves, not how a person does.",
        "不會追蹤任何人，不論是跨攝影機或在同一畫面內；量度的是人群的移動，而非個人的去向。",
        "不会追踪任何人，不论是跨摄影机或在同一画面内；量度的是人群的移动，而非个人的去向。",
    ),
    "cameras.not-kept": text(
        "No picture is kept. A picture is counted and forgotten: it is stored for zero days and"
        " written to no disk.",
        "不會保存畫面。每幅畫面計算後即棄，保存期為零日，亦不會寫入磁碟。",
        "不会保存画面。每幅画面计算后即弃，保存期为零日，亦不会写入磁盘。",
    ),
    "cameras.not-public": text(
        "Neither these pictures nor the numbers counted from them are published on this site.",
        "這些畫面及由此計算的數字均不會在本網站公布。",
        "这些画面及由此计算的数字均不会在本网站公布。",
    ),
    "cameras.h-look": text("Who may look", "誰可觀看", "谁可观看"),
    "cameras.look": text(
        "For each camera it is laid down who may ask for its live picture: nobody, the emergency"
        " centre, or responders too. Whoever need not see faces gets them blurred.",
        "每部攝影機均訂明誰可要求即時畫面：無人、指揮中心，或包括救援人員。無須看見面容的人員只會看到模糊處理的畫面。",
        "每部摄影机均订明谁可要求实时画面：无人、指挥中心，或包括救援人员。无须看见面容的人员只会看到模糊处理的画面。",
    ),
    "cameras.look-journal": text(
        "That somebody looked is written into a journal that nobody can change: who, through which"
        " camera, and when.",
        "每次觀看均會記入不可更改的日誌，載明何人、哪部攝影機及時間。",
        "每次观看均会记入不可更改的日志，载明何人、哪部摄影机及时间。",
    ),
    "cameras.h-sure": text("How sure the numbers are", "數字有多準確", "数字有多准确"),
    "cameras.sure": text(
        "Each number carries its age and how far it may be off. Rain, glare, darkness, umbrellas"
        " and very dense crowds make counting harder. Where it is not sure enough the answer is"
        " “not known”, never zero.",
        "每個數字均附有時間及誤差。雨水、眩光、黑暗、雨傘及極密集人群都會影響計算；把握不足時會標示為「不詳」，而不會是零。",
        "每个数字均附有时间及误差。雨水、眩光、黑暗、雨伞及极密集人群都会影响计算；把握不足时会标示为“不详”，而不会是零。",
    ),
    "cameras.sure-people": text(
        "A number decides nothing. It calls a person’s attention, who looks and decides.",
        "數字不會作出任何決定，只會提示人員查看並由人員決定。",
        "数字不会作出任何决定，只会提示人员查看并由人员决定。",
    ),
    "cameras.h-td": text("Cameras of the Transport Department", "運輸署的攝影機", "运输署的摄影机"),
    "cameras.td": text(
        "The Transport Department publishes snapshots of its traffic cameras itself, for everybody."
        " They are its publication, under its terms; where responders see them here, they see what"
        " you can see there.",
        "運輸署自行向公眾發布交通攝影機快拍，屬該署的發布，受其條款規管；救援人員在此看到的與公眾在該署所見的相同。",
        "运输署自行向公众发布交通摄影机快拍，属该署的发布，受其条款规管；救援人员在此看到的与公众在该署所见的相同。",
    ),
    "cameras.h-ask": text("Whom to ask", "查詢", "查询"),
    "cameras.ask": text(
        "A camera belongs to the department that runs it: ask there about a place. It also says"
        " there what a camera is for.",
        "攝影機由所屬部門管理，如對某地點有疑問，請向該部門查詢其用途。",
        "摄影机由所属部门管理，如对某地点有疑问，请向该部门查询其用途。",
    ),
    "cameras.ask-us": text(
        "About what this platform does with it, write to {contact}.",
        "如對本平台的做法有疑問，請聯絡 {contact}。",
        "如对本平台的做法有疑问，请联络 {contact}。",
    ),
}
