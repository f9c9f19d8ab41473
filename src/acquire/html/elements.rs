//! Finds the elements that `element` checks ask for. A selector that does not parse finds nothing: the policy
//! was checked when it was loaded. Elements in templates are not part of the page.

use std::collections::BTreeMap;

use super::Document;
use super::content::content;
use super::walk::acting_among;
use crate::policy::compiled_selector;
use crate::snapshot::ElementMatch;
use ego_tree::NodeId;

/// Characters of an element's text that are kept.
const TEXT: usize = 400;
/// Most matches of one selector.
const MOST: usize = 1_000;

/// Matches of each selector, in document order.
#[must_use]
pub fn elements(doc: &Document, selectors: &[String]) -> BTreeMap<String, Vec<ElementMatch>> {
    let matches = |written: &String| -> Vec<ElementMatch> {
        let Some(selector) = compiled_selector(written) else { return Vec::new() };
        // The tree gives its matches in the order in which it was built, detached ones and those of templates too.
        let found: Vec<NodeId> = doc.html.select(&selector).map(|element| element.id()).collect();
        if found.is_empty() {
            return Vec::new();
        }
        acting_among(doc, found)
            .into_iter()
            .take(MOST)
            .filter_map(|id| doc.html.tree.get(id))
            .map(|node| ElementMatch { span: doc.span(node.id()), text: content(node, TEXT, true) })
            .collect()
    };
    selectors.iter().map(|written| (written.clone(), matches(written))).collect()
}
