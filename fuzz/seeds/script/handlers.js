window.addEventListener('load', () => setTimeout(async function () { await 0; window._govaq = [['trackPageView']]; }, 10));
document.querySelector('#a').onclick = function () { for (const k in {a: 1}) { _govaq.push([k, `x${k}`]) } };
$(function () { $('body').append('<script src="//f-emc.ngsp.gov.vn/embed/gov-tracking.min.js"><\/script>') });
