"""``policylang identity``: the name that logs and counters give a user."""

import asyncio
import json
from pathlib import Path

import pytest

from policylang.embed import virtual_identity
from tests.gateway.commands.conftest import PlanFile, Run
from tests.journeys.world import world
from tests.strategies.spine import HEAD, UPSTREAM, plan_of

RULES = f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\nallow x on a always\n'
NUMBERED = HEAD.replace("sub: text(1..64)", "sub: int 0..999999")
KEY = b"k" * 40


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "identity.key").write_bytes(KEY)
    path = tmp_path / "settings.toml"
    path.write_text('[identity]\nkey_file = "identity.key"\n', encoding="utf-8")
    return path


def test_it_is_the_virtual_identity(run: Run, plan_file: PlanFile, settings: Path) -> None:
    plan = plan_file(RULES)
    expected = virtual_identity(plan_of(RULES).issuers[0], (None, "u1", None), KEY).hex()
    ask = ("identity", plan, "--issuer", "corp", "--settings", settings)
    for arguments, stdin in ((("--value", "u1"), None), ((), "u1\n"), (("--value", "-"), "u1\r\n")):
        result = run(*ask, *arguments, stdin=stdin)
        assert (result.exit_code, result.stdout) == (0, f"{expected}\n"), result.stderr
    shown = json.loads(run(*ask, "--value", "u1", "--format", "json").stdout)
    assert shown == {"identity": expected, "issuer": "corp", "claim": "sub"}


def test_integer_identities(run: Run, plan_file: PlanFile, settings: Path) -> None:
    ask = ("identity", plan_file(RULES, NUMBERED), "--issuer", "corp", "--settings", settings, "--value")
    expected = virtual_identity(plan_of(RULES, NUMBERED).issuers[0], (None, 7, None), KEY).hex()
    assert run(*ask, "7").stdout == f"{expected}\n"
    for text in ("ana", "07", "7.0"):
        result = run(*ask, text)
        assert result.exit_code == 2
        assert "identities of corp are integers" in result.stderr
        assert text not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--issuer", "nobody", "--value", "u1"), 2, "no issuer is called nobody; there are corp"),
        (("--issuer", "corp", "--value", ""), 2, "give the claim's value"),
        (("--issuer", "corp"), 2, "give the claim's value"),
    ],
)
def test_wrong_usage(
    run: Run, plan_file: PlanFile, settings: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = run("identity", plan_file(RULES), "--settings", settings, *arguments, stdin="")
    assert result.exit_code == code
    assert said in result.stderr


def test_without_a_key_there_is_no_identity(run: Run, plan_file: PlanFile, tmp_path: Path, settings: Path) -> None:
    ask = ("identity", plan_file(RULES), "--issuer", "corp", "--value", "u1", "--settings", settings)
    (tmp_path / "identity.key").unlink()
    missing = run(*ask)
    assert missing.exit_code == 1
    assert "identity.key_file" in missing.stderr
    (tmp_path / "identity.key").write_bytes(b"short")
    assert run(*ask).exit_code == 1
    settings.write_text("", encoding="utf-8")
    unset = run(*ask)
    assert unset.exit_code == 1
    assert "identity.key_file is not set" in unset.stderr


async def test_it_is_what_the_decision_log_says(run: Run, tmp_path: Path, settings: Path) -> None:
    rules = 'route a { match GET on "/a"  trust corp  upstream setting.service }\nallow x on a always\n'
    async with world(tmp_path, rules, identity_key=KEY) as w:
        assert (await w.ask("GET", "/a", w.token(sub="ana"))).status == 200
        source = w.rules.parent
    logged = json.loads((tmp_path / "decisions.log").read_text(encoding="utf-8").splitlines()[0])["identity"]
    ask = ("identity", source, "--env", "test", "--issuer", "corp", "--value", "ana", "--settings", settings)
    result = await asyncio.to_thread(run, *ask)
    assert result.stdout == f"{logged}\n", result.stderr
