"""What a filter means: a CQL2 tree made into a test of one feature.

Truth has three values, as in SQL: what is compared with something that was not said is neither
true nor false, and is not selected.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cop.services.features.columns import Column, named_column
from cop.services.features.cql2 import wrong
from cop.services.features.filter_space import GEOMETRY, relate
from cop.services.features.filter_space import RELATIONS as SPATIAL
from cop.services.features.filter_time import RELATIONS as TEMPORAL
from cop.services.features.filter_time import compare_times, interval, moment, relate_times
from cop.services.features.filter_words import is_like, without_accents
from cop.services.features.subject import Operand, Subject, Test, Truth
from cop.services.features.times import epoch

MOST_NODES: Final = 300
MOST_DEPTH: Final = 48
MOST_LISTED: Final = 1_000
"""Values after `in`."""

_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_LITERALS: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "number": (int, float),
}


def _divide(one: float, two: float) -> float:
    return float(one // two)


_RECKON: Final[Mapping[str, Callable[[float, float], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "div": _divide,
    "^": operator.pow,
}


class Compiler:
    """Makes tests for one collection: knows what its properties are."""

    def __init__(self, columns: Sequence[Column], crs: str, *, has_named: bool) -> None:
        """Know *columns*; literals are in the system *crs*.

        With *has_named*, numbers by name may be asked for even where nothing has them now.
        """
        self._columns = {column.name: column for column in columns}
        self._crs = crs
        self._has_named = has_named
        self._nodes = 0

    def test(self, tree: Any) -> Test:
        """Make the test of *tree*.

        Raises:
            Invalid: it is not something that can be true or false, or names an unknown property.
        """
        return self._truth(tree, 0)

    def _step(self, depth: int) -> None:
        self._nodes += 1
        if depth > MOST_DEPTH or self._nodes > MOST_NODES:
            raise wrong("too deeply nested, or too long")

    def _truth(self, node: Any, depth: int) -> Test:
        self._step(depth)
        if isinstance(node, bool):
            return lambda _: node
        op, args = _call(node)
        if op in ("and", "or"):
            parts = [self._truth(arg, depth + 1) for arg in args]
            return _all(parts) if op == "and" else _any(parts)
        if op == "not":
            inner = self._truth(_one(op, args), depth + 1)
            return lambda subject: None if (truth := inner(subject)) is None else not truth
        if op == "isnull":
            return self._is_null(_one(op, args), depth + 1)
        if op in SPATIAL:
            return relate(op, *self._geometries(op, args), self._crs)
        if op in TEMPORAL:
            sides = [self._operand(arg, depth + 1) for arg in _two(op, args)]
            return relate_times(op, *(_time(side, op) for side in sides))
        return self._comparison(op, args, depth)

    def _comparison(self, op: str, args: Sequence[Any], depth: int) -> Test:
        if op in _COMPARE:
            return _compare(op, *(self._operand(arg, depth + 1) for arg in _two(op, args)))
        if op == "between":
            value, low, high = (self._operand(arg, depth + 1) for arg in _three(args))
            return _all([_compare(">=", value, low), _compare("<=", value, high)])
        if op == "in":
            first, others = _two(op, args)
            if not isinstance(others, list):
                raise wrong("in: give a list")
            return self._is_one_of(self._operand(first, depth + 1), others, depth + 1)
        if op == "like":
            value, pattern = (self._operand(arg, depth + 1) for arg in _two(op, args))
            if value.type != "string" or pattern.text is None:
                raise wrong("like: compare a text with a pattern in quotes")
            return is_like(value, pattern.text)
        raise wrong(f"{op[:60]} is not known here")

    def _is_one_of(self, value: Operand, others: Sequence[Any], depth: int) -> Test:
        if len(others) > MOST_LISTED:
            raise wrong(f"in: at most {MOST_LISTED} values")
        if all(isinstance(one, (str, int, float)) for one in others) and value.type != "time":
            return self._is_listed(value, others)
        return _any([_compare("=", value, self._operand(one, depth)) for one in others])

    def _is_listed(self, value: Operand, others: Sequence[Any]) -> Test:
        """Look among literals; that is one look, however many there are."""
        fits = _LITERALS[value.type]
        if not all(isinstance(one, fits) for one in others):
            raise wrong(f"in: these are not all of the type {value.type}")
        wanted, of = frozenset(others), value.of
        return lambda subject: None if (found := of(subject)) is None else found in wanted

    def _is_null(self, node: Any, depth: int) -> Test:
        if isinstance(node, dict) and node.get("property") == GEOMETRY:
            return lambda subject: subject.line.box is None
        value = self._operand(node, depth).of
        return lambda subject: value(subject) is None

    def _operand(self, node: Any, depth: int) -> Operand:
        self._step(depth)
        if isinstance(node, bool):
            return Operand("boolean", lambda _: node)
        if isinstance(node, (int, float)):
            return Operand("number", lambda _: node)
        if isinstance(node, str):
            return Operand("string", lambda _: node, text=node)
        if not isinstance(node, dict):
            raise wrong("a list can stand only after in")
        if "property" in node:
            return self._property(node["property"])
        if "timestamp" in node or "date" in node:
            return moment(node.get("timestamp", node.get("date")))
        if "interval" in node:
            ends = node["interval"]
            if not isinstance(ends, list) or len(ends) != 2:
                raise wrong("interval: give two ends")
            return interval(*(self._end(end, depth + 1) for end in ends))
        return self._reckoned(node, depth)

    def _end(self, node: Any, depth: int) -> Operand | str:
        return node if isinstance(node, str) else _time(self._operand(node, depth), "interval")

    def _reckoned(self, node: Mapping[str, Any], depth: int) -> Operand:
        op, args = _call(node)
        if op in ("casei", "accenti"):
            inner = self._operand(_one(op, args), depth + 1)
            change = str.casefold if op == "casei" else without_accents
            if inner.type != "string":
                raise wrong(f"{op}: give a text")
            text = None if inner.text is None else change(inner.text)
            return Operand("string", _mapped(inner.of, change), text=text)
        if op in _RECKON:
            sides = [self._operand(arg, depth + 1) for arg in args]
            if len(sides) not in (1, 2) or any(side.type != "number" for side in sides):
                raise wrong(f"{op}: give two numbers")
            return Operand("number", _reckon(op, [side.of for side in sides]))
        raise wrong(f"{op[:60]} is not known here")

    def _property(self, name: object) -> Operand:
        if name == "id":
            return Operand("string", lambda subject: subject.line.id)
        if not isinstance(name, str) or name == GEOMETRY:
            raise wrong("a geometry can be compared only by s_intersects and its like")
        column = self._columns.get(name)
        if column is None and self._has_named:
            column = named_column(name)
        if column is None:
            raise wrong(f"there is no property {name[:60]!r}: /queryables lists them")
        take = column.take
        if column.format == "date-time":
            return Operand("time", lambda subject: _instant(take(subject.properties, subject.lang)))
        kind = "number" if column.type in ("integer", "number") else column.type
        return Operand(
            "boolean" if kind == "boolean" else "number" if kind == "number" else "string",
            lambda subject: take(subject.properties, subject.lang),
        )

    def _geometries(self, op: str, args: Sequence[Any]) -> tuple[Any, Any]:
        first, second = _two(op, args)
        for one in (first, second):
            self._step(0)
            if isinstance(one, dict) and one.get("property", GEOMETRY) != GEOMETRY:
                raise wrong(f"{op}: the only property that is a place is {GEOMETRY}")
        return first, second


def _call(node: Any) -> tuple[str, Sequence[Any]]:
    if not isinstance(node, dict) or not isinstance(node.get("op"), str):
        raise wrong("not something that can be true or false")
    args = node.get("args")
    if not isinstance(args, list):
        raise wrong(f"{node['op'][:60]}: it needs arguments")
    return node["op"].lower(), args


def _one(op: str, args: Sequence[Any]) -> Any:
    if len(args) != 1:
        raise wrong(f"{op}: give one argument")
    return args[0]


def _two(op: str, args: Sequence[Any]) -> Sequence[Any]:
    if len(args) != 2:
        raise wrong(f"{op}: give two arguments")
    return args


def _three(args: Sequence[Any]) -> Sequence[Any]:
    if len(args) == 2 and isinstance(args[1], list):
        args = [args[0], *args[1]]
    if len(args) != 3:
        raise wrong("between: give a value and two limits")
    return args


def _all(parts: Sequence[Test]) -> Test:
    def test(subject: Subject) -> Truth:
        told: Truth = True
        for part in parts:
            truth = part(subject)
            if truth is False:
                return False
            told = None if truth is None else told
        return told

    return test


def _any(parts: Sequence[Test]) -> Test:
    def test(subject: Subject) -> Truth:
        told: Truth = False
        for part in parts:
            truth = part(subject)
            if truth:
                return True
            told = None if truth is None else told
        return told

    return test


def _time(side: Operand, op: str) -> Operand:
    if side.type == "time":
        return side
    if side.text is not None:
        return moment(side.text)
    raise wrong(f"{op}: give times")


def _compare(op: str, one: Operand, two: Operand) -> Test:
    if "time" in (one.type, two.type):
        sides = (_time(one, op), _time(two, op))
        if not all(side.instant for side in sides):
            raise wrong(f"{op}: compare moments; for intervals there are t_intersects and its like")
        return compare_times(op, *sides)
    if one.type != two.type:
        raise wrong(f"{op}: a {one.type} cannot be compared with a {two.type}")
    if one.type == "boolean" and op not in ("=", "<>"):
        raise wrong(f"{op}: true and false have no order")
    holds, left, right = _COMPARE[op], one.of, two.of

    def test(subject: Subject) -> Truth:
        first, second = left(subject), right(subject)
        return None if first is None or second is None else holds(first, second)

    return test


def _mapped(of: Callable[[Subject], Any], change: Callable[[str], str]) -> Callable[[Subject], Any]:
    return lambda subject: None if (value := of(subject)) is None else change(value)


def _reckon(op: str, sides: Sequence[Callable[[Subject], Any]]) -> Callable[[Subject], Any]:
    reckon = _RECKON[op]

    def of(subject: Subject) -> float | None:
        given = [side(subject) for side in sides]
        if None in given:
            return None
        try:
            values = [float(value) for value in given]  # whole numbers could grow without end
            result = reckon(*values) if len(values) == 2 else reckon(0.0, *values)
        except (ArithmeticError, ValueError):
            return None
        return result if isinstance(result, (int, float)) else None  # a root of a negative number

    return of


def _instant(value: object) -> tuple[float, float] | None:
    at = epoch(value)
    return None if at is None else (at, at)
