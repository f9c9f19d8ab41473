// What moves: animations that end, running lines and strips that never do. Puts everything back as it was. Runs after
// hit.js.
(() => {
  "use strict";
  const own = globalThis.rasoat;
  if (own.settled) return;
  const { dom } = own;

  // What moves or fades in comes to its end.
  own.settled = async (element) => {
    const running = [];
    for (let e = element; e && running.length < 20; e = own.up(e)) {
      for (const a of dom.animations(e).slice(0, 10)) {
        if (a.playState === "running" && Number.isFinite(a.effect?.getComputedTiming().endTime)) running.push(a);
      }
    }
    if (running.length === 0) return false;
    await Promise.race([Promise.all(running.map((a) => a.finished.catch(() => null))), own.sleep(1000)]);
    for (const a of running) {
      try {
        if (a.playState === "running") a.finish();
      } catch {
        // One that has no end by now stays as it is.
      }
    }
    return true;
  };

  // Whether a part that is not met now comes by, `here` telling what hides it at the moment: a running line, or what an
  // endless animation moves.
  own.comesBy = async (part, here, deadline) => {
    const holder = own.holderOf(part);
    const line = dom.closest(holder, "marquee");
    if (line) {
      // Its round may take minutes: what it holds comes by when the line itself is met and the part would show in it.
      const box = own.boxOf(line);
      const isOpen = box.r - box.l >= 100 && box.b - box.t >= 8 && !own.undrawn({ box: line }) && own.hit({ box: line }).seen > 0;
      if (isOpen && !own.undrawn(part) && !own.colourless(part, null)) return true;
    }
    const endless = [];
    for (let e = holder; e && endless.length < 5; e = own.up(e)) {
      endless.push(...dom.animations(e).slice(0, 5).filter((a) => a.playState === "running" && a.effect?.getComputedTiming().endTime === Infinity));
    }
    const times = endless.map((a) => [a, a.currentTime, a.effect.getComputedTiming().duration]);
    try {
      for (let phase = 0; endless.length > 0 && phase < 16 && performance.now() < deadline; phase++) {
        for (const [a, , round] of times) a.currentTime = ((phase + 0.5) / 16) * Number(round);
        own.fresh();
        if (!here()) return true;
      }
    } finally {
      for (const [a, time] of times) a.currentTime = time;
      own.fresh();
    }
    return false;
  };
})();
