//! `rasoat rank`: a table of visits becomes a ranking, beside last year's and what a scan saw. What it says are notes:
//! the code is 0 unless the table cannot be used.

mod scan;

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::language::{ColorFlag, LangFlag};
use super::output::{self, Terminal};
use super::report::stored;
use crate::error::{Error, ExitCode};
use crate::finding::safe;
use crate::lang::Lang;
use crate::policy::Text;
use crate::rank::{self, Asked, Limits, Named, Ranking, Sheet, Stated};
use crate::report::{Beside, Report};

#[derive(Debug, Args)]
pub(super) struct Rank {
    /// Bảng số liệu: CSV hoặc XLSX; “-” là stdin – the table: CSV or XLSX; “-” is standard input
    #[arg(value_name = "DATA.csv|.xlsx")]
    data: PathBuf,
    /// Bảng của năm trước để xem tăng, giảm hạng – last year's table, for movements
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// Báo cáo rà soát JSON để đối chiếu với bảng – a stored JSON report to reconcile the table with
    #[arg(long = "with", value_name = "REPORT.json")]
    scanned: Option<PathBuf>,
    /// Cột nào là gì, theo tên hoặc chữ cái (no, rank, name, unit, url, id, visits, block, level; previous.visits… của bảng trước) – what a column is, by name or letter (previous.visits…: of last year's table)
    #[arg(long = "column", value_name = "KIND=NAME")]
    columns: Vec<String>,
    /// Trang tính của tệp XLSX (lặp lại được; mỗi trang là một khối) – a sheet of the workbook (repeatable; each is a block)
    #[arg(long = "sheet", value_name = "NAME")]
    sheets: Vec<String>,
    /// Số lượng theo mức đã công bố, để kiểm tra với bảng – counts per level as printed, to check the table against
    #[arg(long, value_name = "[BLOCK:]C=39,D=24,…[/TOTAL]")]
    stated: Vec<String>,
    /// Báo cáo (lặp lại được): human, json, csv, markdown; với --with cả các định dạng khác – a report (repeatable); other formats need --with
    #[arg(long = "report", value_name = "FORMAT[=PATH]")]
    reports: Vec<String>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
    /// Màu – colours
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorFlag,
    /// Không in ra màn hình – no terminal output
    #[arg(short, long)]
    quiet: bool,
    /// In cả cách đọc bảng – tell how the table was read
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
}

pub(super) fn run(flags: &Rank, lang: Lang) -> Result<ExitCode, Error> {
    let reports = output::parse(&flags.reports)?;
    output::alone(&reports, flags.scanned.is_some())?;
    let (now, before) = columns(&flags.columns)?;
    let stated = flags.stated.iter().map(|text| counts(text)).collect::<Result<Vec<_>, _>>()?;
    let limits = Limits::default();
    let asked = Asked { columns: now, sheets: flags.sheets.clone(), stated };
    let sheets = sheets(&flags.data, &limits)?;
    let mut ranking = ranked(&flags.data, &sheets, &asked, &limits)?;
    if let Some(previous) = &flags.previous {
        let sheets = self::sheets(previous, &limits)?;
        // Sheets are often named after years: those that the earlier file lacks are not asked of it.
        let has = |name: &String| sheets.iter().any(|sheet| sheet.name.as_ref() == Some(name));
        let wanted = flags.sheets.iter().filter(|name| has(name)).cloned().collect();
        let asked = Asked { columns: before, sheets: wanted, stated: Vec::new() };
        rank::compare(&mut ranking, &ranked(previous, &sheets, &asked, &limits)?);
    }
    let report = flags.scanned.as_deref().map(stored).transpose()?;
    if let (Some(path), Some(report)) = (&flags.scanned, &report) {
        rank::reconcile(&mut ranking, &shown(path), &scan::sites(report));
    }
    output::probe(&reports)?;
    let terminal = Terminal {
        lang,
        verbose: flags.verbose,
        quiet: flags.quiet,
        color: flags.color,
        replayed: false,
        explain_score: false,
    };
    write(&ranking, report.as_ref(), &reports, terminal)?;
    Ok(ExitCode::Passed)
}

fn write(
    ranking: &Ranking,
    report: Option<&Report>,
    wanted: &[output::Wanted],
    terminal: Terminal,
) -> Result<(), Error> {
    let beside = Beside { ranking: Some(ranking.clone()), ..Beside::default() };
    output::write_ranking(ranking, report.map(|report| (report, &beside)), wanted, terminal)
}

fn shown(path: &Path) -> String {
    safe(&path.to_string_lossy().replace('\\', "/"), 300)
}

/// Columns of this table and of the earlier one.
fn columns(texts: &[String]) -> Result<(Vec<Named>, Vec<Named>), Error> {
    let (mut now, mut before) = (Vec::new(), Vec::new());
    for text in texts {
        let (kind, name) = text.split_once('=').filter(|(_, name)| !name.trim().is_empty()).unwrap_or_default();
        let (to, bare) = match kind.trim().strip_prefix("previous.") {
            Some(bare) => (&mut before, bare),
            None => (&mut now, kind),
        };
        let named = Named::parse(bare, name).ok_or_else(|| {
            let (text, kinds) = (safe(text, 100), rank::kind_names().join(", "));
            Error::usage(Text::new(
                format!("--column “{text}”: phải là LOẠI=TÊN CỘT, loại là một trong: {kinds} (thêm previous. cho bảng trước)."),
                format!("--column “{text}”: it must be KIND=NAME, the kind one of: {kinds} (previous. before it for the earlier table)."),
            ))
        })?;
        to.push(named);
    }
    Ok((now, before))
}

fn counts(text: &str) -> Result<Stated, Error> {
    Stated::parse(text).ok_or_else(|| {
        let text = safe(text, 100);
        Error::usage(Text::new(
            format!("--stated “{text}”: phải có dạng C=39,D=24,E=9 hoặc “Tên khối:C=39,D=24,E=9/63”, mỗi mức một lần."),
            format!(
                "--stated “{text}”: it must be C=39,D=24,E=9 or “Name of block:C=39,D=24,E=9/63”, each level once."
            ),
        ))
    })
}

fn ranked(path: &Path, sheets: &[Sheet], asked: &Asked, limits: &Limits) -> Result<Ranking, Error> {
    rank::rank(sheets, &shown(path), asked, limits).map_err(|why| of_file(path, &why))
}

fn of_file(path: &Path, why: &Text) -> Error {
    let path = shown(path);
    Error::usage(Text::new(format!("{path}: {}", why.vi), format!("{path}: {}", why.en)))
}

/// The sheets of a file, of which no more is read than is allowed.
fn sheets(path: &Path, limits: &Limits) -> Result<Vec<Sheet>, Error> {
    let mut bytes = Vec::new();
    let most = limits.bytes.saturating_add(1);
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|e| {
        let why = safe(&e.to_string(), 200);
        of_file(path, &Text::new(format!("không đọc được bảng: {why}."), format!("cannot read the table: {why}.")))
    })?;
    rank::read(&bytes, limits).map_err(|why| of_file(path, &why))
}
