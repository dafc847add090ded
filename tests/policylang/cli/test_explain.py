"""``policylang explain``: what decides, what came closest, and what is never shown."""

import base64
import json
from pathlib import Path

import pytest

from policylang.cli.explain import metadata_notes
from tests.policylang.cli.conftest import QUICKSTART, Run
from tests.strategies.spine import UPSTREAM, plan_of

ANA = {"sub": "ana-1", "scope": "orders:read", "https://example.com/tenant": "acme"}
LOCAL = ("--env", "local")
RATE = "  the rate of policy free: rate 5 per 1s burst 5"
QUOTA = "  the quota of policy free: quota 1_000 per day"


ASK = ("explain", QUICKSTART, *LOCAL, "--request", "GET /v1/acme/orders/1")


def compact(payload: dict[str, object], **header: object) -> tuple[str, str]:
    """The payload as a part of a token, and the token."""
    head, part = (
        base64.urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode()
        for members in ({"alg": "ES256", **header}, payload)
    )
    return part, f"{head}.{part}.AAAA"


def claims(**more: object) -> str:
    return json.dumps({**ANA, **more})


def test_a_denied_request_names_rule_condition_and_closest_allow(run: Run) -> None:
    result = run("explain", QUICKSTART, *LOCAL, "--request", "POST /v1/acme/orders", "--claims", claims())
    assert result.exit_code == 1
    assert "403 no_allow" in result.stdout
    assert "closest allow: write  (gateway.rules:" in result.stdout
    assert '"orders:write" in claims.scope is false, needed true  (gateway.rules:' in result.stdout


def test_an_allowed_request_shows_what_is_sent(run: Run) -> None:
    facts = json.dumps({"roles": ["editor"]})
    result = run(
        *("explain", QUICKSTART, *LOCAL, "--request", "GET /v1/acme/orders/1"),
        "--claims",
        claims(),
        "--metadata",
        facts,
    )
    assert result.exit_code == 0
    for line in ("X-User: ana-1", "X-Roles: editor", "identity token for_orders in Authorization:", RATE, QUOTA):
        assert line in result.stdout


def test_json(run: Run) -> None:
    result = run(
        *("explain", QUICKSTART, *LOCAL, "--request", "GET /v1/globex/orders/1"),
        "--claims",
        claims(),
        "--format",
        "json",
    )
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["decision"]["rule"] == "cross_tenant"
    assert found["explanation"]["decided_by"] == ["cross_tenant"]


def test_a_token_shows_no_values_unless_asked(tmp_path: Path, run: Run) -> None:
    plan = tmp_path / "plan.json"
    assert run("compile", QUICKSTART, *LOCAL, "-o", plan).exit_code == 0
    payload = {**ANA, "iss": "http://127.0.0.1:9001", "aud": "https://api.example.com", "iat": 1_000, "exp": 2_000}
    part, token = compact(payload)
    ask = ("explain", plan, "--request", "GET /v1/acme/orders/1", "--token", "-", "--at", "1970-01-01T00:20:00Z")
    hidden = run(*ask, stdin=token)
    assert hidden.exit_code == 0
    assert "ana-1" not in hidden.stdout
    assert part not in hidden.stdout
    assert "X-User" in hidden.stdout
    assert "ana-1" in run(*ask, "--values", stdin=token).stdout


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"typ": "identity+jwt"}, "typ_not_allowed: the header's typ says that it is no access token; at+jwt, JWT, or"),
        (
            {"alg": "HS256"},
            "alg_not_allowed: the token is signed with an algorithm that its issuer's rules do not name: corp ",
        ),
        ({"crit": ["exp"]}, "crit: the header asks for an extension"),
    ],
)
def test_a_token_that_a_gateway_refuses_for_its_header(run: Run, header: dict[str, object], said: str) -> None:
    payload = {**ANA, "iss": "http://127.0.0.1:9001", "aud": "https://api.example.com", "iat": 1_000, "exp": 2_000}
    result = run(*ASK, "--token", "-", "--at", "1970-01-01T00:20:00Z", stdin=compact(payload, **header)[1])
    assert result.exit_code == 1
    assert result.stdout.startswith("401 credential_refused")
    assert said in result.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--request", "/v1"), "method and a target"),
        (("--request", "GET /v1", "--claims", "{"), "not JSON"),
        (("--request", "GET /v1", "--claims", "[]"), "not a JSON object"),
        (("--request", "GET /v1", "--claims", "{}", "--issuer", "nobody"), "no issuer is called nobody"),
        (("--request", "GET /v1", "--at", "yesterday"), "--at is an instant"),
        (("--request", "GET /v1", "--at", "2026-01-01T00:00:00"), "time zone"),
        (("--request", "GET /v1", "--header", "nothing"), "Name: value"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], complaint: str) -> None:
    result = run("explain", QUICKSTART, *LOCAL, *arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_rules_that_do_not_compile(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.rules").write_text("language 1\nallow x on y always\n", encoding="utf-8")
    result = run("explain", tmp_path, "--request", "GET /")
    assert result.exit_code == 1
    assert "error[R" in result.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('{"roles": ["editor"]}', []),
        ("{}", []),
        ("down", []),
        (
            '{"rolse": []}',
            [
                "no field is called `rolse`: the rules declare roles; did you mean `roles`?",
                "a gateway does not load a file with such facts",
            ],
        ),
        (
            '{"roles": "editor"}',
            [
                "`roles`: expected set of slug, found a text",
                "so all of this identity's metadata is a fault",
                "a gateway does not load a file with such facts",
            ],
        ),
    ],
)
def test_metadata_that_does_not_fit_is_told(run: Run, given: str, said: list[str]) -> None:
    result = run(*ASK, "--claims", claims(), "--metadata", given)
    told = result.stderr.replace("Error: ", "").splitlines()
    assert [line for line in told if line.startswith("--metadata")] == [f"--metadata: {line}" for line in said]
    assert result.exit_code == (2 if said else 1 if given == "down" else 0)
    answer = "503 render_fault" if given == "down" else "200 allow"
    assert result.stdout.startswith(answer) if not said else result.stdout == ""


def test_metadata_that_is_required_or_not_declared_at_all() -> None:
    block = "metadata { fresh within 30s  tier: int 0..9 }\n"
    route = f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\nallow x on a when {{}}\n'
    plan = plan_of(block + route.replace("{}", "metadata.tier > 1"))
    assert list(metadata_notes(plan, {})) == [
        "`tier`: expected int 0..9, and there is none", "so all of this identity's metadata is a fault",
    ]  # fmt: skip
    assert list(metadata_notes(plan, {"tier": 1})) == []
    assert list(metadata_notes(plan, None)) == []
    none = plan_of(route.replace("when {}", "always"))
    assert list(metadata_notes(none, {"tier": 1})) == ["the rules declare no metadata, so it means nothing"]
    assert list(metadata_notes(none, {})) == []


def test_an_unknown_issuer(run: Run) -> None:
    result = run(*ASK, "--claims", claims(iss="https://stranger.test"))
    assert result.exit_code == 1
    assert 'none of those that the route trusts: corp ("http://127.0.0.1:9001")' in result.stdout
    assert "stranger" not in result.stdout


def test_limits_in_json_are_written_too(run: Run) -> None:
    found = json.loads(run(*ASK, "--claims", claims(), "--format", "json").stdout)
    assert found["decision"]["charges"][0] == {
        "limit": "policy:free:rate", "amount": ["rate", 5, 1_000_000, 5], "written": "rate 5 per 1s burst 5",
    }  # fmt: skip
