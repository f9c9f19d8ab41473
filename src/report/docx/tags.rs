//! Finds what a clerk typed between double braces, however the editor split it over runs: fields become nodes of
//! their own in their text, markers stand between runs. Never looks at what a name means.

use super::xml::{Element, Node};
use crate::policy::Text;
use crate::report::plain;

/// What stands before a tag.
const OPEN: &str = "{{";
/// What stands after it.
const CLOSE: &str = "}}";
/// Longest tag, in bytes: more is a brace that nobody closed.
const LONGEST: usize = 120;
/// What is shown of the paragraph that a tag stands in, in characters.
const NEAR: usize = 80;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{{name}}`: the value.
    Field,
    /// `{{#name}}`: once per entry.
    Each,
    /// `{{?name}}`: when there is one.
    When,
    /// `{{^name}}`: when there is none.
    Unless,
    /// `{{/name}}`: the end of one of these.
    End,
}

/// What was typed between double braces.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tag {
    /// What it does.
    pub(super) kind: Kind,
    /// Its name in lower case.
    pub(super) name: String,
    /// The paragraph it stands in, for messages.
    pub(super) near: String,
    /// Its number among the markers of its part.
    pub(super) id: usize,
}

impl Tag {
    fn parse(inner: &str, near: &str) -> Self {
        let inner = inner.trim();
        let mut rest = inner.chars();
        let (kind, name) = match rest.next() {
            Some('#') => (Kind::Each, rest.as_str()),
            Some('?') => (Kind::When, rest.as_str()),
            Some('^') => (Kind::Unless, rest.as_str()),
            Some('/') => (Kind::End, rest.as_str()),
            _ => (Kind::Field, inner),
        };
        // Editors begin a sentence or a cell with a capital by themselves.
        Self { kind, name: name.trim().to_lowercase(), near: near.to_owned(), id: 0 }
    }

    /// As it was typed.
    pub(super) fn typed(&self) -> String {
        let sign = match self.kind {
            Kind::Field => "",
            Kind::Each => "#",
            Kind::When => "?",
            Kind::Unless => "^",
            Kind::End => "/",
        };
        format!("{OPEN}{sign}{}{CLOSE}", plain::line_of(&self.name, LONGEST))
    }
}

/// Finds the tags of all paragraphs in an element.
pub(super) fn find(element: &mut Element) -> Result<(), Text> {
    if element.name == "w:p" {
        paragraph(element)?;
    }
    for child in &mut element.children {
        if let Node::Element(below) = child {
            find(below)?;
        }
    }
    Ok(())
}

/// Whether what stands in an element belongs to its paragraph: a text box holds paragraphs of its own.
fn is_inside(name: &str) -> bool {
    name != "w:p"
}

fn paragraph(p: &mut Element) -> Result<(), Text> {
    let mut whole = String::new();
    // The texts of the paragraph in order, each with where it begins in the whole.
    let mut lengths = Vec::new();
    each_text(p, &mut |text| {
        lengths.push(whole.len()..whole.len() + text.len());
        whole.push_str(text);
    });
    if !whole.contains(OPEN) {
        return Ok(());
    }
    let near = plain::line_of(&whole, NEAR);
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = whole[at..].find(OPEN).map(|n| n + at) {
        // Of three braces the last two open the tag.
        let open = if whole[open + 1..].starts_with(OPEN) { open + 1 } else { open };
        let inner = open + OPEN.len();
        let end = whole[inner..].find(CLOSE).map(|n| n + inner).filter(|end| {
            let inner = &whole[inner..*end];
            inner.len() <= LONGEST && !inner.contains(['{', '\n'])
        });
        let Some(end) = end else {
            return Err(Text::new(
                format!("có “{OPEN}” mà không có “{CLOSE}” trong đoạn “{near}”; mỗi trường viết trọn trong một đoạn."),
                format!("“{OPEN}” without “{CLOSE}” in the paragraph “{near}”; a field stands within one paragraph."),
            ));
        };
        tags.push((open..end + CLOSE.len(), Tag::parse(&whole[inner..end], &near)));
        at = end + CLOSE.len();
    }
    let mut number = 0;
    put(p, &whole, &lengths, &tags, &mut number);
    split_runs(p);
    Ok(())
}

/// The texts of a paragraph, without those of paragraphs in it. A tab or a line break ends a tag, as a letter would.
fn each_text(element: &Element, seen: &mut dyn FnMut(&str)) {
    for below in element.elements() {
        match below.name.as_str() {
            "w:t" => seen(text_of(below)),
            "w:tab" | "w:br" | "w:cr" if element.name == "w:r" => seen("\n"),
            name if is_inside(name) => each_text(below, seen),
            _ => {}
        }
    }
}

fn text_of(t: &Element) -> &str {
    if let Some(Node::Text(text)) = t.children.first() { text } else { "" }
}

/// Cuts the texts at the tags: each tag goes whole to where it begins.
fn put(element: &mut Element, whole: &str, texts: &[Span], tags: &[(Span, Tag)], number: &mut usize) {
    let is_run = element.name == "w:r";
    for child in &mut element.children {
        let Node::Element(below) = child else { continue };
        match below.name.as_str() {
            "w:t" => {
                if let Some(span) = texts.get(*number) {
                    cut(below, whole, span, tags);
                }
                *number += 1;
            }
            "w:tab" | "w:br" | "w:cr" if is_run => *number += 1,
            name if is_inside(name) => put(below, whole, texts, tags, number),
            _ => {}
        }
    }
}

type Span = std::ops::Range<usize>;

fn cut(t: &mut Element, whole: &str, span: &Span, tags: &[(Span, Tag)]) {
    let mut touched = false;
    let mut nodes = Vec::new();
    let mut at = span.start;
    for (place, tag) in tags.iter().filter(|(place, _)| place.start < span.end && place.end > span.start) {
        touched = true;
        if place.start > at {
            nodes.push(Node::Text(whole[at..place.start].to_owned()));
        }
        if place.start >= span.start {
            let tag = tag.clone();
            nodes.push(if tag.kind == Kind::Field { Node::Field(tag) } else { Node::Marker(tag) });
        }
        at = place.end.min(span.end);
    }
    if !touched {
        return;
    }
    if at < span.end {
        nodes.push(Node::Text(whole[at..span.end].to_owned()));
    }
    t.children = nodes;
    t.set("xml:space", "preserve");
}

/// Takes markers out of their runs, so that they stand between runs.
fn split_runs(element: &mut Element) {
    let mut children = Vec::new();
    for child in std::mem::take(&mut element.children) {
        match child {
            Node::Element(run) if run.name == "w:r" && holds_marker(&run) => children.extend(split(run)),
            Node::Element(mut below) if is_inside(&below.name) => {
                split_runs(&mut below);
                children.push(Node::Element(below));
            }
            other => children.push(other),
        }
    }
    element.children = children;
}

fn holds_marker(run: &Element) -> bool {
    let texts = run.elements().filter(|below| below.name == "w:t");
    texts.flat_map(|t| &t.children).any(|node| matches!(node, Node::Marker(_)))
}

fn split(run: Element) -> Vec<Node> {
    let look = run.elements().find(|below| below.name == "w:rPr").cloned();
    let begin = || {
        let mut next = Element::empty("w:r");
        next.children.extend(look.clone().map(Node::Element));
        next
    };
    let empty = begin();
    let mut out = Vec::new();
    let mut now = begin();
    let mut end = |now: &mut Element, next: Option<Node>| {
        let done = std::mem::replace(now, begin());
        if done != empty {
            out.push(Node::Element(done));
        }
        out.extend(next);
    };
    for child in run.children {
        match child {
            Node::Element(below) if below.name == "w:rPr" => {}
            Node::Element(t) if t.name == "w:t" => {
                let t_look = t.clone_shallow();
                let mut piece = t_look.clone();
                for node in t.children {
                    if matches!(node, Node::Marker(_)) {
                        let done = Element { children: std::mem::take(&mut piece.children), ..t_look.clone() };
                        if !done.children.is_empty() {
                            now.children.push(Node::Element(done));
                        }
                        end(&mut now, Some(node));
                    } else {
                        piece.children.push(node);
                    }
                }
                if !piece.children.is_empty() {
                    now.children.push(Node::Element(piece));
                }
            }
            other => now.children.push(other),
        }
    }
    end(&mut now, None);
    out
}

#[cfg(test)]
mod tests {
    use super::super::xml::parse;
    use super::*;

    /// The paragraph as one line: texts, tags and where runs are.
    fn shown(xml: &str) -> String {
        let mut root = parse(xml.as_bytes()).unwrap();
        find(&mut root).unwrap();
        let mut out = String::new();
        show(&root, &mut out);
        out
    }

    fn show(element: &Element, out: &mut String) {
        for child in &element.children {
            match child {
                Node::Element(below) if below.name == "w:r" => {
                    out.push('[');
                    show(below, out);
                    out.push(']');
                }
                Node::Element(below) if below.name == "w:b" => out.push('*'),
                Node::Element(below) => show(below, out),
                Node::Text(text) => out.push_str(text),
                Node::Field(tag) => out.push_str(&format!("<{}>", tag.name)),
                Node::Marker(tag) => out.push_str(&format!("<{:?} {}>", tag.kind, tag.name)),
                Node::Block(..) => {}
            }
        }
    }

    #[test]
    fn a_field_is_found_however_it_is_split() {
        for xml in [
            "<w:p><w:r><w:t>a {{x_y}} b</w:t></w:r></w:p>",
            "<w:p><w:r><w:t>a {{</w:t></w:r><w:r><w:t>x_y</w:t></w:r><w:r><w:t>}} b</w:t></w:r></w:p>",
            "<w:p><w:r><w:t>a {</w:t></w:r><w:proofErr/><w:r><w:t>{x</w:t></w:r><w:bookmarkStart/><w:r><w:t>_y}</w:t></w:r><w:r><w:t>} b</w:t></w:r></w:p>",
            "<w:p><w:r><w:t>a {{ </w:t><w:lastRenderedPageBreak/><w:t>X_y }} b</w:t></w:r></w:p>",
            "<w:p><w:r><w:t>a {{x</w:t></w:r><w:hyperlink><w:r><w:t>_y}}</w:t></w:r></w:hyperlink><w:r><w:t> b</w:t></w:r></w:p>",
            "<w:p><w:r><w:t>a {{x_y}}</w:t></w:r><w:r><w:delText>{{gone}}</w:delText></w:r><w:r><w:t/><w:t> b</w:t></w:r></w:p>",
        ] {
            let flat = shown(xml).replace(['[', ']'], "");
            assert_eq!(flat.replace("{{gone}}", ""), "a <x_y> b", "{xml}");
        }
    }

    #[test]
    fn a_marker_stands_between_runs_of_the_same_look() {
        let run = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>a{{#l}}b{{x}}</w:t><w:tab/><w:t>c{{/l}}</w:t></w:r></w:p>";
        assert_eq!(shown(run), "[*a]<Each l>[*b<x>c]<End l>");
        assert_eq!(shown("<w:p><w:r><w:t>{{? a }}{{^b}}</w:t></w:r></w:p>"), "<When a><Unless b>");
    }

    #[test]
    fn a_text_box_has_paragraphs_of_its_own() {
        let xml = "<w:p><w:r><w:t>{{a</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{{b}}</w:t></w:r></w:p>\
                   </w:txbxContent></w:pict></w:r><w:r><w:t>}}</w:t></w:r></w:p>";
        assert_eq!(shown(xml), "[<a>][[<b>]][]");
    }

    #[test]
    fn braces_that_are_no_tag() {
        assert_eq!(shown("<w:p><w:r><w:t>{a} }} {{{x}}}</w:t></w:r></w:p>"), "[{a} }} {<x>}]");
        for text in ["a {{x", "{{x} }", "{{x</w:t><w:br/><w:t>y}}", "{{a {{b}}"] {
            let mut root = parse(format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>").as_bytes()).unwrap();
            let fault = find(&mut root).unwrap_err();
            assert!(fault.en.contains("without “}}”") && fault.vi.contains("trong đoạn “"), "{text}: {}", fault.en);
        }
    }
}
