"""An edition's rules as plain data: from a template or last year, applied to a new one."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.editions.kinds import AwardKind, FileKind, Method, PrizeLimit, SectionKind, SheetKind
from app.editions.models import Edition
from app.editions.parts import (
    AwardCategory,
    Break,
    Category,
    Criterion,
    DocumentRequirement,
    EligibilityItem,
    PresentationDay,
    Room,
    Section,
    answer,
    options_in,
)
from app.workflow import N_, DomainError

TEMPLATES = Path(__file__).parent / "templates"
WHOLE = 100
LINE_WORDS = 50
ROOM = {"name": "Ruang pemaparan", "name_en": "Presentation room"}

SETTINGS = (
    "timezone",
    "venue",
    "contact",
    "story",
    "story_en",
    "legal_basis",
    "unit_word",
    "unit_word_en",
    "units_word_en",
    "shows_coverage",
    "coverage_title",
    "coverage_title_en",
    "minimum_age_months",
    "agency_quota",
    "video_is_required",
    "attachments_mb",
    "shows_averages",
    "shows_comments",
    "pledge",
    "pledge_en",
    "screeners_each",
    "finalists",
    "passing_grade",
    "disagreement",
    "desk_share",
    "method",
    "method_rule",
    "second_look_budget",
    "prize_limit",
    "objection_days",
    "video_minutes",
    "talk_minutes",
    "question_minutes",
    "changeover_minutes",
    "slot_minutes",
    "quorum",
    "picking",
    "turn_minutes",
    "agency_order",
    "earliest_departure",
    "most_a_day",
    "goal_order",
)
ALWAYS_OPEN = frozenset(
    {
        *("name", "name_en", "venue", "contact", "legal_basis", "award_ceremony"),
        *("story", "story_en", "coverage_title", "coverage_title_en"),
        *("unit_word", "unit_word_en", "units_word_en", "shows_coverage"),
        *("picking", "turn_minutes", "agency_order", "earliest_departure", "most_a_day"),
    }
)
"""The settings that don't affect the result, so they may change after scoring has opened."""

OF_METHOD = ("method", "method_rule", "second_look_budget", "desk_share", "prize_limit")
"""The settings that must go together, for they say how the result is computed."""

LISTS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "categories": (Category, ("name", "name_en")),
    "eligibility_items": (EligibilityItem, ("name", "name_en")),
    "documents": (
        DocumentRequirement,
        ("name", "name_en", "is_required", "accepts", "megabytes", "most"),
    ),
    "sections": (
        Section,
        (
            *("name", "name_en", "guidance", "guidance_en", "kind", "options", "only_if"),
            *("word_limit", "is_required"),
        ),
    ),
    "criteria": (
        Criterion,
        ("kind", "name", "name_en", "guidance", "guidance_en", "weight", "tie_break"),
    ),
    "rooms": (Room, ("name", "name_en")),
    "breaks": (Break, ("name", "name_en", "starts_at", "ends_at", "earliest", "latest")),
    "award_categories": (
        AwardCategory,
        ("name", "name_en", "kind", "places", "criterion", "only_for"),
    ),
}

PARTS = (*LISTS, "days")
"""The lists that an edition consists of, in the order of the settings."""

Rules = dict[str, Any]


def template_names() -> list[str]:
    """Return the names of the templates that come with Ajang, default first."""
    names = sorted(path.stem for path in TEMPLATES.glob("*.toml"))
    return sorted(names, key=lambda name: name != "kipp-kabupaten")


def template(name: str) -> dict[str, Any]:
    """Return a template's data, completed by the template that it extends."""
    data = tomllib.loads((TEMPLATES / f"{name}.toml").read_text("utf-8"))
    return template(data["extends"]) | data if "extends" in data else data


def rules_of_template(name: str) -> Rules:
    """Return the rules that a template describes; the weights of each kind total exactly 100."""
    data = template(name)
    minutes = ("video_minutes", "talk_minutes", "question_minutes", "changeover_minutes")
    rules: Rules = {key: data[key] for key in SETTINGS if key in data}
    if all(key in data for key in minutes):
        rules["slot_minutes"] = sum(data[key] for key in minutes)
    return rules | {
        "categories": data.get("categories", []),
        "eligibility_items": data.get("eligibility", []),
        "documents": [_document(document) for document in data.get("documents", [])],
        "sections": [_section(section) for section in data["sections"]],
        "criteria": _criteria(data),
        "breaks": [
            {"name": pause["name"], "name_en": pause["name_en"]}
            | {"starts_at": pause["starts"], "ends_at": pause["ends"]}
            for pause in data.get("breaks", [])
        ],
        "rooms": data.get("rooms", [ROOM]),
        "award_categories": [
            award | {"kind": AwardKind(award["kind"])} for award in data.get("awards", [])
        ],
        "day": (data["day_starts"], data["day_ends"]),
    }


def rules_of(edition: Edition) -> Rules:
    """Return an edition's rules to make the next one from, without dates and people."""
    rules: Rules = {key: getattr(edition, key) for key in SETTINGS}
    for part, (_, fields) in LISTS.items():
        rules[part] = [
            {field: getattr(row, field) for field in fields} for row in getattr(edition, part)
        ]
    first = edition.days[0] if edition.days else None
    rules["day"] = (first.starts_at, first.ends_at) if first else (dt.time(8, 30), dt.time(17))
    return rules


def apply_rules(rules: Rules, edition: Edition, dates: list[dt.date]) -> None:
    """Give a new edition these rules, and `dates` as its presentation days."""
    for key in SETTINGS:
        if key in rules:
            setattr(edition, key, rules[key])
    for part, (model, _) in LISTS.items():
        setattr(
            edition, part, [made(model, row, place) for place, row in enumerate(rules[part], 1)]
        )
    starts, ends = rules["day"]
    edition.days = [PresentationDay(date=date, starts_at=starts, ends_at=ends) for date in dates]


def made(model: type[Any], values: dict[str, Any], place: int) -> Any:  # noqa: ANN401 -- a row of the model
    """Return a new row of one of the lists, with its place."""
    row = model(**values)
    if hasattr(model, "position"):
        row.position = place
    return row


def check_sections(rows: list[dict[str, Any]]) -> None:
    """Raise `DomainError` unless each section has the options it needs and a possible condition."""
    possible, sections = {""}, set[str]()
    for row in rows:
        names = [option.name for option in options_in(row["options"])]
        if row["name"] in sections:
            raise DomainError(N_("Two sections are called “%(section)s”."), section=row["name"])
        sections.add(row["name"])
        if row["kind"].has_options and (len(set(names)) < max(2, len(names)) or "" in names):
            raise DomainError(
                N_("“%(section)s” needs at least two different options."), section=row["name"]
            )
        if row["only_if"] not in possible:
            raise DomainError(
                N_("“%(section)s” depends on “%(answer)s”, which no section above it offers."),
                section=row["name"],
                answer=row["only_if"],
            )
        if row["kind"].has_options:
            possible |= {answer(row["name"], name) for name in names}


def check_method(settings: Mapping[str, Any]) -> None:
    """Raise `DomainError` unless the method has its rule, and a second look its method."""
    if settings["method"] is not Method.ADJUSTED:
        if settings["second_look_budget"]:
            raise DomainError(
                N_(
                    "A second look needs the adjusted mean: extra sheets of a strict judge would "
                    "otherwise pull down those that they are asked about."
                )
            )
        return
    if settings["second_look_budget"] and settings["desk_share"] == WHOLE:
        raise DomainError(N_("A second look needs presentations that count."))
    if settings["second_look_budget"] and settings["prize_limit"] is PrizeLimit.AGENCY:
        raise DomainError(
            N_(
                "A second look needs a line that the ranking alone draws: with one prize per "
                "agency it may lie elsewhere."
            )
        )
    if not settings["method_rule"].strip():
        raise DomainError(
            N_(
                "The adjusted mean needs a rule: quote the article of your legal basis that "
                "allows it."
            )
        )


def check_awards(edition: Edition, rows: list[dict[str, Any]]) -> None:
    """Raise `DomainError` if an award names a criterion, a category or a kind that isn't there."""
    criteria = {criterion.name for criterion in edition.criteria}
    circles = set(circles_of(edition))
    for row in rows:
        if row["kind"] is AwardKind.CRITERION and row["criterion"] not in criteria:
            raise DomainError(
                N_("“%(award)s” is given by a criterion that the edition doesn't have."),
                award=row["name"],
            )
        if row["only_for"] and row["only_for"] not in circles:
            raise DomainError(
                N_("“%(award)s” is only for a category or a kind of unit that doesn't exist."),
                award=row["name"],
            )


def circles_of(edition: Edition) -> list[str]:
    """Return to what awards can be confined: categories of innovations, and kinds of units."""
    kinds = (kind.name for kind in edition.organisation.kinds)
    return [*(category.name for category in edition.categories), *kinds]


def offers_of(edition: Edition, part: str) -> dict[str, list[str]]:
    """Return what fields of the part's rows offer to be typed, by the name of the list."""
    if part == "sections":
        return {"answers": _answers(edition)}
    if part != "award_categories":
        return {}
    criteria = dict.fromkeys(criterion.name for criterion in edition.criteria)
    return {"criteria": list(criteria), "circles": circles_of(edition)}


def _answers(edition: Edition) -> list[str]:
    """Return the answers that a section can depend on."""
    return [
        answer(section.name, option.name)
        for section in edition.sections
        for option in section.offered
        if section.kind.has_options
    ]


def weights_total(edition: Edition, kind: SheetKind) -> Decimal:
    """Return what the weights of `kind` add up to; it must be exactly 100 when scoring opens."""
    return sum((criterion.weight for criterion in edition.criteria_of(kind)), Decimal(0))


def unbalanced(edition: Edition) -> list[SheetKind]:
    """Return the kinds of sheets whose weights don't total exactly 100."""
    return [kind for kind in SheetKind if weights_total(edition, kind) != WHOLE]


def _document(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"accepts": FileKind(data.get("accepts", FileKind.PDF))}


def _section(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": data["name"],
        "name_en": data.get("name_en", ""),
        "guidance": data.get("guidance", ""),
        "guidance_en": data.get("guidance_en", ""),
        "kind": SectionKind(data.get("kind", SectionKind.TEXT)),
        "options": "\n".join(data.get("options", [])),
        "only_if": data.get("only_if", ""),
        "word_limit": data.get("words", LINE_WORDS),
        "is_required": data.get("is_required", True),
    }


def _criteria(data: dict[str, Any]) -> list[dict[str, Any]]:
    weighted = [section for section in data["sections"] if section.get("weight")]
    share = Decimal(data["presentation"]["substance"]) / 100
    desk = [_criterion(section, SheetKind.DESK, Decimal(1)) for section in weighted]
    substance = [
        _criterion(section, SheetKind.PRESENTATION, share) for section in weighted if share
    ]
    delivery = [
        _criterion(criterion, SheetKind.PRESENTATION, Decimal(1))
        for criterion in data["presentation"].get("delivery", [])
    ]
    return desk + substance + delivery


def _criterion(data: dict[str, Any], kind: SheetKind, share: Decimal) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": data["name"],
        "name_en": data.get("name_en", ""),
        "guidance": data.get("guidance", ""),
        "guidance_en": data.get("guidance_en", ""),
        "weight": Decimal(data["weight"]) * share,
        "tie_break": data.get("tie_break"),
    }
