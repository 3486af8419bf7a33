"""Which type of the Cursor-on-Target tree stands for what is on the picture, and why.

| what | type | why |
|---|---|---|
| unit of the police | `a-f-G-U-U-L-C` | friendly unit, law enforcement, civilian (MIL-STD-2525) |
| of a medical service | `a-f-G-U-S-M` | friendly unit, medical |
| of a works department | `a-f-G-U-C-E` | friendly unit, engineer |
| any other | `a-f-G-U` | friendly unit on the ground: nothing is claimed that is not so |
| vehicle, boat, aircraft, drone | `a-f-G-E-V`, `a-f-S-X`, `a-f-A-C-H`, `a-f-A-M-F-Q` | what it moves on |
| equipment | `a-f-G-E` | |
| incident | `a-u-X-i-…` | the tree's branch of incidents; *unknown*, never *hostile*: nobody is fought. What a client does not know of the last letters it draws as what stands before them |
| warning | `b-l-…` | the tree's branch of alarms, which has CAP's categories |
| hazard, closed road, drawing, area of an incident or a warning | `u-d-f` | a free-form drawing, as ATAK has it |
| hospital; other facility | `a-n-G-I-X-H`, `a-n-G-I` | neutral installation |
| hazard or drawing at a point; closed road at a point | `b-m-p-s-m` | a mark on the map |

`how` is `m-g` for what a positioning system measured, `h-e` for what people placed, `m-r` for
what was taken over from a publisher, `m-p` for what is forecast, and `m-s` in an exercise that is
played.
"""  # noqa: E501 - a row of a table is one line

from __future__ import annotations

from collections.abc import Collection
from typing import Final

DRAWING: Final = "u-d-f"
MARK: Final = "b-m-p-s-m"

MEASURED: Final = "m-g"
ENTERED: Final = "h-e"
RELAYED: Final = "m-r"
FORECAST: Final = "m-p"
SIMULATED: Final = "m-s"

_POLICE: Final = "a-f-G-U-U-L-C"
_MEDICAL: Final = "a-f-G-U-S-M"
_ENGINEER: Final = "a-f-G-U-C-E"
_UNIT: Final = "a-f-G-U"

_UNITS: Final[dict[str, str]] = {
    "HKPF": _POLICE,
    "AMS": _MEDICAL,
    "HA": _MEDICAL,
    "HKRC": _MEDICAL,
    "SJAB": _MEDICAL,
    "BD": _ENGINEER,
    "CEDD": _ENGINEER,
    "CLP": _ENGINEER,
    "DSD": _ENGINEER,
    "EMSD": _ENGINEER,
    "GEO": _ENGINEER,
    "HKE": _ENGINEER,
    "HYD": _ENGINEER,
    "WSD": _ENGINEER,
}
"""Agency to the type of its teams."""

_TEAMS: Final[dict[str, str]] = {"FSD": "Red", "CAS": "Yellow", "GFS": "Purple"}
_TEAMS_BY_TYPE: Final = {_POLICE: "Blue", _MEDICAL: "White", _ENGINEER: "Orange"}
"""ATAK's colours of teams: by agency, or by the type of its teams."""

_INCIDENTS: Final[dict[str, str]] = {
    "flooding": "m",
    "landslide": "g-l",
    "structural": "i",
    "lift_entrapment": "r",
    "fire": "f",
    "power_failure": "i",
    "water_supply": "i",
    "rescue": "r",
    "crowd": "l",
    "road_blockage": "t",
    "traffic_accident": "t-v-a",
    "transport_disruption": "t",
}
"""Type of an incident to its letters below `a-u-X-i`."""

_CATEGORIES: Final[dict[str, str]] = {
    "Geo": "g",
    "Met": "m",
    "Safety": "s",
    "Security": "l",
    "Rescue": "r",
    "Fire": "f",
    "Health": "h",
    "Env": "e",
    "Transport": "t",
    "Infra": "i",
    "CBRNE": "c",
}
"""CAP's category to its letter below `b-l`."""

_REPORTS: Final = (
    ("b-a-o-", "rescue"),
    ("b-r-f-h-c", "rescue"),
    ("b-l-f", "fire"),
    ("b-l-h", "rescue"),
    ("b-l-r", "rescue"),
    ("b-l-", "other"),
    ("b-r-", "other"),
    ("a-u-X-i-f", "fire"),
    ("a-u-X-i-g-l", "landslide"),
    ("a-u-X-i-t-v-a", "traffic_accident"),
    ("a-u-X-i", "other"),
)
"""Beginning of the type of an event that reports something, to the type of incident."""
_CALLED_OFF: Final = "b-a-o-can"

_COLOURS: Final[dict[str, int]] = {
    "Extreme": 0xFF8A0F2E,
    "Severe": 0xFFD3222A,
    "Moderate": 0xFFE8740C,
    "Minor": 0xFFE3B505,
}
_GREY: Final = 0xFF5B6770
_CLEAR: Final = 0x33FFFFFF


def unit_type(agency: str, resource_type: str, skills: Collection[str] = ()) -> str:
    """Give the type of a team, vehicle or piece of equipment.

    A vehicle that can do more than fly a drone carries one, and is none.
    """
    if resource_type == "equipment":
        return "a-f-G-E"
    if resource_type == "vehicle":
        if agency == "GFS":
            return "a-f-A-C-H"
        if set(skills) == {"drone"}:
            return "a-f-A-M-F-Q"
        return "a-f-S-X" if "boat" in skills else "a-f-G-E-V"
    return _UNITS.get(agency, _UNIT)


def team_colour(agency: str) -> str:
    """Give ATAK's colour of the teams of an agency; one that has none of its own is cyan."""
    by_type = _TEAMS_BY_TYPE.get(_UNITS.get(agency, ""), "Cyan")
    return _TEAMS.get(agency, by_type)


def incident_type(incident: str) -> str:
    """Give the type of an incident."""
    return f"a-u-X-i-{_INCIDENTS.get(incident, 'o')}"


def alert_type(categories: Collection[str], default: str = "Met") -> str:
    """Give the type of a warning of CAP's *categories*; the first that is known decides."""
    known = (_CATEGORIES[one] for one in [*categories, default] if one in _CATEGORIES)
    return f"b-l-{next(known, 'o')}"


def facility_type(facility: str) -> str:
    """Give the type of a facility."""
    return "a-n-G-I-X-H" if facility == "hospital" else "a-n-G-I"


def reported_type(kind: str) -> str:
    """Give the type of incident that an event of the type *kind* reports; "" where it is none."""
    if kind.startswith(_CALLED_OFF):
        return ""
    return next((what for begin, what in _REPORTS if kind.startswith(begin)), "")


def colours(severity: str) -> tuple[int, int]:
    """Give the colours of line and area for a severity, ARGB as signed numbers of 32 bits."""
    stroke = _COLOURS.get(severity, _GREY)
    return _signed(stroke), _signed(stroke & _CLEAR)


def _signed(colour: int) -> int:
    return colour - (1 << 32) if colour & 0x80000000 else colour
