//! The one table that says how a verdict leaves the house: verdict, severity and `--fail-on` in, the word
//! of each format and the exit it raises out. Formats look up their column here and never decide.

use super::{FailOn, Report};
use crate::finding::{Finding, Verdict};
use crate::policy::Severity;
use crate::snapshot::Gap;

/// What a JUnit test case holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Junit {
    /// Nothing but itself: a passed test.
    Testcase,
    /// `<failure>`.
    Failure,
    /// `<error>`.
    Error,
    /// `<skipped>`.
    Skipped,
    /// A passed test that says its failure in `<system-out>`: it does not reach `--fail-on`.
    SystemOut,
}

/// The level of a SARIF result, and whether its kind is `open` (an answer is still owed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sarif {
    /// `error`, `warning` or `note`.
    pub level: Severity,
    /// `kind: open`; else `kind: fail`.
    pub open: bool,
}

/// A GitHub annotation, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Github {
    /// `::error`.
    Error,
    /// `::warning`.
    Warning,
    /// `::notice`.
    Notice,
}

/// A GitLab Code Quality severity, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gitlab {
    /// `major`.
    Major,
    /// `minor`.
    Minor,
    /// `info`.
    Info,
}

/// The exit a finding raises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raises {
    /// None: 0.
    Nothing,
    /// 1: a finding reaches `--fail-on`.
    Violation,
    /// 3: something could not be evaluated.
    Unseen,
}

/// How one finding leaves, in every format. `None` means left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlet {
    /// JUnit.
    pub junit: Junit,
    /// SARIF.
    pub sarif: Option<Sarif>,
    /// GitHub annotations.
    pub github: Option<Github>,
    /// GitLab Code Quality.
    pub gitlab: Option<Gitlab>,
    /// Exit code.
    pub raises: Raises,
    /// Whether lists for people name it; counts always hold it.
    pub listed: bool,
}

impl Outlet {
    /// The row of a finding in its report. Under `--new-only` a known failure is counted and no longer named.
    #[must_use]
    pub fn of(report: &Report, finding: &Finding) -> Self {
        let row = Self::row(finding, report.fail_on, report.strict);
        if report.new_only && finding.known && finding.verdict == Verdict::Fail {
            return Self { sarif: None, github: None, gitlab: None, listed: false, ..row };
        }
        row
    }

    /// The row of a finding under `--fail-on` and `--strict`.
    ///
    /// A failure the baseline knows keeps its level but raises nothing, and so is no JUnit failure either.
    #[must_use]
    pub fn row(finding: &Finding, fail_on: FailOn, strict: bool) -> Self {
        let reaches = fail_on.reached_by(finding.severity);
        match finding.verdict {
            Verdict::Pass => Self::quiet(Junit::Testcase),
            Verdict::NotApplicable | Verdict::Waived => Self::quiet(Junit::Skipped),
            Verdict::Fail => {
                let red = !finding.known && (finding.severity == Severity::Error || reaches);
                Self {
                    junit: if red { Junit::Failure } else { Junit::SystemOut },
                    sarif: Some(Sarif { level: finding.severity, open: false }),
                    github: Some(match finding.severity {
                        Severity::Error => Github::Error,
                        Severity::Warning => Github::Warning,
                        Severity::Note => Github::Notice,
                    }),
                    gitlab: Some(match finding.severity {
                        Severity::Error => Gitlab::Major,
                        Severity::Warning => Gitlab::Minor,
                        Severity::Note => Gitlab::Info,
                    }),
                    raises: if reaches && !finding.known { Raises::Violation } else { Raises::Nothing },
                    listed: true,
                }
            }
            Verdict::Inconclusive => {
                let asked = finding.gap != Some(Gap::NotRequested);
                let counts = fail_on != FailOn::Never && (strict || (reaches && asked));
                Self {
                    junit: if asked { Junit::Error } else { Junit::Skipped },
                    sarif: Some(Sarif { level: Severity::Note, open: true }),
                    github: Some(Github::Warning),
                    gitlab: Some(Gitlab::Info),
                    raises: if counts { Raises::Unseen } else { Raises::Nothing },
                    listed: true,
                }
            }
        }
    }

    /// The row of something asked of a score. It is about a sum and stands at no place, so what lists places leaves it
    /// out; else it goes as a finding of severity error.
    #[must_use]
    pub fn of_gate(verdict: Verdict, fail_on: FailOn) -> Self {
        let raises = |raised| if fail_on == FailOn::Never { Raises::Nothing } else { raised };
        let (junit, github, raises) = match verdict {
            Verdict::Fail => (Junit::Failure, Github::Error, raises(Raises::Violation)),
            Verdict::Inconclusive => (Junit::Error, Github::Warning, raises(Raises::Unseen)),
            Verdict::Pass | Verdict::NotApplicable | Verdict::Waived => return Self::quiet(Junit::Testcase),
        };
        Self { junit, github: Some(github), raises, ..Self::quiet(junit) }
    }

    fn quiet(junit: Junit) -> Self {
        Self { junit, sarif: None, github: None, gitlab: None, raises: Raises::Nothing, listed: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Basis;
    use crate::policy::Text;

    fn row(verdict: Verdict, severity: Severity, fail_on: FailOn) -> Outlet {
        Outlet::row(&finding(verdict, severity), fail_on, false)
    }

    fn finding(verdict: Verdict, severity: Severity) -> Finding {
        Finding {
            policy: String::new(),
            rule: String::new(),
            site: String::new(),
            verdict,
            code: None,
            gap: (verdict == Verdict::Inconclusive).then_some(Gap::Dns),
            severity,
            basis: Basis::Static,
            known: false,
            subjects: Vec::new(),
            subjects_left_out: 0,
            waiver: None,
            notes: Vec::new(),
            message: Text::default(),
            fix: None,
            reached: None,
            places: Vec::new(),
            places_total: 0,
            evidence: Vec::new(),
            expected: None,
            actual: None,
            earned: None,
            duration_ms: 0,
        }
    }

    #[test]
    fn passes_not_applicable_and_waived_leave_quietly() {
        for severity in [Severity::Note, Severity::Warning, Severity::Error] {
            for (verdict, junit) in [
                (Verdict::Pass, Junit::Testcase),
                (Verdict::NotApplicable, Junit::Skipped),
                (Verdict::Waived, Junit::Skipped),
            ] {
                let row = row(verdict, severity, FailOn::Note);
                assert_eq!(row.junit, junit);
                assert_eq!((row.sarif, row.github, row.gitlab), (None, None, None));
                assert_eq!(row.raises, Raises::Nothing);
            }
        }
    }

    #[test]
    fn a_failure_leaves_by_its_severity_and_fails_the_run_from_fail_on() {
        use FailOn::{Error, Never, Note, Warning};
        for (severity, fail_on, junit, raises) in [
            (Severity::Error, Error, Junit::Failure, Raises::Violation),
            (Severity::Error, Never, Junit::Failure, Raises::Nothing),
            (Severity::Warning, Error, Junit::SystemOut, Raises::Nothing),
            (Severity::Warning, Warning, Junit::Failure, Raises::Violation),
            (Severity::Note, Warning, Junit::SystemOut, Raises::Nothing),
            (Severity::Note, Note, Junit::Failure, Raises::Violation),
            (Severity::Note, Never, Junit::SystemOut, Raises::Nothing),
        ] {
            let row = row(Verdict::Fail, severity, fail_on);
            assert_eq!((row.junit, row.raises), (junit, raises), "{severity:?} {fail_on:?}");
            assert_eq!(row.sarif, Some(Sarif { level: severity, open: false }));
        }
        let row = row(Verdict::Fail, Severity::Error, Error);
        assert_eq!((row.github, row.gitlab), (Some(Github::Error), Some(Gitlab::Major)));
    }

    #[test]
    fn a_gate_goes_as_an_error_and_stands_at_no_place() {
        for (verdict, fail_on, junit, raises) in [
            (Verdict::Pass, FailOn::Error, Junit::Testcase, Raises::Nothing),
            (Verdict::Fail, FailOn::Error, Junit::Failure, Raises::Violation),
            (Verdict::Fail, FailOn::Never, Junit::Failure, Raises::Nothing),
            (Verdict::Inconclusive, FailOn::Error, Junit::Error, Raises::Unseen),
            (Verdict::Inconclusive, FailOn::Never, Junit::Error, Raises::Nothing),
        ] {
            let row = Outlet::of_gate(verdict, fail_on);
            assert_eq!((row.junit, row.raises), (junit, raises), "{verdict:?} {fail_on:?}");
            assert_eq!((row.sarif, row.gitlab), (None, None));
        }
    }

    #[test]
    fn a_known_failure_is_told_and_fails_nothing() {
        let mut known = finding(Verdict::Fail, Severity::Error);
        known.known = true;
        let row = Outlet::row(&known, FailOn::Error, true);
        assert_eq!((row.junit, row.raises), (Junit::SystemOut, Raises::Nothing));
        assert_eq!(row.sarif, Some(Sarif { level: Severity::Error, open: false }));
    }

    #[test]
    fn an_open_question_raises_3_when_its_rule_matters_and_it_was_asked() {
        let mut open = finding(Verdict::Inconclusive, Severity::Error);
        let raises = |f: &Finding, fail_on, strict| Outlet::row(f, fail_on, strict).raises;
        assert_eq!(raises(&open, FailOn::Error, false), Raises::Unseen);
        assert_eq!(raises(&open, FailOn::Never, true), Raises::Nothing);
        let row = Outlet::row(&open, FailOn::Error, false);
        assert_eq!(row.sarif, Some(Sarif { level: Severity::Note, open: true }));
        assert_eq!((row.github, row.gitlab), (Some(Github::Warning), Some(Gitlab::Info)));
        assert_eq!(row.junit, Junit::Error);
        open.gap = Some(Gap::NotRequested);
        assert_eq!(raises(&open, FailOn::Error, false), Raises::Nothing);
        assert_eq!(raises(&open, FailOn::Error, true), Raises::Unseen);
        assert_eq!(Outlet::row(&open, FailOn::Error, true).junit, Junit::Skipped);
        let low = finding(Verdict::Inconclusive, Severity::Warning);
        assert_eq!(raises(&low, FailOn::Error, false), Raises::Nothing);
        assert_eq!(raises(&low, FailOn::Error, true), Raises::Unseen);
    }
}
