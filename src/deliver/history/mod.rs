//! A folder of runs: each run's report as packed JSON, written beside and given its name only when it is whole, never
//! over another file. Reads them back within limits and removes old ones; what it does not know as its own it leaves
//! alone and names.

mod name;
mod read;
mod write;

pub use name::Name;
pub use read::{Damage, Entry, Listed, list, read, remove, unpack};
pub use write::{Kept, keep, probe};

/// How much a history may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most files of one folder that are read.
    pub files: usize,
    /// Most bytes of one report, unpacked.
    pub bytes: u64,
}

impl Default for Limits {
    /// Ten thousand files: a run an hour for more than a year. 512 MiB: some twenty thousand sites.
    fn default() -> Self {
        Self { files: 10_000, bytes: 512 << 20 }
    }
}

/// How the names of files begin that are not yet whole.
const PART: &str = ".rasoat-";
