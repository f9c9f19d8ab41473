//! Hosts of one house: those that may well be a wanted site's old address. Compared label by label, never by text.

use std::collections::HashSet;

use crate::site::{domains_of, house};

/// Hosts, and all that are of their house: under one of them, or with the last three labels of one.
#[derive(Debug, Default)]
pub(super) struct Kin {
    hosts: HashSet<String>,
    houses: HashSet<String>,
}

impl Kin {
    pub(super) fn of(hosts: impl Iterator<Item = String>) -> Self {
        let mut kin = Self::default();
        for host in hosts {
            kin.houses.extend(house(&host).map(str::to_owned));
            kin.hosts.insert(host);
        }
        kin
    }

    pub(super) fn has(&self, host: &str) -> bool {
        domains_of(host).any(|domain| self.hosts.contains(domain))
            || house(host).is_some_and(|house| self.houses.contains(house))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kin_share_a_house_and_look_alikes_do_not() {
        let kin = Kin::of(["so.tinh-a.gov.vn", "example.vn", "127.0.0.1"].map(str::to_owned).into_iter());
        for host in [
            "so.tinh-a.gov.vn",
            "x.so.tinh-a.gov.vn",
            "cu.tinh-a.gov.vn",
            "tinh-a.gov.vn",
            "a.b.example.vn",
            "127.0.0.1",
        ] {
            assert!(kin.has(host), "{host}");
        }
        for host in
            ["x-tinh-a.gov.vn", "gov.vn", "so.tinh-b.gov.vn", "tinh-a.gov.vn.example.org", "x-example.vn", "128.0.0.1"]
        {
            assert!(!kin.has(host), "{host}");
        }
    }
}
