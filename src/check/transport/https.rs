//! https only: the home page comes over https, no hop leaves it, and the plain http address leads there or serves
//! nothing. What was served in clear fails whatever else could not be seen; what did not answer stays open.

use url::Url;

use super::{SHOWN_TEXT, Way, is_https, request};
use crate::check::{Decided, Judged, Unseen, note};
use crate::finding::{Note, NoteLevel, safe};
use crate::policy::Text;
use crate::site::{HostMatch, same_site, shown};
use crate::snapshot::{Gap, PlainHttp};

pub(super) fn judge(way: &Way<'_>) -> Judged {
    let end = match way.served() {
        Ok(end) => end,
        Err(gap) => return unseen(gap, way),
    };
    let all = way.addresses();
    if let Some(pair) = all.windows(2).find(|pair| is_https(&pair[0]) && !is_https(&pair[1])) {
        return Ok(downgrade(&pair[0], &pair[1], way));
    }
    if !is_https(&end) {
        return Ok(way.without_tls(&end));
    }
    let mut pass = Decided::pass(Text::new("Trang chỉ phục vụ qua https.", "The site is served over https only."));
    pass.grounds.evidence = way.requests();
    pass.grounds.expected = Some("https".to_owned());
    pass.grounds.actual = Some(safe(&shown(&end), SHOWN_TEXT));
    let plain = match &way.visit.plain {
        Some(plain) => plain,
        // The visit itself began there, and was led to https.
        None if way.address.scheme() == "http" => return Ok(pass),
        None if way.address.port().is_some() => {
            pass.grounds.notes.push(note(
                "http-not-asked",
                NoteLevel::Info,
                Text::new(
                    "Trang dùng cổng mạng riêng nên không có địa chỉ http tương ứng để hỏi.",
                    "The site has a port of its own, so there is no plain http address to ask.",
                ),
                Vec::new(),
            ));
            return Ok(pass);
        }
        None => {
            let mut missing = Unseen::new(
                Gap::NoData,
                "plain-not-asked",
                Text::new(
                    "Trang có https, nhưng địa chỉ http của trang chưa được hỏi nên chưa kết luận được.",
                    "The site has https, but its plain http address was not asked for, so nothing can be said.",
                ),
            );
            missing.grounds.evidence = way.requests();
            return Err(missing);
        }
    };
    pass.grounds.evidence.push(request(&plain_address(way), plain.status));
    match led(plain, way) {
        Led::ToHttps(notes) | Led::Nowhere(notes) => {
            pass.grounds.notes = notes;
            Ok(pass)
        }
        Led::InClear(at) => Ok(in_clear(&at, plain, way)),
        Led::Unknown(gap) => Err(Way::open(gap, pass.grounds.evidence)),
    }
}

/// The home page was not seen over https. That http serves in clear is a fault all the same when https is shut or
/// refused by every browser; beside a challenge or a block it may be no more than another of these.
fn unseen(gap: Gap, way: &Way<'_>) -> Judged {
    let shut = gap == Gap::Refused || way.tls_fault().is_some();
    if shut
        && let Some(plain) = &way.visit.plain
        && let Led::InClear(at) = led(plain, way)
    {
        let mut decided = in_clear(&at, plain, way);
        if gap == Gap::Refused {
            decided.grounds.code = Some("no-https");
            decided.grounds.reason = Text::new(
                format!("Máy chủ từ chối kết nối https, trong khi trang vẫn phục vụ không mã hóa tại {at}."),
                format!("The server refuses https connections while the site is served in clear at {at}."),
            );
        }
        return Ok(decided);
    }
    Err(Way::open(gap, way.requests()))
}

fn downgrade(from: &Url, to: &Url, way: &Way<'_>) -> Decided {
    let (from, to) = (safe(&shown(from), SHOWN_TEXT), safe(&shown(to), SHOWN_TEXT));
    let mut decided = Decided::fail(
        "https-downgrade",
        Text::new(
            format!("Trang chuyển hướng từ https về http: {from} → {to}."),
            format!("The site redirects from https back to http: {from} → {to}."),
        ),
    );
    decided.grounds.evidence = way.requests();
    decided.grounds.expected = Some("https".to_owned());
    decided.grounds.actual = Some(to);
    decided
}

fn in_clear(at: &str, plain: &PlainHttp, way: &Way<'_>) -> Decided {
    let mut decided = Decided::fail(
        "http-not-redirected",
        Text::new(
            format!("Địa chỉ http vẫn phục vụ trang không mã hóa tại {at} thay vì chuyển sang https."),
            format!("The plain http address serves the site in clear at {at} instead of leading to https."),
        ),
    );
    decided.grounds.evidence = way.requests();
    decided.grounds.evidence.push(request(&plain_address(way), plain.status));
    decided.grounds.expected = Some("https".to_owned());
    decided.grounds.actual = Some(at.to_owned());
    decided
}

/// What the plain http address does with a visitor.
enum Led {
    /// Sends on to https.
    ToHttps(Vec<Note>),
    /// Serves nothing in clear.
    Nowhere(Vec<Note>),
    /// Serves a page in clear, here.
    InClear(String),
    /// Could not be seen.
    Unknown(Gap),
}

fn led(plain: &PlainHttp, way: &Way<'_>) -> Led {
    let to = plain.leads_to.as_deref().and_then(|url| Url::parse(url).ok());
    let own = |url: &Url| {
        way.site.url.iter().chain(&way.site.aliases).any(|declared| same_site(url, declared) != HostMatch::Other)
    };
    let warning = |code, vi: &str, en: &str, at: &Url| {
        let at = safe(&shown(at), SHOWN_TEXT);
        vec![note(code, NoteLevel::Warning, Text::new(format!("{vi} {at}."), format!("{en} {at}.")), Vec::new())]
    };
    match (&to, plain.gap, plain.status) {
        (Some(to), gap, _) if is_https(to) => Led::ToHttps(if !own(to) {
            warning(
                "http-leads-elsewhere",
                "Địa chỉ http chuyển sang một trang khác:",
                "The plain http address leads to another site:",
                to,
            )
        } else if gap.is_some() {
            warning(
                "http-leads-to-fault",
                "Địa chỉ http chuyển sang một địa chỉ https không mở được:",
                "The plain http address leads to an https address that could not be opened:",
                to,
            )
        } else {
            Vec::new()
        }),
        (_, Some(Gap::Refused), _) => Led::Nowhere(vec![note(
            "http-closed",
            NoteLevel::Info,
            Text::new(
                "Cổng mạng 80 (http) không nhận kết nối nên không có nội dung nào được truyền không mã hóa.",
                "Port 80 (http) takes no connection, so nothing is served in clear.",
            ),
            Vec::new(),
        )]),
        // There is an answer, and it is not the page: who types the name without https gets stuck here.
        (to, Some(Gap::NotFound | Gap::HttpError) | None, Some(400 | 404 | 410 | 421 | 426)) => {
            let at = to.clone().unwrap_or_else(|| way.address.clone());
            Led::Nowhere(warning(
                "http-dead-end",
                "Địa chỉ http không phục vụ trang mà cũng không chuyển sang https:",
                "The plain http address neither serves the site nor leads to https:",
                &at,
            ))
        }
        (_, Some(gap), _) => Led::Unknown(gap),
        // Whatever answers at another site is not this one; it may stand between.
        (Some(to), None, _) if !own(to) => Led::Unknown(Gap::RedirectOffSite),
        (to, None, Some(200..=299)) => {
            Led::InClear(to.as_ref().map_or_else(|| plain_address(way), |to| safe(&shown(to), SHOWN_TEXT)))
        }
        (_, None, Some(401 | 403 | 407 | 451)) => Led::Unknown(Gap::Blocked),
        (_, None, Some(429)) => Led::Unknown(Gap::RateLimited),
        (_, None, Some(500..=599)) => Led::Unknown(Gap::ServerError),
        (_, None, Some(_)) => Led::Unknown(Gap::HttpError),
        (_, None, None) => Led::Unknown(Gap::NoData),
    }
}

/// The address that a name typed without a scheme leads to.
fn plain_address(way: &Way<'_>) -> String {
    let host = way.address.host_str().unwrap_or_default();
    safe(&format!("http://{host}{}", way.address.path()), SHOWN_TEXT)
}
