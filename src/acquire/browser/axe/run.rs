//! One run of axe-core on a page: its answer by rule, each element with its place in the page's bytes where a start
//! tag of the same name and attributes stands there exactly once. The answer is hostile text and is cut to measure.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use scraper::Node;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::acquire::browser::pipe::Broken;
use crate::acquire::browser::tab::Tab;
use crate::acquire::html::Document;
use crate::snapshot::{AccessNode, AccessRule, Accessibility, Gap, Source};

/// How long the checker may take.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// Most elements that are kept of one rule.
const MOST_NODES: usize = 50;
/// Most rules of one kind that are kept; the checker has about a hundred.
const MOST_RULES: usize = 200;
/// Longest selector that is kept, in characters.
const LONGEST_SELECTOR: usize = 1_000;
/// Longest start tag that is kept, in characters.
const LONGEST_TAG: usize = 300;
/// Longest id, tag or version that is kept, in characters.
const LONGEST_NAME: usize = 100;
/// Longest help text, in characters.
const LONGEST_HELP: usize = 300;

const RUN: &str = include_str!("../page/axe.js");

#[derive(Deserialize)]
struct Answer {
    version: String,
    violations: Vec<Rule>,
    incomplete: Vec<Rule>,
    passes: u32,
    inapplicable: u32,
    frames: u32,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
    help: String,
    tags: Vec<String>,
    impact: Option<String>,
    total: u32,
    nodes: Vec<Element>,
}

#[derive(Deserialize)]
struct Element {
    selector: String,
    html: String,
    /// Its name, then names and values of its attributes in turn.
    tag: Option<Vec<String>>,
}

/// Runs the checker's rules that bear one of the tags, in a world that the page's scripts cannot touch. The page is
/// left as it is; all other facts are taken before, since reading a whole document takes its time.
///
/// # Errors
/// Why there is no answer.
pub async fn check(
    tab: &Tab,
    world: u64,
    script: &str,
    tags: &[String],
    page: Option<&Arc<Source>>,
) -> Result<Accessibility, Gap> {
    // A script ends in whatever it likes; its value is not wanted.
    evaluate(tab, world, format!("{script}\n;0")).await?;
    let tags = serde_json::to_string(tags).map_err(|_| Gap::NoData)?;
    let answer = evaluate(tab, world, format!("{RUN}({tags}, {MOST_NODES})")).await?;
    let answer: Answer = serde_json::from_value(answer).map_err(|_| Gap::BrowserFailed)?;
    let places = page.map(Places::of).unwrap_or_default();
    let rules = |rules: Vec<Rule>| rules.into_iter().take(MOST_RULES).map(|rule| places.rule(rule)).collect();
    Ok(Accessibility {
        checker: format!("axe-core {}", cut(&answer.version, LONGEST_NAME)),
        violations: rules(answer.violations),
        incomplete: rules(answer.incomplete),
        passes: answer.passes,
        inapplicable: answer.inapplicable,
        frames: answer.frames,
    })
}

async fn evaluate(tab: &Tab, world: u64, expression: String) -> Result<Value, Gap> {
    let params = json!({
        "expression": expression, "contextId": world, "returnByValue": true, "awaitPromise": true, "silent": true,
    });
    let answer = tab.session.call_within("Runtime.evaluate", params, TIME_LIMIT).await;
    let mut answer = answer.map_err(|broken| if broken == Broken::Late { Gap::Timeout } else { Gap::BrowserFailed })?;
    // What the checker throws is a fault of the checker, or of a page that tears the document away below it.
    if answer.get("exceptionDetails").is_some() {
        return Err(Gap::NoData);
    }
    Ok(answer["result"]["value"].take())
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Start tags of the page's bytes by name and attributes; `None` for one that stands there more than once.
#[derive(Default)]
struct Places(HashMap<Vec<String>, Option<[u32; 2]>>);

impl Places {
    fn of(page: &Arc<Source>) -> Self {
        let document = Document::parse(page.clone());
        let mut places: HashMap<Vec<String>, Option<[u32; 2]>> = HashMap::new();
        for (id, span) in document.tags() {
            let Some(Node::Element(element)) = document.html.tree.get(id).map(|node| node.value()) else { continue };
            let attributes = element.attrs().flat_map(|(name, value)| [name.to_owned(), value.to_owned()]);
            let tag = canonical(std::iter::once(element.name().to_owned()).chain(attributes).collect());
            places.entry(tag).and_modify(|place| *place = None).or_insert(Some([span.start, span.end]));
        }
        Self(places)
    }

    fn rule(&self, rule: Rule) -> AccessRule {
        AccessRule {
            id: cut(&rule.id, LONGEST_NAME),
            help: cut(&rule.help, LONGEST_HELP),
            tags: rule.tags.iter().take(MOST_NODES).map(|tag| cut(tag, LONGEST_NAME)).collect(),
            impact: rule.impact.map(|impact| cut(&impact, LONGEST_NAME)),
            total: rule.total,
            nodes: rule.nodes.into_iter().take(MOST_NODES).map(|node| self.node(node)).collect(),
        }
    }

    fn node(&self, node: Element) -> AccessNode {
        AccessNode {
            selector: cut(&node.selector, LONGEST_SELECTOR),
            html: cut(&node.html, LONGEST_TAG),
            span: node.tag.and_then(|tag| self.0.get(&canonical(tag)).copied().flatten()),
        }
    }
}

/// A name and its attributes, these in one order.
fn canonical(tag: Vec<String>) -> Vec<String> {
    let mut tag = tag.into_iter();
    let name = tag.next();
    let mut attributes = Vec::new();
    while let (Some(name), Some(value)) = (tag.next(), tag.next()) {
        attributes.push((name, value));
    }
    attributes.sort();
    name.into_iter().chain(attributes.into_iter().flat_map(|(name, value)| [name, value])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Origin;

    fn place(html: &str, tag: &[&str]) -> Option<String> {
        let source = Arc::new(Source::new(Origin::default(), html.to_owned()));
        let tag = Some(tag.iter().map(|t| (*t).to_owned()).collect());
        let node = Element { selector: String::new(), html: String::new(), tag };
        let [start, end] = Places::of(&source).node(node).span?;
        html.get(start as usize..end as usize).map(str::to_owned)
    }

    #[test]
    fn an_element_stands_where_its_start_tag_stands_once() {
        let html = "<!doctype html><body><IMG src='a.png'  Class=x><img src=\"b.png\"><img src=b.png><p>ấ</p><a href=\"?a&amp;b\">x</a>";
        assert_eq!(place(html, &["img", "class", "x", "src", "a.png"]).as_deref(), Some("<IMG src='a.png'  Class=x>"));
        assert_eq!(place(html, &["a", "href", "?a&b"]).as_deref(), Some("<a href=\"?a&amp;b\">"));
        assert_eq!(place(html, &["img", "src", "b.png"]), None);
        assert_eq!(place(html, &["img", "src", "c.png"]), None);
        assert_eq!(place(html, &["html"]), None);
        assert_eq!(place(html, &[]), None);
        assert_eq!(place("<!-- <img src=a> --><img src=a>", &["img", "src", "a"]).as_deref(), Some("<img src=a>"));
    }

    #[test]
    fn what_a_page_makes_the_checker_say_is_cut() {
        let long = "x".repeat(10_000);
        let node = || Element { selector: long.clone(), html: long.clone(), tag: None };
        let rule = Rule {
            id: long.clone(),
            help: long.clone(),
            tags: vec![long.clone(); 500],
            impact: Some(long.clone()),
            total: 500,
            nodes: (0..500).map(|_| node()).collect(),
        };
        let kept = Places::default().rule(rule);
        assert_eq!((kept.nodes.len(), kept.total, kept.tags.len()), (50, 500, 50));
        assert_eq!((kept.nodes[0].selector.len(), kept.nodes[0].html.len()), (1_000, 300));
        assert_eq!((kept.id.len(), kept.help.len(), kept.tags[0].len()), (100, 300, 100));
    }
}
