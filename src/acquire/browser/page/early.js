// Runs before the page's own scripts, in a world of its own: notes that an element which matches a label's
// selectors was on the page and went away. Changes nothing. `SOUGHT` (selectors by tracker) is put before it.
(() => {
  "use strict";
  const kept = {};
  globalThis.rasoatEarly = kept;
  const trackers = Object.entries(SOUGHT).filter(([, selectors]) => selectors.length > 0);
  if (trackers.length === 0) return;
  const MOST = 20000;
  let looked = 0;
  const seen = new Map(trackers.map(([name]) => [name, new Set()]));
  const matching = (node, selector) => {
    if (!(node instanceof Element)) return [];
    const inside = Element.prototype.querySelectorAll.call(node, selector);
    const found = inside.length > 50 ? [] : Array.from(inside);
    if (Element.prototype.matches.call(node, selector)) found.push(node);
    return found;
  };
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (++looked > MOST) return observer.disconnect();
        for (const [name, selectors] of trackers) {
          try {
            const found = matching(node, selectors.join(","));
            const known = seen.get(name);
            for (const one of found) if (known.size < 50) known.add(one);
          } catch {
            // A selector that the browser does not know matches nothing.
          }
        }
      }
    }
  });
  observer.observe(document, { childList: true, subtree: true });
  // Asked in the end: was there one that is not there any more, and none in its place?
  kept.removed = (name) => {
    const known = [...(seen.get(name) ?? [])];
    // A wrapper without anything in it is no label.
    const empty = (one) => !/\S/.test(one.textContent) && one.querySelector("img,svg,canvas,input") === null;
    const gone = known.filter((one) => !one.isConnected);
    return gone.length > 0 && known.every((one) => !one.isConnected || empty(one));
  };
})();
