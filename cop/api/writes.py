"""The routes of all commands, made from their declarations: one entrance for page and programs."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Header, HTTPException, Request, Response
from pydantic import BaseModel

from cop.api.problems import MEDIA_TYPE, problem
from cop.api.web import Asker, Web, origin_of
from cop.clock import utc_iso
from cop.errors import Stale
from cop.services.commands.engine import perform
from cop.services.commands.plan import Asked, Command, Outcome
from cop.services.commands.registry import find_commands
from cop.services.metrics import timed_command
from cop.services.picture import encode_features
from cop.services.policy import Identity

router = APIRouter(prefix="/api/v1")

_KEY: Final = re.compile(r"[\x21-\x7e]{1,100}")
_ETAG: Final = re.compile(r'(?:W/)?"?([1-9][0-9]{0,15})"?')
EXAMPLE: Final = {
    "id": "incident:5f0c7d1e9a3b4c52",
    "version": 2,
    "cursor": "1694099170000-0",
    "repeated": False,
    "journal": 17,
    "undo_until": "2023-09-07T15:06:40Z",
    "warnings": [],
    "feature": None,
}
_PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {}}
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"description": "The body or a header is not what it should be", "content": _PROBLEM},
    403: {"description": "The role may not do this, or not on this", "content": _PROBLEM},
    404: {"description": "There is no such entity", "content": _PROBLEM},
    409: {"description": "Not possible in the present state; `code` says why", "content": _PROBLEM},
    422: {"description": "The key was used for another request", "content": _PROBLEM},
    503: {"description": "Ask again with the same key: it is done once", "content": _PROBLEM},
}
_MATCHED: Final[dict[int | str, dict[str, Any]]] = {
    412: {"description": "Changed since; `current` is how it is now", "content": _PROBLEM},
    428: {"description": "If-Match is missing", "content": _PROBLEM},
}


async def do(
    command: Command, target: str, body: BaseModel | None, request: Request, asked: Asked
) -> Response:
    """Do *command* and answer in the way of all writes."""
    web: Web = request.app.state.web
    try:
        outcome, feature = await asyncio.to_thread(_perform, web, command, target, body, asked)
    except Stale as stale:
        current = await asyncio.to_thread(_feature, web, asked.identity, stale.entity_id)
        yours = None if body is None else body.model_dump(mode="json", exclude_unset=True)
        return problem(412, str(stale), code="stale", current=current, yours=yours)
    return _answer(outcome, feature, made=command.makes is not None)


async def answer_with(web: Web, identity: Identity, outcome: Outcome) -> Response:
    """Answer in the way of all writes for what has been done already."""
    feature = await asyncio.to_thread(_feature, web, identity, outcome.id)
    return _answer(outcome, feature, made=False)


def _perform(
    web: Web, command: Command, target: str, body: BaseModel | None, asked: Asked
) -> tuple[Outcome, Any]:
    with timed_command(f"{command.method} {command.path}"):
        outcome = perform(web.desk, command, target, body, asked)
    return outcome, _feature(web, asked.identity, outcome.id)


def asked_by(
    request: Request, identity: Identity, key: str, if_match: str, *, matched: bool
) -> Asked:
    """Give what the headers of a write say.

    Raises:
        HTTPException: 400 or 428, when one that is needed is missing or is none.
    """
    if not _KEY.fullmatch(key):
        raise HTTPException(
            400, "send an Idempotency-Key, 1 to 100 printable characters, new for each deed"
        )
    found = _ETAG.fullmatch(if_match.strip())
    if matched and not if_match:
        raise HTTPException(428, 'send If-Match: "VERSION" with the version you changed')
    if if_match and not found:
        raise HTTPException(400, 'If-Match: give one version in quotes, for example "3"')
    return Asked(
        identity=identity,
        key=key,
        expected=int(found[1]) if found else None,
        origin=origin_of(request),
    )


def _feature(web: Web, identity: Identity, entity_id: str) -> Any:
    """Give the stored entity as the asker may see it; the copy in this process may lag behind."""
    record = web.desk.store.read([entity_id]).get(entity_id) if entity_id else None
    encoded = encode_features(record).get(identity.audience) if record else None
    return orjson.loads(encoded) if encoded else None


def _answer(outcome: Outcome, feature: Any, *, made: bool) -> Response:
    until = outcome.undo_until
    body = {
        "id": outcome.id,
        "version": outcome.version,
        "cursor": outcome.cursor,
        "repeated": outcome.repeated,
        "journal": outcome.journal,
        "undo_until": None if until is None else utc_iso(until),
        "warnings": [{"code": one.code, "detail": one.detail} for one in outcome.cautions],
        "feature": feature,
    }
    status = HTTPStatus.CREATED if made and not outcome.repeated else HTTPStatus.OK
    headers = {"ETag": f'"{outcome.version}"', "Cache-Control": "no-store"}
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def _endpoint(command: Command) -> Callable[..., Awaitable[Response]]:
    """Make the function that FastAPI reads the parameters of *command* from."""

    async def endpoint(**given: Any) -> Response:
        asked = asked_by(
            given["request"],
            given["identity"],
            given["idempotency_key"],
            given["if_match"],
            matched=command.matched,
        )
        return await do(command, given.get("id", ""), given.get("body"), given["request"], asked)

    header = Annotated[str, Header(max_length=200)]
    wanted: list[tuple[str, Any, Any]] = [
        ("request", Request, inspect.Parameter.empty),
        ("identity", Asker, inspect.Parameter.empty),
        ("idempotency_key", header, ""),
        ("if_match", header, ""),
    ]
    if "{id}" in command.path:
        wanted.append(("id", str, inspect.Parameter.empty))
    if command.body is not None:
        wanted.append(("body", command.body, inspect.Parameter.empty))
    keyword = inspect.Parameter.KEYWORD_ONLY
    endpoint.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, keyword, annotation=kind, default=default)
            for name, kind, default in wanted
        ]
    )
    endpoint.__doc__ = command.plan.__doc__
    return endpoint


def _add(command: Command) -> None:
    example = {"application/json": {"example": dict(command.example)}}
    status = HTTPStatus.CREATED if command.makes else HTTPStatus.OK
    router.add_api_route(
        command.path,
        _endpoint(command),
        methods=[command.method],
        summary=command.summary,
        tags=[command.path.split("/")[1]],
        status_code=status,
        name=f"{command.method} {command.path}",
        responses={
            int(status): {"content": {"application/json": {"example": EXAMPLE}}},
            **ANSWERS,
            **(_MATCHED if command.matched else {}),
        },
        openapi_extra={"requestBody": {"content": example}} if command.body else None,
    )


for _command in find_commands():
    _add(_command)
