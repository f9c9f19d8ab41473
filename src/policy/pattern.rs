//! Patterns people write (regular expressions, selectors, globs), compiled or explained.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::Regex;
use scraper::Selector;

use super::Text;
use crate::yaml::{At, Problem};

/// Why a pattern does not compile, in the words of the library that refused it.
#[derive(Debug)]
pub struct PatternFault {
    what: Text,
    why: String,
}

impl PatternFault {
    /// The fault as a problem of the place where the pattern stands.
    #[must_use]
    pub fn problem(&self, at: &At) -> Problem {
        at.problem("bad-pattern", self.text())
    }

    /// The fault in words.
    #[must_use]
    pub fn text(&self) -> Text {
        let Text { vi, en } = &self.what;
        let why = crate::finding::safe(&self.why, 160);
        Text::new(format!("{vi} viết sai: {why}"), format!("{en} is not valid: {why}"))
    }
}

/// A regular expression that must match a whole value.
///
/// # Errors
/// It is not a regular expression, or too large a one.
pub fn whole(pattern: &str) -> Result<Regex, PatternFault> {
    // Checked alone first: `a)(b` would become valid inside the group.
    search(pattern)?;
    search(&format!(r"\A(?:{pattern})\z"))
}

/// A regular expression that may match anywhere in a text.
///
/// # Errors
/// It is not a regular expression, or too large a one.
pub fn search(pattern: &str) -> Result<Regex, PatternFault> {
    Regex::new(pattern).map_err(|fault| {
        let text = fault.to_string();
        // The library draws the pattern over several lines; its last line is the reason.
        let why = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        PatternFault { what: Text::new("biểu thức chính quy", "the regular expression"), why }
    })
}

/// A pattern of a loaded policy, ready to match a whole value. A site has many pages and a policy few patterns,
/// so each thread compiles each once. `None` for what is no regular expression, which no loaded policy holds.
#[must_use]
pub fn compiled(pattern: &str) -> Option<Rc<Regex>> {
    kept(&format!(r"\A(?:{pattern})\z"), || whole(pattern).ok())
}

/// The same for a pattern that ignores case and may match anywhere.
#[must_use]
pub fn compiled_caseless(pattern: &str) -> Option<Rc<Regex>> {
    let pattern = format!("(?i){pattern}");
    kept(&pattern, || search(&pattern).ok())
}

fn kept(key: &str, compile: impl FnOnce() -> Option<Regex>) -> Option<Rc<Regex>> {
    thread_local! {
        static COMPILED: Kept<Regex> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|all| once(all, key, compile))
}

/// A selector list of a loaded policy, compiled once by each thread; `None` for what is none.
#[must_use]
pub fn compiled_selector(text: &str) -> Option<Rc<Selector>> {
    thread_local! {
        static COMPILED: Kept<Selector> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|all| once(all, text, || selector(text).ok()))
}

type Kept<T> = RefCell<HashMap<String, Option<Rc<T>>>>;

fn once<T>(all: &mut HashMap<String, Option<Rc<T>>>, key: &str, compile: impl FnOnce() -> Option<T>) -> Option<Rc<T>> {
    match all.get(key) {
        Some(known) => known.clone(),
        None => all.entry(key.to_owned()).or_insert_with(|| compile().map(Rc::new)).clone(),
    }
}

/// A CSS selector list.
///
/// # Errors
/// It is not a selector.
pub fn selector(text: &str) -> Result<Selector, PatternFault> {
    Selector::parse(text).map_err(|fault| {
        // For rare faults the library first asks to be told of them; the reason is the last line.
        let why = fault.to_string().lines().last().unwrap_or_default().to_owned();
        PatternFault { what: Text::new("bộ chọn CSS", "the CSS selector"), why }
    })
}

/// A glob.
///
/// # Errors
/// It is not a glob.
pub fn glob(text: &str) -> Result<globset::Glob, PatternFault> {
    globset::GlobBuilder::new(text)
        .literal_separator(true)
        .build()
        .map_err(|fault| PatternFault {
            what: Text::new("mẫu đường dẫn", "the glob"), why: fault.kind().to_string()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_must_match_the_whole_value() {
        let digits = whole("^[0-9]+$").unwrap();
        assert!(digits.is_match("205") && !digits.is_match("205\n") && !digits.is_match("x205"));
        assert!(!whole("a|ab").unwrap().is_match("abc") && whole("a|ab").unwrap().is_match("ab"));
        assert!(whole("a)(b").is_err() && whole("(").is_err() && whole("(?x) a # b").is_err());
    }
}
