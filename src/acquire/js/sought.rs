//! Turns a script's search for an element of the page into what it may find when it runs: an element, nothing, or
//! either. While the page is parsed only what stands before the script is there.
//! It reads the page's text; it does not build its tree.

use memchr::memrchr;

use super::heap::{At, Kind};
use super::machine::{Body, Machine};
use super::member::is_whole;
use super::path::{Guard, Path, Slot};
use super::task::Phase;
use super::value::Value;
use crate::acquire::html::caseless;
use crate::snapshot::Doubt;

/// Elements that are there without being written.
const IMPLIED: &[&str] = &["html", "head", "body", "script", "tbody", "tr", "colgroup", "p", "br", "img"];
/// Places of one name that are looked at.
const MOST_PLACES: usize = 10_000;
/// Bytes of the page that are searched in all; what is sought beyond that may be there or not.
const MOST_SEARCHED: usize = 64 << 20;

/// What an element is sought by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Mark {
    Id(String),
    Tag(String),
    Class(String),
}

/// A question for the page: whether such an element stands before the end of a script, by its number, or anywhere.
pub(super) type Question = (Option<usize>, Mark);

impl Mark {
    fn name(&self) -> &str {
        let (Self::Id(name) | Self::Tag(name) | Self::Class(name)) = self;
        name
    }

    /// Whether an element like this stands in a piece of a page, or code there makes one.
    pub(super) fn stands_in(&self, page: &str) -> bool {
        if matches!(self, Self::Tag(_)) {
            return self.stands_as_written(page);
        }
        self.stands_as_written(page) || spelled_out(page).is_some_and(|page| self.stands_as_written(&page))
    }

    fn stands_as_written(&self, page: &str) -> bool {
        let name = self.name().to_ascii_lowercase();
        if matches!(self, Self::Tag(_)) && IMPLIED.contains(&&*name) {
            return true;
        }
        let mut quotes = Quotes::default();
        let in_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        for (round, i) in caseless::places(page.as_bytes(), name.as_bytes()).enumerate() {
            let (Some(before), Some(after)) = (page.get(..i), page.get(i + name.len()..)) else { continue };
            if round > MOST_PLACES {
                return true;
            }
            if before.ends_with(in_name) || after.starts_with(in_name) {
                continue;
            }
            let found = match self {
                Self::Id(_) => super::browser::is_naming(before),
                Self::Tag(_) => before.ends_with('<') || is_given_to(before, &["createelement("]),
                // A class may be one of many in a value, which may hold any sign but the quotes around it.
                Self::Class(_) => {
                    quotes.read_to(before.as_bytes());
                    let mut heads = quotes.last.iter().flatten().filter_map(|at| page.get(..*at)).chain([before]);
                    heads.any(|head| is_given_to(head, &["class=", "classname=", "add("]))
                }
            };
            if found {
                return true;
            }
        }
        false
    }
}

/// The last place of each kind of quote, found in one pass however often it is asked for.
#[derive(Default)]
struct Quotes {
    read: usize,
    last: [Option<usize>; 3],
}

impl Quotes {
    /// Reads on to the end of a text that begins with all that was read.
    fn read_to(&mut self, text: &[u8]) {
        let new = text.get(self.read..).unwrap_or_default();
        for (last, quote) in self.last.iter_mut().zip(*b"\"'`") {
            *last = memrchr(quote, new).map(|n| self.read + n).or(*last);
        }
        self.read = text.len();
    }
}

/// A page with its numeric references to letters, digits, `-` and `_` of ASCII spelled out; `None` when it has none.
fn spelled_out(page: &str) -> Option<String> {
    let mut out = String::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(page.as_bytes(), "&#") {
        let (Some(rest), Some(before)) = (page.get(at + 2..), page.get(from..at)) else { continue };
        let (digits, radix) = rest.strip_prefix(['x', 'X']).map_or((rest, 10), |hex| (hex, 16));
        let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        // Zeros may stand before; no letter of ASCII needs more than three digits.
        let number = digits.get(..end).unwrap_or_default().trim_start_matches('0');
        let code = u32::from_str_radix(number, radix).ok().filter(|_| number.len() <= 3);
        let Some(letter) = code.and_then(char::from_u32).filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        else {
            continue;
        };
        out.push_str(before);
        out.push(letter);
        let tail = digits.get(end..).unwrap_or_default();
        from = page.len() - tail.strip_prefix(';').unwrap_or(tail).len();
    }
    out.push_str(page.get(from..).filter(|_| from > 0)?);
    Some(out)
}

/// Whether what follows is the quoted value of one of these, in capitals or not.
fn is_given_to(before: &str, heads: &[&str]) -> bool {
    let head = before.trim_end_matches(|c: char| matches!(c, '"' | '\'' | '\\' | '`') || c.is_ascii_whitespace());
    let head = head.strip_suffix('=').map_or(head, str::trim_end);
    let ends_with = |end: &str| {
        let begin = head.len().checked_sub(end.len()).and_then(|begin| head.as_bytes().get(begin..));
        begin.is_some_and(|there| there.eq_ignore_ascii_case(end.as_bytes()))
    };
    heads.iter().any(|h| ends_with(h.trim_end_matches('=')))
}

impl<'a> Machine<'a> {
    /// An element or the elements of the page that a script looks for.
    pub(super) fn sought(&mut self, method: &str, what: &Value, at: At) -> Value {
        let marks = what.as_text().filter(|t| is_whole(t)).and_then(|text| marks(method, &text));
        let Some(marks) = marks.filter(|m| !m.iter().any(|m| self.is_queue(m.name()))) else { return Value::Unknown };
        let several = !matches!(method, "getElementById" | "querySelector");
        if self.body != Body::There && self.phase == Phase::Parsing && marks.contains(&Mark::Tag("body".into())) {
            let nothing = self.nothing_found(several, at);
            return self.of_body(nothing, Value::Unknown);
        }
        let named = self.units.get(self.unit as usize).is_some_and(|u| u.named);
        let by_id = matches!(marks.as_slice(), [Mark::Id(_)]);
        if !named && !by_id {
            return if several && marks.iter().all(is_always_there) { Value::Thing } else { Value::Unknown };
        }
        let script = self.running.map(|(script, _)| script).filter(|_| named);
        let Some(missing) = marks.iter().find(|mark| !self.stands(script, mark)) else {
            return if several && marks.iter().all(is_always_there) { Value::Thing } else { Value::Unknown };
        };
        // What stands further down is not there yet, unless a script that names it made another by now.
        let named_once = || self.units.iter().map(|u| occurrences(u.text, missing.name())).sum::<usize>() == 1;
        let parsing = script.is_some() && self.phase == Phase::Parsing && !self.strangers && !self.unread;
        let further_down = parsing && self.stands(None, missing);
        let not_yet = further_down && named_once();
        if further_down {
            self.charge(self.units.iter().map(|u| u.text.len()).sum());
        }
        let nothing = self.nothing_found(several, at);
        if not_yet {
            return nothing;
        }
        let fork = self.doubt(Doubt::Condition);
        let case = |side, value| (Path::of(vec![Guard { fork, side }]), value);
        Value::choice(vec![case(true, nothing), case(false, Value::Unknown)])
    }

    fn nothing_found(&mut self, several: bool, at: At) -> Value {
        if !several {
            return Value::Null;
        }
        let list = self.object(Kind::List(Vec::new()), at);
        // What a list of elements has and another list has not.
        for method in ["item", "namedItem"] {
            self.heap[list.0].slots.insert(method.into(), Slot::holding(Value::native("document.item"), at));
        }
        Value::Object(list)
    }

    fn stands(&self, script: Option<usize>, mark: &Mark) -> bool {
        let question = (script, mark.clone());
        if let Some(known) = self.stood.borrow().get(&question) {
            return *known;
        }
        if self.stood.borrow().len().saturating_mul(self.page_text.len()) > MOST_SEARCHED {
            return false;
        }
        let until = self.running.filter(|_| script.is_some()).map_or(self.page_text.len(), |(_, end)| end as usize);
        let found = mark.stands_in(self.page_text.get(..until).unwrap_or(self.page_text));
        self.stood.borrow_mut().insert(question, found);
        found
    }
}

fn is_always_there(mark: &Mark) -> bool {
    matches!(mark, Mark::Tag(tag) if matches!(&**tag, "script" | "head" | "html" | "body"))
}

fn occurrences(text: &str, name: &str) -> usize {
    let lower = text.to_ascii_lowercase();
    memchr::memmem::find_iter(lower.as_bytes(), &name.to_ascii_lowercase()).count()
}

/// What all must be there for a search to find something; `None` when that is not plain.
fn marks(method: &str, text: &str) -> Option<Vec<Mark>> {
    let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let tag = |name: &str| Mark::Tag(name.to_ascii_lowercase());
    let marks: Vec<Mark> = match method {
        "getElementById" => vec![Mark::Id(text.to_owned())],
        "getElementsByTagName" => vec![tag(text)],
        "getElementsByClassName" => text.split_whitespace().map(|c| Mark::Class(c.to_owned())).collect(),
        _ => {
            let mut all = Vec::new();
            for compound in text.split(|c: char| c.is_whitespace() || matches!(c, '>' | '+' | '~')) {
                let mut rest = compound;
                while !rest.is_empty() {
                    let end = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '.' | '#')).map(|(i, _)| i);
                    let (one, more) = rest.split_at(end.unwrap_or(rest.len()));
                    all.push(match one.split_at_checked(1) {
                        Some((".", class)) => Mark::Class(class.to_owned()),
                        Some(("#", id)) => Mark::Id(id.to_owned()),
                        _ => tag(one),
                    });
                    rest = more;
                }
            }
            all
        }
    };
    (!marks.is_empty() && marks.iter().all(|m| plain(m.name()))).then_some(marks)
}

/// Whether a browser surely refuses a selector: one of plain letters in which no name follows a sign that wants one.
pub(super) fn is_no_selector(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '#' | '.' | '-' | '_') || c.is_ascii_whitespace();
    let begins_name = |name: &str| {
        let name = name.strip_prefix('-').map_or(name, |rest| if rest.starts_with('-') { "_" } else { rest });
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    };
    let is_compound = |compound: &str| {
        let mut parts = compound.split(['#', '.']);
        let tag = parts.next().unwrap_or_default();
        (tag.is_empty() || begins_name(tag)) && parts.all(begins_name)
    };
    text.chars().all(plain) && (text.trim().is_empty() || !text.split_ascii_whitespace().all(is_compound))
}

#[cfg(test)]
mod tests {
    use super::{Mark, is_no_selector};

    #[test]
    fn selectors_that_a_browser_refuses() {
        for wrong in ["", " ", "#", "##", ".", "a.", "#1", ".1a", "a .", "1", "-", "#-1", "a..b", "a#"] {
            assert!(is_no_selector(wrong), "{wrong}");
        }
        for untold in ["a", "#a", ".a-1", "a.b#c", "#-a", "#--", "._", "a b", "x-y", ">", "[", "a:b", "#\\31", "#ế"] {
            assert!(!is_no_selector(untold), "{untold}");
        }
    }

    #[test]
    fn an_element_is_found_in_capitals_or_not() {
        let id = |page: &str| Mark::Id("Top".to_owned()).stands_in(page);
        assert!(id("<p ID=\"TOP\">") && id("<p id=top>") && id("x.Id = 'tOp'"));
        assert!(!id("<p id=topmost>") && !id("<p class=top>") && !id(""));
        let tag = |page: &str| Mark::Tag("nav".to_owned()).stands_in(page);
        assert!(tag("<NAV>") && tag("d.createElement('Nav')") && tag("d.CREATEELEMENT(\"nav\")"));
        assert!(!tag("<p>nav</p>") && !tag("createElem('nav')"));
        let class = |page: &str| Mark::Class("menu".to_owned()).stands_in(page);
        assert!(class("<p CLASS='a MENU b'>") && class("x.className='menu'") && class("x.classList.ADD('menu')"));
        assert!(!class("<p id='menu'>") && !class("<p class='menus'>"));
    }

    #[test]
    fn a_class_stands_among_any_others() {
        let class = |page: &str| Mark::Class("menu".to_owned()).stands_in(page);
        for value in ["md:w-[calc(100%-1rem)] menu", "[&>a]:p-1 menu", "w=1 menu", "a<b menu", "a\tmenu b"] {
            assert!(class(&format!("<p class='{value}'>")), "{value}");
            assert!(class(&format!("<p id=a class=\"{value}\">")), "{value}");
        }
        assert!(class("<p class=\"before:content-['x'] menu\">") && class("<p class='a \"b\" menu'>"));
        assert!(class("<p class=menu>") && class("<p class = 'menu'>") && class("x.className=`a menu`"));
        assert!(class(&format!("<p class='{} menu'>", "w-1 ".repeat(2_000))));
        assert!(!class("<p class='a'>menu</p>") && !class("<p class=a title='menu'>") && !class("menu"));
        assert!(!class("<p class='a' data-x='menu'>") && !class("<p title='menu' class='a'>"));
    }

    #[test]
    fn a_name_may_be_written_by_numbers() {
        let id = |page: &str| Mark::Id("abc".to_owned()).stands_in(page);
        assert!(id("<p id='&#97;bc'>") && id("<p id=\"a&#x62;&#X0063;\">") && id("<p id=&#000097bc>"));
        assert!(!id("<p id='&#98;bc'>") && !id("<p id='&#;abc'>") && !id("&#97;bc") && !id("<p id='&#"));
        let class = |page: &str| Mark::Class("top-nav".to_owned()).stands_in(page);
        assert!(class("<p class='a top&#45;nav'>") && class("<p class='a &#116op-nav'>"));
        assert!(!class("<p title='a top&#45;nav'>"));
    }

    #[test]
    fn many_places_far_from_any_quote_cost_no_more() {
        let page = format!("{}{}", "x".repeat(8 << 20), " &#97;b".repeat(9_000));
        let before = std::time::Instant::now();
        assert!(!Mark::Class("ab".to_owned()).stands_in(&page));
        assert!(before.elapsed().as_secs() < 20);
    }
}
