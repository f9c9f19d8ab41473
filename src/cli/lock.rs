//! `rasoat lock`: what a report, or a check made now, saw of each site becomes `rasoat.lock`, so that a change of
//! an id, a snippet or a label is a line that people review.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Parser};

use super::browsing::BrowserFlags;
use super::check;
use super::flags::Check;
use super::language::{ColorFlag, LangFlag, Speech};
use super::network::Network;
use super::scoring::Scoring;
use super::{layered, report};
use crate::deliver;
use crate::error::{Error, ExitCode};
use crate::finding::safe;
use crate::lang::Lang;
use crate::policy::{Date, Text};
use crate::report::{Report, SiteReport, words};
use crate::site::{self, Accepted, Change, Recorded, Sighting};
use crate::yaml::{Problems, nearest};

#[derive(Debug, Args)]
pub(super) struct Lock {
    /// Báo cáo JSON đã lưu; bỏ trống: rà soát sites.yml ngay – a stored JSON report; none: check the sites file now
    report: Option<PathBuf>,
    /// Bộ tiêu chí: tên dựng sẵn hoặc tệp YAML – built-in name or YAML file
    #[arg(short, long = "policy", value_name = "NAME|FILE", conflicts_with = "report")]
    policies: Vec<String>,
    /// Tệp danh sách trang; rasoat.lock nằm cạnh nó – the sites file; rasoat.lock lies beside it
    #[arg(long, value_name = "FILE")]
    sites: Option<PathBuf>,
    /// Chỉ trang này – only this site
    #[arg(long = "site", value_name = "ID")]
    only_sites: Vec<String>,
    /// Truy cập url dù có thư mục source – visit the url although there is a source folder
    #[arg(long, conflicts_with = "report")]
    deployed: bool,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
    /// Màu – colours
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorFlag,
    /// Không in ra màn hình – no terminal output
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    browsing: BrowserFlags,
    #[command(flatten)]
    network: Network,
}

/// The flags of `check` when nothing is typed.
#[derive(Parser)]
struct Nothing {
    #[command(flatten)]
    check: Check,
}

pub(super) fn run(flags: Lock, mut lang: Lang) -> Result<ExitCode, Error> {
    let color = super::language::colours(flags.color, &std::io::stderr());
    let settings = layered::Settings::load(lang, flags.color, flags.quiet)?;
    if flags.lang.is_none() {
        lang = settings.values.lang.unwrap_or(lang);
    }
    let shown = |problems: Problems| Error::Input(problems.render(lang, color));
    let mut asked = asked(&flags)?;
    layered::lay(&mut asked, &settings);
    let sites_file = asked.sites.clone();
    let path = check::lock_path(sites_file.as_deref());
    let old = if path.exists() { site::load_lock(&path).map_err(shown)? } else { site::Lock::default() };
    let sites_file = sites_file.unwrap_or_else(|| PathBuf::from("sites.yml"));
    let estate = if sites_file.exists() { Some(site::load(&sites_file).map_err(shown)?.estate) } else { None };
    deliver::probe(&path)?;
    let report = match &flags.report {
        Some(file) => report::stored(file)?,
        None => {
            // What is recorded is all of the policy's, and goes nowhere but into the lock.
            asked.reports.clear();
            asked.scoring = Scoring::default();
            asked.speech.quiet = flags.quiet;
            check::take(asked, lang)?.report
        }
    };
    let today = Date::in_vietnam(check::now());
    let mut wanted = wanted(&report, &flags.only_sites)?;
    // What is no longer judged is no longer seen, and its entry stays.
    let retired = |id: &str| estate.as_ref()?.site(id)?.retired_on.filter(|day| *day <= today);
    wanted.retain(|s| retired(&s.id).is_none());
    let seen: Vec<Sighting<'_>> =
        wanted.iter().map(|s| Sighting { id: &s.id, state: s.state.as_ref(), ids: &s.seen_site_ids }).collect();
    let declared: Option<BTreeSet<&str>> = estate
        .as_ref()
        .filter(|_| flags.only_sites.is_empty())
        .map(|estate| estate.sites().iter().map(|s| s.id.as_str()).collect());
    let accepted = site::accept(&old, &seen, declared.as_ref(), today);
    // An empty lock would say that everything was looked at.
    if path.exists() || !accepted.lock.sites.is_empty() {
        deliver::write(&path, site::render(&accepted.lock).as_bytes())?;
    }
    if !flags.quiet {
        say(&accepted, &wanted, &path, lang);
    }
    Ok(ended(&accepted))
}

/// A check of the sites file with the flags that were typed.
fn asked(flags: &Lock) -> Result<Check, Error> {
    let nothing = Nothing::try_parse_from(["check"]).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Check {
        policies: flags.policies.clone(),
        sites: flags.sites.clone(),
        only_sites: flags.only_sites.clone(),
        deployed: flags.deployed,
        speech: Speech { lang: flags.lang, color: flags.color, ..nothing.check.speech },
        browsing: flags.browsing.clone(),
        network: flags.network.clone(),
        ..nothing.check
    })
}

/// The report's sites that were asked for.
fn wanted<'a>(report: &'a Report, only: &[String]) -> Result<Vec<&'a SiteReport>, Error> {
    let ids = || report.sites.iter().map(|s| s.id.as_str());
    if let Some(unknown) = only.iter().find(|id| !ids().any(|known| known == *id)) {
        return Err(super::targets::unknown("--site", unknown, nearest(unknown, ids())));
    }
    Ok(report.sites.iter().filter(|s| only.is_empty() || only.contains(&s.id)).collect())
}

/// 0 when every site is recorded as it was seen, 3 when one was not seen to work, 4 when none was.
fn ended(accepted: &Accepted) -> ExitCode {
    let (unseen, seen): (Vec<_>, Vec<_>) =
        accepted.changes.values().filter(|c| **c != Change::Removed).partition(|c| **c == Change::Unseen);
    match (seen.is_empty(), unseen.is_empty()) {
        (true, _) => ExitCode::Nothing,
        (false, true) => ExitCode::Passed,
        (false, false) => ExitCode::Inconclusive,
    }
}

fn say(accepted: &Accepted, sites: &[&SiteReport], path: &Path, lang: Lang) {
    let mut lines = Vec::new();
    let (mut same, mut told) = (0, false);
    for (key, change) in &accepted.changes {
        let id = safe(key, 100);
        match change {
            Change::Same => same += 1,
            Change::Added(to) => lines.push(format!("+ {id}: {}", shown(to))),
            Change::Changed { from, to } => {
                lines.push(format!("~ {id}: {}", differences(from, to, lang).join(", ")));
                told |= from.emc_site_id != to.emc_site_id;
            }
            Change::Removed => lines.push(format!(
                "- {id}: {}",
                lang.of("không còn trong tệp danh sách trang", "no longer in the sites file")
            )),
            Change::Unseen => {
                let gap = sites.iter().find(|s| s.id == *key).and_then(|s| s.gap);
                let kept = accepted.lock.sites.contains_key(key);
                lines.push(format!("? {id}: {}", unseen(gap.map(|g| words::cause(g).pick(lang)), kept, lang)));
            }
        }
    }
    let name = path.display();
    lines.push(lang.of(format!("{name}: {same} trang không đổi"), format!("{name}: {same} sites unchanged")));
    if told {
        lines.push(
            lang.of(
                "Mã số đã đổi: phải thông báo cho đơn vị vận hành hệ thống giám sát.",
                "An id has changed: the operator of the monitoring system must be told.",
            )
            .to_owned(),
        );
    }
    // The reader (head, less) may have seen enough.
    let _ = writeln!(std::io::stdout(), "{}", lines.join("\n"));
}

fn unseen(cause: Option<&str>, kept: bool, lang: Lang) -> String {
    let cause = cause
        .unwrap_or_else(|| lang.of("mã giám sát chưa được thấy là hoạt động", "the snippet was not shown to work"));
    let entry = if kept {
        lang.of("giữ nguyên mục đã ghi", "its entry stays as it is")
    } else {
        lang.of("không ghi", "nothing is recorded")
    };
    format!("{}; {entry}", cause.trim_end_matches('.'))
}

fn shown(recorded: &Recorded) -> String {
    let label = recorded.label.as_ref().map(|l| format!(", {}", safe(l, 100))).unwrap_or_default();
    format!("{}{label}", safe(&recorded.emc_site_id, 100))
}

fn differences(from: &Recorded, to: &Recorded, lang: Lang) -> Vec<String> {
    let short = |text: &Option<String>| text.as_deref().map_or("–".to_owned(), |t| safe(t, 12));
    let mut all = Vec::new();
    if from.emc_site_id != to.emc_site_id {
        all.push(format!("{} → {}", safe(&from.emc_site_id, 100), safe(&to.emc_site_id, 100)));
    }
    for (name, from, to) in [
        (Text::new("mã giám sát", "snippet"), &from.snippet_sha256, &to.snippet_sha256),
        (Text::new("nhãn", "label"), &from.label, &to.label),
    ] {
        if from != to {
            all.push(format!("{} {} → {}", lang.pick(&name), short(from), short(to)));
        }
    }
    all
}
