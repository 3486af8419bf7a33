"""Every regular expression of the product, and texts made to keep each of them busy.

They are found in the code by its syntax, so that none has to be listed by hand. From a parsed
expression come the texts: for each place where something may repeat, what leads there, that part
many times over, and an end that does not fit.
"""

from __future__ import annotations

import ast
import faulthandler
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, Final

import cop
import workers

CHARACTERS: Final = 1_000
"""Of a hostile text: enough for what grows with the cube of it, or faster, to hang."""
LONGEST_S: Final = 20.0
"""One text that takes longer hangs: the process says where it stands, and ends."""
_ONE_LINE: Final = ("cop.formats.roads", "cop.formats.shelters", "cop.services.grid_reference")
"""Modules that take out rows of blanks before they look."""
_CALLS: Final = frozenset(
    {"compile", "search", "match", "fullmatch", "split", "sub", "subn", "findall", "finditer"}
)
_WHOLE: Final = frozenset({"match", "fullmatch", "pattern", "groups"})
_FEWEST: Final = 30
"""What may repeat less often than this costs too little to be looked at by itself."""
_ENDS: Final = ("\x00", "!", "")


@dataclass(frozen=True, slots=True)
class Expression:
    """One regular expression of the code.

    Attributes:
        place: the module and its text shortened, which names it in a report.
        compiled: as the code has it.
        whole: it is only held against a text from its beginning, never looked for within.
    """

    place: str
    compiled: re.Pattern[str] | re.Pattern[bytes]
    whole: bool = False

    def try_on(self, words: str | bytes) -> None:
        """Use it on *words* as the code does."""
        if self.whole:
            self.compiled.match(words)  # type: ignore[arg-type]
            self.compiled.fullmatch(words)  # type: ignore[arg-type]
        else:
            for _ in self.compiled.finditer(words):  # type: ignore[arg-type]
                pass


def expressions() -> tuple[list[Expression], list[str]]:
    """Find all of them, and the places of those that are put together at run time."""
    found: dict[tuple[str, Any, int], Expression] = {}
    later: list[str] = []
    for module in _modules():
        for call in _calls(module):
            try:
                text = eval(compile(ast.Expression(call.args[0]), "re", "eval"), vars(module))  # noqa: S307
                flags = _flags(call, module)
            except NameError:
                later.append(f"{module.__name__}: {ast.unparse(call.args[0])}")
                continue
            if isinstance(text, str | bytes):
                key = (module.__name__, text, flags)
                place = f"{module.__name__}: {str(text)[:60]}"
                whole = getattr(call.func, "attr", "") in _WHOLE
                found.setdefault(key, Expression(place, re.compile(text, flags), whole))
        used, kept = _used(module), list(_kept(module))
        here = {key: one for key, one in found.items() if key[0] == module.__name__}
        for key, one in here.items():
            names = [name for name, made in kept if made.pattern == one.compiled.pattern]
            ways = {way for name in names for way in used.get(name.split()[0], {"search"})}
            if ways and ways <= _WHOLE:
                found[key] = replace(one, whole=True)
        for name, compiled in kept:
            key = (module.__name__, compiled.pattern, compiled.flags & ~re.UNICODE)
            if all(one.compiled.pattern != compiled.pattern for one in found.values()):
                found[key] = Expression(f"{module.__name__}: {name}", compiled)
    return list(found.values()), sorted(later)


def hostile(expression: Expression, characters: int) -> Iterator[str | bytes]:
    """Give texts of about so many *characters* that make *expression* try again and again."""
    tree = parser.parse(expression.compiled.pattern, expression.compiled.flags & ~re.DEBUG)
    seen: set[str] = set()
    for lead, pump in _pumps(tree, ""):
        if not pump:
            continue
        for each in (lead + pump, pump):
            body = each * max(1, characters // len(each))
            for text in (*(body + end for end in _ENDS), lead + pump * (characters // len(pump))):
                if text not in seen:
                    seen.add(text)
                    yield (
                        text
                        if isinstance(expression.compiled.pattern, str)
                        else text.encode("latin-1", "replace")
                    )


def _modules() -> Iterator[ModuleType]:
    for package in (cop, workers):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            place = Path(package.__path__[0]).parent / info.name.replace(".", "/")
            file = place / "__init__.py" if info.ispkg else place.with_suffix(".py")
            if "import re\n" in file.read_text(encoding="utf-8"):
                yield importlib.import_module(info.name)


def _calls(module: ModuleType) -> Iterator[ast.Call]:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _CALLS
        ):
            yield node


def _used(module: ModuleType) -> dict[str, set[str]]:
    """Tell by what a module uses each name: the names of the methods."""
    used: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
    return used


def _flags(call: ast.Call, module: ModuleType) -> int:
    given = [word.value for word in call.keywords if word.arg == "flags"]
    if getattr(call.func, "attr", "") == "compile" and len(call.args) > 1:
        given.append(call.args[1])
    if not given:
        return 0
    return int(eval(compile(ast.Expression(given[0]), "re", "eval"), vars(module)))  # noqa: S307


def _kept(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Give what a module keeps compiled, also where it was put together."""
    for name, value in vars(module).items():
        for number, one in enumerate(_within(value)):
            yield f"{name} {number}", one


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _within(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _within(one)


def _pumps(tree: Sequence[Any], lead: str) -> Iterator[tuple[str, str]]:
    """Give for each part that repeats what leads to it and one example of it."""
    for operator, what in tree:
        if operator in _REPEATS:
            fewest, most, body = what
            if most == constants.MAXREPEAT or most >= _FEWEST:
                for pump in _examples(body):
                    yield lead, pump
            yield from _pumps(body, lead)
            lead += _one(body) * fewest
            continue
        for inner in _inside(operator, what):
            yield from _pumps(inner, lead)
        lead += _example(operator, what)


_REPEATS: Final = frozenset(
    {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}
)


def _inside(operator: Any, what: Any) -> Iterator[Sequence[Any]]:
    if operator is constants.SUBPATTERN:
        yield what[3]
    elif operator is constants.ATOMIC_GROUP:
        yield what
    elif operator is constants.BRANCH:
        yield from what[1]
    elif operator in (constants.ASSERT, constants.ASSERT_NOT):
        yield what[1]


def _examples(tree: Sequence[Any]) -> list[str]:
    """Give the shortest example of *tree*, and one with each class drawn otherwise."""
    first = _one(tree)
    others = {_one(tree, drawn) for drawn in (" ", "\n", "a", "1", "<", ",")}
    for operator, what in tree:
        if operator is constants.BRANCH and len(tree) == 1:
            others |= {_one(branch) for branch in what[1]}
        if operator is constants.SUBPATTERN and len(tree) == 1:
            others |= set(_examples(what[3]))
    return [first, *sorted(others - {first})]


def _one(tree: Sequence[Any], drawn: str = "") -> str:
    return "".join(_example(operator, what, drawn) for operator, what in tree)


def _example(operator: Any, what: Any, drawn: str = "") -> str:
    """Give a short text that *operator* fits; *drawn* is taken where a class has it."""
    if operator is constants.LITERAL:
        return chr(what)
    if operator in (constants.ANY, constants.NOT_LITERAL):
        return drawn or ("a" if what != ord("a") else "b")
    if operator is constants.IN:
        return _member(what, drawn)
    if operator in _REPEATS:
        return _one(what[2], drawn) * max(what[0], 0)
    if operator is constants.SUBPATTERN:
        return _one(what[3], drawn)
    if operator is constants.ATOMIC_GROUP:
        return _one(what, drawn)
    if operator is constants.BRANCH:
        return _one(what[1][0], drawn)
    return ""


_BY_CLASS: Final = {
    constants.CATEGORY_SPACE: " ",
    constants.CATEGORY_DIGIT: "1",
    constants.CATEGORY_WORD: "a",
    constants.CATEGORY_NOT_SPACE: "a",
    constants.CATEGORY_NOT_DIGIT: "a",
    constants.CATEGORY_NOT_WORD: " ",
}


def _member(items: Sequence[Any], drawn: str) -> str:
    if drawn and _fits(items, drawn):
        return drawn
    if items[0][0] is constants.NEGATE:
        return next(one for one in "a1 ,x<-\n\x00" if _fits(items, one))
    operator, what = items[0]
    if operator is constants.LITERAL:
        return chr(what)
    if operator is constants.RANGE:
        return chr(what[0])
    return _BY_CLASS[what]


def _fits(items: Sequence[Any], character: str) -> bool:
    negated = items[0][0] is constants.NEGATE
    code = ord(character)
    for operator, what in items[1:] if negated else items:
        if operator is constants.LITERAL and what == code:
            return not negated
        if operator is constants.RANGE and what[0] <= code <= what[1]:
            return not negated
        if operator is constants.CATEGORY and re.fullmatch(_CLASSES[what], character):
            return not negated
    return negated


_CLASSES: Final = {
    constants.CATEGORY_SPACE: r"\s",
    constants.CATEGORY_NOT_SPACE: r"\S",
    constants.CATEGORY_DIGIT: r"\d",
    constants.CATEGORY_NOT_DIGIT: r"\D",
    constants.CATEGORY_WORD: r"\w",
    constants.CATEGORY_NOT_WORD: r"\W",
}


def main() -> int:
    """Try each on the texts made for it; the process ends by itself where one hangs."""
    found, _ = expressions()
    tried = 0
    for one in found:
        sys.stdout.write(f"{one.place!r}\n")
        sys.stdout.flush()
        for text in hostile(one, CHARACTERS):
            squeezed = one.place.startswith(_ONE_LINE) and isinstance(text, str)
            words = " ".join(str(text).split()) if squeezed else text
            faulthandler.dump_traceback_later(LONGEST_S, exit=True)
            one.try_on(words)
            faulthandler.cancel_dump_traceback_later()
            tried += 1
    sys.stdout.write(f"{len(found)} expressions, {tried:,} texts\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
