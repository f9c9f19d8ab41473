//! What an element's own style and its ancestors' make of it, in one of the ways the page could be: hidden with
//! everything around it, cut off, carried away, or its text alone not to be seen.

use std::rc::Rc;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::carried::{far_right, set_back};
use super::cascade::World;
use super::clipping::{cuts, cuts_off};
use super::hiding::{Effects, Reason, effects, in_line, indented_away};
use super::length::Sum;
use super::property::Property;
use super::reveal::Allowed;
use super::selector::parent_of;
use super::style::{By, Style};
use super::ua::folded_away;
use super::value::Value;
use super::visible::{Seeing, Styles};
use crate::snapshot::Technique;

/// More ancestors that cut an element off than this are not remembered.
const MOST_CUTS: usize = 8;

/// What is hidden so takes no room: nobody can point at it.
const ABSENT: [Technique; 3] = [Technique::DisplayNone, Technique::HiddenAttribute, Technique::ContentVisibility];

/// What an element's own style and its ancestors' make of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    /// Hidden with everything around it.
    whole: Option<Reason>,
    /// Ancestors that cut it off; the flag says that something placed stands in between.
    cuts: Vec<(Reason, bool)>,
    /// Ancestors that carry it off the page.
    away: Option<Reason>,
    /// The page cuts off what lies to its right.
    narrow: bool,
    /// A box around it cuts off what does not fit.
    pub(super) boxed: bool,
    /// In a closed `<details>`.
    pub(super) folded: bool,
    /// Conditions that bear on it.
    pub(super) conditions: Rc<Vec<u32>>,
}

impl Surroundings {
    /// The first thing that hides it, sure ones before doubtful ones.
    fn reason(&self) -> Option<Reason> {
        let all = || self.whole.into_iter().chain(self.cuts.iter().map(|(r, _)| *r)).chain(self.away);
        all().find(|r| !r.maybe).or_else(|| all().next())
    }
}

impl Styles {
    /// What hides an element, or the text directly in it, in one world.
    pub(super) fn hidden_in(
        &self,
        html: &Html,
        seeing: &Seeing,
        el: ElementRef,
        text: bool,
        world: World,
    ) -> Option<Reason> {
        let around = self.surroundings(html, seeing, el, world);
        let structural = around.reason();
        if structural.is_some_and(|r| !r.maybe) {
            return structural;
        }
        if text && seeing.slots(html).leave_out_text(el) {
            return Some(Self::left_out(el));
        }
        let style = self.style(html, seeing, el, world);
        if let Some(slot) = style.slot(Property::Visibility) {
            let maybe = slot.value == Value::Unknown;
            if maybe || matches!(slot.value, Value::Word("hidden" | "collapse")) {
                let at = self.declared_at(html, seeing, el, slot.by, world);
                let maybe = maybe || self.moves_up_to(html, seeing, el, at, world);
                return Some(Reason { technique: Technique::Visibility, by: slot.by, at, maybe });
            }
        }
        let set =
            || self.text_hidden(html, seeing, el, &style, world).or_else(|| self.indented(html, seeing, el, world));
        if text && let Some(reason) = set() {
            let at = self.declared_at(html, seeing, el, reason.by, world);
            let maybe = reason.maybe || self.moves_up_to(html, seeing, el, at, world);
            return Some(Reason { at, maybe, ..reason });
        }
        structural
    }

    /// Text put away by its block's indent. With a picture in its place, it is the picture that is to be seen.
    fn indented(&self, html: &Html, seeing: &Seeing, el: ElementRef, world: World) -> Option<Reason> {
        for at in std::iter::successors(Some(el), |e| parent_of(*e)) {
            let style = self.style(html, seeing, at, world);
            let drawn = style.slot(Property::BackgroundImage).is_some_and(|s| s.value != Value::Word("none"));
            if drawn || self.cascade.generates(at, &style) {
                return None;
            }
            let parent = parent_of(at).map(|p| self.style(html, seeing, p, world));
            if in_line(at, &style, parent.as_deref()) {
                continue;
            }
            let reason = indented_away(at, &style)?;
            let pictured = at.descendants().filter_map(ElementRef::wrap).any(|e| e.value().name() == "img");
            return (!pictured).then_some(reason);
        }
        None
    }

    /// The outermost ancestor that has an inherited value from the same declaration.
    fn declared_at(&self, html: &Html, seeing: &Seeing, el: ElementRef, by: By, world: World) -> NodeId {
        let mut at = el;
        while let Some(up) = parent_of(at) {
            let style = self.style(html, seeing, up, world);
            let inherited =
                [Property::Visibility, Property::FontSize, Property::TextIndent, Property::Color, Property::TextFill];
            if !inherited.iter().any(|p| style.slot(*p).is_some_and(|s| s.by == by)) {
                break;
            }
            at = up;
        }
        at.id()
    }

    /// What its host's shadow tree has no slot for is not drawn.
    fn left_out(el: ElementRef) -> Reason {
        Reason { technique: Technique::HiddenAttribute, by: By::Element(el.id()), at: el.id(), maybe: false }
    }

    pub(super) fn style(&self, html: &Html, seeing: &Seeing, el: ElementRef, world: World) -> Rc<Style> {
        self.cascade.style(&seeing.memo, el, world, &|el| {
            // Only what is hidden needs opening, which spares the loose matching for everything else.
            let plain = self.style(html, seeing, el, World::Plain);
            let visible = plain.slot(Property::Visibility).is_none_or(|s| s.value == Value::Word("visible"));
            let parent = parent_of(el).map(|p| self.style(html, seeing, p, World::Plain));
            let Effects { whole, cut, away } =
                effects(el, &plain, parent.as_deref(), || self.on_page(html, seeing, el, World::Plain));
            let shown = visible && whole.or(cut).or(away).is_none() && plain.font >= 1.0;
            let absent = !visible || whole.is_some_and(|r| ABSENT.contains(&r.technique));
            (!shown).then(|| {
                let (triggers, stuck) = (self.triggers(html), self.stuck(html, seeing));
                Rc::new(Allowed::around(el, absent, self.scripted, triggers, stuck, &self.named))
            })
        })
    }

    /// Whether nothing but the page itself is what a placed element is placed against.
    fn on_page(&self, html: &Html, seeing: &Seeing, el: ElementRef, world: World) -> bool {
        let fixed = self.style(html, seeing, el, world).word(Property::Position) == Some("fixed");
        std::iter::successors(parent_of(el), |e| parent_of(*e)).all(|up| {
            let style = self.style(html, seeing, up, world);
            let holds = [Property::Transform, Property::Translate, Property::Scale, Property::Filter];
            let unmoved = || {
                [Property::Left, Property::Top, Property::MarginLeft, Property::MarginTop]
                    .iter()
                    .all(|p| style.slot(*p).is_none_or(|s| s.value == Value::Length(Sum::default())))
                    && [Property::Width, Property::MaxWidth].iter().all(|p| style.slot(*p).is_none())
            };
            let page = matches!(up.value().name(), "html" | "body") && unmoved();
            holds.iter().all(|p| style.slot(*p).is_none_or(|s| s.value == Value::Word("none")))
                && (fixed || page || !style.positioned())
        })
    }

    pub(super) fn surroundings(&self, html: &Html, seeing: &Seeing, el: ElementRef, world: World) -> Rc<Surroundings> {
        let known = |id: NodeId| seeing.states.borrow().get(&(id, world)).cloned();
        if let Some(state) = known(el.id()) {
            return state;
        }
        let mut chain = vec![el];
        let mut state: Option<Rc<Surroundings>> = None;
        while let Some(up) = chain.last().and_then(|e| parent_of(*e)) {
            if let Some(found) = known(up.id()) {
                state = Some(found);
                break;
            }
            chain.push(up);
        }
        for el in chain.into_iter().rev() {
            let next = Rc::new(self.within(html, seeing, el, world, state.as_deref()));
            seeing.states.borrow_mut().insert((el.id(), world), Rc::clone(&next));
            state = Some(next);
        }
        state.unwrap_or_default()
    }

    fn within(
        &self,
        html: &Html,
        seeing: &Seeing,
        el: ElementRef,
        world: World,
        outer: Option<&Surroundings>,
    ) -> Surroundings {
        let mut state = outer.cloned().unwrap_or_default();
        let style = self.style(html, seeing, el, world);
        let conditions = self.cascade.conditions(&seeing.memo, el);
        if !conditions.is_empty() {
            let mut all = Vec::clone(&state.conditions);
            all.extend(conditions);
            all.sort_unstable();
            all.dedup();
            state.conditions = Rc::new(all);
        }
        state.folded |= folded_away(el);
        match style.word(Property::Position) {
            Some("fixed") => {
                state.cuts.clear();
                state.away = None;
            }
            Some("absolute") => state.cuts.retain(|(_, anchored)| *anchored),
            _ => {}
        }
        if set_back(&style) {
            let carried = state.whole.iter_mut().chain(&mut state.away);
            carried.filter(|r| r.technique == Technique::OffScreen).for_each(|r| r.maybe = true);
        }
        if style.positioned() {
            state.cuts.iter_mut().for_each(|(_, anchored)| *anchored = true);
        }
        let parent = parent_of(el).map(|p| self.style(html, seeing, p, world));
        let Effects { whole, cut, away } =
            effects(el, &style, parent.as_deref(), || self.on_page(html, seeing, el, world));
        if state.whole.is_none_or(|r| r.maybe) {
            let left_out = || seeing.slots(html).leave_out(el).then(|| Self::left_out(el));
            state.whole = whole.filter(|r| !r.maybe).or_else(left_out).or(whole).or(state.whole);
        }
        if state.cuts.len() < MOST_CUTS {
            state.cuts.extend(cut.map(|reason| (reason, style.positioned())));
        }
        state.boxed |= cuts(el, &style);
        state.narrow |=
            matches!(el.value().name(), "html" | "body") && style.word(Property::OverflowX).is_some_and(cuts_off);
        let right = || far_right(el, &style).filter(|_| state.narrow);
        state.away = state.away.or(away).or_else(right);
        state
    }
}
