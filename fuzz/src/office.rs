//! Workbooks and letters as offices open them: parts of an archive, each well-formed; and such an archive made of
//! texts, so that an input reaches what reads its parts and not only what unpacks it.

use std::io::{Cursor, Read, Write};

use rasoat::finding::is_unseen;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The parts of an archive, by name.
pub fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|n| {
            let mut part = archive.by_index(n).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("it unpacks");
            (part.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

/// An archive of parts.
pub fn packed<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        // A name that stands twice is refused by the writer, not by readers; the first is enough here.
        if archive.start_file(name, SimpleFileOptions::default()).is_ok() {
            archive.write_all(bytes).expect("memory takes it");
        }
    }
    archive.finish().expect("memory takes it").into_inner()
}

/// Every part of XML is well-formed and holds nothing that acts on its reader.
fn sound(bytes: &[u8], mut look: impl FnMut(&str, &roxmltree::Document<'_>)) {
    for (name, bytes) in unpacked(bytes) {
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        let text = String::from_utf8(bytes).expect("UTF-8");
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}: {text}"));
        for node in document.descendants() {
            for text in node.attributes().map(|a| a.value()).chain(node.text()) {
                assert_eq!(text.chars().find(|c| *c != '\n' && is_unseen(*c)), None, "{name}: {text:?}");
            }
        }
        look(&name, &document);
    }
}

/// A workbook without formulas, whose links lead to the web or within it.
pub fn workbook(bytes: &[u8]) {
    sound(bytes, |name, document| {
        for node in document.descendants() {
            let tag = node.tag_name().name();
            assert!(!(name.starts_with("xl/worksheets") && tag == "f"), "a formula in {name}");
            if tag == "Relationship" && node.attribute("TargetMode") == Some("External") {
                let to = node.attribute("Target").unwrap_or_default();
                assert!(to.starts_with("https://") || to.starts_with("http://"), "{to}");
            }
            if tag == "t" {
                assert!(node.text().unwrap_or_default().encode_utf16().count() <= 32_767, "a cell is too long");
            }
        }
    });
}

/// A letter whose tables have cells in every row.
pub fn letter(bytes: &[u8]) {
    sound(bytes, |name, document| {
        if name != "word/document.xml" {
            return;
        }
        for table in document.descendants().filter(|n| n.tag_name().name() == "tbl") {
            let below = |of: roxmltree::Node<'_, '_>, tag: &str| {
                of.children().filter(|n| n.tag_name().name() == tag).map(|n| n.range().start).collect::<Vec<_>>().len()
            };
            assert!(below(table, "tr") > 0, "a table without rows");
            for row in table.children().filter(|n| n.tag_name().name() == "tr") {
                assert!(below(row, "tc") > 0, "a row without cells");
            }
        }
    });
}
