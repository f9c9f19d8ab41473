//! The pages beside the home page, reduced as they go by: only what does not pass is kept, so that memory does
//! not grow with their number.

use std::collections::BTreeMap;

use super::{looks_beyond_home, pairs, rule_key, subject};
use crate::check::{Decided, Grounds, Judged, Opinion, Unseen, judge};
use crate::finding::MOST_PLACES;
use crate::policy::{Pages, Rule, Text};
use crate::run::{Applies, Run};
use crate::site::Site;
use crate::snapshot::{Gap, Page, PagesCovered, UnreadPage};

/// What the pages beside the home page add up to: only what does not pass is kept.
#[derive(Debug, Default)]
pub struct Others {
    /// Which pages were read.
    pub covered: PagesCovered,
    /// By rule: the first failure with the places of all, and how many there are.
    failed: BTreeMap<String, (Decided, u64)>,
    /// By rule: the first page whose facts were missing.
    open: BTreeMap<String, Unseen>,
    unread: Option<Gap>,
}

impl Others {
    /// A part of a page: listed, not judged.
    pub fn fragment(&mut self, page: String) {
        self.covered.fragments += 1;
        self.covered.fragment_names.push(page);
    }

    /// A wanted page that could not be read.
    pub fn unread(&mut self, page: String, gap: Gap) {
        self.covered.unread += 1;
        self.covered.unread_names.push(UnreadPage { page, gap });
        self.unread = self.unread.or(Some(gap));
    }

    /// A page that was read; `name` is its path without a leading slash.
    pub fn judged(&mut self, run: &Run, site: &Site, page: &Page, name: &str) {
        self.covered.judged += 1;
        for (loaded, rule) in
            pairs(run, site).filter(|(_, rule)| looks_beyond_home(run, rule) && takes(run, rule, name))
        {
            if Run::applies(rule, site.role) != Applies::Yes {
                continue;
            }
            match judge(
                &rule.check,
                &subject(run, loaded, site, Ok(page), super::no_way(), super::without_browser(run)),
            ) {
                Ok(mut decided) if decided.opinion == Opinion::Fail => {
                    decided.grounds.stand_on(&page.address);
                    self.failed.insert(rule_key(loaded, rule), (decided, 1));
                }
                Ok(_) => {}
                Err(unseen) => {
                    self.open.insert(rule_key(loaded, rule), unseen);
                }
            }
        }
    }

    /// This and what came after it.
    #[must_use]
    pub fn join(mut self, later: Self) -> Self {
        let covered = later.covered;
        self.covered.judged += covered.judged;
        self.covered.fragments += covered.fragments;
        self.covered.unread += covered.unread;
        self.covered.beyond_limit += covered.beyond_limit;
        self.covered.fragment_names.extend(covered.fragment_names);
        self.covered.fragment_names.truncate(MOST_PLACES);
        self.covered.unread_names.extend(covered.unread_names);
        self.covered.unread_names.truncate(MOST_PLACES);
        for (rule, (decided, count)) in later.failed {
            match self.failed.get_mut(&rule) {
                Some((first, total)) => {
                    *total += count;
                    join_grounds(&mut first.grounds, decided.grounds);
                }
                None => {
                    self.failed.insert(rule, (decided, count));
                }
            }
        }
        for (rule, unseen) in later.open {
            self.open.entry(rule).or_insert(unseen);
        }
        self.unread = self.unread.or(later.unread);
        self
    }

    /// The home page's answer and the other pages' together: any failure fails, else anything open leaves it open.
    pub(super) fn add_to(&self, home: Judged, rule: &str, beyond_home: bool, covered: &PagesCovered) -> Judged {
        if !beyond_home {
            return home;
        }
        let failed = self.failed.get(rule).cloned();
        match (home, failed) {
            (Ok(mut decided), failed) if decided.opinion == Opinion::Fail => {
                if let Some((more, _)) = failed {
                    join_grounds(&mut decided.grounds, more.grounds);
                }
                Ok(decided)
            }
            (_, Some((decided, pages))) => Ok(over_pages(decided, pages)),
            (Err(unseen), None) => Err(unseen),
            (Ok(decided), None) => match (self.open.get(rule).cloned(), self.unread) {
                (Some(unseen), _) => Err(unseen),
                (None, Some(gap)) => Err(pages_unread(gap, covered)),
                (None, None) => Ok(decided),
            },
        }
    }
}

/// Adds where and what another page's failure is about.
fn join_grounds(grounds: &mut Grounds, more: Grounds) {
    grounds.more_places += more.more_places;
    grounds.add_places(more.places);
    grounds.more_subjects += more.more_subjects;
    grounds.add_subjects(more.subjects);
}

fn takes(run: &Run, rule: &Rule, name: &str) -> bool {
    // The listing already followed the user's choice; a rule's own glob is its own affair.
    match (&run.pages, &rule.pages) {
        (Some(_), _) | (None, Pages::All) => true,
        (None, Pages::Home) => false,
        (None, Pages::Glob(glob)) => {
            globset::Glob::new(glob.trim_start_matches('/')).is_ok_and(|g| g.compile_matcher().is_match(name))
        }
    }
}

fn over_pages(mut decided: Decided, pages: u64) -> Decided {
    if pages > 1 {
        let reason = &decided.grounds.reason;
        decided.grounds.reason =
            Text::new(format!("{} ({pages} trang)", reason.vi), format!("{} ({pages} pages)", reason.en));
    }
    decided
}

fn pages_unread(gap: Gap, covered: &PagesCovered) -> Unseen {
    let names: Vec<&str> = covered.unread_names.iter().take(5).map(|u| u.page.as_str()).collect();
    let names = crate::finding::safe(&names.join(", "), 300);
    let mut unseen = Unseen::from(gap);
    unseen.grounds.code = Some("pages-unread");
    unseen.grounds.reason = Text::new(
        format!("Không đọc được {} trang: {names}.", covered.unread),
        format!("{} pages could not be read: {names}.", covered.unread),
    );
    unseen
}
