//! Which of these is which of those: by EMC id, then address, then name. What more than one could be is left open.

use std::collections::HashMap;

use url::Url;

use super::fold::{plain, toned, unit};
use crate::site::{Host, own_path};

/// What a row or site is known by.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) ids: Vec<String>,
    /// As [`address`] gives them.
    pub(super) addresses: Vec<String>,
    pub(super) names: Vec<String>,
}

/// By what a pair was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Id,
    Address,
    Name,
}

/// What was found for one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    /// Nothing.
    None,
    /// One of those.
    One(usize, Key),
    /// Several could be it.
    Ambiguous,
    /// Its id is one's, its address another's.
    Disagree { id: usize, address: usize },
}

/// An address as it is compared: host, port and path, without scheme and `www.`; a bare host too.
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    if text.contains(char::is_whitespace) || !text.contains('.') {
        return None;
    }
    let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) }.ok()?;
    let host = Host::of(&url)?;
    Some(format!("{host}{}", own_path(&url)))
}

/// Finds for each of these the one of those that it is.
pub(super) fn pair(these: &[Known], those: &[Known]) -> Vec<Match> {
    let sure = |keys: fn(&Known) -> Vec<String>| hits(these, those, &|_| true, &|_| true, &keys);
    let by_id = sure(|known| known.ids.clone());
    let by_address = sure(|known| known.addresses.clone());
    let mut found: Vec<Match> = by_id
        .iter()
        .zip(&by_address)
        .map(|pair| match pair {
            (Hit::One(id), Hit::One(address)) if id != address => Match::Disagree { id: *id, address: *address },
            (Hit::One(n), _) => Match::One(*n, Key::Id),
            (_, Hit::One(n)) => Match::One(*n, Key::Address),
            (Hit::Many, _) | (_, Hit::Many) => Match::Ambiguous,
            (Hit::None, Hit::None) => Match::None,
        })
        .collect();
    leave_open_what_is_claimed_twice(&mut found);
    let folds: [fn(&str) -> String; 3] = [toned, unit, plain];
    for fold in folds {
        let taken: Vec<usize> = found.iter().flat_map(|m| claimed(*m)).collect();
        let open = |n: usize| !found.get(n).is_some_and(|m| matches!(m, Match::One(..) | Match::Disagree { .. }));
        let keys = |known: &Known| known.names.iter().map(|name| fold(name)).filter(|name| !name.is_empty()).collect();
        let by_name = hits(these, those, &open, &|n| !taken.contains(&n), &keys);
        for (now, hit) in found.iter_mut().zip(by_name) {
            match (&now, hit) {
                (Match::None | Match::Ambiguous, Hit::One(n)) => *now = Match::One(n, Key::Name),
                (Match::None, Hit::Many) => *now = Match::Ambiguous,
                _ => {}
            }
        }
        leave_open_what_is_claimed_twice(&mut found);
    }
    found
}

fn claimed(found: Match) -> Vec<usize> {
    match found {
        Match::One(n, _) => vec![n],
        Match::Disagree { id, address } => vec![id, address],
        Match::None | Match::Ambiguous => Vec::new(),
    }
}

fn leave_open_what_is_claimed_twice(found: &mut [Match]) {
    let mut claims: HashMap<usize, usize> = HashMap::new();
    for one in found.iter() {
        if let Match::One(n, _) = one {
            *claims.entry(*n).or_default() += 1;
        }
    }
    for one in found.iter_mut() {
        if let Match::One(n, _) = one
            && claims.get(n).is_some_and(|count| *count > 1)
        {
            *one = Match::Ambiguous;
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hit {
    None,
    One(usize),
    Many,
}

/// For each of these the only one of those that shares a key which no other of these has.
fn hits(
    these: &[Known],
    those: &[Known],
    open: &dyn Fn(usize) -> bool,
    free: &dyn Fn(usize) -> bool,
    keys: &dyn Fn(&Known) -> Vec<String>,
) -> Vec<Hit> {
    let index = |all: &[Known], counts: &dyn Fn(usize) -> bool| {
        let mut index: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, known) in all.iter().enumerate().filter(|(n, _)| counts(*n)) {
            for key in keys(known) {
                let owners = index.entry(key).or_default();
                if owners.last() != Some(&n) {
                    owners.push(n);
                }
            }
        }
        index
    };
    let (here, there) = (index(these, open), index(those, free));
    let hit = |known: &Known| {
        let mut one = None;
        for key in keys(known) {
            let shared = here.get(&key).is_some_and(|owners| owners.len() > 1);
            match there.get(&key).map(Vec::as_slice) {
                None | Some([]) => {}
                Some([n]) if !shared && one.is_none_or(|o| o == *n) => one = Some(*n),
                Some(_) => return Hit::Many,
            }
        }
        one.map_or(Hit::None, Hit::One)
    };
    these.iter().enumerate().map(|(n, known)| if open(n) { hit(known) } else { Hit::None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(id: &str, url: &str, name: &str) -> Known {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned()).into_iter().collect();
        Known { ids: some(id), addresses: address(url).into_iter().collect(), names: some(name) }
    }

    #[test]
    fn addresses_are_compared_as_sites_are() {
        for same in ["https://www.a.gov.vn/", "a.gov.vn", "http://A.gov.vn:80/index.html", "  https://a.gov.vn "] {
            assert_eq!(address(same).as_deref(), Some("a.gov.vn"), "{same}");
        }
        assert_ne!(address("a.gov.vn/so-y-te"), address("a.gov.vn"));
        for none in ["-", "Bộ Y tế", "a.vn; b.vn", "ftp://a.vn", ""] {
            assert_eq!(address(none), None, "{none}");
        }
    }

    #[test]
    fn the_id_goes_before_the_address_and_the_address_before_the_name() {
        let those = [known("1", "a.vn", "A"), known("2", "b.vn", "B"), known("", "c.vn", "C"), known("", "", "Hà Nội")];
        let these =
            [known("2", "new.vn", "Neu"), known("9", "c.vn", "Cũ"), known("", "", "TP. Hà Nội"), known("", "", "Z")];
        assert_eq!(
            pair(&these, &those),
            [Match::One(1, Key::Id), Match::One(2, Key::Address), Match::One(3, Key::Name), Match::None]
        );
    }

    #[test]
    fn what_is_ambiguous_is_left_open() {
        let twins = [known("", "", "Sở Y tế"), known("", "", "Sở Y tế")];
        assert_eq!(pair(&twins[..1], &twins), [Match::Ambiguous]);
        assert_eq!(pair(&twins, &twins[..1]), [Match::Ambiguous; 2]);
        // Twins by name are told apart by their addresses.
        let apart = [known("", "a.vn", "Sở Y tế"), known("", "b.vn", "Sở Y tế")];
        assert_eq!(pair(&apart[1..], &apart), [Match::One(1, Key::Address)]);
        // One id is A's, the address is B's.
        let those = [known("1", "a.vn", "A"), known("2", "b.vn", "B")];
        assert_eq!(pair(&[known("1", "b.vn", "B")], &those), [Match::Disagree { id: 0, address: 1 }]);
        // Two claim one, by different keys.
        let claims = [known("1", "", "X"), known("", "a.vn", "Y")];
        assert_eq!(pair(&claims, &those), [Match::Ambiguous; 2]);
    }

    #[test]
    fn marks_matter_unless_one_side_has_none() {
        let those = [known("", "", "Tân Phú"), known("", "", "Tấn Phú"), known("", "", "Hoà Bình")];
        assert_eq!(pair(&[known("", "", "Tấn Phú")], &those), [Match::One(1, Key::Name)]);
        assert_eq!(pair(&[known("", "", "Tan Phu")], &those), [Match::Ambiguous]);
        assert_eq!(pair(&[known("", "", "HOA BINH")], &those), [Match::One(2, Key::Name)]);
    }
}
