"""Made-up stills, with what is true of each, for the network of look.py.

A still is built in layers, each with its own labels: a view (a photograph or a
room through some lens), its light (day, gloom, infrared lamp), what stands in
front of the lens, how views are laid out on the screen (alone, between bars, in
a wall of cameras, in a window), what is written over it, and how badly it was
recorded. Whatever is not to be learnt (text, bars, blur, blocks) falls on all
classes alike.
"""

import dataclasses

import cv2
import numpy as np

import common
import lens

SIDE = 192  # stills are made for the network at this size
UNKNOWN = float("nan")
STRAIGHT, BENT = 0.08, 0.2  # strengths below and above which a label is sure
TEXTURE = 192
# Rows and columns of walls; the common ones more than once.
LAYOUTS = [(1, 2), (2, 1), (2, 2), (2, 2), (2, 2), (3, 3), (3, 3), (4, 4), (4, 4), (2, 3),
           (3, 2), (1, 3), (3, 4), (4, 3), (4, 6), (5, 5), (6, 6), (3, 5), (5, 4)]
HERSHEY = [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_DUPLEX,
           cv2.FONT_HERSHEY_COMPLEX]


@dataclasses.dataclass
class Truth:
    """NaN where nothing is known; the loss leaves such labels out."""

    fisheye: float = 0.0
    strength: float = 0.0
    circle: float = 0.0
    grid: float = 0.0
    rows: float = 1.0
    columns: float = 1.0
    occluded: float = 0.0
    infrared: float = 0.0

    def row(self):
        return np.array(dataclasses.astuple(self), np.float32)


LABELS = [field.name for field in dataclasses.fields(Truth)]


def to_side(picture, side=SIDE):
    """What LookNet does first: average what shrinks, then stretch what grows."""
    height, width = picture.shape
    small = (min(width, side), min(height, side))
    if small != (width, height):
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_LINEAR)


def smooth_noise(rng, shape, cells):
    """Soft random relief in [0, 1], of about `cells` bumps across."""
    coarse = rng.random((cells, cells), dtype=np.float32)
    return cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC).clip(0, 1)


def clip8(picture):
    return np.clip(picture, 0, 255).astype(np.uint8)


def random_text(rng):
    if rng.random() < 0.5:
        y, mo, d, h, mi, s = (int(rng.integers(*span)) for span in (
            (2000, 2031), (1, 13), (1, 29), (0, 24), (0, 60), (0, 60)))
        return str(rng.choice([f"{y}-{mo:02}-{d:02} {h:02}:{mi:02}:{s:02}",
                               f"{d:02}/{mo:02}/{y} {h:02}:{mi:02}:{s:02}",
                               f"{mo:02}-{d:02}-{y} {h:02}:{mi:02}", f"CAM {s}",
                               f"CH{s:02}", f"{h:02}:{mi:02}:{s:02}"]))
    letters = rng.choice(list("abcdefghiklmnoprstuvwABCDEKLMNRST 0123456789"),
                         rng.integers(3, 16))
    return "".join(letters)


def write(rng, picture, where=None, size=None):
    """A line of text, bare, outlined or on a bar."""
    height, width = picture.shape
    text, font = random_text(rng), int(rng.choice(HERSHEY))
    size = size or rng.uniform(0.035, 0.09) * height
    scale = cv2.getFontScaleFromHeight(font, max(4, int(size)), 1)
    (long, tall), _ = cv2.getTextSize(text, font, scale, 1)
    if where is None:
        where = (int(rng.choice([0.02 * width, rng.uniform(0, 0.6) * width,
                                 max(0, 0.98 * width - long)])),
                 int(rng.choice([0.03 * height, 0.97 * height - tall,
                                 rng.uniform(0, 0.9) * height])))
    x, y = where
    ink = int(rng.choice([255, 255, 235, 200, 0]))
    style = rng.random()
    if style < 0.25:
        cv2.rectangle(picture, (x - 2, y - 2), (x + long + 2, y + tall + 3), 255 - ink, -1)
    elif style < 0.6:
        cv2.putText(picture, text, (x, y + tall), font, scale, 255 - ink, 3)
    cv2.putText(picture, text, (x, y + tall), font, scale, ink, 1, cv2.LINE_AA)


# Views


def texture(rng, photos):
    """A wall: plain, tiled, striped, with doors, windows, pictures or a photo."""
    base = rng.uniform(40, 220)
    wall = base + rng.uniform(0, 50) * (smooth_noise(rng, (TEXTURE, TEXTURE), 4) - 0.5)
    wall = np.ascontiguousarray(wall, np.float32)
    style = rng.random()
    if style < 0.3:
        patch = photos[rng.integers(len(photos))]
        wall = cv2.resize(patch, (TEXTURE, TEXTURE), interpolation=cv2.INTER_AREA)
        return clip8(wall)
    if style < 0.75:  # tiles, boards, bricks
        step = rng.integers(6, 60)
        ink, thick = base + rng.uniform(-90, 90), int(rng.integers(1, 4))
        for at in range(int(rng.integers(0, step)), TEXTURE, int(step)):
            cv2.line(wall, (at, 0), (at, TEXTURE), ink, thick)
            if style < 0.6:
                cv2.line(wall, (0, at), (TEXTURE, at), ink, thick)
        if style < 0.38:  # a board of squares
            odd = (np.indices(wall.shape) // step).sum(0) % 2
            wall += np.float32(rng.uniform(30, 120)) * odd
    for _ in range(rng.integers(0, 7)):  # doors, windows, shelves, lights
        x, y = rng.integers(0, TEXTURE - 20, 2)
        w, h = rng.integers(10, 90, 2)
        tone = rng.uniform(0, 255)
        cv2.rectangle(wall, (int(x), int(y)), (int(x + w), int(y + h)), tone, -1)
        cv2.rectangle(wall, (int(x), int(y)), (int(x + w), int(y + h)),
                      rng.uniform(0, 255), int(rng.integers(1, 4)))
        if rng.random() < 0.3:
            cv2.line(wall, (int(x + w // 2), int(y)), (int(x + w // 2), int(y + h)), 255 - tone,
                     2)
    return clip8(wall + rng.normal(0, 4, wall.shape))


def room(rng, walls, sight, downward):
    """A furnished room; y points down, so face 3 is the floor."""
    size = np.array([rng.uniform(3, 12), rng.uniform(2.3, 4), rng.uniform(3, 14)])
    place = size * rng.uniform(0.08, 0.92, 3)
    place[1] = size[1] * (rng.uniform(0.02, 0.2) if downward or rng.random() < 0.6
                          else rng.uniform(0.3, 0.7))
    boxes = []
    for _ in range(rng.integers(0, 4)):
        low = size * rng.uniform(0, 0.9, 3)
        high = low + rng.uniform(0.3, 2.5, 3)
        low[1], high[1] = size[1] - rng.uniform(0.4, 1.8), size[1]
        if np.any((place < low - 0.3) | (place > high + 0.3)):
            boxes.append((low, np.minimum(high, size)))
    picked = [walls[i] for i in rng.integers(len(walls), size=6)]
    return lens.see_room(picked, sight, place, size, boxes, rng.uniform(0.5, 1.3, 6))


class Maker:
    """Makes stills from plain photographs and from labelled real ones.

    `real` holds (picture, Truth) of the train part's clips and stills.
    """

    def __init__(self, rng, photos, real):
        self.rng = rng
        self.photos = photos
        self.real = real
        self.plain = [picture for picture, truth in real if truth.fisheye == 0
                      and truth.infrared == 0 and truth.grid == 0]
        self.marked = [pair for pair in real if pair[1].fisheye == 1 or pair[1].infrared == 1]
        self.walls = [texture(rng, photos) for _ in range(300)]

    def photo(self):
        """A part of a plain picture, perhaps mirrored."""
        rng = self.rng
        source = rng.random()
        pool = self.photos if source < 0.75 else self.plain if source < 0.92 else self.walls
        picture = pool[rng.integers(len(pool))]
        if rng.random() < 0.5:
            picture = picture[:, ::-1]
        height, width = picture.shape
        part = rng.uniform(0.45, 1, 2)
        h, w = max(16, int(height * part[0])), max(16, int(width * part[1]))
        y, x = rng.integers(height - h + 1), rng.integers(width - w + 1)
        return np.ascontiguousarray(picture[y:y + h, x:x + w])

    def simple(self, shape):
        """A straight picture at little cost, for parts of a screen."""
        return cv2.resize(self.photo(), shape[::-1], interpolation=cv2.INTER_AREA)

    def view(self, shape):
        """One camera's picture and its Truth."""
        kind = self.rng.random()
        if kind < 0.24:
            return self.simple(shape), Truth()
        if kind < 0.33:
            return self.recorded(shape)
        if kind < 0.37:
            return self.strip(shape)
        return self.through_lens(shape)

    def strip(self, shape):
        """A room through a fisheye, flattened."""
        rng = self.rng
        turn = lens.rotation(rng.uniform(-np.pi, np.pi), rng.normal(-0.2, 0.2), rng.normal(0, 0.04))
        sight = lens.strip_rays(shape, rng.uniform(1.7, 5), turn)
        return room(rng, self.walls, sight, False), Truth(fisheye=1.0, strength=UNKNOWN)

    def through_lens(self, shape):
        """A room or a photograph through a straight, wide or fisheye lens."""
        rng = self.rng
        half = np.hypot(*shape) / 2
        in_room = rng.random() < 0.45
        most = 1.65 if in_room else 1.35
        rim, unit = None, 1.0
        kind = rng.random()
        if kind < 0.34:
            glass = lens.straight(rng)
        elif kind < 0.70:
            glass = lens.barrel(rng)
        else:
            glass = lens.fisheye(rng, most)
            if rng.random() < 0.7:  # the circle of the lens, whole or cut
                rim = unit = min(shape) / 2 / half * rng.uniform(0.75, 1.45)
                glass.reach = max(glass.reach, rng.uniform(1.1, most))
        downward = rng.random() < 0.5
        if in_room:
            plumb = downward and rng.random() < 0.6
            pitch = rng.uniform(-1.57, -1.1) if plumb else rng.uniform(-0.9, 0.1)
            turn = lens.rotation(rng.uniform(-np.pi, np.pi), pitch, rng.normal(0, 0.08))
        else:
            tilt = 0.25 if glass.reach < 1 else 0.05
            turn = lens.rotation(*rng.normal(0, tilt, 2), rng.normal(0, 0.06))
        centre = rng.normal(0, 0.03 if rng.random() < 0.7 else 0.1, 2)
        sight, r = lens.rays(glass, shape, centre, unit, turn)
        if in_room:
            picture = room(rng, self.walls, sight, downward)
        else:
            picture = lens.see_photo(self.photo(), sight, rng.uniform(0.85, 1.3))
        strength = min(1.0, max(0.0, glass.strength(min(1.0, rim or 1.0) / unit)))
        bent = 1.0 if strength > BENT else 0.0 if strength < STRAIGHT else UNKNOWN
        truth = Truth(fisheye=bent, strength=strength)
        if rim is None and bent == 0 and rng.random() < 0.15:  # a porthole
            rim = min(shape) / 2 / half * rng.uniform(0.75, 1.3)
            truth.fisheye = truth.strength = UNKNOWN
        if rim is not None:
            lit = np.clip((rim - r) * half / rng.uniform(1.5, 6), 0, 1)
            outside = rng.choice([0, rng.uniform(0, 30)], p=[0.35, 0.65])
            picture = clip8(picture * lit + outside * (1 - lit))
            dark = float(np.mean(lit < 0.5))
            truth.circle = 1.0 if dark > 0.06 else 0.0 if dark < 0.005 else UNKNOWN
        return picture, truth

    def recorded(self, shape):
        """A still of a real clip, cut a little and perhaps mirrored."""
        rng = self.rng
        pool = self.marked if rng.random() < 0.6 else self.real
        picture, truth = pool[rng.integers(len(pool))]
        height, width = picture.shape
        cut = rng.uniform(0, 0.12, 4)
        picture = picture[int(height * cut[0]):int(height * (1 - cut[1])),
                          int(width * cut[2]):int(width * (1 - cut[3]))]
        if rng.random() < 0.5:
            picture = picture[:, ::-1]
        return (cv2.resize(np.ascontiguousarray(picture), shape[::-1],
                           interpolation=cv2.INTER_AREA), dataclasses.replace(truth))

    # Light

    def light(self, picture, truth):
        rng = self.rng
        if truth.infrared == 1:
            return self.gain(picture)
        kind = rng.random()
        if kind < 0.24:
            truth.infrared = 1.0
            return self.infrared(picture)
        if kind < 0.36:
            return self.gloom(picture)
        if kind < 0.46:  # a lens that dims its corners
            fall = self.falloff(picture.shape, rng.uniform(0.9, 1.6), 0.03)
            return clip8(picture * (0.6 + 0.4 * fall))
        return self.gain(picture) if kind < 0.75 else picture

    def gain(self, picture):
        rng = self.rng
        curve = (np.arange(256) / 255) ** rng.uniform(0.6, 1.6)
        low = rng.uniform(0, 60)
        return cv2.LUT(picture, clip8(low + curve * (rng.uniform(120, 280) - low)))

    def gloom(self, picture):
        """Little daylight: dark, noisy, perhaps with lamps in the picture."""
        rng = self.rng
        dark = (picture / 255) ** rng.uniform(1.2, 2.8) * rng.uniform(60, 255)
        height, width = picture.shape
        for _ in range(rng.integers(0, 5)):
            spot = np.zeros(picture.shape, np.float32)
            at = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
            cv2.circle(spot, at, int(rng.integers(1, 6)), 255, -1)
            halo = rng.uniform(0, 14) * cv2.GaussianBlur(spot, (0, 0), rng.uniform(3, 14))
            dark = dark + spot + halo
        return clip8(dark + rng.normal(0, rng.uniform(0, 10), picture.shape))

    def falloff(self, shape, width, drift):
        """Light that is 1 in the middle and falls off, with `width` half diagonals."""
        rng = self.rng
        height, wide = shape
        half = np.hypot(height, wide) / 2
        x = (np.arange(wide, dtype=np.float32) - wide * rng.normal(0.5, drift)) / half
        y = (np.arange(height, dtype=np.float32) - height * rng.normal(0.5, drift)) / half
        return np.exp(-0.5 * (x[None] ** 2 + y[:, None] ** 2) / width ** 2)

    def infrared(self, picture):
        """A lamp beside the lens: near things glare, far ones vanish, colours
        turn to other greys, eyes shine, the amplifier hisses."""
        rng = self.rng
        shape = picture.shape
        height, width = shape
        grey = picture.astype(np.float32) / 255
        if rng.random() < 0.6:  # cloth and leaves turn pale
            knots = np.array([0, 0.15, 0.4, 0.7, 1]), np.array(
                [rng.uniform(0, 0.3), rng.uniform(0.1, 0.6), rng.uniform(0.3, 0.8),
                 rng.uniform(0.5, 1), rng.uniform(0.8, 1)])
            grey = cv2.LUT(picture, np.interp(np.arange(256) / 255, *knots).astype(np.float32))
        lamp = self.falloff(shape, rng.uniform(0.3, 1.1), 0.1)
        depth = smooth_noise(rng, shape, int(rng.integers(2, 6)))
        if rng.random() < 0.5:  # the ground comes nearer to the lower edge
            ramp = np.linspace(rng.uniform(0, 0.4), 1, height, dtype=np.float32)[:, None]
            depth = 0.5 * depth + 0.5 * ramp
        near = rng.uniform(0.05, 0.6) + depth ** rng.uniform(0.8, 2.5) * rng.uniform(0.5, 1.3)
        lit = grey * lamp * near * rng.uniform(0.7, 1.8)
        if rng.random() < 0.35:  # somebody close by
            body = np.zeros(shape, np.float32)
            at = (int(rng.uniform(0.2, 0.8) * width), int(rng.uniform(0.4, 1) * height))
            cv2.ellipse(body, at, (int(rng.uniform(0.05, 0.2) * width),
                                   int(rng.uniform(0.15, 0.5) * height)),
                        rng.uniform(-30, 30), 0, 360, 1, -1)
            body = cv2.GaussianBlur(body, (0, 0), rng.uniform(1, 5))
            lit = lit * (1 - body) + body * (0.35 + 0.65 * grey) * rng.uniform(0.6, 1.1)
        glow = cv2.GaussianBlur(np.minimum(lit, 1.2), (0, 0), rng.uniform(4, 15))
        lit = lit + rng.uniform(0, 0.4) * glow
        if rng.random() < 0.3:
            at, gap = rng.uniform(0.15, 0.85, 2) * (width, height), rng.uniform(4, 14)
            for side in (-gap / 2, gap / 2):
                eye = (int(at[0] + side), int(at[1]))
                cv2.circle(lit, eye, int(rng.integers(1, 3)), 1.3, -1, cv2.LINE_AA)
        top = rng.uniform(110, 255)
        low = rng.uniform(0, 45)
        picture = low + lit / max(float(np.percentile(lit, 99)), 0.05) * (top - low)
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.2, 1.3))
        if rng.random() < 0.55:  # where it is not filtered out
            hiss = rng.normal(0, 1, shape).astype(np.float32)
            hiss = cv2.GaussianBlur(hiss, (0, 0), rng.uniform(0.3, 0.9))
            picture += hiss * rng.uniform(2, 18)
        return clip8(picture)

    # In front of the lens

    def occlude(self, picture):
        rng = self.rng
        shape = picture.shape
        height, width = shape
        small = min(shape)
        open_ = np.zeros(shape, np.float32)
        middle = (rng.uniform(0.35, 0.65) * width, rng.uniform(0.35, 0.65) * height)
        kind = rng.integers(5)
        if kind == 0:  # pinhole
            axes = rng.uniform(0.28, 0.55, 2) * (width, height)
            if rng.random() < 0.5:
                axes[:] = axes.min()
            cv2.ellipse(open_, (int(middle[0]), int(middle[1])), (int(axes[0]), int(axes[1])),
                        rng.uniform(0, 180), 0, 360, 1, -1)
        elif kind == 1:  # slats of a vent
            step, share = rng.uniform(0.1, 0.35) * height, rng.uniform(0.45, 0.8)
            y, x = np.mgrid[:height, :width].astype(np.float32)
            lean = rng.normal(0, 0.15)
            along = y + lean * x if rng.random() < 0.75 else x + lean * y
            open_ = ((along / step + rng.random()) % 1 < share).astype(np.float32)
        elif kind == 2:  # slit, or the mouth of a bag or box
            tall, wide = rng.uniform(0.2, 0.45) * height, rng.uniform(0.35, 0.6) * width
            if rng.random() < 0.3:
                tall, wide = rng.uniform(0.4, 0.6) * height, rng.uniform(0.15, 0.35) * width
            turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
            ripple = 1 + rng.normal(0, rng.uniform(0.01, 0.12), 24)
            square = rng.uniform(0.3, 1)
            mouth = np.stack([np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** square * wide,
                              np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** square * tall], 1)
            cv2.fillPoly(open_, [(mouth * ripple[:, None] + middle).astype(np.int32)], 1)
        else:  # edges of cloth, shelf, leaf at one to three sides
            open_[:] = 1
            for side in rng.choice(4, int(rng.integers(1, 4)), replace=False):
                deep = rng.uniform(0.1, 0.4)
                wave = np.interp(np.arange(max(shape)), np.linspace(0, max(shape), 6),
                                 deep + rng.normal(0, rng.uniform(0.01, 0.1), 6))
                if side < 2:
                    edge = (wave[:width] * height)[None]
                    away = np.arange(height)[::1 if side == 0 else -1, None]
                else:
                    edge = (wave[:height] * width)[:, None]
                    away = np.arange(width)[None, ::1 if side == 2 else -1]
                open_ *= away > edge
        soft = rng.uniform(0.018, 0.08) * small * (0.6 if kind == 1 else 1)
        open_ = cv2.GaussianBlur(open_, (0, 0), soft)
        tone = rng.choice([rng.uniform(0, 40), rng.uniform(20, 130), rng.uniform(100, 220)],
                          p=[0.55, 0.35, 0.1])
        front = tone * (0.7 + 0.6 * smooth_noise(rng, shape, int(rng.integers(2, 9))))
        return clip8(picture * open_ + front * (1 - open_))

    # Layouts

    def large_and_small(self):
        """One large view with small ones at its right and below (1 + 5, 1 + 7):
        rectangles (x, y, w, h) in the unit square."""
        n = int(self.rng.integers(3, 5))
        part = 1 / n
        small = [(i * part, 1 - part, part, part) for i in range(n)]
        small += [(1 - part, i * part, part, part) for i in range(n - 1)]
        return [(0, 0, 1 - part, 1 - part)] + small

    def wall(self, shape):
        """Several views at once."""
        rng = self.rng
        canvas = np.full(shape, rng.choice([0, 0, 16, 40, 128, 255]), np.uint8)
        truth = Truth(grid=1.0)
        if rng.random() < 0.12:
            cells = self.large_and_small()
            truth.rows = truth.columns = UNKNOWN
        else:
            rows, columns = LAYOUTS[rng.integers(len(LAYOUTS))]
            cells = [(c / columns, r / rows, 1 / columns, 1 / rows)
                     for r in range(rows) for c in range(columns)]
            truth.rows, truth.columns = float(rows), float(columns)
        height, width = shape
        frame = (0, 0, width, height)
        if rng.random() < 0.3:  # the program round the wall
            left, top = rng.uniform(0, 0.2, 2) * (width, height)
            right, low = rng.uniform(0, 0.12, 2) * (width, height)
            self.menu(canvas)
            frame = (left, top, width - left - right, height - top - low)
        gap = int(rng.choice([0, 0, 1, 2, 3, 5, 9]))
        border = int(rng.choice([0, 0, 1, 2])) if gap else 0
        same = self.simple((96, 128)) if rng.random() < 0.08 else None
        empty = rng.random() * 0.5 if rng.random() < 0.25 else 0
        lamp, text, fit = rng.random() < 0.15, rng.random() < 0.5, rng.random() < 0.25
        size = rng.uniform(0.05, 0.12)
        bent = 0
        for x, y, w, h in cells:
            x0, y0 = int(frame[0] + x * frame[2] + gap / 2), int(frame[1] + y * frame[3] + gap / 2)
            x1 = int(frame[0] + (x + w) * frame[2] - gap / 2)
            y1 = int(frame[1] + (y + h) * frame[3] - gap / 2)
            if x1 - x0 < 8 or y1 - y0 < 8:
                continue
            inner = (y1 - y0, x1 - x0)
            if rng.random() < empty:
                tile = np.full(inner, rng.choice([0, 0, 30, 90]), np.uint8)
            elif same is not None:
                tile = cv2.resize(same, inner[::-1], interpolation=cv2.INTER_AREA)
            elif rng.random() < 0.12:
                tile, part = self.view(inner)
                bent += part.fisheye != 0
            else:
                tile = self.simple(inner)
            if lamp:
                tile = self.infrared(tile)
            elif rng.random() < 0.3:
                tile = self.gain(tile)
            if fit and same is None:
                bar = int(rng.uniform(0, 0.15) * inner[1])
                tile[:, :bar] = tile[:, inner[1] - bar:] = canvas[0, 0]
            if text and rng.random() < 0.8:
                write(rng, tile, (2, 2) if rng.random() < 0.6 else None, size * inner[0] + 4)
            canvas[y0:y1, x0:x1] = tile
            if border:
                cv2.rectangle(canvas, (x0, y0), (x1 - 1, y1 - 1), 200, border)
        truth.infrared = 1.0 if lamp else 0.0
        if bent:
            unsure = UNKNOWN if bent > len(cells) / 4 else 0.0
            truth.fisheye = truth.strength = truth.circle = unsure
        return canvas, truth

    def menu(self, canvas):
        """Text, buttons and panels of a program, drawn over a screen."""
        rng = self.rng
        height, width = canvas.shape
        canvas[:] = paper = int(rng.choice([0, 20, 45, 240, 255]))
        ink = 255 - paper if rng.random() < 0.7 else 128
        for _ in range(rng.integers(0, 4)):  # side bars and panels
            x, y = (int(v) for v in rng.uniform(0, 0.8, 2) * (width, height))
            if rng.random() < 0.6:
                x, y = (0, y) if rng.random() < 0.5 else (x, 0)
            w, h = (int(v) for v in rng.uniform(0.1, 0.9, 2) * (width, height))
            tone = int(np.clip(paper + rng.normal(0, 30), 0, 255))
            cv2.rectangle(canvas, (x, y), (x + w, y + h), tone, -1)
            if rng.random() < 0.5:
                cv2.rectangle(canvas, (x, y), (x + w, y + h), ink, 1)
        for _ in range(rng.integers(0, 5)):  # paragraphs and lists
            x, y = (int(v) for v in rng.uniform(0, 0.85, 2) * (width, height))
            step = int(rng.integers(6, 16))
            for line in range(rng.integers(1, 14)):
                if rng.random() < 0.3:
                    write(rng, canvas, (x, y + line * step), step * 0.6)
                else:
                    end = x + int(rng.uniform(0.05, 0.4) * width)
                    cv2.rectangle(canvas, (x, y + line * step),
                                  (end, y + line * step + step // 3), ink, -1)

    def screen(self, shape):
        """A program's window, in places with one picture: not a wall."""
        rng = self.rng
        height, width = shape
        canvas = np.zeros(shape, np.uint8)
        self.menu(canvas)
        truth = Truth()
        if rng.random() < 0.45:
            h, w = (int(v) for v in rng.uniform(0.25, 0.8, 2) * shape)
            y, x = int(rng.uniform(0, height - h)), int(rng.uniform(0, width - w))
            canvas[y:y + h, x:x + w] = self.simple((h, w))
        return canvas, truth

    def card(self, shape):
        """Test cards, charts and courts: bars, boards, rings and lines."""
        rng = self.rng
        height, width = shape
        canvas = np.full(shape, rng.uniform(0, 255), np.uint8)
        n = int(rng.integers(2, 13))
        tones = rng.integers(0, 256, n + 1)
        if rng.random() < 0.4:
            canvas[:] = tones[np.arange(width) * n // width]
        elif rng.random() < 0.3:
            step = max(4, width // n)
            board = (np.indices(shape) // step).sum(0) % 2
            canvas = clip8(tones[0] * board + tones[1] * (1 - board))
        elif rng.random() < 0.5:
            canvas = self.simple(shape)
        for _ in range(rng.integers(0, 6)):
            a, b = ([int(v) for v in rng.uniform(0, 1, 2) * (width, height)] for _ in range(2))
            ink, thick = int(rng.integers(0, 256)), int(rng.integers(1, 4))
            if rng.random() < 0.25:
                cv2.circle(canvas, a, int(rng.uniform(0.1, 0.5) * height), ink, thick)
            elif rng.random() < 0.4:
                cv2.rectangle(canvas, a, b, ink, thick)
            else:
                cv2.line(canvas, a, b, ink, thick, cv2.LINE_AA)
        if rng.random() < 0.3:
            write(rng, canvas, None, rng.uniform(0.1, 0.4) * height)
        return canvas, Truth()

    def torn(self, shape):
        """A picture decoded with the wrong line length: it leans and repeats."""
        height, width = shape
        pixels = self.simple(shape).ravel()
        line = int(width * self.rng.uniform(0.3, 1.7))
        torn = np.resize(pixels, (height, line))
        return cv2.resize(torn, (width, height), interpolation=cv2.INTER_AREA), Truth(
            fisheye=UNKNOWN, strength=UNKNOWN)

    def bars(self, picture):
        """Black, grey or blurred bars at two sides."""
        rng = self.rng
        height, width = picture.shape
        upright = rng.random() < 0.5
        share = rng.uniform(0.05, 0.3)
        inner = (height, int(width * (1 - 2 * share))) if upright else (
            int(height * (1 - 2 * share)), width)
        kept = cv2.resize(picture, inner[::-1], interpolation=cv2.INTER_AREA)
        if rng.random() < 0.3:
            canvas = cv2.GaussianBlur(picture, (0, 0), rng.uniform(6, 14))
        else:
            canvas = np.full(picture.shape, rng.choice([0, 0, 16, 255, 90]), np.uint8)
        y, x = (height - inner[0]) // 2, (width - inner[1]) // 2
        canvas[y:y + inner[0], x:x + inner[1]] = kept
        return canvas

    # Over it all

    def overlay(self, picture):
        rng = self.rng
        height, width = picture.shape
        if rng.random() < 0.35:
            for _ in range(rng.integers(1, 4)):
                write(rng, picture)
        if rng.random() < 0.08:  # an information bar
            tall = int(rng.uniform(0.04, 0.09) * height)
            y = 0 if rng.random() < 0.3 else height - tall
            picture[y:y + tall] = rng.choice([0, 255])
            write(rng, picture, (int(rng.uniform(0, 0.5) * width), y + 1), 0.6 * tall)
        if rng.random() < 0.12:  # a logo or score box
            w, h = (int(v) for v in rng.uniform(0.06, 0.25, 2) * (width, height))
            x = int(rng.choice([0.03 * width, 0.95 * width - w]))
            y = int(rng.choice([0.04 * height, 0.94 * height - h]))
            cv2.rectangle(picture, (x, y), (x + w, y + h), int(rng.integers(0, 256)), -1)
            write(rng, picture, (x + 2, y + 2), 0.5 * h)
        if rng.random() < 0.05:  # a picture in the picture
            h, w = (int(v) for v in rng.uniform(0.15, 0.3, 2) * picture.shape)
            y, x = int(rng.choice([4, height - h - 4])), int(rng.choice([4, width - w - 4]))
            picture[y:y + h, x:x + w] = self.simple((h, w))
        if rng.random() < 0.07:  # boxes a detector drew
            for _ in range(rng.integers(1, 6)):
                a, b = ([int(v) for v in rng.uniform(0, 1, 2) * (width, height)] for _ in range(2))
                cv2.rectangle(picture, a, b, int(rng.integers(0, 256)), int(rng.integers(1, 3)))
        return picture

    def degrade(self, picture):
        rng = self.rng
        height, width = picture.shape
        if rng.random() < 0.3:
            scale = min(1, rng.uniform(90, 260) / max(picture.shape))
            size = (max(16, int(width * scale)), max(16, int(height * scale)))
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.3:
            picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.6))
        elif rng.random() < 0.15:
            soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
            picture = cv2.addWeighted(picture, 1.8, soft, -0.8, 0)
        if rng.random() < 0.35:
            picture = clip8(picture + rng.normal(0, rng.uniform(1, 12), picture.shape))
        if rng.random() < 0.25:
            picture = self.gain(picture)
        if rng.random() < 0.7:
            picture = common.jpeg(picture, rng.integers(8, 96))
        return to_side(picture)

    def still(self):
        """A still of SIDE x SIDE and its Truth as a row."""
        rng = self.rng
        long = int(rng.choice([224, 288, 384]))
        ratio = rng.choice([16 / 9, 16 / 9, 4 / 3, 4 / 3, 1.0, rng.uniform(0.5, 2.4), 9 / 16])
        shape = (int(long / ratio), long) if ratio >= 1 else (long, int(long * ratio))
        kind = rng.random()
        if kind < 0.17:
            picture, truth = self.wall(shape)
        elif kind < 0.21:
            picture, truth = self.screen(shape)
        elif kind < 0.235:
            picture, truth = self.card(shape)
        elif kind < 0.255:
            picture, truth = self.torn(shape)
        else:
            picture, truth = self.view(shape)
            picture = self.light(picture, truth)
            if rng.random() < 0.17:
                picture = self.occlude(picture)
                truth.occluded = 1.0
                truth.circle = truth.circle or UNKNOWN  # a pinhole may look round too
        if rng.random() < 0.1:
            picture = self.bars(picture)
        picture = self.overlay(np.ascontiguousarray(picture))
        return self.degrade(picture), truth.row()
