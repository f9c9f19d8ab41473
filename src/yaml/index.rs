//! Where every key and value of a text stands, from the parser's own events; one pass, linear.
//! Also refuses here, with exact places, what strict YAML forbids: aliases, tags, a second document,
//! duplicate keys, merge keys, keys that are not plain text, nesting too deep.

use std::collections::HashMap;
use std::sync::Arc;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as Parsed};

use super::problem::{Problem, quoted};
use super::{DEPTH, NODES, translate};
use crate::policy::Text;
use crate::snapshot::{Source, Span};

/// Where one key and its value stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) key: Option<Span>,
    pub(super) value: Span,
}

impl Spot {
    /// What a label underlines: a value on the line of its key, else the key, else the beginning of the value.
    pub(super) fn label(&self, source: &Source) -> Span {
        let text = source.slice(self.value);
        match self.key {
            Some(key) if text.is_empty() || source.slice(Span { end: self.value.end, ..key }).contains('\n') => key,
            _ => self.value,
        }
    }
}

/// Path → place.
#[derive(Debug, Default)]
pub(super) struct Index {
    spots: HashMap<String, Spot>,
}

impl Index {
    pub(super) fn get(&self, path: &str) -> Option<&Spot> {
        self.spots.get(path)
    }

    /// The last scalar that ends before this byte.
    pub(super) fn before(&self, offset: u32) -> Option<&str> {
        self.spots
            .iter()
            .filter(|(_, s)| s.value.end <= offset)
            .max_by_key(|(path, s)| (s.value.start, path.len()))
            .map(|(path, _)| path.as_str())
    }

    /// The smallest value or key that holds this byte.
    pub(super) fn innermost(&self, offset: u32) -> Option<(&str, &Spot)> {
        self.spots
            .iter()
            .filter(|(_, s)| (s.key.unwrap_or(s.value).start..=s.value.end).contains(&offset))
            .min_by_key(|(path, s)| (s.value.end - s.key.unwrap_or(s.value).start, std::cmp::Reverse(path.len())))
            .map(|(path, spot)| (path.as_str(), spot))
    }
}

/// The path of a key of the map at `path`.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A map or list that is still open.
struct Open {
    path: String,
    key: Option<Span>,
    span: Span,
    inside: Inside,
}

enum Inside {
    List { next: usize },
    Map { keys: HashMap<String, Span>, current: Option<(String, Span)> },
}

struct Walk<'a> {
    source: &'a Arc<Source>,
    index: Index,
    open: Vec<Open>,
    nodes: usize,
    documents: usize,
}

/// Builds the index of a text.
pub(super) fn index(source: &Arc<Source>) -> Result<Index, Problem> {
    let mut walk = Walk { source, index: Index::default(), open: Vec::new(), nodes: 0, documents: 0 };
    for event in Parser::new_from_str(&source.text) {
        match event {
            Ok((event, span)) => walk.take(event, &span)?,
            Err(fault) => return Err(syntax(source, &fault)),
        }
    }
    let nothing = walk.index.get("").is_none_or(|root| source.slice(root.value).is_empty());
    if nothing { Err(super::problem::empty(source)) } else { Ok(walk.index) }
}

impl Walk<'_> {
    fn take(&mut self, event: Event<'_>, parsed: &Parsed) -> Result<(), Problem> {
        let span = self.span(parsed);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.fault("two-documents", span, second_document()));
                }
            }
            Event::Alias(_) => return Err(self.fault("alias", span, alias())),
            Event::Scalar(text, style, anchor, tag) => {
                self.node(parsed, anchor, tag.is_some())?;
                self.scalar(&text, style, span)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.node(parsed, anchor, tag.is_some())?;
                self.enter(span, Inside::List { next: 0 })?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.node(parsed, anchor, tag.is_some())?;
                self.enter(span, Inside::Map { keys: HashMap::new(), current: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(span),
            _ => {}
        }
        Ok(())
    }

    /// The bytes of an event, without the white space a block scalar ends with.
    fn span(&self, parsed: &Parsed) -> Span {
        let end = self.source.text.len();
        let range = parsed.byte_range().unwrap_or(end..end);
        let text = self.source.text.get(range.clone()).unwrap_or_default();
        Span::new(range.start, range.start + text.trim_end().len())
    }

    fn fault(&self, code: &'static str, span: Span, (message, help): (Text, Text)) -> Problem {
        Problem::new(code, message).mark(self.source, span, Text::default()).help(help)
    }

    fn node(&mut self, parsed: &Parsed, anchor: usize, tagged: bool) -> Result<(), Problem> {
        self.nodes += 1;
        let span = self.span(parsed.tag_span().as_ref().unwrap_or(parsed));
        if anchor > 0 {
            return Err(self.fault("alias", span, alias()));
        }
        if tagged {
            return Err(self.fault("tag", span, tag()));
        }
        if self.nodes > NODES {
            return Err(self.fault("too-large", span, too_many()));
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Result<(), Problem> {
        if let Some(Open { inside: Inside::Map { keys, current: current @ None }, .. }) = self.open.last_mut() {
            if text == "<<" && style == ScalarStyle::Plain {
                return Err(self.fault("merge-key", span, merge_key()));
            }
            if let Some(first) = keys.insert(text.to_owned(), span) {
                return Err(duplicate(self.source, text, first, span));
            }
            *current = Some((text.to_owned(), span));
            return Ok(());
        }
        let (path, key) = self.place();
        self.index.spots.insert(path, Spot { key, value: span });
        self.reach(span.end);
        Ok(())
    }

    /// Path and key of the value that comes now.
    fn place(&mut self) -> (String, Option<Span>) {
        match self.open.last_mut() {
            None => (String::new(), None),
            Some(Open { path, inside: Inside::List { next }, .. }) => {
                *next += 1;
                (format!("{path}[{}]", *next - 1), None)
            }
            Some(Open { path, inside: Inside::Map { current, .. }, .. }) => match current.take() {
                Some((name, span)) => (join(path, &name), Some(span)),
                None => (path.clone(), None),
            },
        }
    }

    fn enter(&mut self, span: Span, inside: Inside) -> Result<(), Problem> {
        if let Some(Open { inside: Inside::Map { current: None, .. }, .. }) = self.open.last() {
            return Err(self.fault("key", span, key_not_text()));
        }
        if self.open.len() >= DEPTH {
            return Err(self.fault("too-deep", span, too_deep()));
        }
        let (path, key) = self.place();
        self.open.push(Open { path, key, span: Span { start: span.start, end: span.start }, inside });
        Ok(())
    }

    fn leave(&mut self, span: Span) {
        if let Some(mut open) = self.open.pop() {
            // A block ends where its last value ends; a flow collection has a bracket of its own.
            let closed = matches!(self.source.slice(span), "]" | "}");
            open.span.end = if closed { span.end } else { open.span.end.max(open.span.start) };
            self.reach(open.span.end);
            self.index.spots.insert(open.path, Spot { key: open.key, value: open.span });
        }
    }

    fn reach(&mut self, end: u32) {
        if let Some(open) = self.open.last_mut() {
            open.span.end = open.span.end.max(end);
        }
    }
}

fn syntax(source: &Arc<Source>, fault: &ScanError) -> Problem {
    let offset = fault.marker().byte_offset().unwrap_or(source.text.len()).min(source.text.len());
    translate::syntax(source, offset, &fault.info())
}

fn duplicate(source: &Arc<Source>, key: &str, first: Span, second: Span) -> Problem {
    let key = quoted(key);
    Problem::new(
        "duplicate-key",
        Text::new(format!("khóa {key} viết hai lần"), format!("the key {key} is written twice")),
    )
    .mark(source, second, Text::new("lần thứ hai", "the second time"))
    .mark(source, first, Text::new("lần đầu", "the first time"))
    .help(Text::new("Giữ lại một dòng.", "Keep one of the lines."))
}

fn second_document() -> (Text, Text) {
    (
        Text::new("tệp chứa hơn một tài liệu YAML", "the file holds more than one YAML document"),
        Text::new(
            "Mỗi tệp một tài liệu: bỏ dòng `---` và phần sau nó.",
            "One document per file: drop the `---` line and what follows it.",
        ),
    )
}

pub(super) fn alias() -> (Text, Text) {
    (
        Text::new(
            "không dùng neo (`&`) và bí danh (`*`) của YAML ở đây",
            "anchors (`&`) and aliases (`*`) are not used here",
        ),
        Text::new(
            "Viết đầy đủ giá trị; nếu là chữ, đặt trong dấu nháy.",
            "Write the value out; quote it when it is text.",
        ),
    )
}

fn tag() -> (Text, Text) {
    (
        Text::new("không dùng thẻ kiểu (`!`) của YAML ở đây", "YAML tags (`!`) are not used here"),
        Text::new("Bỏ thẻ; nếu là chữ, đặt trong dấu nháy.", "Drop the tag; quote the value when it is text."),
    )
}

fn merge_key() -> (Text, Text) {
    (
        Text::new("không dùng khóa trộn `<<` ở đây", "the merge key `<<` is not used here"),
        Text::new(
            "Viết đầy đủ các khóa, hoặc dùng `extends` trong bộ tiêu chí.",
            "Write the keys out, or use `extends` in a policy.",
        ),
    )
}

fn key_not_text() -> (Text, Text) {
    (
        Text::new("khóa phải là chữ, không phải danh sách hay khối", "a key must be text, not a list or a map"),
        Text::new(
            "Giá trị bắt đầu bằng `{`, `[` hay `?` cần đặt trong dấu nháy.",
            "Quote a value that begins with `{`, `[` or `?`.",
        ),
    )
}

pub(super) fn too_deep() -> (Text, Text) {
    (
        Text::new(format!("lồng nhau quá {DEPTH} tầng"), format!("nested deeper than {DEPTH} levels")),
        Text::new("Kiểm tra dấu ngoặc và thụt lề.", "Check brackets and indentation."),
    )
}

fn too_many() -> (Text, Text) {
    (
        Text::new(format!("tệp có quá {NODES} giá trị"), format!("the file has more than {NODES} values")),
        Text::new("Chia thành nhiều tệp.", "Split it into several files."),
    )
}
