//! `rasoat history diff`: what changed between two runs of a history, and since when what fails fails.

use std::path::PathBuf;

use clap::Args;

use super::folder::{self, Folder};
use super::{chosen, print};
use crate::cli::language::LangFlag;
use crate::deliver::history::Entry;
use crate::error::{Error, ExitCode};
use crate::history::{Asked, Outline, Walk, compare};
use crate::lang::Lang;
use crate::policy::Text;
use crate::report::changes_to_text;

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// Thư mục lịch sử – the folder of the history
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Lần trước: ngày (2026-10-01), mã hoặc tên tệp – the earlier run: its day, id or file [default: the one before B]
    #[arg(value_name = "A")]
    earlier: Option<String>,
    /// Lần sau – the later run [default: the newest]
    #[arg(value_name = "B")]
    later: Option<String>,
    /// Liệt kê hết – list everything
    #[arg(short, long)]
    verbose: bool,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
}

pub(super) fn run(flags: &Diff, lang: Lang) -> Result<ExitCode, Error> {
    let mut folder = Folder::open(&flags.folder, lang, false)?;
    let runs = folder.runs.clone();
    let named = |text: &Option<String>| text.as_ref().map(|text| chosen(&runs, text)).transpose();
    let (earlier, later) = (named(&flags.earlier)?, named(&flags.later)?);
    let mut walk = match later {
        Some(entry) => Walk::from(opened(entry)?),
        None => Walk::new(Asked::default()),
    };
    for entry in runs.iter().filter(|entry| later.is_none_or(|later| *entry < later)) {
        if let Some(run) = folder.outline(entry) {
            walk.older(run);
        }
    }
    folder.close();
    let named = earlier.map(opened).transpose()?;
    let (Some(this), Some(before)) = (walk.newest(), named.as_ref().or(walk.previous())) else {
        let (_, _, left_out) = walk.trend();
        if let Some(text) = folder::left_out(&left_out, lang) {
            folder::warn(&text, lang);
        }
        return Err(Error::usage(Text::new(
            "chưa có hai lần chạy toàn bộ để so sánh; hãy nêu rõ hai lần: rasoat history diff DIR A B.",
            "there are no two whole runs to compare; name both: rasoat history diff DIR A B.",
        )));
    };
    let changes = compare(before, this, Some(walk.series()));
    print(&changes_to_text(&changes, &this.taken_at, flags.verbose, lang))?;
    Ok(ExitCode::Passed)
}

/// A run that was named: what is wrong with it stops the command.
fn opened(entry: &Entry) -> Result<Outline, Error> {
    folder::outline(entry).map_err(|why| {
        let name = &entry.name;
        Error::usage(Text::new(format!("{name}: {}.", why.vi), format!("{name}: {}.", why.en)))
    })
}
