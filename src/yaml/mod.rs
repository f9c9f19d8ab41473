//! What people write in YAML: bytes become a typed value and a [`Document`] that knows where every key
//! and value stands. Strict on purpose: one document, no aliases, no tags, no duplicate or unknown keys.
//! Never says what a value means; that is for the module that owns the type.

mod index;
mod nearest;
mod problem;
mod render;
mod translate;

use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;

pub use nearest::{nearest, suggestion};
pub use problem::{Label, Problem, Problems, quoted};

use crate::policy::Text;
use crate::site::Region;
use crate::snapshot::{Origin, Source, Span};
use index::Index;

/// Most bytes of a policy, waiver, attestation, lock or configuration file.
pub const MOST: usize = 4 << 20;
/// Most bytes of a sites file.
pub const MOST_SITES: usize = 16 << 20;
/// Deepest nesting of maps and lists.
const DEPTH: usize = 32;
/// Most scalars, maps and lists of one file: about 100,000 sites with 16 keys.
const NODES: usize = 4_000_000;

/// A text that was read and the place of every key and value in it. Cheap to clone.
///
/// Places are named by path: `rules[3].check.tracker.name`; `""` is the whole document.
#[derive(Debug, Clone)]
pub struct Document {
    source: Arc<Source>,
    index: Arc<Index>,
}

impl Document {
    /// The file as the user would write it, with `/`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.source.origin.path.as_deref().unwrap_or_default()
    }

    /// The text with its positions.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The bytes of the value at a path.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<Span> {
        self.index.get(path).map(|spot| spot.value)
    }

    /// The bytes of the key at a path; items of a list have none.
    #[must_use]
    pub fn key(&self, path: &str) -> Option<Span> {
        self.index.get(path).and_then(|spot| spot.key)
    }

    /// Lines and columns of the value at a path, its key included.
    #[must_use]
    pub fn region(&self, path: &str) -> Option<Region> {
        let spot = self.index.get(path)?;
        Some(self.region_of(Span { start: spot.key.unwrap_or(spot.value).start, end: spot.value.end }))
    }

    /// Lines and columns of a span.
    #[must_use]
    pub fn region_of(&self, span: Span) -> Region {
        let (from, to) = (self.source.position(span.start), self.source.position(span.end));
        Region { line: from.line, column: from.column, end_line: to.line, end_column: to.column }
    }

    /// A place in this document, for problems found after reading. A path that does not exist is the
    /// nearest one above it that does.
    #[must_use]
    pub fn at(&self, path: impl Into<String>) -> At {
        At { document: self.clone(), path: path.into() }
    }
}

/// A place in a document, named by path.
#[derive(Debug, Clone)]
pub struct At {
    /// The document.
    pub document: Document,
    /// The path in it.
    pub path: String,
}

impl At {
    /// The place of a key of the map here.
    #[must_use]
    pub fn key(&self, name: &str) -> Self {
        self.document.at(index::join(&self.path, name))
    }

    /// The place of an item of the list here, from 0.
    #[must_use]
    pub fn item(&self, n: usize) -> Self {
        self.document.at(format!("{}[{n}]", self.path))
    }

    /// Lines and columns.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.document.region_of(self.span()).into()
    }

    /// `file:line`, as messages name it.
    #[must_use]
    pub fn line_name(&self) -> String {
        format!("{}:{}", self.document.name(), self.document.source().position(self.span().start).line)
    }

    /// What a label underlines: a short value, else the key, else the beginning of the value.
    #[must_use]
    pub fn span(&self) -> Span {
        let mut path = self.path.as_str();
        loop {
            if let Some(spot) = self.document.index.get(path) {
                return spot.label(&self.document.source);
            }
            match path.rfind(['.', '[']) {
                Some(cut) => path = &path[..cut],
                None if path.is_empty() => return Span { start: 0, end: 0 },
                None => path = "",
            }
        }
    }

    /// The key itself, where there is one.
    #[must_use]
    pub fn key_span(&self) -> Span {
        self.document.key(&self.path).unwrap_or_else(|| self.span())
    }

    /// A problem with the value here.
    #[must_use]
    pub fn problem(&self, code: &'static str, message: Text) -> Problem {
        Problem::new(code, message).label(self, Text::default())
    }
}

/// A path as the user would write it: with `/`, without the steps `.` and `name/..`, safe to show.
#[must_use]
pub fn display(path: &Path) -> String {
    let mut steps: Vec<Component<'_>> = Vec::new();
    for step in path.components() {
        match (step, steps.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    let path: PathBuf = steps.iter().collect();
    crate::finding::safe(&path.to_string_lossy().replace('\\', "/"), 300)
}

/// Reads a file of at most `most` bytes. `name` is the file as the user would write it.
///
/// # Errors
/// The file is missing, unreadable or too large.
pub fn read(path: &Path, name: &str, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|cause| problem::unreadable(name, &cause))?;
    Ok(bytes)
}

/// Reads the typed value of a file's bytes, and where everything stands in it.
///
/// # Errors
/// The first fault of the file: too large, empty, not UTF-8, not YAML, or not of this shape.
pub fn parse<T: DeserializeOwned>(name: &str, bytes: &[u8], most: usize) -> Result<(T, Document), Problem> {
    let source = decode(name, bytes, most)?;
    let index = index::index(&source)?;
    let value = serde_saphyr::from_str_with_options(&source.text, options())
        .map_err(|error| translate::problem(&error, &source, &index))?;
    Ok((value, Document { source, index: Arc::new(index) }))
}

fn decode(name: &str, bytes: &[u8], most: usize) -> Result<Arc<Source>, Problem> {
    let name = crate::finding::safe(&name.replace('\\', "/"), 300);
    if bytes.len() > most {
        return Err(problem::too_large(&name, most));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let origin = Origin { path: Some(name), url: None };
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Arc::new(Source::new(origin, text.to_owned()))),
        Err(fault) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            Err(problem::not_utf8(&Arc::new(Source::new(origin, text)), fault.valid_up_to()))
        }
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: NODES * 2,
            max_nodes: NODES,
            max_depth: DEPTH,
            max_documents: 1,
            max_aliases: 0,
            max_anchors: 0,
            max_merge_keys: 0,
        },
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        reject_tagged_field_names: true,
        with_snippet: false,
    }
}
