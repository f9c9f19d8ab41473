//! The elements of a page in document order, without those that do nothing: the content of a template is
//! only a stock of nodes. Iterates, never recurses, so that the depth of a page costs no stack.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use html5ever::ns;
use scraper::{ElementRef, Html, Node};

use super::Document;

/// Elements in document order and whether they stand in a template. The tree is walked once for all who ask.
pub(super) fn elements(doc: &Document) -> impl Iterator<Item = (ElementRef<'_>, bool)> {
    let order = doc.order.get_or_init(|| walk(&doc.html));
    order.iter().filter_map(|(id, inert)| Some((ElementRef::wrap(doc.html.tree.get(*id)?)?, *inert)))
}

fn walk(html: &Html) -> Vec<(NodeId, bool)> {
    let mut inert = 0_usize;
    let mut order = Vec::new();
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) if node.value().is_element() => {
                order.push((node.id(), inert > 0));
                inert += usize::from(is_inert_template(node));
            }
            Edge::Close(node) if inert > 0 => inert -= usize::from(is_inert_template(node)),
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
    order
}

/// Elements that act, in document order.
pub(super) fn acting(doc: &Document) -> impl Iterator<Item = ElementRef<'_>> {
    elements(doc).filter(|(_, inert)| !inert).map(|(e, _)| e)
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
