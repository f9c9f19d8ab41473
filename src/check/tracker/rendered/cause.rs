//! Why the library did not run on a page although a browser showed it: what the page stopped, threw, put off or
//! left out. What the browser could not get hold of leaves the question open; nothing else does.

use url::Url;

use super::Question;
use crate::check::place::{place_of, shown_address, source_at, spot_of};
use crate::check::tracker::{Standing, Trouble, configured};
use crate::finding::{Place, safe};
use crate::site::{host_key, shown};
use crate::snapshot::{
    After, Blocked, FaultKind, Gap, Idle, LibraryFrom, PageFault, QueueFacts, ScriptFile, ScriptPlace, Source, Spot,
};

/// What kept the library from running.
#[derive(Debug)]
pub(super) enum Cause {
    /// The site's own doing, gravest first.
    Certain(Vec<Trouble>),
    /// Not to be told.
    Open(Gap, Trouble),
}

/// `seen` is what the queue and the loaders were in the browser and `climbed` the faults of that; `bytes` is where
/// the page's bytes would have it stand.
pub(super) fn of(question: &Question<'_>, seen: &QueueFacts, bytes: &Standing, climbed: Vec<Trouble>) -> Cause {
    let facts = question.facts;
    let written = !facts.commands.is_empty() || !facts.loads.is_empty();
    let nothing = seen.commands.is_empty() && seen.loads.is_empty();
    let asked = question.run.library.is_some();
    let stopped = match stopped(question) {
        Some(Cause::Open(gap, trouble)) => return Cause::Open(gap, trouble),
        Some(Cause::Certain(stopped)) => stopped,
        None => match threw(question, nothing || asked, written && !bytes.faults.is_empty()) {
            // What it misses may stand in a script that could not be had.
            Some((fault, _))
                if misses_something(fault)
                    && let Some((gap, trouble)) = unread(question) =>
            {
                return Cause::Open(gap, trouble);
            }
            threw => threw.map(|(_, trouble)| trouble).into_iter().collect(),
        },
    };
    // What the bytes know of the loader says more than that none was seen.
    let known = if written && !asked { bytes.faults.clone() } else { Vec::new() };
    let missing = |trouble: &Trouble| trouble.code == "library-missing" && (!known.is_empty() || !stopped.is_empty());
    let rest: Vec<Trouble> = climbed.into_iter().filter(|t| !missing(t)).collect();
    let certain: Vec<Trouble> = stopped.into_iter().chain(known).collect();
    if !certain.is_empty() || (asked && !rest.is_empty()) {
        return Cause::Certain(certain.into_iter().chain(rest).collect());
    }
    if asked {
        let trouble = Trouble::new(
            "library-not-run",
            "Trang có yêu cầu tệp thư viện giám sát nhưng trình duyệt không thấy thư viện chạy.",
            "The page asked for the library's file, but the library was not seen to run.",
        );
        return Cause::Open(Gap::NoData, trouble);
    }
    let broken = bytes.faults.iter().find(|t| t.code == "script-syntax-error");
    if let Some(broken) = broken {
        return Cause::Certain(vec![broken.clone()]);
    }
    if let Some((gap, trouble)) = unread(question) {
        return Cause::Open(gap, trouble);
    }
    // An attempt that the bytes show is what a developer looks for first.
    let attempt: Vec<Trouble> =
        bytes.faults.iter().filter(|t| nothing && t.code != "snippet-missing").cloned().collect();
    if !attempt.is_empty() {
        return Cause::Certain(attempt);
    }
    if question.rendered.loaded_ms.is_none() {
        let trouble = Trouble::new(
            "load-unfinished",
            "Trang chưa tải xong trong thời hạn nên chưa thể nói là không có mã giám sát.",
            "The page did not finish loading in time, so it cannot be said that the snippet is not there.",
        );
        return Cause::Open(Gap::Timeout, trouble);
    }
    let certain: Vec<Trouble> = missing_file(question).into_iter().chain(rest).collect();
    if !certain.is_empty() {
        return Cause::Certain(certain);
    }
    Cause::Certain(vec![bytes.faults.first().cloned().unwrap_or_else(|| never_there(question))])
}

/// What the browser itself said of the library, or of the script that asks for it.
fn stopped(question: &Question<'_>) -> Option<Cause> {
    let run = question.run;
    if let Some(after) = &run.after {
        return Some(certain(put_off(question, after)));
    }
    if let Some(blocked) = run.library.as_ref().and_then(|library| library.blocked) {
        return Some(library_blocked(question, blocked));
    }
    if run.library.is_some() {
        return None;
    }
    if run.only_in_frame {
        let trouble = Trouble::new(
            "only-in-frame",
            "Thư viện giám sát chỉ chạy trong một khung (iframe), không chạy trên chính trang chủ.",
            "The library runs in a frame only, not in the home page itself.",
        );
        return Some(certain(trouble.placed(vec![Place::whole(&question.page.source.origin)])));
    }
    let faults = &question.rendered.faults;
    if let Some(fault) = faults.iter().find(|f| f.kind == FaultKind::Csp && is_snippets(f, question)) {
        return Some(certain(csp(question, fault)));
    }
    let mixed = faults.iter().find(|f| f.kind == FaultKind::MixedContent && is_snippets(f, question));
    mixed.map(|fault| {
        let url = fault.url.clone().unwrap_or_default();
        certain(mixed_content(question, &url).placed(places(question, fault.place.as_ref())))
    })
}

fn certain(trouble: Trouble) -> Cause {
    Cause::Certain(vec![trouble])
}

/// The library comes only after something that not every visitor does, or too late for those who leave.
fn put_off(question: &Question<'_>, after: &After) -> Trouble {
    let trouble = match after {
        After::Delay(ms) => Trouble::new(
            "delayed",
            format!(
                "Trang chỉ tải thư viện giám sát {ms} ms sau khi tải xong, lâu hơn thời gian chờ khi rà soát (có thể đặt lại)."
            ),
            format!("The page asks for the library only {ms} ms after load, later than the check waits (settable)."),
        ),
        After::Interaction => Trouble::new(
            "after-interaction",
            "Trang chỉ tải thư viện giám sát sau khi người dùng di chuột, gõ phím hoặc cuộn trang.",
            "The page asks for the library only after a person moves the pointer, presses a key or scrolls.",
        ),
        After::Consent(clicked) => {
            let clicked = safe(clicked, 80);
            Trouble::new(
                "after-consent",
                format!("Trang chỉ tải thư viện giám sát sau khi người dùng bấm đồng ý (“{clicked}”)."),
                format!("The page asks for the library only after a person agrees (“{clicked}”)."),
            )
        }
    };
    trouble.placed(asked_at(question))
}

fn library_blocked(question: &Question<'_>, blocked: Blocked) -> Cause {
    let library = question.run.library.as_ref();
    let url = library.map(|l| l.url.clone()).unwrap_or_default();
    let trouble = match (blocked, question.rendered.library) {
        (Blocked::Csp, _) => {
            let is_it =
                |f: &&PageFault| f.kind == FaultKind::Csp && f.url.as_deref().is_some_and(|u| same_file(u, &url));
            let text = question.rendered.faults.iter().find(is_it).map(|f| f.text.clone());
            library_by_csp(question, text.as_deref())
        }
        (Blocked::MixedContent, _) => mixed_content(question, &url),
        (Blocked::Integrity, LibraryFrom::Live) => Trouble::new(
            "integrity-blocks",
            "Thuộc tính integrity không khớp với thư viện giám sát nên trình duyệt không chạy thư viện.",
            "The integrity attribute does not fit the library, so the browser does not run it.",
        ),
        (Blocked::Integrity, LibraryFrom::StandIn) => {
            let trouble = Trouble::new(
                "integrity",
                "Trang tải thư viện giám sát kèm thuộc tính integrity; thư viện mô phỏng không thể khớp với thuộc tính đó.",
                "The page asks for the library with an integrity attribute, which the simulated library cannot fit.",
            );
            return Cause::Open(Gap::NoData, trouble.placed(asked_at(question)));
        }
        (Blocked::Other, _) => {
            let trouble = Trouble::new(
                "library-blocked",
                "Trình duyệt không dùng thư viện giám sát mà máy chủ trả về (CORS hoặc kiểu nội dung).",
                "The browser did not use the library that the server gave (CORS or content type).",
            );
            return Cause::Open(Gap::NoData, trouble.placed(asked_at(question)));
        }
    };
    certain(trouble.placed(asked_at(question)))
}

fn mixed_content(question: &Question<'_>, url: &str) -> Trouble {
    Trouble::new(
        "mixed-content",
        "Trang https gọi tệp của mã giám sát bằng http; trình duyệt đã chặn nội dung hỗn hợp.",
        "The page is https and asks for a file of the snippet by http; the browser blocked the mixed content.",
    )
    .wants(question.tracker.library.clone(), shown_address(url))
}

fn library_by_csp(question: &Question<'_>, text: Option<&str>) -> Trouble {
    Trouble::new(
        "csp-blocks",
        "Chính sách CSP của trang không cho tải thư viện giám sát; trình duyệt đã chặn.",
        "The page's content security policy does not allow the library; the browser blocked it.",
    )
    .wants(configured::host_of(&question.tracker.library), text.unwrap_or("Content-Security-Policy"))
}

fn csp(question: &Question<'_>, fault: &PageFault) -> Trouble {
    if fault.url.as_deref().is_some_and(|url| same_file(url, &question.tracker.library)) {
        return library_by_csp(question, Some(&fault.text)).placed(asked_at(question));
    }
    Trouble::new(
        "csp-blocks",
        "Chính sách CSP của trang không cho script chứa mã giám sát chạy; trình duyệt đã chặn.",
        "The page's content security policy keeps the script that holds the snippet from running; the browser blocked it.",
    )
    .at(spots(question).into_iter().take(1).cloned())
    .wants(configured::host_of(&question.tracker.library), fault.text.clone())
}

/// Whether what was stopped is the library, or a script that holds the snippet.
fn is_snippets(fault: &PageFault, question: &Question<'_>) -> bool {
    match &fault.url {
        Some(url) => same_file(url, &question.tracker.library) || holds_snippet(url, question),
        None => match &fault.place {
            Some(place) => around(place, question),
            None => spots(question).iter().any(|spot| std::sync::Arc::ptr_eq(&spot.source, &question.page.source)),
        },
    }
}

/// Whether a file that was read holds the snippet.
fn holds_snippet(url: &str, question: &Question<'_>) -> bool {
    let Some(source) = source_at(url, question.page) else { return false };
    let in_page = std::sync::Arc::ptr_eq(source, &question.page.source);
    !in_page && spots(question).iter().any(|spot| std::sync::Arc::ptr_eq(&spot.source, source))
}

/// Code of the page that has to do with the tracker and is meant to run.
fn spots<'a>(question: &Question<'a>) -> Vec<&'a Spot> {
    let facts = question.facts;
    // What stands after a script threw is dead because of that.
    let runs = |i: Idle| matches!(i, Idle::OtherUse | Idle::LocalQueue | Idle::Overwritten | Idle::DeadCode);
    let mentions = facts.mentions.iter().filter(|m| runs(m.idle)).map(|m| &m.spot);
    let commands = facts.commands.iter().map(|c| &c.spot);
    let loads = facts.loads.iter().map(|l| &l.spot);
    commands.chain(loads).chain(mentions).chain(facts.doubt.iter().map(|(_, spot)| spot)).collect()
}

/// Whether a place lies in a script that holds the snippet: its file, or the element of the page around it.
fn around(place: &ScriptPlace, question: &Question<'_>) -> bool {
    let page = question.page;
    let Some(source) = source_at(&place.url, page) else { return false };
    let own = spots(question).into_iter().filter(|spot| std::sync::Arc::ptr_eq(&spot.source, source));
    if !std::sync::Arc::ptr_eq(source, &page.source) {
        return own.count() > 0;
    }
    // A browser may name the tag or the text: lines tell enough.
    let line = |at: u32| page.source.position(at).line;
    let inline = page.scripts.iter().filter(|s| matches!(s.file, ScriptFile::Inline));
    let around: Vec<_> =
        inline.filter(|s| (line(s.tag.start)..=line(s.text.end)).contains(&place.line)).map(|s| s.text).collect();
    own.into_iter().any(|spot| around.iter().any(|t| t.start <= spot.span.start && spot.span.end <= t.end))
}

/// A script that threw before it asked for the library. `explained` says that the bytes already tell why it is
/// never asked for: then only an exception in the snippet's own script is one.
fn threw<'a>(question: &Question<'a>, settled: bool, explained: bool) -> Option<(&'a PageFault, Trouble)> {
    if question.run.library.is_some() {
        return None;
    }
    let exceptions = || question.rendered.faults.iter().filter(|f| f.kind == FaultKind::Exception);
    let own = exceptions().find(|f| f.place.as_ref().is_some_and(|place| around(place, question)));
    // Commands without a loader: whoever was to load it did not come to it.
    let fault = own.or_else(|| exceptions().next().filter(|_| !settled && !explained))?;
    let (text, at) = (safe(&fault.text, 200), fault.place.as_ref().map(|place| at(place, question)));
    let at = at.map(|at| format!(" ({at})")).unwrap_or_default();
    let trouble = Trouble::new(
        "script-threw",
        format!("Script chứa mã giám sát dừng giữa chừng vì lỗi{at}: {text}"),
        format!("The script that holds the snippet stopped half-way with an error{at}: {text}"),
    );
    Some((fault, trouble.placed(places(question, fault.place.as_ref()))))
}

/// A script stopped because something it uses is not there.
fn misses_something(fault: &PageFault) -> bool {
    ["is not defined", "is not a function", "is not a constructor", "undefined"].iter().any(|s| fault.text.contains(s))
}

/// A place in words.
fn at(place: &ScriptPlace, question: &Question<'_>) -> String {
    let found = place_of(place, question.page);
    let name = found.path.or(found.url).unwrap_or_default();
    format!("{}:{}", safe(&name, 200), place.line)
}

fn places(question: &Question<'_>, place: Option<&ScriptPlace>) -> Vec<Place> {
    vec![place.map_or_else(|| Place::whole(&question.page.source.origin), |place| place_of(place, question.page))]
}

/// Where the page asks for the library.
fn asked_at(question: &Question<'_>) -> Vec<Place> {
    let written = question.facts.loads.first().map(|load| load.spot.clone());
    let by = question.run.library.as_ref().and_then(|library| library.by.as_ref());
    let found = written.or_else(|| by.and_then(|place| spot_of(place, question.page)));
    match found {
        Some(spot) => vec![Place::within(&spot.source, spot.span)],
        None => places(question, by),
    }
}

/// Scripts that may hold the snippet and that could not be had.
fn unread(question: &Question<'_>) -> Option<(Gap, Trouble)> {
    let (gap, fault) = scripts(question).find_map(|(fault, own)| match fault.kind {
        FaultKind::ScriptGap(gap) => Some((gap, fault)),
        // A page that is not there is the site's; a server that is busy may give it the next time.
        FaultKind::ScriptStatus(status) if own => {
            Gap::of_status(status).filter(|gap| *gap != Gap::NotFound).map(|gap| (gap, fault))
        }
        _ => None,
    })?;
    let (url, name) = (shown_address(fault.url.as_deref().unwrap_or_default()), gap.name());
    let trouble = Trouble::new(
        "script-unread",
        format!(
            "Không thấy mã giám sát, nhưng trình duyệt không lấy được script {url} ({name}); mã có thể nằm trong đó."
        ),
        format!("The snippet was not seen, but the script {url} could not be had ({name}); it may be in it."),
    );
    Some((gap, trouble.placed(asking_for(question, fault))))
}

/// A script of the site's own that is not there.
fn missing_file(question: &Question<'_>) -> Option<Trouble> {
    let gone = |kind: FaultKind| matches!(kind, FaultKind::ScriptStatus(s) if Gap::of_status(s) == Some(Gap::NotFound));
    let (fault, _) = scripts(question).find(|(fault, own)| *own && gone(fault.kind))?;
    let url = shown_address(fault.url.as_deref().unwrap_or_default());
    let trouble = Trouble::new(
        "script-missing",
        format!("Trang không có mã giám sát, và script {url} của chính trang không tồn tại."),
        format!("The page has no snippet, and its own script {url} does not exist."),
    );
    Some(trouble.placed(asking_for(question, fault)))
}

/// Faults of scripts other than the tracker's library, and whether each is on the site itself.
fn scripts<'a>(question: &Question<'a>) -> impl Iterator<Item = (&'a PageFault, bool)> {
    let (rendered, library) = (question.rendered, question.tracker.library.clone());
    let home = host_key(&rendered.address);
    rendered.faults.iter().filter_map(move |fault| {
        let url = fault.url.as_deref().filter(|url| !same_file(url, &library))?;
        let own = Url::parse(url).ok().and_then(|url| host_key(&url)).is_some_and(|host| Some(host) == home);
        Some((fault, own))
    })
}

/// Where the page asks for a script.
fn asking_for(question: &Question<'_>, fault: &PageFault) -> Vec<Place> {
    let page = question.page;
    let url = fault.url.as_deref().and_then(|url| Url::parse(url).ok());
    let script =
        url.and_then(|url| page.scripts.iter().find(|s| s.url.as_ref().is_some_and(|u| shown(u) == shown(&url))));
    let source: &Source = &page.source;
    vec![script.map_or_else(|| Place::whole(&source.origin), |script| Place::of(source, script.tag))]
}

/// The bytes seemed to have it, and the browser never saw it.
fn never_there(question: &Question<'_>) -> Trouble {
    let queue = &question.tracker.queue;
    let trouble = Trouble::new(
        "snippet-missing",
        format!("Trong trình duyệt, trang không tạo hàng đợi {queue} và không tải thư viện giám sát."),
        format!("In a browser the page neither makes the queue {queue} nor asks for the library."),
    );
    match spots(question).first() {
        Some(spot) => trouble.at([(*spot).clone()]),
        None => trouble.placed(vec![Place::whole(&question.page.source.origin)]),
    }
}

/// Whether two addresses name one file, whatever the scheme and query.
pub(super) fn same_file(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (Url::parse(one), Url::parse(other)) else { return false };
    one.host_str() == other.host_str() && one.path().trim_end_matches('/') == other.path().trim_end_matches('/')
}
