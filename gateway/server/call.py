"""One request on its way through the steps: what earlier steps found out, for later ones."""

from dataclasses import dataclass

from gateway.message.inbound import Inbound
from gateway.message.record import Record
from gateway.policy.loaded import Loaded, Place
from policylang.embed import RequestFacts, plan_model


@dataclass(slots=True)
class Call:
    """``facts`` are what the request stage of a cell reads; ``now`` is the one instant of this request.

    ``host`` is the Host as it came, ``listed`` the folded names that the Connection fields list.
    """

    request: Inbound
    record: Record
    loaded: Loaded
    now: int
    place: Place
    host: bytes
    listed: frozenset[bytes]
    route: plan_model.Route
    index: int
    facts: RequestFacts
