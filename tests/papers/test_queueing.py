"""Papers made by the worker: queued kind by kind, stopped, told about, true to one moment."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app import clock
from app.audit.chain import record
from app.awards.models import Result
from app.cli import JOBS
from app.database import db, transaction
from app.editions.queries import locked_edition
from app.jobs.models import Job
from app.jobs.worker import resume_jobs, run_next
from app.papers import queueing
from app.papers.kinds import PaperKind
from app.papers.models import Paper, PaperFile
from app.proposals.models import Proposal
from tests.conftest import E
from tests.papers.making import ask, change, make, queue, work


@pytest.fixture
def app(make_app):
    return make_app("published")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def lines(browser) -> dict[str, str]:
    """What the page of papers tells of each kind, by its name in addresses."""
    sections = browser.get(f"{E}/papers").html.select("section[id^=kind-]")
    return {each["id"].removeprefix("kind-"): " ".join(each.text.split()) for each in sections}


def test_the_worker_makes_what_is_queued_and_can_be_stopped(app, organiser):
    queue(organiser, "certificate")
    queue(organiser, "certificate")  # twice is once
    queue(organiser, "name_card")
    assert organiser.get(f"{E}/papers").html.select("progress")
    told = lines(organiser)
    assert "Sedang dibuat" in told["certificate"]
    assert "Sedang dibuat" in told["name_card"]
    assert "Sedang dibuat" not in told["minutes"]
    organiser.post(f"{E}/papers/setting/removal", {})
    work(app)
    assert ask(app, sa.select(Paper)) == []
    assert "Dihentikan" in lines(organiser)["certificate"]
    queue(organiser, "certificate")
    work(app)
    assert len(ask(app, sa.select(PaperFile))) == 10
    assert "10 dokumen telah dibuat" in lines(organiser)["certificate"]
    make(organiser, "certificate")
    assert "Tidak ada yang berubah" in lines(organiser)["certificate"]
    assert len(ask(app, sa.select(Paper))) == 10


def test_pdfs_that_are_missing_are_made_when_asked(app, organiser):
    make(organiser, "certificate")
    change(app, sa.delete(PaperFile))
    assert "belum dibuat" in organiser.get(f"{E}/papers").text
    organiser.post(f"{E}/papers/setting", {})
    work(app)
    assert len(ask(app, sa.select(PaperFile))) == 10


def test_papers_in_both_languages_have_numbers_of_their_own(app, organiser):
    for language in ("id", "en"):
        queue(organiser, "certificate", language)
    work(app)
    serials = ask(app, sa.select(Paper.serial).order_by(Paper.serial))
    assert serials == list(range(1, 21))


def test_what_one_language_could_not_do_is_told_beside_what_the_other_did(app, organiser):
    for language in ("id", "en"):
        queue(organiser, "certificate", language)
    broken = queueing.job_kind(PaperKind.CERTIFICATE, "id")
    with app.app_context():
        run_next(JOBS | {broken: lambda *_: 1 / 0}, now=clock.now)
    work(app)
    told = lines(organiser)["certificate"]
    assert "Bahasa Indonesia: Tidak dapat dibuat" in told
    assert "10 dokumen telah dibuat" in told


def test_what_is_stopped_at_the_last_moment_is_queued_once_it_has_ended(app, organiser):
    queue(organiser, "certificate")
    change(app, sa.update(Job).values(state="running", wants_stop=True, started_at=clock.now()))
    again = organiser.post(f"{E}/papers/certificate", {"language": "id"})
    assert again.status_code == 409
    assert "Sedang dihentikan" in lines(organiser)["certificate"]


def test_a_worker_that_ends_after_keeping_tells_what_it_kept(app, organiser, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_args, **_options):
        raise Killed

    queue(organiser, "certificate")
    with monkeypatch.context() as patched:
        patched.setattr(queueing, "set_papers", killed)
        with pytest.raises(Killed):
            work(app)
    with app.app_context():
        resume_jobs(now=clock.now())
    work(app)
    assert len(ask(app, sa.select(PaperFile))) == 10
    assert "10 dokumen telah dibuat" in lines(organiser)["certificate"]


def test_what_changes_while_papers_are_drafted_is_drafted_anew(app, organiser, monkeypatch):
    drafted, seen = queueing.draft_papers, []

    def changed_meanwhile(edition, asked):
        found = drafted(edition, asked)
        seen.append(found.basis)
        if len(seen) == 1:
            title = sa.update(Proposal).where(Proposal.number == 1).values(title="Judul Baru")
            with ThreadPoolExecutor(1) as pool:  # another session
                pool.submit(recorded, app, title).result()
        return found

    monkeypatch.setattr(queueing, "draft_papers", changed_meanwhile)
    make(organiser, "certificate")
    assert len(seen) == 2
    papers = ask(app, sa.select(Paper).options(undefer(Paper.content)))
    assert {paper.basis for paper in papers} == {seen[1]}
    assert sum("Judul Baru" in json.dumps(paper.content) for paper in papers) == 1


def recorded(app, statement) -> None:
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(E.rpartition("/")[2])
        db.session.execute(statement)
        record(edition.id, "proposal.rename", by=None, now=clock.now(), subject="proposal 1")


def test_what_is_decided_while_papers_are_drafted_overtakes_them(app, organiser, monkeypatch):
    kept = queueing.keep_papers

    def confirmed_meanwhile(edition, drafted, **rest):
        moment = clock.now() + timedelta(seconds=1)
        db.session.execute(sa.update(Result).values(confirmed_at=moment))
        return kept(edition, drafted, **rest)

    monkeypatch.setattr(queueing, "keep_papers", confirmed_meanwhile)
    make(organiser, "certificate")
    paper = ask(app, sa.select(Paper).order_by(Paper.id))[0]
    assert "tidak berlaku lagi" in organiser.get(f"/verification?code={paper.code}").text


def test_what_can_not_be_made_is_refused_at_once_or_said_on_the_page(make_app, browse):
    app = make_app("scoring")
    organiser = browse(app, "sekretariat")
    assert organiser.post(f"{E}/papers/certificate", {"language": "id"}).status_code == 409
    change(app, sa.text("UPDATE proposal SET status = 'draft'"))
    make(organiser, "label")
    told = lines(organiser)["label"]
    assert "Tidak dapat dibuat: Belum ada" in told
