//! Rows on which the program is known to be wrong, with what the law or the contract wants. A row that comes
//! right fails the test, so that it moves to its table.

use super::cases::{Case, case, run_known};
use super::pages::{CALLS, LIBRARY, connected, page, page_with, styled};

fn portal(name: &str, body: &str) -> Case {
    case("portal-link", name, page(body)).with("--role component --parent https://tinh-a.gov.vn/")
}

#[test]
fn known_to_be_wrong() {
    run_known(&[
        // Words such as `open…` and `goto…` decide whether a handler leads anywhere.
        portal("ASP.NET postback", "<a href=\"javascript:__doPostBack('ctl00$lnk','')\">Cổng</a>").open("needs-browser"),
        // An async tag races with the script that fills the queue behind it.
        case("emc-snippet", "the library's tag with async and the queue behind it", page_with(
            &format!("<script async src=\"{LIBRARY}\"></script>"),
            &format!("<script>var _govaq=[];_govaq.push({CALLS},['setSiteId','205']);</script>"))).fails_or_open(),
        // Text moved away by its indent is not read as hidden.
        case("emc-label", "an own label that is indented away", connected(
            "<style>.emc{display:block;text-indent:-9999px;overflow:hidden}</style><footer><span class=emc>Đã kết nối EMC</span></footer>"))
            .open("not-requested"),
        // Where the library puts its label is not known.
        case("emc-label", "the last element of body is hidden", styled("body>div:last-child{display:none}")).open_any(),
    ]);
}
