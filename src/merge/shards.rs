//! The shards of one run in the order of the sites file. Refuses a set that is not whole; never judges.

use std::collections::HashSet;

use super::{Arranged, Part, by_site, shown};
use crate::finding::{Finding, safe};
use crate::policy::Text;
use crate::report::SiteReport;
use crate::site::Shard;

/// All sites in the order of the sites file.
pub(super) fn arrange(parts: Vec<Part>) -> Result<Arranged, Text> {
    whole(&parts)?;
    let run_id = parts.first().map(|p| p.report.run_id.clone()).unwrap_or_default();
    let (mut sites, mut not_judged) = (Vec::new(), Vec::new());
    for Part { name, report } in parts {
        not_judged.extend(report.not_judged);
        sites.extend(by_site(&name, report.sites, report.findings)?);
    }
    each_once(&sites)?;
    sites.sort_by_key(|(site, _)| site.across.as_ref().and_then(|a| a.listed.entry));
    not_judged.sort_by_key(|entry| entry.listed.entry);
    Ok(Arranged { sites, not_judged, run_id, sections: Vec::new() })
}

/// Refuses a site that two shards hold: one of them is not what it says, so another site may lack.
fn each_once(sites: &[(SiteReport, Vec<Finding>)]) -> Result<(), Text> {
    let mut told = HashSet::new();
    let Some((twice, _)) = sites.iter().find(|(site, _)| !told.insert(site.id.as_str())) else { return Ok(()) };
    let id = safe(&twice.id, 100);
    Err(Text::new(
        format!("không gộp được: trang {id} có trong hai phần; hãy chạy lại mọi phần với cùng sites.yml."),
        format!("cannot merge: the site {id} is in two shards; run all again with one sites file."),
    ))
}

/// Refuses a whole report among shards, shards of several runs, and a shard that is missing or there twice.
fn whole(parts: &[Part]) -> Result<(), Text> {
    let mut shards: Vec<(Shard, &Part)> = Vec::new();
    for part in parts {
        let Some(shard) = part.report.shard else {
            let (name, other) = (shown(part), parts.iter().find(|p| p.report.shard.is_some()).map(shown));
            let other = other.unwrap_or_default();
            return Err(Text::new(
                format!("không gộp được: {other} là một phần (--shard), còn {name} là báo cáo trọn vẹn."),
                format!("cannot merge: {other} is a shard, {name} is a whole report."),
            ));
        };
        shards.push((shard, part));
    }
    let Some((one, first)) = shards.first().copied() else { return Ok(()) };
    for (shard, part) in &shards {
        let run = |p: &Part| safe(&p.report.run_id, 100);
        if part.report.run_id != first.report.run_id {
            return Err(super::differ(
                (first, &run(first)),
                (part, &run(part)),
                ("các phần thuộc những lần chạy khác nhau (run_id)", "the shards are of different runs (run_id)"),
                (
                    "Hãy gộp các phần của cùng một lần chạy, với cùng sites.yml và --site.",
                    "Merge the shards of one run, made with one sites file and the same --site.",
                ),
            ));
        }
        let of = |s: Shard| format!("{}/{}", s.index, s.of);
        if shard.of != one.of || shard.index == 0 || shard.index > shard.of {
            return Err(super::differ(
                (first, &of(one)),
                (part, &of(*shard)),
                ("các phần không cùng một cách chia", "the shards are not of one division"),
                ("Hãy chạy lại mọi phần với cùng số N của --shard I/N.", "Run all again with one N of --shard I/N."),
            ));
        }
        if let Some((_, twin)) = shards.iter().find(|(s, p)| s.index == shard.index && !std::ptr::eq(*p, *part)) {
            let (shard, a, b) = (of(*shard), shown(twin), shown(part));
            return Err(Text::new(
                format!("không gộp được: phần {shard} có hai lần: {a} và {b}."),
                format!("cannot merge: shard {shard} is there twice: {a} and {b}."),
            ));
        }
    }
    // The indexes are distinct and in range here, so fewer than N means that some are missing.
    if shards.len() < one.of as usize {
        let missing = (1..=one.of).filter(|i| !shards.iter().any(|(s, _)| s.index == *i));
        let names: Vec<String> = missing.take(20).map(|i| format!("{i}/{}", one.of)).collect();
        let (n, names) = (one.of as usize - shards.len(), names.join(", "));
        let given = parts.iter().take(20).map(shown).collect::<Vec<_>>().join(", ");
        return Err(Text::new(
            format!("không gộp được: thiếu {n} phần: {names}. Đã có: {given}."),
            format!("cannot merge: shards missing ({n}): {names}. Given: {given}."),
        ));
    }
    Ok(())
}
