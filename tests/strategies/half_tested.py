"""A rule set whose one test sees half of what there is to see: what measures of a test run are tried on."""

from pathlib import Path

from click.testing import CliRunner, Result

from policylang.cli.main import main

RULES = """language 1
route a { match GET on "/a"  trust anonymous  upstream "http://127.0.0.1:9000" }
allow use_a on a when header["X-A"] present
test "open" { request GET "/a" header X-A "1"  expect allow }
"""


def run_tests(folder: Path, *options: str, rules: str = RULES) -> Result:
    """``policylang test`` on rules that are written to a folder."""
    (folder / "a.rules").write_text(rules, encoding="utf-8")
    return CliRunner().invoke(main, ["test", str(folder), *options])
