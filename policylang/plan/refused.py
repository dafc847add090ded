"""The one error of reading a plan."""


class PlanRefused(ValueError):
    """A plan that cannot be read. ``where`` is a JSON pointer (RFC 6901) into the document, ``what`` says why."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(where, what)
        self.where = where
        self.what = what

    def __str__(self) -> str:
        return f"{self.where or '/'}: {self.what}"

    def within(self, step: str | int) -> "PlanRefused":
        """The same refusal seen from one level further out: ``step`` is put before ``where``."""
        self.where = f"/{step}{self.where}"
        return self
