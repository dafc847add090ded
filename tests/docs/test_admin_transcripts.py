"""The transcripts of the admin API's page are what curl prints of a listener with the page's rules and a clock that stands.

``UPDATE=1`` writes what it prints into the page.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.strategies.admin import BEARER, AdminWorld, served_aside

PAGE = Path("docs/gateway/admin.md")
URL = "http://127.0.0.1:8081"
BLOCK = re.compile(r"^```console\n(\$ .*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "admin.header").write_text(f"Authorization: {BEARER['Authorization']}", encoding="utf-8")
    return tmp_path


def test_what_curl_prints(folder: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    ran = 0

    with served_aside(AdminWorld()) as url:

        def again(block: re.Match[str]) -> str:
            nonlocal ran
            lines: list[str] = []
            for line in block[1].splitlines():
                if line.startswith("$ curl "):
                    done = subprocess.run(
                        ["/bin/sh", "-c", line[2:].replace(URL, url)],
                        cwd=folder,
                        capture_output=True,
                        text=True,
                        check=True,
                        timeout=30,
                    )
                    lines += [line, *done.stdout.splitlines()]
                    ran += 1
            return "```console\n" + "\n".join(lines) + "\n```"

        fresh = BLOCK.sub(again, page)
    assert ran == 11
    if os.environ.get("UPDATE") == "1":
        PAGE.write_text(fresh, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == fresh
