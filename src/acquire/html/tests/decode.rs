//! Encodings of real and odd pages.

use encoding_rs::WINDOWS_1258;
use unicode_normalization::UnicodeNormalization;

use crate::acquire::html::{Decoded, decode, fold, tidy};
use crate::snapshot::Gap;

fn encoding(bytes: &[u8]) -> &'static str {
    decode(bytes, None).map_or("-", |d| d.encoding)
}

/// Vietnamese as windows-1258 holds it: letters composed, tones apart.
fn in_1258(text: &str) -> Vec<u8> {
    let mut apart = String::new();
    for c in text.nfc() {
        let mut parts: Vec<char> = c.nfd().collect();
        let tone =
            parts.iter().position(|p| "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(*p)).map(|at| parts.remove(at));
        apart.extend(parts.into_iter().nfc());
        apart.extend(tone);
    }
    let (bytes, _, failed) = WINDOWS_1258.encode(&apart);
    assert!(!failed);
    bytes.into_owned()
}

#[test]
fn the_mark_goes_before_the_header_and_the_header_before_meta() {
    let utf8 = "\u{feff}<meta charset=windows-1252>Cổng".as_bytes();
    assert_eq!(decode(utf8, Some("iso-8859-1")).unwrap().text, "<meta charset=windows-1252>Cổng");
    let latin = b"<meta charset=utf-8>\xe9";
    assert_eq!(decode(latin, Some("ISO-8859-1")).unwrap().text, "<meta charset=utf-8>é");
    assert_eq!(decode(latin, Some("\"iso-8859-1\"")).unwrap().encoding, "windows-1252");
    assert_eq!(decode("<p>é".as_bytes(), Some("no-such")).unwrap().encoding, "UTF-8");
    let decoded = decode(latin, None).unwrap();
    assert_eq!(decoded, Decoded { text: "<meta charset=utf-8>\u{fffd}".into(), encoding: "UTF-8", replaced: true });
}

#[test]
fn utf_16_by_its_mark() {
    for (mark, big) in [(b"\xff\xfe", false), (b"\xfe\xff", true)] {
        let mut bytes = mark.to_vec();
        for unit in "<p class=a>Đã kết nối".encode_utf16() {
            bytes.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
        assert_eq!(decode(&bytes, None).unwrap().text, "<p class=a>Đã kết nối");
        assert_eq!(decode(&bytes[2..], None), Err(Gap::Undecodable));
        let label = if big { "utf-16be" } else { "utf-16le" };
        assert_eq!(decode(&bytes[2..], Some(label)).unwrap().text, "<p class=a>Đã kết nối");
    }
}

#[test]
fn the_prescan_is_the_standards() {
    for (text, name) in [
        ("<meta charset=windows-1258>", "windows-1258"),
        ("<META  CharSet = 'TIS-620' >", "windows-874"),
        ("<meta charset=\"utf-16\">", "UTF-8"),
        ("<meta charset=x-user-defined>", "windows-1252"),
        ("<meta http-equiv=Content-Type content='text/html; charset=gbk'>", "GBK"),
        ("<meta content='text/html; charset=gbk' http-equiv=Content-Type>", "GBK"),
        ("<meta content='text/html; charset = \"gbk\"; x' http-equiv=Content-Type>", "GBK"),
        ("<meta content='text/html; charset=gbk'>", "UTF-8"),
        ("<!-- <meta charset=gbk> --><meta charset=big5>", "Big5"),
        ("<!--><meta charset=gbk>-->", "GBK"),
        ("<p title='<meta charset=gbk>'><meta charset=big5>", "Big5"),
        ("</p title='<meta charset=gbk>'><meta charset=big5>", "Big5"),
        ("<?xml version='1.0' encoding='gbk'?><meta charset=big5>", "Big5"),
        ("<metadata charset=gbk><meta/charset=big5/>", "UTF-8"),
        ("<meta charset=nonsense><meta charset=big5>", "Big5"),
        ("<meta charset=gbk charset=big5>", "GBK"),
        ("<meta charset=gbk", "UTF-8"),
        ("<script>'<meta charset=gbk>'</script>", "GBK"),
    ] {
        assert_eq!(encoding(text.as_bytes()), name, "{text}");
    }
    let late = format!("{}<meta charset=gbk>", " ".repeat(1_024));
    assert_eq!(encoding(late.as_bytes()), "UTF-8");
}

#[test]
fn pages_that_name_no_encoding() {
    assert_eq!(encoding("<p>Cổng thông tin".as_bytes()), "UTF-8");
    assert_eq!(encoding(b"<p>caf\xe9 \xe0 la carte"), "windows-1252");
    let old = in_1258("<p>Cổng thông tin điện tử - Đã kết nối EMC</p>");
    let decoded = decode(&old, None).unwrap();
    assert_eq!(decoded.encoding, "windows-1258");
    assert_eq!(tidy(&decoded.text), "<p>Cổng thông tin điện tử - Đã kết nối EMC</p>");
    let cut = "<p>Cổng".as_bytes();
    assert_eq!(encoding(&cut[..cut.len() - 3]), "UTF-8");
}

#[test]
fn what_is_no_page() {
    for bytes in [
        &b"%PDF-1.7\n"[..],
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04abc",
        b"GIF89a...",
        b"{\"code\":404}",
        b"\xef\xbb\xbf [1, 2]\n",
        b"<?xml version=\"1.0\"?>\n<!-- x --><rss version=\"2.0\"/>",
        b"\0\x01\x02\x03\x04\x05 abc",
    ] {
        assert_eq!(decode(bytes, None), Err(Gap::NotHtml), "{bytes:?}");
    }
    assert_eq!(decode(b"\0\x01\x02\x03\x04\x05 abc", Some("utf-8")), Err(Gap::NotHtml));
    for bytes in [&b""[..], b" \r\n\t", b"\xef\xbb\xbf\n", "\u{a0}".as_bytes()] {
        assert_eq!(decode(bytes, None), Err(Gap::Empty), "{bytes:?}");
    }
    assert_eq!(decode(b"{\"a\":1} <p>x", None).map(|d| d.encoding), Ok("UTF-8"));
    assert!(decode(b"<?xml version='1.0'?><!DOCTYPE html><html>", None).is_ok());
    assert!(decode(b"<html>a\0b", None).is_ok());
}

#[test]
fn a_page_in_another_encoding_than_it_says_is_undecodable() {
    let text = "Ủy ban nhân dân tỉnh công bố đường dây nóng và số điện thoại liên hệ. ".repeat(4);
    let bytes = [b"<meta charset=utf-8>".to_vec(), in_1258(&text)].concat();
    assert_eq!(decode(&bytes, None), Err(Gap::Undecodable));
    let long = [b"<meta charset=utf-8>".to_vec(), vec![b'a'; 9_000], in_1258(&text)].concat();
    assert!(decode(&long, None).unwrap().replaced);
}

#[test]
fn texts_read_alike_are_equal() {
    assert_eq!(fold(" ĐÃ  kết\u{a0}nối\r\n\u{200b}EMC\u{feff} "), "đã kết nối emc");
    assert_eq!(fold("Đa\u{303} kê\u{301}t nô\u{301}i EMC"), fold("ĐÃ KẾT NỐI EMC"));
    assert_ne!(fold("Da ket noi EMC"), fold("Đã kết nối EMC"));
    assert_eq!(tidy("\u{3000}Cổng\u{ad}  TTĐT\0"), "Cổng TTĐT");
    assert_eq!(fold(""), "");
}

#[test]
fn a_page_that_no_browser_could_show_is_not_read_as_an_empty_one() {
    let page = "<!doctype html><html><head><title>Cổng</title></head><body>Tin tức</body></html>";
    for label in ["utf-16", "utf-16be", "iso-2022-kr", "hz-gb-2312"] {
        assert_eq!(decode(page.as_bytes(), Some(label)), Err(Gap::Undecodable), "{label}");
    }
    let meta = page.replace("<head>", "<head><meta charset=iso-2022-kr>");
    assert_eq!(decode(meta.as_bytes(), None), Err(Gap::Undecodable));
    let wide: Vec<u8> = "\u{feff}".chars().chain(page.chars()).flat_map(|c| u32::from(c).to_le_bytes()).collect();
    assert_eq!(decode(&wide, None), Err(Gap::Undecodable));
}
