//! `element`: how many elements of the page match a selector.

use super::{Decided, Judged, Opinion, Subject};
use crate::finding::{Evidence, MOST_PLACES, Place, safe};
use crate::policy::{ElementCheck, Text, compiled};
use crate::snapshot::Gap;

pub(super) fn judge(check: &ElementCheck, subject: &Subject<'_>) -> Judged {
    let page = subject.page?;
    let found = page.elements.get(&check.selector).ok_or(Gap::NoData)?;
    let wanted_text = check.text.as_ref().map(|text| compiled(text).ok_or(Gap::NoData)).transpose()?;
    let matches: Vec<_> = found.iter().filter(|e| wanted_text.as_ref().is_none_or(|r| r.is_match(&e.text))).collect();
    let count = u32::try_from(matches.len()).unwrap_or(u32::MAX);
    let selector = &check.selector;
    let mut decided = if count < check.min {
        Decided::fail(
            "element-missing",
            Text::new(
                format!("Trang có {count} phần tử khớp {selector}, cần ít nhất {}.", check.min),
                format!("The page has {count} elements matching {selector}; at least {} are wanted.", check.min),
            ),
        )
    } else if let Some(max) = check.max.filter(|max| count > *max) {
        Decided::fail(
            "element-too-many",
            Text::new(
                format!("Trang có {count} phần tử khớp {selector}, tối đa {max}."),
                format!("The page has {count} elements matching {selector}; at most {max} are allowed."),
            ),
        )
    } else {
        Decided::pass(Text::new(
            format!("Trang có {count} phần tử khớp {selector}."),
            format!("The page has {count} elements matching {selector}."),
        ))
    };
    decided.grounds.expected = Some(match check.max {
        Some(max) => format!("{}..={max} × {selector}", check.min),
        None => format!("≥ {} × {selector}", check.min),
    });
    decided.grounds.actual = Some(count.to_string());
    // A pass needs one example; a failure shows all there is to mend.
    let shown = if decided.opinion == Opinion::Pass { 1 } else { MOST_PLACES };
    decided.grounds.places =
        matches.iter().take(shown).filter_map(|e| e.span).map(|span| Place::of(&page.source, span)).collect();
    if decided.grounds.places.is_empty() {
        decided.grounds.places.push(Place::whole(&page.source.origin));
        decided.grounds.evidence.push(Evidence::Absence { what: safe(selector, 200) });
    }
    Ok(decided)
}
