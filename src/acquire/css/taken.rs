//! Ids and classes of elements that a running script removes or hides as the page loads: `getElementById('x').remove()`
//! outside functions that wait for somebody. It reads text and runs nothing; what it finds is at most in doubt, never
//! hidden.

use std::collections::{HashMap, HashSet};

use scraper::ElementRef;

use super::selector::parent_of;
use crate::acquire::html::standing::{Step, owner_name, steps};

/// Ways of looking for one element.
const LOOKUPS: [&str; 6] =
    ["getElementById(", "getElementsByClassName(", "querySelector(", "querySelectorAll(", "$(", "jQuery("];
/// What follows a found element that is taken away, white space left out and with one kind of quotes.
const AWAY: [&str; 17] = [
    ".remove()",
    ".hide()",
    ".empty()",
    ".detach()",
    ".hidden=true",
    ".hidden=!0",
    ".innerHTML=''",
    ".outerHTML=''",
    ".replaceChildren()",
    ".style.display='none",
    ".style.visibility='hidden",
    ".style.opacity=0",
    ".style.opacity='0'",
    ".style.setProperty('display','none",
    ".setAttribute('hidden'",
    ".css('display','none",
    ".parentNode.removeChild(",
];
/// What is done to each of the found elements.
const EACH: [&str; 3] = [".forEach(", ".each(", ".map("];
/// Ids and classes of elements that scripts take away as the page loads.
#[derive(Debug, Default)]
pub(super) struct Taken {
    ids: HashSet<Box<str>>,
    classes: HashSet<Box<str>>,
}

/// What a search names.
#[derive(Debug, Clone, Copy)]
enum Name<'a> {
    Id(&'a str),
    Class(&'a str),
}

impl Taken {
    pub(super) fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut taken = Self::default();
        for text in texts.into_iter().filter(|text| may_take(text)) {
            read(text, &mut taken);
        }
        taken
    }

    /// Whether the element or one around it is taken away.
    pub(super) fn holds(&self, el: ElementRef) -> bool {
        let named = |e: ElementRef| {
            e.value().id().is_some_and(|id| self.ids.contains(id))
                || (!self.classes.is_empty() && e.value().classes().any(|class| self.classes.contains(class)))
        };
        !(self.ids.is_empty() && self.classes.is_empty())
            && std::iter::successors(Some(el), |e| parent_of(*e)).any(named)
    }

    fn note(&mut self, name: Name) {
        match name {
            Name::Id(id) => self.ids.insert(id.into()),
            Name::Class(class) => self.classes.insert(class.into()),
        };
    }
}

fn may_take(text: &str) -> bool {
    LOOKUPS.iter().any(|lookup| text.contains(lookup))
        && [".remove", ".hid", ".empty", ".detach", "HTML", ".replaceChildren", ".style", ".setAttribute", ".css("]
            .iter()
            .any(|word| text.contains(word))
}

/// One pass over a script.
fn read<'a>(text: &'a str, taken: &mut Taken) {
    // What variables hold.
    let mut made: HashMap<&str, Vec<Name<'a>>> = HashMap::new();
    for step in steps(text) {
        match step {
            Step::String { text: name, head, rest, into } => {
                let found = sought(head, name);
                let Some((found, rest)) = found.zip(rest.trim_start().strip_prefix(')')) else {
                    continue;
                };
                if goes(rest) {
                    taken.note(found);
                } else if !into.is_empty() {
                    made.entry(into).or_default().push(found);
                }
            }
            Step::Member { owner, rest } if !made.is_empty() => {
                let name = owner_name(owner);
                if made.contains_key(name) && goes(rest) {
                    made.remove(name).unwrap_or_default().into_iter().for_each(|found| taken.note(found));
                }
            }
            Step::Member { .. } => {}
        }
    }
}

/// The id or class that a search names, from what stands before its string and the string. A search for the first of a
/// class counts for all of them: which one is the first is known when the page is shown.
fn sought<'a>(head: &str, name: &'a str) -> Option<Name<'a>> {
    let lookup = LOOKUPS.iter().find(|lookup| head.trim_end().ends_with(**lookup))?;
    let found = match *lookup {
        "getElementById(" => Name::Id(name),
        "getElementsByClassName(" => Name::Class(name),
        _ => name.strip_prefix('#').map(Name::Id).or_else(|| name.strip_prefix('.').map(Name::Class))?,
    };
    let (Name::Id(word) | Name::Class(word)) = found;
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    (!word.is_empty() && word.chars().all(plain)).then_some(found)
}

fn goes(rest: &str) -> bool {
    let one_quote = |c: char| if matches!(c, '"' | '`') { '\'' } else { c };
    let short: String = rest.chars().filter(|c| !c.is_whitespace()).map(one_quote).take(80).collect();
    let short = short.strip_prefix(['?', '!']).unwrap_or(&short);
    let short = short.strip_prefix("[0]").unwrap_or(short);
    // Of each of them, but not where it is listened to.
    let each =
        || EACH.iter().any(|each| short.starts_with(each)) && !short.contains(".on") && !short.contains("Listener");
    AWAY.iter().any(|way| short.starts_with(way)) || (each() && AWAY.iter().any(|way| short.contains(way)))
}

#[cfg(test)]
mod tests {
    use super::Taken;
    use crate::acquire::html::standing::NAME_END;

    fn takes(script: &str) -> bool {
        Taken::read([script]).ids.contains("lk")
    }

    #[test]
    fn a_class_that_a_script_takes_away() {
        let class = |script| Taken::read([script]).classes.contains("lk");
        for script in [
            "document.querySelector('.lk').remove()",
            "document.querySelector('.lk').style.display = `none`",
            "document.getElementsByClassName(\"lk\")[0].hidden = true",
            "document.querySelectorAll('.lk').forEach(function (e) { e.style.display = \"none\"; })",
            "document.querySelectorAll(`.lk`).forEach(e => e.remove())",
            "jQuery('.lk').hide()",
            "const k = document.querySelector('.lk'); k.outerHTML = ``",
        ] {
            assert!(class(script), "{script}");
        }
        for script in [
            "function dong() { document.querySelector('.lk').remove() }",
            "document.querySelector('.lk a').remove()",
            "document.querySelector('lk').remove()",
            "document.querySelectorAll('.lk').forEach(e => e.classList.add('x'))",
            "document.querySelectorAll('.lk').forEach(e => e.onclick = () => e.remove())",
            "document.getElementById('lk').remove()",
        ] {
            assert!(!class(script), "{script}");
        }
        assert!(takes("document.getElementById('lk').style.display = `none`"));
    }

    #[test]
    fn a_script_that_takes_a_part_away_as_the_page_loads() {
        for script in [
            "document.getElementById('lk').style.display = 'none';",
            "document.getElementById(\"lk\").remove()",
            "var a = 1; document.querySelector('#lk').hidden = true;",
            "$('#lk').hide();",
            "(function () { document.getElementById('lk').innerHTML = ''; })();",
            "(() => { document.getElementById('lk')?.remove() })()",
            "!function(){document.getElementById(\"lk\").style.visibility=\"hidden\"}()",
            "document.addEventListener('DOMContentLoaded', function () { $('#lk').remove() })",
            "if (top !== self) { document.getElementById('lk').remove(); }",
            "var khung = document.getElementById('lk');\nkhung.style.display = 'none';",
            "$(function () { $('#lk').css('display', 'none'); });",
            "setTimeout(function () { document.getElementById('lk').remove(); }, 0);",
            "requestAnimationFrame(() => { document.getElementById('lk').remove(); });",
            "fetch('/x').then(function () { $('#lk').hide(); });",
            "['lk'].forEach(function () { document.getElementById('lk').remove() })",
            "var k = document.getElementById('lk'); setTimeout(function () { k.remove() }, 10)",
            "const $k = $('#lk'), b = 1; if (b) { $k?.remove() }",
            "this.k = $('#lk'); this.k.hide()",
        ] {
            assert!(takes(script), "{script}");
        }
    }

    #[test]
    fn a_script_that_waits_for_a_person_or_does_something_else() {
        for script in [
            "function dong() { document.getElementById('lk').style.display = 'none'; }",
            "nut.onclick = function () { document.getElementById('lk').remove(); };",
            "nut.addEventListener('click', () => { document.getElementById('lk').remove(); });",
            "$('.dong').click(function () { $('#lk').hide(); });",
            "var k = document.getElementById('lk'); nut.onclick = function () { k.remove() };",
            "var k = document.getElementById('lk'); k.classList.remove('x');",
            "if (k == document.getElementById('lk')) k.remove()",
            "nut.onclick = function () { setTimeout(function () { $('#lk').remove() }, 10) };",
            "class Menu { dong() { document.getElementById('lk').remove(); } }",
            "// document.getElementById('lk').remove()",
            "/* document.getElementById('lk').remove() */ var x = '.remove';",
            "var s = \"document.getElementById('lk').remove()\";",
            "document.getElementById('lk').style.display = 'block';",
            "document.getElementById('lk').classList.remove('moi');",
            "document.getElementById('khac').remove();",
            "document.querySelector('.lk').remove();",
        ] {
            assert!(!takes(script), "{script}");
        }
    }

    #[test]
    fn length_and_distance_change_nothing() {
        for spaces in [10, 10_000, 5 << 20] {
            let room = " ".repeat(spaces);
            assert!(takes(&format!("{room}document.getElementById('lk').remove()")));
            assert!(takes(&format!("var k = document.getElementById('lk');{room}k.remove()")));
            assert!(takes(&format!("var k = document.getElementById('lk');{}k.remove()", "a.b();".repeat(spaces / 6))));
        }
        let name = |n: usize| {
            let name = "k".repeat(n);
            format!("{name} = document.getElementById('lk'); {name}.remove()")
        };
        for length in [NAME_END - 1, NAME_END, NAME_END + 1, 1 << 20] {
            assert!(takes(&name(length)), "{length}");
        }
        assert!(takes(
            "k = tim(document.getElementById('a'), document.getElementById('lk'))\n  .remove(); k\n  .remove()"
        ));
    }

    #[test]
    fn a_script_of_many_searches_ends_soon() {
        let begun = std::time::Instant::now();
        for part in [
            "$('#lk'),",
            "k=$('#lk'),",
            "k=$('#lk'),k.x,",
            "k=$('#a'),k.remove(),",
            "{$('#lk')",
            "function(){",
            "k. ",
            "x={$('#a'),",
        ] {
            let _ = Taken::read([format!("$('#lk').remove{}", part.repeat((1 << 18) / part.len())).as_str()]);
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
    }

    #[test]
    fn odd_scripts_end() {
        for script in
            ["getElementById('", "}}}}$('#lk')", "{{{{ $('#lk').hide()", "$('#lk').style /", "“$('#đ').remove()"]
        {
            let _ = Taken::read([script]);
        }
    }
}
