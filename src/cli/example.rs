//! `rasoat test`: runs a policy's own examples. An example is judged exactly as a site in a folder would be.

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
use crate::finding::{Finding, Verdict};
use crate::lang::Lang;
use crate::policy::{self, Example, LoadedPolicy, Rule, Text};
use crate::report::FailOn;
use crate::report::words::verdict_name;
use crate::run::{Browsing, Run};
use crate::site::{Estate, Parent, Recorded, Role, Site};

#[derive(Debug, Args)]
pub(super) struct Test {
    /// Bộ tiêu chí; bỏ trống: mọi bộ dựng sẵn – policies; none: every built-in one
    policies: Vec<String>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
}

pub(super) fn run(flags: &Test, lang: Lang) -> Result<ExitCode, Error> {
    let names: Vec<String> = if flags.policies.is_empty() {
        policy::builtin_names().map(str::to_owned).collect()
    } else {
        flags.policies.clone()
    };
    let color = super::language::colours(ColorFlag::Auto, &std::io::stderr());
    let (mut passed, mut failed) = (0_u32, 0_u32);
    let mut out = String::new();
    for name in &names {
        let loaded = policy::load(name, &BTreeMap::new()).map_err(|p| Error::Input(p.render(lang, color)))?;
        for examples in &loaded.examples {
            let Some(rule) = loaded.policy.rules.iter().find(|r| r.id == examples.rule) else { continue };
            for placed in &examples.cases {
                if placed.example.impossible.is_some() {
                    continue;
                }
                match judge(&loaded, rule, &placed.example, wanted(placed.set))? {
                    None => passed += 1,
                    Some(why) => {
                        failed += 1;
                        let line = placed.at.region().map_or(0, |r| r.line);
                        let case = placed.example.name.clone().unwrap_or_default();
                        out.push_str(&format!(
                            "{name}:{line}: {} {} “{case}”: {}\n",
                            rule.id,
                            placed.set,
                            lang.pick(&why)
                        ));
                    }
                }
            }
        }
    }
    out.push_str(&format!(
        "{}\n",
        lang.pick(&Text::new(
            format!("{passed} ví dụ đúng, {failed} ví dụ sai"),
            format!("{passed} examples as expected, {failed} not"),
        ))
    ));
    let _ = std::io::stdout().write_all(out.as_bytes());
    Ok(match (passed, failed) {
        (0, 0) => ExitCode::Nothing,
        (_, 0) => ExitCode::Passed,
        _ => ExitCode::Failed,
    })
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
fn judge(loaded: &LoadedPolicy, rule: &Rule, example: &Example, verdict: Verdict) -> Result<Option<Text>, Error> {
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
        jobs: 1,
        net: NetOptions::default(),
        now: example.transport.as_ref().map_or(jiff::Timestamp::UNIX_EPOCH, |visit| visit.now.0),
        timed: false,
        cancelled: Arc::default(),
        deadline: None,
        progress: Arc::default(),
        recording: None,
    });
    let findings = match &example.transport {
        Some(visit) => super::example_visit::findings(&run, example, visit),
        None => crate::check(&run)?.findings,
    };
    let found = findings.iter().find(|f| f.rule == rule.id && f.site == SITE);
    Ok(difference(found, example, verdict))
}

/// Stands in for the home page where only the way to it matters.
const ANY_PAGE: &str = "<!doctype html><html><head><title>Trang</title></head><body><h1>Trang</h1></body></html>";

fn difference(found: Option<&Finding>, example: &Example, verdict: Verdict) -> Option<Text> {
    let Some(found) = found else {
        return Some(Text::new("tiêu chí không áp dụng cho vai trò này", "the rule does not apply to this role"));
    };
    let code = found.code.as_deref().unwrap_or("–");
    let same = found.verdict == verdict
        && example.code.as_ref().is_none_or(|c| c == code)
        && example.gap.is_none_or(|g| found.gap == Some(g));
    if same {
        return None;
    }
    let is = format!("{} ({code})", verdict_name(found.verdict));
    let gap = example.gap.map(crate::snapshot::Gap::name);
    let shall = example
        .code
        .as_ref()
        .or(gap.as_ref())
        .map_or_else(|| verdict_name(verdict).to_owned(), |c| format!("{} ({c})", verdict_name(verdict)));
    Some(Text::new(
        format!("cần {shall}, thực tế {is}: {}", found.message.vi),
        format!("{shall} is wanted, it is {is}: {}", found.message.en),
    ))
}

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
