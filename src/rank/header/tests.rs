//! Headers as offices write them.

use super::*;
use crate::rank::table::read as sheets;

fn sheet(text: &str) -> Sheet {
    sheets(text.as_bytes(), &Limits::default()).unwrap().remove(0)
}

fn columns(text: &str, named: &[(&str, &str)]) -> Result<Columns, Text> {
    let named: Vec<Named> = named.iter().map(|(kind, header)| Named::parse(kind, header).unwrap()).collect();
    read(&sheet(text), &Limits::default(), &named)
}

fn kind(name: &str) -> Option<Kind> {
    classified(name).map(|(kind, _)| kind)
}

#[test]
fn names_of_columns_are_known_in_both_languages_and_without_marks() {
    for (name, wanted) in [
        ("STT", Kind::Ordinal),
        ("#", Kind::Ordinal),
        ("Hạng", Kind::Rank),
        ("Xếp hạng theo lượt truy cập", Kind::Rank),
        ("rank", Kind::Rank),
        ("Đơn vị", Kind::Unit),
        ("TEN DON VI", Kind::Unit),
        ("Tỉnh/Thành phố", Kind::Unit),
        ("Bộ, ngành", Kind::Unit),
        ("Cổng Thông tin điện tử", Kind::Name),
        ("name_vi", Kind::Name),
        ("Địa chỉ Cổng thông tin điện tử", Kind::Url),
        ("Tên miền", Kind::Url),
        ("Mã trang", Kind::Id),
        ("emc_site_id", Kind::Id),
        ("Tổng lượt truy cập năm 2024", Kind::Visits),
        ("Số lượt truy cập Cổng TTĐT của đơn vị", Kind::Visits),
        ("Visits", Kind::Visits),
        ("Khối/Nhóm", Kind::Block),
        ("Mức xếp loại", Kind::Level),
        ("level", Kind::Level),
    ] {
        assert_eq!(kind(name), Some(wanted), "{name}");
    }
    for other in ["Tỷ lệ tăng lượt truy cập (%)", "Ghi chú", "Lượt truy cập năm trước", "Lượt xem", "Điện thoại", ""]
    {
        assert_eq!(kind(other), None, "{other}");
    }
}

#[test]
fn the_header_is_found_below_titles() {
    let text = "BỘ THÔNG TIN VÀ TRUYỀN THÔNG,,\nBẢNG XẾP HẠNG LƯỢT TRUY CẬP CỔNG THÔNG TIN ĐIỆN TỬ,,\n,,\n(Kèm theo Công văn),,\nSTT,Đơn vị,Lượt truy cập\n1,A,5\n";
    let columns = columns(text, &[]).unwrap();
    assert_eq!((columns.row, columns.of(Kind::Unit), columns.of(Kind::Visits)), (5, Some(1), Some(2)));
}

#[test]
fn two_lines_of_header_are_one() {
    let text = "STT,Đơn vị,Lượt truy cập,,Ghi chú\n,,Năm 2023,Năm 2024,\n1,A,5,6,\n";
    let unclear = columns(text, &[]).unwrap_err();
    assert!(unclear.en.contains("--column 'visits=Lượt truy cập Năm 2024'"), "{}", unclear.en);
    let chosen = columns(text, &[("visits", "Lượt truy cập Năm 2024")]).unwrap();
    assert_eq!((chosen.of(Kind::Visits), chosen.first), (Some(3), 2));
    // A block title below the header is no second line.
    let block = columns("STT,Đơn vị,Lượt truy cập\nKHỐI BỘ,,\n1,A,5\n", &[]).unwrap();
    assert_eq!(block.first, 1);
}

#[test]
fn missing_and_ambiguous_columns_are_named_with_the_remedy() {
    let none = columns("STT,Đơn vị,Năm 2024\n1,A,5\n", &[]).unwrap_err();
    assert!(none.vi.contains("B “Đơn vị”, C “Năm 2024”") && none.vi.contains("--column 'visits=…'"), "{}", none.vi);
    for header in ["Năm 2024", "nam 2024", "C"] {
        assert_eq!(columns("STT,Đơn vị,Năm 2024\n1,A,5\n", &[("visits", header)]).unwrap().of(Kind::Visits), Some(2));
    }
    let wrong = columns("STT,Đơn vị,Lượt truy cập\n1,A,5\n", &[("visits", "Năm 2025")]).unwrap_err();
    assert!(wrong.en.contains("no column “Năm 2025”"), "{}", wrong.en);
    let nameless = columns("Hạng,Lượt truy cập\n1,5\n", &[]).unwrap_err();
    assert!(nameless.en.contains("--column 'name=…'"), "{}", nameless.en);
    let twins = columns("Đơn vị,Lượt truy cập,Lượt truy cập\nA,5,6\n", &[]).unwrap_err();
    assert!(twins.en.contains("--column 'visits=C'"), "{}", twins.en);
    for odd in ["2024\u{e}\u{1b}[2J", "2024 '; rm -rf ~ #", "2024 $(reboot)"] {
        let table = format!("Đơn vị,Lượt truy cập Năm 2023,Lượt truy cập Năm {odd}\nA,5,6\n");
        let unclear = columns(&table, &[]).unwrap_err();
        for text in [&unclear.vi, &unclear.en] {
            assert!(text.ends_with("--column 'visits=C'") && !text.contains(char::is_control), "{text:?}");
        }
    }
    assert_eq!(
        columns("Đơn vị,Lượt truy cập,Lượt truy cập\nA,5,6\n", &[("visits", "C")]).unwrap().of(Kind::Visits),
        Some(2)
    );
}

#[test]
fn the_row_number_is_never_the_unit() {
    let columns = columns("TT,Cơ quan,Số lượt\n1,A,5\n", &[]).unwrap();
    assert_eq!(columns.of(Kind::Unit), Some(1));
    assert_eq!(columns.of(Kind::Rank), None);
}
