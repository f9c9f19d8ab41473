//! `rasoat.yml`: what the flags of `check` can say, kept beside the project. Found upward from the
//! working folder to the repository's root. Only read and validated here; `cli` lays flags over it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::{Pages, Text, glob, version};
use crate::yaml::{self, Document, Problems, quoted, suggestion};

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
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
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
    /// From which severity on a failure fails the run.
    #[serde(default)]
    pub fail_on: Option<crate::report::FailOn>,
    /// Every inconclusive finding counts.
    #[serde(default)]
    pub strict: Option<bool>,
    /// The language of messages.
    #[serde(default)]
    pub lang: Option<crate::lang::Lang>,
    /// Whether a browser is used.
    #[serde(default)]
    pub browser: Option<BrowserUse>,
    /// What answers the tracker's library in the browser.
    #[serde(default)]
    pub emc: Option<EmcSource>,
    /// Folder that pictures are written into.
    #[serde(default)]
    pub screenshots: Option<String>,
    /// Which pages are read: `home`, `all` or a glob.
    #[serde(default)]
    pub pages: Option<Pages>,
    /// Most pages of a site.
    #[serde(default)]
    pub max_pages: Option<u32>,
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
    /// How the tool names itself.
    #[serde(default)]
    pub user_agent: Option<String>,
}

/// Whether a browser is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EmcSource {
    /// The policy's stand-in.
    StandIn,
    /// The library itself.
    Live,
}

/// Limits of a run. Durations and sizes take units.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
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
        if file.is_file() {
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
    check(&file, &document, &mut problems);
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
        if let Some((format, path)) = report.split_once('=') {
            *report = format!("{format}={}", seen(path));
        }
    }
    let paths = [&mut file.sites, &mut file.screenshots, &mut file.waivers, &mut file.attestations, &mut file.baseline];
    for path in paths.into_iter().flatten() {
        *path = seen(path);
    }
}

fn check(file: &ConfigFile, document: &Document, problems: &mut Problems) {
    let at = |key: &str| document.at(key);
    for (n, report) in file.reports.iter().enumerate() {
        let (format, path) = report.split_once('=').map_or((report.as_str(), None), |(f, p)| (f, Some(p)));
        let here = at("reports").item(n);
        if !FORMATS.contains(&format) {
            let name = quoted(format);
            let text = Text::new(format!("không có định dạng {name}"), format!("there is no format {name}"));
            problems.push(here.problem("unknown-format", text).help(suggestion(format, FORMATS)));
        }
        if path.is_some_and(str::is_empty) {
            let text = Text::new("thiếu đường dẫn sau `=`", "the path after `=` is missing");
            problems.push(here.problem("empty", text));
        }
    }
    if let Some(Pages::Glob(pattern)) = &file.pages
        && let Err(fault) = glob(pattern)
    {
        problems.push(fault.problem(&at("pages")));
    }
    let limits = &file.limits;
    let durations = [
        ("delay", &limits.delay),
        ("timeout", &limits.timeout),
        ("deadline", &limits.deadline),
        ("browser_wait", &limits.browser_wait),
        ("browser_quiet", &limits.browser_quiet),
        ("browser_timeout", &limits.browser_timeout),
    ];
    for (key, text) in durations {
        if text.as_deref().is_some_and(|text| duration(text).is_none()) {
            let text = Text::new(
                "cần thời gian có đơn vị, như `30s` hoặc `5m`",
                "expected a duration with a unit, as `30s` or `5m`",
            );
            problems.push(at("limits").key(key).problem("wrong-type", text));
        }
    }
    if limits.max_size.as_deref().is_some_and(|text| size(text).is_none()) {
        let text = Text::new("cần dung lượng có đơn vị, như `8MiB`", "expected a size with a unit, as `8MiB`");
        problems.push(at("limits.max_size").problem("wrong-type", text));
    }
    let counts = [
        ("limits.jobs", limits.jobs),
        ("limits.per_host", limits.per_host),
        ("limits.tabs", limits.tabs),
        ("max_pages", file.max_pages),
    ];
    for (key, n) in counts {
        if n == Some(0) {
            let text = Text::new(format!("`{key}` phải lớn hơn 0"), format!("`{key}` must be greater than 0"));
            problems.push(at(key).problem("out-of-range", text));
        }
    }
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
    }
}
