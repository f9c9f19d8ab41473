//! A stored report as a ranking is reconciled with: each site with what was seen of its tag. A site of which nothing
//! could be seen says why.

use crate::finding::{Finding, Verdict};
use crate::policy::{Reach, Text};
use crate::rank::{Scanned, Tag};
use crate::report::{Report, SiteReport, words};
use crate::site::Role;

/// The kind of check that looks for a tracker's tag.
const KIND: &str = "tracker";

/// All sites that a report knows, also those that it did not judge.
pub(super) fn sites(report: &Report) -> Vec<Scanned> {
    let asks = |finding: &&Finding| report.rule_of(finding).and_then(|rule| rule.check.as_deref()) == Some(KIND);
    let mut findings: std::collections::HashMap<&str, Vec<&Finding>> = std::collections::HashMap::new();
    for finding in report.findings.iter().filter(asks) {
        findings.entry(&finding.site).or_default().push(finding);
    }
    let judged = report.sites.iter().map(|site| {
        // Of several rules the gravest one is asked.
        let finding = findings.get(site.id.as_str()).and_then(|all| all.iter().max_by_key(|f| f.severity));
        of_site(site, finding.map_or(Tag::NotAsked, |finding| tag(finding)))
    });
    let others = report.not_judged.iter().map(|other| Scanned {
        id: other.id.clone(),
        role: other.role,
        addresses: other.url.iter().chain(&other.listed.aliases).cloned().collect(),
        declared: other.listed.emc_site_id.clone(),
        retired: other.listed.retired,
        ..Scanned::default()
    });
    judged.chain(others).collect()
}

fn of_site(site: &SiteReport, tag: Tag) -> Scanned {
    let across = site.across.as_deref();
    let listed = across.map(|across| &across.listed);
    let mut seen: Vec<String> = match across {
        Some(across) => across.ids.iter().map(|seen| seen.id.clone()).collect(),
        None => site.seen_site_ids.iter().filter_map(|id| Some(id.rsplit_once(':')?.1.to_owned())).collect(),
    };
    seen.sort_unstable();
    seen.dedup();
    // Many components share the unit that owns them; a portal is known by it.
    let unit = site.unit.as_ref().filter(|_| site.role == Some(Role::Portal));
    let aliases = listed.map(|listed| listed.aliases.as_slice()).unwrap_or_default();
    Scanned {
        id: site.id.clone(),
        names: site.name.iter().chain(unit).cloned().collect(),
        role: site.role,
        addresses: site.url.iter().chain(aliases).cloned().collect(),
        seen,
        declared: listed.and_then(|listed| listed.emc_site_id.clone()),
        tag,
        retired: listed.is_some_and(|listed| listed.retired),
    }
}

fn tag(finding: &Finding) -> Tag {
    // What only occurs as text, in a comment or as data, is no tag.
    let seen = finding.reached.is_some_and(|reached| reached >= Reach::Live);
    match finding.verdict {
        Verdict::Pass => Tag::Works,
        Verdict::Fail => Tag::Fails { why: finding.message.clone(), seen },
        Verdict::Waived => {
            let accepted = words::verdict(Verdict::Waived);
            let Text { vi, en } = &finding.message;
            Tag::Fails { why: Text::new(format!("{vi} ({})", accepted.vi), format!("{en} ({})", accepted.en)), seen }
        }
        Verdict::Inconclusive => Tag::Unmeasured(finding.gap.map(|gap| words::cause(gap).into()).unwrap_or_default()),
        Verdict::NotApplicable => Tag::NotAsked,
    }
}
