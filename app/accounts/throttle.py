"""How often something may be tried: counted in the database, so every worker knows.

All limits stand here. A stranger who tries somebody's account elsewhere can't lock its owner out:
most tries are counted for account and network together, and a browser that has signed in to the
account before (`known` in its cookie) has a count of its own.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import case, delete, update

from app.accounts.models import Throttle
from app.database import db, insert

PERIOD = timedelta(minutes=15)
TRIES_EACH = 10  # wrong passwords for an account: from one network, or from one known browser
TRIES_ACCOUNT = 100  # wrong passwords for an account, from all unknown browsers together
TRIES_ADDRESS = 100  # wrong passwords from one address, for all accounts together
LETTERS_EACH = 5  # letters with a link for an account that one network asks for
LETTERS_ACCOUNT = 20  # such letters for an account, whoever asks
LETTERS_ADDRESS = 100  # such letters that one address asks for
REQUESTS_EACH = 3  # requests to replicate that one network makes for an address in a day
REQUESTS_ACCOUNT = 5  # such requests for an address in a day, whoever makes them
REQUESTS_ADDRESS = 20  # such requests that one address makes in a day
INVITED_A_DAY = 20  # people without an account whom one person invites as co-authors
ADDED_AN_HOUR = 5  # letters by which one person tells another of being made a co-author
NEW_ADDRESSES_A_DAY = 5  # letters by which one person confirms another address of their own
INVITED_AGAIN_A_DAY = 3  # invitations that somebody without a password is sent again
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NETWORK = {4: 24, 6: 56}  # bits of an address that belong to one household or office

Counted = tuple[tuple[str, int], ...]
"""What a try counts for, each with its limit."""


def sign_in_counts(account: str, address: str | None, browser: str | None) -> Counted:
    """Return what a sign-in counts for; `browser` names one that has signed in to it before."""
    if browser:
        return ((f"sign-in {account} in {browser}", TRIES_EACH),)
    return (
        (f"sign-in from {_place(address)}", TRIES_ADDRESS),
        (f"sign-in {account} from {_network(address)}", TRIES_EACH),
        (f"sign-in {account}", TRIES_ACCOUNT),
    )


def reset_counts(account: str, address: str | None, browser: str | None) -> Counted:
    """Return what asking for a reset letter counts for."""
    if browser:
        return ((f"reset {account} in {browser}", LETTERS_EACH),)
    return (
        (f"reset from {_place(address)}", LETTERS_ADDRESS),
        (f"reset {account} from {_network(address)}", LETTERS_EACH),
        (f"reset {account}", LETTERS_ACCOUNT),
    )


def replication_counts(account: str, address: str | None) -> Counted:
    """Return what asking to replicate an innovation counts for; letters go to `account`."""
    return (
        (f"replication from {_place(address)}", REQUESTS_ADDRESS),
        (f"replication {account} from {_network(address)}", REQUESTS_EACH),
        (f"replication {account}", REQUESTS_ACCOUNT),
    )


def may_try(counted: Counted, *, now: datetime, period: timedelta = PERIOD) -> bool:
    """Count a try, the narrowest first; return whether it is within all limits.

    What a narrow limit refuses doesn't count for a wider one.
    """
    for key, limit in sorted(counted, key=lambda pair: pair[1]):
        if not try_again(key, limit=limit, now=now, period=period):
            return False
    return True


def take_back(counted: Counted) -> None:
    """Count a try no longer, which has succeeded; what was tried for the account is forgotten."""
    narrow, *wider = sorted(counted, key=lambda pair: pair[1])
    forget(narrow[0])
    for key, _ in wider:
        fewer = update(Throttle).where(Throttle.key == key, Throttle.tries > 0)
        db.session.execute(fewer.values(tries=Throttle.tries - 1))


def try_again(key: str, *, limit: int, now: datetime, period: timedelta = PERIOD) -> bool:
    """Count a try at `key` and return whether it is within `limit` for the current period.

    One statement, so that simultaneous tries are all counted.
    """
    fresh = insert(Throttle).values(key=key[:300], tries=1, until=now + period)
    is_over = Throttle.until <= now
    counted = fresh.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={
            "tries": case((is_over, 1), else_=Throttle.tries + 1),
            "until": case((is_over, fresh.excluded.until), else_=Throttle.until),
        },
    ).returning(Throttle.tries)
    return int(db.session.execute(counted).scalar_one()) <= limit


def forget(key: str) -> None:
    """Forget the tries at `key`, after a success."""
    db.session.execute(delete(Throttle).where(Throttle.key == key[:300]))


def _place(address: str | None) -> str:
    """Return what has one address: a machine or, in IPv6, where addresses abound, a network."""
    return _network(address, {4: 32, 6: NETWORK[6]})


def _network(address: str | None, bits: dict[int, int] = NETWORK) -> str:
    try:
        found = ip_address(address or "")
    except ValueError:  # a server at a socket knows none
        return "nowhere"
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network((found, bits[found.version]), strict=False))
