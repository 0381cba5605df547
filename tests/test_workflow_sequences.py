"""Random sequences of everybody's actions: no forbidden state, no early word, the chain holds."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.audit.chain import verify_chain
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.screening.models import Decision, Outcome
from app.workflow import TRANSITIONS, Status, Step
from tests.cast import ask, author_of, judge, scored, screener, unscored
from tests.clients import Browser
from tests.conftest import E

EDGES = {(source, to) for sources, to in TRANSITIONS.values() for source in sources if to}
EDGES |= {(source, Status.ELIGIBLE) for source in TRANSITIONS[Step.TAKE_BACK][0]}
"""Taking back what was decided on merit leaves what had been found eligible before at that."""
EDGES |= {(Status.WITHDRAWN, source) for source in TRANSITIONS[Step.WITHDRAW][0]}
OWN_PAGES = ("", "/feedback", "/draft", "/submission")


@dataclass
class Play:
    """The application, what is acted on, who acts, and what was last seen of the proposals."""

    app: Flask
    numbers: dict[str, int]
    browsers: dict[str, Browser]
    seen: dict[int, Status]
    reasons: int = 0

    def post(self, part: str, path: str, values: dict[str, str] | None = None) -> int:
        return self.browsers[part].post(f"{E}{path}", values or {}).status_code


def begin(app: Flask) -> Play:
    """Two proposals, one with all its desk sheets and one without, and who acts on them."""
    screened, other = ask(app, scored(SheetKind.DESK))[:2]
    waiting = ask(app, unscored(SheetKind.DESK))[0]
    parts = {
        "organiser": "sekretariat",
        "author": author_of(screened),
        "other author": author_of(other),
        "screener": screener,
        "judge": judge,
    }
    browsers = {part: Browser(app).sign_in(who) for part, who in parts.items()}
    with app.app_context(), transaction(writing=False):
        return Play(app, {"screened": screened, "waiting": waiting}, browsers, statuses())


def prepare(play: Play, number: int, outcome: Outcome) -> int:
    play.reasons += 1
    values = {
        "outcome": outcome.value,
        "reason": f"ALASAN-{play.reasons:04d}",
        "correct_until": "2019-09-25T10:00" if outcome is Outcome.RETURNED else "",
    }
    return play.post("organiser", f"/proposals/{number}/decision", values)


def step(part: str, path: str, **values: str):
    return lambda play, number: play.post(part, path.format(number=number), values)


ACTIONS = {
    **{
        f"prepare {outcome.value}": lambda play, number, outcome=outcome: prepare(
            play, number, outcome
        )
        for outcome in Outcome
    },
    "drop": step("organiser", "/proposals/{number}/decision/removal"),
    "announce": step("organiser", "/announcement"),
    "take back": step(
        "organiser", "/proposals/{number}/decision/announcement/removal", why_back="Keliru"
    ),
    "promote": step("organiser", "/proposals/{number}/promotion"),
    "disqualify": step("organiser", "/proposals/{number}/disqualification", reason="Melanggar"),
    "withdraw": step("author", "/proposals/{number}/withdrawal", reason="Mundur"),
    "withdraw at request": step(
        "organiser", "/proposals/{number}/withdrawal-at-request", reason="Diminta penyusun"
    ),
    "reinstate": step("organiser", "/proposals/{number}/reinstatement", reason="Keliru"),
    "reinstate one's own": step("author", "/proposals/{number}/reinstatement", reason="Keliru"),
    "hand over": step(
        "organiser",
        "/proposals/{number}/authors",
        email="pengganti@kab.example",
        name="Pengganti",
        reason="Pindah tugas",
    ),
    "submit": step("author", "/proposals/{number}/submission"),
    "start": step("author", "/proposals"),
    "add an author": step(
        "author", "/proposals/{number}/authors", email="rekan@kab.example", name="Rekan"
    ),
    "endorse": step("author", "/proposals/{number}/endorsement"),
    "discuss": step("organiser", "/proposals/{number}/discussion", text="Perlu dibahas."),
    "word the letter": step(
        "organiser", "/proposals/{number}/decision/letter", letter="ALASAN sendiri."
    ),
    "discuss as an innovator": step("author", "/proposals/{number}/discussion", text="Saya!"),
    "decide as a screener": step("screener", "/proposals/{number}/decision", outcome="finalist"),
    "announce as a judge": step("judge", "/announcement"),
    "withdraw another's": step("other author", "/proposals/{number}/withdrawal", reason="Mundur"),
    "open scoring": step("organiser", "/scoring"),
    "declare": step("screener", "/proposals/{number}/conflict", kind="family", reason="Ipar"),
}
FORBIDDEN = {
    "discuss as an innovator",
    "decide as a screener",
    "announce as a judge",
    "withdraw another's",
    "reinstate one's own",
}


def statuses() -> dict[int, Status]:
    return dict(db.session.execute(sa.select(Proposal.number, Proposal.status)).all())


def check(play: Play, action: str, answer: int) -> None:
    with play.app.app_context(), transaction(writing=False):
        now = statuses()
        moved = {(play.seen[n], now[n]) for n in play.seen if now[n] is not play.seen[n]}
        hidden = db.session.scalars(
            sa.select(Decision.reason).where(Decision.announced_at.is_(None))
        ).all()
        letters = db.session.scalars(sa.select(Letter.body)).all()
        verdict = verify_chain(db.session.scalars(sa.select(Edition.id)).one())
    assert answer < 500
    assert answer in {403, 404} or action not in FORBIDDEN
    assert moved <= EDGES
    assert not moved or answer == 302
    assert verdict.holds
    author, own = play.browsers["author"], play.numbers["screened"]
    texts = [author.get(f"{E}/proposals/{own}{page}").text for page in OWN_PAGES]
    texts += [author.get("/my-work").text, author.get(f"{E}/proposals").text, *letters]
    assert not [reason for reason in hidden if reason and any(reason in each for each in texts)]
    play.seen = now


SEQUENCES = st.lists(
    st.tuples(st.sampled_from(sorted(ACTIONS)), st.sampled_from(["screened", "waiting"])),
    min_size=1,
    max_size=10,
)


@pytest.mark.parametrize("examples", [10, pytest.param(100, marks=pytest.mark.long)])
def test_no_sequence_of_actions_breaks_the_workflow(applications, examples):
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(SEQUENCES)
    def run(sequence: list[tuple[str, str]]) -> None:
        with applications.lending("screening") as app:
            play = begin(app)
            for action, proposal in sequence:
                check(play, action, ACTIONS[action](play, play.numbers[proposal]))

    run()


@pytest.mark.parametrize("outcome", [Outcome.FINALIST, Outcome.RESERVE])
def test_a_decision_is_read_once_it_is_announced(make_app, outcome):
    play = begin(make_app("screening"))
    number = play.numbers["screened"]
    assert prepare(play, number, outcome) == 302
    assert play.post("organiser", "/announcement") == 302
    feedback = play.browsers["author"].get(f"{E}/proposals/{number}/feedback").text
    assert "ALASAN-0001" in feedback
