//! The genuine snippet in all its forms.

use super::{Page, configured, names};

pub(super) const CANONICAL: &str = "
  var _govaq = window._govaq || [];
  _govaq.push(['trackPageView']);
  _govaq.push(['enableLinkTracking']);
  (function () {
    _govaq.push(['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking']);
    _govaq.push(['setSiteId', '205']);
    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
    g.type = 'text/javascript'; g.async = true; g.defer = true;
    g.src = 'https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';
    s.parentNode.insertBefore(g, s);
  })();";

#[test]
fn canonical() {
    let facts = Page::script(CANONICAL).facts();
    configured(&facts, "205").unwrap();
    assert!(facts.mentions.is_empty(), "{:?}", facts.mentions);
    assert_eq!(names(&facts)[0], "trackPageView");
}
