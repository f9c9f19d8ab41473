//! The text of a table file: byte-order marks, UTF-8, UTF-16 with a mark, and windows-1258; composed characters.
//! Refuses what is no text, or is in the encoding of an old font.

use encoding_rs::{Encoding, WINDOWS_1258};
use unicode_normalization::UnicodeNormalization;

use crate::policy::Text;

/// The text of the bytes.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Text> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            let (text, replaced) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
            if replaced {
                return Err(garbled());
            }
            text.into_owned()
        }
        None if bytes.contains(&0) => {
            return Err(Text::new(
                "tệp không phải bảng CSV hay XLSX (có byte 0; nếu là UTF-16 thì thiếu BOM); hãy lưu thành “CSV UTF-8”.",
                "the file is neither CSV nor XLSX (it holds zero bytes; UTF-16 needs its mark); save it as “CSV UTF-8”.",
            ));
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => windows_1258(bytes)?,
        },
    };
    if text.trim().is_empty() {
        return Err(Text::new("tệp trống.", "the file is empty."));
    }
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    if ["<!doctype", "<html", "<table", "<?xml", "<meta"].iter().any(|tag| start.starts_with(tag)) {
        return Err(Text::new(
            "đây là trang HTML hoặc XML, không phải bảng; hãy mở bằng Excel và lưu thành .xlsx.",
            "this is an HTML or XML page, not a table; open it in Excel and save it as .xlsx.",
        ));
    }
    Ok(text.nfc().collect())
}

fn garbled() -> Text {
    Text::new(
        "tệp không phải UTF-8, UTF-16 hay windows-1258 (có thể dùng bảng mã TCVN3 hoặc VNI); hãy chuyển sang Unicode và lưu thành “CSV UTF-8”.",
        "the file is not UTF-8, UTF-16 or windows-1258 (perhaps TCVN3 or VNI); convert it to Unicode and save it as \
         “CSV UTF-8”.",
    )
}

/// The text, when it is Vietnamese in windows-1258.
fn windows_1258(bytes: &[u8]) -> Result<String, Text> {
    let (text, replaced) = WINDOWS_1258.decode_without_bom_handling(bytes);
    let (good, mut bad) = crate::lang::tones(&text);
    // Letters of one byte that Vietnamese does not have.
    bad += text
        .chars()
        .filter(|c| matches!(c, '\u{80}'..='\u{9f}' | 'Ä'..='Ç' | 'ß' | 'ä'..='ç' | 'ñ' | 'Ñ' | '¢'..='»'))
        .count();
    if replaced || good == 0 || bad * 4 > good { Err(garbled()) } else { Ok(text.into_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "Bộ Văn hóa, Thể thao và Du lịch";

    #[test]
    fn the_encodings_of_offices_are_read_and_composed() {
        let utf_16 = |le: bool| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(NAME.encode_utf16());
            units.flat_map(|u: u16| if le { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
        };
        // ộ, ó, ể, à, ị as windows-1258 writes them: the vowel, then the tone.
        let windows = b"B\xf4\xf2 V\xe3n ho\xec\x61";
        assert_eq!(decode(NAME.as_bytes()).unwrap(), NAME);
        assert_eq!(decode(format!("\u{feff}{NAME}").as_bytes()).unwrap(), NAME);
        assert_eq!(decode(&utf_16(true)).unwrap(), NAME);
        assert_eq!(decode(&utf_16(false)).unwrap(), NAME);
        assert_eq!(decode(NAME.nfd().collect::<String>().as_bytes()).unwrap(), NAME);
        assert_eq!(decode(windows).unwrap(), "Bộ Văn hóa");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        // TCVN3: “Bộ Văn hóa” in an old font's own encoding.
        assert!(decode(b"B\xe9 V\xa8n h\xe3a, \xa7\xb5 N\xbdng").is_err());
        assert!(decode(b"\x00\x01\x02\x03").is_err());
        assert!(decode(b"T\x00\xean\x00").is_err(), "UTF-16 without its mark");
        assert!(decode(b" \r\n ").is_err());
        assert!(decode(b"\xff\xfeA\x00\x00\xd8").is_err(), "half a pair");
        let page = decode(b"\n<HTML><table><tr><td>1").unwrap_err();
        assert!(page.vi.contains(".xlsx"));
    }
}
