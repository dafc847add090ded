"""JSON merge patch (RFC 7396 section 2), on values that nobody else holds."""

from typing import Any


def merge_patch(target: Any, patch: Any) -> Any:
    """What ``target`` is after the patch; neither is changed.

    >>> merge_patch({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}})
    {'b': {'c': 2, 'd': 3}}
    """
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result
