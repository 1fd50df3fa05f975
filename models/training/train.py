"""Trains the detector on phantoms; seeded, so the same arrays give the same weights on the same machine and thread count.

    python train.py ARRAYS --seeds 100000-100239,190000-190015 --more 100240-100349 --more-from 250 --steps 900 \
        --out detector.pt

    python train.py ARRAYS --init detector.pt --seeds 100000-100099,190000-190055 --steps 120 --rate 1e-3 --out tuned.pt

`--more` joins at a step: generating phantoms and training can overlap without the result depending on who is faster.
"""

import argparse
import time

import numpy as np
import torch
from torch.nn import functional

import phantoms
import seeds as seed_ranges
from evaluate import auroc, case_score
from network import Detector

BATCH = 4
CROP = 64
DEPTH = 16


def augmented(case, random):
    """A random crop, mirrored and disturbed; returns image, csPCa mask and zones."""
    top = 16 + random.integers(-8, 9)
    left = 16 + random.integers(-8, 9)
    low = random.integers(0, 20 - DEPTH + 1)
    window = np.s_[..., low : low + DEPTH, top : top + CROP, left : left + CROP]
    image = case.image[window].copy()
    cancer = (case.lesions[window] >= 2).astype(np.float32)
    zones = case.zones[window].astype(np.int64)
    if random.random() < 0.3:
        # ADC and high b come from one echo-planar acquisition: they shift together.
        shift = tuple(random.integers(-2, 3, size=2))
        image[1:] = np.roll(image[1:], shift, axis=(-2, -1))
    if random.random() < 0.5:
        image, cancer, zones = image[..., ::-1], cancer[..., ::-1], zones[..., ::-1]
    if random.random() < 0.3:
        image, cancer, zones = image[:, ::-1], cancer[::-1], zones[::-1]
    gain = np.exp(random.normal(0, 0.08, (3, 1, 1, 1))).astype(np.float32)
    offset = random.normal(0, 0.12, (3, 1, 1, 1)).astype(np.float32)
    noise = random.normal(0, 0.06, image.shape).astype(np.float32)
    return image * gain + offset + noise, cancer.copy(), zones.copy()


def loss_of(logits, cancer, zones):
    """10 x focal (gamma 1.5, positives weigh 15) + 0.5 x soft Dice over the batch + 0.5 x cross-entropy of the zones."""
    lesion = logits[:, 0]
    score = torch.sigmoid(lesion)
    entropy = functional.binary_cross_entropy_with_logits(lesion, cancer, reduction="none")
    miss = torch.where(cancer > 0, 1 - score, score)
    focal = (miss.clamp_min(1e-6) ** 1.5 * entropy * (1 + 14 * cancer)).mean()
    dice = 1 - (2 * (score * cancer).sum() + 20) / (score.sum() + cancer.sum() + 20)
    return 10 * focal + 0.5 * dice + 0.5 * functional.cross_entropy(logits[:, 1:], zones)


@torch.no_grad()
def heat_of(model, cases):
    model.eval()
    for case in cases:
        yield case, torch.sigmoid(model(torch.from_numpy(case.image)[None])[0, 0]).numpy()


def validate(model, cases):
    scores = [case_score(heat) for _, heat in heat_of(model, cases)]
    labels = [case.truth["csPCa"] for case in cases]
    return auroc(np.array(labels), np.array(scores))


def parse_range(text):
    """"1-3,7-8" is 1, 2, 3, 7, 8."""
    seeds = []
    for part in text.split(","):
        first, last = map(int, part.split("-"))
        seeds.extend(range(first, last + 1))
    return seeds


def read_every(directory, seeds):
    """All cases of these seeds, waiting for those that are still being generated."""
    for seed in seeds:
        while not phantoms.file_of(directory, seed).exists():
            time.sleep(2)
    return phantoms.read_all(directory, seeds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arrays")
    parser.add_argument("--seeds", type=parse_range, required=True)
    parser.add_argument("--validation", type=parse_range, default=parse_range("200000-200059"))
    parser.add_argument("--more", type=parse_range, default=[])
    parser.add_argument("--more-from", type=int, default=0)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--init")
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(20260101)
    torch.use_deterministic_algorithms(True)
    random = np.random.default_rng(20260101 + options.steps)
    seed_ranges.assert_within(options.seeds, "train")
    seed_ranges.assert_within(options.more, "train")
    seed_ranges.assert_within(options.validation, "validation")

    started = time.process_time()
    cases = read_every(options.arrays, options.seeds)
    held_back = []

    def say_cases():
        print(
            f"{len(cases)} training cases, {sum(c.truth['csPCa'] for c in cases)} with csPCa,"
            f" CPU {time.process_time() - started:.0f} s",
            flush=True,
        )

    say_cases()
    model = Detector().to(memory_format=torch.channels_last_3d)
    if options.init:
        model.load_state_dict(torch.load(options.init, weights_only=True))
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=1e-3)
    warm = max(1, int(0.08 * options.steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(1, (step + 1) / warm)
        * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * max(0, step - warm) / max(1, options.steps - warm)))),
    )
    order = []
    running = 0.0
    for step in range(options.steps):
        model.train()
        if options.more and step == options.more_from:
            cases += read_every(options.arrays, options.more)
            order = []
            say_cases()
        if len(order) < BATCH:
            order = order + list(random.permutation(len(cases)))
        drawn, order = order[:BATCH], order[BATCH:]
        image, cancer, zones = (
            torch.from_numpy(np.stack(part)) for part in zip(*(augmented(cases[i], random) for i in drawn))
        )
        loss = loss_of(model(image.to(memory_format=torch.channels_last_3d)), cancer, zones)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimiser.step()
        schedule.step()
        running = loss.item() if step == 0 else 0.97 * running + 0.03 * loss.item()
        if (step + 1) % 25 == 0:
            print(f"step {step + 1} loss {running:.3f} CPU {time.process_time() - started:.0f} s", flush=True)
        if (step + 1) % 300 == 0 or step + 1 == options.steps:
            torch.save(model.state_dict(), options.out)
            held_back = held_back or read_every(options.arrays, options.validation)
            if sum(case.truth["csPCa"] for case in held_back) not in (0, len(held_back)):
                print(f"step {step + 1} validation AUROC {validate(model, held_back):.3f}", flush=True)


if __name__ == "__main__":
    main()
