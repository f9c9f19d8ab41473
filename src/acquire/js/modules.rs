//! The modules that the scripts of a page import: found and asked for before anything is read, each once, and put
//! where a browser would run them. Only addresses that stand in the text are followed.

use std::collections::HashSet;
use std::sync::Arc;

use memchr::memmem;
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use url::Url;

use super::depth::too_deep;
use crate::acquire::Fetched;
use crate::snapshot::{Gap, Script, ScriptFile, ScriptKind, Source, Span};

/// Modules of one page that are asked for.
const MOST: usize = 50;
/// Modules imported by modules, and so on.
const DEEPEST: usize = 16;
/// Longer texts are not searched.
const LONGEST: usize = 4 << 20;

/// The scripts with the modules they import: those of `import … from` before the script that asks, those of
/// `import()` behind it. `base` is the page's; `files` gives the text of an address.
#[must_use]
pub fn with_modules(
    page: &Arc<Source>,
    scripts: Vec<Script>,
    base: &Url,
    files: &dyn Fn(&Url) -> Fetched,
) -> Vec<Script> {
    let own = scripts.iter().filter(|s| s.kind == ScriptKind::Module && s.may_run()).filter_map(|s| s.url.clone());
    let mut graph = Graph { files, seen: own.collect(), asked: 0 };
    let mut all = Vec::with_capacity(scripts.len());
    for script in scripts {
        let (text, from) = match (&script.file, script.src.is_some(), &script.url) {
            (ScriptFile::Read(file), true, Some(url)) => (file.text.as_str(), url),
            (ScriptFile::Inline, false, _) => (page.slice(script.text), base),
            _ => ("", base),
        };
        let mut behind = Vec::new();
        if script.may_run() {
            graph.follow(&script, text, from, 0, &mut all, &mut behind);
        }
        all.push(script);
        all.append(&mut behind);
    }
    all
}

struct Graph<'a> {
    files: &'a dyn Fn(&Url) -> Fetched,
    seen: HashSet<Url>,
    asked: usize,
}

impl Graph<'_> {
    fn follow(
        &mut self,
        from: &Script,
        text: &str,
        base: &Url,
        depth: usize,
        before: &mut Vec<Script>,
        behind: &mut Vec<Script>,
    ) {
        for (specifier, on_demand) in imports(text, from.kind == ScriptKind::Module) {
            let Some(url) = resolved(&specifier, base) else { continue };
            if !self.seen.insert(url.clone()) {
                continue;
            }
            self.asked += 1;
            // What was not asked for was not read.
            let file = if self.asked > MOST || depth >= DEEPEST {
                ScriptFile::Missing(Gap::TooLarge)
            } else {
                match (self.files)(&url) {
                    Fetched::Read(source) => ScriptFile::Read(source),
                    Fetched::Missing(gap) => ScriptFile::Missing(gap),
                    Fetched::OtherHost => ScriptFile::OtherHost,
                }
            };
            if self.asked > MOST + 1 {
                return;
            }
            let script = Script {
                kind: ScriptKind::Module,
                inert: None,
                tag: from.tag,
                text: Span { start: from.tag.end, end: from.tag.end },
                src: Some(specifier),
                url: Some(url.clone()),
                is_async: from.is_async,
                is_defer: true,
                on_demand: on_demand || from.on_demand,
                nonce: from.nonce.clone(),
                integrity: None,
                has_body: true,
                file,
            };
            let file = script.file.clone();
            let text = match &file {
                ScriptFile::Read(file) => file.text.as_str(),
                _ => "",
            };
            if on_demand {
                let mut inner = Vec::new();
                self.follow(&script, text, &url, depth + 1, behind, &mut inner);
                behind.push(script);
                behind.append(&mut inner);
            } else {
                self.follow(&script, text, &url, depth + 1, before, behind);
                before.push(script);
            }
        }
    }
}

/// An address as an import gives it; a bare name is none, and fails in a browser unless a map of the page says more.
pub(super) fn resolved(specifier: &str, base: &Url) -> Option<Url> {
    let rooted = ["./", "../", "/"].iter().any(|start| specifier.starts_with(start));
    let url = if rooted { base.join(specifier).ok()? } else { Url::parse(specifier).ok()? };
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// What a text imports, in order: the address as written, and whether only when it is asked for.
fn imports(text: &str, module: bool) -> Vec<(String, bool)> {
    let says = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let asks = says("import") || module && says("from");
    if !asks || !module && !says("import(") || text.len() > LONGEST || too_deep(text).is_some() {
        return Vec::new();
    }
    let allocator = Allocator::default();
    let kind = if module { SourceType::mjs() } else { SourceType::script() };
    let parsed = Parser::new(&allocator, text, kind).parse();
    if parsed.panicked || parsed.diagnostics.has_errors() {
        return Vec::new();
    }
    let record = &parsed.module_record;
    let fixed = record.requested_modules.iter().filter_map(|(name, places)| {
        let first = places.iter().map(|p| p.span.start).min()?;
        Some((first, name.to_string(), false))
    });
    let on_demand = record.dynamic_imports.iter().filter_map(|import| {
        let written = text.get(import.module_request.start as usize..import.module_request.end as usize)?.trim();
        let quote = written.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
        let plain = !inner.contains([quote, '\\']) && !inner.contains("${");
        plain.then(|| (import.span.start, inner.to_owned(), true))
    });
    let mut all: Vec<(u32, String, bool)> = fixed.chain(on_demand).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, name, on_demand)| (name, on_demand)).collect()
}
