// Notes how the top document paints, shifts and keeps its thread busy, from its first moment on.
(() => {
  if (window !== window.top) return;
  const seen = { fcp: null, lcp: null, cls: 0, tasks: [] };
  const scripts = [];
  const pending = [];
  const watch = (type, note) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
    observer.observe({ type, buffered: true });
    pending.push(() => observer.takeRecords().forEach(note));
  };
  watch('paint', (entry) => {
    if (entry.name === 'first-contentful-paint') seen.fcp = entry.startTime;
  });
  watch('largest-contentful-paint', (entry) => { seen.lcp = entry.startTime; });
  // Each takes 50 ms or more of one thread: the time of a load says how many there can be.
  watch('longtask', (entry) => { seen.tasks.push([entry.startTime, entry.duration]); });
  // What runs when a promise is kept is no long task to the browser; the frame that it holds up tells of it.
  watch('long-animation-frame', (entry) => {
    for (const { startTime, duration } of entry.scripts) {
      if (duration >= 50) scripts.push([startTime, duration]);
    }
  });
  // The worst window of shifts: at most 1 s between two, at most 5 s in all.
  let sum = 0, first = 0, last = 0;
  watch('layout-shift', (entry) => {
    if (entry.hadRecentInput) return;
    const joins = sum > 0 && entry.startTime - last < 1000 && entry.startTime - first < 5000;
    if (!joins) { sum = 0; first = entry.startTime; }
    sum += entry.value;
    last = entry.startTime;
    seen.cls = Math.max(seen.cls, sum);
  });
  globalThis.rasoatVitals = () => {
    // Whoever asks right after a task would be told before the observers are.
    pending.forEach((take) => take());
    const [navigation] = performance.getEntriesByType('navigation');
    const within = ([a, b], [c, d]) => a < c + d && c < a + b;
    const untold = scripts.filter((script) => !seen.tasks.some((task) => within(script, task)));
    return {
      ...seen,
      tasks: [...seen.tasks, ...untold],
      now: performance.now(),
      loaded: navigation && navigation.loadEventEnd > 0 ? navigation.loadEventEnd : null,
    };
  };
})();
