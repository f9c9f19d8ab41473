//! `rasoat report`: a stored report in other formats. Ends as the run ended.

use std::path::{Path, PathBuf};

use clap::Args;

use super::language::{ColorFlag, LangFlag};
use super::output::{self, Terminal};
use super::pictures;
use super::publishing::Publishing;
use crate::error::{Error, ExitCode};
use crate::finding::safe;
use crate::lang::Lang;
use crate::policy::Text;
use crate::report::{Beside, Report, from_json};
use crate::tally;

#[derive(Debug, Args)]
pub(super) struct Render {
    /// Báo cáo JSON đã lưu – a stored JSON report
    file: PathBuf,
    /// Báo cáo (lặp lại được) – a report (repeatable)
    #[arg(long = "report", value_name = "FORMAT[=PATH]")]
    reports: Vec<String>,
    /// Thư mục ảnh chụp của lần kiểm tra, để đưa vào báo cáo HTML – the folder of the run's pictures, for an HTML report
    #[arg(long, value_name = "DIR")]
    screenshots: Option<PathBuf>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
    /// Màu – colours
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorFlag,
    /// Không in ra màn hình – no terminal output
    #[arg(short, long)]
    quiet: bool,
    /// In cả tiêu chí đạt – list passes too
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    publishing: Publishing,
}

pub(super) fn run(flags: &Render, lang: Lang) -> Result<ExitCode, Error> {
    let reports = output::parse(&flags.reports)?;
    flags.publishing.possible()?;
    let report = stored(&flags.file)?;
    let terminal = Terminal { lang, verbose: flags.verbose, quiet: flags.quiet, color: flags.color, replayed: false };
    let mut beside = Beside::default();
    if let Some(folder) = &flags.screenshots {
        if !folder.is_dir() {
            let folder = safe(&folder.to_string_lossy(), 300);
            return Err(Error::usage(Text::new(
                format!("--screenshots: không có thư mục {folder}."),
                format!("--screenshots: there is no folder {folder}."),
            )));
        }
        beside.pictures = pictures::pictures(&report, folder);
    }
    let written = output::write(&report, &reports, terminal, &beside);
    flags.publishing.publish(&report, terminal);
    written?;
    Ok(tally::exit(&report))
}

/// A report that was stored as JSON; `-` is standard input.
pub(super) fn stored(file: &Path) -> Result<Report, Error> {
    let path = safe(&file.to_string_lossy(), 300);
    let unread = |why: String| {
        let why = safe(&why, 500);
        Error::usage(Text::new(
            format!("không đọc được báo cáo {path}: {why}"),
            format!("cannot read the report {path}: {why}"),
        ))
    };
    let read = || {
        if file.as_os_str() == "-" { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) }
    };
    let text = read().map_err(|e| unread(e.to_string()))?;
    let report = from_json(&text).map_err(|e| unread(e.to_string()))?;
    if !tally::is_whole(&report) {
        return Err(Error::usage(Text::new(
            format!(
                "báo cáo {path} bị hỏng: các kết quả trong đó không khớp với số đếm và kết luận mà nó ghi; hãy rà soát lại."
            ),
            format!(
                "the report {path} is damaged: its findings are not those that it counts and concludes from; check again."
            ),
        )));
    }
    Ok(report)
}
