//! Names of stored runs: `20261001T020000Z-RUN[-sIofN][-vK].json.zst`. They sort by when the facts were taken; a name is
//! made from a report and read back without opening the file.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::site::Shard;

/// How every name ends.
const ENDING: &str = ".json.zst";
/// Longest run id that a name takes as it is.
const LONGEST: usize = 64;

/// The name of a stored run. Sorts by time, run, shard, and how often it was judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// When its facts were taken, UTC, as `20261001T020000Z`.
    pub taken_at: String,
    /// The run.
    pub run: String,
    /// Which part of the sites file: index and number of parts.
    pub shard: Option<(u32, u32)>,
    /// From 2 on: the same run, judged again.
    pub version: u32,
}

impl Name {
    /// The name of a run's first report; `None` when it does not say when it was taken.
    #[must_use]
    pub fn of(taken_at: &str, run_id: &str, shard: Option<Shard>) -> Option<Self> {
        let at: jiff::Timestamp = taken_at.parse().ok()?;
        let taken_at = at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let plain = !run_id.is_empty()
            && run_id.len() <= LONGEST
            && run_id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        // Whatever else stands there is a name of its own, and never a path.
        let run = if plain { run_id.to_owned() } else { hashed(run_id) };
        let name = Self { taken_at, run, shard: shard.map(|s| (s.index, s.of)), version: 1 };
        // A year outside of 0 to 9999 does not sort.
        Self::parse(&name.to_string()).filter(|read| *read == name)
    }

    /// The same run, judged again.
    #[must_use]
    pub fn again(&self, version: u32) -> Self {
        Self { version, ..self.clone() }
    }

    /// Reads a name; `None` for every other file's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_suffix(ENDING)?.split('-');
        let (taken_at, run) = (parts.next()?, parts.next()?);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let shaped = taken_at.is_ascii()
            && taken_at.len() == 16
            && digits(&taken_at[..8])
            && &taken_at[8..9] == "T"
            && digits(&taken_at[9..15])
            && taken_at.ends_with('Z');
        let named = !run.is_empty() && run.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if !shaped || !named {
            return None;
        }
        let mut name = Self { taken_at: taken_at.to_owned(), run: run.to_owned(), shard: None, version: 1 };
        let mut rest = parts.next();
        if let Some((index, of)) = rest.and_then(|part| part.strip_prefix('s')).and_then(|part| part.split_once("of")) {
            name.shard = Some((number(index)?, number(of)?));
            rest = parts.next();
        }
        if let Some(version) = rest.and_then(|part| part.strip_prefix('v')) {
            name.version = number(version).filter(|n| *n > 1)?;
            rest = parts.next();
        }
        rest.is_none().then_some(name)
    }

    /// The instant that it names.
    #[must_use]
    pub fn at(&self) -> Option<jiff::Timestamp> {
        jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", &self.taken_at)
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|at| at.timestamp())
    }

    /// Whether both are names of one run.
    #[must_use]
    pub fn is_of_run(&self, other: &Self) -> bool {
        (&self.taken_at, &self.run) == (&other.taken_at, &other.run)
    }
}

/// A number as it is written back: no sign, no leading nought.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|n: &u32| n.to_string() == text)
}

fn hashed(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|b| format!("{b:02x}")).collect()
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.taken_at, self.run)?;
        if let Some((index, of)) = self.shard {
            write!(f, "-s{index}of{of}")?;
        }
        if self.version > 1 {
            write!(f, "-v{}", self.version)?;
        }
        f.write_str(ENDING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back_as_it_was_written() {
        let shard = Some(Shard { index: 2, of: 12 });
        let name = Name::of("2026-10-01T02:03:04Z", "0f9a", shard).unwrap();
        assert_eq!(name.to_string(), "20261001T020304Z-0f9a-s2of12.json.zst");
        assert_eq!(name.again(3).to_string(), "20261001T020304Z-0f9a-s2of12-v3.json.zst");
        for name in [name.clone(), name.again(3), Name::of("2026-10-01T09:03:04+07:00", "a", None).unwrap()] {
            assert_eq!(Name::parse(&name.to_string()), Some(name));
        }
        assert_eq!(name.at().unwrap().to_string(), "2026-10-01T02:03:04Z");
    }

    #[test]
    fn no_run_id_leads_out_of_the_folder() {
        for id in ["../../etc/passwd", "", "a/b", "Đ", "a-s1of2", &"a".repeat(65), "A\u{202e}", "..", "a\0b"] {
            let name = Name::of("2026-10-01T02:03:04Z", id, None).unwrap();
            assert!(name.run.len() == 32 && name.run.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
        }
        let two = ["a/b", "a\\b"].map(|id| Name::of("2026-10-01T02:03:04Z", id, None).unwrap());
        assert_ne!(two[0], two[1]);
    }

    #[test]
    fn times_that_do_not_sort_are_no_names() {
        for at in ["", "hôm qua", "-0001-01-01T00:00:00Z", "2026-10-01", "2026-13-01T00:00:00Z"] {
            assert_eq!(Name::of(at, "a", None), None, "{at}");
        }
    }

    #[test]
    fn other_files_are_not_taken_for_runs() {
        for text in [
            "report.json.zst",
            "20261001T020304Z.json.zst",
            "20261001T020304Z-.json.zst",
            "20261001T020304Z-0f9a.json",
            "20261001T020304Z-0f9a.json.zst.part",
            "20261001T020304Z-0f9a-copy.json.zst",
            "20261001T020304Z-0f9a (1).json.zst",
            "20261001T020304Z-0f9a-v1.json.zst",
            "20261001T020304Z-0f9a-v02.json.zst",
            "20261001T020304Z-0f9a-v2-s1of2.json.zst",
            "20261001T020304Z-0f9a-s+1of2.json.zst",
            "2026100ĐT020304Z-0f9a.json.zst",
            ".rasoat-x.part",
        ] {
            assert_eq!(Name::parse(text), None, "{text}");
        }
    }

    #[test]
    fn names_sort_by_time_and_the_last_judged_comes_last() {
        let name = |at: &str, run: &str, version| Name::of(at, run, None).unwrap().again(version);
        let mut names = [
            name("2026-10-01T00:00:00Z", "b", 1),
            name("2026-10-01T00:00:00Z", "b", 10),
            name("2026-10-01T00:00:00Z", "b", 2),
            name("2026-09-30T23:59:59Z", "z", 1),
        ];
        names.sort();
        assert_eq!(
            names.map(|n| (n.run, n.version)),
            [("z", 1), ("b", 1), ("b", 2), ("b", 10)].map(|(r, v)| (r.to_owned(), v))
        );
    }
}
