"""How people stand in the picture: their parts as pixels, from where they are on the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.simulate.sights.lens import Lens, Numbers
from workers.simulate.sights.walkers import Walker, company, places

_ARC: Final = np.linspace(0, math.pi, 7)
_SHOULDERS_M: Final = 0.44
_CHEST_M: Final = 0.25
_STRIDE_M: Final = 0.30
"""Half of a step at 1.3 m/s."""


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """People as the lens sees them, one row each, the farthest first.

    Attributes:
        px_per_m: at each person.
        feet, knees: N×2×2, of both legs.
        hips, neck, head: N×2.
        torso: N×9×2, a convex outline.
        hands: N×2×2.
        spot: N×2, on the ground between the feet.
        shade: N×2, where the shadow of the head falls.
    cover: N×2, the middle of an umbrella held up.
    flatness: 0 where a person is seen from the side, 1 from straight above.
        facing: 1 towards the lens, -1 away from it.
        away_m: by which they are drawn, the farthest first.
        traits: N×8 numbers of 0 to 1.
    """

    px_per_m: Numbers
    feet: Numbers
    knees: Numbers
    hips: Numbers
    neck: Numbers
    head: Numbers
    torso: Numbers
    hands: Numbers
    spot: Numbers
    shade: Numbers
    cover: Numbers
    flatness: Numbers
    facing: Numbers
    away_m: Numbers
    traits: Numbers

    def __len__(self) -> int:
        """Count the people."""
        return len(self.px_per_m)


def _raised(spots: Numbers, up: Numbers | float) -> Numbers:
    return np.column_stack([spots, np.broadcast_to(up, len(spots))])


def _seen(lens: Lens, spots: Numbers, height: Numbers) -> NDArray[np.bool_]:
    """Tell who is at least partly in the picture and not right below the lens."""
    width, tall = lens.size
    top, foot = lens.to_image(_raised(spots, height)), lens.to_image(_raised(spots, 0.0))
    with np.errstate(invalid="ignore"):
        wide = (foot[:, 0] > -0.1 * width) & (foot[:, 0] < 1.1 * width)
        high = (top[:, 1] < tall) & (foot[:, 1] > 0)
    near = lens.away_m(_raised(spots, 0.9)) > 1.5
    return np.asarray(wide & high & near & np.isfinite(top).all(axis=1))


def poses(lens: Lens, walkers: tuple[Walker, ...], at_s: float, sun_deg: float = 130) -> Poses:
    """Give how *walkers* stand in the picture at a second; the sun shines towards *sun_deg*."""
    who, spots = company(walkers), places(walkers, at_s)
    kept = np.flatnonzero(_seen(lens, spots, who.height)) if walkers else np.zeros(0, np.intp)
    away = lens.away_m(_raised(spots[kept], 0.0))
    kept = kept[np.argsort(-away, kind="stable")]
    spots, height, way = spots[kept], who.height[kept], who.way[kept]
    speed, traits = who.speed[kept], who.traits[kept]
    away = lens.away_m(_raised(spots, 0.0))
    look = spots - lens.place[:2]
    far = np.hypot(look[:, 0], look[:, 1])
    look = look / np.maximum(far, 1e-6)[:, None]
    facing = -(way * look).sum(axis=1)
    side_on = np.sqrt(np.clip(1 - facing**2, 0, 1))
    build = 0.88 + 0.3 * traits[:, 4]
    half = (_SHOULDERS_M * np.abs(facing) + _CHEST_M * side_on) * build / 2
    flat = lens.height_m / np.hypot(far, lens.height_m)
    scale = lens.focal_px / np.maximum(lens.away_m(_raised(spots, height * 0.6)), 0.1)

    neck = lens.to_image(_raised(spots, height * 0.83))
    hips = lens.to_image(_raised(spots, height * 0.47))
    head = lens.to_image(_raised(spots, height * 0.925))
    upward = neck - hips
    upward = upward / np.maximum(np.hypot(upward[:, 0], upward[:, 1]), 1e-6)[:, None]
    across = np.stack([-upward[:, 1], upward[:, 0]], axis=1)
    round_m = np.hypot(_CHEST_M * build / 2 * flat, 0.075)
    arc = (
        neck[:, None]
        + across[:, None] * (np.cos(_ARC)[None, :, None] * (half * scale)[:, None, None])
        + upward[:, None] * (np.sin(_ARC)[None, :, None] * (round_m * scale)[:, None, None])
    )
    low = hips - upward * (round_m * 0.7 * scale)[:, None]
    waist = across * (half * 0.74 * scale)[:, None]
    torso = np.concatenate([arc, (low - waist)[:, None], (low + waist)[:, None]], axis=1)

    feet, knees, hands = _limbs(lens, _Bodies(spots, way, height, speed, traits, build), at_s)
    sun = math.radians(sun_deg)
    tip = spots + np.array([math.sin(sun), math.cos(sun)]) * (height * 0.8)[:, None]
    return Poses(
        px_per_m=scale,
        feet=feet,
        knees=knees,
        hips=hips,
        neck=neck,
        head=head,
        torso=torso,
        hands=hands,
        spot=lens.to_image(_raised(spots, 0.0)),
        shade=lens.to_image(_raised(tip, 0.0)),
        cover=lens.to_image(_raised(spots + way * 0.12, height + 0.18)),
        flatness=flat,
        facing=facing,
        away_m=away,
        traits=traits,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Bodies:
    """Those who are seen, one row each: on the ground, with what decides their gait."""

    spots: Numbers
    way: Numbers
    height: Numbers
    speed: Numbers
    traits: Numbers
    build: Numbers


def _limbs(lens: Lens, who: _Bodies, at_s: float) -> tuple[Numbers, Numbers, Numbers]:
    """Give feet, knees and hands as pixels, each N×2×2: they swing with the pace."""
    pace = np.clip(who.speed / 1.3, 0, 1.3)
    phase = 2 * math.pi * (who.traits[:, 5] + at_s * (0.55 + 0.4 * pace))
    swing = np.sin(phase) * pace
    wide = np.stack([-who.way[:, 1], who.way[:, 0]], axis=1) * 0.09
    feet, knees, hands = [], [], []
    for side in (1, -1):
        step = who.way * (_STRIDE_M * swing * side)[:, None]
        lift = 0.10 * np.clip(np.cos(phase) * side, 0, 1) * pace
        feet.append(lens.to_image(_raised(who.spots + wide * side + step, lift + 0.03)))
        bent = who.spots + wide * side + step * 0.45 + who.way * (lift * 0.9)[:, None]
        knees.append(lens.to_image(_raised(bent, who.height * 0.27)))
        arm = who.spots + wide * side * 2.9 * who.build[:, None] - step * 0.9
        hands.append(lens.to_image(_raised(arm, who.height * 0.45)))
    return np.stack(feet, axis=1), np.stack(knees, axis=1), np.stack(hands, axis=1)
