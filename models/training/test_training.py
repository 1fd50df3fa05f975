"""Run with `python -m unittest` in this directory; needs no phantoms."""

import unittest

import numpy as np

import evaluate
import phantoms
import seeds


class Seeds(unittest.TestCase):
    def test_no_patient_is_for_two_purposes(self):
        ranges = list(seeds.ALL.values())
        for index, one in enumerate(ranges):
            for other in ranges[index + 1 :]:
                self.assertTrue(one.stop <= other.start or other.stop <= one.start, f"{one} meets {other}")

    def test_a_stranger_is_refused(self):
        with self.assertRaises(ValueError):
            seeds.assert_within([300_000], "train")


class Preprocessing(unittest.TestCase):
    def test_resampling_keeps_a_plane_and_gives_zero_outside(self):
        z, y, x = np.meshgrid(np.arange(20) * 3.0, np.arange(40) * 2.0, np.arange(40) * 2.0, indexing="ij")
        volume = z + 2 * y - x
        out = phantoms.resample(volume, (3.0, 2.0, 2.0))
        # Both grids have one middle, 39 mm from the first source voxel and 47.5 mm from the first tensor voxel.
        row, column = 50, 33
        expected = 10 * 3.0 + 2 * (row - 47.5 + 39) - (column - 47.5 + 39)
        self.assertAlmostEqual(expected, float(out[10, row, column]), places=4)
        self.assertEqual(0, out[10, 0, 50])

    def test_labels_follow_the_nearest_voxel(self):
        labels = np.zeros((20, 166, 166), np.uint8)
        labels[5, 83:, 83:] = 3
        out = phantoms.resample_labels(labels, (3.0, 0.6, 0.6))
        self.assertEqual(3, out[5, 48, 48])
        self.assertEqual(0, out[5, 47, 47])

    def test_normalisation_standardises_the_central_box(self):
        random = np.random.default_rng(1)
        image = phantoms.normalise(*random.uniform(100, 2000, (3, 20, 96, 96)).astype(np.float32))
        self.assertAlmostEqual(0, float(image[0][phantoms.BOX].mean()), places=4)
        self.assertAlmostEqual(1, float(image[0][phantoms.BOX].std()), places=4)
        self.assertEqual((12, 60, 60), image[0][phantoms.BOX].shape)


class Points(unittest.TestCase):
    TRUTH = {
        "lesions": [{"atMm": [0, 0, 0], "isup": 3}, {"atMm": [0, 30, 0], "isup": 1}],
        "mimics": [{"kind": "PROSTATITIS", "atMm": [0, 5, 0]}, {"kind": "HAEMORRHAGE", "atMm": [0, 20, 0]}],
    }

    def test_what_lies_at_a_cancer_is_not_called_benign(self):
        found = phantoms.points_of(self.TRUTH, [[0, 0, 9], [0, 40, 0]])
        self.assertEqual(
            [(True, "ISUP 3"), (False, "ISUP 1"), (False, "HAEMORRHAGE"), (False, "false positive")],
            [(positive, kind) for _, positive, kind in found],
        )

    def test_a_patch_is_cut_out_of_the_whole_when_its_point_lies_on_the_grid(self):
        random = np.random.default_rng(3)
        volume = random.uniform(0, 100, (20, 60, 60))
        whole = phantoms.resample(volume, (3.0, 2.0, 2.0))
        patch = phantoms.resample(volume, (3.0, 2.0, 2.0), phantoms.PATCH, phantoms.PATCH_SPACING_MM, (3.0, 5.0, -7.0))
        np.testing.assert_allclose(whole[7:15, 37:69, 25:57], patch, atol=1e-4)

    def test_a_voxel_reaches_half_its_width_beyond_the_outermost_centres(self):
        weights = phantoms.linear_weights([-0.6, -0.4, 0.5, 3.4, 3.6], 4)
        self.assertEqual([0, 1, 1, 1, 0], weights.sum(axis=1).tolist())
        self.assertEqual([1, 0.5, 1], [weights[1, 0], weights[2, 1], weights[3, 3]])


class Figures(unittest.TestCase):
    def test_auroc_of_a_known_ranking(self):
        labels = np.array([1, 1, 0, 0, 0])
        scores = np.array([0.9, 0.4, 0.5, 0.4, 0.1])
        # Pairs: .9 wins three; .4 loses one, ties one, wins one.
        self.assertAlmostEqual(4.5 / 6, evaluate.auroc(labels, scores))
        value, (low, high) = evaluate.delong(labels, scores)
        self.assertAlmostEqual(4.5 / 6, value)
        self.assertTrue(0 < low < value < high < 1)

    def test_rescans_that_agree_have_no_spread_and_an_icc_of_one(self):
        rows = [{"score": s, "csPCa": False} for s in (0.1, 0.4, 0.8, 0.9)]
        same = evaluate.of_rescans(rows, rows, "score")
        self.assertEqual((4, 0.0, 1.0), (same["pairs"], same["withinSdLogit"], same["icc"]))

    def test_the_middle_of_a_mask_is_in_mm_from_the_middle_of_the_grid(self):
        mask = np.zeros((20, 96, 96), bool)
        mask[12, 50:52, 40] = True
        self.assertEqual([7.5, 3.0, -7.5], evaluate.middle_of(mask))

    def test_candidates_fall_in_confidence_and_small_ones_are_dropped(self):
        heat = np.zeros((20, 96, 96), np.float32)
        heat[5, 20:24, 20:24] = 0.8
        heat[9, 60:64, 60:64] = 0.5
        heat[15, 5, 5] = 0.99
        found = evaluate.candidates(heat)
        self.assertEqual([0.8, 0.5], [round(confidence, 6) for confidence, _ in found])
        self.assertAlmostEqual(0.8, evaluate.case_score(heat), places=6)


if __name__ == "__main__":
    unittest.main()
