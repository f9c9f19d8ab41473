//! Walks one style sheet: style rules (nested ones too), `@media`, `@supports`, `@layer`, `@import`, and what
//! else may hold rules. Recovers from errors as CSS Syntax says. Text of any shape ends in bounded time.

use std::cell::OnceCell;
use std::rc::Rc;

use cssparser::{Delimiter, ParseError, Parser, SourcePosition, Token};
use url::Url;

use super::collect::Collector;
use super::declared::{inline, rest_until, split_important, uncommented};
use super::media::{Truth, media};
use super::property::{Name, words};
use super::rules::{Custom, Declaration, Rule};
use super::selector::{Namespaces, Selector, parse_list};
use super::supports::{import_supports, supports};
use crate::snapshot::Span;

type Parsed<T> = Result<T, ParseError<()>>;

/// Blocks nested deeper than this are skipped.
const DEEPEST: usize = 64;

/// What holds for every rule of a block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Group {
    pub(super) layer: usize,
    pub(super) condition: u32,
    pub(super) depth: usize,
}

/// A style rule's selector text, read when a declaration of interest asks for it.
struct Prelude<'i> {
    text: &'i str,
    parent: Option<Rc<Prelude<'i>>>,
    read: OnceCell<Option<Rc<[Selector]>>>,
}

impl<'i> Prelude<'i> {
    fn new(text: &'i str, parent: Option<Rc<Self>>) -> Rc<Self> {
        Rc::new(Self { text, parent, read: OnceCell::new() })
    }

    fn selectors(&self, namespaces: &Namespaces) -> Option<Rc<[Selector]>> {
        self.read
            .get_or_init(|| {
                let parent = match &self.parent {
                    Some(parent) => Some(parent.selectors(namespaces)?),
                    None => None,
                };
                parse_list(self.text, parent.as_ref(), namespaces).map(Into::into)
            })
            .clone()
    }
}

/// One sheet on its way into the collector.
pub(super) struct Walker<'c, 'f> {
    collector: &'c mut Collector<'f>,
    sheet: usize,
    base: Url,
    namespaces: Namespaces,
    imports: bool,
}

impl<'c, 'f> Walker<'c, 'f> {
    /// A walker for the sheet with this number, whose relative addresses start from `base`.
    pub(super) fn new(collector: &'c mut Collector<'f>, sheet: usize, base: Url) -> Self {
        Self { collector, sheet, base, namespaces: Namespaces::new(), imports: true }
    }

    /// Reads the whole text.
    pub(super) fn walk(&mut self, css: &str, group: Group) {
        let mut parser = Parser::new(css);
        self.contents(&mut parser, group, None, false, true);
    }

    /// Reads rules, and declarations when `style`, until the block or text ends.
    fn contents<'i>(
        &mut self,
        p: &mut Parser<'i>,
        group: Group,
        parent: Option<&Rc<Prelude<'i>>>,
        style: bool,
        top: bool,
    ) {
        let mut declared = Declared::default();
        while !self.collector.rules.full() {
            p.skip_whitespace();
            let start = p.state();
            let Ok(token) = p.next_including_whitespace() else { break };
            match token.clone() {
                Token::WhiteSpace(_) => {}
                Token::Semicolon if !top => {}
                Token::CDO | Token::CDC if top => {}
                Token::AtKeyword(name) => {
                    let name = name.to_ascii_lowercase();
                    self.at_rule(p, &name, group, parent, style);
                }
                Token::Ident(name) if style => {
                    if self.declaration(p, &name, start.position(), &mut declared).is_none() {
                        p.reset(&start);
                        self.qualified(p, group, parent, top);
                    }
                }
                _ => {
                    p.reset(&start);
                    self.qualified(p, group, parent, top);
                }
            }
        }
        self.close(declared, group, parent);
    }

    fn close(&mut self, declared: Declared, group: Group, parent: Option<&Rc<Prelude>>) {
        if declared.longhands.is_empty() && declared.customs.is_empty() {
            return;
        }
        let Some(selectors) = parent.and_then(|p| p.selectors(&self.namespaces)) else { return };
        self.collector.rules.push(Rule {
            selectors,
            declarations: declared.longhands,
            customs: declared.customs,
            layer: group.layer,
            condition: group.condition,
            sheet: self.sheet,
        });
    }

    /// A declaration, whose name was just read; `None` when it is none and a rule may start here.
    fn declaration<'i>(
        &mut self,
        p: &mut Parser<'i>,
        name: &str,
        start: SourcePosition,
        declared: &mut Declared,
    ) -> Option<()> {
        p.try_parse(Parser::expect_colon).ok()?;
        let from = p.position();
        let custom = name.starts_with("--");
        let until = if custom { Delimiter::Semicolon } else { Delimiter::Semicolon | Delimiter::CurlyBracketBlock };
        let text = rest_until(p, until, from);
        let span = Span::new(start.byte_index(), from.byte_index() + text.trim_end().len());
        if !custom {
            let end = p.state();
            if matches!(p.next(), Ok(Token::CurlyBracketBlock)) {
                return None;
            }
            p.reset(&end);
        }
        let text = uncommented(text);
        let (text, important) = split_important(&text);
        if custom {
            let order = self.collector.rules.next_order();
            declared.customs.push(Custom { name: name.into(), text: text.trim().into(), important, order });
        } else if let Some(name) = Name::of(name) {
            let order = self.collector.rules.next_order();
            for (property, value) in name.declare(text, self.collector.quirks) {
                declared.longhands.push(Declaration { property, value, important, order, span });
            }
        }
        Some(())
    }

    /// A style rule, or what stands in the place of one.
    fn qualified<'i>(&mut self, p: &mut Parser<'i>, group: Group, parent: Option<&Rc<Prelude<'i>>>, top: bool) {
        self.imports = false;
        let from = p.position();
        let until =
            if top { Delimiter::CurlyBracketBlock } else { Delimiter::CurlyBracketBlock | Delimiter::Semicolon };
        let text = rest_until(p, until, from);
        if matches!(p.next(), Ok(Token::CurlyBracketBlock)) && self.collector.rules.admit() {
            let prelude = Prelude::new(text, parent.cloned());
            self.block(p, group, Some(&prelude), true);
        }
    }

    /// The block just opened; skipped when it is too deep.
    fn block<'i>(&mut self, p: &mut Parser<'i>, group: Group, parent: Option<&Rc<Prelude<'i>>>, style: bool) {
        if group.depth >= DEEPEST {
            return;
        }
        let group = Group { depth: group.depth + 1, ..group };
        let walked: Parsed<()> = p.parse_nested_block(|p| {
            self.contents(p, group, parent, style, false);
            // With too many rules the rest is left unread.
            while p.next().is_ok() {}
            Ok(())
        });
        // Nothing inside reports an error: broken parts were skipped where they stand.
        let _ = walked;
    }

    fn at_rule<'i>(
        &mut self,
        p: &mut Parser<'i>,
        name: &str,
        group: Group,
        parent: Option<&Rc<Prelude<'i>>>,
        style: bool,
    ) {
        let start = p.position();
        let text = rest_until(p, Delimiter::CurlyBracketBlock | Delimiter::Semicolon, start);
        if !matches!(p.next(), Ok(Token::CurlyBracketBlock)) {
            self.statement(name, text, group, start.byte_index());
            return;
        }
        self.imports = false;
        let truth = match name {
            "media" => media(text),
            "supports" => supports(text),
            "container" | "scope" => Truth::Unknown,
            "keyframes" | "-webkit-keyframes" => {
                self.keyframes(p, text);
                return;
            }
            "layer" => {
                let layers = &mut self.collector.rules.layers;
                let layer = match text.trim() {
                    "" => layers.anonymous(group.layer),
                    name => layers.named(group.layer, name),
                };
                self.block(p, Group { layer, ..group }, parent, style);
                return;
            }
            _ => return,
        };
        let condition = match truth {
            Truth::No => return,
            Truth::Yes => group.condition,
            Truth::Unknown => self.collector.rules.condition(group.condition, &format!("{name} {text}")),
        };
        let group = Group { condition, ..group };
        if name == "scope" {
            let root = words(text).first().copied().and_then(|w| w.strip_prefix('(')?.strip_suffix(')'));
            let root = root.map(|root| Prelude::new(root, parent.cloned()));
            self.block(p, group, root.as_ref().or(parent), false);
        } else {
            self.block(p, group, parent, style);
        }
    }

    /// The steps of an animation: only whether it leaves nothing to see.
    fn keyframes(&mut self, p: &mut Parser, name: &str) {
        let mut steps: Vec<(bool, bool)> = Vec::new();
        let walked: Parsed<()> = p.parse_nested_block(|p| {
            loop {
                p.skip_whitespace();
                let from = p.position();
                let when = rest_until(p, Delimiter::CurlyBracketBlock, from);
                let at_end = when.split(',').any(|w| matches!(w.trim(), "100%") || w.trim().eq_ignore_ascii_case("to"));
                if !matches!(p.next(), Ok(Token::CurlyBracketBlock)) {
                    return Ok(());
                }
                let quirks = self.collector.quirks;
                steps.push(p.parse_nested_block(|p| {
                    let from = p.position();
                    while p.next().is_ok() {}
                    let (declared, _) = inline(p.slice_from(from), quirks);
                    Parsed::Ok((at_end, declared.iter().any(|(property, value, _)| value.hides(*property))))
                })?);
            }
        });
        let _ = walked;
        let (at_end, always) = (steps.iter().any(|(end, hides)| *end && *hides), steps.iter().all(|(_, hides)| *hides));
        if at_end {
            let name = name.trim().trim_matches(['"', '\'']);
            self.collector.rules.leaving.insert(name.into(), always && steps.len() > 1);
        }
    }

    fn statement(&mut self, name: &str, text: &str, group: Group, start: usize) {
        match name {
            "import" if self.imports => {
                self.import(text, group, start);
            }
            "layer" => {
                for name in text.split(',') {
                    self.collector.rules.layers.named(group.layer, name.trim());
                }
            }
            "namespace" => {
                self.imports = false;
                let mut p = Parser::new(text);
                let prefix = p.try_parse(|p| p.expect_ident_cloned()).map(|p| p.to_string()).unwrap_or_default();
                if let Ok(address) = p.expect_url_or_string() {
                    self.namespaces.insert(prefix, address.to_string());
                }
            }
            "charset" => {}
            _ => self.imports = false,
        }
    }

    fn import(&mut self, text: &str, group: Group, start: usize) -> Option<()> {
        let mut p = Parser::new(text);
        let address = p.expect_url_or_string().ok()?.to_string();
        let mut group = group;
        let rules = &mut self.collector.rules;
        if let Ok(layer) = p.try_parse(|p| argument(p, "layer")) {
            group.layer = rules.layers.named(group.layer, layer.trim());
        } else if p.try_parse(|p| p.expect_ident_matching("layer")).is_ok() {
            group.layer = rules.layers.anonymous(group.layer);
        }
        let mut holds = Truth::Yes;
        if let Ok(condition) = p.try_parse(|p| argument(p, "supports")) {
            holds = import_supports(condition);
        }
        let from = p.position();
        while p.next().is_ok() {}
        holds = holds.and(media(p.slice_from(from)));
        match holds {
            Truth::No => return None,
            Truth::Yes => {}
            Truth::Unknown => group.condition = rules.condition(group.condition, &format!("import {text}")),
        }
        let spot =
            self.collector.rules.spot(self.sheet, Span::new(start.saturating_sub("@import".len()), start + text.len()));
        self.collector.import(&address, &self.base, group, spot);
        Some(())
    }
}

/// What one block declares.
#[derive(Default)]
struct Declared {
    longhands: Vec<Declaration>,
    customs: Vec<Custom>,
}

/// The text in the brackets of a function of this name.
fn argument<'i>(p: &mut Parser<'i>, name: &str) -> Parsed<&'i str> {
    p.expect_function_matching(name)?;
    p.parse_nested_block(|p| {
        let from = p.position();
        while p.next().is_ok() {}
        Ok(p.slice_from(from))
    })
}
