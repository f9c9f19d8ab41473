//! One page: everything that was drawn from its bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use super::script::{InlineHandler, QueueFacts, Script, Spot, SyntaxFault};
use super::visibility::{Hiding, Seen};
use super::{Gap, Landing, Source, Span};

/// What was drawn from the bytes of one page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The page's text and origin.
    pub source: Arc<Source>,
    /// The address it has or will have; a placeholder with https when `address_assumed`.
    pub address: Url,
    /// No address was declared: `address` stands in for it.
    pub address_assumed: bool,
    /// What relative addresses are resolved against (`<base href>`, else `address`).
    pub base: Url,
    /// `<title>`, folded.
    pub title: Option<String>,
    /// The visible text, folded, cut at 4,000 characters: to recognise error pages.
    pub text: String,
    /// No doctype, html, head or body tag: part of a page, not a page.
    pub fragment: bool,
    /// Script elements in document order.
    pub scripts: Vec<Script>,
    /// Files of style sheets that were read, with their addresses; for the home page only.
    pub styles: Vec<(Url, Arc<Source>)>,
    /// Event handler attributes in document order.
    pub handlers: Vec<InlineHandler>,
    /// Scripts that do not parse.
    pub syntax_faults: Vec<SyntaxFault>,
    /// What the scripts do to each tracker of the policy, by its name.
    pub queues: BTreeMap<String, QueueFacts>,
    /// Content security policies in force: headers first, then meta elements.
    pub csp: Vec<Csp>,
    /// Everything a person could follow.
    pub links: Vec<Link>,
    /// Label facts by tracker name; drawn for the home page only.
    pub labels: BTreeMap<String, LabelFacts>,
    /// Matches of the selectors that `element` checks name, by selector.
    pub elements: BTreeMap<String, Vec<ElementMatch>>,
    /// Where the page sends its visitor at once: a meta refresh or a plain script redirect.
    pub refresh: Option<Refresh>,
    /// It resembles an error page, but the evidence is too weak to say so.
    pub doubtful: Option<Gap>,
    /// Files the page loads that were not read.
    pub unread: Vec<Unread>,
    /// Links of the home page that were followed, by resolved address without fragment, and where they lead.
    pub landings: BTreeMap<Url, Landing>,
}

/// Longest delay, in seconds, after which a meta refresh still counts as sending the visitor on at once.
const AT_ONCE: u32 = 5;

impl Page {
    /// Where the page sends its visitor at once, resolved.
    #[must_use]
    pub fn sends_to(&self) -> Option<Url> {
        let refresh = self.refresh.as_ref().filter(|_| self.is_sent_on())?;
        let mut to = self.base.join(&refresh.to).ok()?;
        to.set_fragment(None);
        (to != self.address).then_some(to)
    }

    /// Whether it sends its visitor anywhere at once, be it to itself.
    #[must_use]
    pub fn is_sent_on(&self) -> bool {
        self.refresh.as_ref().is_some_and(|refresh| refresh.delay <= AT_ONCE)
    }
}

/// One content security policy in force.
#[derive(Debug, Clone)]
pub struct Csp {
    /// The policy text.
    pub text: String,
    /// The meta element; `None` for a response header.
    pub spot: Option<Spot>,
    /// Scripts before this offset in the page are not bound by it (a meta policy binds what follows it).
    pub binds_from: u32,
}

/// How a link is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkForm {
    /// `a[href]`.
    Anchor,
    /// `area[href]`.
    Area,
    /// `a` inside `svg`.
    Svg,
    /// An `<option>` whose value is an absolute address.
    Option(OptionHandler),
    /// `onclick` or `href="javascript:…"` with a literal address (a relative one only where the code goes to it).
    Script,
    /// `onclick` or `javascript:` that leads somewhere the text does not tell.
    ScriptUnknown,
}

/// What makes a `<select>` lead somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionHandler {
    /// A visible handler (`onchange`, `onclick` …) on the select, its options, or a button of its form.
    Inline,
    /// None visible, but the page runs scripts that may attach one.
    MaybeScript,
    /// None, and the page runs no script.
    None,
}

/// Something a person could follow.
#[derive(Debug, Clone)]
pub struct Link {
    /// How it is written.
    pub form: LinkForm,
    /// The address as written (white space at the ends and line breaks removed, as a browser does).
    pub href: String,
    /// Its place in the page: the start tag.
    pub span: Span,
    /// What a person reads there (text, alt, title), folded, cut at 120 characters.
    pub text: String,
    /// Whether a person can see it; judged for the home page, `Seen::Yes` on other pages.
    pub seen: Seen,
}

/// A label of the page's own that says the site is connected.
#[derive(Debug, Clone)]
pub struct OwnLabel {
    /// Its place in the page.
    pub span: Span,
    /// What it says, folded.
    pub text: String,
    /// Whether a person can see it.
    pub seen: Seen,
}

/// What the bytes say about one tracker's label.
#[derive(Debug, Clone, Default)]
pub struct LabelFacts {
    /// Labels in the page's own markup.
    pub own: Vec<OwnLabel>,
    /// What the style sheets do to the label the library will add.
    pub injected: InjectedLabel,
    /// Places in scripts that name the label's elements (they may hide it).
    pub scripted: Vec<Spot>,
}

/// What the style sheets that were read do to the label the library adds.
#[derive(Debug, Clone, Default)]
pub enum InjectedLabel {
    /// Nothing hides it.
    #[default]
    Shown,
    /// A rule wins the cascade at 1366 × 768 and hides it.
    Hidden(Hiding),
    /// A rule would hide it under a condition that cannot be evaluated.
    Conditional(Hiding),
}

/// One element that matches a selector.
#[derive(Debug, Clone)]
pub struct ElementMatch {
    /// Its place (start tag); `None` for elements the parser adds.
    pub span: Option<Span>,
    /// Its text, folded, cut at 400 characters.
    pub text: String,
}

/// Where a page sends its visitor at once.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// The address as written.
    pub to: String,
    /// Seconds before it happens.
    pub delay: u32,
    /// Written by script (`location = "…"`) instead of a meta element.
    pub by_script: bool,
    /// Where.
    pub span: Span,
}

/// What kind of file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadKind {
    /// A script.
    Script,
    /// A style sheet.
    Style,
}

/// A file the page loads that was not read.
#[derive(Debug, Clone)]
pub struct Unread {
    /// Script or style sheet.
    pub kind: UnreadKind,
    /// Its address as resolved, or as written when it is none.
    pub address: String,
    /// The page's own host (or folder), where it should have been readable; else another host.
    pub same_site: bool,
    /// Why it could not be read; `None` when it was not tried (another host).
    pub gap: Option<Gap>,
    /// Where the page asks for it.
    pub spot: Spot,
}
