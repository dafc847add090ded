"""A first rule set as text, from what a token or an issuer's metadata shows. Pure: no file, no network."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policylang.embed import quoted

NOT_DECLARED = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti", "sub", "cnf", "typ", "azp"})
NAME = re.compile(r"[a-z][a-z0-9_]*")
MAX_CLAIMS = 24

# Words of the language cannot name a claim in a rule where they would read oddly; they are given a suffix.
AWKWARD = frozenset({"present", "absent", "in", "and", "or", "not"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of the issuer. ``claims`` are (name in the rules, type, name in the token, split or not).

    ``keys_file`` is the name, below the rule set, of a file with the issuer's keys; None: its metadata document leads to them.
    """

    iss: str
    audience: str
    algorithms: tuple[str, ...]
    claims: tuple[tuple[str, str, str, bool], ...]
    scope: str | None
    subject: str = "sub"
    keys_file: str | None = None


def claims_of(payload: Mapping[str, object]) -> tuple[tuple[str, str, str, bool], ...]:
    """Declarations for a token's own claims, in the token's order; what has no type in the language is left out."""
    found: list[tuple[str, str, str, bool]] = []
    taken = {"sub"}
    for member, value in payload.items():
        kind = _kind(member, value)
        if member in NOT_DECLARED or kind is None or len(found) == MAX_CLAIMS:
            continue
        name = _name(member, taken)
        taken.add(name)
        found.append((name, kind, member, member in {"scope", "scp"} and isinstance(value, str)))
    return tuple(found)


def rules_text(shown: Shown) -> str:
    """The rules: one issuer, one route, one allow, the subject as a header, and a test to begin with."""
    lines = [
        "language 1",
        "",
        "setting service url                 # where requests go: env/local.toml has the value for this machine",
        "",
        "issuer main {",
        f"  iss         {quoted(shown.iss)}",
        _keys(shown),
        f"  algorithms  {', '.join(shown.algorithms)}",
        f"  audience    {quoted(shown.audience)}",
        "  identity    by claims.sub         # usage is counted for the subject, whichever token is shown",
        "  claims {",
        f"    sub: text(1..256){'' if shown.subject == 'sub' else f' from {quoted(shown.subject)}'}",
        *(_declaration(claim) for claim in shown.claims),
        "  }",
        "}",
        "",
        "policy standard { rate 20 per 1s burst 40   quota 10_000 per day }",
        "select policy on routes trusting main { use standard otherwise }",
        "",
        'route api { match GET, POST, PUT, PATCH, DELETE on "/**"   trust main   upstream setting.service }',
        "",
        _allow(shown),
        "",
        'request headers on api { set X-User "{claims.sub}" }',
        "",
        *_test(shown),
        "",
    ]
    return "\n".join(lines)


def _keys(shown: Shown) -> str:
    if shown.keys_file is None:
        return "  keys        discovered            # from the issuer's metadata document"
    return f"  keys        file {quoted(shown.keys_file)}      # replace the file when the issuer changes its keys"


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


def _declaration(claim: tuple[str, str, str, bool]) -> str:
    name, kind, member, split = claim
    tail = (' split " "' if split else "") + ("" if name == member else f" from {quoted(member)}")
    optional = "" if kind == "set of text" and name == "scope" else "   optional"
    return f"    {name}: {kind}{tail}{optional}"


def _allow(shown: Shown) -> str:
    if shown.scope is not None:
        return f"allow scoped on api when {quoted(shown.scope)} in claims.scope"
    return "allow authenticated on api always     # every verified token: narrow this down"


def _test(shown: Shown) -> list[str]:
    scope = "" if shown.scope is None else f"   scope: {quoted(shown.scope)}"
    return [
        'test "a verified caller is let through" {',
        f'  token main {{ sub: "u1"{scope} }}',
        '  request GET "/anything"',
        '  expect allow   header X-User "u1"',
        "}",
    ]
