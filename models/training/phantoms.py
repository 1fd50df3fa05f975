"""Reads the arrays that `walnut phantom --training-arrays` writes, and turns them into the model's tensors.

The preprocessing repeats, in NumPy, what passport.json tells Walnut to execute; test_training.py compares it with
tensors that `walnut preprocess` wrote. Arrays are [slices][rows][columns]; one frame: LPS axes of the T2W.
"""

import json
import pathlib
from dataclasses import dataclass

import numpy as np

SLICES, ROWS, COLUMNS = 20, 96, 96
SPACING_MM = (3.0, 1.0, 1.0)
BOX_MM = (36.0, 60.0, 60.0)


@dataclass(frozen=True)
class Case:
    seed: int
    image: np.ndarray  # float32 [3][20][96][96]: T2W, ADC, HBV, normalised
    zones: np.ndarray  # uint8 [20][96][96]: 0 background, 1 peripheral zone, 2 rest of the gland
    lesions: np.ndarray  # uint8 [20][96][96]: ISUP grade group of the lesion at a voxel, 0 none
    labels: np.ndarray  # uint8 [20][96][96]: number of the lesion at a voxel, 0 none
    truth: dict


def axis_positions(size, spacing, source_size, source_spacing):
    """Continuous source indices of the grid's voxels, both centred on the same point."""
    return (source_size - 1) / 2 + (np.arange(size) - (size - 1) / 2) * spacing / source_spacing


def linear_weights(positions, source_size):
    """A matrix [size][source_size] that interpolates linearly and gives 0 outside."""
    matrix = np.zeros((len(positions), source_size))
    for row, position in enumerate(positions):
        if -1e-6 <= position <= source_size - 1 + 1e-6:
            position = min(max(position, 0.0), source_size - 1.0)
            low = min(int(position), source_size - 2)
            matrix[row, low] = 1 - (position - low)
            matrix[row, low + 1] = position - low
    return matrix


def resample(volume, spacing):
    """Trilinear onto the model's grid; separable because every series shares the T2W's axes and centre."""
    z, y, x = (
        linear_weights(axis_positions(size, step, source, own), source)
        for size, step, source, own in zip((SLICES, ROWS, COLUMNS), SPACING_MM, volume.shape, spacing)
    )
    out = np.tensordot(z, volume.astype(np.float64), axes=(1, 0))
    return (y @ out @ x.T).astype(np.float32)


def resample_labels(volume, spacing):
    indices = [
        np.clip(np.floor(axis_positions(size, step, source, own) + 0.5).astype(int), 0, source - 1)
        for size, step, source, own in zip((SLICES, ROWS, COLUMNS), SPACING_MM, volume.shape, spacing)
    ]
    return volume[np.ix_(*indices)]


def _box():
    inside = [
        np.abs(np.arange(size) - (size - 1) / 2) * step <= extent / 2
        for size, step, extent in zip((SLICES, ROWS, COLUMNS), SPACING_MM, BOX_MM)
    ]
    return np.ix_(*inside)


BOX = _box()


def normalise(t2w, adc, hbv):
    """The channels' steps in the passport's order; statistics in float64, of the values in the central box."""
    low, high = np.percentile(t2w[BOX].astype(np.float64), (1, 99))
    t2w = np.clip(t2w, low, high)
    box = t2w[BOX].astype(np.float64)
    t2w = np.clip((t2w - box.mean()) / box.std(), -4, 6)

    adc = np.clip((np.clip(adc, 0, 3000) - 1300) / 450, -4, 6)

    hbv = np.minimum(hbv, 1.3 * np.percentile(hbv[BOX].astype(np.float64), 99.8))
    box = hbv[BOX].astype(np.float64)
    hbv = np.clip((hbv - np.median(box)) / box.std(), -4, 6)
    return np.stack([t2w, adc, hbv]).astype(np.float32)


def read(path):
    path = pathlib.Path(path)
    with np.load(path) as arrays:
        truth = json.loads(bytes(arrays["truth"]).decode())
        t2w_mm, dwi_mm = truth["t2wSpacingMm"], truth["dwiSpacingMm"]
        image = normalise(
            resample(arrays["t2w"], t2w_mm), resample(arrays["adc"], dwi_mm), resample(arrays["hbv"], dwi_mm)
        )
        zones = resample_labels(arrays["zones"], t2w_mm)
        labels = resample_labels(arrays["lesions"], t2w_mm)
    grades = np.array([0] + [lesion["isup"] for lesion in truth["lesions"]], np.uint8)
    gland = np.array([0, 1, 2, 2, 2, 0], np.uint8)
    return Case(truth["seed"], image, gland[zones], grades[labels], labels, truth)


def read_all(directory, seeds):
    """The cases of these seeds that are there, in the order of their seeds."""
    cases = []
    for seed in seeds:
        path = pathlib.Path(directory) / f"{seed}.npz"
        if path.exists():
            cases.append(read(path))
    return cases
