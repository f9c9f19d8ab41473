"""Home pages as Vietnamese portals have them, by the program that made them; slots stand as `@@name@@`.

A layout keeps the law by itself: it hides nothing that matters and adds no link to a site of the list.
"""

import html

import content

ITEM = '<li class="news-item"><a href="{href}" title="{title}">{title}</a> <span class="date">({date})</span></li>'
CARD = ('<div class="card mb-3"><div class="row no-gutters"><div class="col-4"><img src="/uploads/anh-{n}.jpg" alt="" '
        'class="img-fluid"></div><div class="col-8"><h3 class="card-title"><a href="{href}">{title}</a></h3>'
        '<p class="card-text text-muted">{date} – {text}</p></div></div></div>')
ROW = ('<tr><td width="120" valign="top"><img src="/images/tin{n}.gif" width="110" height="80"></td><td><a class="tin" '
       'href="{href}"><b>{title}</b></a><br><font size="2">{text}</font></td></tr>')


def shell(page, head, body):
    """The outer page."""
    title = html.escape(page.name)
    return (f'@@doctype@@\n<html@@html@@>\n<head>\n@@head_top@@\n<title>{title}</title>\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n{head}\n@@head@@\n</head>\n'
            f'<body@@body@@>\n@@top@@\n{body}\n@@end@@\n</body>\n</html>\n@@after@@')


def address(page, r):
    return (f'<p>{html.escape(page.name)}</p><p>Địa chỉ: số {r.randint(1, 300)} đường 30 Tháng 4. Điện thoại: (0{r.randint(200, 299)}) '
            f'3.{r.randint(100, 999)}.{r.randint(100, 999)}. Giấy phép số {r.randint(1, 99)}/GP-TTĐT.</p>')


def wordpress(page, r):
    head = """<link rel="profile" href="https://gmpg.org/xfn/11">
<style id="wp-block-library-inline-css">
:root{--wp-admin-theme-color:#007cba}.wp-block-image img{height:auto;max-width:100%}.screen-reader-text{clip:rect(1px,1px,1px,1px);position:absolute!important;height:1px;width:1px;overflow:hidden}
.site-header{background:#c8102e;color:#fff}.site-header .hotline{float:right}.widget{margin-bottom:24px}.site-footer{background:#222;color:#eee;padding:20px}.site-footer a{color:#fff}
.no-js .fallback{display:block}.mobile-toggle{display:none}
@media (max-width:768px){.mobile-toggle{display:block}.main-navigation.closed ul{display:none}}
</style>
<link rel="alternate" type="application/rss+xml" title="RSS" href="/feed/">
<meta name="generator" content="WordPress 6.6.2">"""
    body = f"""<a class="skip-link screen-reader-text" href="#content">Bỏ qua nội dung</a>
<div id="page" class="hfeed site"><header id="masthead" class="site-header"><span class="hotline">Đường dây nóng: 1022</span>
<h1 class="site-title">{html.escape(page.name)}</h1><button class="mobile-toggle">Trình đơn</button>
<nav id="site-navigation" class="main-navigation"><ul id="primary-menu" class="menu">
{content.menu(r, 9, '<li class="menu-item menu-item-{n}"><a href="{href}">{title}</a></li>')}</ul></nav>@@nav@@</header>
<div id="content" class="site-content"><main id="main">
{content.news(r, r.randint(8, 18), '<article id="post-{n}" class="post type-post"><h2 class="entry-title"><a href="{href}" rel="bookmark">{title}</a></h2><div class="entry-meta">{date}</div><div class="entry-summary"><p>{text}</p></div></article>')}
</main><aside id="secondary" class="widget-area"><section class="widget"><h2 class="widget-title">Liên kết</h2>@@side@@</section></aside></div>
<footer id="colophon" class="site-footer">{address(page, r)}@@foot@@</footer></div>"""
    return shell(page, head, body)


def joomla(page, r):
    head = """<base target="_self"><meta name="generator" content="Joomla! - Open Source Content Management">
<link href="/templates/tinh/css/template.css" rel="stylesheet">
<script type="application/json" class="joomla-script-options new">{"csrf.token":"8f2a61","system.paths":{"root":"","base":""}}</script>"""
    page.files.setdefault("templates/tinh/css/template.css", """body{font-family:Arial,sans-serif;font-size:14px;margin:0}
#header{background:url(../images/banner.jpg) #00539f;color:#fff;padding:12px}.moduletable{border:1px solid #ccc;margin:8px 0}
.element-invisible{position:absolute;left:-9999px}.tooltip{opacity:0;position:absolute}.tooltip.in{opacity:1}
#footer{border-top:3px solid #00539f;padding:10px}
""")
    body = f"""<div id="wrapper"><div id="header"><h1>{html.escape(page.name)}</h1>
<ul class="nav menu">{content.menu(r, 10, '<li class="item-{n}"><a href="{href}">{title}</a></li>')}</ul>@@nav@@</div>
<div id="component"><div class="blog-featured">
{content.news(r, r.randint(10, 20), '<div class="items-row row-{n}"><h2 class="item-title"><a href="{href}">{title}</a></h2><p>{text}</p><p class="readmore"><a href="{href}">Xem tiếp…</a></p></div>')}
</div></div><div id="right"><div class="moduletable"><h3>Liên kết website</h3>@@side@@</div></div>
<div id="footer">{address(page, r)}@@foot@@</div></div>"""
    return shell(page, head, body)


def drupal(page, r):
    head = """<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">
<style media="all">.visually-hidden{position:absolute!important;overflow:hidden;clip:rect(1px,1px,1px,1px);width:1px;height:1px}.hidden{display:none}.js .js-hide{display:none}
.region-header{background:#f5f5f5}.region-footer{padding:1em;background:#0d2b52;color:#fff}.region-footer a{color:#cde}</style>
<style media="print">.region-header,.region-footer nav{display:none}</style>"""
    body = f"""<div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas><div class="layout-container">
<header role="banner" class="region-header"><h2 class="visually-hidden">Đầu trang</h2><strong>{html.escape(page.name)}</strong>
<nav role="navigation" aria-labelledby="block-main"><h2 class="visually-hidden" id="block-main">Trình đơn chính</h2><ul class="menu">{content.menu(r, 8, '<li><a href="{href}" data-drupal-link-system-path="node/{n}">{title}</a></li>')}</ul></nav>@@nav@@</header>
<main role="main"><a id="main-content" tabindex="-1"></a><div class="views-element-container"><div class="view view-tin-moi">
{content.news(r, r.randint(8, 24), '<div class="views-row"><article role="article" class="node node--type-article"><h2><a href="{href}" rel="bookmark"><span>{title}</span></a></h2><div class="node__content">{text}</div></article></div>')}
</div></div></main><aside class="layout-sidebar-second" role="complementary">@@side@@</aside>
<footer role="contentinfo" class="region-footer">{address(page, r)}@@foot@@</footer></div></div>
<script type="application/json" data-drupal-selector="drupal-settings-json">{{"path":{{"baseUrl":"/","currentPath":"node/1"}},"user":{{"uid":0}}}}</script>"""
    return shell(page, head, body)


def sharepoint(page, r):
    head = """<meta name="GENERATOR" content="Microsoft SharePoint"><meta http-equiv="X-UA-Compatible" content="IE=10">
<style type="text/css">.s4-notdlg{display:block}.ms-hide{display:none}.ms-accessible{position:absolute;top:-10000px;left:-10000px;overflow:hidden;width:1px;height:1px}
.ms-core-listMenu-item{color:#0072c6}#s4-workspace{overflow:visible}</style>
<script type="text/javascript">var g_presenceEnabled = true; var g_wsaEnabled = false; var _spPageContextInfo = {webServerRelativeUrl: "\\u002f", siteAbsoluteUrl: "\\u002f", currentLanguage: 1066};</script>"""
    body = f"""<form method="post" action="./default.aspx" id="aspnetForm"><div class="aspNetHidden"><input type="hidden" name="__REQUESTDIGEST" id="__REQUESTDIGEST" value="noDigest"><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUBMA9kFgJm{'Aa9' * 300}"></div>
<span class="ms-accessible">Chuyển đến nội dung chính</span><div id="s4-workspace"><div id="s4-bodyContainer"><div class="banner"><h1>{html.escape(page.name)}</h1></div>
<div class="noindex ms-core-listMenu-horizontalBox"><ul class="root ms-core-listMenu-root static">{content.menu(r, 10, '<li class="static"><a class="static menu-item ms-core-listMenu-item" href="/Pages{href}.aspx"><span class="menu-item-text">{title}</span></a></li>')}</ul></div>@@nav@@
<div id="contentBox"><table class="ms-listviewtable">{content.news(r, r.randint(8, 16), ROW)}</table></div><div id="sideNavBox">@@side@@</div>
<div id="footer" class="s4-notdlg">{address(page, r)}@@foot@@</div></div></div></form>"""
    return shell(page, head, body)


def liferay(page, r):
    head = """<link class="lfr-css-file" href="/o/tinh-theme/css/main.css" id="liferayThemeCSS" rel="stylesheet" type="text/css">
<script type="text/javascript">
// <![CDATA[
var Liferay = Liferay || {}; Liferay.Browser = {acceptsGzip: function () { return true; }}; Liferay.ThemeDisplay = {getLanguageId: function () { return "vi_VN"; }, isSignedIn: function () { return false; }};
// ]]>
</script>"""
    page.files.setdefault("o/tinh-theme/css/main.css", """.hide-accessible{clip:rect(0 0 0 0);position:absolute}.portlet-topper{display:none}
.aui .taglib-icon-help{cursor:help}.navbar{background:#a40000}.navbar a{color:#fff}#footer{background:#eee;color:#222;padding:16px}
@media print{#navigation,.portlet-borderless-bar{display:none}}
""")
    body = f"""<div class="container-fluid" id="wrapper"><header id="banner" role="banner"><div id="heading"><h1 class="site-title">{html.escape(page.name)}</h1></div>
<nav class="sort-pages modify-pages navbar" id="navigation" role="navigation"><ul aria-label="Trang" role="menubar">{content.menu(r, 9, '<li class="lfr-nav-item" id="layout_{n}" role="presentation"><a href="/web/guest{href}" role="menuitem"><span>{title}</span></a></li>')}</ul></nav>@@nav@@</header>
<section id="content"><div class="columns-2" id="main-content" role="main"><div class="portlet-layout row">
{content.news(r, r.randint(8, 14), '<div class="asset-abstract"><h3 class="asset-title"><a href="/web/guest{href}">{title}</a></h3><div class="asset-summary">{text}</div></div>')}
</div></div><div class="portlet-column">@@side@@</div></section><footer id="footer" role="contentinfo">{address(page, r)}@@foot@@</footer></div>"""
    return shell(page, head, body)


def webforms(page, r):
    page.doctype = ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
                    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">')
    head = """<link href="App_Themes/Default/style.css" rel="stylesheet" type="text/css" />
<meta http-equiv="Content-Language" content="vi" />"""
    page.files.setdefault("App_Themes/Default/style.css", """.tin{color:#003399;text-decoration:none}#divMenu{background:#e1f0ff}
.popup{display:none;position:absolute;z-index:100}.footer_bg{background:#dfe8f6;padding:6px;font-size:12px}
""")
    body = f"""<form name="form1" method="post" action="Default.aspx" id="form1"><div><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUKMTU5MTA2ODYwOWRk{'b7Q' * 200}" /></div>
<table width="1000" border="0" align="center" cellpadding="0" cellspacing="0"><tr><td colspan="3"><h2>{html.escape(page.name)}</h2></td></tr>
<tr><td colspan="3" id="divMenu">{content.menu(r, 8, '<a href="Default.aspx?tabid={n}">{title}</a> | ')}@@nav@@</td></tr>
<tr><td width="200" valign="top">@@side@@</td><td valign="top"><table width="100%">{content.news(r, r.randint(8, 16), ROW)}</table></td><td width="180" valign="top"><div id="popup1" class="popup">Thông báo</div></td></tr>
<tr><td colspan="3" class="footer_bg">{address(page, r)}@@foot@@</td></tr></table></form>
<script type="text/javascript">
//<![CDATA[
var theForm = document.forms['form1'];
function __doPostBack(eventTarget, eventArgument) {{ if (!theForm.onsubmit || theForm.onsubmit() != false) {{ theForm.submit(); }} }}
//]]>
</script>"""
    return shell(page, head, body)


def dnn(page, r):
    head = """<meta name="GENERATOR" content="DotNetNuke "><style id="StylePlaceholder" type="text/css">.dnnFormPopup{display:none}.Normal{font:13px Tahoma}.SkinObject{color:#036}</style>
<link id="_Portals__default" rel="stylesheet" type="text/css" href="/Portals/_default/default.css">"""
    page.files.setdefault("Portals/_default/default.css", ".c_footer{padding:8px;background:#f0f0f0}.DnnModule{margin:4px}.EditBar{visibility:hidden}\n")
    body = f"""<form id="Form"><div id="dnn_ControlPanel"></div><div id="dnn_Header"><h1>{html.escape(page.name)}</h1></div>
<div id="dnn_Menu"><ul>{content.menu(r, 9, '<li><a class="SkinObject" href="/tabid/{n}/language/vi-VN/Default.aspx">{title}</a></li>')}</ul>@@nav@@</div>
<div id="dnn_ContentPane" class="DnnModule">{content.news(r, r.randint(9, 15), '<div class="DnnModule-{n} Normal"><a href="{href}"><strong>{title}</strong></a><div>{text}</div></div>')}</div>
<div id="dnn_RightPane">@@side@@</div><div id="dnn_FooterPane" class="c_footer">{address(page, r)}@@foot@@</div></form>"""
    return shell(page, head, body)


def angular(page, r):
    head = """<style>@charset "UTF-8";:root{--bs-blue:#0d6efd}.cdk-visually-hidden{border:0;clip:rect(0 0 0 0);height:1px;overflow:hidden;position:absolute;width:1px}
.app-footer[_ngcontent-vnp-c12]{background:#123a6b;color:#fff;padding:12px}.app-footer[_ngcontent-vnp-c12] a[_ngcontent-vnp-c12]{color:#fff}</style>"""
    body = f"""<app-root ng-version="17.3.1" ng-server-context="ssr"><router-outlet></router-outlet><app-home _nghost-vnp-c12>
<div _ngcontent-vnp-c12 class="app-header"><h1 _ngcontent-vnp-c12>{html.escape(page.name)}</h1><ul _ngcontent-vnp-c12>{content.menu(r, 8, '<li _ngcontent-vnp-c12><a _ngcontent-vnp-c12 href="{href}">{title}</a></li>')}</ul>@@nav@@</div>
<div _ngcontent-vnp-c12 class="tin-moi">{content.news(r, r.randint(8, 16), '<mat-card _ngcontent-vnp-c12 class="mat-card"><a href="{href}">{title}</a><p>{text}</p></mat-card>')}</div>
<div _ngcontent-vnp-c12 class="ben-phai">@@side@@</div><div _ngcontent-vnp-c12 class="app-footer">{address(page, r)}@@foot@@</div></app-home></app-root>
<script id="ng-state" type="application/json">{{"1204987":{{"b":[{{"id":1,"ten":"Tin nổi bật"}}],"h":{{}},"s":200,"u":"/api/tin"}}}}</script>"""
    return shell(page, head, body)


def bootstrap(page, r):
    head = """<style>.navbar{background:#b30000}.navbar .nav-link{color:#fff}.carousel-item{display:none}.carousel-item.active{display:block}.modal{display:none}.dropdown-menu{display:none}.dropdown:hover .dropdown-menu{display:block}.fade:not(.show){opacity:0}
.footer{background:#f8f9fa;border-top:2px solid #b30000;padding:1rem}.d-none{display:none!important}@media (min-width:992px){.d-lg-block{display:block!important}}</style>"""
    body = f"""<header class="container"><div class="row"><div class="col"><h1>{html.escape(page.name)}</h1></div></div></header>
<nav class="navbar navbar-expand-lg"><ul class="navbar-nav">{content.menu(r, 8, '<li class="nav-item"><a class="nav-link" href="{href}">{title}</a></li>')}</ul>@@nav@@</nav>
<main class="container"><div class="row"><div class="col-lg-8">{content.news(r, r.randint(6, 14), CARD)}</div><div class="col-lg-4">@@side@@</div></div></main>
<div class="modal fade" id="thongbao"><div class="modal-body">Thông báo bảo trì hệ thống</div></div>
<footer class="footer">{address(page, r)}@@foot@@</footer>"""
    return shell(page, head, body)


def nextjs(page, r):
    head = """<meta name="next-head-count" content="4"><noscript data-n-css=""></noscript>
<style data-styled="" data-styled-version="5.3.6">.sc-bdvvtL{display:flex}.sc-gsDKAQ{color:#c00}.footer__Wrap{background:#1b1b1b;color:#fafafa;padding:20px}.footer__Wrap a{color:#fff}</style>"""
    body = f"""<div id="__next"><header class="sc-bdvvtL"><h1 class="sc-gsDKAQ">{html.escape(page.name)}</h1>@@nav@@</header>
<div class="menu">{content.menu(r, 8, '<a href="{href}">{title}</a>')}</div>
<main>{content.news(r, r.randint(6, 20), '<section class="tin"><a href="{href}"><h3>{title}</h3></a><p>{text}</p></section>')}</main>
<aside>@@side@@</aside><footer class="footer__Wrap">{address(page, r)}@@foot@@</footer></div>"""
    return shell(page, head, body)


def plain(page, r):
    """The old kind: tables, fonts and no style sheet of its own."""
    page.doctype = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">'
    body = f"""<center><table width="780" bgcolor="#ffffff"><tr><td bgcolor="#cc0000" colspan="2"><font color="#ffff00" size="5">{html.escape(page.name)}</font></td></tr>
<tr><td colspan="2">{content.menu(r, 7, '<a href="{href}.htm"><font size="2">{title}</font></a>&nbsp;')}@@nav@@</td></tr>
<tr><td width="170" valign="top">@@side@@</td><td><table>{content.news(r, r.randint(6, 14), ROW)}</table></td></tr>
<tr><td colspan="2" align="center">{address(page, r)}@@foot@@</td></tr></table></center>"""
    return shell(page, "", body)


LAYOUTS = {f.__name__: f for f in (
    wordpress, joomla, drupal, sharepoint, liferay, webforms, dnn, angular, bootstrap, nextjs, plain)}
