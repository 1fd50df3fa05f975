"""Which phantom is for what. A seed is a patient, so disjoint ranges are disjoint patients."""

TRAIN = range(100_000, 200_000)
VALIDATION = range(200_000, 300_000)
TEST = range(300_000, 400_000)
GOLDEN = range(900_000, 910_000)
DEMO = range(910_000, 920_000)

ALL = {"train": TRAIN, "validation": VALIDATION, "test": TEST, "golden": GOLDEN, "demo": DEMO}


def assert_within(seeds, name):
    """Fails unless every seed belongs to the named range."""
    strangers = [seed for seed in seeds if seed not in ALL[name]]
    if strangers:
        raise ValueError(f"seeds {strangers[:5]} are not {name} seeds")
