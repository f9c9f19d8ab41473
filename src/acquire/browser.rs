//! Shows home pages to a real Chromium and notes what it saw. Chromium has no network of its own: every request
//! it makes, of pages, frames and workers alike, comes to this process, is answered from the site's folder, from
//! the policy's stand-in, or over the same guarded client that reads bytes; a request to a tracker's collector is
//! noted and answered here. Never judges.

pub mod axe;
pub mod find;
#[cfg(feature = "browser")]
pub mod intercept;
#[cfg(feature = "browser")]
mod lane;
#[cfg(feature = "browser")]
pub mod launch;
#[cfg(feature = "browser")]
pub mod load;
#[cfg(feature = "browser")]
pub mod look;
#[cfg(feature = "browser")]
mod measured;
#[cfg(feature = "browser")]
mod pictures;
#[cfg(feature = "browser")]
pub mod pipe;
#[cfg(feature = "browser")]
mod prompt;
#[cfg(feature = "browser")]
mod snippet;
#[cfg(feature = "browser")]
pub mod tab;
#[cfg(feature = "browser")]
mod visit;
#[cfg(feature = "browser")]
mod watch;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::lighthouse::LighthouseReport;
use crate::snapshot::LibraryFrom;

#[cfg(feature = "browser")]
pub use lane::{Ask, Browser};

/// How the browser is used. Every limit has a default.
#[derive(Debug, Clone)]
pub struct BrowserOptions {
    /// The browser's program.
    pub program: PathBuf,
    /// Runs with its sandbox.
    pub sandbox: bool,
    /// What answers trackers' libraries; by default the stand-in for folders, the library itself for addresses.
    pub library: Option<LibraryFrom>,
    /// Requests to collectors are let through.
    pub send: bool,
    /// Pictures are written here.
    pub screenshots: Option<PathBuf>,
    /// Pages shown at a time.
    pub tabs: usize,
    /// Waited after load before anything is called missing.
    pub wait: Duration,
    /// How long a page must be quiet once all was seen.
    pub quiet: Duration,
    /// Everything the browser does for one site, page loads not counted.
    pub timeout: Duration,
    /// Page load and accessibility.
    pub measures: Measures,
}

/// How page load and accessibility are measured.
#[derive(Debug, Clone, Default)]
pub struct Measures {
    /// Page loads measured.
    pub load_runs: u32,
    /// The accessibility checker's script, when it was found.
    pub axe: Option<PathBuf>,
    /// Runs of Lighthouse.
    pub lighthouse_runs: u32,
    /// The Lighthouse that is installed, when runs were asked for and it was found.
    pub lighthouse: Option<PathBuf>,
    /// Reports of Lighthouse that the user named, by site.
    pub lighthouse_reports: BTreeMap<String, Vec<LighthouseReport>>,
}

impl BrowserOptions {
    /// A program with every limit at its default.
    #[must_use]
    pub fn of(program: PathBuf, sandbox: bool) -> Self {
        Self {
            program,
            sandbox,
            library: None,
            send: false,
            screenshots: None,
            tabs: TABS,
            wait: WAIT,
            quiet: QUIET,
            timeout: TIMEOUT,
            measures: Measures { load_runs: LOAD_RUNS, ..Measures::default() },
        }
    }
}

/// Pages shown at a time.
pub const TABS: usize = 4;
/// Waited after load before anything is called missing.
pub const WAIT: Duration = Duration::from_secs(5);
/// How long a page must be quiet once all was seen.
pub const QUIET: Duration = Duration::from_millis(400);
/// Everything the browser does for one site.
pub const TIMEOUT: Duration = Duration::from_secs(60);
/// Page loads measured.
pub const LOAD_RUNS: u32 = 3;
