//! The XML of a document's parts as a small tree that comes back as it was written. Takes no document type, expands no
//! entity but the five of XML itself, and refuses what is not well-formed, too deep or not UTF-8.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::tags::Tag;

/// Elements within elements; a table in a table in a text box has about fifty.
pub(super) const DEEPEST: usize = 200;

/// A piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// An element.
    Element(Element),
    /// Text, unescaped.
    Text(String),
    /// A field that a value takes the place of; only in `w:t`.
    Field(Tag),
    /// Where a repetition or condition begins or ends; gone once its other end is found.
    Marker(Tag),
    /// What is repeated or left out.
    Block(Tag, Vec<Self>),
}

/// An element.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    /// Its name with prefix, as `w:p`.
    pub(super) name: String,
    /// Its attributes as written, with the space before them.
    pub(super) attributes: String,
    /// What it holds.
    pub(super) children: Vec<Node>,
}

impl Element {
    /// An element with nothing in it.
    pub(super) fn empty(name: &str) -> Self {
        Self { name: name.to_owned(), attributes: String::new(), children: Vec::new() }
    }

    /// The same element with nothing in it.
    pub(super) fn clone_shallow(&self) -> Self {
        Self { name: self.name.clone(), attributes: self.attributes.clone(), children: Vec::new() }
    }

    /// The elements right below it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(Node::element)
    }

    /// The value of an attribute, unescaped.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let found = self.ranges().into_iter().find(|(key, _, _)| key == name)?;
        let raw = self.attributes.get(found.1.clone())?;
        quick_xml::escape::unescape(raw).ok().map(std::borrow::Cow::into_owned)
    }

    /// Takes attributes away whose name fits.
    pub(super) fn drop_attributes(&mut self, fits: &dyn Fn(&str) -> bool) {
        for (name, _, whole) in self.ranges().into_iter().rev() {
            if fits(&name) {
                self.attributes.replace_range(whole, "");
            }
        }
    }

    /// Gives an attribute another value, which needs no escaping.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.drop_attributes(&|other| other == name);
        self.attributes.push_str(&format!(" {name}=\"{value}\""));
    }

    /// Name, place of the value, and place of the whole with the space before it, of each attribute.
    fn ranges(&self) -> Vec<(String, std::ops::Range<usize>, std::ops::Range<usize>)> {
        let (text, mut all, mut at) = (&self.attributes, Vec::new(), 0);
        while let Some(equals) = text.get(at..).and_then(|rest| rest.find('=')).map(|n| n + at) {
            let name = text[at..equals].trim().to_owned();
            let Some(open) = text[equals..].find(['"', '\'']).map(|n| n + equals) else { break };
            let quote = if text[open..].starts_with('"') { '"' } else { '\'' };
            let Some(close) = text[open + 1..].find(quote).map(|n| n + open + 1) else { break };
            all.push((name, open + 1..close, at..close + 1));
            at = close + 1;
        }
        all
    }
}

impl Node {
    /// The element, if it is one.
    pub(super) fn element(&self) -> Option<&Element> {
        if let Self::Element(element) = self { Some(element) } else { None }
    }

    /// Whether it is an element of this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.element().is_some_and(|element| element.name == name)
    }
}

/// The root of a part.
pub(super) fn parse(bytes: &[u8]) -> Result<Element, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    loop {
        let event = reader.read_event().map_err(|fault| fault.to_string())?;
        let closed = match event {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(format!("elements more than {DEEPEST} deep"));
                }
                if open.is_empty() && root.is_some() {
                    return Err("two roots".to_owned());
                }
                open.push(element(&start)?);
                None
            }
            Event::Empty(start) => Some(element(&start)?),
            Event::End(_) => open.pop(),
            Event::Text(said) => {
                push(&mut open, &said.decode().map_err(|fault| fault.to_string())?)?;
                None
            }
            Event::CData(said) => {
                push(&mut open, &said.decode().map_err(|fault| fault.to_string())?)?;
                None
            }
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|fault| fault.to_string())?;
                match reference.resolve_char_ref().map_err(|fault| fault.to_string())? {
                    Some(c) => push(&mut open, c.encode_utf8(&mut [0; 4]))?,
                    None => push(&mut open, resolve_predefined_entity(&name).ok_or_else(|| format!("&{name};"))?)?,
                }
                None
            }
            Event::DocType(_) => return Err("a document type (<!DOCTYPE …>)".to_owned()),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => None,
            Event::Eof if open.is_empty() => return root.ok_or_else(|| "no element".to_owned()),
            Event::Eof => return Err("it breaks off".to_owned()),
        };
        if let Some(element) = closed {
            match open.last_mut() {
                Some(above) => above.children.push(Node::Element(element)),
                None if root.is_none() => root = Some(element),
                None => return Err("two roots".to_owned()),
            }
        }
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| "not UTF-8".to_owned());
    for attribute in start.attributes() {
        let value = attribute.map_err(|fault| fault.to_string())?.value;
        let value = std::str::from_utf8(&value).map_err(|_| "not UTF-8".to_owned())?;
        if value.contains('<') || !quick_xml::escape::unescape(value).is_ok_and(|value| value.chars().all(is_allowed)) {
            return Err(format!("an attribute of <{}>", text(start.name().as_ref())?));
        }
    }
    let attributes = text(start.attributes_raw())?;
    let attributes = attributes.trim().to_owned();
    let gap = if attributes.is_empty() { "" } else { " " };
    let attributes = format!("{gap}{attributes}");
    Ok(Element { name: text(start.name().as_ref())?, attributes, children: Vec::new() })
}

fn push(open: &mut [Element], text: &str) -> Result<(), String> {
    if let Some(c) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(format!("U+{:04X}", u32::from(c)));
    }
    match open.last_mut() {
        Some(above) => match above.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => above.children.push(Node::Text(text.to_owned())),
        },
        None if text.trim().is_empty() => {}
        None => return Err("text outside of the root".to_owned()),
    }
    Ok(())
}

/// Whether XML 1.0 takes a character.
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A part as bytes.
pub(super) fn write(root: &Element) -> Vec<u8> {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
    write_element(root, &mut out);
    out.into_bytes()
}

fn write_element(element: &Element, out: &mut String) {
    out.push('<');
    out.push_str(&element.name);
    out.push_str(&element.attributes);
    if element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for child in &element.children {
        match child {
            Node::Element(below) => write_element(below, out),
            Node::Text(text) => escape(text, out),
            // A filled tree holds none of these.
            Node::Field(_) | Node::Marker(_) | Node::Block(..) => {}
        }
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\r' => out.push_str("&#13;"),
            c if is_allowed(c) => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        let text = "<w:p a='1' b=\"x &amp; y\"><w:t xml:space=\"preserve\"> a &lt; b &amp; ]]&gt; </w:t><w:r/></w:p>";
        let tree = parse(text.as_bytes()).unwrap();
        let written = String::from_utf8(write(&tree)).unwrap();
        assert_eq!(written.split_once('\n').unwrap().1, text);
        assert_eq!(parse(written.as_bytes()).unwrap(), tree);
        let marked = [b"\xef\xbb\xbf<?xml version=\"1.0\"?><!-- c --><?x y?>", text.as_bytes()].concat();
        assert_eq!(parse(&marked).unwrap(), tree);
    }

    #[test]
    fn attributes_are_read_set_and_dropped() {
        let mut p = parse(b"<w:p w:rsidR=\"1\" w14:paraId='AB' x = \"a&gt;b\"/>").unwrap();
        assert_eq!(p.attribute("x").as_deref(), Some("a>b"));
        assert_eq!(p.attribute("w14:paraId").as_deref(), Some("AB"));
        p.drop_attributes(&|name| name.starts_with("w14:"));
        p.set("w:rsidR", "2");
        assert_eq!(p.attributes, " x = \"a&gt;b\" w:rsidR=\"2\"");
        assert_eq!(p.attribute("y"), None);
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        let deep = "<a>".repeat(DEEPEST + 1) + &"</a>".repeat(DEEPEST + 1);
        for text in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "<a b=1/>",
            "<a b=\"1\" b=\"2\"/>",
            "<a b=\"&x;\"/>",
            "<a>&x;</a>",
            "<a>&#0;</a>",
            "<a>\u{1}</a>",
            "<a b=\"&#1;\"/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            &deep,
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse(b"<a>\xff</a>").is_err());
        let fits = "<a>".repeat(DEEPEST) + &"</a>".repeat(DEEPEST);
        assert!(parse(fits.as_bytes()).is_ok());
    }
}
