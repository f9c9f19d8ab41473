//! `element`: how many elements of the page match a selector.

use super::{Decided, Judged, Opinion, Subject};
use crate::finding::{Basis, Evidence, MOST_PLACES, Place, safe};
use crate::policy::{ElementCheck, Text, compiled};
use crate::snapshot::{ElementMatch, ElementSight, Gap, Span};

/// A match: its text, and its start tag where the page's bytes hold it.
type Found<'a> = (&'a str, Option<Span>);

/// Matches as a browser found them, each with the place of one that says the same in the bytes.
fn sighted<'a>(rendered: &'a [ElementSight], page: &[ElementMatch]) -> Vec<Found<'a>> {
    let mut used = vec![false; page.len()];
    let mut place = |text: &str| {
        let n = page.iter().zip(&used).position(|(written, used)| !used && written.text == text)?;
        used[n] = true;
        page[n].span
    };
    rendered.iter().map(|e| (&*e.text, place(&e.text))).collect()
}

pub(super) fn judge(check: &ElementCheck, subject: &Subject<'_>) -> Judged {
    let page = subject.page?;
    let written = page.elements.get(&check.selector).ok_or(Gap::NoData)?;
    let found: Vec<Found<'_>> = match subject.rendered() {
        Some(rendered) => sighted(rendered.elements.get(&check.selector).ok_or(Gap::NoData)?, written),
        None => written.iter().map(|e| (&*e.text, e.span)).collect(),
    };
    let wanted_text = check.text.as_ref().map(|text| compiled(text).ok_or(Gap::NoData)).transpose()?;
    let fits = |(text, _): &&Found<'_>| wanted_text.as_ref().is_none_or(|r| r.is_match(text));
    let matches: Vec<_> = found.iter().filter(fits).collect();
    let count = u32::try_from(matches.len()).unwrap_or(u32::MAX);
    let selector = &check.selector;
    let mut decided = if count < check.min {
        Decided::fail(
            "element-missing",
            Text::new(
                format!("Trang có {count} phần tử khớp {selector}, cần ít nhất {}.", check.min),
                format!("Elements matching {selector}: {count}; at least {} wanted.", check.min),
            ),
        )
    } else if let Some(max) = check.max.filter(|max| count > *max) {
        Decided::fail(
            "element-too-many",
            Text::new(
                format!("Trang có {count} phần tử khớp {selector}, tối đa {max}."),
                format!("Elements matching {selector}: {count}; at most {max} allowed."),
            ),
        )
    } else {
        Decided::pass(Text::new(
            format!("Trang có {count} phần tử khớp {selector}."),
            format!("Elements matching {selector}: {count}."),
        ))
    };
    decided.grounds.basis = subject.rendered().map(|_| Basis::Browser);
    decided.grounds.expected = Some(match check.max {
        Some(max) => format!("{}..={max} × {selector}", check.min),
        None => format!("≥ {} × {selector}", check.min),
    });
    decided.grounds.actual = Some(count.to_string());
    // A pass needs one example; a failure shows all there is to mend.
    let shown = if decided.opinion == Opinion::Pass { 1 } else { MOST_PLACES };
    decided.grounds.places =
        matches.iter().take(shown).filter_map(|(_, span)| *span).map(|span| Place::of(&page.source, span)).collect();
    if decided.grounds.places.is_empty() {
        decided.grounds.places.push(Place::whole(&page.source.origin));
        decided.grounds.evidence.push(Evidence::Absence { what: safe(selector, 200) });
    }
    Ok(decided)
}
