/* A photo goes in pieces, each with a receipt: what the server has is not sent again, after
 * whatever interruption. */
((cop) => {
  "use strict";
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const digest = (bytes) => crypto.subtle.digest("SHA-256", bytes);
  const broken = (code) => ({ status: 422, content: { code }, headers: new Headers() });
  const AGAIN = ["upload-incomplete", "upload-damaged"]; // the server has let the pieces go
  const good = ({ status }) => status >= 200 && status < 300;

  const attach = (action, upload) =>
    cop.send("POST", `/uploads/${upload}/attach`,
      { incident: (action.body && action.body.incident) || action.about, caption: (action.body && action.body.caption) || action.caption || "" },
      { ...cop.doneBy(action), "Idempotency-Key": action.key });
  const note = async (action, change) => {
    await cop.outbox.patch(action.key, change);
    cop.outbox.changed();
  };

  const sendPieces = async (action, bytes, upload) => {
    const total = upload.pieces;
    const had = new Set(upload.had.map(({ n }) => n));
    const seen = (count) => note(action, { upload: upload.id, pieces: { had: count, total } });
    await seen(had.size);
    for (let n = 0; n < total; n += 1) {
      if (had.has(n)) continue;
      const piece = bytes.slice(n * upload.piece_bytes, (n + 1) * upload.piece_bytes);
      const answer = await cop.request(`/uploads/${upload.id}/pieces/${n}`, {
        method: "PUT", body: piece,
        headers: {
          ...cop.doneBy(action), "Content-Type": "application/octet-stream",
          "Content-Digest": `sha-256=:${base64(await digest(piece))}:`,
        },
      });
      if (!good(answer)) return answer;
      had.add(n);
      await seen(had.size);
      if (await cop.outbox.hasWords(action.account)) return { gaveWay: true };
    }
    return null;
  };
  /* Gives the last answer, which settles the action. */
  cop.sendPhoto = async (action) => {
    const { pieces } = action;
    if (action.upload && pieces && pieces.had === pieces.total) {
      const answer = await attach(action, action.upload); // its answer may have been lost
      if (!AGAIN.includes(answer.content && answer.content.code) && answer.status !== 404) return answer;
    }
    const kept = await cop.db.get("blobs", action.key);
    if (!kept) return broken("photo-gone");
    const begun = await cop.send("POST", "/uploads",
      { sha256: hex(await digest(kept.bytes)), size_bytes: kept.bytes.byteLength, media_type: kept.type },
      cop.doneBy(action));
    if (!good(begun)) return begun;
    return (await sendPieces(action, kept.bytes, begun.content)) || attach(action, begun.content.id);
  };
})((self.cop = self.cop || {}));
