//! What a failure is about: a page, a host or an element, written so that a rebuild of the site does not change
//! it. Waivers, the baseline and fingerprints all compare what is made here, and nothing else.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::element;
use crate::site::{Host, own_path};

/// Most subjects that a finding keeps.
pub const MOST_SUBJECTS: usize = 10_000;

/// One thing that a failure is about. Never holds line numbers, hashes of a build or versions of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The page's path on its site; an index file is its folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// A host that should be linked to, with the path that tells it from others there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// An element of the page, by a CSS selector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
}

impl Subject {
    /// A page.
    #[must_use]
    pub fn page(address: &Url) -> Self {
        Self { page: Some(page_key(address)), ..Self::default() }
    }

    /// The home page of a site at an address, or of one that has none.
    #[must_use]
    pub fn home(address: Option<&Url>) -> Self {
        Self { page: Some(address.map_or_else(|| "/".to_owned(), page_key)), ..Self::default() }
    }

    /// A host; `None` for an address that has none.
    #[must_use]
    pub fn host(address: &Url) -> Option<Self> {
        let host = Host::of(address)?;
        let path = own_path(address).trim_end_matches('/');
        Some(Self { host: Some(format!("{host}{path}")), ..Self::default() })
    }

    /// An element, by a CSS selector.
    #[must_use]
    pub fn element(selector: &str) -> Self {
        Self { element: Some(element::key(selector)), ..Self::default() }
    }

    /// The same on a page, unless it is a host, which is the same wherever it is missing.
    #[must_use]
    pub fn on(self, home: &Self) -> Self {
        if self.host.is_some() || self.page.is_some() { self } else { Self { page: home.page.clone(), ..self } }
    }
}

/// What is most telling of it: the element with its page, the host, else the page.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let page = self.page.as_deref();
        match (&self.element, &self.host) {
            (Some(element), _) => {
                f.write_str(element)?;
                page.filter(|page| *page != "/").map_or(Ok(()), |page| write!(f, " ({page})"))
            }
            (None, Some(host)) => f.write_str(host),
            (None, None) => f.write_str(page.unwrap_or("/")),
        }
    }
}

/// Files that a server sends for their folder.
const INDEX: &[&str] =
    &["index.html", "index.htm", "index.php", "index.aspx", "index.jsp", "default.html", "default.htm", "default.aspx"];
/// Parameters that name a visit, a campaign or a version, and never another page.
const NOISE: &[&str] = &[
    "_",
    "build",
    "cb",
    "fbclid",
    "gclid",
    "hash",
    "jsessionid",
    "phpsessid",
    "rev",
    "timestamp",
    "ts",
    "v",
    "ver",
    "version",
];

/// The path of a page and what of its query tells it from others, in order.
fn page_key(address: &Url) -> String {
    let mut steps: Vec<String> = Vec::new();
    for step in address.path().split('/') {
        // Sessions stand behind a semicolon.
        let step = with_one_spelling(step.split(';').next().unwrap_or_default());
        match step.as_str() {
            // Addresses lose their dots when they are read, but not those before a semicolon.
            "" | "." => {}
            ".." => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    if steps.last().is_some_and(|last| INDEX.contains(&last.to_ascii_lowercase().as_str())) {
        steps.pop();
    }
    let mut key = format!("/{}", steps.join("/"));
    let noise = |name: &str| name.starts_with("utm_") || NOISE.contains(&name);
    let mut kept: Vec<&str> = address
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter(|pair| !pair.is_empty() && !noise(&pair.split('=').next().unwrap_or_default().to_ascii_lowercase()))
        .collect();
    kept.sort_unstable();
    for (n, pair) in kept.into_iter().enumerate() {
        key.push(if n == 0 { '?' } else { '&' });
        key.push_str(pair);
    }
    key
}

/// A step of a path with its escapes in one form: none where none is needed, else capital digits.
fn with_one_spelling(step: &str) -> String {
    let mut out = String::with_capacity(step.len());
    let mut rest = step;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let digits = after.get(..2).and_then(|d| Some((d, u8::from_str_radix(d, 16).ok()?)));
        match digits {
            Some((_, byte)) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => out.push(char::from(byte)),
            Some((digits, _)) => {
                out.push('%');
                out.push_str(&digits.to_ascii_uppercase());
            }
            None => {
                // A sign of its own, so that it is not read with what follows another time.
                out.push_str("%25");
                rest = after;
                continue;
            }
        }
        rest = &after[2..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(address: &str) -> String {
        Subject::page(&Url::parse(address).unwrap()).page.unwrap()
    }

    fn host(address: &str) -> Option<String> {
        Subject::host(&Url::parse(address).unwrap())?.host
    }

    #[test]
    fn one_page_has_one_name() {
        for (address, key) in [
            ("https://a.vn", "/"),
            ("http://www.a.vn:80/index.html?v=123#top", "/"),
            ("https://a.vn//tin//INDEX.HTM", "/tin"),
            ("https://a.vn/tin/", "/tin"),
            ("https://a.vn/Default.aspx?tabid=3&utm_source=x", "/?tabid=3"),
            ("https://a.vn/tin?b=2&a=1&_=99", "/tin?a=1&b=2"),
            ("https://a.vn/tin;jsessionid=AF3?x", "/tin?x"),
            ("https://a.vn/gi%e1%bb%9bi%2Dthi%e1%bb%87u", "/gi%E1%BB%9Bi-thi%E1%BB%87u"),
            ("https://a.vn/giới-thiệu", "/gi%E1%BB%9Bi-thi%E1%BB%87u"),
            ("https://a.vn/100%25/%zz", "/100%25/%25zz"),
            ("https://a.vn/%%333", "/%2533"),
            ("https://a.vn/%2533", "/%2533"),
            ("https://a.vn/a/%2e;s=1/b", "/a/b"),
            ("https://a.vn/a/b/.%2E;s=1/c", "/a/c"),
            ("https://a.vn/..;/..;/a", "/a"),
            ("https://a.vn/...;s/a.", "/.../a."),
        ] {
            assert_eq!(page(address), key, "{address}");
        }
    }

    #[test]
    fn other_pages_have_other_names() {
        for (a, b) in [
            ("https://a.vn/tin-1", "https://a.vn/tin-2"),
            ("https://a.vn/Tin", "https://a.vn/tin"),
            ("https://a.vn/tin?page=1", "https://a.vn/tin?page=2"),
            ("https://a.vn/tin.html", "https://a.vn/tin"),
            ("https://a.vn/index.html.bak", "https://a.vn/"),
            ("https://a.vn/a%2Fb", "https://a.vn/a/b"),
            ("https://a.vn/bai-12345678.html", "https://a.vn/bai-12345679.html"),
        ] {
            assert_ne!(page(a), page(b), "{a} {b}");
        }
    }

    #[test]
    fn a_host_is_compared_as_sites_are() {
        for address in ["https://so.a.vn", "http://www.so.a.vn:80/", "https://SO.A.VN./index.html?x"] {
            assert_eq!(host(address).as_deref(), Some("so.a.vn"), "{address}");
        }
        assert_eq!(host("https://a.vn/so-y-te/").as_deref(), Some("a.vn/so-y-te"));
        assert_eq!(host("https://a.vn:8443/").as_deref(), Some("a.vn:8443"));
        assert_eq!(host("mailto:a@b.vn"), None);
    }

    #[test]
    fn a_subject_takes_the_page_it_was_found_on() {
        let home = Subject::home(Some(&Url::parse("https://a.vn/so/").unwrap()));
        assert_eq!(Subject::default().on(&home), home);
        assert_eq!(Subject::element("#nhan").on(&home).to_string(), "#nhan (/so)");
        assert_eq!(Subject::element("#nhan").on(&Subject::home(None)).to_string(), "#nhan");
        let host = Subject::host(&Url::parse("https://b.vn").unwrap()).unwrap();
        assert_eq!(host.clone().on(&home), host);
    }
}
