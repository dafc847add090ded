"""The whole builder: one class with a method for each alternative of ``rules.lark``."""

from policylang.syntax.builders.claims import Claims
from policylang.syntax.builders.expectations import Expectations
from policylang.syntax.builders.issuers import Issuers
from policylang.syntax.builders.policies import Policies
from policylang.syntax.builders.routes import Routes
from policylang.syntax.builders.rules import Rules
from policylang.syntax.builders.tests import Tests


class NodeBuilder(Issuers, Claims, Policies, Routes, Rules, Tests, Expectations):
    """Builds every item; handed to Lark, which calls its methods by name."""
