//! The flags of page load and accessibility, and what they mean to the browser: scripts and tools found, reports
//! read and given to their sites.

use std::path::PathBuf;

use clap::Args;

use crate::acquire::browser::{LOAD_RUNS, Measures, axe};
use crate::acquire::lighthouse;
use crate::error::Error;
use crate::policy::Text;
use crate::site::Site;

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Page load and accessibility")]
pub(super) struct Measuring {
    /// Số lần đo tải trang – page loads measured [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=50))]
    pub(super) load_runs: Option<u32>,
    /// Báo cáo JSON của Lighthouse cho Speed Index (lặp lại được) – a Lighthouse JSON report, for Speed Index (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(super) lighthouse: Vec<PathBuf>,
    /// Chạy Lighthouse đã cài bấy nhiêu lần – run the installed Lighthouse so many times
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(super) run_lighthouse: Option<u32>,
    /// Tệp axe.min.js của axe-core – axe-core's script [env: RASOAT_AXE]
    #[arg(long, value_name = "FILE")]
    pub(super) axe: Option<PathBuf>,
}

impl Measuring {
    /// What they name, found and read; what is missing or wrong ends the run before anything is visited.
    pub(super) fn resolved(&self, sites: &[Site]) -> Result<Measures, Error> {
        let axe = axe::find(self.axe.as_deref());
        if let (None, Some(named)) = (&axe, &self.axe) {
            let named = named.display();
            return Err(Error::usage(Text::new(
                format!(
                    "axe-core {named} (--axe, RASOAT_AXE hoặc khóa axe): không có tệp này (cài bằng `npm install axe-core`, tệp là node_modules/axe-core/axe.min.js)."
                ),
                format!(
                    "axe-core {named} (--axe, RASOAT_AXE or the key axe): no such file (install it with `npm install axe-core`; it is node_modules/axe-core/axe.min.js)."
                ),
            )));
        }
        let lighthouse_runs = self.run_lighthouse.unwrap_or(0);
        let tool = || {
            let here = std::env::current_dir().unwrap_or_default();
            lighthouse::find(std::env::var_os("PATH").as_deref(), &here)
        };
        Ok(Measures {
            load_runs: self.load_runs.unwrap_or(LOAD_RUNS),
            axe,
            lighthouse_runs,
            lighthouse: (lighthouse_runs > 0).then(tool).flatten(),
            lighthouse_reports: lighthouse::import(&self.lighthouse, sites)?,
        })
    }
}
