//! An example with `transport`: a deployed site whose visit is written down instead of made. From there on it is
//! judged as any visited site; nothing is asked of the network.

use std::time::Instant;

use crate::acquire::folder::Folder;
use crate::acquire::page::{Kind, of_folder};
use crate::finding::{Basis, Finding};
use crate::observe::{self, Home};
use crate::policy::{Example, ExampleCertificate, ExampleVisit};
use crate::run::Run;
use crate::site::Site;
use crate::snapshot::{Attempted, Certificate, Gap, Page, PlainHttp, Tls, Visit};

/// The findings of the example's own site, the first of the run.
pub(super) fn findings(run: &Run, example: &Example, visit: &ExampleVisit) -> Vec<Finding> {
    let Some(site) = run.estate.sites().first() else { return Vec::new() };
    if site.retired {
        return observe::retired(run, site).findings;
    }
    let page = visit.unseen.map_or_else(|| home_page(run, site), Err);
    let home = Home { page, visit: seen(site, example, visit), basis: Basis::Http, code: None, detail: None, at: None };
    let acquired = observe::Acquired { home, others: observe::Others::default(), begun: Instant::now() };
    observe::judged(run, site, &acquired, None).findings
}

fn home_page(run: &Run, site: &Site) -> Result<Page, Gap> {
    of_folder(&Folder::open(site, run.net.max_size)?, "index.html", &run.needs(), Kind::Home)
}

fn seen(site: &Site, example: &Example, visit: &ExampleVisit) -> Visit {
    // What did not answer has no last address.
    let answered = visit.unseen.is_none() || visit.status.is_some();
    let own = site.url.as_ref().filter(|_| answered).map(ToString::to_string);
    let lower = |(name, value): (&String, &String)| (name.to_ascii_lowercase(), value.clone());
    Visit {
        final_url: visit.final_url.clone().or(own),
        hops: visit.hops.iter().map(|url| Attempted { url: url.clone(), status: Some(301) }).collect(),
        status: visit.status.or_else(|| visit.unseen.is_none().then_some(200)),
        attempts: 1,
        tls: visit
            .tls
            .as_ref()
            .map(|tls| Tls { version: tls.version.clone(), chain: tls.chain.iter().map(certificate).collect() }),
        headers: example.headers.iter().flatten().map(lower).collect(),
        plain: visit.plain.as_ref().map(|plain| PlainHttp {
            status: plain.status,
            leads_to: plain.leads_to.clone(),
            gap: plain.gap,
        }),
        ..Visit::default()
    }
}

fn certificate(written: &ExampleCertificate) -> Certificate {
    Certificate {
        subject: written.subject.clone(),
        issuer: written.issuer.clone(),
        names: written.names.clone(),
        not_before: written.not_before.map_or(jiff::Timestamp::UNIX_EPOCH, |from| from.0),
        not_after: written.not_after.0,
        // Stands in for the bytes' own: different certificates shall differ.
        self_signed: written.subject == written.issuer,
        sha256: format!("{}\n{}\n{}", written.subject, written.issuer, written.not_after.0),
    }
}
