//! Problems as text for a terminal: message, file, line, column, the source line, label and remedy.
//! Only the lines around a label are shown, made safe and cut; the rest of the file stays unseen.

use std::fmt;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};

use super::problem::{Label, Problem, Problems};
use crate::finding::{safe, without_credentials};
use crate::lang::Lang;
use crate::policy::Text;
use crate::snapshot::Source;

/// Most problems shown of one run.
const MOST_SHOWN: usize = 30;
/// Lines between labels up to which their excerpts are joined, given one line of context.
const JOINED: u32 = 3;
/// Characters shown of a line, before and after the label's start.
const BEFORE: usize = 60;
const AFTER: usize = 120;

impl Problems {
    /// All problems, one after the other, in the reader's language.
    #[must_use]
    pub fn render(&self, lang: Lang, color: bool) -> String {
        let mut out: String =
            self.ordered().into_iter().take(MOST_SHOWN).map(|p| p.render(lang, color)).collect::<Vec<_>>().join("\n");
        if let Some(more) = self.0.len().checked_sub(MOST_SHOWN).filter(|n| *n > 0) {
            let text = Text::new(format!("… và {more} lỗi nữa."), format!("… and {more} more."));
            out += &format!("\n{}\n", lang.pick(&text));
        }
        out
    }
}

impl Problem {
    /// The problem with its source lines, in the reader's language.
    #[must_use]
    pub fn render(&self, lang: Lang, color: bool) -> String {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_wrap_lines(false)
            .with_links(false)
            .without_cause_chain()
            .with_context_lines(1)
            .without_syntax_highlighting();
        let mut out = String::new();
        for view in &self.views(lang) {
            // Writing to a String cannot fail; a label miette cannot place leaves the message standing.
            if handler.render_report(&mut out, view).is_err() {
                out.push('\n');
            }
        }
        if let Some(help) = &self.help {
            out += &format!("  {}: {}\n", lang.pick(&Text::new("gợi ý", "help")), lang.pick(help));
        }
        out
    }

    /// One view per file, the main one first.
    fn views(&self, lang: Lang) -> Vec<View<'_>> {
        let mut files: Vec<(&Arc<Source>, Vec<&Label>)> = Vec::new();
        for label in &self.labels {
            match files.iter_mut().find(|(source, _)| Arc::ptr_eq(source, &label.source)) {
                Some((_, labels)) => labels.push(label),
                None => files.push((&label.source, vec![label])),
            }
        }
        let mut views = vec![View { problem: self, lang, excerpt: None, aside: false }];
        for (n, (source, labels)) in files.into_iter().enumerate() {
            let excerpt = Some(Excerpt::new(source, &labels, lang));
            if n == 0 {
                views[0].excerpt = excerpt;
            } else {
                views.push(View { problem: self, lang, excerpt, aside: true });
            }
        }
        views
    }
}

/// A problem and one file of it, in one language: what miette draws.
#[derive(Debug)]
struct View<'a> {
    problem: &'a Problem,
    lang: Lang,
    excerpt: Option<Excerpt>,
    aside: bool,
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let aside = Text::new("liên quan, ở tệp khác", "related, in another file");
        f.write_str(self.lang.pick(if self.aside { &aside } else { &self.problem.message }))
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.aside).then(|| Box::new(self.problem.code) as Box<dyn fmt::Display>)
    }
    fn severity(&self) -> Option<Severity> {
        Some(if self.aside { Severity::Advice } else { Severity::Error })
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|e| e as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.excerpt.as_ref().map(|e| Box::new(e.labels.iter().map(|(l, _)| l.clone())) as Box<_>)
    }
}

/// A stand-in of a file that has all its lines, but text only in those around the labels.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    /// Labels in the stand-in, each with its column (from 0) in the real file.
    labels: Vec<(LabeledSpan, usize)>,
}

impl Excerpt {
    fn new(source: &Source, labels: &[&Label], lang: Lang) -> Self {
        let mut marks: Vec<(u32, u32, u32, &Label)> = Vec::new();
        for label in labels {
            let from = source.position(label.span.start);
            let to = source.position(label.span.end);
            let line_end = u32::try_from(source.line(from.line).chars().count() + 1).unwrap_or(u32::MAX);
            let end = if to.line == from.line { to.column } else { line_end };
            marks.push((from.line, from.column, end.max(from.column), label));
        }
        let last = marks.iter().map(|m| m.0).max().unwrap_or(1) + 1;
        // Miette joins the excerpts of labels that are close: then the lines between are shown too.
        let near = |line: u32| {
            let above = marks.iter().map(|m| m.0).filter(|m| *m < line).max();
            let below = marks.iter().map(|m| m.0).filter(|m| *m > line).min();
            above.is_some_and(|m| line - m == 1)
                || below.is_some_and(|m| m - line == 1)
                || above.zip(below).is_some_and(|(above, below)| below - above <= JOINED)
        };
        let mut text = String::new();
        let mut out = Vec::new();
        for line in 1..=last {
            let here: Vec<_> = marks.iter().filter(|m| m.0 == line).collect();
            let start = text.len();
            if let Some(first) = here.iter().map(|m| m.1 as usize - 1).min() {
                let (shown, skipped) = window(source.line(line), first);
                text += &shown;
                for (_, column, end, label) in here {
                    let byte = |column: usize| {
                        let n = column.saturating_sub(skipped);
                        shown.char_indices().nth(n).map_or(shown.len(), |(at, _)| at)
                    };
                    let (a, b) = (byte(*column as usize - 1), byte(*end as usize - 1));
                    let said = lang.pick(&label.text);
                    let said = (!said.is_empty()).then(|| said.to_owned());
                    let span = SourceSpan::from((start + a, b.saturating_sub(a)));
                    let span = if std::ptr::eq(*label, labels[0]) {
                        LabeledSpan::new_primary_with_span(said, span)
                    } else {
                        LabeledSpan::new_with_span(said, span)
                    };
                    out.push((span, *column as usize - 1));
                }
            } else if near(line) {
                text += &window(source.line(line), 0).0;
            }
            text.push('\n');
        }
        // An empty line below the last label would only be noise; that of the label itself is needed.
        let needed = out.iter().map(|(label, _)| label.offset() + label.len()).max().unwrap_or_default();
        while text.ends_with("\n\n") && text.len() > needed + 1 {
            text.pop();
        }
        Self { name: source.origin.path.clone().unwrap_or_default(), text, labels: out }
    }
}

/// The part of a line around a character, safe to show, and how many characters were left out before it.
fn window(line: &str, around: usize) -> (String, usize) {
    let skip = if line.chars().nth(BEFORE + AFTER).is_some() { around.saturating_sub(BEFORE) } else { 0 };
    let rest: String = without_credentials(line).chars().skip(skip).take(BEFORE + AFTER + 1).collect();
    let shown = safe(&rest, BEFORE + AFTER);
    // The mark of the cut takes the place of one character, so columns stay in step.
    if skip == 0 { (shown, 0) } else { (format!("…{}", shown.chars().skip(1).collect::<String>()), skip) }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let seen = self.text.read_span(span, before, after)?;
        // Without context miette asks for the position to print: the real column, in characters.
        let real = self.labels.iter().find(|(l, _)| before == 0 && l.offset() == span.offset());
        let column = real.map_or_else(|| seen.column(), |(_, column)| *column);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            seen.data(),
            *seen.span(),
            seen.line(),
            column,
            // Miette counts from the top of the file here, and would join labels that are far apart.
            seen.data().iter().filter(|b| **b == b'\n').count(),
        )))
    }
}
