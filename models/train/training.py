"""What the training of the text networks shares."""

import argparse
import time

import numpy as np
import torch
from torch import nn


def options(doc, steps, batch):
    """A parser of the flags that both commands have."""
    parser = argparse.ArgumentParser(description=doc.split("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--start", help="weights to go on from")
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    return parser


def ready(network, path):
    """The trained network, ready to script: batch normalisation is folded in."""
    network.load_state_dict(torch.load(path, map_location="cpu"))
    network.eval()
    for part in network.modules():
        if isinstance(part, nn.Sequential) and len(part) == 3 and isinstance(part[1], nn.BatchNorm2d):
            part[0] = nn.utils.fusion.fuse_conv_bn_eval(part[0], part[1])
            part[1] = nn.Identity()
    return network


def train(network, next_loss, report, chosen):
    """Takes `chosen.steps` steps down `next_loss()`; saves and reports on the way."""
    if chosen.start:
        network.load_state_dict(torch.load(chosen.start))
    network.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), lr=chosen.rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, chosen.rate, max(1, chosen.steps),
                                                   pct_start=0.1)
    start, losses = time.time(), []
    for step in range(1, chosen.steps + 1):
        loss = next_loss()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.5)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        last = step == chosen.steps
        if step % 250 == 0 or last:
            print(f"step {step} loss {np.mean(losses[-250:]):.4f} after "
                  f"{time.time() - start:.0f} s", flush=True)
        if step % 1000 == 0 or last:
            report()
            torch.save({key: value.float().contiguous() if value.is_floating_point() else value
                        for key, value in network.state_dict().items()}, chosen.out)
