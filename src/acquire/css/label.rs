//! Label facts of one tracker: labels in the page's own markup with whether a person sees them, and what the
//! style sheets do to the label that the tracker's library adds. Which tracker it is, only the policy knows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};

use super::selector::attribute;
use super::ua::inline_by_default;
use super::visible::{Rank, Seeing, Styles, rank};
use crate::acquire::html::{Document, fold, is_shadow_mode};
use crate::policy::{LabelMarkup, Tracker};
use crate::snapshot::{Hiding, InjectedLabel, LabelFacts, OwnLabel, Seen, Span, Spot, Technique};

/// A label stands alone: the element that holds it has at most this many characters after folding.
const LONGEST: usize = 80;
/// Text beyond this many characters is not kept while looking for the innermost holder.
const KEPT: usize = 400;

/// Reads the label facts of one tracker; empty when the policy describes no label.
#[must_use]
pub fn labels(doc: &Document, styles: &Styles, tracker: &Tracker) -> LabelFacts {
    let Some(markup) = &tracker.label else { return LabelFacts::default() };
    let wanted = Wanted::new(markup);
    LabelFacts {
        own: own(doc, styles, markup, &wanted),
        injected: injected(doc, styles, markup, &wanted),
        scripted: Vec::new(),
    }
}

/// The label's texts, folded.
struct Wanted(Vec<String>);

impl Wanted {
    fn new(markup: &LabelMarkup) -> Self {
        Self(markup.texts.iter().map(|t| fold(t)).filter(|t| !t.is_empty()).collect())
    }

    fn within(&self, folded: &str) -> bool {
        self.0.iter().any(|t| folded.contains(t.as_str()))
    }

    /// Whether the text directly in an element is a part of the label's.
    fn shares(&self, el: &ElementRef) -> bool {
        let mut kept = String::new();
        el.children().filter_map(|c| c.value().as_text()).for_each(|text| append(&mut kept, text));
        let folded = fold(&kept);
        !folded.is_empty() && self.0.iter().any(|t| t.contains(&folded) || folded.contains(t.as_str()))
    }

    /// Alone in a text: there, and with little else.
    fn alone(&self, folded: &str) -> bool {
        self.within(folded) && folded.chars().count() <= LONGEST
    }
}

fn own(doc: &Document, styles: &Styles, markup: &LabelMarkup, wanted: &Wanted) -> Vec<OwnLabel> {
    let element = |id: NodeId| doc.html.tree.get(id).and_then(ElementRef::wrap);
    let span = |el: ElementRef| nearest_span(doc, el);
    let mut found: Vec<OwnLabel> = Vec::new();
    // What was found, and what is around it.
    let (mut holding, mut known) = (HashSet::new(), Known::new());
    for id in holders(&doc.html, doc.html.tree.root().id(), |text| wanted.alone(text)) {
        let Some(el) = element(id) else { continue };
        let seen = text_seen(doc, styles, el, wanted, &mut known);
        found.push(OwnLabel { span: span(el), text: text_of(el), seen });
        hold(&mut holding, el);
    }
    for el in doc.html.tree.root().descendants().filter_map(ElementRef::wrap) {
        if let Some(text) = picture_text(el).into_iter().map(|t| fold(&t)).find(|t| wanted.alone(t))
            && !set_aside(el)
        {
            found.push(OwnLabel { span: span(el), text, seen: styles.picture_seen(doc, el) });
            hold(&mut holding, el);
        }
        // A page within the page may show it.
        if let Some(text) = framed(el).map(fold).filter(|text| wanted.within(text)) {
            let spot = doc.span(el.id()).map(|span| Spot { source: Arc::clone(&doc.source), span });
            let seen = Seen::Unsure(Hiding { technique: Technique::HiddenAttribute, spot });
            found.push(OwnLabel { span: span(el), text: text.chars().take(LONGEST).collect(), seen });
        }
    }
    // Pasted markup may hold the text among more words than a label has.
    for selector in markup.selectors.iter().filter_map(|s| Selector::parse(s).ok()) {
        for el in doc.html.select(&selector).filter(|el| !set_aside(*el)) {
            let text = text_of(el);
            if wanted.within(&text) && !holding.contains(&el.id()) {
                let seen = text_seen(doc, styles, el, wanted, &mut known);
                found.push(OwnLabel { span: span(el), text, seen });
                hold(&mut holding, el);
            }
        }
    }
    found.sort_by_key(|label| label.span);
    found
}

/// Notes an element and all around it; what is around a noted one is noted already.
fn hold(holding: &mut HashSet<NodeId>, el: ElementRef) {
    let mut around = std::iter::once(el.id()).chain(el.ancestors().map(|n| n.id()));
    while around.next().is_some_and(|id| holding.insert(id)) {}
}

/// The start tag, or that of the nearest element around it that has one.
fn nearest_span(doc: &Document, el: ElementRef) -> Span {
    let around = el.ancestors().map(|n| n.id());
    std::iter::once(el.id()).chain(around).find_map(|id| doc.span(id)).unwrap_or(Span::new(0, 0))
}

/// What an image says in words.
fn picture_text(el: ElementRef) -> Vec<String> {
    let name = el.value().name();
    let picture = match name {
        "img" | "area" | "object" | "svg" => true,
        "input" => attribute(el, "type").is_some_and(|t| t.eq_ignore_ascii_case("image")),
        _ => attribute(el, "role").is_some_and(|r| r.eq_ignore_ascii_case("img")),
    };
    if !picture {
        return Vec::new();
    }
    let mut texts: Vec<String> =
        ["alt", "title", "aria-label"].iter().filter_map(|a| attribute(el, a)).map(str::to_owned).collect();
    if name == "svg" {
        let titles = el.child_elements().filter(|c| c.value().name() == "title");
        texts.extend(titles.map(|t| t.text().collect::<String>()));
    }
    texts
}

/// The page that a frame holds in its own tag.
fn framed<'a>(el: ElementRef<'a>) -> Option<&'a str> {
    if el.value().name() == "iframe" && !set_aside_around(el) { attribute(el, "srcdoc") } else { None }
}

/// In a part of the tree that is no page content.
fn set_aside(el: ElementRef) -> bool {
    no_content(el.value()) || set_aside_around(el)
}

fn set_aside_around(el: ElementRef) -> bool {
    el.ancestors().any(|n| n.value().as_element().is_some_and(no_content))
}

/// Whether what an element holds is no text of the page. Of a list's options only the chosen one shows, and it says
/// nothing of the page; the template of a shadow tree shows.
fn no_content(element: &Element) -> bool {
    if element.name() == "template" {
        return !element.attr("shadowrootmode").is_some_and(is_shadow_mode);
    }
    matches!(
        element.name(),
        "script" | "style" | "noscript" | "option" | "title" | "head" | "textarea" | "iframe" | "noembed" | "noframes"
    )
}

/// The innermost elements below a node whose folded text fits, in document order of their ends.
fn holders(html: &Html, root: NodeId, fits: impl Fn(&str) -> bool) -> Vec<NodeId> {
    let mut found = Vec::new();
    let Some(root) = html.tree.get(root) else { return found };
    // One entry per open element: its text so far, whether a holder is inside, whether it is content at all.
    let mut open: Vec<(String, bool, bool)> = Vec::new();
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => {
                    if let Some((kept, _, true)) = open.last_mut() {
                        append(kept, text);
                    }
                }
                Node::Element(element) => {
                    let content = open.last().is_none_or(|(_, _, content)| *content) && !no_content(element);
                    open.push((String::new(), false, content));
                }
                _ => open.push((String::new(), false, open.last().is_none_or(|(_, _, content)| *content))),
            },
            Edge::Close(node) => {
                if node.value().is_text() {
                    continue;
                }
                let Some((text, mut holds, content)) = open.pop() else { continue };
                if content && !holds && node.value().is_element() && !text.is_empty() && fits(&fold(&text)) {
                    found.push(node.id());
                    holds = true;
                }
                if let Some((outer, outer_holds, _)) = open.last_mut() {
                    *outer_holds |= holds;
                    let block =
                        ElementRef::wrap(node).is_none_or(|e| !inline_by_default(e) || e.value().name() == "br");
                    if block {
                        outer.push(' ');
                    }
                    append(outer, &text);
                    if block {
                        outer.push(' ');
                    }
                }
            }
        }
    }
    found
}

/// Adds text, no more than can matter: runs of white space count once.
fn append(kept: &mut String, text: &str) {
    let mut space = kept.ends_with(char::is_whitespace);
    for c in text.chars() {
        if kept.len() > KEPT * 4 {
            return;
        }
        let white = c.is_whitespace();
        if !(white && space) {
            kept.push(if white { ' ' } else { c });
        }
        space = white;
    }
}

/// The folded text of an element, with words of different blocks kept apart.
fn text_of(el: ElementRef) -> String {
    fold(&joined(el, |_| true))
}

/// The text of those parts that the caller wants, by the element that holds each.
fn joined(el: ElementRef, wanted: impl Fn(NodeId) -> bool) -> String {
    let mut text = String::new();
    for edge in el.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(part) => {
                    let holder = node.parent().and_then(ElementRef::wrap);
                    if holder.is_some_and(|h| !no_content(h.value()) && wanted(h.id())) {
                        text.push_str(part);
                    }
                }
                _ => text.push_str(apart(node)),
            },
            Edge::Close(node) => text.push_str(apart(node)),
        }
        if text.len() > KEPT * 40 {
            break;
        }
    }
    text
}

/// White space where a block begins or ends.
fn apart(node: ego_tree::NodeRef<Node>) -> &'static str {
    match ElementRef::wrap(node) {
        Some(el) if !inline_by_default(el) || el.value().name() == "br" => " ",
        _ => "",
    }
}

/// How well each holder of text is seen, asked once for each of them: labels may stand in labels.
type Known = HashMap<NodeId, Seen>;

/// How well the label's own text is seen: parts of the element that hold none of it do not matter.
fn text_seen(doc: &Document, styles: &Styles, el: ElementRef, wanted: &Wanted, known: &mut Known) -> Seen {
    let (mut parts, mut ranks) = (Vec::new(), HashMap::new());
    for node in el.descendants().filter(|n| n.value().is_text()) {
        let Some(holder) = node.parent().and_then(ElementRef::wrap) else { continue };
        if ranks.contains_key(&holder.id()) {
            continue;
        }
        let seen = known.entry(holder.id()).or_insert_with(|| styles.text_seen(doc, holder));
        ranks.insert(holder.id(), rank(seen));
        parts.push(holder);
    }
    // The best parts that hold the text together: there are few ranks, however many parts.
    let mut all: Vec<Rank> = ranks.values().copied().collect();
    all.sort_unstable();
    all.dedup();
    let better = |worst: Rank| fold(&joined(el, |id| ranks.get(&id).is_some_and(|rank| *rank <= worst)));
    let worst = all.iter().find(|rank| wanted.within(&better(**rank))).or(all.last());
    let of_rank = || parts.iter().filter(|p| ranks.get(&p.id()) == worst);
    let decides = of_rank().find(|part| wanted.shares(part)).or_else(|| of_rank().next());
    decides.and_then(|part| known.get(&part.id()).cloned()).unwrap_or(Seen::Yes)
}

/// Where the library may put its label.
#[derive(Clone, Copy)]
enum Place {
    /// As the last element of the body.
    End,
    /// As the first one.
    Start,
    /// Between others, in an element of the page.
    Within,
}

/// Puts the library's markup at the end of a copy of the page and asks what the style sheets do to it. Where they
/// hide it there and not elsewhere, the place decides, which only a browser knows.
fn injected(doc: &Document, styles: &Styles, markup: &LabelMarkup, wanted: &Wanted) -> InjectedLabel {
    let Some(stand_in) = &markup.stand_in else { return InjectedLabel::Shown };
    let at = |place| injected_at(doc, styles, stand_in, wanted, place);
    match at(Place::End) {
        InjectedLabel::Hidden(hiding) => {
            let everywhere =
                [Place::Start, Place::Within].into_iter().all(|place| matches!(at(place), InjectedLabel::Hidden(_)));
            if everywhere { InjectedLabel::Hidden(hiding) } else { InjectedLabel::Conditional(hiding) }
        }
        other => other,
    }
}

fn injected_at(doc: &Document, styles: &Styles, stand_in: &str, wanted: &Wanted, place: Place) -> InjectedLabel {
    let mut html = doc.html.clone();
    let Some(grafted) = graft(&mut html, stand_in, place) else { return InjectedLabel::Shown };
    let mut places = Vec::new();
    for root in grafted {
        let texts = holders(&html, root, |text| wanted.within(text));
        places.extend(texts.into_iter().map(|id| (id, true)));
        let below = html.tree.get(root).into_iter().flat_map(|n| n.descendants()).filter_map(ElementRef::wrap);
        let pictures = below.filter(|el| picture_text(*el).iter().any(|t| wanted.within(&fold(t))));
        places.extend(pictures.map(|el| (el.id(), false)));
        if places.is_empty() {
            places.push((root, true));
        }
    }
    let seeing = Seeing::default();
    let mut worst = InjectedLabel::Shown;
    for (id, text) in places {
        let Some(el) = html.tree.get(id).and_then(ElementRef::wrap) else { continue };
        worst = match styles.added_seen(doc, &html, &seeing, el, text) {
            Seen::Hidden(hiding) => InjectedLabel::Hidden(hiding),
            Seen::Unsure(hiding) | Seen::InMenu(hiding) => InjectedLabel::Conditional(hiding),
            Seen::Yes | Seen::InDetails => return InjectedLabel::Shown,
        };
    }
    worst
}

/// Adds markup to the body; the ids of the elements added, `None` without a body.
fn graft(html: &mut Html, markup: &str, place: Place) -> Option<Vec<NodeId>> {
    let body = html.root_element().child_elements().find(|e| e.value().name() == "body")?.id();
    let around = match place {
        Place::Within => format!("<div><p>-</p>{markup}<p>-</p></div>"),
        Place::End | Place::Start => markup.to_owned(),
    };
    let fragment = Html::parse_fragment(&around);
    let root = html.tree.extend_tree(fragment.tree).id();
    let elements = |id: NodeId| -> Option<Vec<NodeId>> {
        Some(html.tree.get(id)?.children().filter(|c| c.value().is_element()).map(|c| c.id()).collect())
    };
    let holder = *elements(root)?.first()?;
    let mut added = elements(holder)?;
    if let Place::Within = place {
        let inner = elements(*added.first()?)?;
        added = inner.get(1..inner.len().checked_sub(1)?)?.to_vec();
    }
    let mut body = html.tree.get_mut(body)?;
    match place {
        Place::Start => body.reparent_from_id_prepend(holder),
        Place::End | Place::Within => body.reparent_from_id_append(holder),
    };
    Some(added)
}
