// An independent witness for the accuracy corpus: opens its pages in Chromium without the program that is tested, with
// a stand-in of the EMC library written on its own, looks at them as a person would, and compares what it finds with
// the truth that the corpus planted. Each contradiction is an error of the corpus or of this witness.
//
//   node tests/accuracy/oracle.mjs DIR [--count 200 | --all] [--seed 1] [--tabs 4] [--only TEXT] [--out FILE.jsonl]
//
// DIR holds manifest.jsonl and the folders it names. Prints a summary as JSON; ends with 1 when something contradicts
// and with 2 when it could not look. CHROMIUM names the browser (default /usr/bin/chromium).
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { follows, seesLabel } from "./oracle/person.mjs";
import { Visit } from "./oracle/site.mjs";

const EYE = readFileSync(new URL("./oracle/eye.js", import.meta.url), "utf8");
const SCREEN = { width: 1366, height: 768 };
// How long a page may take to load, and how long the library's answer is waited for after it.
const LOADING = 30_000;
const WAITING = 1_500;
// A browser that has shown many pages is begun anew.
const PAGES_A_BROWSER = 400;
const LOST = /Target|closed|crash/;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: "string", default: "200" }, all: { type: "boolean", default: false }, seed: { type: "string", default: "1" },
    tabs: { type: "string", default: "4" }, only: { type: "string" }, out: { type: "string" },
  },
});
const folder = positionals[0];
if (!folder || !existsSync(`${folder}/manifest.jsonl`)) {
  console.error("oracle.mjs: the first argument is a folder that holds manifest.jsonl");
  process.exit(2);
}

const bare = (host) => host.replace(/^www\./, "").replace(/\.$/, "");
const hostOf = (url) => bare(new URL(url).hostname);

// A generator of numbers from a seed (mulberry32), so that a sample can be drawn again.
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// A sample in which each operator has its turn before any has a second.
function sample(sites, count, seed) {
  const random = numbers(seed);
  const drawn = sites.map((site) => [random(), site]).sort((a, b) => a[0] - b[0]).map(([, site]) => site);
  const turns = new Map();
  const ranked = drawn.map((site) => {
    const turn = turns.get(site.operator) ?? 0;
    turns.set(site.operator, turn + 1);
    return [turn, site];
  });
  return ranked.sort((a, b) => a[0] - b[0]).slice(0, count).map(([, site]) => site);
}

async function load(page, visit) {
  try {
    await page.goto(visit.url.href, { waitUntil: "load", timeout: LOADING });
  } catch (error) {
    // A page that goes on loading is looked at as it stands.
    if (!/Timeout|ERR_ABORTED/.test(String(error))) throw error;
  }
  const until = Date.now() + WAITING;
  while (visit.sent.length === 0 && Date.now() < until) await page.waitForTimeout(visit.library > 0 ? 50 : 100);
  await page.waitForTimeout(visit.sent.length > 0 ? 100 : 0);
}

async function look(browser, site, known) {
  const visit = new Visit(site.url, resolve(folder, site.source));
  const context = await browser.newContext({ viewport: SCREEN, serviceWorkers: "block", reducedMotion: "no-preference" });
  try {
    context.setDefaultTimeout(LOADING);
    await context.route("**/*", (route) => visit.answer(route).catch(() => undefined));
    const page = await context.newPage();
    page.on("dialog", (dialog) => dialog.dismiss().catch(() => undefined));
    context.on("page", (other) => other.close().catch(() => undefined));
    await load(page, visit);
    await page.evaluate(EYE);
    const sent = visit.sent[0] ?? null;
    const label = await seesLabel(page);
    const own = hostOf(site.url);
    const planted = new Set(site.truth.follows.map(hostOf));
    const hosts = [...new Set([...planted, ...known.get(site.group)])].filter((host) => host !== own || planted.has(host));
    const followed = [...(await follows(page, visit, hosts))];
    return {
      configured: sent !== null && /^[0-9]+$/.test(sent.id ?? ""), sent_id: sent?.id ?? null,
      ids: sent?.all.split(",") ?? [], label_visible: label, follows: followed,
    };
  } finally {
    await context.close().catch(() => undefined);
  }
}

// A site's other addresses as its sites file declares them, by host.
const sitesFile = existsSync(`${folder}/sites.yml`) ? readFileSync(`${folder}/sites.yml`, "utf8") : "";
const alias = new Map();
for (const block of sitesFile.split(/^  - id: /m).slice(1)) {
  const url = /^    url: *(\S+)$/m.exec(block)?.[1];
  const others = /^    aliases: *\[([^\]]*)\]$/m.exec(block)?.[1] ?? "";
  for (const other of others.split(",").map((o) => o.trim()).filter(Boolean)) alias.set(hostOf(other), hostOf(url));
}
const siteOf = (url) => alias.get(hostOf(url)) ?? hostOf(url);

// What differs between what was planted and what was seen. A link to any page of a site leads to the site.
function contradictions(truth, seen) {
  const found = [];
  const differ = (what, planted, saw) => found.push({ what, planted, saw });
  if (truth.configured !== null && truth.configured !== seen.configured) differ("configured", truth.configured, seen.configured);
  if (truth.configured && seen.configured && truth.sent_id !== null && !seen.ids.includes(truth.sent_id)) differ("sent_id", truth.sent_id, seen.sent_id);
  if (truth.label_visible !== null && truth.label_visible !== seen.label_visible) differ("label_visible", truth.label_visible, seen.label_visible);
  const [planted, saw] = [new Set(truth.follows.map(siteOf)), new Set(seen.follows.map(siteOf))];
  for (const link of planted) if (!saw.has(link)) differ("follows", link, null);
  for (const link of saw) if (!planted.has(link)) differ("follows", null, link);
  return found;
}

class Browsers {
  async fresh() {
    await this.browser?.close().catch(() => undefined);
    const root = process.getuid?.() === 0;
    this.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", chromiumSandbox: !root,
      args: ["--disable-gpu", "--hide-scrollbars", "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable", "--host-resolver-rules=MAP * ~NOTFOUND"],
    });
    this.shown = 0;
  }
}

async function witness(sites, known) {
  const told = [];
  const queue = sites.slice();
  const tabs = Math.max(1, Number(flags.tabs));
  while (queue.length > 0) {
    const browsers = new Browsers();
    await browsers.fresh();
    const turn = queue.splice(0, PAGES_A_BROWSER);
    const worker = async () => {
      for (let site = turn.shift(); site; site = turn.shift()) note(told, await tell(browsers, site, known));
    };
    await Promise.all(Array.from({ length: tabs }, worker));
    await browsers.browser.close().catch(() => undefined);
    if (sites.length > 500) console.error(`${told.length} of ${sites.length}, ${told.filter((t) => t.against.length > 0).length} contradict`);
  }
  return told;
}

// A long run tells what it found as it goes.
function note(told, one) {
  told.push(one);
  if (flags.out) appendFileSync(flags.out, `${JSON.stringify(one)}\n`);
  for (const a of one.against) console.error(`${one.id} (${one.operator}, ${one.style}): ${a.what}: planted ${JSON.stringify(a.planted)}, seen ${JSON.stringify(a.saw)}`);
  if (one.error) console.error(`${one.id} (${one.operator}): not looked at: ${one.error}`);
}

async function tell(browsers, site, known) {
  const began = Date.now();
  for (let attempt = 0; ; attempt++) {
    try {
      const seen = await look(browsers.browser, site, known);
      const against = contradictions(site.truth, seen);
      // What contradicts is looked at once more: a loaded machine must not make a witness lie.
      if (against.length > 0 && attempt === 0) continue;
      return { id: site.id, operator: site.operator, style: site.style, seen, against, ms: Date.now() - began };
    } catch (error) {
      if (attempt > 0) return { id: site.id, operator: site.operator, style: site.style, seen: null, against: [], error: String(error).slice(0, 300), ms: Date.now() - began };
      if (LOST.test(String(error)) && !browsers.browser.isConnected()) await browsers.fresh();
    }
  }
}

const began = Date.now();
const manifest = readFileSync(`${folder}/manifest.jsonl`, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
// A link to any site of the corpus is one that somebody asks about.
const hosts = new Map();
for (const site of manifest) {
  const group = hosts.get(site.group) ?? new Set();
  for (const url of [site.url, ...site.truth.follows, ...(site.parent ? [site.parent] : [])]) group.add(hostOf(url));
  hosts.set(site.group, group);
}
for (const group of hosts.values()) for (const [other, host] of alias) if (group.has(host)) group.add(other);
const fitting = manifest.filter((site) => !flags.only || `${site.id} ${site.operator} ${site.style}`.includes(flags.only));
const chosen = flags.all ? fitting : sample(fitting, Number(flags.count), Number(flags.seed));
if (flags.out) writeFileSync(flags.out, "");
const told = await witness(chosen, hosts);

const against = told.filter((t) => t.against.length > 0);
const errors = told.filter((t) => t.error);
const cpu = process.cpuUsage();
console.log(JSON.stringify({
  pages: told.length, agree: told.length - against.length - errors.length, contradict: against.length, not_seen: errors.length,
  seed: Number(flags.seed), seconds: Math.round((Date.now() - began) / 100) / 10, own_cpu_seconds: Math.round((cpu.user + cpu.system) / 1e5) / 10,
}));
process.exitCode = errors.length > 0 ? 2 : against.length > 0 ? 1 : 0;
