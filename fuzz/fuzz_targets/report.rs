//! A stored report of which anything was edited: it is refused or whole; whole ones are joined, compared and drawn in
//! every format, and no format lets a text of it act.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use rasoat::history::{Asked, Outline, Walk, compare};
use rasoat::merge::{Ending, Part, join};
use rasoat::report::{
    Beside, Format, Lang, Report, changes_to_text, from_json, ranking_from_json, to_json, trend_to_csv, trend_to_json,
    trend_to_markdown, trend_to_text,
};
use rasoat::tally;
use rasoat_fuzz::edit::edit;
use rasoat_fuzz::formats::{harmless, holds, markdown, published, table};
use serde_json::{Value, json};

/// A report with every verdict.
static SAMPLE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../tests/formats/golden/sample.json")).expect("JSON"));

/// Some of the sample's sites with their findings: less to draw for each input.
fn some(u: &mut Unstructured<'_>) -> Result<Value> {
    let keep: u8 = u.arbitrary()?;
    let mut report = SAMPLE.clone();
    let kept = |k: usize| keep == 0 || keep >> (k % 8) & 1 == 1;
    let mut ids = Vec::new();
    if let Some(sites) = report["sites"].as_array_mut() {
        let mut k = 0;
        sites.retain(|site| {
            k += 1;
            if kept(k) {
                ids.push(site["id"].clone());
            }
            kept(k)
        });
    }
    for list in ["findings", "scores"] {
        if let Some(list) = report[list].as_array_mut() {
            list.retain(|entry| ids.contains(&entry["site"]));
        }
    }
    Ok(report)
}

/// A report that was stored and edited; `None` when the edited one is refused.
fn stored(u: &mut Unstructured<'_>) -> Result<Option<Report>> {
    let mut value = some(u)?;
    edit(u, &mut value)?;
    let text = value.to_string();
    let read = from_json(&text);
    if let Err(error) = &read {
        assert!(!error.to_string().is_empty());
    }
    // Counted anew it is a report that a run could have written, or one that commands refuse as damaged.
    Ok(read.ok().and_then(|mut report| {
        tally::count(&mut report);
        tally::is_whole(&report).then_some(report)
    }))
}

/// What lies beside a report when it is drawn.
fn beside(u: &mut Unstructured<'_>, report: &Report) -> Result<Beside> {
    let mut beside = Beside::default();
    if u.arbitrary()? {
        let mut ranking = json!({"schema": "rasoat/ranking/v1", "tool": {"name": "rasoat", "version": "1"},
            "source": "a.csv", "blocks": [{"name": "Khối tỉnh", "rows": [
            {"rank": 1, "name": "Tỉnh A", "row": 2, "url": "https://a.vn", "site": "tinh-a", "visits": 1200,
             "previous": 2, "previous_visits": 1100, "level": "A", "new": false},
            {"rank": null, "name": "Tỉnh B", "row": 3, "visits": null, "instead": "n/a", "new": true}],
            "levels": [{"level": "A", "count": 1, "share": 5000}]}],
            "notes": [{"code": "x", "level": "info", "message": {"vi": "v", "en": "e"}, "places": []}]});
        edit(u, &mut ranking)?;
        beside.ranking = ranking_from_json(&ranking.to_string()).ok();
    }
    if let Some(earlier) = if u.arbitrary()? { stored(u)? } else { None } {
        let (earlier, this) = (Outline::of(&earlier), Outline::of(report));
        let mut walk = Walk::from(this.clone());
        walk.older(earlier.clone());
        beside.changes = Some(compare(&earlier, &this, Some(walk.series())));
        beside.trend = Some(walk.trend().0);
    }
    Ok(beside)
}

/// What several units hand in is one report, or is refused with the reason.
fn joined(u: &mut Unstructured<'_>, report: &Report) -> Result<()> {
    let mut parts = vec![Part { name: "a.json".to_owned(), report: report.clone() }];
    for name in ["b.json", "a.json"] {
        if u.arbitrary()? {
            let other = if u.arbitrary()? { Some(report.clone()) } else { stored(u)? };
            parts.extend(other.map(|report| Part { name: name.to_owned(), report }));
        }
    }
    let given: usize = parts.iter().map(|part| part.report.sites.len()).sum();
    match join(parts, Ending::default()) {
        Err(why) => assert!(!why.vi.is_empty() && !why.en.is_empty()),
        Ok(report) => {
            assert_eq!(report.sites.len(), given, "a site is lost or doubled");
            let text = to_json(&report).expect("JSON");
            assert!(from_json(&text).expect("the stored form") == report);
        }
    }
    Ok(())
}

/// What a history makes of two reports.
fn followed(u: &mut Unstructured<'_>, report: &Report) -> Result<()> {
    // What a history keeps is read from JSON, and lets nothing in that was cut.
    let _ = Outline::read(to_json(report).expect("JSON").as_bytes());
    let Some(earlier) = stored(u)? else { return Ok(()) };
    let (earlier, this) = (Outline::of(&earlier), Outline::of(report));
    let mut walk = Walk::new(Asked { rules: Vec::new(), sites: Vec::new() });
    walk.older(this.clone());
    walk.older(earlier.clone());
    walk.older(this.clone());
    let changes = compare(&earlier, &this, Some(walk.series()));
    let (trend, notes, _) = walk.trend();
    for lang in [Lang::Vi, Lang::En] {
        harmless("changes", &changes_to_text(&changes, "a.json", true, lang));
        harmless("trend", &trend_to_text(&trend, &notes, lang));
        let rows = trend_to_csv(&trend, lang);
        harmless("csv", &rows);
        table(&rows);
        let page = trend_to_markdown(&trend, &notes, lang);
        harmless("trend", &page);
        markdown(&page);
    }
    let text = trend_to_json(&trend, &notes).expect("JSON");
    harmless("trend", &text);
    serde_json::from_str::<Value>(&text).expect("JSON");
    Ok(())
}

fn run(bytes: &[u8]) -> Result<()> {
    let mut u = Unstructured::new(bytes);
    let what: u8 = u.arbitrary()?;
    // Any text at all as a stored file.
    if what == 255 {
        let text = String::from_utf8_lossy(u.bytes(u.len())?).into_owned();
        let _ = (from_json(&text), Outline::read(text.as_bytes()), ranking_from_json(&text));
        let _ = rasoat::acquire::lighthouse::parse(text.as_bytes());
        return Ok(());
    }
    let lang = if u.arbitrary()? { Lang::Vi } else { Lang::En };
    let Some(report) = stored(&mut u)? else { return Ok(()) };
    match usize::from(what) % 18 {
        14 => published(&report, lang),
        15 => joined(&mut u, &report)?,
        16 => followed(&mut u, &report)?,
        // The slow ones more seldom.
        17 => holds(&report, Format::Human, lang, &beside(&mut u, &report)?),
        k => holds(&report, Format::ALL[k], lang, &beside(&mut u, &report)?),
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    let _ = run(bytes);
});
