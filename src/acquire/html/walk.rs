//! The elements of a page in document order, without those that do nothing: the content of a template is
//! only a stock of nodes. Iterates, never recurses, so that the depth of a page costs no stack.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use html5ever::ns;
use scraper::{ElementRef, Html, Node};

/// Elements in document order and whether they stand in a template.
pub(super) fn elements(html: &Html) -> impl Iterator<Item = (ElementRef<'_>, bool)> {
    let mut inert = 0_usize;
    html.tree.root().traverse().filter_map(move |edge| match edge {
        Edge::Open(node) => {
            let found = ElementRef::wrap(node).map(|e| (e, inert > 0));
            inert += usize::from(is_inert_template(node));
            found
        }
        Edge::Close(node) => {
            inert -= usize::from(is_inert_template(node));
            None
        }
    })
}

/// Elements that act, in document order.
pub(super) fn acting(html: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    elements(html).filter(|(_, inert)| !inert).map(|(e, _)| e)
}

/// Whether a node is a template whose content is a mere stock; that of a declarative shadow root is shown.
pub(super) fn is_inert_template(node: NodeRef<'_, Node>) -> bool {
    let Some(element) = node.value().as_element() else { return false };
    element.name.ns == ns!(html)
        && element.name() == "template"
        && !element.attr("shadowrootmode").is_some_and(is_shadow_mode)
}

/// Whether a value of `shadowrootmode` is one that browsers know.
pub(super) fn is_shadow_mode(value: &str) -> bool {
    value.eq_ignore_ascii_case("open") || value.eq_ignore_ascii_case("closed")
}
