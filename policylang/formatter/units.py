"""From items and entries to units: which cells they have, and with which neighbours they stand in columns."""

from collections.abc import Iterator, Sequence

from policylang.formatter.doc import ENTRY_GAP, PHRASE_GAP, Block, Break, Cell, Doc, Fill, Group, Unit
from policylang.formatter.phrases import Part, between, phrase, run, separation
from policylang.formatter.token import Branch, Token, first_token, last_token

_ARMS = frozenset({"named_arm", "named_always", "named_otherwise", "claimed_arm"})
_TWO_WORDS = frozenset({"strip_prefix", "add_prefix"})
_ONE_CELL = frozenset({"preserve_host", "freshness", "refuse", "remove_header"})
"""Fields whose name is two words, and entries that are no name with a value. Of all others the first word is the name."""

_APART = frozenset({"HEADER", "RESPONSE", "IDENTITY", "CHARGED", "LEFT", "SHADOW_ALLOW", "SHADOW_DENY"})
"""What a phrase begins with that stands apart from what is before it, even if that is no phrase."""

_SCENES = frozenset({"test", "given"})


def item_unit(item: Branch) -> Unit:
    """The unit of an item."""
    if item.rule == "rule":
        return _rule(item)
    if item.rule == "let":
        return _unit(item, (_let(item.children),), None)
    at = _brace(item.children)
    if at is None:
        cells = (Cell(run(item.children[:2])), *(Cell(phrase(part)) for part in item.children[2:]))
        return _unit(item, cells, item.rule)
    heads = _split(item.children[:at], frozenset({"ON", "BY"}))
    cells = (*(Cell(run(head)) for head in heads), Cell(_block(item.children[at:], item.rule)))
    return _unit(item, cells, None if item.rule == "test" else item.rule)


def _unit(part: Branch, cells: tuple[Cell, ...], table: str | None) -> Unit:
    return Unit(first_token(part), last_token(part), cells, table)


def _rule(item: Branch) -> Unit:
    """``effect name on scope for methods``, then its clauses: ``when``, ``unless``, ``until``, ``answer``, ``always``."""
    effect, name, *rest = item.children
    start = next(i for i, part in enumerate(rest) if first_token(part).kind in {"WHEN", "ALWAYS"})
    clauses = rest[start:]
    cells = (
        Cell(phrase(effect), slack=1),
        Cell(phrase(name)),
        Cell(run(rest[:start])),
        Cell(phrase(clauses[0]), column_gap=2, clause=True),
        *(Cell(phrase(clause), PHRASE_GAP, PHRASE_GAP, slack=0, clause=True) for clause in clauses[1:]),
    )
    return _unit(item, cells, "rule")


def _let(parts: Sequence[Part]) -> Cell:
    *name, equals, value = parts
    return Cell((run(name), " ", Group((phrase(equals), Break(" "), phrase(value)))))


def _split(parts: Sequence[Part], at: frozenset[str]) -> list[list[Part]]:
    """Parts, cut before each token of certain kinds."""
    found: list[list[Part]] = []
    for part in parts:
        if not found or (isinstance(part, Token) and part.kind in at):
            found.append([])
        found[-1].append(part)
    return found


def _brace(parts: Sequence[Part]) -> int | None:
    """Where the first brace is opened."""
    return next((i for i, part in enumerate(parts) if isinstance(part, Token) and part.kind == "LBRACE"), None)


def _block(parts: Sequence[Part], rule: str) -> Block:
    """A block from its opening brace to its closing one; ``rule`` is what it belongs to."""
    entries = tuple(_entries(parts[1:-1]))
    facts = all(first_token(entry).kind == "KEY" and entry.rule != "claim" for entry in entries)
    return Block(
        open=first_token(parts[0]),
        units=tuple(_entry(entry, rule) for entry in entries),
        close=last_token(parts[-1]),
        split=bool(entries) and first_token(entries[0]).begins_line,
        gap=PHRASE_GAP if facts else ENTRY_GAP,
    )


def _entries(parts: Sequence[Part]) -> Iterator[Branch]:
    """The entries of a block. One that is no branch of its own begins with a word and ends with a branch."""
    pending: list[Part] = []
    for part in parts:
        if isinstance(part, Branch) and not pending:
            yield part
            continue
        pending.append(part)
        if isinstance(part, Branch):
            yield Branch("", tuple(pending))
            pending = []
    if pending:
        yield Branch("", tuple(pending))


def _entry(entry: Branch, rule: str) -> Unit:
    parts = entry.children
    if first_token(entry).kind == "KEY":
        return _unit(entry, _keyed(entry), "keyed")
    if rule in _SCENES:
        return _step(entry)
    at = _brace(parts)
    if at is not None:
        return _unit(entry, (Cell(run(parts[:at])), Cell(_block(parts[at:], entry.rule))), None)
    if entry.rule in _ARMS:
        return _unit(entry, (Cell(run(parts[:2])), *(Cell(phrase(part), clause=True) for part in parts[2:])), "arm")
    if entry.rule == "set_header":
        return _unit(entry, _columns(parts[:2], parts[2:3], parts[3:]), "set")
    words = _words_of_name(entry)
    return _unit(entry, _columns(parts[:words], parts[words:]), "field")


def _words_of_name(entry: Branch) -> int:
    """How many parts of a field are its name; an entry without a rule of its own is a name and one value."""
    if entry.rule in _ONE_CELL:
        return len(entry.children)
    if entry.rule == "":
        return len(entry.children) - 1
    return 2 if entry.rule in _TWO_WORDS else 1


def _columns(name: Sequence[Part], value: Sequence[Part], clause: Sequence[Part] = ()) -> tuple[Cell, ...]:
    """The name of an entry, its value, and what goes to the next line first."""
    cells = [Cell(run(name))]
    if value:
        cells.append(Cell(run(value), column_gap=2))
    if clause:
        cells.append(Cell(_fill(clause), column_gap=2, clause=True))
    return tuple(cells)


def _keyed(entry: Branch) -> tuple[Cell, ...]:
    """``name: type modifiers``, or ``name: value``."""
    key, *rest = entry.children
    if entry.rule == "claim":
        return _columns((key,), rest[:1], rest[1:])
    return Cell(phrase(key)), Cell(_phrases(rest), column_gap=2)


def _fill(parts: Sequence[Part]) -> Doc:
    docs: list[Doc] = []
    for part in parts:
        docs += [Fill(" "), phrase(part)] if docs else [phrase(part)]
    return tuple(docs)


def _step(entry: Branch) -> Unit:
    """A step of a test. Steps of one kind that are a block each, such as rows, stand in columns."""
    parts = entry.children
    at = _brace(parts)
    if at is not None and _brace(parts[at + 1 :]) is None and last_token(entry).kind == "RBRACE":
        return _unit(entry, (Cell(run(parts[:at])), Cell(_block(parts[at:], entry.rule))), f"step {entry.rule}")
    return _unit(entry, (Cell(_phrases(parts)),), None)


def _phrases(parts: Sequence[Part]) -> Doc:
    """The phrases of a step: of two adjacent ones the second stands apart.

    The line breaks between them where it has to, and where the author broke it: they belong together in groups that no
    formatter can know.
    """
    docs: list[Doc] = []
    last: Token | None = None
    apart = False
    for part in _opened(parts):
        first = first_token(part)
        if last is not None and _is_phrase(part) and (apart or first.kind in _APART):
            docs.append(Fill(" " * PHRASE_GAP, forced=first.begins_line))
        elif last is not None:
            docs.append(separation(last, first))
        docs.append(_with_blocks(part))
        apart, last = _is_phrase(part), last_token(part)
    return tuple(docs)


def _opened(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts, with the phrases of an answer in its place."""
    for part in parts:
        if isinstance(part, Branch) and part.rule == "answer":
            yield from part.children
        else:
            yield part


def _is_phrase(part: Part) -> bool:
    """Whether a part has two words or more; ``row.name`` is one."""
    if isinstance(part, Token):
        return False
    if len(part.children) == 1:
        return _is_phrase(part.children[0])
    return between(first_token(part), first_token(part.children[1])) != ""


def _with_blocks(part: Part) -> Doc:
    """A part of a step that may have a block within: ``identity token for_orders { … }``."""
    at = None if isinstance(part, Token) else _brace(part.children)
    if at is None or isinstance(part, Token) or last_token(part).kind != "RBRACE":
        return phrase(part)
    return run(part.children[:at]), " ", _block(part.children[at:], part.rule)
