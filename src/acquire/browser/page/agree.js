// Clicks the n-th control, from 0, of what lies over the page (fixed and sticky boxes, dialogs), those that most
// likely agree first: the last and most prominent ones. Gives its text, or null when there are not so many.
function agree(n) {
  const boxes = [];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT);
  for (let e = walk.currentNode, seen = 0; e && seen < 20000; e = walk.nextNode(), seen++) {
    const style = getComputedStyle(e);
    const over = style.position === "fixed" || style.position === "sticky" || e.getAttribute("role") === "dialog" ||
      (e.localName === "dialog" && e.open) || /consent|cookie|gdpr/i.test(e.id + " " + (e.getAttribute("class") || ""));
    if (over && e.getClientRects().length) boxes.push(e);
  }
  const controls = [];
  for (const box of boxes) {
    const inside = box.querySelectorAll("button,a,[role=button],input[type=button],input[type=submit]");
    for (const c of Array.from(inside).slice(0, 40)) {
      const r = c.getBoundingClientRect();
      if (r.width > 4 && r.height > 4 && !controls.includes(c)) controls.push(c);
    }
  }
  const text = (c) => (c.innerText || c.value || c.getAttribute("aria-label") || "").replace(/\s+/g, " ").trim();
  const links = (c) => c.localName === "a" && /^(https?:|\/)/.test(c.getAttribute("href") || "");
  const wanted = controls.filter((c) => !links(c)).concat(controls.filter(links)).slice(0, 12);
  const chosen = wanted[n];
  if (!chosen) return null;
  const said = text(chosen) || chosen.localName;
  chosen.click();
  return said;
}
