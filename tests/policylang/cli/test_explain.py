"""``policylang explain``: what decides, what came closest, and what is never shown."""

import base64
import json
from pathlib import Path

import pytest

from tests.policylang.cli.conftest import QUICKSTART, Run

ANA = {"sub": "ana-1", "scope": "orders:read", "https://example.com/tenant": "acme"}
LOCAL = ("--env", "local")


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
    for line in ("X-User: ana-1", "X-Roles: editor", "identity token for_orders in Authorization:", "policy:free:rate"):
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
    part = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    token = f"e30.{part}.AAAA"
    ask = ("explain", plan, "--request", "GET /v1/acme/orders/1", "--token", "-", "--at", "1970-01-01T00:20:00Z")
    hidden = run(*ask, stdin=token)
    assert hidden.exit_code == 0
    assert "ana-1" not in hidden.stdout
    assert part not in hidden.stdout
    assert "X-User" in hidden.stdout
    assert "ana-1" in run(*ask, "--values", stdin=token).stdout


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
