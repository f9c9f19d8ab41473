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
        if below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) && self.collector.path() != "/" {
            return true;
        }
        !asked.only_asks() || (self.stand_in.is_none() && !is_static(asked))
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
