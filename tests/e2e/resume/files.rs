//! Files that a program is killed over while it writes them: there is the old one or the new one, never a part.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{halves, killed, kills, moment, program};
use crate::e2e::server::home;

/// Folders, their sites file, and two stored reports of them that differ: `a.json` and `b.json`.
fn stored(folder: &Path, sites: usize) {
    let mut list = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for n in 0..sites {
        list += &format!("  - {{id: s-{n}, role: portal, url: 'https://s-{n}.test/', source: s-{n}}}\n");
        fs::create_dir(folder.join(format!("s-{n}"))).unwrap();
    }
    fs::write(folder.join("sites.yml"), list).unwrap();
    for (name, text) in [("a", crate::e2e::server::snippet("1")), ("b", String::new())] {
        for n in 0..sites {
            fs::write(folder.join(format!("s-{n}/index.html")), home("Trang", "", &text, 2_000)).unwrap();
        }
        let code = program(folder, &format!("check -q --browser never --report json={name}.json")).status().unwrap();
        assert!(matches!(code.code(), Some(0 | 1)), "{code}");
    }
}

/// What a command writes for one of the reports, and how long it takes.
fn written(folder: &Path, words: &str, names: &[&str]) -> (Vec<Vec<u8>>, Duration) {
    let begun = Instant::now();
    let code = program(folder, words).status().unwrap().code();
    assert!(matches!(code, Some(0 | 1)), "{words}: {code:?}");
    (names.iter().map(|name| fs::read(folder.join(name)).unwrap()).collect(), begun.elapsed())
}

/// Kills a command that writes files, with `@` for the report it writes them of, over files that are there.
#[expect(clippy::print_stdout, reason = "how many kills struck, for --nocapture")]
fn old_or_new(words: &str, names: &[&str], seed: u64) {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    stored(folder, 60);
    let [a, b] = ["a", "b"].map(|name| written(folder, &words.replace('@', name), names));
    assert!(a.0.iter().zip(&b.0).all(|(a, b)| a != b), "{words}: nothing would be seen");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut kill, mut before, mut old, mut parts) = (0, 0, 0, 0);
    let mut current = &b;
    let mut of = b.1.max(a.1);
    while kill < kills() {
        assert!(before < kills() * 3 + 10, "it ends before it is killed");
        let (name, wanted) = if random.bool() { ("a", &a) } else { ("b", &b) };
        let child = program(folder, &words.replace('@', name)).spawn().unwrap();
        // Most of its time it reads and draws; the end is when it writes.
        let was_killed = killed(child, of / 3 + moment(&mut random, of.mul_f64(0.7)));
        let found: Vec<Vec<u8>> = names.iter().map(|name| fs::read(folder.join(name)).unwrap()).collect();
        for (n, file) in found.iter().enumerate() {
            assert!(*file == a.0[n] || *file == b.0[n], "{} is half written", names[n]);
        }
        if was_killed {
            kill += 1;
            old += usize::from(found == current.0);
            parts += halves(folder).len();
        } else {
            before += 1;
        }
        // However busy the machine is now: about one in five shall end before it is killed, for the end is where it writes.
        of = of.mul_f64(if was_killed { 1.05 } else { 0.8 });
        if found == wanted.0 {
            current = wanted;
        }
    }
    println!(
        "{words}: {kill} killed, {old} left all as it was, {parts} parts seen meanwhile ({before} had ended before)"
    );
    written(folder, &words.replace('@', "a"), names);
    assert_eq!(halves(folder), [""; 0], "the next run takes parts away");
}

#[test]
fn reports() {
    let names = ["out.json", "out.html", "out.csv", "out.xml", "out.sarif"];
    let words = "report @.json -q --report json=out.json --report html=out.html --report csv=out.csv \
                 --report junit=out.xml --report sarif=out.sarif";
    old_or_new(words, &names, 11);
}

#[test]
fn the_baseline() {
    old_or_new("baseline write @.json --force --baseline known.yml", &["known.yml"], 12);
}
