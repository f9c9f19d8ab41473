//! The scripts that a page gets in the place of a tracker's library, or just before it: they tell what the queue
//! holds at that moment, and the stand-in puts the label on the page that the policy describes.

use std::hash::{BuildHasher, RandomState};

use ego_tree::NodeRef;
use scraper::{Html, Node};
use serde_json::{Value, json};

use crate::policy::Tracker;

/// Commands that are told of one queue.
const MOST_COMMANDS: usize = 200;

/// How scripts in a page tell what they find: a function that any script may call, and a key that makes a report
/// genuine.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    /// The function's name on `window`.
    pub(super) name: String,
    key: String,
}

impl Teller {
    /// One for one visit.
    pub(super) fn new() -> Self {
        // The page gets to know the name: the key must not follow from it.
        let random = || RandomState::new().hash_one(0);
        Self { name: format!("_{:016x}", random()), key: format!("{:016x}{:016x}", random(), random()) }
    }

    /// Whether a report is by one of these scripts.
    pub(super) fn is_genuine(&self, report: &Value) -> bool {
        report["key"] == self.key.as_str()
    }

    /// A report as one of these scripts makes it.
    #[cfg(test)]
    pub(super) fn genuine(&self, mut report: Value) -> String {
        report["key"] = json!(self.key);
        report.to_string()
    }

    /// The script that is to run in each document before all others.
    pub(super) fn early(&self) -> String {
        let script = include_str!("page/tell.js");
        script.replace("NAME", &json!(self.name).to_string()).replace("MOST", &MOST_COMMANDS.to_string())
    }

    /// Tells what the queue holds, in one line. Strict, so that a page cannot look at it from what it calls.
    pub(super) fn before(&self, name: &str, tracker: &Tracker) -> String {
        let (binding, key, name, queue) = (json!(self.name), json!(self.key), json!(name), json!(tracker.queue));
        format!(
            "(function(w){{\"use strict\";try{{if(w[{binding}])w[{binding}]({key},\"ran\",{name},w[{queue}])}}catch(e){{}}}})(window);"
        )
    }

    /// The stand-in: tells what the queue holds and what comes later, and adds the label.
    pub(super) fn stand_in(&self, name: &str, tracker: &Tracker) -> String {
        let markup = tracker.label.as_ref().and_then(|l| l.stand_in.as_deref()).unwrap_or_default();
        let values = [
            ("BINDING", json!(self.name)),
            ("KEY", json!(self.key)),
            ("TRACKER", json!(name)),
            ("QUEUE", json!(tracker.queue)),
            // Last: the markup may hold any word.
            ("LABEL", json!(children(*Html::parse_fragment(markup).root_element()))),
        ];
        values.iter().fold(STAND_IN.to_owned(), |script, (name, value)| script.replace(name, &value.to_string()))
    }

    /// An expression that gives what the queue holds now as text, see [`super::watch::held`].
    pub(super) fn held_now(&self, tracker: &Tracker) -> String {
        format!("window[{}](\"\",\"end\",\"\",window[{}])", json!(self.name), json!(tracker.queue))
    }
}

/// Elements are made one by one: a page's policy may forbid to set markup as text, and styles in attributes.
const STAND_IN: &str = include_str!("page/stand_in.js");

fn children(node: NodeRef<'_, Node>) -> Vec<Value> {
    node.children()
        .filter_map(|child| match child.value() {
            Node::Text(text) => Some(json!(&*text.text)),
            Node::Element(element) => {
                let attributes: serde_json::Map<String, Value> =
                    element.attrs().map(|(name, value)| (name.to_owned(), json!(value))).collect();
                Some(json!([element.name(), attributes, children(child)]))
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_is_made_of_elements_and_texts() {
        let fragment = Html::parse_fragment("<div class=\"a\" style=\"x:y\">m<b>n</b><!-- o --></div>");
        let made = json!(children(*fragment.root_element()));
        assert_eq!(made, json!([["div", {"class": "a", "style": "x:y"}, ["m", ["b", {}, ["n"]]]]]));
    }
}
