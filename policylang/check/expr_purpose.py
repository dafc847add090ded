"""References that stand alone, outside conditions: in headers, limits, identity tokens and selects.

What such a place takes is a table: which types, which roots, and whether a request may lack the value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum as PlainEnum
from enum import auto

from policylang.check import errors_expr_types as errors
from policylang.check import model
from policylang.check.environment import CellEnv, Names, Sink
from policylang.check.expr_absence import complain_absent, resolved
from policylang.check.expr_cases import Mentions, cases_of, everywhere
from policylang.check.expr_lookup import Found, Wanted, lacking, lookup, noun
from policylang.check.expr_print import reference
from policylang.check.expr_scene import Scene
from policylang.check.expr_types import textual
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import Enum, Ip, SetOf, Type


class Purpose(PlainEnum):
    """Where a reference stands."""

    TEMPLATE = auto()
    TEMPLATE_OMIT = auto()
    JOINED = auto()
    JOINED_OMIT = auto()
    LIMIT_KEY = auto()
    SUBJECT = auto()
    MINTED = auto()
    POLICY_NAME = auto()
    POLICY_NAMES = auto()


@dataclass(frozen=True, slots=True)
class _Place:
    """``takes`` in words is ``wanted``. ``missing``: what absence would mean and what to do; None where it may be."""

    name: str
    wanted: str
    takes: Callable[[Type], bool]
    fix: str
    missing: tuple[str, tuple[str, ...]] | None
    roots: frozenset[str] = frozenset({"claims", "metadata", "path", "policy", "client", "peer", "header"})


def _scalar(term: Type) -> bool:
    return not isinstance(term, SetOf | Ip)


_KEPT = frozenset({"claims", "metadata"})
_HEADER = ("this header has no value", ("write `omit when absent` after it, or declare a `default`",))
_HEADER_SET = ("this header has no value", ("write `omit when empty` after it, or declare `default []`",))

_NO_POLICY = ("no policy is named", ("declare a `default`, or name the policy in arms of its own:  … when …",))

_PLACES: dict[Purpose, _Place] = {
    Purpose.TEMPLATE: _Place(
        "a header text", "a single value", _scalar, "for a set write `… joined by \",\"`", _HEADER
    ),
    Purpose.TEMPLATE_OMIT: _Place(
        "a header text", "a single value", _scalar, "for a set write `… joined by \",\"`", None
    ),
    Purpose.JOINED: _Place(
        "`joined by`", "a set", lambda term: isinstance(term, SetOf), "for a single value write \"{…}\"", _HEADER_SET
    ),
    Purpose.JOINED_OMIT: _Place(
        "`joined by`", "a set", lambda term: isinstance(term, SetOf), "for a single value write \"{…}\"", None
    ),
    Purpose.LIMIT_KEY: _Place(
        "a limit", "a single value or an address to count by", lambda term: not isinstance(term, SetOf),
        "count by one value: `by identity`, `by route` or a claim that is no set",
        (
            "there is nothing to count by",
            (
                "count by a claim that every issuer of these routes requires, or `by identity`",
                "with a `default`, all who lack the claim would share one counter: that of the default's value",
            ),
        ),
    ),
    Purpose.SUBJECT: _Place(
        "the subject of an identity token", "a text", textual, "name a text, slug, email or enumeration",
        ("this token has no subject", ("name a claim that every trusted issuer requires",)),
    ),
    Purpose.MINTED: _Place(
        "an identity token", "a claim, a metadata field or a capture", lambda term: not isinstance(term, Ip),
        "write a claim, a metadata field or a capture", None, frozenset({"claims", "metadata", "path"}),
    ),
    Purpose.POLICY_NAME: _Place(
        "a select", "an enumeration, or a set of one, in a claim or in metadata",
        lambda term: isinstance(term, Enum) or (isinstance(term, SetOf) and isinstance(term.item, Enum)),
        'declare it as `one of "…", "…"`, the names of policies', _NO_POLICY, _KEPT,
    ),
    Purpose.POLICY_NAMES: _Place(
        "`select policies`", "a set of an enumeration, in a claim or in metadata",
        lambda term: isinstance(term, SetOf) and isinstance(term.item, Enum),
        'declare it as `set of one of "…", "…"`, the names of policies', _NO_POLICY, _KEPT,
    ),
}  # fmt: skip


def check_reference(
    ref: nodes.Ref | nodes.HeaderRef, cells: Sequence[CellEnv], names: Names, sink: Sink, *, purpose: Purpose
) -> model.Ref | None:
    """Resolve a reference for the place it stands in; None after a complaint, or when there are no cells."""
    captures = frozenset({ref.name}) if isinstance(ref, nodes.Ref) and ref.root == "path" else frozenset()
    cases = cases_of(cells, Mentions(captures, isinstance(ref, nodes.Ref) and ref.root == "policy"))
    if not cases:
        return None
    scene = Scene(cases, names, sink)
    live = everywhere(cases)
    found = lookup(ref, live, scene, Wanted.VALUE)
    if found is None:
        return None
    place = _PLACES[purpose]
    root = "header" if isinstance(ref, nodes.HeaderRef) else ref.root
    if root not in place.roots or not place.takes(found.type):
        what = f"{noun(ref)}, {describe(found.type)}" if root in place.roots else f"`{reference(ref)}`"
        sink.add(errors.reference_unfit(place.name, place.wanted, what, ref.span, place.fix))
        return None
    missing = lacking(ref, live, scene)
    if missing and place.missing is not None:
        complain_absent(ref, found, missing, scene, place.missing)
        return None
    if purpose in {Purpose.POLICY_NAME, Purpose.POLICY_NAMES} and not _names_policies(ref, found, scene):
        return None
    return resolved(ref, found, scene)


def _names_policies(ref: nodes.Ref | nodes.HeaderRef, found: Found, scene: Scene) -> bool:
    """Whether every value of an enumeration is the name of a policy; complains of the first that is not."""
    term = found.type.item if isinstance(found.type, SetOf) else found.type
    values = term.values if isinstance(term, Enum) else ()
    policies = scene.names.policies
    stray = next((value for value in values if value not in policies), None)
    if stray is None:
        return True
    near = scene.near(stray, sorted(policies))
    declared = found.declared or ref.span
    scene.complain(errors.value_names_no_policy(stray, noun(ref), ref.span, declared, near))
    return False
