"""Every measurement, one after the other: ``python -m bench``."""

import subprocess
import sys

MEASUREMENTS = ("decide_cost", "compile_scale", "load_plan", "wire", "load")


def main() -> int:
    """Run each in a process of its own; how many did not reach what they measure against."""
    failed = 0
    for name in MEASUREMENTS:
        print(f"\n== {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
