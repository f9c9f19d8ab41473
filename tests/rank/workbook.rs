//! Workbooks, written with another program's library than the one that reads them.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::{folder, notes, ranking, ranks, row, run};

fn saved(mut workbook: Workbook) -> tempfile::TempDir {
    folder(&[("t.xlsx", &workbook.save_to_buffer().unwrap())])
}

#[test]
fn titles_merged_cells_and_typed_numbers_are_read() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 0, 3, "BỘ THÔNG TIN VÀ TRUYỀN THÔNG", &Format::new()).unwrap();
    sheet.merge_range(1, 0, 1, 3, "BẢNG XẾP HẠNG LƯỢT TRUY CẬP CỔNG THÔNG TIN ĐIỆN TỬ", &Format::new()).unwrap();
    for (column, name) in (0..).zip(["STT", "Khối", "Đơn vị", "Lượt truy cập"]) {
        sheet.write(3, column, name).unwrap();
    }
    sheet.merge_range(4, 1, 5, 1, "Bộ", &Format::new()).unwrap();
    sheet.merge_range(6, 1, 7, 1, "Tỉnh", &Format::new()).unwrap();
    let rows = [("Bộ A", 1_000.0), ("Bộ B", 2_000.0), ("Tỉnh C", 7.0)];
    for (n, (name, visits)) in (4..).zip(rows) {
        sheet.write(n, 0, n - 3).unwrap();
        sheet.write(n, 2, name).unwrap();
        sheet.write(n, 3, visits).unwrap();
    }
    sheet.write(7, 2, "Tỉnh D").unwrap();
    sheet.write(7, 3, "1.234.567").unwrap();
    sheet.write(8, 2, "Tổng cộng").unwrap();
    sheet.write_formula(8, 3, Formula::new("=SUM(D5:D8)").set_result("1237574")).unwrap();
    let files = saved(workbook);
    let table = ranking(files.path(), &["t.xlsx"]);
    assert_eq!(ranks(&table), [row(1, "Bộ B"), row(2, "Bộ A"), row(1, "Tỉnh D"), row(2, "Tỉnh C")]);
    assert_eq!((notes(&table, "total-row").len(), notes(&table, "total-differs").len()), (1, 0), "{}", table["notes"]);
}

#[test]
fn cells_that_are_no_figures_are_told_by_their_names() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "Đơn vị").unwrap();
    sheet.write(0, 1, "Lượt truy cập").unwrap();
    for (n, name) in (1..).zip(["A", "B", "C", "D", "E"]) {
        sheet.write(n, 0, name).unwrap();
    }
    sheet
        .write_datetime_with_format(
            1,
            1,
            ExcelDateTime::from_ymd(2026, 11, 22).unwrap(),
            &Format::new().set_num_format("dd/mm/yyyy"),
        )
        .unwrap();
    sheet.write(2, 1, 1.234).unwrap();
    sheet.write_formula(3, 1, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_formula(4, 1, Formula::new("=2+3").set_result("5")).unwrap();
    sheet.write_formula(5, 1, Formula::new("=3+4").set_result("7")).unwrap();
    let whole = workbook.save_to_buffer().unwrap();
    // As programs save it that do not calculate.
    let bytes = rewritten(&whole, "<f>3+4</f><v>7</v>", "<f>3+4</f>");
    let files = folder(&[("t.xlsx", &bytes)]);
    let (code, _, stderr) = run(files.path(), &["t.xlsx"]);
    assert_eq!(code, 2);
    for cell in ["cell B2 (“Sheet1”): a date", "cell B3", "cell B4", "cell B6"] {
        assert!(stderr.contains(cell), "{cell}: {stderr}");
    }
    // The saved result of a formula is a figure.
    assert!(!stderr.contains("B5"), "{stderr}");
}

#[test]
fn sheets_are_chosen_by_name_never_by_guess() {
    let mut workbook = Workbook::new();
    for (name, visits) in [("2023", 10.0), ("2024", 20.0)] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        sheet.write(0, 0, "Đơn vị").unwrap();
        sheet.write(0, 1, "Lượt truy cập").unwrap();
        sheet.write(1, 0, "A").unwrap();
        sheet.write(1, 1, visits).unwrap();
    }
    workbook.add_worksheet().set_name("Ẩn").unwrap().set_hidden(true).write(0, 0, "Đơn vị").unwrap();
    workbook.add_worksheet().set_name("Ghi chú").unwrap().write(0, 0, "Không có bảng").unwrap();
    let files = saved(workbook);
    let (code, _, stderr) = run(files.path(), &["t.xlsx"]);
    assert!(code == 2 && stderr.contains("2023; 2024") && stderr.contains("--sheet"), "{stderr}");
    let one = ranking(files.path(), &["t.xlsx", "--sheet", "2024"]);
    assert_eq!(one["blocks"][0]["rows"][0]["visits"], 20);
    let both = ranking(files.path(), &["t.xlsx", "--sheet", "2024", "--sheet", "2023"]);
    assert_eq!((both["blocks"][0]["name"].as_str(), both["blocks"][1]["name"].as_str()), (Some("2024"), Some("2023")));
    assert!(run(files.path(), &["t.xlsx", "--sheet", "2022"]).2.contains("no sheet “2022”"));
}

#[test]
fn a_sheet_that_claims_a_million_rows_costs_nothing_and_is_refused() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "Đơn vị").unwrap();
    sheet.write(0, 1, "Lượt truy cập").unwrap();
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let (code, _, stderr) = run(saved(workbook).path(), &["t.xlsx"]);
    assert!(code == 2 && stderr.contains("more than 20000 rows"), "{stderr}");
}

/// A workbook with a text of its first sheet replaced.
fn rewritten(workbook: &[u8], from: &str, to: &str) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        new.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(text.matches(from).count(), 1, "{text}");
            bytes = text.replace(from, to).into_bytes();
        }
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap().into_inner()
}

/// An archive with a workbook's part that unpacks to so many zeros.
fn bomb(unpacked: usize) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("xl/workbook.xml", options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..unpacked >> 20 {
        archive.write_all(&zeros).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn archives_that_are_bombs_or_no_workbooks_are_refused() {
    let bomb = bomb(200 << 20);
    assert!(bomb.len() < 1 << 20);
    let files =
        folder(&[("bomb.xlsx", &bomb), ("cut.xlsx", &bomb[..bomb.len() / 2]), ("word.xlsx", b"PK\x03\x04nothing")]);
    assert!(run(files.path(), &["bomb.xlsx"]).2.contains("unpacks to more than 64 MiB"));
    for name in ["cut.xlsx", "word.xlsx"] {
        let (code, _, stderr) = run(files.path(), &[name]);
        assert!(code == 2 && stderr.contains("XLSX"), "{stderr}");
    }
}
