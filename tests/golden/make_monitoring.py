"""Makes `monitoring.json`: drift by Evidently and SciPy, estimated accuracy by NannyML.

    python make_monitoring.py            compares with the file beside it
    python make_monitoring.py --write    writes it

The environment of the file: Python 3.11, evidently 0.7.23, nannyml 0.13.1,
scipy 1.17.1, numpy 2.4.6, pandas 2.3.3 (both need pandas below 3).
"""

import argparse
import json
import os
import warnings
from pathlib import Path

os.environ["DO_NOT_TRACK"] = os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
warnings.filterwarnings("ignore")

import nannyml as nml
import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import ValueDrift
from scipy import stats

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "public" / "data" / "telco-customer-churn.csv"
NUMERIC = ["tenure", "MonthlyCharges", "TotalCharges"]
SCORE = "score"


def customers():
    """The complete customers, with the probability of the optimum at C = 1."""
    raw = pd.read_csv(DATA, dtype=str, keep_default_na=False)
    frame = raw[raw.TotalCharges.str.strip() != ""].reset_index(drop=True)
    frame["SeniorCitizen"] = frame.SeniorCitizen.map({"0": "No", "1": "Yes"})
    frame[NUMERIC] = frame[NUMERIC].astype(float)
    frame[SCORE] = pd.read_csv(HERE / "probabilities.csv").p_strict_C1
    left = (frame.Churn == "Yes").astype(int)
    return frame.drop(columns=["customerID", "Churn"]), left


def windows(frame):
    """Rows to compare with all: like them, and unlike them in several ways."""
    draw = np.random.RandomState(1)
    first = lambda mask: np.flatnonzero(mask)[:300].tolist()
    return {
        "drawn evenly": draw.choice(len(frame), 300, replace=False).tolist(),
        "monthly contracts": first(frame.Contract == "Month-to-month"),
        "newcomers": first(frame.tenure < 6),
        "high risk": first(frame[SCORE] > 0.6),
        "one customer": [17],
    }


def evidently(frame, now, column, method):
    """A figure of Evidently's."""
    numeric = [c for c in frame.columns if c in NUMERIC + [SCORE]]
    levels = [c for c in frame.columns if c not in numeric]
    definition = DataDefinition(numerical_columns=numeric, categorical_columns=levels)
    run = Report([ValueDrift(column=column, method=method)]).run(
        Dataset.from_pandas(now, definition), Dataset.from_pandas(frame, definition))
    return float(run.dict()["metrics"][0]["value"])


def on_grid(values, now):
    """SciPy's figures where all that is known of the values is their percentiles.

    Percentiles that differ are points, with a point in the middle between each
    and the next; numbers beyond the ends are taken at their mean.
    """
    quantiles = np.quantile(values, np.arange(101) / 100)
    edges = np.unique(quantiles)
    points, reference, current = [], [], []

    def add(point, percent, count):
        points.append(point)
        reference.append(int(percent))
        current.append(int(count))

    last = 0
    for low, edge in zip([None, *edges[:-1]], edges):
        before, upto = [np.searchsorted(quantiles, edge, side) for side in ("left", "right")]
        if low is not None:
            add((low + edge) / 2, before - last, ((now > low) & (now < edge)).sum())
        # The k-th percentile, from 0, has k percent up to it.
        add(edge, upto - 1 - (before if low is not None else 0), (now == edge).sum())
        last = upto - 1
    for beyond in (now[now < edges[0]], now[now > edges[-1]]):
        if len(beyond):
            add(beyond.mean(), 0, len(beyond))
    distance = stats.wasserstein_distance(points, points, reference, current)
    farthest = stats.ks_2samp(np.repeat(points, reference), np.repeat(points, current))
    return distance / max(np.std(values), 0.001), farthest.statistic


def drift(frame, rows):
    """All figures of some rows against all."""
    now = frame.iloc[rows].reset_index(drop=True)
    made = {"rows": rows, "levels": {}, "numbers": {}}
    for column in frame.columns:
        if column in NUMERIC + [SCORE]:
            grid = on_grid(frame[column].to_numpy(), now[column].to_numpy())
            made["numbers"][column] = {
                "wasserstein": evidently(frame, now, column, "wasserstein"),
                "ks": float(stats.ks_2samp(frame[column], now[column]).statistic),
                "grid_wasserstein": float(grid[0]), "grid_ks": float(grid[1])}
        else:
            made["levels"][column] = {
                "psi": evidently(frame, now, column, "psi"),
                "jensen_shannon": evidently(frame, now, column, "jensenshannon")}
    return made


def estimates(frame, left, size):
    """NannyML's estimated and realized performance, in chunks of so many rows.

    Its reference is the rows held out, where it finds the probabilities calibrated.
    """
    data = pd.DataFrame({"p": frame[SCORE], "decision": (frame[SCORE] >= 0.5).astype(int),
                         "left": left})
    metrics = ["accuracy", "precision", "recall", "specificity", "f1"]
    estimator = nml.CBPE(problem_type="classification_binary", y_pred_proba="p",
                         y_pred="decision", y_true="left", metrics=metrics, chunk_size=size)
    held_out = json.loads((HERE / "split.json").read_text())["test_idx"]
    estimator.fit(data.iloc[held_out].reset_index(drop=True))
    result = estimator.estimate(data).filter(period="analysis").to_df()
    of = lambda metric, what: [float(x) for x in result[(metric, what)]]
    assert not estimator.needs_calibration
    return {"size": size,
            "estimated": {metric: of(metric, "value") for metric in metrics},
            "realized": {metric: of(metric, "realized") for metric in metrics}}


def largest(made, kept):
    """Largest difference of two documents of one shape."""
    if isinstance(made, dict):
        assert made.keys() == kept.keys()
        return max(largest(value, kept[key]) for key, value in made.items())
    if isinstance(made, list):
        assert len(made) == len(kept)
        return max(map(largest, made, kept), default=0.0)
    return abs(made - kept)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--write", action="store_true", help="write the file")
    options = options.parse_args()
    frame, left = customers()
    made = {"windows": {name: drift(frame, rows) for name, rows in windows(frame).items()},
            "estimates": estimates(frame, left, 500)}
    path = HERE / "monitoring.json"
    if options.write:
        path.write_text(json.dumps(made, separators=(",", ":")) + "\n")
    difference = largest(made, json.loads(path.read_text()))
    print(f"monitoring.json: largest difference {difference:.1e}")
    assert difference < 1e-12, "differs"


if __name__ == "__main__":
    main()
