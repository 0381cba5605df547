"""What the stages give the application: their pages, what an address means, what they foresee.

Nothing registers itself when imported: what is not named here does not exist.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask

from app.accounts import identity
from app.accounts import routes as accounts
from app.accounts.models import Person
from app.awards import receipt_pages as sheet_receipts
from app.awards import routes as awards
from app.awards.publication import decree_pages as decree
from app.awards.publication import objection_pages as objections
from app.calendars import answer_pages as answers
from app.calendars import reply_pages as replies
from app.calendars import routes as calendars
from app.calendars.access import unread_reply_of
from app.dashboard import erasure_pages as erasure
from app.dashboard import export_pages as exports
from app.dashboard import guide_pages as guide
from app.dashboard import import_pages as imports
from app.dashboard import letter_pages as letters
from app.dashboard import routes as dashboard
from app.dashboard.cockpit import cockpit_pages as cockpit
from app.dashboard.navigation import frame
from app.editions import access as edition_access
from app.editions import agency_pages as agency_lists
from app.editions import consequences, ties
from app.editions import filters as edition_filters
from app.editions import kind_pages as kinds
from app.editions import organiser_pages as organisers
from app.editions import people_pages as people
from app.editions import routes as editions
from app.editions.branding import branding_pages as branding
from app.editions.branding import filters as branding_filters
from app.editions.invited import record_identity
from app.editions.kinds import Stage
from app.editions.models import Edition
from app.evaluation import access as evaluation_access
from app.evaluation import conflict_pages as conflicts
from app.evaluation import filters as evaluation_filters
from app.evaluation import pledge_pages as pledge
from app.evaluation import quorum
from app.evaluation import sheet_pages as sheets
from app.evaluation.recusing import recuse_conflicted
from app.gallery import recount_pages as recount
from app.gallery import routes as gallery
from app.gallery import statement_pages as statements
from app.gallery.catalogue import catalogue_pages as catalogue
from app.gallery.follow_up import follow_up_pages as follow_up
from app.gallery.formats import format_pages as formats
from app.gallery.replication import replication_pages as replication
from app.papers import access as paper_access
from app.papers import paper_pages as papers
from app.papers import stationery_pages as stationery
from app.programme import filters as programme_filters
from app.programme.access import version_of
from app.programme.queries import appearance_of
from app.proposals import access as proposal_access
from app.proposals import consequences as proposal_consequences
from app.proposals import document_pages as documents
from app.proposals import draft_pages as drafts
from app.proposals import entry_pages as entries
from app.proposals import receipt_pages as receipts
from app.proposals import routes as proposals
from app.proposals import withdrawals
from app.proposals.entries import check_not_alone
from app.proposals.showcase import showcase_pages as showcase
from app.schedule import routes as schedule
from app.schedule.arranging import arrangement_pages as arrangement
from app.schedule.arranging import arrangements
from app.schedule.arranging import plan_pages as plan
from app.schedule.arranging import version_pages as versions
from app.schedule.benches import absence_pages as absences
from app.schedule.benches import access as bench_access
from app.schedule.benches import panel_pages as panels
from app.schedule.benches import rotation_pages as rotation
from app.schedule.day import routes as day
from app.schedule.draft import consequences as slot_consequences
from app.schedule.draft.access import slot_of
from app.schedule.picking import routes as picking
from app.schedule.picking.access import swap_of
from app.schedule.picking.claims import give_up_claims
from app.scoring import method_pages as method
from app.scoring import routes as scoring
from app.scoring.certainty import certainty_pages as certainty
from app.scoring.certainty import desk_pages as desk_certainty
from app.scoring.second_look import second_look_pages as second_look
from app.scoring.turnouts import turnouts_of
from app.screening import announcement_pages as announcement
from app.screening import assignment_pages as assignment
from app.screening import claims
from app.screening import discussion_pages as discussion
from app.screening import filters as screening_filters
from app.screening import routes as screening
from app.screening import tabulation_pages as tabulation
from app.web import access, pages

PAGES = (
    *(accounts, editions, branding, agency_lists, organisers, people, kinds),
    *(proposals, drafts, entries, documents, receipts, showcase),
    *(sheets, conflicts, pledge),
    *(screening, assignment, tabulation, discussion, announcement),
    *(schedule, picking, panels, rotation, absences, arrangement, plan, versions, day),
    *(scoring, method, certainty, desk_certainty, second_look),
    *(awards, sheet_receipts, objections, decree, papers, stationery),
    *(calendars, replies, answers),
    *(
        gallery,
        catalogue,
        formats,
        recount,
        statements,
        replication,
        follow_up,
        dashboard,
        cockpit,
        guide,
        letters,
        imports,
        exports,
        erasure,
    ),
)
FILTERS = (
    edition_filters,
    branding_filters,
    evaluation_filters,
    screening_filters,
    programme_filters,
)

RECORDS: dict[str, Callable[..., Any]] = {
    "edition": edition_access.edition_of,
    "organisation": edition_access.organisation_of,
    "agency": edition_access.agency_of,
    "membership": edition_access.membership_of,
    "proposal": proposal_access.proposal_of,
    "requirement": proposal_access.requirement_of,
    "attachment": proposal_access.attachment_of,
    "person": proposal_access.author_named,
    "kind": evaluation_access.kind_of,
    "sheet": evaluation_access.sheet_of,
    "slot": slot_of,
    "swap": swap_of,
    "panel": bench_access.panel_of,
    "absence": bench_access.absence_of,
    "version": version_of,
    "paper": paper_access.paper_of,
    "paper_kind": paper_access.paper_kind_of,
    "copy": paper_access.copy_of,
    "signatory": paper_access.signatory_of,
    "unread_reply": unread_reply_of,
}
"""How to load a value in an address, by its name there; None if the user may not see it."""

FORESIGHT = {
    "sections": proposal_consequences.of_sections,
    "documents": proposal_consequences.of_documents,
    "rooms": slot_consequences.of_rooms,
}
"""What a change to an edition's list does to existing data, by the name of the list."""


def assemble(app: Flask) -> None:
    """Put the stages together."""
    pages.init_app(app, frame=frame)
    addresses = access.Addresses(RECORDS, edition_access.user_in, edition_access.zone_of)
    access.init_app(app, addresses)
    say_who_does_what()
    for filters in FILTERS:
        filters.init_app(app)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    access.refuse_unguarded(app)


def say_who_does_what() -> None:
    """Name who does what an earlier stage leaves to later ones."""
    identity.identity_changed.done_by(record_identity)
    consequences.consequences.done_by(foresee)
    consequences.carry_out.done_by(carry_out)
    consequences.closing_moved.done_by(follow_closing)
    ties.role_ends.done_by(check_not_alone)
    ties.ties_changed.done_by(recuse_conflicted)
    proposal_access.barred_from.done_by(evaluation_access.barred_from)
    withdrawals.appearance_of.done_by(appearance_of)
    quorum.turnouts_in.done_by(turnouts_of)
    claims.release_claims.done_by(give_up_claims)


def foresee(edition: Edition, part: str, rows: consequences.Rows) -> list[consequences.Consequence]:
    """Return what a change to one of the edition's lists does to existing data."""
    return FORESIGHT[part](edition, rows) if part in FORESIGHT else []


def carry_out(
    edition: Edition, part: str, rows: consequences.Rows, *, by: Person, now: datetime
) -> None:
    """Do it, before the list is changed."""
    if part == "rooms":
        arrangements.remove_slots_of_rooms(edition, rows, by, now)


def follow_closing(edition: Edition, stage: Stage, *, before: datetime, now: datetime) -> None:
    """Do what follows from moving the closing of a stage."""
    if stage is Stage.SUBMISSION:
        proposal_consequences.of_closing(edition, before, now)
