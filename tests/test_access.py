"""Every endpoint and every role: the status. An endpoint not in the table fails the test."""

import re

import pytest
from flask import Flask

from app.web.access import refuse_unguarded
from tests.conftest import E

ROLES = ("stranger", "innovator", "screener", "judge", "chair", "organiser", "observer", "admin")
ACCOUNTS = {
    "stranger": None,
    "innovator": "inovator-01",
    "screener": "verifikator-1",
    "judge": "juri-1",
    "chair": "juri-4",
    "organiser": "sekretariat",
    "observer": "pengamat",
    "admin": "admin",
}

# Statuses in the order of ROLES. 302 to a stranger leads to the sign-in page. POSTs carry no
# fields, so who may do it gets 404, 409 or 422 where the action needs some.
TABLE = {
    # accounts
    ("GET", "accounts.sign_in"): "200 302 302 302 302 302 302 302",
    ("POST", "accounts.open_session"): "422 422 422 422 422 422 422 422",
    ("POST", "accounts.close_session"): "302 302 302 302 302 302 302 302",
    ("GET", "accounts.password_reset"): "200 200 200 200 200 200 200 200",
    ("POST", "accounts.ask_reset"): "422 422 422 422 422 422 422 422",
    ("GET", "accounts.one_use_link"): "404 404 404 404 404 404 404 404",
    ("POST", "accounts.use_link"): "404 404 404 404 404 404 404 404",
    ("GET", "accounts.profile"): "302 200 200 200 200 200 200 200",
    ("POST", "accounts.save_profile"): "302 422 422 422 422 422 422 422",
    ("POST", "accounts.change_password"): "302 422 422 422 422 422 422 422",
    ("POST", "accounts.end_sessions"): "302 302 302 302 302 302 302 302",
    ("POST", "accounts.language"): "302 302 302 302 302 302 302 302",
    # editions
    ("GET", "editions.organisations"): "302 403 403 403 403 403 403 200",
    ("POST", "editions.make_organisation"): "302 403 403 403 403 403 403 422",
    ("GET", "editions.organisation"): "302 404 404 404 404 404 404 200",
    ("POST", "editions.add_agency"): "302 404 404 404 404 404 404 422",
    ("GET", "editions.agency"): "302 404 404 404 404 404 404 200",
    ("POST", "editions.change_agency"): "302 404 404 404 404 404 404 422",
    ("POST", "editions.make_edition"): "302 404 404 404 404 404 404 422",
    ("GET", "editions.settings"): "302 403 403 403 403 200 403 403",
    ("POST", "editions.change_settings"): "302 403 403 403 403 422 403 403",
    ("GET", "editions.settings_list"): "302 403 403 403 403 200 403 403",
    ("POST", "editions.change_list"): "302 403 403 403 403 409 403 403",
    ("GET", "editions.windows"): "302 403 403 403 403 200 403 403",
    ("POST", "editions.set_window"): "302 403 403 403 403 422 403 403",
    ("POST", "editions.make_public"): "302 403 403 403 403 302 403 403",
    ("GET", "editions.people"): "302 403 403 403 403 200 403 403",
    ("POST", "editions.invite"): "302 403 403 403 403 422 403 403",
    ("POST", "editions.pass_chair"): "302 403 403 403 403 422 403 403",
    ("POST", "editions.name_delegate"): "302 403 403 403 403 422 403 403",
    ("POST", "editions.dismiss_delegate"): "302 403 403 403 403 302 403 403",
    ("POST", "editions.set_expertise"): "302 403 403 403 403 302 403 403",
    ("POST", "editions.revoke"): "302 403 403 403 403 302 403 403",
    # proposals
    ("GET", "proposals.index"): "302 200 200 200 200 200 200 403",
    ("GET", "proposals.drafts"): "302 403 403 403 403 200 403 403",
    ("POST", "proposals.remind"): "302 403 403 403 403 422 403 403",
    ("POST", "proposals.extend"): "302 403 403 403 403 422 403 403",
    ("POST", "proposals.invite_entries"): "302 403 403 403 403 409 403 403",
    ("POST", "proposals.start"): "302 409 403 403 403 403 403 403",
    ("GET", "proposals.show"): "302 200 200 200 200 200 200 404",
    ("GET", "proposals.draft"): "302 302 403 403 403 403 403 404",
    ("POST", "proposals.save"): "302 422 403 403 403 403 403 404",
    ("GET", "proposals.documents"): "302 200 403 403 403 403 403 404",
    ("POST", "proposals.attach"): "302 409 403 403 403 403 403 404",
    ("GET", "proposals.comparison"): "302 404 404 404 404 404 404 404",
    ("GET", "proposals.receipt"): "302 200 200 200 200 200 200 404",
    ("GET", "proposals.content"): "302 200 200 200 200 200 200 404",
    ("GET", "proposals.authors"): "302 200 403 403 403 403 403 404",
    ("POST", "proposals.add_author"): "302 422 403 403 403 403 403 404",
    ("POST", "proposals.remove_author"): "302 409 403 403 403 403 403 404",
    ("POST", "proposals.name_presenters"): "302 422 403 403 403 403 403 404",
    ("GET", "proposals.agency_entries"): "302 403 403 403 403 403 403 403",
    ("POST", "proposals.rank"): "302 403 403 403 403 403 403 403",
    ("POST", "proposals.endorse"): "302 403 403 403 403 403 403 404",
    ("POST", "proposals.take_back_endorsement"): "302 403 403 403 403 403 403 404",
    ("GET", "proposals.preview"): "302 403 403 403 403 200 403 403",
    ("GET", "proposals.download"): "302 200 200 200 200 200 200 404",
    ("GET", "proposals.view"): "302 200 200 200 200 200 200 404",
    ("POST", "proposals.detach"): "302 409 403 403 403 403 403 404",
    ("GET", "proposals.check"): "302 302 403 403 403 403 403 404",
    ("POST", "proposals.submit"): "302 409 403 403 403 403 403 404",
    ("GET", "proposals.withdrawal"): "302 200 403 403 403 403 403 404",
    ("POST", "proposals.withdraw"): "302 422 403 403 403 403 403 404",
    ("POST", "screening.disqualify"): "302 403 403 403 403 422 403 404",
    # screening
    ("GET", "screening.index"): "302 403 200 403 403 200 200 403",
    ("GET", "screening.assignment"): "302 403 403 403 403 200 403 403",
    ("POST", "screening.compute_assignment"): "302 403 403 403 403 409 403 403",
    ("POST", "screening.preview_rule"): "302 403 403 403 403 422 403 403",
    ("POST", "screening.assign_by_rule"): "302 403 403 403 403 422 403 403",
    ("POST", "screening.stop_assignment"): "302 403 403 403 403 404 403 403",
    ("POST", "screening.apply_assignment"): "302 403 403 403 403 404 403 403",
    ("GET", "screening.eligibility"): "302 403 200 403 403 200 200 404",
    ("POST", "screening.find"): "302 403 409 403 403 409 403 404",
    ("GET", "screening.decision"): "302 403 403 403 403 200 200 404",
    ("POST", "screening.prepare"): "302 403 403 403 403 422 403 404",
    ("POST", "screening.drop"): "302 403 403 403 403 302 403 404",
    ("POST", "screening.assign"): "302 403 403 403 403 404 403 404",
    ("POST", "screening.unassign"): "302 403 403 403 403 404 403 404",
    ("GET", "screening.announcement"): "302 403 403 403 403 200 403 403",
    ("POST", "screening.announce"): "302 403 403 403 403 409 403 403",
    ("GET", "screening.tabulation"): "302 403 403 403 403 200 200 403",
    ("POST", "screening.preview"): "302 403 403 403 403 200 403 403",
    ("POST", "screening.prepare_many"): "302 403 403 403 403 404 403 403",
    ("POST", "screening.promote"): "302 403 403 403 403 409 403 404",
    ("GET", "screening.pledge"): "302 403 200 200 200 200 403 403",
    ("POST", "screening.sign"): "302 403 302 302 302 302 403 403",
    ("GET", "screening.conflicts"): "302 403 200 403 403 200 200 403",
    ("POST", "screening.confirm_conflict"): "302 403 403 403 403 404 403 403",
    ("GET", "screening.discuss"): "302 403 403 403 403 200 403 404",
    ("POST", "screening.remark"): "302 403 403 403 403 422 403 404",
    ("GET", "screening.letter"): "302 403 403 403 403 404 403 404",
    ("POST", "screening.word_letter"): "302 403 403 403 403 404 403 404",
    ("POST", "screening.dismiss"): "302 403 403 403 403 404 403 403",
    # schedule
    ("GET", "schedule.slots"): "302 200 200 200 200 200 200 403",
    ("POST", "schedule.make_slots"): "302 403 403 403 403 302 403 403",
    ("POST", "schedule.book"): "302 404 403 403 403 404 403 403",
    ("POST", "schedule.give_up"): "302 302 403 403 403 302 403 404",
    ("GET", "schedule.arrangement"): "302 403 403 403 403 200 403 403",
    ("POST", "schedule.move"): "302 403 403 403 403 404 403 403",
    ("POST", "schedule.undo"): "302 403 403 403 403 409 403 403",
    ("GET", "schedule.plan"): "302 403 403 403 403 200 403 403",
    ("POST", "schedule.compute_plan"): "302 403 403 403 403 400 403 403",
    ("POST", "schedule.stop_plan"): "302 403 403 403 403 404 403 403",
    ("POST", "schedule.apply_plan"): "302 403 403 403 403 404 403 403",
    ("GET", "schedule.panel_list"): "302 403 403 403 403 200 403 403",
    ("POST", "schedule.add_panel"): "302 403 403 403 403 422 403 403",
    ("GET", "schedule.panel"): "302 404 404 404 404 404 404 404",
    ("POST", "schedule.change_panel"): "302 404 404 404 404 404 404 404",
    ("POST", "schedule.remove_panel"): "302 404 404 404 404 404 404 404",
    ("GET", "schedule.absences"): "302 200 403 200 200 200 403 403",
    ("POST", "schedule.add_absence"): "302 422 403 422 422 422 403 403",
    ("POST", "schedule.import_absences"): "302 422 403 422 422 422 403 403",
    ("POST", "schedule.forget_absence"): "302 404 404 404 404 404 404 404",
    ("GET", "schedule.warnings"): "302 403 403 403 403 200 200 403",
    ("GET", "schedule.versions"): "302 403 200 403 403 200 200 403",
    ("POST", "schedule.publish"): "302 403 403 403 403 409 403 403",
    ("GET", "schedule.version"): "302 403 200 403 403 200 200 403",
    ("POST", "schedule.restore"): "302 403 403 403 403 302 403 403",
    ("POST", "schedule.hold"): "302 404 403 403 403 404 403 403",
    ("POST", "schedule.let_go"): "302 404 403 403 403 404 403 403",
    ("POST", "schedule.wait"): "302 404 403 403 403 404 403 403",
    ("POST", "schedule.leave"): "302 404 403 403 403 404 403 403",
    ("POST", "schedule.ask_swap"): "302 404 403 403 403 404 403 403",
    ("POST", "schedule.accept_swap"): "302 404 404 404 404 404 404 404",
    ("POST", "schedule.decline_swap"): "302 404 404 404 404 404 404 404",
    ("POST", "schedule.take_back_swap"): "302 404 404 404 404 404 404 404",
    ("GET", "schedule.turn_list"): "302 200 200 200 200 200 200 403",
    ("POST", "schedule.seal"): "302 403 403 403 403 302 403 403",
    ("POST", "schedule.draw"): "302 403 403 403 403 302 403 403",
    ("GET", "schedule.own_wishes"): "302 200 403 403 403 403 403 404",
    ("POST", "schedule.wish"): "302 409 403 403 403 403 403 404",
    ("GET", "schedule.day"): "302 403 403 403 403 200 403 403",
    ("POST", "schedule.delay"): "302 403 403 403 403 422 403 403",
    ("GET", "schedule.arrival"): "302 403 403 403 403 200 403 404",
    ("POST", "schedule.arrive"): "302 403 403 403 403 302 403 404",
    ("POST", "schedule.take_back_arrival"): "302 403 403 403 403 302 403 404",
    ("POST", "schedule.miss"): "302 403 403 403 403 302 403 404",
    ("POST", "schedule.call"): "302 403 403 403 403 404 403 404",
    ("GET", "schedule.confirmation"): "302 200 403 403 403 200 403 404",
    ("GET", "schedule.run_sheet"): "302 403 403 403 403 200 403 403",
    # scoring
    ("GET", "scoring.own_sheets"): "302 403 200 200 200 403 403 403",
    ("GET", "scoring.sheet"): "302 404 404 404 404 404 404 404",
    ("POST", "scoring.save"): "302 404 404 404 404 404 404 404",
    ("POST", "scoring.lock"): "302 404 404 404 404 404 404 404",
    ("GET", "scoring.conflict"): "302 403 200 200 200 403 403 404",
    ("POST", "scoring.declare"): "302 403 422 422 422 403 403 404",
    ("GET", "scoring.progress"): "302 403 403 200 200 200 200 403",
    ("POST", "scoring.open_scoring"): "302 403 403 403 403 409 403 403",
    ("POST", "scoring.follow_schedule"): "302 403 403 403 403 409 403 403",
    ("GET", "scoring.reopening"): "302 403 403 403 200 403 403 404",
    ("POST", "scoring.reopen"): "302 403 403 403 404 403 403 404",
    ("POST", "scoring.excuse"): "302 403 403 403 404 403 403 404",
    ("GET", "scoring.ranking"): "302 403 403 200 200 200 403 403",
    # awards
    ("GET", "awards.plenary"): "302 403 403 403 200 200 200 403",
    ("POST", "awards.prepare"): "302 403 403 403 403 409 403 403",
    ("POST", "awards.confirm"): "302 403 403 403 404 404 403 403",
    ("POST", "awards.unconfirm"): "302 403 403 403 404 404 403 403",
    ("GET", "awards.feedback"): "302 200 403 403 403 403 403 404",
    # calendars
    ("GET", "calendars.schedule"): "200 200 200 200 200 200 200 200",
    ("GET", "calendars.presentation"): "200 200 200 200 200 200 200 200",
    ("GET", "calendars.personal"): "404 404 404 404 404 404 404 404",
    ("GET", "calendars.own"): "302 200 200 200 200 200 200 403",
    ("POST", "calendars.open_feed"): "302 200 200 200 200 200 200 403",
    ("POST", "calendars.set_alarm"): "302 422 422 422 422 422 422 403",
    ("POST", "calendars.close_feed"): "302 302 302 302 302 302 302 403",
    ("POST", "calendars.accept_all"): "302 302 302 302 302 302 302 403",
    ("GET", "calendars.invitation"): "404 404 404 404 404 404 404 404",
    ("POST", "calendars.answer_invitation"): "404 404 404 404 404 404 404 404",
    # gallery
    ("GET", "gallery.home"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.edition"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.schedule"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.wall"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.innovations"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.innovation"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.results"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.agencies"): "200 200 200 200 200 200 200 200",
    # dashboard
    ("GET", "dashboard.my_work"): "302 200 200 200 200 200 200 200",
    ("GET", "dashboard.exports"): "302 403 403 403 403 200 403 403",
    ("POST", "dashboard.write_export"): "302 403 403 403 403 302 403 403",
    ("GET", "dashboard.export"): "302 403 403 403 403 200 403 403",
    ("GET", "dashboard.imports"): "302 403 403 403 403 200 403 403",
    ("POST", "dashboard.send_in"): "302 403 403 403 403 422 403 403",
    ("POST", "dashboard.apply_import"): "302 403 403 403 403 409 403 403",
    ("POST", "dashboard.drop_import"): "302 403 403 403 403 302 403 403",
    ("GET", "dashboard.import_columns"): "302 403 403 403 403 200 403 403",
    ("GET", "dashboard.letters"): "302 403 403 403 403 200 403 403",
    ("GET", "dashboard.letter"): "302 403 403 403 403 200 403 403",
    ("GET", "dashboard.trail"): "302 403 403 403 403 200 200 403",
    ("POST", "dashboard.verify_trail"): "302 403 403 403 403 200 200 403",
}

VALUES = {
    "edition": "luwu-utara-2019",
    "proposal": 1,
    "number": 1,
    "organisation": 1,
    "agency": 1,
    "slot": 1,
    "requirement": 1,
    "attachment": 1,
    "place": 1,
    "person": 12,
    "membership": 2,
    "kind": "presentation",
    "sheet": "presentation",
    "part": "categories",
    "table": "proposals",
    "suffix": "csv",
    "stage": "picking",
    "token": "unknown",
    "panel": 1,
    "absence": 1,
    "version": 1,
    "swap": 1,
    "ticket": "1-1-unknown",
}


def endpoints(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.endpoint != "static"
    }


def test_every_endpoint_is_in_the_table(make_app):
    assert endpoints(make_app()) == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_every_endpoint_answers_each_role_as_the_table_says(make_app, browse, role):
    app = make_app("picking")
    place = ROLES.index(role)
    wrong = {}
    browser = browse(app, ACCOUNTS[role])
    for (method, endpoint), statuses in sorted(TABLE.items(), key=lambda row: row[0][0]):
        with app.test_request_context(base_url="http://127.0.0.1:8000"):
            rule = next(r for r in app.url_map.iter_rules(endpoint) if method in r.methods)
            values = {name: VALUES[name] for name in rule.arguments}
            path = re.sub(r"^http://[^/]+", "", app.url_for(endpoint, _external=False, **values))
        answer = browser.get(path) if method == "GET" else browser.post(path)
        if str(answer.status_code) != statuses.split()[place]:
            wrong[method, endpoint] = (statuses.split()[place], answer.status_code)
        if endpoint in {"accounts.close_session", "accounts.end_sessions"}:
            browser = browse(app, ACCOUNTS[role])
    assert wrong == {}


def test_a_view_without_a_rule_is_refused():
    app = Flask("unguarded")
    app.add_url_rule("/open", "open", lambda: "open")

    with pytest.raises(TypeError, match="open has no @requires"):
        refuse_unguarded(app)


def test_forbidden_equals_missing_body_for_body(make_app, browse):
    app = make_app("draft")
    stranger_to_it = browse(app, "inovator-01")

    others = stranger_to_it.get(f"{E}/proposals/2")
    missing = stranger_to_it.get(f"{E}/proposals/99")

    def body(answer):
        return re.sub(r'value="[^"]+"|X-CSRFToken[^}]+|proposals/\d+', "", answer.text)

    assert (others.status_code, missing.status_code) == (404, 404)
    assert body(others) == body(missing)
