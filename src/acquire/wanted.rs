//! Which pages beside the home page a run wants, by their paths. Reads no page.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::policy::Pages;

/// Which pages are wanted, all wishes together. A glob that begins with `!` takes pages out again.
#[derive(Debug)]
pub struct Wanted {
    all: bool,
    take: GlobSet,
    leave: GlobSet,
}

impl Wanted {
    /// All wishes of a run.
    #[must_use]
    pub fn of(wanted: &[Pages]) -> Self {
        let (mut take, mut leave) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for glob in wanted.iter().filter_map(|p| match p {
            Pages::Glob(glob) => Some(glob.as_str()),
            _ => None,
        }) {
            let (set, glob) = glob.strip_prefix('!').map_or((&mut take, glob), |rest| (&mut leave, rest));
            // Globs are checked when flags and policies are read.
            if let Ok(glob) = Glob::new(glob.trim_start_matches('/')) {
                set.add(glob);
            }
        }
        let empty = GlobSet::empty();
        Self {
            all: wanted.contains(&Pages::All),
            take: take.build().unwrap_or_else(|_| empty.clone()),
            leave: leave.build().unwrap_or(empty),
        }
    }

    /// Whether a page is wanted; `file` is its path without a leading slash.
    #[must_use]
    pub fn takes(&self, file: &str) -> bool {
        (self.all || self.take.is_match(file)) && !self.leave.is_match(file)
    }

    /// Whether any page beside the home page can be wanted.
    #[must_use]
    pub fn is_more_than_home(&self) -> bool {
        self.all || !self.take.is_empty()
    }
}
