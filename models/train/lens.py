"""Lenses and what they see: pictures warped by, or rendered through, a lens.

A lens is the angle from its axis at which a point of the picture sees, as a
function of the point's distance from the optical centre. Distances are in half
diagonals of the picture. The same rays look at a flat photograph or around a
box-shaped room, so that a straight lens and a fisheye differ in nothing else.
"""

import dataclasses

import cv2
import numpy as np

STEEPEST = 1.45  # rad; a flat photograph is not looked at more aslant than this


@dataclasses.dataclass
class Lens:
    """`reach` is the angle (rad) seen at distance 1, `bend` the division
    model's coefficient: 0 straight, positive barrel, negative pincushion."""

    kind: str
    reach: float
    bend: float = 0.0

    def angle(self, r):
        if self.kind == "equidistant":
            return r * self.reach
        if self.kind == "stereographic":
            return 2 * np.arctan(r * np.tan(self.reach / 2))
        if self.kind == "equisolid":
            return 2 * np.arcsin(np.minimum(r * np.sin(self.reach / 2), 1))
        slope = np.tan(self.reach) * (1 - self.bend)
        return np.arctan(slope * r / np.maximum(1 - self.bend * r * r, 1e-3))

    def strength(self, r):
        """How far the picture is squeezed along the radius at distance `r`,
        against a straight lens: 0 not at all, 1 at a right angle to the axis."""
        edge = self.angle(np.array([1e-3, r - 1e-3, r]))
        if edge[2] >= np.pi / 2:
            return 1.0
        tangent = np.tan(edge)
        return float(1 - tangent[0] / (tangent[2] - tangent[1]))


def straight(rng):
    """A lens that keeps straight lines, to the eye: it may bend a trifle."""
    bend = rng.uniform(-0.12, 0.02) if rng.random() < 0.3 else 0.0
    return Lens("division", rng.uniform(0.25, 0.9), bend)


def barrel(rng):
    """A wide lens, as of surveillance and action cameras."""
    if rng.random() < 0.6:
        return Lens("division", rng.uniform(0.5, 1.0), rng.uniform(0.06, 0.35))
    return Lens(str(rng.choice(["equidistant", "stereographic", "equisolid"])),
                rng.uniform(0.55, 1.1))


def fisheye(rng, most):
    """A lens that sees up to `most` rad from its axis."""
    return Lens(str(rng.choice(["equidistant", "stereographic", "equisolid"])),
                rng.uniform(0.95, most))


def rotation(yaw, pitch, roll):
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    cr, sr = np.cos(roll), np.sin(roll)
    return np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]]) @ np.array(
        [[1, 0, 0], [0, cp, -sp], [0, sp, cp]]) @ np.array(
            [[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])


def rays(lens, shape, centre, unit, turn):
    """Directions [3, height, width] of sight and the distances [height, width].

    `centre` is the optical centre as (x, y) in half diagonals from the middle;
    at `unit` half diagonals from it the lens sees its `reach`.
    """
    height, width = shape
    half = np.hypot(height, width) / 2
    x = ((np.arange(width, dtype=np.float32) + 0.5 - width / 2) / half - centre[0]) / unit
    y = ((np.arange(height, dtype=np.float32) + 0.5 - height / 2) / half - centre[1]) / unit
    r = np.sqrt(x[None] ** 2 + y[:, None] ** 2) + 1e-6
    angle = np.minimum(lens.angle(r), np.pi).astype(np.float32)
    along = np.sin(angle) / r
    local = np.stack([x[None] * along, y[:, None] * along, np.cos(angle)])
    return np.tensordot(turn.astype(np.float32), local, 1), r * unit


def strip_rays(shape, span, turn):
    """Directions of sight of a fisheye flattened into a strip: as many degrees
    to every column, `span` rad in all, upright lines straight, others bent."""
    height, width = shape
    round_ = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) * np.float32(span / width)
    rise = (np.arange(height, dtype=np.float32) + 0.5 - height / 2) * np.float32(span / width)
    local = np.stack(np.broadcast_arrays(np.sin(round_)[None], rise[:, None], np.cos(round_)[None]))
    return np.tensordot(turn.astype(np.float32), local, 1)


def see_photo(photo, sight, cover):
    """A flat photograph straight ahead; it fills `cover` of the widest sight."""
    depth = np.maximum(sight[2], np.cos(STEEPEST))
    u, v = sight[0] / depth, sight[1] / depth
    height, width = photo.shape
    scale = cover * min(width / np.ptp(u), height / np.ptp(v))
    return cv2.remap(photo, u * scale + width / 2, v * scale + height / 2,
                     cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def see_room(walls, sight, place, size, boxes, gains):
    """A room of `size`, with `boxes` (low, high corners) in it, seen from `place`.

    `walls` are square pictures, one for each of the six faces.
    """
    side = walls[0].shape[0]
    safe = np.where(np.abs(sight) < 1e-5, 1e-5, sight)
    place = np.asarray(place, np.float32)[:, None, None]

    far = np.where(safe > 0, np.asarray(size, np.float32)[:, None, None] - place, -place) / safe
    axis = far.argmin(0)
    reach = far.min(0)
    for low, high in boxes:
        first = (np.asarray(low, np.float32)[:, None, None] - place) / safe
        second = (np.asarray(high, np.float32)[:, None, None] - place) / safe
        enter = np.minimum(first, second)
        into = enter.max(0)
        hit = (into < np.maximum(first, second).min(0)) & (into > 0) & (into < reach)
        reach = np.where(hit, into, reach)
        axis = np.where(hit, enter.argmax(0), axis)
    point = place + reach * safe
    unit = point / np.asarray(size, np.float32)[:, None, None]
    across = np.where(axis == 0, unit[2], unit[0])
    down = np.where(axis == 1, unit[2], unit[1])
    face = 2 * axis + (np.take_along_axis(safe, axis[None], 0)[0] > 0)
    atlas = np.vstack([cv2.convertScaleAbs(wall, alpha=gain)
                       for wall, gain in zip(walls, gains)])
    edge = np.float32(side - 1.01)
    return cv2.remap(atlas, np.clip(across, 0, 1).astype(np.float32) * edge,
                     (np.clip(down, 0, 1) * edge + face * side).astype(np.float32),
                     cv2.INTER_LINEAR)
