//! The engine's own words in Vietnamese and English: verdicts, severities, bases, rungs, outcomes and, in
//! `gaps.rs`, why something could not be seen. Wording of criteria comes from policies, never from here.
//! Every match names all its variants, so that a new one cannot reach a reader without words.

mod gaps;

pub use gaps::{cause, remedy};

use crate::finding::{Basis, NoteLevel, Verdict};
use crate::policy::{Reach, Severity, Text};
use crate::report::Outcome;
use crate::site::Role;

pub use crate::lang::Lang;

/// Words of the engine in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// The reader's version.
    #[must_use]
    pub fn pick(self, lang: Lang) -> &'static str {
        lang.of(self.vi, self.en)
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self::new(words.vi, words.en)
    }
}

const fn words(vi: &'static str, en: &'static str) -> Words {
    Words { vi, en }
}

/// A verdict in words.
#[must_use]
pub fn verdict(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Pass => words("đạt", "pass"),
        Verdict::Fail => words("không đạt", "fail"),
        Verdict::Inconclusive => words("chưa đủ căn cứ kết luận", "inconclusive"),
        Verdict::NotApplicable => words("không áp dụng", "not applicable"),
        Verdict::Waived => words("tạm chấp nhận (có phê duyệt)", "waived (approved)"),
    }
}

/// What a verdict says, for readers who meet it for the first time.
#[must_use]
pub fn verdict_meaning(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Pass => words("trang thực hiện đúng tiêu chí", "the site keeps the criterion"),
        Verdict::Fail => words("trang không thực hiện đúng tiêu chí", "the site does not keep the criterion"),
        Verdict::Inconclusive => {
            words("chưa đo được, hoặc chưa ai yêu cầu đo", "it could not be measured, or nobody asked for it")
        }
        Verdict::NotApplicable => {
            words("tiêu chí không đặt ra với trang này", "the criterion asks nothing of this site")
        }
        Verdict::Waived => words(
            "không thực hiện đúng, được người có thẩm quyền tạm chấp nhận có thời hạn",
            "not kept, and accepted for a time by those who may",
        ),
    }
}

/// How grave a failure is, in words.
#[must_use]
pub fn severity(severity: Severity) -> Words {
    match severity {
        Severity::Error => words("lỗi", "error"),
        Severity::Warning => words("cảnh báo", "warning"),
        Severity::Note => words("lưu ý", "note"),
    }
}

/// How much a note matters, in words.
#[must_use]
pub fn note_level(level: NoteLevel) -> Words {
    match level {
        NoteLevel::Info => words("ghi chú", "note"),
        NoteLevel::Warning => words("cảnh báo", "warning"),
    }
}

/// Where the facts come from, in words.
#[must_use]
pub fn basis(basis: Basis) -> Words {
    match basis {
        Basis::Static => words("đọc tệp", "files, read as bytes"),
        Basis::Http => words("đọc qua HTTP", "answers over HTTP, read as bytes"),
        Basis::Browser => words("trình duyệt", "browser"),
        Basis::StandIn => {
            words("trình duyệt, thư viện giám sát được giả lập", "browser with a simulated tracker library")
        }
        Basis::Attested => words("xác nhận của người có trách nhiệm", "a person's statement"),
        Basis::Declared => words("khai báo trong tệp danh sách trang", "declared in the sites file"),
    }
}

/// A rung of the tracker's evidence ladder in words.
#[must_use]
pub fn reach(reach: Reach) -> Words {
    match reach {
        Reach::Text => words("chỉ thấy tên trong văn bản của trang", "the names occur in the page's text"),
        Reach::Live => words("có trong mã được thực thi", "they occur in code that runs"),
        Reach::Addressed => words("đúng địa chỉ máy chủ giám sát", "with the tracker's exact addresses"),
        Reach::Configured => words("đã cấu hình mã định danh", "configured with an id"),
        Reach::Loaded => words("thư viện giám sát đã được tải", "the tracker's library was loaded"),
        Reach::Sent => words("đã gửi lượt ghi nhận", "a visit was sent"),
    }
}

/// A site's role in words.
#[must_use]
pub fn role(role: Role) -> Words {
    match role {
        Role::Portal => words("cổng", "portal"),
        Role::Component => words("trang thành phần", "component site"),
        Role::Service => words("hệ thống thông tin giải quyết TTHC", "administrative-procedure system"),
    }
}

/// What an element of evidence is, in words; `None` for names only a policy knows.
#[must_use]
pub fn element(what: &str) -> Option<Words> {
    Some(match what {
        "look-alike" => words("đường dẫn gần giống", "look-alike link"),
        "label" => words("nhãn tìm thấy", "label found"),
        "site-id" => words("mã định danh tìm thấy", "id found"),
        "technique" => words("cách ẩn", "hidden by"),
        "hidden-by" => words("phần tử che hoặc ẩn", "element that hides it"),
        "declaration" => words("khai báo CSS", "declaration"),
        _ => return None,
    })
}

/// What was measured, in words; `None` for names that say it themselves.
#[must_use]
pub fn measure(name: &str) -> Option<Words> {
    Some(match name {
        "certificate-days-left" => words("số ngày chứng thư số còn hạn", "days the certificate still holds"),
        "tls" => words("phiên bản TLS", "TLS version"),
        _ => return None,
    })
}

/// The run in words.
#[must_use]
pub fn outcome(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Passed => words("đạt", "passed"),
        Outcome::PassedUnmeasured => {
            words("đạt phần đã đo, còn nội dung chưa đo", "passed as far as measured; some clauses were not")
        }
        Outcome::Failed => words("không đạt", "failed"),
        Outcome::Inconclusive => words("chưa đủ căn cứ kết luận", "inconclusive"),
        Outcome::Nothing => words("không có nội dung nào được đánh giá", "nothing was evaluated"),
    }
}

/// The run's public word, the same in every language and output.
#[must_use]
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::PassedUnmeasured => "passed-unmeasured",
        Outcome::Failed => "failed",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Nothing => "nothing",
    }
}

/// A verdict's public word.
#[must_use]
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "inconclusive",
        Verdict::NotApplicable => "not-applicable",
        Verdict::Waived => "waived",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Gap;

    #[test]
    fn public_words_are_those_of_the_stored_report() {
        for o in [Outcome::Passed, Outcome::PassedUnmeasured, Outcome::Failed, Outcome::Inconclusive, Outcome::Nothing]
        {
            assert_eq!(serde_json::to_value(o).unwrap(), outcome_name(o));
        }
        for v in [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Waived] {
            assert_eq!(serde_json::to_value(v).unwrap(), verdict_name(v));
        }
    }

    #[test]
    fn every_gap_has_its_own_sentences_in_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for gap in Gap::ALL {
            for words in [cause(gap), remedy(gap)] {
                for sentence in [words.vi, words.en] {
                    assert!(sentence.ends_with('.'), "{gap:?}: {sentence}");
                    assert!(seen.insert(sentence), "{gap:?} repeats: {sentence}");
                }
                assert!(!words.vi.is_ascii(), "{gap:?} without diacritics: {}", words.vi);
                assert!(words.en.is_ascii(), "{gap:?}: {}", words.en);
            }
        }
    }

    #[test]
    fn being_blocked_has_the_three_ways_out() {
        let said = remedy(Gap::Blocked);
        for sentence in [said.vi, said.en] {
            for part in ["Vi", "--proxy", "User-Agent"] {
                assert!(sentence.contains(part), "{sentence}");
            }
        }
    }

    #[test]
    fn a_text_without_the_readers_language_is_read_in_the_other() {
        assert_eq!(Lang::Vi.pick(&Text::new(" ", "b")), "b");
        assert_eq!(Lang::En.pick(&Text::new("a", "")), "a");
        assert_eq!(Lang::Vi.pick(&Text::new("a", "b")), "a");
    }
}
