// Runs before the page's own scripts, in their world: puts a function in the place of the binding `NAME` by which the
// tracker's script tells what the queue holds. What it uses is taken now, before a page can put anything else in its
// place; the function itself can be called by a page, but neither replaced nor made to look genuine without the key.
(function (w) {
  "use strict";
  var say = w[NAME], text = JSON.stringify, string = String, isArray = Array.isArray, top = w === w.top;
  var clock = performance, now = Object.getOwnPropertyDescriptor(Performance.prototype, "now").value;
  var time = now.bind(clock);
  if (typeof say !== "function") return;
  function cut(s, most) {
    var made = "";
    if (s.length <= most) return s;
    for (var i = 0; i < most; i++) made += s[i];
    return made;
  }
  function other(x) {
    try {
      var s = cut(string(x), 100);
      return '{"other":' + text(isArray(x) ? "[" + s + "]" : s) + "}";
    } catch (e) {
      return '{"other":"object"}';
    }
  }
  // Texts and numbers as they are, everything else as `{other: …}`.
  function value(x) {
    if (typeof x === "string") return text(cut(x, 500));
    if (typeof x === "number" && x - x === 0) return text(x);
    return other(x);
  }
  function isList(x) {
    return x !== null && typeof x === "object" && typeof x.length === "number";
  }
  function held(queue) {
    if (!isList(queue)) return "null";
    var all = "";
    for (var i = 0; i < queue.length && i < MOST; i++) {
      var command = queue[i], one = "";
      if (!isList(command)) continue;
      for (var k = 0; k < command.length && k < 20; k++) one += (k === 0 ? "" : ",") + value(command[k]);
      all += (all === "" ? "[" : ",[") + one + "]";
    }
    // A number says that there are more.
    if (queue.length > MOST) all += all === "" ? "1" : ",1";
    return "[" + all + "]";
  }
  function tell(key, kind, tracker, queue) {
    var found = "null";
    try {
      found = held(queue);
    } catch (e) {}
    if (kind === "end") return found;
    say('{"key":' + value(key) + ',"t":' + value(tracker) + ',"k":' + value(kind) + ',"top":' + top + ',"at":' + time() + ',"q":' + found + "}");
  }
  Object.defineProperty(w, NAME, { value: tell, writable: false, configurable: false, enumerable: false });
})(window);
