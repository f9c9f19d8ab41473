//! Any bytes as a page: every fact has a place within the text, and nothing breaks.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use rasoat::acquire::html::{self, Document};
use rasoat::acquire::{Fetched, css};
use rasoat::snapshot::{Origin, Source};
use rasoat_fuzz::facts::{NEEDS, tag, within};
use url::Url;

static ADDRESS: LazyLock<Url> = LazyLock::new(|| Url::parse("https://a.gov.vn/tin/").expect("an address"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(decoded) = html::decode(bytes, None) else { return };
    let source = Arc::new(Source::new(Origin { path: Some("index.html".to_owned()), url: None }, decoded.text));
    let doc = Document::parse(source.clone());
    let base = html::base(&doc, &ADDRESS);
    let scripts = html::scripts(&doc, &base, &NEEDS, &|_| Fetched::OtherHost);
    for script in &scripts {
        tag(&source, script.tag);
        within(&source, script.text);
    }
    let styles = css::Styles::new(&doc, &base, &|_| Fetched::OtherHost, &css::Scripts::of(&source, &scripts));
    for link in html::links(&doc, &base, usize::MAX, &|element| styles.seen(&doc, element)) {
        tag(&source, link.span);
    }
    for found in html::elements(&doc, &NEEDS.selectors).into_values().flatten() {
        found.span.iter().for_each(|span| tag(&source, *span));
    }
    for tracker in NEEDS.trackers.values() {
        html::mentions(&doc, tracker).iter().for_each(|mention| within(&source, mention.spot.span));
    }
    html::refresh(&doc).iter().for_each(|refresh| within(&source, refresh.span));
    html::csp_metas(&doc).iter().filter_map(|csp| csp.spot.as_ref()).for_each(|spot| within(&source, spot.span));
    let title = html::title(&doc).unwrap_or_default();
    let _ = html::error_page(&title, &html::visible_text(&doc), &source.text, 0);
    let _ = html::is_fragment(&doc);
});
