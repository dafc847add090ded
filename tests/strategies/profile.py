"""How many examples a property gets: few in ``make test``, many with HYPOTHESIS_PROFILE=fuzz.

HYPOTHESIS_EXAMPLES says how many where the fuzz profile is on; whoever fuzzes for a given time asks in rounds.
"""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings

FUZZ = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
SMALL = os.environ.get("HYPOTHESIS_PROFILE") == "small"
"""A few examples, and none made smaller: enough to see that something is wrong, as where mutants are tried."""
ASKED = int(os.environ.get("HYPOTHESIS_EXAMPLES", "0"))


def examples(few: int, many: int | None = None) -> Callable[[Any], Any]:
    """Settings for one property: ``few`` examples in a test run, ``many`` (50 times as many) when fuzzing.

    A test run derives its examples from the test alone, so that it fails for everybody or for nobody.
    """
    return settings(
        max_examples=(ASKED or many or few * 50) if FUZZ else -(-few // 5) if SMALL else few,
        deadline=None,
        derandomize=not FUZZ,
        database=None,
        print_blob=True,
        phases=(Phase.explicit, Phase.generate) if SMALL else tuple(Phase),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


def machine(few: int, steps: int) -> settings:
    """Settings for a state machine: ``few`` runs of at most so many steps in a test run, 50 times as many when fuzzing."""
    usual: Any = examples(few)
    return settings(usual, stateful_step_count=steps)
