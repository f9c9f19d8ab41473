//! Puts values into a template's parts: fields become text, blocks are repeated or left out. Values are never read as
//! fields again. Copies of a paragraph lose what may occur only once in a document.

use std::collections::BTreeMap;

use super::tags::{Kind, Tag};
use super::xml::{Element, Node};
use crate::lang::Lang;

/// Most pieces of a filled part: a template that repeats lists in lists could fill the disk.
const MOST_NODES: usize = 3_000_000;
/// Numbers of copied drawings begin here, above those that editors give.
const FIRST_NUMBER: u32 = 1_000_001;

/// Values and lists by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    /// Values; of facts any text means yes.
    pub(super) values: BTreeMap<String, String>,
    /// Lists.
    pub(super) lists: BTreeMap<String, Vec<Self>>,
}

impl Record {
    /// Adds a value.
    pub(super) fn put(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// Adds a number in Vietnamese form.
    pub(super) fn count(&mut self, name: &str, number: u64) {
        self.put(name, Lang::Vi.number(number));
    }

    /// Adds something that is or is not so.
    pub(super) fn fact(&mut self, name: &str, holds: bool) {
        self.put(name, if holds { "x" } else { "" });
    }

    /// Adds a list.
    pub(super) fn list(&mut self, name: &str, entries: Vec<Self>) {
        self.lists.insert(name.to_owned(), entries);
    }
}

/// Fills parts one after another, so that numbers of copies stay apart.
pub(super) struct Filling<'a> {
    scope: Vec<&'a Record>,
    blank: &'a str,
    nodes: usize,
    next: u32,
    /// Within the second or a later copy of a block.
    again: bool,
}

impl<'a> Filling<'a> {
    /// Fills from a record; a field without a value becomes the blank.
    pub(super) fn new(record: &'a Record, blank: &'a str) -> Self {
        Self { scope: vec![record], blank, nodes: 0, next: FIRST_NUMBER, again: false }
    }

    /// A filled part.
    ///
    /// # Errors
    /// It would grow beyond all measure.
    pub(super) fn part(&mut self, root: &Element) -> Result<Element, String> {
        self.element(root)
    }

    fn element(&mut self, element: &Element) -> Result<Element, String> {
        let mut filled = element.clone_shallow();
        if self.again {
            filled.drop_attributes(&|name| name == "w14:paraId" || name == "w14:textId");
            if filled.name.ends_with(":docPr") {
                filled.set("id", &self.next.to_string());
                self.next += 1;
            }
        }
        self.nodes(&element.children, &mut filled.children)?;
        mend(&mut filled, element.children.iter().any(|node| matches!(node, Node::Block(..))));
        Ok(filled)
    }

    fn nodes(&mut self, nodes: &[Node], out: &mut Vec<Node>) -> Result<(), String> {
        for node in nodes {
            self.nodes += 1;
            if self.nodes > MOST_NODES {
                return Err("the filled letter is too large: a list repeated within a list".to_owned());
            }
            match node {
                Node::Element(t) if t.name == "w:t" => out.extend(self.text(t)),
                Node::Element(below) if self.again && is_once(&below.name) => {}
                Node::Element(below) => out.push(Node::Element(self.element(below)?)),
                Node::Text(text) => out.push(Node::Text(text.clone())),
                Node::Block(tag, body) => self.block(tag, body, out)?,
                Node::Field(_) | Node::Marker(_) => {}
            }
        }
        Ok(())
    }

    /// The text with its values; where a value has lines, breaks stand between several.
    fn text(&self, t: &Element) -> Vec<Node> {
        let mut whole = String::new();
        for node in &t.children {
            match node {
                Node::Text(text) => whole.push_str(text),
                Node::Field(tag) => whole.push_str(self.value(&tag.name).unwrap_or(self.blank)),
                _ => {}
            }
        }
        if !t.children.iter().any(|node| matches!(node, Node::Field(_))) {
            return vec![Node::Element(t.clone())];
        }
        let mut out = Vec::new();
        for (n, line) in whole.split('\n').enumerate() {
            if n > 0 {
                out.push(Node::Element(Element::empty("w:br")));
            }
            let text = vec![Node::Text(line.to_owned())];
            out.push(Node::Element(Element { children: text, ..t.clone_shallow() }));
        }
        out
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        self.scope.iter().rev().find_map(|record| record.values.get(name)).map(String::as_str)
    }

    fn entries(&self, name: &str) -> Option<&'a Vec<Record>> {
        self.scope.iter().rev().find_map(|record| record.lists.get(name))
    }

    fn block(&mut self, tag: &Tag, body: &[Node], out: &mut Vec<Node>) -> Result<(), String> {
        let holds = match self.entries(&tag.name) {
            Some(entries) if tag.kind == Kind::Each => {
                let before = self.again;
                for (n, entry) in entries.iter().enumerate() {
                    self.again = before || n > 0;
                    self.scope.push(entry);
                    let filled = self.nodes(body, out);
                    self.scope.pop();
                    filled?;
                }
                self.again = before;
                return Ok(());
            }
            Some(entries) => !entries.is_empty(),
            None => self.value(&tag.name).is_some_and(|value| !matches!(value, "" | "0")),
        };
        if holds == (tag.kind == Kind::When) { self.nodes(body, out) } else { Ok(()) }
    }
}

/// What may occur only once: bookmarks, marks of comments and proofing, the number of a content control.
fn is_once(name: &str) -> bool {
    matches!(
        name,
        "w:bookmarkStart"
            | "w:bookmarkEnd"
            | "w:commentRangeStart"
            | "w:commentRangeEnd"
            | "w:commentReference"
            | "w:permStart"
            | "w:permEnd"
            | "w:proofErr"
            | "w:id"
    )
}

/// Makes whole what word processors want whole: cells end with a paragraph, tables have rows and copies do not touch.
fn mend(element: &mut Element, has_copies: bool) {
    let is_empty_table = |node: &Node| {
        node.element().is_some_and(|table| table.name == "w:tbl" && !table.elements().any(|below| below.name == "w:tr"))
    };
    element.children.retain(|node| !is_empty_table(node));
    let paragraph = || Node::Element(Element::empty("w:p"));
    let mut at = 1;
    while has_copies && at < element.children.len() {
        if element.children[at].is("w:tbl") && element.children[at - 1].is("w:tbl") {
            element.children.insert(at, paragraph());
        }
        at += 1;
    }
    let holds_text = matches!(
        element.name.as_str(),
        "w:tc" | "w:hdr" | "w:ftr" | "w:txbxContent" | "w:footnote" | "w:endnote" | "w:body"
    );
    // A body may end with what says the page.
    let end = element.children.iter().rposition(|node| node.element().is_some_and(|e| e.name != "w:sectPr"));
    if holds_text && !end.is_some_and(|end| element.children[end].is("w:p")) {
        element.children.insert(end.map_or(0, |end| end + 1), paragraph());
    }
}

#[cfg(test)]
mod tests {
    use super::super::{blocks, tags, xml};
    use super::*;

    fn filled(xml: &str, record: &Record) -> String {
        let mut root = xml::parse(format!("<w:body>{xml}</w:body>").as_bytes()).unwrap();
        tags::find(&mut root).unwrap();
        blocks::pair(&mut root).unwrap();
        let filled = Filling::new(record, "……").part(&root).unwrap();
        let written = String::from_utf8(xml::write(&filled)).unwrap();
        xml::parse(written.as_bytes()).unwrap();
        let body = written.split_once("<w:body").unwrap().1;
        body.split_once('>').unwrap().1.trim_end_matches("</w:body>").replace(" xml:space=\"preserve\"", "")
    }

    fn p(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    fn sample() -> Record {
        let entry = |name: &str| {
            let mut one = Record::default();
            one.put("ten", name);
            one
        };
        let mut record = Record::default();
        record.put("a", "1 < 2 & {{b}} ]]>");
        record.put("b", "một\nhai");
        record.put("none", "");
        record.put("nought", "0");
        record.list("l", vec![entry("x"), entry("{{a}}")]);
        record.list("empty", Vec::new());
        record
    }

    #[test]
    fn values_are_text_and_nothing_else() {
        let record = sample();
        assert_eq!(filled(&p("{{a}}!"), &record), p("1 &lt; 2 &amp; {{b}} ]]&gt;!"));
        assert_eq!(filled(&p("({{b}})"), &record), p("(một</w:t><w:br/><w:t>hai)"));
        assert_eq!(filled(&p("{{z}}"), &record), p("……"));
    }

    #[test]
    fn blocks_are_repeated_or_left_out() {
        let record = sample();
        assert_eq!(filled(&p("{{#l}}- {{ten}}{{/l}}"), &record), p("- x") + &p("- {{a}}"));
        assert_eq!(filled(&(p("{{#empty}}{{ten}}{{/empty}}") + &p("z")), &record), p("z"));
        for (name, holds) in
            [("a", true), ("none", false), ("nought", false), ("l", true), ("empty", false), ("z", false)]
        {
            let both =
                p(&format!("{{{{?{name}}}}}yes{{{{/{name}}}}}")) + &p(&format!("{{{{^{name}}}}}no{{{{/{name}}}}}"));
            assert_eq!(filled(&both, &record), p(if holds { "yes" } else { "no" }), "{name}");
        }
    }

    #[test]
    fn cells_and_tables_stay_whole() {
        let record = sample();
        let cell = format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>{}", p("{{?none}}x{{/none}}"), p("z"));
        assert!(filled(&cell, &record).contains("<w:tc><w:p/></w:tc>"));
        let row = |text: &str| {
            format!("<w:tbl><w:tblPr/><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>", p(text), p("{{/empty}}"))
        };
        assert_eq!(filled(&(row("{{#empty}}{{ten}}") + &p("z")), &record), p("z"));
        let tables = p("{{#l}}") + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" + &p("{{/l}}");
        let twice = filled(&tables, &record);
        assert!(twice.contains("</w:tbl><w:p/><w:tbl>") && twice.ends_with("</w:tbl><w:p/>"), "{twice}");
    }

    #[test]
    fn copies_lose_what_occurs_once() {
        let xml = "<w:p w14:paraId=\"00000001\"><w:bookmarkStart w:id=\"0\" w:name=\"m\"/><w:r><w:t>{{#l}}{{ten}}</w:t></w:r>\
                   <w:bookmarkEnd w:id=\"0\"/><w:r><w:drawing><wp:docPr id=\"1\" name=\"n\"/></w:drawing></w:r><w:r><w:t>{{/l}}</w:t></w:r></w:p>";
        let twice = filled(xml, &sample());
        for once in ["w14:paraId", "w:bookmarkStart", "w:bookmarkEnd", "id=\"1\"", "id=\"1000001\""] {
            assert_eq!(twice.matches(once).count(), 1, "{once}: {twice}");
        }
    }

    #[test]
    fn lists_in_lists_have_an_end() {
        let entries = |name: &str, below: Option<&Record>| {
            let mut record = below.cloned().unwrap_or_default();
            record.list(name, (0..2_000).map(|_| Record::default()).collect());
            record
        };
        let record = entries("a", Some(&entries("b", None)));
        let mut root = xml::parse(format!("<w:body>{}</w:body>", p("{{#a}}{{#b}}x{{/b}}{{/a}}")).as_bytes()).unwrap();
        tags::find(&mut root).unwrap();
        blocks::pair(&mut root).unwrap();
        assert!(Filling::new(&record, "").part(&root).is_err());
    }
}
