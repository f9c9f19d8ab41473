'use strict';
// Text of pages and files is only ever put into text nodes: nothing here makes markup of it.
const data = JSON.parse(document.getElementById('data').textContent);
const root = document.documentElement;
const byId = (id) => document.getElementById(id);

const SIGNS = { p: ['pass', '✓'], f: ['fail', '✗'], k: ['fail', '✗'], i: ['open', '?'], n: ['none', '–'], w: ['waived', '◆'] };
const LETTERS = { pass: 'p', fail: 'f', open: 'i', none: 'n', waived: 'w' };

/** An element with a class and what is in it: nodes, lists of nodes, or text. */
function el(tag, className, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  inside.flat(3).forEach((part) => {
    if (part !== null && part !== undefined && part !== '') made.append(part);
  });
  return made;
}

/** Both languages; the style shows one. */
function both(vi, en) {
  if (vi === en) return [document.createTextNode(vi)];
  const [first, second] = [el('span', '', vi), el('span', '', en)];
  first.lang = 'vi';
  second.lang = 'en';
  return [first, second];
}

/** The two versions of a text by its number. */
function pair(number) {
  const text = data.texts[number];
  return Array.isArray(text) ? text : [text, text];
}

/** A text by its number. */
function say(number) {
  return both(...pair(number));
}

/** A count as each language writes it. */
function count(n) {
  return both(n.toLocaleString('vi-VN'), n.toLocaleString('en-US'));
}

/** The letter's word; a known failure that is not listed is a failure. */
function word(letter) {
  return pair(data.words[letter === 'k' ? 'f' : letter]);
}

/** Lower case, without diacritics. */
function bare(text) {
  return text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd');
}

/** Lower case, with diacritics. */
function low(text) {
  return text.toLowerCase().normalize('NFC');
}

const named = (site) => site.n || site.i;
const anchor = (site) => '#site-' + encodeURIComponent(site.i);

/** A link that leads out, for addresses of the web only. */
function outward(address) {
  if (!/^https?:\/\/[^\s]+$/i.test(address)) return el('span', '', address);
  const link = el('a', '', address);
  link.href = address;
  link.rel = 'noopener noreferrer';
  link.target = '_blank';
  return link;
}

function inward(site) {
  const link = el('a', '', named(site));
  link.href = anchor(site);
  return link;
}

/** How many of each letter a site has. */
function tally(site) {
  const counts = { f: 0, i: 0, w: 0, p: 0, n: 0 };
  for (const letter of site.v) {
    if (letter === 'k') counts.f += 1;
    else if (letter in counts) counts[letter] += 1;
  }
  return counts;
}

data.sites.forEach((site, number) => {
  site.number = number;
  site.counts = tally(site);
});
/** What is to be mended first, first. */
const ordered = data.sites.slice().sort((a, b) => b.counts.f - a.counts.f || b.counts.i - a.counts.i || a.number - b.number);
