// Runs axe-core on the document and boils its answer down. Called with the tags and the most nodes kept of a rule.
(async (tags, most) => {
  const answer = await axe.run(document, {
    runOnly: { type: 'tag', values: tags },
    resultTypes: ['violations', 'incomplete'],
    elementRef: true,
    // Frames hold no checker: they would only be waited for.
    iframes: false,
    preload: false,
  });
  const cut = (text, length) => Array.from(String(text)).slice(0, length).join('');
  const selector = (target) =>
    cut(target.map((part) => (Array.isArray(part) ? part.join(' >>> ') : part)).join(' '), 1000);
  const node = ({ target, html, element }) => ({
    selector: selector(target),
    html: cut(element ? element.cloneNode(false).outerHTML : html, 300),
    // Shadow trees do not stand in the page's bytes.
    tag: element && element.getRootNode() === document
      ? [element.localName, ...[...element.attributes].flatMap((a) => [a.name, a.value])]
      : null,
  });
  const rule = ({ id, help, tags, impact, nodes }) => ({
    id, help, tags, impact, total: nodes.length, nodes: nodes.slice(0, most).map(node),
  });
  const seen = (frame) => {
    const box = frame.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && frame.checkVisibility();
  };
  return {
    version: axe.version,
    violations: answer.violations.map(rule),
    incomplete: answer.incomplete.map(rule),
    passes: answer.passes.length,
    inapplicable: answer.inapplicable.length,
    frames: [...document.querySelectorAll('iframe, frame')].filter(seen).length,
  };
})
