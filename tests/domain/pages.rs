//! Pages for the tables: a portal's home page with enough of a page around what a row is about, and the
//! tracker's snippet as its operator hands it out. Built from text, so that a row shows what it changes.

/// The address of the tracker's library.
pub(crate) const LIBRARY: &str = "https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js";
/// Inserts the library; follows the commands.
pub(crate) const LOADER: &str = "(function(){var d=document,g=d.createElement('script'),s=d.getElementsByTagName('script')[0];\
    g.async=true;g.defer=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';s.parentNode.insertBefore(g,s)})();";
/// Everything but the id.
pub(crate) const CALLS: &str =
    "['trackPageView'],['enableLinkTracking'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']";

/// A home page with `head` and `body` put in.
pub(crate) fn page_with(head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n<title>Cổng thông tin điện tử tỉnh A</title>\n\
         {head}\n</head>\n<body>\n<header><a href=\"/\">Trang chủ</a> <a href=\"/gioi-thieu\">Giới thiệu</a> \
         <a href=\"/tin-tuc\">Tin tức</a> <a href=\"/van-ban\">Văn bản</a></header>\n<main><h1>Tin tức và sự kiện</h1>\
         <p>Ủy ban nhân dân tỉnh tổ chức hội nghị triển khai kế hoạch chuyển đổi số năm 2024 tại các sở, ngành.</p></main>\n\
         {body}\n</body>\n</html>\n"
    )
}

/// A home page with `body` put in at the end.
pub(crate) fn page(body: &str) -> String {
    page_with("", body)
}

/// The commands and the loader, as script text.
pub(crate) fn code(id: &str) -> String {
    format!(
        "\n  var _govaq = window._govaq || [];\n  _govaq.push(['trackPageView']);\n  _govaq.push(['enableLinkTracking']);\n  \
         (function () {{\n    _govaq.push(['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking']);\n    \
         _govaq.push(['setSiteId', '{id}']);\n    var d = document, g = d.createElement('script'), s = \
         d.getElementsByTagName('script')[0];\n    g.type = 'text/javascript'; g.async = true; g.defer = true;\n    \
         g.src = 'https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';\n    s.parentNode.insertBefore(g, s);\n  }})();\n"
    )
}

/// The canonical snippet.
pub(crate) fn snippet(id: &str) -> String {
    format!("<script>{}</script>", code(id))
}

/// The canonical snippet's text in a script element with other attributes.
pub(crate) fn in_script(attributes: &str) -> String {
    page(&format!("<script {attributes}>{}</script>", code("205")))
}

/// A page whose only script is `text`.
pub(crate) fn script(text: &str) -> String {
    page(&format!("<script>{text}</script>"))
}

/// A page with the canonical snippet and `body`.
pub(crate) fn connected(body: &str) -> String {
    page(&format!("{body}\n{}", snippet("205")))
}

/// A page with the canonical snippet and a style sheet.
pub(crate) fn styled(css: &str) -> String {
    page_with(&format!("<style>{css}</style>"), &snippet("205"))
}
