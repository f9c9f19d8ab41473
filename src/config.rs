//! `rasoat.yml`: what the flags of `check` can say, kept beside the project. Found upward from the
//! working folder to the repository's root; the environment says the same keys as `RASOAT_*`. Only read and
//! validated here; `cli` lays flags over it.

mod environment;
mod keys;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::policy::{Pages, Points, Text, glob, version};
use crate::yaml::{self, Document, Problems, quoted, suggestion};

pub use environment::{Environment, HEADERS, from_environment};
pub use keys::{KEYS, Key, Kind};

/// The file's name.
pub const NAME: &str = "rasoat.yml";

/// Names of the report formats.
pub const FORMATS: [&str; 14] = [
    "human",
    "json",
    "junit",
    "junit-strict",
    "sarif",
    "gitlab",
    "gitlab-annotations",
    "github",
    "markdown",
    "html",
    "csv",
    "dotenv",
    "xlsx",
    "docx",
];

/// The configuration as written; paths are still relative to the file.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rasoat configuration")]
pub struct ConfigFile {
    /// Always `rasoat/v1`.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "rasoat/v1"))]
    pub api_version: String,
    /// Policies: built-in names or files.
    #[serde(default)]
    pub policies: Vec<String>,
    /// The sites file.
    #[serde(default)]
    pub sites: Option<String>,
    /// Reports, as `FORMAT` or `FORMAT=PATH`.
    #[serde(default)]
    pub reports: Vec<String>,
    /// The template of the result letter (.docx).
    #[serde(default)]
    pub letter_template: Option<String>,
    /// Fields of the result letter that only people know, as `co_quan_ban_hanh: Sở X`.
    #[serde(default)]
    pub letter_fields: BTreeMap<String, String>,
    /// Folder that each run's report is kept in.
    #[serde(default)]
    pub history: Option<String>,
    /// From which severity on a failure fails the run.
    #[serde(default)]
    pub fail_on: Option<crate::report::FailOn>,
    /// Every inconclusive finding counts.
    #[serde(default)]
    pub strict: Option<bool>,
    /// Fewest points of a site.
    #[serde(default)]
    pub min_score: Option<Points>,
    /// Lowest level of a site.
    #[serde(default)]
    pub min_level: Option<String>,
    /// Fewest points of a site in single groups, by group.
    #[serde(default)]
    pub min_groups: BTreeMap<String, Points>,
    /// The language of messages.
    #[serde(default)]
    pub lang: Option<crate::lang::Lang>,
    /// Whether a browser is used.
    #[serde(default)]
    pub browser: Option<BrowserUse>,
    /// The browser's program, a path or a name; empty for none.
    #[serde(default)]
    pub browser_path: Option<String>,
    /// Run the browser without its sandbox.
    #[serde(default)]
    pub no_sandbox: Option<bool>,
    /// What answers the tracker's library in the browser.
    #[serde(default)]
    pub emc: Option<EmcSource>,
    /// Let requests to the collector through: they count as visits.
    #[serde(default)]
    pub emc_send: Option<bool>,
    /// Page loads measured.
    #[serde(default)]
    pub load_runs: Option<u32>,
    /// Lighthouse JSON reports.
    #[serde(default)]
    pub lighthouse: Vec<String>,
    /// How often the installed Lighthouse is run.
    #[serde(default)]
    pub run_lighthouse: Option<u32>,
    /// The script of axe-core.
    #[serde(default)]
    pub axe: Option<String>,
    /// Folder that pictures are written into.
    #[serde(default)]
    pub screenshots: Option<String>,
    /// Which pages are read: `home`, `all`, a glob, or several of them; `!GLOB` takes pages out again.
    #[serde(default, deserialize_with = "keys::one_or_many")]
    #[schemars(schema_with = "keys::one_or_many_schema")]
    pub pages: Vec<Pages>,
    /// Most pages of a site.
    #[serde(default)]
    pub max_pages: Option<u32>,
    /// Visit the address although there is a source folder.
    #[serde(default)]
    pub deployed: Option<bool>,
    /// Limits of the run.
    #[serde(default)]
    pub limits: Limits,
    /// Parameters of the policies.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// The waivers file.
    #[serde(default)]
    pub waivers: Option<String>,
    /// The attestations file.
    #[serde(default)]
    pub attestations: Option<String>,
    /// The baseline file.
    #[serde(default)]
    pub baseline: Option<String>,
    /// Known failures are counted, and not listed.
    #[serde(default)]
    pub new_only: Option<bool>,
    /// The git revision that the change under review is compared with, to name what it waives for itself.
    #[serde(default)]
    pub base: Option<String>,
    /// How the tool names itself.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Names and the addresses they resolve to: `HOST:PORT:ADDR[,ADDR]` or `@FILE`.
    #[serde(default)]
    pub resolve: Vec<String>,
    /// Certificates trusted besides the system's (PEM).
    #[serde(default)]
    pub cacert: Option<String>,
    /// The proxy's address. A password belongs in the environment, not in this file.
    #[serde(default)]
    pub proxy: Option<String>,
    /// Links and redirects may lead to private addresses.
    #[serde(default)]
    pub allow_private: Option<bool>,
}

impl ConfigFile {
    /// These values, and those of a lower layer where nothing is said here. Lists are not mixed; parameters are
    /// taken one by one.
    ///
    /// # Errors
    /// Never for values that were read: both layers have the same shape.
    pub fn over(&self, below: &Self) -> Result<Self, serde_json::Error> {
        let mut whole = serde_json::to_value(below)?;
        cover(&mut whole, serde_json::to_value(self)?);
        serde_json::from_value(whole)
    }

    /// What is said for a key; `None` when nothing is.
    #[must_use]
    pub fn value(&self, key: &Key) -> Option<Value> {
        let whole = serde_json::to_value(self).ok()?;
        let found = key.path.split('.').try_fold(&whole, |at, step| at.get(step))?;
        (!is_silent(found)).then(|| found.clone())
    }
}

/// Whether a value says nothing.
fn is_silent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.values().all(is_silent),
        _ => false,
    }
}

fn cover(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                cover(below.entry(key).or_insert(Value::Null), value);
            }
        }
        (below, above) if !is_silent(&above) => *below = above,
        _ => {}
    }
}

/// Whether a browser is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BrowserUse {
    /// Not at all.
    Never,
    /// Where a rule needs it and one is found.
    Auto,
    /// It must be there.
    Require,
}

/// What answers the tracker's library in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EmcSource {
    /// The policy's stand-in.
    StandIn,
    /// The library itself.
    Live,
}

/// Limits of a run. Durations and sizes take units.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Sites at a time.
    #[serde(default)]
    pub jobs: Option<u32>,
    /// Active requests per resolved address.
    #[serde(default)]
    pub per_host: Option<u32>,
    /// Pause between two requests to one host, as `500ms`.
    #[serde(default)]
    pub delay: Option<String>,
    /// One attempt of one request, as `30s`.
    #[serde(default)]
    pub timeout: Option<String>,
    /// The whole run, as `20m`.
    #[serde(default)]
    pub deadline: Option<String>,
    /// Extra tries.
    #[serde(default)]
    pub retries: Option<u32>,
    /// Most redirects.
    #[serde(default)]
    pub max_redirects: Option<u32>,
    /// Most bytes of one answer, decoded, as `8MiB`.
    #[serde(default)]
    pub max_size: Option<String>,
    /// Pages a browser shows at a time.
    #[serde(default)]
    pub tabs: Option<u32>,
    /// What a browser waits after load before anything is called missing, as `5s`.
    #[serde(default)]
    pub browser_wait: Option<String>,
    /// How long a page must be quiet in a browser, as `400ms`.
    #[serde(default)]
    pub browser_quiet: Option<String>,
    /// The browser's time for one site, as `60s`.
    #[serde(default)]
    pub browser_timeout: Option<String>,
}

/// A configuration that was read, its paths resolved from the file's folder.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file's values; paths in it are as the working folder sees them.
    pub file: ConfigFile,
    /// The file.
    pub path: PathBuf,
    /// Its text and places.
    pub document: Document,
}

/// Looks for `rasoat.yml` from a folder upward, no further than the folder that holds `.git`.
#[must_use]
pub fn discover(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let file = folder.join(NAME);
        // A link that leads nowhere is found too, and told when it is read: without it other settings would hold.
        if file.is_file() || (file.is_symlink() && !file.exists()) {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Loads a configuration.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub fn load(path: &Path) -> Result<Config, Problems> {
    let name = yaml::display(path);
    let bytes = yaml::read(path, &name, yaml::MOST)?;
    let (mut file, document) = yaml::parse::<ConfigFile>(&name, &bytes, yaml::MOST)?;
    let mut problems = Problems::default();
    version(&file.api_version, &document, &mut problems);
    for fault in check(&file) {
        problems.push(document.at(fault.path).problem(fault.code, fault.text).help(fault.help));
    }
    place(&mut file, path.parent().unwrap_or(Path::new("")));
    problems.or(Config { file, path: path.to_owned(), document })
}

/// A policy reference is a path when it has a folder or an ending.
fn is_path(reference: &str) -> bool {
    reference.contains(['/', '\\']) || reference.ends_with(".yml") || reference.ends_with(".yaml")
}

/// Makes every path one that the working folder can open.
fn place(file: &mut ConfigFile, folder: &Path) {
    let seen = |path: &str| folder.join(path).to_string_lossy().into_owned();
    for policy in file.policies.iter_mut().filter(|p| is_path(p) && !p.starts_with("builtin:")) {
        *policy = seen(policy);
    }
    for report in &mut file.reports {
        // `-` is standard output everywhere.
        if let Some((format, path)) = report.split_once('=').filter(|(_, path)| *path != "-") {
            *report = format!("{format}={}", seen(path));
        }
    }
    for mapping in &mut file.resolve {
        if let Some(path) = mapping.strip_prefix('@') {
            *mapping = format!("@{}", seen(path));
        }
    }
    for report in &mut file.lighthouse {
        *report = seen(report);
    }
    // A bare name is looked up as a shell does.
    if let Some(program) = file.browser_path.as_mut().filter(|p| is_path(p)) {
        *program = seen(program);
    }
    let paths = [
        &mut file.sites,
        &mut file.history,
        &mut file.screenshots,
        &mut file.axe,
        &mut file.cacert,
        &mut file.waivers,
        &mut file.attestations,
        &mut file.baseline,
        &mut file.letter_template,
    ];
    for path in paths.into_iter().flatten() {
        *path = seen(path);
    }
}

/// A value that says what cannot be, by the path of its key: told where the file has it, or by its variable.
struct Fault {
    path: String,
    code: &'static str,
    text: Text,
    help: Option<Text>,
}

impl Fault {
    fn new(path: impl Into<String>, code: &'static str, text: Text) -> Self {
        Self { path: path.into(), code, text, help: None }
    }
}

fn check(file: &ConfigFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (n, report) in file.reports.iter().enumerate() {
        let (format, path) = report.split_once('=').map_or((report.as_str(), None), |(f, p)| (f, Some(p)));
        let here = format!("reports[{n}]");
        if !FORMATS.contains(&format) {
            let name = quoted(format);
            let text = Text::new(format!("không có định dạng {name}"), format!("there is no format {name}"));
            let help = suggestion(format, FORMATS);
            faults.push(Fault { help, ..Fault::new(&here, "unknown-format", text) });
        }
        if path.is_some_and(str::is_empty) {
            let text = Text::new("thiếu đường dẫn sau `=`", "the path after `=` is missing");
            faults.push(Fault::new(here, "empty", text));
        }
    }
    for (n, pages) in file.pages.iter().enumerate() {
        if let Pages::Glob(pattern) = pages
            && let Err(fault) = glob(pattern.trim_start_matches('!'))
        {
            faults.push(Fault::new(format!("pages[{n}]"), "bad-pattern", fault.text()));
        }
    }
    for key in KEYS {
        let Some(value) = file.value(key) else { continue };
        let wrong = match key.kind {
            Kind::Duration if value.as_str().is_some_and(|text| duration(text).is_none()) => Some(Text::new(
                "cần thời gian có đơn vị, như `30s` hoặc `5m`",
                "expected a duration with a unit, as `30s` or `5m`",
            )),
            Kind::Size if value.as_str().is_some_and(|text| size(text).is_none()) => {
                Some(Text::new("cần dung lượng có đơn vị, như `8MiB`", "expected a size with a unit, as `8MiB`"))
            }
            _ => None,
        };
        faults.extend(wrong.map(|text| Fault::new(key.path, "wrong-type", text)));
        let Kind::Count { least, most } = key.kind else { continue };
        let path = key.path;
        match value.as_u64() {
            Some(n) if n < u64::from(least) => {
                let text = Text::new(format!("`{path}` phải lớn hơn 0"), format!("`{path}` must be greater than 0"));
                faults.push(Fault::new(path, "out-of-range", text));
            }
            Some(n) if n > u64::from(most) => {
                let text = Text::new(format!("`{path}` nhiều nhất là {most}"), format!("`{path}` is at most {most}"));
                faults.push(Fault::new(path, "out-of-range", text));
            }
            _ => {}
        }
    }
    faults
}

/// Reads a duration with a unit: `500ms`, `30s`, `5m`, `2h`.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = number(text)?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(milliseconds).map(Duration::from_millis)
}

/// Reads a size with a unit in bytes: `512KiB`, `8MiB`, `1GiB`, `8MB`.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let (number, unit) = number(text)?;
    let bytes = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "KB" | "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    number.checked_mul(bytes)
}

/// A duration as [`duration`] reads it, in the largest unit that tells it whole.
#[must_use]
pub fn duration_text(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    let units: &[_] =
        if milliseconds == 0 { &[(1_000, "s")] } else { &[(3_600_000, "h"), (60_000, "m"), (1_000, "s")] };
    let whole = units.iter().find(|(unit, _)| milliseconds.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{milliseconds}ms"), |(unit, name)| format!("{}{name}", milliseconds / unit))
}

/// A size as [`size`] reads it, in the largest unit that tells it whole.
#[must_use]
pub fn size_text(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let whole = units.iter().find(|(shift, _)| bytes > 0 && bytes.trailing_zeros() >= *shift);
    whole.map_or_else(|| format!("{bytes}B"), |(shift, name)| format!("{}{name}", bytes >> shift))
}

fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    Some((text[..end].parse().ok()?, text[end..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_need_units() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("2 h"), Some(Duration::from_secs(7200)));
        assert_eq!(size("8MiB"), Some(8 << 20));
        for bad in ["", "30", "s", "-1s", "1.5s", "30 giây", "99999999999999999999s", "18446744073709551615h"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
        assert!(size("8").is_none() && size("8XB").is_none());
        for text in ["0s", "500ms", "30s", "90s", "2h"] {
            assert_eq!(duration_text(duration(text).unwrap()), text);
        }
        for text in ["0B", "1000B", "8MiB", "3GiB"] {
            assert_eq!(size_text(size(text).unwrap()), text);
        }
    }
}
