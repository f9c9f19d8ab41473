//! A token sink between html5ever's tokenizer and its tree builder: it reads off the shared input queue how
//! far each token reaches, and so knows the exact bytes of every tag, comment and raw text.
//! It changes no token; only a page beyond all measure is cut short.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ego_tree::NodeId;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, local_name, ns};

use super::document::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_NODES, MAX_STEPS};
use super::sink::Recorder;
use crate::snapshot::Span;

/// Elements made between two looks at the depth of the tree.
const LOOK_INTERVAL: usize = 256;
/// Most nodes that room is made for before they come.
const MOST_AHEAD: usize = 1 << 14;
/// Formatting elements looked through for the tag a copy was made from, and how many of its name.
const LOOKED_THROUGH: usize = 4_096;
const COPIES_BACK: usize = 64;

/// What the tokens told, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Start tags by element; ids only grow, so the list is sorted.
    pub(super) tags: Vec<(NodeId, Span)>,
    /// Raw text (script, style, title, textarea, noscript …) by element, sorted likewise.
    pub(super) texts: Vec<(NodeId, Span)>,
    /// The element whose raw text the page ends in.
    pub(super) unclosed: Option<NodeId>,
    /// Comments, from `<!--` to `-->`.
    pub(super) comments: Vec<Span>,
    /// Contents of templates that show nothing.
    pub(super) templates: Vec<Span>,
    /// A doctype, or a tag named html, head or body.
    pub(super) structural: bool,
    /// Where reading stopped because the page is beyond all measure.
    pub(super) cut: Option<usize>,
    at: usize,
    open_text: Option<(NodeId, LocalName, usize)>,
    open_templates: Vec<bool>,
    template_start: usize,
    formatting: Vec<(LocalName, NodeId, Span)>,
    made_since_look: usize,
    steps: usize,
}

impl Log {
    fn open_template(&mut self, shadow: bool, end: usize) {
        if !shadow && !self.open_templates.contains(&false) {
            self.template_start = end;
        }
        self.open_templates.push(shadow);
    }

    fn close_template(&mut self, start: usize) {
        if self.open_templates.pop() == Some(false) && !self.open_templates.contains(&false) {
            self.templates.push(Span::new(self.template_start, start));
        }
    }
}

/// A start tag.
struct Opened {
    name: LocalName,
    span: Span,
    /// It has the attribute of a declarative shadow root.
    shadow: bool,
    self_closing: bool,
}

/// The sink.
pub(super) struct Tap<'a> {
    pub(super) builder: TreeBuilder<NodeId, Recorder>,
    pub(super) log: RefCell<Log>,
    queue: Rc<BufferQueue>,
    text: &'a str,
    /// How much of the text the queue was given.
    given: Cell<usize>,
    /// Where in memory the last piece it was given ends.
    end_address: Cell<usize>,
}

impl<'a> Tap<'a> {
    /// A tap on `queue`, which is given `text` in pieces and nothing else.
    pub(super) fn new(text: &'a str, queue: Rc<BufferQueue>) -> Self {
        // About as many nodes as tags: a tree that grows is copied as often as it doubles.
        let tags = memchr::memchr_iter(b'<', text.as_bytes()).count();
        let tags = tags.min(MOST_AHEAD);
        let builder = TreeBuilder::new(Recorder::new(tags), TreeBuilderOpts::default());
        // Half of them are end tags.
        let log = Log { tags: Vec::with_capacity(tags / 2), ..Log::default() };
        Self { builder, log: RefCell::new(log), queue, text, given: Cell::new(0), end_address: Cell::new(0) }
    }

    /// Says which piece the queue is given next, once all before it is read, and where in the text it ends.
    pub(super) fn expect(&self, piece: &StrTendril, end: usize) {
        self.given.set(end);
        self.end_address.set(end_address(piece));
    }

    /// Whether reading has stopped.
    pub(super) fn is_cut(&self) -> bool {
        self.log.borrow().cut.is_some()
    }

    /// Stops reading within a tag that is beyond all measure: what it costs grows with the square of its attributes.
    pub(super) fn look_at_tag(&self) {
        let mut log = self.log.borrow_mut();
        let open = self.text.get(self.markup_start(log.at)..self.given.get()).unwrap_or_default();
        // It takes this many bytes at least.
        if log.cut.is_none() && open.len() > 2 * MAX_ATTRIBUTES && attributes(open) > MAX_ATTRIBUTES {
            self.stop(&mut log, self.given.get());
        }
    }

    fn stop(&self, log: &mut Log, at: usize) {
        log.cut = Some(at);
        while self.queue.pop_front().is_some() {}
    }

    /// How far the tokenizer has read.
    #[inline]
    fn position(&self) -> usize {
        match self.queue.peek_front_chunk_mut() {
            None => return self.given.get(),
            // Reading shortens a chunk from its front: one that reaches to the end of the piece is all of the rest.
            Some(front) if end_address(&front) == self.end_address.get() => {
                return self.given.get().saturating_sub(front.len());
            }
            Some(_) => {}
        }
        self.position_among_chunks()
    }

    fn position_among_chunks(&self) -> usize {
        let Some(front) = self.queue.pop_front() else { return self.given.get() };
        let mut left = front.len();
        // Character references push text back as further chunks: all of them are still to come.
        if !self.queue.is_empty() {
            let mut rest = Vec::new();
            while let Some(chunk) = self.queue.pop_front() {
                left += chunk.len();
                rest.push(chunk);
            }
            while let Some(chunk) = rest.pop() {
                self.queue.push_front(chunk);
            }
        }
        self.queue.push_front(front);
        self.given.get().saturating_sub(left)
    }

    /// Where the markup that follows `at` begins.
    #[inline]
    fn markup_start(&self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        // A literal `<` is given only when the `<` of the tag behind it was read.
        if at > 0 && bytes.get(at) != Some(&b'<') && bytes[at - 1] == b'<' {
            at -= 1;
        }
        // After CRLF the tokenizer has given the line end but not yet passed over its second half.
        if at > 0 && bytes.get(at) == Some(&b'\n') && bytes[at - 1] == b'\r' {
            at += 1;
        }
        // An end tag without a name gives no token, nor does a byte-order mark at the start or behind a script.
        while matches!(bytes.get(at..at + 3), Some(b"</>" | b"\xef\xbb\xbf")) {
            at += 3;
        }
        at
    }

    /// Puts down the tag of the element it made, and of copies of earlier formatting elements.
    #[inline]
    fn note_elements(&self, log: &mut Log, span: Option<Span>) -> Option<NodeId> {
        let made = self.builder.sink.made()?;
        let first = log.tags.len();
        if let (Some(id), Some(span)) = (made.own, span) {
            log.tags.push((id, span));
        }
        for id in made.added {
            if let Some(span) = self.copied_from(log, id) {
                log.tags.push((id, span));
            }
        }
        if log.tags.len() > first + 1 {
            log.tags[first..].sort_unstable();
        }
        made.own
    }

    /// The tag that an element was copied from when open formatting was taken up again.
    fn copied_from(&self, log: &Log, id: NodeId) -> Option<Span> {
        let html = self.builder.sink.inner.0.borrow();
        let copy = html.tree.get(id)?.value().as_element()?;
        let local = &copy.name.local;
        if copy.name.ns != ns!(html) || !is_formatting(local) {
            return None;
        }
        let earlier = log.formatting.iter().rev().take(LOOKED_THROUGH).filter(|(name, ..)| name == local);
        earlier.take(COPIES_BACK).find_map(|(_, other, span)| {
            let other = html.tree.get(*other)?.value().as_element()?;
            (other.attrs == copy.attrs).then_some(*span)
        })
    }

    /// What a token tells before the builder takes it; a start tag is given back.
    #[inline]
    fn read(&self, log: &mut Log, token: &Token, previous: usize, end: usize) -> Option<Opened> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => {
                // The text of a foreign script may hold tags of its own.
                if let Some((id, _, from)) = log.open_text.take_if(|(_, name, _)| *name == tag.name) {
                    log.texts.push((id, Span::new(from, self.markup_start(previous))));
                }
                if tag.name == local_name!("template") {
                    log.close_template(self.markup_start(previous));
                }
            }
            Token::TagToken(tag) => {
                log.structural |= matches!(tag.name, local_name!("html") | local_name!("head") | local_name!("body"));
                return Some(Opened {
                    name: tag.name.clone(),
                    span: Span::new(self.markup_start(previous), end),
                    shadow: tag.name == local_name!("template") && is_shadow_root(&tag.attrs),
                    self_closing: tag.self_closing,
                });
            }
            Token::CommentToken(_) => log.comments.push(Span::new(self.markup_start(previous), end)),
            Token::DoctypeToken(_) => log.structural = true,
            Token::EOFToken => {
                if let Some((id, _, from)) = log.open_text.take() {
                    // An end tag that the page breaks off in is no text.
                    let to = if previous == end { end } else { self.markup_start(previous) };
                    log.texts.push((id, Span::new(from, to.max(from))));
                    log.unclosed = Some(id);
                }
                if log.open_templates.contains(&false) {
                    log.templates.push(Span::new(log.template_start, end));
                }
            }
            Token::CharacterTokens(_) | Token::NullCharacterToken | Token::ParseError(_) => {}
        }
        None
    }

    /// What a start tag means for the text behind it, once the builder made its element.
    #[inline]
    fn follow(&self, log: &mut Log, opened: Opened, id: NodeId, raw: bool) {
        let end = opened.span.end as usize;
        if is_formatting(&opened.name) {
            log.formatting.push((opened.name, id, opened.span));
        } else if opened.name == local_name!("template") {
            let html = self.builder.sink.inner.0.borrow();
            let element = html.tree.get(id).and_then(|node| node.value().as_element());
            if element.is_some_and(|element| element.name.ns == ns!(html)) {
                log.open_template(opened.shadow, end);
            }
        } else if raw || (opened.name == local_name!("script") && !opened.self_closing) {
            log.open_text = Some((id, opened.name, end));
        }
        log.made_since_look += 1;
        self.measure(log, id, end);
    }

    /// Stops reading a page that is beyond all measure.
    #[inline]
    fn measure(&self, log: &mut Log, own: NodeId, end: usize) {
        let mut beyond = self.builder.sink.nodes() > MAX_NODES;
        if log.made_since_look >= LOOK_INTERVAL {
            let html = self.builder.sink.inner.0.borrow();
            let depth = html.tree.get(own).map_or(0, |node| node.ancestors().count());
            log.steps += depth * std::mem::take(&mut log.made_since_look);
            beyond |= depth > MAX_DEPTH || log.steps > MAX_STEPS;
        }
        if beyond {
            self.stop(log, end);
        }
    }
}

#[inline]
fn end_address(chunk: &StrTendril) -> usize {
    chunk.as_bytes().as_ptr_range().end as usize
}

/// How many attributes a tag has so far; none when the text begins no tag.
fn attributes(tag: &str) -> usize {
    let bytes = tag.trim_start_matches('<').trim_start_matches('/').as_bytes();
    if !tag.starts_with('<') || !bytes.first().is_some_and(u8::is_ascii_alphabetic) {
        return 0;
    }
    let is_space = |b: &u8| matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    let from = |at: usize| bytes.get(at..).unwrap_or_default();
    let until = |at: usize, end: &dyn Fn(&u8) -> bool| from(at).iter().position(end).map_or(bytes.len(), |n| at + n);
    let (mut count, mut at) = (0, until(0, &|b| is_space(b) || *b == b'/'));
    loop {
        at = until(at, &|b| !is_space(b) && *b != b'/');
        if at == bytes.len() {
            return count;
        }
        count += 1;
        // An equals sign may begin a name.
        let end = until(at + 1, &|b| is_space(b) || matches!(b, b'/' | b'='));
        let equals = until(end, &|b| !is_space(b));
        at = end;
        if bytes.get(equals) == Some(&b'=') {
            let value = until(equals + 1, &|b| !is_space(b));
            at = match bytes.get(value) {
                // A value that has not ended yet takes all of the rest.
                Some(quote @ (b'"' | b'\'')) => until(value + 1, &|b| b == quote).saturating_add(1).min(bytes.len()),
                _ => until(value, &is_space),
            };
        }
    }
}

#[inline]
fn is_formatting(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("b")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("nobr")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("tt")
            | local_name!("u")
    )
}

/// Whether a template's attributes make it a shadow root, whose content is shown.
fn is_shadow_root(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|a| &*a.name.local == "shadowrootmode" && super::walk::is_shadow_mode(&a.value))
}

impl TokenSink for Tap<'_> {
    type Handle = NodeId;

    #[inline]
    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        // An error stands at no place of its own, but the builder must hear of it to build the same tree.
        if matches!(token, Token::ParseError(_)) {
            return self.builder.process_token(token, line);
        }
        let mut log = self.log.borrow_mut();
        if log.cut.is_some() && token != Token::EOFToken {
            return TokenSinkResult::Continue;
        }
        let end = self.position();
        let previous = std::mem::replace(&mut log.at, end);
        if matches!(&token, Token::TagToken(tag) if tag.attrs.len() > MAX_ATTRIBUTES) {
            self.stop(&mut log, end);
        }
        let opened = self.read(&mut log, &token, previous, end);
        self.builder.sink.expect(opened.as_ref().map(|opened| opened.name.clone()));
        let result = self.builder.process_token(token, line);
        let own = self.note_elements(&mut log, opened.as_ref().map(|opened| opened.span));
        if let (Some(opened), Some(id)) = (opened, own) {
            let raw = matches!(result, TokenSinkResult::RawData(_) | TokenSinkResult::Plaintext);
            self.follow(&mut log, opened, id, raw);
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    #[inline]
    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
