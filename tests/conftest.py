"""What every test shares: Hypothesis judges what code says, never how fast, and alike for everybody."""

import os

from hypothesis import HealthCheck, Phase, settings

pytest_plugins = ["tests.servers.fixtures"]

settings.register_profile(
    "quick",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "fuzz",
    parent=settings.get_profile("quick"),
    derandomize=False,
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "5000")),
)
settings.register_profile(
    "small", parent=settings.get_profile("quick"), max_examples=12, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
