from textwrap import dedent

from policylang.diagnostics.model import Diagnostic, Label
from policylang.diagnostics.render_text import ANSI, render_text, summary
from policylang.source.spans import NOWHERE, Span
from policylang.source.text import SourceText
from policylang.source.tree import tree_of

RULES = "language 1\n\ndeny risky on orders when claims.risk > 50\nallow read on orders always\n"
FILES = (SourceText("orders.rules", RULES), SourceText("z.rules", "deny x\ton y always"))


def at(text: str, file: int = 0) -> Span:
    start = FILES[file].text.index(text)
    return Span(file, start, start + len(text))


def test_a_diagnostic_shows_its_line_carets_and_help() -> None:
    diagnostic = Diagnostic(
        "R204",
        "claim `risk` may be absent, so this comparison has no answer",
        (Label(at("claims.risk"), "int 0..100, optional (declared at line 15)"),),
        help=(
            f"say what a missing risk means:  claims.risk absent or claims.risk > 50\n{' ' * 32}(claims.risk ?? 0) > 50",
        ),
        notes=("claims are optional where an issuer lacks them",),
    )
    assert render_text([diagnostic], FILES, base="rules/") == dedent("""\
        error[R204]: claim `risk` may be absent, so this comparison has no answer
         --> rules/orders.rules:3:27
          |
        3 | deny risky on orders when claims.risk > 50
          |                           ^^^^^^^^^^^ int 0..100, optional (declared at line 15)
          = note: claims are optional where an issuer lacks them
          = help: say what a missing risk means:  claims.risk absent or claims.risk > 50
                                                  (claims.risk ?? 0) > 50

        1 error
        """)


def test_labels_on_several_lines_and_files_each_have_their_place() -> None:
    diagnostic = Diagnostic(
        "R300",
        "twice",
        (
            Label(at("read"), "second"),
            Label(at("language"), "far"),
            Label(at("risky"), "first"),
            Label(at("x\ton", 1), "there"),
        ),
    )
    assert render_text([diagnostic], FILES) == dedent("""\
        error[R300]: twice
         --> orders.rules:4:7
          |
        1 | language 1
          | -------- far
        ...
        3 | deny risky on orders when claims.risk > 50
          |      ----- first
        4 | allow read on orders always
          |       ^^^^ second
         ::: z.rules:1:6
          |
        1 | deny x  on y always
          |      ----- there

        1 error
        """)


def test_numbers_are_aligned_and_a_span_over_lines_is_marked_on_its_first() -> None:
    source = SourceText("a.rules", "\n" * 8 + "ab\ncd\nef")
    diagnostic = Diagnostic("R100", "t", (Label(Span(0, 9, 15)), Label(Span(0, 14, 16))))
    assert render_text([diagnostic], [source]) == dedent("""\
        error[R100]: t
          --> a.rules:9:2
           |
         9 | ab
           |  ^
        ...
        11 | ef
           | --

        1 error
        """)


def test_what_is_about_no_file_or_an_unreadable_one_has_no_line() -> None:
    nowhere = Diagnostic("R701", "empty", (Label(NOWHERE),), help=("add one",))
    assert render_text([nowhere], []) == "error[R701]: empty\n  = help: add one\n\n1 error\n"
    unreadable = Diagnostic("R711", "not UTF-8", (Label(NOWHERE),))
    shown = render_text([unreadable], [SourceText("b.rules", "", readable=False)])
    assert shown == "error[R711]: not UTF-8\n --> b.rules\n\n1 error\n"


def test_nothing_in_names_or_text_reaches_the_terminal_raw() -> None:
    files = [SourceText("a\x1b.rules", "x \x1b]0;owned\x07 \u202eb")]
    diagnostic = Diagnostic("R100", "t\x1b[2J", (Label(Span(0, 0, 1), "l\x9b"),), help=("h\x1b",), notes=("n\r",))
    assert all(c.isprintable() or c == "\n" for c in render_text([diagnostic], files))


def test_colours_are_there_only_when_asked_for() -> None:
    diagnostic = Diagnostic("R100", "t", (Label(at("risky"), "here"),), severity="warning")
    assert "\x1b" not in render_text([diagnostic], FILES)
    painted = render_text([diagnostic], FILES, ANSI)
    assert "\x1b[1;33mwarning[R100]\x1b[0m" in painted
    for code in ("\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"):
        painted = painted.replace(code, "")
    assert painted == render_text([diagnostic], FILES)


def test_the_summary_counts() -> None:
    error = Diagnostic("R100", "t", (Label(NOWHERE),))
    warning = Diagnostic("R100", "t", (Label(NOWHERE),), severity="warning")
    assert summary([]) == "no errors"
    assert summary([error]) == "1 error"
    assert summary([error, warning, error, warning]) == "2 errors, 2 warnings"
    assert summary([warning]) == "1 warning"
    note = Diagnostic("L010", "t", (Label(NOWHERE),), severity="note")
    assert summary([note, note, warning]) == "1 warning, 2 notes"
    assert render_text([], FILES) == ""


def test_a_note_has_a_word_and_a_colour_of_its_own() -> None:
    note = Diagnostic("L010", "t", (Label(at("risky"), "here"),), severity="note")
    assert "\x1b[1;36mnote[L010]\x1b[0m" in render_text([note], FILES, ANSI)


def test_an_empty_file_can_be_pointed_at() -> None:
    tree = tree_of({"a.rules": ""})
    diagnostic = Diagnostic("R100", "t", (Label(Span(0, 0, 0)),))
    assert render_text([diagnostic], tree.files) == "error[R100]: t\n --> a.rules:1:1\n  |\n1 |\n  | ^\n\n1 error\n"
