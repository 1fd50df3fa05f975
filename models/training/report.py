"""Prints the tables of README.md and of the cards from figures.json, so that no figure is copied by hand.

    python report.py figures.json --write README.md ../packages/*/card.md

A file has its tables between the lines `<!-- figures: NAME -->` and `<!-- end -->`.
"""

import argparse
import json
import pathlib
import re


def number(value):
    return f"{value:.3f}".removeprefix("0") if abs(value) < 1 else f"{value:.3f}"


def interval(ends):
    return f"[{number(ends[0])}, {number(ends[1])}]" if ends else "(no interval)"


def area(cell):
    if "undefined" in cell:
        return f"undefined: {cell['undefined']} ({cell['positives']} against {cell['negatives']})"
    return f"{number(cell['auroc'])} {interval(cell['ci95'])} ({cell['positives']} against {cell['negatives']})"


def share(cell):
    if cell["n"] == 0:
        return "no case"
    return f"{round(cell['value'] * cell['n'])} of {cell['n']}, {number(cell['value'])} {interval(cell['ci95'])}"


def table(rows, head):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def cases(figures):
    """Case AUROC of both models side by side, test phantoms and the dialect never trained on."""
    rows = []
    detector, classifier = figures["detector"]["caseAuroc"], figures["classifier"]["caseAuroc"]
    for name in detector:
        rows.append((name, area(detector[name]), area(classifier[name])))
    if "neverTrained" in figures:
        unseen = figures["neverTrained"]
        rows.append(
            (
                "SYNTH-D, never trained on",
                area(unseen["detector"]["caseAuroc"]["all"]),
                area(unseen["classifier"]["caseAuroc"]["all"]),
            )
        )
    return table(rows, ("case AUROC, csPCa against the rest", "detector", "classifier (highest of its candidates)"))


def detector(figures):
    seen = figures["detector"]
    rows = [(f"sensitivity at threshold {seen['atThreshold']['threshold']}", share(seen["atThreshold"]["sensitivity"]))]
    rows.append(("specificity there", share(seen["atThreshold"]["specificity"])))
    rows += [(f"csPCa lesions found within 5 mm, {name}", share(cell)) for name, cell in seen["lesionSensitivity"].items()]
    for name, cell in seen["medianScoreOfNegatives"].items():
        rows.append((f"median score of negatives: {name}", "no case" if not cell["n"] else f"{number(cell['value'])} (n {cell['n']})"))
    gland = seen["gland"]
    rows.append(("gland against its mask, Dice", f"mean {number(gland['diceMean'])}, lowest {number(gland['diceLowest'])}"))
    rows.append((f"gland of {gland['minimumMl']:.0f} mL or more found", share(gland["found"])))
    for pelvis, cell in figures.get("withoutProstate", {}).items():
        words = pelvis.lower().replace("_", " ")
        rows.append((f"none such in: {words}", f"{share(cell['refused'])}, largest {cell['largestGlandMl']:.1f} mL"))
    rows += [(f"threshold rule that is told the gland: {name}", f"AUROC {number(value)}") for name, value in seen["oracleRules"].items()]
    return table(rows, ("detector", ""))


def points(figures):
    def rows_of(result, prefix=""):
        models = result["classifier"]["points"]
        names = list(models)
        return [(prefix + part, *(area(models[name][part]) for name in names)) for part in models[names[0]]]

    rows = rows_of(figures)
    if "neverTrained" in figures:
        rows += [row for row in rows_of(figures["neverTrained"], "SYNTH-D, never trained on: ") if row[0].endswith("all")]
    return table(rows, ("AUROC at true places", *figures["classifier"]["points"]))


def rescans(figures):
    rows = [
        (name, str(cell["pairs"]), number(cell["withinSdLogit"]), number(cell["icc"]))
        for name, cell in figures.get("rescans", {}).items()
    ]
    return table(rows, ("case score over two visits", "pairs", "within-subject SD of the logit", "ICC"))


def apart(figures):
    cell = figures["disagreement"]
    return f"The two models disagree, each at its operating point, on {cell['cases']} of {cell['of']} test phantoms."


TABLES = {"cases": cases, "detector": detector, "points": points, "rescans": rescans, "disagreement": apart}


def filled(text, figures):
    def block(match):
        return f"<!-- figures: {match[1]} -->\n\n{TABLES[match[1]](figures)}\n\n<!-- end -->"

    return re.sub(r"<!-- figures: (\w+) -->\n.*?<!-- end -->", block, text, flags=re.DOTALL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figures")
    parser.add_argument("--write", nargs="*", type=pathlib.Path, default=[])
    options = parser.parse_args()
    figures = json.loads(pathlib.Path(options.figures).read_text())
    for name, make in TABLES.items():
        print(f"\n{name}\n{make(figures)}")
    for file in options.write:
        file.write_text(filled(file.read_text(), figures))


if __name__ == "__main__":
    main()
