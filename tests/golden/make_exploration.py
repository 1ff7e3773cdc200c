"""Makes `exploration.json` anew: what numpy, scipy and matplotlib say of the
bundled data's columns, by outcome and together, in all rows and in a cohort.

    python make_exploration.py            compares with the file beside it
    python make_exploration.py --write    writes the file

The environment of the file: Python 3.11, numpy 2.4.6, pandas 3.1.1, scipy 1.17.1,
matplotlib 3.11.2.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.cbook import boxplot_stats
from scipy import stats

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "public" / "data" / "telco-customer-churn.csv"
FILE = HERE / "exploration.json"
# Ends of the bins, chosen by hand.
EDGES = {
    "tenure": np.arange(0, 80, 5),
    "MonthlyCharges": np.arange(15, 125, 5),
    "TotalCharges": np.arange(0, 9500, 500),
}


def read():
    frame = pd.read_csv(DATA, dtype=str, keep_default_na=False)
    for column in EDGES:
        frame[column] = pd.to_numeric(frame[column].str.strip())
    frame["SeniorCitizen"] = frame.SeniorCitizen.map({"0": "No", "1": "Yes"})
    return frame.drop(columns="customerID")


def counts(left):
    """Rows, those that left, their share and its Wilson interval."""
    rows, hits = len(left), int(left.sum())
    if rows == 0:
        return {"rows": 0, "left": 0}
    interval = stats.binomtest(hits, rows).proportion_ci(method="wilson")
    return {"rows": rows, "left": hits, "rate": hits / rows,
            "low": float(interval.low), "high": float(interval.high)}


def box(numbers):
    [found] = boxplot_stats(numbers)
    return {"rows": len(numbers), "mean": float(np.mean(numbers)), "low": found["whislo"],
            "q1": found["q1"], "median": found["med"], "q3": found["q3"], "high": found["whishi"],
            "below": int((numbers < found["whislo"]).sum()),
            "above": int((numbers > found["whishi"]).sum())}


def cramers_v(a, b):
    """Bergsma 2013, on scipy's chi-squared without Yates' correction."""
    table = pd.crosstab(a, b).to_numpy()
    rows, columns = table.shape
    if min(rows, columns) < 2:
        return 0.0
    n = table.sum()
    phi2 = stats.chi2_contingency(table, correction=False).statistic / n
    phi2 = max(0.0, phi2 - (rows - 1) * (columns - 1) / (n - 1))
    rows, columns = (k - (k - 1) ** 2 / (n - 1) for k in (rows, columns))
    return math.sqrt(phi2 / (min(rows, columns) - 1))


def correlation_ratio(levels, numbers):
    """The root of R squared of one-way analysis of variance, from scipy's F."""
    groups = [group.to_numpy() for _, group in numbers.groupby(levels)]
    if len(groups) < 2:
        return 0.0
    f = stats.f_oneway(*groups).statistic
    ratio = f * (len(groups) - 1) / (len(numbers) - len(groups))
    return math.sqrt(ratio / (1 + ratio))


def association(frame, a, b):
    pair = frame[[a, b]].dropna()
    numeric = [name for name in (a, b) if name in EDGES]
    if len(numeric) == 2:
        return float(stats.pearsonr(pair[a], pair[b]).statistic)
    if numeric:
        [level] = {a, b} - set(numeric)
        return correlation_ratio(pair[level], pair[numeric[0]])
    return cramers_v(pair[a], pair[b])


def explore(frame):
    left = frame.Churn == "Yes"
    features = [column for column in frame.columns if column != "Churn"]
    columns = features + ["Churn"]
    found = {"rows": len(frame), "levels": {}, "histograms": {}, "boxes": {}, "matrix": []}
    for column in features:
        if column in EDGES:
            edges = EDGES[column]
            numbers = {True: frame[column][left].dropna(), False: frame[column][~left].dropna()}
            # numpy's last bin holds its upper end: no number lies there.
            assert frame[column].max() < edges[-1]
            found["histograms"][column] = {
                "edges": edges.tolist(),
                "left": np.histogram(numbers[True], edges)[0].tolist(),
                "stayed": np.histogram(numbers[False], edges)[0].tolist()}
            found["boxes"][column] = {"left": box(numbers[True]), "stayed": box(numbers[False])}
        else:
            found["levels"][column] = {level: counts(left[frame[column] == level])
                                       for level in sorted(frame[column].unique())}
    for place, a in enumerate(columns):
        found["matrix"].append([association(frame, a, b) for b in columns[:place]])
    return found


def differences(mine, theirs, path=""):
    """Places where two documents differ by more than rounding."""
    if isinstance(mine, dict):
        keys = mine.keys() | theirs.keys()
        return [d for k in keys for d in differences(mine.get(k), theirs.get(k), f"{path}/{k}")]
    if isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        return [d for at, (a, b) in enumerate(zip(mine, theirs))
                for d in differences(a, b, f"{path}/{at}")]
    if isinstance(mine, (int, float)) and isinstance(theirs, (int, float)):
        return [] if math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-12) else [path]
    return [] if mine == theirs else [path]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the file")
    arguments = parser.parse_args()
    frame = read()
    few = frame[(frame.Contract == "One year") & (frame.tenure < 12)]
    document = json.loads(json.dumps({"everyone": explore(frame), "cohort": explore(few)},
                                     default=lambda number: number.item()))
    if arguments.write:
        FILE.write_text(json.dumps(document) + "\n")
        return
    found = differences(document, json.loads(FILE.read_text()))
    for path in found:
        print("differs:", path)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
