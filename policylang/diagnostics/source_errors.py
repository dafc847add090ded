"""Complaints about the files of a rule set, codes R700 to R719. A docstring here is its code's page in the docs."""

from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import NOWHERE, Span
from policylang.source.trouble import Trouble


def source_trouble(trouble: Trouble, at: Span | None = None) -> Diagnostic:
    """The complaint for a trouble, at ``at`` or at the file that it is about."""
    place = at or (NOWHERE if trouble.file is None else Span(trouble.file, 0, 0))
    return _WORDED[trouble.kind](trouble, place)


def unreadable_root(trouble: Trouble, at: Span) -> Diagnostic:
    """R700: the rule set cannot be opened.

    The path given is not there, may not be read, or is neither a directory nor a file.

    Bad: `policylang check ruels/`.

    Good: `policylang check rules/`.
    """
    return Diagnostic("R700", f"the rule set `{trouble.path}` cannot be read: {trouble.reason}", (Label(at),))


def no_rules_files(trouble: Trouble, at: Span) -> Diagnostic:
    """R701: a directory without a rules file.

    A rule set is a directory with at least one `*.rules` file; hidden files and `env/` do not count. An empty rule set
    is refused rather than compiled to a gateway that denies everything.

    Bad: `rules/readme.md` alone.

    Good: `rules/orders.rules`.
    """
    return Diagnostic(
        "R701",
        f"the directory `{trouble.path}` holds no *.rules file",
        (Label(at),),
        help=("add a file such as orders.rules that begins with `language 1`",),
    )


def too_many_files(trouble: Trouble, at: Span) -> Diagnostic:
    """R702: more files than a rule set may have.

    A rule set has at most 2,000 `*.rules` files. Nothing of it is read beyond that.

    Bad: one file for each of 5,000 rules.

    Good: one file for each service.
    """
    return Diagnostic("R702", f"the rule set has more than {trouble.cap:,} *.rules files", (Label(at),))


def unreadable_folder(trouble: Trouble, at: Span) -> Diagnostic:
    """R703: a folder of the rule set cannot be listed.

    Rules that cannot be seen cannot deny, so the whole rule set is refused.

    Bad: a folder with mode 000.

    Good: folders that the compiler may read.
    """
    return Diagnostic("R703", f"the folder `{trouble.path}` cannot be read: {trouble.reason}", (Label(at),))


def tree_too_deep(trouble: Trouble, at: Span) -> Diagnostic:
    """R704: folders nested too deeply.

    Folders may be nested 32 deep.

    Bad: `a/a/a/…`.

    Good: `teams/orders/`.
    """
    return Diagnostic("R704", f"the folder `{trouble.path}` is nested deeper than {trouble.cap} levels", (Label(at),))


def unreadable_file(trouble: Trouble, at: Span) -> Diagnostic:
    """R705: a file of the rule set cannot be read.

    A file that cannot be read may hold denies, so the rule set is refused.

    Bad: a dangling link.

    Good: a readable regular file.
    """
    return Diagnostic("R705", f"the file `{trouble.path}` cannot be read: {trouble.reason}", (Label(at),))


def link_leaves_tree(trouble: Trouble, at: Span) -> Diagnostic:
    """R706: a link that leads out of the rule set.

    What is reviewed, signed and compiled is the directory; a link to somewhere else would let other text in.

    Bad: `shared.rules -> /etc/shared.rules`.

    Good: a copy inside the directory.
    """
    return Diagnostic(
        "R706",
        f"the file `{trouble.path}` is a link that leaves the rule set",
        (Label(at),),
        help=("put the file itself into the rule set",),
    )


def not_a_file(trouble: Trouble, at: Span) -> Diagnostic:
    """R707: a name where a regular file was expected.

    Pipes, sockets, devices and directories are not read.

    Bad: a named pipe `x.rules`.

    Good: a regular file.
    """
    return Diagnostic("R707", f"`{trouble.path}` is not a regular file", (Label(at),))


def file_too_big(trouble: Trouble, at: Span) -> Diagnostic:
    """R708: a file bigger than such a file may be.

    A rules file holds at most 4 MiB, which is room for more than 20,000 rules; a file that rules name at most 256 KiB.

    Bad: one generated file of 10 MiB.

    Good: one file for each service.
    """
    return Diagnostic("R708", f"the file `{trouble.path}` is bigger than {trouble.cap // 1024:,} KiB", (Label(at),))


def tree_too_big(trouble: Trouble, at: Span) -> Diagnostic:
    """R709: a rule set bigger than a rule set may be.

    All files together hold at most 64 MiB.

    Bad: data kept as rules.

    Good: facts kept behind the gateway as metadata.
    """
    return Diagnostic(
        "R709", f"with `{trouble.path}` the rule set is bigger than {trouble.cap // 1024:,} KiB", (Label(at),)
    )


def byte_order_mark(trouble: Trouble, at: Span) -> Diagnostic:
    """R710: a file that begins with a byte order mark.

    Rules are UTF-8 without a byte order mark; UTF-16 is refused.

    Bad: a file saved as "UTF-8 with BOM".

    Good: a file saved as "UTF-8".
    """
    return Diagnostic(
        "R710",
        f"the file `{trouble.path}` begins with a byte order mark",
        (Label(at),),
        help=("save it as UTF-8 without a byte order mark",),
    )


def not_utf8(trouble: Trouble, at: Span) -> Diagnostic:
    """R711: a file that is not UTF-8.

    Bytes that do not decode would be read differently by an editor and by the compiler.

    Bad: a file saved as Latin-1.

    Good: a file saved as UTF-8.
    """
    return Diagnostic("R711", f"the file `{trouble.path}` is not UTF-8 ({trouble.reason})", (Label(at),))


def escaping_name(trouble: Trouble, at: Span) -> Diagnostic:
    """R712: a file name that could leave the rule set.

    A file that rules refer to is named relative to the rule set, with `/` between plain names.

    Bad: `keys file "../partner.pem"`.

    Good: `keys file "keys/partner.pem"`.
    """
    return Diagnostic(
        "R712",
        f"`{trouble.path[:80]}` is not a plain relative path",
        (Label(at, "must stay inside the rule set"),),
        help=('name it from the root of the rule set, such as "keys/partner.pem"',),
    )


def rootless_file(trouble: Trouble, at: Span) -> Diagnostic:
    """R713: a file is named, and the rules were not read from a directory.

    Rules given as text alone have no directory that file names could start from.

    Bad: `keys file "keys/a.pem"` on standard input.

    Good: the same in a directory.
    """
    return Diagnostic("R713", f"the file `{trouble.path}` cannot be read: these rules have no directory", (Label(at),))


_WORDED = {
    "root": unreadable_root,
    "empty": no_rules_files,
    "files": too_many_files,
    "folder": unreadable_folder,
    "depth": tree_too_deep,
    "system": unreadable_file,
    "outside": link_leaves_tree,
    "irregular": not_a_file,
    "size": file_too_big,
    "total": tree_too_big,
    "mark": byte_order_mark,
    "encoding": not_utf8,
    "name": escaping_name,
    "rootless": rootless_file,
}
