//! Why something could not be published, and what to do about it. Words of the API reach people cut and made
//! safe, and never with the token in them.

use std::time::Duration;

use http_body_util::LengthLimitError;

use super::Part;
use crate::finding::safe;
use crate::policy::Text;

/// Longest text of the API that is repeated, in characters.
const MESSAGE: usize = 300;

/// Why a request, or a part, came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// An answer that is no success, with the API's own words.
    Answer {
        /// The status.
        status: u16,
        /// The API's words.
        message: String,
    },
    /// Too many requests, for so long.
    Limited {
        /// What the answer asks to wait.
        wait: Duration,
    },
    /// No connection, or one that broke.
    Unreached(String),
    /// No answer in time.
    Late,
    /// An answer that is not what the API gives.
    Unreadable(String),
    /// More than is taken: what, and how much is.
    TooLarge {
        /// Bytes.
        bytes: usize,
        /// Most bytes.
        most: usize,
    },
    /// More comments than are looked through.
    TooManyComments,
    /// The commit is not known.
    NoCommit,
    /// The reference is not known.
    NoReference,
}

impl Trouble {
    /// Whether the same request may do better, and after how long; `tried` counts from 1.
    pub(super) fn wait(&self, tried: u32) -> Option<Duration> {
        match self {
            Self::Limited { wait } => Some(*wait),
            Self::Answer { status: 500..=599, .. } | Self::Unreached(_) | Self::Late => {
                Some(Duration::from_millis(500) * 2_u32.saturating_pow(tried))
            }
            _ => None,
        }
    }

    pub(super) fn unread(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        if cause.is::<LengthLimitError>() {
            return Self::Unreadable("too long".to_owned());
        }
        Self::Unreached(cause.to_string())
    }

    /// What happened and what to do, for people.
    #[must_use]
    pub fn text(&self, part: Part, from_fork: bool) -> Text {
        let (vi, en) = match self {
            Self::Answer { status: 403, .. } if from_fork => (
                "403: token của pull request từ fork chỉ được đọc. Kết quả vẫn có trong nhật ký và job summary; muốn ghi lên GitHub, lưu report.json thành artifact rồi chạy `rasoat report report.json --publish github` trong workflow `workflow_run`.".to_owned(),
                "403: the token of a pull request from a fork may only read. The result stands in the log and the job summary; to publish it, keep report.json as an artifact and run `rasoat report report.json --publish github` in a `workflow_run` workflow.".to_owned(),
            ),
            Self::Answer { status: 403, message } => (
                format!("403 ({message}): token thiếu quyền; thêm `permissions: {{{}}}` vào job{}.", part.permission(), part.vi()),
                format!("403 ({message}): the token lacks the permission; add `permissions: {{{}}}` to the job{}.", part.permission(), part.en()),
            ),
            Self::Answer { status: 401, message } => (
                format!("401 ({message}): GITHUB_TOKEN sai hoặc đã hết hạn; dùng `${{{{ github.token }}}}`."),
                format!("401 ({message}): GITHUB_TOKEN is wrong or has expired; use `${{{{ github.token }}}}`."),
            ),
            Self::Answer { status: 404, message } => (
                format!("404 ({message}): token không thấy kho này; kiểm tra GITHUB_REPOSITORY, GITHUB_API_URL và `permissions: {{{}}}`{}.", part.permission(), part.vi()),
                format!("404 ({message}): the token does not see the repository; check GITHUB_REPOSITORY, GITHUB_API_URL and `permissions: {{{}}}`{}.", part.permission(), part.en()),
            ),
            Self::Answer { status: 422, message } => (
                format!("422: GitHub không nhận dữ liệu ({message}); kiểm tra GITHUB_SHA và GITHUB_REF có thuộc kho này không."),
                format!("422: GitHub refused the data ({message}); check that GITHUB_SHA and GITHUB_REF belong to this repository."),
            ),
            Self::Answer { status: 300..=399, .. } => (
                "API chuyển hướng sang nơi khác, token không được gửi theo; sửa GITHUB_API_URL và GITHUB_REPOSITORY.".to_owned(),
                "the API redirects elsewhere and the token is not sent along; correct GITHUB_API_URL and GITHUB_REPOSITORY.".to_owned(),
            ),
            Self::Answer { status, message } => (
                format!("{status} ({message}); thử chạy lại job sau."),
                format!("{status} ({message}); run the job again later."),
            ),
            Self::Limited { wait } => (
                format!("vượt giới hạn số yêu cầu của API; chạy lại job sau {} giây.", wait.as_secs()),
                format!("the API's rate limit is used up; run the job again after {} seconds.", wait.as_secs()),
            ),
            Self::Unreached(why) => (
                format!("không kết nối được API ({why}); kiểm tra mạng, GITHUB_API_URL và HTTPS_PROXY của runner."),
                format!("the API cannot be reached ({why}); check the runner's network, GITHUB_API_URL and HTTPS_PROXY."),
            ),
            Self::Late => (
                "API không trả lời kịp; chạy lại job, hoặc tăng --publish-timeout.".to_owned(),
                "the API did not answer in time; run the job again, or raise --publish-timeout.".to_owned(),
            ),
            Self::Unreadable(why) => (
                format!("câu trả lời không phải của API GitHub ({why}); kiểm tra GITHUB_API_URL."),
                format!("the answer is not one of GitHub's API ({why}); check GITHUB_API_URL."),
            ),
            Self::TooLarge { bytes, most } => (
                format!("tệp SARIF nén lại còn {bytes} byte, GitHub chỉ nhận {most}; chia sites.yml bằng --shard."),
                format!("the SARIF file has {bytes} bytes when packed and GitHub takes {most}; split the sites file with --shard."),
            ),
            Self::TooManyComments => (
                "pull request có quá nhiều bình luận để tìm bình luận cũ; không viết thêm.".to_owned(),
                "the pull request has too many comments to find the earlier one; none was added.".to_owned(),
            ),
            Self::NoCommit => (
                "thiếu GITHUB_SHA (40 hoặc 64 chữ số thập lục phân).".to_owned(),
                "GITHUB_SHA is missing (40 or 64 hexadecimal digits).".to_owned(),
            ),
            Self::NoReference => (
                "thiếu GITHUB_REF (refs/heads/…, refs/pull/…/merge) của commit đã rà soát; với workflow_run từ fork, GitHub không cho biết.".to_owned(),
                "GITHUB_REF (refs/heads/…, refs/pull/…/merge) of the checked commit is missing; for a workflow_run of a fork GitHub does not say it.".to_owned(),
            ),
        };
        Text::new(vi, en)
    }
}

/// The API's words for an answer that is no success, made safe.
pub(super) fn said(body: &[u8], status: u16) -> String {
    let value: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let mut text = value["message"].as_str().unwrap_or_default().to_owned();
    let errors = value["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    for error in errors.iter().take(3) {
        let words = error["message"].as_str().or(error.as_str());
        let words = words.map_or_else(|| error.to_string(), str::to_owned);
        text.push_str(if text.is_empty() { "" } else { "; " });
        text.push_str(&words);
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { format!("HTTP {status}") } else { safe(&text, MESSAGE) }
}
