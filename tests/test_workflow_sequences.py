"""Random sequences of everybody's actions: no forbidden state, no early word, the chain holds."""

from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.audit.chain import verify_chain
from app.database import db, transaction
from app.editions.models import Edition
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.screening.models import Decision, Outcome
from app.workflow import TRANSITIONS, Status
from tests.conftest import E

SCREENED, WAITING = 1, 27  # one with all its desk sheets, one without
EDGES = {(source, target) for sources, target in TRANSITIONS.values() for source in sources}
OWN_PAGES = ("", "/feedback", "/draft", "/submission")


@dataclass
class Play:
    """The application, who acts in it, and what was last seen of it."""

    app: Flask
    browsers: dict[str, object]
    reasons: int = 0
    seen: dict[int, Status] = field(default_factory=dict)

    def post(self, account: str, path: str, values: dict[str, str] | None = None) -> int:
        return self.browsers[account].post(f"{E}{path}", values or {}).status_code


def prepare(play: Play, number: int, outcome: Outcome) -> int:
    play.reasons += 1
    values = {
        "outcome": outcome.value,
        "reason": f"ALASAN-{play.reasons:04d}",
        "correct_until": "2019-09-25T10:00" if outcome is Outcome.RETURNED else "",
    }
    return play.post("sekretariat", f"/proposals/{number}/decision", values)


def step(account: str, path: str, **values: str):
    return lambda play, number: play.post(account, path.format(number=number), values)


ACTIONS = {
    **{
        f"prepare {outcome.value}": lambda play, number, outcome=outcome: prepare(
            play, number, outcome
        )
        for outcome in Outcome
    },
    "drop": step("sekretariat", "/proposals/{number}/decision/removal"),
    "announce": step("sekretariat", "/announcement"),
    "promote": step("sekretariat", "/proposals/{number}/promotion"),
    "disqualify": step("sekretariat", "/proposals/{number}/disqualification", reason="Melanggar"),
    "withdraw": step("inovator-01", "/proposals/{number}/withdrawal", reason="Mundur"),
    "submit": step("inovator-01", "/proposals/{number}/submission"),
    "start": step("inovator-01", "/proposals"),
    "add an author": step(
        "inovator-01", "/proposals/{number}/authors", email="rekan@kab.example", name="Rekan"
    ),
    "endorse": step("inovator-01", "/proposals/{number}/endorsement"),
    "discuss": step("sekretariat", "/proposals/{number}/discussion", text="Perlu dibahas."),
    "word the letter": step(
        "sekretariat", "/proposals/{number}/decision/letter", letter="ALASAN sendiri."
    ),
    "discuss as an innovator": step("inovator-01", "/proposals/{number}/discussion", text="Saya!"),
    "decide as a screener": step(
        "verifikator-1", "/proposals/{number}/decision", outcome="finalist"
    ),
    "announce as a judge": step("juri-1", "/announcement"),
    "withdraw another's": step("inovator-02", "/proposals/{number}/withdrawal", reason="Mundur"),
    "open scoring": step("sekretariat", "/scoring"),
    "declare": step("verifikator-1", "/proposals/{number}/conflict", kind="family", reason="Ipar"),
}
FORBIDDEN = {
    "discuss as an innovator",
    "decide as a screener",
    "announce as a judge",
    "withdraw another's",
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
    author = play.browsers["inovator-01"]
    texts = [author.get(f"{E}/proposals/{SCREENED}{page}").text for page in OWN_PAGES]
    texts += [author.get("/my-work").text, author.get(f"{E}/proposals").text, *letters]
    assert not [reason for reason in hidden if reason and any(reason in each for each in texts)]
    play.seen = now


SEQUENCES = st.lists(
    st.tuples(st.sampled_from(sorted(ACTIONS)), st.sampled_from([SCREENED, WAITING])),
    min_size=1,
    max_size=10,
)


@pytest.mark.parametrize("examples", [10, pytest.param(100, marks=pytest.mark.long)])
def test_no_sequence_of_actions_breaks_the_workflow(applications, browse, examples):
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(SEQUENCES)
    def run(sequence: list[tuple[str, int]]) -> None:
        with applications.lending("screening") as app:
            accounts = ("sekretariat", "verifikator-1", "juri-1", "inovator-01", "inovator-02")
            play = Play(app, {each: browse(app, each) for each in accounts})
            with app.app_context(), transaction(writing=False):
                play.seen = statuses()
            for action, number in sequence:
                check(play, action, ACTIONS[action](play, number))

    run()


@pytest.mark.parametrize("outcome", [Outcome.FINALIST, Outcome.RESERVE])
def test_a_decision_is_read_once_it_is_announced(make_app, browse, outcome):
    app = make_app("screening")
    play = Play(app, {each: browse(app, each) for each in ("sekretariat", "inovator-01")})
    assert prepare(play, SCREENED, outcome) == 302
    assert play.post("sekretariat", "/announcement") == 302
    feedback = play.browsers["inovator-01"].get(f"{E}/proposals/{SCREENED}/feedback").text
    assert "ALASAN-0001" in feedback
