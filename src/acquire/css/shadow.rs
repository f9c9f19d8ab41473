//! Shadow trees that a page itself declares: what their hosts hold is drawn only where such a tree has a slot for it.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

use super::selector::attribute;
use super::ua::is_shadow_root;

/// The names of slots in the shadow tree of each host.
#[derive(Debug, Default)]
pub(super) struct Slots(HashMap<NodeId, HashSet<Box<str>>>);

impl Slots {
    /// One pass over the elements of a tree.
    pub(super) fn find(html: &Html) -> Self {
        let mut all = Self::default();
        let mut hosts: Vec<NodeId> = Vec::new();
        for edge in html.tree.root().traverse() {
            let (node, opens) = match edge {
                Edge::Open(node) => (node, true),
                Edge::Close(node) => (node, false),
            };
            let Some(el) = ElementRef::wrap(node) else { continue };
            match el.value().name() {
                "template" if is_shadow_root(el) => match (opens, node.parent()) {
                    (true, Some(host)) => {
                        all.0.entry(host.id()).or_default();
                        hosts.push(host.id());
                    }
                    (true, None) => {}
                    (false, _) => {
                        hosts.pop();
                    }
                },
                "slot" if opens => {
                    if let Some(names) = hosts.last().and_then(|host| all.0.get_mut(host)) {
                        names.insert(attribute(el, "name").unwrap_or_default().into());
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// Whether an element stands in a host that has no slot for it.
    pub(super) fn leave_out(&self, el: ElementRef) -> bool {
        let names = el.parent().and_then(|host| self.0.get(&host.id()));
        names.is_some_and(|n| !n.contains(attribute(el, "slot").unwrap_or_default()) && !is_shadow_root(el))
    }

    /// Whether the text directly in an element has no slot.
    pub(super) fn leave_out_text(&self, el: ElementRef) -> bool {
        self.0.get(&el.id()).is_some_and(|names| !names.contains(""))
    }
}
