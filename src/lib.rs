//! rasoat checks government portals against criteria written as data.
//!
//! **policy + sites → acquire → facts → judge → findings → tally → report → bytes.**
//!
//! ```text
//!  people write            the world                                     people and machines read
//!  ┌──────────────┐   ┌──────────────────┐                               ┌───────────────────────┐
//!  │ policies/    │   │ folders, servers,│                               │ terminal, JSON, JUnit │
//!  │ sites.yml    │   │ Chromium         │                               │ SARIF, GitLab, GitHub │
//!  │ rasoat.yml   │   └────────┬─────────┘ bytes                         │ HTML, XLSX, DOCX, CSV │
//!  │ decisions    │            │                                         │ Markdown, history     │
//!  └──────┬───────┘            │                                         └───────────▲───────────┘
//!         │           ┌────────▼─────────┐  facts   ┌─────────┐ findings ┌───────────┴───────────┐
//!   load  └──────────►│ gather: acquire  ├─────────►│  judge  ├─────────►│ tally, render, deliver│
//!                     └──────────────────┘ or gaps  └─────────┘          └───────────────────────┘
//! ```
//!
//! Six hands, and nobody goes back:
//!
//! | hand | modules | what it does |
//! |---|---|---|
//! | load | [`yaml`], [`policy`], [`site`], [`config`], [`schema`] | reads what people wrote; every mistake has a place; editors get its schemas |
//! | gather | [`gather`], [`acquire`], [`snapshot`] | the only one that touches disk, network and browser for facts; has no opinion |
//! | judge | [`mod@check`], [`observe`], [`governance`] | the only one with opinions; pure: the same facts give the same answer for ever; [`observe`] lays page after page of a site before it, then all sites; what people decided is laid over it |
//! | tally | [`tally`], [`score`] | counts, points and levels, the run in one word, the exit code |
//! | render | [`report`] | the report and every format made from it; formats never decide |
//! | deliver | [`deliver`] | files by write-then-rename, the history's folder, standard output, GitHub's API; never changes a finding |
//!
//! All of them speak of [`run`] (what was asked, resolved), [`finding`] (one rule on one site) and [`lang`] (the reader's
//! two languages); [`cli`] turns what was typed into a run, a command a file.
//!
//! Bytes are judged first; what they leave open is asked of a page that [`acquire::browser`] shows to Chromium.
//! A fact that could not be had is a [`snapshot::Gap`]; an error that must stop the run is an [`error::Error`];
//! there is no third kind. A judge returns a decision or the gap, so that it cannot pass or fail by mistake.
//! `rasoat discover` goes another way with the same hands: [`acquire::discover`] finds and visits, [`site::merge`]
//! proposes, [`deliver`] writes, and people decide.
//! `rasoat merge` joins stored reports: [`merge`] puts them together, the judges decide again what is asked of all sites.
//! What lies beside a report when it is drawn comes from elsewhere: [`mod@rank`] orders portals by a table of visits,
//! [`history`] says what changed since stored reports. Neither changes a finding.
//! Files are whole or not there: [`part`] is what they are while they are written.
//! The law itself (hosts, names, clauses, wording) lives in `policies/*.yml`, never here.

pub mod acquire;
pub mod check;
pub mod cli;
pub mod config;
pub mod deliver;
pub mod error;
pub mod finding;
pub mod gather;
pub mod governance;
pub mod history;
pub mod lang;
pub mod merge;
pub mod observe;
pub mod part;
pub mod policy;
pub mod rank;
pub mod report;
pub mod run;
pub mod schema;
pub mod score;
pub mod site;
pub mod snapshot;
pub mod tally;
pub mod yaml;

use std::sync::Arc;

use error::Error;
use report::Report;
use run::Run;

/// The whole pipeline: from what was asked to the report.
///
/// # Errors
/// When the run cannot begin; once it has begun, what cannot be seen is a gap in the report.
pub fn check(run: &Arc<Run>) -> Result<Report, Error> {
    let needs = Arc::new(run.needs());
    let mut observed = gather::gather(run, &needs)?;
    let mut findings = observe::with_estate_rules(run, &mut observed);
    let said = governance::lay_over(&run.decisions, &run.scope(observe::partly(run, &observed)), &mut findings);
    let mut report = tally::report(run, &observed, findings);
    report.estate_notes.splice(..0, said);
    Ok(report)
}
