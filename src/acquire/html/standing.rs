//! What a script runs as the page loads: its strings and its members, each with what stands around it in its statement.
//! What waits for somebody is left out. A look at heads of functions, not a reading of programs.

use super::pieces::{Piece, pieces};

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

/// What is done in a statement that runs as the page loads.
#[derive(Debug)]
pub(in crate::acquire) enum Step<'a> {
    /// A string literal.
    String {
        /// What stands between its quotes.
        text: &'a str,
        /// The statement up to it.
        head: &'a str,
        /// The script behind it.
        rest: &'a str,
        /// The variable that the statement's value goes into; empty when there is none.
        into: &'a str,
    },
    /// A member of something.
    Member {
        /// The script up to its dot.
        owner: &'a str,
        /// The script from its dot.
        rest: &'a str,
    },
}

/// The steps of a script, in order.
pub(in crate::acquire) fn steps(text: &str) -> impl Iterator<Item = Step<'_>> {
    let (mut standing, mut into) = (Standing::default(), "");
    let from = |at: usize| text.get(at..).unwrap_or_default();
    let before = |at: usize| text.get(..at).unwrap_or_default();
    pieces(text).filter_map(move |piece| {
        if standing.pass(text, &piece) {
            into = "";
            return None;
        }
        if !standing.runs() {
            return None;
        }
        match piece {
            Piece::Literal(range) => {
                let head = text.get(standing.begun..range.start - 1).unwrap_or_default();
                let rest = from(range.end + 1);
                Some(Step::String { text: text.get(range).unwrap_or_default(), head, rest, into })
            }
            Piece::Code(at, b'=') => {
                into = last_name(before(at));
                None
            }
            Piece::Code(at, b'.') => Some(Step::Member { owner: before(at), rest: from(at) }),
            Piece::Code(..) => None,
        }
    })
}

/// A place in a script.
#[derive(Debug, Default)]
struct Standing {
    /// Of each open brace, whether what it holds waits for somebody.
    open: Vec<bool>,
    /// How many of them do.
    waiting: usize,
    /// Where the statement began.
    begun: usize,
}

impl Standing {
    /// Goes past a piece; whether a new statement begins behind it.
    fn pass(&mut self, text: &str, piece: &Piece) -> bool {
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
    fn runs(&self) -> bool {
        self.waiting == 0
    }
}

/// The variable that a text ends with and asks for a member.
pub(in crate::acquire) fn owner_name(text: &str) -> &str {
    last_name(text.trim_end_matches(['?', '!']))
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
