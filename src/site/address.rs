//! When two addresses mean the same site: compared by parsed host, never by text.

use url::Url;

use crate::policy::Text;

/// How well an address matches a declared one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostMatch {
    /// Another host.
    Other,
    /// The same host and port (scheme, one leading `www.`, default port and trailing slash aside).
    Same,
    /// The same host on another port.
    OtherPort,
}

/// The host as it is compared: lower case, IDNA, one leading `www.` and a final dot dropped.
/// `None` for addresses without a host or of another scheme than http and https.
#[must_use]
pub fn host_key(url: &Url) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str()?.trim_end_matches('.');
    Some(host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host).to_owned())
}

/// A host with its port, as candidates are told apart: lower case, IDNA, one leading `www.`, a final dot and the
/// default port dropped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Its port, when it is not the default one.
    pub port: Option<u16>,
}

impl Host {
    /// The host of an http or https address.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        let port = url.port().filter(|port| !matches!(port, 80 | 443));
        host_key(url).map(|name| Self { name, port })
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// Compares an address with a declared one by host and port.
#[must_use]
pub fn same_site(link: &Url, declared: &Url) -> HostMatch {
    match (host_key(link), host_key(declared)) {
        (Some(a), Some(b)) if a == b => {
            // http and https are one site, so a default port matches either default port.
            let port = |u: &Url| u.port().filter(|p| !matches!((u.scheme(), p), ("http", 80) | ("https", 443)));
            if port(link) == port(declared) { HostMatch::Same } else { HostMatch::OtherPort }
        }
        _ => HostMatch::Other,
    }
}

/// Whether a host lies under another, both as [`host_key`] gives them; no host lies under itself.
#[must_use]
pub fn is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.')).is_some_and(|rest| !rest.is_empty())
}

/// A host (as [`host_key`] gives it) and what it lies under, the nearest first: `a.b.vn`, `b.vn`, `vn`. An address
/// of numbers lies under nothing.
pub fn domains_of(host: &str) -> impl Iterator<Item = &str> {
    let dots = host.match_indices('.').filter(|_| !is_number(host));
    std::iter::once(host).chain(dots.map(|(at, _)| &host[at + 1..]))
}

/// Labels at the end of two hosts that make them of one house: fewer are shared by strangers of one country.
const HOUSE_LABELS: usize = 3;

/// The last three labels of a host (as [`host_key`] gives it), which hosts of one house have in common; `None`
/// when it has fewer, or is an address of numbers.
#[must_use]
pub fn house(host: &str) -> Option<&str> {
    let dots = host.matches('.').count();
    domains_of(host).nth((dots + 1).checked_sub(HOUSE_LABELS)?)
}

/// The path that a site owns on its host: without the final slash or file name.
#[must_use]
pub fn own_path(url: &Url) -> &str {
    let path = url.path();
    match path.rsplit_once('/') {
        Some((folder, last)) if last.is_empty() || last.contains('.') => folder,
        _ => path,
    }
}

/// A path and the folders above it, the nearest first, the root as the empty text: what [`own_path`] of a site must
/// be among for the site to own it.
pub fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once(path).chain(path.rmatch_indices('/').map(|(at, _)| &path[..at]))
}

/// Only addresses of numbers end in one, or are written with colons.
fn is_number(host: &str) -> bool {
    host.contains(':') || host.ends_with(|c: char| c.is_ascii_digit())
}

/// An address as people declare it: absolute, http or https, without user name and password.
///
/// # Errors
/// Why it is not one.
pub fn declared_url(text: &str) -> Result<Url, Text> {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !matches!(scheme.as_deref(), Some("http" | "https")) {
        return Err(Text::new(
            "phải bắt đầu bằng `https://` hoặc `http://`",
            "it must begin with `https://` or `http://`",
        ));
    }
    // The URL standard silently drops line breaks and tabs; in a file they are a slip.
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Text::new("không được có khoảng trắng", "it may not contain white space"));
    }
    let url = Url::parse(text).map_err(|_| Text::new("tên máy chủ hoặc cổng viết sai", "host or port is not valid"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Text::new("không được chứa tên đăng nhập, mật khẩu", "it may not contain a user name or password"));
    }
    Ok(url)
}

/// An address without user name and password.
#[must_use]
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for addresses that cannot hold either.
    let _ = (url.set_username(""), url.set_password(None));
    url.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(a: &str, b: &str) -> HostMatch {
        same_site(&Url::parse(a).unwrap(), &Url::parse(b).unwrap())
    }

    #[test]
    fn scheme_www_default_port_and_path_do_not_matter() {
        for a in ["http://tinh-a.gov.vn", "https://WWW.Tinh-A.gov.vn:443/x?y#z", "https://tinh-a.gov.vn./"] {
            assert_eq!(compare(a, "https://tinh-a.gov.vn/"), HostMatch::Same, "{a}");
        }
        assert_eq!(
            compare("https://cổngthôngtin.vn/", "https://xn--cngthngtin-k7a5588c.vn/"),
            compare("https://cổngthôngtin.vn/", "https://xn--cngthngtin-k7a5588c.vn/")
        );
    }

    #[test]
    fn a_domain_ends_at_a_dot() {
        assert!(is_under("so.tinh-a.gov.vn", "tinh-a.gov.vn") && is_under("x.so.tinh-a.gov.vn", "tinh-a.gov.vn"));
        for other in ["tinh-a.gov.vn", "x-tinh-a.gov.vn", "tinh-a.gov.vn.example.org", ".tinh-a.gov.vn", "gov.vn"] {
            assert!(!is_under(other, "tinh-a.gov.vn"), "{other}");
        }
        let all = |host: &'static str| domains_of(host).collect::<Vec<_>>();
        assert_eq!(all("so.tinh-a.gov.vn"), ["so.tinh-a.gov.vn", "tinh-a.gov.vn", "gov.vn", "vn"]);
        assert_eq!((all("127.0.0.1"), all("[::1]"), all("vn")), (vec!["127.0.0.1"], vec!["[::1]"], vec!["vn"]));
        assert_eq!(
            (house("a.so.tinh-a.gov.vn"), house("tinh-a.gov.vn")),
            (Some("tinh-a.gov.vn"), Some("tinh-a.gov.vn"))
        );
        assert_eq!((house("example.vn"), house("127.0.0.1"), house("")), (None, None, None));
    }

    #[test]
    fn look_alikes_are_other_hosts() {
        for a in [
            "https://so.tinh-a.gov.vn/",
            "https://tinh-a.gov.vn.example.org/",
            "https://x-tinh-a.gov.vn/",
            "https://tinh-a.gov.vn@example.org/",
            "https://example.org/?tinh-a.gov.vn",
            "mailto:a@tinh-a.gov.vn",
            "https://www.www.tinh-a.gov.vn/",
        ] {
            assert_eq!(compare(a, "https://tinh-a.gov.vn/"), HostMatch::Other, "{a}");
        }
        assert_eq!(compare("https://tinh-a.gov.vn:8443/", "https://tinh-a.gov.vn/"), HostMatch::OtherPort);
    }
}
