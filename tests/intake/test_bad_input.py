"""A wrong file gets one sentence; a damaged one loses nothing without saying so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from cx.errors import InputError
from cx.intake import Chunk, Options, Plan, Reject, plan, read
from tests.intake.exports import ASK, EASY, made, qualtrics, workbook, zipped

HEAD = ["Date", "NPS", "Comment"]
GOOD = [HEAD, ["2024-05-14", 9, "fine"], ["2024-05-15", 0, "bad"], ["2024-05-16", 7, "so so"]]


def loaded(content: bytes, options: Options | None = None, name: str = "x.csv") -> tuple[Plan, list[dict[str, object]], list[Reject], dict[str, int]]:
    """Plan, rows, rejects and exclusions; checks that every record is in exactly one bucket."""
    understood = plan(content, name, options)
    chunks: list[Chunk] = list(read(understood))
    rows = [r for c in chunks for r in c.rows.to_pylist()]
    rejects = [r for c in chunks for r in c.rejects]
    excluded: dict[str, int] = {}
    for c in chunks:
        for reason, n in c.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + n
    lines = {r["line"] for r in rows}
    assert not lines & {r.line for r in rejects}
    assert sum(c.records for c in chunks) == len(lines) + len(rejects) + sum(excluded.values())
    return understood, rows, rejects, excluded


def bomb() -> bytes:
    return zipped(b"a,b\n" + b"0,0\n" * 20_000_000)


def two_files() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", made(GOOD))
        archive.writestr("b.csv", made(GOOD))
    return out.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty file"),
    "blank": (lambda: b"\n\n  \n", "empty file"),
    "only a mark": (lambda: b"\xef\xbb\xbf", "empty file"),
    "commas only": (lambda: b",,,\n,,,\n", "empty table"),
    "header only": (lambda: made([HEAD]), "found none"),
    "Qualtrics header only": (lambda: b"\n".join(qualtrics().split(b"\n")[:4]) + b"\n", "found none"),
    "no header": (lambda: made([[1, "2024-05-14", 9], [2, "2024-05-15", 3]]), "reads as data"),
    "summary": (lambda: made([["Q1. " + ASK], ["Answer Choices", "Responses"], ["Promoters", "60%"], ["Answered", "100"]]), "summary"),
    "PDF": (lambda: b"%PDF-1.7\n1 0 obj", "PDF"),
    "PNG": (lambda: b"\x89PNG\r\n\x1a\n0000", "PNG"),
    "HTML": (lambda: b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    "binary": (lambda: b"ab\x00\x01\x02cd" * 500, "binary"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "password-protected or old Excel"),
    "truncated XLSX": (lambda: workbook(GOOD)[:2000], "damaged or cut off"),
    "damaged XLSX": (lambda: workbook(GOOD)[:-200] + b"\0" * 200, "damaged or cut off"),
    "two files": (two_files, "found 2"),
    "empty ZIP": (lambda: zipped(b""), "found 0"),
    "bomb": (bomb, "times when unpacked"),
    "ZIP in ZIP": (lambda: zipped(zipped(made(GOOD)), "x.zip"), "another ZIP"),
    "5 000 columns": (lambda: made([[f"c{i}" for i in range(5000)], ["1"] * 5000]), "at most 4,096 columns"),
    "one word": (lambda: b"hello\nworld\n", "survey questions or the columns"),
    "no known column": (lambda: made([["alpha", "beta"], ["x", "y"]]), "survey questions or the columns"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_no_export_is_refused_with_one_sentence(case: str) -> None:
    make, words = REFUSED[case]
    with pytest.raises(InputError) as caught:
        plan(make(), "x.csv")
    sentence = str(caught.value)
    assert words in sentence
    assert "\n" not in sentence
    assert caught.value.expected
    assert caught.value.found
    assert caught.value.action


def test_a_file_above_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(InputError, match="at most 0 MB"):
        plan(made(GOOD), "x.csv", Options(limit=10))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_line_end_and_delimiter_gives_the_same_rows(encoding: str, end: str, delimiter: str) -> None:
    table = [HEAD, ["2024-05-14", 9, "très bien à Besançon, voilà"], ["2024-05-15", 0, "schöne Grüße; später"], ["2024-05-16", 7, "niño | mañana\tçela"]]
    _, rows, rejects, _ = loaded(made(table, delimiter, encoding, end))
    assert [r["score"] for r in rows] == [9, 0, 7]
    assert [r["comment"] for r in rows] == [row[2] for row in table[1:]]
    assert not rejects


def test_a_line_naming_the_separator_and_blank_lines_before_the_header_are_skipped() -> None:
    _, rows, _, _ = loaded(b"sep=;\r\n\r\n;;\r\nDate;NPS;Comment\r\n2024-05-14;9;a,b\r\n")
    assert [(r["score"], r["comment"], r["line"]) for r in rows] == [(9, "a,b", 1)]


def test_a_quoted_line_break_stays_in_its_cell() -> None:
    _, rows, _, _ = loaded(made([HEAD, ["2024-05-14", 9, 'one\ntwo, "three"'], ["2024-05-15", 1, "x"]]))
    assert [(r["comment"], r["line"]) for r in rows] == [('one\ntwo, "three"', 1), ("x", 2)]


def test_a_quote_never_closed_costs_its_own_line_only() -> None:
    _, rows, rejects, _ = loaded(b'Date,NPS,Comment\n2024-05-14,9,"never closed\n2024-05-15,1,"fine"\n2024-05-16,2,"also, fine"\n')
    assert [(r["line"], r["score"], r["comment"]) for r in rows] == [(2, 1, "fine"), (3, 2, "also, fine")]
    assert [(r.line, r.reason) for r in rejects] == [(1, "a quote is opened and never closed")]


def test_inches_in_an_unquoted_cell_are_characters() -> None:
    _, rows, rejects, _ = loaded(b'Date,NPS,Comment\n2024-05-14,9,a 5" screen\n2024-05-15,1,"fine, really"\n')
    assert [r["comment"] for r in rows] == ['a 5" screen', "fine, really"]
    assert not rejects


def test_ragged_records_are_rejected_with_their_number_and_shift_nothing() -> None:
    _, rows, rejects, _ = loaded(b"Date,NPS,Comment\n2024-05-14,9\n2024-05-15,1,b\n\n2024-05-16,2,c,d\n2024-05-17,3,e\n")
    assert [(r["line"], r["score"], r["comment"]) for r in rows] == [(2, 1, "b"), (4, 3, "e")]
    assert [(r.line, r.reason, r.raw) for r in rejects] == [
        (1, "2 cells where the header has 3", ("2024-05-14", "9")),
        (3, "4 cells where the header has 3", ("2024-05-16", "2", "c", "d")),
    ]


def test_mixed_delimiters_are_rejected_line_by_line() -> None:
    _, rows, rejects, _ = loaded(b"Date;NPS;Comment\n2024-05-14;9;a\n2024-05-15,1,b\n2024-05-16;2;c\n")
    assert [r["score"] for r in rows] == [9, 2]
    assert [r.line for r in rejects] == [2]


def test_trailing_blank_columns_are_no_columns() -> None:
    _, rows, rejects, _ = loaded(b"Date,NPS,Comment\n2024-05-14,9,a,\n2024-05-15,1,b,\n")
    assert [r["score"] for r in rows] == [9, 1]
    assert not rejects


def test_a_thousand_columns_are_read() -> None:
    head = [*HEAD, *[f"attribute {i}" for i in range(997)]]
    _, rows, _, _ = loaded(made([head, ["2024-05-14", 9, "ok", *["x"] * 997]]))
    assert len(rows) == 1
    assert str(rows[0]["properties"]).count("attribute") == 997


@pytest.mark.parametrize("cell", ["x" * 10_000_000, 'say ""x"", ' * 800_000, "\u00e9" * 5_000_000], ids=["plain", "quoted", "accents"])
def test_a_cell_of_ten_megabytes_costs_its_own_record_only(cell: str) -> None:
    lines = [",".join(HEAD), "2024-05-14,9,before", f'2024-05-14,9,"{cell}"', "2024-05-14,8,after", '2024-05-15,7,"two\nlines"']
    _, rows, rejects, _ = loaded("\n".join(lines).encode())
    assert [(row["score"], row["comment"]) for row in rows] == [(9, "before"), (8, "after"), (7, "two\nlines")]
    assert [(reject.line, reject.reason) for reject in rejects] == [(2, "is longer than 1,048,576 characters")]
    assert rejects[0].value.startswith("2024-05-14 9")


def test_repeated_headers_are_numbered() -> None:
    understood, rows, _, _ = loaded(made([["Date", "NPS", "Other", "Other"], ["2024-05-14", 9, "a", "b"]]))
    assert [c.name for c in understood.columns] == ["Date", "NPS", "Other", "Other (2)"]
    assert rows[0]["properties"] == '{"Other": "a", "Other (2)": "b"}'


def test_a_scale_of_1_to_10_is_a_rating_until_it_is_confirmed() -> None:
    table = [["Date", ASK], *[["2024-05-14", n] for n in (1, 10, 9, 5)]]
    understood, rows, _, _ = loaded(made(table))
    assert {r["metric"] for r in rows} == {"rating"}
    assert any("--scale 0-10" in w for w in understood.warnings)
    _, rows, _, _ = loaded(made(table), Options(scale=(0, 10)))
    assert {r["metric"] for r in rows} == {"nps"}
    _, rows, _, _ = loaded(made(table), Options(scale=(1, 10)))
    assert {(r["metric"], r["scale_min"], r["scale_max"]) for r in rows} == {("rating", 1, 10)}


def test_dates_that_can_be_read_both_ways_are_asked_for() -> None:
    table = [["Date", "NPS"], ["03/04/2024", 9], ["05/06/2024", 0]]
    understood = plan(made(table), "x.csv")
    assert [(a.option, a.choices) for a in understood.asks] == [("dates", ("dmy", "mdy"))]
    with pytest.raises(InputError, match="--dates dmy or --dates mdy"):
        next(read(understood))
    _, rows, _, _ = loaded(made(table), Options(dates="mdy"))
    assert str(rows[0]["answered_at"]) == "2024-03-04 00:00:00"
    _, rows, _, _ = loaded(made(table), Options(dates="dmy"))
    assert str(rows[0]["answered_at"]) == "2024-04-03 00:00:00"


def test_one_day_above_twelve_settles_the_whole_column() -> None:
    _, rows, _, _ = loaded(made([["Date", "NPS"], ["03/04/24", 9], ["25/06/24", 0]]))
    assert [str(r["answered_at"]) for r in rows] == ["2024-04-03 00:00:00", "2024-06-25 00:00:00"]


def test_effort_without_a_direction_is_asked_for() -> None:
    table = [["Date", "CES"], ["2024-05-14", 5], ["2024-05-14", 7]]
    understood = plan(made(table), "x.csv")
    assert understood.asks[0].option == "effort"
    with pytest.raises(InputError, match="--effort"):
        next(read(understood))
    _, rows, _, _ = loaded(made(table), Options(effort="higher-is-worse"))
    assert {r["higher_is_better"] for r in rows} == {False}


def test_a_guess_about_effort_is_stated() -> None:
    for text, scores, better in ((EASY, (7, 1), True), ("How much effort did you have to put in?", (5, 1), False), ("Wie einfach war es für Sie?", (7, 2), True)):
        understood, rows, _, _ = loaded(made([["Date", text], *[["2024-05-14", s] for s in scores]]))
        assert {(r["metric"], r["higher_is_better"]) for r in rows} == {("ces", better)}
        assert any("--effort" in w for w in understood.warnings)


def test_scores_off_the_scale_reject_their_record() -> None:
    _, rows, rejects, excluded = loaded(made([["Date", "NPS", "Name of shop"], *[["2024-05-14", n, "x"] for n in (9, 11, -1, 7.5, "great", "", "N/A", 0, 10, 8, 3)]]))
    assert [r["score"] for r in rows if r["metric"] == "nps"] == [9, 0, 10, 8, 3]
    assert [(r.line, r.column, r.value) for r in rejects] == [(2, "NPS", "11"), (3, "NPS", "-1"), (4, "NPS", "7.5"), (5, "NPS", "great")]
    assert {r.reason for r in rejects} == {"is not a whole number from 0 to 10"}
    assert excluded.get("empty", 0) + len([r for r in rows if r["metric"] != "nps"]) == 2


def test_a_scale_of_which_one_end_is_labelled_is_asked_for() -> None:
    head = ["Date", "Rate our app"]
    understood = plan(made([head, *[["2024-05-14", n] for n in ("5: excellent", 4, 3, 2)]]), "x.csv")
    assert understood.asks[0].option == "scale"
    understood, rows, _, _ = loaded(made([head, *[["2024-05-14", n] for n in ("5: excellent", 4, 3, "1: awful")]]))
    assert [r["score"] for r in rows] == [5, 4, 3, 1]


@pytest.mark.parametrize(
    ("cells", "scores", "high"),
    [
        (("9/10", "0/10", "10/10"), (9, 0, 10), 10),
        (("★★★★★", "★★★☆☆", "★☆☆☆☆"), (5, 3, 1), 5),
        (("4,5", "3", "1"), (4.5, 3, 1), 5),
        (("80%", "55%", "100%"), (80, 55, 100), 100),
        (("Sehr zufrieden", "Unzufrieden", "Zufrieden"), (5, 2, 4), 5),
        (("Très satisfait", "Insatisfait", "Satisfait"), (5, 2, 4), 5),
        (("Muy satisfecho", "Insatisfecho", "Satisfecho"), (5, 2, 4), 5),
        (("Muito satisfeito", "Insatisfeito", "Satisfeito"), (5, 2, 4), 5),
        (("Excellent - 5", "Poor - 2", "Awful - 1"), (5, 2, 1), 5),
    ],
)
def test_scores_are_read_as_people_write_them(cells: tuple[str, ...], scores: tuple[float, ...], high: float) -> None:
    _, rows, rejects, _ = loaded(made([["Date", "How satisfied are you?"], *[["2024-05-14", c] for c in cells]], ";"))
    assert tuple(r["score"] for r in rows) == scores
    assert {(r["metric"], r["scale_max"]) for r in rows} == {("csat", high)}
    assert not rejects


def test_excel_serials_and_unix_seconds_are_dates() -> None:
    for cells in (("45426", "45427.5"), ("1715644800", "1715774400")):
        _, rows, _, _ = loaded(made([["Date", "NPS"], *[[c, 9] for c in cells]]))
        assert [str(r["answered_at"]) for r in rows] == ["2024-05-14 00:00:00", "2024-05-15 12:00:00"]


def test_times_are_local_to_the_zone_named() -> None:
    _, rows, _, _ = loaded(made([["Date", "NPS"], ["2024-07-01 12:00:00", 9], ["2024-12-01 12:00:00", 9], ["2024-03-31 02:30:00", 9]]), Options(zone="Europe/Berlin"))
    assert [str(r["answered_at"]) for r in rows] == ["2024-07-01 10:00:00", "2024-12-01 11:00:00", "2024-03-31 01:30:00"]


def test_formula_guards_are_undone_and_formulas_stay_text() -> None:
    _, rows, _, _ = loaded(made([["Date", "NPS", "Comment", "Customer ID"], ["2024-05-14", 9, "=1+1", '="007"']]))
    assert (rows[0]["comment"], rows[0]["customer_id"]) == ("=1+1", "007")


def test_the_word_na_in_a_text_is_kept() -> None:
    _, rows, _, _ = loaded(made([["Date", "NPS", "Comment", "Country"], ["2024-05-14", 9, "NA", "NA"]]))
    assert (rows[0]["comment"], rows[0]["country"]) == ("NA", "NA")


def test_ten_equal_anonymous_answers_are_ten_rows_with_the_same_keys_next_time() -> None:
    content = made([["Date", "NPS"], *[["2024-05-14", 9]] * 10, ["2024-05-14", 8]])
    _, rows, _, _ = loaded(content)
    keys = [r["key"] for r in rows]
    assert len(set(keys)) == 11
    assert keys == [r["key"] for r in loaded(content)[1]]


def test_the_user_beats_every_guess() -> None:
    table = [["when", "Q7", "words", "noise"], ["2024-05-14", 9, "a", "z"], ["2024-05-15", 0, "b", "z"]]
    wish = {"when": "answered_at", "Q7": "nps", "words": "comment", "noise": "ignore"}
    understood, rows, _, _ = loaded(made(table), Options(columns=wish, survey="Mine"))
    assert [(r["metric"], r["score"], r["comment"], r["survey"], r["properties"]) for r in rows] == [("nps", 9, "a", "Mine", None), ("nps", 0, "b", "Mine", None)]
    assert {c.name: c.field for c in understood.columns} == wish


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(columns={"Nowhere": "nps"}), "Nowhere"),
        (Options(columns={"NPS": "colour"}), "colour"),
        (Options(columns={"NPS": "survey", "Comment": "survey"}), "two mapped"),
        (Options(dataset="cheese"), "cheese"),
        (Options(zone="Mars/Base"), "Mars/Base"),
        (Options(dates="ydm"), "ydm"),
        (Options(effort="up"), "up"),
        (Options(scale=(10, 0)), "turn it round"),
        (Options(tool="abacus"), "abacus"),
    ],
)
def test_an_option_that_cannot_be_followed_is_refused(options: Options, words: str) -> None:
    with pytest.raises(InputError, match=words):
        plan(made(GOOD), "x.csv", options)


def test_a_dataset_without_a_needed_column_asks_for_it() -> None:
    understood = plan(made([["ticket_id", "subject", "status", "priority"], ["1", "x", "open", "low"]]), "t.csv", Options(dataset="tickets"))
    assert [(a.option, a.column) for a in understood.asks] == [("columns", "created_at")]
    with pytest.raises(InputError, match="--map COLUMN=created_at"):
        next(read(understood))


def test_a_plan_survives_json() -> None:
    understood = plan(qualtrics(), "x.csv", Options(zone="Europe/Berlin", scale=(0, 10), columns={"Q2": "comment"}))
    again = Plan.from_json(understood.to_json(), understood.source)
    assert again == understood
    assert [c.rows for c in read(again)] == [c.rows for c in read(understood)]
