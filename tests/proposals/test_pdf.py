"""PDFs as people have them: what readers open is taken, what nobody can open is refused in words.

The samples beside were made by pypdf and ReportLab; the password of the locked ones is “rahasia”.
"""

import re
from pathlib import Path

import pytest

from app.database import transaction
from app.proposals.pdf import Password, password_of
from tests.cast import screener
from tests.conftest import E
from tests.factories import the_edition, the_proposal
from tests.proposals.test_files import attach, newest

SAMPLES = Path(__file__).parent / "pdf"
PRINTED = (SAMPLES / "lead-newline.pdf").read_bytes()[1:]
MAIL = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n"
PRINTER = b"\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE = PDF\r\n"
CUT_OFF = "Bagian akhir PDF ini tidak ada"
LOCKED = "PDF ini meminta kata sandi"
WARNING = "mungkin meminta kata sandi"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.pdf").read_bytes()


def sent_back(author, place: str) -> bytes:
    """What the newest attachment is handed out as."""
    return author.get(f"{place}/attachments/{newest(author.app).id}").body


@pytest.mark.field("cases 9")
@pytest.mark.parametrize("name", ["lead-newline", "lead-crlf-5", "lead-bom-newline"])
def test_a_few_bytes_before_the_header_are_kept(author, place, name):
    assert attach(author, place, sample(name)).status_code == 302
    assert sent_back(author, place) == sample(name)


@pytest.mark.field("cases 9")
@pytest.mark.parametrize(
    ("before", "status"),
    [
        (b"\xef\xbb\xbf", 302),
        (MAIL, 302),
        (PRINTER, 302),
        (b"\0" * 512, 302),
        (b" " * 1024, 302),
        (b" " * 1025, 422),
        (b"MZ\x90\x00" + b"x" * 100, 422),
        (b"PK\x03\x04" + b"x" * 100, 422),
    ],
    ids=["bom", "mail", "printer", "zeros", "last place", "too late", "program", "zip"],
)
def test_a_header_is_looked_for_where_readers_look(author, place, before, status):
    assert attach(author, place, before + PRINTED).status_code == status


@pytest.mark.field("cases 10")
@pytest.mark.parametrize("name", ["truncated-half", "header-then-html"])
def test_a_pdf_without_its_end_is_refused_in_words(author, place, name):
    answer = attach(author, place, sample(name))
    assert answer.status_code == 422
    assert CUT_OFF in answer.text


@pytest.mark.field("cases 10")
@pytest.mark.parametrize("name", ["rc4-40", "rc4-128", "aes-128", "aes-256-r5"])
def test_a_password_to_open_is_refused_and_one_to_change_is_taken(author, place, name):
    answer = attach(author, place, sample(f"{name}-user"))
    assert answer.status_code == 422
    assert LOCKED in answer.text
    assert attach(author, place, sample(f"{name}-owner")).status_code == 302
    assert WARNING not in author.get(f"{place}/documents").text


@pytest.mark.field("cases 10")
@pytest.mark.parametrize(
    "name", ["aes-256-user", "aes-256-owner", "aes-256-user-of-another-program"]
)
def test_where_it_can_not_be_told_the_author_is_warned_and_can_replace_it(author, place, name):
    attach(author, place, sample(name))
    after = author.get(f"{place}/documents").text
    assert "Berkas ini terenkripsi dan mungkin meminta kata sandi" in after
    assert after.count(WARNING) == 2  # the notice, and beside the file
    assert WARNING in author.get(f"{place}/submission").text
    attach(author, place, PRINTED)
    assert WARNING not in author.get(f"{place}/documents").text


@pytest.mark.field("cases 10")
def test_the_checklist_shows_the_warning(make_app, browse):
    app = make_app("screening")
    reader, page = browse(app, screener), f"{E}/proposals/1/eligibility"
    assert WARNING not in reader.get(page).text
    with app.app_context(), transaction(writing=True):
        the_edition()
        the_proposal(1).attachments[0].may_be_locked = True
    assert WARNING in reader.get(page).text


ODD = {
    "eight bytes": (b"%PDF-1.4", 422),
    "junk after the end": (PRINTED + b"<!-- mail footer -->" * 20, 302),
    "padded with zeros": (PRINTED + b"\0" * 8192, 302),
    "a damaged table": (PRINTED.replace(b"xref", b"xxxx", 1), 302),
    "a wrong startxref": (re.sub(rb"startxref\s+\d+", b"startxref\n7", PRINTED), 302),
    "without %%EOF": (PRINTED.replace(b"%%EOF", b""), 302),
    "words about encryption": (PRINTED.replace(b"/Author", b"/Encrypt 1 0 R /Author", 1), 302),
}


@pytest.mark.field("cases 10")
@pytest.mark.parametrize("name", ODD)
def test_what_readers_open_is_taken(author, place, name):
    content, status = ODD[name]
    assert attach(author, place, content).status_code == status
    assert WARNING not in author.get(f"{place}/documents").text


def in_a_stream(content: bytes) -> bytes:
    """The same with a cross-reference stream, as newer programs write them."""
    before, _, after = content.partition(b"xref\n")
    entries = after.split(b"trailer\n<<", 1)[1].split(b">>\nstartxref", 1)[0]
    stream = (
        b"9 0 obj\n<< /Type /XRef /W [1 2 1] /Length 0" + entries + b">>\nstream\n\nendstream\n"
    )
    return before + stream + b"endobj\nstartxref\n%d\n%%%%EOF\n" % len(before)


def in_brackets(content: bytes) -> bytes:
    """The same with the texts of its encryption in brackets, as other programs write them."""

    def bracketed(found: re.Match[bytes]) -> bytes:
        text = bytes.fromhex(found[2].decode())
        escaped = re.sub(rb"[()\\]", lambda each: b"\\" + each[0], text).replace(b"\r", b"\\r")
        return found[1] + b"(" + escaped + b")"

    return re.sub(rb"(/[OU] )<([0-9a-f]+)>", bracketed, content)


WRITTEN = [
    bytes,
    in_a_stream,
    in_brackets,
    lambda content: MAIL + content,
    lambda content: re.sub(rb"startxref\s+\d+", b"startxref\n1", content),
    lambda content: content.replace(b"/P 4294967292", b"/P -4"),
]


@pytest.mark.field("cases 10")
@pytest.mark.parametrize("write", WRITTEN)
@pytest.mark.parametrize("name", ["rc4-40", "rc4-128", "aes-128", "aes-256-r5"])
def test_a_password_is_found_however_the_file_is_written(write, name):
    assert password_of(write(sample(f"{name}-user"))) is Password.ASKED
    assert password_of(write(sample(f"{name}-owner"))) is Password.NONE


@pytest.mark.parametrize(
    "dictionary",
    [
        b"",
        b"/Filter /Standard",
        b"/Filter /Adobe.PubSec /V 4 /R 4",
        b"/Filter /Standard /V 1 /R 2 /O (x /U (y",
        b"/Filter /Standard /V 2 /R 3 /Length 0 /P x /O <0> /U <1>",
        b"/Filter /Standard /V 9 /R 99999999999999999999 /O () /U ()",
    ],
)
def test_an_encryption_that_is_written_unlike_any_can_not_be_told(dictionary):
    content = b"%PDF-1.7\ntrailer\n<< /Encrypt << " + dictionary + b" >> >>\nstartxref\n9\n%%EOF"
    assert password_of(content) is Password.UNKNOWN
