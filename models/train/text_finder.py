"""Trains the text finder: a still to maps of where burned-in text and clocks are.

Surveillance, trail and dash cameras burn the date and the time into the picture;
hardly any other footage carries a clock. The network sees a whole line at once, at
an eighth of the working size, and is trained on lines drawn by overlay.py. The server
cuts lines out of the maps (models/text_lines.h) and has them read; how well that does on
real clips, tests/bench/cues says.
"""

from typing import Tuple

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

import common
import overlay
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


def main():
    chosen = training.options(__doc__, steps=4000, batch=4).parse_args()
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


if __name__ == "__main__":
    main()
