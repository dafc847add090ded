"""Settings, secrets, issuers, keyrings."""

from typing import Any

from policylang.syntax import errors_declarations, nodes
from policylang.syntax.builders.literals import Literals
from policylang.syntax.builders.parts import Children, Field, grouped
from policylang.syntax.http_names import is_token
from policylang.syntax.words import Word


class Issuers(Literals):
    """Alternatives of ``setting``, ``secret``, ``issuer`` and ``keyring``."""

    def setting_type(self, children: Children) -> Any:
        return children[0]

    def setting(self, children: Children) -> nodes.Setting:
        return nodes.Setting(self.place(children), self.name_of(children[1]), children[2].value)

    def secret(self, children: Children) -> nodes.Secret:
        return nodes.Secret(self.place(children), self.name_of(children[1]))

    def setting_ref(self, children: Children) -> nodes.SettingRef:
        return nodes.SettingRef(self.place(children), self.member_name(children[1]))

    def secret_ref(self, children: Children) -> nodes.SecretRef:
        return nodes.SecretRef(self.place(children), self.member_name(children[1]))

    def consts(self, children: Children) -> Field:
        return self.field("consts", children, tuple(children[::2]))

    def issuer(self, children: Children) -> nodes.Issuer:
        return nodes.Issuer(self.place(children), self.name_of(children[1]), **grouped(children))

    def keyring(self, children: Children) -> nodes.Keyring:
        return nodes.Keyring(self.place(children), self.name_of(children[1]), **grouped(children))

    def iss(self, children: Children) -> Field:
        return self.field("iss", children, children[1])

    def keys(self, children: Children) -> Field:
        return self.field("keys", children, children[1])

    def keys_url(self, children: Children) -> nodes.KeysUrl:
        return nodes.KeysUrl(self.place(children), children[0])

    def keys_secret(self, children: Children) -> nodes.KeysSecret:
        return nodes.KeysSecret(self.place(children), self.secret_ref(children))

    def keys_file(self, children: Children) -> nodes.KeysFile:
        return nodes.KeysFile(self.place(children), self.text(children[1]))

    def keys_discovered(self, children: Children) -> nodes.KeysDiscovered:
        return nodes.KeysDiscovered(self.place(children))

    def keys_keyring(self, children: Children) -> nodes.KeysKeyring:
        return nodes.KeysKeyring(self.place(children), self.name_of(children[1]))

    def propers(self, children: Children) -> Field:
        return self.field("propers", children, self.names_in(children, "PROPER"))

    def algorithms(self, children: Children) -> Field:
        return self.field("algorithms", children, children[1].value)

    def audience(self, children: Children) -> Field:
        return self.field("audience", children, children[1].value)

    def leeway(self, children: Children) -> Field:
        return self.field("leeway", children, self.duration(children[1]))

    def longest_lifetime(self, children: Children) -> Field:
        return self.field("lifetime", children, self.duration(children[3]))

    def member_path(self, children: Children) -> Field:
        """One member name, or the names on the way down: the text is the name, dots and slashes included."""
        given = children[0]
        if type(given) is Word:
            return self.field("path", children, (self.text(given),))
        if not given.items:
            self.complain(errors_declarations.empty_member_path(given.span))
        return self.field("path", children, given.items)

    def marked(self, children: Children) -> Field:
        node = nodes.Marked(self.place(children), children[1].value, self.text(children[3]))
        return self.field("marked", children, node)

    def marked_absent(self, children: Children) -> Field:
        return self.field("marked", children, nodes.Marked(self.place(children), children[1].value, None))

    def identity(self, children: Children) -> Field:
        return self.field("identity", children, children[2])

    def credential_header(self, children: Children) -> Field:
        name = self.exact_header(children[2])
        text = name.text if isinstance(name, nodes.Name) else name.value
        node = nodes.Credential(self.place(children), "header", nodes.Name(name.span, text))
        return self.field("credential", children, node)

    def credential_cookie(self, children: Children) -> Field:
        name = self.text(children[2])
        if name.holes or not is_token(name.value):
            self.complain(errors_declarations.bad_cookie_name(name.span))
        node = nodes.Credential(self.place(children), "cookie", nodes.Name(name.span, name.value))
        return self.field("credential", children, node)
