"""Complaints about the rows of a test, and about what a file of tests holds. A docstring here is its code's page."""

from policylang.check.wording import did_you_mean
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def cell_unknown(name: str, reason: str, near: str | None, span: Span, row: Span | None = None) -> Diagnostic:
    """R747: a test takes a value from a row that does not have it.

    Every row of a test has a cell for every `row.name` in it.

    Bad::

        test "reading" {
          row { tenant: "acme" }
          token corp { sub: "u1"  tenant: row.tennant }  request GET "/v1/acme/orders/1"  expect allow
        }

    Good::

        test "reading" {
          row { tenant: "acme" }
          token corp { sub: "u1"  tenant: row.tenant }  request GET "/v1/acme/orders/1"  expect allow
        }
    """
    labels = (Label(span, reason),) if row is None else (Label(span, reason), Label(row, "this row"))
    edits = () if near is None else (Edit(span, f"row.{near}"),)
    help_ = did_you_mean(None if near is None else f"row.{near}") or (f"add it to each row:  row {{ {name}: … }}",)
    return Diagnostic("R747", f"there is no `row.{name}`", labels, help=help_, edits=edits)


def cell_misfit(name: str, wanted: str, cell: Span, place: Span) -> Diagnostic:
    """R748: a row has something else than its place wants.

    Bad::

        test "reading" {
          row { answer: 403 }
          request GET "/v1/acme/orders/1"  expect row.answer
        }

    Good::

        test "reading" {
          row { answer: deny 401 }
          request GET "/v1/acme/orders/1"  expect row.answer
        }
    """
    return Diagnostic(
        "R748",
        f"`row.{name}` is not {wanted}",
        (Label(cell, f"not {wanted}"), Label(place, f"{wanted} stands here")),
        help=('a row has texts, numbers, methods and answers:  row { verb: GET  path: "/"  answer: deny 403 }',),
    )


def cell_unused(name: str, near: str | None, span: Span) -> Diagnostic:
    """R749: a row has a value that its test does not take.

    The rows would differ in something that changes nothing.

    Bad::

        test "reading" {
          row { tenant: "acme"  plan: "gold" }
          token corp { sub: "u1"  tenant: row.tenant }  request GET "/v1/acme/orders/1"  expect allow
        }

    Good::

        test "reading" {
          row { tenant: "acme"  plan: "gold" }
          token corp { sub: "u1"  tenant: row.tenant  plan: row.plan }  request GET "/v1/acme/orders/1"  expect allow
        }
    """
    # No edit: the reference that was meant for it has one, and both together would only swap the names.
    return Diagnostic(
        "R749",
        f"nothing in this test takes `row.{name}`",
        (Label(span),),
        help=did_you_mean(near) or ("use it in a step, or remove it from the rows",),
    )


def fixture_unused(name: str, span: Span) -> Diagnostic:
    """R750: no test uses a fixture. A warning.

    Bad::

        given ana { token corp { sub: "ana"  tenant: "acme" } }

    Good::

        given ana { token corp { sub: "ana"  tenant: "acme" } }
        test "reading" { given ana  request GET "/v1/acme/orders/1"  expect allow }
    """
    return Diagnostic(
        "R750",
        f"no test uses the fixture `{name}`",
        (Label(span),),
        help=(f"use it:  given {name}  or remove it",),
        severity="warning",
    )


def not_a_test(item: str, file: str, span: Span) -> Diagnostic:
    """R751: a file of tests holds something else.

    A file whose name ends in `.tests.rules` holds tests and fixtures, so that it can be left out where rules are shipped.
    A deny in it would be lost there.

    Bad::

        # file orders.tests.rules
        deny risky on orders when claims.risk absent

    Good::

        # file orders.rules
        deny risky on orders when claims.risk absent
    """
    return Diagnostic(
        "R751",
        f"this {item} stands in a file of tests",
        (Label(span, f"not in {file}"),),
        help=("a file *.tests.rules holds `test` and `given` alone; move this to another *.rules file",),
    )
