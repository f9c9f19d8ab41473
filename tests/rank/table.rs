//! Tables of visits as people write them.

use super::{folder, lines, notes, ranked, ranking, ranks, refused, row, run};

#[test]
fn portals_are_ranked_by_visits_ties_share_and_missing_stand_last() {
    let table = ranked(
        "STT,Đơn vị,Lượt truy cập\n1,A,100\n2,B,300\n3,C,-\n4,D,100\n5,E,0\n6,F,50\n7,G,chưa có số liệu\n8,H,\n",
    );
    let wanted =
        [row(1, "B"), row(2, "A"), row(2, "D"), row(4, "F"), row(5, "E"), row(0, "C"), row(0, "G"), row(0, "H")];
    assert_eq!(ranks(&table), wanted);
    assert_eq!(lines(&table, "unranked"), [4, 8, 9]);
    assert!(notes(&table, "unranked")[0].contains("G (“chưa có số liệu”)"), "{table}");
    // No figure is never nought.
    assert!(table["blocks"][0]["rows"][5]["visits"].is_null() && table["blocks"][0]["rows"][4]["visits"] == 0);
}

#[test]
fn blocks_come_from_a_column_or_from_title_rows() {
    let wanted = [row(1, "B"), row(2, "A"), row(1, "D"), row(2, "C")];
    let column = ranked("Khối,Đơn vị,Số lượt truy cập\nBộ,A,5\n,B,9\nTỉnh,C,6\n,D,7\n");
    assert_eq!(ranks(&column), wanted);
    let titles =
        ranked("STT,Đơn vị,Số lượt truy cập\nI,Khối bộ,\n1,A,5\n2,B,9\nII,Khối tỉnh,\n1,C,6\n2,D,7\n,Tổng cộng,27\n");
    assert_eq!(ranks(&titles), wanted);
    assert_eq!(titles["blocks"][1]["name"], "Khối tỉnh");
    let overall: Vec<u64> =
        titles["blocks"][1]["rows"].as_array().unwrap().iter().map(|r| r["overall"].as_u64().unwrap()).collect();
    assert_eq!(overall, [2, 3]);
    assert_eq!((lines(&titles, "block-titles"), lines(&titles, "total-row")), (vec![2, 5], vec![8]));
    assert!(notes(&titles, "total-differs").is_empty());
}

#[test]
fn a_block_is_one_however_it_is_spelled() {
    let table =
        ranked("Khối,Đơn vị,Lượt truy cập\nBộ ngành,A,1\nBỘ NGÀNH,B,2\n\"Bộ, ngành\",C,3\nTỉnh,D,4\nTính,E,5\n");
    let wanted = [row(1, "C"), row(2, "B"), row(3, "A"), row(1, "D"), row(1, "E")];
    assert_eq!(ranks(&table), wanted);
    assert_eq!(table["blocks"][0]["name"], "Bộ ngành");
    assert_eq!(lines(&table, "blocks-alike"), [3, 4]);
    assert!(notes(&table, "blocks-alike")[0].contains("BỘ NGÀNH → Bộ ngành"), "{table}");
}

#[test]
fn a_total_that_is_no_sum_is_told() {
    let table = ranked("Đơn vị,Lượt truy cập\nA,1.000\nB,2.000.000\nTổng cộng,2.001.001\n");
    assert!(
        notes(&table, "total-differs")[0].contains("2001001") && notes(&table, "total-differs")[0].contains("2001000"),
        "{table}"
    );
    assert_eq!(ranks(&table).len(), 2);
}

#[test]
fn the_same_table_in_every_encoding_is_the_same_ranking() {
    let text = "Đơn vị;Lượt truy cập\nBộ Văn hóa, Thể thao và Du lịch;1.234.567\nBộ Y tế;1.234.568\n";
    let wanted = [row(1, "Bộ Y tế"), row(2, "Bộ Văn hóa, Thể thao và Du lịch")];
    let utf_16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    // Đ ơ ị ợ ậ ộ ă ó ể à ế in windows-1258: a vowel of one byte, its tone behind it.
    let windows: Vec<u8> = text
        .chars()
        .flat_map(|c| match c {
            'Đ' => vec![0xd0],
            'ơ' => vec![0xf5],
            'ị' => vec![b'i', 0xf2],
            'ư' => vec![0xfd],
            'ợ' => vec![0xf5, 0xf2],
            'ậ' => vec![0xe2, 0xf2],
            'ộ' => vec![0xf4, 0xf2],
            'ă' => vec![0xe3],
            'ó' => vec![b'o', 0xec],
            'ể' => vec![0xea, 0xd2],
            'à' => vec![b'a', 0xcc],
            'ế' => vec![0xea, 0xec],
            c => vec![u8::try_from(c).unwrap()],
        })
        .collect();
    let nfd: String = unicode_normalization::UnicodeNormalization::nfd(text).collect();
    for (name, bytes) in [
        ("utf-8", text.as_bytes().to_vec()),
        ("mark", format!("\u{feff}{text}").into_bytes()),
        ("utf-16", utf_16),
        ("windows-1258", windows),
        ("nfd", nfd.into_bytes()),
        ("crlf", text.replace('\n', "\r\n").into_bytes()),
        ("sep", format!("sep=;\n{text}").into_bytes()),
        ("tab", text.replace(';', "\t").into_bytes()),
    ] {
        let files = folder(&[("t.csv", &bytes)]);
        assert_eq!(ranks(&ranking(files.path(), &["t.csv"])), wanted, "{name}");
    }
}

#[test]
fn what_cannot_be_a_figure_stops_with_its_cell_and_the_remedy() {
    let all = refused("Đơn vị,Lượt truy cập\nA,5\nB,-3\nC,\"12,5\"\nD,22/11/2026\nE,nhiều\n");
    for line in 3..=6 {
        assert!(all.contains(&format!("line {line}, column B")), "{all}");
    }
    assert!(all.contains("t.csv:") && !all.contains("line 2,"), "{all}");
    assert!(refused("Đơn vị,Lượt truy cập\nA,\"1,234,567\"\nB,1.234.567\n").contains("use one sign"));
    assert!(refused("Đơn vị,Lượt truy cập\n,5\nB,6\n").contains("line 2, column A"));
    assert!(refused("Đơn vị,Lượt truy cập\n").contains("no portal"));
    assert!(refused("Đơn vị,Số điện thoại\nA,5\n").contains("--column 'visits=…'"));
    assert!(refused("").contains("empty"));
    assert!(refused("Đơn vị,Lượt truy cập\n\"A,5\n").contains("line 2"));
    assert!(refused("<html><table><tr><td>Đơn vị</td></tr></table>").contains(".xlsx"));
}

#[test]
fn an_ambiguous_sign_of_thousands_is_said() {
    let table = ranked("Đơn vị;Lượt truy cập\nA;1.234\nB;567\n");
    assert_eq!(ranks(&table), [row(1, "A"), row(2, "B")]);
    assert!(notes(&table, "separator-read")[0].contains("“1.234” is 1234"), "{table}");
    assert!(notes(&ranked("Đơn vị;Lượt truy cập\nA;1.234\nB;1.567.890\n"), "separator-read").is_empty());
}

#[test]
fn columns_are_named_by_the_user_and_slips_of_flags_are_told() {
    let files = folder(&[("t.csv", b"Noi,Nam 2023,Nam 2024\nA,1,9\nB,2,8\n")]);
    let table = ranking(files.path(), &["t.csv", "--column", "name=Noi", "--column", "visits=Năm 2024"]);
    assert_eq!(ranks(&table), [row(1, "A"), row(2, "B")]);
    for (flags, wanted) in [
        (vec!["--column", "visit=C"], "KIND=NAME"),
        (vec!["--column", "visits"], "KIND=NAME"),
        (vec!["--stated", "C:39"], "--stated"),
        (vec!["--report", "sarif"], "--with"),
        (vec!["--sheet", "2024"], "no sheet"),
        (vec!["--previous", "none.csv"], "none.csv"),
        (vec!["--with", "t.csv"], "cannot read the report"),
    ] {
        let (code, _, stderr) =
            run(files.path(), &[&["t.csv", "--column", "name=A", "--column", "visits=C"], flags.as_slice()].concat());
        assert!(code == 2 && stderr.contains(wanted), "{flags:?}: {stderr}");
    }
    assert_eq!(run(files.path(), &["none.csv"]).0, 2);
}

#[test]
fn portals_that_stand_twice_are_told() {
    let table = ranked(
        "Đơn vị,Địa chỉ,Mã EMC,Lượt truy cập\nA,https://www.a.gov.vn/,205,5\nB,a.gov.vn,205,6\nB,b.gov.vn,33,7\n",
    );
    assert_eq!(lines(&table, "id-used-twice"), [2, 3]);
    assert_eq!(lines(&table, "address-twice"), [2, 3]);
    assert_eq!(lines(&table, "name-twice"), [3, 4]);
}

#[test]
fn hostile_cells_act_nowhere() {
    let csv = "Đơn vị,Địa chỉ,Lượt truy cập\n\"=cmd|'/c calc'!A1\",https://u:geheim@a.vn/,5\n\"\u{1b}[2J\u{202e}::error::x <script>alert(1)</script>\",b.vn,6\n";
    let files = folder(&[("t.csv", csv.as_bytes())]);
    let args =
        ["t.csv", "--color", "never", "--report", "csv=o.csv", "--report", "markdown=o.md", "--report", "json=o.json"];
    let (code, stdout, _) = run(files.path(), &args);
    assert_eq!(code, 0);
    let read = |name: &str| std::fs::read_to_string(files.path().join(name)).unwrap();
    for text in [stdout, read("o.csv"), read("o.md"), read("o.json")] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("geheim"), "{text}");
    }
    assert!(read("o.csv").contains("'=cmd") && !read("o.md").contains("<script>"));
}

#[test]
fn files_that_are_too_large_are_refused() {
    let rows = |n: usize| format!("Đơn vị,Lượt truy cập\n{}", "A,5\n".repeat(n));
    assert!(refused(&rows(20_001)).contains("more than 20000 rows"));
    let wide = format!("Đơn vị,Lượt truy cập\nA,5{}\n", ",x".repeat(300));
    assert!(refused(&wide).contains("more than 200 columns"));
    let heavy = format!("Đơn vị,Lượt truy cập\nA,5\n{}", " ".repeat(16 << 20));
    assert!(refused(&heavy).contains("16 MiB"));
}

#[test]
fn a_report_that_cannot_be_written_is_5() {
    let files = folder(&[("t.csv", "Đơn vị,Lượt truy cập\nA,5\n".as_bytes())]);
    assert_eq!(run(files.path(), &["t.csv", "--report", "csv=no/such/o.csv"]).0, 5);
}
