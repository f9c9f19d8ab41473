//! `rasoat completions` and `rasoat man`: what the flags are, for shells and for `man`. Made from the flags
//! themselves, so that neither can be out of step with them.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Cli;
use super::language::LangFlag;
use super::targets::unknown;
use crate::error::{Error, ExitCode};
use crate::lang::Lang;
use crate::policy::Text;
use crate::yaml::nearest;

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// Loại shell – which shell
    shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct Manual {
    /// Lệnh; bỏ trống: trang chung – a command; none: the program's own page
    command: Option<String>,
    /// Ngôn ngữ – language
    #[arg(long, value_enum)]
    pub(super) lang: Option<LangFlag>,
}

pub(super) fn completions(flags: &Completions) -> Result<ExitCode, Error> {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut out = Vec::new();
    clap_complete::generate(flags.shell, &mut command, name, &mut out);
    print(&out)
}

/// One page to standard output, as `man -l -` reads it.
pub(super) fn manual(flags: &Manual, lang: Lang) -> Result<ExitCode, Error> {
    let mut program = Cli::command().bin_name(env!("CARGO_PKG_NAME"));
    // Names the commands' pages, as in `rasoat-check`.
    program.build();
    let command = match &flags.command {
        None => program,
        Some(name) => {
            let all: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
            let found = program.find_subcommand(name);
            let found = found.ok_or_else(|| unknown("man", name, nearest(name, all.iter().copied())))?;
            found.clone().version(env!("CARGO_PKG_VERSION"))
        }
    };
    let mut out = Vec::new();
    let failed = |cause| Error::Write { path: "stdout".to_owned(), cause };
    Man::new(command).source(concat!("rasoat ", env!("CARGO_PKG_VERSION"))).render(&mut out).map_err(failed)?;
    exits(lang).to_writer(&mut out).map_err(failed)?;
    print(&out)
}

fn print(bytes: &[u8]) -> Result<ExitCode, Error> {
    match std::io::stdout().write_all(bytes) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "stdout".to_owned(), cause })
        }
        _ => Ok(ExitCode::Passed),
    }
}

/// What pipelines act on.
fn exits(lang: Lang) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for exit in ExitCode::ALL {
        roff.control("TP", []);
        roff.text([bold(exit.number().to_string())]);
        roff.text([roman(lang.pick(&meaning(exit)))]);
    }
    roff
}

fn meaning(exit: ExitCode) -> Text {
    let (vi, en) = match exit {
        ExitCode::Passed => ("đạt", "passed"),
        ExitCode::Failed => ("có kết quả không đạt từ mức --fail-on trở lên", "a finding reaches --fail-on"),
        ExitCode::Usage => (
            "sai cách dùng, hoặc sai tệp tiêu chí, tệp danh sách trang, tệp tạm chấp nhận hay tệp xác nhận",
            "bad usage, policy, sites, waiver or attestation file",
        ),
        ExitCode::Inconclusive => ("có nội dung chưa đánh giá được", "something could not be evaluated"),
        ExitCode::Nothing => ("không có nội dung nào được đánh giá", "nothing was evaluated"),
        ExitCode::Unwritten => ("không ghi được báo cáo", "a report could not be written"),
        ExitCode::Internal => ("lỗi của chính chương trình", "internal error"),
    };
    Text::new(vi, en)
}
