"""A first rule set as text, from what a token or an issuer's metadata shows. Pure: no file, no network.

Law of this file: what it writes is in the formatter's style, and the linter warns of nothing in it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policylang.embed import quoted

NOT_DECLARED = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti", "sub", "cnf", "typ", "azp"})
NAME = re.compile(r"[a-z][a-z0-9_]*")
MAX_CLAIMS = 24
HOUR = 3_600

# Words of the language cannot name a claim in a rule where they would read oddly; they are given a suffix.
AWKWARD = frozenset({"present", "absent", "in", "and", "or", "not"})


Claim = tuple[str, str, str, bool]
"""Its name in the rules, its type, its name in the token, and whether a text of it is split at blanks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of the issuer. ``claims`` are (name in the rules, type, name in the token, split or not).

    ``lifetime`` is how long its tokens live, as a duration of the language; None: not known. ``keys_file`` is the name,
    below the rule set, of a file with the issuer's keys; None: its metadata document leads to them.
    """

    iss: str
    audience: str
    algorithms: tuple[str, ...]
    claims: tuple[Claim, ...]
    scope: str | None
    keys_file: str | None = None
    lifetime: str | None = None


def claims_of(payload: Mapping[str, object]) -> tuple[Claim, ...]:
    """Declarations for a token's own claims, in the token's order; what has no type in the language is left out."""
    found: list[Claim] = []
    taken = {"sub"}
    for member, value in payload.items():
        kind = _kind(member, value)
        if member in NOT_DECLARED or kind is None or len(found) == MAX_CLAIMS:
            continue
        name = _name(member, taken)
        taken.add(name)
        found.append((name, kind, member, member in {"scope", "scp"} and isinstance(value, str)))
    return tuple(found)


def lifetime_of(payload: Mapping[str, object]) -> str | None:
    """How long such tokens live, to the next full minute, as a duration of the language; None where it is not to be seen
    or longer than an hour.
    """
    issued, expires = payload.get("iat"), payload.get("exp")
    if type(issued) is not int or type(expires) is not int or not 0 < expires - issued <= HOUR:
        return None
    minutes = -(-(expires - issued) // 60)
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}min"


def rules_text(shown: Shown) -> str:
    """The rules: one issuer, one route, one allow, the subject as a header, and a test to begin with.

    Claims that these rules read are declared; the token's others stand in a comment, ready to be.
    """
    scope, unknown = _scope(shown), shown.lifetime is None
    lines = [
        "language 1",
        "",
        "setting service url    # where requests go: env/local.toml has the value for this machine",
        "",
        *(["# lint: allow L010 say `lifetime at most …` once it is known how long tokens live"] if unknown else []),
        "issuer main {",
        f"  iss         {quoted(shown.iss)}",
        _keys(shown),
        f"  algorithms  {', '.join(shown.algorithms)}",
        f"  audience    {quoted(shown.audience)}",
        *([] if unknown else [f"  lifetime    at most {shown.lifetime}"]),
        "  identity    by claims.sub    # usage is counted for the subject, whichever token is shown",
        "  claims {",
        *_declared(scope),
        *_others([claim for claim in shown.claims if claim is not scope]),
        "  }",
        "}",
        "",
        "policy standard { rate 20 per 1s burst 40   quota 10_000 per day }",
        "select policy on routes trusting main { use standard otherwise }",
        "",
        'route api { match GET, POST, PUT, PATCH, DELETE on "/**"   trust main   upstream setting.service }',
        "",
        _allow(shown.scope if scope else None),
        "",
        "# lint: allow L018 the service is to know who calls; an identity token would prove it too",
        'request headers on api { set X-User "{claims.sub}" }',
        "",
        *_test(shown.scope if scope else None),
        "",
    ]
    return "\n".join(lines)


def _keys(shown: Shown) -> str:
    if shown.keys_file is None:
        return "  keys        discovered    # from the issuer's metadata document"
    return f"  keys        file {quoted(shown.keys_file)}    # replace the file when the issuer changes its keys"


def environment_text(upstream: str) -> str:
    """Values of the settings for this machine."""
    return f"# Values of the settings in gateway.rules, for `--env local`.\nservice = {toml_quoted(upstream)}\n"


def settings_text(private_hosts: Sequence[str]) -> str:
    """The gateway's own settings to begin with."""
    hosts = ", ".join(map(toml_quoted, private_hosts))
    return (
        "# What the operator of the gateway decides. Everything has a default.\n"
        '[listen]\naddress = "127.0.0.1:8080"\n\n[admin]\naddress = "127.0.0.1:8081"\n\n'
        f"[egress]\nprivate_hosts = [{hosts}]      # hosts with private addresses that keys may be fetched from\n"
    )


def toml_quoted(text: str) -> str:
    """A basic string of TOML: its escapes are those of JSON, and DEL is one of its control characters."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _kind(member: str, value: object) -> str | None:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "time" if member.endswith(("_at", "_time")) else "int 0..9_007_199_254_740_991"
    if isinstance(value, str):
        return "set of text" if member in {"scope", "scp"} else "text(1..1024)" if value else None
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "set of text"
    return None


def _name(member: str, taken: set[str]) -> str:
    """A name for the rules: the claim's own where it can be one, else made from its last part."""
    if NAME.fullmatch(member) and member not in taken | AWKWARD:
        return member
    tail = re.sub(r"[^a-z0-9]+", "_", re.split(r"[/:#.]", member.rstrip("/"))[-1].lower()).strip("_")
    base = tail if NAME.fullmatch(tail) and tail not in AWKWARD else "claim"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _scope(shown: Shown) -> Claim | None:
    """The claim that the first allow reads; None where the token has no scope that rules could read."""
    if shown.scope is None:
        return None
    return next((claim for claim in shown.claims if claim[0] == "scope" and claim[1] == "set of text"), None)


def _declared(scope: Claim | None) -> list[str]:
    if scope is None:
        return ["    sub: text(1..256)"]
    return ["    sub:    text(1..256)", "    scope:  set of text" + ('  split " "' if scope[3] else "")]


def _others(claims: Sequence[Claim]) -> list[str]:
    if not claims:
        return []
    return [
        "    # The token has more. Declare what a rule reads: a token whose declared claim does not fit is refused.",
        *(f"    #   {_declaration(claim)}" for claim in claims),
    ]


def _declaration(claim: Claim) -> str:
    name, kind, member, split = claim
    tail = (' split " "' if split else "") + ("" if name == member else f" from {quoted(member)}")
    return f"{name}: {kind}{tail} optional"


def _allow(scope: str | None) -> str:
    if scope is not None:
        return f"allow scoped on api when {quoted(scope)} in claims.scope"
    return "# lint: allow L001 every verified token is let through: narrow this down\nallow authenticated on api always"


def _test(scope: str | None) -> list[str]:
    fact, name = ("", "authenticated") if scope is None else (f"  scope: {quoted(scope)}", "scoped")
    return [
        'test "a verified caller is let through" {',
        f'  token main {{ sub: "u1"{fact} }}',
        '  request GET "/anything"',
        f'  expect allow by {name}  header X-User "u1"',
        "}",
    ]
