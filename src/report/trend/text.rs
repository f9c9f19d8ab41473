//! A trend for a terminal: a bar for each run and month, a line of small columns for each rule.

use unicode_width::UnicodeWidthStr;

use super::super::figures::{day, moment, percent};
use super::super::{Lang, Summary, plain};
use super::{Trend, TrendRun};
use crate::policy::Text;

/// Cells of a bar.
const BAR: u64 = 20;
/// Most runs that are told one by one; months tell of the rest.
const RUNS: usize = 24;
/// Most columns of a small line.
const COLUMNS: usize = 24;

/// The trend as text, with what is to be said of it.
#[must_use]
pub fn trend_to_text(trend: &Trend, notes: &[Text], lang: Lang) -> String {
    let mut out = String::new();
    let mut put = |line: &str| {
        out.push_str(line.trim_end());
        out.push('\n');
    };
    let l = lang;
    if trend.runs.is_empty() {
        put(l.of("Chưa có lần chạy nào để vẽ xu hướng.", "There is no run to draw a trend of."));
    }
    let months = trend.months();
    // Months that had one run each are the runs below.
    if months.len() > 1 && (months.len() < trend.runs.len() || trend.runs.len() > RUNS) {
        put(l.of("Theo tháng (lần chạy cuối của mỗi tháng)", "By month (the last run of each)"));
        table(&mut put, months.iter().map(|m| (month(&m.month, l), Some(m.runs), m.last)), l);
        put("");
    }
    let shown = trend.runs.get(trend.runs.len().saturating_sub(RUNS)..).unwrap_or_default();
    if !shown.is_empty() {
        let before = trend.runs.len() - shown.len();
        let title = l.of("Theo lần chạy", "By run");
        if before > 0 {
            let n = l.number(before as u64);
            put(&l
                .of(format!("{title} ({n} lần cũ hơn không liệt kê)"), format!("{title} ({n} older ones not listed)")));
        } else {
            put(title);
        }
        let days: Vec<String> = shown.iter().map(|run| day(&run.taken_at, l)).collect();
        let once = days.windows(2).all(|pair| pair.first() != pair.get(1));
        let label = |run: &TrendRun| if once { day(&run.taken_at, l) } else { moment(&run.taken_at, l) };
        table(&mut put, shown.iter().map(|run| (label(run), None, run)), l);
        put("");
        put(l.of("Theo tiêu chí", "By rule"));
        for line in rules(trend, l) {
            put(&line);
        }
    }
    if !notes.is_empty() {
        put("");
    }
    for note in notes {
        put(&format!("• {}", plain::line(l.pick(note))));
    }
    out
}

fn month(month: &str, lang: Lang) -> String {
    match month.split_once('-') {
        Some((year, month)) => lang.of(format!("{month}/{year}"), format!("{year}-{month}")),
        None => month.to_owned(),
    }
}

fn table<'a>(put: &mut impl FnMut(&str), rows: impl Iterator<Item = (String, Option<u64>, &'a TrendRun)>, l: Lang) {
    let mut lines: Vec<Vec<String>> = Vec::new();
    let with_runs = [l.of("số lần", "runs").to_owned()];
    let head = [
        l.of("tỷ lệ đạt", "pass rate"),
        l.of("không đạt", "failed"),
        l.of("chưa đo được", "not measured"),
        l.of("tạm chấp nhận", "waived"),
        l.of("trang", "sites"),
    ];
    for (label, runs, run) in rows {
        let s = run.summary;
        let mut cells = vec![label, bar(s)];
        cells.extend(runs.map(|n| l.number(n)));
        cells.push(percent(s.pass_rate(), l));
        cells.extend([s.fail, s.inconclusive, s.waived, run.sites].map(|n| l.number(n)));
        if lines.is_empty() {
            let mut first = vec![String::new(), String::new()];
            first.extend(with_runs.iter().filter(|_| runs.is_some()).cloned());
            first.extend(head.map(str::to_owned));
            lines.push(first);
        }
        lines.push(cells);
    }
    let columns = lines.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|n| lines.iter().filter_map(|line| line.get(n)).map(|c| c.width()).max().unwrap_or(0))
        .collect();
    for line in &lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(n, (cell, width))| {
            let room = " ".repeat(width - cell.width());
            if n < 2 { format!("{cell}{room}") } else { format!("{room}{cell}") }
        });
        put(&format!("  {}", cells.collect::<Vec<_>>().join("  ")));
    }
}

/// What was measured as a bar: passed filled, failed empty.
fn bar(s: Summary) -> String {
    let Some(rate) = s.pass_rate() else { return "·".repeat(BAR as usize) };
    // Rounded down: a full bar means all of it.
    let filled = (u64::from(rate) * BAR / 1000) as usize;
    format!("{}{}", "█".repeat(filled), "░".repeat(BAR as usize - filled))
}

/// One line a rule of the newest run: how it went, and from where to where.
fn rules(trend: &Trend, l: Lang) -> Vec<String> {
    let Some(newest) = trend.runs.last() else { return Vec::new() };
    let named = |rule: &str| plain::line_of(rule, 60);
    let widest = newest.rules.iter().map(|r| named(&r.rule).width()).max().unwrap_or(0);
    let of = |run: &TrendRun, policy: &str, rule: &str| {
        run.rules.iter().find(|r| r.policy == policy && r.rule == rule).map(|r| r.summary)
    };
    let line = |rule: &super::TrendRule| {
        let counts: Vec<Summary> = trend.runs.iter().filter_map(|run| of(run, &rule.policy, &rule.rule)).collect();
        let rates: Vec<Option<u16>> = counts.iter().map(|s| s.pass_rate()).collect();
        let name = named(&rule.rule);
        let room = " ".repeat(widest - name.width());
        let first = rates.iter().flatten().next().copied();
        let s = rule.summary;
        let mut parts = vec![format!("{} {}", l.number(s.fail), l.of("không đạt", "failed"))];
        if s.inconclusive > 0 {
            parts.push(format!("{} {}", l.number(s.inconclusive), l.of("chưa đo được", "not measured")));
        }
        if s.waived > 0 {
            parts.push(format!("{} {}", l.number(s.waived), l.of("tạm chấp nhận", "waived")));
        }
        let way = if rates.iter().flatten().count() > 1 {
            format!("{} → {}", percent(first, l), percent(s.pass_rate(), l))
        } else {
            percent(s.pass_rate(), l)
        };
        format!("  {name}{room}  {}  {way}  ({})", columns(&rates), parts.join(", "))
    };
    newest.rules.iter().map(line).collect()
}

/// Rates as small columns, the newest at the right; a dot where nothing was measured.
fn columns(rates: &[Option<u16>]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = rates.get(rates.len().saturating_sub(COLUMNS)..).unwrap_or_default();
    let column = |rate: &Option<u16>| match rate {
        None => '·',
        // Only all of it is the highest column.
        Some(rate) => HEIGHTS.get(usize::from(*rate) * 7 / 1000).copied().unwrap_or('█'),
    };
    shown.iter().map(column).collect()
}

/// The trend in one line, for beside a report; `None` when there is nothing to set side by side.
pub(in crate::report) fn line(trend: &Trend, lang: Lang) -> Option<String> {
    let (first, last) = (trend.runs.first()?, trend.runs.last()?);
    if trend.runs.len() < 2 {
        return None;
    }
    let rates: Vec<Option<u16>> = trend.runs.iter().map(|run| run.summary.pass_rate()).collect();
    let n = lang.number(rates.len() as u64);
    let (from, to) = (percent(first.summary.pass_rate(), lang), percent(last.summary.pass_rate(), lang));
    let since = day(&first.taken_at, lang);
    let columns = columns(&rates);
    Some(lang.of(
        format!("Tỷ lệ đạt qua {n} lần, từ {since}: {columns} {from} → {to}"),
        format!("Pass rate over {n} runs since {since}: {columns} {from} → {to}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_bar_means_all_of_it() {
        let of = |pass, fail| Summary { pass, fail, ..Summary::default() };
        assert_eq!(bar(of(7, 0)), "█".repeat(20));
        assert_eq!(bar(of(9_999, 1)), format!("{}░", "█".repeat(19)));
        assert_eq!(bar(of(0, 5)), "░".repeat(20));
        assert_eq!(bar(of(0, 0)), "·".repeat(20));
        assert_eq!(columns(&[Some(999), Some(1000), None, Some(0)]), "▇█·▁");
    }
}
