//! What is kept of a page has an end, however much of it there is.

use std::cell::Cell;

use url::Url;

use super::mentions::tracker;
use super::page;
use crate::acquire::js::with_modules;
use crate::acquire::{Fetched, Needs, html};
use crate::snapshot::{Gap, Origin, ScriptFile, Source};

#[test]
fn matches_of_a_selector_and_their_text() {
    let doc = page(&format!("{}<p>{}</p>", "<b>x</b>".repeat(5_000), "ế ".repeat(5_000)));
    let found = html::elements(&doc, &["b".to_owned(), "p".to_owned()]);
    assert_eq!(found["b"].len(), 1_000);
    let length = found["p"][0].text.chars().count();
    assert!((399..=401).contains(&length), "{length}");
}

#[test]
fn occurrences_outside_scripts() {
    assert_eq!(html::mentions(&page(&"<p>_q1</p>".repeat(5_000)), &tracker()).len(), 1_000);
    assert_eq!(html::mentions(&page(&"<!-- _q1 -->".repeat(5_000)), &tracker()).len(), 1_000);
}

#[test]
fn texts_of_a_page() {
    let doc = page(&format!("<!doctype html><title>{}</title><p>{}", "ế".repeat(100_000), "ộ ".repeat(100_000)));
    let title = html::title(&doc).unwrap();
    assert!((500..=501).contains(&title.chars().count()), "{}", title.chars().count());
    let text = html::visible_text(&doc);
    assert!((3_999..=4_001).contains(&text.chars().count()), "{}", text.chars().count());
}

#[test]
fn modules_that_are_asked_for() {
    let base = Url::parse("https://a.test/").unwrap();
    let named: String = (0..200).map(|k| format!("import './m{k}.js';")).collect();
    let asked = Cell::new(0);
    let files = |url: &Url| {
        asked.set(asked.get() + 1);
        // Each asks for one that nobody has asked for.
        let text = format!("import '{}x.js'", url.path().trim_end_matches(".js"));
        Fetched::Read(std::sync::Arc::new(Source::new(Origin::default(), text)))
    };
    for text in
        [format!("<script type=module>{named}</script>"), "<script type=module>import './a.js'</script>".to_owned()]
    {
        asked.set(0);
        let doc = page(&text);
        let scripts = html::scripts(&doc, &base, &Needs::default(), &files);
        let all = with_modules(&doc.source, scripts, &base, &files);
        assert!((16..=50).contains(&asked.get()), "{} were asked for", asked.get());
        // What was not asked for is unread, not absent.
        assert!(all.iter().any(|s| matches!(s.file, ScriptFile::Missing(Gap::TooLarge))), "{text:.60}");
    }
}
