"""What rule sets say upstream and back, as source text: header blocks and identity tokens."""

from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.draws import below, one_in, pick, some
from tests.strategies.items import World, names
from tests.strategies.pool import quoted
from tests.strategies.scenes import ANY_TEXT, Scene

FILLERS = ("v", "=", "\\{x\\}", "a b", ";")


def headers(draw: DrawFn, number: int, world: World) -> str:
    """A block of headers with names of its own."""
    held = some(draw, world.routes, 1)
    here = world.scene(held)
    direction = pick(draw, ("request", "request", "response"))
    lines = []
    for index in range(1 + draw(below(3))):
        name = pick(draw, (f"X-H{number}-{index}", f'"X_H{number}_{index}"', f'"x-h{number}-{index}"'))
        lines.append(f"  set {name} {header_value(draw, here, direction)}")
    lines.append(pick(draw, ("", "  remove Server", '  remove "X-Internal-*", Cookie')))
    return f"{direction} headers on {names(held)} {{\n" + "\n".join(line for line in lines if line) + "\n}"


def header_value(draw: DrawFn, here: Scene, direction: str) -> str:
    """A template, a joined set, or a secret; with what it takes where something may be absent."""
    sets = [ref for ref in here.references if ref.kind.word == "set"]
    scalars = [ref for ref in here.references if ref.kind.word not in {"set", "ip"} and ref.kind != ANY_TEXT]
    form = draw(below(6))
    if form == 5 and direction == "request":
        return f"secret.{pick(draw, sorted(pool.SECRETS))}"
    if form >= 3 and sets:
        ref = pick(draw, sets)
        return f"{ref.text} joined by {quoted(pick(draw, (',', ' ', ';')))}{omission(ref.maybe, one_in(draw, 2))}"
    refs = some(draw, scalars, 0, 2)
    text = "".join(f"{pick(draw, FILLERS)}{{{ref.text}}}" for ref in refs) or "fixed"
    text = f"{{{refs[0].text}}}" if refs and one_in(draw, 2) else text
    empty = text.startswith("{") and one_in(draw, 2)
    return f'"{text}"{omission(any(ref.maybe for ref in refs if ref.text in text), empty)}'


def omission(needed: bool, wanted: bool) -> str:
    """What is written behind a value that may be absent, or that is left out when empty."""
    return " omit when absent" if needed else " omit when empty" if wanted else ""


def identity_token(draw: DrawFn, name: str, world: World) -> list[str]:
    """An identity token, where there are routes with issuers; else nothing. Some of them take anonymous requests too."""
    known = [route for route in world.routes if route.trust]
    if not known:
        return []
    held = some(draw, known, 1)
    refs = [ref for ref in world.scene(held).references if ref.text.startswith(("claims.", "metadata.", "path."))]
    chosen = {ref.text.split(".")[1]: ref.text for ref in some(draw, refs, 0, 4)}
    claims = "  ".join(f"m_{member}: {text}" for member, text in chosen.items())
    out = pick(draw, (f"header X-Id-{name}", f"header X-Id-{name} bearer"))
    fixed = 'audience "svc"  subject claims.sub  lifetime 60s'
    return [f"identity token {name} on {names(held)} {{ {fixed}  {out}  claims {{ {claims} }} }}"]
