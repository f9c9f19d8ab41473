//! Reads the code of `onclick` and `javascript:`: which addresses stand in it as plain strings, and whether
//! it looks as if it leads anywhere. A reading of a line or two, not of scripts.

/// Most addresses of one handler.
const MOST: usize = 20;

/// What a handler's code tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Handler {
    /// Addresses it leads to: absolute ones, and relative ones where the code goes to them.
    pub(super) targets: Vec<String>,
    /// It opens or changes to some page.
    pub(super) navigates: bool,
}

/// Functions whose arguments are never a page to go to: counting, comparing, asking, quoting.
pub(super) const IDLE_CALLS: &[&str] = &[
    "ga",
    "gtag",
    "fbq",
    "push",
    "send",
    "log",
    "track",
    "trackevent",
    "_trackevent",
    "alert",
    "confirm",
    "prompt",
    "replace",
    "indexof",
    "includes",
    "match",
    "test",
    "split",
    "startswith",
    "endswith",
    "encodeuricomponent",
    "encodeuri",
    "escape",
    "getelementbyid",
    "queryselector",
    "setitem",
    "writetext",
    "fetch",
    "ajax",
    "get",
    "post",
    "load",
    "getscript",
    "insertbefore",
    "append",
    "html",
    "addclass",
    "removeclass",
    "toggleclass",
];

/// Words of code, white space removed and in lower case, that go to another page.
pub(super) const GOING: &[&str] = &[
    "location=",
    "location.assign(",
    "location.replace(",
    ".href=",
    "navigate",
    "goto",
    "gourl",
    "redirect",
    "openlink",
    "openurl",
    "openpage",
    "openweb",
    "opensite",
    "opentab",
    "openwindow",
    "chuyentrang",
];

/// Words in the names of functions that leave a person on the page.
const STAYING: &[&str] = &[
    "void",
    "print",
    "back",
    "forward",
    "history",
    "scroll",
    "toggle",
    "show",
    "hide",
    "close",
    "menu",
    "slide",
    "collapse",
    "expand",
    "tab",
    "search",
    "submit",
    "login",
    "font",
    "zoom",
    "bookmark",
    "favorite",
    "sethomepage",
    "alert",
    "preventdefault",
    "focus",
    "click",
];

/// Whether a `javascript:` address calls a function whose name does not tell that it stays on the page.
pub(super) fn calls_unknown(code: &str) -> bool {
    let code: String = code.to_ascii_lowercase().split_whitespace().collect();
    code.match_indices('(').any(|(at, _)| {
        let start = code[..at].rfind(|c: char| !is_name(c) && c != '.').map_or(0, |n| n + 1);
        let name = code.get(start..at).unwrap_or_default();
        // A form that is sent to the server may come back with any page.
        let stays = !name.contains("postback") && STAYING.iter().any(|word| name.contains(word));
        !name.is_empty() && !stays
    })
}

impl Handler {
    /// Reads a handler.
    pub(super) fn read(code: &str) -> Self {
        let pieces = pieces(code);
        let mut bare: String = pieces.iter().filter_map(|p| p.code()).collect();
        bare.retain(|c| !c.is_whitespace());
        let mut navigates = goes(&bare.to_ascii_lowercase());
        let mut targets = Vec::new();
        let mut before = Before::default();
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Code(code) => before.push(code),
                Piece::Literal { value, whole } => {
                    let added =
                        pieces.get(at + 1).and_then(Piece::code).is_some_and(|c| c.trim_start().starts_with('+'));
                    if target(&before, value, *whole && !added, navigates) && targets.len() < MOST {
                        targets.push(value.trim().to_owned());
                    } else if *whole && !added && stays(value) && matches!(Place::of(&before), Place::Going) {
                        // Every place it goes to may be known, and be none.
                        navigates = !targets.is_empty();
                    }
                    before.push("\"\"");
                }
            }
        }
        Self { targets, navigates }
    }
}

fn goes(code: &str) -> bool {
    let found = |word: &str| {
        code.match_indices(word).any(|(at, _)| {
            let after = code.as_bytes().get(at + word.len());
            // A comparison goes nowhere.
            !(word.ends_with('=') && after == Some(&b'='))
        })
    };
    let opens = code.match_indices("open(").any(|(at, _)| !code[..at].ends_with(is_name));
    opens || GOING.iter().any(|word| found(word))
}

/// Whether a string is an address that the code goes to.
fn target(before: &Before, value: &str, whole: bool, navigates: bool) -> bool {
    let value = value.trim();
    let text = before.text.trim_end();
    let absolute = is_absolute(value);
    let known = if absolute { whole || names_its_host(value) } else { whole || is_rooted(value) };
    if !known || text.ends_with('+') || ["==", "!="].iter().any(|sign| text.ends_with(sign)) {
        return false;
    }
    let place = Place::of(before);
    match place {
        Place::Going => (absolute || is_relative(value)) && !value.is_empty(),
        Place::Idle => false,
        Place::Call => absolute && !value.starts_with("//"),
        Place::Other => absolute && !value.starts_with("//") && navigates,
    }
}

/// A place on the same page, mail, telephone, more code: known, and no page to go to.
fn stays(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    ["#", "mailto:", "tel:", "sms:", "javascript:"].iter().any(|start| value.starts_with(start))
}

/// Where in the code a string stands.
enum Place {
    /// Assigned to `location` or `href`, or the first argument of `open`.
    Going,
    /// An argument of a call that goes nowhere.
    Idle,
    /// An argument of a function of the page.
    Call,
    /// Anywhere else.
    Other,
}

impl Place {
    fn of(before: &Before) -> Self {
        if let Some(assigned) = before.text.trim_end().strip_suffix('=') {
            let last = last_name(assigned).to_ascii_lowercase();
            return if matches!(last.as_str(), "location" | "href") { Self::Going } else { Self::Other };
        }
        let Some((callee, first)) = before.innermost_call() else { return Self::Other };
        let callee = callee.to_ascii_lowercase();
        let last = last_name(&callee);
        let going = matches!(last, "open" | "assign" | "navigate" | "goto")
            || (last == "replace" && callee.contains("location"));
        if going {
            return if first { Self::Going } else { Self::Idle };
        }
        if IDLE_CALLS.contains(&last) { Self::Idle } else { Self::Call }
    }
}

/// The code before a string, and the brackets in it that are still open, outermost first.
#[derive(Default)]
struct Before {
    text: String,
    open: Vec<Bracket>,
}

/// An open bracket.
struct Bracket {
    /// What is called, if something is.
    callee: String,
    /// Its first argument is being written.
    first: bool,
    /// A statement or a block began or ended in it: no arguments.
    broken: bool,
}

impl Before {
    fn push(&mut self, code: &str) {
        for c in code.chars() {
            match c {
                '(' => {
                    let start = self.text.rfind(|c| !is_name(c) && c != '.').map_or(0, |n| n + 1);
                    let callee = self.text.get(start..).unwrap_or_default().to_owned();
                    self.open.push(Bracket { callee, first: true, broken: false });
                }
                ')' => {
                    self.open.pop();
                }
                ',' | ';' | '{' | '}' => {
                    if let Some(bracket) = self.open.last_mut() {
                        bracket.first &= c != ',';
                        bracket.broken |= c != ',';
                    }
                }
                _ => {}
            }
            self.text.push(c);
        }
    }

    /// The function whose arguments are being written, and whether this is the first of them.
    fn innermost_call(&self) -> Option<(&str, bool)> {
        let bracket = self.open.last().filter(|bracket| !bracket.broken)?;
        let callee = bracket.callee.as_str();
        (!callee.is_empty() && !matches!(callee, "if" | "while" | "return")).then_some((callee, bracket.first))
    }
}

fn last_name(code: &str) -> &str {
    let code = code.trim_end();
    let start = code.rfind(|c| !is_name(c)).map_or(0, |at| at + code[at..].chars().next().map_or(1, char::len_utf8));
    &code[start..]
}

pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// `http://…`, `https://…` or `//…`.
pub(super) fn is_absolute(address: &str) -> bool {
    let lower = |n: usize| address.get(..n).map(str::to_ascii_lowercase);
    lower(7).as_deref() == Some("http://")
        || lower(8).as_deref() == Some("https://")
        || (address.starts_with("//") && address[2..].starts_with(char::is_alphanumeric))
}

/// More text follows the string, but behind the host.
fn names_its_host(address: &str) -> bool {
    address.split_once("//").is_some_and(|(_, rest)| rest.contains(['/', '?', '#']))
}

fn is_rooted(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//")
}

fn is_relative(address: &str) -> bool {
    let scheme = address.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    !scheme && !address.starts_with('#')
}

/// Code between strings, and strings.
enum Piece {
    Code(String),
    /// A string; not `whole` when it is a template with a computed part, of which `value` is the start.
    Literal {
        value: String,
        whole: bool,
    },
}

impl Piece {
    fn code(&self) -> Option<&str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Literal { .. } => None,
        }
    }
}

/// Cuts code into strings and what stands between; comments are dropped.
fn pieces(code: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut bare = String::new();
    let mut rest = code.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|c| *c != '\n').is_some() {},
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                let mut before = ' ';
                for c in rest.by_ref() {
                    if before == '*' && c == '/' {
                        break;
                    }
                    before = c;
                }
            }
            '"' | '\'' | '`' => {
                out.push(Piece::Code(std::mem::take(&mut bare)));
                let mut value = String::new();
                let mut whole = true;
                while let Some(inner) = rest.next() {
                    match inner {
                        _ if inner == c => break,
                        '\\' => value.extend(escaped(&mut rest)),
                        '$' if c == '`' && rest.peek() == Some(&'{') => whole = false,
                        _ if whole => value.push(inner),
                        _ => {}
                    }
                }
                out.push(Piece::Literal { value, whole });
            }
            _ => bare.push(c),
        }
    }
    out.push(Piece::Code(bare));
    out
}

/// The character an escape stands for, from behind its backslash.
fn escaped(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let digits = match rest.next()? {
        'x' => 2,
        'u' => 4,
        'n' | 'r' | 't' | '\n' => return None,
        c => return Some(c),
    };
    let mut code = 0;
    for _ in 0..digits {
        code = code * 16 + rest.next()?.to_digit(16)?;
    }
    char::from_u32(code)
}
