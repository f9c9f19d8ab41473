//! The two rungs that are events: the library answered and ran; a request with the id in force and this page's
//! address was seen. What the tracker's own server or library does is never the site's fault.

use serde_json::Value;
use url::Url;

use super::Question;
use super::queue::arg;
use crate::check::place::shown_address;
use crate::check::tracker::{Beyond, Standing, Trouble};
use crate::finding::Evidence;
use crate::policy::Reach;
use crate::snapshot::{Arg, Gap, LibraryFrom, Sent};

/// Raises a configured standing as far as events were seen, and says what keeps it from the next.
pub(super) fn climb(question: &Question<'_>, standing: &mut Standing, trouble: Option<Gap>) {
    let run = question.run;
    if question.rendered.library == LibraryFrom::StandIn {
        standing.beyond = Some(Beyond::Open(Gap::NoData, simulated()));
        return;
    }
    let status = run.library.as_ref().and_then(|l| l.status);
    let answered = status.map_or(Some(Gap::NoData), Gap::of_status);
    if let Some(gap) = trouble.or(answered) {
        standing.beyond = Some(Beyond::Open(gap, unavailable(gap)));
        return;
    }
    standing.reached = Some(Reach::Loaded);
    let declared = question.subject.site.emc_site_id.clone();
    let Some(id) = declared.or_else(|| in_force(question)) else {
        standing.beyond = Some(Beyond::Open(Gap::NoData, nothing_sent(0)));
        return;
    };
    let home = [&question.rendered.address, &question.page.address];
    let of_page: Vec<&Sent> = run.sent.iter().filter(|sent| names_page(sent, &home)).collect();
    // Several arrive in an order of their own: the same one of them is shown of each visit.
    let fitting = of_page.iter().filter(|sent| sent.values.contains(&id));
    if let Some(sent) = fitting.min_by_key(|sent| (&sent.method, &sent.url)) {
        standing.reached = Some(Reach::Sent);
        standing.evidence.push(Evidence::Request {
            method: crate::finding::safe(&sent.method, 20),
            url: shown_address(&sent.url),
            status: None,
        });
        return;
    }
    let others = || standing.ids.iter().filter(|known| **known != id);
    let other = others().find(|known| of_page.iter().any(|sent| sent.values.contains(known)));
    standing.beyond = Some(match other {
        Some(other) => Beyond::Fault(
            Trouble::new(
                "site-id-mismatch",
                format!("Yêu cầu gửi đi mang mã số {other}, không phải {id}."),
                format!("The request that was sent carries the id {other}, not {id}."),
            )
            .placed(standing.id_places.clone())
            .wants(&id, other.clone()),
        ),
        None => Beyond::Open(Gap::NoData, nothing_sent(run.sent.len())),
    });
}

/// The id that the library goes by: the last one on the queue.
fn in_force(question: &Question<'_>) -> Option<String> {
    let queue = question.run.queue.as_deref().unwrap_or_default().iter().rev();
    let sets = |command: &&Vec<Value>| command.first().and_then(Value::as_str) == Some(&question.tracker.calls.site_id);
    queue.filter(sets).find_map(|command| match arg(command.get(1)?) {
        Arg::Known(id) => Some(id),
        Arg::Other(_) | Arg::Unknown => None,
    })
}

/// Whether a request tells the page's address, in a value or as where it comes from.
fn names_page(sent: &Sent, home: &[&Url]) -> bool {
    let is_home = |text: &String| Url::parse(text).is_ok_and(|url| home.iter().any(|home| plain(&url) == plain(home)));
    sent.values.iter().chain(&sent.referer).any(is_home)
}

/// An address without its fragment and final slash.
fn plain(url: &Url) -> (String, String, Option<&str>) {
    (url.origin().ascii_serialization(), url.path().trim_end_matches('/').to_owned(), url.query())
}

fn simulated() -> Trouble {
    Trouble::new(
        "simulated",
        "Thư viện giám sát được mô phỏng nên không biết thư viện thật có được tải và có gửi dữ liệu hay không.",
        "The library was simulated, so it is not known whether the real one loads and sends.",
    )
}

fn unavailable(gap: Gap) -> Trouble {
    let gap = gap.name();
    Trouble::new(
        "library-unavailable",
        format!("Máy chủ giám sát không đưa được thư viện chạy được ({gap}); đó không phải lỗi của trang."),
        format!("The tracker's server gave no library that runs ({gap}); that is not the site's doing."),
    )
}

fn nothing_sent(others: usize) -> Trouble {
    if others == 0 {
        return Trouble::new(
            "nothing-sent",
            "Thư viện giám sát đã chạy nhưng không thấy gửi yêu cầu nào tới máy chủ nhận dữ liệu.",
            "The library ran, but no request to the collector was seen.",
        );
    }
    Trouble::new(
        "nothing-sent",
        format!(
            "Có {others} yêu cầu tới máy chủ nhận dữ liệu, nhưng không yêu cầu nào mang mã số và địa chỉ của trang."
        ),
        format!("{others} requests to the collector were seen, but none carries this page's id and address."),
    )
}
