//! What scripts of a page put between a snippet and its library: other functions in the place of those that snippets
//! insert and send with, watchers that keep later scripts of the page from running, security policies. What they do
//! to a script is not followed; what comes behind them is in doubt.

use super::heap::{Kind, ObjectId};
use super::machine::Machine;
use super::path::{Guard, Path};
use super::task::Phase;
use super::value::Value;
use crate::snapshot::Doubt;

/// What stands in the way of what comes later, each by the number of its doubt.
#[derive(Debug, Default)]
pub(super) struct Hindrances {
    /// Of scripts that are loaded.
    loads: Option<u32>,
    /// Of what is put into lists.
    items: Option<u32>,
    /// Of scripts behind this one, by its number in the page: a watcher sees them before they run.
    behind: Option<(usize, u32)>,
}

impl Hindrances {
    /// The script behind which others may be kept from running.
    pub(super) fn watched_from(&self) -> Option<usize> {
        self.behind.map(|(script, _)| script)
    }
}

/// Prototypes through which scripts get into a document.
const WAYS_IN: &[&str] = &[
    "Node.prototype",
    "Element.prototype",
    "Document.prototype",
    "HTMLDocument.prototype",
    "HTMLScriptElement.prototype",
];
/// What snippets use of them. Names that are filled in for old browsers, as `append` and `closest` are, are not here:
/// ordinary pages set those.
const STEPS: &[&str] =
    &["appendChild", "createElement", "getElementsByTagName", "insertBefore", "parentNode", "src", "type"];
/// Directives that may keep a tracker from running or from sending.
const DIRECTIVES: &[&str] =
    &["connect-src", "default-src", "img-src", "require-trusted-types-for", "script-src", "script-src-elem"];

impl Machine<'_> {
    /// A script set a property of a part of the browser.
    pub(super) fn patched(&mut self, name: &str, key: &str, value: &Value) {
        if WAYS_IN.contains(&name) {
            // Whatever element has it may be asked for it by anybody.
            self.hand_out(value);
            if STEPS.contains(&key) {
                self.hinder_loads();
            }
        }
        // Under a condition it is what fills in for old browsers; a value of its own changes nothing.
        let own = matches!(value, Value::Native(native) if **native == *"[].push");
        if (name, key) == ("[]", "push") && self.path.is_always() && !own && self.hindrances.items.is_none() {
            self.hindrances.items = Some(self.doubt(Doubt::Callback));
        }
    }

    /// A script defined who sets a property of an object.
    pub(super) fn setter_defined(&mut self, object: &Value, key: &str, setter: &Value) {
        let element = matches!(object, Value::Object(id) if matches!(self.heap[id.0].kind, Kind::Element(_)));
        if element && STEPS.contains(&key) && setter.nullish() != Some(true) {
            self.hinder_loads();
        }
    }

    /// A script watches the page while it is parsed: the scripts behind it are seen before they run.
    pub(super) fn watched(&mut self, callback: &Value) {
        let Some((script, _)) = self.running.filter(|_| self.phase == Phase::Parsing) else { return };
        let text = self.text_of_function(callback).filter(|_| self.hindrances.behind.is_none());
        let Some((length, stops)) = text.map(|text| (text.len(), stops_scripts(text))) else { return };
        // Watchers without number must not read a long text again and again.
        self.charge(length);
        if stops {
            self.hindrances.behind = Some((script, self.doubt(Doubt::Callback)));
        }
    }

    fn text_of_function(&self, value: &Value) -> Option<&str> {
        let Value::Object(id) = value else { return None };
        let Kind::Function(closure) = &self.heap[id.0].kind else { return None };
        let at = closure.at();
        self.units.get(at.unit as usize)?.text.get(at.start as usize..at.end as usize)
    }

    /// An element is in the document: what it says of the page's security binds what comes later.
    pub(super) fn policy_inserted(&mut self, id: ObjectId) {
        let is_meta = matches!(&self.heap[id.0].kind, Kind::Element(e) if e.tag.as_deref() == Some("meta"));
        if !is_meta {
            return;
        }
        let read = |key: &str| self.heap[id.0].slots.get(key).map(|s| s.read(&self.path, || Value::Undefined));
        let Some(Value::Text(kind)) = read("httpEquiv").or_else(|| read("http-equiv")) else { return };
        let binds = match read("content") {
            Some(Value::Text(text)) => binds_scripts(&text),
            Some(Value::Undefined | Value::Null) | None => false,
            Some(_) => true,
        };
        if is_policy(&kind) && binds {
            self.hinder_loads();
        }
    }

    /// A script writes markup into the page.
    pub(super) fn policy_written(&mut self, html: &str) {
        if writes_policy(html) {
            self.hinder_loads();
        }
    }

    fn hinder_loads(&mut self) {
        if self.hindrances.loads.is_none() {
            self.hindrances.loads = Some(self.doubt(Doubt::Callback));
        }
    }

    /// Under which conditions a script is loaded now.
    pub(super) fn path_of_load(&self) -> Path {
        self.hindered(self.hindrances.loads)
    }

    /// Under which conditions something is put into a list now, as far as anything stands in the way.
    pub(super) fn path_of_item(&self) -> Path {
        self.hindered(self.hindrances.items)
    }

    fn hindered(&self, by: Option<u32>) -> Path {
        let script = || self.running.map(|(script, _)| script).or(self.units.get(self.unit as usize)?.script);
        let watched = self.hindrances.behind.filter(|(from, _)| script().is_some_and(|script| script > *from));
        let guards: Vec<Guard> =
            by.into_iter().chain(watched.map(|(_, fork)| fork)).map(|fork| Guard { fork, side: true }).collect();
        if guards.is_empty() { self.path.clone() } else { self.path.and(&Path::of(guards)) }
    }
}

/// Whether a text of a function that is told of new elements takes scripts away or changes what they are.
fn stops_scripts(text: &str) -> bool {
    let names_scripts = text.as_bytes().windows(6).any(|w| w.eq_ignore_ascii_case(b"script"));
    let sets = |name: &str| {
        text.match_indices(name).any(|(at, found)| {
            let after = text.get(at + found.len()..).unwrap_or_default().trim_start();
            after.starts_with('=') && !after.starts_with("==")
        })
    };
    let calls = |name: &str| text.contains(name);
    let by_attribute = ["'type'", "\"type\"", "'src'", "\"src\""].iter().any(|name| text.contains(name))
        && (calls("setAttribute(") || calls("removeAttribute("));
    names_scripts && (sets(".type") || sets(".src") || calls(".remove()") || calls("removeChild(") || by_attribute)
}

/// Whether markup holds a `<meta>` with a policy that binds scripts. A look, not a parser: it leaves open and no more.
fn writes_policy(html: &str) -> bool {
    const POLICY: &str = "content-security-policy";
    let lower = html.to_ascii_lowercase();
    lower.split("<meta").skip(1).any(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        let named = tag
            .match_indices(POLICY)
            .any(|(at, found)| tag.get(at + found.len()..).is_some_and(|behind| !behind.starts_with('-')));
        named && DIRECTIVES.iter().any(|directive| tag.contains(directive))
    })
}

fn is_policy(kind: &str) -> bool {
    kind.trim().eq_ignore_ascii_case("content-security-policy")
}

/// Whether a policy says anything of scripts or of what they send.
fn binds_scripts(policy: &str) -> bool {
    let mut names = policy.split([';', ',']).filter_map(|one| one.split_ascii_whitespace().next());
    names.any(|name| DIRECTIVES.iter().any(|known| name.eq_ignore_ascii_case(known)))
}
