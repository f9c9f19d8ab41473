//! Any text as a script of a page: reading ends, every fact has a place within the text, and nothing breaks.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use rasoat::acquire::js::{self, PageCode};
use rasoat::snapshot::{Origin, Script, ScriptFile, ScriptKind, Source, Span, Spot};
use rasoat_fuzz::facts::NEEDS;
use url::Url;

static ADDRESS: LazyLock<Url> = LazyLock::new(|| Url::parse("https://a.gov.vn/").expect("an address"));

fuzz_target!(|text: &str| {
    // The first character tells how the script runs, so that modules and two scripts in a row are tried too.
    let (kind, text) = match text.strip_prefix('m') {
        Some(rest) => (ScriptKind::Module, rest),
        None => (ScriptKind::Classic, text),
    };
    let source = Arc::new(Source::new(Origin { path: Some("index.html".to_owned()), url: None }, text.to_owned()));
    let (first, second) = text.split_once("\n//---\n").unwrap_or((text, ""));
    let script = |start: usize, length: usize| Script {
        kind: kind.clone(),
        inert: None,
        tag: Span::new(start, start),
        text: Span::new(start, start + length),
        src: None,
        url: None,
        is_async: false,
        is_defer: false,
        nonce: None,
        has_body: true,
        integrity: None,
        file: ScriptFile::Inline,
        on_demand: false,
    };
    let scripts = [script(0, first.len()), script(text.len() - second.len(), second.len())];
    let run = js::read(&source, PageCode { scripts: &scripts, base: &ADDRESS, handlers: &[] }, &ADDRESS, false, &NEEDS);
    let within = |spot: &Spot| {
        let range = spot.span.start as usize..spot.span.end as usize;
        assert!(spot.source.text.get(range).is_some(), "a place outside the text");
    };
    for facts in run.queues.values() {
        facts.commands.iter().for_each(|command| within(&command.spot));
        facts.loads.iter().for_each(|load| within(&load.spot));
        facts.mentions.iter().for_each(|mention| within(&mention.spot));
        facts.doubt.iter().for_each(|(_, spot)| within(spot));
    }
    run.syntax_faults.iter().for_each(|fault| within(&fault.spot));
    run.label_spots.values().flatten().for_each(within);
});
