//! A law: whatever the sites are, however many shards there are and in whichever order they are named, the merged
//! report is the report of the whole run.

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use proptest::sample::Index;
use rasoat::merge::{Ending, Part, join};
use rasoat::report::{Report, from_json, to_json};
use rasoat::site::{Estate, Shard};
use rasoat::snapshot::Gap;

use crate::town::Town;

/// One site of a made-up province.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// Lies on the portal's own host, below a path.
    pub(crate) below: bool,
    pub(crate) portal: bool,
    pub(crate) parent: Index,
    pub(crate) declared: Option<u8>,
    pub(crate) seen: Option<u8>,
    pub(crate) gap: Option<Gap>,
    pub(crate) retired: bool,
    pub(crate) links: Vec<(Index, bool)>,
    /// Its visit ends on another site's page.
    pub(crate) ends: Option<Index>,
}

/// Few ids, so that several sites use one.
fn id() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![Just(None), (1..6u8).prop_map(Some), (1..200u8).prop_map(Some)]
}

pub(crate) fn made() -> impl Strategy<Value = Made> {
    let gap = prop_oneof![
        6 => Just(None),
        1 => prop::sample::select(vec![Gap::Dns, Gap::Timeout, Gap::Blocked, Gap::Soft404]).prop_map(Some)
    ];
    let links = prop::collection::vec((any::<Index>(), prop::bool::weighted(0.2)), 0..5);
    let ends = prop_oneof![5 => Just(None), 1 => any::<Index>().prop_map(Some)];
    let flags = (prop::bool::weighted(0.2), prop::bool::weighted(0.25), prop::bool::weighted(0.1));
    (flags, any::<Index>(), id(), id(), gap, links, ends).prop_map(
        |((below, portal, retired), parent, declared, seen, gap, links, ends)| Made {
            below,
            portal,
            parent,
            declared,
            seen,
            gap,
            retired,
            links,
            ends,
        },
    )
}

fn address(k: usize, made: &Made, parent: usize) -> String {
    if made.below { format!("https://s-{parent}.tinh.gov.vn/{k}/") } else { format!("https://s-{k}.tinh.gov.vn/") }
}

/// The province as a run over addresses would see it.
pub(crate) fn province(sites: &[Made]) -> Town {
    // The first is a portal that all others may belong to.
    let is_portal = |k: usize| k == 0 || sites[k].portal;
    let portals: Vec<usize> = (0..sites.len()).filter(|k| is_portal(*k)).collect();
    let parent = |k: usize| portals[sites[k].parent.index(portals.len())];
    let own =
        |k: usize| if is_portal(k) { format!("https://s-{k}.tinh.gov.vn/") } else { address(k, &sites[k], parent(k)) };
    let entries: Vec<String> = (0..sites.len())
        .map(|k| {
            let role = if is_portal(k) {
                "role: portal".to_owned()
            } else {
                format!("role: component, parent: s-{}", parent(k))
            };
            let declared = sites[k].declared.map(|id| format!(", emc_site_id: '{id}'")).unwrap_or_default();
            let retired = if sites[k].retired && k > 0 { ", retired_on: 2025-07-01" } else { "" };
            format!("id: s-{k}, {role}, url: '{}'{declared}{retired}", own(k))
        })
        .collect();
    let mut town = Town::of(&entries.iter().map(String::as_str).collect::<Vec<_>>()).change(|run| {
        let mut all = run.estate.sites().to_vec();
        for site in &mut all {
            site.retired = site.retired_on.is_some();
        }
        run.estate = std::sync::Arc::new(Estate::new(all));
    });
    let snippet = town.run.policies[0].policy.trackers["emc"].snippet.clone().unwrap();
    for (k, made) in sites.iter().enumerate() {
        let id = format!("s-{k}");
        if let Some(gap) = made.gap {
            town = town.gap(&id, gap);
            continue;
        }
        let links = made.links.iter().map(|(to, stranger)| match to.index(sites.len()) {
            n if *stranger => format!("<a href=https://la-{n}.s-0.tinh.gov.vn/>x</a>\n"),
            n => format!("<a href={}>x</a>\n", own(n)),
        });
        let tracked = made.seen.map(|id| snippet.replace("${site_id}", &id.to_string())).unwrap_or_default();
        town = town.page(&id, &format!("{}{tracked}", links.collect::<String>()));
        if let Some(end) = &made.ends {
            town = town.ends(&id, &own(end.index(sites.len())));
        }
    }
    town
}

/// The reports of all shards, each as it would lie on disk.
pub(crate) fn shards(mut town: Town, of: u32) -> Vec<Report> {
    let all = town.run.judged.clone();
    let mut reports = Vec::new();
    for index in 1..=of {
        town = town.change(|run| {
            run.shard = Some(Shard { index, of });
            run.judged = run.estate.shard(Shard { index, of }).map(|s| s.id.clone()).collect();
            run.judged.retain(|id| all.contains(id));
        });
        reports.push(from_json(&to_json(&town.report()).unwrap()).unwrap());
    }
    reports
}

fn parts(reports: Vec<Report>) -> Vec<Part> {
    let named = reports.into_iter().enumerate();
    named.map(|(n, report)| Part { name: format!("part-{n}.json"), report }).collect()
}

/// A report as JSON; each run has an id of its own.
fn told(mut report: Report) -> String {
    report.run_id = String::new();
    to_json(&report).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn merged_shards_are_the_whole_run(
        sites in prop::collection::vec(made(), 1..14),
        of in 1..8u32,
        order in any::<u64>(),
        narrowed in prop::option::weighted(0.2, prop::collection::vec(any::<Index>(), 1..6)),
    ) {
        let town = province(&sites).change(|run| {
            if let Some(kept) = &narrowed {
                let kept: Vec<usize> = kept.iter().map(|i| i.index(run.judged.len())).collect();
                let mut k = 0;
                run.judged.retain(|_| { k += 1; kept.contains(&(k - 1)) });
            }
        });
        let whole = town.report();
        let mut reports = shards(town, of);
        let mut random = order;
        for k in (1..reports.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            reports.swap(k, (random >> 33) as usize % (k + 1));
        }
        let merged = join(parts(reports), Ending::default()).unwrap();
        assert_eq!(told(merged), told(whole));
    }
}

#[test]
fn the_law_is_tried_on_what_matters() {
    // The made-up provinces hold what a merge may get wrong.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut codes = std::collections::BTreeSet::new();
    for _ in 0..60 {
        use proptest::strategy::ValueTree;
        let sites = prop::collection::vec(made(), 8..14).new_tree(&mut runner).unwrap().current();
        let report = province(&sites).report();
        codes.extend(
            report
                .findings
                .iter()
                .filter(|f| f.rule == "emc-site-id-unique")
                .map(|f| format!("{:?} {}", f.verdict, f.code.clone().unwrap_or_default())),
        );
        codes.extend(report.findings.iter().flat_map(|f| &f.notes).map(|n| n.code.clone()));
        codes.extend(report.estate_notes.into_iter().map(|n| n.code));
    }
    for wanted in [
        "Pass ",
        "Fail site-id-shared",
        "NotApplicable retired",
        "NotApplicable no-site-id",
        "Inconclusive dns",
        "same-page",
        "orphan",
        "links-to-other-portal",
        "link-to-dead-site",
        "link-to-retired-site",
        "undeclared-hosts",
    ] {
        assert!(codes.contains(wanted), "{wanted} is not tried: {codes:?}");
    }
}
