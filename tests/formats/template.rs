//! Templates of one's own: where fields may stand, what mistakes are told, and which files are refused.

use std::collections::BTreeMap;

use rasoat::finding::Verdict;
use rasoat::policy::Text;
use rasoat::report::{Letter, MOST_TEMPLATE};

use super::letter::{built_in, given, is_sound, letter, pack, packed, stands, text, unpack};
use super::sample;

fn fault(template: Option<&[u8]>, fields: &[(&str, &str)]) -> Text {
    Letter::new(template, &given(fields)).unwrap_err()
}

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:wp=\"wp\"";

/// The built-in file with another body.
fn with_body(body: &str) -> Vec<u8> {
    let mut parts = built_in();
    let text = format!("<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>");
    parts.insert("word/document.xml".to_owned(), text.into_bytes());
    packed(&parts)
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

#[test]
fn values_are_never_fields() {
    let mut report = sample::report();
    report.sites[0].name = Some("{{ho_ten}} {{#tieu_chi}} ]]> <w:p/> &amp; \u{0}\u{1b}\u{fffe}".to_owned());
    report.findings[0].site.clone_from(&report.sites[0].id);
    report.findings[0].verdict = Verdict::Fail;
    let parts = letter(None, &report, &[("kinh_gui", "{{so}} </w:t> Vie\u{302}\u{323}t\nhai\u{8}")]);
    is_sound(&parts);
    let body = text(&parts, "word/document.xml");
    // One line, with stand-ins for what acts on its reader, and composed.
    stands(&body, &["{{ho_ten}} {{#tieu_chi}} ]]> <w:p/> &amp; ␀␛\u{fffd}", "Kính gửi: {{so}} </w:t> Việt\nhai␈\n"]);
}

#[test]
fn fields_stand_in_heads_feet_and_notes_however_they_are_split() {
    let mut parts = built_in();
    let split = "<w:p><w:r><w:t>{{so_</w:t></w:r><w:proofErr w:type=\"spellStart\"/><w:bookmarkStart w:id=\"0\" w:name=\"a\"/>\
                 <w:r><w:rPr><w:b/></w:rPr><w:t>tra</w:t></w:r><w:bookmarkEnd w:id=\"0\"/><w:r><w:t>ng}}</w:t></w:r></w:p>";
    let of = |root: &str, inner: &str| format!("<w:{root} {NAMESPACES}>{inner}</w:{root}>").into_bytes();
    parts.insert("word/header1.xml".to_owned(), of("hdr", split));
    parts.insert("word/foot.xml".to_owned(), of("ftr", split));
    parts.insert("word/notes.xml".to_owned(), of("footnotes", &format!("<w:footnote w:id=\"2\">{split}</w:footnote>")));
    let more: String = [("foot", "footer"), ("notes", "footnotes")]
        .iter()
        .map(|(part, kind)| {
            format!(
                "<Override PartName=\"/word/{part}.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml\"/>"
            )
        })
        .collect();
    let types = String::from_utf8(parts["[Content_Types].xml"].clone()).unwrap();
    parts.insert("[Content_Types].xml".to_owned(), types.replace("</Types>", &format!("{more}</Types>")).into_bytes());
    let report = sample::report();
    let filled = letter(Some(&packed(&parts)), &report, &[]);
    for part in ["word/header1.xml", "word/foot.xml", "word/notes.xml"] {
        assert_eq!(text(&filled, part), format!("{}\n", report.sites.len()), "{part}");
    }
}

#[test]
fn a_template_of_ones_own() {
    let report = sample::report();
    let body = [
        p("{{don_vi_soan}}: {{so_trang}}"),
        p("{{?khong_co}}a{{/khong_co}}{{^khong_co}}b{{/khong_co}}"),
        p("{{#tieu_chi}}{{tt}}. {{ten}}{{/tieu_chi}}"),
    ];
    let fields = [("don_vi_soan", "Phòng CĐS"), ("khong_co", "")];
    let own = with_body(&body.concat());
    let said = text(&letter(Some(&own), &report, &fields), "word/document.xml");
    let rules: String = report.rules.iter().enumerate().map(|(n, r)| format!("{}. {}\n", n + 1, r.title.vi)).collect();
    assert_eq!(said, format!("Phòng CĐS: {}\nb\n{rules}", report.sites.len()));
    // What a word processor calls a template is one too, and the letter is a document.
    let mut parts = unpack(&own);
    let types = String::from_utf8(parts["[Content_Types].xml"].clone()).unwrap();
    let types = types.replace("document.main+xml", "template.main+xml");
    parts.insert("[Content_Types].xml".to_owned(), types.into_bytes());
    let filled = letter(Some(&packed(&parts)), &report, &fields);
    assert!(!String::from_utf8_lossy(&filled["[Content_Types].xml"]).contains("template.main"));
}

#[test]
fn mistakes_in_a_template_are_told_by_field_and_paragraph() {
    for (body, en, vi) in [
        (p("Gửi {{kinh_gi}}"), "{{kinh_gi}} in the paragraph “Gửi {{kinh_gi}}”", "Có phải {{kinh_gui}}?"),
        (p("{{xyz}}"), "--letter-field xyz=…", "không có trường này"),
        (p("{{ten}}"), "no such field here", "không có trường này ở đây"),
        (p("{{}}"), "no such field here", "không có trường này ở đây"),
        (p("{{la_dat}}"), "for conditions only: {{?la_dat}}", "chỉ dùng làm điều kiện"),
        (p("{{tieu_chi}}"), "this is a list: {{#tieu_chi}}", "đây là danh sách"),
        (p("{{#so_trang}}x{{/so_trang}}"), "this is no list", "không phải danh sách"),
        (p("{{#loi}}x{{/loi}}"), "no such field here", "không có trường này ở đây"),
        (p("{{#tieu_chi}}{{?dat}}{{#tieu_chi}}x{{/tieu_chi}}{{/dat}}{{/tieu_chi}}"), "within itself", "trong chính nó"),
        (p("{{#tieu_chi}}x"), "{{#tieu_chi}} in the paragraph “{{#tieu_chi}}x” has no end", "không có chỗ kết thúc"),
        (p("x{{/tieu_chi}}"), "ends what nothing begins", "không có chỗ mở"),
        (p("{{so"), "without “}}”", "mà không có “}}”"),
    ] {
        let said = fault(Some(&with_body(&body)), &[]);
        assert!(said.en.contains(en), "{body}: {}", said.en);
        assert!(said.vi.contains(vi), "{body}: {}", said.vi);
    }
}

#[test]
fn a_name_of_no_field_and_one_of_the_report_are_refused() {
    let wrong = fault(None, &[("co_quan_banhanh", "x")]);
    assert!(wrong.en.contains("no field co_quan_banhanh. Did you mean co_quan_ban_hanh?"), "{}", wrong.en);
    for name in ["ket_luan", "SO_TRANG", "tieu_chi", "la_dat", "ly_do", "dong"] {
        let wrong = fault(None, &[(name, "đạt")]);
        assert!(wrong.en.contains("is what the report says"), "{name}: {}", wrong.en);
    }
    // Of another template: no mistake.
    assert!(Letter::new(Some(&with_body(&p("x"))), &given(&[("ho_ten", "A")])).is_ok());
}

#[test]
fn what_stays_blank_is_known() {
    let all = Letter::new(None, &BTreeMap::new()).unwrap();
    let names = [
        "co_quan_chu_quan",
        "co_quan_ban_hanh",
        "so",
        "ky_hieu",
        "dia_danh",
        "ngay",
        "thang",
        "nam",
        "kinh_gui",
        "chuc_vu",
        "ho_ten",
        "noi_nhan",
    ];
    assert_eq!(all.blanks(), names);
    // An empty value says that there shall be nothing.
    let fields = [("ho_ten", "A"), ("co_quan_chu_quan", ""), ("noi_nhan", ""), ("quyen_han", "KT. GIÁM ĐỐC")];
    let some = Letter::new(None, &given(&fields)).unwrap();
    assert_eq!(
        some.blanks(),
        ["co_quan_ban_hanh", "so", "ky_hieu", "dia_danh", "ngay", "thang", "nam", "kinh_gui", "chuc_vu"]
    );
    let body = text(&letter(None, &sample::report(), &fields), "word/document.xml");
    stands(&body, &["KT. GIÁM ĐỐC\n……\n", "- Như trên;\n- Lưu: VT.\n"]);
}

/// The built-in file with one part changed.
fn with_part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut parts = built_in();
    parts.insert(name.to_owned(), bytes.to_vec());
    packed(&parts)
}

#[test]
fn a_file_that_is_no_safe_template_is_refused() {
    let relation = |kind: &str, target: &str| {
        let text = String::from_utf8(built_in()["word/_rels/document.xml.rels"].clone()).unwrap();
        let one = format!(
            "<Relationship Id=\"rId99\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" \
             Target=\"{target}\" TargetMode=\"External\"/></Relationships>"
        );
        with_part("word/_rels/document.xml.rels", text.replace("</Relationships>", &one).as_bytes())
    };
    let types = String::from_utf8(built_in()["[Content_Types].xml"].clone()).unwrap();
    let macros = types.replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    );
    let mut without = built_in();
    without.remove("word/document.xml");
    let bomb = vec![b' '; 65 << 20];
    let field = |code: &str| with_body(&format!("<w:p><w:r><w:instrText>{code}</w:instrText></w:r></w:p>"));
    let odt = pack([("mimetype", &b"application/vnd.oasis.opendocument.text"[..]), ("content.xml", b"<a/>")]);
    let broken = {
        let whole = packed(&built_in());
        whole[..whole.len() / 2].to_vec()
    };
    for (bytes, en) in [
        (Vec::new(), "cannot be read as a .docx file (zip)"),
        (b"plain text".to_vec(), "cannot be read as a .docx file (zip)"),
        (broken, "cannot be read as a .docx file (zip)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "has a password or is an old .doc"),
        (odt, "no .docx document"),
        (packed(&without), "no .docx document"),
        (with_part("[Content_Types].xml", macros.as_bytes()), "has macros"),
        (with_part("word/vbaProject.bin", b"x"), "has macros"),
        (
            relation("attachedTemplate", "file:///C:/mau.dotx"),
            "fetches attachedTemplate from outside: file:///C:/mau.dotx",
        ),
        (relation("image", "https://evil.example/a.png"), "fetches image from outside"),
        (field(" INCLUDEPICTURE &quot;https://evil.example/a.png&quot; "), "a field INCLUDEPICTURE"),
        (field("DDEAUTO c:\\x"), "a field DDEAUTO"),
        (with_part("../outside.xml", b"<a/>"), "the part's name “../outside.xml”"),
        (with_part("/word/x.xml", b"<a/>"), "the part's name"),
        (with_part("word\\x.xml", b"<a/>"), "the part's name"),
        (with_part("WORD/document.xml", b"<a/>"), "the part's name"),
        (with_part("word/media/a.png", &bomb), "unpacks to more than 64 MiB"),
        (with_part("word/document.xml", b"<w:document"), "word/document.xml is damaged"),
        (
            with_part("word/document.xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><w:document>&b;</w:document>"),
            "word/document.xml is damaged: a document type",
        ),
        (with_part("word/document.xml", b"<office/>"), "not written as Word or LibreOffice do"),
        (vec![b'P'; MOST_TEMPLATE + 1], "larger than 16 MiB"),
    ] {
        let said = fault(Some(&bytes), &[]);
        assert!(said.en.contains(en), "{en}: {}", said.en);
        assert!(!said.vi.is_ascii(), "{}", said.vi);
    }
    // A link that a reader may click is none of these.
    assert!(Letter::new(Some(&relation("hyperlink", "https://a.example/")), &BTreeMap::new()).is_ok());
    assert!(Letter::new(Some(&field(" HYPERLINK \\l muc ")), &BTreeMap::new()).is_ok());
}
