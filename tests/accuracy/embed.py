"""The ways in which portals embed the monitoring code, each drawn from the same parameters.

A planted fault changes a parameter or wraps what was drawn, so that every style can carry every fault.
Written from the known form of the code (a queue on window, its commands, a loader), not from any checker.
"""

import dataclasses
import json

LIBRARY = "https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js"
COLLECTOR = "https://f-emc.ngsp.gov.vn/tracking"


@dataclasses.dataclass
class Embed:
    """What one embedding says; `None` leaves the command out."""

    site_id: str | None
    queue: str = "_govaq"
    page_view: bool = True
    links: bool = True
    collector: str | None = COLLECTOR
    library: str | None = LIBRARY
    insert: bool = True
    before_load: str = ""  # JavaScript between the commands and the loader
    before_insert: str = ""  # JavaScript between the loader's making and its insertion, the element being `g`
    before: str = ""  # JavaScript before everything in the same script
    quote: str = "'"
    order: tuple = ("view", "links", "collector", "id")
    number: bool = False  # the id as a number literal

    def commands(self):
        """The commands as JavaScript array literals, in order."""
        q = self.quote
        ident = None
        if self.site_id is not None:
            ident = self.site_id if self.number and self.site_id.isdigit() else f"{q}{self.site_id}{q}"
        one = {
            "view": f"[{q}trackPageView{q}]" if self.page_view else None,
            "links": f"[{q}enableLinkTracking{q}]" if self.links else None,
            "collector": f"[{q}setTrackerUrl{q}, {q}{self.collector}{q}]" if self.collector is not None else None,
            "id": f"[{q}setSiteId{q}, {ident}]" if ident is not None else None,
        }
        return [one[name] for name in self.order if one[name]]

    def pushes(self, queue=None):
        """One push a command."""
        return "\n".join(f"  {queue or self.queue}.push({c});" for c in self.commands())

    def loader(self, insert="s.parentNode.insertBefore(g, s);"):
        """The usual loader; nothing when there is no library."""
        if self.library is None:
            return ""
        q = self.quote
        return (
            f"  var d = document, g = d.createElement({q}script{q}), s = d.getElementsByTagName({q}script{q})[0];\n"
            f"  g.type = {q}text/javascript{q}; g.async = true; g.defer = true;\n"
            f"  g.src = {q}{self.library}{q};\n"
            f"  {self.before_insert}\n"
            + (f"  {insert}\n" if self.insert else ""))


def canonical(e):
    return (f"{e.before}\nvar {e.queue} = window.{e.queue} || [];\n{e.pushes()}\n{e.before_load}\n(function () {{\n"
            f"{e.loader()}}})();\n")


def inside(e):
    """Everything in one function that is called at once, the queue on window."""
    return (f"{e.before}\n(function () {{\n  window.{e.queue} = window.{e.queue} || [];\n{e.pushes('window.' + e.queue)}\n"
            f"{e.before_load}\n{e.loader()}}})();\n")


def minified(e):
    e = dataclasses.replace(e, quote='"')
    q = "t" if e.queue == "_govaq" else e.queue
    calls = ",".join(f"t.push({c.replace(', ', ',')})" for c in e.commands())
    load = ""
    if e.library is not None:
        load = (f'n.type="text/javascript",n.async=!0,n.defer=!0,n.src="{e.library}"'
                + (",a.parentNode.insertBefore(n,a)" if e.insert else ""))
    between = f";var g=n;{e.before_insert}" if e.before_insert else ""
    if between:
        load = load.replace(",a.parentNode", between + ";a.parentNode")
    del q
    return (f'{e.before}!function(){{var t=window.{e.queue}=window.{e.queue}||[];{calls or "t"};{e.before_load};'
            f'var e=document,n=e.createElement("script"),a=e.getElementsByTagName("script")[0];{load}}}();')


def variables(e):
    """Id, addresses in variables of the same script."""
    q = e.quote
    lines = [e.before, f"var {e.queue} = window.{e.queue} || [];"]
    if e.site_id is not None:
        lines.append(f"var emcSiteId = {q}{e.site_id}{q};")
    lines += [f"var emcBase = {q}{(e.collector or '').removesuffix('/tracking')}{q};"]
    if e.page_view:
        lines.append(f"{e.queue}.push([{q}trackPageView{q}]);")
    if e.collector is not None:
        tail = "/tracking" if e.collector.endswith("/tracking") else ""
        lines.append(f"{e.queue}.push([{q}setTrackerUrl{q}, emcBase + {q}{tail}{q}]);")
    if e.site_id is not None:
        lines.append(f"{e.queue}.push([{q}setSiteId{q}, emcSiteId]);")
    return "\n".join(lines) + f"\n{e.before_load}\n(function () {{\n{e.loader()}}})();\n"


def one_push(e):
    return (f"{e.before}\nvar {e.queue} = {e.queue} || [];\n{e.queue}.push({', '.join(e.commands())});\n{e.before_load}\n"
            f"(function () {{\n{e.loader()}}})();\n")


def initial(e):
    return f"{e.before}\nvar {e.queue} = [{', '.join(e.commands())}];\n{e.before_load}\n(function () {{\n{e.loader()}}})();\n"


def called(e):
    """A function that the script itself calls."""
    return (f"{e.before}\nvar {e.queue} = window.{e.queue} || [];\nfunction ganMaEmc(doc) {{\n{e.pushes()}\n{e.before_load}\n"
            f"{e.loader()}}}\nganMaEmc(document);\n")


def on_ready(e):
    return (f"{e.before}\nwindow.{e.queue} = window.{e.queue} || [];\n"
            f"document.addEventListener('DOMContentLoaded', function () {{\n{e.pushes()}\n{e.before_load}\n{e.loader()}}});\n")


def modern(e):
    q = "`" if e.quote == "'" else e.quote
    e = dataclasses.replace(e, quote=q)
    return (f"{e.before}\nwindow.{e.queue} = window.{e.queue} ?? [];\n(() => {{\n{e.pushes('window.' + e.queue)}\n{e.before_load}\n"
            f"{e.loader('document.head.append(g);')}}})();\n")


def appended(e):
    return (f"{e.before}\nvar {e.queue} = window.{e.queue} || [];\n{e.pushes()}\n{e.before_load}\n"
            f"{e.loader('document.head.appendChild(g);')}")


def attributes(e):
    """The address set as an attribute; the queue by its name in brackets."""
    q = e.quote
    load = "" if e.library is None else (
        f"var g = document.createElement({q}script{q});\ng.setAttribute({q}async{q}, {q}{q});\n"
        f"g.setAttribute({q}src{q}, {q}{e.library}{q});\n{e.before_insert}\n"
        + (f"document.getElementsByTagName({q}head{q})[0].appendChild(g);\n" if e.insert else ""))
    return (f"{e.before}\nwindow[{q}{e.queue}{q}] = window[{q}{e.queue}{q}] || [];\n"
            f"{e.pushes(f'window[{q}{e.queue}{q}]')}\n{e.before_load}\n{load}")


SCRIPTS = {f.__name__.replace("_", "-"): f for f in (
    canonical, inside, minified, variables, one_push, initial, called, on_ready, modern, appended, attributes)}

# Styles that are more than one script element: (inline code, library's tag, escaped copy, file of the site).
FORMS = ("inline", "library-tag", "site-file", "next-data")


def copy_in_data(script):
    """The copy that a framework keeps in its data, escaped so that it cannot end the element."""
    data = {"props": {"pageProps": {"scripts": [{"id": "emc", "html": script}]}}, "page": "/", "buildId": "k3F9xPq"}
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
