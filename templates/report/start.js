const STEP = 100;
const box = { search: byId('search'), verdict: byId('by-verdict'), rule: byId('by-rule'), unit: byId('by-unit'), gap: byId('by-gap'), level: byId('by-level'), section: byId('by-section') };
let matching = ordered;
let drawn = 0;

/** Options as [value, Vietnamese, English]; a filter with nothing to choose is not shown. */
const options = {
  verdict: [['', 'Tất cả', 'All'], ['f', 'Có nội dung không đạt', 'Something fails'], ['i', 'Có nội dung chưa đủ căn cứ kết luận', 'Something is inconclusive'],
    ['w', 'Có nội dung tạm chấp nhận', 'Something is waived'], ['p', 'Đạt', 'Passes'], ['n', 'Có nội dung không áp dụng', 'Something does not apply'],
    ['known', 'Có lỗi đã biết', 'Has known failures'], ['stated', 'Có nội dung theo xác nhận', 'Has statements']],
  rule: [['', 'Tất cả', 'All'], ...data.rules.map((rule, n) => [String(n), ...pair(rule.t)])],
  unit: [['', 'Tất cả', 'All'], ...Array.from(new Set(data.sites.filter((s) => s.u !== undefined).map((s) => s.u)))
    .sort((a, b) => pair(a)[0].localeCompare(pair(b)[0], 'vi')).map((n) => [String(n), ...pair(n)])],
  gap: [['', 'Tất cả', 'All'], ...data.gaps.map(([name, cause], n) => [String(n), ...pair(cause).map((text) => text + ' [' + name + ']')])],
  level: [['', 'Tất cả', 'All'], ...Array.from(new Set(data.sites.flatMap((s) => s.o || []))).sort()
    .map((level) => [level, level === '?' ? 'Chưa xác định được' : level, level === '?' ? 'Not settled' : level])],
  section: [['', 'Tất cả', 'All'], ...data.sections.map((name, n) => [String(n), name, name])],
};

function label() {
  const at = root.lang === 'en' ? 2 : 1;
  Object.entries(options).forEach(([name, all]) => {
    const chosen = box[name].value;
    box[name].replaceChildren(...all.map((option) => new Option(option[at], option[0])));
    box[name].value = chosen;
    box[name].parentElement.hidden = all.length < 2;
  });
  const title = document.querySelector('title');
  if (!title.dataset.vi) title.dataset.vi = title.textContent;
  document.title = title.dataset[root.lang];
}

/** Whether a site has what is asked for, under the rule that is asked for. */
function holds(site, rule, verdict, gap) {
  const under = (n) => {
    const letter = site.v[n] === 'k' ? 'f' : site.v[n];
    const cell = (site.x || {})[n] || {};
    if (letter === '.') return false;
    if (gap !== '' && cell.g !== Number(gap)) return false;
    if (verdict === 'known') return cell.k === true || site.v[n] === 'k';
    if (verdict === 'stated') return cell.t === true;
    return verdict === '' || letter === verdict;
  };
  if (rule !== '') return under(Number(rule));
  if (verdict === 'p' && gap === '') return site.counts.p > 0 && site.counts.f + site.counts.i + site.counts.w === 0;
  if (verdict === '' && gap === '') return true;
  return Array.from(site.v).some((_, n) => under(n));
}

/** Typed without diacritics it finds both; typed with them only what has the same. */
function finds(site, typed) {
  if (!site.text) {
    const text = [site.n, site.i, site.a, site.u === undefined ? '' : pair(site.u)[0]].filter(Boolean).join(' \n ');
    site.text = [low(text), bare(text)];
  }
  const words = low(typed).split(/\s+/).filter(Boolean);
  return words.every((one) => (bare(one) === one ? site.text[1] : site.text[0]).includes(one));
}

function filtered() {
  return Object.values(box).some((control) => control.value.trim() !== '');
}

function draw(most) {
  const list = byId('list');
  list.append(...matching.slice(drawn, most).map(row));
  drawn = Math.min(most, matching.length);
  const left = matching.length - drawn;
  const button = byId('more');
  button.hidden = left === 0;
  button.replaceChildren(...both('Hiện thêm ', 'Show '), ...count(Math.min(STEP, left)), ...both(' trang (còn ', ' more ('), ...count(left), ...both(')', ' left)'));
}

function apply() {
  const typed = box.search.value.trim();
  matching = ordered.filter((site) =>
    holds(site, box.rule.value, box.verdict.value, box.gap.value)
    && (box.unit.value === '' || site.u === Number(box.unit.value))
    && (box.section.value === '' || site.z === Number(box.section.value))
    && (box.level.value === '' || (site.o || []).includes(box.level.value))
    && (typed === '' || finds(site, typed)));
  byId('list').replaceChildren();
  drawn = 0;
  draw(STEP);
  const all = count(data.sites.length);
  byId('found').replaceChildren(...(filtered()
    ? [...both('Tìm thấy ', 'Found '), ...count(matching.length), ...both(' trên ', ' of '), ...all, ...both(' trang.', ' sites.')]
    : [...all, ...both(' trang; trang có nhiều nội dung không đạt đứng trước.', ' sites; those with most failures first.')]));
}

function clear() {
  Object.values(box).forEach((control) => { control.value = ''; });
  apply();
}

/** Opens a site wherever it stands in the list. */
function open(id) {
  const site = data.sites.find((one) => one.i === id);
  if (!site) return false;
  if (!matching.includes(site)) clear();
  const at = matching.indexOf(site);
  if (at >= drawn) draw(Math.ceil((at + 1) / STEP) * STEP);
  const details = byId('site-' + id);
  details.open = true;
  details.scrollIntoView({ block: 'start' });
  details.querySelector('summary').focus({ preventScroll: true });
  return true;
}

/** `#site-ID`, `#section`, `#lang=en`, or two of them with `&` between. */
function follow() {
  const parts = location.hash.slice(1).split('&');
  const asked = parts.find((part) => part === 'lang=en' || part === 'lang=vi');
  speak(asked ? asked.slice(5) : root.lang);
  const place = parts.find((part) => part !== asked && part !== '');
  if (place === undefined) return;
  let name = place;
  try { name = decodeURIComponent(place); } catch { /* It is no escape of ours: taken as it is. */ }
  if (name.startsWith('site-') && open(name.slice(5))) return;
  const target = byId(name);
  if (target) target.scrollIntoView();
}

/** Shows a language and remembers it in the address. */
function speak(lang) {
  const place = location.hash.slice(1).split('&').filter((part) => part !== '' && !part.startsWith('lang='));
  const hash = place.concat(lang === 'en' ? ['lang=en'] : []).join('&');
  if (root.lang !== lang) {
    root.lang = lang;
    label();
  }
  if ('#' + hash !== location.hash && (hash || location.hash)) {
    // Some viewers of mail do not let a page change its address.
    try { history.replaceState(null, '', hash ? '#' + hash : location.pathname + location.search); } catch { /* The language holds until it is closed. */ }
  }
}

/** Everything that fails or is open, as it goes on paper. */
function paper() {
  const into = byId('paper');
  const printed = { number: 0, remedies: new Map() };
  const parts = [el('h2', '', both('Các nội dung không đạt và chưa đủ căn cứ kết luận', 'What fails and what is inconclusive'))];
  if (filtered()) parts.push(el('p', 'hint', both('Chỉ gồm các trang đang được lọc: ', 'Only the sites that are filtered: '), count(matching.length), '.'));
  matching.forEach((site) => {
    const rules = inOrder(site, 'fi');
    if (!rules.length) return;
    const own = el('div', 'printed-site', el('h3', '', named(site)),
      el('p', 'hint', el('code', '', site.i), site.a ? ' · ' + site.a : '', site.u === undefined ? null : [' · ', say(site.u)]));
    rules.forEach((n) => {
      printed.number += 1;
      own.append(finding(site, n, printed));
    });
    parts.push(own);
  });
  if (!printed.number) parts.push(el('p', '', both('Không có.', 'None.')));
  into.replaceChildren(...parts);
  into.hidden = false;
  byId('sites').classList.add('printed');
}

window.addEventListener('beforeprint', paper);
window.addEventListener('afterprint', () => {
  byId('paper').replaceChildren();
  byId('paper').hidden = true;
  byId('sites').classList.remove('printed');
});
window.addEventListener('hashchange', follow);

byId('switch').addEventListener('click', () => speak(root.lang === 'en' ? 'vi' : 'en'));
byId('more').addEventListener('click', () => {
  const first = drawn;
  draw(drawn + STEP);
  const next = byId('list').children[first];
  if (next) next.querySelector('summary').focus();
});
byId('finder').addEventListener('submit', (event) => event.preventDefault());
byId('finder').addEventListener('reset', (event) => { event.preventDefault(); clear(); });
byId('finder').addEventListener('change', apply);
let waiting = 0;
box.search.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
box.search.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && box.search.value !== '') {
    event.preventDefault();
    box.search.value = '';
    apply();
  }
});
// Counts lead to the sites they count.
document.addEventListener('click', (event) => {
  const chip = event.target.closest('button.chip');
  if (!chip) return;
  Object.values(box).forEach((control) => { control.value = ''; });
  const { rule, verdict, gap, section } = chip.dataset;
  if (rule !== undefined) box.rule.value = rule;
  if (verdict !== undefined) box.verdict.value = LETTERS[verdict];
  if (section !== undefined) box.section.value = section;
  if (gap !== undefined) box.gap.value = String(data.gaps.findIndex(([name]) => name === gap));
  apply();
  byId('sites').scrollIntoView();
  box.verdict.focus({ preventScroll: true });
});

label();
byId('finder').hidden = false;
byId('switch').hidden = false;
if (byId('estate')) tree(byId('estate'));
apply();
follow();
root.dataset.ready = 'yes';
