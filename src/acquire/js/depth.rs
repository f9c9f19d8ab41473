//! Measures how deeply a script nests before it is parsed, so that hostile input cannot exhaust the stack.
//! Reads brackets, quotes and comments only; a wrong guess at worst refuses a script no one would write.

/// Brackets nested deeper than this are refused.
const DEEPEST: usize = 500;
/// Below this many unclosed brackets, quoted ones counted, nothing has to be looked at closely.
const HARMLESS: usize = 450;
/// Bytes of one expression without any separator.
const LONGEST_CHAIN: usize = 16 * 1024;
/// `else` on one level.
const MOST_ELSE: usize = 3000;
/// Prefix operators in a row.
const MOST_PREFIXES: usize = 200;

/// Whether a script nests too deeply to be parsed safely; the byte where it does.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.len() <= HARMLESS {
        return None;
    }
    let raw = deepest_raw(bytes);
    let chained = bytes.len() > 2 * LONGEST_CHAIN || raw.is_some() || has_prefix_run(bytes);
    if !chained {
        return None;
    }
    Scan { bytes, at: 0, levels: vec![Level::default()] }.run().or_else(|| raw.filter(|_| !balanced_quotes(bytes)))
}

fn deepest_raw(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for (i, b) in bytes.iter().enumerate() {
        match b {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > HARMLESS {
            return Some(i);
        }
    }
    None
}

fn has_prefix_run(bytes: &[u8]) -> bool {
    let mut run = 0;
    bytes.iter().any(|b| {
        run = match b {
            b'!' | b'~' | b'+' | b'-' => run + 1,
            b' ' | b'\t' | b'\n' | b'\r' => run,
            _ => 0,
        };
        run > MOST_PREFIXES
    })
}

/// A quote that never ends means the close look went astray: then the raw count decides.
fn balanced_quotes(bytes: &[u8]) -> bool {
    bytes.iter().filter(|b| **b == b'`').count() % 2 == 0
}

#[derive(Default)]
struct Level {
    chain: usize,
    elses: usize,
    template: bool,
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    levels: Vec<Level>,
}

impl Scan<'_> {
    fn run(&mut self) -> Option<usize> {
        let mut prefixes = 0;
        while let Some(&b) = self.bytes.get(self.at) {
            let from = self.at;
            prefixes = match b {
                b'!' | b'~' | b'+' | b'-' => prefixes + 1,
                b if b.is_ascii_whitespace() => prefixes,
                _ => 0,
            };
            match b {
                b'"' | b'\'' => self.quoted(b),
                b'`' => self.template(),
                b'/' => self.slash(),
                b'(' | b'[' | b'{' => self.open(false),
                b')' | b']' => self.close(),
                b'}' => {
                    let template = self.levels.last().is_some_and(|l| l.template);
                    self.close();
                    if template {
                        self.template();
                    }
                    if let Some(level) = self.levels.last_mut() {
                        level.chain = 0;
                    }
                }
                b';' | b',' => {
                    if let Some(level) = self.levels.last_mut() {
                        level.chain = 0;
                    }
                    self.at += 1;
                }
                b'e' if self.word(b"else") => {
                    if let Some(level) = self.levels.last_mut() {
                        level.elses += 1;
                    }
                    self.at += 4;
                }
                _ => {
                    if let Some(level) = self.levels.last_mut() {
                        level.chain += usize::from(!b.is_ascii_whitespace());
                    }
                    self.at += 1;
                }
            }
            let level = self.levels.last()?;
            let chain = level.chain;
            if self.levels.len() > DEEPEST
                || chain > LONGEST_CHAIN
                || level.elses > MOST_ELSE
                || prefixes > MOST_PREFIXES
            {
                return Some(from);
            }
        }
        None
    }

    fn word(&self, word: &[u8]) -> bool {
        let edge = |b: Option<&u8>| b.is_none_or(|b| !(b.is_ascii_alphanumeric() || *b == b'_' || *b == b'$'));
        self.bytes[self.at..].starts_with(word)
            && edge(self.bytes.get(self.at + word.len()))
            && edge(self.at.checked_sub(1).and_then(|i| self.bytes.get(i)))
    }

    fn open(&mut self, template: bool) {
        self.levels.push(Level { template, ..Level::default() });
        self.at += 1;
    }

    fn close(&mut self) {
        if self.levels.len() > 1 {
            self.levels.pop();
        }
        self.at += 1;
    }

    fn quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(&b) = self.bytes.get(self.at) {
            self.at += 1;
            match b {
                b'\\' => self.at += 1,
                b'\n' => return,
                b if b == quote => return,
                _ => {}
            }
        }
    }

    /// Past the text of a template up to its end or its next `${`.
    fn template(&mut self) {
        if self.bytes.get(self.at) == Some(&b'`') {
            self.at += 1;
        }
        while let Some(&b) = self.bytes.get(self.at) {
            match b {
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    return;
                }
                b'$' if self.bytes.get(self.at + 1) == Some(&b'{') => {
                    self.at += 1;
                    self.open(true);
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    fn slash(&mut self) {
        match self.bytes.get(self.at + 1) {
            Some(b'/') => {
                self.at =
                    self.bytes[self.at..].iter().position(|b| *b == b'\n').map_or(self.bytes.len(), |n| self.at + n);
            }
            Some(b'*') => {
                let rest = &self.bytes[self.at + 2..];
                self.at = rest.windows(2).position(|w| w == b"*/").map_or(self.bytes.len(), |n| self.at + n + 4);
            }
            _ if self.regex_may_start() => {
                let mut class = false;
                self.at += 1;
                while let Some(&b) = self.bytes.get(self.at) {
                    self.at += 1;
                    match b {
                        b'\\' => self.at += 1,
                        b'[' => class = true,
                        b']' => class = false,
                        b'/' if !class => return,
                        b'\n' => return,
                        _ => {}
                    }
                }
            }
            _ => self.at += 1,
        }
    }

    fn regex_may_start(&self) -> bool {
        let before = self.bytes[..self.at].iter().rev().find(|b| !b.is_ascii_whitespace());
        before.is_none_or(|b| b"(,=:[!&|?{};+-*%~^<>".contains(b))
            || self.bytes[..self.at].trim_ascii_end().ends_with(b"return")
    }
}
