"""Makes labelled videos: what the heads of the cues are fitted on.

A plate (a photograph, a room through a lens, or a real still) is filmed by a
camera that stands, pans, zooms, walks or is cut, with things moving before it;
then it is lit by infrared, blocked, tiled and written on, and encoded as cheap
recorders do. FOLDER gets a manifest.csv like that of the real footage.

    clips.py --data DATA --seed 1 --out FOLDER [--count N]
"""

import argparse
import csv
import datetime
import pathlib
import subprocess

import cv2
import numpy as np

import common
import look
import overlay
import scenes

RATE = 10  # Pictures a second.
CLOCKS = ["%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S",
          "%Y/%m/%d %H:%M:%S", "%m-%d-%Y %I:%M:%S %p", "%d.%m.%Y %H:%M:%S",
          "%a %d %b %Y %H:%M:%S", "%Y-%m-%d {week} %H:%M:%S", "%Y年%m月%d日 {week} %H:%M:%S",
          "CAM 3 %Y-%m-%d %H:%M:%S", "%H:%M:%S"]
WEEK = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]
COLUMNS = ["path", "group", "kind", "duration_s", "static", "fisheye", "timestamp", "ir",
           "grid", "occluded", "hidden", "clock"]


class Camera:
    """Where the camera looks: a 2x3 map from the picture to the plate, by time."""

    KINDS = ["stands", "pans", "zooms", "hand", "walks", "cuts"]

    def __init__(self, rng, kind, shape, plate):
        self.rng, self.kind, self.shape, self.plate = rng, kind, shape, plate
        self.spare = np.array(plate[::-1]) - shape[::-1]
        self.at = self.spare * rng.uniform(0.3, 0.7, 2)
        turn = rng.uniform(0, 2 * np.pi)
        self.drift = np.array([np.cos(turn), 0.3 * np.sin(turn)]) * rng.uniform(8, 70)
        self.growth = np.exp(rng.choice([-1, 1]) * rng.uniform(0.02, 0.12))
        self.shake = rng.uniform(1.0, 7.0) if kind == "hand" else rng.uniform(2.0, 10.0)
        self.speed = np.zeros(2)
        self.zoom = 1.0
        self.angle = 0.0

    def step(self, seconds):
        rng = self.rng
        if self.kind == "pans":
            self.at = self.at + self.drift * seconds
            out = (self.at < 0) | (self.at > self.spare)
            self.drift = np.where(out, -self.drift, self.drift)
        elif self.kind == "zooms":
            self.zoom *= self.growth ** (seconds * 4)
            if not 0.75 < self.zoom < 1.35:
                self.growth = 1 / self.growth
        elif self.kind in ("hand", "walks"):
            self.speed = 0.85 * self.speed + rng.normal(0, self.shake, 2)
            self.at = self.at + self.speed
            self.angle = 0.9 * self.angle + rng.normal(0, 0.002)
            if self.kind == "walks":
                self.zoom = 1 + 0.05 * np.sin(8 * seconds) + (self.zoom - 1) * 0.95 + 0.004
        elif self.kind == "cuts" and rng.random() < 0.6 * seconds:
            self.at = self.spare * rng.uniform(0, 1, 2)
            self.zoom = rng.uniform(0.8, 1.2)
        self.at = np.clip(self.at, 0, self.spare)

    def see(self, plate):
        height, width = self.shape
        middle = self.at + np.array([width, height]) / 2
        c, s = np.cos(self.angle) / self.zoom, np.sin(self.angle) / self.zoom
        turn = np.array([[c, -s], [s, c]])
        shift = middle - turn @ (np.array([width, height]) / 2)
        return cv2.warpAffine(plate, np.hstack([turn, shift[:, None]]), (width, height),
                              flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                              borderMode=cv2.BORDER_REFLECT_101)


class Mover:
    """A thing with a soft edge that wanders over the plate."""

    def __init__(self, rng, picture, plate, area, share):
        size = max(8, int(min(area) * rng.uniform(0.15 * share, share)))
        tall = int(size * rng.uniform(1, 2))
        self.picture = cv2.resize(picture, (size, tall), interpolation=cv2.INTER_AREA)
        y, x = np.mgrid[-1:1:tall * 1j, -1:1:size * 1j]
        self.cover = np.clip((1 - np.hypot(x, y)) * 6, 0, 1).astype(np.float32)
        self.rng = rng
        self.at = rng.uniform(0.25, 0.75, 2) * plate[::-1]
        self.speed = rng.normal(0, 1, 2) * rng.uniform(3, 60 if share < 1 else 15)
        self.limits = np.array(plate[::-1])

    def step(self, seconds):
        self.speed = self.speed + self.rng.normal(0, 12, 2) * seconds
        self.at = self.at + self.speed * seconds
        self.speed = np.where((self.at < 0) | (self.at > self.limits), -self.speed, self.speed)

    def draw(self, plate):
        height, width = self.cover.shape
        x, y = (self.at - np.array([width, height]) / 2).astype(int)
        x0, y0 = max(0, x), max(0, y)
        x1, y1 = min(plate.shape[1], x + width), min(plate.shape[0], y + height)
        if x1 <= x0 or y1 <= y0:
            return
        part = (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
        below = plate[y0:y1, x0:x1].astype(np.float32)
        plate[y0:y1, x0:x1] = below + (self.picture[part] - below) * self.cover[part]


class Shot:
    """One camera's pictures, step by step."""

    def __init__(self, rng, maker, shape, kind, lens):
        self.fisheye = 0
        plate_shape = (int(shape[0] * 1.6), int(shape[1] * 1.6)) if kind != "stands" else shape
        if lens and kind == "stands":
            while self.fisheye == 0:
                picture, truth = maker.through_lens(plate_shape)
                self.fisheye = int(truth.fisheye == 1.0)
            self.plate = picture
        else:
            self.plate = maker.simple(plate_shape)
        self.camera = Camera(rng, kind, shape, plate_shape)
        count = int(rng.integers(1, 4)) if kind == "stands" else int(rng.integers(0, 4))
        share = 0.55
        if kind == "stands" and rng.random() < 0.3:  # somebody who talks to the camera
            count, share = 1, 1.0
        self.movers = [Mover(rng, maker.photo(), plate_shape, shape, share) for _ in range(count)]

    def step(self, seconds):
        self.camera.step(seconds)
        plate = self.plate.copy()
        for mover in self.movers:
            mover.step(seconds)
            mover.draw(plate)
        return self.camera.see(plate) if self.camera.kind != "stands" else plate


class Clock:
    """A line that a camera burns in: it runs, or stands still."""

    def __init__(self, rng, runs):
        self.form = str(rng.choice(CLOCKS))
        self.look = overlay.style(rng, chinese="{" in self.form)
        self.start = datetime.datetime(2015, 1, 1) + datetime.timedelta(
            seconds=float(rng.integers(12 * 365 * 86400)))
        self.runs = runs
        self.size = np.exp(rng.uniform(np.log(0.03), np.log(0.08)))
        self.place = rng.integers(4)
        self.inset = rng.uniform(0.005, 0.04)

    def draw(self, picture, seconds):
        height, width = picture.shape
        now = self.start + datetime.timedelta(seconds=seconds if self.runs else 0)
        text = now.strftime(self.form).replace("{week}", WEEK[now.weekday()])
        tall = max(6, int(self.size * height))
        y = self.inset * height if self.place < 2 else height * (1 - self.inset) - tall
        left = self.place % 2 == 0
        x = self.inset * width if left else width * (1 - self.inset)
        overlay.write(picture, text, x, y, tall, self.look, align=0.0 if left else 1.0)


class ScoreClock:
    """Minutes and seconds of a game."""

    def __init__(self, rng):
        self.look = overlay.style(rng)
        self.look.bar = 1.0
        self.start = int(rng.integers(5000))
        self.teams = overlay.words(rng, 1)[:3], overlay.words(rng, 1)[:3]
        self.x, self.y = rng.uniform(0.03, 0.5), rng.choice([0.04, 0.9])

    def draw(self, picture, seconds):
        height, width = picture.shape
        now = self.start + int(seconds)
        text = f"{now // 60:02d}:{now % 60:02d} {self.teams[0]} 1-0 {self.teams[1]}"
        overlay.write(picture, text, self.x * width, self.y * height, int(0.045 * height),
                      self.look)


def again(maker, seed, change, picture):
    """A random change of a picture that is the same for every picture."""
    own, maker.rng = maker.rng, np.random.default_rng(seed)
    result = change(picture)
    maker.rng = own
    return result


def colours(rng, shape, amount, tint):
    """The two chroma planes of all pictures, at half the size."""
    half = (shape[0] // 2, shape[1] // 2)
    planes = []
    for side in range(2):
        field = scenes.smooth_noise(rng, half, 6) - 0.5
        planes.append(np.clip(128 + tint[side] + field * 4 * amount, 0, 255).astype(np.uint8))
    return planes


def plan(rng):
    """What one clip shall show."""
    wall = rng.random() < 0.14
    stands = wall or rng.random() < 0.6
    clock = rng.random() < 0.4
    return {
        "grid": wall,
        "static": stands,
        "ir": not wall and rng.random() < 0.22,
        "fisheye": not wall and stands and rng.random() < 0.25,
        "occluded": not wall and rng.random() < 0.18,
        "timestamp": clock,
        "runs": clock and rng.random() < 0.85,  # a frozen one is no camera's
        "caption": rng.random() < 0.25,
        "score": not wall and rng.random() < 0.12,
    }


def pictures(rng, maker, shape, wanted, count):
    """Luma, picture by picture; `wanted` learns of the lens and of the clock's start."""
    kind = "stands" if wanted["static"] else str(rng.choice(Camera.KINDS[1:]))
    rows = columns = 1
    if wanted["grid"]:
        rows, columns = [(1, 2), (2, 1), (2, 2), (2, 3), (3, 3), (4, 4), (4, 6)][rng.integers(7)]
    gap = int(rng.integers(0, 7)) if wanted["grid"] else 0
    part = ((shape[0] - gap * (rows - 1)) // rows, (shape[1] - gap * (columns - 1)) // columns)
    shots = [[Shot(rng, maker, part, kind, wanted["fisheye"]) for _ in range(columns)]
             for _ in range(rows)]
    seeds = rng.integers(1 << 30, size=3)
    clock = Clock(rng, wanted["runs"]) if wanted["timestamp"] else None
    wanted["clock"] = clock.start.strftime("%Y-%m-%d %H:%M:%S") if clock and clock.runs else ""
    score = ScoreClock(rng) if wanted["score"] else None
    hiss = rng.uniform(0, 4)
    for i in range(count):
        seconds = i / RATE
        canvas = np.zeros(shape, np.uint8)
        for row, line in enumerate(shots):
            for column, shot in enumerate(line):
                y, x = row * (part[0] + gap), column * (part[1] + gap)
                canvas[y:y + part[0], x:x + part[1]] = shot.step(1 / RATE)
        if wanted["ir"]:
            canvas = again(maker, seeds[0], maker.infrared, canvas)
        if wanted["occluded"]:
            canvas = again(maker, seeds[1], maker.occlude, canvas)
        canvas = np.clip(canvas + rng.normal(0, hiss, shape), 0, 255).astype(np.uint8)
        if wanted["caption"]:
            overlay.caption(np.random.default_rng(seeds[2]), canvas)
        for written in (clock, score):
            if written:
                written.draw(canvas, seconds)
        yield canvas
    wanted["fisheye"] = bool(shots[0][0].fisheye)


def encode(path, shape, luma, chroma, rng):
    """As cheap recorders do: few bits, small pictures."""
    height, width = shape
    small = rng.choice([1.0, 1.0, 0.75, 0.5, 0.3])
    size = [max(32, int(side * small) // 2 * 2) for side in (width, height)]
    codec = [["-c:v", "libx264", "-preset", "veryfast", "-crf", str(rng.integers(18, 40))],
             ["-c:v", "mpeg4", "-q:v", str(rng.integers(3, 16))]][int(rng.random() < 0.2)]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt",
               "yuv420p", "-s", f"{width}x{height}", "-r", str(RATE), "-i", "-", "-vf",
               f"scale={size[0]}:{size[1]}:flags=area", "-threads", "1", *codec, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        for picture in luma:
            process.stdin.write(picture.tobytes() + chroma[0].tobytes() + chroma[1].tobytes())
        process.stdin.close()
        if process.wait() != 0:
            raise RuntimeError(f"{path}: ffmpeg failed")


def make(path, seed, photos, real):
    """One clip; its row of the manifest."""
    rng = np.random.default_rng(seed)
    maker = scenes.Maker(rng, photos, real)
    wanted = plan(rng)
    shape = [(360, 640), (480, 640), (270, 480), (640, 360)][rng.choice(4, p=[.5, .25, .15, .1])]
    count = int(rng.integers(40, 90))
    grey = wanted["ir"] or rng.random() < 0.12  # black and white film is no night vision
    tint = rng.normal(0, 6, 2) if grey and rng.random() < 0.3 else (0, 0)
    chroma = colours(rng, shape, 0 if grey else rng.uniform(2, 16), tint)
    encode(path, shape, pictures(rng, maker, shape, wanted, count), chroma, rng)
    signs = wanted["runs"] or wanted["ir"] or wanted["fisheye"] or wanted["occluded"]
    hidden = wanted["static"] and signs and not wanted["score"]
    labels = [wanted["static"], wanted["fisheye"], wanted["timestamp"], wanted["ir"],
              wanted["grid"], wanted["occluded"], hidden]
    return [path.name, path.stem, "real", f"{count / RATE}", *(int(label) for label in labels),
            wanted["clock"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--count", type=int, default=400)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    photos = common.photos(options.data, 640)
    real = look.real_pairs([row for row in common.manifest(options.data) if not row["dev"]])
    with open(options.out / "manifest.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for i in range(options.count):
            path = options.out / f"clip{i:04d}.mp4"
            rows.writerow(make(path, options.seed * 1_000_003 + i, photos, real))


if __name__ == "__main__":
    main()
