//! What exactly went wrong on the way to a site, in a sentence beside the gap's own: phase, status, dates, waits.

use crate::acquire::fetch::{Cause, Fault};
use crate::finding::safe;
use crate::policy::{Date, Text};
use crate::snapshot::{Gap, Visit};

/// The sentence for a fault; `None` where the gap says it all.
pub(super) fn detail(fault: Fault, visit: &Visit) -> Option<Text> {
    if let Some(text) = fault.cause.map(of_cause) {
        return Some(Text::new(text.0, text.1));
    }
    let leaf = visit.tls.as_ref().and_then(|tls| tls.chain.first());
    let day = Date::in_vietnam;
    match (fault.gap, leaf) {
        (Gap::TlsExpired, Some(leaf)) => Some(Text::new(
            format!("Chứng thư hết hạn ngày {}.", day(leaf.not_after).vi()),
            format!("The certificate expired on {}.", day(leaf.not_after)),
        )),
        (Gap::TlsNotYetValid, Some(leaf)) => Some(Text::new(
            format!("Chứng thư có hiệu lực từ ngày {}.", day(leaf.not_before).vi()),
            format!("The certificate holds from {}.", day(leaf.not_before)),
        )),
        (Gap::TlsWrongHost, Some(leaf)) => {
            let names: Vec<String> = leaf.names.iter().take(5).map(|n| safe(n, 80)).collect();
            let names = if names.is_empty() { "–".to_owned() } else { names.join(", ") };
            Some(Text::new(format!("Chứng thư cấp cho: {names}."), format!("The certificate is for: {names}.")))
        }
        (Gap::TlsIncompleteChain, Some(leaf)) => Some(Text::new(
            format!("Máy chủ không gửi chứng thư của nơi cấp: {}.", safe(&leaf.issuer, 200)),
            format!("The server did not send its issuer's certificate: {}.", safe(&leaf.issuer, 200)),
        )),
        _ => of_status(fault.gap, visit),
    }
}

fn of_status(gap: Gap, visit: &Visit) -> Option<Text> {
    let told = matches!(
        gap,
        Gap::Blocked | Gap::RateLimited | Gap::Challenge | Gap::NotFound | Gap::ServerError | Gap::HttpError
    );
    let status = visit.status.filter(|_| told)?;
    let wait = visit.headers.iter().find(|(name, _)| name == "retry-after").map(|(_, value)| safe(value, 40));
    Some(match wait {
        Some(wait) => Text::new(
            format!("Máy chủ trả mã {status}, đề nghị thử lại sau: {wait}."),
            format!("The server answered {status} and asks to wait: {wait}."),
        ),
        None => Text::new(format!("Máy chủ trả mã {status}."), format!("The server answered {status}.")),
    })
}

fn of_cause(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::NoSuchName => ("Tên miền này không tồn tại trong DNS.", "There is no such name in DNS."),
        Cause::TimeoutDns => ("Quá thời gian khi phân giải tên miền.", "Time ran out while the name was resolved."),
        Cause::TimeoutConnect => ("Quá thời gian khi kết nối.", "Time ran out while connecting."),
        Cause::TimeoutTls => ("Quá thời gian khi bắt tay TLS.", "Time ran out in the TLS handshake."),
        Cause::TimeoutFirstByte => {
            ("Đã kết nối nhưng máy chủ không trả lời kịp.", "It connected, but the server did not answer in time.")
        }
        Cause::TimeoutBody => ("Nội dung đến quá chậm, chưa nhận đủ.", "The body came too slowly and is not complete."),
        Cause::BrokeOffInBody => ("Kết nối bị ngắt khi đang nhận nội dung.", "The connection broke off in the body."),
        Cause::BodyEncoding => (
            "Nội dung nén bị hỏng hoặc không đầy đủ.",
            "The body's compression (Content-Encoding) is damaged or incomplete.",
        ),
        Cause::TooManyRedirects => {
            ("Số lần chuyển hướng vượt `--max-redirects`.", "There are more redirects than `--max-redirects`.")
        }
        Cause::Deadline => ("Đã hết thời gian `--deadline` của cả lần chạy.", "The run's `--deadline` was over."),
        Cause::NotTls => ("Cổng này không nói TLS.", "This port does not speak TLS."),
        Cause::OldTls => (
            "Máy chủ chỉ dùng phiên bản TLS hoặc bộ mã hóa đã lỗi thời (cần TLS 1.2 trở lên).",
            "The server offers outdated TLS versions or ciphers only (TLS 1.2 or later is needed).",
        ),
        Cause::SelfSigned => ("Chứng thư tự ký.", "The certificate is self-signed."),
        Cause::UnknownRoot => (
            "Chuỗi chứng thư dẫn tới một chứng thư gốc không được tin cậy trên máy này (hoặc còn thiếu chứng thư trung gian).",
            "The chain leads to a root that is not trusted on this machine (or lacks a further intermediate).",
        ),
    }
}
