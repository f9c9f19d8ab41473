//! A word-processing file (.docx) as its parts and back. Refuses what is none, what runs or fetches something when it
//! is opened, and what grows beyond its limits. The same parts always give the same bytes.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::xml::{self, Element};
use crate::policy::Text;
use crate::report::plain;

/// Largest file, in bytes.
pub const MOST_BYTES: usize = 16 << 20;
/// Most bytes of all parts, unpacked.
const MOST_UNPACKED: u64 = 64 << 20;
/// Most parts.
const MOST_PARTS: usize = 1_000;
/// The part that says what the others are.
const TYPES: &str = "[Content_Types].xml";
/// What a document's main part is.
const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
/// The same of a file that word processors call a template.
const MAIN_OF_TEMPLATE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml";
/// Fields that bring foreign files in, or run programs.
const FETCHING: &[&str] = &["INCLUDETEXT", "INCLUDEPICTURE", "DDE", "DDEAUTO", "IMPORT", "INCLUDE", "LINK"];

/// A file's parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Package {
    /// Parts as they come, by name.
    pub(super) parts: Vec<(String, Part)>,
}

/// A part.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Passed on as it is.
    Bytes(Vec<u8>),
    /// Text that people read: fields may stand in it.
    Story(Element),
}

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Package, Text> {
    if bytes.len() > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(Text::new(format!("tệp lớn hơn {most} MiB."), format!("the file is larger than {most} MiB.")));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Text::new(
            "tệp được đặt mật khẩu, hoặc là .doc kiểu cũ; hãy bỏ mật khẩu và lưu thành .docx.",
            "the file has a password or is an old .doc; take the password off and save it as .docx.",
        ));
    }
    let raw = unpacked(bytes)?;
    let find = |name: &str| raw.iter().find(|(other, _)| other == name).map(|(_, bytes)| bytes.as_slice());
    let Some(types) = find(TYPES) else {
        return Err(not_a_document());
    };
    let types = parsed(TYPES, types)?;
    for (name, bytes) in &raw {
        if name.ends_with(".rels") {
            relations(name, &parsed(name, bytes)?)?;
        }
    }
    let kinds: Vec<(String, String)> = types
        .elements()
        .filter_map(|one| Some((one.attribute("PartName")?, one.attribute("ContentType")?)))
        .map(|(name, kind)| (name.trim_start_matches('/').to_owned(), kind))
        .collect();
    let lower = |text: &str| text.to_ascii_lowercase();
    let any_kind = types.elements().filter_map(|one| one.attribute("ContentType"));
    let has_macros = raw.iter().any(|(name, _)| lower(name).contains("vbaproject"))
        || any_kind
            .into_iter()
            .any(|kind| lower(&kind).contains("macroenabled") || lower(&kind).contains("vbaproject"));
    if has_macros {
        return Err(Text::new(
            "tệp có macro (.docm, .dotm); hãy lưu thành .docx, không kèm macro.",
            "the file has macros (.docm, .dotm); save it as .docx, without macros.",
        ));
    }
    let mut main = false;
    let mut parts = Vec::new();
    for (name, bytes) in raw {
        let kind = kinds.iter().find(|(part, _)| part.eq_ignore_ascii_case(&name)).map_or("", |(_, kind)| kind);
        let part = if name == TYPES {
            Part::Bytes(String::from_utf8_lossy(&bytes).replace(MAIN_OF_TEMPLATE, MAIN).into_bytes())
        } else if is_story(kind) {
            let root = parsed(&name, &bytes)?;
            if !root.name.starts_with("w:") {
                return Err(Text::new(
                    format!(
                        "phần {} không viết theo cách của Word hay LibreOffice; hãy mở và lưu lại thành .docx.",
                        plain::line(&name)
                    ),
                    format!(
                        "the part {} is not written as Word or LibreOffice do; open it and save it as .docx again.",
                        plain::line(&name)
                    ),
                ));
            }
            fetches(&root)?;
            main |= [MAIN, MAIN_OF_TEMPLATE].contains(&kind);
            Part::Story(root)
        } else {
            Part::Bytes(bytes)
        };
        parts.push((name, part));
    }
    if main { Ok(Package { parts }) } else { Err(not_a_document()) }
}

fn not_a_document() -> Text {
    Text::new(
        "không phải văn bản .docx (không có word/document.xml); hãy mở và lưu lại thành .docx.",
        "this is no .docx document (there is no word/document.xml); open it and save it as .docx.",
    )
}

fn is_story(kind: &str) -> bool {
    let of = |name: &str| kind == format!("application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml");
    [MAIN, MAIN_OF_TEMPLATE].contains(&kind) || ["header", "footer", "footnotes", "endnotes"].into_iter().any(of)
}

fn parsed(name: &str, bytes: &[u8]) -> Result<Element, Text> {
    xml::parse(bytes).map_err(|why| {
        let (name, why) = (plain::line(name), plain::line(&why));
        Text::new(format!("phần {name} bị hỏng: {why}"), format!("the part {name} is damaged: {why}"))
    })
}

fn unpacked(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Text> {
    let broken = |why: &str| {
        let why = plain::line(why);
        Text::new(
            format!("không đọc được như tệp .docx (zip): {why}"),
            format!("it cannot be read as a .docx file (zip): {why}"),
        )
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|why| broken(&why.to_string()))?;
    if archive.len() > MOST_PARTS {
        return Err(Text::new(
            format!("tệp có nhiều hơn {MOST_PARTS} phần."),
            format!("the file has more than {MOST_PARTS} parts."),
        ));
    }
    let mut names = BTreeSet::new();
    let mut parts = Vec::new();
    let mut left = MOST_UNPACKED;
    for n in 0..archive.len() {
        let (name, is_folder) = {
            let entry = archive.by_index_raw(n).map_err(|why| broken(&why.to_string()))?;
            let name = String::from_utf8(entry.name_raw().to_vec()).map_err(|_| broken("a name is not UTF-8"))?;
            if entry.encrypted() {
                return Err(Text::new("tệp zip được đặt mật khẩu.", "the zip file has a password."));
            }
            (name, entry.is_dir())
        };
        if is_folder {
            continue;
        }
        if leads_out(&name) || !names.insert(name.to_lowercase()) {
            let name = plain::line(&name);
            return Err(Text::new(
                format!("tên phần “{name}” không dùng được hoặc có hai lần."),
                format!("the part's name “{name}” cannot be, or occurs twice."),
            ));
        }
        let entry = archive.by_index(n).map_err(|why| broken(&why.to_string()))?;
        let mut part = Vec::new();
        // What the file says of its own size is not believed.
        entry.take(left + 1).read_to_end(&mut part).map_err(|why| broken(&why.to_string()))?;
        left = left.checked_sub(part.len() as u64).ok_or_else(|| {
            let most = MOST_UNPACKED >> 20;
            Text::new(
                format!("giải nén ra hơn {most} MiB; không dùng tệp này."),
                format!("it unpacks to more than {most} MiB and is not used."),
            )
        })?;
        parts.push((name, part));
    }
    Ok(parts)
}

fn leads_out(name: &str) -> bool {
    name.is_empty()
        || name.contains(['\\', ':'])
        || name.chars().any(char::is_control)
        || name.split('/').any(|step| matches!(step, "" | "." | ".."))
}

/// Refuses what would be fetched from elsewhere when the letter is opened. Links that a reader clicks are none.
fn relations(part: &str, root: &Element) -> Result<(), Text> {
    for one in root.elements() {
        let outside = one.attribute("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
        let kind = one.attribute("Type").unwrap_or_default();
        let kind = kind.rsplit('/').next().unwrap_or_default();
        if outside && kind != "hyperlink" {
            let (part, kind) = (plain::line(part), plain::line(kind));
            let target = plain::line_of(&one.attribute("Target").unwrap_or_default(), 200);
            return Err(Text::new(
                format!("{part} lấy {kind} từ bên ngoài: {target}. Hãy chèn hẳn vào văn bản, hoặc gỡ liên kết đó."),
                format!("{part} fetches {kind} from outside: {target}. Embed it in the document, or unlink it."),
            ));
        }
    }
    Ok(())
}

/// Refuses fields that fetch files or run programs.
fn fetches(root: &Element) -> Result<(), Text> {
    let mut code = String::new();
    instructions(root, &mut code);
    let words = code.split(|c: char| !c.is_alphanumeric());
    match words.map(str::to_uppercase).find(|word| FETCHING.contains(&word.as_str())) {
        None => Ok(()),
        Some(word) => Err(Text::new(
            format!("văn bản có trường {word}, lấy nội dung từ bên ngoài khi mở; hãy bỏ trường đó."),
            format!("the document has a field {word} that fetches from outside when opened; take it out."),
        )),
    }
}

fn instructions(element: &Element, code: &mut String) {
    if element.name == "w:instrText" {
        code.extend(element.children.iter().filter_map(|node| match node {
            xml::Node::Text(text) => Some(text.as_str()),
            _ => None,
        }));
    }
    if let Some(simple) = element.attribute("w:instr").filter(|_| element.name == "w:fldSimple") {
        code.push_str(&format!(" {simple} "));
    }
    if element.name == "w:fldChar" {
        code.push(' ');
    }
    element.elements().for_each(|below| instructions(below, code));
}

/// Writes parts as a file. Their order is kept and no clock is asked.
pub(super) fn write<'a>(parts: impl Iterator<Item = (&'a str, Vec<u8>)>) -> Result<Vec<u8>, String> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        out.start_file(name, options).map_err(|why| why.to_string())?;
        out.write_all(&bytes).map_err(|why| why.to_string())?;
    }
    out.finish().map(Cursor::into_inner).map_err(|why| why.to_string())
}
