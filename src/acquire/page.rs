//! One page from bytes to facts: the one place where markup, scripts and styles are read together.
//! Inner pages get what rules over all pages ask for; the home page also what a person sees on it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, LockResult, Mutex, MutexGuard};

use url::Url;

use super::fetch::Answer;
use super::folder::Folder;
use super::html::{self, Document};
use super::{Fetched, Needs, css, js};
use crate::site::shown;
use crate::snapshot::{Csp, Gap, Origin, Page, Script, ScriptFile, Seen, Source, Span, Spot, Unread, UnreadKind};

/// Which page of a site it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The home page: links and labels are judged there, so what a person sees is worked out.
    Home,
    /// Any other page of a folder: nobody asks where it leads, only whether it has next to no links.
    Inner,
    /// A page that is read for its links alone.
    SiteMap,
    /// Any other page that a server answered with: it may be an error page in disguise.
    Linked,
}

/// What is known of a page beside its text.
struct Circumstances<'a> {
    address: Url,
    address_assumed: bool,
    headers: Vec<(String, String)>,
    kind: Kind,
    needs: &'a Needs,
    files: &'a dyn Fn(&Url) -> Fetched,
    known: &'a js::Known,
}

/// Links drawn from an inner page of a folder: enough to tell it from a page with next to none.
pub const FEW_LINKS: usize = 3;
/// Characters drawn of its text: enough to tell it from a page that only says that it is loading.
pub const FEW_WORDS: usize = 200;
/// A page larger than this is parsed one at a time, in bytes: its tree is eight times as large.
const LARGE: usize = 1 << 20;

/// Reads a page of a folder.
///
/// # Errors
/// The gap of a file that is no readable page.
pub fn of_folder(folder: &Folder, relative: &str, needs: &Needs, kind: Kind) -> Result<Page, Gap> {
    let source = folder.page(relative)?;
    let _turn = turn(source.text.len());
    let address = folder.address_of(relative);
    let circumstances = Circumstances {
        headers: folder.headers(&address),
        address,
        address_assumed: folder.address_assumed,
        kind,
        needs,
        files: &|url| folder.fetch(url),
        known: &folder.scripts,
    };
    read(source, &circumstances)
}

/// The files a fetched page names, each once, in order: what may be asked for before it is read in earnest.
#[must_use]
pub fn files_of(answer: &Answer, needs: &Needs) -> Vec<Url> {
    let _turn = turn(answer.body.len());
    let Ok(source) = text_of(answer) else { return Vec::new() };
    let doc = Document::parse(Arc::new(source));
    let base = html::base(&doc, &answer.url);
    let named = RefCell::new(Vec::new());
    html::scripts(&doc, &base, needs, &|url| {
        named.borrow_mut().push(url.clone());
        Fetched::OtherHost
    });
    let mut named = named.into_inner();
    named.extend(css::named(&doc, &base));
    let mut once = HashSet::new();
    named.retain(|url| once.insert(url.clone()));
    named
}

/// The address that a page gives as its own.
#[must_use]
pub fn own_address(page: &Page) -> Option<Url> {
    html::own_address(&Document::parse(Arc::clone(&page.source)))
}

/// The text of an answer.
fn text_of(answer: &Answer) -> Result<Source, Gap> {
    if !answer.is_page {
        return Err(Gap::NotHtml);
    }
    let text = html::decode(&answer.body, answer.charset.as_deref())?.text;
    Ok(Source::new(Origin { path: None, url: Some(shown(&answer.url)) }, text))
}

/// Reads a fetched page.
///
/// # Errors
/// The gap of an answer that is no readable page.
pub fn of_answer(
    answer: &Answer,
    needs: &Needs,
    kind: Kind,
    files: &dyn Fn(&Url) -> Fetched,
    known: &js::Known,
) -> Result<Page, Gap> {
    let _turn = turn(answer.body.len());
    let circumstances = Circumstances {
        address: answer.url.clone(),
        address_assumed: false,
        headers: answer.headers.clone(),
        kind,
        needs,
        files,
        known,
    };
    read(text_of(answer)?, &circumstances)
}

fn read(source: Source, circumstances: &Circumstances<'_>) -> Result<Page, Gap> {
    let mut page = draw(Arc::new(source), circumstances)?;
    if matches!(circumstances.kind, Kind::Home | Kind::Linked) {
        let title = page.title.as_deref().unwrap_or_default();
        let found = html::error_page(title, &page.text, &page.source.text, page.links.len());
        if let Some(found) = &found {
            if found.strong {
                return Err(found.gap);
            }
            page.doubtful = Some(found.gap);
        }
        if page.sends_to().is_none() {
            let links = page.links.len();
            if html::is_cookie_gate(&page.text, &page.source.text, links) {
                return Err(Gap::Challenge);
            }
            // It loads itself again at once, and there is nothing on it.
            if page.is_sent_on() && html::is_bare(&page.text, links) {
                return Err(Gap::RedirectLoop);
            }
        }
    }
    Ok(page)
}

/// The turn of a large page, by its bytes; others need none.
fn turn(bytes: usize) -> Option<LockResult<MutexGuard<'static, ()>>> {
    static ONE_LARGE: Mutex<()> = Mutex::new(());
    // A poisoned lock still keeps large pages apart.
    (bytes > LARGE).then(|| ONE_LARGE.lock())
}

fn draw(source: Arc<Source>, circumstances: &Circumstances<'_>) -> Result<Page, Gap> {
    let Circumstances { address, kind, needs, files, .. } = circumstances;
    let doc = Document::parse(source.clone());
    if doc.cut().is_some() {
        // What lies beyond the cut was not read, so nothing can be said of the page as a whole.
        return Err(Gap::TooLarge);
    }
    let base = html::base(&doc, address);
    let scripts = js::with_modules(&source, html::scripts(&doc, &base, needs, files), &base, files);
    let handlers = html::inline_handlers(&doc);
    let code = js::PageCode { scripts: &scripts, base: &base, handlers: &handlers };
    let run = circumstances.known.read(&source, code, address, circumstances.address_assumed, needs);
    let mut queues = run.queues;
    for (name, tracker) in &needs.trackers {
        queues.entry(name.clone()).or_default().mentions.extend(html::mentions(&doc, tracker));
    }
    let mut unread = unread_scripts(&source, &scripts);
    let elements = html::elements(&doc, &needs.selectors);
    let csp = policies(&doc, circumstances);
    let (title, fragment) = (html::title(&doc), html::is_fragment(&doc));
    let text = if *kind == Kind::Inner { html::first_words(&doc, FEW_WORDS) } else { html::visible_text(&doc) };
    let sent = circumstances.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("refresh"));
    let refresh = sent.and_then(|(_, text)| html::sent_refresh(text)).or_else(|| html::refresh(&doc)).or(run.redirect);
    let (mut labels, mut sheets) = (BTreeMap::new(), Vec::new());
    let links = if *kind == Kind::Home {
        let styles = css::Styles::new(&doc, &base, files, &css::Scripts::of(&source, &scripts));
        unread.extend(styles.unread().iter().cloned());
        sheets = styles.read().to_vec();
        for (name, tracker) in &needs.trackers {
            let mut facts = css::labels(&doc, &styles, tracker);
            facts.scripted = run.label_spots.get(name).cloned().unwrap_or_default();
            labels.insert(name.clone(), facts);
        }
        html::links(&doc, &base, usize::MAX, &|element| styles.seen(&doc, element))
    } else {
        let most = if *kind == Kind::Inner { FEW_LINKS } else { usize::MAX };
        html::links(&doc, &base, most, &|_| Seen::Yes)
    };
    Ok(Page {
        address: address.clone(),
        address_assumed: circumstances.address_assumed,
        base,
        title,
        text,
        fragment,
        scripts,
        handlers,
        syntax_faults: run.syntax_faults,
        queues,
        csp,
        links,
        styles: sheets,
        labels,
        elements,
        refresh,
        doubtful: None,
        unread,
        landings: BTreeMap::new(),
        source,
    })
}

/// Response headers first, then meta elements: all are in force.
fn policies(doc: &Document, circumstances: &Circumstances<'_>) -> Vec<Csp> {
    let headers = circumstances.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-security-policy"));
    let headers = headers.map(|(_, text)| Csp { text: text.clone(), spot: None, binds_from: 0 });
    headers.chain(html::csp_metas(doc)).collect()
}

fn unread_scripts(source: &Arc<Source>, scripts: &[Script]) -> Vec<Unread> {
    let spot = |span: Span| Spot { source: source.clone(), span };
    scripts
        .iter()
        .filter(|s| s.may_run())
        .filter_map(|s| {
            let (same_site, gap) = match s.file {
                ScriptFile::Missing(gap) => (true, Some(gap)),
                ScriptFile::OtherHost => (false, None),
                ScriptFile::Inline | ScriptFile::Read(_) => return None,
            };
            let address = s.url.as_ref().map(ToString::to_string).or_else(|| s.src.clone()).unwrap_or_default();
            Some(Unread { kind: UnreadKind::Script, address, same_site, gap, spot: spot(s.tag) })
        })
        .collect()
}
