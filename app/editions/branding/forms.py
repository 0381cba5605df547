"""The form of how an organisation shows itself."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField

from app.web.fields import Form, block, line


class BrandingForm(Form):
    """Emblem, colour, contact and statements."""

    emblem = FileField(
        lazy_gettext("Emblem (PNG or JPEG, at most 5 MB)"),
        description=lazy_gettext("It stands at the top of every page. Without a file it stays."),
    )
    colour = line(
        lazy_gettext("Colour of the page header"),
        7,
        required=False,
        description=lazy_gettext(
            "As # and six digits, such as #0b5d53; dark enough for white text. Empty: no colour."
        ),
        filters=[lambda text: text.strip().lower() if text else text],
    )
    contact = block(
        lazy_gettext("Contact for the public"),
        1000,
        description=lazy_gettext("Office, address, telephone and e-mail of the office."),
    )
    privacy = block(
        lazy_gettext("Privacy statement (replaces the standard text)"),
        20_000,
    )
    privacy_en = block(lazy_gettext("Privacy statement in English"), 20_000)
    accessibility = block(
        lazy_gettext("Accessibility statement (replaces the standard text)"), 20_000
    )
    accessibility_en = block(lazy_gettext("Accessibility statement in English"), 20_000)
