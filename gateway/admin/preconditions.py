"""Compare-and-set over HTTP: If-Match and If-None-Match (RFC 9110 section 13.1) as the version that a store expects."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from gateway.admin.problems import refuse

IF_MATCH, IF_NONE_MATCH = "If-Match", "If-None-Match"

NEVER = -1
"""The version of an entity tag that this API never gave: none is at it, so the store refuses."""

_TAG = re.compile('"([1-9][0-9]{0,18})"')

Expected = int | Literal["any"] | None
"""A version; 0: none is there; "any": one is there, whichever; None: whatever is there."""


def expected(parameters: Mapping[str, Any]) -> Expected:
    """What the request says of the version that it is about. Raises Problem where it says two things."""
    match, none_match = parameters.get(IF_MATCH), parameters.get(IF_NONE_MATCH)
    if match is not None and none_match is not None:
        refuse(f"/header/{IF_NONE_MATCH}", "not together with If-Match: both can never hold")
    if none_match is not None:
        return 0
    if match == "*":
        return "any"
    if match is None:
        return None
    tag = _TAG.fullmatch(match)
    return NEVER if tag is None else int(tag[1])
