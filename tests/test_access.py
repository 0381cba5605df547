"""Every endpoint and every role: the status. An endpoint not in the table fails the test."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.web.access import refuse_unguarded
from app.web.errors import STRANGERS
from tests.cast import ROLES, author_of
from tests.conftest import E
from tests.factories import the_person

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
    ("POST", "accounts.ask_email"): "302 422 422 422 422 422 422 422",
    ("GET", "accounts.email_link"): "404 404 404 404 404 404 404 404",
    ("POST", "accounts.use_email_link"): "404 404 404 404 404 404 404 404",
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
    ("GET", "organisers.index"): "302 404 404 404 404 404 404 200",
    ("POST", "organisers.appoint"): "302 404 404 404 404 404 404 422",
    ("POST", "organisers.send_again"): "302 404 404 404 404 404 404 404",
    ("POST", "organisers.dismiss"): "302 404 404 404 404 404 404 404",
    ("POST", "agency_lists.preview"): "302 404 404 404 404 404 404 422",
    ("POST", "agency_lists.add"): "302 404 404 404 404 404 404 422",
    ("GET", "guide.index"): "200 200 200 200 200 200 200 200",
    ("GET", "guide.show"): "200 200 200 200 200 200 200 200",
    ("GET", "guide.picture"): "200 200 200 200 200 200 200 200",
    ("GET", "kinds.index"): "302 404 404 404 404 404 404 200",
    ("POST", "kinds.change"): "302 404 404 404 404 404 404 409",
    ("GET", "branding.index"): "302 403 403 403 403 200 403 403",
    ("POST", "branding.change"): "302 403 403 403 403 302 403 403",
    ("POST", "branding.remove_emblem"): "302 403 403 403 403 302 403 403",
    ("GET", "branding.emblem"): "404 404 404 404 404 404 404 404",
    ("GET", "branding.small_emblem"): "404 404 404 404 404 404 404 404",
    ("GET", "branding.colour"): "404 404 404 404 404 404 404 404",
    ("GET", "editions.settings"): "302 403 403 403 403 200 403 403",
    ("POST", "editions.change_settings"): "302 403 403 403 403 422 403 403",
    ("GET", "editions.settings_list"): "302 403 403 403 403 200 403 403",
    ("POST", "editions.change_list"): "302 403 403 403 403 409 403 403",
    ("GET", "editions.windows"): "302 403 403 403 403 200 403 403",
    ("POST", "editions.set_window"): "302 403 403 403 403 422 403 403",
    ("POST", "editions.make_public"): "302 403 403 403 403 302 403 403",
    ("GET", "people.index"): "302 403 403 403 403 200 403 403",
    ("POST", "people.invite"): "302 403 403 403 403 422 403 403",
    ("GET", "people.person"): "302 403 403 403 403 200 403 403",
    ("POST", "people.correct"): "302 403 403 403 403 422 403 403",
    ("POST", "people.send_again"): "302 403 403 403 403 409 403 403",
    ("POST", "people.pass_chair"): "302 403 403 403 403 422 403 403",
    ("POST", "people.name_delegate"): "302 403 403 403 403 422 403 403",
    ("POST", "people.dismiss_delegate"): "302 403 403 403 403 302 403 403",
    ("POST", "people.set_expertise"): "302 403 403 403 403 302 403 403",
    ("POST", "people.revoke"): "302 403 403 403 403 302 403 403",
    # proposals
    ("GET", "proposals.index"): "302 200 200 200 200 200 200 403",
    ("GET", "drafts.index"): "302 403 403 403 403 200 403 403",
    ("POST", "drafts.remind"): "302 403 403 403 403 422 403 403",
    ("POST", "drafts.extend"): "302 403 403 403 403 422 403 403",
    ("POST", "drafts.invite_entries"): "302 403 403 403 403 409 403 403",
    ("POST", "proposals.start"): "302 409 403 403 403 403 403 403",
    ("GET", "proposals.show"): "302 200 200 200 200 200 200 404",
    ("GET", "proposals.draft"): "302 302 403 403 403 403 403 404",
    ("POST", "proposals.save"): "302 409 403 403 403 403 403 404",
    ("POST", "proposals.remove"): "302 409 403 403 403 403 403 404",
    ("GET", "documents.index"): "302 200 403 403 403 403 403 404",
    ("POST", "documents.attach"): "302 409 403 403 403 403 403 404",
    ("GET", "replication.ask_form"): "200 200 200 200 200 200 200 200",
    ("POST", "replication.ask"): "422 422 422 422 422 422 422 422",
    ("GET", "replication.own"): "404 404 404 404 404 404 404 404",
    ("POST", "replication.confirm"): "404 404 404 404 404 404 404 404",
    ("POST", "replication.withdraw"): "404 404 404 404 404 404 404 404",
    ("GET", "replication.index"): "302 200 403 403 403 200 403 404",
    ("POST", "replication.answer"): "302 404 403 403 403 403 403 404",
    ("POST", "replication.remove"): "302 404 403 403 403 404 403 404",
    ("GET", "follow_up.index"): "302 403 403 403 200 200 200 403",
    ("POST", "follow_up.ask"): "302 403 403 403 403 409 403 403",
    ("GET", "follow_up.own"): "302 200 403 403 403 403 403 404",
    ("POST", "follow_up.report"): "302 422 403 403 403 403 403 404",
    ("GET", "showcase.index"): "302 200 403 403 403 200 403 404",
    ("POST", "showcase.agree"): "302 302 403 403 403 403 403 404",
    ("GET", "showcase.picture"): "302 404 403 403 403 404 403 404",
    ("POST", "showcase.show_picture"): "302 422 403 403 403 403 403 404",
    ("POST", "showcase.remove_picture"): "302 302 403 403 403 302 403 404",
    ("GET", "receipts.comparison"): "302 404 404 404 404 404 404 404",
    ("GET", "receipts.receipt"): "302 200 200 200 200 200 200 404",
    ("GET", "receipts.content"): "302 200 200 200 200 200 200 404",
    ("GET", "entries.authors"): "302 200 403 403 403 200 403 404",
    ("POST", "entries.add_author"): "302 422 403 403 403 422 403 404",
    ("POST", "entries.remove_author"): "302 409 403 403 403 422 403 404",
    ("POST", "entries.name_presenters"): "302 422 403 403 403 403 403 404",
    ("GET", "entries.index"): "302 403 403 403 403 403 403 403",
    ("POST", "entries.rank"): "302 403 403 403 403 403 403 403",
    ("POST", "entries.endorse"): "302 403 403 403 403 403 403 404",
    ("POST", "entries.take_back_endorsement"): "302 403 403 403 403 403 403 404",
    ("GET", "proposals.preview"): "302 403 403 403 403 200 403 403",
    ("GET", "documents.download"): "302 200 200 200 200 200 200 404",
    ("GET", "documents.view"): "302 200 200 200 200 200 200 404",
    ("POST", "documents.detach"): "302 409 403 403 403 403 403 404",
    ("GET", "proposals.check"): "302 302 403 403 403 403 403 404",
    ("POST", "proposals.submit"): "302 409 403 403 403 403 403 404",
    ("GET", "proposals.withdrawal"): "302 200 403 403 403 403 403 404",
    ("POST", "proposals.withdraw"): "302 422 403 403 403 403 403 404",
    ("POST", "screening.disqualify"): "302 403 403 403 403 422 403 404",
    ("POST", "screening.withdraw_at_request"): "302 403 403 403 403 422 403 404",
    ("POST", "screening.reinstate"): "302 403 403 403 403 422 403 404",
    # screening
    ("GET", "screening.index"): "302 403 200 403 403 200 200 403",
    ("GET", "assignment.index"): "302 403 403 403 403 200 403 403",
    ("POST", "assignment.compute_assignment"): "302 403 403 403 403 409 403 403",
    ("POST", "assignment.preview_rule"): "302 403 403 403 403 422 403 403",
    ("POST", "assignment.assign_by_rule"): "302 403 403 403 403 422 403 403",
    ("POST", "assignment.stop_assignment"): "302 403 403 403 403 404 403 403",
    ("POST", "assignment.apply_assignment"): "302 403 403 403 403 404 403 403",
    ("GET", "screening.eligibility"): "302 403 200 403 403 200 200 404",
    ("POST", "screening.find"): "302 403 409 403 403 409 403 404",
    ("GET", "screening.decision"): "302 403 403 403 403 200 200 404",
    ("POST", "screening.prepare"): "302 403 403 403 403 422 403 404",
    ("POST", "screening.drop"): "302 403 403 403 403 302 403 404",
    ("POST", "screening.take_back"): "302 403 403 403 403 422 403 404",
    ("POST", "screening.assign"): "302 403 403 403 403 404 403 404",
    ("POST", "screening.unassign"): "302 403 403 403 403 404 403 404",
    ("GET", "announcement.index"): "302 403 403 403 403 200 403 403",
    ("POST", "announcement.announce"): "302 403 403 403 403 409 403 403",
    ("GET", "tabulation.index"): "302 403 403 403 403 200 200 403",
    ("POST", "tabulation.preview"): "302 403 403 403 403 200 403 403",
    ("POST", "tabulation.prepare_many"): "302 403 403 403 403 404 403 403",
    ("POST", "tabulation.promote"): "302 403 403 403 403 409 403 404",
    ("GET", "pledge.index"): "302 403 200 200 200 200 403 403",
    ("POST", "pledge.sign"): "302 403 302 302 302 302 403 403",
    ("GET", "conflicts.index"): "302 403 200 403 200 200 200 403",
    ("POST", "conflicts.agree"): "302 403 403 403 404 404 403 403",
    ("POST", "conflicts.decline"): "302 403 403 403 404 404 403 403",
    ("POST", "conflicts.restore"): "302 403 403 403 403 404 403 403",
    ("POST", "conflicts.confirm_conflict"): "302 403 403 403 403 404 403 403",
    ("GET", "discussion.index"): "302 403 403 403 403 200 403 404",
    ("POST", "discussion.remark"): "302 403 403 403 403 422 403 404",
    ("GET", "announcement.letter"): "302 403 403 403 403 404 403 404",
    ("POST", "announcement.word_letter"): "302 403 403 403 403 404 403 404",
    ("POST", "conflicts.dismiss"): "302 403 403 403 403 404 403 403",
    # schedule
    ("GET", "schedule.slots"): "302 200 200 200 200 200 200 403",
    ("POST", "schedule.make_slots"): "302 403 403 403 403 302 403 403",
    ("POST", "schedule.book"): "302 422 403 403 403 422 403 403",
    ("POST", "schedule.give_up"): "302 302 403 403 403 302 403 404",
    ("GET", "arrangement.index"): "302 403 403 403 403 200 403 403",
    ("POST", "arrangement.move"): "302 403 403 403 403 404 403 403",
    ("POST", "arrangement.undo"): "302 403 403 403 403 409 403 403",
    ("POST", "arrangement.set_length"): "302 403 403 403 403 404 403 403",
    ("GET", "plan.index"): "302 403 403 403 403 200 403 403",
    ("POST", "plan.compute_plan"): "302 403 403 403 403 400 403 403",
    ("POST", "plan.change_order"): "302 403 403 403 403 302 403 403",
    ("POST", "plan.use_usual_breaks"): "302 403 403 403 403 302 403 403",
    ("POST", "plan.stop_plan"): "302 403 403 403 403 404 403 403",
    ("POST", "plan.apply_plan"): "302 403 403 403 403 404 403 403",
    ("GET", "rotation.index"): "302 403 403 403 403 200 403 403",
    ("POST", "rotation.rotate"): "302 403 403 403 403 422 403 403",
    ("GET", "panels.index"): "302 403 403 403 403 200 403 403",
    ("POST", "panels.add_panel"): "302 403 403 403 403 422 403 403",
    ("GET", "panels.panel"): "302 404 404 404 404 404 404 404",
    ("POST", "panels.change_panel"): "302 404 404 404 404 404 404 404",
    ("POST", "panels.remove_panel"): "302 404 404 404 404 404 404 404",
    ("GET", "absences.index"): "302 200 403 200 200 200 403 403",
    ("POST", "absences.add_absence"): "302 422 403 422 422 422 403 403",
    ("POST", "absences.import_absences"): "302 422 403 422 422 422 403 403",
    ("POST", "absences.forget_absence"): "302 404 404 404 404 404 404 404",
    ("GET", "arrangement.warnings"): "302 403 403 403 403 200 200 403",
    ("GET", "versions.index"): "302 403 200 403 403 200 200 403",
    ("POST", "versions.publish"): "302 403 403 403 403 409 403 403",
    ("GET", "versions.version"): "302 403 200 403 403 200 200 403",
    ("POST", "versions.restore"): "302 403 403 403 403 302 403 403",
    ("POST", "picking.hold"): "302 422 403 403 403 422 403 403",
    ("POST", "picking.let_go"): "302 422 403 403 403 422 403 403",
    ("POST", "picking.wait"): "302 422 403 403 403 422 403 403",
    ("POST", "picking.leave"): "302 422 403 403 403 422 403 403",
    ("POST", "picking.ask_swap"): "302 422 403 403 403 422 403 403",
    ("POST", "picking.accept_swap"): "302 404 404 404 404 404 404 404",
    ("POST", "picking.decline_swap"): "302 404 404 404 404 404 404 404",
    ("POST", "picking.take_back_swap"): "302 404 404 404 404 404 404 404",
    ("GET", "picking.turn_list"): "302 200 200 200 200 200 200 403",
    ("POST", "picking.seal"): "302 403 403 403 403 302 403 403",
    ("POST", "picking.draw"): "302 403 403 403 403 302 403 403",
    ("GET", "picking.own_wishes"): "302 200 403 403 403 403 403 404",
    ("POST", "picking.wish"): "302 409 403 403 403 403 403 404",
    ("GET", "day.index"): "302 403 403 403 403 200 403 403",
    ("POST", "day.delay"): "302 403 403 403 403 422 403 403",
    ("GET", "day.arrival"): "302 403 403 403 403 200 403 404",
    ("POST", "day.arrive"): "302 403 403 403 403 302 403 404",
    ("POST", "day.take_back_arrival"): "302 403 403 403 403 302 403 404",
    ("POST", "day.miss"): "302 403 403 403 403 409 403 404",
    ("POST", "day.begin"): "302 403 403 403 403 422 403 404",
    ("POST", "day.take_back_beginning"): "302 403 403 403 403 409 403 404",
    ("POST", "day.call"): "302 403 403 403 403 404 403 404",
    ("GET", "day.confirmation"): "302 200 403 403 403 200 403 404",
    ("GET", "day.run_sheet"): "302 403 403 403 403 200 403 403",
    # scoring
    ("GET", "sheets.index"): "302 403 200 200 200 403 403 403",
    ("GET", "sheets.sheet"): "302 404 404 404 404 404 404 404",
    ("POST", "sheets.save"): "302 404 404 404 404 404 404 404",
    ("POST", "sheets.lock"): "302 404 404 404 404 404 404 404",
    ("GET", "conflicts.conflict"): "302 403 200 200 200 403 403 404",
    ("POST", "conflicts.declare"): "302 403 422 422 422 403 403 404",
    ("GET", "scoring.progress"): "302 403 403 200 200 200 200 403",
    ("POST", "scoring.open_scoring"): "302 403 403 403 403 409 403 403",
    ("POST", "scoring.follow_schedule"): "302 403 403 403 403 409 403 403",
    ("GET", "sheets.reopening"): "302 403 403 403 200 403 403 404",
    ("POST", "sheets.reopen"): "302 403 403 403 404 403 403 404",
    ("POST", "sheets.excuse"): "302 403 403 403 404 403 403 404",
    ("POST", "sheets.agree"): "302 403 403 403 403 404 403 404",
    ("POST", "sheets.decline"): "302 403 403 403 404 404 403 404",
    ("GET", "scoring.ranking"): "302 403 403 200 200 200 403 403",
    ("GET", "certainty.index"): "302 403 403 200 200 200 403 403",
    ("POST", "certainty.ask"): "302 403 403 403 409 409 403 403",
    ("GET", "desk_certainty.index"): "302 403 403 403 403 200 200 403",
    ("POST", "desk_certainty.ask"): "302 403 403 403 403 302 403 403",
    ("POST", "desk_certainty.stop"): "302 403 403 403 403 302 403 403",
    ("POST", "certainty.stop"): "302 403 403 403 302 302 403 403",
    ("GET", "method.index"): "302 403 403 200 200 200 403 403",
    ("GET", "second_look.index"): "302 403 403 200 200 200 403 403",
    ("POST", "second_look.ask"): "302 403 403 403 403 422 403 403",
    ("POST", "second_look.release"): "302 403 403 403 403 404 403 403",
    ("POST", "second_look.end"): "302 403 403 403 403 409 403 403",
    ("POST", "second_look.measure"): "302 403 403 403 403 409 403 403",
    # awards
    ("GET", "awards.plenary"): "302 403 403 403 200 200 200 403",
    ("GET", "awards.what_if"): "302 403 403 403 200 200 403 403",
    ("POST", "awards.what_if_sheet"): "302 403 403 403 200 200 403 403",
    ("GET", "awards.preview"): "302 403 403 403 404 404 403 403",
    ("POST", "awards.places"): "302 403 403 403 403 200 403 403",
    ("POST", "awards.prepare"): "302 403 403 403 403 409 403 403",
    ("POST", "awards.confirm"): "302 403 403 403 404 404 403 403",
    ("POST", "awards.unconfirm"): "302 403 403 403 404 404 403 403",
    ("GET", "sheet_receipts.index"): "302 403 200 200 200 403 403 403",
    ("GET", "objections.index"): "302 403 403 403 200 200 200 403",
    ("POST", "objections.assign"): "302 403 403 403 403 404 403 403",
    ("POST", "objections.answer"): "302 403 403 403 404 404 403 403",
    ("GET", "objections.own"): "302 200 403 403 403 403 403 404",
    ("POST", "objections.file"): "302 422 403 403 403 403 403 404",
    ("GET", "decree.index"): "302 403 403 403 200 200 200 403",
    ("POST", "decree.record"): "302 403 403 403 403 422 403 403",
    ("GET", "decree.scan"): "404 404 404 404 404 404 404 404",
    ("POST", "decree.ask"): "302 403 403 403 422 422 403 403",
    ("POST", "decree.agree"): "302 403 403 403 409 409 403 403",
    ("POST", "decree.keep"): "302 403 403 403 409 409 403 403",
    # papers
    ("GET", "papers.index"): "302 403 403 403 200 200 200 403",
    ("GET", "papers.of_kind"): "302 403 403 403 200 200 200 403",
    ("POST", "papers.make"): "302 403 403 403 403 422 403 403",
    ("GET", "papers.preview"): "302 403 403 403 403 200 403 403",
    ("POST", "papers.resume"): "302 403 403 403 403 302 403 403",
    ("POST", "papers.stop"): "302 403 403 403 403 302 403 403",
    ("GET", "papers.show"): "302 404 404 404 404 404 404 404",
    ("GET", "papers.file"): "302 404 404 404 404 404 404 404",
    ("POST", "papers.attach"): "302 404 404 404 404 404 404 404",
    ("GET", "papers.archive"): "302 403 403 403 200 200 200 403",
    ("GET", "papers.own"): "302 200 403 403 403 403 403 404",
    ("GET", "papers.own_file"): "302 404 404 404 404 404 404 404",
    ("GET", "stationery.index"): "302 403 403 403 403 200 403 403",
    ("POST", "stationery.change"): "302 403 403 403 403 422 403 403",
    ("GET", "stationery.emblem"): "302 403 403 403 403 404 403 403",
    ("POST", "stationery.remove_emblem"): "302 403 403 403 403 302 403 403",
    ("GET", "stationery.new_signatory"): "302 403 403 403 403 200 403 403",
    ("POST", "stationery.add_signatory"): "302 403 403 403 403 422 403 403",
    ("GET", "stationery.signatory"): "302 404 404 404 404 404 404 404",
    ("POST", "stationery.change_signatory"): "302 404 404 404 404 404 404 404",
    ("POST", "stationery.remove_signatory"): "302 404 404 404 404 404 404 404",
    ("GET", "stationery.rule"): "302 403 403 403 403 200 403 403",
    ("POST", "stationery.change_rule"): "302 403 403 403 403 302 403 403",
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
    ("GET", "replies.invitation"): "404 404 404 404 404 404 404 404",
    ("POST", "replies.answer_invitation"): "404 404 404 404 404 404 404 404",
    ("GET", "answers.index"): "302 403 403 403 403 200 403 403",
    ("GET", "answers.mail"): "302 403 403 403 403 200 403 403",
    ("POST", "answers.note_done"): "302 404 404 404 404 404 404 404",
    # a person's data
    ("GET", "erasure.index"): "302 403 403 403 403 403 403 200",
    ("POST", "erasure.erase"): "302 403 403 403 403 403 403 422",
    # gallery
    ("GET", "gallery.home"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.edition"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.schedule"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.wall"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.innovations"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.innovation"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.picture"): "404 404 404 404 404 404 404 404",
    ("GET", "gallery.small_picture"): "404 404 404 404 404 404 404 404",
    ("GET", "statements.privacy"): "200 200 200 200 200 200 200 200",
    ("GET", "statements.accessibility"): "200 200 200 200 200 200 200 200",
    ("GET", "statements.edition_privacy"): "200 200 200 200 200 200 200 200",
    ("GET", "statements.edition_accessibility"): "200 200 200 200 200 200 200 200",
    ("GET", "catalogue.index"): "200 200 200 200 200 200 200 200",
    ("GET", "catalogue.plain"): "200 200 200 200 200 200 200 200",
    ("GET", "catalogue.feed"): "200 200 200 200 200 200 200 200",
    ("GET", "formats.frab_xml"): "200 200 200 200 200 200 200 200",
    ("GET", "formats.frab_json"): "200 200 200 200 200 200 200 200",
    ("GET", "formats.plain_json"): "200 200 200 200 200 200 200 200",
    ("GET", "formats.table"): "200 200 200 200 200 200 200 200",
    ("GET", "formats.versions"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.results"): "200 200 200 200 200 200 200 200",
    ("GET", "gallery.agencies"): "200 200 200 200 200 200 200 200",
    ("GET", "recount.index"): "200 200 200 200 200 200 200 200",
    ("GET", "recount.file"): "404 404 404 404 404 404 404 404",
    ("GET", "recount.verification"): "200 200 200 200 200 200 200 200",
    ("POST", "recount.verify"): "422 422 422 422 422 422 422 422",
    # dashboard
    ("GET", "dashboard.my_work"): "302 200 200 200 200 200 200 200",
    ("GET", "exports.index"): "302 403 403 403 403 200 403 403",
    ("POST", "exports.write_export"): "302 403 403 403 403 302 403 403",
    ("GET", "exports.export"): "302 403 403 403 403 200 403 403",
    ("GET", "imports.index"): "302 403 403 403 403 200 403 403",
    ("POST", "imports.send_in"): "302 403 403 403 403 422 403 403",
    ("POST", "imports.apply_import"): "302 403 403 403 403 409 403 403",
    ("POST", "imports.drop_import"): "302 403 403 403 403 302 403 403",
    ("GET", "imports.import_columns"): "302 403 403 403 403 200 403 403",
    ("GET", "cockpit.index"): "302 403 403 403 200 200 200 403",
    ("POST", "cockpit.remind_all"): "302 403 403 403 302 302 403 403",
    ("POST", "cockpit.remind_one"): "302 403 403 403 302 302 403 403",
    ("GET", "letters.index"): "302 403 403 403 403 200 403 403",
    ("GET", "letters.letter"): "302 403 403 403 403 200 403 403",
    ("POST", "letters.test_mail"): "302 403 403 403 403 302 403 403",
    ("POST", "letters.send_again"): "302 403 403 403 403 302 403 403",
    ("POST", "letters.test_mail_of_site"): "302 403 403 403 403 403 403 302",
    ("GET", "letters.letter_of_site"): "302 403 403 403 403 403 403 404",
    ("GET", "dashboard.trail"): "302 403 403 403 403 200 200 403",
    ("POST", "dashboard.verify_trail"): "302 403 403 403 403 200 200 403",
    ("GET", "dashboard.trail_file"): "302 403 403 403 403 200 200 403",
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
    "extra": 1,
    "place": 1,
    "matter": "desk",
    "role": "judge",
    "folder": "id",
    "name": "sheet.jpg",
    "kind": "presentation",
    "scope": "public",
    "objection": 1,
    "replication": 1,
    "paper": 1,
    "paper_kind": "name_card",
    "copy": "original",
    "signatory": 1,
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
    "unread_reply": 1,
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


def people(app: Flask) -> dict[str, int]:
    """The author of the proposal, and a screener's membership."""
    role = sa.select(Membership.id).where(Membership.role == Role.SCREENER)
    with app.app_context(), transaction(writing=False):
        return {"person": the_person(author_of(1)).id, "membership": db.session.scalar(role)}


@pytest.mark.parametrize("role", ROLES)
def test_every_endpoint_answers_each_role_as_the_table_says(make_app, browse, role):
    app = make_app("picking")
    place = list(ROLES).index(role)
    known = VALUES | people(app)
    wrong = {}
    browser = browse(app, ROLES[role])
    for (method, endpoint), statuses in sorted(TABLE.items(), key=lambda row: row[0][0]):
        with app.test_request_context(base_url="http://127.0.0.1:8000"):
            rule = next(r for r in app.url_map.iter_rules(endpoint) if method in r.methods)
            values = {name: known[name] for name in rule.arguments}
            path = re.sub(r"^http://[^/]+", "", app.url_for(endpoint, _external=False, **values))
        answer = browser.get(path) if method == "GET" else browser.post(path)
        if str(answer.status_code) != statuses.split()[place]:
            wrong[method, endpoint] = (statuses.split()[place], answer.status_code)
        if endpoint in {"accounts.close_session", "accounts.end_sessions"}:
            browser = browse(app, ROLES[role])
    assert wrong == {}


def test_a_strangers_form_that_was_open_too_long_asks_for_no_sign_in():
    theirs = {
        endpoint
        for (method, endpoint), statuses in TABLE.items()
        if method == "POST" and not statuses.startswith("302")
    }
    assert theirs <= STRANGERS
    assert STRANGERS - theirs == {"accounts.language"}


def test_a_view_without_a_rule_is_refused():
    app = Flask("unguarded")
    app.add_url_rule("/open", "open", lambda: "open")

    with pytest.raises(TypeError, match="open has no @requires"):
        refuse_unguarded(app)


def test_forbidden_equals_missing_body_for_body(make_app, browse):
    app = make_app("draft")
    stranger_to_it = browse(app, author_of(1))

    others = stranger_to_it.get(f"{E}/proposals/2")
    missing = stranger_to_it.get(f"{E}/proposals/99")

    def body(answer):
        return re.sub(r'value="[^"]+"|X-CSRFToken[^}]+|proposals/\d+', "", answer.text)

    assert (others.status_code, missing.status_code) == (404, 404)
    assert body(others) == body(missing)
