//! Finds the elements that `element` checks ask for. A selector that does not parse finds nothing: the policy
//! was checked when it was loaded. Elements in templates are not part of the page.

use std::collections::BTreeMap;

use scraper::Selector;

use super::Document;
use super::content::content;
use super::walk::acting;
use crate::snapshot::ElementMatch;

/// Characters of an element's text that are kept.
const TEXT: usize = 400;
/// Most matches of one selector.
const MOST: usize = 1_000;

/// Matches of each selector, in document order.
#[must_use]
pub fn elements(doc: &Document, selectors: &[String]) -> BTreeMap<String, Vec<ElementMatch>> {
    let matches = |written: &String| -> Vec<ElementMatch> {
        let Ok(selector) = Selector::parse(written) else { return Vec::new() };
        acting(doc)
            .filter(|element| selector.matches(element))
            .take(MOST)
            .map(|element| ElementMatch { span: doc.span(element.id()), text: content(*element, TEXT, true) })
            .collect()
    };
    selectors.iter().map(|written| (written.clone(), matches(written))).collect()
}
