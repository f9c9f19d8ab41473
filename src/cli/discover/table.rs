//! Every visited host as a table for spreadsheets: one row a host, in the order of the search's result.

use super::propose::sources;
use crate::acquire::discover::{Class, Explored, Found};
use crate::finding::safe;
use crate::lang::Lang;
use crate::report::csv_row;
use crate::site::Merged;
use crate::snapshot::Gap;

/// The table as comma-separated values (RFC 4180, UTF-8).
pub(super) fn to_csv(explored: &Explored, merged: &Merged, lang: Lang) -> String {
    let mut out = String::from('\u{feff}');
    let header = lang.of(
        [
            "máy chủ",
            "địa chỉ",
            "loại",
            "lý do",
            "trỏ tới",
            "mã trang",
            "trong tệp",
            "tên",
            "tìm thấy ở",
            "mã EMC",
            "mã HTTP",
        ],
        ["host", "url", "class", "gap", "leads_to", "id", "in_file", "title", "found", "emc_site_ids", "status"],
    );
    csv_row(&mut out, &header.map(str::to_owned));
    for found in &explored.found {
        csv_row(&mut out, &cells(found, merged, lang));
    }
    out
}

fn cells(found: &Found, merged: &Merged, lang: Lang) -> [String; 11] {
    let leads_to = match &found.class {
        Class::Alias(of) | Class::Duplicate(of) => of.to_string(),
        Class::Redirect(to) => to.to_string(),
        _ => String::new(),
    };
    [
        found.host.to_string(),
        found.address.to_string(),
        found.class.name().to_owned(),
        found.class.gap().map(Gap::name).unwrap_or_default(),
        safe(&leads_to, 500),
        merged.ids.get(&found.host).cloned().unwrap_or_default(),
        lang.pick(&super::summary::place(found, merged).text()).to_owned(),
        found.title().map(|title| safe(title, 200)).unwrap_or_default(),
        sources(found, lang),
        found.ids().join(" "),
        found.looked.status.map(|status| status.to_string()).unwrap_or_default(),
    ]
}
