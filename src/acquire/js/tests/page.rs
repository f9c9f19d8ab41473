//! Pages for tests: script elements found by a plain scan, and short ways to say what was read.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use crate::acquire::html::{Document, inline_handlers, scripts};
use crate::acquire::js::{Known, PageCode, ScriptRun, read};
use crate::acquire::{Fetched, Needs};
use crate::policy::{Calls, LabelMarkup, Tracker};
use crate::snapshot::{Arg, Certainty, Idle, Inert, Origin, QueueFacts, Script, ScriptFile, ScriptKind, Source, Span};

/// The tracker of the tests.
pub(super) fn needs() -> Needs {
    let tracker = Tracker {
        queue: "_govaq".into(),
        calls: Calls {
            page_view: "trackPageView".into(),
            site_id: "setSiteId".into(),
            collector: "setTrackerUrl".into(),
        },
        library: "https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js".into(),
        collector: "https://f-emc.ngsp.gov.vn/tracking".into(),
        site_id: "^[0-9]+$".into(),
        label: Some(LabelMarkup {
            selectors: vec!["div.yhy-append-wrap".into(), "#yhy-append".into(), "a#btnEMC".into()],
            texts: vec!["Đã kết nối EMC".into()],
            stand_in: None,
        }),
        snippet: None,
    };
    Needs { trackers: BTreeMap::from([("emc".to_owned(), tracker)]), ..Needs::default() }
}

/// A page under test.
pub(super) struct Page {
    html: String,
    address: String,
    assumed: bool,
    files: Vec<(String, ScriptFile)>,
}

impl Page {
    /// A page of this markup.
    pub(super) fn of(html: &str) -> Self {
        Self { html: html.to_owned(), address: "https://tinh-a.gov.vn/".into(), assumed: false, files: Vec::new() }
    }

    /// A page with one inline script.
    pub(super) fn script(text: &str) -> Self {
        Self::of(&format!(
            "<!doctype html><html><head><title>t</title></head><body><script>{text}</script></body></html>"
        ))
    }

    pub(super) fn at(mut self, address: &str) -> Self {
        address.clone_into(&mut self.address);
        self
    }

    pub(super) fn assumed(mut self) -> Self {
        self.assumed = true;
        self
    }

    pub(super) fn file(mut self, src: &str, text: &str) -> Self {
        let source = Source::new(Origin::default(), text.to_owned());
        self.files.push((src.to_owned(), ScriptFile::Read(Arc::new(source))));
        self
    }

    fn scripts(&self) -> Vec<Script> {
        let html = &self.html;
        let base = Url::parse(&self.address).unwrap();
        let source = Arc::new(Source::new(Origin::default(), html.clone()));
        let in_tree = scripts(&Document::parse(source), &base, &needs(), &|_| Fetched::OtherHost);
        let mut all = Vec::new();
        let mut from = 0;
        while let Some(i) = html[from..].find("<script") {
            let start = from + i;
            let tag_end = start + html[start..].find('>').unwrap() + 1;
            let end = tag_end + html[tag_end..].find("</script").unwrap();
            from = end + 1;
            let tag = &html[start..tag_end];
            let value = |name: &str| {
                let rest = tag.split_once(&format!(" {name}=\""))?.1;
                Some(rest[..rest.find('"').unwrap()].to_owned())
            };
            let has = |name: &str| tag.contains(&format!(" {name}"));
            let src = value("src");
            let kind = match value("type").as_deref() {
                _ if has("nomodule") => ScriptKind::NoModule,
                None | Some("text/javascript") => ScriptKind::Classic,
                Some("module") => ScriptKind::Module,
                Some(t @ ("litespeed/javascript" | "text/partytown")) => ScriptKind::Deferred(t.to_owned()),
                Some(t) => ScriptKind::Data(t.to_owned()),
            };
            let inert = has("data-template").then_some(Inert::Template);
            let file = match &src {
                None => ScriptFile::Inline,
                Some(src) => {
                    let given = self.files.iter().find(|(s, _)| s == src).map(|(_, f)| f.clone());
                    given.unwrap_or(ScriptFile::OtherHost)
                }
            };
            all.push(Script {
                is_async: has("async"),
                is_defer: has("defer"),
                kind,
                inert,
                tag: Span::new(start, tag_end),
                text: Span::new(tag_end, end),
                url: src.as_ref().and_then(|s| base.join(s).ok()),
                src,
                on_demand: false,
                nonce: None,
                integrity: value("integrity"),
                has_body: in_tree.iter().find(|s| s.tag.start as usize == start).is_none_or(|s| s.has_body),
                file,
            });
        }
        all
    }

    /// Everything that was read.
    pub(super) fn run(&self) -> ScriptRun {
        self.with_code(|source, code, address| read(source, code, address, self.assumed, &needs()))
    }

    /// The same with what is known from other pages.
    pub(super) fn run_knowing(&self, known: &Known) -> ScriptRun {
        self.with_code(|source, code, address| known.read(source, code, address, self.assumed, &needs()))
    }

    fn with_code(&self, reading: impl FnOnce(&Arc<Source>, PageCode<'_>, &Url) -> ScriptRun) -> ScriptRun {
        let source = Arc::new(Source::new(Origin::default(), self.html.clone()));
        let handlers = inline_handlers(&Document::parse(source.clone()));
        let (all, address) = (self.scripts(), Url::parse(&self.address).unwrap());
        reading(&source, PageCode { scripts: &all, base: &address, handlers: &handlers }, &address)
    }

    /// What was read about the tracker.
    pub(super) fn facts(&self) -> QueueFacts {
        self.run().queues.remove("emc").unwrap()
    }
}

/// An argument, short.
pub(super) fn arg(arg: &Arg) -> String {
    match arg {
        Arg::Known(text) => text.clone(),
        Arg::Other(text) => format!("<{text}>"),
        Arg::Unknown => "?".to_owned(),
    }
}

fn sure(certainty: Certainty) -> String {
    match certainty {
        Certainty::Sure => String::new(),
        Certainty::Maybe(doubt) => format!(" ~{doubt:?}"),
    }
}

/// The commands, one text each: `name arg arg ~Doubt`.
pub(super) fn names(facts: &QueueFacts) -> Vec<String> {
    facts
        .commands
        .iter()
        .map(|c| {
            let words: Vec<String> = std::iter::once(&c.name).chain(&c.args).map(arg).collect();
            words.join(" ") + &sure(c.certainty)
        })
        .collect()
}

/// The loads, one text each: `address`, with `!` when not inserted, `~Doubt`.
pub(super) fn loads(facts: &QueueFacts) -> Vec<String> {
    let idle = |inserted: bool| if inserted { "" } else { " !" };
    facts.loads.iter().map(|l| format!("{}{}{}", arg(&l.address), idle(l.inserted), sure(l.certainty))).collect()
}

/// The reasons of all mentions, sorted, without repeats.
pub(super) fn reasons(facts: &QueueFacts) -> Vec<Idle> {
    let mut all: Vec<Idle> = facts.mentions.iter().map(|m| m.idle).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether a snippet with this id is configured for certain.
pub(super) fn configured(facts: &QueueFacts, id: &str) -> Result<(), String> {
    let mut commands = names(facts);
    commands.sort();
    let wanted = [
        "enableLinkTracking".to_owned(),
        format!("setSiteId {id}"),
        "setTrackerUrl https://f-emc.ngsp.gov.vn/tracking".to_owned(),
        "trackPageView".to_owned(),
    ];
    let loads = loads(facts);
    let library = "https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js";
    if commands != wanted || loads != [library] || facts.doubt.is_some() {
        return Err(format!("{commands:#?}\n{loads:#?}\n{:?}\n{:?}", facts.doubt, reasons(facts)));
    }
    Ok(())
}
