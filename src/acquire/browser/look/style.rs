//! Which declaration gives an element a property, and where it is written, as the browser's own style inspector
//! tells it. Turns an element and properties into a declaration with its place; never decides whether it hides.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;

use crate::acquire::browser::pipe::{Broken, Event, Session};
use crate::acquire::browser::tab::Tab;
use crate::snapshot::ScriptPlace;

/// Characters of a declaration that are kept.
const TEXT: usize = 200;

/// The declaration that wins.
pub(super) struct Declared {
    /// As it is written: property, value, importance.
    pub(super) text: String,
    /// Where, when it stands in a file or the page.
    pub(super) place: Option<ScriptPlace>,
    /// The rule's selector; `None` for the element's own style.
    pub(super) selector: Option<String>,
}

/// A line to the page's style sheets.
pub(super) struct Sheets {
    line: Session,
    headers: BTreeMap<String, Value>,
    /// Address of the document.
    document: String,
}

impl Sheets {
    pub(super) async fn open(tab: &Tab) -> Result<Self, Broken> {
        let (line, mut events) = tab.second_line().await?;
        let mut sheets = Self { line, headers: BTreeMap::new(), document: String::new() };
        match sheets.read(&mut events).await {
            Ok(()) => Ok(sheets),
            Err(broken) => {
                sheets.close(tab).await;
                Err(broken)
            }
        }
    }

    async fn read(&mut self, events: &mut Receiver<Event>) -> Result<(), Broken> {
        self.line.call("DOM.enable", json!({})).await?;
        let document = self.line.call("DOM.getDocument", json!({ "depth": 0 })).await?;
        document["root"]["documentURL"].as_str().unwrap_or_default().clone_into(&mut self.document);
        self.line.call("CSS.enable", json!({})).await?;
        // All sheets are told before that is answered.
        while let Ok(event) = events.try_recv() {
            if event.method == "CSS.styleSheetAdded" {
                let header = event.params["header"].clone();
                self.headers.insert(header["styleSheetId"].as_str().unwrap_or_default().to_owned(), header);
            }
        }
        Ok(())
    }

    pub(super) async fn close(self, tab: &Tab) {
        tab.hang_up(self.line).await;
    }

    /// The winning declaration of the first of some properties that an element is given by a person's hand.
    pub(super) async fn declared(
        &self,
        world: u64,
        node: u32,
        properties: &[String],
    ) -> Result<Option<Declared>, Broken> {
        let params = json!({ "expression": format!("rasoat.pointed({node})"), "contextId": world });
        let element = self.line.call("Runtime.evaluate", params).await?;
        let object = element["result"]["objectId"].as_str().unwrap_or_default();
        let requested = self.line.call("DOM.requestNode", json!({ "objectId": object })).await?;
        let params = json!({ "nodeId": requested["nodeId"] });
        let styles = self.line.call("CSS.getMatchedStylesForNode", params).await?;
        Ok(properties.iter().find_map(|property| self.winner(&styles, property)))
    }

    fn winner(&self, styles: &Value, property: &str) -> Option<Declared> {
        // Later ones win; important ones over all others; the element's own style over rules of the same weight.
        let rules = styles["matchedCSSRules"].as_array().map_or(&[][..], Vec::as_slice);
        let mut candidates: Vec<(&Value, &Value, Option<&Value>)> = Vec::new();
        for matched in rules {
            let rule = &matched["rule"];
            if rule["origin"] != "user-agent" {
                let style = &rule["style"];
                candidates.extend(entries(style, property).map(|entry| (entry, style, Some(rule))));
            }
        }
        for own in ["attributesStyle", "inlineStyle"] {
            let style = &styles[own];
            candidates.extend(entries(style, property).map(|entry| (entry, style, None)));
        }
        let important = candidates.iter().rev().find(|(entry, _, _)| entry["important"] == true);
        let (entry, style, rule) = important.or(candidates.last())?;
        let written = entry["value"].as_str().unwrap_or_default();
        let value = written.split('!').next().unwrap_or_default().trim();
        let tail = if entry["important"] == true { " !important" } else { "" };
        let text = format!("{}: {value}{tail}", entry["name"].as_str().unwrap_or_default());
        Some(Declared {
            text: text.chars().take(TEXT).collect(),
            place: rule.and_then(|_| self.place(style, entry)),
            selector: rule.map(|r| r["selectorList"]["text"].as_str().unwrap_or_default().to_owned()),
        })
    }

    fn place(&self, style: &Value, entry: &Value) -> Option<ScriptPlace> {
        let header = self.headers.get(style["styleSheetId"].as_str()?)?;
        let range = entry.get("range").or_else(|| style.get("range"))?;
        let number = |value: &Value| value.as_f64().map(|n| n as u32);
        let (mut line, mut column) = (number(&range["startLine"])?, number(&range["startColumn"])?);
        let url = header["sourceURL"].as_str().filter(|url| !url.is_empty())?;
        if header["isInline"] == true {
            if line == 0 {
                column += number(&header["startColumn"]).unwrap_or(0);
            }
            line += number(&header["startLine"]).unwrap_or(0);
        } else if url == self.document {
            // A script wrote the sheet: it stands nowhere in the page's bytes.
            return None;
        }
        Some(ScriptPlace { url: url.to_owned(), line: line + 1, column: column + 1 })
    }
}

/// Valid entries of a style that give a property. Longhands that a shorthand implies are listed without a place.
fn entries<'a>(style: &'a Value, property: &'a str) -> impl Iterator<Item = &'a Value> {
    let all = style["cssProperties"].as_array().map_or(&[][..], Vec::as_slice);
    all.iter().filter(move |entry| {
        let valid = entry["disabled"] != true && entry["parsedOk"] != false && entry.get("range").is_some();
        valid && entry["name"] == property
    })
}
