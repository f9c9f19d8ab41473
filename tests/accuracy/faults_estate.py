"""Planted faults between sites and in what is declared of them: shared ids, changed ids, names outside gov.vn."""

import dataclasses

from operators import fault, harmless

unique = fault("emc-site-id-unique", ("component",), pairs=False)
drift = fault("emc-site-id-drift", pairs=False)
CLOSED = "2025-07-01"


@unique
def id_shared_with_portal(page, r):
    """A component that was given its portal's id: a fault of both."""
    portal = page.portal
    if portal.kind != "base" or portal.shared or page.kind != "base":
        return False
    page.declared = portal.declared
    page.embed = dataclasses.replace(page.embed, site_id=portal.declared)
    portal.shared = True
    for each in (page, portal):
        each.says("emc-site-id-unique", "fail", code="site-id-shared")
    portal.operator, portal.kind = "portal-whose-id-is-shared", "fault"
    page.truth["sent_id"] = portal.declared
    return True


@unique
def id_of_portal_embedded(page, r):
    """The template of the portal was copied with its id; the declared id is another."""
    portal = page.portal
    if portal.kind != "base" or portal.shared:
        return False
    page.embed = dataclasses.replace(page.embed, site_id=portal.declared)
    portal.shared = True
    page.snippet_fails("site-id-mismatch", sent=portal.declared, configured=True)
    page.truth["label_visible"] = True
    for each in (page, portal):
        each.says("emc-site-id-unique", "fail", code="site-id-shared")
    portal.operator, portal.kind = "portal-whose-id-is-shared", "fault"
    return True


@drift
def id_changed_since_recorded(page, r):
    page.recorded = str(int(page.declared) + 2000000)
    page.says("emc-site-id-drift", "fail", code="site-id-drift")
    return True


@drift
def code_gone_since_recorded(page, r):
    page.recorded = page.declared
    page.embed = None
    page.snippet_fails("snippet-missing")
    page.says("emc-site-id-drift", "fail", code="site-id-gone")
    return True


@harmless(pairs=False)
def recorded_as_it_is(page, r):
    page.recorded = page.declared
    page.says("emc-site-id-drift", "pass")
    return True


DOMAINS = {
    "com": "{}-tinh.com.vn", "bare_vn": "{}-tinh.vn", "suffix": "{}.gov.vn.example.org", "dash": "{}-gov.vn",
    "foreign": "{}.gov.us", "joined": "{}xgov.vn",
}
for key, form in DOMAINS.items():
    def move(page, r, form=form):
        if page.portal.kind != "base":
            return False
        page.moves(form.format(page.host.split(".")[0] + page.declared))
        page.says("domain-name", "fail", code="domain-pattern")
        return True
    move.__name__ = f"domain_{key}"
    fault("domain-name", ("component",), pairs=False)(move)


@harmless(roles=("component",), pairs=False)
def retired(page, r):
    """A site that was closed is owed nothing and owes nothing."""
    if page.portal.kind != "base":
        return False
    page.retired_on = CLOSED
    for rule in page.expect:
        page.says(rule, "not-applicable")
    portal = page.portal
    portal.links = [x for x in portal.links if x.site != page.id]
    portal.truth["follows"] = [u for u in portal.truth["follows"] if u != page.url]
    if not portal.links:
        portal.says("component-links", "not-applicable", ["not-applicable", "pass"])
    return True
