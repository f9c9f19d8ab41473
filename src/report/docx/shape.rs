//! The names a template may use: values and lists that a report has, and values that only people know. A template is
//! held against them before any work begins.

use std::collections::{BTreeMap, BTreeSet};

use super::tags::{Kind, Tag};
use super::xml::{Element, Node};
use crate::policy::Text;
use crate::report::plain;

/// What a report, or an entry of one of its lists, has.
pub(super) struct Shape {
    /// Values.
    pub(super) values: &'static [&'static str],
    /// What is or is not so: for conditions only.
    pub(super) facts: &'static [&'static str],
    /// Lists, each with what its entries have.
    pub(super) lists: &'static [(&'static str, &'static Shape)],
}

/// Values that only people know; a dotted blank until they are given.
pub(super) const PEOPLE: &[&str] = &[
    "co_quan_chu_quan",
    "co_quan_ban_hanh",
    "so",
    "ky_hieu",
    "dia_danh",
    "ngay",
    "thang",
    "nam",
    "kinh_gui",
    "quyen_han",
    "chuc_vu",
    "ho_ten",
    "luu",
];

/// Lists that only people know, entries apart by line or semicolon; each entry has `dong`.
pub(super) const PEOPLES_LISTS: &[(&str, &Shape)] = &[("noi_nhan", &LINE)];

const LINE: Shape = Shape { values: &["dong"], facts: &[], lists: &[] };

const OUTCOMES: &[&str] = &["la_dat", "la_dat_phan_da_do", "la_khong_dat", "la_chua_du_can_cu", "la_khong_danh_gia"];

/// A report.
pub(super) const REPORT: Shape = Shape {
    values: &[
        "ngay_ra_soat",
        "gio_ra_soat",
        "ket_luan",
        "so_trang",
        "so_ket_qua",
        "so_dat",
        "so_khong_dat",
        "so_chua_ket_luan",
        "so_khong_ap_dung",
        "so_tam_chap_nhan",
        "so_cong",
        "so_trang_thanh_phan",
        "so_he_thong",
        "so_trang_dat",
        "so_trang_khong_dat",
        "so_trang_chua_ket_luan",
        "so_khong_ra_soat",
        "so_theo_xac_nhan",
        "so_loi_da_biet",
        "so_don_vi",
        "phan",
        "trang_loi_con_lai",
        "chua_do_con_lai",
        "mien_tru_con_lai",
        "luu_y_con_lai",
        "nguong_con_lai",
        "diem_con_lai",
        "cong_cu",
        "phien_ban_cong_cu",
        "ma_lan_chay",
    ],
    facts: OUTCOMES,
    lists: &[
        ("bo_tieu_chi", &Shape { values: &["ten", "ma", "phien_ban", "ma_bam"], facts: &[], lists: &[] }),
        (
            "tieu_chi",
            &Shape {
                values: &[
                    "tt",
                    "ten",
                    "ma",
                    "can_cu",
                    "muc_do",
                    "dat",
                    "khong_dat",
                    "chua_ket_luan",
                    "khong_ap_dung",
                    "tam_chap_nhan",
                ],
                facts: &[],
                lists: &[],
            },
        ),
        ("trang_loi", &SITE),
        ("chua_do", &Shape { values: &["tt", "ten", "can_cu", "ly_do", "so_trang"], facts: &[], lists: &[] }),
        (
            "mien_tru",
            &Shape { values: &["tt", "trang", "ten", "ly_do", "nguoi_duyet", "het_han"], facts: &[], lists: &[] },
        ),
        ("nguong", &Shape { values: &["trang", "noi_dung"], facts: &[], lists: &[] }),
        ("luu_y", &Shape { values: &["noi_dung"], facts: &[], lists: &[] }),
        (
            "diem",
            &Shape {
                values: &["tt", "trang", "bo", "diem", "toi_da", "muc", "theo_xac_nhan", "khong_tinh"],
                facts: &[],
                lists: &[("nhom", &Shape { values: &["ten", "diem", "toi_da"], facts: &[], lists: &[] })],
            },
        ),
        (
            "don_vi",
            &Shape {
                values: &[
                    "tt",
                    "ten",
                    "ngay_ra_soat",
                    "gio_ra_soat",
                    "ket_luan",
                    "so_trang",
                    "so_ket_qua",
                    "so_dat",
                    "so_khong_dat",
                    "so_chua_ket_luan",
                    "so_khong_ap_dung",
                    "so_tam_chap_nhan",
                    "trang_loi_con_lai",
                ],
                facts: OUTCOMES,
                lists: &[("trang_loi", &SITE)],
            },
        ),
    ],
};

/// A site that fails.
const SITE: Shape = Shape {
    values: &["tt", "ten", "ma", "dia_chi", "don_vi"],
    facts: &[],
    lists: &[(
        "loi",
        &Shape {
            values: &["ten", "ma", "can_cu", "muc_do", "ly_do", "cach_sua"],
            facts: &["da_biet", "con_nua"],
            lists: &[],
        },
    )],
};

/// What is asked of a template, and what came of it.
pub(super) struct Asked<'a> {
    /// The values that were given.
    pub(super) given: &'a BTreeMap<String, String>,
    /// Names of people's values that the template uses.
    pub(super) used: BTreeSet<String>,
    /// Those that leave a blank when nobody gives them.
    pub(super) printed: BTreeSet<String>,
}

impl Asked<'_> {
    /// Holds a part against the names.
    pub(super) fn check(&mut self, root: &Element) -> Result<(), Text> {
        self.nodes(&root.children, &mut vec![&REPORT], &mut Vec::new())
    }

    fn nodes(
        &mut self,
        nodes: &[Node],
        scope: &mut Vec<&'static Shape>,
        within: &mut Vec<(Kind, String)>,
    ) -> Result<(), Text> {
        for node in nodes {
            match node {
                Node::Element(below) => self.nodes(&below.children, scope, within)?,
                Node::Field(tag) => self.field(tag, scope, within)?,
                Node::Block(tag, body) => {
                    let list = self.block(tag, scope)?;
                    // A list within itself would grow without end.
                    if list.is_some() && tag.kind == Kind::Each && within.contains(&(Kind::Each, tag.name.clone())) {
                        return Err(said(
                            tag,
                            "không lặp một danh sách trong chính nó",
                            "a list is not repeated within itself",
                        ));
                    }
                    let entered = list.filter(|_| tag.kind == Kind::Each);
                    scope.extend(entered);
                    within.push((tag.kind, tag.name.clone()));
                    self.nodes(body, scope, within)?;
                    within.pop();
                    if entered.is_some() {
                        scope.pop();
                    }
                }
                Node::Text(_) | Node::Marker(_) => {}
            }
        }
        Ok(())
    }

    fn field(&mut self, tag: &Tag, scope: &[&'static Shape], within: &[(Kind, String)]) -> Result<(), Text> {
        let name = tag.name.as_str();
        let has = |part: fn(&Shape) -> Vec<&'static str>| scope.iter().any(|shape| part(shape).contains(&name));
        if has(|shape| shape.values.to_vec()) {
            return Ok(());
        }
        if PEOPLE.contains(&name) || self.given.contains_key(name) {
            self.used.insert(name.to_owned());
            if !within.iter().any(|(_, condition)| condition == name) {
                self.printed.insert(name.to_owned());
            }
            return Ok(());
        }
        if has(|shape| shape.facts.to_vec()) {
            return Err(said(
                tag,
                &format!("chỉ dùng làm điều kiện: {{{{?{name}}}}}…{{{{/{name}}}}}"),
                &format!("this is for conditions only: {{{{?{name}}}}}…{{{{/{name}}}}}"),
            ));
        }
        if has(|shape| shape.lists.iter().map(|(name, _)| *name).collect())
            || PEOPLES_LISTS.iter().any(|(list, _)| *list == name)
        {
            return Err(said(
                tag,
                &format!("đây là danh sách: {{{{#{name}}}}}…{{{{/{name}}}}}"),
                &format!("this is a list: {{{{#{name}}}}}…{{{{/{name}}}}}"),
            ));
        }
        Err(unknown(tag, scope))
    }

    /// The shape of the list that a block names; `None` for a value or a fact.
    fn block(&mut self, tag: &Tag, scope: &[&'static Shape]) -> Result<Option<&'static Shape>, Text> {
        let name = tag.name.as_str();
        let list =
            scope.iter().rev().flat_map(|shape| shape.lists).chain(PEOPLES_LISTS).find(|(list, _)| *list == name);
        if let Some((_, shape)) = list {
            if PEOPLES_LISTS.iter().any(|(list, _)| *list == name) {
                self.used.insert(name.to_owned());
                self.printed.insert(name.to_owned());
            }
            return Ok(Some(shape));
        }
        let is_value = scope.iter().any(|shape| shape.values.contains(&name) || shape.facts.contains(&name));
        let is_peoples = PEOPLE.contains(&name) || self.given.contains_key(name);
        if is_peoples {
            self.used.insert(name.to_owned());
        }
        if !is_value && !is_peoples {
            return Err(unknown(tag, scope));
        }
        if tag.kind == Kind::Each {
            return Err(said(
                tag,
                &format!("không phải danh sách; điều kiện viết {{{{?{name}}}}}"),
                &format!("this is no list; a condition is {{{{?{name}}}}}"),
            ));
        }
        Ok(None)
    }
}

/// Whether a name is one that the report says, so that nobody else may.
pub(super) fn is_of_report(name: &str) -> bool {
    fn within(shape: &Shape, name: &str) -> bool {
        let own = shape.values.contains(&name) || shape.facts.contains(&name);
        own || shape.lists.iter().any(|(list, shape)| *list == name || within(shape, name))
    }
    within(&REPORT, name) || within(&LINE, name)
}

fn unknown(tag: &Tag, scope: &[&'static Shape]) -> Text {
    let here = scope.iter().flat_map(|shape| {
        shape.values.iter().chain(shape.facts).copied().chain(shape.lists.iter().map(|(list, _)| *list))
    });
    let all: Vec<&str> =
        here.chain(PEOPLE.iter().copied()).chain(PEOPLES_LISTS.iter().map(|(list, _)| *list)).collect();
    let near = nearest(&tag.name, &all);
    let near_vi = near.map(|name| format!(" Có phải {{{{{name}}}}}?")).unwrap_or_default();
    let near_en = near.map(|name| format!(" Did you mean {{{{{name}}}}}?")).unwrap_or_default();
    let name = plain::line_of(&tag.name, 60);
    said(
        tag,
        &format!(
            "không có trường này ở đây.{near_vi} Trường riêng của đơn vị thì cho giá trị: --letter-field {name}=…"
        ),
        &format!("there is no such field here.{near_en} A field of your own needs a value: --letter-field {name}=…"),
    )
}

fn said(tag: &Tag, vi: &str, en: &str) -> Text {
    let (typed, near) = (tag.typed(), &tag.near);
    Text::new(format!("{typed} trong đoạn “{near}”: {vi}"), format!("{typed} in the paragraph “{near}”: {en}"))
}

/// The name that is at most a third of its letters away.
pub(super) fn nearest<'a>(name: &str, all: &[&'a str]) -> Option<&'a str> {
    let away = |other: &&str| strsim::damerau_levenshtein(name, other);
    all.iter().copied().min_by_key(away).filter(|other| away(other) * 3 <= other.chars().count().max(3))
}
