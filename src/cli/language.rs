//! Which language the user reads, and whether the terminal shows colours.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};

use super::output::Terminal;
use crate::lang::Lang;

/// `--lang`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LangFlag {
    /// Tiếng Việt.
    Vi,
    /// English.
    En,
}

/// The flag, else `RASOAT_LANG`, else the environment: Vietnamese when it names Vietnamese.
pub(super) fn chosen(flag: Option<LangFlag>) -> Lang {
    match flag {
        Some(LangFlag::Vi) => Lang::Vi,
        Some(LangFlag::En) => Lang::En,
        None => match std::env::var("RASOAT_LANG").as_deref().map(str::trim) {
            Ok("vi") => Lang::Vi,
            Ok("en") => Lang::En,
            // A wrong word is told by the commands that read the settings.
            _ => from_environment(),
        },
    }
}

fn from_environment() -> Lang {
    // The first of these that is set decides, as POSIX has it.
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|t| !t.is_empty()));
    match named {
        Some(name) if name.to_ascii_lowercase().starts_with("vi") => Lang::Vi,
        _ => Lang::En,
    }
}

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorFlag {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a command speaks to the person before the screen.
#[derive(Debug, Clone, Args)]
pub(super) struct Speech {
    /// Ngôn ngữ – language
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) lang: Option<LangFlag>,
    /// Màu – colours
    #[arg(long, value_enum, default_value = "auto", help_heading = "Output")]
    pub(super) color: ColorFlag,
    /// Không in ra màn hình – no terminal output
    #[arg(short, long, help_heading = "Output")]
    pub(super) quiet: bool,
    /// In cả tiêu chí đạt – list passes too
    #[arg(short, long, help_heading = "Output", conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

impl Speech {
    /// What is said on the screen, in a language.
    pub(super) fn terminal(&self, lang: Lang) -> Terminal {
        let Self { color, quiet, verbose, .. } = *self;
        Terminal { lang, verbose, quiet, color, replayed: false, explain_score: false }
    }
}

/// Whether a stream gets colours.
pub(super) fn colours(flag: ColorFlag, stream: &impl IsTerminal) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
    match flag {
        ColorFlag::Always => true,
        ColorFlag::Never => false,
        ColorFlag::Auto if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) => false,
        ColorFlag::Auto if set("CLICOLOR_FORCE") => true,
        ColorFlag::Auto => stream.is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb"),
    }
}
