"""The forms in which authors say what everyone may see."""

from dataclasses import fields

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField

from app.proposals.showcase.actions import Agreed
from app.web.fields import Form, line


class AgreeForm(Form):
    """Which parts of the proposal become public."""

    shows_summary = BooleanField(lazy_gettext("The summary"), default=True)
    shows_description = BooleanField(
        lazy_gettext("The whole description: background, novelty, results and the like"),
        description=lazy_gettext("Others can learn from it. Make sure that it names nobody."),
    )
    shows_video = BooleanField(lazy_gettext("The video link"))
    shows_themes = BooleanField(lazy_gettext("The goals and other answers that were chosen"))
    takes_requests = BooleanField(
        lazy_gettext("Others may ask us about replicating it"),
        default=True,
        description=lazy_gettext(
            "Requests reach you in the app; your addresses are shown to nobody."
        ),
    )

    def agreed(self) -> Agreed:
        """Return what was ticked."""
        return Agreed(**{field.name: self[field.name].data for field in fields(Agreed)})


class PictureForm(Form):
    """A picture, and what it shows."""

    picture = FileField(
        lazy_gettext("Picture (PNG or JPEG, at most 5 MB)"),
        description=lazy_gettext(
            "Best in landscape format. Show no people who haven't agreed to it."
        ),
    )
    picture_text = line(
        lazy_gettext("What the picture shows"),
        300,
        description=lazy_gettext("A sentence for people who can't see it."),
    )
