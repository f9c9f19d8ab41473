//! What people do with it: filter, search, switch, follow links, by mouse and by keyboard, and a fleet that opens fast.

use std::time::{Duration, Instant};

use rasoat::report::{Beside, to_html};

use super::chromium::show;
use super::samples::{everything, fleet};
use crate::sample;

#[test]
fn filters_show_what_they_say() {
    let (report, beside) = everything();
    show(&to_html(&report, &beside).unwrap(), |shown| async move {
        shown.open("").await;
        assert_eq!(shown.listed().await, ["tinh-a", "so-hai", "so-yte", "so-gddt", "so-nv"], "most failures first");
        for (control, value, sites) in [
            ("by-verdict", "f", &["tinh-a", "so-hai"][..]),
            ("by-verdict", "i", &["so-hai", "so-yte", "so-gddt"]),
            ("by-verdict", "w", &["so-hai", "so-gddt"]),
            ("by-verdict", "p", &["so-nv"]),
            ("by-verdict", "known", &["tinh-a"]),
            ("by-verdict", "stated", &["so-nv"]),
            ("by-section", "1", &["so-hai", "so-nv"]),
        ] {
            shown.choose(control, value).await;
            assert_eq!(
                sorted(shown.listed().await),
                sorted(sites.iter().map(|s| (*s).to_owned()).collect()),
                "{control} {value}"
            );
            shown.value("document.getElementById('clear').click()").await;
            assert_eq!(shown.listed().await.len(), 5, "cleared");
        }
        // A rule and a verdict together: of that rule that verdict.
        shown.choose("by-rule", "1").await;
        shown.choose("by-verdict", "f").await;
        assert_eq!(shown.listed().await, ["tinh-a"]);
        let found = shown.text("#found").await;
        assert_eq!(found, "Tìm thấy 1 trên 5 trang.");
        // A count leads to what it counts.
        shown.value("document.querySelector('[data-gap=blocked]').click()").await;
        assert_eq!(shown.listed().await, ["so-yte"]);
        shown.value("document.querySelector('[data-rule=\"2\"][data-verdict=waived]').click()").await;
        assert_eq!(sorted(shown.listed().await), ["so-gddt", "so-hai"]);
        shown
    });
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

#[test]
fn search_takes_text_with_and_without_diacritics() {
    let mut report = sample::report();
    let names = ["Cổng tỉnh Đắk Lắk", "Sở Y tế", "Sở Nội vụ", "Sơn La", "Sờ"];
    for (site, name) in report.sites.iter_mut().zip(names) {
        site.name = Some(name.to_owned());
        site.unit = None;
    }
    let ids: Vec<String> = report.sites.iter().map(|s| s.id.clone()).collect();
    show(&to_html(&report, &Beside::default()).unwrap(), |shown| async move {
        shown.open("").await;
        // Typed as Vietnamese keyboards of some systems send it: letters and marks apart.
        for (typed, sites) in [
            ("dak lak", &[0][..]),
            ("ĐẮK", &[0]),
            ("y te", &[1, 2]),
            ("Sở", &[1, 2]),
            ("Sơ\u{309}", &[1, 2]),
            ("tỉnh Lắk", &[0]),
            ("so-nv", &[3]),
            ("không có", &[]),
        ] {
            shown.search(typed).await;
            let wanted = sites.iter().map(|n| ids[*n].clone()).collect();
            assert_eq!(sorted(shown.listed().await), sorted(wanted), "{typed}");
        }
        shown.key("Escape", 27).await;
        assert_eq!(shown.value("document.getElementById('search').value").await, "");
        assert_eq!(shown.listed().await.len(), 5);
        shown
    });
}

#[test]
fn the_language_is_switched_and_kept_in_the_address() {
    show(&to_html(&sample::report(), &Beside::default()).unwrap(), |shown| async move {
        shown.open("").await;
        let vi = shown.text("body").await;
        assert!(vi.contains("Kết quả chung: không đạt") && !vi.contains("Result:"), "{vi}");
        shown.value("document.getElementById('switch').click()").await;
        let en = shown.text("body").await;
        assert!(en.contains("Result: failed") && !en.contains("Kết quả"), "{en}");
        assert_eq!(shown.value("[document.documentElement.lang, location.hash].join()").await, "en,#lang=en");
        assert!(shown.value("document.title").await.as_str().unwrap().starts_with("Report on"));
        let option = shown.value("document.querySelector('#by-verdict option').textContent").await;
        assert_eq!(option, "All");
        // A link inside keeps the language, and the address of both opens again.
        shown.value("location.hash = '#site-so-yte'").await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(shown.value("location.hash").await, "#site-so-yte&lang=en");
        shown.open("#site-so-yte&lang=en").await;
        assert_eq!(
            shown.value("document.documentElement.lang + document.getElementById('site-so-yte').open").await,
            "entrue"
        );
        shown.value("document.getElementById('switch').click()").await;
        assert_eq!(shown.value("document.documentElement.lang + location.hash").await, "vi#site-so-yte");
        shown
    });
}

#[test]
fn a_link_opens_its_site_wherever_it_stands() {
    let mut report = sample::many(500);
    for (site, finding) in [(3, 15), (499, 2_495)] {
        let id = if site == 3 { "đơn vị/sở 1#2&lang=en".to_owned() } else { "100%".to_owned() };
        let old = std::mem::replace(&mut report.sites[site].id, id.clone());
        assert_eq!(report.findings[finding].site, old);
        report.findings.iter_mut().filter(|f| f.site == old).for_each(|f| f.site.clone_from(&id));
    }
    show(&to_html(&report, &Beside::default()).unwrap(), |shown| async move {
        for (hash, id) in [
            ("#site-so-0499", ""),
            ("#site-so-0498", "so-0498"),
            ("#site-100%25", "100%"),
            ("#site-%C4%91%C6%A1n%20v%E1%BB%8B%2Fs%E1%BB%9F%201%232%26lang%3Den", "đơn vị/sở 1#2&lang=en"),
        ] {
            shown.open(hash).await;
            let open = shown
                .value("[...document.querySelectorAll('#list > details[open]')].map(d => d.id.slice(5)).join()")
                .await;
            assert_eq!(open, id, "{hash}");
        }
        // A filter that hides the site gives way.
        shown.choose("by-verdict", "f").await;
        shown.value("location.hash = '#site-so-0001'").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(shown.value("document.getElementById('site-so-0001').open").await, true);
        shown
    });
}

#[test]
fn everything_can_be_done_from_the_keyboard() {
    show(&to_html(&sample::report(), &Beside::default()).unwrap(), |shown| async move {
        shown.open("").await;
        let mut reached = Vec::new();
        for _ in 0..90 {
            shown.key("Tab", 9).await;
            let at = shown
                .value("(() => { const e = document.activeElement; const o = getComputedStyle(e); return [e.id || e.className || e.tagName, e.closest('.site') ? 'site' : '', o.outlineStyle, parseFloat(o.outlineWidth)]; })()")
                .await;
            if at[0] == "BODY" {
                break;
            }
            assert!(at[2] != "none" && at[3].as_f64().unwrap() >= 2.0, "no visible focus: {at}");
            reached.push(format!("{} {}", at[0].as_str().unwrap(), at[1].as_str().unwrap()));
        }
        for wanted in
            ["skip ", "switch ", "search ", "by-verdict ", "by-rule ", "by-unit ", "by-gap ", "clear ", "SUMMARY site"]
        {
            assert!(reached.iter().any(|r| r == wanted), "{wanted} in {reached:?}");
        }
        shown
    });
}

#[test]
fn a_fleet_opens_and_answers_fast() {
    let html = to_html(&fleet(3_000), &Beside::default()).unwrap();
    show(&html, |shown| async move {
        shown.open("").await;
        // The first time holds the browser's own start as well; the better of two is the report's.
        let opened = shown.open("").await.min(shown.open("").await);
        let ready = shown.value("performance.getEntriesByType('navigation')[0].loadEventEnd").await;
        assert_eq!(shown.value("document.documentElement.dataset.ready").await, "yes");
        assert!(opened < Duration::from_secs(2), "{opened:?}");
        let begun = Instant::now();
        shown.choose("by-verdict", "i").await;
        let filtered = begun.elapsed();
        assert!(filtered < Duration::from_secs(1), "{filtered:?}");
        shown.choose("by-verdict", "").await;
        let begun = Instant::now();
        shown.search("so giao duc so 2999").await;
        let searched = begun.elapsed();
        assert_eq!(shown.listed().await, ["so-2999"]);
        assert!(searched < Duration::from_secs(2), "{searched:?}");
        shown.search("").await;
        assert_eq!(shown.listed().await.len(), 100);
        shown.value("document.getElementById('more').click()").await;
        assert_eq!(shown.listed().await.len(), 200);
        println!(
            "{} bytes, opened in {opened:?} (load ended at {ready} ms), filtered in {filtered:?}, searched in {searched:?}",
            html_len()
        );
        shown
    });
}

fn html_len() -> usize {
    to_html(&fleet(3_000), &Beside::default()).unwrap().len()
}
