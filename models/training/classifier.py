"""Trains the lesion classifier: csPCa or not, from a patch round a point; seeded like the detector.

    python classifier.py ARRAYS --detector detector.onnx --seeds 100000-100349 --validation 200000-200059 \
        --false-positives-of 100000-100149 --out classifier.pt

Its points: the middles of true cancers (ISUP 2 and more are positive, ISUP 1 is not), of mimics, and of candidates of
the detector that lie away from every csPCa, the latter from training phantoms only.
"""

import argparse
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import phantoms
import seeds as seed_ranges
from evaluate import auroc, candidates, middle_of
from phantoms import points_of

BATCH = 48
# Cut wider than the model looks, so that a patch can be displaced by whole voxels while training.
MARGIN = (1, 4, 4)
WIDE = tuple(n + 2 * margin for n, margin in zip(phantoms.PATCH, MARGIN))


class Classifier(nn.Module):
    """[n,3,8,32,32] to one logit: what stands in the middle, seen beside its surroundings."""

    def __init__(self):
        super().__init__()

        def step(channels_in, channels_out, kernel, stride=1):
            return nn.Sequential(
                nn.Conv3d(channels_in, channels_out, kernel, stride, tuple(k // 2 for k in kernel), bias=False),
                # Batch, not instance, normalisation: the latter would erase the absolute ADC.
                nn.BatchNorm3d(channels_out),
                nn.ReLU(inplace=True),
            )

        self.features = nn.Sequential(
            step(3, 16, (1, 3, 3)),
            step(16, 24, (3, 3, 3), (1, 2, 2)),
            step(24, 32, (3, 3, 3), (1, 2, 2)),
            step(32, 32, (3, 3, 3)),
        )
        self.hidden = nn.Linear(3 * 32, 32)
        self.out = nn.Linear(32, 1)

    def forward(self, patch):
        # [n,32,8,8,8] at 3 x 4 x 4 mm.
        x = self.features(patch)
        centre = x[:, :, 3:5, 3:5, 3:5].mean(dim=(2, 3, 4))
        near = x[:, :, 2:6, 2:6, 2:6].amax(dim=(2, 3, 4))
        around = x.mean(dim=(2, 3, 4))
        return self.out(functional.relu(self.hidden(torch.cat([centre, near, around], 1))))


class Shipped(nn.Module):
    """The classifier with its output as the passport names it."""

    def __init__(self, classifier):
        super().__init__()
        self.classifier = classifier

    def forward(self, patch):
        return torch.sigmoid(self.classifier(patch))


def collect(directory, seeds, detect=None, detected=()):
    patches, labels, kinds = [], [], []
    for seed in seeds:
        case, cutter = phantoms.read_with_patches(phantoms.file_of(directory, seed))
        found = []
        if detect is not None and seed in detected:
            found = [middle_of(mask) for confidence, mask in candidates(detect(case.image)) if confidence > 0.1]
        for place, positive, kind in points_of(case.truth, found):
            patches.append(cutter.around(place, WIDE).astype(np.float16))
            labels.append(positive)
            kinds.append(kind)
    return np.stack(patches), np.array(labels), kinds


def displaced(patch, random):
    """A patch moved by whole voxels, mirrored and disturbed."""
    start = [int(random.integers(0, 2 * margin + 1)) for margin in MARGIN]
    cut = patch[(slice(None), *(slice(at, at + n) for at, n in zip(start, phantoms.PATCH)))].astype(np.float32)
    if random.random() < 0.5:
        cut = cut[..., ::-1]
    if random.random() < 0.3:
        cut = cut[:, ::-1]
    gain = np.exp(random.normal(0, 0.08, (3, 1, 1, 1))).astype(np.float32)
    offset = random.normal(0, 0.12, (3, 1, 1, 1)).astype(np.float32)
    return cut * gain + offset + random.normal(0, 0.06, cut.shape).astype(np.float32)


def central(patches):
    cut = tuple(slice(margin, margin + n) for margin, n in zip(MARGIN, phantoms.PATCH))
    return patches[(slice(None), slice(None), *cut)].astype(np.float32)


@torch.no_grad()
def scores_of(model, patches):
    model.eval()
    return np.concatenate(
        [model(torch.from_numpy(patches[at : at + 64]))[:, 0].numpy() for at in range(0, len(patches), 64)]
    )


def main():
    import onnxruntime

    from train import parse_range

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arrays")
    parser.add_argument("--detector", required=True)
    parser.add_argument("--seeds", type=parse_range, required=True)
    parser.add_argument("--validation", type=parse_range, required=True)
    parser.add_argument("--false-positives-of", type=parse_range, default=[])
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    seed_ranges.assert_within(options.seeds, "train")
    seed_ranges.assert_within(options.false_positives_of, "train")
    seed_ranges.assert_within(options.validation, "validation")
    torch.set_num_threads(1)
    torch.manual_seed(20260102)
    torch.use_deterministic_algorithms(True)
    random = np.random.default_rng(20260102)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(options.detector, settings, providers=["CPUExecutionProvider"])

    def detect(image):
        return session.run(["heat"], {"bpmri": image[None]})[0][0, 0]

    started = time.process_time()
    patches, labels, kinds = collect(options.arrays, options.seeds, detect, set(options.false_positives_of))
    held_back, truth, _ = collect(options.arrays, options.validation)
    held_back = central(held_back)
    count = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    print(f"{len(labels)} points, {labels.sum()} csPCa: {count}; CPU {time.process_time() - started:.0f} s", flush=True)

    model = Classifier()
    print(sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, options.steps, options.rate / 100)
    positive, negative = np.flatnonzero(labels), np.flatnonzero(~labels)
    running = 0.0
    for step in range(options.steps):
        model.train()
        # A third of each batch is csPCa: they are rare among the points.
        drawn = np.concatenate([random.choice(positive, BATCH // 3), random.choice(negative, BATCH - BATCH // 3)])
        image = torch.from_numpy(np.stack([displaced(patches[i], random) for i in drawn]))
        wanted = torch.from_numpy(labels[drawn].astype(np.float32))
        loss = functional.binary_cross_entropy_with_logits(model(image)[:, 0], wanted)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimiser.step()
        schedule.step()
        running = loss.item() if step == 0 else 0.97 * running + 0.03 * loss.item()
        if (step + 1) % 50 == 0 or step + 1 == options.steps:
            value = auroc(truth, scores_of(model, held_back))
            print(
                f"step {step + 1} loss {running:.3f} validation AUROC of points {value:.3f}"
                f" CPU {time.process_time() - started:.0f} s",
                flush=True,
            )
    torch.save(model.state_dict(), options.out)


if __name__ == "__main__":
    main()
