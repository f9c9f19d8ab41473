//! The flags of the browser, and what they mean together: which program, with which sandbox, for which sites.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::flags::BrowserFlag;
use super::output::Terminal;
use super::units;
use crate::acquire::browser::find::{self, Found};
use crate::acquire::browser::{BrowserOptions, Measures, QUIET, TABS, TIMEOUT, WAIT};
use crate::error::Error;
use crate::policy::Text;
use crate::report::Report;
use crate::run::Browsing;
use crate::snapshot::LibraryFrom;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Browser")]
pub(super) struct BrowserFlags {
    /// Dùng trình duyệt – use a browser [default: auto]
    #[arg(long, value_enum)]
    pub(super) browser: Option<BrowserFlag>,
    /// Chương trình trình duyệt – the browser's program [default: RASOAT_BROWSER_PATH, else Chromium or Chrome where found]
    #[arg(long, value_name = "FILE")]
    pub(super) browser_path: Option<PathBuf>,
    /// Chạy trình duyệt không có sandbox – run the browser without its sandbox
    #[arg(long)]
    pub(super) no_sandbox: bool,
    /// Thư viện giám sát trong trình duyệt – what answers the tracker's library [default: stand-in for folders, live for addresses]
    #[arg(long, value_enum)]
    pub(super) emc: Option<EmcFlag>,
    /// Cho gửi dữ liệu tới máy chủ giám sát (tính vào lượt truy cập!) – let requests to the collector through (counts as a visit!)
    #[arg(long)]
    pub(super) emc_send: bool,
    /// Lưu ảnh chụp vào thư mục – write pictures into a folder
    #[arg(long, value_name = "DIR")]
    pub(super) screenshots: Option<PathBuf>,
    /// Số trang mở cùng lúc – pages shown at a time [default: 4]
    #[arg(long, value_name = "N")]
    pub(super) tabs: Option<usize>,
    /// Chờ sau khi tải xong trước khi coi là thiếu – waited after load before anything is missing [default: 5s]
    #[arg(long, value_name = "DURATION", value_parser = units::duration)]
    pub(super) browser_wait: Option<Duration>,
    /// Trang phải yên trong bao lâu – how long a page must be quiet [default: 400ms]
    #[arg(long, value_name = "DURATION", value_parser = units::duration)]
    pub(super) browser_quiet: Option<Duration>,
    /// Thời gian tối đa của trình duyệt cho một trang – the browser's time for one site [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = units::duration)]
    pub(super) browser_timeout: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EmcFlag {
    /// Mô phỏng theo bộ tiêu chí
    StandIn,
    /// Thư viện thật
    Live,
}

impl From<EmcFlag> for LibraryFrom {
    fn from(flag: EmcFlag) -> Self {
        match flag {
            EmcFlag::StandIn => Self::StandIn,
            EmcFlag::Live => Self::Live,
        }
    }
}

impl BrowserFlags {
    /// Which sites are shown to a browser, and how.
    pub(super) fn chosen(&self, measures: Measures) -> Result<Browsing, Error> {
        let flag = self.browser.unwrap_or(BrowserFlag::Auto);
        if flag == BrowserFlag::Never {
            return Ok(Browsing::None);
        }
        let program = match find::find(self.browser_path.as_deref()) {
            Found::Program(program) => program,
            Found::Wrong(path) => {
                let path = path.display();
                return Err(Error::usage(Text::new(
                    format!(
                        "không có chương trình trình duyệt {path}; sửa --browser-path hoặc biến RASOAT_BROWSER_PATH, hay bỏ trống để tự tìm."
                    ),
                    format!(
                        "there is no browser program {path}; correct --browser-path or the variable RASOAT_BROWSER_PATH, or leave both out."
                    ),
                )));
            }
            Found::Nothing if flag == BrowserFlag::Require => return Ok(Browsing::Missing),
            Found::Nothing => return Ok(Browsing::None),
        };
        if let Some(folder) = &self.screenshots {
            // A picture that cannot be written is told before the work, not missed after it.
            std::fs::create_dir_all(folder)
                .map_err(|cause| Error::Write { path: folder.display().to_string(), cause })?;
        }
        let superuser = find::is_superuser();
        let options = Arc::new(BrowserOptions {
            library: self.emc.map(LibraryFrom::from),
            send: self.emc_send,
            screenshots: self.screenshots.clone(),
            tabs: self.tabs.unwrap_or(TABS).max(1),
            wait: self.browser_wait.unwrap_or(WAIT),
            quiet: self.browser_quiet.unwrap_or(QUIET),
            timeout: self.browser_timeout.unwrap_or(TIMEOUT),
            measures,
            ..BrowserOptions::of(program, !superuser && !self.no_sandbox)
        });
        Ok(match flag {
            BrowserFlag::Require => Browsing::Always(options),
            BrowserFlag::Auto | BrowserFlag::Never => Browsing::WhereOpen(options),
        })
    }
}

/// Says so when pages were shown to a browser without its sandbox and nobody asked for that.
pub(super) fn warn_of_no_sandbox(report: &Report, flags: &BrowserFlags, terminal: Terminal) {
    let without = report.sites.iter().filter_map(|s| s.browser.as_ref()).any(|b| !b.sandboxed && !b.product.is_empty());
    if without && !flags.no_sandbox && !terminal.quiet && !terminal.replayed {
        let said = Text::new(
            "rasoat: chạy bằng quyền root nên trình duyệt không dùng được sandbox.",
            "rasoat: as root the browser ran without its sandbox.",
        );
        // Nobody is left to tell when stderr is closed.
        let _ = writeln!(std::io::stderr(), "{}", terminal.lang.pick(&said));
    }
}
