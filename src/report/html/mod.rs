//! The report as one HTML file that people open, search, print and send on: style and script inside, no network, and
//! a policy that lets nothing else run. Vietnamese first, English at a switch. What a page or a file said is only ever
//! text here; the script gets it as data and makes no markup of it.

mod data;
mod joined;
mod links;
mod overview;
mod pictures;
mod said;
mod scores;
mod texts;
mod time;
mod visited;

use askama::Template;
use base64::Engine;
use sha2::{Digest, Sha256};

use super::{Beside, Report, plain};
use joined::{Ranks, Unit};
use links::Links;
use overview::{Cause, Failing, Remark, RuleRow, Tile};
use pictures::Pictures;
use said::Said;
use scores::{Scores, Unkept};
use time::{Changed, Line};

const STYLE: &str =
    concat!(include_str!("../../../templates/report/page.css"), include_str!("../../../templates/report/print.css"));
const SCRIPT: &str = concat!(
    include_str!("../../../templates/report/page.js"),
    include_str!("../../../templates/report/sites.js"),
    include_str!("../../../templates/report/start.js")
);

/// A policy that was applied.
#[derive(Debug)]
struct Policy {
    id: String,
    version: String,
    digest: String,
    title: Said,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "report/page.html")]
struct Page {
    /// Which style and script may run: those of this file, by their hashes.
    csp: String,
    style: &'static str,
    script: &'static str,
    data: String,
    tool: String,
    run_id: String,
    taken_at: Said,
    day: Said,
    shard: Option<Said>,
    policies: Vec<Policy>,
    class: &'static str,
    sign: &'static str,
    outcome: Said,
    sentence: Said,
    unmeasured: Vec<Said>,
    unkept: Vec<Unkept>,
    unkept_left: Option<Said>,
    /// Not all was kept, and still the run ended well.
    despite: bool,
    known: Option<Said>,
    known_hidden: bool,
    /// Passes that nobody measured.
    stated: Option<Said>,
    tiles: Vec<Tile>,
    sites: Said,
    remarks: Vec<Remark>,
    rules: Vec<RuleRow>,
    causes: Vec<Cause>,
    scores: Vec<Scores>,
    line: Option<Line>,
    changed: Option<Changed>,
    ranks: Option<Ranks>,
    units: Vec<Unit>,
    failing: Vec<Failing>,
    has_tree: bool,
    pictures_left: Option<Said>,
}

impl Page {
    /// Words of the page itself.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    fn w(&self, vi: &str, en: &str) -> Said {
        Said::new(vi, en)
    }
}

/// The report as one HTML file.
///
/// # Errors
/// The writer's own words when the data cannot be written, which its types rule out.
pub fn to_html(report: &Report, beside: &Beside) -> Result<String, String> {
    let pictures = Pictures::of_report(report, beside);
    let links = Links::of_report(report);
    let data = data::data(report, &links, &pictures).map_err(|e| e.to_string())?;
    let (class, sign) = overview::run_sign(report.outcome);
    let (unkept, unkept_left) = scores::unkept(report);
    let known = report.findings.iter().filter(|f| f.verdict == crate::finding::Verdict::Fail && f.known).count();
    let page = Page {
        csp: format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
            hash(STYLE),
            hash(SCRIPT)
        ),
        style: STYLE,
        script: SCRIPT,
        data,
        tool: format!("{} {}", plain::line_of(&report.tool.name, 60), plain::line_of(&report.tool.version, 60)),
        run_id: plain::line_of(&report.run_id, 100),
        taken_at: Said::instant(&report.taken_at),
        day: Said::day(&report.taken_at),
        shard: report
            .shard
            .map(|s| Said::new(format!("phần {}/{}", s.index, s.of), format!("shard {}/{}", s.index, s.of))),
        policies: report
            .policies
            .iter()
            .map(|policy| Policy {
                id: plain::line_of(&policy.id, 100),
                version: plain::line_of(&policy.version, 60),
                digest: plain::line_of(&policy.digest, 100),
                title: Said::line(&policy.title),
            })
            .collect(),
        class,
        sign,
        outcome: Said::both(|lang| plain::outcome(report.outcome, lang)),
        sentence: overview::sentence(report),
        unmeasured: overview::unmeasured(report),
        unkept,
        unkept_left,
        despite: plain::despite(report),
        known: (known > 0).then(|| Said::count(known as u64)),
        known_hidden: plain::not_listed(report) > 0,
        stated: overview::stated(report.findings.iter()),
        tiles: overview::tiles(report.summary),
        sites: Said::count(report.sites.len() as u64),
        remarks: overview::remarks(report),
        rules: overview::rules(report),
        causes: overview::causes(report),
        scores: scores::scores(report),
        line: beside.trend.as_ref().and_then(time::line),
        changed: beside.changes.as_ref().map(|changes| time::changed(report, changes)),
        ranks: beside.ranking.as_ref().map(|ranking| joined::ranks(report, ranking)),
        units: joined::units(report),
        failing: overview::failing(report),
        has_tree: (0..report.sites.len()).any(|n| links.of(n).is_some()),
        pictures_left: (pictures.left_out() > 0).then(|| Said::count(pictures.left_out() as u64)),
    };
    let mut text = page.render().map_err(|e| e.to_string())?;
    text.push('\n');
    Ok(text)
}

/// As a content security policy names a text.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)))
}

/// The address of a site's place on the page: everything but plain letters and digits is written as escapes, so that
/// an id cannot be read as anything else.
fn href(site: &str) -> String {
    let mut out = String::from("#site-");
    for byte in plain::line_of(site, 300).bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
