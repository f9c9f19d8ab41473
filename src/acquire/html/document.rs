//! A parsed page: scraper's tree and, for each element, the exact bytes of its start tag and of its raw text.
//! The tree is the one scraper would build; nothing is judged and nothing recurses into the tree.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use ego_tree::NodeId;
use html5ever::TokenizerResult;
use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use scraper::Html;

use super::tap::{Log, Tap};
use crate::snapshot::{Source, Span};

/// Most nodes of a page; reading stops there.
pub const MAX_NODES: usize = 1_000_000;
/// Deepest element of a page, give or take a few hundred; reading stops there.
pub const MAX_DEPTH: usize = 4_096;
/// Most steps up the tree that building it may take, estimated as the sum of the depths of its elements: a page
/// of real depth has a twentieth of it, while depth and length together would take minutes.
pub const MAX_STEPS: usize = 50_000_000;

/// A parsed page.
#[derive(Debug)]
pub struct Document {
    /// The tree, the same as scraper's.
    pub html: Html,
    /// The text it was parsed from.
    pub source: Arc<Source>,
    /// Elements in document order, once somebody asked: the ones that stand in a template are marked.
    pub(super) order: OnceCell<Vec<(NodeId, bool)>>,
    log: Log,
}

impl Document {
    /// Parses a page.
    #[must_use]
    pub fn parse(source: Arc<Source>) -> Self {
        let queue = Rc::new(BufferQueue::default());
        queue.push_back(StrTendril::from_slice(&source.text));
        let tokenizer = Tokenizer::new(Tap::new(&source.text, Rc::clone(&queue)), TokenizerOpts::default());
        // The tokenizer returns after each script and each named encoding: there is nothing to run or change.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        tokenizer.end();
        let Tap { builder, log, .. } = tokenizer.sink;
        let html = builder.sink.finish();
        Self { html, source, order: OnceCell::new(), log: log.into_inner() }
    }

    /// The start tag of an element; `None` for elements the parser adds. A formatting element that the parser
    /// repeats in the next block (`<a>` around a paragraph) has the tag it was copied from.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Option<Span> {
        find(&self.log.tags, id)
    }

    /// The text between the tags of a script, style, title, textarea or other element whose content is raw
    /// text (noscript, iframe, xmp …), exactly as written; `None` for other elements.
    #[must_use]
    pub fn text_span(&self, id: NodeId) -> Option<Span> {
        find(&self.log.texts, id)
    }

    /// Whether the page ends within the raw text of this element: a script without its end tag never runs.
    #[must_use]
    pub fn is_unclosed(&self, id: NodeId) -> bool {
        self.log.unclosed == Some(id)
    }

    /// Every element with a start tag, in the order of the text.
    pub fn tags(&self) -> impl Iterator<Item = (NodeId, Span)> + '_ {
        self.log.tags.iter().copied()
    }

    /// Every element with raw text, in the order of the text.
    pub fn raw_texts(&self) -> impl Iterator<Item = (NodeId, Span)> + '_ {
        self.log.texts.iter().copied()
    }

    /// Comments, their markers included.
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.log.comments
    }

    /// Contents of templates that show nothing (declarative shadow roots are shown).
    #[must_use]
    pub fn template_contents(&self) -> &[Span] {
        &self.log.templates
    }

    /// Whether the text has a doctype, or a tag named html, head or body.
    #[must_use]
    pub fn structural(&self) -> bool {
        self.log.structural
    }

    /// Where reading stopped because the page goes beyond [`MAX_NODES`], [`MAX_DEPTH`] or [`MAX_STEPS`]; `None` for a page that was read to its end.
    #[must_use]
    pub fn cut(&self) -> Option<usize> {
        self.log.cut
    }
}

fn find(list: &[(NodeId, Span)], id: NodeId) -> Option<Span> {
    let at = list.binary_search_by_key(&id, |(id, _)| *id).ok()?;
    list.get(at).map(|(_, span)| *span)
}
