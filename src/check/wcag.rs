//! `wcag`: what an accessibility checker found on the home page, as a browser showed it. What it could not decide
//! is never a pass, and a pass says how little a machine sees. Never looks at the page itself.

use std::collections::BTreeMap;

use super::{BrowserUse, Decided, Grounds, Judged, Opinion, Subject, Unseen, note};
use crate::finding::{self, Basis, Evidence, NoteLevel, Place, safe};
use crate::policy::{Text, WcagCheck};
use crate::snapshot::{AccessRule, Accessibility, Gap, Source, Span};

/// Most elements that stand as evidence.
const SHOWN_NODES: usize = 100;
/// Most rules that a message names.
const SHOWN_RULES: usize = 8;
/// Longest selector in an entry of evidence, in characters.
const SHOWN_SELECTOR: usize = 300;
/// Longest selector that tells one element from another, in characters.
const LONGEST_SELECTOR: usize = 1_000;
/// Longest id, name or version of the checker, in characters.
const SHOWN_NAME: usize = 60;

pub(super) fn judge(check: &WcagCheck, subject: &Subject<'_>) -> Judged {
    let page = subject.page?;
    let found = found(subject)?;
    let (violations, incomplete) = (asked(&found.violations, check), asked(&found.incomplete, check));
    let checker = safe(&found.checker, SHOWN_NAME);
    let checked = found.passes as usize + violations.len() + incomplete.len();
    let mut grounds = Grounds {
        evidence: evidence(found, &violations, &incomplete),
        basis: Some(Basis::Browser),
        expected: Some(check.tags.join(", ")),
        actual: Some(format!("{} × violation, {} × incomplete", violations.len(), incomplete.len())),
        ..Grounds::default()
    };
    if found.frames > 0 {
        grounds.notes.push(frames(found.frames));
    }
    let shown = if violations.is_empty() { &incomplete } else { &violations };
    grounds.add_places(places(shown, &page.source));
    if grounds.places.is_empty() {
        grounds.places.push(Place::whole(&page.source.origin));
    }
    if !violations.is_empty() {
        let nodes = violations.iter().flat_map(|rule| &rule.nodes);
        grounds.subjects =
            nodes.map(|node| finding::Subject::element(&safe(&node.selector, LONGEST_SELECTOR))).collect();
        grounds.more_subjects =
            violations.iter().map(|rule| u64::from(rule.total).saturating_sub(rule.nodes.len() as u64)).sum();
        grounds.code = Some("wcag-violations");
        grounds.reason = broken(&checker, &violations, incomplete.len());
        return Ok(Decided { opinion: Opinion::Fail, grounds });
    }
    if !incomplete.is_empty() {
        let (n, names) = (incomplete.len(), named(&incomplete));
        grounds.code = Some("undecided");
        grounds.reason = Text::new(
            format!(
                "{checker} không thấy lỗi nhưng có {n} trên {checked} quy tắc máy không tự kết luận được, cần người xem: {names}."
            ),
            format!(
                "{checker} found no violation, but {n} of {checked} rules could not be decided automatically and need a person: {names}."
            ),
        );
        return Err(Unseen { gap: Gap::NoData, grounds: Box::new(grounds) });
    }
    if checked == 0 {
        grounds.code = Some("nothing-checked");
        grounds.reason = Text::new(
            format!("{checker} không có quy tắc nào để xét trên trang này."),
            format!("{checker} had no rule to apply to this page."),
        );
        return Err(Unseen { gap: Gap::NoData, grounds: Box::new(grounds) });
    }
    grounds.reason = Text::new(
        format!(
            "{checker} không thấy lỗi nào trong {checked} quy tắc đã xét (0 quy tắc không tự kết luận được). Máy chỉ kiểm tra được một phần của WCAG; phần còn lại cần người kiểm tra."
        ),
        format!(
            "{checker} found no violation among the {checked} rules it checked (0 could not be decided automatically). Machine checks cover only a part of WCAG; the rest needs a person."
        ),
    );
    Ok(Decided { opinion: Opinion::Pass, grounds })
}

/// The rules that the check asks for: a visit may have run more of them, for another policy.
fn asked<'a>(rules: &'a [AccessRule], check: &WcagCheck) -> Vec<&'a AccessRule> {
    rules.iter().filter(|rule| rule.tags.iter().any(|tag| check.tags.contains(tag))).collect()
}

fn found<'a>(subject: &Subject<'a>) -> Result<&'a Accessibility, Unseen> {
    match subject.browser {
        BrowserUse::Visited(facts) => match &facts.accessibility {
            Some(Ok(found)) => Ok(found),
            Some(Err(gap)) => Err((*gap).into()),
            None => Err(Gap::NoData.into()),
        },
        BrowserUse::NotRequested | BrowserUse::Missing => Err(subject.browser_only().into()),
    }
}

/// The principles of WCAG 2, in the order of its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Principle {
    Perceivable,
    Operable,
    Understandable,
    Robust,
    /// The checker does not say.
    Unknown,
}

impl Principle {
    /// By the first of a rule's success criteria: `wcag111` is 1.1.1.
    fn of(rule: &AccessRule) -> Self {
        match criterion(rule).and_then(|digits| digits.chars().next()) {
            Some('1') => Self::Perceivable,
            Some('2') => Self::Operable,
            Some('3') => Self::Understandable,
            Some('4') => Self::Robust,
            _ => Self::Unknown,
        }
    }

    fn name(self) -> Text {
        match self {
            Self::Perceivable => Text::new("Có thể nhận biết được", "Perceivable"),
            Self::Operable => Text::new("Có thể hoạt động được", "Operable"),
            Self::Understandable => Text::new("Có thể hiểu được", "Understandable"),
            Self::Robust => Text::new("Mạnh mẽ, chắc chắn", "Robust"),
            Self::Unknown => Text::new("Khác", "Other"),
        }
    }
}

/// The digits of a rule's first success criterion: a level, as `wcag2a`, is none.
fn criterion(rule: &AccessRule) -> Option<&str> {
    let digits = rule.tags.iter().filter_map(|tag| tag.strip_prefix("wcag"));
    digits.into_iter().find(|d| (3..=4).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()))
}

fn broken(checker: &str, violations: &[&AccessRule], incomplete: usize) -> Text {
    let mut by_principle: BTreeMap<Principle, Vec<&AccessRule>> = BTreeMap::new();
    for rule in violations {
        by_principle.entry(Principle::of(rule)).or_default().push(rule);
    }
    let elements: u64 = violations.iter().map(|rule| u64::from(rule.total)).sum();
    let listed = |pick: fn(&Text) -> &str| {
        let one = |(principle, rules): (&Principle, &Vec<&AccessRule>)| {
            format!("{} – {}", pick(&principle.name()), named(rules))
        };
        by_principle.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let n = violations.len();
    let (mut vi, mut en) = (
        format!("{checker} thấy {n} quy tắc bị vi phạm ở {elements} phần tử: {}.", listed(|t| &t.vi)),
        format!("{checker} found {n} rules broken by {elements} elements: {}.", listed(|t| &t.en)),
    );
    if incomplete > 0 {
        vi.push_str(&format!(" Thêm {incomplete} quy tắc máy không tự kết luận được."));
        en.push_str(&format!(" Another {incomplete} rules could not be decided automatically."));
    }
    Text::new(vi, en)
}

/// Rules with the number of their elements, as `image-alt (3), label (1)`.
fn named(rules: &[&AccessRule]) -> String {
    let mut names: Vec<String> =
        rules.iter().take(SHOWN_RULES).map(|rule| format!("{} ({})", safe(&rule.id, SHOWN_NAME), rule.total)).collect();
    if rules.len() > SHOWN_RULES {
        names.push(format!("… +{}", rules.len() - SHOWN_RULES));
    }
    names.join(", ")
}

fn places(rules: &[&AccessRule], source: &Source) -> Vec<Place> {
    let spans = rules.iter().flat_map(|rule| &rule.nodes).filter_map(|node| node.span);
    spans.map(|[start, end]| Place::of(source, Span { start, end })).collect()
}

fn evidence(found: &Accessibility, violations: &[&AccessRule], incomplete: &[&AccessRule]) -> Vec<Evidence> {
    let measure = |name: &str, value: usize| Evidence::Measure { name: name.to_owned(), value: value.to_string() };
    let mut all = vec![
        Evidence::Measure { name: "checker".to_owned(), value: safe(&found.checker, SHOWN_NAME) },
        measure("rules-broken", violations.len()),
        measure("rules-undecided", incomplete.len()),
        measure("rules-kept", found.passes as usize),
        measure("rules-without-elements", found.inapplicable as usize),
    ];
    let mut rules: Vec<(bool, &AccessRule)> =
        violations.iter().map(|r| (false, *r)).chain(incomplete.iter().map(|r| (true, *r))).collect();
    // Broken ones go first, each kind by principle.
    rules.sort_by_key(|(open, rule)| (*open, Principle::of(rule)));
    let nodes = rules.iter().flat_map(|(_, rule)| rule.nodes.iter().map(move |node| (rule, node)));
    all.extend(
        nodes
            .take(SHOWN_NODES)
            .map(|(rule, node)| Evidence::Element { what: what(rule), text: safe(&node.selector, SHOWN_SELECTOR) }),
    );
    all
}

/// A rule with its success criterion and weight, as `1.1.1 image-alt (critical)`.
fn what(rule: &AccessRule) -> String {
    let mut text = String::new();
    if let Some(digits) = criterion(rule) {
        let (principle, rest) = digits.split_at(1);
        let (guideline, criterion) = rest.split_at(1);
        text = format!("{principle}.{guideline}.{criterion} ");
    }
    text.push_str(&safe(&rule.id, SHOWN_NAME));
    if let Some(impact) = &rule.impact {
        text.push_str(&format!(" ({})", safe(impact, SHOWN_NAME)));
    }
    text
}

fn frames(n: u32) -> crate::finding::Note {
    note(
        "frames-unchecked",
        NoteLevel::Info,
        Text::new(
            format!("Nội dung của {n} khung (iframe) không được xét."),
            format!("The contents of {n} frames (iframe) were not checked."),
        ),
        Vec::new(),
    )
}
