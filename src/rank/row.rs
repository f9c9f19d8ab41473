//! What a row below the header is: a portal, the title of a block, a total, the numbers of columns, or a remark below
//! the table. In doubt it is a portal: none is lost in silence.

use super::fold::plain;
use super::header::{Columns, Kind};
use super::table::{Cell, Row, Sheet};

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Is {
    /// A portal.
    Portal,
    /// The title of the rows below it.
    Title(String),
    /// A sum of rows above it.
    Total,
    /// The header again, or the numbers of columns.
    Header,
    /// Said below the table.
    Remark,
}

/// What each row below the header is, by index.
pub(super) fn sorted(sheet: &Sheet, columns: &Columns) -> Vec<(usize, Is)> {
    let rows = sheet.rows.iter().enumerate().skip(columns.first);
    let named = |row: &Row| [Kind::Name, Kind::Unit].iter().any(|kind| !cell(row, columns, *kind).is_empty());
    let last = rows.clone().filter(|(_, row)| named(row) && is_of_table(row, columns)).map(|(n, _)| n).next_back();
    rows.map(|(n, row)| {
        let below = last.is_some_and(|last| n > last);
        (n, is(row, sheet.rows.get(n + 1), columns, below))
    })
    .collect()
}

fn cell<'a>(row: &'a Row, columns: &Columns, kind: Kind) -> &'a Cell {
    columns.of(kind).map_or(&Cell::Empty, |column| row.cell(column))
}

/// Whether it is surely a row of the table: it is counted, or holds a figure, a level, an address or an id.
fn is_of_table(row: &Row, columns: &Columns) -> bool {
    use Kind::{Id, Level, Ordinal, Rank, Url, Visits};
    [Visits, Rank, Ordinal, Level, Url, Id].iter().any(|kind| match cell(row, columns, *kind) {
        Cell::Number(_) => true,
        Cell::Text(text) => matches!(kind, Level | Url | Id) || text.chars().any(|c| c.is_ascii_digit()),
        _ => false,
    })
}

fn is(row: &Row, next: Option<&Row>, columns: &Columns, below: bool) -> Is {
    if columns.is_repeated(row) || is_numbering(row) {
        return Is::Header;
    }
    let filled: Vec<usize> = row.filled().collect();
    // Up to the figures: a label spread over merged cells stands in the first of them.
    let figures = columns.of(Kind::Visits).unwrap_or(usize::MAX);
    // A level may be called average.
    let level = columns.of(Kind::Level);
    let labels = filled.iter().filter(|column| **column < figures && Some(**column) != level);
    let label = labels.copied().find_map(|column| text(row.cell(column)));
    if label.is_some_and(is_total) {
        return Is::Total;
    }
    let name = columns.of(Kind::Name).or(columns.of(Kind::Unit));
    let named = [Kind::Name, Kind::Unit, Kind::Url, Kind::Id].iter().any(|kind| !cell(row, columns, *kind).is_empty());
    let mut texts = filled.iter().filter_map(|column| text(row.cell(*column)));
    let first = texts.next();
    // A merged cell may be written out in each of its cells.
    let alone = first.filter(|first| filled.len() == 1 || (filled.len() > 1 && texts.all(|t| t == *first)));
    if below && (!named || alone.is_some_and(is_remark)) {
        return Is::Remark;
    }
    if columns.of(Kind::Block).is_none() {
        let counted = [Kind::Ordinal, Kind::Rank].iter().map(|kind| cell(row, columns, *kind)).find_map(text);
        if let (Some(_), Some(title)) =
            (counted.filter(|mark| is_mark(mark)), name.and_then(|name| text(row.cell(name))))
        {
            return Is::Title(title.to_owned());
        }
        // An address, id or level that stands alone is a portal's; so is a word in place of its figure.
        let own = [Kind::Url, Kind::Id, Kind::Level, Kind::Visits].map(|kind| columns.of(kind));
        let lone = filled.len() == 1 && filled.iter().any(|column| own.contains(&Some(*column)));
        let wordy = |title: &&str| title.chars().any(char::is_alphabetic) && !lone && filled.len() != 2;
        if let Some(title) = alone.filter(wordy) {
            let elsewhere = name.is_some_and(|name| !filled.contains(&name));
            let begins = next.is_some_and(|next| is_first(next, columns));
            if elsewhere || begins || is_title(title) {
                return Is::Title(title.to_owned());
            }
        }
    }
    Is::Portal
}

fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether the row is number one of its block.
fn is_first(row: &Row, columns: &Columns) -> bool {
    let counted = [Kind::Ordinal, Kind::Rank].iter().map(|kind| cell(row, columns, *kind).shown());
    let mut counted = counted.filter(|text| !text.is_empty()).peekable();
    counted.peek().is_some() && counted.all(|text| text.trim_end_matches('.') == "1")
}

/// `(1)`, `(2)`, `(3)=(1)+(2)`, or A, B, 1, 2: the numbers of columns below a header.
fn is_numbering(row: &Row) -> bool {
    let cells: Vec<String> = row.filled().map(|column| row.cell(column).shown()).collect();
    let is_number = |text: &String| {
        let bare = text.split('=').next().unwrap_or_default().trim().trim_matches(['(', ')', '[', ']']);
        bare.len() <= 2
            && (bare.parse::<u8>().is_ok() || (bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_uppercase())))
    };
    let bracketed = cells.iter().any(|text| text.starts_with(['(', '[']));
    let in_order = || {
        let numbers = cells.iter().filter_map(|text| text.parse::<u8>().ok()).collect::<Vec<_>>();
        numbers.first() == Some(&1) && numbers.windows(2).all(|pair| pair[0] + 1 == pair[1])
    };
    cells.len() >= 2 && cells.iter().all(is_number) && (bracketed || in_order())
}

/// A Roman number or one letter, as blocks are counted.
fn is_mark(text: &str) -> bool {
    let bare = text.trim().trim_end_matches(['.', ')', ':', '/']);
    let roman = !bare.is_empty() && bare.chars().all(|c| "IVX".contains(c));
    roman || (bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_uppercase()))
}

fn is_title(text: &str) -> bool {
    let marked =
        text.split_once(['.', ')', ':', '/']).is_some_and(|(mark, rest)| is_mark(mark) && !rest.trim().is_empty());
    let plain = plain(text);
    let begins = [
        "khoi ",
        "nhom ",
        "cac bo",
        "cac tinh",
        "cac co quan",
        "cac don vi",
        "cac dia phuong",
        "phan ",
        "block ",
        "group ",
    ];
    let whole = ["bo nganh", "bo co quan ngang bo", "dia phuong", "tinh thanh pho", "ministries", "provinces"];
    marked || begins.iter().any(|start| plain.starts_with(start)) || whole.contains(&plain.as_str())
}

/// “Tổng cục” and “Cộng hòa” begin names, so only whole words of sums count.
fn is_total(text: &str) -> bool {
    let plain = plain(text);
    let whole = [
        "ca nuoc",
        "toan quoc",
        "toan tinh",
        "tong",
        "cong",
        "tong cong",
        "total",
        "sum",
        "trung binh",
        "binh quan",
        "average",
        "mean",
        "cong tong",
    ];
    let begins = ["tong cong ", "tong so ", "grand total", "total ", "trung binh ", "cong khoi ", "cong nhom "];
    whole.contains(&plain.as_str()) || begins.iter().any(|start| format!("{plain} ").starts_with(start))
}

fn is_remark(text: &str) -> bool {
    let plain = plain(text);
    let begins =
        ["ghi chu", "nguon", "chu thich", "luu y", "note", "source", "nguoi lap", "noi nhan", "can cu", "ngay "];
    text.starts_with(['*', '(']) || begins.iter().any(|start| plain.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::header;
    use crate::rank::table::{Limits, read};

    fn kinds(text: &str) -> Vec<Is> {
        let sheet = read(text.as_bytes(), &Limits::default()).unwrap().remove(0);
        let columns = header::read(&sheet, &Limits::default(), &[]).unwrap();
        sorted(&sheet, &columns).into_iter().map(|(_, is)| is).collect()
    }

    fn title(text: &str) -> Is {
        Is::Title(text.to_owned())
    }

    #[test]
    fn a_portal_of_the_average_level_is_no_total() {
        let text = "Mức,Đơn vị,Lượt truy cập\nTốt,A,5\nTrung bình,B,7\n,Trung bình,6\n";
        assert_eq!(kinds(text), [Is::Portal, Is::Portal, Is::Total]);
    }

    #[test]
    fn titles_of_blocks_are_told_from_portals_without_figures() {
        let text = "STT,Đơn vị,Lượt truy cập\nI,KHỐI BỘ,\n1,Bộ Y tế,5\n2,Bộ Công an,\n,II. Khối tỉnh,\n1,Hà Nội,7\nHUYỆN,,\n1,A Lưới,\n";
        let wanted =
            [title("KHỐI BỘ"), Is::Portal, Is::Portal, title("II. Khối tỉnh"), Is::Portal, title("HUYỆN"), Is::Portal];
        assert_eq!(kinds(text), wanted);
        // Without marks or numbers a lone name is a portal that lacks its figure.
        assert_eq!(kinds("Đơn vị,Lượt truy cập\nHà Nội,5\nA Lưới,\nHuế,3"), [Is::Portal, Is::Portal, Is::Portal]);
        // A lone line right before number one begins a block.
        assert_eq!(kinds("Hạng,Đơn vị,Mức\n,Bộ ngành trung ương,\n1,A,C\n")[0], title("Bộ ngành trung ương"));
        // Where blocks have a column of their own there are no titles.
        assert_eq!(kinds("Khối,Đơn vị,Lượt truy cập\nBộ,A,5\n,I. B,\n")[1], Is::Portal);
    }

    #[test]
    fn a_merged_title_written_in_every_cell_is_one_and_a_lone_address_is_none() {
        let text = "STT,Đơn vị,Địa chỉ,Lượt truy cập\nKhối bộ,Khối bộ,Khối bộ,Khối bộ\n1,A,a.vn,5\n,,b.vn,\n,C,c.vn,7\n,N/A,,N/A\n";
        let wanted = [title("Khối bộ"), Is::Portal, Is::Portal, Is::Portal, Is::Remark];
        assert_eq!(kinds(text)[..4], wanted[..4]);
        assert_ne!(kinds(text)[4], title("N/A"));
        assert_eq!(kinds("Đơn vị,Lượt truy cập\nA,5\nCả nước,5\n")[1], Is::Total);
    }

    #[test]
    fn totals_are_no_portals_and_portals_no_totals() {
        let text = "STT,Đơn vị,Lượt truy cập\n1,Tổng cục Thuế,5\n2,Tổng công ty Điện lực,4\n3,Cộng đồng số,2\n,Tổng cộng:,11\nTổng,,11\n,Tổng số (3 cổng),11\nTOTAL,,11\n";
        let wanted = [Is::Portal, Is::Portal, Is::Portal, Is::Total, Is::Total, Is::Total, Is::Total];
        assert_eq!(kinds(text), wanted);
    }

    #[test]
    fn numbers_of_columns_and_repeated_headers_are_passed_over() {
        let text = "STT,Đơn vị,Lượt truy cập\n(1),(2),(3)\n1,A,5\nSTT,Đơn vị,Lượt truy cập\n2,B,4\n";
        assert_eq!(kinds(text), [Is::Header, Is::Portal, Is::Header, Is::Portal]);
        assert_eq!(kinds("STT,Đơn vị,Lượt truy cập\nA,B,1\n1,X,2\n")[0], Is::Header);
    }

    #[test]
    fn what_is_said_below_the_table_is_no_portal() {
        let text = "STT,Đơn vị,Lượt truy cập\n1,A,5\n2,B,\n,Ghi chú: số liệu của Hệ thống EMC,\n,,NGƯỜI LẬP BIỂU\n";
        assert_eq!(kinds(text), [Is::Portal, Is::Portal, Is::Remark, Is::Remark]);
    }
}
