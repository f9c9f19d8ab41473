//! The least version of TLS: the one the server agreed on with a client that offers the newest.

use super::{Way, is_https};
use crate::check::{Decided, Judged};
use crate::finding::{Evidence, safe};
use crate::policy::{Text, TlsVersion};
use crate::snapshot::Gap;

pub(super) fn judge(least: TlsVersion, way: &Way<'_>) -> Judged {
    let agreed = way.visit.tls.as_ref().and_then(|tls| tls.version.as_deref());
    let gap = match (way.tls_fault(), way.answered()) {
        // A certificate is refused after the version was agreed on.
        (Some(fault), _) => fault,
        (None, Ok(end)) if !is_https(&end) => return Ok(way.without_tls(&end)),
        (None, Ok(_)) => way.gap.unwrap_or(Gap::NoData),
        (None, Err(gap)) => return Err(gap.into()),
    };
    let (Some(agreed), Some(minor)) = (agreed, agreed.and_then(minor)) else {
        return Err(Way::open(gap, way.certificates()));
    };
    let (wanted, name) = match least {
        TlsVersion::Tls12 => (2, "1.2"),
        TlsVersion::Tls13 => (3, "1.3"),
    };
    let agreed = safe(agreed, 20);
    let mut decided = if minor >= wanted {
        Decided::pass(Text::new(
            format!("Máy chủ kết nối bằng TLS {agreed}."),
            format!("The server connects with TLS {agreed}."),
        ))
    } else {
        Decided::fail(
            "tls-old",
            Text::new(
                format!("Máy chủ chỉ kết nối được bằng TLS {agreed}, cần TLS {name} trở lên."),
                format!("The server connects with TLS {agreed} at best, TLS {name} or newer is wanted."),
            ),
        )
    };
    decided.grounds.evidence = vec![Evidence::Measure { name: "tls".to_owned(), value: agreed.clone() }];
    decided.grounds.expected = Some(format!("TLS {name}"));
    decided.grounds.actual = Some(format!("TLS {agreed}"));
    Ok(decided)
}

/// `3` of `1.3`.
fn minor(version: &str) -> Option<u8> {
    version.strip_prefix("1.")?.parse().ok()
}
