//! A trend as Markdown tables: months, the newest runs, rules.

use super::super::figures::{moment, percent};
use super::super::{Lang, Summary, plain};
use super::{Trend, TrendRun};
use crate::policy::Text;

/// Most runs that are told one by one.
const RUNS: usize = 60;

/// The trend as Markdown, with what is to be said of it.
#[must_use]
pub fn trend_to_markdown(trend: &Trend, notes: &[Text], l: Lang) -> String {
    let mut out = format!("## {}\n", l.of("Xu hướng", "Trend"));
    if trend.runs.is_empty() {
        out.push_str(l.of("\nChưa có lần chạy nào.\n", "\nThere is no run.\n"));
    }
    let counts = |s: Summary| {
        let [fail, open, waived] = [s.fail, s.inconclusive, s.waived].map(|n| l.number(n));
        format!("{} | {fail} | {open} | {waived}", percent(s.pass_rate(), l))
    };
    let head =
        l.of("Tỷ lệ đạt | Không đạt | Chưa đo được | Tạm chấp nhận", "Pass rate | Failed | Not measured | Waived");
    let sites = l.of("Số trang", "Sites");
    let months = trend.months();
    if months.len() > 1 {
        let (month, runs) = l.of(("Tháng (lần cuối)", "Số lần"), ("Month (last run)", "Runs"));
        out.push_str(&format!("\n| {month} | {runs} | {head} | {sites} |\n|---|--:|--:|--:|--:|--:|--:|\n"));
        for m in &months {
            let sites = l.number(m.last.sites);
            let (label, runs) = (plain::markdown(&m.month), l.number(m.runs));
            out.push_str(&format!("| {label} | {runs} | {} | {sites} |\n", counts(m.last.summary)));
        }
    }
    let shown = trend.runs.get(trend.runs.len().saturating_sub(RUNS)..).unwrap_or_default();
    if !shown.is_empty() {
        out.push_str(&format!("\n| {} | {head} | {sites} |\n|---|--:|--:|--:|--:|--:|\n", l.of("Lần chạy", "Run")));
        for run in shown {
            let (at, sites) = (moment(&run.taken_at, l), l.number(run.sites));
            out.push_str(&format!("| {} | {} | {sites} |\n", plain::markdown(&at), counts(run.summary)));
        }
    }
    let left = trend.runs.len() - shown.len();
    if left > 0 {
        let n = l.number(left as u64);
        out.push_str(&l.of(format!("\n… và {n} lần cũ hơn.\n"), format!("\n… and {n} older ones.\n")));
    }
    if let (Some(first), Some(newest)) = (trend.runs.first(), trend.runs.last()) {
        out.push_str(&format!(
            "\n| {} | {} | {head} |\n|---|--:|--:|--:|--:|--:|\n",
            l.of("Tiêu chí", "Rule"),
            l.of("Lần đầu", "First")
        ));
        for rule in &newest.rules {
            let of = |run: &TrendRun| {
                run.rules.iter().find(|r| r.policy == rule.policy && r.rule == rule.rule).map(|r| r.summary)
            };
            let was = percent(of(first).and_then(Summary::pass_rate), l);
            out.push_str(&format!("| {} | {was} | {} |\n", plain::markdown(&rule.rule), counts(rule.summary)));
        }
    }
    if !notes.is_empty() {
        out.push('\n');
    }
    for note in notes {
        out.push_str(&format!("- {}\n", plain::markdown(&plain::line(l.pick(note)))));
    }
    out
}
