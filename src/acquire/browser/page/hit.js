// What lies over a part on the screen, and what lies under it: hit tests at several points of the part, with
// everything that takes no hits made to take them. Runs after sight.js, in the same world.
(() => {
  "use strict";
  const own = globalThis.rasoat;
  if (own.hit) return;
  const { dom, rect } = own;

  // While it is on, what lets the pointer through is met by hit tests too.
  let sheets = [];
  own.solid = (on) => {
    if (!on) {
      for (const [scope, sheet] of sheets) {
        scope.adoptedStyleSheets = Array.from(scope.adoptedStyleSheets).filter((s) => s !== sheet);
      }
      sheets = [];
      return;
    }
    if (sheets.length > 0) return;
    for (const scope of own.scopes().slice(0, 200)) {
      try {
        const home = scope.defaultView ?? dom.document(scope)?.defaultView ?? window;
        const sheet = new home.CSSStyleSheet();
        sheet.replaceSync("*,*::before,*::after{pointer-events:auto!important}");
        scope.adoptedStyleSheets = [...scope.adoptedStyleSheets, sheet];
        sheets.push([scope, sheet]);
      } catch {
        // A frame's own world may be out of reach; its elements are met as they are.
      }
    }
  };

  // Elements under a point of the top viewport as `near` knows them, from the top: those of the page, with hosts
  // and frames opened that hold `near`.
  const stackAt = (x, y, near) => {
    const levels = [];
    for (let at = near; at; ) {
      const root = dom.root(at);
      levels.unshift(root);
      at = root instanceof ShadowRoot ? root.host : root === document ? null : (root.defaultView?.frameElement ?? null);
    }
    let stack = [];
    let [px, py] = [x, y];
    for (const root of levels) {
      const doc = dom.type(root) === 9 ? root : null;
      if (doc && doc !== document) {
        const frame = doc.defaultView.frameElement;
        const box = dom.box(frame);
        [px, py] = [px - box.left - frame.clientLeft, py - box.top - frame.clientTop];
      }
      let here = [];
      try {
        here = Array.from(root.elementsFromPoint(px, py));
      } catch {
        return stack;
      }
      if (stack.length === 0) {
        stack = here;
        continue;
      }
      const outer = root instanceof ShadowRoot ? root.host : doc?.defaultView.frameElement;
      const at = stack.indexOf(outer);
      if (at < 0) return stack;
      const inner = here.filter((e) => e !== outer && dom.root(e) === root);
      stack = [...stack.slice(0, at), ...inner, ...stack.slice(at)];
    }
    return stack;
  };

  // How much an element's own painting hides at a point: 0 nothing, 1 everything. `outside` is where the chain of
  // elements that fade it ends.
  const paintOf = (e, x, y, part) => {
    const s = getComputedStyle(e);
    let fade = 1;
    for (let at = e; at && !own.holds(at, own.holderOf(part)); at = own.up(at)) {
      const style = getComputedStyle(at);
      fade *= parseFloat(style.opacity);
      for (const [, v] of style.filter.matchAll(/\bopacity\(([\d.]+)(%?)\)/g)) fade *= parseFloat(v) / (RegExp.$2 ? 100 : 1);
    }
    if (fade < 0.05) return 0;
    const tag = dom.tag(e);
    // Outside its own box an element is met by what it puts behind itself on the top layer.
    const box = own.boxOf(e);
    const inside = x >= box.l - 1 && x <= box.r + 1 && y >= box.t - 1 && y <= box.b + 1;
    const lifted = !inside && dom.matches(e, "dialog:modal,:popover-open,:fullscreen");
    let alpha = lifted ? layer(getComputedStyle(e, "::backdrop")) : layer(s);
    if (inside) alpha = Math.max(alpha, borderAt(e, s, box, x, y));
    if (/^(video|canvas|object|embed)$/.test(tag)) alpha = 1;
    if (tag === "img") alpha = e.complete && e.naturalWidth === 0 ? alpha : 1;
    if (tag === "iframe") alpha = Math.max(alpha, frameOpaque(e));
    if (e instanceof SVGElement && s.fill !== "none" && tag !== "svg" && tag !== "g") {
      alpha = Math.max(alpha, own.colour(s.fill)[3] * parseFloat(s.fillOpacity));
    }
    if (parseFloat(/blur\(([\d.]+)px\)/.exec(s.backdropFilter ?? "")?.[1] ?? "0") >= 8) alpha = 1;
    for (const pseudo of ["::before", "::after"]) {
      const p = getComputedStyle(e, pseudo);
      if (p.content === "none" || p.content === "normal" || p.display === "none" || p.visibility !== "visible") continue;
      if (pseudoCovers(e, p, x, y)) alpha = Math.max(alpha, layer(p) * parseFloat(p.opacity));
    }
    return alpha * fade;
  };
  // What an element's border hides at a point; a border may be as large as a wall.
  const borderAt = (e, s, box, x, y) => {
    const sides = { Left: x - box.l, Top: y - box.t, Right: box.r - x, Bottom: box.b - y };
    const drawn = Object.keys(sides).filter((side) => {
      const wide = parseFloat(s[`border${side}Width`]);
      return wide >= SMALLEST_WALL && sides[side] < wide && !/none|hidden/.test(s[`border${side}Style`]);
    });
    return Math.max(0, ...drawn.map((side) => own.colour(s[`border${side}Color`])[3]));
  };
  const SMALLEST_WALL = 20;
  // Whether something paints far beyond its own box, where no hit test meets it.
  own.paintsAfar = () => {
    const all = dom.all_in(document, "body *");
    for (let i = 0; i < Math.min(all.length, 5000) && !own.late(); i++) {
      const s = getComputedStyle(all[i]);
      const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= FAR;
      const shadowed = s.boxShadow !== "none" && (s.boxShadow.match(/-?[\d.]+px/g) ?? []).some((v) => Math.abs(parseFloat(v)) >= FAR);
      if (outlined || shadowed) return true;
    }
    return false;
  };
  const FAR = 100;
  const layer = (s) => {
    let alpha = own.colour(s.backgroundColor)[3];
    if (s.backgroundClip === "text") return 0;
    if (s.backgroundImage !== "none") {
      if (/url\(|image-set|element\(|paint\(/.test(s.backgroundImage)) return 1;
      const colours = own.coloursIn(s.backgroundImage);
      if (colours.length > 0) alpha = Math.max(alpha, Math.min(...colours.map((c) => c[3])));
    }
    return alpha;
  };
  const pseudoCovers = (e, p, x, y) => {
    if (p.position !== "absolute" && p.position !== "fixed") return false;
    const box = own.boxOf(e);
    const inside = x >= box.l && x <= box.r && y >= box.t && y <= box.b;
    const [w, h] = [parseFloat(p.width), parseFloat(p.height)];
    // What is fixed lies on the screen, however large its element is.
    const [left, top] = [parseFloat(p.left), parseFloat(p.top)];
    if (p.position === "fixed" && inside) return x >= left && x <= left + w && y >= top && y <= top + h;
    return !inside || (w >= rect.width(box) * 0.9 && h >= rect.height(box) * 0.9);
  };
  const frameOpaque = (frame) => {
    let doc = null;
    try {
      doc = frame.contentDocument;
    } catch {
      return 1;
    }
    if (!doc || !dom.body(doc)) return doc ? 0 : 1;
    const root = layer(getComputedStyle(dom.root_element(doc)));
    return Math.max(root, layer(getComputedStyle(dom.body(doc))), dom.text(dom.body(doc)).trim() ? 0.5 : 0);
  };

  const pointsOf = (rects) => {
    const points = [];
    for (const r of rects.slice(0, 6)) {
      const [w, h] = [rect.width(r), rect.height(r)];
      const columns = Math.max(3, Math.min(9, Math.round(w / 20)));
      for (let i = 0; i < columns; i++) {
        for (const j of [0.3, 0.5, 0.7]) points.push([r.l + (w * (i + 0.5)) / columns, r.t + h * j]);
      }
    }
    return points;
  };

  // At how many points of a part is it on top, and what lies over it elsewhere.
  own.hit = (part) => {
    const holder = own.holderOf(part);
    const rects = own.rectsOf(part).filter((r) => rect.width(r) >= 2 && rect.height(r) >= 2);
    const points = pointsOf(rects);
    const inert = dom.closest(holder, "[inert]") !== null || underModal(holder);
    const drawing = part.box && dom.tag(holder) === "svg" && draws(holder);
    const found = { points: points.length, seen: 0, outside: 0, absent: 0, covers: [], below: null };
    for (const [x, y] of points) {
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) {
        found.outside++;
        continue;
      }
      const stack = stackAt(x, y, holder);
      let at = stack.findIndex((e) => e === holder || (own.holds(holder, e) && (part.box || part.generated)));
      // Between its lines a drawing is not met; what is around it is.
      if (at < 0 && drawing) at = stack.findIndex((e) => own.holds(e, holder));
      let through = 1;
      let top = null;
      const above = at < 0 ? (inert ? stack.filter((e) => !own.holds(e, holder)) : null) : stack.slice(0, at);
      if (above === null) {
        found.absent++;
        continue;
      }
      for (const e of above) {
        if (own.holds(holder, e)) continue;
        through *= 1 - paintOf(e, x, y, part);
        top ??= through < 0.9 ? e : null;
        if (through < 0.15) break;
      }
      if (through < 0.15) {
        found.covers.push(top);
        continue;
      }
      found.seen++;
      found.below ??= at < 0 ? null : stack.slice(at);
    }
    return found;
  };
  // Whether a drawing holds something that has an extent.
  const draws = (svg) => {
    const shapes = Array.from(dom.all(svg, own.SHAPES));
    return shapes.slice(0, 200).some((e) => rect.width(own.boxOf(e)) >= 1 && rect.height(own.boxOf(e)) >= 1);
  };
  const underModal = (holder) => {
    const modal = Array.from(dom.all_in(document, "dialog:modal")).slice(0, 20);
    return modal.length > 0 && !modal.some((m) => own.holds(m, holder));
  };

  // Whether a text has the colour of what lies under it, and the element that gives it its colour.
  own.colourless = (part, below) => {
    const holder = own.holderOf(part);
    if (!holder || part.box) return null;
    const s = getComputedStyle(holder, part.generated ?? null);
    for (let e = holder; e; e = own.up(e)) {
      if (getComputedStyle(e).backgroundClip === "text") return null;
    }
    if (s.textShadow !== "none" || parseFloat(s.webkitTextStrokeWidth) > 0 || s.mixBlendMode !== "normal") return null;
    const ink = own.colour(s.webkitTextFillColor);
    const cause = { technique: "same-colour", element: holder, properties: ["-webkit-text-fill-color", "color"] };
    if (ink[3] < 0.1) return inherited(cause, s);
    let ground = [0, 0, 0, 0];
    const chain = below ?? chainOf(holder);
    for (const e of chain) {
      const style = getComputedStyle(e);
      const pseudo = ["::before", "::after"].some((p) => {
        const g = getComputedStyle(e, p);
        return g.content !== "none" && g.content !== "normal" && layer(g) > 0;
      });
      if (style.backgroundImage !== "none" || style.filter !== "none" || pseudo) return null;
      if (/^(img|video|canvas|iframe|object|embed|svg)$/.test(dom.tag(e)) || e instanceof SVGElement) return null;
      ground = own.over(ground, own.colour(style.backgroundColor));
      if (ground[3] > 0.99) break;
    }
    if (ground[3] <= 0.99) {
      if (getComputedStyle(dom.root_element(document)).colorScheme.includes("dark")) return null;
      ground = own.over(ground, [255, 255, 255, 1]);
    }
    return own.contrast(own.over(ink, ground), ground) < 1.1 ? inherited(cause, s) : null;
  };
  // Whether something that is no plain colour lies directly under a text.
  own.unknownGround = (part) => {
    const { below } = own.hit(part);
    for (const e of below ?? []) {
      const s = getComputedStyle(e);
      if (s.backgroundImage !== "none" || /^(img|video|canvas|iframe|object|embed|svg)$/.test(dom.tag(e))) return true;
      if (own.colour(s.backgroundColor)[3] > 0.99) return false;
    }
    return false;
  };
  const chainOf = (element) => {
    const chain = [];
    for (let e = element; e; e = own.up(e)) chain.push(e);
    return chain;
  };
  // The outermost element from which the colour comes down.
  const inherited = (cause, s) => {
    for (let e = own.up(cause.element); e; e = own.up(e)) {
      if (getComputedStyle(e).webkitTextFillColor !== s.webkitTextFillColor) break;
      cause.element = e;
    }
    return cause;
  };
})();
