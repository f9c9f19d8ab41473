//! `--record` and `--replay`: which recording a run writes or is judged from, and what of the run the recording
//! decides. Flags that say what was visited come from it; flags that judge are given anew.

use std::io::Write;

use super::flags::Check;
use super::{output::Terminal, targets};
use crate::acquire::record::{FORMAT, Header, Identity, PolicyId, Recording};
use crate::error::Error;
use crate::policy::Text;
use crate::run::{Browsing, Run};
use crate::tally;

/// Opens the recording that is to be judged again; what it was asked for is taken over where no flag says otherwise.
pub(super) fn opened(flags: &mut Check, max_size: u64) -> Result<Option<Recording>, Error> {
    let Some(folder) = &flags.replay else { return Ok(None) };
    let recording = Recording::replay(folder, max_size)?;
    let asked = &recording.header().identity;
    flags.deployed |= asked.deployed;
    flags.max_pages = flags.max_pages.or(asked.max_pages);
    if flags.pages.is_empty() {
        flags.pages = asked.pages.clone().unwrap_or_default();
    }
    Ok(Some(recording))
}

/// Which sites of a recording are judged, when no sites file and no target says so.
pub(super) fn judged(flags: &Check, header: &Header) -> Result<Vec<String>, Error> {
    let asked = &header.identity;
    let mut judged = targets::of_ids(&flags.only_sites, &asked.sites)?;
    judged.retain(|id| asked.judged.contains(id));
    // A target may stand anywhere among the declared sites, and its order is the user's.
    judged.sort_by_key(|id| asked.judged.iter().position(|j| j == id));
    Ok(judged)
}

/// Begins or continues the recording of a run.
pub(super) fn begun(flags: &Check, run: &Run, terminal: Terminal) -> Result<Option<Recording>, Error> {
    let Some(folder) = &flags.record else { return Ok(None) };
    let recording = Recording::record(folder, header(flags, run), run.net.max_size)?;
    let (done, all) = (recording.sites(), run.judged.len());
    if done > 0 && !terminal.quiet {
        let of = recording.header().taken_at.strftime("%Y-%m-%dT%H:%M:%SZ");
        say(
            terminal,
            &Text::new(
                format!("tiếp tục bản ghi lúc {of}: {done}/{all} trang đã xong"),
                format!("continuing the recording of {of}: {done} of {all} sites are done"),
            ),
        );
    }
    Ok(Some(recording))
}

/// What the recording says of the run is so: it is one run, whenever it goes on.
pub(super) fn adopt(run: &mut Run, recording: Option<Recording>, terminal: Terminal) {
    if let Some(recording) = recording {
        let header = recording.header();
        run.now = header.taken_at;
        run.timed = header.timed;
        run.pipeline.clone_from(&header.pipeline);
        if recording.only_replays() && header.browser_missing {
            run.browsing = Browsing::Missing;
        }
        if !recording.only_replays() {
            run.recorded.clone_from(&header.accepted);
        }
        if recording.is_torn() && !terminal.quiet {
            let folder = recording.folder().display();
            say(
                terminal,
                &Text::new(
                    format!("bản ghi {folder}: dòng cuối ghi dở, trang của dòng đó coi như chưa xong"),
                    format!(
                        "the recording {folder}: its last line is cut off, so that line's site counts as unfinished"
                    ),
                ),
            );
        }
        run.recording = Some(recording.into());
    }
}

fn header(flags: &Check, run: &Run) -> Header {
    let policies = run.policies.iter().map(|p| PolicyId {
        id: p.policy.id.clone(),
        version: p.policy.version.clone(),
        digest: p.digest.clone(),
    });
    let mut only_sites = flags.only_sites.clone();
    only_sites.sort();
    Header {
        format: FORMAT.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        run_id: tally::run_id(run),
        taken_at: run.now,
        timed: run.timed,
        pipeline: run.pipeline.clone(),
        browser_missing: matches!(run.browsing, Browsing::Missing),
        accepted: run.recorded.clone(),
        identity: Identity {
            policies: policies.collect(),
            only: run.only.iter().cloned().collect(),
            skip: run.skip.iter().cloned().collect(),
            pages: run.pages.clone(),
            max_pages: flags.max_pages,
            deployed: run.deployed,
            shard: run.shard,
            ad_hoc: run.ad_hoc,
            only_sites,
            judged: run.judged.clone(),
            sites: run.estate.sites().to_vec(),
        },
    }
}

fn say(terminal: Terminal, text: &Text) {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(std::io::stderr(), "{}", terminal.lang.pick(text));
}
