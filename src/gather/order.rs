//! In which order sites have their first try: one of each family after the other. A portal and its component sites often
//! lie on one server, and whoever waits there for its turn holds a place of the run. Never leaves a site out.

use std::collections::HashMap;

use crate::site::{Estate, Parent, Site};

/// Portals above portals that are followed; a sites file may declare a circle.
const MOST_ABOVE: usize = 8;

/// The places of the sites, in the order of their first tries.
pub(super) fn spread(estate: &Estate, sites: &[&Site]) -> Vec<usize> {
    let mut members: HashMap<String, usize> = HashMap::new();
    let mut order: Vec<(usize, usize)> = Vec::with_capacity(sites.len());
    for (k, site) in sites.iter().enumerate() {
        let nth = members.entry(family(estate, site)).or_default();
        order.push((*nth, k));
        *nth += 1;
    }
    order.sort_unstable();
    order.into_iter().map(|(_, k)| k).collect()
}

/// The host of the portal that is above all others, or the site's own.
fn family(estate: &Estate, site: &Site) -> String {
    let mut at = site;
    for _ in 0..MOST_ABOVE {
        match &at.parent {
            Some(Parent::Declared(id)) => match estate.site(id) {
                Some(above) => at = above,
                None => return id.clone(),
            },
            Some(Parent::Elsewhere(url)) => return url.host_str().unwrap_or_default().to_owned(),
            None => break,
        }
    }
    at.url.as_ref().and_then(|url| url.host_str()).unwrap_or(&at.id).to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn order(entries: &[&str]) -> Vec<String> {
        let lines: String = entries.iter().map(|e| format!("  - {{{e}}}\n")).collect();
        let text = format!("apiVersion: rasoat/v1\nsites:\n{lines}");
        let estate =
            crate::site::read("s.yml", text.as_bytes(), Path::new("")).unwrap_or_else(|p| panic!("{p}")).estate;
        let sites: Vec<&Site> = estate.sites().iter().collect();
        let order = spread(&estate, &sites);
        let mut all = order.clone();
        all.sort_unstable();
        assert_eq!(all, (0..sites.len()).collect::<Vec<_>>(), "each has one turn");
        order.into_iter().map(|k| sites[k].id.clone()).collect()
    }

    #[test]
    fn portals_take_turns() {
        let entries = [
            "id: a, role: portal, url: 'https://a.example.vn/'",
            "id: a1, role: component, parent: a, url: 'https://a1.example.vn/'",
            "id: a2, role: component, parent: a, url: 'https://a2.example.vn/'",
            "id: a3, role: component, parent: a, url: 'https://a.example.vn/a3/'",
            "id: b, role: portal, url: 'https://b.example.vn/'",
            "id: b1, role: component, parent: b, url: 'https://b1.example.vn/'",
        ];
        assert_eq!(order(&entries), ["a", "b", "a1", "b1", "a2", "a3"]);
    }

    #[test]
    fn a_family_is_what_one_portal_is_above_of() {
        let entries = [
            "id: tinh, role: portal, url: 'https://tinh.example.vn/'",
            "id: so, role: portal, parent: tinh, url: 'https://so.example.vn/'",
            "id: phong, role: component, parent: so, url: 'https://phong.example.vn/'",
            "id: x, role: component, parent: 'https://else.example.vn/', url: 'https://x.example.vn/'",
            "id: y, role: component, parent: 'https://else.example.vn/cong', url: 'https://y.example.vn/'",
            "id: z, role: portal, url: 'https://z.example.vn/'",
        ];
        assert_eq!(order(&entries), ["tinh", "x", "z", "so", "y", "phong"]);
    }
}
