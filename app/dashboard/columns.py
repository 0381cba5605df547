"""What the columns of imported and exported tables are called in words; files keep their codes."""

from collections.abc import Sequence

from app.workflow import N_, Message

COLUMN_LABELS: dict[str, Message] = {
    "code": N_("Code"),
    "name": N_("Name"),
    "kind": N_("Kind"),
    "parent_code": N_("Code of the unit above"),
    "travel_minutes": N_("Travel time in minutes"),
    "email": N_("E-mail"),
    "role": N_("Role"),
    "agency_code": N_("Code of the agency"),
    "title": N_("Title"),
    "is_chair": N_("Chair"),
    "is_delegate": N_("Delegate of the agency"),
    "number": N_("Number"),
    "agency": N_("Agency"),
    "category": N_("Category"),
    "started_on": N_("In use since"),
    "video_url": N_("Video"),
    "status": N_("Status"),
    "submitted_at": N_("Submitted at"),
    "reserve_place": N_("Place on the reserve list"),
    "authors": N_("E-mails of the authors"),
    "line": N_("Line"),
    "requirement": N_("Requirement"),
    "finding": N_("Finding"),
    "note": N_("Note"),
    "sheets": N_("Score sheets"),
    "submitted": N_("Submitted sheets"),
    "mean": N_("Mean"),
    "mean_exact": N_("Mean, exact"),
    "median": N_("Median"),
    "median_exact": N_("Median, exact"),
    "spread": N_("Spread"),
    "spread_exact": N_("Spread, exact"),
    "evaluator": N_("Evaluator"),
    "position": N_("Order"),
    "criterion": N_("Criterion"),
    "weight": N_("Weight"),
    "score": N_("Score"),
    "document": N_("Document"),
    "filename": N_("File name"),
    "bytes": N_("Size in bytes"),
    "sha256": N_("SHA-256 fingerprint"),
    "uploaded_at": N_("Uploaded at"),
    "submitted_by": N_("Submitted by"),
    "digest": N_("Fingerprint of the contents"),
    "person": N_("Person"),
    "is_confirmed": N_("Confirmed"),
    "is_dismissed": N_("Dismissed"),
    "reason": N_("Reason"),
    "outcome": N_("Outcome"),
    "correct_until": N_("Correct until"),
    "announced_at": N_("Announced at"),
    "rank": N_("Rank"),
    "calculated": N_("Rank by scores"),
    "desk": N_("Desk evaluation"),
    "desk_exact": N_("Desk evaluation, exact"),
    "presentation": N_("Presentation"),
    "presentation_exact": N_("Presentation, exact"),
    "final": N_("Final result"),
    "final_exact": N_("Final result, exact"),
    "method": N_("Method"),
    "look": N_("Which look"),
    "tie_decided_by": N_("Equal results decided by"),
    "other_rank": N_("Rank by the other method"),
    "other_final": N_("Final result by the other method"),
    "other_final_exact": N_("Final result by the other method, exact"),
    "starts_at": N_("Starts at"),
    "ends_at": N_("Ends at"),
    "room": N_("Room"),
    "location": N_("Venue"),
    "revision": N_("Revision"),
}

PEOPLES_LABELS: dict[str, Message] = {"title": N_("Position held")}
"""Where the table of people means something else by the code."""


def told_columns(table: str, columns: Sequence[str]) -> list[tuple[str, Message | None]]:
    """Return the codes of the table's columns, each with its label.

    A question of the proposals' form has no label: its code is the organiser's own words.
    """
    labels = COLUMN_LABELS | PEOPLES_LABELS if table == "people" else COLUMN_LABELS
    return [(code, labels.get(code)) for code in columns]
