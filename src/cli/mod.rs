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

use std::io::Write;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::error::{Error, ExitCode};
use crate::lang::Lang;

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

/// Reads the arguments, runs the command, says what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    let typed = command().try_get_matches();
    let parsed = typed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(both) => both,
        Err(error) => {
            // clap prints help and version to stdout, mistakes to stderr.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::Usage } else { ExitCode::Passed };
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
    let text = error.text();
    let line = match error {
        // Already a rendered page with places.
        Error::Input(rendered) => rendered.clone(),
        _ => format!("{}: {}", lang.pick(&crate::policy::Text::new("lỗi", "error")), lang.pick(&text)),
    };
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(std::io::stderr(), "{}", line.trim_end());
}
