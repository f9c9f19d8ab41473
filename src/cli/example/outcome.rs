//! What an example shows of its rule, in words: noisy when the rule reports what is right, missing when it lets
//! through what is wrong. Compares an expectation with a finding; judges nothing itself.

use crate::finding::{Finding, Verdict, safe};
use crate::lang::Lang;
use crate::policy::{Example, LoadedPolicy, PlacedExample, Text};
use crate::report::words;

/// Longest name of an example and longest message that are shown.
const LONGEST: usize = 400;

/// How a rule differs from its example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It fails what must not fail.
    Noisy,
    /// It lets pass what must fail.
    Missing,
    /// Neither: another code, another gap, or open where it should not be.
    Different,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Noisy, Self::Missing, Self::Different];

    /// The word for it.
    pub(super) fn word(self) -> Text {
        match self {
            Self::Noisy => Text::new("báo nhầm (noisy)", "noisy"),
            Self::Missing => Text::new("bỏ sót (missing)", "missing"),
            Self::Different => Text::new("khác dự kiến", "different"),
        }
    }

    /// What it means for whoever writes the rule.
    pub(super) fn meaning(self) -> Text {
        match self {
            Self::Noisy => Text::new(
                "tiêu chí báo lỗi ở chỗ đúng; hãy thu hẹp phép kiểm tra, hoặc sửa ví dụ.",
                "the rule fails what is right: narrow its check, or correct the example.",
            ),
            Self::Missing => Text::new(
                "tiêu chí để lọt chỗ sai; hãy mở rộng phép kiểm tra, hoặc sửa ví dụ.",
                "the rule lets through what is wrong: widen its check, or correct the example.",
            ),
            Self::Different => Text::new(
                "kết quả đúng hướng nhưng mã, lý do hoặc mức kết luận khác ví dụ.",
                "another code, reason or verdict than the example says.",
            ),
        }
    }
}

/// One example that is not as expected.
pub(super) struct Difference {
    pub(super) kind: Kind,
    wanted: Text,
    seen: Text,
}

/// Compares; `None` when the finding is as expected.
pub(super) fn compare(found: Option<&Finding>, example: &Example, verdict: Verdict) -> Option<Difference> {
    let detail = example.code.clone().or_else(|| example.gap.map(crate::snapshot::Gap::name));
    let wanted = with_detail(verdict, detail.as_deref());
    let Some(found) = found else {
        let kind = if verdict == Verdict::Fail { Kind::Missing } else { Kind::Different };
        let seen = Text::new("tiêu chí không áp dụng cho vai trò này", "the rule does not apply to this role");
        return Some(Difference { kind, wanted, seen });
    };
    let same = found.verdict == verdict
        && example.code.as_ref().is_none_or(|code| found.code.as_ref() == Some(code))
        && example.gap.is_none_or(|gap| found.gap == Some(gap));
    if same {
        return None;
    }
    let kind = match (verdict, found.verdict) {
        (Verdict::Fail, Verdict::Pass | Verdict::NotApplicable) => Kind::Missing,
        (wanted, Verdict::Fail) if wanted != Verdict::Fail => Kind::Noisy,
        _ => Kind::Different,
    };
    let is = with_detail(found.verdict, found.code.as_deref());
    let said = |is: &str, text: &str| format!("{is}: {}", safe(text, LONGEST));
    let seen = Text::new(said(&is.vi, &found.message.vi), said(&is.en, &found.message.en));
    Some(Difference { kind, wanted, seen })
}

fn with_detail(verdict: Verdict, detail: Option<&str>) -> Text {
    let words = words::verdict(verdict);
    let detail = detail.map(|detail| format!(" [{}]", safe(detail, 80))).unwrap_or_default();
    Text::new(format!("{}{detail}", words.vi), format!("{}{detail}", words.en))
}

impl Difference {
    /// The place, the example, what was expected and what was seen.
    pub(super) fn text(&self, loaded: &LoadedPolicy, rule: &str, placed: &PlacedExample, lang: Lang) -> String {
        let own = loaded.documents.last().is_some_and(|own| own.name() == placed.at.document.name());
        let set = placed.set;
        let name = match &placed.example.name {
            Some(name) => format!("“{}”", safe(name, LONGEST)),
            // Examples are counted as people count.
            None => {
                let n = placed.at.path.rsplit_once('[').and_then(|(_, n)| n.trim_end_matches(']').parse::<u32>().ok());
                n.map(|n| format!("#{}", n + 1)).unwrap_or_default()
            }
        };
        let (at, word) = (placed.at.line_name(), self.kind.word());
        let inherited = if own { Text::default() } else { inherited() };
        let text = Text::new(
            format!(
                "{at}: {} – tiêu chí {rule}, ví dụ {set} {name}\n  cần:     {}\n  thực tế: {}\n{}",
                word.vi, self.wanted.vi, self.seen.vi, inherited.vi
            ),
            format!(
                "{at}: {} – rule {rule}, {set} example {name}\n  expected: {}\n  seen:     {}\n{}",
                word.en, self.wanted.en, self.seen.en, inherited.en
            ),
        );
        lang.pick(&text).to_owned()
    }
}

fn inherited() -> Text {
    Text::new(
        "  (ví dụ kế thừa; nếu cố ý đổi tiêu chí, hãy ghi `tests` riêng cho nó)\n",
        "  (an inherited example; when the rule is meant to change, give it `tests` of its own)\n",
    )
}
