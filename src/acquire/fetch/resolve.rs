//! Names to addresses, with the user's own mapping first and private addresses refused: the connection is
//! made to the address that was checked, so a name cannot change its mind in between.

use std::collections::HashSet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::NetOptions;
use crate::acquire::private::is_private;

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

/// The name does not resolve.
#[derive(Debug)]
pub(super) struct NotResolved;

/// The name resolves to private addresses only.
#[derive(Debug)]
pub(super) struct Refused;

impl fmt::Display for NotResolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name does not resolve")
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads to a private address")
    }
}

impl std::error::Error for NotResolved {}
impl std::error::Error for Refused {}

/// The resolver of a run.
#[derive(Debug)]
pub(super) struct Guard {
    /// Hosts that may be private: the declared sites themselves.
    own: HashSet<String>,
    mappings: Vec<Mapping>,
    allow_private: bool,
}

impl Guard {
    pub(super) fn new(own: HashSet<String>, options: &NetOptions) -> Self {
        Self { own, mappings: options.resolve.clone(), allow_private: options.allow_private }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
        let mapped =
            self.mappings.iter().find(|m| m.host == host).or_else(|| self.mappings.iter().find(|m| m.host == "*"));
        if let Some(mapping) = mapped {
            let addresses: Vec<SocketAddr> = mapping.addresses.iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
            return Box::pin(async move { Ok(Box::new(addresses.into_iter()) as Addrs) });
        }
        let bare = host.strip_prefix("www.").unwrap_or(&host);
        let free = self.allow_private || self.own.contains(bare);
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await.map_err(|_| NotResolved)?.collect();
            let public: Vec<SocketAddr> = found.iter().copied().filter(|a| free || !is_private(a.ip())).collect();
            match (found.is_empty(), public.is_empty()) {
                (true, _) => Err(NotResolved.into()),
                (false, true) => Err(Refused.into()),
                (false, false) => Ok(Box::new(public.into_iter()) as Addrs),
            }
        })
    }
}
