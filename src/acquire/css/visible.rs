//! Says whether a person at the screen can see an element: its own style and its ancestors', what it holds,
//! and, when it is hidden, whether a person or a script opens it.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Node};
use url::Url;

use super::cascade::{Cascade, Memo, World};
use super::clipping::Laid;
use super::collect::{Collector, collect};
use super::covered::Covers;
use super::doubt::Steps;
use super::hiding::Reason;
use super::property::{Property, words};
use super::reveal::{Named, Scripts, Triggers, to_tick};
use super::selector::{attribute, parent_of};
use super::shadow::Slots;
use super::style::By;
use super::surroundings::Surroundings;
use super::taken::Taken;
use super::ua::{folds_text, replaced};
use super::value::Value;
use crate::acquire::Fetched;
use crate::acquire::html::Document;
use crate::snapshot::{Hiding, Seen, Source, Spot, Technique, Unread};

/// More pieces of content than this are not looked at to see whether one of them shows.
pub(super) const MOST_LEAVES: usize = 200;
/// What is hidden so can be neither clicked nor reached by the keyboard.
const NO_ROOM: [Technique; 3] = [Technique::DisplayNone, Technique::HiddenAttribute, Technique::Visibility];
/// More conditions than this are tried together only.
const MOST_CONDITIONS: usize = 8;

/// The style sheets of a page and what hides its elements.
#[derive(Debug)]
pub struct Styles {
    pub(super) cascade: Cascade,
    pub(super) unread: Vec<Unread>,
    read: Vec<(Url, Arc<Source>)>,
    pub(super) scripted: bool,
    pub(super) named: Rc<Named>,
    pub(super) steps: Steps,
    taken: Taken,
    triggers: OnceCell<Rc<Triggers>>,
    stuck: OnceCell<Rc<HashSet<NodeId>>>,
    tree: Seeing,
}

/// What was worked out for one tree.
#[derive(Debug, Default)]
pub(super) struct Seeing {
    pub(super) memo: Memo,
    pub(super) states: RefCell<HashMap<(NodeId, World), Rc<Surroundings>>>,
    pub(super) covers: Covers,
    pub(super) laid: Laid,
    /// Whether something is placed below what stands in the flow.
    pub(super) layers_below: OnceCell<bool>,
    /// The slots of shadow trees.
    pub(super) slots: OnceCell<Slots>,
    /// Of a closed `<details>`: its summary and what hides it, when nobody can fold it out.
    shut: RefCell<HashMap<NodeId, Option<(NodeId, Reason)>>>,
}

impl Seeing {
    pub(super) fn slots(&self, html: &Html) -> &Slots {
        self.slots.get_or_init(|| Slots::find(html))
    }
}

/// How well something is seen; the smaller the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Yes,
    InDetails,
    InMenu,
    Unsure,
    Hidden,
}

pub(super) fn rank(seen: &Seen) -> Rank {
    match seen {
        Seen::Yes => Rank::Yes,
        Seen::InDetails => Rank::InDetails,
        Seen::InMenu(_) => Rank::InMenu,
        Seen::Unsure(_) => Rank::Unsure,
        Seen::Hidden(_) => Rank::Hidden,
    }
}

impl Styles {
    /// Reads the style sheets of a page. `base` is what relative addresses are resolved against; `files` gives
    /// the text of an address.
    pub fn new(doc: &Document, base: &Url, files: &dyn Fn(&Url) -> Fetched, scripts: &Scripts) -> Self {
        let quirks = doc.html.quirks_mode == html5ever::tree_builder::QuirksMode::Quirks;
        let Collector { rules, unread, read, .. } = collect(doc, base, files, quirks);
        Self {
            cascade: Cascade::new(rules, quirks),
            unread,
            read,
            scripted: scripts.running,
            named: Rc::new(Named::of(scripts, doc.html.tree.nodes().next_back().map(|n| n.id()))),
            steps: Steps::read(&scripts.texts),
            taken: Taken::read(scripts.texts.iter().copied()),
            triggers: OnceCell::new(),
            stuck: OnceCell::new(),
            tree: Seeing::default(),
        }
    }

    /// Style sheets that the page asks for and that were not read.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// Files of style sheets that were read, with their addresses.
    #[must_use]
    pub fn read(&self) -> &[(Url, Arc<Source>)] {
        &self.read
    }

    /// Whether a person can see the element: it itself, or the best seen part of what it holds.
    #[must_use]
    pub fn seen(&self, doc: &Document, el: ElementRef) -> Seen {
        if el.value().name() == "area" {
            return self.area(doc, el);
        }
        let found = leaves(el);
        let mut best: Option<Seen> = None;
        for (leaf, text) in &found {
            let mut seen = self.piece(doc, &doc.html, &self.tree, *leaf, *text);
            // Text put away in favour of a picture behind it.
            if *text && rank(&seen) > Rank::Yes && self.pictured(doc, *leaf, el) {
                let box_seen = self.piece(doc, &doc.html, &self.tree, *leaf, false);
                seen = std::cmp::min_by_key(seen, box_seen, rank);
            }
            if best.as_ref().is_none_or(|b| rank(&seen) < rank(b)) {
                best = Some(seen);
            }
            if matches!(best, Some(Seen::Yes)) {
                break;
            }
        }
        match best {
            None => self.bare(doc, el),
            // What comes after the last that was looked at may well show.
            Some(Seen::Hidden(hiding)) if found.len() >= MOST_LEAVES => Seen::Unsure(hiding),
            Some(Seen::Hidden(hiding)) => self.drawn_beside(doc, el, hiding),
            Some(seen) => seen,
        }
    }

    /// All text and pictures of an element are hidden: whether style sheets draw something else in it.
    fn drawn_beside(&self, doc: &Document, el: ElementRef, hiding: Hiding) -> Seen {
        let mut doubt = false;
        for inner in el.descendants().filter_map(ElementRef::wrap).take(MOST_LEAVES) {
            let icon = !inner.has_children() && inner.value().classes().next().is_some() && !replaced(inner);
            if !(icon || self.draws(doc, inner)) {
                continue;
            }
            if matches!(self.piece(doc, &doc.html, &self.tree, inner, false), Seen::Yes) {
                if self.draws(doc, inner) {
                    return Seen::Yes;
                }
                // An icon font whose sheet was not read.
                doubt |= icon && !self.unread.is_empty();
            }
        }
        if doubt { Seen::Unsure(hiding) } else { Seen::Hidden(hiding) }
    }

    /// Whether a style sheet draws a picture or text in the element itself.
    fn draws(&self, doc: &Document, el: ElementRef) -> bool {
        let style = self.style(&doc.html, &self.tree, el, World::Plain);
        self.cascade.generates(el, &style)
            || style.slot(Property::BackgroundImage).is_some_and(|s| s.value != Value::Word("none"))
    }

    /// Whether an element from `leaf` up to `el` has a picture behind it.
    fn pictured(&self, doc: &Document, leaf: ElementRef, el: ElementRef) -> bool {
        let mut at = Some(leaf);
        while let Some(inner) = at {
            if self.draws(doc, inner) {
                return true;
            }
            at = if inner.id() == el.id() { None } else { parent_of(inner) };
        }
        false
    }

    /// How well one piece of content is seen: the text directly in an element, or an element without text.
    pub(super) fn text_seen(&self, doc: &Document, el: ElementRef) -> Seen {
        let seen = self.piece(doc, &doc.html, &self.tree, el, true);
        if matches!(seen, Seen::Yes)
            && let Some(reason) = self.garbled(&doc.html, &self.tree, el)
        {
            return Seen::Unsure(Hiding { technique: reason.technique, spot: self.spot(doc, reason) });
        }
        seen
    }

    /// How well a picture is seen that stands for words: a drawing that holds nothing may be drawn by a script.
    pub(super) fn picture_seen(&self, doc: &Document, el: ElementRef) -> Seen {
        const SHAPES: [&str; 11] = [
            "path",
            "rect",
            "circle",
            "ellipse",
            "line",
            "polyline",
            "polygon",
            "text",
            "image",
            "use",
            "foreignObject",
        ];
        let seen = self.seen(doc, el);
        let drawn = |e: ElementRef| SHAPES.contains(&e.value().name());
        if el.value().name() != "svg"
            || !matches!(seen, Seen::Yes)
            || self.draws(doc, el)
            || el.descendants().filter_map(ElementRef::wrap).any(drawn)
        {
            return seen;
        }
        let spot = doc.span(el.id()).map(|span| Spot { source: Arc::clone(&doc.source), span });
        Seen::Unsure(Hiding { technique: Technique::ZeroSize, spot })
    }

    /// An `<area>` is seen when an image uses its map.
    fn area(&self, doc: &Document, el: ElementRef) -> Seen {
        let map = std::iter::successors(parent_of(el), |e| parent_of(*e)).find(|e| e.value().name() == "map");
        let name = map.and_then(|m| attribute(m, "name").or_else(|| m.value().id()));
        let uses = |image: &ElementRef| {
            let used = attribute(*image, "usemap").and_then(|u| u.strip_prefix('#'));
            used.is_some() && used == name
        };
        let images = doc.html.tree.root().descendants().filter_map(ElementRef::wrap).filter(uses);
        images.map(|image| self.piece(doc, &doc.html, &self.tree, image, false)).min_by_key(rank).unwrap_or_else(|| {
            let spot = doc.span(el.id()).map(|span| Spot { source: Arc::clone(&doc.source), span });
            Seen::Hidden(Hiding { technique: Technique::HiddenAttribute, spot })
        })
    }

    /// An element that holds nothing to see: it shows only what style sheets draw in it.
    fn bare(&self, doc: &Document, el: ElementRef) -> Seen {
        let seen = self.piece(doc, &doc.html, &self.tree, el, false);
        // A sheet that was not read may draw something in what it could speak of.
        let named = |e: ElementRef| ["class", "id", "style"].iter().any(|name| attribute(e, name).is_some());
        let speaks = || el.descendants().filter_map(ElementRef::wrap).take(MOST_LEAVES).any(named);
        let filled = || self.may_be_filled(el);
        if !matches!(seen, Seen::Yes) || replaced(el) || (!self.unread.is_empty() && (speaks() || !filled())) {
            return seen;
        }
        let drawn = |e: ElementRef| {
            let style = self.style(&doc.html, &self.tree, e, World::Plain);
            let sized =
                [Property::Width, Property::Height, Property::PaddingLeft, Property::PaddingTop, Property::MinHeight];
            let replaced_by = style.slot(Property::Content).is_some_and(|s| s.value != Value::Word("none"));
            self.draws(doc, e) || replaced_by || style.placed() || sized.iter().any(|p| style.slot(*p).is_some())
        };
        if el.descendants().filter_map(ElementRef::wrap).take(MOST_LEAVES).any(drawn) {
            return seen;
        }
        let spot = doc.span(el.id()).map(|span| Spot { source: Arc::clone(&doc.source), span });
        let hiding = Hiding { technique: Technique::ZeroSize, spot };
        if filled() { Seen::Unsure(hiding) } else { Seen::Hidden(hiding) }
    }

    /// What the style sheets make of an element added to the page by script. Nothing opens it for a person;
    /// a script that may show it makes the answer unsure.
    pub(super) fn added_seen(&self, doc: &Document, html: &Html, seeing: &Seeing, el: ElementRef, text: bool) -> Seen {
        let (seen, reason) = self.judge(doc, html, seeing, el, text);
        let (Seen::Hidden(hiding), Some(reason)) = (&seen, reason) else { return seen };
        let in_world = |world| self.hidden_in(html, seeing, el, text, world).is_none();
        let shown = || in_world(World::Guessed) || in_world(World::Loaded);
        let pointed = || self.hidden_in(html, seeing, el, text, World::Pointed).is_none();
        if self.scripted && (self.script_may_show(html, reason) || (shown() && !pointed())) {
            return Seen::Unsure(hiding.clone());
        }
        seen
    }

    /// Whether a running script names what is hidden, or it is the whole page, which scripts show when loaded.
    fn script_may_show(&self, html: &Html, reason: Reason) -> bool {
        let at = html.tree.get(reason.at).and_then(ElementRef::wrap);
        at.is_some_and(|at| matches!(at.value().name(), "html" | "body") || self.named.may_name(at))
    }

    fn piece(&self, doc: &Document, html: &Html, seeing: &Seeing, el: ElementRef, text: bool) -> Seen {
        let seen = self.left_alone(doc, html, seeing, el, text);
        if !matches!(seen, Seen::Hidden(_) | Seen::Unsure(_)) && self.taken.holds(el) {
            return Seen::Unsure(Hiding { technique: Technique::DisplayNone, spot: None });
        }
        if matches!(seen, Seen::Yes)
            && let Some(reason) = self
                .covered(html, seeing, el)
                .or_else(|| self.clipped(html, seeing, el))
                .or_else(|| self.fading(html, seeing, el))
        {
            return Seen::Unsure(Hiding { technique: reason.technique, spot: self.spot(doc, reason) });
        }
        seen
    }

    /// An animation of an element, or of what is around it, that leaves nothing to see when it ends. How often it runs
    /// and what stays after it is not reckoned, unless it runs for ever.
    fn fading(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> Option<Reason> {
        let leaving = &self.cascade.rules.leaving;
        if leaving.is_empty() {
            return None;
        }
        std::iter::successors(Some(el), |e| parent_of(*e)).find_map(|at| {
            let style = self.style(html, seeing, at, World::Plain);
            let slot = style.slot(Property::Animation)?;
            let Value::Animated(text) = &slot.value else { return None };
            // Commas stand between animations, and between the arguments of their functions.
            let apart = text.replace(',', " , ");
            let leaves = words(&apart).split(|word| *word == ",").any(|run| {
                let for_ever = run.iter().any(|word| word.eq_ignore_ascii_case("infinite"));
                let names = run.iter().map(|word| word.trim_matches(['"', '\'']));
                names.filter_map(|name| leaving.get(name)).any(|always| *always || !for_ever)
            });
            let reason = Reason { technique: Technique::Transparent, by: slot.by, at: at.id(), maybe: true };
            leaves.then_some(reason)
        })
    }

    /// How well one piece is seen where no script takes it away.
    fn left_alone(&self, doc: &Document, html: &Html, seeing: &Seeing, el: ElementRef, text: bool) -> Seen {
        let (seen, reason) = self.judge(doc, html, seeing, el, text);
        let opened = || {
            [World::Pointed, World::Opened]
                .into_iter()
                .filter(|w| *w == World::Pointed || self.scripted)
                .any(|w| self.hidden_in(html, seeing, el, text, w).is_none())
        };
        // In doubt only whether it shows before it is opened.
        if let (Seen::Unsure(hiding), Some(_)) = (&seen, reason)
            && opened()
        {
            return Seen::InMenu(hiding.clone());
        }
        let (Seen::Hidden(hiding), Some(reason)) = (&seen, reason) else { return seen };
        let at = html.tree.get(reason.at).and_then(ElementRef::wrap);
        let popover = at.is_some_and(|at| self.triggers(html).opens_popover(at));
        if popover || opened() {
            return Seen::InMenu(hiding.clone());
        }
        let guessed = || self.hidden_in(html, seeing, el, text, World::Guessed).is_none();
        let may_show =
            || self.script_may_show(html, reason) || guessed() || self.may_show_later(html, seeing, el, text, reason);
        if self.cascade.loosely_exhausted() || (self.scripted && may_show()) {
            return Seen::Unsure(hiding.clone());
        }
        seen
    }

    /// Hidden or not in every world that conditions allow.
    fn judge(
        &self,
        doc: &Document,
        html: &Html,
        seeing: &Seeing,
        el: ElementRef,
        text: bool,
    ) -> (Seen, Option<Reason>) {
        let plain = self.hidden_in(html, seeing, el, text, World::Plain);
        let around = self.surroundings(html, seeing, el, World::Plain);
        let hiding = |reason: Reason| Hiding { technique: reason.technique, spot: self.spot(doc, reason) };
        if self.cascade.exhausted() {
            let hiding = plain.map_or(Hiding { technique: Technique::DisplayNone, spot: None }, hiding);
            return (Seen::Unsure(hiding), None);
        }
        if let Some(reason) = plain.filter(|r| r.maybe) {
            let placed = reason.technique == Technique::OffScreen && around.conditions.is_empty();
            return (Seen::Unsure(hiding(reason)), placed.then_some(reason));
        }
        if !around.conditions.is_empty() {
            let some = around.conditions.iter().take(MOST_CONDITIONS).map(|c| World::Only(*c));
            for world in some.chain([World::All]) {
                let other = self.hidden_in(html, seeing, el, text, world);
                if let Some(reason) = other.or(plain)
                    && (other.is_some() != plain.is_some() || reason.maybe)
                {
                    return (Seen::Unsure(hiding(reason)), None);
                }
            }
        }
        match plain {
            Some(reason) => (Seen::Hidden(hiding(reason)), Some(reason)),
            None if around.folded || (text && folds_text(el)) => match self.shut(html, seeing, el) {
                Some(reason) if self.scripted => (Seen::Unsure(hiding(reason)), None),
                Some(reason) => (Seen::Hidden(hiding(reason)), None),
                None => (Seen::InDetails, None),
            },
            None => (Seen::Yes, None),
        }
    }

    /// What hides the summary of a closed `<details>` around an element, so that nobody can fold it out.
    fn shut(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> Option<Reason> {
        std::iter::successors(Some(el), |e| parent_of(*e)).filter(|e| folds_text(*e)).find_map(|details| {
            let (summary, reason) = self.shut_details(html, seeing, details)?;
            let own = summary != el.id() && !el.ancestors().any(|a| a.id() == summary);
            own.then_some(reason)
        })
    }

    /// The summary of a closed `<details>` and what hides it. A link to something in it folds it out too. Worked out
    /// once for each: thousands may be nested, with a link in every one.
    fn shut_details(&self, html: &Html, seeing: &Seeing, details: ElementRef) -> Option<(NodeId, Reason)> {
        if let Some(known) = seeing.shut.borrow().get(&details.id()) {
            return *known;
        }
        let summary = details.child_elements().find(|c| c.value().name() == "summary");
        let shut = summary.and_then(|summary| {
            let gone = |r: &Reason| !r.maybe && r.at == summary.id() && NO_ROOM.contains(&r.technique);
            let reason = self.hidden_in(html, seeing, summary, false, World::Plain).filter(gone)?;
            let opens = self.hidden_in(html, seeing, summary, false, World::Pointed).is_none();
            let led = || details.descendants().filter_map(ElementRef::wrap).any(|e| self.triggers(html).lead_to(e));
            (!opens && !led()).then_some((summary.id(), reason))
        });
        seeing.shut.borrow_mut().insert(details.id(), shut);
        shut
    }

    pub(super) fn triggers(&self, html: &Html) -> &Rc<Triggers> {
        self.triggers.get_or_init(|| Rc::new(Triggers::find(html)))
    }

    /// Boxes that nobody can tick: taken out of the page themselves, and no label stands for them.
    pub(super) fn stuck(&self, html: &Html, seeing: &Seeing) -> &Rc<HashSet<NodeId>> {
        self.stuck.get_or_init(|| {
            let gone = |el: &ElementRef| {
                let reason = self.hidden_in(html, seeing, *el, false, World::Plain);
                reason.is_some_and(|r| !r.maybe && r.at == el.id() && NO_ROOM.contains(&r.technique))
            };
            let boxes = html.tree.root().descendants().filter_map(ElementRef::wrap);
            let boxes = boxes.filter(|e| to_tick(*e));
            Rc::new(boxes.filter(|e| !self.triggers(html).label(*e)).filter(gone).map(|e| e.id()).collect())
        })
    }

    fn spot(&self, doc: &Document, reason: Reason) -> Option<Spot> {
        match reason.by {
            By::Declaration(rule, index) => {
                let rule = self.cascade.rules.all.get(rule)?;
                self.cascade.rules.spot(rule.sheet, rule.declarations.get(index)?.span)
            }
            By::Element(id) => doc.span(id).map(|span| Spot { source: Arc::clone(&doc.source), span }),
        }
    }
}

/// What an element holds to see: elements with text of their own (true) and pictures and controls (false).
pub(super) fn leaves(el: ElementRef<'_>) -> Vec<(ElementRef<'_>, bool)> {
    let mut found = Vec::new();
    for node in el.descendants() {
        if found.len() >= MOST_LEAVES {
            break;
        }
        match node.value() {
            Node::Text(text) if !text.trim().is_empty() => {
                let Some(parent) = node.parent().and_then(ElementRef::wrap) else { continue };
                let unseen =
                    matches!(parent.value().name(), "script" | "style" | "noscript" | "template" | "title" | "desc");
                if !unseen && found.last().is_none_or(|(last, _): &(ElementRef, bool)| last.id() != parent.id()) {
                    found.push((parent, true));
                }
            }
            Node::Element(_) => {
                if let Some(inner) = ElementRef::wrap(node).filter(|e| replaced(*e) && !without_picture(*e)) {
                    found.push((inner, false));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether an image has neither a picture nor words in its place, nor anything that tells a script of one.
fn without_picture(el: ElementRef) -> bool {
    let of_others = |(name, text): (&str, &str)| match name {
        "alt" => !text.trim().is_empty(),
        _ => !matches!(name, "class" | "id" | "style" | "width" | "height" | "border" | "loading" | "decoding"),
    };
    el.value().name() == "img"
        && !el.value().attrs().any(of_others)
        && parent_of(el).is_none_or(|up| up.value().name() != "picture")
}
