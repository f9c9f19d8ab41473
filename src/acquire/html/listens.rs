//! Which lists of a page scripts lead away from: `$('#x').change(function () { location = this.value })` and the like,
//! where they run as the page loads, and handler attributes. A reading of statements, not of programs: what it does not
//! find may still be so.

use std::collections::{HashMap, HashSet};

use super::handler::{GOING, IDLE_CALLS, is_name};
use super::pieces::{Piece, pieces};
use super::standing::{Step, last_name, owner_name, steps};

/// How far a handler is read, in bytes.
const NEAR: usize = 600;
/// Bytes of scripts that are looked through for lists and for functions.
const MOST_LOOKED: usize = 256 << 20;
/// Strings longer than this name no element.
const LONGEST: usize = 80;
/// Functions that call each other and are followed.
const DEEPEST: usize = 3;
/// Properties that hold a handler.
const PROPERTIES: [&str; 3] = ["onchange", "oninput", "onclick"];
/// Calls that take one.
const CALLS: [&str; 3] = ["change(", "input(", "click("];
/// Calls that take the event's name first.
const ATTACHING: [&str; 5] = ["on(", "one(", "bind(", "live(", "addEventListener("];
/// Calls of an element around that take the event's name, then what it is about.
const DELEGATING: [&str; 2] = [".on(", ".delegate("];
/// Words before a bracket that call nothing.
const CONTROL: [&str; 10] = ["if", "for", "while", "switch", "catch", "return", "function", "void", "typeof", "do"];
/// Functions that give a value.
const GIVING: [&str; 7] = ["val", "trim", "tostring", "string", "number", "parseint", "closest"];

/// What scripts of a page do to elements they take by name.
#[derive(Debug, Default)]
pub(super) struct Leading<'a> {
    scripts: Vec<&'a str>,
    /// Ids, names and classes of elements from which a script leads away; read when they are first asked for.
    names: Option<HashSet<&'a str>>,
    /// Functions that handlers call, and whether they lead away as far as is known.
    functions: HashMap<String, Option<bool>>,
    /// Bytes that were looked through.
    looked: usize,
}

impl<'a> Leading<'a> {
    pub(super) fn of(scripts: Vec<&'a str>) -> Self {
        Self { scripts, ..Self::default() }
    }

    /// Whether some inline script holds a word.
    pub(super) fn speaks_of(&self, word: &str) -> bool {
        self.scripts.iter().any(|script| script.contains(word))
    }

    /// Whether a script leads away from elements of this id, name or class.
    pub(super) fn holds(&mut self, name: &str) -> bool {
        if self.names.is_none() {
            let mut names = HashSet::new();
            for script in self.scripts.clone() {
                self.read(script, &mut names);
            }
            self.names = Some(names);
        }
        self.names.as_ref().is_some_and(|names| names.contains(name))
    }

    /// One pass over a script.
    fn read(&mut self, text: &'a str, names: &mut HashSet<&'a str>) {
        self.looked = self.looked.saturating_add(text.len());
        // What variables hold.
        let mut made: HashMap<&str, Vec<&'a str>> = HashMap::new();
        for step in steps(text) {
            if self.looked > MOST_LOOKED {
                return;
            }
            match step {
                Step::String { text: string, head, rest, into } if string.len() <= LONGEST => {
                    if self.found_leads(head, rest) {
                        names.extend(words(string));
                    } else if !into.is_empty() && rest.trim_start().starts_with(')') {
                        made.entry(into).or_default().extend(words(string));
                    }
                }
                Step::Member { owner, rest } => {
                    if let Some((handler, called)) = handler(&rest[1..])
                        && self.leads(handler, called)
                    {
                        let name = owner_name(owner);
                        names.insert(name);
                        names.extend(made.get(name).into_iter().flatten());
                    }
                }
                Step::String { .. } => {}
            }
        }
    }

    /// Whether what was looked for by a string is listened to and left, from what stands around the string.
    fn found_leads(&mut self, head: &str, rest: &str) -> bool {
        let rest = rest.trim_start();
        if let Some(rest) = rest.strip_prefix(')') {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("[0]").unwrap_or(rest);
            let rest = rest.strip_prefix(['?', '!']).unwrap_or(rest);
            let found = rest.strip_prefix('.').and_then(handler);
            return found.is_some_and(|(handler, called)| self.leads(handler, called));
        }
        let Some(rest) = rest.strip_prefix(',') else { return false };
        let end = head.get(head.ceil_char_boundary(head.len().saturating_sub(LONGEST))..).unwrap_or_default();
        DELEGATING.iter().any(|call| end.rsplit_once(call).is_some_and(|(_, event)| says_event(event)))
            && self.leads(rest, true)
    }

    /// Whether a handler leads to what was chosen; `called` when it is an argument of a call.
    fn leads(&mut self, handler: &str, called: bool) -> bool {
        let near = handler.get(..handler.floor_char_boundary(NEAR)).unwrap_or(handler);
        self.looked = self.looked.saturating_add(near.len());
        goes(&statement(near, called))
    }

    /// Whether the code of a handler attribute may lead to what was chosen: by itself, or by a function of which nothing
    /// else is known.
    pub(super) fn acts(&mut self, code: &str) -> bool {
        let code = statement(code.get(..code.floor_char_boundary(NEAR * 4)).unwrap_or(code), true);
        goes(&code) || callees(&code).any(|name| self.function_leads(name, 0).unwrap_or(true))
    }

    /// Whether a function leads away by itself or by another; `None` when no inline script has one of that name.
    fn function_leads(&mut self, name: &str, depth: usize) -> Option<bool> {
        if let Some(known) = self.functions.get(name) {
            return *known;
        }
        let scripts: usize = self.scripts.iter().map(|script| script.len()).sum();
        self.looked = self.looked.saturating_add(scripts);
        if self.looked > MOST_LOOKED {
            return Some(false);
        }
        let body = self.scripts.iter().find_map(|script| body(script, name));
        let code = body.map(|body| statement(body, true));
        // One that calls itself leads nowhere by that.
        self.functions.insert(name.to_owned(), code.as_deref().map(goes));
        let mut by_another = |code: &str| callees(code).any(|name| self.function_leads(name, depth + 1) == Some(true));
        let leads = code.map(|code| goes(&code) || (depth < DEEPEST && by_another(&code)));
        self.functions.insert(name.to_owned(), leads);
        leads
    }
}

/// Names in a string: an id alone, or ids, classes and values of attributes in a selector.
fn words(string: &str) -> Vec<&str> {
    let edge = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
    let (mut words, mut at) = (Vec::new(), 0);
    for part in string.split_inclusive(edge) {
        let word = part.trim_end_matches(edge);
        let is_marked = string.get(..at).is_some_and(|before| before.ends_with(['#', '.', '=', '"', '\'']));
        if word.len() > 1 && (word == string || is_marked) {
            words.push(word);
        }
        at += part.len();
    }
    words
}

/// What stands where a handler is attached, from behind the dot; and whether it is an argument.
fn handler(rest: &str) -> Option<(&str, bool)> {
    for property in PROPERTIES {
        if let Some(rest) = rest.strip_prefix(property) {
            let rest = rest.trim_start().strip_prefix('=').filter(|rest| !rest.starts_with('='))?;
            return Some((rest, false));
        }
    }
    if let Some(rest) = CALLS.iter().find_map(|call| rest.strip_prefix(call)) {
        return Some((rest, true));
    }
    let rest = ATTACHING.iter().find_map(|call| rest.strip_prefix(call))?;
    let comma = rest.bytes().take(LONGEST).position(|b| b == b',')?;
    let (event, rest) = (rest.get(..comma)?, rest.get(comma + 1..)?);
    says_event(event).then_some((rest, true))
}

/// Whether the first argument of a call names an event that comes when something is chosen.
fn says_event(argument: &str) -> bool {
    ["change", "input", "click"].iter().any(|event| argument.contains(event))
}

/// Code up to the end of its statement, or of the call it is an argument of, without white space and with empty strings.
fn statement(text: &str, called: bool) -> String {
    let (mut code, mut depth) = (String::new(), 0_usize);
    for piece in pieces(text) {
        let Piece::Code(at, byte) = piece else {
            code.push_str("\"\"");
            continue;
        };
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => break,
            b')' | b']' | b'}' => depth -= 1,
            b';' if depth == 0 && !called => break,
            b'\n' if depth == 0 && !called && code.ends_with('}') => break,
            b'\n' => continue,
            _ => {}
        }
        // Names may have letters of several bytes.
        match text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(c) => code.push(c),
            None => continue,
        }
    }
    code
}

/// Whether code goes to an address that it does not begin with a text of its own.
fn goes(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    let computed = |at: usize| code.get(at..).is_some_and(|rest| !rest.starts_with(['"', '=', ')']));
    let opens =
        code.match_indices("open(").any(|(at, word)| !code[..at].ends_with(is_name) && computed(at + word.len()));
    opens
        || GOING.iter().any(|word| {
            let takes = word.ends_with(['=', '(']);
            code.match_indices(word).any(|(at, word)| !takes || computed(at + word.len()))
        })
}

/// Functions that code calls of which nobody knows what they do.
fn callees(code: &str) -> impl Iterator<Item = &str> {
    let names = code.match_indices('(').map(|(at, _)| last_name(code.get(..at).unwrap_or_default()));
    names.filter(|name| {
        let small = name.to_ascii_lowercase();
        let known = [&CONTROL[..], &GIVING[..], IDLE_CALLS].iter().any(|list| list.contains(&small.as_str()));
        !name.is_empty() && !known
    })
}

/// What stands in the function of this name, if a script has one.
fn body<'a>(script: &'a str, name: &str) -> Option<&'a str> {
    script.match_indices(name).find_map(|(at, _)| {
        let (before, after) = (&script[..at], &script[at + name.len()..]);
        if before.ends_with(is_name) || after.starts_with(is_name) {
            return None;
        }
        let declared = before.trim_end().ends_with("function") && after.trim_start().starts_with('(');
        let assigned = after.trim_start().strip_prefix(['=', ':']).map(str::trim_start);
        let assigned = assigned.is_some_and(|value| value.starts_with("function") || value.starts_with('('));
        let rest = (declared || assigned).then(|| after.split_once('{')).flatten()?.1;
        Some(rest.get(..rest.floor_char_boundary(NEAR * 4)).unwrap_or(rest))
    })
}
