//! `load_time`: how long the home page takes on a phone, run by run, against strict upper limits. One run proves
//! nothing, and runs on both sides of a limit prove nothing either. Never measures.

use std::fmt::Write as _;

use super::{Decided, Grounds, Judged, Subject, Unseen};
use crate::check::BrowserUse;
use crate::finding::{Basis, Evidence, Place, safe};
use crate::policy::{LoadTimeCheck, Setting, Text};
use crate::snapshot::{Gap, LighthouseGap, LoadRun, PageLoad};

/// Fewest runs that decide.
const ENOUGH: usize = 2;
/// Longest version in an entry of evidence, in characters.
const SHOWN_VERSION: usize = 60;

pub(super) fn judge(check: &LoadTimeCheck, subject: &Subject<'_>) -> Judged {
    let page = subject.page?;
    let load = measured(subject)?;
    let figures = figures(check, load)?;
    let mut grounds = Grounds {
        evidence: evidence(&figures, load),
        places: vec![Place::whole(&page.source.origin)],
        expected: Some(expected(&figures)),
        actual: Some(actual(&figures)),
        basis: Some(Basis::Browser),
        ..Grounds::default()
    };
    let over: Vec<&Figure> = figures.iter().filter(|f| f.standing() == Standing::Over).collect();
    if let Some(first) = over.first() {
        grounds.code = Some(first.limit.code);
        grounds.reason = too_slow(&over);
        return Ok(Decided { opinion: super::Opinion::Fail, grounds });
    }
    // What a user can do something about first.
    let order = [Standing::OneRun, Standing::Crosses, Standing::Missing, Standing::NotMeasured];
    let open = order.iter().find_map(|s| figures.iter().find(|f| f.standing() == *s));
    if let Some(first) = open {
        grounds.code = Some(first.open_code());
        grounds.reason = undecided(&figures);
        return Err(Unseen { gap: Gap::NoData, grounds: Box::new(grounds) });
    }
    let told = |name: fn(&Limit) -> &str| {
        let one = |f: &Figure| format!("{} {} < {} ms", name(f.limit), spread(&f.values), f.most);
        figures.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    grounds.reason = Text::new(
        format!("Trang chủ tải trên điện thoại đều dưới giới hạn: {}.", told(|l| l.vi)),
        format!("On a phone the home page stays under every limit: {}.", told(|l| l.en)),
    );
    Ok(Decided { opinion: super::Opinion::Pass, grounds })
}

fn measured<'a>(subject: &Subject<'a>) -> Result<&'a PageLoad, Unseen> {
    match subject.browser {
        BrowserUse::Visited(facts) => match &facts.load {
            Some(Ok(load)) => Ok(load),
            Some(Err(gap)) => Err((*gap).into()),
            None => Err(Gap::NoData.into()),
        },
        BrowserUse::NotRequested | BrowserUse::Missing => Err(subject.browser_only().into()),
    }
}

/// What is limited: its names, and the codes of what may become of it.
struct Limit {
    vi: &'static str,
    en: &'static str,
    evidence: &'static str,
    code: &'static str,
    /// Told by another tool than the browser itself.
    imported: bool,
}

const FCP: Limit = Limit { vi: "FCP", en: "FCP", evidence: "fcp-ms", code: "slow-first-paint", imported: false };
const LCP: Limit = Limit { vi: "LCP", en: "LCP", evidence: "lcp-ms", code: "slow-largest-paint", imported: false };
const SPEED_INDEX: Limit = Limit {
    vi: "Speed Index",
    en: "Speed Index",
    evidence: "speed-index-ms",
    code: "slow-speed-index",
    imported: true,
};
const LONGEST_TASK: Limit = Limit {
    vi: "tác vụ dài nhất",
    en: "longest task",
    evidence: "longest-task-ms",
    code: "long-task",
    imported: false,
};

/// One limit and what the runs gave for it, sorted.
struct Figure {
    limit: &'static Limit,
    most: u32,
    values: Vec<f64>,
    /// Runs that did not give it.
    missing: usize,
    /// Why another tool gave none.
    gap: Option<LighthouseGap>,
}

/// Where the runs lie, seen from the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Under,
    Over,
    Crosses,
    OneRun,
    Missing,
    NotMeasured,
}

/// The limits of a check, each with its figures; policies are valid by construction, so only one that was not
/// resolved lacks a value.
fn figures(check: &LoadTimeCheck, load: &PageLoad) -> Result<Vec<Figure>, Gap> {
    type Reading = fn(&LoadRun) -> Option<f64>;
    let wanted: [(&Option<Setting<u32>>, &'static Limit, Reading); 4] = [
        (&check.fcp_ms, &FCP, |run| run.fcp_ms),
        (&check.lcp_ms, &LCP, |run| run.lcp_ms),
        (&check.speed_index_ms, &SPEED_INDEX, |_| None),
        (&check.longest_task_ms, &LONGEST_TASK, |run| run.longest_task_ms),
    ];
    let mut figures = Vec::new();
    for (setting, limit, reading) in wanted {
        let Some(setting) = setting else { continue };
        let most = *setting.value().ok_or(Gap::NoData)?;
        let told: Vec<Option<f64>> = if limit.imported {
            load.speed_index_ms.iter().copied().map(Some).collect()
        } else {
            load.runs.iter().map(reading).collect()
        };
        let values = sorted(told.iter().copied());
        let gap = load.lighthouse_gap.filter(|_| limit.imported);
        figures.push(Figure { limit, most, missing: told.len() - values.len(), values, gap });
    }
    Ok(figures)
}

/// What can be a measured figure, smallest first.
fn sorted(told: impl Iterator<Item = Option<f64>>) -> Vec<f64> {
    let mut values: Vec<f64> = told.flatten().filter(|v| v.is_finite() && *v >= 0.0).collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len() % 2 == 1 { upper } else { f64::midpoint(sorted[middle - 1], upper) })
}

impl Figure {
    fn standing(&self) -> Standing {
        let most = f64::from(self.most);
        // The limit itself is over it: “under” is strict.
        let over = self.values.iter().filter(|v| **v >= most).count();
        match (self.values.len(), self.missing) {
            (0, 0) => Standing::NotMeasured,
            (_, 1..) => Standing::Missing,
            (n, 0) if n < ENOUGH => Standing::OneRun,
            (_, 0) if over == 0 => Standing::Under,
            (n, 0) if over == n => Standing::Over,
            (_, 0) => Standing::Crosses,
        }
    }

    fn open_code(&self) -> &'static str {
        match self.standing() {
            Standing::OneRun => "one-run",
            Standing::Crosses => "spread-crosses-limit",
            Standing::NotMeasured if self.limit.imported => "no-speed-index",
            Standing::NotMeasured => "not-measured",
            Standing::Missing | Standing::Under | Standing::Over => "figure-missing",
        }
    }

    /// Why it decides nothing, in one clause; `None` when it is under its limit.
    fn open_reason(&self) -> Option<Text> {
        let Limit { vi, en, .. } = self.limit;
        let (most, runs) = (self.most, self.values.len() + self.missing);
        let spread = spread(&self.values);
        Some(match self.standing() {
            Standing::Under | Standing::Over => return None,
            Standing::OneRun => Text::new(
                format!("{vi} {spread} chỉ đo một lần (giới hạn {most} ms)"),
                format!("{en} {spread} was measured only once (limit {most} ms)"),
            ),
            Standing::Crosses => Text::new(
                format!("{vi} {spread} nằm hai bên giới hạn {most} ms"),
                format!("{en} {spread} lies on both sides of the limit of {most} ms"),
            ),
            Standing::Missing => Text::new(
                format!("{vi} không đo được ở {} trên {runs} lần", self.missing),
                format!("{en} is missing in {} of {runs} runs", self.missing),
            ),
            Standing::NotMeasured if self.limit.imported => {
                let why = without_lighthouse(self.gap);
                Text::new(format!("{vi} chưa có: {}", why.vi), format!("{en} is not known: {}", why.en))
            }
            Standing::NotMeasured => Text::new(format!("{vi} chưa được đo"), format!("{en} was not measured")),
        })
    }

    fn told_vi(&self) -> String {
        format!("{} {}, cần dưới {} ms", self.limit.vi, spread(&self.values), self.most)
    }

    fn told_en(&self) -> String {
        format!("{} {}, must be under {} ms", self.limit.en, spread(&self.values), self.most)
    }
}

/// Why there is no figure of Lighthouse, and what to do.
fn without_lighthouse(gap: Option<LighthouseGap>) -> Text {
    match gap {
        None => Text::new(
            "chỉ Lighthouse đo được (dùng --lighthouse TỆP hoặc --run-lighthouse N)",
            "only Lighthouse measures it (use --lighthouse FILE or --run-lighthouse N)",
        ),
        Some(LighthouseGap::NotInstalled) => Text::new(
            "không tìm thấy Lighthouse (cài bằng `npm install lighthouse`)",
            "Lighthouse was not found (install it with `npm install lighthouse`)",
        ),
        Some(LighthouseGap::Late) => {
            Text::new("Lighthouse không đo xong trong thời hạn", "Lighthouse did not end in time")
        }
        Some(LighthouseGap::Failed) => Text::new(
            "Lighthouse không đo được trang này; hãy tự chạy để xem lỗi, rồi nhập báo cáo bằng --lighthouse TỆP",
            "Lighthouse could not measure this page; run it by hand to see why, then import its report with --lighthouse FILE",
        ),
    }
}

/// Median and spread of sorted figures, as `2410 ms (2300–2600)`.
fn spread(values: &[f64]) -> String {
    let (Some(median), Some(least), Some(most)) = (median(values), values.first(), values.last()) else {
        return "—".to_owned();
    };
    if values.len() == 1 { format!("{median:.0} ms") } else { format!("{median:.0} ms ({least:.0}–{most:.0})") }
}

fn too_slow(over: &[&Figure]) -> Text {
    let each = |told: fn(&Figure) -> String| over.iter().map(|f| told(f)).collect::<Vec<_>>().join("; ");
    Text::new(
        format!("Trang chủ tải chậm trên điện thoại: {}.", each(Figure::told_vi)),
        format!("The home page is slow on a phone: {}.", each(Figure::told_en)),
    )
}

fn undecided(figures: &[Figure]) -> Text {
    let open: Vec<Text> = figures.iter().filter_map(Figure::open_reason).collect();
    let join = |pick: fn(&Text) -> &str| open.iter().map(pick).collect::<Vec<_>>().join("; ");
    Text::new(
        format!("Chưa đủ số đo để kết luận: {}.", join(|t| &t.vi)),
        format!("The figures do not decide it: {}.", join(|t| &t.en)),
    )
}

fn expected(figures: &[Figure]) -> String {
    figures.iter().map(|f| format!("{} < {} ms", f.limit.en, f.most)).collect::<Vec<_>>().join(", ")
}

fn actual(figures: &[Figure]) -> String {
    figures.iter().map(|f| format!("{} {}", f.limit.en, spread(&f.values))).collect::<Vec<_>>().join(", ")
}

fn evidence(figures: &[Figure], load: &PageLoad) -> Vec<Evidence> {
    let measure = |name: &str, value: String| Evidence::Measure { name: name.to_owned(), value };
    let mut all = vec![measure("runs", load.runs.len().to_string())];
    all.extend(figures.iter().filter(|f| !f.values.is_empty()).map(|f| measure(f.limit.evidence, spread(&f.values))));
    let blocking = sorted(load.runs.iter().map(|run| run.tbt_ms));
    if !blocking.is_empty() {
        all.push(measure("tbt-ms", spread(&blocking)));
    }
    let shifts = sorted(load.runs.iter().map(|run| run.cls));
    if let (Some(median), Some(least), Some(most)) = (median(&shifts), shifts.first(), shifts.last()) {
        let mut value = format!("{median:.3}");
        if shifts.len() > 1 {
            // Writing to a String cannot fail.
            let _ = write!(value, " ({least:.3}–{most:.3})");
        }
        all.push(measure("cls", value));
    }
    let profile = &load.profile;
    all.extend([
        measure("screen", format!("{}×{} ×{}", profile.width, profile.height, profile.scale)),
        measure("cpu-slowdown", profile.cpu_slowdown.to_string()),
        measure("latency-ms", profile.latency_ms.to_string()),
        measure("download-kbps", profile.download_kbps.to_string()),
        measure("upload-kbps", profile.upload_kbps.to_string()),
    ]);
    if let Some(version) = &load.lighthouse {
        all.push(measure("lighthouse", safe(version, SHOWN_VERSION)));
        all.push(measure("lighthouse-runs", load.speed_index_ms.len().to_string()));
    }
    all
}
