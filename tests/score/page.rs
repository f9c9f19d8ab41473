//! The documentation's worked example: its files are written as they stand there, its commands run, and every line of
//! output it shows must be printed, in that order.

use std::path::Path;

use crate::support::{rasoat, write};

const PAGES: [(&str, &str); 2] = [
    ("docs/scores.md", include_str!("../../docs/scores.md")),
    ("docs/scores.vi.md", include_str!("../../docs/scores.vi.md")),
];

/// The blocks of a page, each with its language.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("\n```") {
        let (head, body) = after.split_once('\n').unwrap();
        let (body, left) = body.split_once("\n```").unwrap();
        found.push((head, body));
        rest = left;
    }
    found
}

/// The example's files; each names itself in its first line.
pub(crate) fn files(folder: &Path) {
    let blocks = blocks(PAGES[0].1);
    let named = blocks.iter().filter(|(kind, _)| *kind != "console").map(|(_, body)| {
        let name = body
            .lines()
            .next()
            .unwrap()
            .trim_start_matches(['#', '<', '!', '-', ' '])
            .trim_end_matches([' ', '-', '>']);
        (name.to_owned(), body.as_bytes().to_vec())
    });
    write(folder, &named.collect::<Vec<_>>());
}

#[test]
fn what_the_page_shows_is_what_happens() {
    for (name, page) in PAGES {
        let folder = tempfile::tempdir().unwrap();
        files(folder.path());
        let mut commands = 0;
        for (_, shown) in blocks(page).into_iter().filter(|(kind, _)| *kind == "console") {
            let (command, lines) = shown.split_once('\n').unwrap();
            let output =
                rasoat(folder.path()).args(command.strip_prefix("$ rasoat ").unwrap().split(' ')).output().unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            let mut rest = printed.lines();
            for line in lines.lines().filter(|line| *line != "…") {
                assert!(
                    rest.any(|l| l == line),
                    "{name}: {command} does not print (in order):\n{line}\n---\n{printed}"
                );
            }
            commands += 1;
        }
        assert_eq!(commands, 2, "{name}");
    }
}

#[test]
fn both_pages_show_the_same_files() {
    let [en, vi] =
        PAGES.map(|(_, page)| blocks(page).into_iter().filter(|(kind, _)| *kind != "console").collect::<Vec<_>>());
    assert_eq!(en, vi);
    assert_eq!(en.len(), 4);
}
