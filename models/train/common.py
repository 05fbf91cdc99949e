"""What every part of the training shares: footage, its split, pictures, fonts.

Pictures are uint8 luma [height, width] in the full range. Every random choice
comes from a numpy Generator that the caller seeds.
"""

import csv
import pathlib
import subprocess

import cv2
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
cv2.setNumThreads(1)


def dev_groups():
    """Groups that nothing here may learn from."""
    lines = (HERE / "dev_groups.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def manifest(data):
    """Rows of DATA/footage/manifest.csv, each with `file` and `dev` added."""
    folder = pathlib.Path(data) / "footage"
    dev = dev_groups()
    with open(folder / "manifest.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["file"] = folder / row["path"]
        row["dev"] = row["group"] in dev
        row["image"] = not float(row["duration_s"] or 0)
    return rows


def read_luma(path, longest=800):
    """A picture file as luma, shrunk to at most `longest` on its longer side."""
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise ValueError(f"{path}: no picture")
    scale = longest / max(picture.shape)
    if scale >= 1:
        return picture
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def video_stills(path, seconds, longest=800):
    """Luma of one frame of a video every `seconds`."""
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
         "stream=width,height", "-of", "csv=p=0", str(path)],
        capture_output=True, text=True, check=True).stdout.strip().rstrip(",")
    width, height = (int(side) for side in probe.split("\n")[0].split(",")[:2])
    scale = min(1.0, longest / max(width, height))
    width, height = max(2, round(width * scale)), max(2, round(height * scale))
    raw = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-vf",
         f"fps=1/{seconds}:round=up,scale={width}:{height}:flags=area,format=gray",
         "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    return list(np.frombuffer(raw, np.uint8).reshape(-1, height, width))


def photos(data, longest=800):
    """Plain photographs of the train part, as luma: no overlay, lens or grid."""
    return [read_luma(row["file"], longest) for row in manifest(data)
            if row["path"].startswith("img_bg/") and not row["dev"]]


def jpeg(picture, quality):
    """`picture` after JPEG, which blocks and smears as cheap cameras do."""
    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1]
    return cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)


def fonts(families=None):
    """Files of the machine's scalable fonts, sorted; of some families alone."""
    listed = subprocess.run(["fc-list", "--format", "%{file}\t%{family}\n"],
                            capture_output=True, text=True, check=True).stdout
    files = set()
    for line in listed.splitlines():
        file, family = line.split("\t", 1)
        if not file.lower().endswith((".ttf", ".ttc", ".otf")):
            continue
        if families is None or any(name in family for name in families):
            files.add(file)
    return sorted(files)
