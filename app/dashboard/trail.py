"""The audit trail as people read it: what each action is called, and which entries they look for.

The codes stay what the chain holds; the words here may change.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select

from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.audit.queries import newest_first
from app.editions.models import Edition
from app.editions.timeline import whole_day
from app.workflow import N_, Message

ACTIONS: Mapping[str, Message] = {
    "absence.forget": N_("Unavailable time removed"),
    "absence.import": N_("Busy times imported"),
    "absence.mark": N_("Unavailable time added"),
    "agency.remind": N_("Agencies without a proposal reminded"),
    "author.add": N_("Author added"),
    "author.present": N_("Presenters chosen"),
    "author.remove": N_("Author removed"),
    "breaks.move": N_("Breaks moved"),
    "breaks.usual": N_("Breaks moved back to their usual times"),
    "chair.pass": N_("Chair named"),
    "conflict.agree": N_("Late conflict of interest agreed to"),
    "conflict.confirm": N_("Conflict of interest confirmed"),
    "conflict.declare": N_("Conflict of interest declared"),
    "conflict.decline": N_("Late conflict of interest declined"),
    "conflict.dismiss": N_("Conflict of interest dismissed"),
    "day.arrive": N_("Presenter checked in"),
    "day.begin": N_("Presentation begun"),
    "day.call": N_("Presentation called earlier"),
    "day.delay": N_("Schedule delayed"),
    "day.leave": N_("Check-in undone"),
    "day.unbegin": N_("Early beginning undone"),
    "day.miss": N_("Absence recorded"),
    "deadline.extend": N_("Deadline extended"),
    "decision.announce": N_("Decision announced"),
    "decision.drop": N_("Prepared decision discarded"),
    "decision.prepare": N_("Decision prepared"),
    "decision.take_back": N_("Announced decision revoked"),
    "decision.word": N_("Letter of a decision worded"),
    "decree.record": N_("Decree recorded"),
    "delegate.dismiss": N_("Delegate dismissed"),
    "delegate.name": N_("Delegate named"),
    "discussion.write": N_("Remark written"),
    "document.attach": N_("File attached"),
    "document.detach": N_("File removed"),
    "draft.remind": N_("Authors of drafts reminded"),
    "draw.draw": N_("Order of picking drawn"),
    "draw.seal": N_("Draw sealed"),
    "edition.award_categories": N_("Awards changed"),
    "edition.breaks": N_("Breaks changed"),
    "edition.categories": N_("Categories changed"),
    "edition.criteria": N_("Criteria changed"),
    "edition.days": N_("Presentation days set"),
    "edition.documents": N_("Required documents changed"),
    "edition.eligibility_items": N_("Eligibility checklist changed"),
    "edition.freeze": N_("Rules frozen"),
    "edition.make": N_("Edition created"),
    "edition.make_public": N_("Edition opened to everyone"),
    "edition.rooms": N_("Rooms changed"),
    "edition.sections": N_("Form changed"),
    "edition.settings": N_("Settings changed"),
    "edition.settle_criteria": N_("Criteria fixed for the desk evaluation"),
    "eligibility.find": N_("Eligibility checked"),
    "entries.rank": N_("Order of an agency's proposals changed"),
    "expertise.set": N_("Expertise of an evaluator set"),
    "follow_up.ask": N_("Innovators asked what became of their innovations"),
    "follow_up.report": N_("Told what became of an innovation"),
    "import.apply": N_("Table imported"),
    "invitation.answer": N_("Invitation answered"),
    "objection.answer": N_("Objection answered"),
    "objection.assign": N_("Objection assigned"),
    "objection.file": N_("Objection filed"),
    "organisation.branding": N_("Public appearance changed"),
    "paper.attach": N_("Signed document attached"),
    "paper.make": N_("Documents made"),
    "paper.rule": N_("Wording of documents changed"),
    "paper.signatory": N_("Signatory changed"),
    "paper.signatory_remove": N_("Signatory removed"),
    "paper.stationery": N_("Paper and emblem of documents changed"),
    "panel.remove": N_("Panel removed"),
    "panel.rotate": N_("Panels replaced: judges rotate"),
    "panel.seat": N_("Panel seats filled"),
    "panel.set": N_("Panel set"),
    "person.change": N_("Name or e-mail of a person corrected"),
    "person.erase": N_("Data of a person deleted"),
    "person.remind": N_("People reminded"),
    "pledge.sign": N_("Integrity pledge signed"),
    "proposal.delete": N_("Draft deleted"),
    "proposal.disqualify": N_("Proposal disqualified"),
    "proposal.endorse": N_("Proposal endorsed"),
    "proposal.reinstate": N_("Proposal reinstated"),
    "proposal.showcase": N_("Public part of a proposal changed"),
    "proposal.start": N_("Proposal begun"),
    "proposal.submit": N_("Proposal submitted"),
    "proposal.unendorse": N_("Endorsement revoked"),
    "proposal.withdraw": N_("Proposal withdrawn"),
    "proposal.withdraw_at_request": N_("Proposal withdrawn at its authors' request"),
    "replication.answer": N_("Request to replicate an innovation answered"),
    "replication.ask": N_("Request to replicate an innovation passed on"),
    "replication.delete": N_("Request to replicate an innovation deleted"),
    "reply.done": N_("E-mailed answer dealt with"),
    "reserve.promote": N_("Moved up from the reserve list"),
    "result.ask_withdraw": N_("Asked to withdraw the result"),
    "result.confirm": N_("Result confirmed"),
    "result.keep": N_("Declined to withdraw the result"),
    "result.prepare": N_("Result prepared"),
    "result.publish": N_("Result published"),
    "result.unconfirm": N_("Confirmation of the result revoked"),
    "result.withdraw": N_("Result withdrawn"),
    "role.grant": N_("Role given"),
    "role.invite_again": N_("Invitation sent again"),
    "role.revoke": N_("Role removed"),
    "schedule.arrange": N_("Presentations moved"),
    "schedule.goals": N_("Order of the schedule's goals changed"),
    "schedule.length": N_("Length of a presentation changed"),
    "schedule.publish": N_("Schedule published"),
    "schedule.restore": N_("Earlier schedule restored as the draft"),
    "schedule.undo": N_("Moving undone"),
    "scoring.follow_schedule": N_("Score sheets matched to the schedule"),
    "scoring.open": N_("Scoring opened"),
    "second_look.ask": N_("Extra judge asked for a second look"),
    "second_look.end": N_("Second look ended"),
    "second_look.release": N_("Second look went on without an extra judge"),
    "sheet.agree_excuse": N_("Agreed to continue without a score sheet"),
    "sheet.agree_reopen": N_("Agreed to reopen a score sheet"),
    "sheet.ask_excuse": N_("Asked to continue without a score sheet"),
    "sheet.ask_reopen": N_("Asked to reopen a score sheet"),
    "sheet.assign": N_("Score sheets handed out"),
    "sheet.assign_by_rule": N_("Score sheets handed out automatically"),
    "sheet.assign_evenly": N_("Score sheets handed out evenly"),
    "sheet.decline_excuse": N_("Declined to continue without a score sheet"),
    "sheet.decline_reopen": N_("Declined to reopen a score sheet"),
    "sheet.excuse": N_("Continued without a score sheet"),
    "sheet.lock": N_("Score sheet submitted"),
    "sheet.recuse": N_("Score sheet set aside: conflict of interest"),
    "sheet.reopen": N_("Score sheet reopened"),
    "sheet.restore": N_("Score sheet counts again"),
    "sheet.unassign": N_("Score sheet removed"),
    "slot.give_up": N_("Slot released"),
    "slot.pick": N_("Slot picked"),
    "slot.swap": N_("Slots swapped"),
    "slot.wait": N_("Waiting for a slot"),
    "slot.wish": N_("Slot preferences saved"),
    "slots.make": N_("Slots created"),
    "slots.remove": N_("Slots removed"),
    "swap.ask": N_("Swap requested"),
    "swap.decline": N_("Swap declined"),
    "swap.take_back": N_("Swap request withdrawn"),
    "window.set": N_("Stage dates set"),
}


@dataclass(frozen=True)
class TrailFilters:
    """What a reader looks for: an action's code, a person's name, a proposal's code, a day."""

    action: str = ""
    person: str = ""
    proposal: str = ""
    day: date | None = None

    def as_fields(self) -> dict[str, Any]:
        """Return the filters as fields of an address; unused ones are left out."""
        fields = {"action": self.action, "person": self.person, "proposal": self.proposal}
        day = {"day": self.day.isoformat()} if self.day else {}
        return {name: value for name, value in fields.items() if value} | day


def found_in_trail(
    edition: Edition, filters: TrailFilters, *, hidden: Collection[str]
) -> Select[AuditEntry]:
    """Select the entries that match the filters, newest first.

    Whoever looks for a proposal finds no entry of the `hidden` actions: that one is found would
    tell what its content says.
    """
    statement = newest_first(edition.id)
    if filters.action:
        statement = statement.where(AuditEntry.action == filters.action)
    if filters.person:
        statement = statement.where(_acted(filters.person))
    if filters.proposal:
        ends = [f"{filters.proposal}{end}" for end in ('"', " ")]
        named = [AuditEntry.content.contains(text, autoescape=True) for text in ends]
        statement = statement.where(or_(*named), AuditEntry.action.not_in(hidden))
    if filters.day:
        start, end = whole_day(filters.day, edition)
        statement = statement.where(AuditEntry.at >= start, AuditEntry.at < end)
    return statement


def _acted(name: str) -> ColumnElement[bool]:
    """Return the condition that somebody of this name acted; early entries hold the name itself."""
    wanted = name.lower()
    ids = select("person " + cast(Person.id, String)).where(
        func.lower(Person.name).contains(wanted, autoescape=True)
    )
    in_entry = func.lower(AuditEntry.actor).contains(wanted, autoescape=True)
    return or_(in_entry & AuditEntry.actor.not_like("person %"), AuditEntry.actor.in_(ids))
