"""What items that reach routes are checked on: every declaration that they may name, resolved."""

from collections.abc import Mapping
from dataclasses import dataclass

from policylang.check.cells import Cells
from policylang.check.constants import Constants
from policylang.check.environment import Names, Sink
from policylang.check.model import Issuer, Route
from policylang.check.scopes import Scopes
from policylang.check.symbols import Symbols


@dataclass(frozen=True)
class Ground:
    """The result of the passes over declarations, and the sink for all further complaints."""

    symbols: Symbols
    constants: Constants
    issuers: Mapping[str, Issuer]
    routes: Mapping[str, Route]
    scopes: Scopes
    cells: Cells
    names: Names
    sink: Sink
