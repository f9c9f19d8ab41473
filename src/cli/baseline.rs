//! `rasoat baseline`: today's failures are written down, and later taken out again one by one as they are mended.
//! Works on stored reports, so that what is recorded is what somebody read; visits nothing.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::language::{ColorFlag, LangFlag};
use super::layered;
use super::report::stored;
use crate::deliver;
use crate::error::{Error, ExitCode};
use crate::finding::{Subject, Verdict};
use crate::governance::{self, load_baseline};
use crate::lang::Lang;
use crate::policy::{Date, Text};
use crate::report::Report;
use crate::yaml::Problems;

/// The file's name when nobody says another.
const NAME: &str = "rasoat-baseline.yml";

#[derive(Debug, Args)]
pub(super) struct Baseline {
    #[command(subcommand)]
    command: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Ghi mọi lỗi của một báo cáo thành lỗi đã biết – write all failures of a report down as known
    Write(Recorded),
    /// Bỏ những lỗi mà báo cáo cho thấy đã sửa; không bao giờ thêm – take out what a report shows to be mended; never adds
    Prune(Prune),
}

#[derive(Debug, Args)]
struct Recorded {
    /// Báo cáo JSON (rasoat check --report json=report.json); - là stdin – a JSON report; - is standard input
    report: PathBuf,
    /// Tệp sẽ ghi – the file to write [default: the one in rasoat.yml, else rasoat-baseline.yml]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Ghi đè tệp đã có – replace a file that is there
    #[arg(long)]
    force: bool,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    lang: Option<LangFlag>,
}

#[derive(Debug, Args)]
struct Prune {
    /// Báo cáo JSON (rasoat check --report json=report.json); - là stdin – a JSON report; - is standard input
    report: PathBuf,
    /// Tệp lỗi đã biết – the baseline [default: the one in rasoat.yml, else rasoat-baseline.yml]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    lang: Option<LangFlag>,
}

impl Baseline {
    pub(super) fn lang(&self) -> Option<LangFlag> {
        match &self.command {
            Act::Write(flags) => flags.lang,
            Act::Prune(flags) => flags.lang,
        }
    }
}

pub(super) fn run(flags: &Baseline, lang: Lang) -> Result<ExitCode, Error> {
    let shown = |problems: Problems| Error::Input(problems.render(lang, false));
    match &flags.command {
        Act::Write(flags) => write(flags, lang),
        Act::Prune(flags) => prune(flags, lang, &shown),
    }?;
    Ok(ExitCode::Passed)
}

fn write(flags: &Recorded, lang: Lang) -> Result<(), Error> {
    let report = stored(&flags.report)?;
    if let Some(shard) = report.shard {
        let (index, of) = (shard.index, shard.of);
        return Err(Error::usage(Text::new(
            format!("báo cáo này là phần {index}/{of}; hãy gộp các phần trước: rasoat merge."),
            format!("this report is shard {index}/{of}; join the shards first: rasoat merge."),
        )));
    }
    let path = file(flags.baseline.as_ref(), lang)?;
    if path.exists() && !flags.force {
        let name = path.display();
        return Err(Error::usage(Text::new(
            format!("{name} đã có: dùng `rasoat baseline prune` để bỏ lỗi đã sửa, hoặc --force để ghi lại từ đầu."),
            format!(
                "{name} is there already: `rasoat baseline prune` takes out what was mended, --force writes it anew."
            ),
        )));
    }
    let baseline = governance::Baseline::of(&report.findings, day(&report)?);
    deliver::write(&path, baseline.to_yaml().as_bytes())?;
    let ((failures, parts), name) = (baseline.size(), path.display());
    let unseen = report.findings.iter().filter(|f| f.verdict == Verdict::Inconclusive).count();
    let mut said = Text::new(
        format!("{name}: {failures} lỗi đã biết, {parts} phần."),
        format!("{name}: {failures} known failures, {parts} parts."),
    );
    if unseen > 0 {
        said = Text::new(
            format!("{} {unseen} nội dung chưa đo được nên không được ghi.", said.vi),
            format!("{} {unseen} findings were not measured, and so are not in it.", said.en),
        );
    }
    say(lang, &said);
    Ok(())
}

fn prune(flags: &Prune, lang: Lang, shown: &dyn Fn(Problems) -> Error) -> Result<(), Error> {
    let report = stored(&flags.report)?;
    let path = file(flags.baseline.as_ref(), lang)?;
    let before = load_baseline(&path).map_err(shown)?;
    let ((failures, parts), name) = (before.size(), path.display().to_string());
    let partly = report.sites.iter().filter(|s| !s.pages_covered.is_all()).map(|s| {
        let url = s.url.as_deref().and_then(|url| url::Url::parse(url).ok());
        (s.id.clone(), Subject::home(url.as_ref()))
    });
    let after = before.pruned(&report.findings, &partly.collect());
    let (failures_left, parts_left) = after.size();
    if (failures, parts) == (failures_left, parts_left) {
        say(lang, &Text::new(format!("{name}: không có lỗi nào đã sửa."), format!("{name}: nothing was mended.")));
        return Ok(());
    }
    deliver::write(&path, after.to_yaml().as_bytes())?;
    let (gone, parts_gone) = (failures - failures_left, parts - parts_left);
    say(
        lang,
        &Text::new(
            format!("{name}: bỏ {gone} lỗi, {parts_gone} phần đã sửa; còn {failures_left} lỗi, {parts_left} phần."),
            format!(
                "{name}: {gone} failures, {parts_gone} parts were mended and taken out; {failures_left} failures, {parts_left} parts are left."
            ),
        ),
    );
    Ok(())
}

/// The day of a report in Vietnam.
fn day(report: &Report) -> Result<Date, Error> {
    let taken_at: jiff::Timestamp = report.taken_at.parse().map_err(|_| {
        Error::usage(Text::new("báo cáo không ghi lúc lập (taken_at).", "the report does not say when it was taken."))
    })?;
    Ok(Date::in_vietnam(taken_at))
}

/// The baseline's file: what was typed, what the environment or rasoat.yml says, else its usual name.
fn file(typed: Option<&PathBuf>, lang: Lang) -> Result<PathBuf, Error> {
    if let Some(typed) = typed {
        return Ok(typed.clone());
    }
    let settings = layered::Settings::load(lang, ColorFlag::Auto, false)?;
    Ok(settings.values.baseline.map_or_else(|| PathBuf::from(NAME), PathBuf::from))
}

fn say(lang: Lang, text: &Text) {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(std::io::stderr(), "{}", lang.pick(text));
}
