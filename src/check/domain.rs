//! `domain`: the site's host name against the policy's pattern.

use url::Url;

use super::{Decided, Judged};
use crate::finding::{Basis, Evidence};
use crate::policy::{DomainCheck, Text, compiled};
use crate::site::{Site, host_key};
use crate::snapshot::Gap;

pub(super) fn judge(check: &DomainCheck, site: &Site) -> Judged {
    let Some(host) = site.url.as_ref().and_then(host_key) else {
        return Ok(Decided::not_applicable(
            "no-address",
            Text::new(
                "Chưa khai báo địa chỉ của trang (dùng --url hoặc khóa url trong sites.yml).",
                "The site's address is not declared (use --url, or the key url in sites.yml).",
            ),
        ));
    };
    let pattern = check.pattern.value().ok_or(Gap::NoData)?;
    // Policies are valid by construction; a pattern that does not compile means a policy that was not loaded.
    let regex = compiled(pattern).ok_or(Gap::NoData)?;
    let excepted = check.except.iter().any(|e| e.eq_ignore_ascii_case(&host) || is_url_of(e, &host));
    let fits = regex.is_match(&host) || excepted;
    let mut decided = if fits {
        Decided::pass(Text::new(format!("Tên miền {host} đúng mẫu."), format!("The domain {host} fits the pattern.")))
    } else {
        Decided::fail(
            "domain-pattern",
            Text::new(
                format!("Tên miền {host} không theo mẫu {pattern}."),
                format!("The domain {host} does not fit the pattern {pattern}."),
            ),
        )
    };
    decided.grounds.basis = Some(Basis::Declared);
    decided.grounds.expected = Some(pattern.clone());
    decided.grounds.actual = Some(host.clone());
    decided.grounds.evidence = vec![Evidence::Statement { text: host }];
    Ok(decided)
}

fn is_url_of(text: &str, host: &str) -> bool {
    Url::parse(text).ok().and_then(|u| host_key(&u)).is_some_and(|h| h == host)
}
