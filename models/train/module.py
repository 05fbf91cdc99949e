"""The TorchScript module that the server runs: networks, heads, sentences.

CARD.md beside models/ documents its input and output, which a module of one's
own may follow instead. The heads are logistic functions of a few features that
heads.py fits; without them the module gives its features, which is what heads.py
learns from.
"""

from typing import Dict, Final, List, Tuple

import torch
from torch import nn

CUES = ["fixed_angle", "fisheye", "timestamp_overlay", "infrared", "multi_view_grid",
        "occluded_border"]
HIDDEN = "hidden_camera"

# The features, in their order. The first eight are models/camera_motion.h's
# measures and the last six models/cue_module.h's of the clock.
FEATURES = ["persistence", "block_persistence", "upper_persistence", "still_moves",
            "log_move", "log_change", "activity", "texture", "fisheye_look", "distortion",
            "circle_look", "grid_look", "occluded_look", "infrared_look", "log_saturation",
            "log_variety", "clock_sureness", "text_sureness", "clock_read", "clock_dated",
            "clock_seconds", "clock_runs"]
# Which features each cue rests on.
HEADS = {
    "fixed_angle": ["persistence", "block_persistence", "upper_persistence", "still_moves",
                    "log_move", "log_change"],
    "fisheye": ["fisheye_look", "distortion", "circle_look"],
    "timestamp_overlay": ["clock_sureness", "clock_read", "clock_dated", "clock_seconds",
                          "clock_runs"],
    "infrared": ["infrared_look", "log_saturation", "log_variety"],
    "multi_view_grid": ["grid_look"],
    "occluded_border": ["occluded_look"],
}

class CueModule(nn.Module):
    """`weights` [cues, features], `bias` [cues]; `hidden` [cues + 1], bias last."""

    cue_names: List[str]
    alphabet: List[str]
    MOTIONS: Final[int] = 8  # The first features.
    PERSISTENCE: Final[int] = FEATURES.index("persistence")
    STILL_MOVES: Final[int] = FEATURES.index("still_moves")
    ACTIVITY: Final[int] = FEATURES.index("activity")
    TEXTURE: Final[int] = FEATURES.index("texture")
    DISTORTION: Final[int] = FEATURES.index("distortion")
    CIRCLE: Final[int] = FEATURES.index("circle_look")
    CLOCK: Final[int] = FEATURES.index("clock_sureness")
    CLOCK_RUNS: Final[int] = FEATURES.index("clock_runs")
    LOOKED_AT: Final[int] = 4  # Stills, at most; of a short video half of them.
    PLAIN: Final[float] = 0.002  # Of less edge than that, pictures tell nothing.
    STILL: Final[float] = 0.0005  # Of less change than that, it is one picture.
    LONG_RUN: Final[float] = 10.0  # Seconds; such a scene counts in any film.

    def __init__(self, look, finder, reader, weights, bias, hidden):
        super().__init__()
        self.cue_names = CUES + [HIDDEN]
        self.alphabet = list(reader.alphabet)
        self.look = look
        self.finder = finder
        self.reader = reader
        self.register_buffer("weights", weights.double())
        self.register_buffer("bias", bias.double())
        self.register_buffer("hidden", hidden.double())

    @torch.jit.export
    def find_text(self, stills: torch.Tensor) -> torch.Tensor:
        return self.finder(stills)

    @torch.jit.export
    def read_text(self, lines: torch.Tensor) -> torch.Tensor:
        # libtorch's convolutions are slower on a single picture than on two.
        count = lines.size(0)
        return self.reader(lines if count > 1 else lines.repeat(2, 1, 1))[:count]

    def looks(self, stills: torch.Tensor, seconds: float) -> torch.Tensor:
        """The mean over some of the stills of what each looks like."""
        k = stills.size(0)
        count = min(k, self.LOOKED_AT if seconds >= 15.0 else self.LOOKED_AT // 2)
        chosen = torch.tensor([(2 * i + 1) * k // (2 * count) for i in range(count)],
                              device=stills.device)
        if count == 1:
            chosen = chosen.repeat(2)  # As in read_text; the mean is the same.
        return self.look(stills[chosen]).double().mean(0)

    def features(self, motion: torch.Tensor, colour: torch.Tensor, look: torch.Tensor,
                 clock: torch.Tensor) -> torch.Tensor:
        colours = (colour.double().median(0)[0] + 0.5).log()
        seen = torch.stack([look[0], look[1].sigmoid(), look[2], look[3], look[16],
                            look[17]])
        return torch.cat([motion[0, 2:], seen, colours, clock])

    def still_spans(self, motion: torch.Tensor) -> torch.Tensor:
        """[spans, 2] seconds in which the camera stands still."""
        windows = motion[1:] if motion.size(0) > 1 else motion
        logits = windows[:, 2:].mv(self.weights[0, :self.MOTIONS]) + self.bias[0]
        spans: List[Tuple[float, float]] = []
        for i in range(windows.size(0)):
            if float(logits[i]) <= 0.0 or float(windows[i, 2 + self.TEXTURE]) < self.PLAIN:
                continue
            start, end = float(windows[i, 0]), float(windows[i, 1])
            if len(spans) > 0 and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        result = motion.new_zeros([len(spans), 2])
        for i, (start, end) in enumerate(spans):
            result[i, 0] = start
            result[i, 1] = end
        return result

    def percent(self, share: float) -> str:
        return str(int(round(100.0 * share))) + " %"

    def tenths(self, value: float) -> str:
        whole = int(round(10.0 * value))
        return str(whole // 10) + "." + str(whole % 10)

    def sentences(self, f: torch.Tensor, p: torch.Tensor, seconds: float, colour: float,
                  variety: float, rows: int, columns: int) -> List[str]:
        moves = "Nothing moves in " + self.tenths(seconds) + " s: a still picture."
        if float(f[self.ACTIVITY]) >= self.STILL:
            kept = self.percent(float(f[self.PERSISTENCE]))
            stood = self.percent(float(f[self.STILL_MOVES]))
            moves = (kept + " of the edges keep their place over " + self.tenths(seconds) +
                     " s, and " + stood + " of the frames did not move from the last.")
        bent = self.percent(float(f[self.DISTORTION]))
        lens = "The lens looks bent by " + bent + " of a half sphere"
        if float(f[self.CIRCLE]) > 0.0:
            lens += ", and its round field of view shows"
        views = "The picture looks like one view."
        if float(p[4]) >= 0.5:
            views = ("The picture looks like " + str(rows) + " x " + str(columns) +
                     " views.")
        return [
            moves, lens + ".",
            "The surest place for a clock is " + self.percent(float(f[self.CLOCK])) + " sure.",
            "The colours are " + self.tenths(colour / 1.28) +
            " % away from grey on average and " + self.tenths(variety / 1.28) +
            " % from each other.",
            views,
            "Something near looks to be round the view: " + self.percent(float(p[5])) +
            " sure."]

    def forward(self, luma: torch.Tensor, times: torch.Tensor, colour: torch.Tensor,
                motion: torch.Tensor, stills: torch.Tensor, clock: torch.Tensor
                ) -> Tuple[torch.Tensor, List[str], Dict[str, torch.Tensor]]:
        seconds = float(motion[0, 1] - motion[0, 0])
        look = self.looks(stills, seconds)
        f = self.features(motion, colour, look, clock)
        p = (self.weights.mv(f) + self.bias).sigmoid()
        rows = 1 + int(look[4:10].argmax())
        columns = 1 + int(look[10:16].argmax())
        spans = self.still_spans(motion)

        # A long scene that stands still counts, whatever it was cut into.
        if spans.size(0) > 0:
            longest = float((spans[:, 1] - spans[:, 0]).max())
            if longest >= self.LONG_RUN:
                p[0] = max(float(p[0]), 0.9)
        if float(f[self.ACTIVITY]) < self.STILL:
            p[0] = 0.0
        if float(p[0]) < 0.5:
            spans = spans[:0]
        sentences = self.sentences(f, p, seconds, float(colour[:, 0].mean()),
                                   float(colour[:, 1].mean()), rows, columns)
        if float(f[self.TEXTURE]) < self.PLAIN:
            p = torch.zeros_like(p)
            sentences = ["The pictures are too dark or plain to judge."
                         for i in range(p.size(0))]
        # What is no likelier than not adds nothing.
        signs = (2.0 * p - 1.0).clamp(min=0.0)
        if float(f[self.CLOCK_RUNS]) < 0.0:
            signs[2] = 0.0  # A clock that stands still is no camera's.
        contributions = self.hidden[:-1] * signs
        score = (contributions.sum() + self.hidden[-1]).sigmoid().unsqueeze(0)
        reasons: List[str] = []
        for i in range(p.size(0)):
            if float(contributions[i]) >= 0.5:
                reasons.append(self.cue_names[i])
        why = "No cue speaks for it."
        if len(reasons) > 0:
            why = "What speaks for it: " + ", ".join(reasons) + "."
        if float(p[4]) < 0.5:
            rows, columns = 1, 1
        details = {
            "spans": torch.cat([spans.new_zeros([spans.size(0), 1]), spans], 1),
            "contributions": torch.cat([contributions, score.new_zeros([1])]),
            "distortion": f[self.DISTORTION:self.DISTORTION + 1] * p[1],
            "grid": torch.tensor([rows, columns]),
            "features": f,
        }
        return torch.cat([p, score]), sentences + [why], details


def assemble(look, finder, reader, weights, bias, hidden):
    """The whole as TorchScript, ready to be saved."""
    module = CueModule(look, finder, reader, weights, bias, hidden).eval()
    return torch.jit.script(module)
