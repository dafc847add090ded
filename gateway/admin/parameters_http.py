"""Reads a request's parameters as the document has them: each at most once, of its type, and no others in the query."""

import re
from typing import Any

from aiohttp import web

from gateway.admin.document import Operation, Parameter
from gateway.admin.problems import Problem, Trouble

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


def read_parameters(request: web.Request, operation: Operation) -> dict[str, Any]:
    """Values by name, with the document's defaults; absent ones are not there. Raises Problem."""
    declared = {one.name for one in operation.parameters if one.place == "query"}
    if not request.query.keys() <= declared:
        known = f"known are {', '.join(sorted(declared))}" if declared else "there are none here"
        raise Problem("parameter_invalid", errors=(Trouble("/query", f"a parameter is not known; {known}"),))
    values: dict[str, Any] = {}
    troubles: list[Trouble] = []
    for one in operation.parameters:
        given = _given(request, one)
        pointer = f"/{one.place}/{one.name}"
        if len(given) > 1:
            troubles.append(Trouble(pointer, "it is there more than once"))
        elif given:
            values[one.name] = _typed(given[0], one)
            troubles += one.schema.troubles(values[one.name], pointer)
        elif one.default is not None:
            values[one.name] = one.default
    if troubles:
        raise Problem("parameter_invalid", errors=troubles)
    return values


def _given(request: web.Request, one: Parameter) -> list[str]:
    if one.place == "path":
        return [request.match_info[one.name]]
    return list((request.query if one.place == "query" else request.headers).getall(one.name, []))


def _typed(text: str, one: Parameter) -> str | int:
    return int(text) if one.schema.integer and _INTEGER.fullmatch(text) else text
