//! `rasoat report`: a stored report in other formats. Ends as the run ended.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::language::Speech;
use super::letter::{self, Letters};
use super::output::{self, Terminal};
use super::pictures;
use super::publishing::Publishing;
use crate::deliver::history::{Limits, unpack};
use crate::error::{Error, ExitCode};
use crate::finding::safe;
use crate::history::{Outline, compare};
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
    /// So với báo cáo trước – compare with an earlier stored report
    #[arg(long, value_name = "OLD.json")]
    compare: Option<PathBuf>,
    /// Thư mục ảnh chụp của lần kiểm tra, để đưa vào báo cáo HTML – the folder of the run's pictures, for an HTML report
    #[arg(long, value_name = "DIR")]
    screenshots: Option<PathBuf>,
    #[command(flatten)]
    letters: Letters,
    #[command(flatten)]
    pub(super) speech: Speech,
    /// In cây điểm: nhóm, tiêu chí, vì sao, cần gì để tăng – print how every point was counted
    #[arg(long, conflicts_with = "quiet")]
    explain_score: bool,
    #[command(flatten)]
    publishing: Publishing,
}

pub(super) fn run(flags: &Render, lang: Lang) -> Result<ExitCode, Error> {
    let reports = output::parse(&flags.reports)?;
    let letter = letter::preset(&flags.letters, &reports, lang, flags.speech.color, flags.speech.quiet)?;
    flags.publishing.possible()?;
    let report = stored(&flags.file)?;
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
    if let Some(earlier) = &flags.compare {
        beside.changes = Some(compare(&Outline::of(&stored(earlier)?), &Outline::of(&report), None));
    }
    let terminal = Terminal { explain_score: flags.explain_score, ..flags.speech.terminal(lang) };
    letter.put(&mut beside);
    let written = output::write(&report, &reports, terminal, &beside);
    letter.tell(terminal);
    flags.publishing.publish(&report, terminal);
    written?;
    Ok(tally::exit(&report))
}

/// A report that was stored as JSON, or packed in a history; `-` is standard input.
pub(super) fn stored(file: &Path) -> Result<Report, Error> {
    let path = safe(&file.to_string_lossy(), 300);
    let unread = |why: String| {
        let why = safe(&why, 500);
        Error::usage(Text::new(
            format!("không đọc được báo cáo {path}: {why}"),
            format!("cannot read the report {path}: {why}"),
        ))
    };
    let most = Limits::default().bytes;
    let read = if file.as_os_str() == "-" {
        whole(std::io::stdin().lock(), most)
    } else {
        std::fs::File::open(file).and_then(|file| whole(file, most))
    };
    let mut bytes = read.map_err(|e| unread(e.to_string()))?;
    if let Some(unpacked) = unpack(&bytes, Limits::default()) {
        bytes = unpacked.map_err(|damage| unread(damage.text().en))?;
    }
    let text = String::from_utf8(bytes).map_err(|_| unread("stream did not contain valid UTF-8".to_owned()))?;
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

/// All that there is to read, within reason: a stream need not end.
fn whole(from: impl Read, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(std::io::Error::other(format!("> {} MiB", most >> 20)));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_does_not_end_is_refused() {
        assert_eq!(whole(&b"abc"[..], 3).unwrap(), b"abc");
        assert!(whole(&b"abcd"[..], 3).is_err());
        let endless = whole(std::io::repeat(b' '), 2 << 20).unwrap_err();
        assert_eq!(endless.to_string(), "> 2 MiB");
    }
}
