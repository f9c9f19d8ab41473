// Finds labels, what the library put on the page and the page's own, and measures whether a person sees them.
// Scrolls to them as a person would, and closes what lies over them when one click does it. Runs after hit.js.
(() => {
  "use strict";
  const own = globalThis.rasoat;
  if (own.find) return;
  const { dom, rect } = own;

  const INVISIBLE = /[\0\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]/g;
  const loose = (text) => text.replace(INVISIBLE, "").normalize("NFC").replace(/[\s\p{Cc}]+/gu, " ").toLowerCase();
  const fold = (own.fold = (text) => loose(text).trim());
  const tidy = (own.tidy = (text, most) =>
    Array.from(text.slice(0, most * 20).replace(INVISIBLE, "").normalize("NFC").replace(/[\s\p{Cc}]+/gu, " ").trim())
      .slice(0, most).join(""));
  const LONGEST = 80;
  const MOST_TEXT = 4_000_000;

  // The document, open shadow roots, frames of the same origin.
  own.closedRoots = [];
  // Elements that may have a shadow root which scripts cannot see: own elements, and empty ones that have a height.
  own.closedHosts = () => {
    const found = [];
    const plain = /^(article|aside|div|footer|header|main|nav|p|section|span)$/;
    for (const scope of own.scopes(true)) {
      for (const e of select(scope, "*")) {
        if (found.length >= 50 || own.late()) return found;
        const tag = dom.tag(e);
        const may = tag.includes("-") || (plain.test(tag) && !dom.first(e) && dom.box(e).height >= 4);
        if (may && !dom.shadow(e)) found.push(own.point(e));
      }
    }
    return found;
  };
  let scopes = null;
  own.scopes = (anew) => {
    if (scopes && !anew) return scopes;
    const found = [document, ...own.closedRoots.filter((root) => dom.connected(root))];
    for (let i = 0; i < found.length && found.length < 500; i++) {
      const scope = found[i];
      const all = dom.type(scope) === 9 ? dom.all_in(scope, "*") : dom.all_shadow(scope, "*");
      const most = Math.min(all.length, 200000);
      for (let k = 0; k < most; k++) {
        const root = dom.shadow(all[k]);
        if (root) found.push(root);
        else if (all[k] instanceof HTMLIFrameElement) {
          const doc = dom.frame_document(all[k]);
          if (doc) found.push(doc);
        }
      }
    }
    return (scopes = found);
  };
  const select = (own.select = (scope, selector) => {
    try {
      return Array.from(dom.type(scope) === 9 ? dom.all_in(scope, selector) : dom.all_shadow(scope, selector));
    } catch {
      return [];
    }
  });

  const NO_CONTENT = new Set(["script", "style", "noscript", "template", "title", "head", "textarea", "iframe", "noembed", "noframes"]);
  const INLINE = new Set(
    ("a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q ruby s samp slot " +
      "small span strike strong sub sup time tt u var wbr").split(" "),
  );
  const inline = (e) => INLINE.has(dom.tag(e)) || dom.tag(e).includes("-");

  // Folded text below a node, and which text node gave which part of it. Words of different blocks stay apart.
  const stream = (root, most) => {
    const pieces = [];
    const parts = [];
    let length = 0;
    let space = true;
    const add = (text, node) => {
      if (space && text.startsWith(" ")) text = text.slice(1);
      if (text === "") return;
      pieces.push({ at: length, node });
      parts.push(text);
      length += text.length;
      space = text.endsWith(" ");
    };
    let node = root;
    let entering = true;
    while (length < most) {
      const kind = dom.type(node);
      if (entering) {
        if (kind === 3) add(loose(node.data), node);
        else if (kind !== 1 || !NO_CONTENT.has(dom.tag(node))) {
          if (kind === 1 && !inline(node)) add(" ", null);
          const first = kind === 8 ? null : dom.first(node);
          if (first) {
            node = first;
            continue;
          }
        }
      }
      if (kind === 1 && !inline(node)) add(" ", null);
      if (node === root) break;
      const next = dom.next(node);
      entering = next !== null;
      node = next ?? dom.parent(node);
    }
    return { text: parts.join(""), pieces };
  };
  const textOf = (own.textOf = (element, most) => stream(element, most).text.trim().slice(0, most));

  const pieceAt = (pieces, offset) => {
    let [low, high] = [0, pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle].at <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const around = (a, b) => {
    if (a === b) return dom.parent(a);
    const above = new Set();
    for (let at = a; at; at = dom.parent(at)) above.add(at);
    for (let at = b; at; at = dom.parent(at)) if (above.has(at)) return at;
    return null;
  };
  // Each place below a node where one of the texts stands: its innermost element and the text nodes.
  const occurrences = (root, texts, most) => {
    const { text, pieces } = stream(root, MOST_TEXT);
    const found = [];
    for (const wanted of texts) {
      for (let at = text.indexOf(wanted); at >= 0 && found.length < most; at = text.indexOf(wanted, at + 1)) {
        const from = pieceAt(pieces, at);
        const to = pieceAt(pieces, at + wanted.length - 1);
        const nodes = pieces.slice(from, to + 1).map((p) => p.node).filter((n) => n !== null);
        if (nodes.length === 0) continue;
        const holder = around(nodes[0], nodes[nodes.length - 1]);
        if (holder && !found.some((f) => f.holder === holder)) found.push({ holder, nodes });
      }
    }
    // A holder around another holder says nothing new.
    return found.filter((f) => !found.some((g) => g !== f && dom.contains(f.holder, g.holder)));
  };
  const ink = (nodes) => nodes.filter((n) => fold(n.data) !== "").map((text) => ({ text }));

  const PICTURES = "img,area,object,svg,input[type=image i],[role=img i]";
  const wordsOf = (e) => {
    const words = ["alt", "title", "aria-label"].map((name) => dom.attr(e, name)).filter((v) => v !== null);
    if (dom.tag(e) === "svg") {
      for (let c = dom.first(e); c; c = dom.next(c)) if (dom.type(c) === 1 && dom.tag(c) === "title") words.push(dom.text(c));
    }
    return words.map((w) => fold(w.slice(0, 2000)));
  };
  const pictureOf = (e) => {
    if (dom.tag(e) !== "area") return e;
    const map = dom.closest(e, "map");
    const name = map && (dom.attr(map, "name") ?? dom.id(map));
    return (name && select(document, "img[usemap]").find((i) => dom.attr(i, "usemap") === `#${name}`)) || e;
  };
  const alone = (text, texts) => texts.some((t) => text.includes(t)) && Array.from(text).length <= LONGEST;

  const MOST = 50;
  // There are more labels than are looked at.
  let more = false;
  // All parts below an element: texts and pictures, those in open shadow roots too.
  const everything = (root) => {
    const parts = ink(stream(root, 4000).pieces.map((p) => p.node).filter((n) => n !== null)).slice(0, 30);
    for (const e of Array.from(dom.all(root, "img,svg,canvas,video,object,input[type=image i]")).slice(0, 20)) parts.push({ box: e });
    for (const e of [root, ...Array.from(dom.all(root, "*")).slice(0, 200)]) {
      const shadow = dom.shadow(e);
      if (shadow) parts.push(...ink(stream(shadow, 4000).pieces.map((p) => p.node).filter((n) => n !== null)).slice(0, 30));
    }
    return parts;
  };

  // A label: its element, what it says, and the ways in which it may be seen; each way is parts that must all show.
  const injected = (scopes, sought) => {
    const matches = new Set();
    for (const scope of scopes) {
      for (const selector of sought.selectors) for (const e of select(scope, selector).slice(0, 200)) matches.add(e);
    }
    const roots = [...matches].filter((e) => {
      for (let at = own.up(e); at; at = own.up(at)) if (matches.has(at)) return false;
      return true;
    });
    more ||= roots.length > MOST;
    const labels = roots.slice(0, MOST).map((element) => {
      const ways = occurrences(element, sought.texts, 5).map((o) => ({ holder: o.holder, parts: ink(o.nodes), all: true }));
      for (const e of Array.from(dom.all(element, PICTURES)).slice(0, 50)) {
        if (wordsOf(e).some((w) => alone(w, sought.texts))) ways.push({ holder: e, parts: [{ box: pictureOf(e) }], all: true });
      }
      const says = ways.length > 0;
      if (!says) ways.push({ holder: element, parts: everything(element), all: false });
      const text = says ? textOf(ways[0].holder, 400) || wordsOf(ways[0].holder)[0] || "" : textOf(element, 400);
      return { element, text, ways, says, injected: true };
    });
    const telling = labels.some((l) => l.says);
    return labels.filter((l) => l.says || !telling || l.ways.some((w) => w.parts.length > 0));
  };
  const ownLabels = (scopes, sought, roots, told) => {
    const labels = [];
    const outside = (e) => !roots.some((r) => own.holds(r, e));
    const add = (element, text, parts) => {
      if (!outside(element) || labels.some((l) => l.element === element)) return;
      if (labels.length >= MOST) more = true;
      else {
        labels.push({ element, text, ways: [{ holder: element, parts, all: true }], says: true, injected: false });
      }
    };
    for (const scope of scopes) {
      const root = dom.type(scope) === 9 ? dom.body(scope) : scope;
      if (!root) continue;
      for (const { holder, nodes } of occurrences(root, sought.texts, 500)) {
        const element = dom.type(holder) === 1 ? holder : holder.host;
        if (!element) continue;
        const text = textOf(holder, 400);
        if (Array.from(text).length <= LONGEST) add(element, text, ink(nodes));
      }
      for (const e of select(scope, PICTURES).slice(0, 5000)) {
        const text = wordsOf(e).find((w) => alone(w, sought.texts));
        if (text !== undefined) add(e, text, [{ box: pictureOf(e) }]);
      }
    }
    // Looking for it takes its time; one that shows makes it needless.
    const shows = labels.some((l) => dom.shown(l.element));
    for (const scope of told || labels.some((l) => dom.shown(l.element)) ? [] : scopes) generated(scope, sought, add);
    return labels;
  };
  // Text that a style sheet writes.
  const generated = (scope, sought, add) => {
    const all = select(scope, "*");
    for (let i = 0; i < Math.min(all.length, 20000) && !own.late(); i++) {
      if (NO_CONTENT.has(dom.tag(all[i])) || !dom.shown(all[i])) continue;
      const said = { "::before": "", "::after": "" };
      for (const pseudo of Object.keys(said)) {
        const content = getComputedStyle(all[i], pseudo).content;
        if (!content || content === "none" || content === "normal") continue;
        said[pseudo] = [...content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((m) => m[1].replace(/\\(.)/g, "$1")).join("");
      }
      const [before, after] = [fold(said["::before"]), fold(said["::after"])];
      const between = before || after ? stream(all[i], 200).text : "";
      const whole = fold(`${said["::before"]}${between}${said["::after"]}`);
      if (whole !== "" && (before || after) && alone(whole, sought.texts)) {
        add(all[i], whole, [{ box: all[i], generated: before ? "::before" : "::after" }]);
      }
    }
  };

  let labels = [];
  // Finds all labels; says what they are.
  own.find = (sought) => {
    labels = [];
    afar = null;
    more = false;
    const scopes = own.scopes(true);
    for (const [tracker, wanted] of Object.entries(sought)) {
      const removed = globalThis.rasoatEarly?.removed?.(tracker) === true;
      const put = injected(scopes, wanted).filter((l) => !removed || l.ways.some((w) => w.parts.length > 0));
      for (const label of [...put, ...ownLabels(scopes, wanted, put.map((l) => l.element), put.some((l) => l.says && dom.shown(l.element)))]) {
        labels.push({ ...label, tracker });
      }
    }
    return labels.map((l) => ({
      tracker: l.tracker, injected: l.injected, text: l.text, says: l.says,
      element: own.path(l.says ? l.ways[0].holder : l.element),
      gone: !l.ways.some((w) => w.parts.length > 0),
    }));
  };
  // Whether not every label was looked at, for want of time or for their number.
  own.cut = () => more || own.late();
  own.isWhole = () => labels.every((l) => dom.connected(l.element));

  // ---- measuring
  const scrollers = (element) => {
    const found = [];
    for (let e = own.up(element); e; e = own.up(e)) {
      const root = dom.root_element(dom.document(e));
      if (e === root || (e === dom.body(dom.document(e)) && getComputedStyle(root).overflowX === "visible")) continue;
      const s = getComputedStyle(e);
      const [x, y] = [own.scrolls(e, s, "x") && e.scrollWidth > e.clientWidth, own.scrolls(e, s, "y") && e.scrollHeight > e.clientHeight];
      if (x || y) found.push({ e, x, y });
    }
    return found;
  };
  // Scrolls a part to a height of the screen, as far as a person can.
  const scrollTo = (own.bring = (part, height) => {
    const holder = own.holderOf(part);
    const middle = () => {
      const r = own.rectsOf(part)[0] ?? own.boxOf(holder);
      return [(r.l + r.r) / 2, (r.t + r.b) / 2];
    };
    for (const { e, x, y } of scrollers(holder)) {
      const box = own.boxOf(e);
      const [px, py] = middle();
      if (x) e.scrollLeft += px - (box.l + box.r) / 2;
      if (y) e.scrollTop += py - (box.t + box.b) / 2;
    }
    const page = own.reachable();
    const scroller = dom.scroller(document) ?? dom.root_element(document);
    const [px, py] = middle();
    const to = { behavior: "instant" };
    if (page.x) to.left = scroller.scrollLeft + px - innerWidth / 2;
    if (page.y) to.top = scroller.scrollTop + py - innerHeight * height;
    scroller.scrollTo(to);
    for (const frame of framesOf(holder)) {
      const inner = dom.frame_document(frame);
      const [, at] = middle();
      const box = own.boxOf(frame);
      const s = dom.scroller(inner) ?? dom.root_element(inner);
      s.scrollTop += at - (box.t + box.b) / 2;
    }
  });
  const framesOf = (element) => {
    const frames = [];
    for (let e = element; e; e = own.up(e)) if (e instanceof HTMLIFrameElement) frames.push(e);
    return frames;
  };
  const remember = (own.remember = (element) => {
    const scroller = dom.scroller(document) ?? dom.root_element(document);
    return [scroller, ...scrollers(element).map((s) => s.e)].map((e) => [e, e.scrollLeft, e.scrollTop]);
  });
  const restore = (own.restore = (places) => {
    for (const [e, left, top] of places) e.scrollTo({ left, top, behavior: "instant" });
  });
  const areaOf = (parts) => {
    const rects = parts.flatMap((p) => own.rectsOf(p));
    if (rects.length === 0) return [0, 0, 0, 0];
    const box = rects.reduce((a, b) => ({ l: Math.min(a.l, b.l), t: Math.min(a.t, b.t), r: Math.max(a.r, b.r), b: Math.max(a.b, b.b) }));
    return [box.l + scrollX, box.t + scrollY, rect.width(box), rect.height(box)].map((v) => Math.round(Math.max(-1e9, Math.min(1e9, v))));
  };

  // Where it is now: `null` when a person sees the part.
  const here = (part) => {
    own.fresh();
    const undrawn = own.undrawn(part);
    if (undrawn) return undrawn;
    const hit = own.hit(part);
    if (hit.seen * 2 >= hit.points) return shortened(part) ?? own.colourless(part, hit.below);
    if (hit.covers.length > 0 && hit.covers.length >= hit.absent && hit.covers.length >= hit.outside) {
      return { technique: "covered", element: hit.covers[0], properties: [], cover: true };
    }
    const away = own.unreachable(part);
    if (away) return away;
    if (hit.outside > hit.absent) return { ...own.unreachable(part, true) ?? { technique: "off-screen", element: own.holderOf(part), properties: [] } };
    return cutBy(part);
  };
  // A text of which dots stand for more than half.
  const shortened = (part) => {
    for (let e = part.text ? own.holderOf(part) : null, steps = 0; e && steps < 4; e = own.up(e), steps++) {
      const s = getComputedStyle(e);
      const dotted = s.textOverflow !== "clip" && s.overflowX !== "visible" && e.scrollWidth > 2 * e.clientWidth;
      const clamped = (s.webkitLineClamp ?? "none") !== "none" && s.overflowY !== "visible" && e.scrollHeight > 2 * e.clientHeight;
      if (e.clientWidth > 0 && (dotted || clamped)) {
        return { technique: "clipped", element: e, properties: ["max-width", "width", "-webkit-line-clamp", "overflow"] };
      }
    }
    return null;
  };
  // Nothing of the part is met where it should be, and no box says why.
  const cutBy = (part) => {
    const properties = ["clip-path", "mask", "mask-image", "-webkit-mask-image", "clip", "overflow"];
    for (let e = own.holderOf(part); e; e = own.up(e)) {
      const s = getComputedStyle(e);
      if (s.clipPath !== "none" || (s.clip !== "auto" && s.position !== "static")) return { technique: "clipped", element: e, properties };
    }
    const cut = own.stateOf(own.holderOf(part));
    const by = (part.text ? cut.flow : cut.self ?? cut.flow).by;
    return by ?? { technique: "clipped", element: own.holderOf(part), properties };
  };
  const masked = (part) => {
    for (let e = own.holderOf(part); e; e = own.up(e)) {
      const image = getComputedStyle(e).maskImage;
      if (!image || image === "none" || /url\(/.test(image)) continue;
      const colours = own.coloursIn(image);
      if (colours.length > 0 && colours.every((c) => c[3] < 0.05)) {
        return { technique: "clipped", element: e, properties: ["mask-image", "-webkit-mask-image", "mask"] };
      }
    }
    return null;
  };

  const HEIGHTS = [0.5, 0.25, 0.75, 0.1, 0.9];
  // `null` when a person who scrolls sees the part, else what hides it.
  const partSight = async (part, deadline) => {
    const holder = own.holderOf(part);
    own.fresh();
    const waiting = await own.settled(holder);
    own.fresh();
    let cause = own.undrawn(part);
    if (cause && (cause.technique !== "transparent" || own.rectsOf(part).length === 0)) return waiting ? own.undrawn(part) : cause;
    let [first, vain] = [null, 0];
    for (const height of HEIGHTS) {
      const from = [scrollX, scrollY];
      scrollTo(part, height);
      const still = first !== null && from[0] === scrollX && from[1] === scrollY;
      if (still) continue;
      const moved = from[0] !== scrollX || from[1] !== scrollY;
      if (moved) await own.sleep(80);
      cause = here(part) ?? masked(part);
      if (cause) {
        await own.sleep(80);
        await own.settled(holder);
        cause = here(part) ?? masked(part);
      }
      // What blinks is seen in between.
      for (let turn = 0; turn < 3 && cause?.technique === "transparent" && performance.now() < deadline; turn++) {
        await own.sleep(250);
        cause = here(part) ?? masked(part);
      }
      if (!cause) return null;
      first ??= cause;
      // What is drawn only now may have pushed it on.
      if (!/covered|transparent/.test(cause.technique) && ++vain > 1) break;
      if (performance.now() > deadline) break;
    }
    if (first.technique === "covered" && own.stateOf(holder).stuck) {
      const scroller = dom.scroller(document) ?? dom.root_element(document);
      for (const share of own.reachable().y ? [0, 0.33, 0.66, 1] : []) {
        scroller.scrollTo({ top: (scroller.scrollHeight - innerHeight) * share, behavior: "instant" });
        await own.sleep(60);
        if (!here(part)) return null;
      }
    }
    return first;
  };

  const waySight = async (way, deadline) => {
    let cause = way.parts.length > 0 ? null : { technique: "zero-size", element: way.holder, properties: ["width", "height"] };
    for (const part of way.parts) {
      let found = await partSight(part, deadline);
      if (found && /clipped|off-screen|covered/.test(found.technique) && (await own.comesBy(part, () => here(part), deadline))) found = null;
      if (!way.all && !found) return null;
      cause ??= found;
      if (way.all && found) return found;
    }
    return cause;
  };

  // The way of a label that was measured last.
  own.wayOf = (index) => labels[index].way ?? labels[index].ways[0];
  // Whether the first line is written in another colour than the rest.
  const firstLineDiffers = (part) => {
    for (let e = own.holderOf(part), steps = 0; e && steps < 5; e = own.up(e), steps++) {
      if (getComputedStyle(e, "::first-line").webkitTextFillColor !== getComputedStyle(e).webkitTextFillColor) return true;
    }
    return false;
  };
  let afar = null;
  // What styles and boxes cannot tell of a part that seems to show: pictures, blending, filters, masks.
  const doubtful = (part) => {
    const picture = part.box instanceof HTMLImageElement;
    let found = picture || own.unknownGround(part) || (part.text && firstLineDiffers(part));
    found ||= afar ??= own.paintsAfar();
    for (let e = own.holderOf(part); e; e = own.up(e)) {
      const s = getComputedStyle(e);
      if (s.backgroundClip === "text") return false;
      if (s.filter !== "none" || s.mixBlendMode !== "normal" || (s.maskImage && s.maskImage !== "none")) found = true;
    }
    return found;
  };

  // Farther left of or above the page than any place in it could make good.
  const isFarAway = (technique, [x, y, w, h]) => technique === "off-screen" && (x + w < -1000 || y + h < -1000);

  // Letters of no size and boxes scaled to nothing are so in every place.
  const isNothing = (element, properties) => {
    if (!(element instanceof Element)) return false;
    if (properties.includes("font-size")) return getComputedStyle(element).fontSize === "0px";
    return properties.includes("transform");
  };

  let pointed = [];
  own.point = (element) => pointed.push(element) - 1;
  own.pointed = (index) => pointed[index];

  const SAFE_ANYWHERE = new Set(["display-none", "visibility", "transparent", "content-visibility", "hidden-attribute"]);
  // The sight of a label: `close` lets one click put away what lies over it.
  own.measure = async (index, close, budget) => {
    const label = labels[index];
    const deadline = performance.now() + budget;
    const places = remember(label.element);
    try {
      let best = null;
      let area = null;
      for (const way of label.ways) {
        const cause = await waySight(way, deadline);
        area ??= areaOf(way.parts);
        label.way = way;
        if (!cause) return { area: areaOf(way.parts), hidden: null, dismissed: null, doubt: way.parts.some(doubtful) };
        best ??= { cause, way };
      }
      label.way = best.way;
      if (best.cause.cover && close) {
        const dismissed = await own.dismiss(best.cause.element, label, () => waySight(best.way, deadline), deadline);
        if (dismissed !== null) return { area: areaOf(best.way.parts), hidden: null, dismissed, doubt: false };
      }
      const { technique, element, properties } = best.cause;
      const within = own.holds(label.element, element);
      const clipped = technique === "clipped" && properties.some((p) => p.startsWith("clip"));
      const shrunk = technique === "zero-size" && isNothing(element, properties);
      return {
        area, dismissed: null, doubt: /covered|clipped|same-colour/.test(technique),
        hidden: {
          technique, element: own.path(element), properties, node: own.point(element),
          anywhere: within && (SAFE_ANYWHERE.has(technique) || clipped || shrunk || isFarAway(technique, area)), label: own.point(label.element),
        },
      };
    } finally {
      restore(places);
    }
  };

  // Whether a rule's selector does without what lies around the label: it would match in any place of the body.
  own.portable = (selector, labelIndex) => {
    const root = pointed[labelIndex];
    const free = [root, ...Array.from(dom.all(root, "*")).slice(0, 200)];
    const page = [dom.body(document), dom.root_element(document)];
    return selector.split(",").some((one) => {
      if (/[+~]/.test(one.replace(/\[[^\]]*\]|\([^)]*\)/g, ""))) return false;
      const steps = one.trim().split(/\s*>\s*|\s+/).filter((s) => s !== "");
      try {
        return steps.every((step) => [...free, ...page].some((e) => dom.matches(e, step)));
      } catch {
        return false;
      }
    });
  };

  const CLOSING = /^[\s×✕✖✗✘⨯xX]$|close|dismiss|đóng|tắt|ẩn|accept|agree|allow|ok\b|got it|đồng ý|chấp nhận|cho phép|đã hiểu|tôi hiểu|bỏ qua|từ chối|skip|reject|decline|deny/i;
  const rootOfCover = (cover, label) => {
    let found = cover;
    for (let e = cover; e && !own.holds(e, label.element); e = own.up(e)) {
      if (getComputedStyle(e).position !== "static") found = e;
    }
    return found;
  };
  // Closes what covers a label with one click; what was clicked, or `null` when nothing helped.
  own.dismiss = async (cover, label, look, deadline) => {
    const root = rootOfCover(cover, label);
    const all = [...(dom.matches(root, "a,button") ? [root] : []), ...select_in(root)];
    const small = all.filter((e) => {
      const box = own.boxOf(e);
      return dom.shown(e, { opacityProperty: true, visibilityProperty: true }) && rect.width(box) >= 4 && rect.height(box) >= 4 &&
        rect.width(box) <= 500 && rect.height(box) <= 120 && !own.holds(e, label.element);
    });
    const says = (e) => tidy(dom.text(e) || dom.attr(e, "aria-label") || dom.attr(e, "title") || dom.attr(e, "value") || "", 60);
    const weight = (e) => {
      const hints = `${dom.attr(e, "aria-label") ?? ""} ${dom.attr(e, "title") ?? ""} ${dom.attr(e, "class") ?? ""} ${dom.id(e)}`;
      return (CLOSING.test(says(e)) ? 2 : 0) + (CLOSING.test(hints) ? 2 : 0) + (dom.tag(e) === "button" ? 1 : 0);
    };
    const ranked = small.map((e) => [weight(e), e]).sort((a, b) => b[0] - a[0]).slice(0, 5);
    for (const [, e] of ranked) {
      if (performance.now() > deadline) break;
      const text = says(e) || own.path(e);
      own.press(e);
      await own.sleep(120);
      await own.settled(root);
      if (!dom.connected(label.element)) return null;
      if ((await look()) === null) return text;
    }
    return null;
  };
  const select_in = (root) => {
    const buttons = "button,[role=button],a,input[type=button],input[type=submit],[aria-label],[onclick],summary,label";
    const found = Array.from(dom.all(root, buttons)).slice(0, 200);
    for (const e of Array.from(dom.all(root, "span,i,div,svg,img,p,b")).slice(0, 500)) {
      const text = dom.text(e).trim();
      const hints = `${dom.attr(e, "class") ?? ""} ${dom.id(e)}`;
      if (/^[×✕✖✗✘⨯xX]$/.test(text) || /close|dismiss/i.test(hints)) found.push(e);
    }
    return [...new Set(found)];
  };
  own.press = (e) => {
    if (e instanceof HTMLElement) dom.click(e);
    else e.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, view: window }));
  };
})();
