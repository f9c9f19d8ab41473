//! A trend as a table: one row a run and one a month, then one a run and rule. Cells that a spreadsheet would run as
//! formulas are defused; the byte-order mark makes Excel read Vietnamese right.

use super::super::words::outcome_name;
use super::super::{Lang, Summary, csv, plain};
use super::Trend;

/// The trend as comma-separated values (RFC 4180, UTF-8).
#[must_use]
pub fn trend_to_csv(trend: &Trend, lang: Lang) -> String {
    let mut out = String::from('\u{feff}');
    let header = lang.of(
        [
            "loại",
            "lúc lấy dữ liệu (UTC)",
            "lần chạy",
            "bộ tiêu chí",
            "tiêu chí",
            "kết quả chung",
            "số lần chạy",
            "số trang",
            "tỷ lệ đạt (%)",
            "đạt",
            "không đạt",
            "chưa đo được",
            "không áp dụng",
            "tạm chấp nhận",
        ],
        [
            "kind",
            "taken_at",
            "run_id",
            "policy",
            "rule",
            "outcome",
            "runs",
            "sites",
            "pass_rate",
            "pass",
            "fail",
            "inconclusive",
            "not_applicable",
            "waived",
        ],
    );
    csv::row(&mut out, &header.map(str::to_owned));
    let (month, run, rule) = lang.of(("tháng", "lần chạy", "tiêu chí"), ("month", "run", "rule"));
    let line = |words: [&str; 6], runs: Option<u64>, sites: Option<u64>, s: Summary| {
        let tenths = s.pass_rate();
        let rate = tenths.map(|t| format!("{}{}{}", t / 10, lang.of(',', '.'), t % 10)).unwrap_or_default();
        let mut cells: Vec<String> = words.map(|word| plain::line_of(word, 200)).to_vec();
        cells.extend([runs, sites].map(|n| n.map(|n| n.to_string()).unwrap_or_default()));
        cells.push(rate);
        cells.extend([s.pass, s.fail, s.inconclusive, s.not_applicable, s.waived].map(|n| n.to_string()));
        cells
    };
    for m in trend.months() {
        let words = [month, &m.month, &m.last.run_id, "", "", outcome_name(m.last.outcome)];
        csv::row(&mut out, &line(words, Some(m.runs), Some(m.last.sites), m.last.summary));
    }
    for r in &trend.runs {
        let words = [run, &r.taken_at, &r.run_id, "", "", outcome_name(r.outcome)];
        csv::row(&mut out, &line(words, None, Some(r.sites), r.summary));
    }
    for r in &trend.runs {
        for of in &r.rules {
            let words = [rule, &r.taken_at, &r.run_id, &of.policy, &of.rule, ""];
            csv::row(&mut out, &line(words, None, None, of.summary));
        }
    }
    out
}
