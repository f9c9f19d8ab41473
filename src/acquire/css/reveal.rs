//! What is expected to open: classes and attributes that scripts set to show something, the elements that
//! trigger it, and the names that running scripts hold in their strings.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::selector::{Attribute, Change, Matcher, Namespaces, Selector, attribute, parent_of, parse_list};
use crate::acquire::html::caseless;
use crate::acquire::html::pieces::{Piece, pieces};
use crate::acquire::html::standing::last_name;

/// What the page's running scripts say, as far as they were read.
#[derive(Debug, Clone, Default)]
pub struct Scripts<'a> {
    /// Some script runs on the page, whether its text was read or not.
    pub running: bool,
    /// Some script runs whose text was not read.
    pub unread: bool,
    /// The texts of running scripts that were read.
    pub texts: Vec<&'a str>,
}

impl<'a> Scripts<'a> {
    /// From the script elements of a page.
    #[must_use]
    pub fn of(page: &'a crate::snapshot::Source, scripts: &'a [crate::snapshot::Script]) -> Self {
        use crate::snapshot::{ScriptFile, ScriptKind};
        let mut all = Self::default();
        for script in scripts {
            let runs = matches!(script.kind, ScriptKind::Classic | ScriptKind::Module | ScriptKind::Deferred(_));
            if !runs || script.inert.is_some() {
                continue;
            }
            match &script.file {
                ScriptFile::Inline => {
                    let text = page.slice(script.text);
                    all.running |= !text.trim().is_empty();
                    // What it imports from elsewhere runs with it.
                    all.unread |= script.kind == ScriptKind::Module && text.contains("import") && text.contains("//");
                    all.texts.push(text);
                }
                ScriptFile::Read(source) => {
                    all.running = true;
                    all.texts.push(&source.text);
                }
                ScriptFile::Missing(_) | ScriptFile::OtherHost => (all.running, all.unread) = (true, true),
            }
        }
        let handlers = handlers(&page.text);
        all.running |= !handlers.is_empty();
        all.texts.extend(handlers);
        all
    }
}

/// The values of handler attributes (`onclick="…"`), which are scripts too. Found by a plain scan: one found in a
/// comment at worst leaves something in doubt.
fn handlers(page: &str) -> Vec<&str> {
    let mut all = Vec::new();
    for (at, quote) in page.match_indices(['"', '\'']) {
        let Some(before) = page.get(..at).map(str::trim_end).and_then(|b| b.strip_suffix('=')) else { continue };
        let before = before.trim_end();
        let name = before.len() - before.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        let is_handler = before.get(name..name + 2).is_some_and(|on| on.eq_ignore_ascii_case("on"))
            && before.len() > name + 2
            && before
                .get(..name)
                .is_some_and(|b| b.ends_with(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'')));
        let value = page.get(at + 1..).and_then(|rest| rest.split(quote).next());
        all.extend(value.filter(|v| is_handler && !v.trim().is_empty()));
    }
    all
}

/// Names that stand in strings of scripts.
#[derive(Debug, Default)]
pub(super) struct Named {
    names: HashSet<Box<str>>,
    /// Names in the code itself of what something is done to: an element is there under its id.
    objects: HashSet<Box<str>>,
    /// Scripts change classes.
    classes: bool,
    /// Strings that may be selectors of more than a name.
    selectors: Vec<Box<str>>,
    /// There are more of them than are kept.
    more: bool,
    /// Some script was not read.
    pub(super) unread: bool,
    /// Scripts speak of cloaks, as frameworks do that take them away.
    cloak: bool,
    read: OnceCell<Vec<Selector>>,
    /// Steps left for the page.
    fuel: Fuel,
    /// Elements already looked at. Those of the page itself keep their places in its copies; others come after them.
    known: RefCell<HashMap<NodeId, Option<bool>>>,
    last: Option<NodeId>,
    /// Classes already looked at.
    opening: RefCell<HashMap<Box<str>, Option<Change>>>,
}

/// What a script says that changes classes.
const CLASSES: [&str; 6] = ["classList", "className", "Class(", "setAttribute", ".attr(", "'class'"];
/// More selectors in scripts than this are not kept.
const MOST_SELECTORS: usize = 3000;
/// Steps that matching them may cost for one element.
const FUEL: u64 = 200_000;
/// Steps that matching them may cost for a page.
const PAGE_FUEL: u64 = 20_000_000;

/// Steps left for a page.
#[derive(Debug)]
struct Fuel(Cell<u64>);

impl Default for Fuel {
    fn default() -> Self {
        Self(Cell::new(PAGE_FUEL))
    }
}

impl Named {
    /// What the scripts of a page name; `last` is the last node of its tree.
    pub(super) fn of(scripts: &Scripts, last: Option<NodeId>) -> Self {
        let cloak = scripts.texts.iter().any(|text| caseless::finds(text.as_bytes(), b"cloak"));
        Self { unread: scripts.unread, cloak, last, ..Self::read(scripts.texts.iter().copied()) }
    }

    pub(super) fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut all, mut objects, mut selectors) = (HashSet::new(), HashSet::new(), HashSet::new());
        let (mut more, mut classes) = (false, false);
        for text in texts {
            classes |= CLASSES.iter().any(|word| text.contains(word));
            let (mut used, mut own) = (HashSet::new(), HashSet::new());
            for piece in pieces(text) {
                let range = match piece {
                    Piece::Literal(range) => range,
                    Piece::Code(at, b'.') => {
                        used.insert(last_name(text.get(..at).unwrap_or_default().trim_end_matches('?')));
                        continue;
                    }
                    Piece::Code(at, b'=') => {
                        own.extend(assigned(text, at));
                        continue;
                    }
                    Piece::Code(..) => continue,
                };
                let string = text.get(range).unwrap_or_default();
                let alone = string.strip_prefix(['#', '.']).unwrap_or(string);
                if like_selector(string) && !selectors.contains(string) {
                    more |= selectors.len() >= MOST_SELECTORS;
                    if !more {
                        selectors.insert(string.into());
                    }
                }
                let names = string.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
                // Single letters stand in every script.
                for name in names.filter(|n| (n.len() > 1 || *n == alone) && n.len() < 80 && !n.is_empty()) {
                    if !all.contains(name) {
                        all.insert(name.into());
                    }
                }
            }
            // What a script sets itself is no element under its id.
            objects.extend(used.difference(&own).filter(|name| name.len() < 80).map(|name| Box::from(*name)));
        }
        Self { names: all, objects, classes, selectors: selectors.into_iter().collect(), more, ..Self::default() }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether adding this class is something scripts do to show things: one that they name, or by its words alone.
    fn opens(&self, class: &str) -> Option<Change> {
        if let Some(known) = self.opening.borrow().get(class) {
            return *known;
        }
        let guessed = || says(class, &OPEN).then_some(Change::Guess);
        let opens = if self.has(class) && (self.classes || self.unread) { Some(Change::Script) } else { guessed() };
        self.opening.borrow_mut().insert(class.into(), opens);
        opens
    }

    /// Whether scripts name the element: by its id, one of its classes, or a selector.
    pub(super) fn names(&self, el: ElementRef) -> bool {
        self.said_of(el) == Some(true)
    }

    /// Whether they name it, or may: not every selector was looked at, and a variable may have the name of an id.
    pub(super) fn may_name(&self, el: ElementRef) -> bool {
        el.value().id().is_some_and(|id| self.objects.contains(id)) || self.said_of(el) != Some(false)
    }

    fn said_of(&self, el: ElementRef) -> Option<bool> {
        if el.value().id().is_some_and(|id| self.has(id)) || el.value().classes().any(|c| self.has(c)) {
            return Some(true);
        }
        if let Some(said) = self.known.borrow().get(&el.id()) {
            return *said;
        }
        let said = self.selected(el);
        if self.last.is_some_and(|last| el.id() <= last) {
            self.known.borrow_mut().insert(el.id(), said);
        }
        said
    }

    /// Whether one of the selectors fits.
    fn selected(&self, el: ElementRef) -> Option<bool> {
        let read = || self.selectors.iter().filter_map(|s| parse_list(s, None, &Namespaces::new())).flatten().collect();
        let left = self.fuel.0.get();
        let fuel = Cell::new(left.min(FUEL));
        let matcher = Matcher { quirks: false, fuel: &fuel };
        let selectors = self.read.get_or_init(read);
        let named = selectors.iter().any(|s| fuel.get() > 0 && matcher.matches(s, el));
        let out = fuel.get() == 0 && !selectors.is_empty();
        self.fuel.0.set(left - (left.min(FUEL) - fuel.get()));
        (named || !(self.more || out)).then_some(named)
    }

    /// Whether some script may be what takes this name away as the page loads, or sets it then.
    fn loads(&self, name: &str) -> bool {
        self.unread || self.has(name) || (self.cloak && says(name, &["cloak"]))
    }
}

/// Lists, menus and parts of pages, which scripts open by their bare names (`find('ul')`); other bare names say too
/// little.
const PARTS: [&str; 11] =
    ["ul", "ol", "dl", "nav", "dialog", "aside", "section", "article", "header", "main", "footer"];

/// The variable that is set by an equals sign.
fn assigned(text: &str, at: usize) -> Option<&str> {
    let (before, after) = (text.get(..at)?.trim_end(), text.get(at + 1..)?);
    let name = last_name(before);
    let compares = after.starts_with(['=', '>']) || name.is_empty();
    (!compares && !before.strip_suffix(name)?.ends_with('.')).then_some(name)
}

fn like_selector(text: &str) -> bool {
    let text = text.trim();
    text.len() < 100
        && (PARTS.contains(&text)
            || (text.contains([' ', '>', '[', '+', '~'])
                && text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '#' | '[' | '>' | '*'))
                && text.chars().all(|c| c.is_alphanumeric() || " .#>[]=\"'+~:()*,-_^$".contains(c))))
}

/// Words in class and attribute names that say "shown".
const OPEN: [&str; 24] = [
    "open",
    "opened",
    "opening",
    "show",
    "shown",
    "showing",
    "active",
    "activated",
    "expand",
    "expanded",
    "visible",
    "in",
    "on",
    "current",
    "selected",
    "toggled",
    "toggle",
    "hover",
    "focus",
    "focused",
    "clicked",
    "displayed",
    "reveal",
    "animate",
];
/// Words that say "not shown", which scripts take away.
const CLOSED: [&str; 6] = ["closed", "collapsed", "close", "inactive", "nojs", "unloaded"];

/// Words of classes and attributes that stand there until a script has done its work.
const WAITING: [&str; 13] = [
    "cloak",
    "cloaked",
    "lazy",
    "lazyload",
    "lazyloading",
    "loading",
    "preload",
    "preloading",
    "unresolved",
    "uninitialized",
    "unloaded",
    "nojs",
    "fouc",
];
/// Words of those that a script sets when it has.
const LOADED: [&str; 18] = [
    "loaded",
    "lazyloaded",
    "ready",
    "init",
    "inited",
    "initialized",
    "initialised",
    "hydrated",
    "rendered",
    "mounted",
    "complete",
    "completed",
    "resolved",
    "processed",
    "upgraded",
    "enhanced",
    "started",
    "js",
];
/// Words of parts that libraries set up and show.
const SET_UP: [&str; 18] = [
    "slider",
    "slides",
    "slide",
    "slideshow",
    "carousel",
    "swiper",
    "flexslider",
    "bxslider",
    "lightslider",
    "nivoslider",
    "slick",
    "splide",
    "glide",
    "flickity",
    "owl",
    "marquee",
    "ticker",
    "unslider",
];

/// Words of what a person clicks to open the next part.
const BUTTONS: [&str; 8] =
    ["accordion", "toggle", "toggler", "trigger", "collapse", "collapsible", "dropdown", "expander"];

/// Whether a class says that an element opens the next one.
pub(super) fn says_button(class: &str) -> bool {
    says(class, &BUTTONS)
}

/// Whether a class says that a library sets the part up.
pub(super) fn says_set_up(class: &str) -> bool {
    says(class, &SET_UP)
}

/// Whether one of the words of a name (`isOpen`, `is-open`, `is_open`) is on the list.
fn says(name: &str, words: &[&str]) -> bool {
    let bytes = name.as_bytes();
    let mut from = 0;
    for at in 0..=bytes.len() {
        let cut = match bytes.get(at) {
            None | Some(b'-' | b'_') => true,
            Some(byte) => byte.is_ascii_uppercase() && at > from && !bytes[at - 1].is_ascii_uppercase(),
        };
        if !cut {
            continue;
        }
        let word = name.get(from..at).unwrap_or("");
        if words.iter().any(|w| word.eq_ignore_ascii_case(w)) {
            return true;
        }
        from = if matches!(bytes.get(at), Some(b'-' | b'_')) { at + 1 } else { at };
    }
    name.eq_ignore_ascii_case("no-js") && words.contains(&"nojs")
}

/// Whether a class says "shown".
pub(super) fn says_open(class: &str) -> bool {
    says(class, &OPEN)
}

/// Elements that other elements say they open, and where such triggers stand.
#[derive(Debug, Default)]
pub(super) struct Triggers {
    ids: HashSet<Box<str>>,
    classes: HashSet<Box<str>>,
    /// Opened by the browser itself.
    popovers: HashSet<Box<str>>,
    /// What links on the page point at; `None` in place of what is escaped and so not told.
    fragments: HashSet<Option<Box<str>>>,
    /// What labels are for.
    labelled: HashSet<Box<str>>,
}

impl Triggers {
    pub(super) fn find(html: &Html) -> Self {
        let mut all = Self::default();
        for el in html.tree.root().descendants().filter_map(ElementRef::wrap) {
            for (key, value) in el.value().attrs() {
                if key.ends_with("href")
                    && let Some((_, fragment)) = value.split_once('#')
                {
                    all.fragments.insert((!fragment.contains('%')).then(|| fragment.trim().into()));
                }
                match key {
                    "for" => {
                        all.labelled.insert(value.into());
                    }
                    "aria-controls" => all.ids.extend(value.split_ascii_whitespace().map(Into::into)),
                    // Of other elements browsers take no notice.
                    "popovertarget" | "commandfor" if is_button(el) => {
                        all.popovers.insert(value.into());
                    }
                    "data-target" | "data-bs-target" | "data-toggle" | "data-dropdown" | "data-menu" | "href" => {
                        if let Some(id) = value.strip_prefix('#').filter(|id| !id.is_empty()) {
                            all.ids.insert(id.into());
                        } else if let Some(class) = value.strip_prefix('.').filter(|_| key != "href") {
                            all.classes.insert(class.into());
                        }
                    }
                    _ => {}
                }
            }
        }
        all
    }

    pub(super) fn opens_popover(&self, el: ElementRef) -> bool {
        (attribute(el, "popover").is_some() || el.value().name() == "dialog")
            && el.value().id().is_some_and(|id| self.popovers.contains(id))
    }

    /// Whether a link on the page points at the element.
    pub(super) fn lead_to(&self, el: ElementRef) -> bool {
        let to = |name: &str| self.fragments.contains(&None) || self.fragments.contains(&Some(name.into()));
        [el.value().id(), attribute(el, "name")].into_iter().flatten().any(to)
    }

    /// Whether a label stands for a control.
    pub(super) fn label(&self, el: ElementRef) -> bool {
        el.value().id().is_some_and(|id| self.labelled.contains(id))
            || std::iter::successors(parent_of(el), |e| parent_of(*e)).any(|e| e.value().name() == "label")
    }

    fn point_at(&self, el: ElementRef) -> bool {
        el.value().id().is_some_and(|id| self.ids.contains(id))
            || el.value().classes().any(|c| self.classes.contains(c))
            || el.prev_siblings().filter_map(ElementRef::wrap).take(3).any(is_trigger)
            || parent_of(el).is_some_and(is_trigger)
    }
}

fn is_button(el: ElementRef) -> bool {
    let kind = attribute(el, "type").unwrap_or_default().to_ascii_lowercase();
    let by_name = match el.value().name() {
        "button" => true,
        "input" => matches!(kind.as_str(), "button" | "submit" | "reset" | "image"),
        _ => false,
    };
    by_name && attribute(el, "disabled").is_none()
}

fn is_trigger(el: ElementRef) -> bool {
    ["aria-expanded", "aria-haspopup", "data-toggle", "data-bs-toggle"].iter().any(|a| attribute(el, a).is_some())
}

/// Which changes of state are expected around one element.
#[derive(Debug)]
pub(super) struct Allowed {
    /// A script runs, so classes and attributes may change.
    scripted: bool,
    /// Something on the page opens this element: any class may be what does it.
    triggered: bool,
    /// The element, when nobody can point at it because it takes no room or is invisible.
    pub(super) absent: Option<NodeId>,
    /// Links on the page point at these places.
    triggers: Rc<Triggers>,
    /// Boxes that nobody can tick, because they are hidden and have no label.
    stuck: Rc<HashSet<NodeId>>,
    named: Rc<Named>,
}

/// Whether an element is a box or a button that is ticked.
pub(super) fn to_tick(el: ElementRef<'_>) -> bool {
    let kind = attribute(el, "type").unwrap_or_default();
    el.value().name() == "input" && (kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("radio"))
}

impl Allowed {
    pub(super) fn around(
        el: ElementRef,
        absent: bool,
        scripted: bool,
        triggers: &Rc<Triggers>,
        stuck: &Rc<HashSet<NodeId>>,
        named: &Rc<Named>,
    ) -> Self {
        let triggered = scripted && triggers.point_at(el);
        let (triggers, stuck, named) = (Rc::clone(triggers), Rc::clone(stuck), Rc::clone(named));
        Self { scripted, triggered, absent: absent.then(|| el.id()), triggers, stuck, named }
    }

    fn by_script(&self, el: ElementRef) -> Option<Change> {
        (self.scripted && self.named.names(el)).then_some(Change::Script)
    }

    /// Who can tick a box, or fold out a `<details>`.
    pub(super) fn toggled(&self, el: ElementRef) -> Option<Change> {
        let box_like = el.value().name() != "input" || to_tick(el);
        let free = box_like && attribute(el, "disabled").is_none() && !self.stuck.contains(&el.id());
        if free { Some(Change::Person) } else { self.by_script(el).filter(|_| box_like) }
    }

    /// Who can make the address of the page point at an element.
    pub(super) fn targeted(&self, el: ElementRef) -> Option<Change> {
        if self.triggers.lead_to(el) { Some(Change::Person) } else { self.by_script(el) }
    }

    /// Whether a class may come (when absent) or go (when present).
    pub(super) fn class(&self, name: &str, present: bool) -> Option<Change> {
        let opens = match (present, self.triggered) {
            (true, _) => says(name, &CLOSED).then_some(Change::Script),
            (false, true) => Some(Change::Script),
            (false, false) => self.named.opens(name),
        };
        opens.filter(|_| self.scripted).or_else(|| self.loads(name, "", present))
    }

    /// Whether an attribute may come to fit (when it does not) or cease to.
    pub(super) fn attribute(&self, attribute: &Attribute, present: bool) -> Option<Change> {
        let name = &*attribute.name;
        let expected = name.starts_with("aria-")
            || matches!(name, "hidden" | "style" | "data-state")
            || says(name, &OPEN)
            || says(&attribute.value, &OPEN);
        if name == "open" {
            return Some(Change::Person);
        }
        if self.scripted && expected { Some(Change::Script) } else { self.loads(name, &attribute.value, present) }
    }

    /// Whether a name or value is one that pages wait with, and a script may be what they wait for.
    fn loads(&self, name: &str, value: &str, present: bool) -> Option<Change> {
        let words: &[&str] = if present { &WAITING } else { &LOADED };
        let said = |text: &str| says(text, words) && self.named.loads(text);
        (self.scripted && (said(name) || said(value))).then_some(Change::Load)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn handler_attributes_are_scripts() {
        let found = super::handlers(
            "<a onclick=\"f('x')\" title='on x = \"y\"'><b data-on='1' ONLOAD = 'g()' on='' only=\"\">",
        );
        assert_eq!(found, ["f('x')", "g()"]);
    }
}
