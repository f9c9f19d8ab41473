//! What stops a run, and the exit codes. An error that must stop one answer is a gap, never this.

use std::fmt;
use std::path::Path;

use crate::policy::Text;

/// What stops a run.
#[derive(Debug)]
pub enum Error {
    /// Flags, or the files people write: exit 2.
    Usage(Text),
    /// A file people write, with places: exit 2. Rendered already in the reader's language.
    Input(String),
    /// A report could not be written: exit 5.
    Write {
        /// The path.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// A fault of this program: exit 70.
    Internal(String),
}

impl Error {
    /// A usage error.
    #[must_use]
    pub fn usage(text: Text) -> Self {
        Self::Usage(text)
    }

    /// The exit code it ends the run with.
    #[must_use]
    pub fn exit(&self) -> ExitCode {
        match self {
            Self::Usage(_) | Self::Input(_) => ExitCode::Usage,
            Self::Write { .. } => ExitCode::Unwritten,
            Self::Internal(_) => ExitCode::Internal,
        }
    }

    /// What is wrong, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Usage(text) => text.clone(),
            Self::Input(rendered) => Text::new(rendered.clone(), rendered.clone()),
            Self::Write { path, cause } => {
                let hint = if cause.kind() == std::io::ErrorKind::NotFound && folder_is_missing(path) {
                    (" (thư mục chưa có: mkdir -p)", " (no such folder: mkdir -p)")
                } else {
                    ("", "")
                };
                Text::new(
                    format!("không ghi được {path}: {cause}{}", hint.0),
                    format!("cannot write {path}: {cause}{}", hint.1),
                )
            }
            Self::Internal(what) => {
                Text::new(format!("lỗi của chương trình: {what}"), format!("internal error: {what}"))
            }
        }
    }
}

/// Whether the folder a file shall lie in is not there.
fn folder_is_missing(path: &str) -> bool {
    Path::new(path).parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.exists())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for Error {}

/// How a run ends. The table of the contract; the code never depends on an output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// Passed.
    Passed = 0,
    /// A finding reaches `--fail-on`.
    Failed = 1,
    /// Bad usage, policy, sites, waiver or attestation file.
    Usage = 2,
    /// Something could not be evaluated.
    Inconclusive = 3,
    /// Nothing was evaluated.
    Nothing = 4,
    /// A report could not be written.
    Unwritten = 5,
    /// A fault of this program.
    Internal = 70,
}

impl ExitCode {
    /// Every one, by number.
    pub const ALL: [Self; 7] =
        [Self::Passed, Self::Failed, Self::Usage, Self::Inconclusive, Self::Nothing, Self::Unwritten, Self::Internal];

    /// The number the process ends with.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Inconclusive => 3,
            Self::Nothing => 4,
            Self::Unwritten => 5,
            Self::Internal => 70,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_said_to_be_missing_only_when_it_is() {
        let kept = tempfile::tempdir().unwrap();
        let said = |path: std::path::PathBuf| {
            let cause = std::io::Error::from(std::io::ErrorKind::NotFound);
            Error::Write { path: path.display().to_string(), cause }.text()
        };
        let missing = said(kept.path().join("o/a.json"));
        assert!(missing.en.contains("mkdir -p") && missing.vi.contains("mkdir -p"), "{missing:?}");
        let there = said(kept.path().join("a.json"));
        assert!(!there.en.contains("mkdir -p") && !there.vi.contains("mkdir -p"), "{there:?}");
        assert!(!said("a.json".into()).en.contains("mkdir -p"));
    }
}
