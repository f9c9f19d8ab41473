//! The elements of a page in document order, without those that do nothing: the content of a template is
//! only a stock of nodes. Iterates, never recurses, so that the depth of a page costs no stack.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use html5ever::{local_name, ns};
use scraper::{ElementRef, Html, Node};

use super::Document;
use super::sink::{Noted, handles, tells};

/// The elements of a page, each with whether it stands in a template.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// All of them; `None` when the tree holds them in this order and none in a template.
    all: Option<Vec<(NodeId, bool)>>,
    /// Those that tell of the page more than they show: scripts, metas, links to files, base and title.
    telling: Vec<(NodeId, bool)>,
    /// Those that act and have an attribute whose name begins with `on`.
    handling: Vec<NodeId>,
}

impl Order {
    /// From what was noted while the tree was built, where that tells; else the tree is walked once.
    pub(super) fn of(html: &Html, noted: &Noted) -> Self {
        if noted.shuffled {
            return Self::walked(html);
        }
        let telling = noted.telling.iter().map(|id| (*id, false)).collect();
        Self { all: None, telling, handling: noted.handling.clone() }
    }

    fn walked(html: &Html) -> Self {
        let mut order = Self::default();
        let (mut all, mut inert) = (Vec::new(), 0_usize);
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => {
                    let Some(element) = node.value().as_element() else { continue };
                    all.push((node.id(), inert > 0));
                    if tells(&element.name.local) {
                        order.telling.push((node.id(), inert > 0));
                    }
                    if inert == 0 && element.attrs.iter().any(|(name, _)| handles(&name.local)) {
                        order.handling.push(node.id());
                    }
                    inert += usize::from(is_inert_template(node));
                }
                Edge::Close(node) if inert > 0 => inert -= usize::from(is_inert_template(node)),
                Edge::Close(_) => {}
            }
        }
        order.all = Some(all);
        order
    }
}

fn order(doc: &Document) -> &Order {
    doc.order.get_or_init(|| Order::of(&doc.html, &doc.noted))
}

fn element(doc: &Document, id: NodeId) -> Option<ElementRef<'_>> {
    ElementRef::wrap(doc.html.tree.get(id)?)
}

/// Elements in document order and whether they stand in a template.
pub(super) fn elements(doc: &Document) -> impl Iterator<Item = (ElementRef<'_>, bool)> {
    let listed = order(doc).all.as_deref();
    let built = listed.is_none().then(|| doc.html.tree.nodes().filter_map(ElementRef::wrap).map(|e| (e, false)));
    let listed = listed.unwrap_or_default().iter().filter_map(|(id, inert)| Some((element(doc, *id)?, *inert)));
    built.into_iter().flatten().chain(listed)
}

/// Elements that act, in document order.
pub(super) fn acting(doc: &Document) -> impl Iterator<Item = ElementRef<'_>> {
    elements(doc).filter(|(_, inert)| !inert).map(|(e, _)| e)
}

/// Those of some elements that act, in document order.
pub(super) fn acting_among(doc: &Document, mut ids: Vec<NodeId>) -> Vec<NodeId> {
    ids.sort_unstable();
    let Some(all) = &order(doc).all else { return ids };
    let acting = all.iter().filter(|(_, inert)| !inert).map(|(id, _)| *id);
    acting.filter(|id| ids.binary_search(id).is_ok()).collect()
}

/// Elements named script, meta, link, base or title in document order, and whether they stand in a template.
pub(super) fn telling(doc: &Document) -> impl Iterator<Item = (ElementRef<'_>, bool)> {
    order(doc).telling.iter().filter_map(|(id, inert)| Some((element(doc, *id)?, *inert)))
}

/// Those of them that act.
pub(super) fn telling_here(doc: &Document) -> impl Iterator<Item = ElementRef<'_>> {
    telling(doc).filter(|(_, inert)| !inert).map(|(e, _)| e)
}

/// Elements that act and have an attribute whose name begins with `on`, in document order.
pub(super) fn handling(doc: &Document) -> impl Iterator<Item = ElementRef<'_>> {
    order(doc).handling.iter().filter_map(|id| element(doc, *id))
}

/// Whether a node is a template whose content is a mere stock; that of a declarative shadow root is shown.
pub(super) fn is_inert_template(node: NodeRef<'_, Node>) -> bool {
    let Some(element) = node.value().as_element() else { return false };
    element.name.ns == ns!(html)
        && element.name.local == local_name!("template")
        && !element.attr("shadowrootmode").is_some_and(is_shadow_mode)
}

/// Whether a value of `shadowrootmode` is one that browsers know.
pub(in crate::acquire) fn is_shadow_mode(value: &str) -> bool {
    value.eq_ignore_ascii_case("open") || value.eq_ignore_ascii_case("closed")
}
