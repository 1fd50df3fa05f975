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


# What the classifier looks at round a point.
PATCH = (8, 32, 32)
PATCH_SPACING_MM = (3.0, 1.0, 1.0)
# A point nearer than this to the middle of a csPCa is not called benign.
FREE_OF_CANCER_MM = 8.0


@dataclass(frozen=True)
class Case:
    seed: int
    image: np.ndarray  # float32 [3][20][96][96]: T2W, ADC, HBV, normalised
    zones: np.ndarray  # uint8 [20][96][96]: 0 background, 1 peripheral zone, 2 rest of the gland
    lesions: np.ndarray  # uint8 [20][96][96]: ISUP grade group of the lesion at a voxel, 0 none
    labels: np.ndarray  # uint8 [20][96][96]: number of the lesion at a voxel, 0 none
    truth: dict


def axis_positions(size, spacing, source_size, source_spacing, at=0.0):
    """Continuous source indices of the grid's voxels; its middle lies `at` mm from the middle of the source."""
    return (source_size - 1) / 2 + (at + (np.arange(size) - (size - 1) / 2) * spacing) / source_spacing


def linear_weights(positions, source_size):
    """A matrix [size][source_size] that interpolates linearly, repeats the edge for half a voxel, and gives 0 beyond."""
    matrix = np.zeros((len(positions), source_size))
    for row, position in enumerate(positions):
        if -0.5 - 1e-6 <= position <= source_size - 0.5 + 1e-6:
            position = min(max(position, 0.0), source_size - 1.0)
            low = min(int(position), source_size - 2)
            matrix[row, low] = 1 - (position - low)
            matrix[row, low + 1] = position - low
    return matrix


def resample(volume, spacing, size=(SLICES, ROWS, COLUMNS), steps=SPACING_MM, at=(0.0, 0.0, 0.0)):
    """Trilinear onto a grid along the T2W's axes; separable because every series shares these axes and its middle."""
    weights = [
        linear_weights(axis_positions(n, step, source, own, place), source)
        for n, step, source, own, place in zip(size, steps, volume.shape, spacing, at)
    ]
    touched = [np.flatnonzero(matrix.any(axis=0)) for matrix in weights]
    if any(len(used) == 0 for used in touched):
        return np.zeros(size, np.float32)
    cut = [slice(used[0], used[-1] + 1) for used in touched]
    z, y, x = (matrix[:, part] for matrix, part in zip(weights, cut))
    out = np.tensordot(z, volume[tuple(cut)].astype(np.float64), axes=(1, 0))
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


@dataclass(frozen=True)
class Normalisation:
    """The channels' steps in the passport's order, with the numbers that one case's central box gives."""

    low: float
    high: float
    mean: float
    deviation: float
    ceiling: float
    median: float
    spread: float

    @staticmethod
    def of(t2w, hbv):
        """From T2W and HBV on the detector's grid; statistics in float64."""
        low, high = np.percentile(t2w[BOX].astype(np.float64), (1, 99))
        box = np.clip(t2w, low, high)[BOX].astype(np.float64)
        ceiling = 1.3 * np.percentile(hbv[BOX].astype(np.float64), 99.8)
        bright = np.minimum(hbv, ceiling)[BOX].astype(np.float64)
        return Normalisation(low, high, box.mean(), box.std(), ceiling, np.median(bright), bright.std())

    def apply(self, t2w, adc, hbv):
        t2w = np.clip((np.clip(t2w, self.low, self.high) - self.mean) / self.deviation, -4, 6)
        adc = np.clip((np.clip(adc, 0, 3000) - 1300) / 450, -4, 6)
        hbv = np.clip((np.minimum(hbv, self.ceiling) - self.median) / self.spread, -4, 6)
        return np.stack([t2w, adc, hbv]).astype(np.float32)


def normalise(t2w, adc, hbv):
    return Normalisation.of(t2w, hbv).apply(t2w, adc, hbv)


class Patches:
    """Patches round points of one phantom, sampled from its own volumes and normalised as the whole case is."""

    def __init__(self, volumes, spacings, normalisation):
        self.volumes = volumes
        self.spacings = spacings
        self.normalisation = normalisation

    def around(self, at, size=PATCH):
        """float32 [3][slices][rows][columns]; `at` in mm along slices, rows, columns from the middle of the volume."""
        return self.normalisation.apply(
            *(
                resample(volume, spacing, size, PATCH_SPACING_MM, at)
                for volume, spacing in zip(self.volumes, self.spacings)
            )
        )


def read_with_patches(path):
    """The case on the detector's grid, and what cuts patches from its own volumes."""
    with np.load(path) as arrays:
        truth = json.loads(bytes(arrays["truth"]).decode())
        volumes = [arrays[name] for name in ("t2w", "adc", "hbv")]
        zones, labels = arrays["zones"], arrays["lesions"]
    spacings = [truth["t2wSpacingMm"], truth["dwiSpacingMm"], truth["dwiSpacingMm"]]
    whole = [resample(volume, spacing) for volume, spacing in zip(volumes, spacings)]
    normalisation = Normalisation.of(whole[0], whole[2])
    zones, labels = resample_labels(zones, spacings[0]), resample_labels(labels, spacings[0])
    grades = np.array([0] + [lesion["isup"] for lesion in truth["lesions"]], np.uint8)
    gland = np.array([0, 1, 2, 2, 2, 0], np.uint8)
    case = Case(truth["seed"], normalisation.apply(*whole), gland[zones], grades[labels], labels, truth)
    return case, Patches(volumes, spacings, normalisation)


def read(path):
    return read_with_patches(path)[0]


def points_of(truth, found=()):
    """(place in mm, is it csPCa, what it is) of everything the classifier learns from in one phantom."""
    points = [(lesion["atMm"], lesion["isup"] >= 2, f"ISUP {lesion['isup']}") for lesion in truth["lesions"]]
    points += [(mimic["atMm"], False, mimic["kind"]) for mimic in truth["mimics"]]
    significant = [np.array(lesion["atMm"]) for lesion in truth["lesions"] if lesion["isup"] >= 2]
    # What lies at a csPCa is no mimic of it, whatever else is there.
    points = [
        point
        for point in points
        if point[1] or all(np.linalg.norm(np.array(point[0]) - place) > FREE_OF_CANCER_MM for place in significant)
    ]
    for place in found:
        if all(np.linalg.norm(np.array(place) - cancer) > FREE_OF_CANCER_MM + 4 for cancer in significant):
            points.append((place, False, "false positive"))
    return points


def file_of(directory, seed, visit=0):
    return pathlib.Path(directory) / (f"{seed}.npz" if visit == 0 else f"{seed}-{visit + 1}.npz")


def read_all(directory, seeds, visit=0):
    """The cases of these seeds that are there, in the order of their seeds."""
    return [read(file_of(directory, seed, visit)) for seed in seeds if file_of(directory, seed, visit).exists()]
