//! A parsed page: scraper's tree and, for each element, the exact bytes of its start tag and of its raw text.
//! The tree is the one scraper would build; nothing is judged and nothing recurses into the tree.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use ego_tree::NodeId;
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use scraper::Html;

use super::sink::Noted;
use super::tap::{Log, Tap};
use super::walk::Order;
use crate::snapshot::{Source, Span};

/// Most nodes of a page; reading stops there.
pub const MAX_NODES: usize = 1_000_000;
/// Deepest element of a page, give or take a few hundred; reading stops there.
pub const MAX_DEPTH: usize = 4_096;
/// Most steps up the tree that building it may take, estimated as the sum of the depths of its elements: a page
/// of real depth has a twentieth of it, while depth and length together would take minutes.
pub const MAX_STEPS: usize = 50_000_000;
/// Most attributes of a tag; reading stops there. Each name is compared with all before it.
pub const MAX_ATTRIBUTES: usize = 1_000;
/// Bytes that the tokenizer is given at a time: between two pieces a tag is looked at that has not ended yet.
const PIECE: usize = 64 << 10;

/// A parsed page.
#[derive(Debug)]
pub struct Document {
    /// The tree, the same as scraper's.
    pub html: Html,
    /// The text it was parsed from.
    pub source: Arc<Source>,
    /// Its elements in document order, once somebody asked.
    pub(super) order: OnceCell<Order>,
    /// What was noted of its elements while they were made.
    pub(super) noted: Noted,
    log: Log,
}

impl Document {
    /// Parses a page.
    #[must_use]
    pub fn parse(source: Arc<Source>) -> Self {
        Self::parse_by(source, PIECE)
    }

    /// Parses a page that is given in pieces of so many bytes.
    pub(super) fn parse_by(source: Arc<Source>, piece: usize) -> Self {
        let queue = Rc::new(BufferQueue::default());
        let whole = StrTendril::from_slice(&source.text);
        let tokenizer = Tokenizer::new(Tap::new(&source.text, Rc::clone(&queue)), TokenizerOpts::default());
        let mut fed = 0;
        while fed < source.text.len() && !tokenizer.sink.is_cut() {
            let to = piece_end(&source.text, fed, piece);
            let part = u32::try_from(fed).ok().zip(u32::try_from(to - fed).ok());
            let Some(part) = part.map(|(from, length)| whole.subtendril(from, length)) else { break };
            tokenizer.sink.expect(&part, to);
            queue.push_back(part);
            // The tokenizer returns after each script and each named encoding: there is nothing to run or change.
            while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
            tokenizer.sink.look_at_tag();
            fed = to;
        }
        tokenizer.end();
        let Tap { builder, log, .. } = tokenizer.sink;
        let (html, noted) = builder.sink.into_tree();
        Self { html, source, order: OnceCell::new(), noted, log: log.into_inner() }
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

    /// Where reading stopped because the page goes beyond [`MAX_NODES`], [`MAX_DEPTH`], [`MAX_STEPS`] or
    /// [`MAX_ATTRIBUTES`]; `None` for a page that was read to its end.
    #[must_use]
    pub fn cut(&self) -> Option<usize> {
        self.log.cut
    }
}

/// Where a piece ends that begins at `from`. The tokenizer passes over a byte-order mark that begins what it is given.
fn piece_end(text: &str, from: usize, piece: usize) -> usize {
    let mut to = (from + piece).min(text.len());
    while !text.is_char_boundary(to) || text[to..].starts_with('\u{feff}') {
        to += 1;
    }
    to
}

fn find(list: &[(NodeId, Span)], id: NodeId) -> Option<Span> {
    let at = list.binary_search_by_key(&id, |(id, _)| *id).ok()?;
    list.get(at).map(|(_, span)| *span)
}
