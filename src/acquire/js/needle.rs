//! The names by which a tracker's snippet is known, and where a text says them.
//! Words are compared whole: a name inside a longer word is another word.

use url::Url;

use crate::policy::Tracker;

/// What to look for, for one tracker.
#[derive(Debug, Clone)]
pub(super) struct Needles {
    /// The tracker's name in the policy.
    pub(super) name: String,
    /// The queue's name on `window`.
    pub(super) queue: String,
    /// The library's address.
    pub(super) library: Option<Url>,
    /// The library's host, lower case.
    host: String,
    /// The library's file name, lower case.
    file: String,
    /// Host and path of the library, lower case.
    address: String,
    /// Ids and classes of the label's elements.
    labels: Vec<String>,
}

impl Needles {
    /// The names of one tracker.
    pub(super) fn of(name: &str, tracker: &Tracker) -> Self {
        let library = Url::parse(&tracker.library).ok();
        let host = library.as_ref().and_then(Url::host_str).unwrap_or_default().to_lowercase();
        let path = library.as_ref().map(Url::path).unwrap_or_default().to_lowercase();
        let file = path.rsplit('/').next().unwrap_or_default().to_owned();
        let labels = tracker.label.iter().flat_map(|l| &l.selectors).flat_map(|s| names_in_selector(s)).collect();
        Self {
            name: name.to_owned(),
            queue: tracker.queue.clone(),
            library,
            address: format!("{host}{path}"),
            host,
            file,
            labels,
        }
    }

    /// Whether an address, as far as it is known, is or looks like the library's.
    pub(super) fn resembles(&self, address: &str) -> bool {
        let address = address.to_lowercase();
        (!self.file.is_empty() && address.contains(&self.file))
            || (!self.host.is_empty() && address.contains(&self.host))
    }

    /// Whether an address is the library's, whatever its scheme.
    pub(super) fn is_library(&self, url: &Url) -> bool {
        self.library.as_ref().is_some_and(|l| {
            l.host_str() == url.host_str()
                && l.path() == url.path()
                && l.port_or_known_default() == url.port_or_known_default()
        })
    }

    /// Whether a text with its escapes undone names the snippet or the label.
    pub(super) fn named_in(&self, text: &str) -> bool {
        self.snippet_in(text) || self.labels.iter().any(|l| text.contains(l.as_str()))
    }

    /// Whether a text with its escapes undone names the queue or the library.
    pub(super) fn snippet_in(&self, text: &str) -> bool {
        [&self.queue, &self.host, &self.file].iter().any(|n| !n.is_empty() && text.contains(n.as_str()))
    }

    /// Whether a text says anything of the tracker, in any writing.
    pub(super) fn occurs_in(&self, text: &str) -> bool {
        self.named_in(&unescaped(text)) || !self.occurrences(text).is_empty()
    }

    /// Where a text names the queue or gives the library's address, as byte ranges.
    pub(super) fn occurrences(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = whole_words(text, &self.queue, |c| c.is_alphanumeric() || c == '_' || c == '$');
        let lower = text.to_ascii_lowercase();
        let in_host = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
        found.extend(whole_words(&lower, &self.address, in_host));
        found.extend(whole_words(&lower, &self.address.replace('/', "\\/"), in_host));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a text names one of the label's elements.
    pub(super) fn labelled(&self, text: &str) -> bool {
        let in_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        self.labels.iter().any(|l| !whole_words(text, l, in_name).is_empty())
    }
}

fn whole_words(text: &str, word: &str, inside: impl Fn(char) -> bool) -> Vec<(usize, usize)> {
    if word.is_empty() {
        return Vec::new();
    }
    let edge = |c: Option<char>| !c.is_some_and(&inside);
    text.match_indices(word)
        .map(|(start, found)| (start, start + found.len()))
        .filter(|(start, end)| {
            let before = text.get(..*start).and_then(|t| t.chars().next_back());
            let after = text.get(*end..).and_then(|t| t.chars().next());
            edge(before) && edge(after)
        })
        .collect()
}

/// The ids and classes a selector names.
fn names_in_selector(selector: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = selector;
    while let Some(i) = rest.find(['#', '.']) {
        rest = rest.get(i + 1..).unwrap_or_default();
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A text with the escapes of script strings undone, to look for words in it.
pub(super) fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(i) = rest.find('\\') {
        out.push_str(&rest[..i]);
        rest = &rest[i + 1..];
        let hex = |from: usize, to: usize| {
            rest.get(from..to).and_then(|h| u32::from_str_radix(h, 16).ok()).and_then(char::from_u32)
        };
        let braced = rest.starts_with("u{").then(|| rest.find('}')).flatten();
        let (c, used) = match (rest.as_bytes().first(), braced) {
            (Some(b'x'), _) => (hex(1, 3), 3),
            (Some(b'u'), Some(end)) => (hex(2, end), end + 1),
            (Some(b'u'), None) => (hex(1, 5), 5),
            (Some(b'/'), _) => (Some('/'), 1),
            _ => (None, 0),
        };
        match c {
            Some(c) => {
                out.push(c);
                rest = rest.get(used..).unwrap_or_default();
            }
            None => out.push('\\'),
        }
    }
    out.push_str(rest);
    out.into()
}
