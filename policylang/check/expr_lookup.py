"""What a reference names in the cases where it stands: its type, its declarations, and the cases that lack it.

Law of this file: it complains of names only; whether absence matters is for the caller to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum as PlainEnum
from enum import auto
from functools import reduce

from policylang.check import errors_expr_absence as absence_errors
from policylang.check import errors_expr_names as errors
from policylang.check.expr_cases import Absence, Case, Live, absence
from policylang.check.expr_guards import key_of
from policylang.check.expr_print import brief, reference
from policylang.check.expr_scene import Scene
from policylang.check.expr_types import HEADER, join
from policylang.check.model import Claim
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import Enum, Ip, SetOf, Type, kind_of

_FRAMING = frozenset({"connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"})

Ask = nodes.Ref | nodes.HeaderRef


class Wanted(PlainEnum):
    """What is asked of a reference: its value, or only whether it has one."""

    VALUE = auto()
    PRESENCE = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """``declared`` is where the first case that has it declares it. ``reachable``: some case has it."""

    type: Type
    declared: Span | None
    reachable: bool


def lookup(ref: Ask, live: Live, scene: Scene, wanted: Wanted) -> Found | None:
    """Find what a reference names; None after a complaint."""
    if isinstance(ref, nodes.HeaderRef):
        return _header(ref, scene)
    match ref.root:
        case "claims":
            return _claim(ref, live, scene, wanted)
        case "metadata":
            return _metadata(ref, live, scene)
        case "path":
            return _capture(ref, live, scene)
        case "policy":
            return _grants(ref, live, scene)
        case "client" | "peer":
            if ref.name == "ip":
                return Found(Ip(), None, reachable=True)
            scene.complain(errors.unknown_member(ref.root, ref.name, ref.span, "ip"))
    return None


def noun(ref: Ask) -> str:
    """A reference in words."""
    if isinstance(ref, nodes.HeaderRef):
        return f"header `{ref.name.value}`"
    match ref.root:
        case "claims":
            return f"claim `{ref.name}`"
        case "metadata":
            return f"metadata field `{ref.name}`"
        case _:
            return f"`{reference(ref)}`"


def routes_of(cases: Sequence[Case]) -> list[str]:
    """The routes of some cases, each once."""
    return list(dict.fromkeys(route for case in cases for route in case.routes))


def _header(ref: nodes.HeaderRef, scene: Scene) -> Found | None:
    name = ref.name.value.lower()
    reason = None
    if name == "host":
        reason = 'match the host in the route:  host "api.example.com"'
    elif name in {"forwarded", "x-real-ip"} or name.startswith("x-forwarded-"):
        reason = "use `client.ip`: the gateway works it out from the proxies it trusts"
    elif name in {"authorization", "proxy-authorization"}:
        reason = "a credential is read by the gateway alone: name its claims"
    elif name in _FRAMING or name.startswith("proxy-"):
        reason = "it belongs to the connection, not to the request"
    if reason is not None:
        scene.complain(errors.header_not_readable(ref.name.value, ref.span, reason))
        return None
    return Found(HEADER, None, reachable=True)


def _only_anonymous(ref: nodes.Ref, live: Live, scene: Scene) -> bool:
    alone = [case for case in live if case.only_anonymous]
    if alone:
        what = {"claims": "claims", "metadata": "metadata"}.get(ref.root, "policy")
        scene.complain(absence_errors.anonymous_route(what, ref.span, routes_of(alone)))
    return bool(alone)


def _claim(ref: nodes.Ref, live: Live, scene: Scene, wanted: Wanted) -> Found | None:
    everyone = scene.names.claims.get(ref.name)
    if not everyone:
        near = scene.near(ref.name, sorted(scene.names.claims))
        other = next((root for root in _elsewhere(scene) if ref.name in _elsewhere(scene)[root]), None)
        meant = f"claims.{near}" if near else f"{other}.{ref.name}" if other else None
        scene.complain(errors.unknown_claim(ref.name, ref.span, meant))
        return None
    if _only_anonymous(ref, live, scene):
        return None
    having = [(case.issuer or "anonymous", case.claims[ref.name]) for case in live if ref.name in case.claims]
    if not having:
        return _out_of_reach(ref, live, scene, everyone, wanted)
    if wanted is Wanted.VALUE and not _of_one_kind(ref, having, scene):
        return None
    first = having[0][1]
    types: list[Type] = [claim.type for _, claim in having]
    if scene.use is not None:  # a let is judged by all that it may be used for
        types.extend(claim.type for _, claim in everyone)
    kind, joined = kind_of(first.type), types[0]
    for term in types[1:]:
        if kind_of(term) == kind:
            joined = join(joined, term)
    return Found(joined, first.span, reachable=True)


def _elsewhere(scene: Scene) -> Mapping[str, Mapping[str, object]]:
    return {"metadata": scene.names.metadata or {}, "path": scene.names.captures}


def _out_of_reach(
    ref: nodes.Ref, live: Live, scene: Scene, everyone: Sequence[tuple[str, Claim]], wanted: Wanted
) -> Found | None:
    """No case here has the claim. Inside a let a guard may ask for it all the same: other uses have it."""
    if scene.use is not None and wanted is Wanted.PRESENCE:
        return Found(everyone[0][1].type, everyone[0][1].span, reachable=False)
    declared = [(issuer, claim.span) for issuer, claim in everyone]
    reached = sorted({case.issuer for case in live if case.issuer is not None})
    scene.complain(errors.claim_out_of_reach(ref.name, ref.span, declared, reached, next(iter(live)).route))
    return None


def _of_one_kind(ref: nodes.Ref, having: Sequence[tuple[str, Claim]], scene: Scene) -> bool:
    owner, first = having[0]
    for issuer, claim in having[1:]:
        if kind_of(claim.type) != kind_of(first.type):
            here = (f"issuer `{owner}`", describe(first.type), first.span)
            there = (f"issuer `{issuer}`", describe(claim.type), claim.span)
            scene.complain(errors.kinds_differ(noun(ref), ref.span, here, there))
            return False
    return True


def _metadata(ref: nodes.Ref, live: Live, scene: Scene) -> Found | None:
    fields = scene.names.metadata
    if fields is None:
        scene.complain(errors.no_metadata(ref.name, ref.span))
        return None
    field = fields.get(ref.name)
    if field is None:
        near = scene.near(ref.name, sorted(fields))
        scene.complain(errors.unknown_metadata(ref.name, ref.span, near and f"metadata.{near}", sorted(fields)))
        return None
    if _only_anonymous(ref, live, scene) or _some_anonymous("metadata", ref, live, scene):
        return None
    return Found(field.type, field.span, reachable=True)


def _some_anonymous(what: str, ref: nodes.Ref, live: Live, scene: Scene) -> bool:
    """Absent-like, and refused even where absence is provided for: without an identity there is nothing to ask."""
    nobody = next((case for case in live if case.issuer is None), None)
    if nobody is not None:
        atom = None if scene.atom is None else brief(scene.atom)
        scene.complain(absence_errors.anonymous_request(what, ref.span, nobody.route, atom))
    return nobody is not None


def _capture(ref: nodes.Ref, live: Live, scene: Scene) -> Found | None:
    if ref.name not in scene.names.captures:
        near = scene.near(ref.name, sorted(scene.names.captures))
        scene.complain(errors.unknown_capture(ref.name, ref.span, near and f"path.{near}"))
        return None
    # A scope says which captures there are; an `issuer is …` beside the reference does not.
    lacking = [case for case in scene.cases if ref.name not in case.captures]
    if lacking:
        scene.complain(errors.capture_not_bound(ref.name, ref.span, routes_of(lacking)))
        return None
    cases = list(live)
    first = cases[0].captures[ref.name]
    for case in cases[1:]:
        if kind_of(case.captures[ref.name]) != kind_of(first):
            here = (f"route `{cases[0].route}`", describe(first), ref.span)
            there = (f"route `{case.route}`", describe(case.captures[ref.name]), ref.span)
            scene.complain(errors.kinds_differ(noun(ref), ref.span, here, there))
            return None
    types: list[Type] = [case.captures[ref.name] for case in cases]
    return Found(reduce(join, types), None, reachable=True)


def _grants(ref: nodes.Ref, live: Live, scene: Scene) -> Found | None:
    if ref.name != "grants":
        scene.complain(errors.unknown_member("policy", ref.name, ref.span, "grants"))
        return None
    if _only_anonymous(ref, live, scene) or _some_anonymous("policy", ref, live, scene):
        return None
    without = [case for case in live if case.grants is None]
    if without:
        scene.complain(errors.no_select(ref.span, routes_of(without)))
        return None
    granted: set[str] = set()
    for case in live:
        granted |= case.grants or frozenset()
    if scene.use is not None:
        granted.update(*(policy.grants for policy in scene.names.policies.values()))
    return Found(SetOf(Enum(tuple(sorted(granted)))), None, reachable=True)


def lacking(ref: Ask, live: Live, scene: Scene) -> list[Case]:
    """The cases in which the reference may be absent, as far as the parts beside it do not say otherwise."""
    key = key_of(ref)
    return [
        case
        for case, known in live.items()
        if key not in known and absence(case, key, scene.names) is not Absence.NEVER
    ]
