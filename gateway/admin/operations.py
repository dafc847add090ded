"""The admin API put together: every operation with its handler."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.admin.api_http import AdminApi
from gateway.admin.call import Answer, Call, Handler
from gateway.admin.credential import Gate
from gateway.admin.document import Document, read_document
from gateway.admin.identities import Identities
from gateway.admin.keys import Keys
from gateway.admin.revocations import Revocations
from gateway.admin.store import StoreOperations, StoreState
from gateway.admin.usage import UsageFigures
from gateway.keys.revocations import RevocationService
from gateway.keys.service import KeyService
from gateway.message.ports import Clock
from gateway.records.port import RecordStore
from gateway.usage.port import UsageStore
from policylang.embed import plan_model


@dataclass(frozen=True, slots=True)
class AdminParts:
    """What the operations stand on. ``plan`` is the one in force; ``identity_key`` is what identities are computed with;
    ``credential`` None: nobody gets in. ``request_ids`` makes the id of a request; ``tell`` is given lines for the operator.
    """

    credential: bytes | None = field(repr=False)
    plan: Callable[[], plan_model.Plan]
    identity_key: bytes = field(repr=False)
    records: RecordStore
    keys: KeyService
    revocations: RevocationService
    usage: UsageStore
    store: StoreState
    clock: Clock
    request_ids: Callable[[], str]
    tell: Callable[[str], None]


def admin_api(parts: AdminParts) -> AdminApi:
    """The API, to be given to ``admin_app``."""
    document = read_document()
    handlers: dict[str, Handler] = {
        "document.get": _document(document),
        **Identities(parts.records, parts.plan, parts.identity_key).handlers(),
        **Keys(parts.keys, parts.plan).handlers(),
        **Revocations(parts.revocations, parts.plan).handlers(),
        **UsageFigures(parts.usage, parts.clock).handlers(),
        **StoreOperations(parts.store).handlers(),
    }
    return AdminApi(document, Gate(parts.credential), handlers, parts.request_ids, parts.tell)


def _document(document: Document) -> Handler:
    async def get(_: Call) -> Answer:
        return Answer(200, document.content)

    return get
