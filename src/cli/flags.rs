//! The flags of `check` as typed. What they mean together is decided in `check.rs` and `targets.rs`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use url::Url;

use super::browsing::BrowserFlags;
use super::governing::Governing;
use super::language::Speech;
use super::letter::Letters;
use super::measuring::Measuring;
use super::network::Network;
use super::publishing::Publishing;
use super::scoring::Scoring;
use super::units;
use crate::policy::Pages;
use crate::report::FailOn;
use crate::site::Role;

#[derive(Debug, Clone, Args)]
pub(super) struct Check {
    /// URL, thư mục HTML đã build, hoặc một tệp .html; bỏ trống: các trang trong sites.yml – a URL, a folder of built HTML, one .html file; none: the sites file
    pub(super) targets: Vec<String>,

    /// Bộ tiêu chí: tên dựng sẵn hoặc tệp YAML – built-in name or YAML file
    #[arg(short, long = "policy", value_name = "NAME|FILE")]
    pub(super) policies: Vec<String>,
    /// Tham số của bộ tiêu chí – a parameter of the policy
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = units::pair)]
    pub(super) params: Vec<(String, String)>,
    /// Tệp danh sách trang – the sites file [default: the one named in rasoat.yml, else sites.yml]
    #[arg(long, value_name = "FILE")]
    pub(super) sites: Option<PathBuf>,
    /// Chỉ trang này – only this site
    #[arg(long = "site", value_name = "ID")]
    pub(super) only_sites: Vec<String>,
    /// Chỉ tiêu chí này – only this rule
    #[arg(long, value_name = "RULE")]
    pub(super) only: Vec<String>,
    /// Bỏ tiêu chí này – leave this rule out
    #[arg(long, value_name = "RULE")]
    pub(super) skip: Vec<String>,

    /// Vai trò của TARGET – the target's role
    #[arg(long, help_heading = "Target")]
    pub(super) role: Option<RoleFlag>,
    /// Cổng mà TARGET trực thuộc – the portal the target belongs to
    #[arg(long, value_name = "URL", value_parser = web, help_heading = "Target")]
    pub(super) parent: Option<Url>,
    /// Trang thành phần của TARGET – a component site of the target
    #[arg(long = "component", value_name = "URL", value_parser = web, help_heading = "Target")]
    pub(super) components: Vec<Url>,
    /// Mã số EMC của TARGET – the tracker id the target should use
    #[arg(long, value_name = "ID", help_heading = "Target")]
    pub(super) emc_site_id: Option<String>,
    /// Địa chỉ mà thư mục sẽ có – the address a folder will have
    #[arg(long, value_name = "URL", value_parser = web, help_heading = "Target")]
    pub(super) url: Option<Url>,
    /// Truy cập url dù có thư mục source – visit the url although there is a source folder
    #[arg(long, help_heading = "Target")]
    pub(super) deployed: bool,
    /// Các trang: home, all, hoặc GLOB (lặp lại được; !GLOB để loại ra) – which pages
    #[arg(long, value_name = "home|all|GLOB", value_parser = units::pages, help_heading = "Target")]
    pub(super) pages: Vec<Pages>,
    /// Số trang tối đa của một trang TTĐT – most pages of one site [default: all of a folder, 200 of an address]
    #[arg(long, value_name = "N", help_heading = "Target")]
    pub(super) max_pages: Option<usize>,
    #[command(flatten)]
    pub(super) browsing: BrowserFlags,
    #[command(flatten)]
    pub(super) measuring: Measuring,
    #[command(flatten)]
    pub(super) governing: Governing,
    #[command(flatten)]
    pub(super) scoring: Scoring,

    /// Báo cáo (lặp lại được) – a report (repeatable)
    #[arg(long = "report", value_name = "FORMAT[=PATH]", help_heading = "Output")]
    pub(super) reports: Vec<String>,
    #[command(flatten)]
    pub(super) letters: Letters,
    /// Mức độ làm hỏng build – what fails the run [default: error]
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) fail_on: Option<FailOnFlag>,
    /// Mọi kết quả chưa kết luận được đều trả về mã 3 – every inconclusive finding raises 3
    #[arg(long, help_heading = "Output")]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) speech: Speech,
    /// In cây điểm: nhóm, tiêu chí, vì sao, cần gì để tăng – print how every point was counted
    #[arg(long, help_heading = "Output", conflicts_with = "quiet")]
    pub(super) explain_score: bool,
    /// Lưu báo cáo của từng lần chạy vào thư mục, để xem xu hướng và thay đổi – keep each run's report in a folder, for trends and changes
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) history: Option<PathBuf>,
    #[command(flatten)]
    pub(super) publishing: Publishing,

    /// Phần của sites.yml: I/N, auto, auto/N – which part of the sites file
    #[arg(long, value_name = "I/N", help_heading = "Network and limits")]
    pub(super) shard: Option<String>,
    /// Ghi lại những gì đã thấy vào thư mục, chạy lại thì tiếp tục – save what is seen in a folder; a second run continues it
    #[arg(long, value_name = "DIR", help_heading = "Recording", conflicts_with = "replay")]
    pub(super) record: Option<PathBuf>,
    /// Xét lại từ bản ghi, không truy cập mạng – judge again from a recording, without network
    #[arg(long, value_name = "DIR", help_heading = "Recording")]
    pub(super) replay: Option<PathBuf>,

    /// Thời gian tối đa của cả lần chạy – time for the whole run [default: none]
    #[arg(long, value_name = "DURATION", value_parser = units::duration, help_heading = "Network and limits")]
    pub(super) deadline: Option<Duration>,
    #[command(flatten)]
    pub(super) network: Network,
}

/// An absolute http or https address.
pub(super) fn web(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("https://…".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RoleFlag {
    /// Cổng thông tin điện tử
    Portal,
    /// Trang thành phần
    Component,
    /// Hệ thống thông tin giải quyết TTHC
    Service,
}

impl From<RoleFlag> for Role {
    fn from(flag: RoleFlag) -> Self {
        match flag {
            RoleFlag::Portal => Self::Portal,
            RoleFlag::Component => Self::Component,
            RoleFlag::Service => Self::Service,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum BrowserFlag {
    /// Không dùng
    Never,
    /// Dùng khi cần và có
    Auto,
    /// Bắt buộc
    Require,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOnFlag {
    /// Lỗi
    Error,
    /// Từ cảnh báo
    Warning,
    /// Mọi kết quả không đạt
    Note,
    /// Không bao giờ
    Never,
}

impl From<FailOnFlag> for FailOn {
    fn from(flag: FailOnFlag) -> Self {
        match flag {
            FailOnFlag::Error => Self::Error,
            FailOnFlag::Warning => Self::Warning,
            FailOnFlag::Note => Self::Note,
            FailOnFlag::Never => Self::Never,
        }
    }
}
