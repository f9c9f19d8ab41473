//! `rasoat history prune`: runs older than so many days are removed, whole reports of this program only. A year is kept
//! whatever is asked, unless it is forced; the newest run always.

use std::path::PathBuf;

use clap::Args;

use super::folder::Folder;
use super::print;
use crate::cli::check::now;
use crate::cli::language::LangFlag;
use crate::deliver::history::{Entry, remove};
use crate::error::{Error, ExitCode};
use crate::lang::Lang;
use crate::policy::Text;

/// Fewest days that are kept: results are asked for a year later, when the next evaluation is compared with them.
const YEAR: i64 = 365;

#[derive(Debug, Args)]
pub(super) struct Prune {
    /// Thư mục lịch sử – the folder of the history
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Giữ các lần chạy trong bấy nhiêu ngày, ít nhất 365d – keep the runs of so many days, at least 365d
    #[arg(long, value_name = "DAYS", value_parser = days, default_value = "400d")]
    keep: i64,
    /// Cho phép giữ dưới một năm – allow less than a year
    #[arg(long)]
    force: bool,
    /// Chỉ nói sẽ xóa gì, không xóa – say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
}

/// `400d`; a bare number is days too.
fn days(text: &str) -> Result<i64, String> {
    let number = text.strip_suffix('d').unwrap_or(text);
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    number.parse().ok().filter(|days| digits && *days <= 100_000).ok_or_else(|| format!("“{text}”: 400d"))
}

pub(super) fn run(flags: &Prune, lang: Lang) -> Result<ExitCode, Error> {
    let keep = flags.keep;
    if keep < YEAR && !flags.force {
        return Err(Error::usage(Text::new(
            format!(
                "--keep {keep}d: kết quả phải được lưu ít nhất một năm ({YEAR}d); nếu thật sự muốn xóa, thêm --force."
            ),
            format!("--keep {keep}d: results are kept for at least a year ({YEAR}d); add --force if they shall go."),
        )));
    }
    let oldest = now()
        .checked_sub(jiff::SignedDuration::from_hours(keep * 24))
        .map_err(|error| Error::Internal(error.to_string()))?;
    let mut folder = Folder::open(&flags.folder, lang, false)?;
    let runs = folder.runs.clone();
    let is_old = |entry: &Entry| entry.name.at().is_some_and(|at| at < oldest);
    let mut newest: Option<&Entry> = None;
    let (mut removed, mut bytes, mut kept, mut text) = (0u64, 0u64, 0u64, String::new());
    for entry in &runs {
        // Only what can be opened is known to be a run; whatever else bears such a name is left alone.
        let needed = newest.is_none() || is_old(entry);
        if needed && folder.outline(entry).is_none() {
            continue;
        }
        let newest = *newest.get_or_insert(entry);
        if !is_old(entry) || entry.name.is_of_run(&newest.name) {
            kept += 1;
            continue;
        }
        bytes += std::fs::metadata(&entry.path).map_or(0, |m| m.len());
        if !flags.dry_run {
            remove(entry)?;
        }
        removed += 1;
        text.push_str(&format!("  {}\n", entry.name));
    }
    folder.close();
    let size = bytes.div_ceil(1024);
    let (runs, were) = if removed == 1 { ("run", "was") } else { ("runs", "were") };
    let head = if flags.dry_run {
        lang.of(
            format!("Sẽ xóa {removed} lần chạy cũ hơn {keep} ngày ({size} KiB), giữ {kept}:\n"),
            format!("{removed} {runs} older than {keep} days would be removed ({size} KiB), {kept} kept:\n"),
        )
    } else {
        lang.of(
            format!("Đã xóa {removed} lần chạy cũ hơn {keep} ngày ({size} KiB), giữ {kept}.\n"),
            format!("{removed} {runs} older than {keep} days {were} removed ({size} KiB), {kept} kept.\n"),
        )
    };
    print(&if flags.dry_run { head + &text } else { head })?;
    Ok(ExitCode::Passed)
}
