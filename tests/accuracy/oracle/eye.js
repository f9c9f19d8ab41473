// In the page: finds what may be the label and what may be a link, brings it onto the screen as far as a person can
// scroll, and takes its ink away and back for two pictures. Decides nothing.
window.__eye = (() => {
  const SAYS = ["đã kết nối emc", "đã kết nối với emc", "đã kết nối hệ thống emc", "đã kết nối với hệ thống emc"];
  const fold = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim().toLowerCase();
  const says = (text) => {
    const folded = fold(text);
    return SAYS.some((s) => folded.includes(s)) && [...folded].length <= 80;
  };
  const SILENT = /^(script|style|noscript|template|title|head|textarea|select|option|iframe)$/;
  const scopes = (root = document) => {
    const found = [root];
    for (const e of root.querySelectorAll("*")) if (e.shadowRoot) found.push(...scopes(e.shadowRoot));
    return found;
  };
  const everything = () => scopes().flatMap((s) => [...s.querySelectorAll("*")]);

  // Innermost elements whose text is the label; pictures that are named so.
  const labels = () => {
    const found = [];
    for (const e of everything()) {
      if (SILENT.test(e.localName) || e.closest("head,noscript,template")) continue;
      // What is not drawn is not among a box's words.
      const text = e.textContent.length < 400 && says(e.textContent) ? (e.innerText ?? e.textContent) : "";
      const generated = ["::before", "::after"].map((p) => getComputedStyle(e, p).content).filter((c) => /^"/.test(c)).join(" ");
      const inner = says(text) && ![...e.children].some((c) => says(c.textContent) && !SILENT.test(c.localName));
      const named = ["alt", "title", "aria-label"].some((n) => says(e.getAttribute(n) ?? "")) || (e.localName === "svg" && says(e.querySelector("title")?.textContent ?? ""));
      const picture = /^(img|svg|area|input|object)$/.test(e.localName) || e.getAttribute("role") === "img";
      if (inner || (named && picture) || says(generated)) found.push(e);
    }
    return found;
  };

  const addressOf = (e) => {
    try {
      const raw = e.href?.baseVal ?? e.getAttribute("href") ?? e.getAttributeNS("http://www.w3.org/1999/xlink", "href");
      return raw === null || raw === undefined ? null : new URL(raw.trim(), document.baseURI);
    } catch {
      return null;
    }
  };
  const bare = (host) => host.replace(/^www\./, "").replace(/\.$/, "");
  // Links to one of some hosts, as indices that stay.
  const kept = [];
  const keep = (e) => (kept.includes(e) ? kept.indexOf(e) : kept.push(e) - 1);
  const links = (hosts) => {
    const found = [];
    for (const e of everything()) {
      if (!/^(a|area)$/.test(e.localName)) continue;
      const url = addressOf(e);
      if (url && /^https?:$/.test(url.protocol) && hosts.includes(bare(url.hostname))) found.push({ index: keep(e), href: url.href, acts: e.hasAttribute("onclick") });
    }
    return found;
  };
  const selects = (hosts) => {
    const found = [];
    for (const e of everything()) {
      if (e.localName !== "select") continue;
      [...e.options].forEach((option, at) => {
        if (hosts.some((h) => option.value.includes(h))) found.push({ index: keep(e), option: at });
      });
    }
    return found;
  };
  // What acts on a click and is no plain link.
  const actors = () =>
    everything().filter((e) => e.hasAttribute("onclick") || /^\s*javascript:/i.test(e.getAttribute("href") ?? "") ||
      (e.localName === "a" && /^(#|$)/.test(e.getAttribute("href") ?? "x"))).map(keep);

  const drawn = (e) => (e.localName === "area" ? document.querySelector(`[usemap="#${CSS.escape(e.closest("map")?.name ?? "")}"]`) : e);
  const parts = (e) => {
    const of = drawn(e);
    if (!of) return [];
    const boxes = [];
    const seen = [of, ...of.querySelectorAll("*")];
    for (const one of seen) {
      if (/^(img|svg|canvas|video|object|input)$/.test(one.localName)) boxes.push(one.getBoundingClientRect());
    }
    const range = new Range();
    for (const one of seen) {
      for (const node of one.childNodes) {
        if (node.nodeType !== 3 || !/\S/.test(node.data)) continue;
        range.selectNodeContents(node);
        boxes.push(...range.getClientRects());
      }
    }
    const pseudo = ["::before", "::after"].some((p) => /^"./.test(getComputedStyle(of, p).content));
    if (pseudo || boxes.length === 0) boxes.push(of.getBoundingClientRect());
    return boxes.filter((b) => b.width >= 3 && b.height >= 5);
  };
  // How wide the label's words must be at least to be read: three pixels a letter.
  const least = (index) => {
    const e = drawn(kept[index]);
    const text = fold(e?.textContent ?? "");
    return SAYS.some((s) => text.includes(s)) ? 3 * Math.min(...SAYS.filter((s) => text.includes(s)).map((s) => s.length)) : 3;
  };
  const bound = (rects) => {
    if (rects.length === 0) return null;
    const [x, y] = [Math.min(...rects.map((r) => r.left)), Math.min(...rects.map((r) => r.top))];
    return { x, y, width: Math.max(...rects.map((r) => r.right)) - x, height: Math.max(...rects.map((r) => r.bottom)) - y };
  };
  // The box on the screen, and whether checkVisibility knows it.
  const box = (index) => {
    const e = drawn(kept[index]);
    if (!e || !e.isConnected) return null;
    const shown = e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: false });
    const rects = shown ? parts(kept[index]) : [];
    const written = rects.reduce((sum, r) => sum + r.width, 0);
    return written >= least(index) ? bound(rects) : null;
  };

  // Scrolls as far as wheels and bars let a person.
  const bring = (index, share = 0.5) => {
    const e = drawn(kept[index]);
    if (!e) return;
    const middle = () => {
      const b = bound(parts(kept[index])) ?? e.getBoundingClientRect();
      return [b.x + b.width / 2, b.y + b.height / 2];
    };
    const root = document.documentElement;
    for (let at = e.parentElement ?? e.getRootNode().host; at && at !== root; at = at.parentElement ?? at.getRootNode().host) {
      const style = getComputedStyle(at);
      if (at === document.body && getComputedStyle(root).overflowY === "visible") continue;
      const view = at.getBoundingClientRect();
      const [x, y] = middle();
      if (/auto|scroll/.test(style.overflowY)) at.scrollTop += y - (view.top + view.height / 2);
      if (/auto|scroll/.test(style.overflowX)) at.scrollLeft += x - (view.left + view.width / 2);
    }
    const of = getComputedStyle(root).overflowY === "visible" && document.body ? getComputedStyle(document.body) : getComputedStyle(root);
    const [x, y] = middle();
    scrollBy({
      left: /hidden|clip/.test(of.overflowX) ? 0 : x - innerWidth / 2,
      top: /hidden|clip/.test(of.overflowY) ? 0 : y - innerHeight * share, behavior: "instant",
    });
  };

  let taken = [];
  const set = (e, name, value) => {
    taken.push([e, name, e.style.getPropertyValue(name), e.style.getPropertyPriority(name)]);
    e.style.setProperty(name, value, "important");
  };
  // A rule for what is generated; the page's own rules of the same weight come before it.
  let sheet = null;
  const blot = (indices) => {
    for (const index of indices) {
      const top = drawn(kept[index]);
      for (const e of [top, ...top.querySelectorAll("*")]) {
        if (!e.style) continue;
        for (const name of ["transition", "animation-play-state"]) set(e, name, name === "transition" ? "none" : "paused");
        if (/^(img|svg|canvas|video|object|input)$/.test(e.localName)) set(e, "opacity", "0");
        for (const name of ["color", "-webkit-text-fill-color", "-webkit-text-stroke-color", "text-decoration-color", "fill", "stroke"]) set(e, name, "transparent");
        for (const name of ["text-shadow", "background-image"]) if (getComputedStyle(e).backgroundClip !== "text" || name !== "background-image") set(e, name, "none");
        if (getComputedStyle(e).backgroundClip === "text") set(e, "background-clip", "border-box"), set(e, "background-image", "none");
      }
      if (!/\S/.test(top.textContent) && !top.querySelector("img,svg")) set(top, "opacity", "0");
      top.setAttribute("data-eye", "");
    }
    sheet = new CSSStyleSheet();
    sheet.replaceSync("[data-eye]::before,[data-eye]::after{color:transparent!important;-webkit-text-fill-color:transparent!important}");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };
  const unblot = () => {
    for (const [e, name, value, priority] of taken.reverse()) {
      if (value) e.style.setProperty(name, value, priority);
      else e.style.removeProperty(name);
    }
    taken = [];
    for (const e of document.querySelectorAll("[data-eye]")) e.removeAttribute("data-eye");
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet);
  };

  // What lies at the middle of an element instead of it.
  const over = (index) => {
    const b = box(index);
    const e = b && document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
    return e && !drawn(kept[index]).contains(e) && !e.contains(drawn(kept[index])) ? e : null;
  };
  // Whether a click there meets the element.
  const meets = (index) => {
    const e = drawn(kept[index]);
    const rects = parts(kept[index]);
    const root = e.getRootNode();
    if (kept[index].localName === "area") {
      const b = e.getBoundingClientRect();
      const at = (n) => (n + 0.5) / 24;
      const grid = Array.from({ length: 24 * 24 }, (_, n) => [b.left + b.width * at(n % 24), b.top + b.height * at(Math.floor(n / 24))]);
      return grid.some(([x, y]) => root.elementFromPoint(x, y) === kept[index]);
    }
    return rects.some((r) => {
      const hit = root.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
      if (!hit) return false;
      return e.contains(hit) || (hit.closest?.("label,a") === e);
    });
  };
  // Buttons of what covers an element, those that say so first.
  const closers = (index) => {
    let top = over(index);
    if (!top) return [];
    for (let at = top; at && at !== document.body; at = at.parentElement) if (/fixed|absolute|sticky/.test(getComputedStyle(at).position) || at.localName === "dialog") top = at;
    const buttons = [...top.querySelectorAll("button,[role=button],a,[onclick],[class*=close],[aria-label]")];
    const says = (e) => /^[×✕✖x]$|đóng|tắt|đồng ý|chấp nhận|close|accept|ok|đã hiểu|bỏ qua/i.test(`${e.textContent.trim()}|${e.getAttribute("aria-label") ?? ""}|${e.className}`.split("|").find((t) => t) ?? "");
    return [...buttons.filter(says), ...buttons.filter((b) => !says(b))].slice(0, 4).map(keep);
  };
  // What a person tries for a link that does not show: what stands around and before it.
  const openers = (index) => {
    const found = [];
    const ids = [];
    for (let at = kept[index]; at && at !== document.body; at = at.parentElement) {
      if (at.id) ids.push(at.id);
      if (at.localName === "details") found.push(...[...at.children].filter((c) => c.localName === "summary"));
      for (const c of at.parentElement?.children ?? []) {
        if (c === at) break;
        if (/^(button|summary|label|a|span|p|h[1-6]|div)$/.test(c.localName)) found.push(c);
      }
    }
    const named = everything().filter((e) => ["aria-controls", "data-target", "data-bs-target", "href", "for", "popovertarget"].some((n) => ids.includes((e.getAttribute(n) ?? "").replace(/^#/, ""))));
    const buttons = everything().filter((e) => e.localName === "button" || e.hasAttribute("aria-expanded"));
    const plain = (e) => !(e.localName === "a" && /^(https?:|\/|mailto)/.test(e.getAttribute("href") ?? "")) && e.getAttribute("type") !== "submit";
    return [...new Set([...named, ...found, ...buttons])].filter(plain).slice(0, 10).map(keep);
  };
  // Visible elements around it, from the inside, to put the pointer on.
  const around = (index) => {
    const found = [];
    for (let at = kept[index].parentElement; at && at !== document.body && found.length < 4; at = at.parentElement) {
      const b = at.getBoundingClientRect();
      if (at.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && b.width >= 4 && b.height >= 4) found.push(keep(at));
    }
    return found;
  };
  return {
    labels: () => labels().map(keep), links, selects, actors, box, bring, blot, unblot, over: (i) => over(i) !== null, meets,
    closers, openers, around, place: (i) => {
      const b = drawn(kept[i])?.getBoundingClientRect();
      return b && b.width > 0 && b.height > 0 ? { x: b.x, y: b.y, width: b.width, height: b.height } : null;
    },
    choose: (i, option) => {
      const e = kept[i];
      e.selectedIndex = option;
      e.dispatchEvent(new Event("input", { bubbles: true }));
      e.dispatchEvent(new Event("change", { bubbles: true }));
    },
  };
})();
