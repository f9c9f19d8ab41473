//! Declarations as text: where one ends, its comments, its `!important`, and those of a `style` attribute.

use std::borrow::Cow;

use cssparser::{Delimiter, ParseError, Parser, SourcePosition, Token};

use super::property::{Name, Property};
use super::rules::Custom;
use super::value::Value;

type Parsed<T> = Result<T, ParseError<()>>;

/// Skips to a delimiter of this level and gives the text skipped.
pub(super) fn rest_until<'i>(p: &mut Parser<'i>, until: cssparser::Delimiters, from: SourcePosition) -> &'i str {
    let skipped: Parsed<()> = p.parse_until_before(until, |p| {
        while p.next().is_ok() {}
        Ok(())
    });
    let _ = skipped;
    p.slice_from(from)
}

/// A value without its comments.
pub(super) fn uncommented(text: &str) -> Cow<'_, str> {
    if !text.contains("/*") {
        return Cow::Borrowed(text);
    }
    let mut p = Parser::new(text);
    let mut kept = String::with_capacity(text.len());
    loop {
        let from = p.position();
        match p.next_including_whitespace_and_comments() {
            Ok(Token::Comment(_)) => kept.push(' '),
            Ok(Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock) => {
                // What stands in brackets keeps its comments: their readers skip them.
                let inside: Parsed<()> = p.parse_nested_block(|p| {
                    while p.next().is_ok() {}
                    Ok(())
                });
                if inside.is_err() {
                    return Cow::Owned(kept);
                }
                kept.push_str(p.slice_from(from));
            }
            Ok(_) => kept.push_str(p.slice_from(from)),
            Err(_) => return Cow::Owned(kept),
        }
    }
}

/// A value without its `!important`, and whether it had one.
pub(super) fn split_important(text: &str) -> (&str, bool) {
    let trimmed = text.trim_end();
    let cut = trimmed.len().saturating_sub("important".len());
    if let Some(tail) = trimmed.get(cut..)
        && tail.eq_ignore_ascii_case("important")
        && let Some(value) = trimmed[..cut].trim_end().strip_suffix('!')
    {
        return (value, true);
    }
    (text, false)
}

/// The declarations of a `style` attribute.
pub(super) fn inline(text: &str, bare: bool) -> (Vec<(Property, Value, bool)>, Vec<Custom>) {
    let mut p = Parser::new(text);
    let mut longhands = Vec::new();
    let mut customs = Vec::new();
    loop {
        p.skip_whitespace();
        let Ok(token) = p.next_including_whitespace() else { return (longhands, customs) };
        match token.clone() {
            Token::Semicolon => continue,
            Token::Ident(name) if p.try_parse(Parser::expect_colon).is_ok() => {
                let from = p.position();
                let text = rest_until(&mut p, Delimiter::Semicolon, from);
                let text = uncommented(text);
                let (text, important) = split_important(&text);
                if name.starts_with("--") {
                    customs.push(Custom { name: (&*name).into(), text: text.trim().into(), important, order: 0 });
                } else if let Some(name) = Name::of(&name) {
                    longhands.extend(name.declare(text, bare).into_iter().map(|(p, v)| (p, v, important)));
                }
            }
            _ => {
                let from = p.position();
                rest_until(&mut p, Delimiter::Semicolon, from);
            }
        }
    }
}
