"""One form of each address, however it is typed; one person for each, whoever invites them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.actions import people_named, person_named
from app.accounts.emails import canonical_email, is_email
from app.accounts.models import Person
from app.database import db, retried, transaction
from app.demo.moments import PASSWORD
from tests.conftest import E


@pytest.mark.field("security F25")
@pytest.mark.parametrize(
    "typed",
    [
        "Rekan@Luwu-Utara.Example",
        " rekan@luwu-utara.example ",
        "rekan@luwu－utara.example",
        "rekan@luwu-utara。example",
        "rekan@ＬＵＷＵ-utara.example",
    ],
)
def test_spellings_of_one_mailbox_have_one_form(typed):
    assert canonical_email(typed) == "rekan@luwu-utara.example"


@pytest.mark.field("security F25")
@pytest.mark.parametrize("twin", ["ｓekretariat", "sekretarıat", "ſekretariat", "sekretari̇at"])
def test_a_twin_of_an_address_is_refused_wherever_people_are_named(app, browse, twin):
    email = f"{twin}@kab.example"
    assert not is_email(email)
    organiser = browse(app, "sekretariat")
    answer = organiser.post(f"{E}/people", {"email": email, "name": "Kembar", "role": "observer"})
    assert answer.status_code == 422
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(Person).where(Person.name == "Kembar")) is None


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.mark.field("security F25")
def test_who_is_invited_by_one_spelling_is_found_by_another(app, browse):
    organiser = browse(app, "sekretariat")
    role = {"name": "Pengamat Baru", "role": "observer", "agency": "0"}
    first = organiser.post(f"{E}/people", role | {"email": "baru@luwu-utara.example"})
    second = organiser.post(f"{E}/people", role | {"email": "BARU@luwu－utara。example"})
    assert (first.status_code, second.status_code) == (302, 409)


@pytest.mark.field("security F25")
def test_an_account_of_an_older_spelling_still_signs_in(app, browse):
    old = "sekretariat@luwu－utara.example"
    with app.app_context(), transaction(writing=True):
        first = sa.select(sa.func.min(Person.id)).scalar_subquery()
        db.session.execute(sa.update(Person).where(Person.id == first).values(email=old))
    assert browse(app).fill("/sign-in", email=old, password=PASSWORD).status_code == 302


@pytest.mark.field("security F24")
def test_the_same_new_person_named_at_once_is_one(app):
    barrier, at_once = Barrier(4), 4

    def name_new(place: int) -> list[int]:
        found = []
        with app.app_context():
            barrier.wait(timeout=30)
            for number in range(5):

                def name(email: str = f"baru-{number}@kab.example") -> int:
                    with transaction(writing=True):
                        return person_named(email, f"Baru {place}", now=clock.real_now()).id

                found.append(retried(name))
        return found

    with ThreadPoolExecutor(at_once) as pool:
        assert len({tuple(ids) for ids in pool.map(name_new, range(at_once))}) == 1


@pytest.mark.field("security F24")
def test_people_who_were_made_meanwhile_keep_their_names(app):
    with app.app_context(), transaction(writing=True):
        person_named("lama@kab.example", "Lama", now=clock.real_now())
        names = {"lama@kab.example": "Lain", "baru@kab.example": "Baru"}
        people = people_named(names, now=clock.real_now())
        assert {email: person.name for email, person in people.items()} == {
            "lama@kab.example": "Lama",
            "baru@kab.example": "Baru",
        }
        assert people_named({}, now=clock.real_now()) == {}
