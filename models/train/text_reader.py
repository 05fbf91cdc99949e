"""Trains the line reader: a strip of luma 32 rows high to its text.

A clock that ticks on, second by second, tells live surveillance footage from any
other picture with digits, so digits of clocks are what this network must get right,
also where they are five pixels high. It is convolutional and trained with CTC on
lines drawn by overlay.py.
"""

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

import common
import overlay
import training

ALPHABET = " 0123456789:-/.,@#_()+%°ABCDEFGHIJKLMNOPQRSTUVWXYZ年月日星期一二三四五六上下午周"
ROWS = 32
WIDEST = 640
LOWEST = 4.0     # pixels; digits of less carry too little


def layer(inputs, outputs, kernel=(3, 3), stride=(1, 1), padding=(1, 1)):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
                         nn.BatchNorm2d(outputs), nn.ReLU())


class TextReader(nn.Module):
    """uint8 [m, 32, W], W a multiple of 8, to log-softmax [m, W/4, 1 + characters]."""

    def __init__(self):
        super().__init__()
        self.alphabet: str = ALPHABET
        self.look = nn.Sequential(
            layer(1, 24, stride=(2, 2)), layer(24, 48, stride=(2, 2)), layer(48, 48),
            layer(48, 80, stride=(2, 1)), layer(80, 80),
            layer(80, 128, kernel=(4, 3), padding=(0, 1)))
        self.context = nn.ModuleList(
            layer(128, 128, kernel=(1, 5), padding=(0, 2)) for _ in range(2))
        self.head = nn.Conv2d(128, 1 + len(ALPHABET), 1)

    def forward(self, lines: torch.Tensor) -> torch.Tensor:
        x = lines.to(torch.float32).unsqueeze(1)
        spread, mean = torch.std_mean(x, dim=[1, 2, 3], keepdim=True)
        x = torch.clamp((x - mean) / (spread + 2.0), -4.0, 4.0)
        x = self.look(x)
        for context in self.context:
            x = x + context(x)
        return torch.log_softmax(self.head(x).squeeze(2).transpose(1, 2), 2)


def load(path):
    """The trained network, ready to script."""
    return training.ready(TextReader(), path)


def decode(scores):
    """Texts of the likeliest paths through forward's output."""
    texts = []
    for path in scores.argmax(2).tolist():
        text, last = "", 0
        for index in path:
            if index not in (0, last):
                text += ALPHABET[index - 1]
            last = index
        texts.append(text.strip())
    return texts


def to_line(crop):
    """A crop, 32 rows high and padded on its right to a multiple of 8."""
    width = int(np.clip(round(crop.shape[1] * ROWS / crop.shape[0]), 16, WIDEST))
    shrinks = crop.shape[0] > ROWS
    line = cv2.resize(crop, (width, ROWS), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return cv2.copyMakeBorder(line, 0, 0, 0, max(64, -(-width // 8) * 8) - width, cv2.BORDER_REPLICATE)


# --- lines to learn from -----------------------------------------------------

def text_of(rng, wild):
    if rng.random() < 0.72:
        return overlay.clock(rng, wild, two_lines=0.1).split("\n")[0], True
    return overlay.name(rng) if rng.random() < 0.7 else overlay.words(rng, rng.integers(1, 4)), False


def sample(rng, backgrounds, wild=0.35):
    """A line as a box finder cuts it out: (line, text, is clock, height of its digits in pixels)."""
    text, timed = text_of(rng, wild)
    text = text[:34]
    look = overlay.style(rng, any(ord(character) > 0x2000 for character in text))
    low = rng.uniform(LOWEST, 7) if rng.random() < 0.25 else np.exp(rng.uniform(np.log(6), np.log(40)))
    height = int(max(low, 8)) if rng.random() < 0.35 else int(max(low, rng.uniform(10, 30)))
    zoom = low / height
    mask = overlay.strip(text if look.lower else text.upper(), height, look)
    tall, wide = mask.shape[0] + 6 * height, mask.shape[1] + 6 * height
    scene = backgrounds[rng.integers(len(backgrounds))]
    need = max(1.0, tall / scene.shape[0], wide / scene.shape[1])
    part_y, part_x = int(tall / need), int(wide / need)
    y = rng.integers(scene.shape[0] - part_y + 1)
    x = rng.integers(scene.shape[1] - part_x + 1)
    picture = cv2.resize(scene[y:y + part_y, x:x + part_x], (wide, tall))
    y, x = 3 * height, 3 * height
    if rng.random() < 0.25:
        other, _ = text_of(rng, wild)
        step = int(height * rng.uniform(1.25, 1.9)) * (1 if rng.random() < 0.5 else -1)
        overlay.write(picture, other, x, y + step, height, look)
    ground = float(picture[y:y + height, x:x + mask.shape[1]].mean())
    if look.ink >= 0 and abs(ground - look.ink) < 30 and not (look.bar or look.outline):
        look.ink = 255 - look.ink    # no one could read it
    overlay.paint(picture, mask, x, y, look, height)
    box = np.float64([x, y, x + mask.shape[1], y + mask.shape[0]]) * zoom
    small = (max(8, round(wide * zoom)), max(8, round(tall * zoom)))
    if zoom < 1:
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA if rng.random() < 0.8 else cv2.INTER_LINEAR)
    if low < 7 and rng.random() < 0.6:
        picture = common.jpeg(picture, rng.integers(50, 97))     # so small, it bears no more
    else:
        picture = overlay.degrade(rng, picture, picture.shape[1] * min(1.0, 1.15 * LOWEST / low),
                                  worst=15)
    if rng.random() < 0.15:
        # Drawn out sideways or squeezed, as by a change of aspect ratio.
        squeeze = rng.uniform(0.75, 1.3)
        picture = cv2.resize(picture, (round(picture.shape[1] * squeeze), picture.shape[0]))
        box[[0, 2]] *= squeeze
    line_high = box[3] - box[1]
    share = rng.uniform(0.48, 0.85)
    crop_high = line_high / share
    middle = (box[1] + box[3]) / 2 + rng.uniform(-1, 1) * min(0.2, 0.6 * (1 / share - 1)) * line_high
    top, bottom = middle - crop_high / 2, middle + crop_high / 2
    left = box[0] - rng.uniform(0.0, 1.2) * line_high
    right = box[2] + rng.uniform(0.0, 1.2) * line_high
    if rng.random() < 0.1:
        top = max(top, box[1])       # tight to the picture's border
    if rng.random() < 0.15:
        left = box[0] + rng.uniform(-0.1, 0.2) * line_high
    top, left = max(0, round(top)), max(0, round(left))
    crop = picture[top:max(top + 4, round(bottom)), left:max(left + 8, round(right))]
    text = "".join(c for c in " ".join(text.upper().split()) if c in ALPHABET)
    if isinstance(look.face, int):
        text = text.replace("°", "")
    return to_line(crop), text, timed, low


def batches(rng, backgrounds, size):
    """Endless batches of lines of about one width: lines, widths, targets, lengths."""
    while True:
        drawn = [sample(rng, backgrounds) for _ in range(size * 8)]
        drawn = [one for one in drawn if one[0].shape[1] <= WIDEST and one[1]]
        drawn.sort(key=lambda one: one[0].shape[1])
        groups = [drawn[i:i + size] for i in range(0, len(drawn), size)]
        for index in rng.permutation(len(groups)):
            yield pack(groups[index])


def pack(group):
    width = max(line.shape[1] for line, *_ in group)
    lines = [cv2.copyMakeBorder(line, 0, 0, 0, width - line.shape[1], cv2.BORDER_REPLICATE)
             for line, *_ in group]
    widths = torch.tensor([width // 4] * len(group))
    targets = [1 + ALPHABET.index(c) for _, text, *_ in group for c in text]
    lengths = torch.tensor([len(text) for _, text, *_ in group])
    return torch.from_numpy(np.stack(lines)), widths, torch.tensor(targets), lengths


# --- figures -----------------------------------------------------------------

def edits(a, b):
    """Levenshtein distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def report(network, drawn):
    """Prints the error rate, and the share of clocks read without any error by height."""
    network.eval()
    wrong, total, exact = 0, 0, {}
    with torch.no_grad():
        for line, text, timed, height in drawn:
            read = decode(network(torch.from_numpy(line[None])))[0].replace(" ", "")
            text = text.replace(" ", "")
            wrong, total = wrong + edits(read, text), total + len(text)
            if timed:
                bucket = next(top for top in (4, 6, 8, 11, 16, 41) if height < top)
                exact.setdefault(bucket, []).append(read == text)
    network.train()
    print(f"character error rate {wrong / total:.4f}; clocks read exactly, by height in pixels: " + ", ".join(
        f"<{top}: {np.mean(hits):.3f} of {len(hits)}" for top, hits in sorted(exact.items())), flush=True)


def main():
    chosen = training.options(__doc__, steps=30000, batch=32).parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(chosen.seed)
    rng = np.random.default_rng(chosen.seed)
    backgrounds = common.photos(chosen.data, 640)
    held = backgrounds[::10]
    backgrounds = [scene for index, scene in enumerate(backgrounds) if index % 10]
    check_rng = np.random.default_rng(chosen.seed + 1000)
    check = [one for one in (sample(check_rng, held) for _ in range(600)) if one[1]]
    network = TextReader()
    stream = batches(rng, backgrounds, chosen.batch)

    def next_loss():
        lines, widths, targets, lengths = next(stream)
        scores = network(lines).transpose(0, 1)
        each = functional.ctc_loss(scores, targets, widths, lengths, reduction="none",
                                   zero_infinity=True) / lengths
        # Lines that nobody could read must not drown the others.
        return (each / (1 + each.detach())).mean()

    training.train(network, next_loss, lambda: report(network, check), chosen)


if __name__ == "__main__":
    main()
