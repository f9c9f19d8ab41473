// Takes the ink of a label away for a moment, so that two pictures tell whether it makes a difference on the
// screen. Changes no attribute and no sheet: an animation that is cancelled. Runs after labels.js.
(() => {
  "use strict";
  const own = globalThis.rasoat;
  if (own.stage) return;
  const { dom, rect } = own;
  const MOST = 1200;
  let [places, fades, parts] = [null, [], []];

  // Brings a label to the middle of the screen: its box in the page, or `null` when none of it is there.
  own.stage = async (index) => {
    const way = own.wayOf(index);
    parts = way.parts.slice(0, 20);
    if (parts.length === 0) return null;
    places = own.remember(way.holder);
    own.bring(parts[0], 0.5);
    await own.sleep(100);
    const screen = { l: 0, t: 0, r: innerWidth, b: innerHeight };
    const seen = parts.flatMap((p) => own.rectsOf(p)).map((r) => rect.meet(r, screen)).filter((r) => rect.width(r) >= 1 && rect.height(r) >= 1);
    if (seen.length === 0) return null;
    const box = seen.reduce((a, b) => ({ l: Math.min(a.l, b.l), t: Math.min(a.t, b.t), r: Math.max(a.r, b.r), b: Math.max(a.b, b.b) }));
    const [x, y] = [Math.floor(box.l), Math.floor(box.t)];
    return {
      x: x + scrollX, y: y + scrollY, scale: 1,
      width: Math.min(MOST, Math.ceil(box.r) - x), height: Math.min(MOST, Math.ceil(box.b) - y),
    };
  };
  own.blot = () => {
    const clear = {
      color: "transparent", WebkitTextFillColor: "transparent", textShadow: "none", WebkitTextStrokeColor: "transparent",
      // Letters of a drawing are filled.
      fill: "transparent", stroke: "transparent",
    };
    for (const part of parts) {
      const frames = part.box && !part.generated ? { opacity: 0 } : clear;
      const options = { duration: 1e7, fill: "both", pseudoElement: part.generated ?? null };
      fades.push(Element.prototype.animate.call(own.holderOf(part), [frames, frames], options));
    }
  };
  own.unblot = () => {
    for (const fade of fades) fade.cancel();
    fades = [];
  };
  own.unstage = () => {
    own.unblot();
    if (places) own.restore(places);
    places = null;
  };

  const pixels = async (picture) => {
    const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(bitmap, 0, 0);
    return pen.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const WIDE = 8;
  // In how many of the columns of two pictures some pixel differs by so much.
  const differing = (a, b, least) => {
    const columns = Math.max(1, Math.ceil(a.width / WIDE));
    const touched = new Uint8Array(columns);
    const size = Math.min(a.data.length, b.data.length);
    for (let i = 0; i < size; i += 4) {
      const d = Math.abs(a.data[i] - b.data[i]) + Math.abs(a.data[i + 1] - b.data[i + 1]) + Math.abs(a.data[i + 2] - b.data[i + 2]);
      if (d >= least) touched[Math.floor(((i / 4) % a.width) / WIDE)] = 1;
    }
    return touched.reduce((sum, t) => sum + t, 0) / columns;
  };
  // The share of a label's width where its ink makes a difference; `null` where the page moves by itself.
  own.share = async (before, without, after) => {
    const [a, b, c] = [await pixels(before), await pixels(without), await pixels(after)];
    if (differing(a, c, 24) > 0.1) return null;
    return { strong: differing(a, b, 60), faint: differing(a, b, 24) };
  };
})();
