//! Cascade layers: their names as they appear and the order they give to rules.

/// The layers of a page. Number 0 stands for rules outside any layer.
#[derive(Debug)]
pub(super) struct Layers {
    nodes: Vec<Layer>,
}

#[derive(Debug, Default)]
struct Layer {
    name: Option<String>,
    children: Vec<usize>,
}

impl Default for Layers {
    fn default() -> Self {
        Self { nodes: vec![Layer::default()] }
    }
}

impl Layers {
    /// The layer of a dotted name inside another one, made when it is new.
    pub(super) fn named(&mut self, inside: usize, name: &str) -> usize {
        name.split('.').map(str::trim).fold(inside, |at, part| {
            let known = self.nodes[at].children.iter().find(|c| self.nodes[**c].name.as_deref() == Some(part));
            match known {
                Some(child) => *child,
                None => self.add(at, Some(part.to_owned())),
            }
        })
    }

    /// A new layer without a name.
    pub(super) fn anonymous(&mut self, inside: usize) -> usize {
        self.add(inside, None)
    }

    fn add(&mut self, inside: usize, name: Option<String>) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Layer { name, children: Vec::new() });
        self.nodes[inside].children.push(index);
        index
    }

    /// For each layer its rank among normal declarations: the higher wins. Rules outside any layer win over
    /// all layers, and a layer's own rules over those of the layers in it.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.nodes.len()];
        let mut next = 0;
        let mut open = vec![(0_usize, 0_usize)];
        while let Some((node, child)) = open.pop() {
            match self.nodes[node].children.get(child) {
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
