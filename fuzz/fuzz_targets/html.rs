//! Any bytes as a page: every fact has a place within the text, and nothing breaks.

#![no_main]

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use rasoat::acquire::html::{self, Document};
use rasoat::acquire::{Fetched, Needs, css};
use rasoat::policy;
use rasoat::snapshot::{Origin, Source, Span};
use url::Url;

static NEEDS: LazyLock<Needs> = LazyLock::new(|| {
    let name = policy::builtin_names().next().expect("a built-in policy");
    let policy = policy::load(name, &BTreeMap::new()).expect("it loads").policy;
    let selectors = vec!["a[href]".to_owned(), "footer p".to_owned(), "html:has(img[alt])".to_owned()];
    Needs { trackers: policy.trackers, deferred_types: policy.deferred_types, selectors, ..Needs::default() }
});
static ADDRESS: LazyLock<Url> = LazyLock::new(|| Url::parse("https://a.gov.vn/tin/").expect("an address"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(decoded) = html::decode(bytes, None) else { return };
    let source = Arc::new(Source::new(Origin { path: Some("index.html".to_owned()), url: None }, decoded.text));
    let doc = Document::parse(source.clone());
    let within = |span: Span| {
        assert!(source.text.get(span.start as usize..span.end as usize).is_some(), "a place outside the text");
        let _ = source.position(span.start);
    };
    let tag = |span: Span| {
        within(span);
        assert!(source.slice(span).starts_with('<'), "a start tag begins elsewhere");
    };
    let base = html::base(&doc, &ADDRESS);
    let scripts = html::scripts(&doc, &base, &NEEDS, &|_| Fetched::OtherHost);
    for script in &scripts {
        tag(script.tag);
        within(script.text);
    }
    let styles = css::Styles::new(&doc, &base, &|_| Fetched::OtherHost, &css::Scripts::of(&source, &scripts));
    for link in html::links(&doc, &base, &|element| styles.seen(&doc, element)) {
        tag(link.span);
    }
    for found in html::elements(&doc, &NEEDS.selectors).into_values().flatten() {
        found.span.map(tag);
    }
    for tracker in NEEDS.trackers.values() {
        html::mentions(&doc, tracker).into_iter().for_each(|mention| within(mention.spot.span));
    }
    html::refresh(&doc).into_iter().for_each(|refresh| within(refresh.span));
    html::csp_metas(&doc).into_iter().filter_map(|csp| csp.spot).for_each(|spot| within(spot.span));
    let title = html::title(&doc).unwrap_or_default();
    let _ = html::error_page(&title, &html::visible_text(&doc), &source.text, 0);
    let _ = html::is_fragment(&doc);
});
