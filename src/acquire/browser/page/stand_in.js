// Stands for a tracker's library: tells what the queue holds and what comes later, and adds the label's markup.
(function (w) {
  "use strict";
  var key = KEY, queue = w[QUEUE];
  function tell(kind, commands) {
    try {
      if (w[BINDING]) w[BINDING](key, kind, TRACKER, commands);
    } catch (e) {}
  }
  tell("ran", queue);
  try {
    if (queue) queue.push = function () {
      tell("later", arguments);
      return 0;
    };
  } catch (e) {}
  function make(node) {
    if (typeof node === "string") return document.createTextNode(node);
    var element = document.createElement(node[0]), name, i;
    for (name in node[1]) {
      if (name === "style") element.style.cssText = node[1][name];
      else element.setAttribute(name, node[1][name]);
    }
    for (i = 0; i < node[2].length; i++) element.appendChild(make(node[2][i]));
    return element;
  }
  var label = LABEL;
  function add() {
    for (var i = 0; i < label.length; i++) document.body.appendChild(make(label[i]));
  }
  if (document.body) add();
  else document.addEventListener("DOMContentLoaded", add);
})(window);
