"""Messages of partners that come as XML alone: which form, which number, what to call them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from cop.formats.cap import CapInfo, alert_of, in_languages
from cop.formats.cap_alert import rank
from cop.formats.payload import child_text, local_name, read_xml
from cop.formats.prose import plain_text
from cop.model.entity import Severity
from cop.model.exchange import MessageForm
from cop.model.text import Text
from cop.services.exchange.edxl_in import understand

_LONGEST: Final = 200
_LONGEST_WORDS: Final = 4000


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What is said of a document that came as a message.

    Attributes:
        form: what it is.
        number: the sender's own id of it; of a document without one, its SHA-256.
        title: what to call it, in each language that it has.
        words: what it says.
        severity: the worst that it speaks of.
        exercise: whether it says that it is of an exercise.
        defects: what could not be read.
    """

    form: MessageForm
    number: str
    title: Text
    words: Text = field(default_factory=dict)
    severity: Severity = Severity.UNKNOWN
    exercise: bool = False
    defects: tuple[str, ...] = field(default=())


def read_wrapped(body: bytes) -> Wrapped:
    """Read what a CAP or EDXL document is; the document itself is kept as it came.

    Raises:
        PayloadError: it is no XML that may be read, or neither.
    """
    root = read_xml(body)
    if local_name(root) == "alert":
        return _cap(root, body)
    found = understand(body)
    number = _number(found.number, body)
    defects = tuple(found.defects)
    if found.status not in ("", "Actual", "Exercise"):
        defects = (*defects, f"its status is {found.status[:40]}")
    return Wrapped(
        found.form,
        number,
        {"en": f"{found.form.upper()} {number}"[:_LONGEST]},
        exercise=found.status == "Exercise",
        defects=defects[:20],
    )


def _cap(root: etree._Element, body: bytes) -> Wrapped:
    named = {name: child_text(root, name) for name in ("identifier", "sender", "sent", "status")}
    defects = [f"{name} is missing" for name, said in named.items() if not said]
    number = ""
    infos: tuple[CapInfo, ...] = ()
    if named["identifier"]:
        # the same identifier sent again at another time is another message
        number = ",".join((named["sender"], named["identifier"], named["sent"]))
        infos = alert_of(root).infos
    if named["status"] not in ("", "Actual", "Exercise"):
        defects.append(f"its status is {named['status'][:40]}")
    if not infos:
        defects.append("info is missing")
    title = _joined(infos, "headline", "event") or {"en": f"CAP {named['identifier']}"}
    return Wrapped(
        "cap",
        _number(number, body),
        {lang: said[:_LONGEST] for lang, said in title.items()},
        {
            lang: said[:_LONGEST_WORDS]
            for lang, said in _joined(infos, "description", "instruction", every=True).items()
        },
        max((info.severity for info in infos), key=rank, default=Severity.UNKNOWN),
        exercise=named["status"] == "Exercise",
        defects=tuple(defects),
    )


def _joined(infos: tuple[CapInfo, ...], *names: str, every: bool = False) -> Text:
    """Give what stands in the fields *names*, by language: the first with words, or *every* one.

    Where none of its languages is one of the picture's, the first stands in for English.
    """
    texts = [in_languages(infos, name) for name in names]
    if infos and not any(texts):
        texts = [{"en": getattr(infos[0], name)} for name in names]
    joined: Text = {}
    for lang in dict.fromkeys(lang for text in texts for lang in text):
        said = [words for text in texts if (words := plain_text(text.get(lang, "")).strip())]
        if said:
            joined[lang] = "\n\n".join(said if every else said[:1])
    return joined


def _number(said: str, body: bytes) -> str:
    number = "".join(sign for sign in said if "\x21" <= sign <= "\x7e")
    if not number:
        return f"sha256-{hashlib.sha256(body).hexdigest()}"
    return number if len(number) <= _LONGEST else hashlib.sha256(said.encode()).hexdigest()
