//! A ranking beside what a scan saw of the same portals: figures without a tag, tags without figures, ids that are
//! used twice, portals that only one of the two knows. Notes for people, never verdicts; what the scan could not see
//! is never called missing.

use indexmap::IndexMap;

use super::compare::known;
use super::pair::{Key, Known, Match, address, pair};
use super::{By, Ranking, listed};
use crate::finding::NoteLevel;
use crate::policy::Text;
use crate::site::Role;

/// What a scan says of a site's tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Tag {
    /// It works.
    Works,
    /// It was looked for and does not work.
    Fails {
        /// Why.
        why: Text,
        /// Some of it is there, though it does not work.
        seen: bool,
    },
    /// It could not be seen; why.
    Unmeasured(Text),
    /// Nobody asked, or the site is not judged.
    #[default]
    NotAsked,
}

/// A site as a scan knows it.
#[derive(Debug, Clone, Default)]
pub struct Scanned {
    /// Its id.
    pub id: String,
    /// Its names: its own, and of a portal its unit's.
    pub names: Vec<String>,
    /// Its role.
    pub role: Option<Role>,
    /// Its addresses, aliases too.
    pub addresses: Vec<String>,
    /// EMC ids seen on its pages.
    pub seen: Vec<String>,
    /// The declared EMC id.
    pub declared: Option<String>,
    /// Its tag.
    pub tag: Tag,
    /// It is retired.
    pub retired: bool,
}

impl Scanned {
    fn known(&self) -> Known {
        let ids = self.seen.iter().chain(&self.declared);
        let mut ids: Vec<String> = ids.cloned().collect();
        ids.sort_unstable();
        ids.dedup();
        Known { ids, addresses: self.addresses.iter().filter_map(|a| address(a)).collect(), names: self.names.clone() }
    }
}

/// Most notes of one kind; what is beyond is counted.
const MOST: usize = 100;

/// A note and the row it speaks of.
type Said = (NoteLevel, &'static str, Text, Option<u32>);

/// Lays a scan beside a ranking: fills in which site each row is and says where the two disagree.
pub fn reconcile(ranking: &mut Ranking, report: &str, sites: &[Scanned]) {
    ranking.reconciled_with = Some(crate::finding::safe(report, 300));
    let rows: Vec<Known> = ranking.rows().map(known).collect();
    let those: Vec<Known> = sites.iter().map(Scanned::known).collect();
    let found = pair(&rows, &those);
    let by = ranking.by;
    let mut said: Vec<Said> = Vec::new();
    let mut met = vec![false; sites.len()];
    let mut unknown: Vec<(u32, String)> = Vec::new();
    for (row, found) in ranking.blocks.iter_mut().flat_map(|block| &mut block.rows).zip(found) {
        match found {
            Match::One(n, key) => {
                met[n] = true;
                let Some(site) = sites.get(n) else { continue };
                row.site = Some(site.id.clone());
                if by == By::Visits {
                    said.extend(figures(row, site));
                }
                if key != Key::Id {
                    said.extend(other_id(row, site));
                }
            }
            Match::None => unknown.push((row.row, row.name.clone())),
            Match::Ambiguous => said.push((
                NoteLevel::Warning,
                "site-ambiguous",
                Text::new(
                    format!("{} (dòng {}): có thể là nhiều trang của báo cáo nên không đối chiếu; hãy thêm địa chỉ vào bảng.", row.name, row.row),
                    format!("{} (row {}): could be several sites of the report and is not compared; give the table its address.", row.name, row.row),
                ),
                Some(row.row),
            )),
            Match::Disagree { id, address } => {
                for n in [id, address] {
                    met[n] = true;
                }
                let name = |n: usize| sites.get(n).map(|site| site.id.clone()).unwrap_or_default();
                let emc = row.emc_site_id.clone().unwrap_or_default();
                said.push((
                    NoteLevel::Warning,
                    "id-of-another-site",
                    Text::new(
                        format!("{} (dòng {}): mã EMC {emc} là của trang {}, nhưng địa chỉ là của trang {}.", row.name, row.row, name(id), name(address)),
                        format!("{} (row {}): the EMC id {emc} is that of the site {}, the address that of {}.", row.name, row.row, name(id), name(address)),
                    ),
                    Some(row.row),
                ));
            }
        }
    }
    shared_ids(sites, &mut said);
    say(ranking, said);
    if !unknown.is_empty() {
        let names: Vec<&String> = unknown.iter().map(|(_, name)| name).collect();
        let (count, list) = (names.len(), listed(&names));
        let message = Text::new(
            format!(
                "{count} cổng có trong bảng EMC nhưng không có trong báo cáo (sites.yml thiếu, hoặc lần rà soát không gồm): {}.",
                list.vi
            ),
            format!(
                "portals of the EMC table that are not in the report ({count}; lacking in sites.yml, or left out of the run): {}.",
                list.en
            ),
        );
        let lines: Vec<u32> = unknown.iter().map(|(row, _)| *row).collect();
        ranking.say(NoteLevel::Warning, "not-in-report", message, &lines);
    }
    lacking(ranking, sites, &met);
}

/// What a row's figure and a site's tag say of each other.
fn figures(row: &super::Ranked, site: &Scanned) -> Option<Said> {
    let who = Text::new(
        format!("{} (dòng {}, trang {})", row.name, row.row, site.id),
        format!("{} (row {}, site {})", row.name, row.row, site.id),
    );
    let warning = |code, vi: String, en: String| {
        Some((
            NoteLevel::Warning,
            code,
            Text::new(format!("{}: {vi}", who.vi), format!("{}: {en}", who.en)),
            Some(row.row),
        ))
    };
    let ids = site.seen.join(", ");
    let id = if ids.is_empty() {
        Text::new("không có mã trang", "without an id")
    } else {
        Text::new(format!("mã {ids}"), format!("id {ids}"))
    };
    let has_visits = row.visits.is_some_and(|visits| visits > 0);
    match (&site.tag, row.visits) {
        (Tag::Works, None) => warning(
            "tag-without-visits",
            format!("thấy mã giám sát hoạt động (mã {ids}) nhưng bảng không có số liệu."),
            format!("the tag is seen and works (id {ids}), and the table has no figure."),
        ),
        (Tag::Works, Some(0)) => warning(
            "tag-without-visits",
            format!("thấy mã giám sát hoạt động (mã {ids}) nhưng bảng ghi 0 lượt truy cập."),
            format!("the tag is seen and works (id {ids}), and the table states 0 visits."),
        ),
        (Tag::Fails { why, seen: false }, _) if has_visits && site.seen.is_empty() => warning(
            "visits-without-tag",
            format!("có lượt truy cập nhưng không thấy mã giám sát; kết quả rà soát: không đạt – {}", why.vi),
            format!("there are visits and no tag is seen; the scan's verdict: fail – {}", why.en),
        ),
        (Tag::Fails { why, .. }, _) if has_visits => warning(
            "visits-with-failing-tag",
            format!("có lượt truy cập nhưng mã giám sát trên trang ({}) không đạt – {}", id.vi, why.vi),
            format!("there are visits, and the tag on the page ({}) fails – {}", id.en, why.en),
        ),
        (Tag::Fails { why, .. }, _) if !site.seen.is_empty() => warning(
            "tag-without-visits",
            format!("thấy mã giám sát (mã {ids}), không đạt – {} Bảng không có lượt truy cập.", why.vi),
            format!("the tag is seen (id {ids}) and fails – {} The table has no visits.", why.en),
        ),
        (Tag::Unmeasured(why), _) => {
            let visits = if has_visits { ("có", "there are") } else { ("không có", "there are no") };
            Some((
                NoteLevel::Info,
                "tag-not-measured",
                Text::new(
                    format!(
                        "{}: {} lượt truy cập, mã giám sát chưa đo được nên không đối chiếu – {}",
                        who.vi, visits.0, why.vi
                    ),
                    format!(
                        "{}: {} visits; the tag could not be measured and is not compared – {}",
                        who.en, visits.1, why.en
                    ),
                ),
                Some(row.row),
            ))
        }
        _ => None,
    }
}

/// A row that was matched otherwise and has another id than its site.
fn other_id(row: &super::Ranked, site: &Scanned) -> Option<Said> {
    let id = row
        .emc_site_id
        .as_ref()
        .filter(|id| !site.seen.contains(id) && (!site.seen.is_empty() || site.declared.as_ref() != Some(id)))?;
    let (theirs, vi, en) = match (site.seen.as_slice(), &site.declared) {
        ([], None) => return None,
        ([], Some(declared)) => (declared.clone(), "khai báo", "declares"),
        (seen, _) => (seen.join(", "), "dùng", "uses"),
    };
    Some((
        NoteLevel::Warning,
        "id-differs",
        Text::new(
            format!("{} (dòng {}): bảng ghi mã EMC {id}, trang {} {vi} mã {theirs}.", row.name, row.row, site.id),
            format!(
                "{} (row {}): the table has the EMC id {id}, the site {} {en} {theirs}.",
                row.name, row.row, site.id
            ),
        ),
        Some(row.row),
    ))
}

/// Ids that several sites use.
fn shared_ids(sites: &[Scanned], said: &mut Vec<Said>) {
    let mut users: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for site in sites {
        let mut ids: Vec<&str> = site.seen.iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().for_each(|id| users.entry(id).or_default().push(&site.id));
    }
    for (id, users) in users.iter().filter(|(_, users)| users.len() > 1) {
        let list = listed(users);
        said.push((
            NoteLevel::Warning,
            "id-shared",
            Text::new(
                format!("mã EMC {id} thấy trên nhiều trang: {}; lượt truy cập của chúng không tách được.", list.vi),
                format!("the EMC id {id} is seen on several sites: {}; their visits cannot be told apart.", list.en),
            ),
            None,
        ));
    }
}

fn say(ranking: &mut Ranking, said: Vec<Said>) {
    let mut by_code: IndexMap<&str, Vec<Said>> = IndexMap::new();
    for one in said {
        by_code.entry(one.1).or_default().push(one);
    }
    for (code, all) in by_code {
        let more = all.len().saturating_sub(MOST);
        for (level, code, message, row) in all.into_iter().take(MOST) {
            let rows: Vec<u32> = row.into_iter().collect();
            ranking.say(level, code, message, &rows);
        }
        if more > 0 {
            let message =
                Text::new(format!("và {more} ghi chú khác cùng loại."), format!("and {more} more of the same kind."));
            ranking.say(NoteLevel::Warning, code, message, &[]);
        }
    }
}

/// Sites of the report that the table lacks. A table of portals alone does not lack every component.
fn lacking(ranking: &mut Ranking, sites: &[Scanned], met: &[bool]) {
    let mut by_role: IndexMap<Option<Role>, (bool, Vec<&str>)> = IndexMap::new();
    for (site, met) in sites.iter().zip(met).filter(|(site, _)| !site.retired) {
        let (any, lacking) = by_role.entry(site.role).or_default();
        *any |= met;
        if !met {
            lacking.push(&site.id);
        }
    }
    let none_at_all = by_role.values().all(|(any, _)| !any);
    for (role, (any, lacking)) in by_role.into_iter().filter(|(_, (_, lacking))| !lacking.is_empty()) {
        let role = match role {
            Some(Role::Portal) => Text::new("cổng", "portals"),
            Some(Role::Component) => Text::new("trang thành phần", "component sites"),
            Some(Role::Service) => Text::new("hệ thống", "systems"),
            None => Text::new("trang", "sites"),
        };
        let count = lacking.len();
        if any || none_at_all {
            let list = listed(&lacking);
            let message = Text::new(
                format!("{count} {} của báo cáo không có trong bảng EMC: {}.", role.vi, list.vi),
                format!("{} of the report that are not in the EMC table ({count}): {}.", role.en, list.en),
            );
            ranking.say(NoteLevel::Warning, "not-in-table", message, &[]);
        } else {
            let message = Text::new(
                format!(
                    "bảng không có {} nào (theo vai trò trong báo cáo); {count} {} của báo cáo không được đối chiếu.",
                    role.vi, role.vi
                ),
                format!("the table has no {} at all; those of the report ({count}) are not compared.", role.en),
            );
            ranking.say(NoteLevel::Info, "role-not-in-table", message, &[]);
        }
    }
}
