//! `rasoat history`: the runs that `--history` kept. Lists them, renders one, compares two, draws their trend, removes
//! old ones. Reads stored reports only; visits nothing.

mod diff;
mod folder;
mod keep;
mod prune;
mod show;
mod trend;

use std::io::Write;

use clap::{Args, Subcommand};

pub(super) use keep::{keep, lay, possible};

use super::language::LangFlag;
use crate::deliver::history::Entry;
use crate::error::{Error, ExitCode};
use crate::finding::safe;
use crate::lang::Lang;
use crate::policy::{Date, Text};

#[derive(Debug, Args)]
pub(super) struct History {
    #[command(subcommand)]
    command: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Liệt kê các lần chạy, hoặc kết xuất lại một lần – list the runs, or render one of them again
    Show(show::Show),
    /// So sánh hai lần chạy: lỗi mới, đã sửa, không đạt từ khi nào – compare two runs: new, mended, failing since when
    Diff(diff::Diff),
    /// Xu hướng theo lần chạy, tháng và tiêu chí – the trend by run, month and rule
    Trend(trend::TrendOf),
    /// Xóa các lần chạy cũ (giữ ít nhất một năm) – remove old runs (at least a year is kept)
    Prune(prune::Prune),
}

impl History {
    pub(super) fn lang(&self) -> Option<LangFlag> {
        match &self.command {
            Act::Show(flags) => flags.lang,
            Act::Diff(flags) => flags.lang,
            Act::Trend(flags) => flags.lang,
            Act::Prune(flags) => flags.lang,
        }
    }
}

pub(super) fn run(flags: &History, lang: Lang) -> Result<ExitCode, Error> {
    match &flags.command {
        Act::Show(flags) => show::run(flags, lang),
        Act::Diff(flags) => diff::run(flags, lang),
        Act::Trend(flags) => trend::run(flags, lang),
        Act::Prune(flags) => prune::run(flags, lang),
    }
}

/// The one run that a text names: its file, the beginning of its id, or of its time as `2026-10-01` (Vietnam's) or
/// `20261001T02` (UTC, as in its file's name).
fn chosen<'a>(runs: &'a [Entry], text: &str) -> Result<&'a Entry, Error> {
    let shown = safe(text, 100);
    let day = |entry: &Entry| entry.name.at().map(|at| Date::in_vietnam(at).to_string());
    let names = |entry: &&Entry| {
        let name = entry.name.to_string();
        name == text
            || entry.path.to_string_lossy() == text
            || (text.len() >= 4 && entry.name.run.starts_with(text))
            || (text.len() >= 4 && name.starts_with(text))
            || day(entry).as_deref() == Some(text)
    };
    let found: Vec<&Entry> = runs.iter().filter(names).collect();
    match found.as_slice() {
        [] => Err(Error::usage(Text::new(
            format!("không có lần chạy nào là “{shown}”; xem danh sách: rasoat history show DIR."),
            format!("no run is “{shown}”; list them: rasoat history show DIR."),
        ))),
        [one] => Ok(one),
        // Newest first: of one run, judged again, the last time is meant.
        [first, rest @ ..]
            if rest.iter().all(|r| r.name.is_of_run(&first.name) && r.name.shard == first.name.shard) =>
        {
            Ok(first)
        }
        many => {
            let list = many.iter().take(5).map(|e| e.name.to_string()).collect::<Vec<_>>().join(", ");
            let n = many.len();
            Err(Error::usage(Text::new(
                format!("“{shown}” là {n} lần chạy; hãy nêu tên tệp: {list}."),
                format!("“{shown}” is {n} runs; name the file: {list}."),
            )))
        }
    }
}

fn print(text: &str) -> Result<(), Error> {
    let mut stdout = std::io::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // The reader (head, less) has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(cause) => Err(Error::Write { path: "stdout".to_owned(), cause }),
        Ok(()) => Ok(()),
    }
}
