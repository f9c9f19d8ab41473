// What a person can see of an element, and what hides it otherwise. Runs in a world of its own. Reads styles and
// boxes; never judges, changes nothing but scroll positions, which it puts back.
(() => {
  "use strict";
  if (globalThis.rasoat) return;
  const own = (globalThis.rasoat = {});

  // A form's fields may be called `id` or `parentNode` and would be found in the place of the real ones.
  const getter = (of, name) => {
    const get = Object.getOwnPropertyDescriptor(of.prototype, name).get;
    return (node) => get.call(node);
  };
  const method = (of, name) => {
    const call = of.prototype[name];
    return (node, ...args) => call.apply(node, args);
  };
  const dom = (own.dom = {
    parent: getter(Node, "parentNode"),
    first: getter(Node, "firstChild"),
    next: getter(Node, "nextSibling"),
    type: getter(Node, "nodeType"),
    connected: getter(Node, "isConnected"),
    contains: method(Node, "contains"),
    root: method(Node, "getRootNode"),
    document: getter(Node, "ownerDocument"),
    text: getter(Node, "textContent"),
    tag: getter(Element, "localName"),
    id: getter(Element, "id"),
    classes: getter(Element, "classList"),
    shadow: getter(Element, "shadowRoot"),
    attr: method(Element, "getAttribute"),
    has: method(Element, "hasAttribute"),
    matches: method(Element, "matches"),
    closest: method(Element, "closest"),
    all: method(Element, "querySelectorAll"),
    box: method(Element, "getBoundingClientRect"),
    rects: method(Element, "getClientRects"),
    shown: method(Element, "checkVisibility"),
    animations: method(Element, "getAnimations"),
    slotOf: getter(Element, "assignedSlot"),
    slotOfText: getter(Text, "assignedSlot"),
    body: getter(Document, "body"),
    root_element: getter(Document, "documentElement"),
    scroller: getter(Document, "scrollingElement"),
    all_in: method(Document, "querySelectorAll"),
    all_shadow: method(DocumentFragment, "querySelectorAll"),
    frame_document: getter(HTMLIFrameElement, "contentDocument"),
    click: method(HTMLElement, "click"),
  });

  own.sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  let until = 0;
  own.allow = (ms) => (until = performance.now() + ms);
  own.late = () => performance.now() > until;

  const frameOf = (doc) => {
    try {
      return doc.defaultView ? doc.defaultView.frameElement : null;
    } catch {
      return null;
    }
  };
  // The element around a node as it is drawn: slots, hosts of shadow roots and frames counted in.
  const up = (own.up = (node) => {
    const kind = dom.type(node);
    const slot = kind === 1 ? dom.slotOf(node) : kind === 3 ? dom.slotOfText(node) : null;
    if (slot) return slot;
    const parent = dom.parent(node);
    if (!parent) return null;
    const around = dom.type(parent);
    if (around === 1) return parent;
    if (around === 11) return parent instanceof ShadowRoot ? parent.host : null;
    return around === 9 ? frameOf(parent) : null;
  });
  own.holds = (outer, inner) => {
    for (let at = inner; at; at = up(at)) if (at === outer) return true;
    return false;
  };

  // Where a document's corner lies in the top page's viewport.
  const cornerOf = (doc) => {
    let [x, y] = [0, 0];
    for (let at = doc; at !== document; ) {
      const frame = frameOf(at);
      if (!frame) break;
      const box = dom.box(frame);
      x += box.left + frame.clientLeft;
      y += box.top + frame.clientTop;
      at = dom.document(frame);
    }
    return [x, y];
  };
  const moved = (rect, doc) => {
    const [x, y] = doc === document ? [0, 0] : cornerOf(doc);
    return { l: rect.left + x, t: rect.top + y, r: rect.right + x, b: rect.bottom + y };
  };
  const boxOf = (own.boxOf = (element) => moved(dom.box(element), dom.document(element)));
  const width = (r) => Math.max(0, r.r - r.l);
  const height = (r) => Math.max(0, r.b - r.t);
  const meet = (a, b) => ({
    l: Math.max(a.l, b.l), t: Math.max(a.t, b.t), r: Math.min(a.r, b.r), b: Math.min(a.b, b.b),
  });
  own.rect = { width, height, meet };

  // A part is what is drawn of a label: a text, a picture, or generated text.
  // Where a drawing has its shapes, within its box; its whole box when it has none.
  const drawn = (svg) => {
    const box = boxOf(svg);
    const shapes = Array.from(dom.all(svg, SHAPES)).slice(0, 200).map((e) => meet(boxOf(e), box));
    const large = shapes.filter((r) => width(r) >= 1 && height(r) >= 1);
    if (large.length === 0) return box;
    return large.reduce((a, b) => ({ l: Math.min(a.l, b.l), t: Math.min(a.t, b.t), r: Math.max(a.r, b.r), b: Math.max(a.b, b.b) }));
  };
  const SHAPES = (own.SHAPES = "path,rect,circle,ellipse,line,polyline,polygon,text,image,use,foreignObject");
  own.rectsOf = (part) => {
    if (part.box) return [dom.tag(part.box) === "svg" ? drawn(part.box) : boxOf(part.box)];
    const range = new Range();
    range.selectNodeContents(part.text);
    const doc = dom.document(part.text);
    const rects = Array.from(range.getClientRects()).slice(0, 50).map((r) => moved(r, doc));
    return rects.filter((r) => width(r) > 0 && height(r) > 0);
  };
  const holderOf = (own.holderOf = (part) => part.box ?? up(part.text));

  // ---- colours
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const mixed = new Map();
  // Red, green, blue (0..255) and alpha (0..1) of any CSS colour.
  const colour = (own.colour = (written) => {
    const simple = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(written);
    if (simple) return [+simple[1], +simple[2], +simple[3], simple[4] === undefined ? 1 : +simple[4]];
    if (mixed.has(written)) return mixed.get(written);
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = "#000";
    pen.fillStyle = written;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    if (mixed.size < 1000) mixed.set(written, [r, g, b, a / 255]);
    return [r, g, b, a / 255];
  });
  const coloursIn = (text) =>
    (text.match(/(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([^()]*\)|\btransparent\b|#[0-9a-f]{3,8}\b/gi) ?? [])
      .slice(0, 50).map(colour);
  const over = (top, below) => {
    const a = top[3] + below[3] * (1 - top[3]);
    const mix = (i) => (a === 0 ? 0 : (top[i] * top[3] + below[i] * below[3] * (1 - top[3])) / a);
    return [mix(0), mix(1), mix(2), a];
  };
  const brightness = ([r, g, b]) => {
    const part = (c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const contrast = (a, b) => {
    const [x, y] = [brightness(a), brightness(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  };
  Object.assign(own, { over, contrast, coloursIn });

  // ---- states: what an element has from everything around it
  const EVERYTHING = { l: -1e9, t: -1e9, r: 1e9, b: 1e9 };
  let states = new Map();
  own.fresh = () => (states = new Map());
  const ROOT = {
    cause: null, inner: null, opacity: 1, faint: null, visibility: "visible", hider: null,
    flow: { rect: EVERYTHING, by: null }, abs: { rect: EVERYTHING, by: null }, fixed: { rect: EVERYTHING, by: null },
    stuck: false, shift: null,
  };
  const stateOf = (own.stateOf = (element) => {
    const chain = [];
    let at = element;
    while (at && !states.has(at)) {
      chain.push(at);
      at = up(at);
    }
    let state = at ? states.get(at) : ROOT;
    while (chain.length > 0) {
      const next = chain.pop();
      state = below(next, state);
      states.set(next, state);
    }
    return state;
  });

  const isHiddenByAttribute = (e) =>
    dom.has(e, "hidden") || (dom.tag(e) === "dialog" && !dom.has(e, "open")) ||
    (dom.has(e, "popover") && !dom.matches(e, ":popover-open")) || (dom.tag(e) === "input" && e.type === "hidden");
  const isTabPanel = (e) => dom.attr(e, "role") === "tabpanel";

  const isSummary = (e, details) => {
    for (let c = dom.first(details); c; c = dom.next(c)) {
      if (dom.type(c) === 1 && dom.tag(c) === "summary") return c === e;
    }
    return false;
  };
  own.isClosed = (e) => dom.tag(e) === "details" && !dom.has(e, "open");

  const fraction = (text) => (text.endsWith("%") ? parseFloat(text) / 100 : parseFloat(text));
  const throughFilter = (filter) => {
    let alpha = 1;
    for (const [, value] of filter.matchAll(/\bopacity\(([\d.]+%?)\)/g)) alpha *= fraction(value);
    return alpha;
  };
  const containsFixed = (s) =>
    s.transform !== "none" || s.translate !== "none" || s.scale !== "none" || s.rotate !== "none" ||
    s.filter !== "none" || s.perspective !== "none" || (s.backdropFilter ?? "none") !== "none" ||
    /paint|layout|strict|content/.test(s.contain) || /transform|filter|perspective/.test(s.willChange);

  // What a drawing only keeps to use elsewhere.
  const KEPT = /^(defs|symbol|clipPath|mask|pattern|marker|linearGradient|radialGradient|filter)$/;

  const below = (e, p) => {
    const s = getComputedStyle(e);
    const state = {
      cause: p.inner, inner: null, opacity: p.opacity, faint: p.faint, visibility: s.visibility, hider: p.hider,
      flow: p.flow, abs: p.abs, fixed: p.fixed, stuck: p.stuck || s.position === "fixed", shift: p.shift,
    };
    if (s.visibility !== p.visibility) state.hider = e;
    const around = dom.parent(e);
    const inDetails = around && dom.type(around) === 1 && own.isClosed(around) && !isSummary(e, around);
    if (s.display === "none") {
      const technique = isHiddenByAttribute(e) ? "hidden-attribute" : isTabPanel(e) ? "closed-details" : "display-none";
      state.cause = { technique, element: e, properties: ["display"] };
    } else if (inDetails && s.display !== "contents" && !dom.shown(e)) {
      state.cause ??= { technique: "closed-details", element: around, properties: [] };
    }
    state.inner = state.cause;
    if (s.contentVisibility === "hidden") {
      const technique = dom.has(e, "hidden") ? "hidden-attribute" : "content-visibility";
      state.inner ??= { technique, element: e, properties: ["content-visibility"] };
    }
    if (e instanceof SVGElement && KEPT.test(dom.tag(e)) && state.cause === null) {
      state.cause = state.inner = { technique: "display-none", element: e, properties: [] };
    }
    // What has no box of its own is not drawn apart, so nothing makes it faint.
    const opacity = s.display === "contents" ? 1 : parseFloat(s.opacity) * (s.filter === "none" ? 1 : throughFilter(s.filter));
    if (opacity < 1) {
      state.opacity = p.opacity * opacity;
      if (!state.faint || opacity < state.faint.opacity) state.faint = { element: e, opacity };
    }
    if (s.display !== "contents" && state.cause === null) clip(e, s, state);
    return state;
  };

  const isViewport = (e) => {
    const root = dom.root_element(dom.document(e));
    if (e === root) return true;
    return e === dom.body(dom.document(e)) && getComputedStyle(root).overflowX === "visible";
  };
  const SMALL = 4;
  const clip = (e, s, state) => {
    const base = s.position === "fixed" ? state.fixed : s.position === "absolute" ? state.abs : state.flow;
    let mine = base;
    const positioned = s.position !== "static" || containsFixed(s);
    const cuts = s.overflowX !== "visible" || s.overflowY !== "visible" || dom.tag(e) === "iframe";
    if (cuts && !isViewport(e) && s.display !== "inline") mine = cutBy(e, s, base);
    state.flow = mine;
    if (positioned) state.abs = mine;
    if (containsFixed(s)) state.fixed = mine;
    const shape = shapeOf(e, s);
    if (shape) {
      for (const key of ["flow", "abs", "fixed"]) {
        state[key] = { rect: meet(state[key].rect, shape.rect), by: { element: e, technique: "clipped", properties: shape.properties } };
      }
      state.self = state.flow;
    } else {
      state.self = base;
    }
  };
  const scrolls = (own.scrolls = (e, s, axis) => /auto|scroll|overlay/.test(axis === "x" ? s.overflowX : s.overflowY));
  const cutBy = (e, s, base) => {
    const box = boxOf(e);
    const inside = meet(box, base.rect);
    const small = width(box) < SMALL || height(box) < SMALL;
    const by = {
      element: e, technique: small ? "zero-size" : "clipped",
      properties: small ? ["max-height", "height", "max-width", "width", "overflow"] : ["overflow", "overflow-x", "overflow-y"],
      real: !small,
    };
    if (width(inside) < SMALL || height(inside) < SMALL) {
      const empty = base.by && !small && (width(base.rect) < SMALL || height(base.rect) < SMALL) ? base.by : by;
      return { rect: { l: 0, t: 0, r: 0, b: 0 }, by: empty };
    }
    const rect = { ...base.rect };
    const frame = dom.tag(e) === "iframe";
    if (s.overflowX !== "visible" || frame) {
      const far = scrolls(e, s, "x") || frame;
      rect.l = far ? box.l - e.scrollLeft : Math.max(rect.l, box.l);
      rect.r = far ? Math.max(box.r, box.l - e.scrollLeft + (frame ? 1e9 : e.scrollWidth)) : Math.min(rect.r, box.r);
    }
    if (s.overflowY !== "visible" || frame) {
      const far = scrolls(e, s, "y") || frame;
      rect.t = far ? box.t - e.scrollTop : Math.max(rect.t, box.t);
      rect.b = far ? Math.max(box.b, box.t - e.scrollTop + (frame ? 1e9 : e.scrollHeight)) : Math.min(rect.b, box.b);
    }
    return { rect, by };
  };

  // The box around what `clip` or `clip-path` leaves, where it can be worked out.
  const shapeOf = (e, s) => {
    const box = boxOf(e);
    if (s.clip !== "auto" && (s.position === "absolute" || s.position === "fixed")) {
      const at = (s.clip.match(/-?[\d.]+px|auto/g) ?? []).map((v) => (v === "auto" ? null : parseFloat(v)));
      if (at.length === 4) {
        const rect = {
          l: box.l + (at[3] ?? 0), t: box.t + (at[0] ?? 0), r: at[1] === null ? box.r : box.l + at[1],
          b: at[2] === null ? box.b : box.t + at[2],
        };
        return { rect, properties: ["clip"] };
      }
    }
    const path = s.clipPath;
    if (path === "none" || !path) return null;
    const length = (v, whole) => (v.endsWith("%") ? (parseFloat(v) / 100) * whole : parseFloat(v));
    const [w, h] = [width(box), height(box)];
    const properties = ["clip-path"];
    const inset = /^inset\(([^)]*?)(?: round [^)]*)?\)/.exec(path);
    if (inset) {
      const v = inset[1].trim().split(/\s+/);
      const [t, r, b, l] = [v[0], v[1] ?? v[0], v[2] ?? v[0], v[3] ?? v[1] ?? v[0]];
      return {
        rect: { l: box.l + length(l, w), t: box.t + length(t, h), r: box.r - length(r, w), b: box.b - length(b, h) },
        properties,
      };
    }
    const polygon = /^polygon\((?:evenodd,|nonzero,)?(.*)\)$/.exec(path);
    if (polygon) {
      const points = polygon[1].split(",").map((p) => p.trim().split(/\s+/));
      const xy = points.map(([x, y]) => [length(x, w), length(y ?? "0", h)]);
      if (xy.some(([x, y]) => Number.isNaN(x + y))) return null;
      const twice = xy.reduce((sum, [x, y], i) => {
        const [u, v] = xy[(i + 1) % xy.length];
        return sum + x * v - u * y;
      }, 0);
      if (Math.abs(twice) < 2 * SMALL) return { rect: { l: 0, t: 0, r: 0, b: 0 }, properties };
      return {
        rect: {
          l: box.l + Math.min(...xy.map((p) => p[0])), t: box.t + Math.min(...xy.map((p) => p[1])),
          r: box.l + Math.max(...xy.map((p) => p[0])), b: box.t + Math.max(...xy.map((p) => p[1])),
        },
        properties,
      };
    }
    const round = /^(?:circle|ellipse)\(\s*(-?[\d.]+(?:px|%)?)/.exec(path);
    if (round && length(round[1], Math.min(w, h)) < 2) return { rect: { l: 0, t: 0, r: 0, b: 0 }, properties };
    return null;
  };

  // ---- what is known without scrolling
  // Where a person can get to by scrolling the page, in viewport coordinates.
  const reachable = (own.reachable = () => {
    const scroller = dom.scroller(document) ?? dom.root_element(document);
    const root = getComputedStyle(dom.root_element(document));
    const body = dom.body(document);
    const from = root.overflowX === "visible" && root.overflowY === "visible" && body ? getComputedStyle(body) : root;
    const free = (v) => !/hidden|clip/.test(v);
    const [w, h] = [innerWidth, innerHeight];
    const turned = root.direction === "rtl";
    const rest = Math.max(0, scroller.scrollWidth - w);
    return {
      l: free(from.overflowX) ? -scroller.scrollLeft - (turned ? rest : 0) : 0,
      r: free(from.overflowX) ? w - scroller.scrollLeft + (turned ? 0 : rest) : w,
      t: free(from.overflowY) ? -scroller.scrollTop : 0,
      b: free(from.overflowY) ? Math.max(h, scroller.scrollHeight) - scroller.scrollTop : h,
      x: free(from.overflowX), y: free(from.overflowY),
    };
  });

  const shift = (transform) => {
    const numbers = transform.slice(transform.indexOf("(") + 1).split(",").map((n) => n.trim());
    return transform.startsWith("matrix3d") ? numbers.slice(12, 14) : numbers.slice(4, 6);
  };
  // The element that moved a part away.
  const mover = (part) => {
    const props = ["left", "right", "top", "bottom", "inset", "transform", "translate", "margin-left", "margin-top", "margin", "text-indent"];
    let indented = null;
    for (let e = holderOf(part); e; e = up(e)) {
      const s = getComputedStyle(e);
      if (part.text && Math.abs(parseFloat(s.textIndent)) > 500) indented = e;
      else if (indented) return { technique: "off-screen", element: indented, properties: ["text-indent"] };
      const far = (v) => Math.abs(parseFloat(v)) > 100;
      const away = s.position !== "static" && [s.left, s.right, s.top, s.bottom].some(far);
      const shifted = s.transform !== "none" && shift(s.transform).some(far);
      const translated = s.translate !== "none" && s.translate.split(" ").some((v) => v.endsWith("%") || far(v));
      const margins = parseFloat(s.marginLeft) < -100 || parseFloat(s.marginTop) < -100;
      if (away || shifted || translated || margins) return { technique: "off-screen", element: e, properties: props };
    }
    const element = indented ?? holderOf(part);
    return { technique: "off-screen", element, properties: indented ? ["text-indent"] : props };
  };
  const shrinker = (part) => {
    for (let e = holderOf(part); e; e = up(e)) {
      const s = getComputedStyle(e);
      if (part.text && parseFloat(s.fontSize) < SMALL) {
        let outer = e;
        for (let o = up(e); o && parseFloat(getComputedStyle(o).fontSize) < SMALL; o = up(o)) outer = o;
        return { technique: "zero-size", element: outer, properties: ["font-size", "font"] };
      }
      if (s.transform !== "none" || s.scale !== "none" || s.rotate !== "none") {
        const box = dom.box(e);
        if (box.width < SMALL || box.height < SMALL) {
          return { technique: "zero-size", element: e, properties: ["transform", "scale", "rotate"] };
        }
      }
    }
    return { technique: "zero-size", element: holderOf(part), properties: ["width", "height", "max-width", "max-height"] };
  };

  // Why a part is not drawn at all, whatever lies around it; `null` when it is.
  own.undrawn = (part) => {
    const holder = holderOf(part);
    if (!holder) return { technique: "display-none", element: part.text ?? part.box, properties: [] };
    const state = stateOf(holder);
    const cause = part.text ? state.inner : state.cause;
    if (cause) return cause;
    if (part.text && own.isClosed(holder)) return { technique: "closed-details", element: holder, properties: [] };
    if (state.visibility !== "visible") {
      return { technique: "visibility", element: state.hider ?? holder, properties: ["visibility"] };
    }
    if (state.opacity < 0.1) {
      return { technique: "transparent", element: state.faint.element, properties: ["opacity", "filter"] };
    }
    if (part.text && (getComputedStyle(holder).webkitTextSecurity ?? "none") !== "none") {
      return { technique: "transparent", element: holder, properties: ["-webkit-text-security"] };
    }
    const rects = own.rectsOf(part);
    const real = rects.some((r) => width(r) >= SMALL && height(r) >= SMALL);
    if (!real || (part.text && parseFloat(getComputedStyle(holder).fontSize) < SMALL)) {
      const shadowed = rects.length === 0 && dom.shadow(holder) !== null;
      return shadowed ? { technique: "display-none", element: holder, properties: [] } : shrinker(part);
    }
    return null;
  };
  // Why a person cannot get a part to the screen by scrolling, as far as boxes tell.
  own.unreachable = (part) => {
    const rects = own.rectsOf(part);
    const state = stateOf(holderOf(part));
    const cut = part.text ? state.flow : (state.self ?? state.flow);
    const enough = (r) => width(r) >= Math.min(SMALL, 4) && height(r) >= SMALL;
    const left = rects.map((r) => meet(r, cut.rect));
    const page = reachable();
    const screen = state.stuck ? { l: 0, t: 0, r: innerWidth, b: innerHeight } : page;
    if (rects.every((r) => !enough(meet(r, screen)))) return mover(part);
    if (left.every((r) => !enough(r))) {
      const by = cut.by ?? { element: holderOf(part), technique: "clipped", properties: [] };
      const shifted = mover(part);
      // What was moved out of a box that cuts was moved, first of all.
      const gone = by.real && shifted.element !== holderOf(part) && own.holds(by.element, shifted.element);
      return gone ? { ...shifted, real: by.real } : by;
    }
    return null;
  };

  // A way to an element that a person can read.
  const named = (e) => {
    const tag = dom.tag(e).slice(0, 40);
    const id = dom.id(e);
    if (id) return `${tag}#${id.slice(0, 60)}`;
    const first = dom.classes(e)[0];
    return first ? `${tag}.${first.slice(0, 60)}` : tag;
  };
  own.path = (element) => {
    const steps = [];
    let whole = true;
    for (let e = element; e; e = up(e)) {
      if (e === dom.body(document) || e === dom.root_element(document)) {
        if (steps.length === 0) steps.push(named(e));
        break;
      }
      const crossing = dom.tag(e) === "iframe" || dom.shadow(e) !== null;
      if (whole || crossing) steps.push(named(e));
      if (steps.length >= 4 || dom.id(e)) whole = false;
      if (steps.length >= 8) break;
    }
    return steps.reverse().join(" > ").slice(0, 300);
  };
})();
