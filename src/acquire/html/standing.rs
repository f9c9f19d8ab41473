//! Where a script stands while its pieces are read: in which statement, and whether what is written there waits for
//! somebody. A look at heads of functions, not a reading of programs.

use super::pieces::Piece;

/// Variables whose names end with the same bytes, so many, count as one.
pub(in crate::acquire) const NAME_END: usize = 200;
/// What a function's head says when the page itself runs it as it loads, or soon after.
const AT_LOAD: [&str; 17] = [
    "DOMContentLoaded",
    "'load'",
    "\"load\"",
    "ready(",
    "onload",
    "setTimeout(",
    "setInterval(",
    "requestAnimationFrame(",
    "requestIdleCallback(",
    "queueMicrotask(",
    ".then(",
    ".forEach(",
    ".each(",
    "$(function",
    "jQuery(function",
    "$(()",
    "jQuery(()",
];
/// Conditions under which nothing runs.
const NEVER: [&str; 4] = ["if(false)", "if(0)", "if(!1)", "while(false)"];

/// A place in a script.
#[derive(Debug, Default)]
pub(in crate::acquire) struct Standing {
    /// Of each open brace, whether what it holds waits for somebody.
    open: Vec<bool>,
    /// How many of them do.
    waiting: usize,
    /// Where the statement began.
    pub(in crate::acquire) begun: usize,
}

impl Standing {
    /// Goes past a piece; whether a new statement begins behind it.
    pub(in crate::acquire) fn pass(&mut self, text: &str, piece: &Piece) -> bool {
        let &Piece::Code(at, byte) = piece else { return false };
        match byte {
            b'{' => {
                let waits = !runs_at_load(text.get(self.begun..at).unwrap_or_default());
                self.waiting += usize::from(waits);
                self.open.push(waits);
            }
            b'}' => self.waiting -= usize::from(self.open.pop().unwrap_or_default()),
            b';' => {}
            _ => return false,
        }
        self.begun = at + 1;
        true
    }

    /// Whether what is written here runs as the page loads.
    pub(in crate::acquire) fn runs(&self) -> bool {
        self.waiting == 0
    }
}

/// The name that a text ends with, or its end.
pub(in crate::acquire) fn last_name(text: &str) -> &str {
    let text = text.trim_end();
    let end = text.get(text.ceil_char_boundary(text.len().saturating_sub(NAME_END))..).unwrap_or_default();
    end.rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).next().unwrap_or_default()
}

/// Whether what a brace opens runs as the page loads: a block, a function called at once or by the load's events.
fn runs_at_load(head: &str) -> bool {
    let head = head.trim();
    if head.len() < 40 {
        let bare: String = head.split_whitespace().collect();
        if NEVER.iter().any(|never| bare.ends_with(never)) {
            return false;
        }
    }
    if AT_LOAD.iter().any(|word| head.contains(word)) {
        return true;
    }
    let function = head.find("function").or_else(|| head.find("=>").map(|_| 0));
    let Some(function) = function else {
        // A method has a list of parameters and no word of control before it.
        let control = ["if", "for", "while", "switch", "catch", "with", "else", "do", "try", "finally"];
        let word = head.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        return !head.ends_with(')') || control.contains(&word);
    };
    let before = head[..function].trim_end();
    let called = before.strip_suffix(['!', '+', '-', '~']).or_else(|| before.strip_suffix('(')).map(str::trim_end);
    if head.contains("=>") && !head.contains("function") {
        return head.starts_with('(') && head[1..].trim_start().starts_with('(');
    }
    called.is_some_and(|before| before.is_empty() || before.ends_with(['=', ',', ')', '!']))
}
