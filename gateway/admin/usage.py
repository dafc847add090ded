"""Usage at the admin API: figures of everybody or of one identity."""

from typing import Any

from gateway.admin.call import Answer, Call, Handler
from gateway.admin.problems import Problem, settled
from gateway.admin.times import time_at
from gateway.message.ports import Clock
from gateway.usage.json_answer import identity_of, to_json
from gateway.usage.periods import DAY
from gateway.usage.port import Query, QueryRefused, UsageStore


class UsageFigures:
    """``clock`` says what now is where nobody says until when."""

    def __init__(self, usage: UsageStore, clock: Clock) -> None:
        self._usage = usage
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """By operation."""
        return {"usage.all": self.all, "usage.identity": self.identity}

    async def all(self, call: Call) -> Answer:
        """Of everybody: by period and group, or the top identities."""
        return await self._read(call, identity=None, top=call.parameters.get("top", 0))

    async def identity(self, call: Call) -> Answer:
        """Of one identity, of nobody known, or of those that memory had no room for."""
        return await self._read(call, identity=identity_of(call.text("identity")))

    async def _read(self, call: Call, **asked: Any) -> Answer:
        said = call.parameters
        end = time_at("/query/to", said["to"]) if "to" in said else self._clock()
        start = time_at("/query/from", said["from"]) if "from" in said else max(0, end - DAY)
        try:
            query = Query(start, end, said["by"], group=said["group"], **asked)
        except QueryRefused as refused:
            raise Problem("refused", str(refused)) from None
        return Answer(200, to_json(settled(await self._usage.read(query))))
