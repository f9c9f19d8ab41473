//! Cascade layers: their names as they appear and the order they give to rules.

use std::collections::HashMap;

/// The layers of a page. Number 0 stands for rules outside any layer.
#[derive(Debug)]
pub(super) struct Layers {
    /// For each layer the layers in it.
    children: Vec<Vec<usize>>,
    named: HashMap<(usize, String), usize>,
}

impl Default for Layers {
    fn default() -> Self {
        Self { children: vec![Vec::new()], named: HashMap::new() }
    }
}

impl Layers {
    /// The layer of a dotted name inside another one, made when it is new.
    pub(super) fn named(&mut self, inside: usize, name: &str) -> usize {
        name.split('.').map(str::trim).fold(inside, |at, part| match self.named.get(&(at, part.to_owned())) {
            Some(child) => *child,
            None => {
                let new = self.anonymous(at);
                self.named.insert((at, part.to_owned()), new);
                new
            }
        })
    }

    /// A new layer without a name.
    pub(super) fn anonymous(&mut self, inside: usize) -> usize {
        let index = self.children.len();
        self.children.push(Vec::new());
        self.children[inside].push(index);
        index
    }

    /// For each layer its rank among normal declarations: the higher wins. Rules outside any layer win over
    /// all layers, and a layer's own rules over those of the layers in it.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.children.len()];
        let mut next = 0;
        let mut open = vec![(0_usize, 0_usize)];
        while let Some((node, child)) = open.pop() {
            match self.children[node].get(child) {
                Some(inner) => {
                    open.push((node, child + 1));
                    open.push((*inner, 0));
                }
                None => {
                    ranks[node] = next;
                    next += 1;
                }
            }
        }
        ranks
    }
}
