//! A snippet that works, in a form that only its meaning changes: the library's address, then the queue's commands
//! in their order, one a line as JSON. Neither white space, comments, minifying, file names nor the way the
//! library's element is made stand in it.

use serde_json::json;

use super::address::{Compared, compare};
use super::is_sure;
use crate::policy::Tracker;
use crate::snapshot::{Arg, Load, Page, QueueFacts};

/// The normalised snippet; `None` when a part of it is only known at run time.
///
/// Of the policy's own calls the arguments stand in it; of others, which are the page's own affair, the name.
pub(super) fn normal(tracker: &Tracker, facts: &QueueFacts, library: &Load, page: &Page) -> Option<String> {
    let mut lines = vec![json!(["library", address(&library.address, &tracker.library, page)?])];
    let calls = &tracker.calls;
    for command in facts.commands.iter().filter(|c| is_sure(c.certainty)) {
        let name = match &command.name {
            Arg::Known(name) => name.as_str(),
            Arg::Other(_) => continue,
            Arg::Unknown => return None,
        };
        let mut line = vec![name.to_owned()];
        if name == calls.collector {
            line.push(address(command.args.first()?, &tracker.collector, page)?);
        } else if name == calls.site_id || name == calls.page_view {
            for arg in &command.args {
                line.push(match arg {
                    Arg::Known(text) => text.trim().to_owned(),
                    // Shown as written, and so with its white space.
                    Arg::Other(_) => "…".to_owned(),
                    Arg::Unknown => return None,
                });
            }
        }
        lines.push(json!(line));
    }
    Some(lines.iter().map(|line| format!("{line}\n")).collect())
}

/// An address as it is asked for: the policy's own where it is that, however it is written.
fn address(written: &Arg, wanted: &str, page: &Page) -> Option<String> {
    match compare(written, wanted, page) {
        Compared::Exact => Some(wanted.to_owned()),
        Compared::Http => Some(wanted.replacen("https:", "http:", 1)),
        Compared::OtherPath(found) | Compared::OtherHost(found) => Some(found),
        Compared::NotAnAddress(_) | Compared::Unknown => None,
    }
}
