//! Strict-Transport-Security, read as RFC 6797 has browsers read it: only over TLS, only the first header, and
//! nothing at all from one that breaks the grammar.

use std::collections::BTreeSet;

use super::{SHOWN_TEXT, Way, is_https};
use crate::check::{Decided, Judged, note};
use crate::finding::{Evidence, NoteLevel, safe};
use crate::policy::Text;

const NAME: &str = "strict-transport-security";

pub(super) fn judge(least: u32, way: &Way<'_>) -> Judged {
    let end = way.served()?;
    if !is_https(&end) {
        return Ok(way.without_tls(&end));
    }
    let mut values = way.visit.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(NAME)).map(|(_, v)| v);
    let (first, more) = (values.next(), values.next().is_some());
    let mut decided = match first {
        None => {
            let mut missing = Decided::fail(
                "hsts-missing",
                Text::new(
                    "Câu trả lời của trang không có tiêu đề Strict-Transport-Security.",
                    "The site's answer has no header Strict-Transport-Security.",
                ),
            );
            missing.grounds.evidence = vec![Evidence::Absence { what: NAME.to_owned() }];
            missing
        }
        Some(value) => {
            let mut decided = of_value(value, least);
            let value = safe(value, SHOWN_TEXT);
            decided.grounds.evidence = vec![Evidence::Header { name: NAME.to_owned(), value: value.clone() }];
            decided.grounds.actual = Some(value);
            decided
        }
    };
    decided.grounds.expected = Some(format!("max-age ≥ {least}"));
    if more {
        decided.grounds.notes.push(note(
            "hsts-twice",
            NoteLevel::Warning,
            Text::new(
                "Tiêu đề Strict-Transport-Security được gửi nhiều lần; trình duyệt chỉ dùng tiêu đề đầu tiên.",
                "Strict-Transport-Security is sent more than once; browsers use the first only.",
            ),
            Vec::new(),
        ));
    }
    if let (Some(seen), Some(own)) = (end.host_str(), way.address.host_str())
        && seen != own
        && first.is_some()
    {
        decided.grounds.notes.push(note(
            "hsts-of-other-host",
            NoteLevel::Info,
            Text::new(
                format!(
                    "Tiêu đề được thấy tại {seen}; {own} cần gửi tiêu đề của riêng mình vì HSTS xét theo từng tên miền."
                ),
                format!("The header was seen at {seen}; {own} has to send its own, HSTS is kept for each host name."),
            ),
            Vec::new(),
        ));
    }
    Ok(decided)
}

fn of_value(value: &str, least: u32) -> Decided {
    match max_age(value) {
        None => Decided::fail(
            "hsts-invalid",
            Text::new(
                "Tiêu đề Strict-Transport-Security sai cú pháp hoặc thiếu max-age nên trình duyệt bỏ qua.",
                "Strict-Transport-Security breaks its grammar or lacks max-age, so browsers ignore it.",
            ),
        ),
        Some(0) => Decided::fail(
            "hsts-off",
            Text::new(
                "max-age=0 yêu cầu trình duyệt bỏ chế độ luôn dùng https.",
                "max-age=0 tells browsers to give up always using https.",
            ),
        ),
        Some(seconds) if seconds < u64::from(least) => Decided::fail(
            "hsts-short",
            Text::new(
                format!(
                    "Strict-Transport-Security có max-age={seconds} giây ({}), cần ít nhất {least} giây ({}).",
                    days(seconds).vi,
                    days(least.into()).vi
                ),
                format!(
                    "Strict-Transport-Security has max-age={seconds} seconds ({}), at least {least} ({}) is wanted.",
                    days(seconds).en,
                    days(least.into()).en
                ),
            ),
        ),
        Some(seconds) => Decided::pass(Text::new(
            format!("Strict-Transport-Security có max-age={seconds} giây ({}).", days(seconds).vi),
            format!("Strict-Transport-Security has max-age={seconds} seconds ({}).", days(seconds).en),
        )),
    }
}

fn days(seconds: u64) -> Text {
    let days = seconds / 86_400;
    Text::new(format!("{days} ngày"), if days == 1 { "1 day".to_owned() } else { format!("{days} days") })
}

/// `max-age` of a header that keeps the grammar; it must be there once, as a token or quoted. What is too large
/// to count is as good as for ever.
fn max_age(value: &str) -> Option<u64> {
    let mut found = None;
    let mut seen = BTreeSet::new();
    for directive in directives(value)? {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim_matches(BLANK), Some(value.trim_matches(BLANK))),
            None => (directive.trim_matches(BLANK), None),
        };
        if name.is_empty() && value.is_none() {
            continue;
        }
        let name = Some(name.to_ascii_lowercase()).filter(|n| is_token(n))?;
        let value = match value {
            Some(text) => Some(unquoted(text)?),
            None => None,
        };
        if name == "max-age" {
            let digits = value.as_deref().filter(|v| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit()))?;
            found = Some(digits.parse().unwrap_or(u64::MAX));
        }
        if !seen.insert(name) {
            return None;
        }
    }
    found
}

const BLANK: [char; 2] = [' ', '\t'];

/// The parts between semicolons that are not quoted; `None` when a quotation does not end.
fn directives(value: &str) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parts.push(value.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(value.get(start..)?);
    (!quoted).then_some(parts)
}

/// A token as it is, or a quotation without its marks.
fn unquoted(text: &str) -> Option<String> {
    let Some(inner) = text.strip_prefix('"') else { return is_token(text).then(|| text.to_owned()) };
    let inner = inner.strip_suffix('"')?;
    let (mut out, mut escaped) = (String::new(), false);
    for c in inner.chars() {
        match c {
            '\\' if !escaped => escaped = true,
            // A second quotation glued to the first.
            '"' if !escaped => return None,
            c => {
                out.push(c);
                escaped = false;
            }
        }
    }
    (!escaped).then_some(out)
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::max_age;

    #[test]
    fn max_age_is_read_as_browsers_do() {
        let rows: &[(&str, Option<u64>)] = &[
            ("max-age=31536000", Some(31_536_000)),
            ("MAX-AGE=31536000; includeSubDomains; preload", Some(31_536_000)),
            ("max-age=\"31536000\"", Some(31_536_000)),
            ("max-age=\"0\"", Some(0)),
            ("max-age=0", Some(0)),
            (" ;; includeSubDomains ;\tmax-age = 600 ; ", Some(600)),
            ("max-age=\"6\\00\"", Some(600)),
            ("max-age=99999999999999999999999", Some(u64::MAX)),
            ("includeSubDomains; preload", None),
            ("", None),
            ("max-age", None),
            ("max-age=", None),
            ("max-age=\"\"", None),
            ("max-age=-1", None),
            ("max-age=1.5", None),
            ("max-age=31536000s", None),
            ("max-age=1y", None),
            ("x-max-age=31536000", None),
            ("maxage=31536000", None),
            ("note=\"a; max-age=31536000\"", None),
            ("note=\"a; max-age=31536000\"; max-age=5", Some(5)),
            ("max-age=5; max-age=31536000", None),
            ("max-age=5; Max-Age=5", None),
            ("max-age=31536000, max-age=31536000", None),
            ("max-age=31536000 includeSubDomains", None),
            ("max-age=\"31536000", None),
            ("max-age=\"3\"\"1\"", None),
            ("max-age=٣١٥", None),
            ("=5; max-age=31536000", None),
            ("max-age=31536000; includeSubDomains; includeSubDomains", None),
        ];
        for (value, wanted) in rows {
            assert_eq!(max_age(value), *wanted, "{value}");
        }
    }
}
