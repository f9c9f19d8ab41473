//! The flags of every command that uses the network, and what they mean to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::units;
use crate::acquire::fetch::{Mapping, NetOptions, parse_mapping};
use crate::error::Error;
use crate::policy::Text;

/// Sites visited at a time: most of a visit is waiting for a server.
pub(super) const JOBS: usize = 64;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network and limits")]
pub(super) struct Network {
    /// Như curl – as in curl; `*` and @FILE allowed
    #[arg(long, value_name = "HOST:PORT:ADDR[,ADDR]")]
    pub(super) resolve: Vec<String>,
    /// Chứng thư gốc tin cậy thêm – certificates trusted besides the system's (PEM)
    #[arg(long, value_name = "FILE")]
    pub(super) cacert: Option<PathBuf>,
    /// Proxy
    #[arg(long, value_name = "URL")]
    pub(super) proxy: Option<String>,
    /// Tiêu đề HTTP thêm (giá trị không bao giờ được in) – an extra header, never printed
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(super) headers: Vec<String>,
    /// Số trang TTĐT rà soát cùng lúc – sites visited at a time [default: 64]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<usize>,
    /// Số yêu cầu cùng lúc tới một địa chỉ IP – active requests per resolved address [default: 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) per_host: Option<u32>,
    /// Khoảng cách giữa hai yêu cầu tới một địa chỉ IP – time between two requests to one address [default: 0]
    #[arg(long, value_name = "DURATION", value_parser = units::duration)]
    pub(super) delay: Option<Duration>,
    /// Một lần thử của một yêu cầu – one attempt of one request [default: 30s]
    #[arg(long, value_name = "DURATION", value_parser = units::duration)]
    pub(super) timeout: Option<Duration>,
    /// Số lần thử thêm – extra tries [default: 2]
    #[arg(long, value_name = "N")]
    pub(super) retries: Option<u32>,
    /// Số lần chuyển hướng – redirects followed [default: 10]
    #[arg(long, value_name = "N")]
    pub(super) max_redirects: Option<usize>,
    /// Kích thước tối đa của một tệp – most bytes of one body, decoded [default: 8MiB]
    #[arg(long, value_name = "SIZE", value_parser = units::size)]
    pub(super) max_size: Option<u64>,
    /// User-Agent
    #[arg(long, value_name = "TEXT")]
    pub(super) user_agent: Option<String>,
    /// Cho phép liên kết và chuyển hướng tới địa chỉ nội bộ – let links and redirects lead to private addresses
    #[arg(long)]
    pub(super) allow_private: bool,
}

impl Network {
    /// Sites visited at a time.
    pub(super) fn jobs(&self) -> usize {
        self.jobs.unwrap_or(JOBS)
    }

    /// The same as the network takes it, files read.
    pub(super) fn options(&self) -> Result<NetOptions, Error> {
        let mut net = NetOptions::default();
        if let Some(timeout) = self.timeout {
            net.timeout = timeout;
            net.connect_timeout = net.connect_timeout.min(timeout);
        }
        net.retries = self.retries.unwrap_or(net.retries);
        net.max_redirects = self.max_redirects.unwrap_or(net.max_redirects);
        net.per_host = self.per_host.map_or(net.per_host, |n| n as usize);
        net.delay = self.delay.unwrap_or(net.delay);
        net.max_size = self.max_size.unwrap_or(net.max_size);
        net.user_agent = self.user_agent.clone().unwrap_or(net.user_agent);
        if net.user_agent.chars().any(char::is_control) {
            return Err(Error::usage(Text::new(
                "--user-agent: chỉ được có một dòng, không có ký tự điều khiển.",
                "--user-agent: one line without control characters is wanted.",
            )));
        }
        let headers: Option<Vec<_>> = self.headers.iter().map(|text| units::header(text)).collect();
        net.headers = headers.ok_or_else(|| {
            Error::usage(Text::new(
                "--header: cần “TÊN: GIÁ TRỊ” (có dấu hai chấm).",
                "--header: “NAME: VALUE” is wanted (with a colon).",
            ))
        })?;
        net.proxy.clone_from(&self.proxy);
        net.allow_private = self.allow_private;
        if let Some(path) = &self.cacert {
            net.cacert = Some(read(path)?);
        }
        net.resolve = mappings(&self.resolve)?;
        Ok(net)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|e| {
        let path = path.display();
        Error::usage(Text::new(format!("không đọc được {path}: {e}"), format!("cannot read {path}: {e}")))
    })
}

fn mappings(texts: &[String]) -> Result<Vec<Mapping>, Error> {
    let mut all = Vec::new();
    for text in texts {
        let lines = match text.strip_prefix('@') {
            Some(file) => String::from_utf8_lossy(&read(Path::new(file))?).into_owned(),
            None => text.clone(),
        };
        for line in lines.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let mapping = parse_mapping(line).ok_or_else(|| {
                Error::usage(Text::new(
                    format!("--resolve {line}: cần HOST:PORT:ADDR[,ADDR]."),
                    format!("--resolve {line}: HOST:PORT:ADDR[,ADDR] is wanted."),
                ))
            })?;
            all.push(mapping);
        }
    }
    Ok(all)
}
