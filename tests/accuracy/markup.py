"""Splits finished HTML as the tokenizer of the HTML standard would, so that its writing can change and its meaning not."""

import re

RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noscript", "plaintext", "template", "pre", "svg", "select")
TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.S)
ATTRIBUTE = re.compile(r"([^\s=\"'<>/]+)(\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?", re.S)


def pieces(text):
    """(kind, text) pairs: tag, text, raw (with the element's own tags), comment, doctype."""
    at = 0
    while at < len(text):
        if text.startswith("<!--", at):
            end = min((e for e in (text.find("-->", at + 4), text.find("--!>", at + 4)) if e >= 0), default=len(text))
            end += 4 if text.startswith("--!>", end) else 3
            yield "comment", text[at:end]
        elif text.startswith("<!", at):
            end = text.find(">", at) + 1
            yield "doctype", text[at:end]
        elif match := TAG.match(text, at):
            name = match[2].lower()
            if name in RAW and not match[1]:
                close = re.compile(rf"</{name}\s*>", re.I).search(text, match.end())
                end = close.end() if close and name != "plaintext" else len(text)
                yield "raw", text[at:end]
            else:
                end = match.end()
                yield "tag", text[at:end]
        else:
            end = text.find("<", at + 1)
            end = len(text) if end < 0 else end
            yield "text", text[at:end]
        at = end


def rewrite(text, /, **by_kind):
    """The text with each piece changed by the function of its kind."""
    return "".join(by_kind[kind](piece) if kind in by_kind else piece for kind, piece in pieces(text))


def change_tag(piece, name=None, attribute=None):
    """One tag with its name and each of its attributes written anew."""
    match = TAG.fullmatch(piece)
    if not match:
        return piece
    tag = name(match[2]) if name else match[2]
    rest = match[3]
    if attribute and not match[1]:
        rest = ATTRIBUTE.sub(lambda m: attribute(m[1], m[3]) if m[0] != "/" else m[0], rest)
    return f"<{match[1]}{tag}{rest}>"
