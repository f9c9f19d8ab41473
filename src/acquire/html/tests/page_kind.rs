//! Pages that are not the site, and pages that only look like it.

use super::page;
use crate::acquire::html::{error_page, title, visible_text};
use crate::snapshot::Gap;

/// Gap and strength of a page, its links counted by a plain look.
fn kind(html: &str) -> Option<(Gap, bool)> {
    let doc = page(html);
    let links = html.matches("<a ").count();
    error_page(&title(&doc).unwrap_or_default(), &visible_text(&doc), html, links).map(|k| (k.gap, k.strong))
}

#[test]
fn beyond_doubt() {
    let long = "Đây là trang mặc định của máy chủ. ".repeat(60);
    for (html, gap) in [
        (
            "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx</center>",
            Gap::Soft404,
        ),
        (
            "<title>404 - File or directory not found.</title><h1>Server Error</h1><h2>404 - File or directory not found.</h2>The resource you are looking for might have been removed, had its name changed, or is temporarily unavailable.",
            Gap::Soft404,
        ),
        (
            "<title>HTTP Status 404 – Not Found</title><h1>HTTP Status 404 – Not Found</h1><p>The requested resource is not found</p><h3>Apache Tomcat/9.0</h3>",
            Gap::Soft404,
        ),
        (
            "<title>The resource cannot be found.</title><h1>Server Error in '/' Application.</h1><h2>The resource cannot be found.</h2> Description: HTTP 404.",
            Gap::Soft404,
        ),
        (
            "<title>IIS 10.0 Detailed Error - 404.0 - Not Found</title>HTTP Error 404.0 - Not Found. The resource you are looking for has been removed.",
            Gap::Soft404,
        ),
        (
            "<title>Không tìm thấy trang - Cổng TTĐT tỉnh A</title><h1>404</h1><p>Trang bạn yêu cầu không tồn tại.</p><a href=/>Trang chủ</a>",
            Gap::Soft404,
        ),
        ("<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>nginx", Gap::Soft404),
        ("404 page not found", Gap::Soft404),
        ("<pre>No input file specified.</pre>", Gap::Soft404),
        (
            "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working.</p><a href=http://nginx.org/>nginx.org</a>",
            Gap::Placeholder,
        ),
        (
            "<title>IIS Windows Server</title><div><a href=http://go.microsoft.com/><img src=iisstart.png alt=IIS></a></div>",
            Gap::Placeholder,
        ),
        ("<html><body><h1>It works!</h1></body></html>", Gap::Placeholder),
        (
            &format!(
                "<title>Apache2 Debian Default Page: It works</title><p>This is the default welcome page used to test the correct operation of the Apache2 server. {long}"
            ),
            Gap::Placeholder,
        ),
        ("<title>Index of /</title><h1>Index of /</h1><pre><a href=a/>a/</a></pre>", Gap::Placeholder),
        (
            "<title>Account Suspended</title>This Account has been suspended. Contact your hosting provider for more information.",
            Gap::Placeholder,
        ),
        ("<title>Website đang bảo trì</title><h1>Hệ thống đang được bảo trì, xin quay lại sau.</h1>", Gap::Placeholder),
        (
            "<title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script>",
            Gap::Challenge,
        ),
        (
            "<html><body><script>document.cookie=\"D1N=8ab\"+\"; path=/\";window.location.reload(true);</script></body></html>",
            Gap::Challenge,
        ),
        (
            "<html><body><iframe src=\"/_Incapsula_Resource?x\">Request unsuccessful. Incapsula incident ID: 1-2</iframe></body></html>",
            Gap::Challenge,
        ),
        (
            "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br>Your support ID is: 123</body></html>",
            Gap::Blocked,
        ),
        ("<title>403 Forbidden</title><h1>403 Forbidden</h1><hr>nginx", Gap::Blocked),
    ] {
        assert_eq!(kind(html), Some((gap, true)), "{html}");
    }
}

/// A home page as most are: a long menu, news, a footer.
fn portal(title: &str, news: &str) -> String {
    let menu = "<li><a href='/muc'>Giới thiệu</a></li>".repeat(30);
    format!(
        "<!doctype html><title>{title}</title><ul>{menu}</ul><h2>{news}</h2><p>{}</p><footer>Ủy ban nhân dân</footer>",
        "Ủy ban nhân dân tỉnh ban hành kế hoạch. ".repeat(20)
    )
}

#[test]
fn never_beyond_doubt() {
    for html in [
        portal("Cổng thông tin điện tử tỉnh A", "Thông báo bảo trì hệ thống dịch vụ công"),
        portal("Thông báo bảo trì hệ thống - Cổng thông tin điện tử", "Hệ thống đang bảo trì từ 22h"),
        portal("Bảo trì hệ thống", "Hệ thống đang bảo trì"),
        portal("Không tìm thấy trang - Cổng thông tin điện tử", "Không tìm thấy trang"),
        portal("404 Not Found", "Không tìm thấy"),
        portal("Error", "Có lỗi xảy ra"),
        portal("Just a moment...", "Checking your browser"),
        "<title>Cổng thông tin điện tử</title><div id=root></div><script src=/main.js></script>".to_owned(),
        "<title>Cổng thông tin điện tử</title><div id=root></div><script src='/_Incapsula_Resource?SWJIYLWA=1'></script>".to_owned(),
        "<title>Trang chủ</title><div id=app></div><script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>".to_owned(),
        "<title>Sở Y tế</title><h1>Thông báo</h1><p>Hệ thống đang bảo trì từ 22h đến 24h ngày 1/1.</p><a href=/>Trang chủ</a>".to_owned(),
        "<title>Trường mầm non 404</title><p>Không tìm thấy tin</p>".to_owned(),
        "<p>Đã kết nối EMC</p>".to_owned(),
        "<title>Trang thông tin điện tử</title><p>Hello world</p>".to_owned(),
    ] {
        assert_ne!(kind(&html).map(|k| k.1), Some(true), "{html}");
    }
    assert_eq!(kind(&portal("Cổng thông tin điện tử tỉnh A", "Thông báo bảo trì hệ thống")), None);
    assert_eq!(kind(&portal("404 Not Found", "Không tìm thấy")), Some((Gap::Soft404, false)));
    assert_eq!(kind("<title></title>"), None);
}
