//! A page on which nothing puts the tracker's commands on its queue: why, and whether the bytes can tell.

use super::{Standing, Trouble, queue_doubt, unread_scripts};
use crate::check::{Subject, note};
use crate::finding::{NoteLevel, Place};
use crate::policy::{Reach, Text, Tracker};
use crate::snapshot::{Gap, Idle, Mention, Page, QueueFacts, Script, ScriptFile, ScriptKind, Spot};

pub(super) fn stand(subject: &Subject<'_>, page: &Page, tracker: &Tracker, facts: &QueueFacts) -> Standing {
    let attempted = facts.mentions.iter().any(|m| m.idle != Idle::Markup);
    let mut standing = Standing { reached: attempted.then_some(Reach::Text), ..Standing::default() };
    if let Some(doubt) = elsewhere(subject, page, facts) {
        standing.doubts.push(doubt);
    }
    let fault = attempt(tracker, facts).unwrap_or_else(|| missing(tracker, page));
    // A script that does not parse runs nothing in any browser: that is certain whatever else is in doubt.
    if standing.doubts.is_empty() || fault.code == "script-syntax-error" {
        standing.doubts.clear();
        standing.faults.push(fault);
    }
    let unread = unread_scripts(page);
    if !unread.is_empty() {
        standing.notes.push(note(
            "unread-scripts",
            NoteLevel::Info,
            Text::new(
                format!("Trang còn chạy {} tệp script từ máy chủ khác mà rà soát tĩnh không đọc.", unread.len()),
                format!("The page also runs {} scripts from other hosts that were not read.", unread.len()),
            ),
            unread.iter().take(10).map(|u| Place::of(&u.spot.source, u.spot.span)).collect(),
        ));
    }
    standing
}

/// The fault of commands that are there and that the library never finds.
pub(super) fn lost(facts: &QueueFacts) -> Option<Trouble> {
    let is_lost = |i: Idle| matches!(i, Idle::Overwritten | Idle::LocalQueue | Idle::BesideSrc);
    let first = facts.mentions.iter().find(|m| is_lost(m.idle))?.idle;
    let spots = facts.mentions.iter().filter(|m| m.idle == first).map(|m| m.spot.clone()).take(10);
    Some(idle(first).at(spots))
}

/// Text that looks like an attempt to embed the snippet: what keeps the clearest one from working.
pub(super) fn attempt(tracker: &Tracker, facts: &QueueFacts) -> Option<Trouble> {
    let reading = |mention: &Mention| match mention.idle {
        // Guards of an application's own calls (`queue && queue.push(…)`) never run without the snippet and are not it.
        Idle::DeadCode if !embeds(tracker, &mention.spot) => Idle::OtherUse,
        // Text and attributes outside scripts are data, not an attempt to embed anything.
        idle => idle,
    };
    let attempts = || facts.mentions.iter().filter(|m| m.idle != Idle::Markup);
    let closest = attempts().map(reading).min_by_key(|i| rank(*i))?;
    Some(idle(closest).at(attempts().filter(|m| reading(m) == closest).map(|m| m.spot.clone()).take(10)))
}

/// Whether the script around a spot names what an embedding names.
fn embeds(tracker: &Tracker, spot: &Spot) -> bool {
    spot.source.text.contains(&tracker.calls.site_id) || spot.source.text.contains(&tracker.calls.collector)
}

/// Why the snippet may come from somewhere the bytes do not show.
fn elsewhere(subject: &Subject<'_>, page: &Page, facts: &QueueFacts) -> Option<(Gap, Trouble)> {
    if let Some(trouble) = queue_doubt(facts) {
        return Some((subject.needs_browser(), trouble));
    }
    if let Some((gap, spot)) = missing_file(page) {
        let trouble = Trouble::new(
            "script-unread",
            "Trang dùng tệp script của chính trang nhưng không đọc được tệp này; mã giám sát có thể nằm trong đó.",
            "The page uses a script file of its own that could not be read; the snippet may be in it.",
        );
        return Some((gap, trouble.at([spot])));
    }
    let running: Vec<&Script> = page.scripts.iter().filter(|s| runs(s)).collect();
    if let Some(script) = running.iter().find(|s| names_host(page, s, &subject.policy.tag_managers)) {
        let trouble = Trouble::new(
            "tag-manager",
            "Trang dùng trình quản lý thẻ; mã giám sát có thể được chèn khi trang chạy.",
            "The page uses a tag manager, which may inject the snippet at run time.",
        );
        return Some((subject.needs_browser(), trouble.at([spot(page, script)])));
    }
    if let Some(script) = page.scripts.iter().find(|s| matches!(s.kind, ScriptKind::Deferred(_)) && s.inert.is_none()) {
        let names = matches!(&script.file, ScriptFile::OtherHost | ScriptFile::Missing(_));
        if names {
            let trouble = Trouble::new(
                "deferred-type",
                "Trang có script được trình tối ưu hóa chạy sau mà nội dung không đọc được.",
                "The page has a script that an optimiser runs later and that could not be read.",
            );
            return Some((subject.needs_browser(), trouble.at([spot(page, script)])));
        }
    }
    let unwritten = facts.mentions.is_empty();
    if is_shell(page, &running) || (unwritten && only_leads_on(page, &running)) {
        let trouble = Trouble::new(
            "application-shell",
            "HTML chỉ là khung ứng dụng rỗng; nội dung và mã giám sát được tạo khi trang chạy.",
            "The HTML is an empty application shell; content and snippet are made at run time.",
        );
        return Some((subject.needs_browser(), trouble.at(running.first().map(|s| spot(page, s)))));
    }
    None
}

/// A file of the site's own that a browser would run and that could not be read.
fn missing_file(page: &Page) -> Option<(Gap, Spot)> {
    page.scripts.iter().filter(|s| runs(s)).find_map(|s| match s.file {
        ScriptFile::Missing(gap) => Some((gap, spot(page, s))),
        _ => None,
    })
}

fn runs(script: &Script) -> bool {
    script.inert.is_none() && matches!(script.kind, ScriptKind::Classic | ScriptKind::Module)
}

fn spot(page: &Page, script: &Script) -> Spot {
    Spot { source: page.source.clone(), span: script.tag }
}

fn names_host(page: &Page, script: &Script, hosts: &[String]) -> bool {
    let by_address = script.url.as_ref().and_then(|u| u.host_str()).is_some_and(|h| hosts.iter().any(|m| m == h));
    by_address
        || match &script.file {
            ScriptFile::Inline => hosts.iter().any(|h| page.source.slice(script.text).contains(h.as_str())),
            ScriptFile::Read(file) => hosts.iter().any(|h| file.text.contains(h.as_str())),
            _ => false,
        }
}

/// Longest text, in characters, of a page that only says that it is loading.
const WAITING: usize = 40;

/// What a script says that may lead its visitor on.
const LEADS_ON: &[&str] = &["location", ".submit(", ".click(", "window.open(", "eval("];

/// A page that shows a person nothing, with a script that may send them elsewhere in a way that was not understood.
fn only_leads_on(page: &Page, running: &[&Script]) -> bool {
    let text = page.text.to_lowercase();
    let waits =
        text.chars().count() <= WAITING && ["chuyển", "redirect", "vui lòng chờ"].iter().any(|w| text.contains(w));
    let leads = |script: &&Script| {
        let written = match &script.file {
            ScriptFile::Inline => page.source.slice(script.text),
            ScriptFile::Read(file) => &file.text,
            _ => return false,
        };
        LEADS_ON.iter().any(|word| written.contains(word))
    };
    page.links.len() <= 2 && (text.is_empty() || waits) && running.iter().any(leads)
}

/// A page whose body holds nothing for a person while scripts build it. A word of content makes it a page.
fn is_shell(page: &Page, running: &[&Script]) -> bool {
    let loads_code = running.iter().any(|s| s.src.is_some() || s.kind == ScriptKind::Module);
    let text = page.text.to_lowercase();
    let waits =
        text.chars().count() <= WAITING && ["loading", "đang tải", "vui lòng chờ"].iter().any(|w| text.contains(w));
    loads_code && page.links.is_empty() && (text.is_empty() || waits)
}

/// Whether the page is an application shell that scripts fill.
pub(in crate::check) fn page_is_shell(page: &Page) -> bool {
    let running: Vec<&Script> = page.scripts.iter().filter(|s| runs(s)).collect();
    is_shell(page, &running)
}

fn missing(tracker: &Tracker, page: &Page) -> Trouble {
    let mut trouble = Trouble::new(
        "snippet-missing",
        format!("Không tìm thấy mã giám sát (hàng đợi {}) trong mã nguồn của trang.", tracker.queue),
        format!("The tracker's snippet (queue {}) is not in the page.", tracker.queue),
    );
    trouble.places = vec![Place::whole(&page.source.origin)];
    trouble
}

/// Which idle occurrence speaks most clearly of an attempt that went wrong.
fn rank(idle: Idle) -> u8 {
    match idle {
        Idle::SyntaxError => 0,
        Idle::Overwritten => 1,
        Idle::LocalQueue => 2,
        Idle::DeadCode => 3,
        Idle::NotRun => 4,
        Idle::BesideSrc => 5,
        Idle::DataScript => 6,
        Idle::Template => 7,
        Idle::Noscript => 8,
        Idle::HtmlComment => 9,
        Idle::ScriptComment => 10,
        Idle::OtherUse => 11,
        Idle::ScriptString => 12,
        Idle::Markup => 13,
    }
}

fn idle(idle: Idle) -> Trouble {
    let (code, vi, en) = match idle {
        Idle::SyntaxError => (
            "script-syntax-error",
            "Script chứa mã giám sát có lỗi cú pháp nên trình duyệt không chạy.",
            "The script that holds the snippet does not parse, so no browser runs it.",
        ),
        Idle::Overwritten => (
            "queue-overwritten",
            "Các lệnh của mã giám sát bị xóa khỏi hàng đợi trước khi thư viện chạy.",
            "The snippet's commands are removed from the queue before the library runs.",
        ),
        Idle::LocalQueue => (
            "queue-local",
            "Hàng đợi lệnh là biến cục bộ, thư viện không thấy trên window.",
            "The queue is a local variable; the library does not find it on window.",
        ),
        Idle::DeadCode => (
            "dead-code",
            "Mã giám sát nằm trong đoạn mã không bao giờ chạy.",
            "The snippet stands in code that never runs.",
        ),
        Idle::NotRun => (
            "script-not-run",
            "Mã giám sát nằm trong thẻ script mà trình duyệt hiện nay không chạy (nomodule, for/event).",
            "The snippet stands in a script element that current browsers do not run (nomodule, for/event).",
        ),
        Idle::BesideSrc => (
            "beside-src",
            "Mã giám sát nằm trong thẻ script có src; trình duyệt bỏ qua nội dung bên trong.",
            "The snippet stands inside a script element with src; browsers ignore that text.",
        ),
        Idle::DataScript => (
            "script-type",
            "Mã giám sát nằm trong thẻ script có type mà trình duyệt không chạy.",
            "The snippet stands in a script element whose type browsers do not run.",
        ),
        Idle::Template => (
            "in-template",
            "Mã giám sát nằm trong <template> nên không chạy.",
            "The snippet stands in a <template>, so it does not run.",
        ),
        Idle::Noscript => (
            "in-noscript",
            "Mã giám sát nằm trong <noscript> nên không chạy.",
            "The snippet stands in <noscript>, so it does not run.",
        ),
        Idle::HtmlComment | Idle::ScriptComment => (
            "in-comment",
            "Mã giám sát nằm trong chú thích nên không chạy.",
            "The snippet stands in a comment, so it does not run.",
        ),
        Idle::OtherUse => (
            "not-embedded",
            "Trang chỉ nhắc đến hàng đợi lệnh, không có đoạn mã gắn giám sát.",
            "The page only mentions the queue; the snippet itself is not embedded.",
        ),
        Idle::ScriptString | Idle::Markup => (
            "in-string",
            "Mã giám sát chỉ xuất hiện dưới dạng dữ liệu (chuỗi ký tự), không được thực thi.",
            "The snippet occurs only as data (a string); nothing executes it.",
        ),
    };
    Trouble::new(code, vi, en)
}
