//! A parsed page: scraper's tree and, for each element, the byte span of its start tag.

use std::collections::HashMap;
use std::sync::Arc;

use ego_tree::NodeId;
use scraper::Html;

use crate::snapshot::{Source, Span};

/// A parsed page.
#[derive(Debug)]
pub struct Document {
    /// The tree, the same as scraper's.
    pub html: Html,
    /// The text it was parsed from.
    pub source: Arc<Source>,
    spans: HashMap<NodeId, Span>,
}

impl Document {
    /// Parses a page.
    #[must_use]
    pub fn parse(source: Arc<Source>) -> Self {
        let html = Html::parse_document(&source.text);
        Self { html, source, spans: HashMap::new() }
    }

    /// The start tag of an element; `None` for elements the parser adds.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Option<Span> {
        self.spans.get(&id).copied()
    }
}
