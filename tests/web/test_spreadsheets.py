"""Tables that people send in: read as a spreadsheet shows them, or refused with a remedy."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from app.web import spreadsheets
from app.web.spreadsheets import Format, read_table, write_table
from app.workflow import DomainError

KNOWN = ("code", "name", "kind", "parent_code", "text: Ringkasan")
CODES = ("code", "parent_code")
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(content: bytes | str, name: str = "x.csv") -> spreadsheets.SheetTable:
    content = content.encode() if isinstance(content, str) else content
    return read_table(content, name, known=KNOWN, codes=CODES)


def flaws(table: spreadsheets.SheetTable) -> list[tuple[int, str, str]]:
    """Row, column and the word for each flaw."""
    words = {message: word for word, message in spreadsheets._FLAWS.items()}
    return [(flaw.row, flaw.column, words[flaw.message]) for flaw in table.flaws]


def refusal(content: bytes | str, name: str = "x.csv") -> str:
    with pytest.raises(DomainError) as refused:
        read(content, name)
    words = {message: word for word, message in spreadsheets._REFUSALS.items()}
    return words.get(refused.value.message, "too much")


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def packed(name: str, part: str) -> bytes:
    """A workbook in which one part says what we want it to say."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(("code", "name"), ("K1", "Dinas")))) as whole,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for other in whole.namelist():
            if other != name:
                made.writestr(other, whole.read(other))
        made.writestr(name, part)
    return file.getvalue()


LONGER = [
    "code,kind,name\r\nK1,dinas,Dinas Pemberdayaan Perempuan, Perlindungan Anak, dan KB\r\n",
    "code;kind;name\nK1;dinas;satu;dua\n",
    "kind,name\ndinas,Dr. H. Andi Contoh, S.Sos., M.Si\n",
    "code,text: Ringkasan,\nK1,Layanan cepat, murah, dan dekat.\n",
]


@pytest.mark.field("cases 3")
@pytest.mark.parametrize("content", LONGER)
def test_a_row_longer_than_the_first_is_a_fault_with_its_number(content):
    assert (2, "", "wider") in flaws(read(content))


@pytest.mark.field("cases 3")
@pytest.mark.parametrize("content", ['code,name\nK1,"a, b, c"\n', "code,name,,\nK1,a,,,,\n"])
def test_quoted_commas_and_empty_cells_at_the_end_are_no_fault(content):
    assert flaws(read(content)) == []


PLAIN = "code,name,kind\r\nU16,Dinas Uji é,dinas\r\n"
ENCODED = [
    *(PLAIN.encode(encoding) for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16")),
    b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    PLAIN.replace(",", "\t").encode("utf-16"),
    PLAIN.replace("\r\n", "\r").encode(),
]


@pytest.mark.field("cases 12")
@pytest.mark.parametrize("content", ENCODED)
def test_a_file_is_read_in_the_encoding_in_which_excel_saves_it(content):
    table = read(content)
    assert table.columns == ["code", "name", "kind"]
    assert table.rows == [(2, {"code": "U16", "name": "Dinas Uji é", "kind": "dinas"})]


@pytest.mark.field("cases 12")
@pytest.mark.parametrize(
    "content", [PLAIN.encode("utf-16-le"), PLAIN.encode("utf-32"), PLAIN.encode("utf-16") + b"x"]
)
def test_an_encoding_that_nothing_names_is_refused_in_words(content):
    assert refusal(content) == "no csv"


DELIMITED = [
    "sep=;\r\ncode;name;kind\r\nS1;Dinas, Uji;dinas\r\n",
    '"SEP=|"\ncode|name|kind\nS1|Dinas, Uji|dinas\n',
    "sep=\t\ncode\tname\tkind\nS1\tDinas, Uji\tdinas\n",
    "code;name;kind;catatan, lain, lain, lain\r\nS1;Dinas, Uji;dinas;x\r\n",
    '"Catatan, lain; lain; lain; lain",code,name,kind\nx,S1,"Dinas, Uji",dinas\n',
    "Kode; satu; dua; tiga\tCODE\tName\tkind\nx\tS1\tDinas, Uji\tdinas\n",
]


@pytest.mark.field("cases 12")
@pytest.mark.parametrize("content", DELIMITED)
def test_the_delimiter_is_what_gives_the_most_known_columns(content):
    ((row, cells),) = read(content).rows
    assert row == 2
    assert {key: cells[key] for key in ("code", "name", "kind")} == {
        "code": "S1",
        "name": "Dinas, Uji",
        "kind": "dinas",
    }


@pytest.mark.field("cases 12")
def test_the_names_of_columns_are_read_without_what_the_eye_does_not_see():
    assert read("\u200bCode\u00a0,TEXT: ringkasan,Lain : Lagi\nK1,x,y\n").columns == [
        "code",
        "text: Ringkasan",
        "Lain : Lagi",
    ]


@pytest.mark.field("cases 12")
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'01", "01"),
        ("'1.10", "1.10"),
        ("’0812-345 678", "0812-345 678"),
        ("'=1+1", "=1+1"),
        ("'Umar", "'Umar"),
        ("Jum'at", "Jum'at"),
        ("'90-an", "'90-an"),
    ],
)
def test_the_apostrophe_before_a_number_goes(written, meant):
    assert read(f"code,name\n{written},x\n").rows[0][1]["code"] == meant


NUMBERS = [
    (4, "number"),
    (1.1, "number"),
    (197512312005011008, "digits"),
    (1.97512312005011e17, "digits"),
    (date(2026, 10, 1), "number"),
    ("1,97512E+17", "digits"),
    ("#N/A", "error"),
    ("=1/0", "unreckoned"),
]


@pytest.mark.field("cases 12")
@pytest.mark.parametrize(("value", "word"), NUMBERS)
def test_a_number_or_an_error_where_a_code_is_meant_is_a_fault(value, word):
    table = read(workbook(("code", "name"), (value, "Dinas")), "x.xlsx")
    assert flaws(table) == [(2, "code", word)]


@pytest.mark.field("cases 12")
def test_elsewhere_only_a_number_that_has_lost_digits_is_a_fault_and_only_where_it_is_read():
    rows = (("code", "name", "nip"), ("K1", 2019, 10**17), ("K2", 10**17, "#N/A"), ("K3", True, 0))
    table = read(workbook(*rows), "x.xlsx")
    assert flaws(table) == [(3, "name", "digits")]
    assert [cells["name"] for _, cells in table.rows] == ["2019", str(10**17), "True"]


ERRORS = ["#N/A", "#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#n/a", "Err:502", "########"]


@pytest.mark.field("cases 12")
@pytest.mark.parametrize("error", ERRORS)
def test_the_error_of_a_formula_is_a_fault_in_csv_too(error):
    assert flaws(read(f"code,name\nK1,{error}\n")) == [(2, "name", "error")]
    assert flaws(read(f"code,name\nK1,Dinas {error} #1\n")) == []


@pytest.mark.field("cases 12")
def test_a_formula_with_a_value_is_read_and_one_without_is_a_fault():
    cells = (
        '<row r="1"><c r="A1" t="str"><v>code</v></c><c r="B1" t="str"><v>name</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>UPPER("k1")</f><v>K1</v></c>'
        '<c r="B2" t="str"><f>B9</f><v></v></c></row>'
    )
    part = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    table = read(packed(SHEET, part), "x.xlsx")
    assert table.rows == [(2, {"code": "K1", "name": ""})]
    assert flaws(table) == [(2, "name", "unreckoned")]


@pytest.mark.field("cases 12")
def test_the_first_visible_sheet_is_read():
    book = Workbook()
    book.active.append(("code", "name"))
    book.active.append(("OLD", "Dinas Lama tersembunyi"))
    book.active.sheet_state = "veryHidden"
    book.create_sheet("Petunjuk").sheet_state = "hidden"
    shown = book.create_sheet("Data")
    shown.append(("code", "name"))
    shown.append(("H1", "Dinas Data"))
    book.active = 2
    assert read(saved(book), "x.xlsx").rows == [(2, {"code": "H1", "name": "Dinas Data"})]


WIDE = ",".join(f"kolom {number}" for number in range(201))
REFUSED = [
    (b"x," * 2_000_000, "empty.csv", "columns"),
    (WIDE.encode(), "x.csv", "columns"),
    (b"code\n" + b"x\n" * 10_001, "x.csv", "rows"),
    (b"\n \n", "x.csv", "empty"),
    (b'code,name\nK1,"' + b"x,\n" * 200_000, "x.csv", "no csv"),
    (b"code,name\n" + b"K1," + b"x" * 11_000_000 + b"\n", "x.csv", None),
    (b"PK\x03\x04zzz", "x.xlsx", "no xlsx"),
]


@pytest.mark.field("security F18")
@pytest.mark.parametrize(("content", "name", "word"), REFUSED)
def test_a_file_beyond_a_bound_is_refused_in_a_sentence(content, name, word):
    if word:
        assert refusal(content.replace(b"x,", b"x ,", 1), name) == word
    else:
        assert flaws(read(content, name)) == [(2, "name", "long")]


@pytest.mark.field("security F18")
def test_a_workbook_beyond_a_bound_is_refused_in_a_sentence():
    strings = f'<sst xmlns="{MAIN}">{"<si><t>x</t></si>" * 500_001}</sst>'
    assert refusal(packed(STRINGS, strings), "x.xlsx") == "strings"
    assert refusal(workbook([f"k{number}" for number in range(300)]), "x.xlsx") == "columns"
    far = '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
    part = f'<worksheet xmlns="{MAIN}"><sheetData>{far}</sheetData></worksheet>'
    assert refusal(packed(SHEET, part), "x.xlsx") == "no xlsx"


@pytest.mark.field("security F18")
def test_a_file_that_takes_too_long_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(spreadsheets, "SECONDS", 1)
    cells = '<row r="1">' + "<c><v>1</v></c>" * 2_000_000 + "</row>"
    part = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    assert refusal(packed(SHEET, part), "x.xlsx") == "too much"


@pytest.mark.field("security F18")
def test_more_text_than_the_reader_may_write_is_refused_in_a_sentence():
    cell = "\1" * 99_000  # six characters each in JSON
    assert refusal("code\n" + f"{cell}\n" * 40) == "text"


@pytest.mark.long
@pytest.mark.field("security F18")
@pytest.mark.parametrize("kind", [Format.CSV, Format.XLSX])
def test_10_000_rows_of_40_columns_are_read(kind):
    columns = [f"k{number}" for number in range(40)]
    rows = [[f"{row} {column} isi" for column in columns] for row in range(10_000)]
    assert len(read(write_table(kind, columns, rows), f"x.{kind}").rows) == 10_000
