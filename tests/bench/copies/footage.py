"""The videos that the evaluation is made of, and what is known of them."""

import csv
import dataclasses
import os
import pathlib
import re
import subprocess
import sys

from disguises import H264
from edit import Video, even


@dataclasses.dataclass(frozen=True)
class Source:
    """A stretch of a file, or of what `-f lavfi` makes of `path`."""
    name: str
    path: str
    group: str           # Same camera, or same source.
    start: float         # Seconds.
    duration: float
    rate: float          # Frames a second that it is given.
    width: int           # Of the file, with square pixels.
    height: int
    fixed: bool = False  # The camera does not move.
    generated: bool = False


@dataclasses.dataclass(frozen=True)
class Footage:
    kind: str         # "development" or "stand-in".
    references: list  # Sources to publish, ten of them.
    spare: list       # Unrelated to those and to each other's groups.
    cameras: list     # Fixed ones, whole, one of each group.
    walls: list       # Paths of ready-made walls of cameras, all unrelated.


# What is published: name, start of the path, from, seconds, rate.
PUBLISHED = (
    ("campus", "cctv_plain/debian_opencv_doc_vtest", 0, 12, 10),
    ("room", "cctv_plain/sample_videos_one_by_one", 0, 14, 10),
    ("car-park", "cctv_plain/sample_videos_car_detection", 0, 12, 12.5),
    ("street", "cctv_plain/tensorflow_object_cutl", 0, 12, 25),
    ("gym", "cctv_osd/mevadata_2018", 0, 12, 15),
    ("night", "ir_night/zamba_1a6aa79f", 0, 12, 12),
    ("trailer", "neg_tv_sports/rpisurv_Big_Buck_Bunny", 3, 12, 25),
    ("walk", "neg_handheld/yolov4_deepsort_6efcd23c", 0, 10.4, 15),
    ("tennis", "neg_tv_sports/tennis_analyzer_tennis", 0, 12, 25),
    ("toy", "neg_handheld/learning_area_crystal", 0, 9.8, 15),
)
CAMERA_FOLDERS = ("cctv_", "ir_night", "fisheye", "neg_static_other", "neg_talking",
                  "neg_tv_sports/tennis")


def _source(cache, row, data, name, start, seconds, rate):
    path = os.path.join(data, "footage", row["path"])
    width, height, duration = cache.probe(path)
    length = min(seconds, duration - start)
    return Source(name, path, row["group"], start, round(int(length * rate) / rate, 4),
                  rate, width, height, row["static"] == "1")


def development(cache, data):
    """From the development data in the folder `data`."""
    with open(os.path.join(data, "footage", "manifest.csv"), newline="",
              encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file)
                if not row["path"].startswith("img_") and float(row["duration_s"]) >= 1]
    references, published = [], []
    for name, start_of_path, start, seconds, rate in PUBLISHED:
        row, = (row for row in rows if row["path"].startswith(start_of_path))
        published.append(row)
        references.append(_source(cache, row, data, name, start, seconds, rate))
    groups = {row["group"] for row in published}
    stems = [pathlib.Path(row["path"]).stem[:15] for row in published]
    spare, cameras, walls = [], {}, []
    for row in rows:
        name = re.sub("[^a-z0-9]+", "-", re.sub("_[0-9a-f]{6}$", "", pathlib.Path(
            row["path"]).stem).lower()).strip("-")
        rate = min(25, float(row["fps"]))
        if row["kind"] != "real":
            # Its notes name its parts, and end in dots where they do not fit.
            if row["notes"].endswith("...") or any(s in row["notes"] for s in stems):
                continue
            walls.append((name, os.path.join(data, "footage", row["path"])))
            continue
        source = _source(cache, row, data, name, 0, 60, rate)
        if row["group"] not in groups:
            spare.append(source)
        if (source.fixed and source.duration >= 8 and "handheld" not in row["notes"]
                and row["path"].startswith(CAMERA_FOLDERS)):
            best = cameras.get(row["group"])
            if not best or best.duration < source.duration:
                cameras[row["group"]] = source
    return Footage("development", references, spare, list(cameras.values()), walls)


def _fetch_opencv_videos(folder):
    """vtest.avi and Megamind.avi of Debian's opencv-doc, fetched, not installed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [folder / "vtest.avi", folder / "Megamind.avi"]
    if not all(path.exists() for path in wanted):
        subprocess.run(
            ["bash", "-euc", """
             work=$(mktemp -d fetch.XXXXXX)
             trap 'rm -r "$work"' EXIT
             (cd "$work" && apt-get -q -o APT::Sandbox::User=root download opencv-doc)
             dpkg-deb --fsys-tarfile "$work"/opencv-doc_*.deb |
               tar -x -C "$work" --wildcards '*/data/vtest.avi*' '*/data/Megamind.avi*'
             for file in vtest.avi Megamind.avi; do
               find "$work" -name "$file.gz" -exec gunzip {} +
               find "$work" -name "$file" -exec mv {} "$file" \\;
               [[ -f $file ]]
             done"""], cwd=folder, check=True)
    return [str(path) for path in wanted]


EDGES_OF_MANDELBROT = ((-0.75, 0.1), (-0.1, 0.9), (0.3, 0.5), (-1.25, 0.05), (-0.16, 1.04),
                       (0.28, 0.01), (-1.75, 0.02), (-0.6, -0.6), (0.0, -0.8), (-1.1, -0.25))


def _generated(index):
    """A moving picture that no other index looks like."""
    across, down = EDGES_OF_MANDELBROT[index // 4 % len(EDGES_OF_MANDELBROT)]
    kinds = (
        f"mandelbrot=s=480x270:r=15:start_scale=0.4:end_pts=60:"
        f"start_x={across}:start_y={down}",
        f"life=s=120x68:r=15:seed={index}:ratio={0.2 + 0.02 * (index % 9):.2f}:mold=9:"
        f"life_color=0x{(index * 2654435761) % 0xFFFFFF:06x}:death_color=0x203060,"
        "scale=480:270:flags=neighbor",
        f"cellauto=s=120x68:r=15:seed={index}:rule={(30, 45, 73, 105, 150)[index % 5]}:"
        f"ratio={0.3 + 0.04 * (index % 7):.2f},scale=480:270:flags=neighbor",
        f"gradients=s=480x270:r=15:seed={index}:n=5:speed=0.03",
    )
    x, y = 0.05 + 0.013 * (index % 11), 0.04 + 0.017 * (index % 7)
    graph = (f"{kinds[index % 4]},format=yuv420p[a];"
             f"color=c=0x{(index * 40503 + 0x80C040) % 0xFFFFFF:06x}:r=15:"
             f"s={60 + 8 * (index % 5)}x{90 - 10 * (index % 4)}[b];"
             f"[a][b]overlay=x='(W-w)*abs(mod({x}*t+{x * 7:.2f},2)-1)':"
             f"y='(H-h)*abs(mod({y}*t+{y * 5:.2f},2)-1)'")
    return Source(f"generated-{index}", graph, f"generated-{index}", 0, 12, 15, 480, 270,
                  generated=True)


def stand_in(cache, folder):
    """What can be had without the development data."""
    print("\n" + "!" * 72 + "\n"
          "!! No development data: two public videos and generated pictures stand in.\n"
          "!! The figures say little of real footage.\n" + "!" * 72 + "\n",
          file=sys.stderr)
    campus, film = _fetch_opencv_videos(pathlib.Path(folder))
    width, height, _ = cache.probe(film)
    street = dict(path=campus, group="campus", rate=10, width=768, height=576, fixed=True)
    references = [
        Source(name="campus", start=0, duration=12, **street),
        Source(name="campus-later", start=25, duration=12, **street),
        Source("film", film, "film", 0, 10.6, 25, width, height),
        *(_generated(index) for index in range(7)),
    ]
    spare = [_generated(index) for index in range(7, 40)]
    return Footage("stand-in", references, spare,
                   [Source(name="campus-all", start=0, duration=79, **street)], [])


def prepare(cache, source, folder, side, seconds, rate=None, start=0.0, encoder=H264):
    """A Video of at most `seconds` of the source, no side longer than `side`."""
    rate = min(source.rate, rate or source.rate)
    seconds = min(seconds, source.duration - start)
    scale = min(1, side / max(source.width, source.height))
    width, height = even(source.width * scale), even(source.height * scale)
    begin = source.start + start
    options = ("-f", "lavfi") if source.generated else ()
    key = "" if source.generated else os.path.getsize(source.path)
    path = cache.add(
        f"{folder}/{source.name}", ".mp4",
        ["-threads", "1", *options, "-i", source.path, "-filter_complex_threads", "1",
         "-filter_complex",
         f"[0:v]setpts=PTS-STARTPTS,trim={begin:.4f}:{begin + seconds:.4f},setpts=PTS-STARTPTS,"
         f"scale={width}:{height},setsar=1,fps={rate},format=yuv420p[v]",
         "-map", "[v]", "-t", f"{seconds:.4f}", "-an", "-map_metadata", "-1",
         "-threads", "1", *encoder], step=1, key=str(key))
    return Video(source.name, path, width, height, seconds, rate)
