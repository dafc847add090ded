"""Coverage-guided fuzzing of the token: ``python -m tests.fuzz.fuzz_token CORPUS -max_total_time=60``.

Options are libFuzzer's.
"""

import sys

import atheris

with atheris.instrument_imports(include=["policylang"]):
    from tests.fuzz.targets import payload_bytes


def main() -> None:
    """Fuzz until an option of libFuzzer says that it is enough, or until something fails."""
    payload_bytes(b"")  # what is made once is made before the first input is timed
    atheris.Setup(sys.argv, payload_bytes)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
