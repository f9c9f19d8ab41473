//! The two tables of 2024, and copies of them with one slip each.

use super::{folder, lines, notes, ranked, ranking, run};

const MINISTRIES: &str = include_str!("tthc-2024-ministries.csv");
const PROVINCES: &str = include_str!("tthc-2024-provinces.csv");

fn levels(ranking: &serde_json::Value) -> Vec<(String, u64, u64)> {
    let levels = ranking["blocks"][0]["levels"].as_array().unwrap().iter();
    levels
        .map(|l| (l["level"].as_str().unwrap().to_owned(), l["count"].as_u64().unwrap(), l["share"].as_u64().unwrap()))
        .collect()
}

/// The printed figures: 39, 15 and 9 of 63; 5, 1 and 15 of 21. Shares in hundredths of a percent.
#[test]
fn the_tables_of_2024_are_counted_and_their_ranks_are_valid() {
    let provinces = ranked(PROVINCES);
    assert_eq!(levels(&provinces), [("C".into(), 39, 6_190), ("D".into(), 15, 2_381), ("E".into(), 9, 1_429)]);
    let ministries = ranked(MINISTRIES);
    assert_eq!(levels(&ministries), [("C".into(), 5, 2_381), ("D".into(), 1, 476), ("E".into(), 15, 7_143)]);
    for (table, rows) in [(&provinces, 63), (&ministries, 21)] {
        assert_eq!(table["by"], "stated");
        assert_eq!(table["blocks"][0]["rows"].as_array().unwrap().len(), rows);
        assert_eq!(notes(table, "ranks-valid").len(), 1);
        assert!(table["notes"].as_array().unwrap().iter().all(|note| note["level"] == "info"), "{table}");
    }
    // No visits were published, so none are shown.
    assert!(provinces["blocks"][0]["rows"].as_array().unwrap().iter().all(|row| row["visits"].is_null()));
}

#[test]
fn the_printed_24_of_63_does_not_add_up_and_is_the_percentage() {
    let files = folder(&[("p.csv", PROVINCES.as_bytes()), ("m.csv", MINISTRIES.as_bytes())]);
    let wrong = ranking(files.path(), &["p.csv", "--stated", "C=39,D=24,E=9/63"]);
    assert_eq!(
        notes(&wrong, "counts-do-not-add-up"),
        ["the printed counts do not add up: C 39, D 24, E 9 make 72, not 63."]
    );
    let [share] = notes(&wrong, "count-is-a-share").try_into().unwrap();
    assert!(share.contains("printed 24, the table has 15. 15 is right") && share.contains("15/63 = 23.8%"), "{share}");
    // The rows that hold the level: provinces 40 to 54, below the header.
    assert_eq!(lines(&wrong, "count-is-a-share"), (41..=55).collect::<Vec<u64>>());
    let (code, vi, _) = run(files.path(), &["p.csv", "--stated", "C=39,D=24,E=9", "--lang", "vi"]);
    assert_eq!(code, 0);
    assert!(
        vi.contains("cộng lại là 72, không phải 63")
            && vi.contains("C 39 (61,9%) · D 15 (23,8%) · E 9 (14,3%) trên 63"),
        "{vi}"
    );
    let right = ranking(files.path(), &["m.csv", "--stated", "C=5,D=1,E=15/21"]);
    assert_eq!(notes(&right, "counts-agree").len(), 1);
    // A wrong count that is no percentage is not explained away.
    let other = ranking(files.path(), &["p.csv", "--stated", "C=39,D=20,E=9"]);
    assert_eq!((notes(&other, "count-is-a-share").len(), notes(&other, "count-differs").len()), (0, 1));
    let partial = ranking(files.path(), &["p.csv", "--stated", "C=39,E=9"]);
    assert!(notes(&partial, "count-differs")[0].contains("not among the printed counts"), "{partial}");
    assert!(notes(&partial, "counts-agree").is_empty());
}

/// One cell of the provinces changed: `from` must be in the table.
fn mutated(from: &str, to: &str) -> serde_json::Value {
    assert_eq!(PROVINCES.matches(from).count(), 1, "{from}");
    ranked(&PROVINCES.replace(from, to))
}

#[test]
fn a_slip_in_the_ranks_is_caught_with_its_row() {
    // After four at rank 4 comes 8, not 5.
    let dense = mutated("8,Thái Bình,C\n8,Yên Bái,C", "5,Thái Bình,C\n5,Yên Bái,C");
    assert_eq!(lines(&dense, "rank-gap"), [9, 10]);
    assert!(notes(&dense, "rank-gap")[0].contains("with 7 above, so it should be 8"), "{dense}");
    // One of the four falls out of the tie.
    assert_eq!(lines(&mutated("4,Quảng Trị,C", "5,Quảng Trị,C"), "rank-gap"), [7]);
    // A gap where none belongs, and the first rank missing.
    assert_eq!(lines(&mutated("41,Vĩnh Phúc,D", "42,Vĩnh Phúc,D"), "rank-gap"), [42, 43]);
    assert_eq!(lines(&mutated("1,Bình Dương,C", "2,Bình Dương,C"), "rank-gap"), [2, 3]);
    assert_eq!(lines(&mutated("63,Phú Yên,E", "64,Phú Yên,E"), "rank-gap"), [64]);
    for slip in [&dense, &mutated("63,Phú Yên,E", "64,Phú Yên,E")] {
        assert!(notes(slip, "ranks-valid").is_empty());
    }
}

#[test]
fn a_level_out_of_order_is_caught_with_its_row_alone() {
    let early = mutated("3,Nghệ An,C", "3,Nghệ An,E");
    assert_eq!(lines(&early, "level-out-of-order"), [4]);
    let late = mutated("63,Phú Yên,E", "63,Phú Yên,C");
    assert_eq!(lines(&late, "level-out-of-order"), [64]);
    let tied = mutated("4,Kon Tum,C", "4,Kon Tum,D");
    assert_eq!(lines(&tied, "tied-levels-differ"), [5, 6, 7, 8]);
    assert!(notes(&ranked(PROVINCES), "level-out-of-order").is_empty());
}

#[test]
fn both_tables_in_one_are_checked_block_by_block() {
    let body = |text: &str| text.lines().skip(1).collect::<Vec<_>>().join("\n");
    let both = format!("rank,name_vi,level\n,Khối bộ,\n{}\n,Khối tỉnh,\n{}\n", body(MINISTRIES), body(PROVINCES));
    let files = folder(&[("both.csv", both.as_bytes())]);
    let table = ranking(
        files.path(),
        &["both.csv", "--stated", "Khối tỉnh: C=39,D=24,E=9", "--stated", "khoi bo:C=5,D=1,E=15"],
    );
    assert_eq!(table["blocks"][1]["name"], "Khối tỉnh");
    assert!(notes(&table, "ranks-valid")[0].contains("within each block"), "{table}");
    assert_eq!((notes(&table, "count-is-a-share").len(), notes(&table, "counts-agree").len()), (1, 1));
    let (code, _, stderr) = run(files.path(), &["both.csv", "--stated", "C=39,D=24,E=9"]);
    assert!(code == 2 && stderr.contains("Khối bộ; Khối tỉnh"), "{stderr}");
}

#[test]
fn ranks_beside_visits_are_held_to_them() {
    let table = ranked("Hạng,Đơn vị,Lượt truy cập\n1,A,50\n2,B,60\n3,C,10\n4,D,-\n");
    assert_eq!(lines(&table, "rank-differs-from-visits"), [2, 3, 5]);
    assert!(notes(&table, "rank-differs-from-visits")[2].contains("no figure to rank it by"), "{table}");
}
