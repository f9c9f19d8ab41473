// What a person could follow on the page and how a person gets to see it; opens menus only for links whose sites
// are sought and not seen otherwise. Runs after labels.js, in the same world.
(() => {
  "use strict";
  const own = globalThis.rasoat;
  if (own.links) return;
  const { dom, rect } = own;

  const MOST = 5000;
  const MOST_CLICKS = 40;
  const MOST_HOVERS = 60;
  // Hidden links to one site that are followed up.
  const MOST_OF_SITE = 12;
  // Sites that are sought, and all that are declared on their hosts: a host, with a path where sites share it.
  let wanted = new Set();
  let declared = new Set();
  let links = [];

  // The declared site that an address leads to, by the longest path; `null` when there is none.
  const siteOf = (address) => {
    try {
      const url = new URL(address, document.baseURI);
      if (!/^https?:$/.test(url.protocol)) return null;
      const host = url.hostname.replace(/\.+$/, "");
      const rest = host.startsWith("www.") ? host.slice(4) : host;
      const key = rest.includes(".") ? rest : host;
      for (let path = url.pathname.slice(0, 2000); ; path = path.slice(0, path.lastIndexOf("/"))) {
        if (declared.has(key + path)) return key + path;
        if (path === "") return null;
      }
    } catch {
      return null;
    }
  };
  const resolved = (address) => {
    try {
      return new URL(address, document.baseURI).href.slice(0, 2000);
    } catch {
      return null;
    }
  };
  const written = (e) => dom.attr(e, "href") ?? (e instanceof SVGElement ? dom.attr(e, "xlink:href") : null);
  const code = (href) => /^[\s\0]*javascript:/i.test(href);
  const words = (e) => {
    const text = own.tidy(dom.text(e), 120);
    if (text) return text;
    const picture = Array.from(dom.all(e, "[alt],[title],[aria-label]")).slice(0, 5);
    for (const one of [e, ...picture]) {
      for (const name of ["alt", "aria-label", "title"]) {
        const said = own.tidy(dom.attr(one, name) ?? "", 120);
        if (said) return said;
      }
    }
    return "";
  };

  // ---- whether a link shows
  const partsOf = (e) => {
    const parts = [];
    const add = (root) => {
      let node = dom.first(root);
      for (let steps = 0; node && steps < 300 && parts.length < 30; steps++) {
        const kind = dom.type(node);
        if (kind === 3 && /\S/.test(node.data.slice(0, 500))) parts.push({ text: node });
        let down = null;
        if (kind === 1) {
          if (/^(img|svg|video|canvas|object|input|button)$/.test(dom.tag(node)) || node instanceof SVGGeometryElement) parts.push({ box: node });
          else if (!/^(script|style|template|noscript)$/.test(dom.tag(node))) down = dom.first(node);
        }
        while (node && !down && node !== root && !dom.next(node)) node = dom.parent(node);
        node = down ?? (node && node !== root ? dom.next(node) : null);
      }
    };
    add(e);
    return parts;
  };
  const painted = (e) => {
    const elements = [e, ...Array.from(dom.all(e, "*")).slice(0, 20)];
    return elements.find((one) => {
      const s = getComputedStyle(one);
      if (s.backgroundImage !== "none" || own.colour(s.backgroundColor)[3] > 0.1) return true;
      const lifted = one === e && /absolute|fixed/.test(s.position) && rect.width(own.boxOf(e)) >= 20;
      return lifted || ["::before", "::after"].some((p) => {
        const g = getComputedStyle(e === one ? e : one, p);
        const drawn = g.content !== "none" && g.content !== "normal" && (g.content !== '""' || g.backgroundImage !== "none" || /absolute|fixed/.test(g.position));
        return drawn && g.display !== "none" && g.visibility === "visible";
      });
    });
  };
  const pictureOf = (area) => {
    const map = dom.closest(area, "map");
    const name = map && (dom.attr(map, "name") ?? dom.id(map));
    return name ? Array.from(dom.all_in(document, "img[usemap],object[usemap]")).find((i) => dom.attr(i, "usemap") === `#${name}`) : null;
  };
  const why = (part, careful) =>
    own.undrawn(part) ?? own.unreachable(part) ?? (careful && part.text ? colourHere(part) : null);
  // What lies under a text is known only where it is on the screen.
  const colourHere = (part) => {
    const alike = own.colourless(part, null);
    const [r] = own.rectsOf(part);
    if (!alike || r.t < 0 || r.l < 0 || r.b > innerHeight || r.r > innerWidth) return alike;
    const { below } = own.hit(part);
    return below ? own.colourless(part, below) : null;
  };
  // What keeps an element from being clicked and from being reached by keys.
  const inert = (e) => {
    for (let at = e; at; at = own.up(at)) if (dom.has(at, "inert")) return at;
    return null;
  };
  // `null` when a person can see the link.
  const hiding = (link) => {
    const { e } = link;
    if (!dom.connected(e)) return { technique: "display-none", element: e, properties: [] };
    const asleep = inert(e);
    if (asleep) return { technique: "hidden-attribute", element: asleep, properties: [] };
    if (dom.tag(e) === "area") {
      const picture = pictureOf(e);
      return picture ? why({ box: picture }) : { technique: "hidden-attribute", element: e, properties: [] };
    }
    let first = null;
    for (const part of partsOf(e)) {
      const cause = why(part, link.wanted);
      if (!cause) return null;
      first ??= cause;
    }
    const drawn = painted(e);
    if (drawn) {
      const cause = why({ box: drawn });
      if (!cause) return null;
      first ??= cause;
    }
    if (first && dom.closest(e, "marquee") && !own.undrawn({ box: e })) return null;
    return first ?? { technique: "zero-size", element: e, properties: ["width", "height"] };
  };
  // A closed section with a heading to click, and nothing else that hides what is in it.
  const inDetails = (link, cause) => {
    if (cause.technique !== "closed-details") return false;
    let outer = null;
    for (let at = link.e; at; at = own.up(at)) if (own.isClosed(at)) outer = at;
    if (!outer) return false;
    const summary = Array.from(dom.all(outer, "summary")).find((s) => dom.parent(s) === outer);
    const box = { box: summary ?? outer };
    return own.undrawn(box) === null && own.unreachable(box) === null;
  };
  const measure = (link) => {
    const cause = hiding(link);
    link.cause = cause;
    if (!cause) return "visible";
    return inDetails(link, cause) ? "details" : null;
  };

  own.links = (sites) => {
    declared = new Set(Object.keys(sites));
    wanted = new Set(Object.keys(sites).filter((site) => sites[site]));
    own.fresh();
    const all = [];
    for (const scope of own.scopes(true)) {
      // What a frame shows is another page's.
      if (dom.type(scope) === 9 && scope !== document) continue;
      if (!(dom.root(scope) === document || !frameRoot(scope))) continue;
      for (const e of own.select(scope, "a,area")) {
        const href = written(e);
        if (href !== null) all.push({ e, href });
      }
    }
    const mine = all.filter((l) => l.href.trim() !== "" && !code(l.href) && wanted.has(siteOf(l.href)));
    const keep = all.length > MOST ? new Set([...mine.slice(0, MOST), ...all.slice(0, MOST - Math.min(MOST, mine.length))]) : null;
    links = (keep ? all.filter((l) => keep.has(l)) : all).filter((l) => !code(l.href));
    for (const link of links) {
      link.kind = link.e instanceof SVGElement ? "svg" : dom.tag(link.e) === "area" ? "area" : "anchor";
      link.site = siteOf(link.href);
      link.wanted = wanted.has(link.site);
      link.reach = null;
    }
    for (const link of links) if (link.wanted && !own.late()) link.reach = measure(link);
    for (const link of links) if (!link.wanted && !own.late()) link.reach = measure(link);
    return missing();
  };
  const frameRoot = (scope) => {
    for (let at = scope.host; at; at = own.up(at)) if (dom.tag(at) === "iframe") return true;
    return false;
  };
  // Sites that no link a person sees leads to.
  const missing = () => {
    const shown = new Set(links.filter((l) => l.reach).map((l) => l.site));
    return [...wanted].filter((site) => !shown.has(site));
  };
  own.missing = missing;
  const pending = () => {
    const gone = new Map(missing().map((site) => [site, 0]));
    return links.filter((l) => {
      if (!l.wanted || l.reach || !l.cause || !gone.has(l.site)) return false;
      gone.set(l.site, gone.get(l.site) + 1);
      return gone.get(l.site) <= MOST_OF_SITE;
    });
  };
  const again = (reach) => {
    own.fresh();
    let found = 0;
    for (const link of pending()) {
      // A page that writes its parts anew puts another element in the place of the one that was read.
      if (!dom.connected(link.e)) link.e = own.select(document, "a,area").find((e) => written(e) === link.href) ?? link.e;
      const now = measure(link);
      const cover = now && link.covered ? coverOf(link) : null;
      if (cover) link.cause = { technique: "covered", element: cover, properties: [] };
      else if (now) {
        link.reach = now === "visible" ? reach : now;
        found++;
      }
    }
    return found;
  };

  // Something was left untried for want of time, or because there was too much of it.
  let cut = false;
  let left = false;
  const outOfTime = () => (cut = cut || own.late());

  // ---- what lies over a link
  // Takes back what was said of links that something else on the page lies over, whatever is scrolled; walls that
  // stand on the screen are the labels' matter. How many sites stay without a link.
  own.uncovered = () => {
    const start = [scrollX, scrollY];
    const done = new Set();
    own.solid(true);
    for (const link of links.slice(0, MOST)) {
      if (!link.wanted || link.reach !== "visible" || done.has(link.site) || own.late()) continue;
      const cover = coverOf(link);
      if (cover) {
        link.reach = null;
        link.cause = { technique: "covered", element: cover, properties: [] };
        link.covered = true;
      } else done.add(link.site);
    }
    own.solid(false);
    scrollTo({ left: start[0], top: start[1], behavior: "instant" });
    own.fresh();
    return missing();
  };
  const coverOf = (link) => {
    const parts = dom.tag(link.e) === "area" ? [] : partsOf(link.e).filter((p) => !own.undrawn(p));
    let found = null;
    for (const part of parts) {
      own.bring(part, 0.5);
      own.fresh();
      const hit = own.hit(part);
      const whole = hit.seen === 0 && hit.covers.length === hit.points && hit.points > 0;
      if (!whole || hit.covers.some((c) => own.stateOf(c).stuck || getComputedStyle(c).position === "sticky" || own.holds(c, link.e))) return null;
      found ??= hit.covers[0];
    }
    return found;
  };

  // ---- scrolling shows some
  // Scrolls through the page as a reader would: what comes only then, comes.
  own.sweep = async () => {
    const scroller = dom.scroller(document) ?? dom.root_element(document);
    const start = [scrollX, scrollY];
    const page = own.reachable();
    const inner = Array.from(dom.all_in(document, "body *")).slice(0, 5000).filter((e) => {
      return e.scrollHeight > e.clientHeight + 100 && e.clientHeight > innerHeight / 2 && own.scrolls(e, getComputedStyle(e), "y");
    });
    for (const e of [...(page.y ? [scroller] : []), ...inner.slice(0, 2)]) {
      const [from, step] = [e.scrollTop, Math.max(200, innerHeight * 0.9)];
      for (let turn = 1; turn <= MOST_TURNS && turn * step < e.scrollHeight && !own.late(); turn++) {
        e.scrollTo({ top: turn * step, behavior: "instant" });
        await own.sleep(60);
      }
      e.scrollTo({ top: from, behavior: "instant" });
    }
    scrollTo({ left: start[0], top: start[1], behavior: "instant" });
  };
  const MOST_TURNS = 12;
  own.scrollLinks = async () => {
    const start = [scrollX, scrollY];
    for (const link of pending().slice(0, 40)) {
      if (outOfTime()) break;
      if (link.reach || !/transparent|off-screen|clipped|same-colour/.test(link.cause.technique) || dom.box(link.e).height === 0) continue;
      own.bring({ box: link.e }, 0.5);
      await own.sleep(150);
      again("visible");
      if (!link.reach && link.cause.technique === "transparent") {
        await own.sleep(500);
        again("visible");
      }
    }
    scrollTo({ left: start[0], top: start[1], behavior: "instant" });
    return pending().length;
  };

  // ---- hovering
  const outermostHidden = (link) => {
    let hidden = link.e;
    for (let e = link.e; e && e !== dom.body(document); e = own.up(e)) {
      if (own.undrawn({ box: e }) || own.unreachable({ box: e })) hidden = e;
    }
    return hidden;
  };
  const hovered = new Set();
  let hovers = 0;
  // Where to put the pointer next for a link that does not show, or `null`.
  own.hoverPoint = () => {
    own.fresh();
    for (const link of pending()) {
      if (outOfTime()) return null;
      const hidden = outermostHidden(link);
      const parent = own.up(hidden);
      if (!parent) continue;
      const near = [];
      for (let c = dom.first(parent); c; c = dom.next(c)) if (dom.type(c) === 1 && c !== hidden && near.length < 30) near.push(c);
      const at = near.filter((c) => c.compareDocumentPosition(hidden) & 4).reverse().slice(0, 2);
      const targets = [...at, parent, own.up(parent)].filter((e) => e && e !== dom.body(document) && e !== dom.root_element(document));
      for (const e of targets) {
        if (hovered.has(e)) continue;
        hovered.add(e);
        if (own.undrawn({ box: e }) || own.unreachable({ box: e })) continue;
        if (hovers >= MOST_HOVERS) {
          left = true;
          return null;
        }
        hovers++;
        if (dom.box(e).top < 0 || dom.box(e).bottom > innerHeight) own.bring({ box: e }, 0.5);
        const box = own.boxOf(e);
        return { x: Math.min((box.l + box.r) / 2, box.l + 60), y: Math.min((box.t + box.b) / 2, box.t + 30) };
      }
    }
    return null;
  };
  own.afterHover = async () => {
    await own.sleep(60);
    let found = again("menu");
    if (found === 0 && document.getAnimations().some((a) => a.playState === "running")) {
      await own.sleep(350);
      found = again("menu");
    }
    return missing().length;
  };

  // ---- clicking
  const OPENERS =
    "[aria-expanded=false],[aria-haspopup],[aria-controls],[data-toggle],[data-bs-toggle],[data-target],[data-bs-target]," +
    "[data-slide],[data-bs-slide],summary,button,[role=button],[role=tab],label,a[href^='#'],a[href^='javascript:'],a:not([href])," +
    "[onclick],[class*=toggle],[class*=hamburger],[class*=burger],[class*=menu-btn],[class*=next],[class*=dropdown],input[type=checkbox]";
  // What would put the page away without a request, or wait for a person.
  const LEAVING = /history|\bprint\s*\(|\bclose\s*\(|reload|logout|signout/i;
  const steps = (a, b) => {
    const above = new Map();
    let n = 0;
    for (let at = a; at; at = own.up(at)) above.set(at, n++);
    n = 0;
    for (let at = b; at; at = own.up(at), n++) if (above.has(at)) return above.get(at) * 2 + n;
    return 1e9;
  };
  const names = (e) =>
    ["aria-controls", "data-target", "data-bs-target", "href", "for", "popovertarget", "commandfor"]
      .map((n) => (dom.attr(e, n) ?? "").replace(/^#/, "")).filter((v) => v !== "");
  const isNext = (e) => /next|arrow-right|swiper-button|slick|owl|slide|tiếp|sau/i.test(
    `${dom.attr(e, "class") ?? ""} ${dom.attr(e, "aria-label") ?? ""} ${dom.attr(e, "data-slide") ?? ""} ${dom.attr(e, "data-bs-slide") ?? ""}`);
  // What says of itself that it opens something is looked at from farther away.
  const isOpener = (e) =>
    dom.has(e, "aria-expanded") || dom.has(e, "aria-haspopup") || dom.tag(e) === "summary" ||
    /menu|nav|toggle|burger|collapse|expand|sidebar|drawer|danh mục/i.test(
      ["class", "id", "aria-label", "title"].map((n) => (dom.attr(e, n) ?? "").slice(0, 200)).join(" ") + own.tidy(dom.text(e), 20));
  const openers = (link, pressed) => {
    const ids = new Set();
    for (let at = link.e; at; at = own.up(at)) if (dom.id(at)) ids.add(dom.id(at));
    const found = [];
    for (const e of Array.from(dom.all_in(document, OPENERS)).slice(0, 3000)) {
      if (pressed.has(e) || own.holds(link.e, e)) continue;
      const href = written(e);
      if (href && !href.startsWith("#") && !code(href) && dom.tag(e) === "a") continue;
      if (dom.tag(e) === "button" && dom.closest(e, "form") && !dom.has(e, "type")) continue;
      if (dom.attr(e, "type") === "submit" || LEAVING.test(`${href ?? ""} ${dom.attr(e, "onclick") ?? ""}`)) continue;
      found.push([names(e).some((n) => ids.has(n)) ? -1 : steps(link.e, e) / (isOpener(e) ? 4 : 1), e]);
    }
    return found.sort((a, b) => a[0] - b[0]).map(([, e]) => e).filter((e) => !own.undrawn({ box: e }) && !own.unreachable({ box: e }));
  };
  const press = (e) => {
    for (const kind of ["pointerdown", "mousedown", "pointerup", "mouseup"]) {
      const Kind = kind.startsWith("pointer") ? PointerEvent : MouseEvent;
      e.dispatchEvent(new Kind(kind, { bubbles: true, cancelable: true, composed: true, button: 0, view: window }));
    }
    own.press(e);
  };
  let clicks = 0;
  // Clicks what may open a menu, nearest to the hidden link first. How many sites stay without a link.
  own.clickMenus = async () => {
    const pressed = new Set();
    const given = new Set();
    for (;;) {
      const link = pending().find((l) => !given.has(l));
      if (!link) break;
      own.fresh();
      // What stands far away is tried for the first hidden links only.
      const all = openers(link, pressed);
      const near = all.slice(0, given.size < 3 ? 12 : 4);
      const rest = all.slice(near.length).some(isOpener);
      if (near.length === 0) given.add(link);
      for (const e of near) {
        if (clicks >= MOST_CLICKS || outOfTime()) return missing().length;
        pressed.add(e);
        const turns = isNext(e) && link.cause.real !== undefined ? 8 : 1;
        for (let turn = 0; turn < turns && !link.reach; turn++) {
          clicks++;
          press(e);
          await own.sleep(turn === 0 ? 60 : 30);
          again("menu");
          if (!link.reach && document.getAnimations().some((a) => a.playState === "running")) {
            await own.sleep(350);
            again("menu");
          }
        }
        if (link.reach) break;
      }
      if (near.length > 0 && !link.reach && !rest) given.add(link);
    }
    // What a moving strip holds comes by.
    own.fresh();
    for (const link of pending()) {
      if (link.cause.technique !== "clipped" && link.cause.technique !== "off-screen") continue;
      for (let e = own.up(link.e); e && e !== dom.body(document); e = own.up(e)) {
        const s = getComputedStyle(e);
        const slides = s.transform !== "none" || dom.animations(e).length > 0 || /transform|left/.test(s.transitionProperty);
        const frame = own.up(e);
        if (slides && frame && getComputedStyle(frame).overflowX !== "visible" && frame.clientWidth >= 100 && frame.clientHeight >= 20) {
          link.reach = "menu";
          break;
        }
      }
    }
    return missing().length;
  };

  // ---- lists and handlers: tried one at a time, and the caller looks where each leads
  let tries = [];
  own.trials = () => {
    own.fresh();
    tries = [];
    const still = new Set(missing());
    for (const option of Array.from(dom.all_in(document, "select option")).slice(0, 20000)) {
      const value = option.value;
      const site = /^\s*(https?:)?[\\/]/i.test(value) ? siteOf(value) : null;
      const select = dom.closest(option, "select");
      if (site === null || !still.has(site) || !select || option.matches(":disabled") || select.matches(":disabled")) continue;
      tries.push({ kind: "option", e: select, option, site, href: value });
    }
    const known = [];
    const add = (e, href, far) => {
      if ((far === 0 || known.length < 400) && !known.some((k) => own.holds(k.e, e))) known.push({ kind: "script", e, href: own.tidy(href, 200), site: null, far });
    };
    const names = (text) => [...still].some((h) => text.includes(h));
    const marked = "[onclick],a[href^='javascript:' i],[data-href],[data-url],[data-link],[role=link],[ondblclick]";
    for (const e of Array.from(dom.all_in(document, marked)).slice(0, 3000)) {
      const said = ["onclick", "href", "data-href", "data-url", "data-link"].map((n) => dom.attr(e, n) ?? "").join(" ").slice(0, 4000);
      if (/^\s*javascript:\s*(void\s*\(?0\)?)?;?\s*$/i.test(said) || LEAVING.test(said) || /^(body|html|form|select|input|option)$/.test(dom.tag(e))) continue;
      add(e, said, names(said) ? 0 : 1);
    }
    if (still.size > tries.length) {
      for (const e of Array.from(dom.all_in(document, "body *")).slice(0, 5000)) {
        if (own.late() || known.length >= 200) break;
        if (dom.closest(e, "a[href],form,select,label,video,summary") && written(e) !== "#") continue;
        const parent = own.up(e);
        if (getComputedStyle(e).cursor === "pointer" && parent && getComputedStyle(parent).cursor !== "pointer") add(e, dom.attr(e, "href") ?? "", 2);
      }
    }
    const rest = known.filter((k) => !own.undrawn({ box: k.e }) && !own.unreachable({ box: k.e })).sort((a, b) => a.far - b.far);
    // What names a wanted site is tried while there is time, and left open after it.
    tries.push(...rest.filter((k) => k.far === 0), ...rest.filter((k) => k.far > 0).slice(0, 20));
    return tries.map((t, index) => ({ index, kind: t.kind, site: t.site, list: t.kind === "option" ? tries.findIndex((o) => o.e === t.e) : -1 }));
  };
  // Ends when the page's own clock has come so far: on a busy machine its timers run late, but in their order.
  own.attempt = async (index, with_button, wait) => {
    const { kind, e, option } = tries[index];
    const over = own.sleep(wait);
    if (kind === "script") press(e);
    else {
      option.selected = true;
      for (const name of ["input", "change"]) e.dispatchEvent(new Event(name, { bubbles: true }));
      if (with_button) {
        const around = dom.closest(e, "form,div,td,li") ?? own.up(e);
        const button = around && Array.from(dom.all(around, "button,input[type=button],input[type=submit],a[onclick]"))[0];
        if (button) press(button);
      }
    }
    await over;
  };
  // Where an option says that it leads.
  own.says = (index) => resolved(tries[index].href);
  const lead = ({ kind, e, option, href }, to) => {
    const cause = own.undrawn({ box: e }) ?? own.unreachable({ box: e });
    links.push({ e: option ?? e, kind, href, site: siteOf(to), leads: to, wanted: true, cause, reach: cause ? null : "visible", tried: true });
  };
  // The trial led there. Which sites stay without a link.
  own.led = (index, to) => {
    own.fresh();
    lead(tries[index], to);
    return missing();
  };
  // The other options of a list lead where they say. Which sites stay without a link.
  own.believe = (list) => {
    own.fresh();
    const still = new Set(missing());
    for (const trial of tries) if (trial.e === tries[list].e && still.has(trial.site)) lead(trial, resolved(trial.href));
    return missing();
  };

  // What was left for want of time may lead where it says: an option to its address, a handler to a site it names.
  const untried = (from) => {
    const still = new Set(missing());
    const open = tries.slice(from).filter((t) => (t.kind === "option" ? still.has(t.site) : t.far === 0));
    return open.map(({ e, option, kind, href, site }) => {
      return { e: option ?? e, kind, href, site, leads: option ? resolved(href) : null, wanted: true, cause: null, reach: "untried", tried: true };
    });
  };

  // The links as they stand; `from` is the first trial that was not made, 0 when nothing was opened or tried.
  own.linkReport = (from) => {
    if (from === 0 && missing().length > 0) own.trials();
    const over = clicks >= MOST_CLICKS || cut || left || from === 0;
    const order = (a, b) => (a.e === b.e ? 0 : a.e.compareDocumentPosition(b.e) & 4 ? -1 : 1);
    const followed = new Set([...pending(), ...links.filter((l) => l.tried)]);
    const still = new Set(missing());
    const open = (l) => l.wanted && (over || (still.has(l.site) && !followed.has(l)));
    const all = [...links, ...untried(from)];
    const found = all.some((l) => l.tried) ? all.sort(order) : all;
    return found.slice(0, MOST).map((l) => ({
      kind: l.kind, href: l.href.slice(0, 2000), leads_to: "leads" in l ? l.leads : resolved(l.href), text: words(l.e),
      reach: l.reach ?? (l.cause && !open(l) ? { hidden: l.cause.technique } : "untried"),
    }));
  };

  own.elements = (selectors) => {
    const found = {};
    for (const selector of selectors) {
      const all = [];
      for (const scope of own.scopes()) {
        if (dom.type(scope) === 9 && scope !== document) continue;
        for (const e of own.select(scope, selector)) if (all.length < 100) all.push(e);
      }
      found[selector] = all.map((e) => ({ element: own.path(e), text: own.tidy(dom.text(e), 400) }));
    }
    return found;
  };
})();
