//! `--publish`: the report goes to the pipeline's own pages as well. What cannot be published is a warning that
//! says what to do, and never changes how the run ends.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::output::Terminal;
use super::units;
use crate::error::Error;
use crate::report::Report;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Publishing {
    /// Ghi kết quả lên GitHub: check run, bình luận trong pull request, SARIF – publish as check run, comment and SARIF
    #[arg(long, value_enum)]
    publish: Option<To>,
    /// Thời gian tối đa để ghi lên – time for publishing [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = units::duration)]
    publish_timeout: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// GitHub, GitHub Enterprise Server
    Github,
}

#[cfg(feature = "github")]
impl Publishing {
    /// Time for publishing.
    const TOTAL: Duration = Duration::from_secs(60);

    /// Refuses what this build cannot do.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the same calls as without the feature")]
    pub(super) fn possible(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Publishes a report where that was asked for, and says what came of it.
    pub(super) fn publish(&self, report: &Report, terminal: Terminal) {
        if self.publish.is_none() {
            return;
        }
        let total = self.publish_timeout.unwrap_or(Self::TOTAL);
        if let Err(error) = github::publish(report, total, terminal) {
            github::warn(None, &error.text(), terminal.lang);
        }
    }
}

#[cfg(not(feature = "github"))]
impl Publishing {
    /// Refuses what this build cannot do.
    pub(super) fn possible(&self) -> Result<(), Error> {
        if self.publish.is_none() && self.publish_timeout.is_none() {
            return Ok(());
        }
        Err(Error::usage(crate::policy::Text::new(
            "--publish: bản build này không có tính năng github; cài lại với `--features github`.",
            "--publish: this build has no feature github; install it with `--features github`.",
        )))
    }

    /// Publishes nothing.
    #[expect(clippy::unused_self, reason = "the same calls as with the feature")]
    pub(super) fn publish(&self, _: &Report, _: Terminal) {}
}

#[cfg(feature = "github")]
mod github {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::time::Duration;

    use crate::cli::output::Terminal;
    use crate::deliver::github::{self, Context, Limits, MOST_EVENT, Part};
    use crate::error::Error;
    use crate::lang::Lang;
    use crate::policy::Text;
    use crate::report::{Report, to_check_run, to_comment, to_sarif};

    pub(super) fn publish(report: &Report, total: Duration, terminal: Terminal) -> Result<(), Error> {
        let lang = terminal.lang;
        let event = |path: &str| {
            let mut bytes = Vec::new();
            File::open(path)?.take(MOST_EVENT).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let context = match Context::read(&|name| std::env::var(name).ok(), &event) {
            Ok(context) => context,
            Err(missing) => {
                warn(None, &missing, lang);
                return Ok(());
            }
        };
        for doubt in &context.doubts {
            warn(None, doubt, lang);
        }
        let check_run = to_check_run(report, lang);
        let comment = to_comment(report, lang, &context.origin, context.details.as_deref());
        let sarif = to_sarif(report, lang).map_err(|e| Error::Internal(e.to_string()))?;
        for (part, ended) in github::publish(&context, &check_run, &comment, &sarif, Limits::of(total))? {
            match ended {
                Ok(address) if !terminal.quiet => {
                    let address = address.map(|a| format!(": {a}")).unwrap_or_default();
                    tell(&format!(
                        "{}: {}{address}",
                        lang.of("đã ghi lên GitHub", "published on GitHub"),
                        lang.pick(&part.name())
                    ));
                }
                Ok(_) => {}
                Err(trouble) => warn(Some(part), &trouble.text(part, context.is_from_fork()), lang),
            }
        }
        Ok(())
    }

    /// Said even when nothing else is: people look for what is not there.
    pub(super) fn warn(part: Option<Part>, why: &Text, lang: Lang) {
        let what = part.map(|p| format!(" ({})", lang.pick(&p.name()))).unwrap_or_default();
        let head = lang.of("cảnh báo: chưa ghi được lên GitHub", "warning: not published on GitHub");
        tell(&format!("{head}{what}: {}", lang.pick(why)));
    }

    fn tell(line: &str) {
        // Nobody is left to tell when stderr is closed.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}
