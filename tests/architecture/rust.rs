//! The Rust files of the project as text, with what is no code blanked out: comments, and on request strings
//! and tests. Lines and columns stay where they are.

use std::path::{Path, PathBuf};

/// One file.
pub(crate) struct Source {
    /// Its path from the project's folder, with `/`.
    pub(crate) path: String,
    /// As written.
    pub(crate) text: String,
    /// Without comments.
    pub(crate) code: String,
    /// Without comments and the insides of strings.
    pub(crate) bare: String,
}

/// All files below a folder with one of the endings.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if endings.contains(&ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A path as messages show it.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The shipped code: everything below `src`, without the tests in it.
pub(crate) fn shipped() -> Vec<Source> {
    let read = |path: &PathBuf| Source::new(shown(path), &std::fs::read_to_string(path).expect("a source file"));
    let is_test = |s: &Source| s.path.split('/').any(|part| part == "tests.rs" || part == "tests");
    files("src", &["rs"]).iter().map(read).filter(|s| !is_test(s)).collect()
}

impl Source {
    pub(crate) fn new(path: String, text: &str) -> Self {
        let mut code = blank(text, false);
        let mut bare = blank(text, true);
        for (from, to) in tests(&bare) {
            wipe(&mut code, from, to);
            wipe(&mut bare, from, to);
        }
        Self { path, text: text.to_owned(), code, bare }
    }

    /// The line a byte stands on, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// The module below the crate that the file belongs to: `check` for `src/check/csp.rs`.
    pub(crate) fn module(&self) -> &str {
        let below = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        below.split('/').next().unwrap_or(below)
    }

    /// The folders and file that lead from the crate to this file's module.
    fn depth(&self) -> usize {
        let below = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        match below {
            "lib" | "main" => 0,
            _ => below.trim_end_matches("/mod").split('/').count(),
        }
    }

    /// Every module of the crate that the code names, with where: by `crate::…`, or by `super::…` that
    /// reaches the crate itself.
    pub(crate) fn arrows(&self) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for root in ["crate::", "rasoat::"] {
            for (at, _) in self.bare.match_indices(root) {
                let before = self.bare[..at].chars().next_back();
                if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                    found.extend(heads(&self.bare[at + root.len()..]).into_iter().map(|name| (name, at)));
                }
            }
        }
        for (at, _) in self.bare.match_indices("super::") {
            if self.bare[..at].ends_with("super::") {
                continue;
            }
            let (mut ups, mut rest) = (0, &self.bare[at..]);
            while let Some(next) = rest.strip_prefix("super::") {
                (ups, rest) = (ups + 1, next);
            }
            if ups >= self.depth() {
                found.extend(heads(rest).into_iter().map(|name| (name, at)));
            }
        }
        found
    }
}

/// The first names of a path or of a braced list of paths.
fn heads(rest: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(list) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut names, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                names.push(name(list[from..at].trim_start()));
                from = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|n| !n.is_empty());
    names
}

/// Items behind `#[cfg(test)]`.
fn tests(bare: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in bare.match_indices("#[cfg(test)]") {
        let mut depth = 0;
        let end = bare[at..].char_indices().find_map(|(i, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            ((c == '}' || c == ';') && depth == 0).then_some(at + i + 1)
        });
        found.push((at, end.unwrap_or(bare.len())));
    }
    found
}

fn wipe(text: &mut String, from: usize, to: usize) {
    let blanks: String = text[from..to].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(from..to, &blanks);
}

/// The text with comments, and the insides of strings if asked, as blanks.
fn blank(text: &str, strings: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = text.to_owned();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (end, hide) = if rest.starts_with(b"//") {
            (at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()), true)
        } else if rest.starts_with(b"/*") {
            (block_comment(bytes, at), true)
        } else if let Some(end) = raw_string(bytes, at) {
            (end, strings)
        } else if rest[0] == b'"' {
            (string(bytes, at, b'"'), strings)
        } else if let Some(end) = character(text, at) {
            (end, strings)
        } else {
            (at + 1, false)
        };
        if hide {
            wipe(&mut out, at, end);
        }
        at = end;
    }
    out
}

fn block_comment(bytes: &[u8], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn raw_string(bytes: &[u8], from: usize) -> Option<usize> {
    let before = from.checked_sub(1).map(|i| bytes[i]);
    if bytes[from] != b'r' || before.is_some_and(|b| b != b'b' && (b.is_ascii_alphanumeric() || b == b'_')) {
        return None;
    }
    let hashes = bytes[from + 1..].iter().take_while(|b| **b == b'#').count();
    if bytes.get(from + 1 + hashes) != Some(&b'"') {
        return None;
    }
    let closing: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let start = from + 2 + hashes;
    let length = bytes[start..].windows(closing.len()).position(|w| w == closing);
    Some(length.map_or(bytes.len(), |l| start + l + closing.len()))
}

fn string(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// A character, not a lifetime.
fn character(text: &str, from: usize) -> Option<usize> {
    let rest = text.as_bytes()[from..].strip_prefix(b"'")?;
    if rest.first() == Some(&b'\\') {
        return Some(string(text.as_bytes(), from, b'\''));
    }
    let length = text.get(from + 1..)?.chars().next()?.len_utf8();
    (rest.get(length) == Some(&b'\'')).then_some(from + length + 2)
}
