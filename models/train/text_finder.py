"""Trains the text finder: a still to maps of where burned-in text and clocks are.

Surveillance, trail and dash cameras burn the date and the time into the picture;
hardly any other footage carries a clock. The network sees a whole line at once, at
an eighth of the working size, and is trained on lines drawn by overlay.py. What the
reader reads in a line tells a clock more surely than the second map does.
"""

import pathlib
from typing import Tuple

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

import common
import overlay
import text_reader
import training

LONGEST = 640
CELL = 8
SHAPES = [(368, 640), (368, 640), (368, 640), (480, 640), (480, 640), (512, 640), (640, 368)]
THRESHOLD = 0.4


def layer(inputs, outputs, stride=1, reach=(1, 1)):
    """3x3 convolution; `reach` dilates it down and across."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, reach, reach, bias=False),
                         nn.BatchNorm2d(outputs), nn.ReLU())


class TextFinder(nn.Module):
    """uint8 [k, H, W] to logits [k, 2, h/8, w/8], (h, w) being working_size(H, W).

    Channel 0: burned-in text of any kind; channel 1: the line of a clock.
    """

    def __init__(self):
        super().__init__()
        self.look = nn.Sequential(layer(1, 12, 2), layer(12, 24, 2), layer(24, 32, 2))
        self.context = nn.ModuleList(
            layer(32, 32, 1, reach) for reach in ((1, 1), (1, 2), (2, 4), (1, 8), (1, 12)))
        self.head = nn.Conv2d(32, 2, 1)

    @torch.jit.export
    def working_size(self, h: int, w: int) -> Tuple[int, int]:
        scale = 640.0 / max(h, w)
        return (max(16, int(h * scale / 16.0 + 0.5) * 16), max(16, int(w * scale / 16.0 + 0.5) * 16))

    def forward(self, stills: torch.Tensor) -> torch.Tensor:
        high, wide = stills.size(1), stills.size(2)
        x = stills.to(torch.float32).unsqueeze(1)
        h, w = self.working_size(high, wide)
        if high != h or wide != w:
            if max(high, wide) > 640:
                x = functional.interpolate(x, size=[h, w], mode="area")
            else:
                x = functional.interpolate(x, size=[h, w], mode="bilinear", align_corners=False)
        x = self.look((x - 128.0) / 64.0)
        for context in self.context:
            x = x + context(x)
        return self.head(x)


def load(path):
    """The trained network, ready to script."""
    return training.ready(TextFinder(), path)


# --- from a map to lines -----------------------------------------------------

def blobs(heat):
    """Boxes [x0, y0, x1, y1] in cells of the blobs of a map of probabilities, joined along rows."""
    count, _, stats, _ = cv2.connectedComponentsWithStats((heat > THRESHOLD).astype(np.uint8), connectivity=8)
    boxes = sorted([x, y, x + w, y + h] for x, y, w, h, area in stats[1:count].tolist() if area >= 2)
    joined = True
    while joined:
        joined = False
        for i, a in enumerate(boxes):
            for b in boxes[i + 1:]:
                shared = min(a[3], b[3]) - max(a[1], b[1])
                lower, taller = sorted((a[3] - a[1], b[3] - b[1]))
                gap = max(a[0], b[0]) - min(a[2], b[2])
                if 2 * shared >= taller and gap <= 2 * lower:
                    boxes.remove(b)
                    a[:] = [min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])]
                    joined = True
                    break
            if joined:
                break
    return boxes


def rows_of_text(still, box):
    """Runs (top, bottom) of a still's rows, within a box of pixels, that hold a line of text.

    Strokes change luma from one column to the next; between lines little does.
    """
    x0, y0, x1, y1 = box
    part = still[y0:y1, x0:x1].astype(np.float32)
    energy = np.minimum(np.abs(part[:, 1:] - part[:, :-1]), 60).mean(1)
    size = max(1, len(energy) // 16) * 2 - 1
    energy = np.convolve(np.pad(energy, size // 2, mode="edge"), np.full(size, 1 / size), "valid")
    floor, top = energy.min(), energy.max()
    busy = energy > floor + 0.35 * (top - floor)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], busy, [False]]).astype(np.int8)))
    runs = [(y0 + start, y0 + end) for start, end in edges.reshape(-1, 2)]
    tallest = max((end - start for start, end in runs), default=0)
    return [(start, end) for start, end in runs if end - start >= max(2, 0.5 * tallest)]


def crops(still, heat):
    """Crops of the lines of a map, from the still at its own size: [(crop, box)]."""
    high, wide = still.shape
    scale_y, scale_x = high / heat.shape[0], wide / heat.shape[1]
    found = []
    for x0, y0, x1, y1 in blobs(heat):
        left, right = x0 * scale_x, x1 * scale_x
        box = (max(0, int(left)), max(0, int((y0 - 0.75) * scale_y)),
               min(wide, int(right + 0.999)), min(high, int((y1 + 0.75) * scale_y + 0.999)))
        for top, bottom in rows_of_text(still, box):
            line = bottom - top
            aside = scale_x + 0.5 * line
            cut = (max(0, int(left - aside)), max(0, int(top - 0.3 * line)),
                   min(wide, int(right + aside + 0.999)), min(high, int(bottom + 0.3 * line + 0.999)))
            found.append((still[cut[1]:cut[3], cut[0]:cut[2]], cut))
    return found


# --- stills to learn from ----------------------------------------------------

def fit(rng, scene, shape):
    """`scene` cut at random to the aspect ratio of `shape`, mirrored or not, and resized to it."""
    high, wide = scene.shape
    zoom = min(high / shape[0], wide / shape[1]) * (rng.uniform(0.5, 1.0) if rng.random() < 0.4 else 1.0)
    part_y, part_x = int(shape[0] * zoom), int(shape[1] * zoom)
    y, x = rng.integers(high - part_y + 1), rng.integers(wide - part_x + 1)
    part = scene[y:y + part_y, x:x + part_x]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    return cv2.resize(part, shape[::-1], interpolation=cv2.INTER_AREA if zoom > 1 else cv2.INTER_LINEAR)


def covered(low, high, cells):
    """Share of each cell along one axis that lies between two positions."""
    edges = np.arange(cells + 1) * CELL
    return np.clip(np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1]), 0, CELL) / CELL


def targets(shape, boxes, unsure):
    """Per cell and channel 1, 0, or -1 where nothing is asked."""
    rows, columns = shape[0] // CELL, shape[1] // CELL
    result = np.zeros((2, rows, columns), np.float32)
    for (x0, y0, x1, y1), timed in boxes:
        share = np.outer(covered(y0, y1, rows), covered(x0, x1, columns))
        value = np.where(share >= 0.4, 1.0, np.where(share > 0.15, -1.0, 0.0))
        for channel in (0, 1) if timed else (0,):
            result[channel] = np.where((result[channel] == 1) | (value == 0), result[channel], value)
    for x0, y0, x1, y1 in unsure:
        result[0, y0 // CELL:-(-y1 // CELL), x0 // CELL:-(-x1 // CELL)] = -1
    return result


def sample(rng, scenes, shape):
    """A picture with drawn text: (picture, [(box, is clock)], boxes of unsure areas)."""
    scene, known = scenes[rng.integers(len(scenes))]
    picture = fit(rng, scene, shape)
    boxes, unsure = [], [] if known else [(0, 0, shape[1], shape[0])]
    if rng.random() < 0.12:
        unsure.append(overlay.screen(rng, picture))
    while rng.random() < 0.3:
        overlay.scene_text(rng, picture)
    kind = rng.random()
    if kind < 0.5:
        boxes += overlay.camera(rng, picture)
    elif kind < 0.6:
        boxes += overlay.trail_bar(rng, picture)
    if rng.random() < (0.08 if kind < 0.6 else 0.35):
        boxes += overlay.caption(rng, picture)
    if kind >= 0.6 and rng.random() < 0.35:
        boxes += overlay.score(rng, picture)
    # The smaller the text, the less the picture may lose: a clock must still look like one.
    lowest = min((box[3] - box[1] for box, _ in boxes), default=24)
    legible = 2.8 if rng.random() < 0.25 else 5.0
    picture = overlay.degrade(rng, picture, max(110, shape[1] * min(1.0, legible / lowest)), worst=15)
    return picture, boxes, unsure


def wall(rng, made, shape):
    """A wall of cameras of pictures made before."""
    across = int(rng.integers(2, 4))
    picture = np.zeros(shape, np.uint8)
    high, wide = shape[0] // across, shape[1] // across
    boxes, unsure = [], []
    for row in range(across):
        for column in range(across):
            part, marks, areas = made[rng.integers(len(made))]
            y, x = row * high, column * wide
            picture[y:y + high, x:x + wide] = cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA)
            scale = np.array([wide / part.shape[1], high / part.shape[0]] * 2)
            moved = [tuple(np.array(mark) * scale + (x, y, x, y)) for mark, _ in marks]
            for box, (_, timed) in zip(moved, marks):
                if box[3] - box[1] >= 3.2:
                    boxes.append((box, timed))
                else:
                    unsure.append(tuple(int(side) for side in box))
            unsure += [tuple(int(side) for side in np.array(area) * scale + (x, y, x, y)) for area in areas]
    return picture, boxes, unsure


def batches(rng, scenes, size):
    made = []
    while True:
        shape = SHAPES[rng.integers(len(SHAPES))]
        batch = [wall(rng, made, shape) if len(made) > 60 and rng.random() < 0.1 else sample(rng, scenes, shape)
                 for _ in range(size)]
        made = (made + batch)[-200:]
        yield (torch.from_numpy(np.stack([picture for picture, _, _ in batch])),
               torch.from_numpy(np.stack([targets(shape, boxes, unsure) for _, boxes, unsure in batch])))


def real_scenes(data):
    """(luma, holds no burned-in text) of the train part's pictures without a clock."""
    scenes = []
    for row in common.manifest(data):
        if row["dev"] or float(row["timestamp"]) or row["kind"] == "composite":
            continue
        known = not (float(row["other_overlay"]) or float(row["osd_surveillance_text"]) or
                     "neg_screen" in row["path"])
        stills = [common.read_luma(row["file"], LONGEST)] if row["image"] else \
            common.video_stills(row["file"], max(1.5, float(row["duration_s"]) / 5), LONGEST)
        scenes += [(still, known) for still in stills]
    return scenes


# --- figures -----------------------------------------------------------------

def average_precision(truth, scores):
    order = np.argsort(-np.asarray(scores), kind="stable")
    hits = np.asarray(truth, bool)[order]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean()) if hits.any() else float("nan")


def roc_area(truth, scores):
    truth, scores = np.asarray(truth, bool), np.asarray(scores)
    more = scores[truth][:, None] - scores[~truth][None]
    return float((more > 0).mean() + 0.5 * (more == 0).mean()) if more.size else float("nan")


@torch.no_grad()
def heat_of(network, still):
    return torch.sigmoid(network(torch.from_numpy(still.copy())[None]))[0].numpy()


def report_drawn(network, check):
    """Pixel precision and box recall on drawn stills."""
    network.eval()
    truth, scores, found = [[], []], [[], []], [[], []]
    for picture, boxes, unsure in check:
        heat, wanted = heat_of(network, picture), targets(picture.shape, boxes, unsure)
        for channel in (0, 1):
            asked = wanted[channel] >= 0
            truth[channel].append(wanted[channel][asked])
            scores[channel].append(heat[channel][asked])
            for box, timed in boxes:
                if timed or channel == 0:
                    x0, y0, x1, y1 = (int(side / CELL) for side in box)
                    part = heat[channel, y0:y1 + 1, x0:x1 + 1].max(0)
                    found[channel].append((part > THRESHOLD).mean() > 0.7)
    network.train()
    for channel, what in enumerate(("text", "clock")):
        ap = average_precision(np.concatenate(truth[channel]), np.concatenate(scores[channel]))
        print(f"drawn {what}: pixel AP {ap:.4f}, box recall {np.mean(found[channel]):.4f} "
              f"of {len(found[channel])}", flush=True)


def strength(heat):
    """A still's score: the mean of the clock map's six strongest cells."""
    return float(np.sort(heat[1].ravel())[-6:].mean())


def read(reader, still, heat, most):
    """Texts of the lines of a map, `most` of them."""
    texts = []
    for crop, _ in crops(still, heat)[:most]:
        with torch.no_grad():
            texts += text_reader.decode(reader(torch.from_numpy(text_reader.to_line(crop)[None])))
    return texts


def rank(what, rows, truth, scores):
    """Prints how well scores tell clips with a clock from others, and the worst errors."""
    print(f"{what}: {sum(truth)} of {len(truth)}, ROC area {roc_area(truth, scores):.4f}, "
          f"average precision {average_precision(truth, scores):.4f}")
    order = sorted(zip(scores, truth, (pathlib.Path(row["path"]).name for row in rows)))
    low = [f"{name} {score:.3f}" for score, clock, name in order if clock][:6]
    high = [f"{name} {score:.3f}" for score, clock, name in reversed(order) if not clock][:6]
    print("  weakest clocks: " + ", ".join(low))
    print("  strongest others: " + ", ".join(high), flush=True)


def report_real(network, data, reader=None):
    """Scores of real clips for the label `timestamp`; with a reader, of what it reads as well."""
    rows, seen, parts = [], [], []
    for row in common.manifest(data):
        if row["timestamp"] == "0.5":
            continue
        stills = [common.read_luma(row["file"], 960)] if row["image"] else \
            common.video_stills(row["file"], 1.0, 960)[:8]
        heats = [heat_of(network, still) for still in stills]
        rows.append(row)
        seen.append(max(strength(heat) for heat in heats))
        if reader is None:
            continue
        texts = [[read(reader, still, channel, 16) for channel in heat] for still, heat in zip(stills, heats)]
        parts.append(max((text_reader.clock_parts(text) for still in texts for lines in still for text in lines),
                         default=0))
        if row["timestamp"] == "1":
            print(("dev " if row["dev"] else "train ") + row["path"])
            for second, (words, clocks) in enumerate(texts):
                words = [text for text in words if text_reader.clock_parts(text)]
                print(f"  {second} s: " + " | ".join(clocks) + "   among all text: " + " | ".join(words))
    for what, chosen in (("dev videos", [i for i, row in enumerate(rows) if row["dev"] and not row["image"]]),
                         ("dev", [i for i, row in enumerate(rows) if row["dev"]]),
                         ("train", [i for i, row in enumerate(rows) if not row["dev"]])):
        some = [rows[i] for i in chosen]
        truth = [row["timestamp"] == "1" for row in some]
        rank(what + ", seen", some, truth, [seen[i] for i in chosen])
        if reader is not None:
            rank(what + ", read", some, truth, [parts[i] + 0.5 * seen[i] for i in chosen])


def main():
    parser = training.options(__doc__, steps=4000, batch=4)
    parser.add_argument("--reader", help="weights of a text reader that reads real clips at the end")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(chosen.seed)
    rng = np.random.default_rng(chosen.seed)
    scenes = real_scenes(chosen.data)
    held = scenes[::12]
    scenes = [scene for index, scene in enumerate(scenes) if index % 12]
    check_rng = np.random.default_rng(chosen.seed + 1000)
    check = [sample(check_rng, held, SHAPES[check_rng.integers(len(SHAPES))]) for _ in range(150)]
    network = TextFinder()
    stream = batches(rng, scenes, chosen.batch)

    def next_loss():
        stills, wanted = next(stream)
        # Clocks weigh more: they are fewer, and harder to tell from other text.
        weight = ((wanted >= 0).float() * (1 + 3 * (wanted == 1).float()) *
                  torch.tensor([1.0, 2.0]).view(1, 2, 1, 1))
        loss = functional.binary_cross_entropy_with_logits(network(stills), wanted.clamp(min=0),
                                                           weight, reduction="sum")
        return loss / weight.sum()

    training.train(network, next_loss, lambda: report_drawn(network, check), chosen)
    reader = text_reader.load(chosen.reader) if chosen.reader else None
    report_real(network.eval(), chosen.data, reader)


if __name__ == "__main__":
    main()
