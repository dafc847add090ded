"""References as values and as things that may be absent: each use says what absence would mean for it.

The complaint about a missing guard is the one that authors meet most; its help is written out for the rule at hand.
"""

from collections.abc import Iterable, Sequence

from policylang.check import errors_expr_absence as errors
from policylang.check import model
from policylang.check.expr_cases import Absence, Case, Live, absence
from policylang.check.expr_guards import key_of
from policylang.check.expr_lookup import Ask, Found, Wanted, lacking, lookup, noun
from policylang.check.expr_print import LONGEST, reference, written
from policylang.check.expr_scene import Scene
from policylang.check.wording import some_names
from policylang.diagnostics.model import Label
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import Bool, Int, Type

_ANSWERS: dict[type, str] = {
    nodes.Compare: "this comparison has no answer",
    nodes.In: "`in` has no answer",
    nodes.AnyOf: "`any of` has no answer",
    nodes.AllOf: "`all of` has no answer",
    nodes.Older: "its age is not known",
    nodes.TextTest: "this test has no answer",
}


def value(ref: Ask, live: Live, scene: Scene) -> model.Ref | None:
    """A reference whose value is used; None after a complaint, of absence too."""
    found = lookup(ref, live, scene, Wanted.VALUE)
    if found is None:
        return None
    missing = lacking(ref, live, scene)
    if missing:
        complain_absent(ref, found, missing, scene)
        return None
    return resolved(ref, found, scene)


def option(ref: Ask, live: Live, scene: Scene) -> model.Ref | None:
    """A reference on the left of ``??``: one that some request may lack."""
    found = lookup(ref, live, scene, Wanted.VALUE)
    if found is None:
        return None
    if not _lacked(ref, live, scene) and _pointless(ref, scene):
        scene.complain(errors.default_never_used(_named(ref), ref.span, found.declared, _left_over(ref, live, scene)))
        return None
    return resolved(ref, found, scene)


def presence(node: nodes.Presence, live: Live, scene: Scene) -> model.Present | model.Not | None:
    """``present`` and ``absent``: of something that some request may lack."""
    found = lookup(node.ref, live, scene.around(node), Wanted.PRESENCE)
    if found is None:
        return None
    if not _lacked(node.ref, live, scene) and _pointless(node.ref, scene):
        word, truth = ("absent", "false") if node.absent else ("present", "true")
        notes = _left_over(node.ref, live, scene)
        scene.complain(errors.never_absent(_named(node.ref), node.span, word, truth, found.declared, notes))
        return None
    present = model.Present(node.span, Bool(), resolved(node.ref, found, scene))
    return model.Not(node.span, Bool(), present) if node.absent else present


def resolved(ref: Ask, found: Found, scene: Scene) -> model.Ref:
    """The reference of the checked tree; ``optional`` when any case of the whole expression may lack it."""
    optional = _lacked(ref, scene.cases, scene)
    if isinstance(ref, nodes.HeaderRef):
        return model.Ref(ref.span, found.type, "header", key_of(ref)[1], optional)
    return model.Ref(ref.span, found.type, ref.root, ref.name, optional)


def _lacked(ref: Ask, cases: Iterable[Case], scene: Scene) -> bool:
    """Whether some case may lack a value, whatever the parts beside it say: asking twice is no mistake."""
    key, names = key_of(ref), scene.names
    return any(absence(case, key, names) is not Absence.NEVER for case in cases)


def _left_over(ref: Ask, live: Live, scene: Scene) -> list[str]:
    """Why what some request in scope lacks is never absent here."""
    if not _lacked(ref, scene.cases, scene):
        return []
    left = sorted({case.issuer for case in live if case.issuer is not None})
    return [f"the conditions beside it leave only tokens of {some_names(left)}, which always have it"]


def _pointless(ref: Ask, scene: Scene) -> bool:
    """A let may be used where the value is always there, if it can be absent somewhere else."""
    if scene.use is None or isinstance(ref, nodes.HeaderRef):
        return True
    if ref.root == "metadata":
        field = (scene.names.metadata or {}).get(ref.name)
        return field is not None and not field.optional
    return ref.root != "claims"


def _named(ref: Ask) -> str:
    return (
        noun(ref) if isinstance(ref, nodes.HeaderRef) or ref.root in {"claims", "metadata"} else f"`{reference(ref)}`"
    )


def complain_absent(
    ref: Ask, found: Found, missing: Sequence[Case], scene: Scene, place: tuple[str, tuple[str, ...]] | None = None
) -> None:
    """Complain that a value may be absent. ``place``: the consequence and the help where there is no condition."""
    labels = [Label(ref.span, _label(ref, found.type, missing))]
    if found.declared is not None:
        labels.append(Label(found.declared, "declared here"))
    atom = scene.atom if scene.atom is not None else ref
    consequence, fix = place or (_ANSWERS.get(type(atom), "this condition has no answer"), _remedies(ref, found, scene))
    scene.complain(errors.may_be_absent(noun(ref), consequence, labels, _reasons(ref, missing), fix))


def _label(ref: Ask, term: Type, missing: Sequence[Case]) -> str:
    if isinstance(ref, nodes.HeaderRef):
        return "a client may leave it out"
    declared = ref.root == "metadata" or any(ref.name in case.claims for case in missing)
    return f"{describe(term)}, optional" if declared else describe(term)


def _reasons(ref: Ask, missing: Sequence[Case]) -> list[str]:
    """Why some requests lack it: each kind of reason once, with the issuers and an example of a route."""
    if isinstance(ref, nodes.HeaderRef):
        return []
    optional = sorted({c.issuer for c in missing if c.issuer is not None and ref.name in c.claims})
    undeclared = sorted({c.issuer for c in missing if c.issuer is not None and ref.name not in c.claims})
    anonymous = next((case for case in missing if case.issuer is None), None)
    reasons = []
    if ref.root == "metadata":
        return [f"the metadata block declares `{ref.name}` optional"]
    if optional:
        noun_ = "issuer" if len(optional) == 1 else "issuers"
        reasons.append(f"it is optional in tokens of {noun_} {some_names(optional)}")
    if undeclared:
        case = next(c for c in missing if c.issuer == undeclared[0])
        verb = "declares" if len(undeclared) == 1 else "declare"
        reasons.append(f"{some_names(undeclared)}, trusted by route `{case.route}`, {verb} no claim `{ref.name}`")
    if anonymous is not None:
        reasons.append(f"route `{anonymous.route}` also takes anonymous requests, which have no claims")
    return reasons


def _remedies(ref: Ask, found: Found, scene: Scene) -> tuple[str, ...]:
    """Rewrites of the condition around a value that say what its absence means."""
    atom = scene.atom if scene.atom is not None else ref
    name, text = reference(ref), written(atom)
    if len(text) > LONGEST:
        return (f"say what a missing value means: guard it with `{name} present and …` or `{name} absent or …`",)
    short = ref.name.value if isinstance(ref, nodes.HeaderRef) else ref.name
    lines = _guards(name, text, scene)
    default = _default(found.type)
    if default is not None and f"{name} ??" not in text:
        counted = f"{name} ?? {default}"
        if atom is not ref:
            counted = written(atom, {name: f"({counted})"})
        lines.append((counted, f"missing counts as {default}"))
    width = max(len(rewrite) for rewrite, _ in lines)
    start = f"say what a missing {short} means:  "
    rows = [f"{rewrite:<{width}}     ({meaning})" for rewrite, meaning in lines]
    return (start + f"\n{' ' * len(start)}".join(rows),)


def _guards(name: str, atom: str, scene: Scene) -> list[tuple[str, str]]:
    """Which guard fails closed depends on the rule's effect, and under ``not`` it is the other one."""
    either, both = f"{name} absent or {atom}", f"{name} present and {atom}"
    either = either if scene.parent in {"", "or"} else f"({either})"
    both = both if scene.parent in {"", "and"} else f"({both})"
    holds, fails = (both, either) if scene.negated else (either, both)
    if scene.effect is None:
        return [(fails, "missing: the condition does not hold"), (holds, "missing: the condition holds")]
    return [(holds, "missing is denied")] if scene.effect.endswith("deny") else [(fails, "missing is not allowed")]


def _default(term: Type) -> str | None:
    match term:
        case Int(low, high):
            return str(min(max(low, 0), high))
        case Bool():
            return "false"
        case _:
            return None
