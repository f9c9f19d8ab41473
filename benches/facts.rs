//! Facts from bytes: an inner page and a home page of 60 kB, a home page with five thousand style rules, the
//! script reader on the snippet.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has no result")]

mod page;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use page::{SNIPPET, setting};
use rasoat::acquire::Fetched;
use rasoat::acquire::html::{self, Document};
use rasoat::acquire::js::{self, PageCode};
use rasoat::acquire::page::{Kind, of_folder};
use rasoat::snapshot::{Origin, Source};

fn facts(criterion: &mut Criterion) {
    let plain = setting(0);
    let source = Arc::new(plain.folder.page("index.html").expect("a page"));
    criterion.bench_function("tree of a 60 kB page", |b| b.iter(|| black_box(Document::parse(source.clone()))));
    criterion.bench_function("facts of an inner page", |b| {
        b.iter(|| of_folder(&plain.folder, black_box("index.html"), &plain.needs, Kind::Inner).expect("a page"));
    });
    criterion.bench_function("facts of a home page", |b| {
        b.iter(|| of_folder(&plain.folder, black_box("index.html"), &plain.needs, Kind::Home).expect("a page"));
    });
    let styled = setting(5_000);
    criterion.bench_function("facts of a home page, 5,000 CSS rules", |b| {
        b.iter(|| of_folder(&styled.folder, black_box("index.html"), &styled.needs, Kind::Home).expect("a page"));
    });
}

fn scripts(criterion: &mut Criterion) {
    let setting = setting(0);
    let text = format!("<!doctype html><body><script>{SNIPPET}</script>");
    let source = Arc::new(Source::new(Origin { path: None, url: None }, text));
    let doc = Document::parse(source.clone());
    let address = &setting.folder.address;
    let scripts = html::scripts(&doc, address, &setting.needs, &|_| Fetched::OtherHost);
    let code = PageCode { scripts: &scripts, base: address, handlers: &[] };
    criterion.bench_function("script reader on the snippet", |b| {
        b.iter(|| js::read(&source, black_box(code), address, false, &setting.needs));
    });
}

criterion_group!(benches, facts, scripts);
criterion_main!(benches);
