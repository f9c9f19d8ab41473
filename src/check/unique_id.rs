//! `unique_id`: no two sites of the run use one tracker id. Decided in a second pass, over what every site showed.

use std::collections::BTreeMap;

use super::{Decided, Judged, Unseen, note};
use crate::finding::{Basis, Evidence, NoteLevel, Place};
use crate::policy::Text;
use crate::snapshot::Gap;

/// What one site contributes to the question.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The site's id.
    pub site: String,
    /// Ids seen on its pages, with their places.
    pub ids: Vec<(String, Vec<Place>)>,
    /// The declared id.
    pub declared: Option<String>,
    /// Why the site could not be seen.
    pub gap: Option<Gap>,
    /// The page its visit ended on, as pages are told apart; `None` when it is not known.
    pub page: Option<String>,
}

impl Seen {
    /// The ids that speak for the site: those seen, else the declared one.
    fn ids(&self) -> Vec<&str> {
        if self.ids.is_empty() {
            self.declared.as_deref().into_iter().collect()
        } else {
            self.ids.iter().map(|(id, _)| id.as_str()).collect()
        }
    }
}

/// One answer for each site, in the order given. In a shard the other sites are not known, so nothing is decided.
#[must_use]
pub fn over_estate(seen: &[Seen], in_shard: bool) -> Vec<Judged> {
    if in_shard {
        return seen.iter().map(|_| Err(decided_at_merge())).collect();
    }
    let mut users: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for site in seen {
        for id in site.ids() {
            users.entry(id).or_default().push(site);
        }
    }
    seen.iter().map(|site| answer(site, &users)).collect()
}

fn decided_at_merge() -> Unseen {
    Unseen::new(
        Gap::NotRequested,
        "decided-at-merge",
        Text::new(
            "Chỉ kết luận được khi gộp báo cáo của mọi phần (rasoat merge).",
            "Decided when the reports of all shards are merged (rasoat merge).",
        ),
    )
}

fn answer(site: &Seen, users: &BTreeMap<&str, Vec<&Seen>>) -> Judged {
    let ids = site.ids();
    if ids.is_empty() {
        if let Some(gap) = site.gap {
            return Err(gap.into());
        }
        return Ok(Decided::not_applicable(
            "no-site-id",
            Text::new("Trang chưa có mã số để so sánh.", "The site has no id to compare."),
        ));
    }
    let users_of = |id: &str, same_page: bool| -> Vec<&str> {
        let others = users.get(id).into_iter().flatten().filter(|s| s.site != site.site);
        others.filter(|s| is_same_page(s, site) == same_page).map(|s| s.site.as_str()).collect()
    };
    let shared = ids.iter().map(|id| (*id, users_of(id, false))).find(|(_, others)| !others.is_empty());
    let mut decided = match shared {
        None => Decided::pass(Text::new(
            format!("Mã số {} không trùng với trang nào khác.", ids.join(", ")),
            format!("The id {} is used by no other site.", ids.join(", ")),
        )),
        Some((id, others)) => {
            let mut fail = Decided::fail(
                "site-id-shared",
                Text::new(
                    format!("Mã số {id} cũng được dùng bởi: {}.", list(&others)),
                    format!("The id {id} is also used by: {}.", list(&others)),
                ),
            );
            fail.grounds.actual = Some(id.to_owned());
            fail.grounds.evidence =
                others.iter().take(20).map(|s| Evidence::Statement { text: format!("{s}: {id}") }).collect();
            fail.grounds.places = site
                .ids
                .iter()
                .filter(|(seen, _)| seen == id)
                .flat_map(|(_, places)| places.clone())
                .take(10)
                .collect();
            fail
        }
    };
    let mut doubles: Vec<&str> = ids.iter().flat_map(|id| users_of(id, true)).collect();
    doubles.dedup();
    if !doubles.is_empty() {
        let text = Text::new(
            format!("Cùng một trang với: {}. Nên giữ một mục và ghi địa chỉ kia vào aliases.", list(&doubles)),
            format!("The same page as: {}. Keep one entry and put the other address in its aliases.", list(&doubles)),
        );
        decided.grounds.notes.push(note("same-page", NoteLevel::Warning, text, Vec::new()));
    }
    if site.ids.is_empty() {
        decided.grounds.basis = Some(Basis::Declared);
    }
    Ok(decided)
}

/// Two entries whose visits end on one page are one site under two names: that it has one id is right.
fn is_same_page(a: &Seen, b: &Seen) -> bool {
    a.page.is_some() && a.page == b.page
}

fn list(sites: &[&str]) -> String {
    let shown = sites.iter().take(10).copied().collect::<Vec<_>>().join(", ");
    if sites.len() > 10 { format!("{shown} (+{})", sites.len() - 10) } else { shown }
}
