"""``--watch``: which files matter, and that nothing is loaded while somebody writes it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.commands import watch
from gateway.commands.watch import matters, watching
from gateway.policy.reload import Source

DEADLINE = 60


class Loads:
    """What would be loaded: the text of the rules at each asking."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.texts: asyncio.Queue[str] = asyncio.Queue()

    async def reload(self) -> bool:
        self.texts.put_nowait(self.path.read_text(encoding="utf-8"))
        return True

    async def next(self) -> str:
        return await asyncio.wait_for(self.texts.get(), DEADLINE)


@asynccontextmanager
async def watched(path: Path, said: list[str], pause: Callable[[], Awaitable[None]]) -> AsyncIterator[Loads]:
    loads = Loads(path)
    task = asyncio.create_task(watching(loads, Source(path.parent, None, None), said.append, pause))
    await asyncio.sleep(0)
    yield loads
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules" / "a.rules"
    path.parent.mkdir()
    path.write_text("first", encoding="utf-8")
    return path


async def test_a_file_that_is_written_in_parts_is_loaded_whole(rules: Path) -> None:
    rest = [" second", " third"]

    async def pause() -> None:
        if rest:
            await asyncio.to_thread(rules.write_text, rules.read_text(encoding="utf-8") + rest.pop(0), encoding="utf-8")

    said: list[str] = []
    async with watched(rules, said, pause) as loads:
        rules.write_text("begun", encoding="utf-8")
        assert await loads.next() == "begun second third"
        beside = rules.with_suffix(".new")
        beside.write_text("renamed", encoding="utf-8")
        beside.rename(rules)
        assert await loads.next() == "renamed", "nothing was loaded twice in between"
    assert said == []


@pytest.mark.parametrize("error", [OSError("OS file watch limit reached"), RuntimeError("broken")])
async def test_a_watch_that_breaks_is_told(rules: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def breaking(*_: object, **__: object) -> AsyncGenerator[set[object]]:
        yield set()
        raise error

    async def pause() -> None:
        return None

    monkeypatch.setattr(watch, "awatch", breaking)
    said: list[str] = []
    loads = Loads(rules)
    await watching(loads, Source(rules.parent, None, None), said.append, pause)
    assert await loads.next() == "first"
    assert said == [f"warning: files are no longer watched ({error}); SIGHUP loads again"]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/r/a.rules", True),
        ("/r/env/prod.toml", True),
        ("/r/keys/a.jwks", True),
        ("/r/notes.txt", False),
        ("/r/a.rules~", False),
        ("/r/..data", True),
        ("/f/..data", True),
        ("/f/facts.json", True),
        ("/f/other.json", False),
        ("/x/a.rules", False),
        ("/x/..data", False),
    ],
)
def test_files_that_matter(path: str, wanted: bool) -> None:
    assert matters(Path(path), Path("/r"), Path("/f/facts.json")) is wanted


def test_a_plan_alone_is_what_matters() -> None:
    assert matters(Path("/p/plan.json"), Path("/p/plan.json"), None)
    assert matters(Path("/p/..data"), Path("/p/plan.json"), None)
    assert not matters(Path("/p/other.json"), Path("/p/plan.json"), None)
