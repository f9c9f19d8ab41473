//! Last year's table beside this one.

use super::{folder, notes, ranking, run};

/// `(name, previous rank, new)` of all rows.
fn moved(table: &serde_json::Value) -> Vec<(String, Option<u64>, bool)> {
    let rows = table["blocks"].as_array().unwrap().iter().flat_map(|block| block["rows"].as_array().unwrap());
    rows.map(|r| (r["name"].as_str().unwrap().to_owned(), r["previous"].as_u64(), r["new"] == true)).collect()
}

fn of(now: &str, before: &str) -> serde_json::Value {
    let files = folder(&[("2024.csv", now.as_bytes()), ("2023.csv", before.as_bytes())]);
    ranking(files.path(), &["2024.csv", "--previous", "2023.csv"])
}

#[test]
fn portals_are_found_again_by_id_then_address_then_name() {
    let now = "Đơn vị,Địa chỉ,Mã EMC,Lượt truy cập\nBộ Mới,moi.gov.vn,7,100\nTỉnh Hòa Bình,hoabinh.gov.vn,,90\nTP. Huế,,,80\nCần Giờ,,,70\n";
    let before = "Tên đơn vị,URL,EMC ID,Visits\nHuế,,,500\nHoà Bình (cũ),https://www.hoabinh.gov.vn/,,400\nBộ Cũ,cu.gov.vn,7,300\nHà Tây,,,200\n";
    let table = of(now, before);
    let wanted = [
        ("Bộ Mới".to_owned(), Some(3), false),
        ("Tỉnh Hòa Bình".to_owned(), Some(2), false),
        ("TP. Huế".to_owned(), Some(1), false),
        ("Cần Giờ".to_owned(), None, true),
    ];
    assert_eq!(moved(&table), wanted);
    assert!(notes(&table, "renamed")[0].contains("Bộ Cũ → Bộ Mới"), "{table}");
    assert!(notes(&table, "gone")[0].contains("Hà Tây") && notes(&table, "new")[0].contains("Cần Giờ"), "{table}");
}

#[test]
fn what_could_be_several_is_never_guessed() {
    let table = of("Đơn vị,Lượt truy cập\nSở Y tế,5\nSở Y tế,4\nA,3\n", "Đơn vị,Lượt truy cập\nSở Y tế,9\nA,7\n");
    assert_eq!(moved(&table)[..2], [("Sở Y tế".to_owned(), None, false), ("Sở Y tế".to_owned(), None, false)]);
    assert!(notes(&table, "previous-ambiguous")[0].contains("(2): Sở Y tế; Sở Y tế"), "{table}");
    assert!(notes(&table, "gone")[0].contains("rows left open may be among them"), "{table}");
}

#[test]
fn ranks_of_different_blocks_are_not_compared() {
    let table = of("Khối,Đơn vị,Lượt truy cập\nBộ,A,5\nTỉnh,B,9\n", "Khối,Đơn vị,Lượt truy cập\nBộ,A,5\nBộ,B,9\n");
    assert_eq!(moved(&table), [("A".to_owned(), Some(2), false), ("B".to_owned(), None, false)]);
    assert!(notes(&table, "block-changed")[0].contains('B'), "{table}");
}

#[test]
fn two_years_of_one_file_are_compared() {
    let text = "STT,Đơn vị,Lượt truy cập,\n,,Năm 2023,Năm 2024\n1,A,1.000,3.000\n2,B,2.000,2.500\n";
    let files = folder(&[("t.csv", text.as_bytes())]);
    let args = [
        "t.csv",
        "--previous",
        "t.csv",
        "--column",
        "visits=Lượt truy cập năm 2024",
        "--column",
        "previous.visits=C",
        "--lang",
        "vi",
    ];
    let (code, stdout, stderr) = run(files.path(), &args);
    assert_eq!(code, 0, "{stderr}");
    let line =
        |name: &str| stdout.lines().find(|line| line.split_whitespace().any(|word| word == name)).unwrap().to_owned();
    assert!(line("A").contains("▲1") && line("A").contains("3.000") && line("B").contains("▼1"), "{stdout}");
}
