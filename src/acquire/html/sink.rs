//! A tree sink around scraper's own: it passes every call on, so that the tree stays scraper's, and notes
//! which elements the token being read has made. Knows nothing of positions; the tap adds those.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use ego_tree::NodeId;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName};
use scraper::{Html, HtmlTreeSink};

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

/// The sink.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) inner: HtmlTreeSink,
    made: RefCell<Made>,
}

impl Recorder {
    pub(super) fn new() -> Self {
        Self { inner: HtmlTreeSink::new(Html::new_document()), made: RefCell::default() }
    }

    /// Says which start tag the next elements come from, until they are asked for.
    pub(super) fn expect(&self, tag: LocalName) {
        self.made.borrow_mut().tag = Some(tag);
    }

    /// What was made since the last call.
    pub(super) fn made(&self) -> Made {
        let mut made = self.made.borrow_mut();
        if made.tag.is_none() && made.added.is_empty() {
            return Made::default();
        }
        std::mem::take(&mut *made)
    }

    /// Nodes made so far, detached ones included.
    pub(super) fn nodes(&self) -> usize {
        self.inner.0.borrow().tree.values().len()
    }
}

/// SVG restores the capitals of some names, and `image` is read as `img`.
fn stands_for(tag: &LocalName, element: &LocalName) -> bool {
    tag == element || tag.eq_ignore_ascii_case(element) || (&**tag == "image" && &**element == "img")
}

impl TreeSink for Recorder {
    type Handle = NodeId;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let mut made = self.made.borrow_mut();
        let own = made.tag.as_ref().is_some_and(|tag| stands_for(tag, &name.local));
        let id = self.inner.create_element(name, attrs, flags);
        if own {
            let before = made.own.replace(id);
            made.added.extend(before);
        } else {
            made.added.push(id);
        }
        id
    }

    // Nobody reads the parse errors, and a broken page has many.
    fn parse_error(&self, _: Cow<'static, str>) {}

    fn finish(self) -> Html {
        self.inner.finish()
    }
    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }
    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.inner.elem_name(target)
    }
    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }
    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }
    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append(parent, child);
    }
    fn append_based_on_parent_node(&self, element: &NodeId, prev_element: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append_based_on_parent_node(element, prev_element, child);
    }
    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
    }
    fn mark_script_already_started(&self, node: &NodeId) {
        self.inner.mark_script_already_started(node);
    }
    fn pop(&self, node: &NodeId) {
        self.inner.pop(node);
    }
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }
    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.inner.same_node(x, y)
    }
    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }
    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.inner.append_before_sibling(sibling, new_node);
    }
    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attrs);
    }
    fn associate_with_form(&self, target: &NodeId, form: &NodeId, nodes: (&NodeId, Option<&NodeId>)) {
        self.inner.associate_with_form(target, form, nodes);
    }
    fn remove_from_parent(&self, target: &NodeId) {
        self.inner.remove_from_parent(target);
    }
    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.inner.reparent_children(node, new_parent);
    }
    fn is_mathml_annotation_xml_integration_point(&self, handle: &NodeId) -> bool {
        self.inner.is_mathml_annotation_xml_integration_point(handle)
    }
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
