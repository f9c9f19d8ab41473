//! A tree sink around scraper's own: it passes every call on, so that the tree stays scraper's, and notes
//! which elements the token being read has made, and which tell of the page more than they show.
//! Knows nothing of positions; the tap adds those.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use ego_tree::{NodeId, Tree};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, local_name};
use scraper::{Html, HtmlTreeSink, Node};

/// What one token made.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// The start tag being read.
    tag: Option<LocalName>,
    /// The element the tag stands for: the last one made under its name.
    pub(super) own: Option<NodeId>,
    /// Elements the parser adds by itself: implied ones and copies of formatting elements.
    pub(super) added: Vec<NodeId>,
}

/// What was noted of the elements while they were made.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Scripts, metas, links to files, base and title, by their ids, which only grow.
    pub(super) telling: Vec<NodeId>,
    /// Those with an attribute whose name begins with `on`, sorted likewise.
    pub(super) handling: Vec<NodeId>,
    /// An element was moved or put before another, or a template holds some: the tree has another order or other
    /// elements than the ids tell. Else every element was added behind the last: the parser keeps open only what
    /// holds that one.
    pub(super) shuffled: bool,
}

/// The sink.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) inner: HtmlTreeSink,
    made: RefCell<Made>,
    /// Whether anything was made since it was last asked.
    news: Cell<bool>,
    noted: RefCell<Noted>,
}

impl Recorder {
    /// A sink with room for about so many nodes.
    pub(super) fn new(nodes: usize) -> Self {
        let mut html = Html::new_document();
        html.tree = Tree::with_capacity(Node::Document, nodes);
        Self {
            inner: HtmlTreeSink::new(html),
            made: RefCell::default(),
            news: Cell::new(false),
            noted: RefCell::default(),
        }
    }

    /// Says which start tag the next elements come from, until the tag is over.
    #[inline]
    pub(super) fn expect(&self, tag: Option<LocalName>) {
        self.made.borrow_mut().tag = tag;
    }

    /// What was made since the last call; `None` for most tokens.
    #[inline]
    pub(super) fn made(&self) -> Option<Made> {
        self.news.replace(false).then(|| self.made.take())
    }

    /// The tree, and what was noted of its elements.
    pub(super) fn into_tree(self) -> (Html, Noted) {
        let mut noted = self.noted.into_inner();
        // Attributes may have come to an element later.
        noted.handling.sort_unstable();
        noted.handling.dedup();
        (self.inner.finish(), noted)
    }

    fn shuffle(&self) {
        self.noted.borrow_mut().shuffled = true;
    }

    /// Nodes made so far, detached ones included.
    pub(super) fn nodes(&self) -> usize {
        self.inner.0.borrow().tree.values().len()
    }
}

/// Whether elements of this name tell of the page more than they show.
#[inline]
pub(super) fn tells(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("base") | local_name!("link") | local_name!("meta") | local_name!("script") | local_name!("title")
    )
}

/// Whether an attribute is an event handler.
#[inline]
pub(super) fn handles(name: &LocalName) -> bool {
    name.starts_with("on")
}

/// SVG restores the capitals of some names, and `image` is read as `img`.
fn stands_for(tag: &LocalName, element: &LocalName) -> bool {
    tag == element || tag.eq_ignore_ascii_case(element) || (&**tag == "image" && &**element == "img")
}

impl TreeSink for Recorder {
    type Handle = NodeId;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    #[inline]
    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let mut made = self.made.borrow_mut();
        let own = made.tag.as_ref().is_some_and(|tag| stands_for(tag, &name.local));
        let (tells, template) = (tells(&name.local), name.local == local_name!("template"));
        let handles = attrs.iter().any(|attr| handles(&attr.name.local));
        let id = self.inner.create_element(name, attrs, flags);
        if tells || template || handles {
            let mut noted = self.noted.borrow_mut();
            noted.telling.extend(tells.then_some(id));
            noted.handling.extend(handles.then_some(id));
            noted.shuffled |= template;
        }
        self.news.set(true);
        if own {
            let before = made.own.replace(id);
            made.added.extend(before);
        } else {
            made.added.push(id);
        }
        id
    }

    // Nobody reads the parse errors, and a broken page has many.
    #[inline]
    fn parse_error(&self, _: Cow<'static, str>) {}

    fn finish(self) -> Html {
        self.inner.finish()
    }
    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }
    #[inline]
    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.inner.elem_name(target)
    }
    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }
    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }
    #[inline]
    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append(parent, child);
    }
    fn append_based_on_parent_node(&self, element: &NodeId, prev_element: &NodeId, child: NodeOrText<NodeId>) {
        self.shuffle();
        self.inner.append_based_on_parent_node(element, prev_element, child);
    }
    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
    }
    fn mark_script_already_started(&self, node: &NodeId) {
        self.inner.mark_script_already_started(node);
    }
    #[inline]
    fn pop(&self, node: &NodeId) {
        self.inner.pop(node);
    }
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }
    #[inline]
    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.inner.same_node(x, y)
    }
    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }
    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.shuffle();
        self.inner.append_before_sibling(sibling, new_node);
    }
    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        if attrs.iter().any(|attr| handles(&attr.name.local)) {
            self.noted.borrow_mut().handling.push(*target);
        }
        self.inner.add_attrs_if_missing(target, attrs);
    }
    fn associate_with_form(&self, target: &NodeId, form: &NodeId, nodes: (&NodeId, Option<&NodeId>)) {
        self.inner.associate_with_form(target, form, nodes);
    }
    fn remove_from_parent(&self, target: &NodeId) {
        self.shuffle();
        self.inner.remove_from_parent(target);
    }
    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.shuffle();
        self.inner.reparent_children(node, new_parent);
    }
    fn is_mathml_annotation_xml_integration_point(&self, handle: &NodeId) -> bool {
        self.inner.is_mathml_annotation_xml_integration_point(handle)
    }
    #[inline]
    fn set_current_line(&self, line: u64) {
        self.inner.set_current_line(line);
    }
    fn allow_declarative_shadow_roots(&self, intended_parent: &NodeId) -> bool {
        self.inner.allow_declarative_shadow_roots(intended_parent)
    }
    fn attach_declarative_shadow(&self, location: &NodeId, template: &NodeId, attrs: &[Attribute]) -> bool {
        self.inner.attach_declarative_shadow(location, template, attrs)
    }
    fn maybe_clone_an_option_into_selectedcontent(&self, option: &NodeId) {
        self.inner.maybe_clone_an_option_into_selectedcontent(option);
    }
}
