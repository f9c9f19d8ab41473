//! Where a script stands is told the same in capitals as in small letters, and at once in a long page.

use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_assert_eq, prop_oneof, proptest};

use crate::acquire::js::head::Head;

fn piece() -> impl Strategy<Value = String> {
    let tags = prop::sample::select(vec![
        "<!doctype html>",
        "<html lang=vi>",
        "<head>",
        "<meta charset=utf-8>",
        "<title>Sở Y tế</title>",
        "<title>a<body></TITLE>",
        "<script>'<body>'</script>",
        "<script src=/a.js>",
        "</script>",
        "<style>a>b{}</style>",
        "<style>",
        "</sTyle >",
        "<noscript><img></noscript>",
        "<template><p></template>",
        "<!-- <body> -->",
        "<!--",
        "--\u{17f}cript>",
        "</\u{17f}cript>",
        "</",
        "<",
        ">",
        "-->",
        "</head>",
        "<body>",
        "<p>",
        "<link rel=x>",
        "\u{212a}",
    ]);
    (tags, prop_oneof![3 => Just(0), 1 => Just(1), 1 => Just(2)]).prop_map(|(tag, how)| match how {
        0 => tag.to_owned(),
        1 => tag.to_ascii_uppercase(),
        _ => tag.chars().enumerate().map(|(k, c)| if k % 2 == 0 { c.to_ascii_uppercase() } else { c }).collect(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn capitals_change_nothing(pieces in prop::collection::vec(piece(), 0..14)) {
        let page = pieces.concat();
        let (whole, small) = (Head::of(&page), Head::of(&page.to_ascii_lowercase()));
        for at in (0..=page.len()).filter(|at| page.is_char_boundary(*at)) {
            let at = u32::try_from(at).unwrap();
            prop_assert_eq!(whole.holds(at), small.holds(at), "{} at {}", page, at);
        }
    }
}

#[test]
fn what_stands_before_a_script_places_it() {
    let at = |page: &str| u32::try_from(page.len()).unwrap();
    for page in [
        "<head>",
        "<!DOCTYPE html><HTML><Head><TITLE>x<p></tItLe>",
        "<head><SCRIPT>'<body>'</ScRiPt>",
        "<head><!-- <p> -->",
    ] {
        assert!(Head::of(page).holds(at(page)), "{page}");
    }
    for page in [
        "",
        "<html>",
        "<head></head>",
        "<head><body>",
        "<head><TITLE>x</titl>",
        "<head><script>'</scrip>",
        "<head><!-- -- >",
    ] {
        assert!(!Head::of(page).holds(at(page)), "{page}");
    }
}
