//! `rasoat history trend`: the runs of a history side by side, on the terminal or as csv, json, markdown.

use std::path::PathBuf;

use clap::Args;

use super::folder::{self, Folder};
use super::print;
use crate::cli::language::LangFlag;
use crate::cli::targets;
use crate::deliver;
use crate::error::{Error, ExitCode};
use crate::history::{Asked, Walk};
use crate::lang::Lang;
use crate::policy::Text;
use crate::report::{trend_to_csv, trend_to_json, trend_to_markdown, trend_to_text};
use crate::yaml::nearest;

#[derive(Debug, Args)]
pub(super) struct TrendOf {
    /// Thư mục lịch sử – the folder of the history
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Chỉ tiêu chí này (lặp lại được) – only this rule (repeatable)
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// Chỉ trang này (lặp lại được) – only this site (repeatable)
    #[arg(long = "site", value_name = "ID")]
    sites: Vec<String>,
    /// Ghi ra csv, json hoặc markdown (lặp lại được) – write it as csv, json or markdown (repeatable)
    #[arg(long = "report", value_name = "FORMAT[=PATH]", value_parser = wanted)]
    reports: Vec<Wanted>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Json,
    Markdown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    form: Form,
    /// `None`: standard output.
    path: Option<PathBuf>,
}

fn wanted(text: &str) -> Result<Wanted, String> {
    let (name, path) = match text.split_once('=') {
        Some((name, path)) => (name, Some(path)),
        None => (text, None),
    };
    let form = match name {
        "csv" => Form::Csv,
        "json" => Form::Json,
        "markdown" => Form::Markdown,
        _ => return Err("csv, json, markdown".to_owned()),
    };
    match path {
        Some("") => Err(format!("{name}=PATH")),
        Some("-") | None => Ok(Wanted { form, path: None }),
        Some(path) => Ok(Wanted { form, path: Some(PathBuf::from(path)) }),
    }
}

pub(super) fn run(flags: &TrendOf, lang: Lang) -> Result<ExitCode, Error> {
    let to_stdout = flags.reports.iter().filter(|w| w.path.is_none()).count();
    if to_stdout > 1 {
        return Err(Error::usage(Text::new(
            "--report: chỉ một báo cáo được ghi ra stdout; hãy thêm =PATH cho các báo cáo khác.",
            "--report: only one report may take standard output; give the others a =PATH.",
        )));
    }
    flags.reports.iter().filter_map(|w| w.path.as_deref()).try_for_each(deliver::probe)?;
    let mut folder = Folder::open(&flags.folder, lang, false)?;
    let mut walk = Walk::new(Asked { rules: flags.rules.clone(), sites: flags.sites.clone() });
    let runs = folder.runs.clone();
    for entry in &runs {
        if let Some(run) = folder.outline(entry) {
            walk.older(run);
        }
    }
    folder.close();
    let seen = walk.seen();
    for (flag, asked, known) in [("--rule", &flags.rules, &seen.rules), ("--site", &flags.sites, &seen.sites)] {
        if let Some(id) = asked.iter().find(|id| !known.contains(*id)) {
            return Err(targets::unknown(flag, id, nearest(id, known.iter().map(String::as_str))));
        }
    }
    let (trend, notes, left_out) = walk.trend();
    let mut written = Ok(());
    for Wanted { form, path } in &flags.reports {
        let text = match form {
            Form::Csv => trend_to_csv(&trend, lang),
            Form::Json => trend_to_json(&trend, &notes).map_err(|error| Error::Internal(error.to_string()))?,
            Form::Markdown => trend_to_markdown(&trend, &notes, lang),
        };
        let ended = match path {
            Some(path) => deliver::write(path, text.as_bytes()),
            None => print(&text),
        };
        written = written.and(ended);
    }
    if to_stdout == 0 {
        written = written.and(print(&trend_to_text(&trend, &notes, lang)));
    }
    if let Some(text) = folder::left_out(&left_out, lang) {
        folder::warn(&text, lang);
    }
    written.map(|()| ExitCode::Passed)
}
