//! `wcag`: what an accessibility checker found on the home page, as a browser showed it. What it could not decide
//! is never a pass, and a pass says how little a machine sees. Never looks at the page itself.

use std::collections::BTreeMap;

use super::logic::UNDECIDED;
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
    let wanted = check.principle.map(Principle::numbered);
    let (mut violations, mut incomplete) = (asked(&found.violations, check), asked(&found.incomplete, check));
    let checked = found.passes as usize + violations.len() + incomplete.len();
    if let Some(wanted) = wanted {
        // Which principle a rule without criteria belongs to, only a person can say.
        incomplete.extend(violations.iter().filter(|rule| criteria(rule).is_empty()));
        violations.retain(|rule| !criteria(rule).is_empty() && is_of(rule, wanted));
        incomplete.retain(|rule| is_of(rule, wanted));
    }
    let checker = safe(&found.checker, SHOWN_NAME);
    let mut grounds = Grounds {
        evidence: evidence(found, &violations, &incomplete),
        basis: Some(Basis::Browser),
        expected: Some(expected(check)),
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
        grounds.reason = broken(&checker, &violations, incomplete.len(), wanted);
        return Ok(Decided { opinion: Opinion::Fail, grounds });
    }
    if !incomplete.is_empty() {
        let (n, names) = (incomplete.len(), named(&incomplete));
        grounds.code = Some(UNDECIDED);
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
    if let Some(name) = wanted.map(Principle::name) {
        grounds.reason = Text::new(
            format!(
                "{checker} không thấy lỗi nào thuộc nguyên tắc “{}” (đã xét {checked} quy tắc của mọi nguyên tắc). Máy chỉ kiểm tra được một phần của WCAG; phần còn lại cần người kiểm tra.",
                name.vi
            ),
            format!(
                "{checker} found no violation of the principle “{}” (it checked {checked} rules of all principles). Machine checks cover only a part of WCAG; the rest needs a person.",
                name.en
            ),
        );
        return Ok(Decided { opinion: Opinion::Pass, grounds });
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

/// Whether a rule speaks of a principle. One with criteria of two belongs to both; one without any, to all.
fn is_of(rule: &AccessRule, wanted: Principle) -> bool {
    let own = criteria(rule);
    own.is_empty() || own.iter().any(|digits| Principle::of_criterion(digits) == wanted)
}

fn expected(check: &WcagCheck) -> String {
    let tags = check.tags.join(", ");
    match check.principle {
        Some(principle) => format!("{tags} · {principle}.*"),
        None => tags,
    }
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
    /// By the first of a rule's success criteria.
    fn of(rule: &AccessRule) -> Self {
        criteria(rule).first().map_or(Self::Unknown, |digits| Self::of_criterion(digits))
    }

    /// By the digits of a criterion: `111` is 1.1.1.
    fn of_criterion(digits: &str) -> Self {
        Self::numbered(digits.as_bytes().first().map_or(0, |digit| digit.wrapping_sub(b'0')))
    }

    fn numbered(number: u8) -> Self {
        match number {
            1 => Self::Perceivable,
            2 => Self::Operable,
            3 => Self::Understandable,
            4 => Self::Robust,
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

/// The digits of a rule's success criteria: a level, as `wcag2a`, is none.
fn criteria(rule: &AccessRule) -> Vec<&str> {
    let digits = rule.tags.iter().filter_map(|tag| tag.strip_prefix("wcag"));
    let is_one = |d: &&str| (3..=4).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit());
    digits.filter(is_one).filter(|d| Principle::of_criterion(d) != Principle::Unknown).collect()
}

fn broken(checker: &str, violations: &[&AccessRule], incomplete: usize, wanted: Option<Principle>) -> Text {
    let mut by_principle: BTreeMap<Principle, Vec<&AccessRule>> = BTreeMap::new();
    for rule in violations {
        by_principle.entry(wanted.unwrap_or_else(|| Principle::of(rule))).or_default().push(rule);
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
    if let Some(digits) = criteria(rule).first() {
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
