//! `--letter-template` and `--letter-field`: the template of the result letter is read and checked before anything is
//! visited, and what stays to be filled in by hand is said afterwards.

use std::path::PathBuf;

use clap::Args;

use super::language::ColorFlag;
use super::layered::Settings;
use super::output::{self, Terminal, Wanted};
use super::units;
use crate::config::ConfigFile;
use crate::error::Error;
use crate::lang::Lang;
use crate::report::{Beside, Format};

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Letters {
    /// Mẫu .docx của công văn kết quả (--report docx) – the .docx template of the result letter [default: built in]
    #[arg(long, value_name = "FILE")]
    pub(super) letter_template: Option<PathBuf>,
    /// Một trường của công văn, như co_quan_ban_hanh="Sở X" (lặp lại được) – a field of the letter (repeatable)
    #[arg(long = "letter-field", value_name = "NAME=VALUE", value_parser = units::pair)]
    pub(super) letter_fields: Vec<(String, String)>,
}

impl Letters {
    /// Takes what was not typed from what is preset; fields one by one.
    pub(super) fn lay(&mut self, file: &ConfigFile) {
        self.letter_template = self.letter_template.take().or_else(|| file.letter_template.as_ref().map(PathBuf::from));
        for (name, value) in &file.letter_fields {
            if !self.letter_fields.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)) {
                self.letter_fields.push((name.clone(), value.clone()));
            }
        }
    }

    /// Whether something was typed.
    pub(super) fn are_typed(&self) -> bool {
        self.letter_template.is_some() || !self.letter_fields.is_empty()
    }
}

/// The letter of a stored report: what `rasoat.yml` and the environment preset for it holds here too.
pub(super) fn preset(
    typed: &Letters,
    reports: &[Wanted],
    lang: Lang,
    color: ColorFlag,
    quiet: bool,
) -> Result<Ready, Error> {
    let mut letters = typed.clone();
    if output::holds(reports, Format::Docx) {
        letters.lay(&Settings::load(lang, color, quiet)?.values);
    }
    letters.ready(reports, typed.are_typed())
}

/// What is needed for the letters of a run.
pub(super) struct Ready {
    #[cfg(feature = "office")]
    letter: Option<crate::report::Letter>,
}

#[cfg(feature = "office")]
mod built {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::io::{Read, Write};

    use super::{Beside, Error, Format, Letters, Ready, Terminal, Wanted, output};
    use crate::finding::safe;
    use crate::policy::Text;
    use crate::report::{Letter, MOST_TEMPLATE};

    impl Letters {
        /// Reads and checks the template when a letter is wanted; `typed` when something was typed for one.
        pub(in crate::cli) fn ready(&self, reports: &[Wanted], typed: bool) -> Result<Ready, Error> {
            if !output::holds(reports, Format::Docx) {
                return if typed { Err(no_letter()) } else { Ok(Ready { letter: None }) };
            }
            let given: BTreeMap<String, String> = self.letter_fields.iter().cloned().collect();
            let letter = match &self.letter_template {
                None => Letter::new(None, &given).map_err(|why| about("--report docx", &why))?,
                Some(path) => {
                    let name = format!("--letter-template {}", safe(&path.to_string_lossy(), 300));
                    let mut bytes = Vec::new();
                    // One byte more than is taken, so that what is too large is seen to be.
                    File::open(path)
                        .and_then(|file| file.take(MOST_TEMPLATE as u64 + 1).read_to_end(&mut bytes))
                        .map_err(|why| about(&name, &Text::new(why.to_string(), why.to_string())))?;
                    Letter::new(Some(&bytes), &given).map_err(|why| about(&name, &why))?
                }
            };
            Ok(Ready { letter: Some(letter) })
        }
    }

    impl Ready {
        /// Lays the letter beside the report.
        pub(in crate::cli) fn put(&self, beside: &mut Beside) {
            beside.letter.clone_from(&self.letter);
        }

        /// Says what a person has to fill in by hand.
        pub(in crate::cli) fn tell(&self, terminal: Terminal) {
            let blanks = self.letter.as_ref().map_or(&[][..], Letter::blanks);
            if terminal.quiet || blanks.is_empty() {
                return;
            }
            let names = blanks.join(", ");
            let said = Text::new(
                format!("công văn còn để trống: {names}; điền tay, hoặc cho giá trị bằng --letter-field TÊN=GIÁ TRỊ."),
                format!("the letter leaves blank: {names}; fill in by hand, or give --letter-field NAME=VALUE."),
            );
            // Nobody is left to tell when stderr is closed.
            let _ = writeln!(std::io::stderr(), "{}", terminal.lang.pick(&said));
        }
    }

    fn about(what: &str, why: &Text) -> Error {
        Error::usage(Text::new(format!("{what}: {}", why.vi), format!("{what}: {}", why.en)))
    }

    fn no_letter() -> Error {
        Error::usage(Text::new(
            "--letter-template và --letter-field cần --report docx=TỆP.",
            "--letter-template and --letter-field need --report docx=FILE.",
        ))
    }
}

#[cfg(not(feature = "office"))]
#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the same calls as with the feature")]
mod built {
    use super::{Beside, Error, Letters, Ready, Terminal, Wanted};

    impl Letters {
        /// There are no letters in this build: the format was refused.
        pub(in crate::cli) fn ready(&self, _: &[Wanted], _: bool) -> Result<Ready, Error> {
            Ok(Ready {})
        }
    }

    impl Ready {
        /// Lays nothing beside a report.
        pub(in crate::cli) fn put(&self, _: &mut Beside) {}

        /// Says nothing.
        pub(in crate::cli) fn tell(&self, _: Terminal) {}
    }
}
