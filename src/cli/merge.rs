//! `rasoat merge`: stored reports become one, in any format. Ends as a check of all their sites would.

use std::path::PathBuf;

use clap::Args;

use super::flags::FailOnFlag;
use super::history;
use super::language::Speech;
use super::layered::Settings;
use super::letter::{self, Letters};
use super::output::{self, Terminal};
use super::publishing::Publishing;
use super::report::stored;
use super::scoring::{self, Scoring};
use crate::error::{Error, ExitCode};
use crate::lang::Lang;
use crate::merge::{self, Ending, Part};
use crate::policy::Text;
use crate::report::{Beside, FailOn};
use crate::score::Scale;
use crate::tally;

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// Báo cáo JSON: mọi phần I/N của một lần chạy, hoặc báo cáo của nhiều đơn vị – JSON reports: all shards of one
    /// run, or the reports of several units
    #[arg(required = true, value_name = "REPORT.json")]
    files: Vec<PathBuf>,
    /// Báo cáo (lặp lại được) – a report (repeatable)
    #[arg(long = "report", value_name = "FORMAT[=PATH]", help_heading = "Output")]
    reports: Vec<String>,
    #[command(flatten)]
    letters: Letters,
    /// Mức độ làm hỏng build – what fails the run [default: as the reports say, all alike]
    #[arg(long, value_enum, help_heading = "Output")]
    fail_on: Option<FailOnFlag>,
    /// Mọi kết quả chưa kết luận được đều trả về mã 3 – every inconclusive finding raises 3
    #[arg(long, help_heading = "Output")]
    strict: bool,
    #[command(flatten)]
    pub(super) speech: Speech,
    /// In cây điểm: nhóm, tiêu chí, vì sao, cần gì để tăng – print how every point was counted
    #[arg(long, help_heading = "Output", conflicts_with = "quiet")]
    explain_score: bool,
    #[command(flatten)]
    scoring: Scoring,
    /// Lưu báo cáo đã gộp vào thư mục lịch sử – keep the merged report in a history [default: the one in rasoat.yml]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    history: Option<PathBuf>,
    #[command(flatten)]
    publishing: Publishing,
}

pub(super) fn run(flags: &Merge, lang: Lang) -> Result<ExitCode, Error> {
    let reports = output::parse(&flags.reports)?;
    // What is doubtful in the settings is told when they are read for the history.
    let letter = letter::preset(&flags.letters, &reports, lang, flags.speech.color, true)?;
    flags.publishing.possible()?;
    let mut parts: Vec<Part> = Vec::new();
    for file in &flags.files {
        let name = file.to_string_lossy().replace('\\', "/");
        if parts.iter().any(|part| part.name == name) {
            return Err(Error::usage(Text::new(
                format!("báo cáo {name} được nêu hai lần."),
                format!("the report {name} is named twice."),
            )));
        }
        parts.push(Part { name, report: stored(file)? });
    }
    output::probe(&reports)?;
    let folder = match &flags.history {
        Some(folder) => Some(folder.clone()),
        None => Settings::load(lang, flags.speech.color, flags.speech.quiet)?.values.history.map(PathBuf::from),
    };
    history::possible(folder.as_deref())?;
    let gates = Some(flags.scoring.gates()).filter(|gates| !gates.is_empty());
    if let (Some(gates), Some(first)) = (&gates, parts.first()) {
        let scales: Vec<&Scale> = first.report.policies.iter().filter_map(|p| p.scale.as_ref()).collect();
        scoring::possible(gates, &scales)?;
    }
    let ending = Ending { fail_on: flags.fail_on.map(FailOn::from), strict: flags.strict, gates };
    let report = merge::join(parts, ending).map_err(Error::usage)?;
    let terminal = Terminal { explain_score: flags.explain_score, ..flags.speech.terminal(lang) };
    let mut beside = Beside::default();
    history::lay(&mut beside, folder.as_deref(), &report, terminal);
    letter.put(&mut beside);
    let written = output::write(&report, &reports, terminal, &beside);
    letter.tell(terminal);
    let kept = history::keep(folder.as_deref(), &report);
    flags.publishing.publish(&report, terminal);
    written?;
    kept?;
    Ok(tally::exit(&report))
}
