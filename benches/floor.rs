//! The least work there is: scraper parses every page of a folder on as many threads as rasoat uses, and nothing
//! is asked of the trees. `cargo run --release --example floor FOLDER` prints how many pages and nodes it made.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "what cannot begin has no result, and the result is printed"
)]

use std::path::PathBuf;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use scraper::Html;

fn main() {
    let folder = std::env::args_os().nth(1).expect("a folder");
    let walk = ignore::WalkBuilder::new(folder).standard_filters(false).build();
    let mut pages: Vec<PathBuf> = walk
        .filter_map(Result::ok)
        .map(ignore::DirEntry::into_path)
        .filter(|p| p.extension() == Some("html".as_ref()))
        .collect();
    pages.sort();
    let nodes: usize = pages
        .par_iter()
        .map(|page| {
            let text = std::fs::read_to_string(page).expect("a page in UTF-8");
            Html::parse_document(&text).tree.values().len()
        })
        .sum();
    println!("{} pages, {} nodes a page", pages.len(), nodes / pages.len().max(1));
}
