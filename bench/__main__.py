"""Every measurement, one after the other: ``python -m bench``. Those that need wrk are left out where it is not installed."""

import shutil
import subprocess
import sys

MEASUREMENTS = (
    "decide_cost",
    "compile_scale",
    "load_plan",
    "usage",
    "wire",
    "load",
    "outages",
    "outages_wrk",
    "kill",
    "identities",
    "last_use",
    "live_tokens",
)
NEED_WRK = frozenset({"load", "outages_wrk", "live_tokens"})


def main() -> int:
    """Run each in a process of its own; how many did not reach what they measure against."""
    failed = 0
    for name in MEASUREMENTS:
        print(f"\n== {name}", flush=True)
        if name in NEED_WRK and shutil.which("wrk") is None:
            print("not measured: wrk is not installed (Debian: apt-get install wrk)", flush=True)
            continue
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
