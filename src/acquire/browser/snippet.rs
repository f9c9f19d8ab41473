//! The scripts that a page gets in the place of a tracker's library, or just before it: they tell what the queue
//! holds at that moment, and the stand-in puts the label on the page that the policy describes.

use ego_tree::NodeRef;
use scraper::{Html, Node};
use serde_json::{Value, json};

use crate::policy::Tracker;

/// Commands that are told of one queue.
const MOST_COMMANDS: usize = 200;

/// Tells what the queue holds, in one line. `binding` is the function that hands it out of the page.
#[must_use]
pub(super) fn before(name: &str, tracker: &Tracker, binding: &str) -> String {
    let (queue, tell) = (json!(tracker.queue), tell(name, binding));
    format!("(function(w){{{}{tell}try{{tell('ran',held(w[{queue}]))}}catch(e){{}}}})(window);", held())
}

/// The stand-in: tells what the queue holds and what comes later, and adds the label.
#[must_use]
pub(super) fn stand_in(name: &str, tracker: &Tracker, binding: &str) -> String {
    let markup = tracker.label.as_ref().and_then(|l| l.stand_in.as_deref()).unwrap_or_default();
    let label = json!(children(*Html::parse_fragment(markup).root_element()));
    let (queue, tell) = (json!(tracker.queue), tell(name, binding));
    format!(
        "(function(w){{{held}{tell}\
         var q=w[{queue}];try{{tell('ran',held(q))}}catch(e){{}}\
         try{{if(q)q.push=function(){{tell('later',held(arguments));return 0}}}}catch(e){{}}\
         {MAKE}\
         var label={label};\
         function add(){{label.forEach(function(n){{document.body.appendChild(make(n))}})}}\
         if(document.body)add();else document.addEventListener('DOMContentLoaded',add);\
         }})(window);",
        held = held(),
    )
}

/// An expression that gives what the queue holds now, or null.
#[must_use]
pub(super) fn held_now(tracker: &Tracker) -> String {
    format!("(function(w){{{}return held(w[{}])}})(window)", held(), json!(tracker.queue))
}

fn held() -> String {
    HELD.replace("MOST", &MOST_COMMANDS.to_string())
}

fn tell(name: &str, binding: &str) -> String {
    TELL.replace("BINDING", &json!(binding).to_string()).replace("NAME", &json!(name).to_string())
}

/// Values as they are written: texts and numbers as they are, everything else as `{other: …}`.
const HELD: &str = "function v(x){var t=typeof x;\
    if(t==='string')return x.slice(0,500);if(t==='number'&&isFinite(x))return x;\
    if(x===null)return{other:'null'};\
    return{other:Array.isArray(x)?'['+String(x).slice(0,100)+']':String(x).slice(0,100)}}\
    function held(a){if(!a||typeof a!=='object'||typeof a.length!=='number')return null;var o=[];\
    for(var i=0;i<a.length&&i<MOST;i++){var c=a[i];\
    if(c&&typeof c==='object'&&typeof c.length==='number')o.push(Array.prototype.slice.call(c,0,20).map(v))}\
    return o}";

/// Hands out of the page what was told.
const TELL: &str = "var say=w[BINDING];\
    function tell(k,q){if(say)say(JSON.stringify({t:NAME,k:k,top:w===w.top,at:performance.now(),q:q}))}";

/// Elements are made one by one: a page's policy may forbid to set markup as text, and styles in attributes.
const MAKE: &str = "function make(n){if(typeof n==='string')return document.createTextNode(n);\
    var e=document.createElement(n[0]),k;\
    for(k in n[1]){if(k==='style')e.style.cssText=n[1][k];else e.setAttribute(k,n[1][k])}\
    n[2].forEach(function(c){e.appendChild(make(c))});return e}";

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
