//! What people see: every state drawn without a complaint, readable by everybody, on a phone, on paper, without script.

use std::process::Command;

use rasoat::report::{Beside, to_html};

use super::chromium::{Shown, show};
use super::samples::everything;
use crate::sample;

/// The accessibility checker's own script.
fn axe() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{e}: npm ci installs axe-core"))
}

/// Breaches of WCAG 2.2 level A and AA, each with the first elements that show it.
async fn breaches(shown: &Shown) -> String {
    shown.value(&format!("void (() => {{ {}\n }})()", axe())).await;
    let run = "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => \
               r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 150) + ' ' + n.failureSummary + ' beside ' + n.any.flatMap(c => c.relatedNodes).map(e => e.target + ' ' + e.html.slice(0, 100)).join(', ')).join(' | ')).join('\\n'))";
    shown.value(run).await.as_str().unwrap_or("axe did not answer").to_owned()
}

const OPEN_ALL: &str = "document.querySelectorAll('details').forEach(d => { d.open = true; })";

#[test]
fn every_state_keeps_wcag_aa_and_the_page_is_as_wide_as_the_screen() {
    let (report, beside) = everything();
    show(&to_html(&report, &beside).unwrap(), |shown| async move {
        for (width, height, size) in [(1366, 900, "wide"), (390, 844, "phone")] {
            shown.screen(width, height).await;
            for dark in [false, true] {
                for lang in ["vi", "en"] {
                    shown.media("screen", dark).await;
                    shown.open(&format!("#lang={lang}")).await;
                    shown.value(OPEN_ALL).await;
                    // What opens is drawn at the next turn.
                    shown.value(&format!("new Promise(r => setTimeout(r, 200)).then(() => {OPEN_ALL})")).await;
                    let state = format!("{size}-{}-{lang}", if dark { "dark" } else { "light" });
                    shown.picture(&format!("{state}.png")).await;
                    let breaches = breaches(&shown).await;
                    assert!(breaches.is_empty(), "{state}\n{breaches}");
                    let over = shown.value("document.documentElement.scrollWidth - innerWidth").await;
                    assert!(over.as_i64().unwrap() <= 0, "{state}: {over} px too wide");
                }
            }
        }
        shown
    });
}

#[test]
fn hostile_text_is_shown_as_text_and_does_nothing() {
    let (report, beside) = everything();
    show(&to_html(&report, &beside).unwrap(), |shown| async move {
        shown.open("#site-so-hai").await;
        shown.value(OPEN_ALL).await;
        let text = shown.text("#site-so-hai").await;
        assert!(text.contains("<script>alert(1)</script>"), "{text}");
        assert!(text.contains("␛[31m"), "{text}");
        let made = shown.value("document.querySelectorAll('main a[href^=javascript], main script, main iframe, main a[href^=\"data:\"]').length").await;
        assert_eq!(made, 0);
        shown
    });
}

#[test]
fn a_verdict_is_told_without_its_colour() {
    show(&to_html(&sample::report(), &Beside::default()).unwrap(), |shown| async move {
        shown.open("").await;
        let failed = shown.text("#site-tinh-a summary").await;
        assert!(failed.contains("✗ 5 không đạt"), "{failed}");
        let open = shown.text("#site-so-yte summary").await;
        assert!(open.contains("? 5 chưa đủ căn cứ kết luận"), "{open}");
        shown
    });
}

#[test]
fn paper_holds_all_that_fails_or_is_open_with_its_remedy() {
    let (report, beside) = everything();
    show(&to_html(&report, &beside).unwrap(), |shown| async move {
        shown.open("").await;
        let pdf = shown.pdf("sample.pdf").await;
        let out = Command::new("pdftotext")
            .args(["-layout"])
            .arg(&pdf)
            .arg("-")
            .output()
            .unwrap_or_else(|e| panic!("{e}: poppler-utils has it"));
        let text = String::from_utf8_lossy(&out.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        for wanted in [
            "Các nội dung không đạt và chưa đủ căn cứ kết luận",
            "Mã định danh của trang để trống nên lượt truy cập không được ghi nhận.",
            "Điền mã được cấp rồi dán đoạn sau vào thẻ <head>:",
            "_q.push(['setSiteId', '205']);",
            "Trang chủ thiếu đường dẫn đến 13 trang thành phần.",
            "https://so-13.tinh-a.example/",
            "Máy chủ trả về mã 403 cho cả 3 lần thử.",
            "Liên hệ đơn vị vận hành hệ thống giám sát.",
            "khoản 6 Điều 4 Thông tư số 01/2024/TT-MAU",
        ] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
        assert!(!text.contains("English"), "the switch is not for paper");
        // What fails or is open, and nothing else, is numbered.
        let last = report_count();
        assert!(text.contains(&format!(" {last}. ")) && !text.contains(&format!(" {}. ✗", last + 1)), "{last}\n{text}");
        assert_eq!(shown.value("document.getElementById('paper').hidden").await, true, "put away again");
        shown
    });
}

/// How many findings of the sample fail or are open.
fn report_count() -> u64 {
    let summary = sample::report().summary;
    summary.fail + summary.inconclusive
}

#[test]
fn without_a_script_it_can_be_read() {
    let (report, beside) = everything();
    show(&to_html(&report, &beside).unwrap(), |shown| async move {
        use serde_json::json;
        shown.tab.session.call("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await.unwrap();
        shown.open("").await;
        let text = shown.text("body").await;
        for wanted in [
            "Kết quả chung: không đạt",
            "Có nhãn thể hiện đã kết nối",
            "Trang thông tin điện tử tinh-a · tinh-a",
            "✗ không đạt: snippet, label, links, unique, domain",
        ] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
        for no in ["Bỏ lọc", "Result: failed", "Liên kết giữa cổng"] {
            assert!(!text.contains(no), "{no}\n{text}");
        }
        shown.picture("no-script.png").await;
        shown.open("#en").await;
        let text = shown.text("body").await;
        assert!(text.contains("Result: failed") && !text.contains("Kết quả chung"), "{text}");
        shown
    });
}
