//! What is placed a little way beyond the edges of the page.

use super::{Case, word};

const TEXT: &str = "<p id=t>Đã kết nối EMC</p>";
const PART: &str = "<div class=w><a id=t href=/x>Cổng</a></div>";

#[test]
fn just_beyond_the_edges() {
    let table = [
        // Where the text or a box that cuts cannot reach back in.
        ("#t{position:absolute;left:-500px}", TEXT, "hidden OffScreen"),
        ("#t{position:fixed;left:-400px}", TEXT, "hidden OffScreen"),
        ("#t{position:absolute;left:-30%}", TEXT, "hidden OffScreen"),
        ("#t{position:absolute;left:-500px;width:200px}", TEXT, "hidden OffScreen"),
        ("#t{position:absolute;top:-200px}", TEXT, "hidden OffScreen"),
        ("#t{position:fixed;inset:-200px auto auto 0}", TEXT, "hidden OffScreen"),
        ("body{position:relative}#t{position:absolute;left:-500px}", TEXT, "hidden OffScreen"),
        ("#t{position:absolute;left:-200px;margin-left:-200px}", TEXT, "hidden OffScreen"),
        (".w{position:absolute;left:-500px;width:200px;overflow:hidden}", PART, "hidden OffScreen"),
        (".w{position:absolute;top:-100px;height:40px;overflow:hidden}", PART, "hidden OffScreen"),
        // How far what it holds reaches is not known, nor are margins on the far side.
        ("#t{position:absolute;left:-100px}", TEXT, "unsure OffScreen"),
        (".w{position:absolute;left:-500px}", PART, "unsure OffScreen"),
        (".w{position:fixed;left:-250px;width:250px;padding:10px;overflow:auto}", PART, "unsure OffScreen"),
        (".w{position:fixed;right:-300px;width:300px}", PART, "unsure OffScreen"),
        (".w{position:fixed;bottom:-300px;height:300px}", PART, "unsure OffScreen"),
        (".w{position:absolute;right:100%}", PART, "unsure OffScreen"),
        (".w{position:fixed;bottom:100vh}", PART, "unsure OffScreen"),
        // A person opens it.
        ("#t{position:absolute;top:-200px}#t:focus{top:0}", TEXT, "menu OffScreen"),
        (".w{position:fixed;left:-250px;width:250px}.w:hover{left:0}", PART, "menu OffScreen"),
        // It reaches into the page, or is placed within a part of it.
        ("#t{position:absolute;left:-60px}", TEXT, "yes"),
        ("#t{position:absolute;left:-500px;width:600px}", TEXT, "yes"),
        ("#t{position:absolute;left:-500px;width:100%}", TEXT, "yes"),
        ("#t{position:absolute;left:-500px;min-width:600px}", TEXT, "yes"),
        ("#t{position:absolute;left:-500px;right:0}", TEXT, "yes"),
        ("#t{position:absolute;left:-500px;margin-left:600px}", TEXT, "yes"),
        ("#t{position:absolute;left:-500px;margin-left:auto;right:0;width:200px}", TEXT, "yes"),
        ("#t{position:absolute;left:-500px;transform:translateX(600px)}", TEXT, "yes"),
        ("#t{position:absolute;right:-300px}", TEXT, "yes"),
        ("#t{position:absolute;bottom:-300px}", TEXT, "yes"),
        ("#t{left:-500px}", TEXT, "yes"),
        (".w{position:relative}#t{position:absolute;left:-500px}", PART, "yes"),
        ("body{position:relative;width:700px;margin:0 auto}#t{position:absolute;left:-300px}", TEXT, "yes"),
        (".w{transform:translateX(600px)}#t{position:fixed;left:-500px}", PART, "yes"),
        (".w{position:absolute;left:-500px}#t{position:fixed;left:0}", PART, "yes"),
    ];
    for (css, body, expected) in table {
        assert_eq!(word(&Case::of(css, body).at()), expected, "{css} {body}");
    }
}
