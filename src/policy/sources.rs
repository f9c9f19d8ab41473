//! Finds and reads a policy and all it extends: built-in names and files, each once, the extended ones
//! first. Knows where a policy's text is; not what it says.

use std::path::{Path, PathBuf};

use super::Text;
use super::builtin::{builtin, builtin_names};
use super::file::{API_VERSION, KIND, PolicyFile, is_id};
use crate::yaml::{self, At, Document, Problem, Problems, quoted, suggestion};

/// Longest chain of policies that extend each other.
const LONGEST: usize = 16;

/// Where a policy's text is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Home {
    Builtin(String),
    File(PathBuf),
}

/// One policy file that was read.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) file: PolicyFile,
    pub(super) document: Document,
}

/// Reads a policy and what it extends; the policy itself is the last.
///
/// # Errors
/// A file that cannot be read or is not a policy, an unknown name, a circle.
pub(super) fn gather(reference: &str) -> Result<Vec<Read>, Problems> {
    let mut gathered = Gathered::default();
    let home = home(reference, None).ok_or_else(|| unknown_policy(reference))?;
    gathered.read(home, None)?;
    Ok(gathered.done.into_iter().map(|(_, read)| read).collect())
}

/// A reference as a home: `builtin:NAME`, a built-in name, or a path relative to `from`.
fn home(reference: &str, from: Option<&Path>) -> Option<Home> {
    if let Some(name) = reference.strip_prefix("builtin:") {
        return builtin(name).map(|_| Home::Builtin(name.to_owned()));
    }
    let path = from.and_then(Path::parent).map_or_else(|| PathBuf::from(reference), |folder| folder.join(reference));
    let looks_like_path =
        reference.contains(['/', '\\']) || reference.ends_with(".yml") || reference.ends_with(".yaml");
    if from.is_none() && !looks_like_path && builtin(reference).is_some() {
        return Some(Home::Builtin(reference.to_owned()));
    }
    (looks_like_path || path.is_file()).then_some(Home::File(path))
}

fn unknown_policy(reference: &str) -> Problem {
    let name = quoted(reference);
    let text = Text::new(
        format!("không có bộ tiêu chí {name} (không phải tên có sẵn, cũng không phải tệp)"),
        format!("there is no policy {name} (neither a built-in name nor a file)"),
    );
    Problem::new("unknown-policy", text).help(suggestion(reference, builtin_names()))
}

#[derive(Default)]
struct Gathered {
    done: Vec<(Home, Read)>,
    /// The way from the policy to the file being read, each with the line that led further.
    way: Vec<(Home, Option<At>)>,
}

impl Gathered {
    fn read(&mut self, home: Home, by: Option<&At>) -> Result<(), Problems> {
        if self.done.iter().any(|(known, _)| same(known, &home)) {
            return Ok(());
        }
        if let Some(start) = self.way.iter().position(|(known, _)| same(known, &home)) {
            return Err(self.circle(start, &home, by).into());
        }
        if self.way.len() >= LONGEST {
            return Err(too_long(by).into());
        }
        let read = open(&home, by)?;
        self.way.push((home.clone(), None));
        for (n, reference) in read.file.extends.iter().enumerate() {
            let at = read.document.at("extends").item(n);
            let next = extended(reference, &home, &at)?;
            if let Some(last) = self.way.last_mut() {
                last.1 = Some(at.clone());
            }
            self.read(next, Some(&at))?;
        }
        self.way.pop();
        self.done.push((home, read));
        Ok(())
    }

    fn circle(&self, start: usize, back: &Home, by: Option<&At>) -> Problem {
        let mut chain: Vec<String> = self.way[start..].iter().map(|(home, _)| shown(home)).collect();
        chain.push(shown(back));
        let chain = chain.join(" → ");
        let text =
            Text::new(format!("`extends` đi vòng tròn: {chain}"), format!("`extends` goes in a circle: {chain}"));
        let mut problem = Problem::new("extends-cycle", text);
        if let Some(by) = by {
            problem = problem.label(by, Text::new("quay lại từ đây", "back to the start from here"));
        }
        for at in self.way[start..].iter().filter_map(|(_, at)| at.as_ref()) {
            if by.is_none_or(|by| by.document.name() != at.document.name() || by.path != at.path) {
                problem = problem.label(at, Text::new("đi qua đây", "through here"));
            }
        }
        problem.help(Text::new("Bỏ một trong các dòng này.", "Drop one of these lines."))
    }
}

fn too_long(by: Option<&At>) -> Problem {
    let text = Text::new(
        format!("`extends` nối nhau quá {LONGEST} tệp"),
        format!("`extends` goes on for more than {LONGEST} files"),
    );
    by.map_or_else(|| Problem::new("extends-chain", text.clone()), |at| at.problem("extends-chain", text.clone()))
}

/// Two homes are one: the same name, or paths that lead to one file.
fn same(a: &Home, b: &Home) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match (a, b) {
        (Home::File(a), Home::File(b)) => real(a) == real(b),
        (a, b) => a == b,
    }
}

fn shown(home: &Home) -> String {
    match home {
        Home::Builtin(name) => format!("builtin:{name}"),
        Home::File(path) => yaml::display(path),
    }
}

fn extended(reference: &str, home_of: &Home, at: &At) -> Result<Home, Problem> {
    let found = match home_of {
        Home::File(path) => home(reference, Some(path)),
        // A built-in policy has no folder, so it extends built-in ones only.
        Home::Builtin(_) => home(reference, None).filter(|h| matches!(h, Home::Builtin(_))),
    };
    found.ok_or_else(|| {
        let name = quoted(reference);
        let text = Text::new(format!("không có bộ tiêu chí {name}"), format!("there is no policy {name}"));
        let bare = reference.strip_prefix("builtin:").unwrap_or(reference);
        at.problem("unknown-policy", text).help(suggestion(bare, builtin_names())).help(Text::new(
            "Viết `builtin:TÊN`, hoặc đường dẫn `./tệp.yml` tính từ tệp này.",
            "Write `builtin:NAME`, or a path `./file.yml` from this file.",
        ))
    })
}

fn open(home: &Home, by: Option<&At>) -> Result<Read, Problems> {
    let name = shown(home);
    let bytes = match home {
        Home::Builtin(name) => builtin(name).unwrap_or_default().as_bytes().to_vec(),
        Home::File(path) => yaml::read(path, &name, yaml::MOST).map_err(|problem| match by {
            Some(at) => problem.label(at, Text::new("được gọi từ đây", "asked for here")),
            None => problem,
        })?,
    };
    let (file, document) = yaml::parse::<PolicyFile>(&name, &bytes, yaml::MOST)?;
    let mut problems = Problems::default();
    version(&file.api_version, &document, &mut problems);
    if file.kind != KIND {
        let text = Text::new(format!("`kind` phải là `{KIND}`"), format!("`kind` must be `{KIND}`"));
        problems.push(document.at("kind").problem("kind", text));
    }
    if !is_id(&file.id) {
        problems.push(bad_id(&file.id, &document.at("id")));
    }
    problems.or(Read { file, document })
}

/// Refuses a file of another version.
pub(crate) fn version(written: &str, document: &Document, problems: &mut Problems) {
    if written != API_VERSION {
        let text = Text::new(
            format!("phiên bản tệp {} không đọc được; bản này đọc `{API_VERSION}`", quoted(written)),
            format!("the file version {} cannot be read; this program reads `{API_VERSION}`", quoted(written)),
        );
        problems.push(document.at("apiVersion").problem("api-version", text));
    }
}

/// An id that breaks the spelling of ids.
pub(super) fn bad_id(id: &str, at: &At) -> Problem {
    let name = quoted(id);
    at.problem("bad-id", Text::new(format!("mã {name} viết sai"), format!("{name} is not an id"))).help(Text::new(
        "Chỉ dùng chữ thường không dấu, số và dấu `-`, ví dụ `site-map`.",
        "Use small letters, digits and `-`, as in `site-map`.",
    ))
}
