//! Which of the policy's trackers a request is for, and in which way. Compares addresses; answers nothing.

use url::Url;

use super::asked::Asked;
use super::{Rules, TrackerRule};
use crate::site::host_key;

/// What a request is to a policy's trackers.
#[derive(Debug)]
pub(super) enum Place<'r> {
    /// It tells the collector something.
    Collector(&'r str),
    /// It asks for the library.
    Library(&'r str, &'r TrackerRule),
    /// It asks a tracker's host for something else, and nothing may be asked there.
    Closed,
    /// It is not for a tracker, or for a harmless file of one.
    Elsewhere,
}

/// Files that hold no trace of who asks for them.
const STATIC: [&str; 11] = ["css", "js", "png", "jpg", "svg", "gif", "webp", "ico", "woff", "woff2", "json"];
/// A version fits into so many bytes of query; what a page tells of itself does not.
const LONGEST_VERSION: usize = 40;

impl Rules {
    /// What a request is to the trackers; the narrowest meaning that any of them gives it.
    pub(super) fn place(&self, asked: &Asked) -> Place<'_> {
        let each = || self.trackers.iter().map(|(name, rule)| (name.as_str(), rule));
        if asked.only_asks()
            && let Some((name, rule)) = each().find(|(_, rule)| is_at(&asked.url, &rule.library))
        {
            return Place::Library(name, rule);
        }
        if let Some((name, _)) = each().find(|(_, rule)| rule.collects(asked)) {
            return Place::Collector(name);
        }
        let closed = |rule: &TrackerRule| {
            rule.stand_in.is_some() && [&rule.collector, &rule.library].iter().any(|own| same_host(&asked.url, own))
        };
        if each().any(|(_, rule)| closed(rule)) { Place::Closed } else { Place::Elsewhere }
    }
}

impl TrackerRule {
    fn collects(&self, asked: &Asked) -> bool {
        if !same_host(&asked.url, &self.collector) {
            return false;
        }
        let below = asked.url.path().strip_prefix(self.collector.path().trim_end_matches('/'));
        let below = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        // Where a collector has a whole host to itself, its files lie below it too.
        let own = below && (self.collector.path() != "/" || !is_static(asked));
        own || !asked.only_asks() || (self.stand_in.is_none() && !is_static(asked))
    }
}

fn is_static(asked: &Asked) -> bool {
    let told = asked.url.query().is_some_and(|query| query.len() > LONGEST_VERSION || query.contains('&'));
    !told && asked.extension().is_some_and(|e| STATIC.contains(&e.as_str()))
}

/// The library's own address, or the same without TLS; whatever its query.
fn is_at(url: &Url, library: &Url) -> bool {
    let plain = (url.scheme(), library.scheme()) == ("http", "https") && url.port().is_none();
    let port = if plain { library.port().is_none() } else { url.port() == library.port() };
    (plain || url.scheme() == library.scheme())
        && port
        && url.host_str() == library.host_str()
        && url.path() == library.path()
}

fn same_host(url: &Url, own: &Url) -> bool {
    host_key(url).is_some_and(|host| Some(host) == host_key(own))
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderMap;

    use super::*;

    fn place(library: &str, collector: &str, stand_in: bool, method: &str, url: &str) -> char {
        let at = |url: &str| Url::parse(url).unwrap();
        let stand_in = stand_in.then(String::new);
        let rule = TrackerRule { library: at(library), collector: at(collector), stand_in, before: String::new() };
        let rules = Rules { trackers: [("t".to_owned(), rule)].into(), ..Rules::default() };
        let asked = Asked { method: method.parse().unwrap(), url: at(url), headers: HeaderMap::new() };
        match rules.place(&asked) {
            Place::Collector(_) => 'c',
            Place::Library(..) => 'l',
            Place::Closed => 'x',
            Place::Elsewhere => '-',
        }
    }

    #[test]
    fn addresses_are_compared_in_parts_and_never_as_text() {
        for (method, url, with_stand_in, live) in [
            ("GET", "https://d.test/e/l.js?x=1", 'l', 'l'),
            ("GET", "http://d.test/e/l.js", 'l', 'l'),
            ("GET", "https://d.test:444/e/l.js", 'x', '-'),
            ("GET", "https://www.d.test/e/l.js", 'x', '-'),
            ("POST", "https://d.test/e/l.js", 'c', 'c'),
            ("GET", "https://d.test/thu", 'c', 'c'),
            ("GET", "https://d.test/thu/", 'c', 'c'),
            ("GET", "https://d.test/thu/a.png?x", 'c', 'c'),
            ("HEAD", "https://WWW.D.TEST.:9/thu", 'c', 'c'),
            ("GET", "https://d.test/thu.js", 'x', '-'),
            ("GET", "https://d.test/thu2", 'x', 'c'),
            ("GET", "https://d.test/%74hu", 'x', 'c'),
            ("GET", "https://d.test//thu", 'x', 'c'),
            ("GET", "https://d.test/a.json?a=1&b=2", 'x', 'c'),
            ("OPTIONS", "https://d.test/thu", 'c', 'c'),
            ("PUT", "https://d.test/", 'c', 'c'),
            ("GET", "https://d.test.example/thu", '-', '-'),
            ("GET", "https://xd.test/thu", '-', '-'),
            ("GET", "https://a.d.test/thu", '-', '-'),
            ("GET", "https://a.vn/?https://d.test/thu", '-', '-'),
        ] {
            let of = |stand_in| place("https://d.test/e/l.js", "https://d.test/thu", stand_in, method, url);
            assert_eq!((of(true), of(false)), (with_stand_in, live), "{method} {url}");
        }
    }

    #[test]
    fn a_collector_with_a_host_to_itself() {
        for (method, url, with_stand_in, live) in [
            ("GET", "https://l.test/l.js", 'l', 'l'),
            ("GET", "https://l.test/other", 'x', '-'),
            ("GET", "https://thu.test/?id=7", 'c', 'c'),
            ("GET", "https://thu.test/any?id=7", 'c', 'c'),
            ("GET", "https://thu.test/a.css", 'x', '-'),
        ] {
            let of = |stand_in| place("https://l.test/l.js", "https://thu.test/", stand_in, method, url);
            assert_eq!((of(true), of(false)), (with_stand_in, live), "{method} {url}");
        }
    }
}
