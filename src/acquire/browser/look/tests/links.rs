//! Links: how a person reaches each, and where lists and handlers lead.

use url::Url;

use super::bench::{browser, looked, sought, table};
use crate::acquire::browser::look::Looked;
use crate::site::host_key;
use crate::snapshot::{LinkKind, LinkReach, LinkSight};

/// A page: style sheet, body, and how the wanted site is reached.
type Case = (&'static str, &'static str, &'static str);

const WANTED: &str = "so.example";

const FAR_MENU: &str = "<header><div><div><div><button class=menu-toggle id=b>≡</button></div></div></div></header>\
    <main><p>x</p></main><footer><div><script>for(let i=0;i<30;i++)document.write('<button>'+i+'</button>')</script>\
    <nav class=m id=m>@</nav></div></footer><script>b.onclick=()=>m.style.display='block'</script>";

fn word(looked: &Looked) -> String {
    let host = |to: &String| Url::parse(to).ok().and_then(|url| host_key(&url));
    let leads = |to: &Option<String>| to.as_ref().and_then(host).is_some_and(|host| host == WANTED);
    let open = |link: &&LinkSight| link.kind == LinkKind::Script && link.reach == LinkReach::Untried;
    let Some(link) = looked.links.iter().find(|l| leads(&l.leads_to) || open(l)) else { return "none".to_owned() };
    let kind = match link.kind {
        LinkKind::Anchor => "",
        LinkKind::Area => "area ",
        LinkKind::Svg => "svg ",
        LinkKind::Option => "option ",
        LinkKind::Script => "script ",
    };
    let reach = match link.reach {
        LinkReach::Visible => "visible".to_owned(),
        LinkReach::Menu => "menu".to_owned(),
        LinkReach::Details => "details".to_owned(),
        LinkReach::Untried => "untried".to_owned(),
        LinkReach::Hidden(t) => format!("hidden {}", serde_json::to_value(t).unwrap().as_str().unwrap()),
    };
    format!("{kind}{reach}")
}

fn judge(case: &Case, looked: &Looked) -> Option<String> {
    let (style, body, expected) = case;
    let seen = word(looked);
    (!expected.split('|').any(|e| e == seen))
        .then(|| format!("{seen} for {expected}: {style} {body}\n    {:?}", looked.links))
}

fn page(case: &Case) -> (Vec<(&'static str, String)>, u64) {
    let (style, body, _) = case;
    let html = format!(
        "<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>t</title><style>{style}</style></head>\
         <body><h1>Cổng</h1>{}</body></html>",
        body.replace('@', "<a id=t href='http://so.example/x'>Sở</a>")
    );
    (vec![("", html)], 150)
}

#[tokio::test(flavor = "multi_thread")]
async fn how_links_are_reached() {
    let menu = "<ul class=nav><li class=item><a href='/'>Đơn vị</a><ul class=sub id=s><li>@</li></ul></li></ul>";
    let cases: Vec<Case> = vec![
        ("", "@", "visible"),
        ("", "<div style='height:4000px'></div>@", "visible"),
        ("", "<a href='//WWW.so.example./'><img alt=Sở width=40 height=40></a>", "visible"),
        ("", "<a href='http://so.example/'></a>", "hidden zero-size"),
        (
            ".p{position:relative}.o{position:absolute;inset:0;background:#fff}",
            "<p class=p>@<b class=o></b></p>",
            "hidden covered",
        ),
        (".p{position:relative}.o{position:absolute;inset:0}", "<p class=p>@<b class=o></b></p>", "visible"),
        (
            ".h{position:fixed;inset:0 0 auto;height:200px;background:#036}",
            "<p class=h></p>@<p style='height:3000px'>",
            "visible",
        ),
        ("", "<div inert>@</div>", "hidden hidden-attribute"),
        ("", "<button onclick='m.inert=false'>Menu</button><div id=m inert>@</div>", "menu"),
        (
            "",
            "<div style='height:3000px'></div><p id=p></p><script>new IntersectionObserver(e=>{if(e[0].isIntersecting)p.innerHTML='<a href=http://so.example/>Sở</a>'}).observe(p)</script>",
            "visible",
        ),
        (
            "body{overflow:hidden}#f{position:fixed;inset:0;overflow:auto}",
            "<div id=f><div style='height:3000px'></div><p id=p></p></div><script>f.onscroll=()=>{if(f.scrollTop>900)p.innerHTML='<a href=http://so.example/>Sở</a>'}</script>",
            "visible",
        ),
        (
            "",
            "<p id=p></p><script>setTimeout(()=>p.innerHTML='<a href=http://so.example/>Sở</a>',700)</script>",
            "visible",
        ),
        (
            ".l{display:block;width:90px;height:30px;background:#036}",
            "<a class=l href='http://so.example/'></a>",
            "visible",
        ),
        (
            ".i::before{content:'S'}.s{position:absolute;clip:rect(0,0,0,0)}",
            "<a href='http://so.example/'><i class=i></i><span class=s>Sở</span></a>",
            "visible",
        ),
        (
            "",
            "<img usemap='#m' width=90 height=90><map name=m><area href='http://so.example/' shape=rect coords='0,0,9,9'></map>",
            "area visible",
        ),
        (
            "",
            "<svg width=90 height=90><a href='http://so.example/'><rect width=50 height=50 /></a></svg>",
            "svg visible",
        ),
        (
            "",
            "<svg width=90 height=90><symbol id=k><a href='http://so.example/'><text y=15>Sở</text></a></symbol></svg>",
            "svg hidden display-none",
        ),
        (
            "",
            "<svg width=90 height=90><defs><a href='http://so.example/'><rect width=50 height=50 /></a></defs></svg>",
            "svg hidden display-none",
        ),
        ("", "<div id=h></div><script>h.attachShadow({mode:'open'}).innerHTML=`@`</script>", "visible"),
        ("", "<iframe srcdoc=\"@\"></iframe>", "none"),
        ("", "<a href='mailto:a@so.example'>x</a>", "none"),
        (".w{display:none}", "<div class=w>@</div>", "hidden display-none"),
        ("#t{visibility:hidden}", "@", "hidden visibility"),
        (".w{position:absolute;left:-9999px}", "<div class=w>@</div>", "hidden off-screen"),
        (".w{height:0;overflow:hidden}", "<div class=w>@</div>", "hidden zero-size"),
        ("#t{color:#fff;text-decoration:none}", "@", "hidden same-colour"),
        ("#t{opacity:0}", "@", "hidden transparent"),
        ("", "<details><summary>Đơn vị</summary>@</details>", "details"),
        ("summary{display:none}", "<details><summary>Đơn vị</summary>@</details>", "hidden closed-details"),
        (".sub{display:none}.item:hover .sub{display:block}", menu, "menu"),
        (
            ".sub{visibility:hidden;opacity:0;transition:all .2s}.item:hover .sub{visibility:visible;opacity:1}",
            menu,
            "menu",
        ),
        (".sub{position:absolute;left:-9999px}.item:hover .sub{left:0}", menu, "menu"),
        (
            ".sub,.deep{display:none}.item:hover .sub{display:block}.in:hover .deep{display:block}",
            "<ul><li class=item><a href='/'>A</a><ul class=sub><li class=in><a href='/b'>B</a><ul class=deep><li>@</li></ul></li></ul></li></ul>",
            "menu",
        ),
        (
            ".sub{display:none}",
            "<div id=i><a href='/'>A</a><div class=sub id=s>@</div></div><script>i.onmouseenter=()=>s.style.display='block'</script>",
            "menu",
        ),
        (
            ".m{display:none}.m.open{display:block}",
            "<button id=b aria-expanded=false>≡</button><nav class=m id=m>@</nav><script>b.onclick=()=>m.classList.toggle('open')</script>",
            "menu",
        ),
        (
            ".m{display:none}#c:checked~.m{display:block}#c{display:none}",
            "<input type=checkbox id=c><label for=c>≡</label><nav class=m>@</nav>",
            "menu",
        ),
        (
            ".m{position:fixed;top:0;left:0;width:300px;height:100%;transform:translateX(-100%);transition:transform .3s}.m.open{transform:none}",
            "<button id=b class=menu-toggle>≡</button><nav class=m id=m>@</nav><script>b.onclick=()=>m.classList.add('open')</script>",
            "menu",
        ),
        (
            ".m{display:none}",
            "<a href='#' id=b>Danh sách</a><div class=m id=m>@</div><script>b.addEventListener('click',e=>{e.preventDefault();m.style.display='block'})</script>",
            "menu",
        ),
        (
            ".v{width:300px;height:60px;overflow:hidden}.k{display:flex;transform:translateX(0);transition:transform .1s}.k>*{flex:0 0 300px}",
            "<div class=v><div class=k id=k><a href='/1'>1</a><a href='/2'>2</a><span>@</span></div></div><button id=n class=next>›</button><script>let i=0;n.onclick=()=>k.style.transform=`translateX(${-300*++i}px)`</script>",
            "menu",
        ),
        (
            "",
            "<select onchange='location.href=this.value'><option value=''>Chọn</option><option value='http://khac.example/'>K</option><option value='http://so.example/'>S</option></select>",
            "option visible",
        ),
        (
            "",
            "<select id=s><option value=''>Chọn</option><option value='http://so.example/'>S</option></select><script>s.addEventListener('change',()=>window.open(s.value))</script>",
            "option visible",
        ),
        ("", "<select><option value='http://so.example/'>S</option></select>", "none"),
        (
            "",
            "<fieldset disabled><select onchange='location.href=this.value'><option>Chọn<option value='http://so.example/'>S</select></fieldset>",
            "none",
        ),
        (".c{display:contents;opacity:0}", "<div class=c>@</div>", "visible"),
        ("", "<span onclick=\"window.open('http://so.example/')\">Sở</span>", "script visible"),
        (
            "",
            "<a href=\"javascript:go('so')\">Sở</a><script>function go(x){location='http://'+x+'.example/'}</script>",
            "script visible",
        ),
        (
            ".k{cursor:pointer}",
            "<div class=k id=k>Sở</div><script>k.addEventListener('click',()=>location.assign('http://so.example/'))</script>",
            "script visible",
        ),
        // The button of a menu that nothing ties to it stands farther away than a footer full of others.
        (".m{display:none}", FAR_MENU, "menu"),
        ("", "<marquee>@</marquee>", "visible"),
        // White letters over a picture that is no ancestor of theirs.
        (
            ".h{position:absolute;left:0;top:0;width:600px;height:300px;background:linear-gradient(navy,teal)}nav{position:relative}#t{color:#fff}",
            "<div class=h></div><nav>@</nav>",
            "visible",
        ),
        (".w{display:none}", "<button onclick='history.back()'>‹</button><div class=w>@</div>", "hidden display-none"),
        (
            ".w{display:none}",
            "<button id=b>b</button><div class=w>@</div><script>b.onclick=()=>{document.open();document.write('x');document.close()}</script>",
            "hidden display-none",
        ),
        (
            "#t{opacity:0}#t.in{opacity:1}",
            "<div style='height:3000px'></div>@<script>new IntersectionObserver(es=>es.forEach(e=>e.isIntersecting&&t.classList.add('in'))).observe(t)</script>",
            "visible",
        ),
    ];
    let mut wanted = sought(&[WANTED, "khac.example"]);
    wanted.labels.clear();
    table(cases, wanted, page, judge).await;
}

/// A page that keeps its thread busy, as an overloaded machine does, is not a page without a way.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_busy_page_leaves_untried_stays_open() {
    let busy = "<script>setInterval(()=>{const t=Date.now();while(Date.now()-t<600);},1)</script>";
    let later = "<button type=button onclick=\"setTimeout(()=>location='http://so.example/',200)\">Sở</button>";
    let vain = |n: usize| "<button type=button onclick=\"x='http://so.example/'\">x</button>".repeat(n);
    let hidden = "<p style='display:none'>@</p>";
    let hang = "<button type=button onclick='for(;;);'>Đơn vị</button>";
    let list = "<select onchange='setTimeout(()=>location=this.value,100)'><option>Chọn<option value='http://so.example/'>S</select>";
    let cases = [
        (format!("{later}{busy}"), "script visible|script untried"),
        (format!("{list}{busy}"), "option visible|option untried"),
        (format!("{}{later}", vain(3)), "script visible"),
        (vain(3), "none"),
        (format!("{}{later}", vain(40)), "script untried"),
        (format!("{hidden}{}", "<button>x</button>".repeat(9)), "hidden display-none"),
        (format!("{hidden}{}", "<button class=menu>x</button>".repeat(90)), "untried"),
        (format!("{hang}<nav style='display:none'>@</nav>"), "untried"),
        (format!("{hang}<nav style='display:none'>@</nav>{later}"), "untried|script untried"),
    ];
    let cases: Vec<Case> = cases.map(|(body, expected)| ("", &*body.leak(), expected)).to_vec();
    let mut wanted = sought(&[WANTED]);
    wanted.labels.clear();
    table(cases, wanted, page, judge).await;
}

/// Sites on one host are told apart by their paths: a link to one is none to another.
#[tokio::test(flavor = "multi_thread")]
async fn sites_of_one_host_are_told_apart() {
    let a = "<a href=http://so.example/a/>A</a>";
    let menu =
        "<button onclick='m.hidden=!m.hidden'>Menu</button><div id=m hidden><a href=//www.so.example/b>B</a></div>";
    let inner = "<a href=http://so.example/b/c/tin.html>C</a>".repeat(20);
    let home = "<a href=http://so.example/>Cổng</a><a href=http://so.example/tin>Tin</a>";
    let list = "<select onchange='location=this.value'><option>Chọn<option value=//so.example/b>B</select>";
    let cases = [
        (format!("{a}{menu}"), "menu"),
        (format!("{menu}{a}"), "menu"),
        (format!("{home}{inner}{menu}{a}"), "menu"),
        (format!("{a}{list}"), "option visible"),
        (format!("{a}<p hidden><a href=http://so.example/b>B</a></p>"), "hidden hidden-attribute"),
    ];
    // The link to /b decides.
    let judge = |case: &Case, looked: &Looked| {
        let mut seen = looked.clone();
        seen.links.retain(|l| l.leads_to.as_ref().is_some_and(|to| to.ends_with("/b")));
        judge(case, &seen)
    };
    let cases: Vec<Case> = cases.map(|(body, expected)| ("", &*body.leak(), expected)).to_vec();
    let mut wanted = sought(&["so.example/a", "so.example/b"]);
    wanted.sites.extend(["so.example", "so.example/b/c"].map(|site| (site.to_owned(), false)));
    wanted.labels.clear();
    table(cases, wanted, page, judge).await;
}

/// A long list is not chosen from to its end: what led where it says tells of the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_believed_when_its_first_options_led_where_they_say() {
    let chromium = browser().await;
    let names: Vec<String> = (0..300).map(|n| format!("so{n}.example")).collect();
    let mut wanted = sought(&names.iter().map(String::as_str).collect::<Vec<_>>());
    wanted.labels.clear();
    let options: String = names.iter().map(|name| format!("<option value='http://{name}/'>S")).collect();
    for (handler, first, rest) in [
        ("location=this.value", LinkReach::Visible, LinkReach::Visible),
        ("if(this.selectedIndex!=7)location=this.value", LinkReach::Visible, LinkReach::Untried),
    ] {
        let html = format!(
            "<!DOCTYPE html><title>t</title><h1>Cổng</h1><select onchange='{handler}'><option>Chọn{options}</select>"
        );
        let (seen, _) = looked(&chromium, vec![("", html)], 100, &wanted).await.unwrap();
        let reach = |n: usize| {
            let to = format!("http://{}/", names[n]);
            seen.links.iter().find(|l| l.href == to).map(|l| l.reach)
        };
        assert_eq!((reach(0), reach(299)), (Some(first), Some(rest)), "{handler}");
    }
    chromium.end().await;
}

/// More menus that open where the pointer is than it is brought to: the rest stays open.
#[tokio::test(flavor = "multi_thread")]
async fn menus_beyond_those_the_pointer_is_brought_to_stay_open() {
    let chromium = browser().await;
    let names: Vec<String> = (0..150).map(|n| format!("so{n}.example")).collect();
    let mut wanted = sought(&names.iter().map(String::as_str).collect::<Vec<_>>());
    wanted.labels.clear();
    let menus: String =
        names.iter().map(|name| format!("<li><span>Mục</span><p><a href='http://{name}/'>Sở</a></p></li>")).collect();
    let html = format!(
        "<!DOCTYPE html><title>t</title><style>p{{display:none}}li:hover p{{display:block}}</style><h1>Cổng</h1><ul>{menus}"
    );
    let (seen, _) = looked(&chromium, vec![("", html)], 100, &wanted).await.unwrap();
    let count = |wanted: fn(LinkReach) -> bool| seen.links.iter().filter(|l| wanted(l.reach)).count();
    let (opened, hidden) = (count(|r| r == LinkReach::Menu), count(|r| matches!(r, LinkReach::Hidden(_))));
    assert!(hidden == 0 && opened >= 20, "{opened} opened, {hidden} said to be hidden");
    chromium.end().await;
}

/// Beyond the links of one site that are followed up, nothing is said to be hidden.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_to_follow_up_stays_open() {
    let hidden = "<p hidden><a href='http://so.example/x'>Sở</a></p>";
    let chromium = browser().await;
    let mut wanted = sought(&[WANTED]);
    for (n, open) in [(12, 0), (13, 1), (40, 28)] {
        let html = format!("<!DOCTYPE html><title>t</title><h1>Cổng</h1>{}", hidden.repeat(n));
        let (seen, _) = looked(&chromium, vec![("", html)], 100, &wanted).await.unwrap();
        let untried = seen.links.iter().filter(|l| l.reach == LinkReach::Untried).count();
        assert_eq!((seen.links.len(), untried), (n, open));
    }
    for (n, cut) in [(5, false), (60, true)] {
        wanted.links = false;
        let html =
            format!("<!DOCTYPE html><title>t</title>{}<p>Đã kết nối EMC</p>", "<p hidden>Đã kết nối EMC</p>".repeat(n));
        let (seen, _) = looked(&chromium, vec![("", html)], 100, &wanted).await.unwrap();
        let labels = &seen.labels["emc"];
        // A busy machine may look at fewer, and says so.
        assert!(labels.cut == cut && labels.own.len() <= (n + 1).min(50), "{n} hidden labels: {}", labels.own.len());
    }
    chromium.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn matches_of_selectors_are_listed() {
    let chromium = browser().await;
    let html = "<!DOCTYPE html><body><footer id=f><p class=a>Một \n hai</p></footer><i class=a></i><form class=a><input name=id></form>";
    let mut wanted = sought(&[]);
    wanted.selectors = ["p.a", ".a", ".b", "p..", "footer:has(p)"].map(str::to_owned).to_vec();
    let (looked, _) = looked(&chromium, vec![("", html.to_owned())], 0, &wanted).await.unwrap();
    chromium.end().await;
    let found = |selector: &str| looked.elements[selector].iter().map(|e| format!("{}: {}", e.element, e.text));
    assert_eq!(found("p.a").collect::<Vec<_>>(), ["footer#f > p.a: Một hai"]);
    assert_eq!(found(".a").count(), 3);
    assert_eq!(found(".b").count() + found("p..").count(), 0);
    assert_eq!(found("footer:has(p)").count(), 1);
    assert!(looked.links.is_empty() && looked.labels["emc"].own.is_empty());
}
