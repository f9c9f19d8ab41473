//! A fault in a file that people write, with its place and remedy, in both languages.
//! Text taken from the file is made safe when it enters a message.

use std::fmt;
use std::sync::Arc;

use super::At;
use crate::finding::safe;
use crate::policy::Text;
use crate::snapshot::{Source, Span};

/// One underlined piece of a file.
#[derive(Debug, Clone)]
pub struct Label {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes.
    pub span: Span,
    /// What is said about them; may be empty.
    pub text: Text,
}

/// One fault of a file.
#[derive(Debug, Clone)]
pub struct Problem {
    /// A stable name of the kind of fault, such as `unknown-key`.
    pub code: &'static str,
    /// What is wrong, in one line.
    pub message: Text,
    /// How to mend it.
    pub help: Option<Box<Text>>,
    /// Where; the first label is the main one. Empty when it concerns the file as a whole.
    pub labels: Vec<Label>,
}

impl Problem {
    /// A fault without a place.
    #[must_use]
    pub fn new(code: &'static str, message: Text) -> Self {
        Self { code, message, help: None, labels: Vec::new() }
    }

    /// Adds a remedy; a second one follows the first.
    #[must_use]
    pub fn help(mut self, help: impl Into<Option<Text>>) -> Self {
        self.help = match (self.help.take(), help.into()) {
            (Some(a), Some(b)) => Some(Box::new(Text::new(format!("{} {}", a.vi, b.vi), format!("{} {}", a.en, b.en)))),
            (a, b) => a.or(b.map(Box::new)),
        };
        self
    }

    /// Underlines bytes of a file.
    #[must_use]
    pub fn mark(mut self, source: &Arc<Source>, span: Span, text: Text) -> Self {
        self.labels.push(Label { source: Arc::clone(source), span, text });
        self
    }

    /// Underlines a place.
    #[must_use]
    pub fn label(self, at: &At, text: Text) -> Self {
        self.mark(at.document.source(), at.span(), text)
    }

    /// Underlines the key of a place.
    #[must_use]
    pub fn label_key(self, at: &At, text: Text) -> Self {
        self.mark(at.document.source(), at.key_span(), text)
    }
}

/// `file:line:column: message`, in English, for logs; people are shown [`Problem::render`].
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(label) = self.labels.first() {
            let at = label.source.position(label.span.start);
            write!(f, "{}:{}:{}: ", label.source.origin.path.as_deref().unwrap_or_default(), at.line, at.column)?;
        }
        f.write_str(&self.message.en)
    }
}

impl std::error::Error for Problem {}

/// All faults found in one go; never empty when it is returned as an error.
#[derive(Debug, Clone, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// The value, when nothing was found.
    ///
    /// # Errors
    /// What was found.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// In reading order: the files in the order they came up, each from top to bottom.
    pub(super) fn ordered(&self) -> Vec<&Problem> {
        let mut files: Vec<*const Source> = Vec::new();
        let mut ordered = Vec::new();
        for problem in &self.0 {
            let place = problem.labels.first().map(|label| {
                let file = Arc::as_ptr(&label.source);
                let known = files.iter().position(|f| std::ptr::eq(*f, file));
                let n = known.unwrap_or_else(|| {
                    files.push(file);
                    files.len() - 1
                });
                (n, label.span.start)
            });
            ordered.push((place, problem));
        }
        ordered.sort_by_key(|(place, _)| *place);
        ordered.into_iter().map(|(_, problem)| problem).collect()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.ordered().into_iter().enumerate() {
            write!(f, "{}{problem}", if n == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// A name or value from a file, safe to show, in back quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("`{}`", safe(text, 80))
}

pub(super) fn too_large(name: &str, most: usize) -> Problem {
    let mib = most >> 20;
    let text =
        Text::new(format!("{name}: tệp lớn hơn {mib} MiB"), format!("{name}: the file is larger than {mib} MiB"));
    Problem::new("too-large", text).help(Text::new(
        "Đây có đúng là tệp cần đọc không? Nếu đúng, hãy chia thành nhiều tệp.",
        "Is it the right file? If so, split it into several.",
    ))
}

pub(super) fn unreadable(name: &str, cause: &std::io::Error) -> Problem {
    let name = safe(&name.replace('\\', "/"), 300);
    if cause.kind() == std::io::ErrorKind::NotFound {
        let text = Text::new(format!("không tìm thấy tệp {name}"), format!("the file {name} was not found"));
        return Problem::new("not-found", text);
    }
    Problem::new(
        "unreadable",
        Text::new(format!("không đọc được {name}: {cause}"), format!("{name} cannot be read: {cause}")),
    )
}

pub(super) fn empty(source: &Arc<Source>) -> Problem {
    let name = source.origin.path.as_deref().unwrap_or_default();
    Problem::new("empty", Text::new(format!("{name}: tệp không có nội dung"), format!("{name}: the file is empty")))
        .help(Text::new(
            "Tệp phải bắt đầu bằng `apiVersion: rasoat/v1`.",
            "It must begin with `apiVersion: rasoat/v1`.",
        ))
}

pub(super) fn not_utf8(source: &Arc<Source>, offset: usize) -> Problem {
    let text = Text::new(
        format!("tệp không được lưu bằng UTF-8 (byte thứ {})", offset + 1),
        format!("the file is not UTF-8 (byte {})", offset + 1),
    );
    // The stand-in of a bad byte is three bytes long.
    Problem::new("not-utf8", text).mark(source, Span::new(offset, offset + 3), Text::new("từ đây", "from here")).help(
        Text::new(
            "Lưu lại tệp với bảng mã UTF-8 (trong Notepad: Save As, Encoding: UTF-8).",
            "Save the file as UTF-8 (in Notepad: Save As, Encoding: UTF-8).",
        ),
    )
}
