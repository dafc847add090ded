"""The admin API on aiohttp: the gate, then the document's operation, then its handler, then the answer.

Law of this file: nothing under ``/v1`` answers without the credential, whatever the path or the method; an exception that
nobody expected is an answer of its code alone.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler as HttpHandler
from aiohttp.typedefs import Middleware

from gateway.admin.body_http import read_body
from gateway.admin.call import Answer, Call, Handler
from gateway.admin.credential import Gate
from gateway.admin.document import Document, Operation
from gateway.admin.parameters_http import read_parameters
from gateway.admin.problems import Problem

ROOT = "/v1"
REQUEST_ID = "X-Request-Id"


@dataclass(frozen=True, slots=True)
class AdminApi:
    """``handlers`` by operation id: one for each operation of the document, and no other.

    ``request_ids`` makes the id of a request; ``tell`` is given lines for the operator.
    """

    document: Document
    gate: Gate
    handlers: Mapping[str, Handler]
    request_ids: Callable[[], str]
    tell: Callable[[str], None]

    def middleware(self) -> Middleware:
        """What stands before everything under ``/v1``."""

        @web.middleware
        async def boundary(request: web.Request, handler: HttpHandler) -> web.StreamResponse:
            if not _ours(request):
                return await handler(request)
            request_id = self.request_ids()
            try:
                self.gate.admit(request.headers.getall(hdrs.AUTHORIZATION, []))
                answer = await handler(request)
            except Problem as problem:
                answer = _problem(problem, request_id)
            except web.HTTPNotFound:
                answer = _problem(Problem("no_route"), request_id)
            except ConnectionError:
                raise  # the client has gone: there is nobody to answer
            except Exception as error:
                self.tell(f"admin API: request {request_id} failed: {type(error).__name__}")
                answer = _problem(Problem("internal"), request_id)
            answer.headers[REQUEST_ID] = request_id
            answer.headers[hdrs.CACHE_CONTROL] = "no-store"
            return answer

        return boundary

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add a route for each operation. Raises ValueError where handlers and document do not match."""
        if {operation.id for operation in self.document.operations} != self.handlers.keys():
            raise ValueError("the admin API's handlers are not those of its document")
        # aiohttp takes the first resource that matches: literal paths go before those with captures.
        ordered = sorted(self.document.operations, key=lambda one: [part[:1] == "{" for part in one.path.split("/")])
        for path, operations in groupby(ordered, key=lambda one: one.path):
            methods = []
            for operation in operations:
                methods.append(operation.method)
                router.add_route(operation.method, path, _served(operation, self.handlers[operation.id]))
            # Without it, a literal path with another method would be taken for one with a capture.
            router.add_route(hdrs.METH_ANY, path, _refused(methods))


def _refused(methods: list[str]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def refuse(_: web.Request) -> web.StreamResponse:
        raise Problem("method_not_allowed", headers=((hdrs.ALLOW, ",".join(sorted(methods))),))

    return refuse


def _served(operation: Operation, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def serve(request: web.Request) -> web.StreamResponse:
        parameters = read_parameters(request, operation)
        body = await read_body(request, operation.body)
        return _answer(await handler(Call(parameters, body)))

    return serve


def _ours(request: web.Request) -> bool:
    """Whether a request is for the API. By its path as a router reads it, and by the route that it found."""
    resource = request.match_info.route.resource
    found = "" if resource is None else resource.canonical
    return any(path == ROOT or path.startswith(f"{ROOT}/") for path in (request.path, found))


def _answer(answer: Answer) -> web.Response:
    if answer.content is None:
        return web.Response(status=answer.status, headers=answer.headers)
    return _json(answer.status, answer.content, "application/json", answer.headers)


def _problem(problem: Problem, request_id: str) -> web.Response:
    return _json(problem.status, problem.body(request_id), "application/problem+json", problem.headers)


def _json(status: int, content: Mapping[str, Any], media: str, headers: tuple[tuple[str, str], ...]) -> web.Response:
    body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    return web.Response(status=status, body=body, headers=[*headers, (hdrs.CONTENT_TYPE, media)])
