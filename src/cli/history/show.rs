//! `rasoat history show`: the runs of a history as a list, or one of them as `rasoat report` renders it.

use std::path::PathBuf;

use clap::Args;
use unicode_width::UnicodeWidthStr;

use super::folder::{self, Folder};
use super::{chosen, print};
use crate::cli::language::{ColorFlag, LangFlag};
use crate::cli::output::{self, Terminal};
use crate::cli::report::stored;
use crate::error::{Error, ExitCode};
use crate::finding::safe;
use crate::history::Outline;
use crate::lang::Lang;
use crate::policy::Text;
use crate::report::{Beside, words};
use crate::tally;

#[derive(Debug, Args)]
pub(super) struct Show {
    /// Thư mục lịch sử – the folder of the history
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Một lần chạy: ngày (2026-10-01), mã hoặc tên tệp; bỏ trống: liệt kê – one run: its day, id or file; none: list them
    #[arg(value_name = "RUN")]
    run: Option<String>,
    /// Báo cáo của lần chạy đó (lặp lại được) – a report of that run (repeatable)
    #[arg(long = "report", value_name = "FORMAT[=PATH]", requires = "run")]
    reports: Vec<String>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
    /// Màu – colours
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorFlag,
    /// Không in ra màn hình – no terminal output
    #[arg(short, long, requires = "run")]
    quiet: bool,
    /// In cả tiêu chí đạt – list passes too
    #[arg(short, long, requires = "run", conflicts_with = "quiet")]
    verbose: bool,
}

pub(super) fn run(flags: &Show, lang: Lang) -> Result<ExitCode, Error> {
    let mut folder = Folder::open(&flags.folder, lang, flags.quiet)?;
    let Some(text) = &flags.run else {
        return list(&mut folder, lang).map(|()| ExitCode::Passed);
    };
    let reports = output::parse(&flags.reports)?;
    let entry = chosen(&folder.runs, text)?;
    // The name says when it was taken: it must be the report's own.
    folder::outline(entry).map_err(|why| {
        let name = &entry.name;
        Error::usage(Text::new(format!("{name}: {}.", why.vi), format!("{name}: {}.", why.en)))
    })?;
    output::probe(&reports)?;
    let report = stored(&entry.path)?;
    let Show { verbose, quiet, color, .. } = *flags;
    let terminal = Terminal { lang, verbose, quiet, color, replayed: false, explain_score: false };
    output::write(&report, &reports, terminal, &Beside::default())?;
    Ok(tally::exit(&report))
}

/// One line a run, newest first.
fn list(folder: &mut Folder, lang: Lang) -> Result<(), Error> {
    let runs = folder.runs.clone();
    let mut rows: Vec<[String; 6]> = Vec::new();
    for entry in &runs {
        let Some(run) = folder.outline(entry) else { continue };
        rows.push(row(&run, entry.name.version, lang));
    }
    folder.close();
    if rows.is_empty() {
        return print(lang.of("Chưa có lần chạy nào.\n", "There is no run yet.\n"));
    }
    let widths: Vec<usize> =
        (0..6).map(|n| rows.iter().map(|row| row.get(n).map_or(0, |cell| cell.width())).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    print(&text)
}

fn row(run: &Outline, version: u32, l: Lang) -> [String; 6] {
    let s = run.summary;
    let counts = l.of(
        format!("{} đạt, {} không đạt, {} chưa đo được", s.pass, s.fail, s.inconclusive),
        format!("{} passed, {} failed, {} not measured", s.pass, s.fail, s.inconclusive),
    );
    let policies: Vec<String> = run.policies.iter().map(|p| safe(&format!("{} {}", p.id, p.version), 100)).collect();
    let mut of = Vec::new();
    if let Some(shard) = run.shard {
        of.push(format!("{} {}/{}", l.of("phần", "shard"), shard.index, shard.of));
    }
    if !run.not_judged.is_empty() {
        of.push(l.of("một số trang", "some sites").to_owned());
    }
    if run.is_broken_off() {
        of.push(l.of("bị dừng giữa chừng", "broken off").to_owned());
    }
    if version > 1 {
        of.push(l.of(format!("xét lại, bản {version}"), format!("judged again, version {version}")));
    }
    let mut last = policies.join(", ");
    if !of.is_empty() {
        last.push_str(&format!(" ({})", of.join(", ")));
    }
    let id: String = safe(&run.run_id, 40).chars().take(12).collect();
    let sites = run.sites.len();
    let sites = l.of(format!("{sites} trang"), format!("{sites} {}", if sites == 1 { "site" } else { "sites" }));
    [moment(&run.taken_at, l), id, words::outcome(run.outcome).pick(l).to_owned(), counts, sites, last]
}

fn moment(taken_at: &str, l: Lang) -> String {
    let Ok(at) = taken_at.parse::<jiff::Timestamp>() else { return safe(taken_at, 40) };
    l.moment(at)
}
