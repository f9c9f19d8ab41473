//! `--waivers`, `--attestations`, `--baseline` and `--base`: the files of people's decisions are read and checked
//! before anything is visited. None is taken because it merely lies there: whoever reads the command, or rasoat.yml,
//! sees that failures may be waived.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::base;
use super::output::Terminal;
use crate::error::Error;
use crate::governance::{Decisions, load_attestations, load_baseline, load_waivers, rated};
use crate::policy::{Date, LoadedPolicy, Text};
use crate::yaml::Problems;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Decisions")]
pub(super) struct Governing {
    /// Tệp các lỗi tạm chấp nhận, có người phê duyệt và ngày hết hạn – failures accepted for a time
    #[arg(long, value_name = "FILE")]
    pub(super) waivers: Option<PathBuf>,
    /// Tệp xác nhận của người có trách nhiệm – people's statements about what no machine measured
    #[arg(long, value_name = "FILE")]
    pub(super) attestations: Option<PathBuf>,
    /// Tệp lỗi đã biết, do rasoat baseline write ghi – known failures; they fail no run
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Chỉ liệt kê lỗi mới; lỗi đã biết chỉ được đếm – list new failures only, count the known ones
    #[arg(long)]
    pub(super) new_only: bool,
    /// Bản git để so sánh, như origin/main: nêu tên những gì thay đổi này tự miễn cho mình – compare with this git revision and name what the change waives for itself
    #[arg(long, value_name = "REF")]
    pub(super) base: Option<String>,
}

impl Governing {
    /// Reads the files that were named; `now` is the clock, also for a recording that is judged again.
    pub(super) fn decisions(
        &self,
        policies: &[LoadedPolicy],
        now: jiff::Timestamp,
        terminal: Terminal,
        shown: &dyn Fn(Problems) -> Error,
    ) -> Result<Decisions, Error> {
        if self.new_only && self.baseline.is_none() {
            return Err(Error::usage(Text::new(
                "--new-only cần --baseline FILE (ghi bằng: rasoat baseline write).",
                "--new-only needs --baseline FILE (written by: rasoat baseline write).",
            )));
        }
        let rules = super::check::all_rules(policies);
        let waivers = self.waivers.as_ref().map(|path| load_waivers(path, &rules)).transpose().map_err(shown)?;
        let points = rated(policies.iter().flat_map(|loaded| &loaded.policy.rules));
        let stated = self.attestations.as_ref().map(|path| load_attestations(path, &rules, &points));
        let attestations = stated.transpose().map_err(shown)?;
        if let Some(attestations) = &attestations {
            attestations.by(Date::in_vietnam(now)).map_err(shown)?;
        }
        let baseline = self.baseline.as_ref().map(|path| load_baseline(path)).transpose().map_err(shown)?;
        let files = [&self.waivers, &self.attestations, &self.baseline].map(Option::as_deref);
        let (mut earlier, mut not_compared) = (None, None);
        match self.base.as_deref().map(|reference| base::read(reference, files)).transpose()? {
            Some(base::Read::Files(files)) => earlier = Some(*files),
            Some(base::Read::Not(why)) => {
                if !terminal.quiet {
                    // Nobody is left to tell when stderr is closed.
                    let _ = writeln!(std::io::stderr(), "{}", terminal.lang.pick(&why));
                }
                not_compared = Some(why);
            }
            None => {}
        }
        Ok(Decisions { waivers, attestations, baseline, earlier, not_compared, new_only: self.new_only })
    }
}
