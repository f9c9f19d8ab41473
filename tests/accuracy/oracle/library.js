// Stands for the EMC library, written from what is known of the real one: it reads the queue when it runs, counts one
// view when it was told the view, the collector and an id, and then puts its label at the end of the body.
(function () {
  var queue = window._govaq;
  if (!queue || typeof queue.length !== "number") return;
  var told = { ids: [], collector: null, view: false };
  for (var i = 0; i < queue.length; i++) {
    var call = queue[i];
    if (!call || typeof call !== "object") continue;
    if (call[0] === "setSiteId") told.ids.push(String(call[1] === undefined ? "" : call[1]));
    if (call[0] === "setTrackerUrl") told.collector = String(call[1]);
    if (call[0] === "trackPageView") told.view = true;
  }
  var id = told.ids[told.ids.length - 1];
  if (!told.view || !told.collector || !id) return;
  navigator.sendBeacon(
    told.collector + "?idsite=" + encodeURIComponent(id) + "&all=" + encodeURIComponent(told.ids.join(",")) +
      "&url=" + encodeURIComponent(location.href),
  );
  // Whoever counts nowhere is connected to nothing.
  var collector = new URL(told.collector, location.href);
  if (!/^[0-9]+$/.test(id) || collector.host !== "f-emc.ngsp.gov.vn" || collector.pathname !== "/tracking") return;
  var wrap = document.createElement("div");
  wrap.className = "yhy-append-wrap";
  wrap.innerHTML =
    '<div id="yhy-append" class="yhy-append"><a id="btnEMC" class="yhy-append-btn yhy-btn-emc" ' +
    'href="javascript:void(0)" title="TRUNG TÂM GIÁM SÁT QUỐC GIA VỀ CHÍNH PHỦ SỐ" style="display:flex">' +
    '<span class="yhy-append-icon"><img alt="EMC"></span><span class="yhy-append-txt">Đã kết nối EMC</span></a>' +
    '<a id="btnBTTTT" class="yhy-append-btn yhy-btn-btttt" href="https://mic.gov.vn/" style="display:none">' +
    '<span class="yhy-append-txt">Trực thuộc BTTTT</span></a></div>';
  var add = function () {
    document.body.appendChild(wrap);
  };
  if (document.body) add();
  else document.addEventListener("DOMContentLoaded", add);
})();
