//! Pairs the markers of a part: what stands between two becomes a block that is repeated or left out. Both in one
//! table row mean the row, both alone in one paragraph mean the paragraph. Knows no names.

use std::collections::{BTreeMap, BTreeSet};

use super::tags::{Kind, Tag};
use super::xml::{Element, Node};
use crate::policy::Text;

/// Pairs all markers of a part.
pub(super) fn pair(root: &mut Element) -> Result<(), Text> {
    let mut tags = Vec::new();
    number(root, &mut tags);
    let mut ends = BTreeMap::new();
    let mut waiting: Vec<&Tag> = Vec::new();
    for tag in &tags {
        if tag.kind != Kind::End {
            waiting.push(tag);
            continue;
        }
        match waiting.pop() {
            Some(begin) if begin.name == tag.name => ends.insert(begin.id, tag.id),
            Some(begin) => return Err(crossed(begin, tag)),
            None => return Err(without_begin(tag)),
        };
    }
    if let Some(begin) = waiting.last() {
        return Err(without_end(begin));
    }
    inside(root, &Pairs { tags: &tags, ends })?;
    Ok(())
}

/// Numbers the markers in the order they are read.
fn number(element: &mut Element, tags: &mut Vec<Tag>) {
    for node in &mut element.children {
        match node {
            Node::Marker(tag) => {
                tag.id = tags.len();
                tags.push(tag.clone());
            }
            Node::Element(below) => number(below, tags),
            _ => {}
        }
    }
}

/// All markers of a part.
struct Pairs<'a> {
    tags: &'a [Tag],
    /// The end of each that begins something.
    ends: BTreeMap<usize, usize>,
}

/// What an element leaves to the one above it.
#[derive(Default)]
struct Left {
    /// Markers whose other end is further out.
    open: Vec<usize>,
    /// Blocks that mean the element as a whole, the innermost first.
    around: Vec<Tag>,
}

/// Two markers that meet in one element, by the children they stand in.
struct Meeting {
    begin: usize,
    from: usize,
    to: usize,
}

fn inside(element: &mut Element, pairs: &Pairs<'_>) -> Result<Left, Text> {
    // By marker the child it stands in.
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    for (child, node) in element.children.iter_mut().enumerate() {
        let open = match node {
            Node::Marker(tag) => vec![tag.id],
            Node::Element(below) => {
                let Left { open, around } = inside(below, pairs)?;
                for tag in around {
                    let body = std::mem::replace(node, Node::Text(String::new()));
                    *node = Node::Block(tag, vec![body]);
                }
                open
            }
            _ => continue,
        };
        places.extend(open.into_iter().map(|id| (id, child)));
    }
    let mut met: Vec<Meeting> = Vec::new();
    for (begin, from) in &places {
        if let Some(to) = pairs.ends.get(begin).and_then(|end| places.get(end)) {
            met.push(Meeting { begin: *begin, from: *from, to: *to });
        }
    }
    // What begins later lies within.
    met.reverse();
    let paired: BTreeSet<usize> =
        met.iter().flat_map(|one| [Some(one.begin), pairs.ends.get(&one.begin).copied()]).flatten().collect();
    let open: Vec<usize> = places.keys().filter(|id| !paired.contains(id)).copied().collect();
    if met.is_empty() {
        return Ok(Left { open, around: Vec::new() });
    }
    let tag = |one: &Meeting| pairs.tags[one.begin].clone();
    if element.name == "w:tr" {
        let end = |one: &Meeting| pairs.ends.get(&one.begin).copied().unwrap_or_default();
        if let Some(two) = met.windows(2).find(|two| end(&two[0]) > end(&two[1])) {
            return Err(twice(&tag(&two[0])));
        }
        strip_all(&mut element.children, &paired);
        return Ok(Left { open, around: met.iter().map(tag).collect() });
    }
    wrap(element, &met, &paired, &tag)?;
    let around = if element.name == "w:p" && open.is_empty() { unwrap_whole(element) } else { Vec::new() };
    Ok(Left { open, around })
}

/// Puts blocks around the children between markers that met here.
fn wrap(
    element: &mut Element,
    met: &[Meeting],
    paired: &BTreeSet<usize>,
    tag: &dyn Fn(&Meeting) -> Tag,
) -> Result<(), Text> {
    let mut slots: Vec<Option<Node>> = Vec::new();
    for mut node in element.children.drain(..) {
        let gone = match &mut node {
            Node::Marker(tag) => paired.contains(&tag.id),
            Node::Element(below) => {
                strip(below, paired) && matches!(below.name.as_str(), "w:p" | "w:tr") && is_void(below)
            }
            Node::Block(_, body) => {
                strip_all(body, paired);
                body.is_empty()
            }
            _ => false,
        };
        slots.push((!gone).then_some(node));
    }
    let stays: Vec<bool> = slots.iter().map(Option::is_some).collect();
    for (n, one) in met.iter().enumerate() {
        // What one begins where another ends cannot be told apart when there is text beside the markers.
        if met[..n].iter().any(|later| later.from == one.to && later.to > one.to && stays[one.to]) {
            return Err(beside(&tag(one)));
        }
        let from = if stays[one.from] { one.from } else { one.from + 1 };
        let to = if stays[one.to] { one.to + 1 } else { one.to };
        if from < to {
            let body: Vec<Node> = slots[from..to].iter_mut().filter_map(Option::take).collect();
            slots[from] = Some(Node::Block(tag(one), body));
        }
    }
    element.children = slots.into_iter().flatten().collect();
    Ok(())
}

/// Takes the blocks off that are all a paragraph holds: they mean the paragraph.
fn unwrap_whole(p: &mut Element) -> Vec<Tag> {
    let mut around = Vec::new();
    loop {
        let mut seen = p.children.iter().enumerate().filter(|(_, node)| !is_silent(node)).map(|(at, _)| at);
        let (Some(at), None) = (seen.next(), seen.next()) else { return around };
        if !matches!(p.children[at], Node::Block(..)) {
            return around;
        }
        if let Node::Block(tag, body) = p.children.remove(at) {
            p.children.splice(at..at, body);
            around.insert(0, tag);
        }
    }
}

/// Whether nobody sees a piece of a paragraph.
fn is_silent(node: &Node) -> bool {
    match node {
        Node::Element(below) => !matters(below),
        Node::Text(text) => text.trim().is_empty(),
        Node::Field(_) | Node::Marker(_) | Node::Block(..) => false,
    }
}

/// Whether a reader sees something of an element.
fn matters(element: &Element) -> bool {
    match element.name.as_str() {
        "w:pPr" | "w:rPr" | "w:tblPr" | "w:tblGrid" | "w:trPr" | "w:tcPr" => false,
        "w:drawing"
        | "w:pict"
        | "w:object"
        | "w:sym"
        | "w:fldSimple"
        | "w:fldChar"
        | "w:instrText"
        | "w:br"
        | "w:footnoteReference"
        | "w:endnoteReference" => true,
        "w:t" => element.children.iter().any(|node| !is_silent(node)),
        _ => element.children.iter().any(|node| !matches!(node, Node::Text(_)) && !is_silent(node)),
    }
}

/// Whether nothing is lost with a paragraph or row.
fn is_void(element: &Element) -> bool {
    let looks = element.elements().filter(|below| below.name == "w:pPr");
    !matters(element) && !looks.flat_map(Element::elements).any(|below| below.name == "w:sectPr")
}

/// Takes markers out, and paragraphs that held nothing else.
fn strip_all(nodes: &mut Vec<Node>, paired: &BTreeSet<usize>) {
    nodes.retain_mut(|node| match node {
        Node::Marker(tag) => !paired.contains(&tag.id),
        Node::Element(below) => !(strip(below, paired) && below.name == "w:p" && is_void(below)),
        Node::Block(_, body) => {
            strip_all(body, paired);
            !body.is_empty()
        }
        Node::Text(_) | Node::Field(_) => true,
    });
}

/// Takes markers out of an element; whether it held any.
fn strip(element: &mut Element, paired: &BTreeSet<usize>) -> bool {
    let holds = |element: &Element| holds_any(&element.children, paired);
    let held = holds(element);
    if held {
        strip_all(&mut element.children, paired);
    }
    held
}

fn holds_any(nodes: &[Node], paired: &BTreeSet<usize>) -> bool {
    nodes.iter().any(|node| match node {
        Node::Marker(tag) => paired.contains(&tag.id),
        Node::Element(below) => holds_any(&below.children, paired),
        Node::Block(_, body) => holds_any(body, paired),
        Node::Text(_) | Node::Field(_) => false,
    })
}

fn without_begin(tag: &Tag) -> Text {
    let (typed, name, near) = (tag.typed(), &tag.name, &tag.near);
    Text::new(
        format!("{typed} trong đoạn “{near}” không có chỗ mở {{{{#{name}}}}}, {{{{?{name}}}}} hay {{{{^{name}}}}}."),
        format!(
            "{typed} in the paragraph “{near}” ends what nothing begins: no {{{{#{name}}}}}, {{{{?{name}}}}} or {{{{^{name}}}}}."
        ),
    )
}

fn without_end(tag: &Tag) -> Text {
    let (typed, name, near) = (tag.typed(), &tag.name, &tag.near);
    Text::new(
        format!("{typed} trong đoạn “{near}” không có chỗ kết thúc {{{{/{name}}}}}."),
        format!("{typed} in the paragraph “{near}” has no end {{{{/{name}}}}}."),
    )
}

fn crossed(begin: &Tag, end: &Tag) -> Text {
    let (first, last) = (begin.typed(), end.typed());
    Text::new(
        format!(
            "{last} trong đoạn “{}” đứng trước chỗ kết thúc của {first} (đoạn “{}”); phần mở sau phải kết thúc trước.",
            end.near, begin.near
        ),
        format!(
            "{last} in the paragraph “{}” comes before the end of {first} (paragraph “{}”); what begins later ends \
             first.",
            end.near, begin.near
        ),
    )
}

fn twice(tag: &Tag) -> Text {
    let (typed, near) = (tag.typed(), &tag.near);
    Text::new(
        format!("{typed} trong đoạn “{near}”: một dòng của bảng chỉ theo một danh sách; hãy dùng hai dòng."),
        format!("{typed} in the paragraph “{near}”: a table row goes by one list; use two rows."),
    )
}

fn beside(tag: &Tag) -> Text {
    let (name, near) = (&tag.name, &tag.near);
    Text::new(
        format!("{{{{/{name}}}}} phải ở một đoạn riêng, trước phần tiếp theo; phần này mở trong đoạn “{near}”."),
        format!("{{{{/{name}}}}} needs a paragraph of its own before the next begins; it began in “{near}”."),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tags;
    use super::super::xml::parse;
    use super::*;

    fn paired(xml: &str) -> Result<String, Text> {
        let mut root = parse(format!("<w:body>{xml}</w:body>").as_bytes()).unwrap();
        tags::find(&mut root)?;
        pair(&mut root)?;
        let mut out = String::new();
        show(&root.children, &mut out);
        Ok(out)
    }

    fn show(nodes: &[Node], out: &mut String) {
        for node in nodes {
            match node {
                Node::Element(below) => {
                    let name = below.name.trim_start_matches("w:");
                    let (open, close) = match name {
                        "p" => ("<", ">"),
                        "tr" => ("|", "|"),
                        "tc" => ("[", "]"),
                        _ => ("", ""),
                    };
                    out.push_str(open);
                    show(&below.children, out);
                    out.push_str(close);
                }
                Node::Text(text) => out.push_str(text),
                Node::Field(tag) => out.push_str(&format!("${}", tag.name)),
                Node::Marker(_) => out.push('!'),
                Node::Block(tag, body) => {
                    out.push_str(&format!("{}(", tag.name));
                    show(body, out);
                    out.push(')');
                }
            }
        }
    }

    fn p(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    fn row(cells: &[&str]) -> String {
        let cells: String = cells.iter().map(|text| format!("<w:tc>{}</w:tc>", p(text))).collect();
        format!("<w:tr>{cells}</w:tr>")
    }

    #[test]
    fn what_two_markers_mean() {
        let all = |parts: &[String]| parts.concat();
        for (xml, wanted) in [
            // Alone in a paragraph, beside text, and paragraphs of their own.
            (p("{{#a}}x {{b}}{{/a}}"), "a(<x $b>)"),
            (p("y {{?a}}x{{/a}} z"), "<y a(x) z>"),
            (p("{{?a}}{{#b}}x{{/b}}{{/a}}"), "a(b(<x>))"),
            (p("{{?a}}x{{/a}}{{^a}}y{{/a}}"), "<a(x)a(y)>"),
            (all(&[p("{{#a}}"), p("x"), p("y"), p("{{/a}}"), p("z")]), "a(<x><y>)<z>"),
            (all(&[p("{{#a}}x"), p("y{{/a}}")]), "a(<x><y>)"),
            (all(&[p("{{#a}}{{?b}}"), p("x"), p("{{/b}}{{/a}}")]), "a(b(<x>))"),
            (all(&[p("{{?a}}"), p("x"), p("{{/a}}{{^a}}"), p("y"), p("{{/a}}")]), "a(<x>)a(<y>)"),
            (all(&[p("{{#a}}"), p("{{/a}}"), p("z")]), "<z>"),
            // Rows: one, several, with rows for the markers, and a paragraph within a cell.
            (row(&["{{#a}}{{b}}", "x{{/a}}"]), "a(|[<$b>][<x>]|)"),
            (row(&["{{#a}}{{?c}}{{b}}", "x{{/c}}{{/a}}"]), "a(c(|[<$b>][<x>]|))"),
            (row(&["x", "{{#a}}{{b}}{{/a}}"]), "|[<x>][a(<$b>)]|"),
            (row(&["{{#a}}x", "{{#b}}{{c}}{{/b}}", "{{/a}}"]), "a(|[<x>][b(<$c>)][]|)"),
            (
                format!("<w:tbl>{}{}{}</w:tbl>", row(&["{{#a}}", ""]), row(&["x", "y"]), row(&["", "{{/a}}"])),
                "a(|[<x>][<y>]|)",
            ),
            (format!("{}<w:tbl>{}</w:tbl>{}", p("{{?a}}"), row(&["x"]), p("{{/a}}")), "a(|[<x>]|)"),
        ] {
            assert_eq!(paired(&xml).unwrap(), wanted, "{xml}");
        }
    }

    #[test]
    fn a_paragraph_that_ends_a_section_stays() {
        let section = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{{/a}}</w:t></w:r></w:p>";
        assert_eq!(paired(&format!("{}{}{section}", p("{{#a}}"), p("x"))).unwrap(), "a(<x><>)");
    }

    #[test]
    fn what_does_not_pair_is_told_with_its_paragraph() {
        let two_rows = row(&["{{?a}}x{{/a}}", "y"]) + &row(&["{{?a}}x", "{{/a}}{{?b}}", "{{/b}}"]);
        for (xml, wanted) in [
            (p("one {{#a}}x"), "{{#a}} in the paragraph “one {{#a}}x” has no end {{/a}}"),
            (p("x{{/a}}"), "{{/a}} in the paragraph “x{{/a}}” ends what nothing begins"),
            (
                p("{{#a}}{{?b}}x{{/a}}{{/b}}"),
                "{{/a}} in the paragraph “{{#a}}{{?b}}x{{/a}}{{/b}}” comes before the end of {{?b}}",
            ),
            (two_rows, "{{?b}} in the paragraph “{{/a}}{{?b}}”: a table row goes by one list"),
            ([p("{{?a}}"), p("x{{/a}}{{^a}}"), p("y{{/a}}")].concat(), "{{/a}} needs a paragraph of its own"),
        ] {
            let fault = paired(&xml).unwrap_err();
            assert!(fault.en.contains(wanted), "{xml}: {}", fault.en);
            assert!(!fault.vi.is_ascii(), "{}", fault.vi);
        }
    }
}
