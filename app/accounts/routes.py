"""Signing in and out, passwords, the profile, the language."""

from flask import (
    Blueprint,
    Request,
    current_app,
    flash,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, current_user
from itsdangerous import BadData, URLSafeSerializer
from wtforms import PasswordField

from app import clock
from app.accounts import actions, identity, queries, throttle
from app.accounts.addresses import link_to_email, link_to_password
from app.accounts.browsers import browser_name
from app.accounts.emails import canonical_email
from app.accounts.forms import (
    ChangePasswordForm,
    NewEmailForm,
    NewPasswordForm,
    ProfileForm,
    ResetForm,
    SignInForm,
)
from app.accounts.models import Person
from app.accounts.permissions import anyone, signed_in
from app.accounts.secrets import digest, hash_password, is_password, keyed_digest, new_token
from app.database import db, release
from app.web.access import requires
from app.web.fields import address_parts
from app.web.keeping import forget_everything
from app.web.language import COOKIE, LANGUAGES
from app.web.pages import page

blueprint = Blueprint("accounts", __name__)
login_manager = LoginManager()
login_manager.session_protection = None  # a session is a row of ours and ends there

TOKEN = "sign_in"  # noqa: S105 -- the name of the cookie's entry, not a token
KNOWN = "known"  # the name of the cookie that tells which accounts a browser has signed in to
MOST_KNOWN = 10  # accounts that one browser is known to
YEAR = 365 * 24 * 3600


@login_manager.request_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def person_of(_request: Request) -> Person | None:
    """Return the person whom the browser's session belongs to."""
    token = session.get(TOKEN)
    return queries.person_of_session(token, now=clock.real_now()) if token else None


@blueprint.get("/sign-in")
@requires(anyone)
def sign_in(user: object) -> ResponseReturnValue:
    """Show the form, or move on if already signed in."""
    if current_user.is_authenticated:
        return redirect(_next())
    return page("accounts/sign_in.html", form=SignInForm(), next=_next())


@blueprint.post("/sign-in")
@requires(anyone)
def open_session(user: object) -> ResponseReturnValue:
    """Check e-mail and password; the throttle counts before the slow hash is computed."""
    form = SignInForm()
    if not form.validate():
        return page("accounts/sign_in.html", 422, form=form, next=_next())
    email = canonical_email(form.email.data or "")
    counted = throttle.sign_in_counts(_account(email), *_whence(email))
    if not throttle.may_try(counted, now=clock.real_now()):
        return page("accounts/sign_in.html", 429, form=form, next=_next(), is_throttled=True)
    person = queries.person_with(form.email.data or "")
    release()
    if not is_password(form.password.data or "", person.password_hash if person else None):
        return page("accounts/sign_in.html", 422, form=form, next=_next(), is_wrong=True)
    throttle.take_back(counted)
    _remember(person)
    return _know(redirect(_next()), email)


@blueprint.post("/sign-out")
@requires(anyone)
def close_session(user: object) -> ResponseReturnValue:
    """End this browser's session."""
    if TOKEN in session:
        actions.end_session(session[TOKEN])
    session.clear()
    forget_everything()
    return redirect(url_for("gallery.home"))


@blueprint.get("/password-reset")
@requires(anyone)
def password_reset(user: object) -> ResponseReturnValue:
    """Show the form that asks for a reset link."""
    return page("accounts/password_reset.html", form=ResetForm())


@blueprint.post("/password-reset")
@requires(anyone)
def ask_reset(user: object) -> ResponseReturnValue:
    """Mail a link if the address is known; the answer is the same if it is not."""
    form = ResetForm()
    if not form.validate():
        return page("accounts/password_reset.html", 422, form=form)
    email, now = form.email.data or "", clock.real_now()
    account = canonical_email(email)
    if throttle.may_try(throttle.reset_counts(_account(account), *_whence(account)), now=now):
        actions.offer_reset(email, link_to=link_to_password, now=now)
    return page("accounts/password_reset.html", form=form, is_sent=True)


@blueprint.get("/links/<token>")
@requires(anyone)
def one_use_link(user: object, token: str) -> ResponseReturnValue:
    """Show the form of an invitation or a reset. Opening it doesn't use it up."""
    link = queries.usable_link(token, now=clock.real_now())
    return page("accounts/link.html", 200 if link else 404, link=link, form=NewPasswordForm())


@blueprint.post("/links/<token>")
@requires(anyone)
def use_link(user: object, token: str) -> ResponseReturnValue:
    """Set the password, end older sessions, sign in."""
    form, now = NewPasswordForm(), clock.real_now()
    link = queries.usable_link(token, now=now)
    if link is None or not form.validate():
        return page("accounts/link.html", 422 if link else 404, link=link, form=form)
    release()
    password_hash = hash_password(form.password.data or "")
    actions.use_link(link, password_hash, now=now)
    _remember(link.person)
    return _know(redirect(url_for("dashboard.my_work")), canonical_email(link.person.email))


@blueprint.get("/profile")
@requires(signed_in)
def profile(user: object) -> ResponseReturnValue:
    """Show the person's own data and sessions."""
    return _profile()


@blueprint.post("/profile")
@requires(signed_in)
def save_profile(user: object) -> ResponseReturnValue:
    """Save the person's own data."""
    person = db.session.get_one(Person, current_user.id)
    form = ProfileForm().beside(person.nip)
    if not form.validate():
        return _profile(422, form=form)
    identity.rename(person, form.name.data or "", by=person, now=clock.now())
    form.populate_obj(person)
    flash(gettext("Saved."))
    return _with_language(redirect(url_for("accounts.profile")), current_user.language)


@blueprint.post("/profile/password")
@requires(signed_in)
def change_password(user: object) -> ResponseReturnValue:
    """Change the password; every other session ends."""
    form = ChangePasswordForm()
    if not form.validate():
        return _profile(422, password_form=form)
    person = db.session.get_one(Person, current_user.id)
    if status := _refuses_password(person, form.present):
        return _profile(status, password_form=form)
    password_hash = hash_password(form.password.data or "")
    actions.set_password(person, password_hash)
    _remember(person)
    flash(gettext("Your password has been changed, and your other sessions have ended."))
    return redirect(url_for("accounts.profile"))


@blueprint.post("/profile/email")
@requires(signed_in)
def ask_email(user: object) -> ResponseReturnValue:
    """Mail a link to another address; it becomes the account's once the link is used."""
    form, now = NewEmailForm(), clock.real_now()
    if not form.validate():
        return _profile(422, email_form=form)
    person = db.session.get_one(Person, current_user.id)
    if canonical_email(form.email.data or "") == person.email:
        form.email.errors = [gettext("This is already your e-mail address.")]
        return _profile(422, email_form=form)
    if status := _refuses_password(person, form.password):
        return _profile(status, email_form=form)
    key, limit = f"address {person.id}", throttle.NEW_ADDRESSES_A_DAY
    if not throttle.try_again(key, limit=limit, now=now, period=throttle.DAY):
        form.form_errors.append(
            gettext("Too many e-mails have been sent today. Try again tomorrow.")
        )
        return _profile(429, email_form=form)
    identity.ask_new_email(person, form.email.data or "", link_to=link_to_email, now=now)
    flash(
        gettext(
            "An e-mail with a link is on its way to the new address. Use the link within two hours."
        )
    )
    return redirect(url_for("accounts.profile"))


@blueprint.get("/addresses/<token>")
@requires(anyone)
def email_link(user: object, token: str) -> ResponseReturnValue:
    """Ask whether the address shall be the account's. Opening it doesn't use the link up."""
    change = queries.usable_email_change(token, now=clock.real_now())
    return page("accounts/email_link.html", 200 if change else 404, change=change)


@blueprint.post("/addresses/<token>")
@requires(anyone)
def use_email_link(user: object, token: str) -> ResponseReturnValue:
    """Make the address the account's; other sessions end, and this one if it is another's."""
    now = clock.real_now()
    change = queries.usable_email_change(token, now=now)
    if change is None:
        return page("accounts/email_link.html", 404, change=None)
    is_own = current_user.is_authenticated and current_user.id == change.person_id
    person = identity.take_email(change, now=now, at=clock.now())
    flash(gettext("Your e-mail address is now %(email)s.", email=person.email))
    if not is_own:
        return redirect(url_for("accounts.sign_in"))
    _remember(person)
    return _know(redirect(url_for("accounts.profile")), person.email)


@blueprint.post("/profile/sessions")
@requires(signed_in)
def end_sessions(user: object) -> ResponseReturnValue:
    """Sign out everywhere."""
    actions.end_sessions_of(current_user)
    session.clear()
    forget_everything()
    return redirect(url_for("accounts.sign_in"))


@blueprint.post("/language")
@requires(anyone)
def language(user: object) -> ResponseReturnValue:
    """Switch to another language; a signed-in person's letters follow."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES and current_user.is_authenticated:
        current_user.language = chosen
    return _with_language(redirect(_next()), chosen)


def _profile(
    status: int = 200,
    *,
    form: ProfileForm | None = None,
    email_form: NewEmailForm | None = None,
    password_form: ChangePasswordForm | None = None,
) -> ResponseReturnValue:
    """Show the profile with the form that was sent, if one was, and the others as they are."""
    own = digest(session[TOKEN])
    return page(
        "accounts/profile.html",
        status,
        form=form or ProfileForm(formdata=None, obj=current_user),
        email_form=email_form or NewEmailForm(formdata=None),
        password_form=password_form or ChangePasswordForm(formdata=None),
        sessions=[
            (begun.created_at, browser_name(begun.browser), begun.token_hash == own)
            for begun in queries.sessions_of(current_user, now=clock.real_now())
        ],
    )


def _refuses_password(person: Person, field: PasswordField) -> int:
    """Return the status of the answer unless the field holds the person's password, else 0."""
    own = ((f"password {person.id}", throttle.TRIES_EACH),)
    if not throttle.may_try(own, now=clock.real_now()):
        field.errors = [gettext("Too many attempts. Wait 15 minutes and try again.")]
        return 429
    release()
    if not is_password(field.data or "", person.password_hash):
        field.errors = [gettext("This is not your current password.")]
        return 422
    throttle.take_back(own)
    return 0


def _account(email: str) -> str:
    """Return what names an account in counts and cookies, where its address must not stand."""
    return keyed_digest(email, str(current_app.secret_key))


def _whence(email: str) -> tuple[str | None, str | None]:
    """Return the address of the request, and its browser's name if the account knows it."""
    known = _known()
    return request.remote_addr, known.get(_account(email))


def _known() -> dict[str, str]:
    """Return the accounts that this browser has signed in to, each with the browser's name."""
    try:
        found = _signer().loads(request.cookies.get(KNOWN, ""))
    except BadData:
        return {}
    return found if isinstance(found, dict) else {}


def _know(answer: ResponseReturnValue, email: str) -> ResponseReturnValue:
    """Let the browser keep that it has signed in to the account."""
    account, known = _account(email), _known()
    name = known.pop(account, None) or new_token()[:16]
    newest = [*known.items(), (account, name)][-MOST_KNOWN:]
    return _with_cookie(answer, KNOWN, str(_signer().dumps(dict(newest))))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=KNOWN)


def _remember(person: Person | None) -> None:
    if person is None:
        raise TypeError("nobody to sign in")
    lifetime = current_app.permanent_session_lifetime
    session.clear()
    session.permanent = True
    session[TOKEN] = actions.start_session(
        person, browser=request.user_agent.string, lifetime=lifetime, now=clock.real_now()
    )


def _next() -> str:
    """Return where to go next: a path on this site, never on another."""
    place = request.values.get("next", "")
    parts = address_parts(place)
    is_ours = (
        parts is not None
        and place.startswith("/")
        and not parts.netloc
        and not place.startswith(("//", "/\\"))
    )
    return place if is_ours else url_for("dashboard.my_work")


def _with_language(answer: ResponseReturnValue, chosen: str) -> ResponseReturnValue:
    return _with_cookie(answer, COOKIE, chosen) if chosen in LANGUAGES else answer


def _with_cookie(answer: ResponseReturnValue, name: str, value: str) -> ResponseReturnValue:
    """Return the answer with a cookie that lasts a year."""
    response = make_response(answer)
    response.set_cookie(
        name,
        value,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response
