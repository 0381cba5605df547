"""What is answered to whoever may open the ranking's pages, but not read the ranking yet."""

from flask.typing import ResponseReturnValue

from app.editions.models import Edition
from app.editions.permissions import User
from app.scoring.reading import waits_for_second_look
from app.web.pages import page


def no_ranking(user: User, edition: Edition) -> ResponseReturnValue:
    """Refuse the ranking, and say whether a conflict bars the user or a second look does."""
    waits = waits_for_second_look(user, edition)
    return page("scoring/no_ranking.html", 403, edition=edition, waits_for_second_look=waits)
