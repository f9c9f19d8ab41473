//! Bodies: too large, packed, cut, of the wrong length, of another type, in other encodings; and broken framing.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

use super::super::server::{Act, Answer, CHUNKED, Host, chunk};
use super::{Row, good, row, table};

/// Bytes packed by gzip.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// One MiB of spaces as a part of a packed stream; it ends at a byte, so that it may be repeated.
fn packed_mib() -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&[b' '; 1 << 20]).unwrap();
    packer.flush().unwrap();
    packer.get_ref().clone()
}

/// So many MiB of spaces, packed by gzip, with the text before them. Its checksum is wrong.
pub(super) fn bomb(before: &str, mib: usize) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(before.as_bytes()).unwrap();
    packer.flush().unwrap();
    [&gzip(b"")[..10], packer.get_ref(), &packed_mib().repeat(mib), &[3, 0], &[0; 8]].concat()
}

fn encoded(encoding: &str, bytes: Vec<u8>) -> Host {
    Host::home(Answer::new(200, &format!("Content-Type: text/html\r\nContent-Encoding: {encoding}\r\n"), bytes))
}

fn raw(head: &str, body: &str) -> Host {
    Host::home(Answer::raw(format!("{head}\r\n\r\n{body}")))
}

fn typed(kind: &str, body: impl Into<Vec<u8>>) -> Host {
    Host::home(Answer::file(kind, body))
}

/// A head, then a block again and again.
pub(super) fn endless(head: &str, block: Vec<u8>) -> Host {
    Host::home(Answer::acts(vec![Act::Send(head.as_bytes().to_vec()), Act::Endless(block)]))
}

/// The head of a page that ends when the connection does.
pub(super) const OPEN: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";

#[test]
fn bodies_that_never_end_or_are_none() {
    let block = vec![b'x'; 64 << 10];
    let declared = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 104857600\r\n\r\n";
    let zeros = vec![0; 100 << 20];
    let large = |n: usize| Host::page(format!("{}<!--{}-->", good(), "x".repeat(n)));
    let told = table(
        "size",
        vec![
            row("100 MB, declared", endless(declared, block.clone()), "inconclusive too-large").once(),
            row("100 MB, in chunks", endless(CHUNKED, chunk(&block)), "inconclusive too-large").once(),
            row("for ever", endless(OPEN, block.clone()), "inconclusive too-large").once(),
            row(
                "for ever in one line of headers",
                endless("HTTP/1.1 200 OK\r\nX: ", block.clone()),
                "inconclusive protocol-error|inconclusive too-large",
            ),
            row(
                "headers for ever",
                endless("HTTP/1.1 200 OK\r\n", b"X-Header: something or other\r\n".repeat(99)),
                "inconclusive protocol-error|inconclusive too-large",
            ),
            row(
                "chunks of one byte for ever",
                endless(CHUNKED, b"1\r\nx\r\n".repeat(9999)),
                "inconclusive too-large|inconclusive timeout|inconclusive protocol-error",
            ),
            row(
                "a chunk head for ever",
                endless(CHUNKED, b"0".repeat(9999)),
                "inconclusive protocol-error|inconclusive timeout",
            ),
            row(
                "chunk extensions for ever",
                endless(&format!("{CHUNKED}5;"), block.clone()),
                "inconclusive protocol-error|inconclusive too-large",
            ),
            row(
                "trailers for ever",
                endless(&format!("{CHUNKED}0\r\n"), b"X: y\r\n".repeat(9999)),
                "inconclusive protocol-error|inconclusive too-large|inconclusive empty",
            ),
            row("a gzip bomb", encoded("gzip", bomb("", 300)), "inconclusive too-large").once(),
            row(
                "a gzip bomb in gzip",
                encoded("gzip, gzip", gzip(&bomb("", 300))),
                "inconclusive too-large|inconclusive protocol-error|inconclusive undecodable|inconclusive not-html",
            ),
            row("a zstd bomb", encoded("zstd", zstd::encode_all(&*zeros, 3).unwrap()), "inconclusive too-large").once(),
            row("a brotli bomb", encoded("br", brotli_bomb()), "inconclusive too-large").once(),
            row(
                "a deflate bomb",
                encoded("deflate", deflate_bomb()),
                "inconclusive too-large|inconclusive protocol-error|inconclusive undecodable",
            ),
            row("gzip for ever", gzip_for_ever(), "inconclusive too-large").once(),
            row("just below the limit", large(90_000), "pass -").once().flags("--max-size 100kB"),
            row("just above the limit", large(100_000), "inconclusive too-large").once().flags("--max-size 100kB"),
            row("nothing", Host::page(""), "inconclusive empty").once(),
            row("nothing, in chunks", Host::home(Answer::raw(format!("{CHUNKED}0\r\n\r\n"))), "inconclusive empty"),
            row("nothing, packed", encoded("gzip", gzip(b"")), "inconclusive empty"),
            row("white space", Host::page(" \r\n\t"), "inconclusive empty").once(),
            row("a byte-order mark", Host::page("\u{feff}"), "inconclusive empty").once(),
        ],
    );
    println!("{told}");
}

/// Half of a packed body whose length was promised.
fn closed_in(packed: &[u8]) -> Host {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        packed.len()
    );
    Host::home(Answer::raw([head.as_bytes(), &packed[..packed.len() / 2]].concat()))
}

/// One packed stream that never ends.
fn gzip_for_ever() -> Host {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
    Host::home(Answer::acts(vec![Act::Send([head, gzip(b"")[..10].to_vec()].concat()), Act::Endless(packed_mib())]))
}

fn brotli_bomb() -> Vec<u8> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 5, ..brotli::enc::BrotliEncoderParams::default() };
    brotli::BrotliCompress(&mut &*vec![b' '; 100 << 20], &mut packed, &parameters).unwrap();
    packed
}

fn deflate_bomb() -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![b' '; 100 << 20]).unwrap();
    packer.finish().unwrap()
}

#[test]
fn framing() {
    let (page, length) = (good(), good().len());
    let head = |more: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: text/html{more}");
    let packed = gzip(page.as_bytes());
    let (begin, rest) = page.as_bytes().split_at(page.find("<script").unwrap_or(0));
    let two = [gzip(begin), gzip(rest)].concat();
    let chunked = String::from_utf8(chunk(page.as_bytes())).unwrap() + "0\r\n\r\n";
    let broken = "inconclusive protocol-error";
    let cut = "inconclusive protocol-error|inconclusive undecodable|inconclusive reset";
    let told = table(
        "framing",
        vec![
            row("no length", raw(&head(""), &page), "pass -").once(),
            row(
                "no length, and the end missing",
                raw(&head("\r\nConnection: close"), &page[..page.len() / 2]),
                "inconclusive reset",
            ),
            row(
                "no length in 1.0, and the end missing",
                raw("HTTP/1.0 200 OK\r\nContent-Type: text/html", &page[..page.len() / 2]),
                "inconclusive reset",
            )
            .twice(),
            row("no length in 1.0", raw("HTTP/1.0 200 OK\r\nContent-Type: text/html", &page), "pass -").once(),
            row(
                "a part that nobody asked for",
                Host::home(Answer::new(
                    206,
                    "Content-Type: text/html\r\nContent-Range: bytes 0-99/9999\r\n",
                    &page.as_bytes()[..100],
                )),
                "inconclusive http-error",
            )
            .once(),
            row("in chunks", raw(&head("\r\nTransfer-Encoding: chunked"), &chunked), "pass -").once(),
            row("gzip", encoded("gzip", packed.clone()), "pass -").once(),
            row("gzip in capitals", encoded("GZIP", packed.clone()), "pass -").once(),
            row("gzip of two members", encoded("gzip", two), "pass -").once(),
            row("x-gzip", encoded("x-gzip", packed.clone()), "pass -").once(),
            row("zstd", encoded("zstd", zstd::encode_all(page.as_bytes(), 3).unwrap()), "pass -").once(),
            row("gzip, cut", encoded("gzip", packed[..packed.len() - 200].to_vec()), cut),
            row("gzip, the end missing", encoded("gzip", packed[..packed.len() - 4].to_vec()), cut),
            row(
                "gzip, bytes turned",
                encoded("gzip", packed.iter().enumerate().map(|(k, b)| if k == 400 { b ^ 0xff } else { *b }).collect()),
                cut,
            ),
            row("gzip, the connection closed", closed_in(&packed), "inconclusive reset").twice(),
            row("gzip that is none", encoded("gzip", page.clone().into_bytes()), cut),
            row(
                "an unknown encoding",
                encoded("rot13", page.clone().into_bytes()),
                "pass -|inconclusive protocol-error|inconclusive undecodable",
            ),
            row(
                "longer than it says, the snippet within",
                raw(&head(&format!("\r\nContent-Length: {length}")), &format!("{page}{}", "x".repeat(500))),
                "pass -",
            ),
            row("a length of words", raw(&head("\r\nContent-Length: many"), &page), broken),
            row("a negative length", raw(&head("\r\nContent-Length: -1"), &page), broken),
            row(
                "a length beyond all numbers",
                raw(&head("\r\nContent-Length: 99999999999999999999999"), &page),
                broken,
            ),
            row(
                "two lengths",
                raw(&head(&format!("\r\nContent-Length: {length}\r\nContent-Length: 5")), &page),
                broken,
            ),
            row(
                "a length and chunks",
                raw(&head("\r\nContent-Length: 5\r\nTransfer-Encoding: chunked"), &chunked),
                "pass -|inconclusive protocol-error",
            ),
            row("chunks that are none", raw(&head("\r\nTransfer-Encoding: chunked"), &page), broken),
            row(
                "a chunk beyond all numbers",
                raw(&head("\r\nTransfer-Encoding: chunked"), "fffffffffffffffffff\r\nx"),
                broken,
            ),
            row("a status line of rubbish", raw("BLAH 1 2 3", &page), broken),
            row("a status of letters", raw("HTTP/1.1 OK 200\r\nContent-Length: 5", &page), broken),
            row("HTTP/0.9", Host::home(Answer::raw(page.clone())), broken),
            row("HTTP/3.7", raw("HTTP/3.7 200 OK\r\nContent-Type: text/html", &page), broken),
            row("SSH", Host::home(Answer::raw("SSH-2.0-OpenSSH_9.6\r\n")), broken),
            row("NUL in a header", raw(&head("\r\nX-A: a\0b"), &page), broken),
            row("NUL in a header's name", raw(&head("\r\nX\0A: b"), &page), broken),
            row("a header without colon", raw(&head("\r\nNonsense"), &page), broken),
            row(
                "three thousand headers",
                raw(&head(&"\r\nX-A: b".repeat(3000)), &page),
                "inconclusive protocol-error|pass -",
            ),
            row(
                "a header of a megabyte",
                raw(&head(&format!("\r\nX-A: {}", "b".repeat(1 << 20))), &page),
                "inconclusive protocol-error|inconclusive too-large",
            ),
            row(
                "Latin-1 in a header",
                Host::home(Answer::raw(
                    [
                        head("\r\nX-A: t\u{ea}nh").into_bytes(),
                        vec![0xea],
                        b"\r\n\r\n".to_vec(),
                        page.clone().into_bytes(),
                    ]
                    .concat(),
                )),
                "pass -",
            ),
            row(
                "only line feeds",
                Host::home(Answer::raw(format!("HTTP/1.1 200 OK\nContent-Type: text/html\n\n{page}"))),
                "pass -",
            ),
        ],
    );
    println!("{told}");
}

#[test]
fn types_and_encodings() {
    let page = good();
    let utf_16 = |mark: &[u8]| [mark.to_vec(), page.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    let viet = |page: &str| encoding_rs::WINDOWS_1258.encode(page).0.into_owned();
    let no_meta = page.replace("<meta charset=utf-8>", "");
    let named = page.replace("charset=utf-8", "charset=windows-1258");
    let not_html =
        |name: &'static str, kind: &str, body: &[u8]| row(name, typed(kind, body), "inconclusive not-html").once();
    let rows: Vec<Row> = vec![
        row("no type", raw("HTTP/1.1 200 OK", &page), "pass -"),
        row("a type of capitals", typed("Text/HTML;Charset=\"UTF-8\"", page.clone()), "pass -"),
        row("XHTML", typed("application/xhtml+xml", page.clone()), "pass -"),
        not_html("PDF", "application/pdf", b"%PDF-1.4"),
        not_html("PDF sent as HTML", "text/html", b"%PDF-1.4\n1 0 obj"),
        not_html("JSON", "application/json", b"{\"a\":1}"),
        not_html("JSON sent as HTML", "text/html", b"{\"code\":500}"),
        not_html("a picture", "image/png", b"\x89PNG\r\n\x1a\n"),
        not_html("a page sent as a picture", "image/png", page.as_bytes()),
        not_html("a picture sent as HTML", "text/html", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"),
        not_html("a feed", "application/rss+xml", b"<?xml version='1.0'?><rss></rss>"),
        row("windows-1258 by header", typed("text/html; charset=windows-1258", viet(&no_meta)), "pass -"),
        row("windows-1258 by meta", typed("text/html", viet(&named)), "pass -"),
        row("windows-1258, not said", typed("text/html", viet(&no_meta)), "pass -"),
        row("a charset nobody knows", typed("text/html; charset=x-vni", page.clone()), "pass -"),
        row("UTF-16 with its mark", typed("text/html", utf_16(&[0xff, 0xfe])), "pass -"),
        row("UTF-16 by header", typed("text/html; charset=utf-16le", utf_16(&[])), "pass -"),
        row("UTF-16, not said", typed("text/html", utf_16(&[])), "inconclusive undecodable"),
        row(
            "bytes that mean nothing",
            typed("text/html; charset=utf-8", [page.as_bytes(), &[0xff, 0xfe, 0xc0].repeat(2000)].concat()),
            "inconclusive undecodable",
        ),
        row(
            "a few bytes that mean nothing",
            typed("text/html; charset=utf-8", [page.as_bytes(), &[0xff; 3]].concat()),
            "pass -",
        ),
    ];
    let told = table("type", rows);
    println!("{told}");
}
