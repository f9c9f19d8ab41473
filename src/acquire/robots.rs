//! Reads robots.txt as RFC 9309 says: which addresses of a host one agent may visit, where its site maps are, and
//! how long it should wait between requests. Never fetches: what a missing or failing file means is for the
//! caller to say, with [`Robots::allow_all`] and [`Robots::disallow_all`].

use std::time::Duration;

use memchr::memmem;
use url::Url;

/// Bytes of a file that are read; what follows is ignored.
pub const MOST_BYTES: usize = 500 << 10;
/// Site maps that are kept.
pub const MOST_SITEMAPS: usize = 100;
/// The longest wait between two requests that a file can ask for.
pub const LONGEST_DELAY: Duration = Duration::from_secs(60);

/// What one host's robots.txt says to one agent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    sitemaps: Vec<String>,
    crawl_delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    pattern: Pattern,
}

impl Robots {
    /// Nothing is forbidden: the file is not there (4xx).
    #[must_use]
    pub fn allow_all() -> Self {
        Self::default()
    }

    /// Everything is forbidden: the file could not be read (5xx, no answer).
    #[must_use]
    pub fn disallow_all() -> Self {
        Self { rules: vec![Rule { allow: false, pattern: Pattern::parse(b"/") }], ..Self::default() }
    }

    /// Reads a file for the agent with this product token (see [`product_token`]).
    #[must_use]
    pub fn parse(bytes: &[u8], token: &str) -> Self {
        let (mut own, mut any) = (Group::default(), Group::default());
        let mut sitemaps = Vec::new();
        // Agents named since the last rule: rules bind all of them, and the next agent begins a new group.
        let (mut for_own, mut for_any, mut ruled) = (false, false, false);
        for line in lines(bytes) {
            let Some((key, value)) = record(line) else { continue };
            match key.to_ascii_lowercase().as_slice() {
                b"user-agent" => {
                    if ruled {
                        (for_own, for_any, ruled) = (false, false, false);
                    }
                    for_own |= named(value).eq_ignore_ascii_case(token.as_bytes());
                    for_any |= value.first() == Some(&b'*');
                    own.named |= for_own;
                }
                key @ (b"allow" | b"disallow") => {
                    ruled = true;
                    // An empty pattern matches nothing.
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule { allow: key == b"allow", pattern: Pattern::parse(value) };
                    if for_own {
                        own.rules.push(rule.clone());
                    }
                    if for_any {
                        any.rules.push(rule);
                    }
                }
                b"crawl-delay" => {
                    let delay = std::str::from_utf8(value).ok().and_then(|v| v.parse::<f64>().ok());
                    let delay = delay.filter(|d| *d >= 0.0).map(|d| d.min(LONGEST_DELAY.as_secs_f64()));
                    let delay = delay.map(Duration::from_secs_f64);
                    if for_own {
                        own.delay = own.delay.max(delay);
                    }
                    if for_any {
                        any.delay = any.delay.max(delay);
                    }
                }
                b"sitemap" if sitemaps.len() < MOST_SITEMAPS && !value.is_empty() => {
                    sitemaps.push(String::from_utf8_lossy(value).into_owned());
                }
                _ => {}
            }
        }
        let group = if own.named { own } else { any };
        Self { rules: group.rules, sitemaps, crawl_delay: group.delay }
    }

    /// Whether the agent may visit an address of this host.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" {
            return true;
        }
        let mut path = url.path().to_owned();
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        let path: Vec<u8> = decoded(path.as_bytes()).map(|(byte, _)| byte).collect();
        let hits = self.rules.iter().filter(|rule| rule.pattern.matches(&path));
        // The longest pattern decides; of two as long the one that allows.
        hits.max_by_key(|rule| (rule.pattern.length, rule.allow)).is_none_or(|rule| rule.allow)
    }

    /// Addresses of site maps as written, for every agent.
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    /// The wait between two requests that the file asks for.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }
}

#[derive(Default)]
struct Group {
    named: bool,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

/// The name by which robots.txt knows who sends this User-Agent: `rasoat` of `rasoat/1.0 (+…)`. An agent that
/// calls itself `Mozilla/5.0 (compatible; NAME/…` is known as NAME. `None` when it begins with no name.
#[must_use]
pub fn product_token(user_agent: &str) -> Option<&str> {
    let name = |text: &'_ str| -> usize { named(text.as_bytes()).len() };
    let compatible = user_agent.split_once("(compatible;").map(|(_, rest)| rest.trim_start());
    [compatible, Some(user_agent.trim_start())]
        .into_iter()
        .flatten()
        .map(|text| text.get(..name(text)).unwrap_or_default())
        .find(|token| !token.is_empty())
}

/// The letters, `_` and `-` that a value begins with.
fn named(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|b| !(b.is_ascii_alphabetic() || matches!(b, b'_' | b'-')));
    &value[..end.unwrap_or(value.len())]
}

/// The lines that are read. One that the limit cuts in two is dropped: half a pattern says something else.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let ends = |b: &u8| matches!(b, b'\n' | b'\r');
    let read = match bytes.get(..MOST_BYTES) {
        Some(part) if bytes.len() > MOST_BYTES => &part[..part.iter().rposition(ends).unwrap_or(0)],
        _ => bytes,
    };
    read.split(move |b| ends(b))
}

/// Key and value of a line, without its comment.
fn record(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.split(|b| *b == b'#').next().unwrap_or_default();
    let colon = line.iter().position(|b| *b == b':')?;
    Some((line[..colon].trim_ascii(), line[colon + 1..].trim_ascii()))
}

/// A pattern without percent signs: what may be written in two ways is one.
#[derive(Debug, Clone, PartialEq)]
struct Pattern {
    /// What stands between its stars, in order; never empty.
    parts: Vec<Vec<u8>>,
    /// It ends with `$`: nothing may follow.
    to_end: bool,
    /// Its bytes, stars and `$` included.
    length: usize,
}

impl Pattern {
    fn parse(text: &[u8]) -> Self {
        let (text, to_end) = text.strip_suffix(b"$").map_or((text, false), |rest| (rest, true));
        let (mut parts, mut part, mut length) = (Vec::new(), Vec::new(), usize::from(to_end));
        for (byte, as_written) in decoded(text) {
            length += 1;
            match byte {
                // Two stars say no more than one.
                b'*' if as_written && part.is_empty() && !parts.is_empty() => length -= 1,
                b'*' if as_written => parts.push(std::mem::take(&mut part)),
                byte => part.push(byte),
            }
        }
        parts.push(part);
        Self { parts, to_end, length }
    }

    /// Whether it matches the beginning of a path, or all of it before a `$`. Each part between stars is taken
    /// where it first occurs, so that no pattern costs more than one walk.
    fn matches(&self, path: &[u8]) -> bool {
        let Some((first, others)) = self.parts.split_first() else { return false };
        let Some(mut rest) = path.strip_prefix(first.as_slice()) else { return false };
        let Some((last, between)) = others.split_last() else { return !self.to_end || rest.is_empty() };
        for part in between {
            let Some(at) = memmem::find(rest, part) else { return false };
            rest = &rest[at + part.len()..];
        }
        if self.to_end { rest.ends_with(last) } else { memmem::find(rest, last).is_some() }
    }
}

/// The bytes that a text stands for, and whether each was written without a percent sign.
fn decoded(text: &[u8]) -> impl Iterator<Item = (u8, bool)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let byte = *text.get(at)?;
        let digit = |n: usize| text.get(at + n).and_then(|b| char::from(*b).to_digit(16));
        let (byte, as_written) = match (byte, digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => (u8::try_from(high * 16 + low).unwrap_or(byte), false),
            _ => (byte, true),
        };
        at += if as_written { 1 } else { 3 };
        Some((byte, as_written))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        let url = Url::parse("https://tinh-a.vn/").unwrap().join(path).unwrap();
        Robots::parse(file.as_bytes(), "rasoat").allows(&url)
    }

    #[test]
    fn the_examples_of_the_standard() {
        // RFC 9309, 5.1.
        let simple = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
             User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
             User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n\
             User-Agent: quxbot\n";
        let asked = |agent: &str, path: &str| {
            let url = Url::parse("https://example.vn/").unwrap().join(path).unwrap();
            Robots::parse(simple.as_bytes(), agent).allows(&url)
        };
        for (agent, path, allowed) in [
            ("anybot", "/a.gif", false),
            ("anybot", "/a.gif?x", true),
            ("anybot", "/example/x", false),
            ("anybot", "/publications/x.gif", true),
            ("foobot", "/", false),
            ("foobot", "/example/page.html", true),
            ("foobot", "/example/allowed.gif", true),
            ("foobot", "/publications/", false),
            ("barbot", "/example/page.html", false),
            ("bazbot", "/example/page.html", false),
            ("barbot", "/example/a.gif", true),
            ("quxbot", "/example/a.gif", true),
            ("QuxBot", "/example/a.gif", true),
        ] {
            assert_eq!(asked(agent, path), allowed, "{agent} {path}");
        }
        // RFC 9309, 5.2: the longest match.
        let longest = "User-Agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
        assert!(allows(longest, "/example/page/"));
        assert!(!allows(longest, "/example/page/disallowed.gif"));
    }

    #[test]
    fn the_longest_match_decides_and_allow_wins_a_tie() {
        let file = "user-agent: rasoat\ndisallow: /a\nallow: /a/b\nallow: /a/b/c/\ndisallow: /a/b/c/\n";
        assert!(!allows(file, "/a/x"));
        assert!(allows(file, "/a/b/x"));
        assert!(allows(file, "/a/b/c/x"));
        assert!(allows(file, "/elsewhere"));
        assert!(allows("user-agent: *\ndisallow: /a$\nallow: /a\n", "/ab"));
    }

    #[test]
    fn special_characters() {
        for (pattern, path, hit) in [
            ("/*.pdf$", "/x/y.pdf", true),
            ("/*.pdf$", "/x/y.pdf?z", false),
            ("/*.pdf", "/x/y.pdf?z", true),
            ("/a*b*c", "/a-b-b-c-d", true),
            ("/a*b*c$", "/a-b-c-d-c", true),
            ("/a*b*c$", "/abc-d", false),
            ("/ab*ba$", "/aba", false),
            ("/***a", "/xa", true),
            ("*", "/", true),
            ("$", "/", false),
            ("/$", "/", true),
            ("/$", "/x", false),
            ("/a$b", "/a$b", true),
            ("/x-%2A.html", "/x-*.html", true),
            ("/x-%2A.html", "/x-y.html", false),
            ("/x-%24", "/x-$", true),
            ("/x-*", "/x-*", true),
            ("/?q=", "/?q=1", true),
            ("a", "/a", false),
        ] {
            let file = format!("user-agent: *\ndisallow: {pattern}\n");
            assert_eq!(!allows(&file, path), hit, "{pattern} on {path}");
        }
    }

    #[test]
    fn percent_signs_and_other_alphabets_are_compared_by_meaning() {
        // RFC 9309, 2.2.2: the table of encodings.
        for (pattern, path, hit) in [
            ("/foo/bar?baz=quz", "/foo/bar?baz=quz", true),
            ("/foo/bar?baz=http%3A%2F%2Ffoo.bar", "/foo/bar?baz=http%3A%2F%2Ffoo.bar", true),
            ("/foo/bar?baz=http://foo.bar", "/foo/bar?baz=http%3A%2F%2Ffoo.bar", true),
            ("/foo/bar?baz=http%3A%2F%2Ffoo.bar", "/foo/bar?baz=http://foo.bar", true),
            ("/foo/bar/ツ", "/foo/bar/%E3%83%84", true),
            ("/foo/bar/%E3%83%84", "/foo/bar/ツ", true),
            ("/foo/bar/%e3%83%84", "/foo/bar/ツ", true),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz", true),
            ("/%7Etinh", "/~tinh", true),
            ("/so đồ", "/so%20%C4%91%E1%BB%93", true),
            ("/%2", "/%2", true),
            ("/100%", "/100%", true),
            ("/{x}", "/%7Bx%7D", true),
        ] {
            let file = format!("user-agent: *\ndisallow: {pattern}\n");
            assert_eq!(!allows(&file, path), hit, "{pattern} on {path}");
        }
    }

    #[test]
    fn groups_of_one_agent_are_merged_and_others_left_out() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: RASOAT/2.0 (x)\nDisallow: /a\n\n\
             User-agent: other\nDisallow: /b\n\nuser-agent:rasoat\nDisallow: /c\n";
        for (path, allowed) in [("/a", false), ("/b", true), ("/c", false), ("/d", true)] {
            assert_eq!(allows(file, path), allowed, "{path}");
        }
        // Records that are not of the standard do not part two agents.
        let apart = "User-agent: rasoat\nSitemap: https://x.vn/s.xml\nHost: x\nUser-agent: other\nDisallow: /a\n";
        assert!(!allows(apart, "/a"));
        // A longer or shorter name is another agent.
        for name in ["rasoat-news", "ras", "x-rasoat"] {
            assert!(allows(&format!("user-agent: {name}\ndisallow: /\n"), "/a"), "{name}");
        }
        // A group without rules forbids nothing, whatever holds for all others.
        assert!(allows("user-agent: *\ndisallow: /\n\nuser-agent: rasoat\ndisallow:\n", "/a"));
        // Rules before any agent bind nobody.
        assert!(allows("disallow: /\n", "/a"));
    }

    #[test]
    fn marks_line_ends_and_comments() {
        let file = "\u{feff}User-Agent : *  # all\r\n  DISALLOW\t:\t/a # no\rAllow: /a/b\r\n\0junk\nno colon\n:\n";
        assert!(!allows(file, "/a"));
        assert!(allows(file, "/a/b"));
        let latin = b"user-agent: *\ndisallow: /caf\xe9\n";
        let url = Url::parse("https://x.vn/caf%E9").unwrap();
        assert!(!Robots::parse(latin, "rasoat").allows(&url));
    }

    #[test]
    fn the_file_itself_may_always_be_read() {
        let url = Url::parse("https://x.vn/robots.txt").unwrap();
        assert!(Robots::disallow_all().allows(&url));
        assert!(!Robots::disallow_all().allows(&url.join("/").unwrap()));
        assert!(Robots::allow_all().allows(&url.join("/x").unwrap()));
    }

    #[test]
    fn site_maps_and_delay() {
        let file = "Sitemap: https://x.vn/a.xml\nuser-agent: *\ncrawl-delay: 9\ndisallow: /x\n\
             sitemap : /b.xml\n\nuser-agent: rasoat\ncrawl-delay: 1.5\nsitemap:\n";
        let robots = Robots::parse(file.as_bytes(), "rasoat");
        assert_eq!(robots.sitemaps(), ["https://x.vn/a.xml", "/b.xml"]);
        assert_eq!(robots.crawl_delay(), Some(Duration::from_millis(1_500)));
        let delay = |value: &str| {
            Robots::parse(format!("user-agent: *\ncrawl-delay: {value}\n").as_bytes(), "rasoat").crawl_delay()
        };
        for value in ["-1", "NaN", "soon", ""] {
            assert_eq!(delay(value), None, "{value}");
        }
        for value in ["1e300", "inf", "99999"] {
            assert_eq!(delay(value), Some(LONGEST_DELAY), "{value}");
        }
    }

    #[test]
    fn limits() {
        let mut file = b"user-agent: *\ndisallow: /early\n".to_vec();
        file.resize(MOST_BYTES - 20, b'#');
        file.extend(b"\ndisallow: /late-and-cut\ndisallow: /later\n");
        let robots = Robots::parse(&file, "rasoat");
        for (path, allowed) in [("early", false), ("late-and-cut", true), ("late", true), ("later", true)] {
            let url = Url::parse("https://x.vn/").unwrap().join(path).unwrap();
            assert_eq!(robots.allows(&url), allowed, "{path}");
        }
        let many = "Sitemap: https://x.vn/a.xml\n".repeat(MOST_SITEMAPS + 1);
        assert_eq!(Robots::parse(many.as_bytes(), "rasoat").sitemaps().len(), MOST_SITEMAPS);
        // Star after star must not take for ever.
        let stars = format!("user-agent: *\ndisallow: /{}b\n", "*a".repeat(100_000));
        assert!(allows(&stars, &"a".repeat(2_000)));
    }

    #[test]
    fn agents_are_known_by_their_product_token() {
        assert_eq!(product_token("rasoat/0.1.0 (+https://example.vn)"), Some("rasoat"));
        assert_eq!(product_token("Mozilla/5.0 (compatible; rasoat/0.1; +https://example.vn)"), Some("rasoat"));
        assert_eq!(product_token("Mozilla/5.0 (X11)"), Some("Mozilla"));
        assert_eq!(product_token("So_TTTT-bot 1"), Some("So_TTTT-bot"));
        assert_eq!(product_token("Đơn vị"), None);
        assert_eq!(product_token(""), None);
    }
}
