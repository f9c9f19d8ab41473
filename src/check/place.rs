//! Places as a browser names them (address, line, column in UTF-16 units), found again in the texts that were read,
//! so that a finding names the file a developer has. Decides nothing.

use std::sync::Arc;

use url::Url;

use crate::finding::{Place, safe};
use crate::site::shown;
use crate::snapshot::{Page, ScriptFile, ScriptPlace, Source, Span, Spot};

/// The text that was read at an address: the page itself, one of its scripts, or one of its style sheets.
pub(super) fn source_at<'a>(address: &str, page: &'a Page) -> Option<&'a Arc<Source>> {
    let mut url = Url::parse(address).ok()?;
    url.set_fragment(None);
    let is = |other: &Url| same(other, &url);
    let scripts = page.scripts.iter().filter_map(|script| match (&script.file, &script.url) {
        (ScriptFile::Read(source), Some(at)) => Some((at, source)),
        _ => None,
    });
    let sheets = page.styles.iter().map(|(at, source)| (at, source));
    std::iter::once((&page.address, &page.source)).chain(scripts).chain(sheets).find(|(at, _)| is(at)).map(|(_, s)| s)
}

/// Whether two addresses are one but for a fragment.
fn same(one: &Url, other: &Url) -> bool {
    if one.fragment().is_none() && other.fragment().is_none() {
        return one == other;
    }
    let bare = |url: &Url| {
        let mut url = url.clone();
        url.set_fragment(None);
        url
    };
    bare(one) == bare(other)
}

/// The statement, declaration or rule that begins at a place, in the text that was read there.
pub(super) fn spot_of(place: &ScriptPlace, page: &Page) -> Option<Spot> {
    let source = source_at(&place.url, page)?;
    let start = source.offset_utf16(place.line, place.column)?;
    let rest = source.text.get(start as usize..)?;
    let length = rest.find([';', '}', '\n', '\r']).unwrap_or(rest.len());
    let kept = rest[..length].trim_end().len().max(rest.chars().next().map_or(0, char::len_utf8));
    Some(Spot { source: Arc::clone(source), span: Span::new(start as usize, start as usize + kept) })
}

/// A place for a finding: in the text that was read, else as the browser names it.
pub(super) fn place_of(place: &ScriptPlace, page: &Page) -> Place {
    match spot_of(place, page) {
        Some(spot) => Place::within(&spot.source, spot.span),
        None => Place {
            url: Some(shown_address(&place.url)),
            line: Some(place.line),
            column: Some(place.column),
            end_line: Some(place.line),
            end_column: Some(place.column.saturating_add(1)),
            ..Place::default()
        },
    }
}

/// An address that a page made up, without user name and password, made safe.
pub(super) fn shown_address(address: &str) -> String {
    Url::parse(address).map_or_else(|_| safe(address, 300), |url| safe(&shown(&url), 300))
}
