//! What a browser's own style sheet and its rendering rules say of elements, before any sheet of the page.

use scraper::ElementRef;

use super::length::{Read, colour, length};
use super::property::{Property, pixels};
use super::selector::attribute;
use super::value::{Value, longhand, read};
use crate::acquire::html::is_shadow_mode;

const HTML: &str = "http://www.w3.org/1999/xhtml";

fn is_html(el: ElementRef) -> bool {
    &*el.value().name.ns == HTML
}

/// Whether a template is the root of a shadow tree, which is shown in place of what its parent holds.
pub(super) fn is_shadow_root(el: ElementRef) -> bool {
    const HOSTS: [&str; 18] = [
        "article",
        "aside",
        "blockquote",
        "body",
        "div",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "main",
        "nav",
        "p",
        "section",
        "span",
    ];
    is_html(el)
        && el.value().name() == "template"
        && attribute(el, "shadowrootmode").is_some_and(is_shadow_mode)
        && el.parent().and_then(ElementRef::wrap).is_some_and(|host| {
            let name = host.value().name();
            is_html(host) && (HOSTS.contains(&name) || name.contains('-'))
        })
}

/// Whether the browser's own sheet hides the element where the page's sheets say nothing of `display`.
pub(super) fn hidden_by_default(el: ElementRef) -> bool {
    let name = el.value().name();
    if !is_html(el) {
        return false;
    }
    match name {
        "template" if is_shadow_root(el) => return false,
        "area" | "base" | "basefont" | "datalist" | "head" | "link" | "meta" | "noembed" | "noframes" | "noscript"
        | "param" | "rp" | "script" | "style" | "template" | "title" => return true,
        "dialog" if attribute(el, "open").is_none() => return true,
        _ => {}
    }
    let hidden = attribute(el, "hidden").is_some_and(|h| !h.eq_ignore_ascii_case("until-found"));
    (hidden && name != "embed") || attribute(el, "popover").is_some()
}

/// Whether nothing in a page's sheets can show the element.
pub(super) fn never_shown(el: ElementRef) -> bool {
    let name = el.value().name();
    if is_html(el) {
        if name == "input" && attribute(el, "type").is_some_and(|t| t.eq_ignore_ascii_case("hidden")) {
            return true;
        }
        // What stands inside these is for browsers that do not know them.
        return matches!(name, "noscript" | "datalist")
            || (name == "template" && !is_shadow_root(el))
            || el.parent().and_then(ElementRef::wrap).is_some_and(|p| {
                is_html(p)
                    && match p.value().name() {
                        "canvas" | "video" | "audio" | "iframe" | "meter" | "progress" => true,
                        // Of what stands in a list only its text is drawn.
                        "select" | "optgroup" => !matches!(name, "option" | "optgroup"),
                        "option" => true,
                        _ => false,
                    }
            });
    }
    matches!(
        name,
        "defs"
            | "symbol"
            | "clipPath"
            | "mask"
            | "pattern"
            | "marker"
            | "linearGradient"
            | "radialGradient"
            | "metadata"
            | "filter"
            | "title"
            | "desc"
    )
}

/// `hidden=until-found`: hidden until a search in the page finds it.
pub(super) fn hidden_until_found(el: ElementRef) -> bool {
    is_html(el) && attribute(el, "hidden").is_some_and(|h| h.eq_ignore_ascii_case("until-found"))
}

/// In a closed `<details>`, outside its summary.
pub(super) fn folded_away(el: ElementRef) -> bool {
    let Some(parent) = el.parent().and_then(ElementRef::wrap) else { return false };
    if !folds_text(parent) {
        return false;
    }
    let summary = parent.child_elements().find(|c| c.value().name() == "summary");
    summary.is_none_or(|s| s.id() != el.id())
}

/// A closed `<details>`: text directly in it does not show.
pub(super) fn folds_text(el: ElementRef) -> bool {
    is_html(el) && el.value().name() == "details" && attribute(el, "open").is_none()
}

/// Elements that stand in a line of text and so have no width or height of their own.
pub(super) fn inline_by_default(el: ElementRef) -> bool {
    const INLINE: [&str; 38] = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "ins", "kbd", "label", "mark", "nobr", "output", "q", "ruby", "s", "samp", "slot", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "br",
    ];
    let name = el.value().name();
    is_html(el) && (INLINE.contains(&name) || name.contains('-'))
}

/// Elements that are seen by themselves, without text in them.
pub(super) fn replaced(el: ElementRef) -> bool {
    matches!(
        el.value().name(),
        "img"
            | "svg"
            | "video"
            | "iframe"
            | "object"
            | "embed"
            | "canvas"
            | "input"
            | "image"
            | "button"
            | "select"
            | "textarea"
    )
}

/// A part of a table, which takes the room that its content needs whatever it declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableBox {
    /// A table, its rows and groups of rows.
    Frame,
    Cell,
}

/// Which part of a table the element is, by its `display` or by what it is.
pub(super) fn table_box(el: ElementRef, display: Option<&str>) -> Option<TableBox> {
    if replaced(el) {
        return None;
    }
    match display.unwrap_or_else(|| if is_html(el) { el.value().name() } else { "" }) {
        "table" | "inline-table" | "table-row" | "table-row-group" | "table-header-group" | "table-footer-group"
        | "tr" | "tbody" | "thead" | "tfoot" => Some(TableBox::Frame),
        "table-cell" | "td" | "th" => Some(TableBox::Cell),
        _ => None,
    }
}

/// What attributes of presentation say (`bgcolor`, `<font color>`, `<img width>`).
pub(super) fn hints(el: ElementRef) -> Vec<(Property, Value)> {
    let name = el.value().name();
    let drawing = !is_html(el);
    let mut all = Vec::new();
    for (key, value) in el.value().attrs() {
        let property = match key {
            "opacity" | "display" | "visibility" if drawing => {
                let property = match key {
                    "opacity" => Property::Opacity,
                    "display" => Property::Display,
                    _ => Property::Visibility,
                };
                all.extend(longhand(property, value, false).map(|value| (property, value)));
                continue;
            }
            "bgcolor" => Property::BackgroundColor,
            "color" if name == "font" => Property::Color,
            "text" if name == "body" => Property::Color,
            "background" if matches!(name, "body" | "table" | "td" | "th" | "tr") => {
                all.push((Property::BackgroundImage, Value::Opaque));
                continue;
            }
            "width" if sized(name) => Property::Width,
            "height" if sized(name) => Property::Height,
            _ => continue,
        };
        let value = value.trim();
        let read = match property {
            Property::Width | Property::Height => size(el, value),
            _ => read(value, colour).or_else(|| read(&format!("#{value}"), colour)).map(Value::Colour),
        };
        all.extend(read.map(|value| (property, value)));
    }
    all
}

/// A size in an attribute. HTML takes the digits (`1em` is a pixel), SVG the whole length (`1em` is a letter's height).
fn size(el: ElementRef, value: &str) -> Option<Value> {
    let digits = || value.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect::<String>();
    match digits().parse::<f32>() {
        Ok(px) if is_html(el) && !value.ends_with('%') => Some(pixels(px)),
        _ => read(value, |p| length(p, true)).and_then(|r| match r {
            Read::Length(sum) => Some(Value::Length(sum)),
            Read::Unread => None,
        }),
    }
}

fn sized(name: &str) -> bool {
    matches!(name, "img" | "iframe" | "video" | "object" | "embed" | "canvas" | "input" | "svg")
}
