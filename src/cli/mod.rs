//! What was typed becomes what is done: clap types here, one file per command beside it.

mod base;
mod baseline;
mod browsing;
mod check;
mod completions;
mod config;
mod discover;
mod example;
mod example_visit;
mod flags;
mod governing;
mod history;
mod init;
mod interrupt;
mod language;
mod layered;
mod letter;
mod lock;
mod measuring;
mod merge;
mod network;
mod output;
mod pictures;
mod progress;
mod publishing;
mod rank;
mod recording;
mod report;
mod rules;
mod schema;
mod scoring;
mod targets;
mod units;

use std::ffi::OsString;
use std::io::Write;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::error::{Error, ExitCode};
use crate::finding::safe;
use crate::lang::Lang;
use crate::report::defused;

/// Rà soát cổng/trang thông tin điện tử theo Thông tư 22/2023/TT-BTTTT – review government portals against
/// criteria written as data.
#[derive(Debug, Parser)]
#[command(name = "rasoat", version, max_term_width = 110, arg_required_else_help = true, args_override_self = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Rà soát trang – check deployed URLs, folders of built HTML, or the sites of a sites file
    Check(Box<flags::Check>),
    /// Tìm các trang thành phần – propose the component sites of a portal as a sites file
    Discover(Box<discover::Discover>),
    /// Bắt đầu: viết rasoat.yml, sites.yml và tệp CI – begin: write rasoat.yml, sites.yml and a CI file
    Init(Box<init::Init>),
    /// Liệt kê tiêu chí – list the criteria of a policy
    Rules(rules::List),
    /// Giải thích một tiêu chí – one criterion: law, what is checked, how to mend it
    Explain(rules::Explain),
    /// Chạy ví dụ của bộ tiêu chí – run a policy's own pass and fail examples
    Test(example::Test),
    /// Ghi rasoat.lock từ những gì đã thấy – accept what was seen into rasoat.lock
    Lock(Box<lock::Lock>),
    /// Xem cấu hình đang dùng – the settings and where each is from
    Config(config::Config),
    /// In JSON Schema – print the JSON Schema of a file people write, or of the report
    Schema(schema::Schema),
    /// Gộp báo cáo của các phần hoặc các đơn vị – join the reports of shards or units into one
    Merge(merge::Merge),
    /// Kết xuất lại báo cáo đã lưu – render a stored report again
    Report(report::Render),
    /// Lịch sử các lần chạy: xu hướng, thay đổi – the runs that --history kept: trend, changes
    History(history::History),
    /// Xếp hạng cổng theo lượt truy cập EMC – rank portals by EMC visits
    Rank(Box<rank::Rank>),
    /// Ghi nhận lỗi hiện có – record today's failures, so that only new ones fail the run
    Baseline(baseline::Baseline),
    /// In tệp gợi ý lệnh cho shell – print a shell's completions
    Completions(completions::Completions),
    /// In trang hướng dẫn (man) – print the manual page of the program or of a command
    Man(completions::Manual),
}

/// The command line as clap knows it.
fn command() -> clap::Command {
    Cli::command()
}

/// Reads the arguments of this process, runs the command, says what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Runs the command that the arguments name, the program's own name first, and says what went wrong. Nothing of a run
/// stays behind in the process, so that it can be called again.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let typed = command().try_get_matches_from(arguments);
    let parsed = typed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(both) => both,
        Err(error) => {
            // clap prints help and version to stdout, mistakes to stderr.
            if !error.use_stderr() {
                let _ = error.print();
                return ExitCode::Passed;
            }
            // It quotes what was typed; colours are left out where that would not be harmless.
            let said = error.render().to_string();
            let harmless = harmless(&said, true);
            let _ = if harmless == said { error.print() } else { std::io::stderr().write_all(harmless.as_bytes()) };
            return ExitCode::Usage;
        }
    };
    let lang = match &cli.command {
        Command::Check(check) => check.speech.lang,
        Command::Discover(discover) => discover.lang,
        Command::Init(init) => init.lang,
        Command::Rules(list) => list.lang,
        Command::Explain(explain) => explain.lang,
        Command::Test(test) => test.lang,
        Command::Merge(merge) => merge.speech.lang,
        Command::Report(render) => render.speech.lang,
        Command::History(history) => history.lang(),
        Command::Rank(rank) => rank.lang,
        Command::Baseline(baseline) => baseline.lang(),
        Command::Man(manual) => manual.lang,
        Command::Lock(lock) => lock.lang,
        Command::Schema(_) | Command::Completions(_) => None,
        Command::Config(config) => config.lang(),
    };
    let lang = language::chosen(lang);
    let ended = match cli.command {
        Command::Check(check) => check::run(*check, lang),
        Command::Discover(discover) => discover::run(*discover, lang),
        Command::Init(init) => init::run(&init, lang),
        Command::Rules(list) => rules::list(&list, lang),
        Command::Explain(explain) => rules::explain(&explain, lang),
        Command::Test(test) => example::run(&test, lang),
        Command::Config(config) => config::run(&config, matches.subcommand_matches("config").unwrap_or(&matches), lang),
        Command::Schema(schema) => schema::print(&schema),
        Command::Merge(merge) => merge::run(&merge, lang),
        Command::Report(render) => report::run(&render, lang),
        Command::History(history) => history::run(&history, lang),
        Command::Rank(flags) => rank::run(&flags, lang),
        Command::Baseline(baseline) => baseline::run(&baseline, lang),
        Command::Completions(flags) => completions::completions(&flags),
        Command::Man(flags) => completions::manual(&flags, lang),
        Command::Lock(lock) => lock::run(*lock, lang),
    };
    ended.unwrap_or_else(|error| {
        say(&error, lang);
        error.exit()
    })
}

fn say(error: &Error, lang: Lang) {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(std::io::stderr(), "{}", told(error, lang));
}

/// What is said of an error.
fn told(error: &Error, lang: Lang) -> String {
    let text = error.text();
    match error {
        // Already a rendered page with places, perhaps in colours.
        Error::Input(rendered) => harmless(rendered.trim_end(), false),
        _ => {
            let said = lang.of("lỗi", "error");
            harmless(format!("{said}: {}", lang.pick(&text)).trim_end(), true)
        }
    }
}

/// Longest line of an error, in characters.
const LONGEST: usize = 10_000;

/// The lines of an error. It may quote a file that somebody else wrote, and terminals and runners obey what they are
/// shown.
fn harmless(text: &str, plain: bool) -> String {
    let line = |line: &str| defused(if plain { safe(line, LONGEST) } else { line.to_owned() });
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Text;

    #[test]
    fn an_error_that_quotes_a_file_is_no_command_to_a_runner() {
        let quoted = "not a report: unknown variant `##[error] x`\n::error::y\n  ::set-output name=a::b";
        for error in [Error::usage(Text::new(quoted, quoted)), Error::Input(quoted.to_owned())] {
            for lang in [Lang::Vi, Lang::En] {
                let said = told(&error, lang);
                assert!(!said.contains("##[") && said.contains("♯#[error] x"), "{said}");
                assert!(said.lines().all(|line| !line.trim_start().starts_with("::")), "{said}");
                assert_eq!(said.lines().count(), 3);
            }
        }
        let quoted = "\u{1b}]0;x\u{7} \u{202e}a\r\u{9b}b";
        let said = told(&Error::usage(Text::new(quoted, quoted)), Lang::En);
        assert_eq!(said, "error: ␛]0;x␇ \u{fffd}a␍\u{fffd}b");
    }

    #[test]
    fn what_is_said_is_otherwise_as_it_was() {
        for text in ["lỗi: không đọc được a::b ## [x]", "  a\n\n    b"] {
            for plain in [true, false] {
                assert_eq!(harmless(text, plain), text);
            }
        }
    }
}
