//! Pages that are not the site although the status says so: error pages, challenges, blocks, log-ins, parked and
//! default pages, maintenance. And pages that only look like it: in doubt they are judged.

use super::super::server::{Answer, Host, home, label, snippet};
use super::{bare, good, row, table};

fn page(title: &str, body: &str) -> String {
    format!("<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>")
}

fn shown(status: u16, title: &str, body: &str) -> Host {
    Host::home(Answer::new(status, "Content-Type: text/html; charset=utf-8\r\n", page(title, body)))
}

const CHALLENGE: &str = "<h1>Checking your browser before accessing the site.</h1><noscript>Enable JavaScript and cookies to continue</noscript>\
    <script>window._cf_chl_opt={cType:'managed'};</script>";

#[test]
fn what_is_not_the_site() {
    let ok = |title: &str, body: &str| shown(200, title, body);
    let login = "<form method=post action=/login><label>Tên đăng nhập <input name=username></label>\
        <label>Mật khẩu <input type=password name=password></label><button>Đăng nhập</button></form>";
    let told = table(
        "page",
        vec![
            row("a challenge with 200", ok("Just a moment...", CHALLENGE), "inconclusive challenge").once(),
            row("a challenge with 503", shown(503, "Just a moment...", CHALLENGE), "inconclusive challenge"),
            row("a challenge with 403", shown(403, "Just a moment...", CHALLENGE), "inconclusive challenge"),
            row("a challenge with 429", shown(429, "Just a moment...", CHALLENGE), "inconclusive challenge|inconclusive rate-limited"),
            row("a cookie and a reload", ok("", "<script>document.cookie=\"D1N=2f1c\"+\"; path=/\";window.location.reload(true);</script>"), "inconclusive challenge").once(),
            row("a firewall's block with 200", ok("Request Rejected", "The requested URL was rejected. Please consult with your administrator. Your support ID is: 1234"), "inconclusive blocked").once(),
            row("a log-in instead of the site", ok("Đăng nhập", login), "inconclusive blocked").once(),
            row("a log-in under the site's name", ok("Đăng nhập - Cổng dịch vụ công", login), "inconclusive blocked").once(),
            row("a block in Vietnamese with 200", ok("Thông báo", "<h1>Yêu cầu của bạn đã bị chặn</h1><p>Hệ thống phát hiện truy cập bất thường. Mã sự kiện: 829212</p>"), "inconclusive blocked").once(),
            row("a block under the site's name", ok("Cổng thông tin điện tử tỉnh A", "<p>Website chỉ cho phép truy cập từ Việt Nam.</p>"), "inconclusive blocked").once(),
            row("a challenge with 202", shown(202, "", "<script>window.awsWafCookieDomainList=[];window.gokuProps={}</script>"), "inconclusive challenge").once(),
            row("a cookie and the same address", ok("", "<script>document.cookie='tok=1;path=/';location.href='/'</script>"), "inconclusive challenge").once(),
            row("a way on that is not understood", ok("", "<script>if(navigator.language=='vi')location.href='/vi';else location.href='/en'</script>"), "inconclusive needs-browser").once(),
            row("a session that is over", ok("Thông báo", "<p>Phiên làm việc của bạn đã hết hạn. Vui lòng <a href=/login>đăng nhập lại</a>.</p>"), "inconclusive blocked").once(),
            row("a log-in without a title of its own", ok("Central Authentication Service", login), "inconclusive blocked").once(),
            row("too many visitors", ok("Cổng thông tin điện tử tỉnh A", "<p>Hệ thống đang bận, vui lòng quay lại sau ít phút.</p>"), "inconclusive placeholder").once(),
            row("an error of PHP with 200", ok("", "<b>Fatal error</b>: Uncaught Error: Call to undefined function foo() in index.php:12"), "inconclusive soft-404").once(),
            row("404 with 200", ok("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx</center>"), "inconclusive soft-404").once(),
            row("404 with 200, in Vietnamese", ok("Không tìm thấy trang", "<h1>404</h1><p>Trang bạn yêu cầu không tồn tại.</p>"), "inconclusive soft-404").once(),
            row("500 with 200", ok("Runtime Error", "<h1>Server Error in '/' Application.</h1>"), "inconclusive soft-404").once(),
            row("nginx", ok("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working.</p>"), "inconclusive placeholder").once(),
            row("IIS", ok("IIS Windows Server", "<a href=\"http://go.microsoft.com/fwlink/?linkid=66138\"><img src=iisstart.png alt=IIS></a>"), "inconclusive placeholder").once(),
            row("Apache", ok("Apache2 Ubuntu Default Page: It works", "<h1>It works!</h1><p>This is the default welcome page used to test the correct operation</p>"), "inconclusive placeholder").once(),
            row("a listing", ok("Index of /", "<h1>Index of /</h1><a href=a/>a/</a>"), "inconclusive placeholder").once(),
            row("parked", ok("Domain parked", "<p>This domain is parked. Buy this domain.</p>"), "inconclusive placeholder").once(),
            row("not paid", ok("Account Suspended", "<h1>Account Suspended</h1><p>This account has been suspended. Contact your hosting provider.</p>"), "inconclusive placeholder").once(),
            row("maintenance", ok("Hệ thống đang bảo trì", "<p>Hệ thống đang bảo trì, xin quay lại sau.</p>"), "inconclusive placeholder").once(),
            row("maintenance with 503", shown(503, "Hệ thống đang bảo trì", "<p>Hệ thống đang bảo trì, xin quay lại sau.</p>"), "inconclusive placeholder|inconclusive server-error"),
        ],
    );
    println!("{told}");
}

/// A refusal is read so far: what it says after that is not heard, and it stays a refusal.
#[test]
fn a_long_refusal_is_read_so_far() {
    let after = |kib: usize| {
        let text = format!("{}{}", " ".repeat(kib << 10), page("Just a moment...", CHALLENGE));
        Host::home(Answer::new(403, "Content-Type: text/html; charset=utf-8\r\n", text))
    };
    let told = table(
        "refusal",
        vec![
            row("a sign after 60 KiB", after(60), "inconclusive challenge"),
            row("a sign after 70 KiB", after(70), "inconclusive blocked"),
            row("a sign after 40 MiB", after(40 << 10), "inconclusive blocked"),
        ],
    );
    println!("{told}");
}

#[test]
fn what_only_looks_like_it() {
    let rich = |title: &str, body: &str| {
        Host::page(home(title, "", &format!("<h2>Tin nổi bật</h2>{body}{}{}", label(), snippet("205")), 8_000))
    };
    let poor = |title: &str, body: &str| Host::page(home(title, "", &format!("<h2>Tin nổi bật</h2>{body}"), 8_000));
    let article = "<p>Lỗi 404 Not Found là gì? Trang không tồn tại, máy chủ trả về mã 404. Cách khắc phục lỗi 404.</p>";
    let notice = "<p>Thông báo: hệ thống đang bảo trì từ 22 giờ ngày 05/12, xin quay lại sau.</p>";
    let search =
        "<form action=/dang-nhap><input name=user><input type=password name=pass><button>Đăng nhập</button></form>";
    let stuck = "<script src=\"https://challenges.cloudflare.com/turnstile/v0/api.js\"></script>";
    let told = table(
        "doubt",
        vec![
            row("an article about 404", rich("Lỗi 404 là gì", article), "pass -").once(),
            row("an article about 404, without the snippet", poor("Lỗi 404 là gì", article), "fail snippet-missing")
                .once(),
            row("a site that is titled 404", rich("404 Not Found", article), "pass -").note("page-doubtful"),
            row(
                "a site that is titled 404, without the snippet",
                poor("404 Not Found", article),
                "fail snippet-missing",
            )
            .note("page-doubtful"),
            row("a notice of maintenance among the news", rich("Cổng thông tin", notice), "pass -").once(),
            row("a site whose title speaks of maintenance", rich("Bảo trì hệ thống", notice), "pass -")
                .note("page-doubtful"),
            row("the same without the snippet", poor("Bảo trì hệ thống", notice), "fail snippet-missing")
                .note("page-doubtful"),
            row("a log-in beside the news", rich("Cổng thông tin", search), "pass -").once(),
            row(
                "a log-in beside the news, without the snippet",
                poor("Cổng thông tin", search),
                "fail snippet-missing",
            )
            .once(),
            row("a captcha in a form", rich("Cổng thông tin", stuck), "pass -").once(),
            row("a department of maintenance", rich("Cục Bảo trì", "<p>Chào mừng</p>"), "pass -").once(),
            row("a small honest page", Host::page(bare()), "fail snippet-missing").once(),
            row("a good page", Host::page(good()), "pass -").once(),
        ],
    );
    println!("{told}");
}
