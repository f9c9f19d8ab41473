//! The judges on the facts of one home page: what an opinion costs once the facts are there.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has no result")]

mod page;

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use page::{estate, policy, setting};
use rasoat::acquire::page::{Kind, of_folder};
use rasoat::check::{BrowserUse, Subject, judge};
use rasoat::finding::Basis;
use rasoat::snapshot::Visit;

fn judges(criterion: &mut Criterion) {
    let (setting, policy, estate) = (setting(0), policy(), estate(Path::new("/nowhere")));
    let page = of_folder(&setting.folder, "index.html", &setting.needs, Kind::Home).expect("a page");
    let visit = Visit::default();
    let subject = Subject {
        site: &estate.sites()[0],
        estate: &estate,
        policy: &policy,
        page: Ok(&page),
        recorded: None,
        browser: BrowserUse::NotRequested,
        basis: Basis::Static,
        visit: &visit,
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    for rule in &policy.rules {
        let name = format!("{} judges {}", rule.check.kind(), rule.id);
        criterion.bench_function(&name, |b| b.iter(|| judge(black_box(&rule.check), &subject)));
    }
}

criterion_group!(benches, judges);
criterion_main!(benches);
