//! A page with commands or loaders of the tracker: the library's address, the collector, the id, the page view,
//! the page's security policy, in the order of the ladder. Each finds a fault, a doubt, or nothing to say.

use url::Url;

use super::address::{Compared, compare};
use super::normal::normal;
use super::{Standing, Trouble, is_sure, nothing, queue_doubt};
use crate::check::csp::{CspPolicy, Inline};
use crate::check::{Subject, note};
use crate::finding::{Note, NoteLevel, Place, safe};
use crate::policy::{Reach, Text, Tracker, compiled};
use crate::snapshot::{Arg, Certainty, Command, Csp, Doubt, Load, LoadForm, Page, QueueFacts, ScriptFile, Span, Spot};

/// What one step of the ladder says.
#[derive(Debug, Default)]
pub(super) struct Step {
    faults: Vec<Trouble>,
    doubts: Vec<Trouble>,
    notes: Vec<Note>,
}

impl Step {
    pub(super) fn fault(trouble: Trouble) -> Self {
        Self { faults: vec![trouble], ..Self::default() }
    }
    fn doubt(trouble: Trouble) -> Self {
        Self { doubts: vec![trouble], ..Self::default() }
    }
    fn stands(&self) -> bool {
        self.faults.is_empty() && self.doubts.is_empty()
    }
}

pub(super) fn stand(subject: &Subject<'_>, page: &Page, tracker: &Tracker, facts: &QueueFacts) -> Standing {
    let (_, load) = library(tracker, facts, page);
    let policy = security_policy(tracker, &known(tracker, facts), load, page);
    climb(subject, page, tracker, facts, policy)
}

/// Commands that an embedding has; any other is the page's own affair.
fn known<'a>(tracker: &Tracker, facts: &'a QueueFacts) -> Vec<&'a Command> {
    let known_calls = [&tracker.calls.page_view, &tracker.calls.site_id, &tracker.calls.collector];
    let is_known = |c: &&Command| match &c.name {
        Arg::Known(name) => known_calls.contains(&name),
        Arg::Other(_) => false,
        Arg::Unknown => true,
    };
    facts.commands.iter().filter(is_known).collect()
}

/// Where a page with these commands and loaders stands, and with this to say of its security policy.
pub(super) fn climb(
    subject: &Subject<'_>,
    page: &Page,
    tracker: &Tracker,
    facts: &QueueFacts,
    policy: Step,
) -> Standing {
    let commands = known(tracker, facts);
    let mut standing = Standing { reached: Some(Reach::Text), ..Standing::default() };
    if commands.is_empty() && facts.loads.is_empty() {
        standing.faults.push(
            Trouble::new(
                "not-embedded",
                "Trang chỉ gửi lệnh riêng vào hàng đợi, không gắn mã giám sát.",
                "The page only pushes commands of its own; the snippet itself is not embedded.",
            )
            .at(facts.commands.iter().map(|c| c.spot.clone()).take(10)),
        );
        return standing;
    }
    let live =
        commands.iter().any(|c| is_sure(c.certainty)) || facts.loads.iter().any(|l| l.inserted && is_sure(l.certainty));
    let (library, load) = library(tracker, facts, page);
    let mut collector = collector(tracker, &commands, page);
    let (mut id, ids) = site_id(subject, tracker, &commands);
    let mut page_view = page_view(tracker, &commands);

    let addressed = library.stands() && collector.stands();
    let configured = addressed && id.stands() && page_view.stands() && policy.stands();
    let doubt = queue_doubt(facts);
    standing.reached = Some(match (live, addressed, configured && doubt.is_none()) {
        (true, true, true) => Reach::Configured,
        (true, true, false) => Reach::Addressed,
        (true, false, _) => Reach::Live,
        (false, ..) => Reach::Text,
    });
    let gap = subject.needs_browser();
    let absent = [&collector, &id, &page_view].iter().any(|s| s.faults.iter().any(|f| is_absence(f.code)));
    let lost = if commands.is_empty() { nothing::attempt(tracker, facts) } else { nothing::lost(facts) };
    if let Some(lost) = lost.filter(|_| absent) {
        // The commands are written and get lost: that is the fault, not each one's absence.
        for step in [&mut collector, &mut id, &mut page_view] {
            step.faults.retain(|f| !is_absence(f.code));
        }
        standing.faults.push(lost);
    }
    for step in [library, collector, id, page_view, policy] {
        standing.faults.extend(step.faults);
        standing.doubts.extend(step.doubts.into_iter().map(|d| (gap, d)));
        standing.notes.extend(step.notes);
    }
    if let Some(doubt) = doubt {
        // Nothing that seems missing is certainly missing while the queue's end state is open.
        standing.doubts.extend(standing.faults.drain(..).filter(|f| is_absence(f.code)).map(|f| (gap, f)));
        standing.doubts.insert(0, (gap, doubt));
    }
    standing.id_places = ids.iter().filter_map(|id| given_at(tracker, &commands, id)).collect();
    standing.ids = ids;
    if standing.reaches(Reach::Configured) {
        standing.snippet = load.and_then(|load| normal(tracker, facts, load, page));
    }
    standing.places = commands.iter().map(|c| Place::within(&c.spot.source, c.spot.span)).take(1).collect();
    standing
}

fn is_absence(code: &str) -> bool {
    matches!(code, "site-id-missing" | "no-page-view" | "collector-missing" | "library-missing")
}

/// The library: the best of the page's loaders decides.
fn library<'a>(tracker: &Tracker, facts: &'a QueueFacts, page: &Page) -> (Step, Option<&'a Load>) {
    let good = |l: &&Load| l.inserted && matches!(compare(&l.address, &tracker.library, page), Compared::Exact);
    if let Some(load) = facts.loads.iter().filter(|l| is_sure(l.certainty)).find(good) {
        return (Step::default(), Some(load));
    }
    let by_digest = |l: &&Load| good(l) && l.certainty == Certainty::Maybe(Doubt::Integrity);
    if let Some(load) = facts.loads.iter().find(by_digest) {
        let trouble = Trouble::new(
            "library-in-doubt",
            "Thẻ script của thư viện giám sát có thuộc tính integrity; nếu mã băm không khớp với tệp hiện tại thì trình duyệt không chạy thư viện.",
            "The library's script element has an integrity attribute: unless the digest fits today's file, the browser does not run it.",
        );
        return (Step::doubt(trouble.at([load.spot.clone()])), Some(load));
    }
    if let Some(load) = facts.loads.iter().find(good) {
        let trouble = Trouble::new(
            "loader-in-doubt",
            "Thư viện giám sát chỉ được tải khi một điều kiện xảy ra; rà soát tĩnh không biết điều kiện đó.",
            "The library is loaded only under a condition that the bytes do not decide.",
        );
        return (Step::doubt(trouble.at([load.spot.clone()])), Some(load));
    }
    let unknown = |l: &&Load| matches!(l.address, Arg::Unknown);
    if let Some(load) = facts.loads.iter().find(unknown) {
        let trouble = Trouble::new(
            "library-in-doubt",
            "Địa chỉ thư viện giám sát được tính khi trang chạy.",
            "The library's address is computed at run time.",
        );
        return (Step::doubt(trouble.at([load.spot.clone()])), Some(load));
    }
    let Some(load) = facts.loads.iter().find(|l| l.inserted).or_else(|| facts.loads.first()) else {
        let trouble = Trouble::new(
            "library-missing",
            "Trang có lệnh giám sát nhưng không tải thư viện giám sát.",
            "The page pushes commands but never loads the library.",
        );
        return (Step::fault(trouble.wants(&tracker.library, "—")), None);
    };
    let compared = compare(&load.address, &tracker.library, page);
    if !load.inserted && compared == Compared::Exact {
        let trouble = Trouble::new(
            "loader-not-inserted",
            "Thẻ script của thư viện giám sát được tạo nhưng không được chèn vào trang.",
            "The library's script element is made but never inserted into the page.",
        );
        return (Step::fault(trouble.at([load.spot.clone()])), Some(load));
    }
    let step = wrong_address(compared, &tracker.library, page, &load.spot, "thư viện giám sát", "library");
    (step, Some(load))
}

/// The collector: the last sure command decides, as the library would have it.
fn collector(tracker: &Tracker, commands: &[&Command], page: &Page) -> Step {
    match effective(commands, &tracker.calls.collector) {
        Effective::None => Step::fault(
            Trouble::new(
                "collector-missing",
                format!("Thiếu lệnh {} (địa chỉ nhận dữ liệu).", tracker.calls.collector),
                format!("The command {} (the collector's address) is missing.", tracker.calls.collector),
            )
            .at(commands.iter().map(|c| c.spot.clone()).take(1))
            .wants(&tracker.collector, "—"),
        ),
        Effective::Doubt(command) => Step::doubt(unsure_value(&tracker.calls.collector, command)),
        Effective::Sure(command) => match command.args.first() {
            None => Step::fault(
                Trouble::new(
                    "collector-missing",
                    format!("Lệnh {} không có địa chỉ.", tracker.calls.collector),
                    format!("The command {} has no address.", tracker.calls.collector),
                )
                .at([command.spot.clone()])
                .wants(&tracker.collector, "—"),
            ),
            Some(address) => {
                let compared = compare(address, &tracker.collector, page);
                wrong_address(compared, &tracker.collector, page, &command.spot, "máy chủ nhận dữ liệu", "collector")
            }
        },
    }
}

fn wrong_address(compared: Compared, wanted: &str, page: &Page, spot: &Spot, vi: &str, en: &str) -> Step {
    let at = [spot.clone()];
    match compared {
        Compared::Exact => Step::default(),
        Compared::Http if page.address.scheme() == "http" => Step {
            notes: vec![note(
                "http-address",
                NoteLevel::Warning,
                Text::new(
                    format!("Trang http gọi {vi} bằng http; khi trang chuyển sang https, mã giám sát sẽ bị chặn."),
                    format!("The page is http and asks for the {en} by http; once it moves to https, this is blocked."),
                ),
                vec![Place::within(&spot.source, spot.span)],
            )],
            ..Step::default()
        },
        Compared::Http => Step::fault(
            Trouble::new(
                "mixed-content",
                format!("Trang https gọi {vi} bằng http; trình duyệt chặn nội dung hỗn hợp."),
                format!("The page is https and asks for the {en} by http; browsers block mixed content."),
            )
            .at(at)
            .wants(wanted, wanted.replacen("https://", "http://", 1)),
        ),
        Compared::OtherPath(found) => Step::fault(
            Trouble::new(
                "wrong-path",
                format!("Địa chỉ {vi} đúng máy chủ nhưng sai đường dẫn."),
                format!("The {en}'s address has the right host but another path."),
            )
            .at(at)
            .wants(wanted, found),
        ),
        Compared::OtherHost(found) => Step::fault(
            Trouble::new(
                "wrong-host",
                format!("Địa chỉ {vi} không phải của hệ thống giám sát."),
                format!("The {en}'s address is on another host."),
            )
            .at(at)
            .wants(wanted, found),
        ),
        Compared::NotAnAddress(found) => Step::fault(
            Trouble::new(
                "wrong-host",
                format!("Giá trị dùng làm địa chỉ {vi} không phải là địa chỉ."),
                format!("What is given as the {en}'s address is no address."),
            )
            .at(at)
            .wants(wanted, found),
        ),
        Compared::Unknown => Step::doubt(
            Trouble::new(
                "address-in-doubt",
                format!("Địa chỉ {vi} được tính khi trang chạy."),
                format!("The {en}'s address is computed at run time."),
            )
            .at(at),
        ),
    }
}

/// The command of a name that counts in the end.
enum Effective<'a> {
    None,
    Sure(&'a Command),
    Doubt(&'a Command),
}

fn effective<'a>(commands: &[&'a Command], name: &str) -> Effective<'a> {
    let named: Vec<&&Command> = commands.iter().filter(|c| matches!(&c.name, Arg::Known(n) if n == name)).collect();
    let last_sure = named.iter().rev().find(|c| is_sure(c.certainty));
    // The same command again under a condition changes nothing.
    let unsure = named.iter().rev().find(|c| !is_sure(c.certainty) && last_sure.is_none_or(|s| s.args != c.args));
    match (last_sure, unsure) {
        (_, Some(command)) => Effective::Doubt(command),
        (Some(command), None) => Effective::Sure(command),
        // A command whose name is computed may be the one that is missing.
        (None, None) => {
            commands.iter().find(|c| matches!(c.name, Arg::Unknown)).map_or(Effective::None, |c| Effective::Doubt(c))
        }
    }
}

fn unsure_value(call: &str, command: &Command) -> Trouble {
    Trouble::new(
        "command-in-doubt",
        format!("Lệnh {call} chỉ chạy khi một điều kiện xảy ra, hoặc giá trị của lệnh được tính khi trang chạy."),
        format!("The command {call} runs only under a condition, or its value is computed at run time."),
    )
    .at([command.spot.clone()])
}

/// The site id: valid, not empty, and the declared one.
fn site_id(subject: &Subject<'_>, tracker: &Tracker, commands: &[&Command]) -> (Step, Vec<String>) {
    let call = &tracker.calls.site_id;
    let declared = subject.site.emc_site_id.as_deref();
    let command = match effective(commands, call) {
        Effective::None => {
            let trouble = Trouble::new(
                "site-id-missing",
                format!("Thiếu lệnh {call}: mã giám sát không có mã số trang."),
                format!("The command {call} is missing: the snippet has no site id."),
            )
            .at(commands.iter().map(|c| c.spot.clone()).take(1))
            .wants(declared.unwrap_or(&tracker.site_id), "—");
            return (Step::fault(trouble), Vec::new());
        }
        Effective::Doubt(command) => return (Step::doubt(unsure_value(call, command)), Vec::new()),
        Effective::Sure(command) => command,
    };
    let valid = compiled(&tracker.site_id);
    let mut ids: Vec<String> = Vec::new();
    for c in commands {
        if let (Arg::Known(name), Some(Arg::Known(id))) = (&c.name, c.args.first())
            && name == call
            && valid.as_ref().is_some_and(|v| v.is_match(id))
            && !ids.contains(id)
        {
            ids.push(id.clone());
        }
    }
    let wanted = declared.unwrap_or(&tracker.site_id).to_owned();
    let at = [command.spot.clone()];
    let fault = match command.args.first() {
        Some(Arg::Unknown) => {
            let trouble = Trouble::new(
                "site-id-in-doubt",
                "Mã số trang được tính khi trang chạy.",
                "The site id is computed at run time.",
            );
            return (Step::doubt(trouble.at(at)), ids);
        }
        Some(Arg::Known(id)) if id.trim().is_empty() => Trouble::new(
            "site-id-empty",
            format!("Lệnh {call} có mã số trang rỗng."),
            format!("The command {call} has an empty site id."),
        )
        .wants(wanted, "''"),
        None => Trouble::new(
            "site-id-empty",
            format!("Lệnh {call} không có mã số trang."),
            format!("The command {call} has no site id."),
        )
        .wants(wanted, "—"),
        Some(Arg::Other(text)) if text == "null" || text == "[]" => Trouble::new(
            "site-id-empty",
            format!("Lệnh {call} có mã số trang rỗng ({}).", safe(text, 40)),
            format!("The command {call} has an empty site id ({}).", safe(text, 40)),
        )
        .wants(wanted, text.clone()),
        Some(Arg::Other(text) | Arg::Known(text)) if !valid.as_ref().is_some_and(|v| v.is_match(text)) => {
            let shown = safe(text, 60);
            Trouble::new(
                if looks_like_placeholder(text) { "site-id-placeholder" } else { "site-id-invalid" },
                format!("Mã số trang “{shown}” không hợp lệ: hệ thống cấp mã số khớp mẫu {}.", tracker.site_id),
                format!("The site id “{shown}” is not valid: ids match {}.", tracker.site_id),
            )
            .wants(wanted, text.clone())
        }
        Some(Arg::Other(text) | Arg::Known(text)) => return (declared_id(declared, &ids, text, command), ids),
    };
    (Step::fault(fault.at(at)), ids)
}

/// Where an id is given first.
fn given_at(tracker: &Tracker, commands: &[&Command], id: &str) -> Option<Place> {
    let gives = |c: &&&Command| {
        matches!((&c.name, c.args.first()), (Arg::Known(name), Some(Arg::Known(given)))
            if *name == tracker.calls.site_id && given == id)
    };
    commands.iter().find(gives).map(|c| Place::within(&c.spot.source, c.spot.span))
}

/// Compares the valid ids with the declared one, and speaks of a second id.
fn declared_id(declared: Option<&str>, ids: &[String], last: &str, command: &Command) -> Step {
    let at = [command.spot.clone()];
    if let Some(declared) = declared.filter(|d| !ids.iter().any(|id| id == d)) {
        return Step::fault(
            Trouble::new(
                "site-id-mismatch",
                format!("Mã số trang trên trang là {}, khác mã số đã khai báo {declared}.", ids.join(", ")),
                format!("The page uses site id {}, not the declared {declared}.", ids.join(", ")),
            )
            .at(at)
            .wants(declared, last.to_owned()),
        );
    }
    let mut step = Step::default();
    if ids.len() > 1 {
        step.notes.push(note(
            "several-site-ids",
            NoteLevel::Warning,
            Text::new(
                format!("Trang dùng nhiều mã số: {}.", ids.join(", ")),
                format!("The page uses several site ids: {}.", ids.join(", ")),
            ),
            vec![Place::within(&command.spot.source, command.spot.span)],
        ));
    }
    step
}

/// Text that a template engine or a person should have replaced.
fn looks_like_placeholder(text: &str) -> bool {
    let text = text.trim();
    ["{", "}", "<?", "<%", "%", "$", "@", "[", "__", "#"].iter().any(|mark| text.contains(mark))
        || matches!(text, "undefined" | "null" | "NaN" | "true" | "false")
        || text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
            && text.chars().any(|c| c.is_ascii_uppercase())
        || text.chars().all(|c| matches!(c, 'x' | 'X' | '.' | '?' | '*'))
}

fn page_view(tracker: &Tracker, commands: &[&Command]) -> Step {
    let call = &tracker.calls.page_view;
    match effective(commands, call) {
        Effective::Sure(_) => Step::default(),
        Effective::Doubt(command) => Step::doubt(unsure_value(call, command)),
        Effective::None => Step::fault(
            Trouble::new(
                "no-page-view",
                format!("Thiếu lệnh {call}: lượt truy cập không được ghi nhận."),
                format!("The command {call} is missing: visits are not counted."),
            )
            .at(commands.iter().map(|c| c.spot.clone()).take(1))
            .wants(call, "—"),
        ),
    }
}

/// The page's content security policy against the scripts that hold the snippet, the library and the collector.
fn security_policy(tracker: &Tracker, commands: &[&Command], load: Option<&Load>, page: &Page) -> Step {
    let mut step = Step::default();
    for csp in &page.csp {
        for policy in CspPolicy::parse(&csp.text, &page.address) {
            // The loader may stand in a script of its own.
            let loader = load.filter(|l| l.form != LoadForm::Tag).map(|l| &l.spot);
            let spots = commands.iter().map(|c| &c.spot).chain(loader);
            let trouble = if let Some(spot) =
                spots.into_iter().find(|spot| !may_run(&policy, spot, csp.binds_from, page))
            {
                Trouble::new(
                    "csp-blocks",
                    "Chính sách CSP của trang không cho script chứa mã giám sát chạy.",
                    "The page's content security policy keeps the script that holds the snippet from running.",
                )
                .at([spot.clone()])
            } else if let Some(load) = load.filter(|l| !may_load(&policy, l, &tracker.library, csp.binds_from, page)) {
                Trouble::new(
                    "csp-blocks",
                    "Chính sách CSP của trang không cho tải thư viện giám sát.",
                    "The page's content security policy does not allow the library.",
                )
                .at([load.spot.clone()])
            } else if keeps_data(&policy, tracker) {
                collector_blocked().at(csp.spot.clone())
            } else {
                let by_script = load.filter(|l| l.form != LoadForm::Tag && !is_before(l, csp.binds_from, page));
                if let Some(load) = by_script.filter(|_| policy.demands_trusted_types()) {
                    step.doubts = vec![trusted_types_wanted().at([load.spot.clone()])];
                }
                continue;
            };
            return Step::fault(trouble.wants(host_of(&tracker.library), csp.text.clone()));
        }
    }
    step
}

/// Only a browser knows whether a policy of that kind is there by then.
fn trusted_types_wanted() -> Trouble {
    Trouble::new(
        "csp-in-doubt",
        "Chính sách CSP của trang yêu cầu Trusted Types: trình duyệt không cho script gán địa chỉ thư viện giám sát, trừ khi trang có chính sách Trusted Types mặc định (default).",
        "The page's content security policy demands Trusted Types: a browser refuses the library's address from a script unless the page has a default policy for them.",
    )
}

/// The page's content security policy against the collector alone.
pub(super) fn collector_policy(tracker: &Tracker, page: &Page) -> Step {
    let blocks = |csp: &&Csp| CspPolicy::parse(&csp.text, &page.address).iter().any(|p| keeps_data(p, tracker));
    page.csp.iter().find(blocks).map_or_else(Step::default, |csp| {
        let trouble = collector_blocked().at(csp.spot.clone());
        Step::fault(trouble.wants(host_of(&tracker.collector), csp.text.clone()))
    })
}

fn keeps_data(policy: &CspPolicy<'_>, tracker: &Tracker) -> bool {
    Url::parse(&tracker.collector).is_ok_and(|collector| !policy.allows_sending(&collector))
}

/// The security policy keeps data from the collector.
pub(super) fn collector_blocked() -> Trouble {
    Trouble::new(
        "csp-blocks",
        "Chính sách CSP của trang không cho gửi dữ liệu tới máy chủ giám sát.",
        "The page's content security policy does not allow requests to the collector.",
    )
}

/// The origin of an address, for people.
pub(super) fn host_of(address: &str) -> String {
    Url::parse(address).ok().map_or_else(|| address.to_owned(), |u| u.origin().ascii_serialization())
}

/// The script element that a spot lies in: its inline text, or the file it loads.
fn script_of<'a>(spot: &Spot, page: &'a Page) -> Option<&'a crate::snapshot::Script> {
    let within = |outer: Span| outer.start <= spot.span.start && spot.span.end <= outer.end;
    page.scripts.iter().find(|s| match &s.file {
        ScriptFile::Read(file) => std::sync::Arc::ptr_eq(file, &spot.source),
        _ => std::sync::Arc::ptr_eq(&page.source, &spot.source) && (within(s.text) || within(s.tag)),
    })
}

fn may_run(policy: &CspPolicy<'_>, spot: &Spot, binds_from: u32, page: &Page) -> bool {
    let holds = |outer: Span| outer.start <= spot.span.start && spot.span.end <= outer.end;
    let in_page = std::sync::Arc::ptr_eq(&page.source, &spot.source);
    if let Some(handler) = page.handlers.iter().find(|h| in_page && holds(h.span)) {
        return handler.span.start < binds_from || policy.allows_handler(&handler.code);
    }
    let Some(script) = script_of(spot, page) else { return true };
    if script.tag.start < binds_from {
        return true;
    }
    match &script.url {
        Some(url) => policy.allows_script(url, script.nonce.as_deref(), false),
        None => policy.allows_inline(Inline { text: page.source.slice(script.text), nonce: script.nonce.as_deref() }),
    }
}

/// Whether a load begins before a policy behind its script is met: the request knows only those that stand so far.
fn is_before(load: &Load, binds_from: u32, page: &Page) -> bool {
    load.early && script_of(&load.spot, page).is_some_and(|s| s.tag.start < binds_from)
}

fn may_load(policy: &CspPolicy<'_>, load: &Load, library: &str, binds_from: u32, page: &Page) -> bool {
    let Ok(library) = Url::parse(library) else { return true };
    if is_before(load, binds_from, page) {
        return true;
    }
    let nonce = script_of(&load.spot, page).filter(|_| load.form == LoadForm::Tag).and_then(|s| s.nonce.as_deref());
    policy.allows_script(&library, nonce, load.form == LoadForm::Inserted)
}
