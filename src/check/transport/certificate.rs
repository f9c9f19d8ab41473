//! The certificate: how long it holds, and what a refused one showed. What was refused is a fact about the site only
//! when the certificates themselves show the fault; a root that merely is not known here leaves the answer open.

use super::{Way, is_https};
use crate::check::{Decided, Judged, note};
use crate::finding::{Evidence, NoteLevel, safe};
use crate::policy::Text;
use crate::snapshot::{Certificate, Gap};

const DAY: i64 = 86_400;
/// Longest name of a certificate in a message, in characters.
const SHOWN_NAME: usize = 100;
/// Most names of a certificate in a message.
const SHOWN_NAMES: usize = 5;

pub(super) fn judge(days: u32, way: &Way<'_>) -> Judged {
    if let Some(fault) = way.tls_fault() {
        return refused(fault, way);
    }
    let end = way.answered()?;
    if !is_https(&end) {
        return Ok(way.without_tls(&end));
    }
    let (leaf, others) = way.chain().split_first().ok_or(way.gap.unwrap_or(Gap::NoData))?;
    let (left, wanted) = (left(leaf, way.now), i64::from(days) * DAY);
    let mut decided = if left < 0 {
        expired(leaf, way)
    } else if left < wanted {
        ends_soon("certificate-expiring", &Text::new("Chứng thư số", "The certificate"), leaf, days, way)
    } else {
        accepted(leaf, others, days, way)
    };
    decided.grounds.evidence.extend(way.certificates());
    Ok(decided)
}

/// A leaf that holds long enough; of the rest of the chain only its issuer is needed for certain.
fn accepted(leaf: &Certificate, others: &[Certificate], days: u32, way: &Way<'_>) -> Decided {
    let soon = |c: &&Certificate| !is_self_signed(c) && left(c, way.now) < i64::from(days) * DAY;
    let issuer = others.iter().filter(|c| c.subject == leaf.issuer && !is_self_signed(c)).max_by_key(|c| c.not_after);
    // One that is past already was not needed: the server was accepted without it.
    if let Some(issuer) = issuer.filter(soon).filter(|c| left(c, way.now) >= 0) {
        let what = Text::new(
            format!("Chứng thư trung gian {}", named(&issuer.subject)),
            format!("The intermediate certificate {}", named(&issuer.subject)),
        );
        return ends_soon("intermediate-expiring", &what, issuer, days, way);
    }
    let (n, until, by) = (left(leaf, way.now) / DAY, instant(leaf.not_after), named(&leaf.issuer));
    let mut decided = Decided::pass(Text::new(
        format!("Chứng thư số còn hạn {n} ngày (đến {}), do {by} cấp.", until.vi),
        format!("The certificate holds for {n} more days (until {}); issued by {by}.", until.en),
    ));
    say_days(&mut decided, leaf, days, way);
    // The issuer itself is among them when a newer one of the same name stands beside it, or it is past.
    if let Some(other) = others.iter().find(soon) {
        decided.grounds.notes.push(note(
            "chain-expiring",
            NoteLevel::Warning,
            Text::new(
                format!(
                    "Chuỗi chứng thư có {} hết hạn lúc {}; thiết bị cũ có thể không mở được trang.",
                    named(&other.subject),
                    instant(other.not_after).vi
                ),
                format!(
                    "The chain holds {}, which ends at {}; old devices may refuse the site.",
                    named(&other.subject),
                    instant(other.not_after).en
                ),
            ),
            Vec::new(),
        ));
    }
    decided
}

fn ends_soon(code: &'static str, what: &Text, which: &Certificate, days: u32, way: &Way<'_>) -> Decided {
    let n = left(which, way.now) / DAY;
    let Text { vi: until_vi, en: until_en } = instant(which.not_after);
    let mut decided = Decided::fail(
        code,
        Text::new(
            format!("{} chỉ còn hạn {n} ngày (đến {until_vi}), cần còn ít nhất {days} ngày.", what.vi),
            format!("{} holds for only {n} more days (until {until_en}), at least {days} are wanted.", what.en),
        ),
    );
    say_days(&mut decided, which, days, way);
    decided
}

fn say_days(decided: &mut Decided, which: &Certificate, days: u32, way: &Way<'_>) {
    let n = left(which, way.now) / DAY;
    decided.grounds.expected = Some(format!("≥ {days}"));
    decided.grounds.actual = Some(n.to_string());
    decided.grounds.evidence =
        vec![Evidence::Measure { name: "certificate-days-left".to_owned(), value: n.to_string() }];
}

fn expired(which: &Certificate, way: &Way<'_>) -> Decided {
    let Text { vi: until_vi, en: until_en } = instant(which.not_after);
    let Text { vi: now_vi, en: now_en } = instant(way.now);
    let leaf = way.chain().first().is_none_or(|leaf| leaf.sha256 == which.sha256);
    let mut decided = if leaf {
        Decided::fail(
            "certificate-expired",
            Text::new(
                format!("Chứng thư số đã hết hạn lúc {until_vi} (kiểm tra lúc {now_vi})."),
                format!("The certificate expired at {until_en} (checked at {now_en})."),
            ),
        )
    } else {
        let name = named(&which.subject);
        Decided::fail(
            "intermediate-expired",
            Text::new(
                format!("Chứng thư trung gian {name} đã hết hạn lúc {until_vi} (kiểm tra lúc {now_vi})."),
                format!("The intermediate certificate {name} expired at {until_en} (checked at {now_en})."),
            ),
        )
    };
    decided.grounds.actual = Some(which.not_after.to_string());
    decided
}

fn not_yet(which: &Certificate, way: &Way<'_>) -> Decided {
    let Text { vi: from_vi, en: from_en } = instant(which.not_before);
    let Text { vi: now_vi, en: now_en } = instant(way.now);
    let mut decided = Decided::fail(
        "certificate-not-yet-valid",
        Text::new(
            format!(
                "Chứng thư số chỉ có hiệu lực từ {from_vi} (kiểm tra lúc {now_vi}; hãy chắc chắn đồng hồ của máy kiểm tra đúng)."
            ),
            format!(
                "The certificate holds from {from_en} only (checked at {now_en}; make sure this machine's clock is right)."
            ),
        ),
    );
    decided.grounds.actual = Some(which.not_before.to_string());
    decided
}

/// The connection was refused because of its certificate.
fn refused(fault: Gap, way: &Way<'_>) -> Judged {
    let chain = way.chain();
    let leaf = chain.first();
    // What a certificate says of itself holds, whatever else was found wrong with it first.
    let own = leaf.and_then(|leaf| {
        if left(leaf, way.now) < 0 {
            Some(expired(leaf, way))
        } else if leaf.not_before > way.now {
            Some(not_yet(leaf, way))
        } else {
            None
        }
    });
    let decided = own.or_else(|| match fault {
        Gap::TlsExpired => match chain.iter().filter(|c| !is_self_signed(c)).min_by_key(|c| c.not_after) {
            None => unnamed("certificate-expired", "Chứng thư số đã hết hạn.", "The certificate has expired."),
            // It may have ended while the run was under way; else the clocks disagree, and nothing is certain.
            Some(first) => (left(first, way.now) < DAY).then(|| expired(first, way)),
        },
        Gap::TlsNotYetValid => match chain.iter().max_by_key(|c| c.not_before) {
            None => unnamed(
                "certificate-not-yet-valid",
                "Chứng thư số chưa đến ngày có hiệu lực.",
                "The certificate is not valid yet.",
            ),
            Some(last) => (last.not_before > way.now).then(|| not_yet(last, way)),
        },
        Gap::TlsWrongHost => Some(wrong_host(leaf, way)),
        Gap::TlsUntrusted => leaf.filter(|leaf| is_self_signed(leaf)).map(self_signed),
        // Roots are not sent; a chain that ends below a root unknown here is complete for those who know it.
        Gap::TlsIncompleteChain => {
            leaf.filter(|leaf| !chain.iter().skip(1).any(|c| c.subject == leaf.issuer)).map(incomplete)
        }
        _ => None,
    });
    match decided {
        Some(mut decided) => {
            decided.grounds.evidence.extend(way.certificates());
            Ok(decided)
        }
        None => Err(Way::open(fault, way.certificates())),
    }
}

fn unnamed(code: &'static str, vi: &str, en: &str) -> Option<Decided> {
    Some(Decided::fail(code, Text::new(vi, en)))
}

fn wrong_host(leaf: Option<&Certificate>, way: &Way<'_>) -> Decided {
    let host = way.address.host_str().unwrap_or_default();
    let names = leaf.map(|leaf| leaf.names.as_slice()).unwrap_or_default();
    let mut shown: Vec<String> = names.iter().take(SHOWN_NAMES).map(|n| safe(n, SHOWN_NAME)).collect();
    if names.len() > SHOWN_NAMES {
        shown.push("…".to_owned());
    }
    let list = shown.join(", ");
    let (vi, en) = if list.is_empty() {
        (String::new(), String::new())
    } else {
        (format!(" (chỉ cấp cho: {list})"), format!(" (only for: {list})"))
    };
    let mut decided = Decided::fail(
        "certificate-wrong-host",
        Text::new(
            format!("Chứng thư số không cấp cho tên miền của trang{vi}."),
            format!("The certificate is not for the site's host name{en}."),
        ),
    );
    // After a redirect it is another name of the site that was refused.
    decided.grounds.expected = Some(host.to_owned()).filter(|_| way.visit.hops.is_empty());
    decided.grounds.actual = Some(list).filter(|l| !l.is_empty());
    decided
}

fn self_signed(leaf: &Certificate) -> Decided {
    let name = named(&leaf.subject);
    Decided::fail(
        "certificate-self-signed",
        Text::new(
            format!("Chứng thư số tự ký ({name}) nên trình duyệt cảnh báo không an toàn."),
            format!("The certificate is self-signed ({name}); browsers warn their users."),
        ),
    )
}

fn incomplete(leaf: &Certificate) -> Decided {
    let issuer = named(&leaf.issuer);
    let mut decided = Decided::fail(
        "chain-incomplete",
        Text::new(
            format!(
                "Máy chủ không gửi kèm chứng thư trung gian {issuer}; nhiều thiết bị và phần mềm không mở được trang."
            ),
            format!(
                "The server does not send the intermediate certificate {issuer}; many devices and programs refuse the site."
            ),
        ),
    );
    decided.grounds.expected = Some(issuer.clone());
    decided.grounds.evidence = vec![Evidence::Absence { what: issuer }];
    decided
}

/// Seconds a certificate still holds, its last second included; negative when it is past.
fn left(certificate: &Certificate, now: jiff::Timestamp) -> i64 {
    certificate.not_after.as_second() - now.as_second()
}

fn is_self_signed(certificate: &Certificate) -> bool {
    certificate.self_signed
}

fn named(name: &str) -> String {
    safe(name, SHOWN_NAME)
}

/// To the minute, as each language writes it.
fn instant(at: jiff::Timestamp) -> Text {
    Text::new(at.strftime("%d/%m/%Y %H:%M UTC").to_string(), at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}
