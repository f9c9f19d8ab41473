//! `rasoat test`: runs a policy's own examples. An example is judged exactly as a site in a folder would be.

mod coverage;
mod outcome;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clap::Args;
use url::Url;

use super::language::{ColorFlag, LangFlag};
use crate::acquire::fetch::NetOptions;

use crate::error::{Error, ExitCode};
use crate::finding::Verdict;
use crate::governance::{self, Decisions};
use crate::lang::Lang;
use crate::policy::{self, Date, Example, LoadedPolicy, Rule, Text};
use crate::report::FailOn;
use crate::run::{Browsing, Run};
use crate::score::Gates;
use crate::site::{Estate, Parent, Recorded, Role, Site};
use crate::yaml::nearest;

#[derive(Debug, Args)]
pub(super) struct Test {
    /// Bộ tiêu chí; bỏ trống: mọi bộ dựng sẵn – policies; none: every built-in one
    policies: Vec<String>,
    /// Chỉ tiêu chí này (lặp lại được) – only this rule (repeatable)
    #[arg(long, value_name = "RULE")]
    only: Vec<String>,
    /// Nêu các tiêu chí chưa có đủ ví dụ pass và fail (mã 1) – name the rules without both a pass and a fail example (exit 1)
    #[arg(long)]
    coverage: bool,
    /// Tệp tạm chấp nhận, khi bộ tiêu chí làm nhẹ tiêu chí bắt buộc – the waivers under which mandatory rules are weakened
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
}

pub(super) fn run(flags: &Test, lang: Lang) -> Result<ExitCode, Error> {
    let policies = load(flags, lang)?;
    let wanted_rule = |rule: &str| flags.only.is_empty() || flags.only.iter().any(|id| id == rule);
    let mut passed = 0_u32;
    let mut wrong: Vec<outcome::Kind> = Vec::new();
    let mut out = String::new();
    for loaded in &policies {
        for examples in loaded.examples.iter().filter(|examples| wanted_rule(&examples.rule)) {
            let Some(rule) = loaded.policy.rules.iter().find(|r| r.id == examples.rule) else { continue };
            for placed in examples.cases.iter().filter(|placed| placed.example.impossible.is_none()) {
                match judge(loaded, rule, &placed.example, wanted(placed.set))? {
                    None => passed += 1,
                    Some(difference) => {
                        wrong.push(difference.kind);
                        out.push_str(&difference.text(loaded, &rule.id, placed, lang));
                    }
                }
            }
        }
    }
    out.push_str(&sum(passed, &wrong, lang));
    let mut lacking = 0;
    if flags.coverage {
        let found = policies.iter().map(|loaded| coverage::lacking(loaded, &wanted_rule, lang));
        let (lines, rules) = found.fold((Vec::new(), 0), |(mut all, sum), (lines, n)| {
            all.extend(lines);
            (all, sum + n)
        });
        lacking = lines.len();
        out.push_str(&lines.concat());
        let covered = rules - lacking;
        let text = Text::new(
            format!("{covered}/{rules} tiêu chí có cả ví dụ pass và fail\n"),
            format!("{covered} of {rules} rules have both a pass and a fail example\n"),
        );
        out.push_str(lang.pick(&text));
    }
    match std::io::stdout().write_all(out.as_bytes()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            return Err(Error::Write { path: "stdout".to_owned(), cause });
        }
        _ => {}
    }
    Ok(match (passed, wrong.len() + lacking) {
        (0, 0) => ExitCode::Nothing,
        (_, 0) => ExitCode::Passed,
        _ => ExitCode::Failed,
    })
}

/// The policies, each by itself; leave to weaken mandatory rules is asked for as `check` asks.
fn load(flags: &Test, lang: Lang) -> Result<Vec<LoadedPolicy>, Error> {
    let names: Vec<String> = if flags.policies.is_empty() {
        policy::builtin_names().map(str::to_owned).collect()
    } else {
        flags.policies.clone()
    };
    let color = super::language::colours(ColorFlag::Auto, &std::io::stderr());
    let shown = |problems: crate::yaml::Problems| Error::Input(problems.render(lang, color));
    let none = BTreeMap::new();
    let mut policies = Vec::new();
    for name in &names {
        policies.extend(policy::load_with_leave(&[name], &none).map_err(shown)?);
    }
    let rules = super::check::all_rules(&policies);
    for id in &flags.only {
        if !rules.contains(&id.as_str()) {
            return Err(super::targets::unknown("--only", id, nearest(id, rules.iter().copied())));
        }
    }
    let waivers = flags.waivers.as_deref().map(|path| governance::load_waivers(path, &rules));
    let waivers = waivers.transpose().map_err(shown)?;
    let today = Date::in_vietnam(super::check::now());
    governance::give_leave(&mut policies, waivers.as_ref(), today).map_err(shown)?;
    Ok(policies)
}

/// How many were as expected, how many not and in which way.
fn sum(passed: u32, wrong: &[outcome::Kind], lang: Lang) -> String {
    let mut text = Text::new(
        format!("{passed} ví dụ đúng, {} ví dụ sai", wrong.len()),
        format!("{passed} examples as expected, {} not", wrong.len()),
    );
    let mut meanings = String::new();
    let counted = outcome::Kind::ALL.into_iter().map(|kind| (kind, wrong.iter().filter(|k| **k == kind).count()));
    for (n, (kind, count)) in counted.filter(|(_, count)| *count > 0).enumerate() {
        let (gap, word) = (if n == 0 { ": " } else { ", " }, kind.word());
        text.vi += &format!("{gap}{count} {}", word.vi);
        text.en += &format!("{gap}{count} {}", word.en);
        meanings += &format!("  {}: {}\n", lang.pick(&word), lang.pick(&kind.meaning()));
    }
    format!("{}\n{meanings}", lang.pick(&text))
}

fn wanted(set: &str) -> Verdict {
    match set {
        "pass" => Verdict::Pass,
        "fail" => Verdict::Fail,
        "inconclusive" => Verdict::Inconclusive,
        _ => Verdict::NotApplicable,
    }
}

/// Judges one example; says what is not as expected.
fn judge(
    loaded: &LoadedPolicy,
    rule: &Rule,
    example: &Example,
    verdict: Verdict,
) -> Result<Option<outcome::Difference>, Error> {
    let folder = Scratch::new()?;
    let id = example.emc_site_id.as_deref().or(example.recorded.as_deref()).unwrap_or("1");
    let snippet = loaded.policy.trackers.values().find_map(|t| t.snippet.clone()).unwrap_or_default();
    let fill = |text: &str| text.replace("${snippet}", &snippet).replace("${site_id}", id);
    let home = example.html.iter().map(|html| ("index.html", whole(fill(html))));
    let files = example.files.iter().flatten().map(|(path, text)| (path.as_str(), fill(text)));
    for (path, text) in home.chain(files) {
        folder.write(path, &text)?;
    }
    if let Some(headers) = &example.headers {
        let lines: String = headers.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
        folder.write("_headers", &format!("/*\n{lines}"))?;
    }
    if example.transport.is_some() && example.html.is_none() && example.files.is_none() {
        folder.write("index.html", ANY_PAGE)?;
    }
    let site = site(example, rule, &folder)?;
    let recorded = example.recorded.iter().map(|id| (site.id.clone(), Recorded::id(id))).collect();
    let mut sites = vec![site];
    for other in example.sites.iter().flatten() {
        // Known by what it declares only: its folder holds nothing.
        let mut site = blank(&other.id, &folder.path("none"));
        site.role = sites[0].role;
        site.emc_site_id.clone_from(&other.emc_site_id);
        sites.push(site);
    }
    let run = Arc::new(Run {
        policies: vec![loaded.clone()],
        judged: sites.iter().map(|s| s.id.clone()).collect(),
        estate: Arc::new(Estate::new(sites)),
        ad_hoc: true,
        shard: None,
        pipeline: None,
        recorded,
        deployed: false,
        pages: None,
        max_pages: None,
        only: std::iter::once(rule.id.clone()).collect(),
        skip: std::collections::BTreeSet::new(),
        browsing: Browsing::None,
        fail_on: FailOn::Error,
        strict: false,
        gates: Gates::default(),
        jobs: 1,
        net: NetOptions::default(),
        now: example.transport.as_ref().map_or(jiff::Timestamp::UNIX_EPOCH, |visit| visit.now.0),
        timed: false,
        cancelled: Arc::default(),
        deadline: None,
        progress: Arc::default(),
        recording: None,
        decisions: Decisions::default(),
    });
    let findings = match &example.transport {
        Some(visit) => super::example_visit::findings(&run, example, visit),
        None => crate::check(&run)?.findings,
    };
    let found = findings.iter().find(|f| f.rule == rule.id && f.site == SITE);
    Ok(outcome::compare(found, example, verdict))
}

/// Stands in for the home page where only the way to it matters.
const ANY_PAGE: &str = "<!doctype html><html><head><title>Trang</title></head><body><h1>Trang</h1></body></html>";

/// A fragment is a whole page here: examples show only what matters.
fn whole(html: String) -> String {
    let lower = html.to_ascii_lowercase();
    let structural = ["<!doctype", "<html", "<head", "<body"].iter().any(|tag| lower.contains(tag));
    if structural || html.trim().is_empty() { html } else { format!("<!doctype html>{html}") }
}

const SITE: &str = "example";

fn site(example: &Example, rule: &Rule, folder: &Scratch) -> Result<Site, Error> {
    let address = |text: &String| {
        Url::parse(text).map_err(|e| Error::usage(Text::new(format!("{text}: {e}"), format!("{text}: {e}"))))
    };
    let mut site = blank(SITE, &folder.root);
    site.role = example.role.or_else(|| rule.applies_to.first().copied()).or(Some(Role::Portal));
    site.url = example.url.as_ref().map(address).transpose()?;
    site.parent = example.parent.as_ref().map(address).transpose()?.map(Parent::Elsewhere);
    site.components = example.components.iter().flatten().map(address).collect::<Result<_, _>>()?;
    site.emc_site_id.clone_from(&example.emc_site_id);
    site.retired_on = example.retired_on;
    site.retired = example.retired_on.is_some();
    Ok(site)
}

fn blank(id: &str, folder: &Path) -> Site {
    Site { source: Some(folder.to_owned()), source_name: Some(id.to_owned()), ..Site::named(id.to_owned()) }
}

/// A folder of its own for one example, removed when the example is judged.
struct Scratch {
    root: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, Error> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("rasoat-test-{}-{n}", std::process::id()));
        // Fails when it exists: nobody else's folder is written to.
        std::fs::create_dir(&root).map_err(|cause| Error::Write { path: root.display().to_string(), cause })?;
        Ok(Self { root })
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    fn write(&self, relative: &str, text: &str) -> Result<(), Error> {
        if Path::new(relative).components().any(|c| !matches!(c, std::path::Component::Normal(_))) {
            return Err(Error::usage(Text::new(
                format!("files: “{relative}” phải là đường dẫn tương đối trong thư mục."),
                format!("files: “{relative}” must be a relative path inside the folder."),
            )));
        }
        let path = self.path(relative);
        let failed = |cause| Error::Write { path: path.display().to_string(), cause };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        std::fs::write(&path, text).map_err(failed)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed lies in the system's own temporary folder.
        let _ = std::fs::remove_dir_all(&self.root);
    }
}
