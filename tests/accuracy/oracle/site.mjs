// Answers every request of a page from the folder of its site, the EMC library by a stand-in, the collector by nothing;
// refuses everything else, and remembers what was sent and where the page wanted to go.
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";

const LIBRARY = readFileSync(new URL("./library.js", import.meta.url));
const TYPES = {
  ".html": "text/html", ".htm": "text/html", ".aspx": "text/html", ".php": "text/html", ".js": "text/javascript",
  ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png",
  ".jpg": "image/jpeg", ".gif": "image/gif", ".ico": "image/x-icon", ".woff2": "font/woff2", ".xml": "application/xml",
};
// A network is never faster; what the page does while the library is on its way, it does here too.
const AWAY = 60;

export class Visit {
  constructor(url, folder) {
    this.url = new URL(url);
    this.folder = folder;
    this.home = true;
    this.library = 0;
    this.sent = [];
    this.went = [];
  }

  async answer(route) {
    const request = route.request();
    const url = new URL(request.url());
    if (request.isNavigationRequest() && !this.inFrame(request) && !this.home) {
      this.went.push(url.href);
      return route.fulfill({ status: 204 });
    }
    if (url.hostname === "f-emc.ngsp.gov.vn" && url.port === "") return this.emc(route, url);
    if (url.host !== this.url.host) return route.abort("blockedbyclient");
    if (request.isNavigationRequest() && !this.inFrame(request)) this.home = false;
    const file = this.file(url.pathname);
    if (!file) return route.fulfill({ status: 404, contentType: "text/plain", body: "" });
    const contentType = TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
    return route.fulfill({ status: 200, headers: { "content-type": contentType }, body: readFileSync(file) });
  }

  inFrame(request) {
    try {
      return request.frame().parentFrame() !== null;
    } catch {
      return false;
    }
  }

  async emc(route, url) {
    if (url.pathname === "/embed/gov-tracking.min.js") {
      this.library++;
      await new Promise((resolve) => setTimeout(resolve, AWAY));
      return route.fulfill({ status: 200, contentType: "text/javascript; charset=utf-8", body: LIBRARY });
    }
    // What a frame counts is the frame's own page.
    if (url.pathname === "/tracking" && !this.inFrame(route.request())) this.sent.push({ id: url.searchParams.get("idsite"), all: url.searchParams.get("all") ?? "" });
    return route.fulfill({ status: 204 });
  }

  // The site's file for a path of its address; what lies outside the folder does not exist.
  file(pathname) {
    let path;
    try {
      path = decodeURIComponent(pathname);
    } catch {
      return null;
    }
    const base = this.url.pathname.replace(/[^/]*$/, "");
    const tries = path.startsWith(base) ? [path.slice(base.length), path] : [path];
    for (const one of tries) {
      const inside = normalize(join("/", one));
      for (const name of [inside, join(inside, "index.html"), join(inside, "index.htm")]) {
        const file = join(this.folder, name);
        if (existsSync(file) && statSync(file).isFile()) return file;
      }
    }
    return null;
  }
}
