"""The story of the demo: the case is brought to a moment by the ordinary actions.

Scores and texts are sample data and say so; what the press reported is in the case's file.
"""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.accounts.actions import person_named
from app.accounts.models import Person
from app.accounts.secrets import hash_password
from app.awards.actions import Confirmation, confirm_result, prepare_result
from app.awards.bodies import members_of
from app.awards.cascade import Decisions
from app.awards.models import Body, Disclosure
from app.awards.proceedings import Proceedings
from app.awards.routes import LETTER_LINKS
from app.awards.shown import digest_of
from app.config import Config
from app.database import db
from app.demo.moments import CASE, DOMAIN, MADE, MOMENTS, PASSWORD, PDF, PUBLISHED, WINDOWS
from app.demo.scores import sample_score
from app.editions.actions import (
    add_agency,
    change_settings,
    make_edition,
    make_organisation,
    make_public,
    set_window,
)
from app.editions.kinds import FileKind, Role, SectionKind, SheetKind, Stage
from app.editions.models import Edition
from app.editions.parts import Section
from app.editions.queries import agencies_in
from app.editions.roles import grant_role, name_delegate, sign_pledge
from app.editions.rules import rules_of_template
from app.editions.units import Agency
from app.evaluation.models import Sheet
from app.evaluation.sheets import Marks, lock_sheet, write_sheet
from app.proposals.actions import Draft, attach_file, save_draft, start_proposal, submit_proposal
from app.proposals.files import store_file
from app.proposals.models import Proposal
from app.proposals.showcase.actions import Agreed, agree
from app.schedule.arranging.arrangements import make_slots
from app.schedule.arranging.publishing import publish_draft
from app.schedule.draft.queries import slot_lines
from app.schedule.picking.picks import pick_slot
from app.scoring.actions import open_scoring
from app.screening.actions import record_findings
from app.screening.assignments import assign_now
from app.screening.decisions import Verdict, announce_decisions, prepare_decisions
from app.screening.models import Finding, Outcome
from app.web.links import link_to

SCREENERS = 3
COMMENT = "(Data contoh) Pemaparan jelas dan didukung data."
SHOWN = Agreed(
    shows_summary=True,
    shows_description=True,
    shows_video=False,  # no video exists
    shows_themes=True,
    takes_requests=True,
)
DELEGATE = 2  # the innovator who endorses the entries of their agency, which has two


@dataclass
class Cast:
    """Who acts in the demo."""

    organiser: Person
    screeners: list[Person] = field(default_factory=list)
    judges: list[Person] = field(default_factory=list)
    innovators: list[Person] = field(default_factory=list)


def play(moment: str) -> Edition:
    """Bring the case to `moment` by the ordinary actions, each at its own time."""
    case = tomllib.loads(CASE.read_text("utf-8"))
    edition, cast = _make(case)
    _write_proposals(edition, cast, case, is_rushed=moment != "draft")
    acts: dict[str, Callable[[], None]] = {
        "screening": lambda: _screen(edition, cast, share=1 if moment != "screening" else 0.5),
        "picking": lambda: _announce_and_pick(
            edition, cast, count=20 if moment == "picking" else 27
        ),
        "scoring": lambda: _score(edition, cast, count=2 if moment == "scoring" else 27),
        "published": lambda: _publish(edition, cast, case),
    }
    for name, act in acts.items():
        if MOMENTS[name] <= MOMENTS[moment]:
            act()
    return edition


def _make(case: dict[str, Any]) -> tuple[Edition, Cast]:
    data, password_hash = case["edition"], hash_password(PASSWORD)
    organisation = make_organisation(data["organisation"])
    agencies: dict[str, Agency] = {}
    for unit in case["agencies"]:
        parent = agencies.get(unit.get("parent", ""))
        agencies[unit["code"]] = add_agency(
            organisation, code=unit["code"], name=unit["name"], kind=unit["kind"], parent=parent
        )
    admin = _person("admin", "Administrator", password_hash)
    admin.is_site_admin = True
    organiser = _person("sekretariat", "Sekretariat (Bagian Organisasi)", password_hash)
    days: list[date] = data["presentation_days"]
    edition = make_edition(
        organisation,
        slug=data["slug"],
        name=data["name"],
        name_en=data["name_en"],
        rules=rules_of_template(data["template"]),
        dates=days,
        organiser=organiser,
        by=admin,
        now=MADE,
    )
    edition.host_id = next(agency.id for agency in agencies.values() if agency.name == data["host"])
    _set_up(edition, data, by=organiser)
    cast = Cast(organiser)
    _give_roles(edition, cast, case, agencies, password_hash)
    return edition, cast


def _set_up(edition: Edition, data: dict[str, Any], *, by: Person) -> None:
    names = ("venue", "contact", "story", "story_en", "timezone", "award_ceremony", "finalists")
    settings = {name: data[name] for name in names}
    settings["legal_basis"] = "\n".join(data["legal_basis"])
    db.session.flush()
    change_settings(edition, settings, version=edition.version, by=by, now=MADE)
    for stage, (opens_at, closes_at) in WINDOWS.items():
        set_window(
            edition, stage, opens_at=opens_at, closes_at=closes_at, reason="", by=by, now=MADE
        )
    make_public(edition, by=by, now=MADE)


def _give_roles(
    edition: Edition,
    cast: Cast,
    case: dict[str, Any],
    agencies: dict[str, Agency],
    password_hash: str,
) -> None:
    by = cast.organiser
    for number in range(1, SCREENERS + 1):
        person = _person(f"verifikator-{number}", f"Verifikator {number}", password_hash)
        grant_role(edition, person, Role.SCREENER, by=by, now=MADE)
        cast.screeners.append(person)
    for number, judge in enumerate(case["judges"], 1):
        person = _person(f"juri-{number}", judge["title"], password_hash)
        grant_role(
            edition,
            person,
            Role.JUDGE,
            agency=agencies[judge["agency"]],
            title=judge["title"],
            is_chair=judge.get("chair", False),
            by=by,
            now=MADE,
        )
        cast.judges.append(person)
    for number, innovation in enumerate(case["innovations"], 1):
        person = _person(f"inovator-{number:02d}", f"Inovator {innovation['title']}", password_hash)
        agency = agencies[innovation["agency"]]
        role = grant_role(edition, person, Role.INNOVATOR, agency=agency, by=by, now=MADE)
        if number == DELEGATE:
            name_delegate(role, by=by, now=MADE)
        cast.innovators.append(person)
    observer = _person("pengamat", "Pengamat (Inspektorat Daerah)", password_hash)
    grant_role(edition, observer, Role.OBSERVER, agency=agencies["inspektorat"], by=by, now=MADE)


def _person(name: str, title: str, password_hash: str) -> Person:
    person = person_named(f"{name}@{DOMAIN}", title, now=MADE)
    person.password_hash = password_hash
    return person


def _write_proposals(
    edition: Edition, cast: Cast, case: dict[str, Any], *, is_rushed: bool
) -> None:
    """Let every innovator write; two thirds submit early, the others only in the deadline rush."""
    begun = WINDOWS[Stage.SUBMISSION][0]
    agencies = {agency.code: agency for agency in agencies_in(edition)}
    for place, (person, entry) in enumerate(zip(cast.innovators, case["innovations"], strict=True)):
        now = begun + timedelta(hours=6 * place)
        proposal = start_proposal(edition, agencies[entry["agency"]], by=person, now=begun)
        is_early = place % 3 != 2  # noqa: PLR2004 -- every third waits
        draft = _draft(edition, entry, place, is_complete=is_early or is_rushed)
        save_draft(proposal, draft, version=proposal.version, now=begun)
        db.session.refresh(proposal)
        if is_early or is_rushed:
            rush = WINDOWS[Stage.SUBMISSION][1] - timedelta(minutes=90 - place)
            _submit(proposal, person, now=min(now, MOMENTS["draft"]) if is_early else rush)


def _submit(proposal: Proposal, person: Person, *, now: datetime) -> None:
    config: Config = current_app.config["AJANG"]
    for requirement in proposal.edition.documents:
        if requirement.is_required:
            name = f"{requirement.name} (contoh).pdf"
            file = store_file(
                PDF, name, accepts=FileKind.PDF, megabytes=2, folder=config.attachments
            )
            attach_file(proposal, requirement, file, by=person, now=now)
    submit_proposal(proposal, by=person, now=now, link=_url(proposal))
    agree(proposal, SHOWN, by=person, now=now)


def _draft(edition: Edition, entry: dict[str, str], place: int, *, is_complete: bool) -> Draft:
    title = entry["title"]
    sections = [section for section in edition.sections if not section.only_if]
    begun = sections if is_complete else sections[:5]
    texts = {section.id: _sample(section, title, place) for section in begun}
    categories = {category.name: category.id for category in edition.categories}
    return Draft(
        title=title,
        category_id=categories[entry["category"]],
        started_on=date(2017, 1 + place % 12, 1 + place % 28),
        video_url=f"https://video.{DOMAIN}/{place + 1}" if is_complete else "",
        texts=texts,
    )


def _sample(section: Section, title: str, place: int) -> str:
    if section.kind is SectionKind.ONE:
        return section.offered[0].name
    if section.kind is SectionKind.SEVERAL:
        return section.offered[place % len(section.offered)].name
    return f"(Data contoh) {section.name} dari inovasi “{title}”. {section.guidance}"


def _screen(edition: Edition, cast: Cast, *, share: float) -> None:
    """Check eligibility and write desk sheets, for a share of the proposals."""
    now = WINDOWS[Stage.SCREENING][0] + timedelta(days=1)
    for person in (cast.organiser, *cast.screeners, *cast.judges):
        sign_pledge(edition, by=person, now=now)
    assign_now(edition, by=cast.organiser, now=now)
    proposals = _proposals(edition)
    for proposal in proposals[: int(len(proposals) * share)]:
        found = {item.id: (Finding.MEETS, "") for item in edition.eligibility_items}
        record_findings(proposal, found, by=cast.screeners[0], now=now)
    read = proposals[: int(len(proposals) * share)]
    _fill_sheets(edition, SheetKind.DESK, read, cast.screeners, now=now)


def _announce_and_pick(edition: Edition, cast: Cast, *, count: int) -> None:
    """Announce all as finalists; let the first `count` innovators pick, spread over both days."""
    now = WINDOWS[Stage.SCREENING][1] - timedelta(hours=3)
    finalists = Verdict(Outcome.FINALIST)
    prepare_decisions(_proposals(edition), finalists, edition, by=cast.organiser, now=now)
    announce_decisions(edition, link_to=_url, by=cast.organiser, now=now + timedelta(hours=1))
    make_slots(edition, by=cast.organiser, now=now + timedelta(hours=2))
    places = slot_lines(edition)
    half = len(places) // 2
    in_turn = [place for pair in zip(places[:half], places[half:], strict=True) for place in pair]
    picking = WINDOWS[Stage.PICKING][0]
    moment = picking
    for turn, proposal in enumerate(islice(_proposals(edition), count)):
        moment = picking + timedelta(minutes=20 * turn)
        pick_slot(proposal, in_turn[turn].slot, by=proposal.authors[0], now=moment)
    publish_draft(
        edition, note="", expected=1, by=cast.organiser, now=moment + timedelta(minutes=20)
    )


def _score(edition: Edition, cast: Cast, *, count: int) -> None:
    """Open scoring; the first `count` presentations of the running order are scored."""
    opened = WINDOWS[Stage.SCORING][0]
    open_scoring(edition, by=cast.organiser, now=opened)
    presented = [
        (place.proposal, place.slot.ends_at) for place in slot_lines(edition) if place.proposal
    ]
    for proposal, ended in presented[:count]:
        _fill_sheets(edition, SheetKind.PRESENTATION, [proposal], cast.judges, now=ended)


def _publish(edition: Edition, cast: Cast, case: dict[str, Any]) -> None:
    """Prepare the result with the participatory awards of the case; the chair confirms it."""
    evening = MOMENTS["plenary"]
    by_title = {proposal.title: proposal for proposal in _proposals(edition)}
    category = next(category for category in edition.award_categories if not category.is_ranked)
    chosen = {
        by_title[
            innovation["title"]
        ].id: "(Data contoh) Dipilih bersama oleh panitia seleksi dan tim penilai."
        for innovation in case["innovations"]
        if innovation.get("award") == "partisipatif"
    }
    proceedings = Proceedings(
        Decisions({category.id: chosen}),
        present=frozenset((own.body, own.person_id) for own in members_of(edition)),
        agreements={(category.id, body): "" for body in Body},
    )
    seen = digest_of(edition)
    result = prepare_result(edition, proceedings, seen=seen, by=cast.organiser, now=evening)
    confirm_result(
        result,
        edition,
        # with single sheets, a recusal would name a judge
        Confirmation(digest_of(edition), Disclosure.MEANS, PUBLISHED),
        links=LETTER_LINKS,
        by=cast.judges[3],
        now=evening + timedelta(hours=1),
    )


def _fill_sheets(
    edition: Edition,
    kind: SheetKind,
    proposals: Iterable[Proposal],
    evaluators: Sequence[Person],
    *,
    now: datetime,
) -> None:
    """Write and lock the sheets of these evaluators, each of whom scores in their own way."""
    criteria = edition.criteria_of(kind)
    places = {person.id: place for place, person in enumerate(evaluators)}
    for proposal in proposals:
        rows = db.session.scalars(
            select(Sheet)
            .where(Sheet.proposal_id == proposal.id, Sheet.kind == kind)
            .order_by(Sheet.id)
        ).all()
        for sheet in rows:
            values = {
                criterion.id: sample_score(kind, proposal.number, places[sheet.evaluator_id], place)
                for place, criterion in enumerate(criteria)
            }
            marks = Marks(values=values, notes={}, comment=COMMENT)
            write_sheet(sheet, marks, criteria, version=sheet.version, now=now)
            lock_sheet(sheet, edition, by=sheet.evaluator, now=now)


def _proposals(edition: Edition) -> list[Proposal]:
    return list(
        db.session.scalars(
            select(Proposal).where(Proposal.edition_id == edition.id).order_by(Proposal.number)
        )
    )


def _url(proposal: Proposal) -> str:
    slug = proposal.edition.slug
    return link_to("proposals.show", edition=slug, proposal=proposal.number)
