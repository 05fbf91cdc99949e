"""LookNet: a small network that looks at one still and tells how it was filmed.

Hidden cameras betray themselves by their lens, their lamp, and what hides them;
recorders by their wall of views. Stills that show these are few, so the network
learns from made-up ones (scenes.py) and is then tried on real clips, among them
the dev groups, which nothing here learns from.

    look.py --data DATA --seed 1 --out look.pt [--steps N] [--rate R] [--start look.pt]
"""

import argparse
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import common
import scenes

# Columns of LookNet's output. All are logits; a wall's rows and columns are
# logits of a choice among 1 to 6 (a single view is 1 by 1).
FISHEYE = 0  # visible barrel distortion, a wide-angle or fisheye lens
STRENGTH = 1  # its sigmoid: 0 straight lines stay straight, 1 sees 180 degrees
CIRCLE = 2  # a round field of view with dark surroundings
GRID = 3  # several views or panels at once
ROWS = slice(4, 10)
COLUMNS = slice(10, 16)
OCCLUDED = 16  # something near and out of focus blocks part of the view
INFRARED = 17  # night vision by an infrared lamp, from luma alone
OUT = 18

HEADS = {"fisheye": FISHEYE, "circle": CIRCLE, "grid": GRID, "occluded": OCCLUDED,
         "infrared": INFRARED}
MOST_STILLS = 6  # of a clip, two seconds apart
FRESH, BATCH, POOL = 32, 96, 16384
HELD_OUT = slice(140, 164)  # photographs kept for the synthetic test


class Layer(nn.Module):
    """Convolution, batch norm, ReLU; with a shortcut where the shape stays."""

    def __init__(self, inputs, outputs, stride=1, kernel=3, shortcut=False):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.shortcut = shortcut

    def forward(self, x):
        y = F.relu(self.norm(self.conv(x)))
        return x + y if self.shortcut else y

    def fold(self):
        """Puts the batch norm into the convolution."""
        self.conv = nn.utils.fusion.fuse_conv_bn_eval(self.conv, self.norm)
        self.norm = nn.Identity()


class LookNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.early = nn.Sequential(Layer(1, 16, 2, 5), Layer(16, 32, 2), Layer(32, 64, 2))
        self.late = nn.Sequential(
            Layer(67, 64), Layer(64, 64, shortcut=True),
            Layer(64, 96, 2), Layer(96, 96, shortcut=True),
            Layer(96, 128, 2), Layer(128, 128, shortcut=True))
        self.squeeze = Layer(128, 16, 1, 1)
        self.hidden = nn.Linear(2 * 128 + 16 * 6 * 6 + 2, 64)
        self.head = nn.Linear(64, OUT)
        # Where a line bends tells more than that it bends: x, y and r squared.
        at = (torch.arange(24) + 0.5) / 12 - 1
        x, y = at.expand(24, 24), at[:, None].expand(24, 24)
        self.register_buffer("place", torch.stack([x, y, x * x + y * y])[None], persistent=False)

    def forward(self, stills):
        """uint8 luma [k, height, width] to float32 [k, OUT]."""
        x = stills[:, None].float()
        height, width = min(x.shape[2], 192), min(x.shape[3], 192)
        if height < x.shape[2] or width < x.shape[3]:
            x = F.adaptive_avg_pool2d(x, (height, width))
        if height < 192 or width < 192:
            x = F.interpolate(x, size=(192, 192), mode="bilinear", align_corners=False)
        mean = x.mean((2, 3), keepdim=True)
        spread = (x - mean).square().mean((2, 3), keepdim=True).sqrt()
        x = self.early((x - mean) / (spread + 10))
        x = self.late(torch.cat([x, self.place.expand(x.shape[0], 3, 24, 24).to(x.dtype)], 1))
        tone = torch.cat([mean.flatten(1), spread.flatten(1)], 1) / 128
        x = torch.cat([x.mean((2, 3)), x.amax((2, 3)), self.squeeze(x).flatten(1), tone], 1)
        return self.head(F.relu(self.hidden(x))).float()


def load(path):
    """The network trained into `path`, ready to run and to script."""
    net = LookNet()
    net.load_state_dict(torch.load(path, map_location="cpu"))
    net.eval()
    for module in net.modules():
        if isinstance(module, Layer):
            module.fold()
    return net


# Training


def loss(out, truth):
    """Sum of the heads' losses over the labels that are known."""
    known = ~torch.isnan(truth)
    labels = {name: truth[:, i] for i, name in enumerate(scenes.LABELS)}
    total = out.new_zeros(())
    for name, column in HEADS.items():
        here = known[:, scenes.LABELS.index(name)]
        total = total + F.binary_cross_entropy_with_logits(out[here, column], labels[name][here])
    here = known[:, scenes.LABELS.index("strength")]
    total = total + 4 * F.mse_loss(torch.sigmoid(out[here, STRENGTH]), labels["strength"][here])
    for name, columns in (("rows", ROWS), ("columns", COLUMNS)):
        here = known[:, scenes.LABELS.index(name)]
        total = total + 0.4 * F.cross_entropy(out[here, columns], labels[name][here].long() - 1)
    return total


def batch_of(maker, count):
    stills, truths = zip(*(maker.still() for _ in range(count)))
    return torch.from_numpy(np.stack(stills)), torch.from_numpy(np.stack(truths))


def train(net, maker, steps, rate):
    """Each step makes FRESH stills and learns from BATCH of the last POOL."""
    net = net.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps,
                                                   pct_start=0.1)
    stills = torch.zeros(POOL, scenes.SIDE, scenes.SIDE, dtype=torch.uint8)
    truths = torch.zeros(POOL, len(scenes.LABELS))
    made, began, running = 0, time.time(), 0.0
    while made < 20 * FRESH:
        stills[made:made + FRESH], truths[made:made + FRESH] = batch_of(maker, FRESH)
        made += FRESH
    for step in range(steps):
        slot = made % POOL
        stills[slot:slot + FRESH], truths[slot:slot + FRESH] = batch_of(maker, FRESH)
        made += FRESH
        some = torch.from_numpy(maker.rng.integers(min(made, POOL), size=BATCH))
        x = stills[some]
        if maker.rng.random() < 0.5:
            x = x.flip(2)
        # Half precision more than doubles the speed and harms nothing here.
        with torch.autocast("cpu", torch.bfloat16):
            out = net(x)
        value = loss(out, truths[some])
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        schedule.step()
        running += value.item()
        if step % 100 == 99:
            print(f"step {step + 1} loss {running / 100:.3f} {time.time() - began:.0f} s",
                  flush=True)
            running = 0.0


# Trials


def ranks(scores, labels):
    """ROC AUC and average precision of `scores` for 0/1 `labels`; ties are rare."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    hits = np.asarray(labels, bool)[order]
    positives, negatives = hits.sum(), (~hits).sum()
    if not positives or not negatives:
        return float("nan"), float("nan")
    above = np.cumsum(hits)
    auc = above[~hits].sum() / (positives * negatives)
    return float(auc), float((above / np.arange(1, len(hits) + 1))[hits].mean())


def clip_stills(row):
    if row["image"]:
        return [common.read_luma(row["file"])]
    stills = common.video_stills(row["file"], 2.0)
    return stills[:MOST_STILLS]


def real_pairs(rows):
    """Stills of the train part's clips, and what the manifest tells of them."""
    pairs = []
    for row in rows:
        if row["dev"] or row["path"].startswith("img_bg/"):
            continue
        bent = float(row["fisheye"]) > 0
        unknown = scenes.UNKNOWN
        truth = scenes.Truth(fisheye=float(bent), strength=unknown,
                             circle=unknown if bent else 0.0, infrared=float(row["ir"]))
        pairs += [(still, truth) for still in clip_stills(row)]
    return pairs


def look(net, stills):
    with torch.no_grad():
        return torch.cat([net(torch.from_numpy(still.copy())[None]) for still in stills]).numpy()


def try_synthetic(net, maker, count=3000):
    stills, truths = batch_of(maker, count)
    with torch.no_grad():
        out = torch.cat([net(part) for part in stills.split(64)]).numpy()
    truths = dict(zip(scenes.LABELS, truths.numpy().T))
    print(f"\nsynthetic, held-out photographs, {count} stills")
    for name, column in HEADS.items():
        known = ~np.isnan(truths[name])
        auc, ap = ranks(out[known, column], truths[name][known])
        print(f"  {name:9} AUC {auc:.4f} AP {ap:.4f} positives {int(truths[name][known].sum())}")
    known = ~np.isnan(truths["strength"])
    off = 1 / (1 + np.exp(-out[known, STRENGTH])) - truths["strength"][known]
    print(f"  strength  mean error {np.abs(off).mean():.3f}")
    for name, columns in (("rows", ROWS), ("columns", COLUMNS)):
        asked = ~np.isnan(truths[name]) & (truths["grid"] == 1)
        right = out[asked, columns].argmax(1) + 1 == truths[name][asked]
        print(f"  {name:9} right {right.mean():.3f} of walls")


def try_real(net, rows):
    """Heads against the manifest's labels, and the clips most in error."""
    scores = np.stack([look(net, clip_stills(row)).mean(0) for row in rows])
    dev = np.array([row["dev"] for row in rows])
    video = np.array([not row["image"] for row in rows])
    wanted = {"fisheye": np.array([float(row["fisheye"]) > 0 for row in rows]),
              "grid": np.array([float(row["grid"]) > 0 for row in rows]),
              "infrared": np.array([float(row["ir"]) > 0 for row in rows])}
    for part, chosen in (("dev", dev), ("train", ~dev)):
        print(f"\n{part}")
        for name, labels in wanted.items():
            for what, among in (("videos", chosen & video), ("videos and images", chosen)):
                auc, ap = ranks(scores[among, HEADS[name]], labels[among])
                print(f"  {name:9} {what:17} AUC {auc:.4f} AP {ap:.4f} "
                      f"positives {labels[among].sum()} of {among.sum()}")
    for name, labels in wanted.items():
        column = scores[:, HEADS[name]]
        for part, chosen in (("dev", dev), ("train", ~dev)):
            wrong = np.where(labels, -column, column)
            print(f"\n{name}, {part}: worst")
            for i in [i for i in np.argsort(-wrong) if chosen[i]][:10]:
                print(f"  {'is ' if labels[i] else 'not'} {column[i]:+6.2f} {rows[i]['path']}")
    out = scores[:, OCCLUDED]
    print("\noccluded: highest of the real clips, which all have a free view")
    for i in np.argsort(-out)[:10]:
        print(f"  {out[i]:+6.2f} {rows[i]['path']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--start", help="weights to go on from")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)

    rows = common.manifest(args.data)
    photos = common.photos(args.data, 480)
    kept = photos[HELD_OUT]
    del photos[HELD_OUT]
    pairs = real_pairs(rows)
    net = LookNet()
    if args.start:
        net.load_state_dict(torch.load(args.start))
    maker = scenes.Maker(np.random.default_rng(args.seed), photos, pairs)
    train(net, maker, args.steps, args.rate)
    torch.save({name: value.contiguous() for name, value in net.state_dict().items()}, args.out)

    net = load(args.out)
    try_synthetic(net, scenes.Maker(np.random.default_rng(args.seed + 1000), kept, pairs))
    try_real(net, rows)


if __name__ == "__main__":
    main()
