//! Finds `<script>` elements in markup that a script writes. A tiny scan, not a parser of pages: it knows tags with
//! their attributes, comments, and the elements whose content is text or lies in store.

use memchr::{memchr, memchr_iter};

use super::element::is_script_type;
use crate::acquire::html::caseless;

/// Elements whose content is text while scripting is on, beside `script` itself.
const TEXT: &[&str] = &["noscript", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes"];

/// A script element in written markup.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Its `src`.
    pub(super) src: Option<String>,
    /// Its `integrity`.
    pub(super) integrity: Option<String>,
    /// Its text.
    pub(super) text: String,
    /// Whether its type lets it run.
    pub(super) runs: bool,
}

/// The script elements of a piece of markup that stand where they run, and what ends the script, comment or text that
/// the piece leaves open: what is written next belongs to it.
pub(super) fn scripts(html: &str) -> (Vec<Written>, Option<String>) {
    let mut found = Vec::new();
    let (mut at, mut stored) = (0, 0_usize);
    while let Some(begin) = memchr(b'<', html.as_bytes().get(at..).unwrap_or_default()).map(|n| at + n) {
        let rest = html.get(begin + 1..).unwrap_or_default();
        at = begin + 1;
        if rest.starts_with("!--") {
            let Some(end) = comment_end(rest) else { return (found, Some("-->".to_owned())) };
            at += end;
            continue;
        }
        let closes = rest.starts_with('/');
        let name = tag_name(rest.get(usize::from(closes)..).unwrap_or_default());
        if name.is_empty() {
            continue;
        }
        at += usize::from(closes) + name.len();
        let (attributes, end) = attributes(html.get(at..).unwrap_or_default());
        at += end;
        if name == "template" {
            stored = if closes { stored.saturating_sub(1) } else { stored + 1 };
            continue;
        }
        if closes || name != "script" && !TEXT.contains(&&*name) {
            continue;
        }
        let body = html.get(at..).unwrap_or_default();
        let ending = format!("</{name}");
        let close = caseless::places(body.as_bytes(), ending.as_bytes()).next();
        if name == "script" && stored == 0 {
            let text = body.get(..close.unwrap_or(body.len())).unwrap_or_default().to_owned();
            found.push(Written { text, ..attributes });
        }
        let Some(close) = close else { return (found, Some(ending)) };
        at += close;
    }
    (found, (stored > 0).then(|| "</template".to_owned()))
}

/// Whether markup written into the head surely leaves the page without a body: nothing but what the head may hold.
pub(super) fn stays_in_head(html: &str) -> bool {
    let mut rest = html.trim_ascii_start();
    while let Some(tag) = rest.strip_prefix('<') {
        let behind = if tag.starts_with("!--") {
            comment_end(tag)
        } else {
            let name = tag_name(tag);
            let end = || name.len() + attributes(tag.get(name.len()..).unwrap_or_default()).1;
            match &*name {
                "meta" | "link" | "base" => Some(end()),
                "script" | "style" | "title" | "noscript" => {
                    let body = tag.get(end()..).unwrap_or_default();
                    let close = caseless::places(body.as_bytes(), format!("</{name}").as_bytes()).next();
                    let over = |close: usize| body.get(close..).and_then(|t| t.find('>')).map(|n| close + n + 1);
                    close.and_then(over).map(|n| tag.len() - body.len() + n)
                }
                _ => None,
            }
        };
        let Some(next) = behind.and_then(|n| tag.get(n..)) else { return false };
        rest = next.trim_ascii_start();
    }
    rest.is_empty()
}

/// Where a comment is over, from behind its `<`.
fn comment_end(rest: &str) -> Option<usize> {
    // `<!-->` and `<!--->` are comments without content.
    let empty = ["!-->", "!--->"].into_iter().find(|short| rest.starts_with(short));
    let bytes = rest.as_bytes();
    let ends = |at: usize| {
        let behind = bytes.get(at..)?.strip_prefix(b"--")?;
        let mark = [&b">"[..], b"!>"].into_iter().find(|mark| behind.starts_with(mark))?;
        Some(at + 2 + mark.len())
    };
    empty.map(str::len).or_else(|| memchr_iter(b'-', bytes).filter(|at| *at > 2).find_map(ends))
}

/// The name of a tag, in small letters; none where no tag begins.
fn tag_name(rest: &str) -> String {
    let begins = rest.starts_with(|c: char| c.is_ascii_alphabetic());
    let inside = |c: &char| !c.is_ascii_whitespace() && !matches!(c, '>' | '/');
    // No name that matters is longer; what is left of a longer one reads like an attribute, which changes nothing.
    rest.chars().take(if begins { 16 } else { 0 }).take_while(inside).map(|c| c.to_ascii_lowercase()).collect()
}

/// What the attributes of a start tag say of a script, and the length of the rest of the tag.
fn attributes(tag: &str) -> (Written, usize) {
    let bytes = tag.as_bytes();
    let mut script = Written { runs: true, ..Written::default() };
    let (mut kind, mut no_module): (Option<String>, _) = (None, false);
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        if b == b'>' {
            at += 1;
            break;
        }
        if b.is_ascii_whitespace() || b == b'/' {
            at += 1;
            continue;
        }
        let start = at;
        while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'=' | b'/')) {
            at += 1;
        }
        at = at.max(start + usize::from(at == start));
        let name = tag.get(start..at).unwrap_or_default().to_ascii_lowercase();
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let mut value = "";
        if bytes.get(at) == Some(&b'=') {
            at += 1;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            let quote = bytes.get(at).copied().filter(|b| matches!(b, b'"' | b'\''));
            let from = at + usize::from(quote.is_some());
            let ends = |b: u8| quote.map_or(b.is_ascii_whitespace() || b == b'>', |q| b == q);
            let to = bytes.iter().skip(from).position(|b| ends(*b)).map_or(bytes.len(), |n| from + n);
            value = tag.get(from..to).unwrap_or_default();
            at = to + usize::from(quote.is_some());
        }
        // The first of its name counts.
        match &*name {
            "src" => drop(script.src.get_or_insert_with(|| value.to_owned())),
            "integrity" => drop(script.integrity.get_or_insert_with(|| value.to_owned())),
            "type" => drop(kind.get_or_insert_with(|| value.to_owned())),
            "nomodule" => no_module = true,
            _ => {}
        }
    }
    script.runs = kind.is_none_or(|t| is_script_type(&t)) && !no_module;
    (script, at.min(tag.len()))
}

#[cfg(test)]
mod tests {
    use super::{scripts, stays_in_head};

    #[test]
    fn hostile_markup_is_read_in_one_pass() {
        let before = std::time::Instant::now();
        for piece in
            ["<!---->", "<!--", "<!-- -", "--!", "<a<", "<a b=\"", "<template>", "</noscript", "<xmp>", "<a b c ", "<"]
        {
            let page = piece.repeat((1 << 20) / piece.len());
            let (found, _) = scripts(&page);
            assert!(found.is_empty(), "{piece}");
            let _ = stays_in_head(&page);
        }
        assert_eq!(scripts(&"<script src=a></script>".repeat(1 << 15)).0.len(), 1 << 15);
        assert!(before.elapsed().as_secs() < 30);
    }

    #[test]
    fn what_is_left_open() {
        let open = |html: &str| scripts(html).1.unwrap_or_default();
        for (html, ending) in
            [("<script>a", "</script"), ("<!-- a --", "-->"), ("<xmp><!--", "</xmp"), ("<template><p>", "</template")]
        {
            assert_eq!(open(html), ending);
        }
        for html in ["<script></script>", "<!-->", "<!-- --!>", "<p>", "<template></template>", "</template>"] {
            assert_eq!(open(html), "", "{html}");
        }
    }
}
