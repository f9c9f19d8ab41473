//! Where the list of component sites seems to be, and how many missing ones are named.

use std::fmt::Write;

use rasoat::finding::Evidence;

use super::town::Town;

fn town(body: &str, components: usize) -> Town {
    let mut entries = vec!["id: tinh-a, role: portal, url: 'https://tinh-a.gov.vn/'".to_owned()];
    for n in 0..components {
        entries.push(format!("id: so-{n}, role: component, parent: tinh-a, url: 'https://so-{n}.tinh-a.gov.vn/'"));
    }
    Town::of(&entries.iter().map(String::as_str).collect::<Vec<_>>()).page("tinh-a", body)
}

fn line(body: &str) -> (Option<u32>, bool) {
    let found = town(body, 8).finding("tinh-a", "component-links");
    assert_eq!(found.code.as_deref(), Some("missing-link"));
    let line = found.places[0].line;
    let said = line.is_some_and(|n| {
        found.message.en.contains(&format!("seems to begin at line {n}."))
            && found.message.vi.contains(&format!("có vẻ bắt đầu ở dòng {n}."))
    });
    (line, said)
}

#[test]
fn the_list_is_where_its_links_are() {
    const MENU: &str =
        "<nav><a href=https://mail.tinh-a.gov.vn>Thư</a><a href=https://dvc.tinh-a.gov.vn>DVC</a></nav>\n";
    const NEWS: &str = "<main><a href=/1>a</a><a href=/2>b</a><a href=/3>c</a>\n</main>\n";
    const LIST: &str = "<ul>\n<li><a href=https://so-0.tinh-a.gov.vn>a</a></li>\n<li><a href=https://so-1.tinh-a.gov.vn>b</a></li>\n<li><a href=https://so-2.tinh-a.gov.vn>c</a></li></ul>\n";
    const FOOT: &str = "<footer><a href=/lien-he>Liên hệ</a></footer>";
    // MENU stands on line 5, NEWS on 6 and 7, the list's frame on 8.
    assert_eq!(line(&format!("{MENU}{NEWS}{LIST}{FOOT}")), (Some(9), true));
    assert_eq!(line(&format!("{MENU}{NEWS}<h3>Trang thành phần</h3>{LIST}{FOOT}")), (Some(8), true));
    assert_eq!(line(&format!("{MENU}{NEWS}<aside>\n<!-- x -->{LIST}</aside>{FOOT}")), (Some(8), true));
    // Only a menu of services: its own frame.
    assert_eq!(line(&format!("{NEWS}{MENU}{FOOT}")), (Some(7), true));
    // A select whose options are under the portal's domain.
    let select = "<select onchange='location=this.value'>\n<option value=https://xa-a.tinh-a.gov.vn>a</option>\n<option value=https://xa-b.tinh-a.gov.vn>b</option>\n<option value=https://xa-c.tinh-a.gov.vn>c</option></select>";
    assert_eq!(line(&format!("{MENU}{NEWS}{select}{FOOT}")), (Some(8), true));
    // No list at all: the last link, and no guess.
    assert_eq!(line(&format!("{NEWS}<p>\n{FOOT}")), (Some(8), false));
    assert_eq!(line(&format!("{NEWS}<a href=https://so-0.tinh-a.gov.vn>one</a>\n{FOOT}")), (Some(8), false));
    assert_eq!(line("<p>no link</p>"), (None, false));
}

#[test]
fn five_missing_ones_are_named_and_all_are_evidence() {
    let body = (0..3).fold(String::new(), |mut body, n| {
        let _ = write!(body, "<a href=https://so-{n}.tinh-a.gov.vn>a</a>");
        body
    });
    let found = town(&body, 12).finding("tinh-a", "component-links");
    assert!(
        found.message.en.contains("https://so-3.tinh-a.gov.vn/")
            && found.message.en.contains("https://so-7.tinh-a.gov.vn/ (+4)")
    );
    assert!(!found.message.en.contains("so-8"));
    let missing = found.evidence.iter().filter(|e| matches!(e, Evidence::MissingLink { .. })).count();
    assert_eq!((missing, found.actual.as_deref()), (9, Some("3/12")));
}
