//! What the file holds after each kind of change, what is said, and how the run ends.

use super::{SNIPPET, lock, on, page, repository, run, value, write};

#[test]
fn the_file_is_plain_sorted_and_of_vietnams_day() {
    let folder = repository();
    // 20:00 on the last day of the year in UTC is the next morning in Vietnam.
    let ended = on(&folder, "lock --browser never", "1767211200");
    assert_eq!(
        (ended.exit, ended.out.as_str()),
        (Some(0), "+ so-x: 33\n+ tinh-a: 205\nrasoat.lock: 0 sites unchanged\n")
    );
    let text = lock(&folder);
    let [first, second] = ["so-x", "tinh-a"].map(|site| value(&folder, site, "snippet_sha256").unwrap());
    let body = text.split_once("apiVersion").unwrap().1;
    assert_eq!(
        body,
        format!(
            ": rasoat/v1\nsites:\n  so-x:\n    emc_site_id: \"33\"\n    snippet_sha256: \"{first}\"\n    accepted_on: 2026-01-01\n  \
             tinh-a:\n    emc_site_id: \"205\"\n    snippet_sha256: \"{second}\"\n    accepted_on: 2026-01-01\n"
        )
    );
    assert_ne!(first, second);
}

#[test]
fn the_same_again_changes_no_byte_on_any_day_and_from_any_report() {
    let folder = repository();
    let check = run(&folder, "check -q --browser never --report json=report.json");
    assert_eq!(check.exit, Some(1), "the sites have no links: {}", check.err);
    run(&folder, "lock report.json");
    let first = lock(&folder);
    for (args, clock) in
        [("lock report.json", "1767225600"), ("lock report.json", "1790000000"), ("lock", "1790000000")]
    {
        let ended = on(&folder, args, clock);
        assert_eq!((ended.exit, ended.out.as_str()), (Some(0), "rasoat.lock: 2 sites unchanged\n"), "{}", ended.err);
        assert_eq!(lock(&folder), first);
    }
}

#[test]
fn a_changed_id_is_red_until_it_is_accepted() {
    let folder = repository();
    run(&folder, "lock");
    page(&folder, "x", &SNIPPET.replace("205", "44"));
    let check = "check --only emc-site-id-drift --fail-on warning --browser never";
    let red = run(&folder, check);
    assert_eq!(red.exit, Some(1), "{}", red.out);
    assert!(red.out.contains("The site id is 44, not the recorded 33."), "{}", red.out);
    assert!(red.out.contains("must be told of a changed id; then accept it with `rasoat lock`"), "{}", red.out);
    let ended = on(&folder, "lock", "1790000000");
    assert_eq!(ended.exit, Some(0));
    assert!(ended.out.starts_with("~ so-x: 33 → 44, snippet "), "{}", ended.out);
    assert!(ended.out.contains("An id has changed: the operator of the monitoring system must be told."));
    let day = |site| value(&folder, site, "accepted_on").unwrap();
    assert_eq!((day("so-x"), day("tinh-a")), ("2026-09-21".to_owned(), "2026-01-01".to_owned()));
    assert_eq!(run(&folder, check).exit, Some(0));
}

#[test]
fn a_changed_snippet_and_label_are_notes_and_fail_nothing() {
    let folder = repository();
    run(&folder, "lock");
    let text = lock(&folder).replacen("    accepted_on", "    label: visible\n    accepted_on", 1);
    write(&folder, "rasoat.lock", &text);
    let hidden = "<style>#btnEMC, .btn-emc, [class*=emc], [id*=emc], [id*=EMC] {display: none !important}</style>";
    page(&folder, "x", &SNIPPET.replace("205", "33").replace("  _govaq.push(['enableLinkTracking']);\n", ""));
    let check = "check --only emc-site-id-drift --fail-on note --browser never -v";
    let ended = run(&folder, check);
    assert_eq!(ended.exit, Some(0), "{}", ended.out);
    assert!(ended.out.contains("[snippet-changed]"), "{}", ended.out);
    assert!(!ended.out.contains("[label-changed]"), "what was not seen has not changed: {}", ended.out);
    page(&folder, "x", &format!("{}{hidden}", SNIPPET.replace("205", "33")));
    let ended = run(&folder, check);
    let state = run(&folder, "check -q --browser never --report json");
    let report: serde_json::Value = serde_json::from_str(&state.out).unwrap();
    let label = report["sites"][1]["state"]["label"].clone();
    assert_eq!(ended.out.contains("[label-changed]"), label.is_string(), "{label}: {}", ended.out);
    assert_eq!((ended.exit, label.as_str()), (Some(0), Some("label-hidden")), "{}", ended.out);
}

#[test]
fn a_site_that_does_not_work_keeps_its_entry_and_is_told() {
    let folder = repository();
    run(&folder, "lock");
    let before = lock(&folder);
    page(&folder, "x", "");
    let ended = run(&folder, "lock");
    assert_eq!(ended.exit, Some(3));
    assert_eq!(
        ended.out,
        "? so-x: the snippet was not shown to work; its entry stays as it is\nrasoat.lock: 1 sites unchanged\n"
    );
    assert_eq!(lock(&folder), before);
    write(&folder, "x/index.html", "");
    let ended = run(&folder, "lock");
    assert!(ended.exit == Some(3) && !ended.out.contains("not shown to work"), "{}", ended.out);
    assert_eq!(lock(&folder), before);
}

#[test]
fn nothing_seen_writes_nothing() {
    let folder = repository();
    page(&folder, "a", "");
    page(&folder, "x", "");
    let ended = run(&folder, "lock");
    assert_eq!(ended.exit, Some(4));
    assert!(ended.out.contains("? tinh-a: the snippet was not shown to work; nothing is recorded"), "{}", ended.out);
    assert!(!folder.path().join("rasoat.lock").exists());
}

#[test]
fn a_site_leaves_the_lock_when_it_leaves_the_sites_file_and_that_is_said() {
    let folder = repository();
    run(&folder, "lock");
    let sites = std::fs::read_to_string(folder.path().join("sites.yml")).unwrap();
    write(&folder, "sites.yml", sites.lines().filter(|l| !l.contains("so-x")).collect::<Vec<_>>().join("\n").as_str());
    let narrowed = run(&folder, "lock --site tinh-a");
    assert_eq!((narrowed.exit, narrowed.out.as_str()), (Some(0), "rasoat.lock: 1 sites unchanged\n"));
    assert!(value(&folder, "so-x", "emc_site_id").is_some());
    let ended = run(&folder, "lock");
    assert_eq!(
        (ended.exit, ended.out.as_str()),
        (Some(0), "- so-x: no longer in the sites file\nrasoat.lock: 1 sites unchanged\n")
    );
    assert_eq!(value(&folder, "so-x", "emc_site_id"), None);
}

#[test]
fn a_retired_site_keeps_its_entry_quietly() {
    let folder = repository();
    run(&folder, "lock");
    let before = lock(&folder);
    let sites = std::fs::read_to_string(folder.path().join("sites.yml")).unwrap();
    write(&folder, "sites.yml", &sites.replace("source: x", "source: x, retired_on: 2025-07-01"));
    let ended = run(&folder, "lock");
    assert_eq!((ended.exit, ended.out.as_str()), (Some(0), "rasoat.lock: 1 sites unchanged\n"));
    assert_eq!(lock(&folder), before);
}

#[test]
fn only_the_named_site_is_accepted() {
    let folder = repository();
    let ended = run(&folder, "lock --site so-x");
    assert_eq!((ended.exit, ended.out.as_str()), (Some(0), "+ so-x: 33\nrasoat.lock: 0 sites unchanged\n"));
    run(&folder, "check -q --report json=report.json");
    assert_eq!(run(&folder, "lock report.json --site tinh-a -q").out, "");
    assert!(value(&folder, "tinh-a", "emc_site_id").is_some());
    let ended = run(&folder, "lock report.json --site tinh-b");
    assert!(ended.exit == Some(2) && ended.err.contains("tinh-a"), "{}", ended.err);
}

#[test]
fn the_lock_lies_beside_the_sites_file() {
    let folder = repository();
    for name in ["sites.yml", "a/index.html", "x/index.html"] {
        let to = folder.path().join("conf").join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(folder.path().join(name), to).unwrap();
    }
    write(&folder, "rasoat.yml", "apiVersion: rasoat/v1\nsites: conf/sites.yml\nlang: vi\n");
    let ended = run(&folder, "lock");
    assert_eq!(
        (ended.exit, ended.out.as_str()),
        (Some(0), "+ so-x: 33\n+ tinh-a: 205\nconf/rasoat.lock: 0 trang không đổi\n")
    );
    assert!(folder.path().join("conf/rasoat.lock").exists());
}

#[test]
fn what_cannot_be_read_or_written_is_told_before_the_work() {
    let folder = repository();
    write(&folder, "rasoat.lock", "apiVersion: rasoat/v1\nsites:\n  tinh-a:\n    emc_id: 205\n");
    let ended = run(&folder, "lock");
    assert!(ended.exit == Some(2) && ended.err.contains("rasoat.lock:4:5"), "{}", ended.err);
    std::fs::remove_file(folder.path().join("rasoat.lock")).unwrap();
    let ended = run(&folder, "lock missing.json");
    assert!(ended.exit == Some(2) && ended.err.contains("missing.json"), "{}", ended.err);
    write(&folder, "rasoat.lock/x", "");
    let ended = run(&folder, "lock");
    assert!([Some(2), Some(5)].contains(&ended.exit), "{:?} {}", ended.exit, ended.err);
}

#[test]
fn a_site_that_was_given_another_id_does_not_leave_its_record_unseen() {
    let folder = repository();
    run(&folder, "lock");
    let check = "check --only emc-site-id-drift --browser never --lang en";
    assert!(!run(&folder, check).out.contains("lock-unmatched"));
    let sites = std::fs::read_to_string(folder.path().join("sites.yml")).unwrap();
    write(&folder, "sites.yml", &sites.replace("so-x", "so-y"));
    page(&folder, "x", &SNIPPET.replace("205", "44"));
    let told = run(&folder, check).out;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("does not declare (1): so-x. A site that was given another id"), "{told}");
    // A target that somebody names has no sites file to compare with.
    assert!(!run(&folder, "check x --browser never --lang en").out.contains("lock-unmatched"));
}
