//! Reads a site map: the XML of sitemaps.org (pages or further site maps), the same packed with gzip, or a plain
//! list of addresses. What is broken yields what was read before it and says that it broke off. Never fetches,
//! never expands an entity of the file's own.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read;

use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use url::Url;

/// Addresses that are kept of one file.
pub const MOST_ADDRESSES: usize = 50_000;
/// Bytes of one file that are read, unpacked.
pub const MOST_BYTES: usize = 8 << 20;
/// Bytes of one address.
const LONGEST_ADDRESS: usize = 2_048;
/// Elements within elements; site maps have three.
const DEEPEST: usize = 32;

/// What a site map holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitemap {
    /// What its addresses are.
    pub kind: Kind,
    /// Absolute http and https addresses in order, without fragments, each once.
    pub addresses: Vec<Url>,
    /// How far it was read.
    pub read: Extent,
}

/// What the addresses of a site map are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Pages.
    Pages,
    /// Further site maps.
    Index,
    /// The file is no site map: a page that says “not found”, a picture.
    Neither,
}

/// How far a site map was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// To its end.
    Whole,
    /// To where it is broken: unclosed, not XML, nested too deep, a damaged archive.
    Broken,
    /// To the limit of bytes or addresses.
    Limited,
}

/// Reads a site map that was found at an address; relative addresses in it are resolved against that.
#[must_use]
pub fn read(bytes: &[u8], at: &Url) -> Sitemap {
    let (bytes, mut extent) = unpacked(bytes);
    let text = decoded(&bytes);
    let mut list = List { at, addresses: Vec::new(), known: HashSet::new(), full: false };
    let kind = if text.trim_start().starts_with('<') {
        let (kind, whole) = xml(&text, &mut list);
        if extent == Extent::Whole && !whole {
            extent = Extent::Broken;
        }
        kind
    } else {
        lines(&text, &mut list, extent != Extent::Whole)
    };
    if list.full {
        extent = Extent::Limited;
    }
    Sitemap { kind, addresses: list.addresses, read: extent }
}

/// The bytes of the file, unpacked when they are an archive, at most [`MOST_BYTES`].
fn unpacked(bytes: &[u8]) -> (Cow<'_, [u8]>, Extent) {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        let extent = if bytes.len() > MOST_BYTES { Extent::Limited } else { Extent::Whole };
        return (Cow::Borrowed(&bytes[..bytes.len().min(MOST_BYTES)]), extent);
    }
    let mut out = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    let ended = flate2::read::MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut out);
    let extent = match ended {
        _ if out.len() > MOST_BYTES => Extent::Limited,
        Ok(_) => Extent::Whole,
        Err(_) => Extent::Broken,
    };
    out.truncate(MOST_BYTES);
    (Cow::Owned(out), extent)
}

/// The text: by its byte order mark, else by its XML declaration, else UTF-8.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    // UTF-16 without a mark shows in the zero beside the first sign.
    let encoding = match bytes {
        [b'<', 0, ..] => encoding_rs::UTF_16LE,
        [0, b'<', ..] => encoding_rs::UTF_16BE,
        _ => declared(bytes).unwrap_or(UTF_8),
    };
    encoding.decode_without_bom_handling(bytes).0
}

fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let bytes = bytes.trim_ascii_start();
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let encoding = Encoding::for_label(value[1..].split(quote).next()?.as_bytes())?;
    // A declaration that could be read byte by byte does not stand in UTF-16.
    if encoding.is_ascii_compatible() { Some(encoding) } else { None }
}

/// Addresses as they come, each once.
struct List<'a> {
    at: &'a Url,
    addresses: Vec<Url>,
    known: HashSet<Url>,
    full: bool,
}

impl List<'_> {
    fn add(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST_ADDRESS {
            return;
        }
        let Ok(mut url) = self.at.join(text) else { return };
        if !matches!(url.scheme(), "http" | "https") {
            return;
        }
        url.set_fragment(None);
        if self.known.contains(&url) {
            return;
        }
        if self.addresses.len() == MOST_ADDRESSES {
            self.full = true;
            return;
        }
        self.known.insert(url.clone());
        self.addresses.push(url);
    }
}

/// What an element is to us.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Pages,
    Index,
    Entry,
    Address,
    Other,
}

/// Reads XML; whether it was whole.
fn xml(text: &str, list: &mut List<'_>) -> (Kind, bool) {
    let mut reader = Reader::from_str(text);
    // Addresses with a bare `&` are common.
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    let mut vocabulary: Option<Vec<u8>> = None;
    let (mut kind, mut address) = (Kind::Neither, String::new());
    loop {
        if list.full {
            return (kind, true);
        }
        let Ok(event) = reader.read_event() else { return (kind, false) };
        match event {
            Event::Start(start) => {
                let prefix = start.name().prefix().map(|prefix| prefix.as_ref().to_vec());
                if open.is_empty() {
                    vocabulary.clone_from(&prefix);
                }
                // `image:loc` is the address of a picture.
                let own = prefix == vocabulary;
                let element = if own { element(start.local_name().as_ref(), &open) } else { Element::Other };
                match element {
                    Element::Pages => kind = Kind::Pages,
                    Element::Index => kind = Kind::Index,
                    Element::Address => address.clear(),
                    Element::Entry | Element::Other => {}
                }
                open.push(element);
                // A page of HTML is no site map that broke: nothing of it is read.
                if open.len() > DEEPEST || kind == Kind::Neither {
                    return (kind, false);
                }
            }
            Event::End(_) => {
                let closed = open.pop();
                if closed == Some(Element::Address) {
                    list.add(&address);
                }
            }
            Event::Text(text) if open.last() == Some(&Element::Address) => {
                push(&mut address, &String::from_utf8_lossy(&text));
            }
            Event::CData(text) if open.last() == Some(&Element::Address) => {
                push(&mut address, &String::from_utf8_lossy(&text));
            }
            Event::GeneralRef(reference) if open.last() == Some(&Element::Address) => {
                push(&mut address, &meant(&reference));
            }
            Event::Eof => return (kind, open.is_empty() && kind != Kind::Neither),
            _ => {}
        }
    }
}

/// What an element is where it stands.
fn element(name: &[u8], open: &[Element]) -> Element {
    match (name, open.last()) {
        (b"urlset", None) => Element::Pages,
        (b"sitemapindex", None) => Element::Index,
        (b"url", Some(Element::Pages)) | (b"sitemap", Some(Element::Index)) => Element::Entry,
        (b"loc", Some(Element::Entry)) => Element::Address,
        _ => Element::Other,
    }
}

/// Adds to an address, as far as one can be long.
fn push(address: &mut String, text: &str) {
    if address.len() <= LONGEST_ADDRESS {
        address.push_str(text.get(..text.floor_char_boundary(LONGEST_ADDRESS + 1)).unwrap_or(text));
    }
}

/// The character a reference means; one of the file's own entities stays as it is written.
fn meant(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name = String::from_utf8_lossy(reference);
    resolve_predefined_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
}

/// Reads a list, one address a line. Text that holds anything else is no list of addresses.
fn lines(text: &str, list: &mut List<'_>, cut: bool) -> Kind {
    let is_address = |line: &str| {
        let start = line.get(..8).unwrap_or(line).to_ascii_lowercase();
        (start.starts_with("http://") || start.starts_with("https://")) && !line.contains(char::is_whitespace)
    };
    let mut rows = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).peekable();
    while let Some(line) = rows.next() {
        // Half an address leads somewhere else.
        if cut && rows.peek().is_none() {
            break;
        }
        if list.full {
            break;
        }
        if is_address(line) {
            list.add(line);
        } else if list.addresses.is_empty() {
            return Kind::Neither;
        }
    }
    if list.addresses.is_empty() { Kind::Neither } else { Kind::Pages }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::{ProptestConfig, any, prop, proptest};

    use super::*;

    fn map(bytes: &[u8]) -> Sitemap {
        read(bytes, &Url::parse("https://tinh-a.vn/sitemap.xml").unwrap())
    }

    fn addresses(map: &Sitemap) -> Vec<&str> {
        map.addresses.iter().map(Url::as_str).collect()
    }

    fn urlset(inner: &str) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"x\">{inner}</urlset>\n")
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn pages_in_order_each_once() {
        let text = urlset(
            "<url><loc> https://tinh-a.vn/b?x=1&amp;y=2#z\n</loc><lastmod>2025-01-01</lastmod></url>\
             <!-- <url><loc>https://tinh-a.vn/comment</loc></url> -->\
             <url><loc><![CDATA[https://tinh-a.vn/a]]></loc><image:image><image:loc>/x.png</image:loc></image:image>\
             <image:loc>/y.png</image:loc></url>\
             <url><loc>https://tinh-a.vn/b?x=1&y=2</loc></url><url><loc>/rel&#x61;tive</loc></url>\
             <url><loc>mailto:a@tinh-a.vn</loc></url><url><loc/></url><loc>https://tinh-a.vn/stray</loc>",
        );
        let map = map(text.as_bytes());
        assert_eq!((map.kind, map.read), (Kind::Pages, Extent::Whole));
        let wanted = ["https://tinh-a.vn/b?x=1&y=2", "https://tinh-a.vn/a", "https://tinh-a.vn/relative"];
        assert_eq!(addresses(&map), wanted);
    }

    #[test]
    fn an_index_names_site_maps() {
        let text = "<s:sitemapindex xmlns:s='x'><s:sitemap><s:loc>https://tinh-a.vn/1.xml.gz</s:loc></s:sitemap>\
             <s:url><s:loc>https://tinh-a.vn/no</s:loc></s:url></s:sitemapindex>";
        let map = map(text.as_bytes());
        assert_eq!((map.kind, map.read), (Kind::Index, Extent::Whole));
        assert_eq!(addresses(&map), ["https://tinh-a.vn/1.xml.gz"]);
    }

    #[test]
    fn archives_and_lists() {
        let text = urlset("<url><loc>https://tinh-a.vn/a</loc></url>");
        let mut two = packed(&text.as_bytes()[..20]);
        two.extend(packed(&text.as_bytes()[20..]));
        for bytes in [packed(text.as_bytes()), two] {
            let map = map(&bytes);
            assert_eq!((map.read, addresses(&map)), (Extent::Whole, vec!["https://tinh-a.vn/a"]));
        }
        let list = map("\u{feff}https://tinh-a.vn/a\r\nhttp://b.tinh-a.vn\r\n\r\nftp://x\n".as_bytes());
        assert_eq!((list.kind, list.read), (Kind::Pages, Extent::Whole));
        assert_eq!(addresses(&list), ["https://tinh-a.vn/a", "http://b.tinh-a.vn/"]);
    }

    #[test]
    fn what_is_no_site_map() {
        for bytes in [
            &b""[..],
            b"Not found",
            b"<!doctype html><html><body><a href='https://tinh-a.vn/'>x</a></body></html>",
            b"<rss><channel><loc>https://tinh-a.vn/</loc></channel></rss>",
            b"\x89PNG\r\n\x1a\n",
            b"See https://tinh-a.vn/a\nhttps://tinh-a.vn/b",
        ] {
            let map = map(bytes);
            assert_eq!((map.kind, map.addresses.len()), (Kind::Neither, 0), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn encodings() {
        let text = "<?xml version='1.0' encoding='windows-1258'?><urlset><url><loc>https://tinh-a.vn/\u{e2}</loc></url></urlset>";
        let ansi = encoding_rs::WINDOWS_1258.encode(text).0.into_owned();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut marked = vec![0xff, 0xfe];
        marked.extend(&wide);
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [ansi, wide, marked, big] {
            assert_eq!(addresses(&map(&bytes)), ["https://tinh-a.vn/%C3%A2"]);
        }
        // A wrong declaration spoils a letter, not the list.
        let lying = "<?xml version='1.0' encoding='UTF-16'?><urlset><url><loc>https://tinh-a.vn/a</loc></url></urlset>";
        assert_eq!(addresses(&map(lying.as_bytes())), ["https://tinh-a.vn/a"]);
    }

    #[test]
    fn what_is_broken_yields_what_came_before() {
        let whole = urlset("<url><loc>https://tinh-a.vn/a</loc></url><url><loc>https://tinh-a.vn/b</loc></url>");
        let cut = &whole[..whole.find("/b<").unwrap() + 2];
        for text in [
            cut.to_owned(),
            whole.replace("</urlset>", ""),
            whole.replace("</urlset>", "</nothing>"),
            whole.replace("<url><loc>https://tinh-a.vn/b", "<!url "),
            whole.replace("<url><loc>https://tinh-a.vn/b", &"<x>".repeat(DEEPEST)),
        ] {
            let map = map(text.as_bytes());
            assert_eq!((map.kind, map.read), (Kind::Pages, Extent::Broken), "{text}");
            assert_eq!(addresses(&map)[0], "https://tinh-a.vn/a", "{text}");
        }
        let archive = packed(whole.repeat(50).as_bytes());
        let map = map(&archive[..archive.len() - 8]);
        assert_eq!((map.read, map.addresses.len()), (Extent::Broken, 2));
    }

    #[test]
    fn entities_of_the_file_are_not_expanded() {
        let text = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>\
             <!ENTITY f SYSTEM 'file:///etc/passwd'>]>\
             <urlset><url><loc>https://tinh-a.vn/&b;&f;</loc></url></urlset>";
        let map = map(text.as_bytes());
        assert_eq!(addresses(&map), ["https://tinh-a.vn/&b;&f;"]);
    }

    #[test]
    fn limits() {
        let entry = |n: usize| format!("<url><loc>https://tinh-a.vn/{n}</loc></url>");
        let many: String = (0..=MOST_ADDRESSES).map(entry).collect();
        let full = map(urlset(&many).as_bytes());
        assert_eq!((full.read, full.addresses.len()), (Extent::Limited, MOST_ADDRESSES));
        let most: String = (0..MOST_ADDRESSES).map(entry).collect();
        let exact = map(urlset(&most).as_bytes());
        assert_eq!((exact.read, exact.addresses.len()), (Extent::Whole, MOST_ADDRESSES));

        let large = urlset(&format!("{}<!--{}-->{}", entry(1), " ".repeat(MOST_BYTES), entry(2)));
        let bomb = packed(large.as_bytes());
        assert!(bomb.len() < 20_000);
        for bytes in [large.as_bytes(), &bomb] {
            let map = map(bytes);
            assert_eq!((map.read, addresses(&map)), (Extent::Limited, vec!["https://tinh-a.vn/1"]));
        }
        let long = urlset(&format!("<url><loc>https://tinh-a.vn/{}</loc></url>", "x".repeat(LONGEST_ADDRESS)));
        assert_eq!(map(long.as_bytes()).addresses, []);
        let lines = map("https://tinh-a.vn/a\n".repeat(MOST_BYTES / 20 + 1).as_bytes());
        assert_eq!((lines.read, lines.addresses.len()), (Extent::Limited, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn no_bytes_make_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            map(&bytes);
        }

        #[test]
        fn no_soup_makes_it_stumble(parts in prop::collection::vec(prop::sample::select(&[
            "<urlset>", "<url>", "<loc>", "https://tinh-a.vn/", "</loc>", "</url>", "</urlset>", "<!--", "-->", "&",
            "&#0;", "&#x110000;", "&amp;", "<![CDATA[", "]]>", "<!DOCTYPE", "[", "]>", "<?xml", "?>", "<", ">", "\"", " ",
            "a:", "<a:loc", "/>", "\u{feff}", "\0", "ố",
        ][..]), 0..40)) {
            let text = parts.concat();
            let first = map(text.as_bytes());
            let again = map(&packed(text.as_bytes()));
            assert_eq!((first.kind, &first.addresses), (again.kind, &again.addresses));
        }
    }
}
