//! What a check's parameters must satisfy, and the tracker's name filled in where only one is possible.

use std::collections::BTreeMap;

use super::pattern::{search, selector, whole};
use super::validate::address;
use super::{Check, ElementCheck, LinksToCheck, Setting, Text};
use crate::yaml::{At, Problem, Problems, quoted, suggestion};

/// Deepest nesting of `all_of`, `any_of` and `none_of`.
const DEPTH: usize = 4;

/// Names of the policy's trackers, and whether each has a label.
type Trackers = BTreeMap<String, bool>;

impl Check {
    /// Adds what is wrong with this check, which stands at `at`, and completes tracker names.
    pub(super) fn validate(&mut self, at: &At, trackers: &Trackers, problems: &mut Problems) {
        self.validate_at_depth(at, trackers, problems, 0);
    }

    fn validate_at_depth(&mut self, at: &At, trackers: &Trackers, problems: &mut Problems, depth: usize) {
        let here = at.key(self.kind());
        match self {
            Self::Tracker(check) => name_tracker(&mut check.name, &here, trackers, problems),
            Self::Label(check) => {
                name_tracker(&mut check.tracker, &here, trackers, problems);
                if check.tracker.as_ref().is_some_and(|name| trackers.get(name) == Some(&false)) {
                    let text = Text::new("bộ giám sát này không khai báo `label`", "this tracker declares no `label`");
                    problems.push(here.problem("no-label", text));
                }
            }
            Self::UniqueId(check) | Self::IdDrift(check) => {
                name_tracker(&mut check.tracker, &here, trackers, problems);
            }
            Self::LinksTo(check) => links(check, &here, problems),
            Self::Element(check) => element(check, &here, problems),
            Self::Transport(check) => {
                let parts = [
                    check.https == Some(true),
                    check.hsts_seconds.is_some(),
                    check.certificate_days.is_some(),
                    check.tls.is_some(),
                ];
                some_part(parts.contains(&true), &here, problems);
            }
            Self::LoadTime(check) => {
                let limits = [&check.fcp_ms, &check.lcp_ms, &check.speed_index_ms, &check.longest_task_ms];
                some_part(limits.iter().any(|l| l.is_some()), &here, problems);
            }
            Self::Wcag(check) => {
                some_part(!check.tags.is_empty(), &here, problems);
                if check.principle.is_some_and(|number| !(1..=4).contains(&number)) {
                    let text = Text::new(
                        "WCAG có bốn nguyên tắc, đánh số từ 1 đến 4",
                        "WCAG has four principles, numbered 1 to 4",
                    );
                    problems.push(here.key("principle").problem("out-of-range", text));
                }
            }
            Self::Domain(check) => {
                if let Setting::Value(pattern) = &check.pattern
                    && let Err(fault) = whole(pattern)
                {
                    problems.push(fault.problem(&here.key("pattern")));
                }
            }
            Self::Attestation(_) => {}
            Self::AllOf(parts) | Self::AnyOf(parts) | Self::NoneOf(parts) => {
                some_part(!parts.is_empty(), &here, problems);
                if depth == DEPTH {
                    let text = Text::new(
                        format!("ghép lồng nhau quá {DEPTH} tầng"),
                        format!("joined deeper than {DEPTH} levels"),
                    );
                    problems.push(here.problem("too-deep", text));
                    return;
                }
                for (n, part) in parts.iter_mut().enumerate() {
                    part.validate_at_depth(&here.item(n), trackers, problems, depth + 1);
                }
            }
        }
    }
}

fn some_part(some: bool, at: &At, problems: &mut Problems) {
    if !some {
        let text = Text::new("không có gì để kiểm tra ở đây", "there is nothing to check here");
        problems.push(at.problem("empty-check", text));
    }
}

fn name_tracker(name: &mut Option<String>, at: &At, trackers: &Trackers, problems: &mut Problems) {
    let names = || trackers.keys().map(String::as_str);
    match name {
        Some(name) if trackers.contains_key(name) => {}
        Some(unknown) => {
            let shown = quoted(unknown);
            let text = Text::new(format!("không có bộ giám sát {shown}"), format!("there is no tracker {shown}"));
            // The key has two spellings.
            let key = ["name", "tracker"].map(|key| at.key(key));
            let key = key.iter().find(|at| at.document.value(&at.path).is_some()).unwrap_or(at);
            problems.push(key.problem("unknown-tracker", text).help(suggestion(unknown, names())));
        }
        None => match trackers.len() {
            1 => *name = trackers.keys().next().cloned(),
            0 => problems.push(no_tracker(at)),
            _ => {
                let text = Text::new(
                    "chưa ghi tên bộ giám sát, trong khi có nhiều bộ",
                    "the tracker is not named, and there are several",
                );
                problems.push(at.problem("unknown-tracker", text).help(suggestion("", names())));
            }
        },
    }
}

fn no_tracker(at: &At) -> Problem {
    let text = Text::new("bộ tiêu chí không khai báo bộ giám sát nào", "the policy declares no tracker");
    at.problem("unknown-tracker", text)
        .help(Text::new("Khai báo nó dưới khóa `trackers`.", "Declare it under `trackers`."))
}

fn links(check: &LinksToCheck, at: &At, problems: &mut Problems) {
    let given = (check.sites.is_some(), !check.urls.is_empty());
    if given.0 == given.1 {
        let text = Text::new("cần đúng một trong `sites` và `urls`", "exactly one of `sites` and `urls` is needed");
        problems.push(at.problem("one-of", text).help(Text::new(
            "`sites: children`, `sites: parent`, hoặc `urls: [https://…]`.",
            "`sites: children`, `sites: parent`, or `urls: [https://…]`.",
        )));
    }
    for (n, url) in check.urls.iter().enumerate() {
        address(url, &at.key("urls").item(n), problems);
    }
    if check.share.value().is_some_and(|share| !(1..=100).contains(share)) {
        let text = Text::new("`share` là phần trăm từ 1 đến 100", "`share` is a percentage from 1 to 100");
        problems.push(at.key("share").problem("out-of-range", text));
    }
}

fn element(check: &ElementCheck, at: &At, problems: &mut Problems) {
    if let Err(fault) = selector(&check.selector) {
        problems.push(fault.problem(&at.key("selector")));
    }
    if let Some(Err(fault)) = check.text.as_deref().map(search) {
        problems.push(fault.problem(&at.key("text")));
    }
    if let Some(max) = check.max.filter(|max| *max < check.min) {
        let min = check.min;
        let text =
            Text::new(format!("`max` {max} nhỏ hơn `min` {min}"), format!("`max` {max} is less than `min` {min}"));
        problems.push(at.key("max").problem("out-of-range", text).help(Text::new(
            "`min` bằng 1 khi không ghi; muốn cấm hẳn, ghi `min: 0, max: 0`.",
            "`min` is 1 when left out; to forbid write `min: 0, max: 0`.",
        )));
    }
}
