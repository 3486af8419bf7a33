"""The size of files, functions and callbacks, and what no file may say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("cop", "workers", "assets", "tests", "bench", "tools", "deploy")
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".js", ".css", ".lua", ".sh"}
    and not {"__pycache__", "vendor"} & set(path.parts)  # others' files stay as they came
)
MODULES = [path for path in FILES if path.suffix == ".py"]
OURS = [path for path in MODULES if path.relative_to(ROOT).parts[0] in {"cop", "workers"}]

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_CALLBACK = 10
MOST_OUTPUTS = 3
VAGUE_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|manager)($|_)|^base_")
FINITE_KEYS = {
    "cop/reference/tables.py: default_table": "files that are shipped",
    "cop/services/grid_reference.py: _to_degrees": "three projections",
    "cop/services/limits.py: _read": "the file that is set up",
    "cop/store/redis.py: _script": "files that are shipped",
    "workers/memory.py: _recipe": "modules of feeds",
    "workers/scenarios/black_rainstorm_2023/sights.py: _everybody": "crowds of one story",
    "workers/tasks.py: _lines": "two",
}
"""Functions whose arguments can only be so many, and why."""
FOREIGN_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/\w")


def named(path: Path) -> str:
    """Name a file as people do."""
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    """Give the tree of a module."""
    return ast.parse(path.read_text("utf-8"))


@dataclass(frozen=True)
class Function:
    """What is looked at of a function; of its tree only as much is kept as is small."""

    name: str
    lines: int
    lines_of_body: int
    takes: str
    decorators: list[ast.expr]


@lru_cache(maxsize=len(MODULES))
def functions(path: Path) -> tuple[Function, ...]:
    """Give every function in a module."""
    return tuple(
        Function(
            node.name, lines_of(node), body_of(node), ast.unparse(node.args), node.decorator_list
        )
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function, with its decorators."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or first) - first + 1


def body_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's body, without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def callbacks() -> Iterator[tuple[Path, Function, ast.Call]]:
    """Give every function that Dash calls, with the decorator that says so."""
    for path in OURS:
        for one in functions(path):
            for decorator in one.decorators:
                if isinstance(decorator, ast.Call):
                    name = getattr(decorator.func, "attr", getattr(decorator.func, "id", ""))
                    if name.endswith("callback"):
                        yield path, one, decorator


def outputs_of(decorator: ast.Call) -> int:
    """Count the outputs of a callback."""
    return sum(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Output"
        for node in ast.walk(decorator)
    )


def test_files_are_short() -> None:
    """A file of more than 400 lines is two things."""
    lines = {named(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {name: n for name, n in lines.items() if n > MOST_LINES} == {}


def test_functions_are_short() -> None:
    """A function of more than 60 lines is two things."""
    lines = {f"{named(path)}: {one.name}": one.lines for path in MODULES for one in functions(path)}
    assert {name: n for name, n in lines.items() if n > MOST_LINES_OF_A_FUNCTION} == {}


def test_callbacks_only_translate() -> None:
    """A callback unpacks, calls one function and returns: at most ten lines, three outputs."""
    wrong = [
        f"{named(path)}: {one.name}"
        for path, one, decorator in callbacks()
        if one.lines_of_body > MOST_LINES_OF_A_CALLBACK or outputs_of(decorator) > MOST_OUTPUTS
    ]
    assert wrong == []


def test_what_is_cached_for_ever_has_few_keys() -> None:
    """A cache without an end is a leak as soon as time or the outside chooses its keys."""
    endless = {
        f"{named(path)}: {one.name}"
        for path in OURS
        for one in functions(path)
        if one.takes and any(map(_is_endless, one.decorators))
    }
    assert endless == FINITE_KEYS.keys()


def _is_endless(decorator: ast.expr) -> bool:
    said = ast.unparse(decorator).removeprefix("functools.")
    return said == "cache" or "maxsize=None" in said or said == "lru_cache(None)"


def test_modules_say_what_they_are_for() -> None:
    """Every module has a docstring and a name that says something."""
    assert [named(path) for path in OURS if not ast.get_docstring(parsed(path))] == []
    assert [named(path) for path in OURS if VAGUE_NAMES.search(path.stem)] == []


def test_no_path_of_one_machine() -> None:
    """No file names a path that exists on one machine alone."""
    texts = {path: path.read_text("utf-8").replace(FOREIGN_PATHS.pattern, "") for path in FILES}
    assert [named(path) for path, said in texts.items() if FOREIGN_PATHS.search(said)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-schemas.lock"])
def test_the_lock_names_no_address(name: str) -> None:
    """The lock pins by hash, not by where a package was found."""
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    assert lock.count("--hash=sha256:") >= lock.count("==") > 0
