//! Elements as a browser found them; their places are those of the bytes.

use rasoat::finding::Basis;
use rasoat::policy::{Check, ElementCheck};
use rasoat::snapshot::ElementSight;

use super::row::{Row, row, run};

fn nav(name: &'static str, body: &str, found: &[&str], wanted: &'static str) -> Row {
    let check = Check::Element(ElementCheck {
        selector: "nav".to_owned(),
        min: 1,
        max: Some(2),
        text: Some("Menu".to_owned()),
    });
    let sights = found.iter().map(|text| ElementSight { element: "body > nav".to_owned(), text: (*text).to_owned() });
    let sights: Vec<ElementSight> = sights.collect();
    row(name, check, body, wanted).selector("nav").rendered(|r| drop(r.elements.insert("nav".to_owned(), sights)))
}

#[test]
fn what_the_browser_found_counts() {
    run(vec![
        nav("there", "<nav>Menu</nav>", &["Menu"], "pass").at("index.html", 4).basis(Basis::Browser),
        nav("made by a script", "<p>x</p>", &["Menu"], "pass").at("index.html", 0),
        nav("taken away", "<nav>Menu</nav>", &[], "fail element-missing").basis(Basis::Browser),
        nav("another text", "<nav>Menu</nav>", &["Khác"], "fail element-missing"),
        nav("too many", "<nav>Menu</nav>", &["Menu", "Menu 2", "Menu 3"], "fail element-too-many").at("index.html", 4),
        nav("not asked for", "<nav>Menu</nav>", &["Menu"], "open no-data –").rendered(|r| r.elements.clear()),
    ]);
}
