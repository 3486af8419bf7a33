"""Who may do what: roles, the audience each belongs to, and the one table of actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from cop.errors import NotPermitted
from cop.model.access import Audience


class Role(StrEnum):
    """What a user is in an operation."""

    COMMANDER = "commander"
    DUTY_OFFICER = "duty_officer"
    LIAISON = "liaison"
    FIELD = "field"
    WARDEN = "warden"
    VIEWER = "viewer"
    MACHINE = "machine"


AUDIENCE_OF: Final[Mapping[Role, Audience]] = {
    Role.COMMANDER: Audience.COMMAND,
    Role.DUTY_OFFICER: Audience.COMMAND,
    Role.LIAISON: Audience.COMMAND,
    Role.FIELD: Audience.RESPONDER,
    Role.WARDEN: Audience.RESPONDER,
    Role.VIEWER: Audience.RESPONDER,
    Role.MACHINE: Audience.RESPONDER,
}

_RANK: Final = {audience: rank for rank, audience in enumerate(Audience)}


def at_least(audience: Audience, least: Audience) -> bool:
    """Tell whether *audience* sees everything that *least* does."""
    return _RANK[audience] >= _RANK[least]


class Action(StrEnum):
    """What somebody may want to do. Every command names one."""

    REPORT_INCIDENT = "report_incident"
    EDIT_INCIDENT = "edit_incident"
    VERIFY_INCIDENT = "verify_incident"  # verify or reject
    RESPOND_INCIDENT = "respond_incident"  # responding, contained
    CLOSE_INCIDENT = "close_incident"  # close or open again
    ATTACH = "attach"
    FUSE = "fuse"  # confirm or split reports of one thing, merge
    ASK_NEED = "ask_need"
    MEET_NEED = "meet_need"
    REMARK = "remark"
    DRAW = "draw"
    EDIT_NOTE = "edit_note"  # change or remove a remark or drawing
    MANAGE_RESOURCE = "manage_resource"
    REPORT_RESOURCE = "report_resource"  # its own status and position
    ASSIGN = "assign"  # assign, stand down, hand over
    SHARE_POSITION = "share_position"  # where it is now
    STEP_ASSIGNMENT = "step_assignment"  # what the resource itself answers
    ISSUE_ORDER = "issue_order"  # issue or take back
    ANSWER_ORDER = "answer_order"
    MANAGE_FACILITY = "manage_facility"
    ENTER_FACILITY = "enter_facility"  # its counter, queue, staff, stock, open or closed
    ATTEND = "attend"  # take, snooze and note what deserves attention
    UNDO = "undo"  # one's own last deed
    READ_JOURNAL = "read_journal"
    EXPORT_JOURNAL = "export_journal"
    ISSUE_TOKEN = "issue_token"  # noqa: S105 - a name, not a secret
    END_SIGN_IN = "end_sign_in"  # see where others are signed in, and end that
    DRAFT_ALERT = "draft_alert"  # write it, ask for its release, discard it
    RELEASE_ALERT = "release_alert"  # or send back; never one's own
    EXCHANGE = "exchange"  # messages with partners: write, take note, make a task of
    FEDERATE = "federate"  # a partner's installation: fetch what is shared with it, send messages
    ADD_LAYER = "add_layer"  # add and take away layers of others
    VIEW_CAMERA = "view_camera"  # its live view; whom the camera lets, `cop.services.views` says
    VIEW_CAMERA_CLEAR = "view_camera_clear"  # with faces in it
    READ_METRICS = "read_metrics"  # figures of the installation, for what watches it


class Scope(IntEnum):
    """On what somebody may do it; each includes the ones before it."""

    NO = 0
    OWN = 1  # what they made themselves, their assignment, their resource, their facility
    AGENCY = 2  # what concerns their agency
    ANY = 3


def _row(words: str) -> Mapping[Role, Scope]:
    """Read a row: one letter a role, in the order of `Role`: any, agency, own, no (`-`)."""
    letters = {"*": Scope.ANY, "a": Scope.AGENCY, "o": Scope.OWN, "-": Scope.NO}
    return {role: letters[letter] for role, letter in zip(Role, words.split(), strict=True)}


TABLE: Final[Mapping[Action, Mapping[Role, Scope]]] = {
    # action                       cmd duty liaison field warden viewer machine
    Action.REPORT_INCIDENT: _row("  *   *    *       *     *      -      *"),
    Action.EDIT_INCIDENT: _row("    *   *    a       o     o      -      o"),
    Action.VERIFY_INCIDENT: _row("  *   *    a       -     -      -      -"),
    Action.RESPOND_INCIDENT: _row(" *   *    a       o     -      -      -"),
    Action.CLOSE_INCIDENT: _row("   *   *    a       -     -      -      -"),
    Action.ATTACH: _row("           *   *    a       o     o      -      o"),
    Action.FUSE: _row("             *   *    -       -     -      -      -"),
    Action.ASK_NEED: _row("         *   *    *       o     o      -      -"),
    Action.MEET_NEED: _row("        *   *    a       -     -      -      -"),
    Action.REMARK: _row("           *   *    *       *     *      -      -"),
    Action.DRAW: _row("             *   *    o       -     -      -      -"),
    Action.EDIT_NOTE: _row("        *   *    o       o     o      -      -"),
    Action.MANAGE_RESOURCE: _row("  *   *    a       -     -      -      -"),
    Action.REPORT_RESOURCE: _row("  *   *    a       o     -      -      a"),
    Action.SHARE_POSITION: _row("   o   o    o       o     -      -      a"),
    Action.ASSIGN: _row("           *   *    a       -     -      -      -"),
    Action.STEP_ASSIGNMENT: _row("  *   *    a       o     -      -      -"),
    Action.ISSUE_ORDER: _row("      *   *    a       -     -      -      -"),
    Action.ANSWER_ORDER: _row("     o   o    o       o     o      o      -"),
    Action.MANAGE_FACILITY: _row("  *   *    a       -     -      -      -"),
    Action.ENTER_FACILITY: _row("   *   *    a       -     o      -      a"),
    Action.ATTEND: _row("           *   *    a       -     -      -      -"),
    Action.UNDO: _row("             o   o    o       o     o      -      -"),
    Action.READ_JOURNAL: _row("     *   *    *       -     -      -      -"),
    Action.EXPORT_JOURNAL: _row("   *   *    -       -     -      -      -"),
    Action.ISSUE_TOKEN: _row("      *   -    -       -     -      -      -"),
    Action.END_SIGN_IN: _row("      *   *    a       -     -      -      -"),
    Action.DRAFT_ALERT: _row("      *   *    a       -     -      -      -"),
    Action.RELEASE_ALERT: _row("    *   *    -       -     -      -      -"),
    Action.EXCHANGE: _row("         *   *    a       -     -      -      -"),
    Action.FEDERATE: _row("         -   -    -       -     -      -      o"),
    Action.ADD_LAYER: _row("        *   *    -       -     -      -      -"),
    Action.VIEW_CAMERA: _row("      *   *    *       *     *      -      -"),
    Action.VIEW_CAMERA_CLEAR: _row("*   *    a       -     -      -      -"),
    Action.READ_METRICS: _row("     -   -    -       -     -      -      *"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is asking.

    Attributes:
        name: the user's name; "" for anybody who has not signed in.
        role: None for anybody who has not signed in.
        agency: code of the user's department or body.
        belongs_to: ids of the resources and facilities that are the user's own.
        scopes: the actions that a machine's token is good for; None: all of the role's.
        audience: what they may see.
        session: id of the session; "" without one.
    """

    name: str = ""
    role: Role | None = None
    agency: str = ""
    belongs_to: frozenset[str] = frozenset()
    scopes: frozenset[Action] | None = None
    audience: Audience = Audience.PUBLIC
    session: str = ""


ANYBODY: Final = Identity()


def scope_of(identity: Identity, action: Action) -> Scope:
    """Tell on what *identity* may do *action*."""
    if identity.role is None or (identity.scopes is not None and action not in identity.scopes):
        return Scope.NO
    return TABLE[action][identity.role]


def scopes_of(identity: Identity) -> dict[str, str]:
    """Give by action on what *identity* may do it: `own`, `agency`, `any`; the rest left out."""
    scopes = {action.value: scope_of(identity, action) for action in Action}
    return {name: scope.name.lower() for name, scope in scopes.items() if scope is not Scope.NO}


def may(
    identity: Identity,
    action: Action,
    *,
    agencies: Iterable[str | None] = (),
    own: Iterable[str | None] = (),
) -> bool:
    """Tell whether *identity* may do *action* on something.

    Args:
        identity: who asks.
        action: what for.
        agencies: codes of the agencies that it concerns.
        own: ids of resources and facilities, and names of accounts, whose own it is.
    """
    scope = scope_of(identity, action)
    if scope is Scope.ANY:
        return True
    if scope >= Scope.AGENCY and identity.agency and identity.agency in set(agencies):
        return True
    mine = identity.belongs_to | {identity.name}
    return scope >= Scope.OWN and bool(mine & set(own))


def permit(
    identity: Identity,
    action: Action,
    *,
    agencies: Iterable[str | None] = (),
    own: Iterable[str | None] = (),
) -> None:
    """Return if *identity* may do *action* on something; see `may`.

    Raises:
        NotPermitted: they may not; the message says how far they may go.
    """
    if may(identity, action, agencies=agencies, own=own):
        return
    reach = {
        Scope.NO: "your role may not do this",
        Scope.OWN: "you may do this only on what is your own",
        Scope.AGENCY: "you may do this only on what concerns your agency",
    }[scope_of(identity, action)]
    raise NotPermitted(f"{action.value}: {reach}; ask a duty officer, or whoever manages accounts")
