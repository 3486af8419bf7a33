/* Photos: taken or chosen, made small and upright on the phone, freed of everything but the
 * picture itself, one at a time. Nothing of the file leaves the phone as it was: what is sent is
 * drawn anew, so that place, time and make of the camera stay behind. */
(function (cop) {
  "use strict";
  const LONGEST_PX = 1600;
  const MOST_BYTES = 400 * 1024;
  const MOST_FILE_BYTES = 64 * 1024 * 1024;
  const QUALITIES = [0.8, 0.7, 0.6, 0.5];
  const SMALLER = 0.75;
  const MOST = 20;
  const HEIC = /\.(heic|heif)$/i;

  const unfit = (code) => Object.assign(new Error(code), { code });
  const toJpeg = (canvas, quality) =>
    new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  const decode = async (file) => {
    const isHeic = HEIC.test(file.name || "") || /hei[cf]/.test(file.type);
    if (file.type && !file.type.startsWith("image/") && !isHeic) throw unfit("type");
    if (file.size > MOST_FILE_BYTES) throw unfit("large");
    try {
      return await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      throw unfit(isHeic ? "heic" : "broken");
    }
  };
  const draw = (image, longest) => {
    const scale = Math.min(1, longest / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    const ctx = canvas.getContext("2d");
    if (!ctx) throw unfit("broken");
    ctx.fillStyle = "#fff"; // under what is transparent
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  async function make(file) {
    const image = await decode(file);
    try {
      for (let longest = LONGEST_PX; longest > 200; longest *= SMALLER) {
        const canvas = draw(image, longest);
        const { width, height } = canvas;
        let blob = null;
        for (const quality of QUALITIES) {
          blob = await toJpeg(canvas, quality);
          if (!blob || blob.size <= MOST_BYTES) break;
        }
        canvas.width = canvas.height = 0; // gives its memory back at once
        if (!blob) throw unfit("broken");
        if (blob.size <= MOST_BYTES) return { blob, width, height };
      }
    } finally {
      image.close();
    }
    throw unfit("large");
  }

  /* One at a time, in the order chosen: a phone holds one large picture, not ten. */
  let last = Promise.resolve();
  const prepare = (file) => {
    const made = last.then(() => make(file));
    last = made.catch(() => null);
    return made;
  };
  const unfitWords = (file, error) =>
    cop.t("photo.unfit", { name: file.name || cop.t("photo.one"), why: cop.t(error.words || `photo.${error.code || "broken"}`) });

  /* Two ways to a picture. `room()`: how many more; `take(photo)` keeps one; `told(words, bad)`. */
  const adder = ({ room, take, told, key }) => {
    const chosen = async (files) => {
      const left = Math.max(0, room());
      const failed = [];
      for (const [index, file] of files.slice(0, left).entries()) {
        told(cop.t("photo.preparing", { n: index + 1, all: Math.min(files.length, left) }));
        try {
          await take(await prepare(file));
        } catch (error) {
          failed.push(unfitWords(file, error));
        }
      }
      if (files.length > left) failed.push(cop.t("photo.most", { n: MOST }));
      told(failed.join(" "), failed.length > 0);
    };
    /* Outside of the screen, which is drawn anew while the camera is open. */
    const open = (extra) => {
      const input = cop.h("input", { type: "file", accept: "image/*", hidden: true, ...extra });
      input.addEventListener("cancel", () => input.remove());
      input.addEventListener("change", () => {
        input.remove();
        chosen([...input.files]);
      });
      document.body.append(input);
      input.click();
    };
    return cop.h("div", { class: "photo-ways" },
      cop.ui.button("photo.take", () => open({ capture: "environment" }), { icon: "camera", key: `${key} take` }),
      cop.ui.button("photo.choose", () => open({ multiple: true }), { icon: "layers", key: `${key} choose` }));
  };

  /* Thumbnails of what is not sent yet; each can be taken out. */
  const urls = new WeakMap(); // blob -> address: one for each, however often it is drawn
  const address = (blob) => {
    if (!urls.has(blob)) urls.set(blob, URL.createObjectURL(blob));
    return urls.get(blob);
  };
  const forget = (blob) => {
    if (urls.has(blob)) URL.revokeObjectURL(urls.get(blob));
    urls.delete(blob);
  };
  const strip = (photos, remove) =>
    photos.length === 0 ? null : cop.h("ul", { class: "photo-strip" }, ...photos.map((photo, index) => {
      const n = { n: index + 1 };
      const out = cop.h("button", { type: "button", class: "photo-out", "data-key": `photo-out ${index}`,
        "aria-label": cop.t("photo.remove", n), on: { click: () => remove(photo) } }, cop.icon("close", 16));
      return cop.h("li", {}, cop.h("img", { src: address(photo.blob), alt: cop.t("photo.number", n) }), out);
    }));

  /* Where a photo that was sent stands, in words. */
  const state = (action) => {
    if (action.state === "confirmed") return cop.t("photo.received");
    if (action.state === "refused") return cop.t("photo.refused");
    const { had, total } = action.pieces || {};
    return had ? cop.t("photo.pieces", { n: had, all: total }) : cop.t("photo.waiting");
  };

  /* Keeps a photo for an incident, or for the report *after* of which nobody knows the id yet; *id*
   * is what it was called before. */
  const send = ({ id, blob }, { incident = null, after = null }) =>
    cop.work.put({
      kind: "photo", path: "/uploads", body: { incident: incident || "{id}", photo: id },
      about: incident, after, blob, label: { key: "photo.label", values: {} },
    });

  cop.photos = { MOST, prepare, adder, strip, state, send, forget };
})((window.cop = window.cop || {}));
