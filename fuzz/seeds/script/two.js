var ids = {portal: '205'}; function site(id = ids.portal, ...rest) { return id ?? rest[0] }
//---
var _govaq = []; if (location.hostname != 'x') _govaq.push(['setSiteId', site()]); while (1) { break }
