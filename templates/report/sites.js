/** Adds a line to a list of terms, when there is something to say. */
function term(list, [vi, en], ...what) {
  if (what.flat(3).length) list.append(el('dt', '', both(vi, en)), el('dd', '', ...what));
}

/** A source line with what is meant of it. */
function excerpt(text, from, to) {
  const chars = Array.from(text);
  const code = el('code');
  if (from === undefined || from >= chars.length || to <= from) {
    code.append(text);
  } else {
    const part = (a, b) => chars.slice(a, b).join('');
    code.append(part(0, from), el('mark', '', part(from, to)), part(to));
  }
  return el('pre', '', code);
}

function places(cell) {
  const all = (cell.p || []).map(([name, line, from, to]) =>
    el('li', '', el('code', '', say(name)), line === undefined ? null : excerpt(pair(line)[0], from, to)));
  if (cell.pl) all.push(el('li', '', both('… và ', '… and '), count(cell.pl), both(' vị trí nữa', ' more places')));
  return all.length ? el('ul', '', all) : [];
}

function evidence(cell) {
  const all = (cell.e || []).map((number) => el('li', '', say(number)));
  if (cell.el) all.push(el('li', '', both('… và ', '… and '), count(cell.el), both(' mục nữa', ' more')));
  return all.length ? el('ul', '', all) : [];
}

function notes(cell) {
  const all = (cell.n || []).map(([warns, number]) => el('li', '', warns ? '⚠ ' : '', say(number)));
  if (cell.nl) all.push(el('li', '', '… +', count(cell.nl)));
  return all.length ? el('ul', '', all) : [];
}

/** The remedy: of a gap its own, else the rule's or the finding's, line by line. */
function remedy(cell) {
  if (cell.g !== undefined) return [el('p', '', say(data.gaps[cell.g][2]))];
  return (cell.f || []).map((lines, n, versions) => {
    const box = el('div', 'remedy', blocks(lines.map((number) => pair(number)[0])));
    if (versions.length === 2) box.lang = n ? 'en' : 'vi';
    return box;
  });
}

/** Paragraphs and pieces of code: code begins with a tag or is indented. */
function blocks(lines) {
  const all = [[]];
  let code = false;
  lines.forEach((line) => {
    const opens = /^<|^ {2}/.test(line);
    if (line === '' && !code) {
      all.push([]);
      return;
    }
    if (opens !== code && (opens || line !== '')) {
      code = opens && !/^<.*>[^<>]*[.:]$/.test(line);
      all.push([]);
    }
    all[all.length - 1].push(line);
  });
  return all.filter((block) => block.some((line) => line !== '')).map((block) => {
    const text = block.join('\n').replace(/\n+$/, '');
    return /^<|^ {2}/.test(block[0]) ? el('pre', '', el('code', '', text)) : el('p', 'lines', text);
  });
}

/** What makes two remedies the same. */
function remedyKey(cell) {
  if (cell.g !== undefined) return 'g' + cell.g;
  return cell.f ? JSON.stringify(cell.f) : '';
}

/** One finding; `printed` numbers it and names a remedy that was given before by its number. */
function finding(site, index, printed) {
  const letter = site.v[index];
  const cell = (site.x || {})[index] || {};
  const rule = data.rules[index];
  const [look, sign] = SIGNS[letter];
  const [vi, en] = word(letter);
  const more = [];
  if (cell.s !== undefined) more.push(pair(cell.s));
  if (cell.k) more.push(['đã biết', 'known']);
  if (cell.t) more.push(['theo xác nhận', 'by statement']);
  const kind = (lang) => (more.length ? ' (' + more.map((m) => m[lang]).join(', ') + ')' : '');
  const article = el('article', 'finding ' + look);
  const mark = el('span', 'sign', sign);
  mark.setAttribute('aria-hidden', 'true');
  article.append(el('h4', '', printed ? printed.number + '. ' : '', mark, ' ',
    el('span', 'word', both(vi + kind(0), en + kind(1))), ' · ', say(rule.t)));
  if (cell.m !== undefined) article.append(el('p', '', say(cell.m)));
  const list = el('dl');
  if (cell.g !== undefined) {
    term(list, ['Lý do chưa đo được', 'Why not measured'], say(data.gaps[cell.g][1]), ' ', el('code', '', data.gaps[cell.g][0]));
  }
  if (cell.w !== undefined) term(list, ['Tạm chấp nhận', 'Accepted'], say(cell.w));
  if (rule.c !== null) term(list, ['Căn cứ', 'Law'], say(rule.c));
  if (cell.x !== undefined) term(list, ['Yêu cầu', 'Wanted'], say(cell.x));
  if (cell.a !== undefined) term(list, ['Thực tế', 'Found'], say(cell.a));
  if (cell.h !== undefined) term(list, ['Phần đã đáp ứng', 'Part that is kept'], say(cell.h));
  if (cell.r !== undefined) term(list, ['Đã thấy đến mức', 'Seen so far'], say(cell.r));
  term(list, ['Vị trí', 'Places'], places(cell));
  term(list, ['Dữ kiện', 'Evidence'], evidence(cell));
  term(list, ['Ghi chú', 'Notes'], notes(cell));
  if (cell.b !== undefined) term(list, ['Nguồn dữ kiện', 'Facts from'], say(cell.b));
  const code = cell.c === undefined ? [] : [' · ', el('code', '', say(cell.c))];
  term(list, ['Mã tiêu chí', 'Rule'], el('code', '', rule.i), code);
  const key = remedyKey(cell);
  if (key && printed && printed.remedies.has(key)) {
    term(list, ['Cách khắc phục', 'How to mend it'], both('như mục ' + printed.remedies.get(key), 'as in number ' + printed.remedies.get(key)));
  } else if (key) {
    term(list, ['Cách khắc phục', 'How to mend it'], remedy(cell));
    if (printed) printed.remedies.set(key, printed.number);
  }
  article.append(list);
  (cell.i || []).forEach((number) => {
    const image = el('img', 'thumb');
    image.src = data.pictures[number];
    image.alt = 'Ảnh chụp nhãn – label as it was seen: ' + named(site);
    article.append(image);
  });
  return article;
}

/** The rules of a site in reading order: failed, open, waived, what has notes, the rest. */
function inOrder(site, letters) {
  const found = [];
  for (const letter of letters) {
    const at = [];
    for (let n = 0; n < site.v.length; n += 1) if (site.v[n] === letter) at.push(n);
    const weight = (n) => {
      const cell = (site.x || {})[n] || {};
      return (cell.s === undefined ? 0 : 1) + (cell.k ? 2 : 0);
    };
    found.push(...at.sort((a, b) => weight(a) - weight(b) || a - b));
  }
  return found;
}

/** What is known of the site itself. */
function about(site) {
  const list = el('dl');
  if (site.a) term(list, ['Địa chỉ', 'Address'], outward(site.a));
  if (site.u !== undefined) term(list, ['Cơ quan chủ quản', 'Unit'], say(site.u));
  if (site.r !== undefined) term(list, ['Loại', 'Role'], say(site.r));
  if (site.p !== undefined) {
    term(list, ['Trực thuộc cổng', 'Belongs to'], typeof site.p === 'number' ? inward(data.sites[site.p]) : site.p);
  }
  if (site.l) term(list, ['Liên kết', 'Links'], states(site.l));
  if (site.s) term(list, ['Điểm', 'Points'], el('ul', '', site.s.map((n) => el('li', '', say(n)))));
  if (site.y) term(list, ['Khi truy cập', 'On the way'], site.y.map((n) => el('div', '', say(n))));
  return list;
}

function inside(site) {
  const box = el('div', 'inside', about(site));
  inOrder(site, 'fiw').forEach((n) => box.append(finding(site, n)));
  const rest = inOrder(site, 'pn');
  const told = rest.filter((n) => (site.x || {})[n] && (site.v[n] === 'p' || (site.x[n].m !== undefined)));
  told.forEach((n) => box.append(finding(site, n)));
  const silent = rest.filter((n) => !told.includes(n));
  const items = silent.map((n) => el('li', '', SIGNS[site.v[n]][1] + ' ', both(...word(site.v[n])), ': ', say(data.rules[n].t)));
  if (items.length) box.append(el('ul', 'plain', items));
  const hidden = Array.from(site.v).filter((letter) => letter === 'k').length;
  if (hidden) box.append(el('p', 'hint', count(hidden), both(' lỗi đã biết từ trước, không liệt kê', ' known failures, not listed')));
  return box;
}

/** Counts of a site as signs with words. */
function chips(site) {
  return el('span', 'chips', ['f', 'i', 'w', 'p', 'n'].filter((letter) => site.counts[letter]).map((letter) => {
    const [look, sign] = SIGNS[letter];
    return el('span', 'chip ' + look, sign + ' ', el('b', '', count(site.counts[letter])), ' ', both(...word(letter)));
  }));
}

/** A site as one line that opens. */
function row(site) {
  const meta = [el('code', '', site.i)];
  if (site.u !== undefined) meta.push(' · ', say(site.u));
  if (site.o) meta.push(' · ', both('mức ', 'level '), site.o.map((level, n) => [n ? ', ' : '', level === '?' ? both('chưa xác định', 'not settled') : level]));
  const line = el('summary', '', el('h3', '', named(site)), ' ', el('span', 'meta', meta), chips(site));
  const box = el('details', 'site', line);
  box.id = 'site-' + site.i;
  box.addEventListener('toggle', () => {
    if (box.open && box.children.length === 1) box.append(inside(site));
  });
  return box;
}

const STATES = {
  y: ['y', '✓', 'có đường dẫn', 'linked'],
  n: ['n', '✗', 'thiếu đường dẫn', 'no link'],
  '?': ['q', '?', 'chưa đủ căn cứ', 'not known'],
  '-': ['o', '–', 'không xét', 'not asked'],
};

/** From the portal to the site, and back. */
function states(letters) {
  const one = (letter, vi, en) => {
    const [look, sign, saidVi, saidEn] = STATES[letter];
    return el('span', 'state ' + look, both(vi, en), ' ' + sign + ' ', both(saidVi, saidEn));
  };
  return el('span', 'states', one(letters[0], 'cổng → trang:', 'portal → site:'), one(letters[1], 'trang → cổng:', 'site → portal:'));
}

/** Portals with their component sites; these are drawn when they are looked at. */
function tree(into) {
  const below = new Map();
  data.sites.forEach((site) => {
    if (site.p === undefined) return;
    if (!below.has(site.p)) below.set(site.p, []);
    below.get(site.p).push(site);
  });
  below.forEach((children, key) => {
    const lost = children.filter((site) => site.l && site.l.includes('n')).length;
    const name = typeof key === 'number' ? named(data.sites[key]) : key;
    const line = el('summary', '', el('b', '', name), ' · ', count(children.length), both(' trang thành phần', ' component sites'),
      lost ? [' · ', el('span', 'state n', '✗ ', count(lost), both(' trang thiếu đường dẫn', ' without a link'))] : null);
    const box = el('details', '', line);
    box.addEventListener('toggle', () => {
      if (!box.open || box.children.length > 1) return;
      const item = (site) => el('li', '', inward(site), ' ', site.l ? states(site.l) : null);
      box.append(el('ul', 'tree-list', children.map(item)));
    });
    into.append(box);
  });
}
