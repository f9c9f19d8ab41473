//! The formats by name. A new one is a file beside this and a line in each list here.

use super::{
    Beside, HumanOptions, Report, to_csv, to_dotenv, to_github, to_gitlab, to_gitlab_annotations, to_html,
    to_human_beside, to_json, to_junit, to_markdown_beside, to_sarif,
};

/// A form a report can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Human,
    /// The stored form.
    Json,
    /// JUnit with file and line.
    Junit,
    /// JUnit as strict readers want it.
    JunitStrict,
    /// SARIF 2.1.0.
    Sarif,
    /// GitLab Code Quality.
    Gitlab,
    /// GitLab job annotations: links to the checked sites.
    GitlabAnnotations,
    /// GitHub workflow commands.
    Github,
    /// A table for summaries and comments.
    Markdown,
    /// One file to open, search and print.
    Html,
    /// One row a finding, safe for spreadsheets.
    Csv,
    /// A workbook for spreadsheets.
    Xlsx,
    /// A letter with the result.
    Docx,
    /// Variables for later jobs.
    Dotenv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 14] = [
        Self::Human,
        Self::Json,
        Self::Junit,
        Self::JunitStrict,
        Self::Sarif,
        Self::Gitlab,
        Self::GitlabAnnotations,
        Self::Github,
        Self::Markdown,
        Self::Html,
        Self::Csv,
        Self::Xlsx,
        Self::Docx,
        Self::Dotenv,
    ];

    /// Its name in `--report`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::JunitStrict => "junit-strict",
            Self::Sarif => "sarif",
            Self::Gitlab => "gitlab",
            Self::GitlabAnnotations => "gitlab-annotations",
            Self::Github => "github",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Dotenv => "dotenv",
        }
    }

    /// The format of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }

    /// Whether its bytes are no text: a terminal would not show them.
    #[must_use]
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Xlsx | Self::Docx)
    }

    /// Whether this build of the program can write it.
    #[must_use]
    pub fn is_built(self) -> bool {
        !matches!(self, Self::Xlsx | Self::Docx) || cfg!(feature = "office")
    }
}

/// A report in a format.
///
/// # Errors
/// The writer's own words when a report cannot be expressed in the format, which its types rule out.
pub fn render(report: &Report, format: Format, options: &HumanOptions, beside: &Beside) -> Result<Vec<u8>, String> {
    let lang = options.lang;
    let text = match format {
        Format::Human => Ok(to_human_beside(report, options, beside)),
        Format::Json => to_json(report).map_err(|e| e.to_string()),
        Format::Junit => to_junit(report, false, lang).map_err(|e| e.to_string()),
        Format::JunitStrict => to_junit(report, true, lang).map_err(|e| e.to_string()),
        Format::Sarif => to_sarif(report, lang).map_err(|e| e.to_string()),
        Format::Gitlab => to_gitlab(report, lang).map_err(|e| e.to_string()),
        Format::GitlabAnnotations => to_gitlab_annotations(report, lang).map_err(|e| e.to_string()),
        Format::Github => Ok(to_github(report, lang)),
        Format::Markdown => Ok(to_markdown_beside(report, lang, beside)),
        Format::Html => to_html(report, beside),
        Format::Csv => Ok(to_csv(report, lang)),
        Format::Xlsx => return workbook(report, options, beside),
        Format::Docx => return letter(report, beside),
        Format::Dotenv => Ok(to_dotenv(report)),
    };
    text.map(String::into_bytes)
}

#[cfg(feature = "office")]
fn workbook(report: &Report, options: &HumanOptions, beside: &Beside) -> Result<Vec<u8>, String> {
    super::to_xlsx(report, options.lang, beside)
}

#[cfg(not(feature = "office"))]
fn workbook(_: &Report, _: &HumanOptions, _: &Beside) -> Result<Vec<u8>, String> {
    Err("built without the feature `office`".to_owned())
}

#[cfg(feature = "office")]
fn letter(report: &Report, beside: &Beside) -> Result<Vec<u8>, String> {
    match &beside.letter {
        Some(letter) => super::to_docx(report, letter),
        None => super::to_docx(report, &super::Letter::built_in().map_err(|why| why.en)?),
    }
}

#[cfg(not(feature = "office"))]
fn letter(_: &Report, _: &Beside) -> Result<Vec<u8>, String> {
    Err("built without the feature `office`".to_owned())
}
