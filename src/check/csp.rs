//! Content security policy, level 3, as far as a tracker's snippet meets it: may this inline script run,
//! may this address be loaded as a script, may this address be asked for data. Pure reading of policy text.

use sha2::{Digest, Sha256, Sha384, Sha512};
use url::Url;

/// One policy: directives with their sources; the first of a name wins, as browsers do.
#[derive(Debug)]
pub(super) struct CspPolicy<'a> {
    directives: Vec<(String, Vec<&'a str>)>,
    page: &'a Url,
}

/// What an inline script offers to be let through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inline<'a> {
    /// The text between the tags.
    pub(super) text: &'a str,
    /// The nonce attribute.
    pub(super) nonce: Option<&'a str>,
}

impl<'a> CspPolicy<'a> {
    /// The policies of one header or meta value: commas separate several.
    pub(super) fn parse(text: &'a str, page: &'a Url) -> Vec<Self> {
        text.split(',')
            .map(|one| {
                let mut directives: Vec<(String, Vec<&str>)> = Vec::new();
                for directive in one.split(';') {
                    let mut words = directive.split_ascii_whitespace();
                    let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
                    if !directives.iter().any(|(n, _)| *n == name) {
                        directives.push((name, words.collect()));
                    }
                }
                Self { directives, page }
            })
            .filter(|p| !p.directives.is_empty())
            .collect()
    }

    fn sources(&self, names: &[&str]) -> Option<&[&'a str]> {
        names.iter().find_map(|name| self.directives.iter().find(|(n, _)| n == name)).map(|(_, sources)| &sources[..])
    }

    /// Whether an inline script runs.
    pub(super) fn allows_inline(&self, script: Inline<'_>) -> bool {
        let Some(sources) = self.sources(&["script-src-elem", "script-src", "default-src"]) else { return true };
        if nonce_matches(sources, script.nonce) || sources.iter().any(|s| hash_matches(s, script.text)) {
            return true;
        }
        // A nonce, a hash or 'strict-dynamic' switches 'unsafe-inline' off.
        let strict = sources.iter().any(|s| is_nonce(s) || hash_of(s).is_some() || keyword(s, "'strict-dynamic'"));
        !strict && sources.iter().any(|s| keyword(s, "'unsafe-inline'"))
    }

    /// Whether the code of a handler attribute may run: no nonce holds for it.
    pub(super) fn allows_handler(&self, code: &str) -> bool {
        let Some(sources) = self.sources(&["script-src-attr", "script-src", "default-src"]) else { return true };
        let hashes = sources.iter().any(|s| keyword(s, "'unsafe-hashes'"));
        if hashes && sources.iter().any(|s| hash_matches(s, code)) {
            return true;
        }
        let strict = sources.iter().any(|s| is_nonce(s) || hash_of(s).is_some() || keyword(s, "'strict-dynamic'"));
        !strict && sources.iter().any(|s| keyword(s, "'unsafe-inline'"))
    }

    /// Whether a script may be loaded from an address. `nonce` is the element's own; `by_script` says that a
    /// running script inserted the element, which `'strict-dynamic'` trusts.
    pub(super) fn allows_script(&self, address: &Url, nonce: Option<&str>, by_script: bool) -> bool {
        let Some(sources) = self.sources(&["script-src-elem", "script-src", "default-src"]) else { return true };
        if nonce_matches(sources, nonce) {
            return true;
        }
        if sources.iter().any(|s| keyword(s, "'strict-dynamic'")) {
            return by_script;
        }
        self.matches_any(sources, address)
    }

    /// Whether a script may give the address or the text of another only as Trusted Types let it.
    pub(super) fn demands_trusted_types(&self) -> bool {
        self.sources(&["require-trusted-types-for"]).is_some_and(|sinks| sinks.iter().any(|s| keyword(s, "'script'")))
    }

    /// Whether data may be sent to an address in at least one of the two ways trackers use.
    pub(super) fn allows_sending(&self, address: &Url) -> bool {
        [["img-src", "default-src"], ["connect-src", "default-src"]]
            .iter()
            .any(|names| self.sources(names).is_none_or(|sources| self.matches_any(sources, address)))
    }

    fn matches_any(&self, sources: &[&str], address: &Url) -> bool {
        sources.iter().any(|source| self.matches(source, address))
    }

    fn matches(&self, source: &str, address: &Url) -> bool {
        if source == "*" {
            return matches!(address.scheme(), "http" | "https" | "ws" | "wss")
                || address.scheme() == self.page.scheme();
        }
        if keyword(source, "'self'") {
            return address.host_str() == self.page.host_str()
                && address.port_or_known_default().is_some()
                && (address.port_or_known_default() == self.page.port_or_known_default()
                    || (address.scheme() == "https" && address.port().is_none() && self.page.port().is_none()));
        }
        if source.starts_with('\'') {
            return false;
        }
        if let Some(scheme) = source.strip_suffix(':').filter(|s| s.chars().all(|c| c.is_ascii_alphanumeric())) {
            return scheme_matches(scheme, address.scheme());
        }
        self.host_matches(source, address)
    }

    fn host_matches(&self, source: &str, address: &Url) -> bool {
        let (scheme, rest) = match source.split_once("://") {
            Some((scheme, rest)) => (scheme, rest),
            None => (self.page.scheme(), source),
        };
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let Some(target) = address.host_str() else { return false };
        let host = host.to_ascii_lowercase();
        let host_fits = match host.strip_prefix("*.") {
            Some(rest) => target.strip_suffix(rest).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.')),
            None => host == "*" || host == target,
        };
        let port_fits = match port {
            Some("*") => true,
            Some(port) => {
                address.port_or_known_default().map(|p| p.to_string()).as_deref() == Some(port)
                    || (port == "80" && address.scheme() == "https" && address.port().is_none())
            }
            None => address.port().is_none(),
        };
        let path_fits = path.is_empty()
            || path == "/"
            || if path.ends_with('/') { address.path().starts_with(path) } else { address.path() == path };
        host_fits && port_fits && path_fits && scheme_matches(scheme, address.scheme())
    }
}

/// A policy's scheme also lets its secure form through.
fn scheme_matches(wanted: &str, actual: &str) -> bool {
    wanted.eq_ignore_ascii_case(actual) || (wanted.eq_ignore_ascii_case("http") && actual == "https")
}

fn keyword(source: &str, word: &str) -> bool {
    source.eq_ignore_ascii_case(word)
}

fn is_nonce(source: &str) -> bool {
    source.len() > 8 && source.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("'nonce-"))
}

fn nonce_matches(sources: &[&str], nonce: Option<&str>) -> bool {
    let Some(nonce) = nonce.filter(|n| !n.is_empty()) else { return false };
    sources.iter().any(|s| is_nonce(s) && s.get(7..).and_then(|n| n.strip_suffix('\'')) == Some(nonce))
}

fn hash_of(source: &str) -> Option<(&str, &str)> {
    let inner = source.strip_prefix('\'')?.strip_suffix('\'')?;
    let (algorithm, value) = inner.split_once('-')?;
    matches!(algorithm.to_ascii_lowercase().as_str(), "sha256" | "sha384" | "sha512").then_some((algorithm, value))
}

fn hash_matches(source: &str, text: &str) -> bool {
    let Some((algorithm, value)) = hash_of(source) else { return false };
    let digest = match algorithm.to_ascii_lowercase().as_str() {
        "sha256" => Sha256::digest(text).to_vec(),
        "sha384" => Sha384::digest(text).to_vec(),
        _ => Sha512::digest(text).to_vec(),
    };
    let plain = |s: &str| s.trim_end_matches('=').replace('-', "+").replace('_', "/");
    plain(&base64(&digest)) == plain(value)
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let n = chunk.iter().enumerate().fold(0_u32, |n, (i, b)| n | u32::from(*b) << (16 - 8 * i));
            (0..=chunk.len()).map(move |i| char::from(LETTERS[(n >> (18 - 6 * i)) as usize & 63]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn inline(policy: &str, nonce: Option<&str>) -> bool {
        let page = url("https://a.gov.vn/");
        CspPolicy::parse(policy, &page).iter().all(|p| p.allows_inline(Inline { text: "alert(1)", nonce }))
    }

    fn script(policy: &str, address: &str) -> bool {
        let page = url("https://a.gov.vn/");
        CspPolicy::parse(policy, &page).iter().all(|p| p.allows_script(&url(address), None, true))
    }

    #[test]
    fn inline_scripts() {
        for (policy, nonce, runs) in [
            ("default-src 'self'", None, false),
            ("img-src 'self'", None, true),
            ("script-src 'self' 'unsafe-inline'", None, true),
            ("script-src 'UNSAFE-INLINE'", None, true),
            ("script-src 'unsafe-inline' 'nonce-abc'", None, false),
            ("script-src 'nonce-abc'", Some("abc"), true),
            ("script-src 'nonce-abc'", Some("ABC"), false),
            ("script-src 'unsafe-inline' 'sha256-AAAA'", None, false),
            ("script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='", None, true),
            ("script-src-elem 'none'; script-src 'unsafe-inline'", None, false),
            ("script-src 'unsafe-inline'; script-src 'none'", None, true),
            ("script-src 'unsafe-inline', script-src 'self'", None, false),
            ("script-src *", None, false),
        ] {
            assert_eq!(inline(policy, nonce), runs, "{policy}");
        }
    }

    #[test]
    fn script_addresses() {
        let library = "https://t.example.vn/embed/x.js";
        for (policy, allowed) in [
            ("script-src https://t.example.vn", true),
            ("script-src t.example.vn", true),
            ("script-src http://t.example.vn", true),
            ("script-src *.example.vn", true),
            ("script-src *.t.example.vn", false),
            ("script-src https:", true),
            ("script-src *", true),
            ("script-src 'self'", false),
            ("script-src 'none'", false),
            ("script-src t.example.vn/embed/", true),
            ("script-src t.example.vn/embed", false),
            ("script-src t.example.vn:8443", false),
            ("script-src t.example.vn:*", true),
            ("script-src 'strict-dynamic' 'nonce-x'", true),
            ("default-src t.example.vn; script-src 'self'", false),
            ("script-src evil-t.example.vn", false),
        ] {
            assert_eq!(script(policy, library), allowed, "{policy}");
        }
    }
}
