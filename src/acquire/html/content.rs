//! The text of a part of a page as a person reads it. Leaves out what never shows (scripts, styles,
//! templates, hidden parts); knows no style sheet.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use html5ever::ns;
use scraper::Node;
use scraper::node::Element;

use super::text::{is_composed, is_invisible, squeeze};

/// The text within a node, tidy, cut after `most` characters; `alts`: pictures are read by their `alt`.
pub(super) fn content(node: NodeRef<'_, Node>, most: usize, alts: bool) -> String {
    let mut gathered = Gathered::default();
    let mut skipped: Option<NodeId> = None;
    for edge in node.traverse() {
        match edge {
            Edge::Open(at) if skipped.is_none() => match at.value() {
                Node::Text(text) => gathered.push(text),
                Node::Element(element) if at.id() != node.id() && never_shows(element) => skipped = Some(at.id()),
                Node::Element(element) => {
                    gathered.space |= breaks(element);
                    if alts && let Some(alt) = spoken(element) {
                        gathered.space = true;
                        gathered.push(alt);
                        gathered.space = true;
                    }
                }
                _ => {}
            },
            Edge::Close(at) if skipped == Some(at.id()) => skipped = None,
            Edge::Close(at) if skipped.is_none() => gathered.space |= at.value().as_element().is_some_and(breaks),
            _ => {}
        }
        if gathered.is_enough(most) {
            break;
        }
    }
    gathered.finish(most)
}

/// The text of a picture.
fn spoken(element: &Element) -> Option<&str> {
    let picture = matches!(element.name(), "img" | "area") || (element.name() == "input" && is_picture_button(element));
    picture.then(|| element.attr("alt").or_else(|| element.attr("title"))).flatten()
}

fn is_picture_button(element: &Element) -> bool {
    element.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("image"))
}

/// Elements whose text is never part of what a person reads.
fn never_shows(element: &Element) -> bool {
    if element.attr("hidden").is_some() {
        return true;
    }
    let name = element.name();
    if element.name.ns == ns!(svg) {
        return matches!(name, "script" | "style" | "title" | "desc" | "metadata" | "defs");
    }
    matches!(
        name,
        "head"
            | "script"
            | "style"
            | "noscript"
            | "iframe"
            | "noembed"
            | "noframes"
            | "textarea"
            | "datalist"
            | "rp"
            | "title"
            | "audio"
            | "video"
            | "canvas"
    ) || (name == "template" && !element.attr("shadowrootmode").is_some_and(super::walk::is_shadow_mode))
}

/// Elements that part words, unlike `<b>` in the middle of one.
fn breaks(element: &Element) -> bool {
    !matches!(
        element.name(),
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "nobr"
            | "s"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "tt"
            | "u"
            | "wbr"
            | "tspan"
    )
}

/// Text with its white space squeezed on the way in, so that indentation costs nothing.
#[derive(Default)]
struct Gathered {
    text: String,
    count: usize,
    space: bool,
    /// Some of it is not composed.
    loose: bool,
}

impl Gathered {
    fn push(&mut self, text: &str) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first.is_whitespace() || is_invisible(first) {
                self.space |= first.is_whitespace();
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (mut length, mut end) = (0, rest.len());
            for (at, c) in rest.char_indices() {
                if !is_composed(c) {
                    if c.is_whitespace() || is_invisible(c) {
                        end = at;
                        break;
                    }
                    self.loose = true;
                }
                length += 1;
            }
            if std::mem::take(&mut self.space) && !self.text.is_empty() {
                self.text.push(' ');
                self.count += 1;
            }
            self.text.push_str(&rest[..end]);
            self.count += length;
            rest = &rest[end..];
        }
    }

    fn is_enough(&self, most: usize) -> bool {
        // Composing shortens a text: three characters become one at most.
        self.count > if self.loose { most.saturating_mul(3) } else { most }
    }

    fn finish(mut self, most: usize) -> String {
        if self.loose {
            return squeeze(&self.text, most);
        }
        if self.count > most {
            let end = self.text.char_indices().nth(most).map_or(self.text.len(), |(at, _)| at);
            self.text.truncate(end);
            self.text.truncate(self.text.trim_end().len());
        }
        self.text
    }
}
