// What a person at a screen of 1366×768 finds on an open page: whether the label can be read, and which links can be
// seen and lead to given hosts. Looks by taking pictures with and without the ink; acts by pointer and clicks.
import { decode, differing } from "./pixels.mjs";

const SCREEN = { width: 1366, height: 768 };
// Less than half of a text's width is no text that one reads.
const SHARE = 0.35;

const eye = (page, name, ...args) => page.evaluate(([n, a]) => window.__eye[n](...a), [name, args]);
const picture = async (page, clip) => decode(await page.screenshot({ clip, animations: "allow", caret: "initial", scale: "css" }));
const onScreen = (box) => {
  const [x, y] = [Math.max(0, Math.floor(box.x)), Math.max(0, Math.floor(box.y))];
  const [right, bottom] = [Math.min(SCREEN.width, Math.ceil(box.x + box.width)), Math.min(SCREEN.height, Math.ceil(box.y + box.height))];
  return right - x >= 4 && bottom - y >= 4 ? { x, y, width: right - x, height: bottom - y } : null;
};

// Whether the ink of an element makes a difference on the screen where it is now.
async function inked(page, index) {
  const box = await eye(page, "box", index);
  const clip = box && onScreen(box);
  if (!clip) return false;
  const before = await picture(page, clip);
  await eye(page, "blot", [index]);
  let without;
  try {
    without = await picture(page, clip);
  } finally {
    await eye(page, "unblot");
  }
  const whole = { x: 0, y: 0, width: clip.width, height: clip.height };
  const share = differing(before, without, whole) * Math.min(1, clip.width / Math.max(1, box.width));
  return share >= SHARE;
}

async function looks(page, index) {
  for (const share of [0.5, 0.2, 0.8]) {
    await eye(page, "bring", index, share);
    if (await inked(page, index)) return true;
    if (!(await eye(page, "box", index))) return false;
  }
  return false;
}

async function clickAt(page, index) {
  const place = await eye(page, "place", index);
  const clip = place && onScreen(place);
  if (!clip) return false;
  await page.mouse.click(clip.x + Math.min(clip.width / 2, 40), clip.y + Math.min(clip.height / 2, 20));
  await page.waitForTimeout(80);
  return true;
}

// Whether any label can be read; what lies over it and can be closed is closed.
export async function seesLabel(page) {
  // What moves or fades comes to its end first.
  await page.evaluate((most) => {
    const ends = document.getAnimations().filter((a) => a.playState === "running" && Number.isFinite(a.effect?.getComputedTiming().endTime));
    return Promise.race([Promise.all(ends.map((a) => a.finished.catch(() => null))), new Promise((r) => setTimeout(r, most))]);
  }, 3000);
  const found = await eye(page, "labels");
  for (const index of found) if (await looks(page, index)) return true;
  for (const index of found) {
    if (!(await eye(page, "over", index))) continue;
    await page.keyboard.press("Escape");
    if (await looks(page, index)) return true;
    for (const closer of await eye(page, "closers", index)) {
      await clickAt(page, closer);
      if (await looks(page, index)) return true;
    }
  }
  return false;
}

const bare = (host) => host.replace(/^www\./, "").replace(/\.$/, "");
const MOST = 60;

// Addresses on the given hosts to which a person can get from here.
export async function follows(page, visit, hosts) {
  const found = new Set();
  const before = visit.went.length;
  if (hosts.length === 0) return found;
  const links = (await eye(page, "links", hosts)).slice(0, MOST);
  const shown = await seenAtOnce(page, links);
  for (const link of links) {
    if (shown.has(link.index) || (await looks(page, link.index))) {
      if (!found.has(link.href) && (await clickable(page, link.index))) {
        if (!link.acts) found.add(link.href);
        else await clickAt(page, link.index);
      }
    }
  }
  for (const link of links) if (!found.has(link.href) && (await opens(page, link.index))) found.add(link.href);
  for (const { index, option } of (await eye(page, "selects", hosts)).slice(0, MOST)) {
    if (!(await looks(page, index))) continue;
    await eye(page, "choose", index, option);
    await page.waitForTimeout(60);
  }
  const missing = hosts.some((h) => ![...found, ...visit.went].some((f) => bare(new URL(f).hostname) === h));
  for (const index of missing ? (await eye(page, "actors")).slice(0, 20) : []) {
    if ((await looks(page, index)) && (await eye(page, "meets", index))) await clickAt(page, index);
  }
  for (const address of visit.went.slice(before)) if (hosts.includes(bare(new URL(address).hostname))) found.add(address);
  return found;
}

// One picture of the screen with and one without all links: enough for those that lie on it.
async function seenAtOnce(page, links) {
  const shown = new Set();
  if (links.length < 2) return shown;
  await page.evaluate(() => scrollTo({ top: 0, left: 0, behavior: "instant" }));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const most = await page.evaluate(() => /hidden|clip/.test(getComputedStyle(document.documentElement).overflowY + getComputedStyle(document.body).overflowY));
  for (let top = 0; top < (most ? 1 : Math.min(height, 5000)) && shown.size < links.length; top += SCREEN.height - 120) {
    await page.evaluate((y) => scrollTo({ top: y, behavior: "instant" }), top);
    const boxes = [];
    for (const link of links) if (!shown.has(link.index)) boxes.push([link.index, await eye(page, "box", link.index)]);
    const here = boxes.filter(([, box]) => box && onScreen(box) && box.y >= 0 && box.y + box.height <= SCREEN.height);
    if (here.length === 0) continue;
    const before = await picture(page, { x: 0, y: 0, ...SCREEN });
    await eye(page, "blot", here.map(([index]) => index));
    const without = await picture(page, { x: 0, y: 0, ...SCREEN });
    await eye(page, "unblot");
    for (const [index, box] of here) if (differing(before, without, box) >= SHARE) shown.add(index);
  }
  return shown;
}

async function clickable(page, index) {
  if (await eye(page, "meets", index)) return true;
  await eye(page, "bring", index, 0.5);
  return eye(page, "meets", index);
}

// Whether the pointer or a click on what stands around it brings a hidden link out.
async function opens(page, index) {
  for (const at of await eye(page, "around", index)) {
    await eye(page, "bring", at, 0.5);
    const place = await eye(page, "place", at);
    const clip = place && onScreen(place);
    if (!clip) continue;
    await page.mouse.move(clip.x + Math.min(clip.width / 2, 30), clip.y + Math.min(clip.height / 2, 12));
    await page.waitForTimeout(60);
    if ((await inked(page, index)) && (await eye(page, "meets", index))) return true;
  }
  await page.mouse.move(1, 1);
  for (const opener of await eye(page, "openers", index)) {
    if (!(await eye(page, "box", opener))) continue;
    await eye(page, "bring", opener, 0.5);
    if (!(await eye(page, "meets", opener)) || !(await clickAt(page, opener))) continue;
    if (await looks(page, index)) return eye(page, "meets", index);
  }
  return false;
}
