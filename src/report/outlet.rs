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
}

impl Outlet {
    /// The row of a finding in its report.
    #[must_use]
    pub fn of(report: &Report, finding: &Finding) -> Self {
        Self::row(finding, report.fail_on, report.strict)
    }

    /// The row of a finding under `--fail-on` and `--strict`.
    ///
    /// A failure the baseline knows keeps its level but raises nothing, and so is no JUnit failure either,
    /// unless it is an error under a `--fail-on` that asks for none: `known` alone softens it.
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
                }
            }
        }
    }

    fn quiet(junit: Junit) -> Self {
        Self { junit, sarif: None, github: None, gitlab: None, raises: Raises::Nothing }
    }
}
