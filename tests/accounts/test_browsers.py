"""What a browser is called on the page of one's sessions."""

import pytest

from app.accounts.browsers import browser_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WEBKIT} Chrome/142.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (f"Mozilla/5.0 (Linux; Android 15) {CHROME}", "Chrome, Android"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {CHROME} Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
        ("<b>" * 100, ("<b>" * 100)[:80]),
    ],
)
def test_a_browser_is_called_by_program_and_system(agent, name):
    assert browser_name(agent) == name
