//! The built-in policies as targets use them, and what must hold of every fact: its place lies within its text.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use rasoat::acquire::Needs;
use rasoat::policy::{self, Check, Policy};
use rasoat::snapshot::{Hiding, InjectedLabel, Page, Seen, Source, Span, Spot};

/// Every built-in policy.
pub static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    policy::builtin_names().map(|name| policy::load(name, &BTreeMap::new()).expect("it loads").policy).collect()
});

/// What the rules of all built-in policies want, and some selectors more.
pub static NEEDS: LazyLock<Needs> = LazyLock::new(|| {
    let mut needs = Needs::default();
    for policy in POLICIES.iter() {
        needs.trackers.extend(policy.trackers.clone());
        needs.deferred_types.extend(policy.deferred_types.iter().cloned());
        needs.selectors.extend(policy.rules.iter().flat_map(|r| r.check.walk()).filter_map(|check| match check {
            Check::Element(element) => Some(element.selector.clone()),
            _ => None,
        }));
    }
    let more = ["a[href]", "footer p", "html:has(img[alt])", ":is(h1, h2):not(.x) + *", "li:nth-child(2n + 1)"];
    needs.selectors.extend(more.map(str::to_owned));
    needs
});

/// A place lies within its text, at whole characters.
pub fn within(source: &Source, span: Span) {
    assert!(source.text.get(span.start as usize..span.end as usize).is_some(), "a place outside the text");
    let position = source.position(span.start);
    assert!(position.line >= 1 && position.column >= 1);
}

/// A place is that of a start tag.
pub fn tag(source: &Source, span: Span) {
    within(source, span);
    assert!(source.slice(span).starts_with('<'), "a start tag begins elsewhere");
}

/// A place lies within the text it is of.
pub fn spot(spot: &Spot) {
    within(&spot.source, spot.span);
}

fn hiding(hiding: &Hiding) {
    hiding.spot.iter().for_each(spot);
}

/// What is seen of an element says where that is written.
pub fn seen(seen: &Seen) {
    match seen {
        Seen::Yes | Seen::InDetails => {}
        Seen::InMenu(why) | Seen::Hidden(why) | Seen::Unsure(why) => hiding(why),
    }
}

/// Every fact of a page has its place within the text it is of.
pub fn page(page: &Page) {
    let source: &Arc<Source> = &page.source;
    for script in &page.scripts {
        tag(source, script.tag);
        within(source, script.text);
    }
    page.handlers.iter().for_each(|handler| within(source, handler.span));
    page.syntax_faults.iter().for_each(|fault| spot(&fault.spot));
    for facts in page.queues.values() {
        facts.commands.iter().for_each(|command| spot(&command.spot));
        facts.loads.iter().for_each(|load| spot(&load.spot));
        facts.mentions.iter().for_each(|mention| spot(&mention.spot));
        facts.doubt.iter().for_each(|(_, at)| spot(at));
    }
    page.csp.iter().filter_map(|csp| csp.spot.as_ref()).for_each(spot);
    for link in &page.links {
        within(source, link.span);
        seen(&link.seen);
    }
    for label in page.labels.values() {
        for own in &label.own {
            within(source, own.span);
            seen(&own.seen);
        }
        match &label.injected {
            InjectedLabel::Shown => {}
            InjectedLabel::Hidden(why) | InjectedLabel::Conditional(why) => hiding(why),
        }
        label.scripted.iter().for_each(spot);
    }
    page.elements.values().flatten().filter_map(|found| found.span).for_each(|span| tag(source, span));
    page.refresh.iter().for_each(|refresh| within(source, refresh.span));
    page.unread.iter().for_each(|unread| spot(&unread.spot));
}
