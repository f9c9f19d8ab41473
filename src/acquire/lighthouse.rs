//! Reports of Lighthouse become figures of a site's home page: imported files, and runs of the tool where it is
//! installed. A report of another page, of a desktop or of a load that failed is refused: its figure would be taken
//! for the site's own. Never judges.

mod run;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

use crate::error::Error;
use crate::policy::Text;
use crate::site::{HostMatch, Site, same_site, shown};
use crate::snapshot::{LighthouseGap, PageLoad};

pub use run::{LighthouseRun, TIME_LIMIT, WayOut, blocked_patterns, find, run};

/// Largest report that is read, in bytes; the largest real ones have a tenth of it.
pub const LARGEST: u64 = 64 << 20;
/// Longest version that is kept, in characters.
const LONGEST_VERSION: usize = 30;
/// Longest reason of a tool that is repeated, in characters.
const LONGEST_REASON: usize = 200;

/// What one load of a page gave, as Lighthouse told it.
#[derive(Debug, Clone, PartialEq)]
pub struct LighthouseReport {
    /// The address it was asked for.
    pub requested: Url,
    /// The address it ended at.
    pub ended: Url,
    /// When, as the report writes it.
    pub fetched: Option<String>,
    /// Its version.
    pub version: String,
    /// How it slowed the line and the processor down: `devtools` or `simulate`.
    pub throttling: String,
    /// Speed index, in milliseconds.
    pub speed_index_ms: f64,
    /// First contentful paint.
    pub fcp_ms: Option<f64>,
    /// Largest contentful paint.
    pub lcp_ms: Option<f64>,
    /// Total blocking time.
    pub tbt_ms: Option<f64>,
    /// Cumulative layout shift.
    pub cls: Option<f64>,
}

/// Why a report is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is no report of Lighthouse.
    NotAReport(String),
    /// The load failed, in the tool's words.
    Failed(String),
    /// Not a phone: the form factor it names.
    NotAPhone(String),
    /// The line was not slowed down.
    NotThrottled(String),
    /// It holds no speed index.
    NoSpeedIndex,
}

impl Refusal {
    /// What is wrong and what to do about it.
    #[must_use]
    pub fn text(&self) -> Text {
        let again = "lighthouse URL --form-factor=mobile --throttling-method=devtools --output=json";
        match self {
            Self::NotAReport(why) => Text::new(
                format!("không phải báo cáo JSON của Lighthouse ({why}); tạo bằng: {again}"),
                format!("not a JSON report of Lighthouse ({why}); make one with: {again}"),
            ),
            Self::Failed(why) => Text::new(
                format!("Lighthouse không tải được trang ({why}); chạy lại rồi nhập báo cáo mới"),
                format!("Lighthouse could not load the page ({why}); run it again and import the new report"),
            ),
            Self::NotAPhone(factor) => Text::new(
                format!("báo cáo đo trên “{factor}”, cần đo trên điện thoại: {again}"),
                format!("the report is of “{factor}”, a phone is wanted: {again}"),
            ),
            Self::NotThrottled(method) => Text::new(
                format!("báo cáo đo khi không làm chậm đường truyền (“{method}”): {again}"),
                format!("the report was made without slowing the line down (“{method}”): {again}"),
            ),
            Self::NoSpeedIndex => Text::new(
                format!("báo cáo không có Speed Index; đo cả nhóm performance: {again} --only-categories=performance"),
                format!("the report holds no Speed Index; include performance: {again} --only-categories=performance"),
            ),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    lighthouse_version: String,
    requested_url: Option<String>,
    final_url: Option<String>,
    final_displayed_url: Option<String>,
    fetch_time: Option<String>,
    runtime_error: Option<RuntimeError>,
    config_settings: Settings,
    #[serde(default)]
    audits: Audits,
}

#[derive(Deserialize)]
struct RuntimeError {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    form_factor: Option<String>,
    /// What versions before 7 called it.
    emulated_form_factor: Option<String>,
    throttling_method: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
struct Audits {
    speed_index: Option<Audit>,
    first_contentful_paint: Option<Audit>,
    largest_contentful_paint: Option<Audit>,
    total_blocking_time: Option<Audit>,
    cumulative_layout_shift: Option<Audit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Audit {
    numeric_value: Option<f64>,
}

fn figure(audit: Option<Audit>) -> Option<f64> {
    audit?.numeric_value.filter(|v| v.is_finite() && *v >= 0.0)
}

/// Text of a report, fit for a sentence.
fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// Reads one report.
///
/// # Errors
/// Why it is not taken.
pub fn parse(bytes: &[u8]) -> Result<LighthouseReport, Refusal> {
    let not = |why: String| Refusal::NotAReport(plain(&why, LONGEST_REASON));
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let written: Written = serde_json::from_slice(bytes).map_err(|e| not(e.to_string()))?;
    if let Some(error) = written.runtime_error.filter(|e| e.code != "NO_ERROR") {
        return Err(Refusal::Failed(plain(&format!("{} {}", error.code, error.message), LONGEST_REASON)));
    }
    let address = |text: Option<String>| text.and_then(|t| Url::parse(&t).ok()).filter(Url::has_host);
    let ended = address(written.final_displayed_url).or_else(|| address(written.final_url));
    let requested = address(written.requested_url).or_else(|| ended.clone());
    let requested = requested.ok_or_else(|| not("requestedUrl".to_owned()))?;
    let ended = ended.unwrap_or_else(|| requested.clone());
    let settings = written.config_settings;
    let factor = settings.form_factor.or(settings.emulated_form_factor).unwrap_or_default();
    if factor != "mobile" {
        return Err(Refusal::NotAPhone(plain(&factor, LONGEST_VERSION)));
    }
    let throttling = plain(&settings.throttling_method.unwrap_or_default(), LONGEST_VERSION);
    if !matches!(throttling.as_str(), "devtools" | "simulate") {
        return Err(Refusal::NotThrottled(throttling));
    }
    Ok(LighthouseReport {
        requested,
        ended,
        fetched: written.fetch_time,
        version: plain(&written.lighthouse_version, LONGEST_VERSION),
        throttling,
        speed_index_ms: figure(written.audits.speed_index).ok_or(Refusal::NoSpeedIndex)?,
        fcp_ms: figure(written.audits.first_contentful_paint),
        lcp_ms: figure(written.audits.largest_contentful_paint),
        tbt_ms: figure(written.audits.total_blocking_time),
        cls: figure(written.audits.cumulative_layout_shift),
    })
}

/// Reads report files and gives each to the site it is of, by the site's id.
///
/// # Errors
/// A file that cannot be read, is no report that can be taken, or is of a page that is no site's home page.
pub fn import(files: &[PathBuf], sites: &[Site]) -> Result<BTreeMap<String, Vec<LighthouseReport>>, Error> {
    let mut all: BTreeMap<String, Vec<LighthouseReport>> = BTreeMap::new();
    for file in files {
        let refused = |why: &Text| {
            let name = file.display();
            Error::usage(Text::new(
                format!("--lighthouse {name}: {}.", why.vi),
                format!("--lighthouse {name}: {}.", why.en),
            ))
        };
        let bytes = bytes(file).map_err(|why| refused(&why))?;
        let report = parse(&bytes).map_err(|refusal| refused(&refusal.text()))?;
        let site = site_of(&report, sites).map_err(|why| refused(&why))?;
        let reports = all.entry(site.id.clone()).or_default();
        // The same load twice would look like two that agree.
        if report.fetched.is_some() && reports.iter().any(|r| r.fetched == report.fetched) {
            return Err(refused(&Text::new(
                "báo cáo này đã được nhập; mỗi lần đo chỉ nhập một lần",
                "this report was imported already; import each run once",
            )));
        }
        reports.push(report);
    }
    Ok(all)
}

fn bytes(file: &Path) -> Result<Vec<u8>, Text> {
    let unreadable =
        |e: std::io::Error| Text::new(format!("không đọc được tệp ({e})"), format!("the file cannot be read ({e})"));
    let size = std::fs::metadata(file).map_err(unreadable)?.len();
    if size > LARGEST {
        let most = LARGEST >> 20;
        return Err(Text::new(format!("tệp lớn hơn {most} MiB"), format!("the file is larger than {most} MiB")));
    }
    std::fs::read(file).map_err(unreadable)
}

/// The site whose home page a report is of.
fn site_of<'a>(report: &LighthouseReport, sites: &'a [Site]) -> Result<&'a Site, Text> {
    let (asked, ended) = (shown(&report.requested), shown(&report.ended));
    let of = sites.iter().find(|site| is_home(&report.requested, site) || is_home(&report.ended, site));
    let Some(site) = of else {
        return Err(Text::new(
            format!(
                "báo cáo của {asked}, không phải trang chủ của trang nào đang rà soát; sửa `url` hoặc thêm vào `aliases`"
            ),
            format!(
                "the report is of {asked}, which is no home page of the sites checked; correct `url` or add it to `aliases`"
            ),
        ));
    };
    if !is_own(&report.ended, site) {
        return Err(Text::new(
            format!("báo cáo của {asked} kết thúc ở {ended}, là trang khác; đo lại hoặc thêm địa chỉ đó vào `aliases`"),
            format!(
                "the report of {asked} ended at {ended}, another site; measure again or add that address to `aliases`"
            ),
        ));
    }
    Ok(site)
}

fn is_own(url: &Url, site: &Site) -> bool {
    site.addresses().any(|own| same_site(url, own) == HostMatch::Same)
}

fn is_home(url: &Url, site: &Site) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    site.addresses()
        .any(|own| same_site(url, own) == HostMatch::Same && path(url) == path(own) && url.query() == own.query())
}

/// Lays the speed indexes of reports, and why there are none, over a measured load.
pub fn lay(load: &mut PageLoad, reports: &[LighthouseReport], gap: Option<LighthouseGap>) {
    load.speed_index_ms = reports.iter().map(|r| r.speed_index_ms).collect();
    let mut versions: Vec<String> = reports.iter().map(|r| format!("{} ({})", r.version, r.throttling)).collect();
    versions.dedup();
    load.lighthouse = (!versions.is_empty()).then(|| versions.join(", "));
    load.lighthouse_gap = gap.filter(|_| reports.is_empty());
}

#[cfg(test)]
mod tests;
