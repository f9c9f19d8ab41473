//! `rasoat check`: flags and files become a run, the run a report, the report files and an exit code.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::flags::Check;
use super::interrupt::Interrupts;
use super::output::{self, Terminal};
use super::progress::Bar;
use super::publishing::Publishing;
use super::{browsing, history, layered, letter, pictures, recording, scoring, targets, units};
use crate::acquire::record::{Header, Recording};
use crate::error::{Error, ExitCode};
use crate::governance;
use crate::lang::Lang;
use crate::policy::{self, Date, LoadedPolicy, Text};
use crate::report::{Beside, FailOn, Report};
use crate::run::{Browsing, Run};
use crate::score::{Gates, Scale};
use crate::site::{self, Estate, Recorded, Site};
use crate::tally;
use crate::yaml::{Problems, nearest};

/// The policy that is applied when nobody names one: the first of the built-in ones.
pub(super) fn default_policy() -> String {
    policy::builtin_names().next().unwrap_or_default().to_owned()
}

/// A finished check, before anything of it is told.
pub(super) struct Taken {
    pub(super) report: Report,
    run: Arc<Run>,
    reports: Vec<output::Wanted>,
    publishing: Publishing,
    history: Option<PathBuf>,
    letter: letter::Ready,
    terminal: Terminal,
    /// Reports are written before a Ctrl-C ends the program.
    interrupts: Interrupts,
}

pub(super) fn run(flags: Check, lang: Lang) -> Result<ExitCode, Error> {
    let Taken { report, run, reports, publishing, history: folder, letter, terminal, interrupts: _watched } =
        take(flags, lang)?;
    let mut beside = Beside::default();
    if let Browsing::Always(browser) | Browsing::WhereOpen(browser) = &run.browsing
        && let Some(folder) = &browser.screenshots
    {
        beside.pictures = pictures::pictures(&report, folder);
    }
    history::lay(&mut beside, folder.as_deref(), &report, terminal);
    letter.put(&mut beside);
    let written = output::write(&report, &reports, terminal, &beside);
    letter.tell(terminal);
    let mut kept = Ok(());
    // What was broken off must not take the place of a whole result.
    if !run.cancelled.load(Ordering::Relaxed) {
        kept = history::keep(folder.as_deref(), &report);
        publishing.publish(&report, terminal);
    }
    written?;
    kept?;
    if let Some(error) = run.recording.as_ref().and_then(|r| r.failure()) {
        return Err(error);
    }
    if run.cancelled.load(Ordering::Relaxed) {
        return Ok(ExitCode::Inconclusive);
    }
    Ok(tally::exit(&report))
}

/// Does the check.
pub(super) fn take(mut flags: Check, mut lang: Lang) -> Result<Taken, Error> {
    let color = super::language::colours(flags.speech.color, &std::io::stderr());
    let typed = flags.sites.is_some();
    let settings = layered::Settings::load(lang, flags.speech.color, flags.speech.quiet)?;
    if flags.speech.lang.is_none() {
        lang = settings.values.lang.unwrap_or(lang);
    }
    let letter_typed = flags.letters.are_typed();
    layered::lay(&mut flags, &settings);
    let terminal = Terminal {
        replayed: flags.replay.is_some(),
        explain_score: flags.explain_score,
        ..flags.speech.terminal(lang)
    };
    let shown = |problems: Problems| Error::Input(problems.render(lang, color));
    let net = flags.network.options()?;
    let replayed = recording::opened(&mut flags, net.max_size)?;
    let reports = output::parse(&flags.reports)?;
    let letter = flags.letters.ready(&reports, letter_typed)?;
    flags.publishing.possible()?;
    let mut policies = policies(&flags).map_err(shown)?;
    known_rules(&flags, &policies)?;
    let gates = gates(&flags, &policies)?;
    let decisions = flags.governing.decisions(&policies, now(), terminal, &shown)?;
    let day = Date::in_vietnam(replayed.as_ref().map_or_else(now, |recording| recording.header().taken_at));
    governance::give_leave(&mut policies, decisions.waivers.as_ref(), day).map_err(shown)?;
    let Chosen { mut sites, judged, shard, ad_hoc, recorded } =
        sites(&flags, &shown, replayed.as_ref().map(Recording::header), typed)?;
    targets::drop_credentials(&mut sites);
    output::probe(&reports)?;
    history::possible(flags.history.as_deref())?;
    let measures = flags.measuring.resolved(&sites)?;
    let mut run = Run {
        policies,
        estate: Arc::new(Estate::new(sites)),
        judged,
        ad_hoc,
        shard,
        pipeline: pipeline(&flags.only_sites),
        recorded,
        deployed: flags.deployed,
        pages: (!flags.pages.is_empty()).then(|| flags.pages.clone()),
        max_pages: flags.max_pages.map(|n| n.max(1)),
        only: flags.only.iter().cloned().collect(),
        skip: flags.skip.iter().cloned().collect(),
        browsing: if flags.replay.is_some() { Browsing::None } else { flags.browsing.chosen(measures)? },
        fail_on: flags.fail_on.map_or(FailOn::Error, FailOn::from),
        strict: flags.strict,
        gates,
        jobs: flags.network.jobs(),
        net,
        now: now(),
        timed: std::env::var_os("SOURCE_DATE_EPOCH").is_none(),
        cancelled: Arc::default(),
        deadline: flags.deadline.map(|whole| Instant::now() + whole),
        progress: Arc::default(),
        recording: None,
        decisions,
    };
    let recording = match replayed {
        Some(replayed) => Some(replayed),
        None => recording::begun(&flags, &run, terminal)?,
    };
    recording::adopt(&mut run, recording, terminal);
    retire(&mut run);
    let run = Arc::new(run);
    let interrupts = Interrupts::watch(run.cancelled.clone());
    let bar = Bar::follow(&run.progress, lang, flags.speech.quiet);
    let report = crate::check(&run)?;
    drop(bar);
    browsing::warn_of_no_sandbox(&report, &flags.browsing, terminal);
    Ok(Taken {
        report,
        run,
        reports,
        publishing: flags.publishing,
        history: flags.history,
        letter,
        terminal,
        interrupts,
    })
}

/// Sites whose last day has come are no longer judged.
fn retire(run: &mut Run) {
    let today = Date::in_vietnam(run.now);
    let mut sites = run.estate.sites().to_vec();
    for site in &mut sites {
        site.retired = site.retired_on.is_some_and(|day| day <= today);
    }
    run.estate = Arc::new(Estate::new(sites));
}

/// The clock, or the instant that reproducible builds name.
pub(super) fn now() -> jiff::Timestamp {
    let named = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.parse().ok());
    named.and_then(|s| jiff::Timestamp::from_second(s).ok()).unwrap_or_else(jiff::Timestamp::now)
}

/// The number a pipeline gives its own run, the same for all its jobs, and the sites that were chosen: a shard of all
/// sites and one of some are not of one run, or a site could be in neither.
fn pipeline(chosen: &[String]) -> Option<String> {
    let named = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    // Without the attempt: a shard that is run again belongs to the others.
    let number = named("GITHUB_RUN_ID").or_else(|| named("CI_PIPELINE_ID")).or_else(|| named("BUILD_TAG"));
    if chosen.is_empty() {
        return number;
    }
    let chosen: BTreeSet<&str> = chosen.iter().map(String::as_str).collect();
    let number = number.as_deref().unwrap_or_default();
    Some(chosen.into_iter().fold(number.to_owned(), |all, id| all + "," + id))
}

fn policies(flags: &Check) -> Result<Vec<LoadedPolicy>, Problems> {
    let params: BTreeMap<String, String> = flags.params.iter().cloned().collect();
    if flags.policies.is_empty() {
        return policy::load_with_leave(&[default_policy()], &params);
    }
    policy::load_with_leave(&flags.policies, &params)
}

/// What scores must reach, if the policies have points to reach it with.
fn gates(flags: &Check, policies: &[LoadedPolicy]) -> Result<Gates, Error> {
    let gates = flags.scoring.gates();
    let scales: Vec<Scale> = policies.iter().filter_map(|loaded| Scale::of(&loaded.policy, &|_| true)).collect();
    scoring::possible(&gates, &scales.iter().collect::<Vec<_>>())?;
    Ok(gates)
}

fn known_rules(flags: &Check, policies: &[LoadedPolicy]) -> Result<(), Error> {
    let all: Vec<&str> = policies.iter().flat_map(|p| p.policy.rules.iter().map(|r| r.id.as_str())).collect();
    for (flag, ids) in [("--only", &flags.only), ("--skip", &flags.skip)] {
        for id in ids {
            if !all.contains(&id.as_str()) {
                return Err(targets::unknown(flag, id, nearest(id, all.iter().copied())));
            }
        }
    }
    Ok(())
}

/// The rules that people may decide about: all of the policies, and those that overlays took out of them.
pub(super) fn all_rules(policies: &[LoadedPolicy]) -> Vec<&str> {
    let judged = policies.iter().flat_map(|p| p.policy.rules.iter().map(|r| r.id.as_str()));
    judged.chain(policies.iter().flat_map(|p| p.weakened.iter().map(|w| w.rule.as_str()))).collect()
}

/// The sites of a run.
struct Chosen {
    sites: Vec<Site>,
    judged: Vec<String>,
    shard: Option<site::Shard>,
    ad_hoc: bool,
    /// What was accepted of each site.
    recorded: BTreeMap<String, Recorded>,
}

fn sites(
    flags: &Check,
    shown: &dyn Fn(Problems) -> Error,
    replayed: Option<&Header>,
    typed: bool,
) -> Result<Chosen, Error> {
    let file = flags.sites.clone().unwrap_or_else(|| PathBuf::from("sites.yml"));
    // A recording of targets has nothing to do with a sites file that merely lies there.
    let wanted = typed || replayed.is_none_or(|header| !header.identity.ad_hoc);
    let declared = wanted && (flags.sites.is_some() || file.exists());
    let (mut sites, recorded) = match replayed {
        Some(header) if !declared => {
            let (sites, recorded) = (header.identity.sites.clone(), header.accepted.clone());
            if flags.targets.is_empty() && flags.shard.is_none() {
                let judged = recording::judged(flags, header)?;
                let (ad_hoc, shard) = (header.identity.ad_hoc, header.identity.shard);
                return Ok(Chosen { sites, judged, shard, ad_hoc, recorded });
            }
            (sites, recorded)
        }
        _ => {
            let sites = if declared { site::load(&file).map_err(shown)?.estate.into_sites() } else { Vec::new() };
            (sites, recorded(flags).map_err(shown)?)
        }
    };
    let shard = flags
        .shard
        .as_deref()
        .map(|text| units::shard(text, &|name| std::env::var(name).ok()))
        .transpose()
        .map_err(|why| Error::usage(Text::new(format!("--shard {why}"), format!("--shard {why}"))))?;
    if !flags.targets.is_empty() {
        if shard.is_some() || !flags.only_sites.is_empty() {
            return Err(Error::usage(Text::new(
                "--shard và --site chọn từ sites.yml, không dùng cùng TARGET.",
                "--shard and --site choose from the sites file and do not go with a TARGET.",
            )));
        }
        let judged = targets::of_targets(flags, &mut sites)?;
        return Ok(Chosen { sites, judged, shard: None, ad_hoc: true, recorded });
    }
    if !declared && replayed.is_none() {
        return Err(Error::usage(Text::new(
            "chưa có gì để rà soát: hãy cho một TARGET (URL, thư mục HTML, tệp .html) hoặc tạo sites.yml.",
            "nothing to check: give a TARGET (URL, folder of HTML, .html file) or write a sites.yml.",
        )));
    }
    // Refuses flags that describe a target when there is none.
    targets::of_targets(flags, &mut sites)?;
    // What narrowed the recorded run narrows the sites file again.
    let asked = replayed.map(|header| &header.identity).filter(|_| flags.only_sites.is_empty());
    let mut judged = targets::of_ids(asked.map_or(&flags.only_sites, |asked| &asked.only_sites), &sites)?;
    let shard = shard.or(asked.and_then(|asked| asked.shard));
    if let Some(shard) = shard {
        let mine = |k: usize| k % shard.of as usize + 1 == shard.index as usize;
        let ids: HashSet<&String> = sites.iter().enumerate().filter(|(k, _)| mine(*k)).map(|(_, s)| &s.id).collect();
        judged.retain(|id| ids.contains(id));
    }
    Ok(Chosen { sites, judged, shard, ad_hoc: false, recorded })
}

fn recorded(flags: &Check) -> Result<BTreeMap<String, Recorded>, Problems> {
    let path = lock_path(flags.sites.as_deref());
    Ok(if path.exists() { site::load_lock(&path)?.sites } else { BTreeMap::new() })
}

/// `rasoat.lock` beside the sites file, else in the working folder.
pub(super) fn lock_path(sites: Option<&Path>) -> PathBuf {
    sites.and_then(Path::parent).unwrap_or(Path::new("")).join("rasoat.lock")
}
