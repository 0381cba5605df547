"""The forms in which others ask to replicate an innovation, and its authors answer."""

from flask_babel import lazy_gettext

from app.accounts.forms import NOT_AN_ADDRESS
from app.web.fields import Form, block, email_line, line, own, person_line


class _StrangerForm(Form):
    """Who asks, where nobody is signed in: asked first, and so first among what is wrong."""

    name = person_line(lazy_gettext("Your name"), render_kw=own("name"))
    email = email_line(
        lazy_gettext("Your e-mail"),
        NOT_AN_ADDRESS,
        description=lazy_gettext("For the link, and for the answer. It is shown to nobody."),
        render_kw=own("email"),
    )


class KnownAskerForm(Form):
    """What somebody asks whose name and address are known."""

    institution = line(lazy_gettext("Your institution"), 200, render_kw=own("organization"))
    message = block(
        lazy_gettext("What would you like to replicate, and what do you need for it?"),
        3000,
        required=True,
    )


class AskerForm(_StrangerForm, KnownAskerForm):
    """What a stranger asks, and who they are."""


class RequestAnswerForm(Form):
    """What the authors answer."""

    answer = block(
        lazy_gettext("Your answer"),
        3000,
        required=True,
        description=lazy_gettext(
            "It is e-mailed to the person who asked. Your address is not passed on: say how you "
            "can be reached, if you would like to continue the conversation."
        ),
    )
