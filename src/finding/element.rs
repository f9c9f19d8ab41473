//! A CSS selector as it is compared between builds: classes, attributes and file names without the hashes that
//! build tools put in, in one order. Text in, text out; never looks at a page.

/// Attributes that a build tool or a server makes up.
const MADE_UP: &[&str] = &["data-v-", "_ngcontent-", "_nghost-", "data-reactid", "data-emotion", "nonce", "integrity"];
/// Beginnings of classes that say nothing but a hash.
const HASHED: &[&str] = &["css-", "sc-", "jsx-", "svelte-", "astro-", "emotion-", "ng-tns-"];
/// Attributes whose value is an address.
const ADDRESSES: &[&str] = &["src", "href", "data-src", "poster", "srcset", "action", "data"];

/// The selector as it is compared.
pub(super) fn key(selector: &str) -> String {
    let mut out = String::new();
    let mut rest = selector.trim();
    let mut joint = String::new();
    while !rest.is_empty() {
        let end = end_of_compound(rest);
        let (compound, after) = rest.split_at(end);
        let compound = compound_key(compound);
        out.push_str(&joint);
        out.push_str(if compound.is_empty() { "*" } else { &compound });
        let signs = after.find(|c: char| !c.is_whitespace() && !">+~,".contains(c)).unwrap_or(after.len());
        let (between, next) = after.split_at(signs);
        joint = match between.trim() {
            "" => " ".to_owned(),
            "," => ", ".to_owned(),
            sign => format!(" {sign} "),
        };
        rest = next;
    }
    out
}

/// Where a compound selector ends: at the first combinator.
fn end_of_compound(text: &str) -> usize {
    end_at(text, |_, c| c.is_whitespace() || ">+~,".contains(c))
}

/// Where one part of a compound ends: before the next `#`, `.`, `[` or `:`.
fn end_of_part(text: &str) -> usize {
    end_at(text, |before, c| "#.[:".contains(c) && !before.ends_with(':'))
}

/// The first character, not the very first, outside of brackets and quotes for which `ends` holds; it is given what
/// stands before it.
fn end_at(text: &str, ends: impl Fn(&str, char) -> bool) -> usize {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            _ if escaped => escaped = false,
            ('\\', _) => escaped = true,
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            (c, None) if depth == 0 && at > 0 && ends(&text[..at], c) => return at,
            ('"' | '\'', None) => quote = Some(c),
            ('[' | '(', None) => depth += 1,
            (']' | ')', None) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}

fn compound_key(compound: &str) -> String {
    let (mut name, mut ids, mut classes, mut attributes, mut pseudos) =
        (String::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut rest = compound;
    while !rest.is_empty() {
        let end = end_of_part(rest);
        let (part, after) = rest.split_at(end);
        match part.chars().next() {
            Some('#') => ids.extend(without_hash(&part[1..], true).map(|id| format!("#{id}"))),
            Some('.') => classes.extend(without_hash(&part[1..], false).map(|class| format!(".{class}"))),
            Some('[') => attributes.extend(attribute(part)),
            Some(':') => pseudos.push(part.to_owned()),
            _ => name = part.to_ascii_lowercase(),
        }
        rest = after;
    }
    classes.sort_unstable();
    classes.dedup();
    attributes.sort_unstable();
    let parts = [vec![name], ids, classes, attributes, pseudos];
    parts.concat().concat()
}

/// `[name op "value"]` with one kind of quotes; `None` for what is made up.
fn attribute(part: &str) -> Option<String> {
    let inner = part.trim_start_matches('[').trim_end_matches(']').trim();
    let end = inner.find(|c: char| "=~|^$*".contains(c) || c.is_whitespace()).unwrap_or(inner.len());
    let (name, test) = inner.split_at(end);
    let name = name.to_ascii_lowercase();
    if MADE_UP.iter().any(|made_up| name.starts_with(made_up)) {
        return None;
    }
    let Some((sign, value)) = test.split_once('=') else { return Some(format!("[{name}]")) };
    let value = value.trim().trim_matches(['"', '\'']);
    let value = match name.as_str() {
        name if ADDRESSES.contains(&name) => address(value),
        "class" => value.split_whitespace().filter_map(|c| without_hash(c, false)).collect::<Vec<_>>().join(" "),
        "id" | "for" | "aria-labelledby" | "aria-describedby" | "aria-controls" => {
            value.split_whitespace().filter_map(|id| without_hash(id, true)).collect::<Vec<_>>().join(" ")
        }
        _ => value.to_owned(),
    };
    Some(format!("[{name}{}=\"{value}\"]", sign.trim()))
}

/// An address without query and fragment, its file name without a hash.
fn address(value: &str) -> String {
    let value = value.split(['?', '#']).next().unwrap_or_default();
    let (folder, file) = value.rsplit_once('/').map_or(("", value), |(folder, file)| (folder, file));
    let mut out = String::new();
    let mut separator = ' ';
    let mut rest = file;
    loop {
        let end = rest.find(['.', '-', '_']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if !(separator != ' ' && !after.is_empty() && is_hash_of_file(word, separator)) {
            if separator != ' ' {
                out.push(separator);
            }
            out.push_str(word);
        }
        let Some(next) = after.chars().next() else { break };
        separator = next;
        rest = &after[1..];
    }
    if folder.is_empty() && !value.starts_with('/') { out } else { format!("{folder}/{out}") }
}

/// A number alone is a hash only between dots: behind a hyphen it is a date or the number of an article.
fn is_hash_of_file(word: &str, separator: char) -> bool {
    let hex = word.len() >= 6 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (hex && digits > 0 && (digits < word.len() || separator == '.'))
        || (word.len() >= 8 && !is_word(word) && digits < word.len())
}

/// A class or id without its hash; `None` when nothing else is in it. Numbers of ids are names of content.
fn without_hash(name: &str, is_id: bool) -> Option<String> {
    if name.contains(':') || (!is_id && is_all_hash(name)) {
        return None;
    }
    let mut kept = name;
    if !is_id && let Some(scoped) = scoped(name) {
        kept = scoped;
    }
    while let Some(at) = kept.rfind(['-', '_']) {
        if reads(&kept[at + 1..], is_id) {
            break;
        }
        kept = &kept[..at];
    }
    let kept = kept.trim_end_matches(['-', '_']);
    (!kept.is_empty() && (is_id || kept.contains(['-', '_']) || reads(kept, false))).then(|| kept.to_owned())
}

/// `css-1x2y3z`, `ember12`.
fn is_all_hash(name: &str) -> bool {
    HASHED.iter().any(|start| name.starts_with(start))
        || name.strip_prefix("ember").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The name that an author wrote, where a build tool keeps it and adds what makes it unique: `_name_hash_line` and
/// `Module_name__hash`. Looked at as forms, since a short hash may well read like a word.
fn scoped(name: &str) -> Option<&str> {
    if let Some((before, hash)) = name.rsplit_once("__") {
        let own = before.contains('_') || before.starts_with(|c: char| c.is_ascii_uppercase());
        return (own && hash.len() == SHORT_HASH).then_some(before);
    }
    let (before, line) = name.strip_prefix('_')?.rsplit_once('_')?;
    if line.is_empty() || !line.bytes().all(|b| b.is_ascii_digit()) {
        return (line.len() == SHORT_HASH).then_some(before);
    }
    before.rsplit_once('_').filter(|(_, hash)| hash.len() == SHORT_HASH).map(|(name, _)| name)
}

/// Characters of the hash that module systems put behind a name.
const SHORT_HASH: usize = 5;

/// Whether a part of a name is a word, or a number as people write them.
fn reads(part: &str, is_id: bool) -> bool {
    if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
        return is_id || part.len() <= 3;
    }
    part.is_empty() || is_word(part)
}

/// Whether letters read like a word or several in camel case, with a short number at the end at most.
fn is_word(text: &str) -> bool {
    if !text.is_ascii() {
        return true;
    }
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if text.len() - letters.len() > 3 || letters.bytes().any(|b| !b.is_ascii_alphabetic()) {
        return false;
    }
    // A hump is a word with its capital, or a run of capitals.
    let (mut humps, mut start, bytes) = (Vec::new(), 0, letters.as_bytes());
    for at in 1..bytes.len() {
        let (capital, before) = (bytes[at].is_ascii_uppercase(), bytes[at - 1].is_ascii_uppercase());
        if capital && !before {
            humps.push(&letters[start..at]);
            start = at;
        }
    }
    humps.push(&letters[start..]);
    let vowel = |hump: &str| hump.to_ascii_lowercase().contains(['a', 'e', 'i', 'o', 'u', 'y']);
    letters.len() * 2 >= humps.len() * 5 && humps.iter().all(|hump| hump.len() <= SHORT_HASH || vowel(hump))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rebuild_does_not_change_an_element() {
        for (before, after) in [
            (".Button_root__3fX2a", "  .Button_root__Zk19q "),
            ("a.css-1x2y3z.menu", "a.menu.css-9abcd1"),
            ("div.nav.top", "DIV.top.nav"),
            ("img[src='/img/logo.3f9c2b.png?v=1'][alt]", "img[alt][src=\"/img/logo.8d01aa.png\"]"),
            ("script[src$='app-3f9c2b1d.js']", "script[src$=\"app-77aa01bc.js\"]"),
            ("p[data-v-7ba5bd90]>a", "p[data-v-11aa22bb] > a"),
            ("._card_1x2y3_12", "._card_9z8q7_40"),
            ("#root > .svelte-1a2b3c", "#root > .svelte-zz91aa"),
            ("li.item.svelte-abc12:nth-child(2)", "li.item.svelte-dd34a:nth-child(2)"),
            ("label[for=':r1:']", "label[for=\":r7:\"]"),
        ] {
            assert_eq!(key(before), key(after));
        }
    }

    #[test]
    fn other_elements_have_other_names() {
        for (a, b) in [
            ("#btnEMC", "#btnBTTTT"),
            (".card__title", ".card__body"),
            (".col-md-4", ".col-md-6"),
            ("#news-123456", "#news-123457"),
            ("img[src='anh-20240101.jpg']", "img[src='anh-20250101.jpg']"),
            ("li:nth-child(1)", "li:nth-child(2)"),
            ("a > b", "a b"),
            ("a, b", "a b"),
            (".kpi-append-wrap", ".kpi-append-txt"),
            (".btnEMC", ".btnBTTTT"),
            ("._left_panel", "._right_panel"),
            ("[href='/tin?x']", "[href='/tim?x']"),
        ] {
            assert_ne!(key(a), key(b), "{a} {b}");
        }
    }

    #[test]
    fn any_text_has_a_key() {
        for text in ["", "[", "a[b='c", "((", "\\", ">>", "::before", "a::after", ".", "#", "é > ü", "a[=]"] {
            let once = key(text);
            assert_eq!(key(&once), once, "{text}");
        }
    }
}
