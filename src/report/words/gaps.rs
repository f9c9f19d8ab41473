//! Why something could not be seen, and what a person does about it: one sentence each, in both languages.
//! A remedy speaks to the engineer at the other end: a flag, a file, or whom to ask.

use super::{Words, words};
use crate::snapshot::Gap;

/// Why it could not be seen, in one sentence.
#[must_use]
pub fn cause(gap: Gap) -> Words {
    sentences(gap).0
}

/// What to do so that it can be seen, in one sentence.
#[must_use]
pub fn remedy(gap: Gap) -> Words {
    sentences(gap).1
}

#[expect(clippy::too_many_lines, reason = "a table with one row for each gap")]
fn sentences(gap: Gap) -> (Words, Words) {
    match gap {
        Gap::NotRequested => (
            words(
                "Lần chạy này không yêu cầu đo nội dung này (thường là vì không dùng trình duyệt).",
                "This run was not asked to measure it (usually because it used no browser).",
            ),
            words(
                "Cài Chromium rồi chạy lại với `--browser auto` hoặc `--browser require`; nếu chạy chia phần thì `rasoat merge` sẽ kết luận.",
                "Install Chromium and run again with `--browser auto` or `--browser require`; in a sharded run `rasoat merge` decides it.",
            ),
        ),
        Gap::NoBrowser => (
            words(
                "Đã yêu cầu trình duyệt (`--browser require`) nhưng không tìm thấy Chromium trên máy.",
                "A browser was required (`--browser require`) and no Chromium was found.",
            ),
            words(
                "Cài gói `chromium` (Debian, Ubuntu: `apt-get install chromium`) hoặc dùng ảnh máy CI có sẵn Chromium.",
                "Install the package `chromium` (Debian, Ubuntu: `apt-get install chromium`) or use a CI image that has it.",
            ),
        ),
        Gap::BrowserFailed => (
            words(
                "Trình duyệt không khởi động được hoặc dừng đột ngột khi mở trang.",
                "The browser did not start, or stopped while it had the page open.",
            ),
            words(
                "Chạy lại với `-v` để xem lỗi của Chromium; trong container hãy cấp đủ bộ nhớ chia sẻ (/dev/shm), hoặc thêm `--no-sandbox`.",
                "Run again with `-v` to see what Chromium says; in a container give it enough shared memory (/dev/shm), or add `--no-sandbox`.",
            ),
        ),
        Gap::NeedsBrowser => (
            words(
                "Mã nguồn của trang chưa cho thấy câu trả lời: nội dung do JavaScript dựng, do trình quản lý thẻ chèn, lấy từ máy chủ khi chạy, hoặc tùy thuộc cách trình duyệt hiển thị trang.",
                "The page's source does not hold the answer: it is built by JavaScript, injected by a tag manager, fetched while the page runs, or left to how a browser shows the page.",
            ),
            words(
                "Chạy lại trên máy có Chromium (`--browser auto`), hoặc kiểm tra bản HTML đã kết xuất sẵn của trang.",
                "Run again on a machine with Chromium (`--browser auto`), or check a pre-rendered build of the site.",
            ),
        ),
        Gap::Dns => (
            words("Không phân giải được tên miền của trang.", "The site's host name could not be resolved."),
            words(
                "Kiểm tra `url` trong tệp danh sách trang và bản ghi DNS; nếu tên miền chưa công bố hoặc chỉ phân giải được trong mạng nội bộ, dùng `--resolve HOST:PORT:IP`.",
                "Check `url` in the sites file and the DNS record; for a name that is not published yet, or only inside a network, use `--resolve HOST:PORT:IP`.",
            ),
        ),
        Gap::Refused => (
            words("Máy chủ từ chối kết nối.", "The server refused the connection."),
            words(
                "Kiểm tra dịch vụ web có đang chạy, cổng mạng (80, 443) đã mở và tường lửa có cho phép địa chỉ IP của máy kiểm tra.",
                "Check that the web server runs, its ports (80, 443) are open, and the firewall lets this machine's address in.",
            ),
        ),
        Gap::Reset => (
            words(
                "Kết nối bị máy chủ hoặc thiết bị mạng ngắt giữa chừng.",
                "The connection was cut by the server or the network.",
            ),
            words(
                "Chạy lại; nếu vẫn bị ngắt, xem nhật ký tường lửa ứng dụng web (WAF) hoặc chạy từ máy đặt tại Việt Nam.",
                "Run again; if it persists look into the web application firewall's log, or run from a machine inside Vietnam.",
            ),
        ),
        Gap::Timeout => (
            words("Máy chủ không trả lời trong thời hạn.", "The server did not answer in time."),
            words(
                "Chạy lại với `--timeout` dài hơn (ví dụ `60s`); nếu trang chỉ mở cho mạng trong nước, chạy từ máy đặt tại Việt Nam.",
                "Run again with a longer `--timeout` (`60s`, say); if the site is open to domestic networks only, run from a machine inside Vietnam.",
            ),
        ),
        Gap::ProtocolError => (
            words(
                "Câu trả lời của máy chủ sai giao thức HTTP hoặc bị đứt giữa chừng.",
                "The answer broke the rules of HTTP or ended half-way.",
            ),
            words(
                "Mở trang bằng `curl -v` để thấy chỗ sai; kiểm tra tiêu đề Content-Length, kiểu nén và máy chủ proxy ngược (reverse proxy).",
                "See where it breaks with `curl -v`; check content length, compression and the reverse proxy.",
            ),
        ),
        Gap::Proxy => (
            words("Không đi qua được proxy.", "The proxy could not be passed."),
            words(
                "Kiểm tra địa chỉ, cổng và tài khoản trong `--proxy` hoặc biến môi trường HTTPS_PROXY.",
                "Check address, port and account in `--proxy` or the variable HTTPS_PROXY.",
            ),
        ),
        Gap::TlsExpired => (
            words("Chứng thư số (SSL/TLS) của trang đã hết hạn.", "The site's certificate (SSL/TLS) has expired."),
            words(
                "Gia hạn chứng thư số, cài lại cùng chuỗi trung gian rồi chạy lại; nếu trình duyệt không báo lỗi, kiểm tra đồng hồ của máy kiểm tra.",
                "Renew the certificate, install it with its intermediates and run again; if browsers do not complain check this machine's clock.",
            ),
        ),
        Gap::TlsNotYetValid => (
            words(
                "Chứng thư số (SSL/TLS) của trang chưa đến ngày có hiệu lực.",
                "The site's certificate (SSL/TLS) is not valid yet.",
            ),
            words(
                "Kiểm tra ngày hiệu lực của chứng thư số và đồng hồ của máy kiểm tra.",
                "Check the certificate's first day and the clock of this machine.",
            ),
        ),
        Gap::TlsWrongHost => (
            words(
                "Chứng thư số (SSL/TLS) không cấp cho tên miền này.",
                "The certificate (SSL/TLS) is for another host name.",
            ),
            words(
                "Cấp lại chứng thư số có đúng tên miền của trang (cả dạng có www nếu dùng); nếu nhiều trang chung một máy chủ, kiểm tra trang này được gán đúng chứng thư (server_name hoặc SNI).",
                "Have the certificate reissued for this host name (and its www form if it is used); where sites share a server check that this one has its own certificate (server_name or SNI).",
            ),
        ),
        Gap::TlsUntrusted => (
            words(
                "Chứng thư số (SSL/TLS) tự ký, hoặc do tổ chức mà máy kiểm tra không tin cậy cấp.",
                "The certificate (SSL/TLS) is self-signed, or issued by an authority that this machine does not trust.",
            ),
            words(
                "Dùng chứng thư số của tổ chức được trình duyệt tin cậy; nếu chứng thư do hệ thống chuyên dùng hoặc nội bộ cấp, thêm chứng thư gốc của hệ thống đó bằng `--cacert`.",
                "Use a certificate of an authority that browsers trust; if an internal or dedicated authority issued it, add its root with `--cacert`.",
            ),
        ),
        Gap::TlsIncompleteChain => (
            words(
                "Máy chủ không gửi kèm chứng thư trung gian nên chuỗi chứng thư bị thiếu.",
                "The server does not send the intermediate certificate, so the chain is incomplete.",
            ),
            words(
                "Cài thêm chứng thư trung gian trên máy chủ (nginx: tệp fullchain trong ssl_certificate; IIS: kho Intermediate Certification Authorities); trình duyệt có thể vẫn mở được trang vì tự tải phần còn thiếu, nhưng nhiều ứng dụng và điện thoại thì không.",
                "Install the intermediate on the server (nginx: the fullchain file in ssl_certificate; IIS: the store Intermediate Certification Authorities); a browser may still open the site because it fetches what is missing, many apps and phones do not.",
            ),
        ),
        Gap::TlsOther => (
            words("Không thiết lập được kết nối TLS.", "No TLS connection could be set up."),
            words(
                "Bật TLS 1.2 trở lên và bộ mã hóa hiện hành trên máy chủ (máy chủ cũ thường chỉ có TLS 1.0, 1.1); kiểm tra cổng 443 đúng là cổng https.",
                "Enable TLS 1.2 or newer and current cipher suites on the server (old ones often have 1.0 and 1.1 only); check that port 443 speaks https.",
            ),
        ),
        Gap::Blocked => (
            words(
                "Máy chủ chặn công cụ kiểm tra hoặc yêu cầu đăng nhập.",
                "The server blocks the checker or asks for a login.",
            ),
            words(
                "Chạy trên máy (runner) đặt tại Việt Nam, hoặc đi qua máy chủ trung gian trong nước bằng `--proxy`; đề nghị đơn vị quản trị đưa User-Agent của công cụ (`--user-agent`) vào danh sách cho phép của tường lửa.",
                "Run on a runner inside Vietnam, or go through a domestic proxy with `--proxy`; ask the site's administrators to allow-list the checker's User-Agent (`--user-agent`) in the firewall.",
            ),
        ),
        Gap::RateLimited => (
            words(
                "Máy chủ giới hạn số lượt truy cập (mã 429).",
                "The server limits the number of requests (status 429).",
            ),
            words(
                "Chạy lại với `--per-host 1` và `--delay` dài hơn, hoặc đề nghị đơn vị quản trị nâng giới hạn cho máy kiểm tra.",
                "Run again with `--per-host 1` and a longer `--delay`, or ask the administrators for a higher limit.",
            ),
        ),
        Gap::Challenge => (
            words(
                "Máy chủ trả về trang xác minh người dùng (CAPTCHA, thử thách JavaScript) thay cho trang chủ.",
                "The server answered with a challenge for humans (CAPTCHA, JavaScript) in place of the home page.",
            ),
            words(
                "Đề nghị đơn vị quản trị miễn xác minh cho địa chỉ IP hoặc User-Agent của công cụ (`--user-agent`), chạy từ máy đặt tại Việt Nam, hoặc kiểm tra thư mục đã build của trang.",
                "Ask the administrators to exempt this machine's address or the checker's User-Agent (`--user-agent`), run from a machine inside Vietnam, or check the built site from its folder.",
            ),
        ),
        Gap::NotFound => (
            words(
                "Không có trang nào ở địa chỉ này (mã 404 hoặc 410).",
                "There is no page at this address (status 404 or 410).",
            ),
            words(
                "Sửa `url` trong tệp danh sách trang; nếu trang đã ngừng hoạt động, khai báo `retired_on`.",
                "Correct `url` in the sites file; if the site was closed declare `retired_on`.",
            ),
        ),
        Gap::ServerError => (
            words("Máy chủ báo lỗi nội bộ (mã 5xx).", "The server reports an internal error (status 5xx)."),
            words(
                "Xem nhật ký của máy chủ web và ứng dụng, khắc phục lỗi rồi chạy lại.",
                "Look into the logs of the web server and the application, mend the fault and run again.",
            ),
        ),
        Gap::HttpError => (
            words(
                "Máy chủ trả về mã trạng thái HTTP không phải của một trang.",
                "The server answered with an HTTP status that is not that of a page.",
            ),
            words(
                "Mở địa chỉ bằng `curl -v`, rồi sửa cấu hình máy chủ hoặc `url` đã khai báo.",
                "Open the address with `curl -v`, then correct the server or the declared `url`.",
            ),
        ),
        Gap::Soft404 => (
            words(
                "Nội dung nhận được là trang báo lỗi, dù mã trạng thái báo thành công.",
                "What came is an error page, although the status says success.",
            ),
            words(
                "Kiểm tra bản triển khai và `url` đã khai báo; trang báo lỗi phải trả về mã 404.",
                "Check the deployment and the declared `url`; an error page should answer with status 404.",
            ),
        ),
        Gap::Placeholder => (
            words(
                "Nội dung nhận được là trang mặc định của máy chủ, trang bảo trì hoặc tên miền chưa sử dụng.",
                "What came is a default page of the server, a maintenance page or a parked domain.",
            ),
            words(
                "Kiểm tra `url` đã khai báo và chạy lại khi trang đã hoạt động.",
                "Check the declared `url` and run again once the site is up.",
            ),
        ),
        Gap::RedirectLoop => (
            words("Trang chuyển hướng lòng vòng hoặc quá nhiều lần.", "The site redirects in a circle or too often."),
            words(
                "Sửa quy tắc chuyển hướng giữa http, https và www, cả trên máy chủ web lẫn bộ cân bằng tải; nếu chuỗi dài là đúng ý định, tăng `--max-redirects`.",
                "Correct the redirect rules between http, https and www, on the web server and the load balancer; if the long chain is meant, raise `--max-redirects`.",
            ),
        ),
        Gap::RedirectOffSite => (
            words(
                "Trang chuyển hướng sang một địa chỉ khác chưa được khai báo.",
                "The site redirects to another one that is not declared.",
            ),
            words(
                "Sửa `url`, hoặc thêm địa chỉ đó vào `aliases` của trang.",
                "Correct `url`, or add that address to the site's `aliases`.",
            ),
        ),
        Gap::PrivateAddress => (
            words(
                "Địa chỉ dẫn vào mạng nội bộ nên không được truy cập.",
                "The address leads into a private network and was not visited.",
            ),
            words(
                "Nếu đúng là trang nội bộ, cho phép bằng `--resolve HOST:PORT:IP` hoặc `--allow-private`.",
                "If that is intended, permit it with `--resolve HOST:PORT:IP` or `--allow-private`.",
            ),
        ),
        Gap::NotHtml => (
            words("Nội dung nhận được không phải là HTML.", "What came is not HTML."),
            words(
                "Kiểm tra `url` hoặc `source` có trỏ tới trang chủ HTML, và tiêu đề Content-Type của máy chủ.",
                "Check that `url` or `source` names the HTML home page, and the server's Content-Type.",
            ),
        ),
        Gap::Empty => (
            words(
                "Trang không có nội dung, hoặc thư mục không có tệp HTML.",
                "The page has no content, or the folder no HTML.",
            ),
            words(
                "Kiểm tra bước build đã tạo ra trang chủ và đường dẫn trỏ đúng thư mục.",
                "Check that the build made the home page and that the path names the right folder.",
            ),
        ),
        Gap::TooLarge => (
            words(
                "Trang lớn hơn giới hạn nên không đọc hết.",
                "The page is larger than the limit and was not read to its end.",
            ),
            words(
                "Tăng `--max-size` (ví dụ `16MiB`), hoặc giảm kích thước trang.",
                "Raise `--max-size` (`16MiB`, say), or make the page smaller.",
            ),
        ),
        Gap::Undecodable => (
            words(
                "Không giải mã được nội dung (sai bảng mã hoặc kiểu nén).",
                "The content could not be decoded (wrong charset or compression).",
            ),
            words(
                "Phục vụ trang bằng UTF-8, khai báo đúng charset và Content-Encoding.",
                "Serve the page as UTF-8 and declare charset and Content-Encoding correctly.",
            ),
        ),
        Gap::Robots => (
            words("Tệp robots.txt của trang không cho đọc trang này.", "The site's robots.txt excludes this page."),
            words(
                "Cho phép User-Agent của công cụ trong robots.txt, hoặc nêu đích danh trang cần kiểm tra trên dòng lệnh.",
                "Allow the checker's User-Agent in robots.txt, or name the page on the command line.",
            ),
        ),
        Gap::Cancelled => (
            words("Lần chạy bị dừng trước khi đo tới nội dung này.", "The run was stopped before it came to this."),
            words(
                "Chạy lại, hoặc chạy tiếp phần còn dở với cùng thư mục `--record`; nếu do hết thời gian, tăng `--deadline`.",
                "Run again, or continue with the same `--record` folder; if time ran out raise `--deadline`.",
            ),
        ),
        Gap::Unreadable => (
            words("Không đọc được tệp hoặc thư mục.", "The file or folder could not be read."),
            words("Kiểm tra đường dẫn và quyền đọc.", "Check the path and its permissions."),
        ),
        Gap::NoAxe => (
            words(
                "Không tìm thấy axe-core, thư viện kiểm tra khả năng tiếp cận.",
                "axe-core, the accessibility checker, was not found.",
            ),
            words(
                "Cài bằng `npm install axe-core` rồi chạy lại.",
                "Install it with `npm install axe-core` and run again.",
            ),
        ),
        Gap::NotAttested => (
            words(
                "Tiêu chí này cần người có trách nhiệm xác nhận và chưa có xác nhận nào.",
                "This rule needs a person's statement and there is none.",
            ),
            words(
                "Ghi xác nhận kèm minh chứng vào tệp `attestations.yml` (`--attestations`).",
                "Write the statement with its evidence into `attestations.yml` (`--attestations`).",
            ),
        ),
        Gap::AttestationExpired => (
            words("Xác nhận đã hết hiệu lực.", "The statement is no longer valid."),
            words(
                "Xác minh lại rồi cập nhật `valid_until` trong tệp xác nhận.",
                "Verify it again and update `valid_until` in the attestations file.",
            ),
        ),
        Gap::NoData => (
            words("Không có dữ liệu để kết luận.", "There is no data to decide it."),
            words(
                "Bổ sung dữ liệu còn thiếu (kết quả đo, bản ghi hoặc khai báo) rồi chạy lại.",
                "Supply what is missing (a measurement, a recording or a declaration) and run again.",
            ),
        ),
    }
}
