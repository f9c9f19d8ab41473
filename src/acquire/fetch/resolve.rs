//! Names to addresses, with the user's own mapping first and private addresses refused. A connection is made to
//! the addresses that were checked here, so a name cannot change its mind in between.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::NetOptions;
use super::exchange::{Cause, Fault};
use crate::acquire::private::{is_private, names_private};
use crate::site::{Site, host_key};
use crate::snapshot::Gap;

/// A name (or `*`), the port it holds for, and the addresses it shall resolve to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Lower case; `*` stands for every name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Where it leads.
    pub addresses: Vec<IpAddr>,
}

/// Reads `HOST:PORT:ADDR[,ADDR]`, as curl does; IPv6 addresses may stand in brackets.
#[must_use]
pub fn parse_mapping(text: &str) -> Option<Mapping> {
    let (host, rest) = text.split_once(':')?;
    let (port, addresses) = rest.split_once(':')?;
    let addresses = addresses.split(',').map(|a| a.trim().trim_matches(['[', ']']).parse().ok());
    let mapping = Mapping {
        host: host.trim().to_ascii_lowercase(),
        port: port.trim().parse().ok()?,
        addresses: addresses.collect::<Option<Vec<IpAddr>>>()?,
    };
    (!mapping.host.is_empty()).then_some(mapping)
}

/// Host and port as they are compared when a private address is asked for.
type Authority = (String, u16);

fn authority(url: &Url) -> Option<Authority> {
    // http and https on their default ports are one place.
    let port = url.port().filter(|p| !matches!((url.scheme(), p), ("http", 80) | ("https", 443))).unwrap_or(443);
    Some((host_key(url)?, port))
}

/// Where one site may be asked for, and the addresses its names were found to have.
#[derive(Debug)]
pub(super) struct Guard {
    /// Places that may be private: the site's own.
    own: HashSet<Authority>,
    /// Those of them that were declared without TLS.
    plain: HashSet<Authority>,
    mappings: Vec<Mapping>,
    allow_private: bool,
    timeout: Duration,
    checked: Mutex<HashMap<String, Vec<IpAddr>>>,
    /// Names of proxies: the user chose them, so they may be anywhere.
    proxies: Mutex<HashSet<String>>,
}

impl Guard {
    /// The site that people declared, if they did, may be a private place.
    pub(super) fn new(declared: Option<&Site>, options: &NetOptions) -> Self {
        let own = declared.into_iter().flat_map(|site| site.url.iter().chain(&site.aliases));
        let plain = own.clone().filter(|url| url.scheme() == "http");
        Self {
            plain: plain.filter_map(authority).collect(),
            own: own.filter_map(authority).collect(),
            mappings: options.resolve.clone(),
            allow_private: options.allow_private,
            timeout: options.connect_timeout,
            checked: Mutex::default(),
            proxies: Mutex::default(),
        }
    }

    /// Whether an address leads to a private place by its looks alone.
    pub(super) fn refuses(&self, url: &Url) -> bool {
        names_private(url) && !self.is_free(url) && self.mapping(url).is_none()
    }

    /// Whether an address is one of the site's own.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        authority(url).is_some_and(|place| self.own.contains(&place))
    }

    /// Whether the user's own headers may go there: to the site, and not in the clear when it was declared with TLS.
    pub(super) fn may_know_secrets(&self, url: &Url) -> bool {
        let places = if url.scheme() == "https" { &self.own } else { &self.plain };
        authority(url).is_some_and(|place| places.contains(&place))
    }

    fn is_free(&self, url: &Url) -> bool {
        self.allow_private || self.is_own(url)
    }

    fn mapping(&self, url: &Url) -> Option<&Mapping> {
        let host = url.host_str()?.trim_end_matches('.');
        let port = url.port_or_known_default()?;
        let named = |name: &str| self.mappings.iter().find(|m| m.host == name && m.port == port);
        named(host).or_else(|| named("*").filter(|_| matches!(url.host(), Some(Host::Domain(_)))))
    }

    /// Lets the connector look up a proxy's name.
    pub(super) fn allow_proxy(&self, host: &str) {
        if let Ok(mut proxies) = self.proxies.lock() {
            proxies.insert(host.to_ascii_lowercase());
        }
    }

    /// The addresses an address leads to, checked; what is connected to afterwards is among them.
    pub(super) async fn check(&self, url: &Url) -> Result<Vec<IpAddr>, Fault> {
        if let Some(mapping) = self.mapping(url) {
            self.keep(url, &mapping.addresses);
            return Ok(mapping.addresses.clone());
        }
        let free = self.is_free(url);
        if names_private(url) && !free {
            return Err(Gap::PrivateAddress.into());
        }
        let name = match url.host() {
            Some(Host::Ipv4(ip)) => return Ok(vec![ip.into()]),
            Some(Host::Ipv6(ip)) => return Ok(vec![ip.into()]),
            Some(Host::Domain(name)) => name.to_owned(),
            None => return Err(Gap::HttpError.into()),
        };
        if let Some(known) = self.checked.lock().ok().and_then(|c| c.get(&key(&name)).cloned()) {
            // They were found for the site's own place; another port of that name is another place.
            let inside = !free && known.iter().copied().any(is_private);
            return if inside { Err(Gap::PrivateAddress.into()) } else { Ok(known) };
        }
        let found = tokio::time::timeout(self.timeout, tokio::net::lookup_host((name.as_str(), 0)))
            .await
            .map_err(|_| Fault::new(Gap::Timeout, Cause::TimeoutDns))?
            .map_err(|e| not_resolved(&e))?;
        let found: Vec<IpAddr> = found.map(|a| a.ip()).collect();
        let right: Vec<IpAddr> = found.iter().copied().filter(|ip| free || !is_private(*ip)).collect();
        match (found.is_empty(), right.is_empty()) {
            (true, _) => Err(Fault::new(Gap::Dns, Cause::NoSuchName)),
            (false, true) => Err(Gap::PrivateAddress.into()),
            (false, false) => {
                self.keep(url, &right);
                Ok(right)
            }
        }
    }

    fn keep(&self, url: &Url, addresses: &[IpAddr]) {
        if let (Ok(mut checked), Some(host)) = (self.checked.lock(), url.host_str()) {
            checked.insert(key(host), addresses.to_vec());
        }
    }
}

fn key(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// A name that does not exist stays so; a resolver that gave no answer may give one later. The system's resolver
/// tells them apart by its message only.
fn not_resolved(error: &std::io::Error) -> Fault {
    let text = error.to_string();
    let none = ["not known", "No address associated", "nodename nor servname"].iter().any(|m| text.contains(m));
    if none { Fault::new(Gap::Dns, Cause::NoSuchName) } else { Gap::Dns.into() }
}

/// Gives the connector the addresses that were checked, and no others.
#[derive(Debug)]
pub(super) struct Checked(pub(super) Arc<Guard>);

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let name = key(name.as_str());
        let known = self.0.checked.lock().ok().and_then(|c| c.get(&name).cloned());
        let proxy = self.0.proxies.lock().is_ok_and(|p| p.contains(&name));
        Box::pin(async move {
            if let Some(known) = known {
                return Ok(Box::new(known.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs);
            }
            if !proxy {
                return Err("a name that was not checked".into());
            }
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name, 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(site: &str, resolve: &str) -> Guard {
        let site = Site::at("a".to_owned(), Url::parse(site).unwrap());
        let resolve = parse_mapping(resolve).into_iter().collect();
        Guard::new(Some(&site), &NetOptions { resolve, ..NetOptions::default() })
    }

    #[tokio::test]
    async fn another_port_of_a_private_name_stays_closed_after_its_own_was_asked() {
        let guard = guard("https://tinh-a.vn:8443/", "tinh-a.vn:8443:127.0.0.1");
        let of = |port: u16| Url::parse(&format!("https://tinh-a.vn:{port}/")).unwrap();
        assert_eq!(guard.check(&of(8443)).await.unwrap(), [IpAddr::from([127, 0, 0, 1])]);
        assert_eq!(guard.check(&of(9200)).await, Err(Gap::PrivateAddress.into()));
        assert!(guard.check(&of(8443)).await.is_ok());
    }

    #[test]
    fn secrets_do_not_go_in_the_clear_to_a_site_declared_with_tls() {
        let secure = guard("https://tinh-a.vn/", "");
        for (url, may) in [
            ("https://tinh-a.vn/x", true),
            ("https://www.tinh-a.vn/x", true),
            ("http://tinh-a.vn/x", false),
            ("https://tinh-a.vn:8443/", false),
            ("https://so.tinh-a.vn/", false),
        ] {
            assert_eq!(secure.may_know_secrets(&Url::parse(url).unwrap()), may, "{url}");
        }
        let plain = guard("http://tinh-a.vn/", "");
        assert!(
            ["http://tinh-a.vn/", "https://tinh-a.vn/"].iter().all(|u| plain.may_know_secrets(&Url::parse(u).unwrap()))
        );
    }
}
