//! The snippet in modules that the page's scripts import.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LIBRARY, LOADER, page};

/// A page that loads `main.js` as a module of this text.
fn main(name: &str, text: &str) -> Case {
    let html = page("<script type=module src=\"/js/main.js\"></script>");
    case("emc-snippet", name, html).file("js/main.js", text.to_owned())
}

fn inline(name: &str, text: &str) -> Case {
    case("emc-snippet", name, page(&format!("<script type=module>{text}</script>")))
}

#[test]
fn modules() {
    let body = format!("window._govaq=[{CALLS},['setSiteId','205']];{LOADER}");
    let module = || body.clone();
    let exported = |how: &str| how.replace("@", &body);
    run(
        "modules that are imported",
        &[
            main("imported for its deeds", "import './emc.js'; start();").file("js/emc.js", module()),
            inline("imported by an inline module", "import '/js/emc.js';").file("js/emc.js", module()),
            inline("relative to the page", "import './js/emc.js';").file("js/emc.js", module()),
            main("imported by an imported one", "import './a.js';")
                .file("js/a.js", "export * from '../lib/emc.js';")
                .file("lib/emc.js", module()),
            main("two that import each other", "import './a.js';")
                .file("js/a.js", format!("import './main.js';{body}")),
            main("an export that is called", "import {emc} from './emc.js';emc('205');")
                .file("js/emc.js", exported("export function emc(id){@}")),
            main("a renamed export", "import {a as b} from './emc.js';b();")
                .file("js/emc.js", exported("function f(){@}export{f as a};")),
            main("the default export", "import emc from './emc.js';emc();")
                .file("js/emc.js", exported("export default function(){@}")),
            main("a default object's method", "import emc from './emc.js';emc.init();")
                .file("js/emc.js", exported("export default {init(){@}}")),
            main("a default that nothing read imports", &exported("export default {mounted(){@}}"))
                .open("needs-browser"),
            main("all exports as one", "import * as emc from './emc.js';emc.init();")
                .file("js/emc.js", exported("export const init=()=>{@};")),
            main("an export passed on", "import {emc} from './a.js';emc();")
                .file("js/a.js", "export {init as emc} from './emc.js';")
                .file("js/emc.js", exported("export const init=()=>{@};")),
            main(
                "the id from another module",
                &format!("import {{id}} from './id.js';window._govaq=[{CALLS},['setSiteId',id]];{LOADER}"),
            )
            .file("js/id.js", "export const id='205';"),
            main("on demand", "import('./emc.js');").file("js/emc.js", module()),
            main("on demand, and called then", "import('./emc.js').then(m=>m.emc());")
                .file("js/emc.js", exported("export function emc(){@}")),
            case("emc-snippet", "on demand by a classic script", page("<script>import('/js/emc.js')</script>"))
                .file("js/emc.js", module()),
            main("on demand in code that never runs", "function never(){import('./emc.js')}")
                .file("js/emc.js", module())
                .fails("dead-code"),
            main("an export that is not called", "import {emc} from './emc.js';")
                .file("js/emc.js", exported("export function emc(){@}"))
                .fails("dead-code"),
            main("a variable of a module", "import './emc.js';")
                .file("js/emc.js", format!("var _govaq=[{CALLS},['setSiteId','205']];{LOADER}"))
                .fails("queue-local"),
            main("none of them has it", "import './a.js';")
                .file("js/a.js", "export const a=1;")
                .fails("snippet-missing"),
            main("a file that could not be read", "import './gone.js';").open_any(),
            main("a file on demand that could not be read", "if(x)import('./gone.js')").open_any(),
            main("a bare name, which no browser knows", "import 'jquery';").fails("snippet-missing"),
            main("another host's module", "import 'https://cdn.example.org/a.js';")
                .fails("snippet-missing")
                .note("unread-scripts"),
            case(
                "emc-snippet",
                "an import in a classic script",
                page(&format!("<script>import '/js/emc.js';</script><link href=\"{LIBRARY}\">")),
            )
            .file("js/emc.js", module())
            .fails("snippet-missing"),
        ],
    );
}
