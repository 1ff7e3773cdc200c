"""Makes the golden figures anew, from the data with scikit-learn and lime.

    python make_golden.py                     compares with the files beside it
    python make_golden.py --write FOLDER      writes the figures it made
    python make_golden.py --customers 51 --seeds 200    also all runs of LIME

The environment of the files: Python 3.11, scikit-learn 1.9.1, lime 0.2.0.1.
Everything but the runs of LIME takes seconds; by default LIME is run for a few
customers and seeds, and compared with the mean and deviation in the file.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from lime.lime_base import LimeBase
from lime.lime_tabular import LimeTabularExplainer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import (average_precision_score, brier_score_loss, classification_report,
                             confusion_matrix, log_loss, roc_auc_score)
from sklearn.model_selection import StratifiedKFold, train_test_split

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "public" / "data" / "telco-customer-churn.csv"
NUMERIC = ["tenure", "MonthlyCharges", "TotalCharges"]
SEED_C = float(np.logspace(-4, 4, 10)[6])


class Telco:
    """The complete customers: codes, numbers, one-hot columns and labels."""

    def __init__(self):
        raw = pd.read_csv(DATA, dtype=str, keep_default_na=False)
        frame = raw[raw.TotalCharges.str.strip() != ""].reset_index(drop=True)
        frame["SeniorCitizen"] = frame.SeniorCitizen.map({"0": "No", "1": "Yes"})
        self.y = (frame.Churn == "Yes").to_numpy().astype(int)
        self.features = [c for c in frame.columns if c not in ("customerID", "Churn")]
        self.categorical = [c for c in self.features if c not in NUMERIC]
        self.levels = {c: sorted(frame[c].unique()) for c in self.categorical}
        self.frame = frame
        # Codes and numbers as LIME takes them, in the order of the columns.
        self.coded = np.column_stack([self.code(c) for c in self.features])
        self.names = [f"{c}={v}" for c in self.categorical for v in self.levels[c]] + NUMERIC
        self.x = self.one_hot(self.coded)
        rows = np.arange(len(frame))
        self.train, self.test = train_test_split(rows, test_size=0.25, random_state=42)
        self.mean = self.x[self.train].mean(axis=0)
        self.scale = self.x[self.train].std(axis=0)

    def code(self, column):
        if column in NUMERIC:
            return self.frame[column].astype(float).to_numpy()
        return self.frame[column].map(self.levels[column].index).to_numpy().astype(float)

    def one_hot(self, coded):
        parts = []
        for c in self.categorical:
            codes = coded[:, self.features.index(c)].astype(int)
            parts.append(np.eye(len(self.levels[c]))[codes])
        parts.append(coded[:, [self.features.index(c) for c in NUMERIC]])
        return np.hstack(parts)

    def scaled(self, x):
        return (x - self.mean) / self.scale


class Model:
    """Intercept and coefficients of the standardised columns."""

    def __init__(self, telco, intercept, coefficients):
        self.telco, self.intercept = telco, intercept
        self.coefficients = np.asarray(coefficients)

    def log_odds(self, coded):
        return self.intercept + self.telco.scaled(self.telco.one_hot(coded)) @ self.coefficients

    def p(self, coded):
        return 1 / (1 + np.exp(-self.log_odds(coded)))


def optimum(x, y, c):
    """The unique optimum: scikit-learn's solution, polished by Newton steps."""
    fit = LogisticRegression(C=c, solver="newton-cholesky", tol=1e-10, max_iter=1000).fit(x, y)
    design = np.column_stack([np.ones(len(x)), x])
    w = np.concatenate([fit.intercept_, fit.coef_[0]])
    penalty = np.r_[0.0, np.ones(x.shape[1])]
    for _ in range(5):
        p = 1 / (1 + np.exp(-design @ w))
        gradient = penalty * w + c * design.T @ (p - y)
        hessian = np.diag(penalty) + c * (design.T * (p * (1 - p))) @ design
        w = w - np.linalg.solve(hessian, gradient)
    return w[0], w[1:]


def split(telco):
    folds = np.empty(len(telco.train), int)
    labels = telco.y[telco.train]
    for fold, (_, test) in enumerate(StratifiedKFold(5).split(np.zeros((len(labels), 1)), labels)):
        folds[test] = fold
    return {"train_idx": telco.train.tolist(), "test_idx": telco.test.tolist(),
            "cv_fold_of_train_row": "".join(map(str, folds))}


def strict(telco, c):
    intercept, coefficients = optimum(telco.scaled(telco.x[telco.train]), telco.y[telco.train], c)
    return {"C": c, "onehot_names": telco.names, "scaler_mean": telco.mean.tolist(),
            "scaler_scale": telco.scale.tolist(), "coef_on_scaled": coefficients.tolist(),
            "intercept": float(intercept)}


def model_of(telco, document):
    assert document["onehot_names"] == telco.names
    return Model(telco, document["intercept"], document["coef_on_scaled"])


def cv_grid(telco, folds):
    cs = np.logspace(-4, 4, 10)
    folds = np.array([int(fold) for fold in folds])
    x, y = telco.scaled(telco.x[telco.train]), telco.y[telco.train]
    accuracy, losses = [], []
    for fold in range(5):
        inside, outside = folds != fold, folds == fold
        fits = [optimum(x[inside], y[inside], c) for c in cs]
        p = [1 / (1 + np.exp(-(b + x[outside] @ w))) for b, w in fits]
        accuracy.append([float(np.mean((q > 0.5) == y[outside])) for q in p])
        losses.append([float(log_loss(y[outside], q)) for q in p])
    means, mean_losses = np.mean(accuracy, axis=0), np.mean(losses, axis=0)
    return {"Cs": cs.tolist(), "accuracy": accuracy, "mean_accuracy": means.tolist(),
            "log_loss": losses, "mean_log_loss": mean_losses.tolist(),
            "C_by_accuracy": float(cs[np.argmax(means)]),
            "C_by_log_loss": float(cs[np.argmin(mean_losses)])}


def metrics(y, p):
    decision = p >= 0.5
    tn, fp, fn, tp = (int(n) for n in confusion_matrix(y, decision).ravel())
    bins, ece = [], 0.0
    place = np.minimum((p * 10).astype(int), 9)
    for k in range(10):
        inside = place == k
        n = int(inside.sum())
        mean_p = float(p[inside].mean()) if n else None
        share = float(y[inside].mean()) if n else None
        ece += n * abs(mean_p - share) / len(y) if n else 0.0
        bins.append({"bin": k, "n": n, "mean_p": mean_p, "frac_churn": share})
    return {"n": len(y), "accuracy": float(np.mean(decision == y)),
            "roc_auc": roc_auc_score(y, p), "average_precision": average_precision_score(y, p),
            "log_loss": log_loss(y, p), "brier": brier_score_loss(y, p),
            "confusion_at_0_5": {"tn": tn, "fp": fp, "fn": fn, "tp": tp},
            "classification_report": classification_report(
                y, decision, target_names=["No", "Yes"], output_dict=True),
            "ece_10bins": ece, "calibration_10_equal_width_bins": bins}


def shap_values(telco, model, rows):
    terms = model.coefficients * telco.scaled(telco.x[rows])
    starts = np.cumsum([0] + [len(telco.levels[c]) for c in telco.categorical])
    by_feature = {c: terms[:, a:b].sum(axis=1)
                  for c, a, b in zip(telco.categorical, starts, starts[1:])}
    by_feature.update({c: terms[:, starts[-1] + k] for k, c in enumerate(NUMERIC)})
    return {"base_value": model.intercept,
            "values": np.column_stack([by_feature[c] for c in telco.features]).tolist()}


class Limit:
    """LIME's limit by the midpoint rule with far more nodes than are needed."""

    def __init__(self, telco, model, h=0.05, nodes=240):
        self.t = (np.arange(nodes) + 0.5) * h
        self.kernel = h / np.sinh(math.pi * self.t)
        self.decay = math.exp(-1 / (2 * 0.75 ** 2 * len(telco.features)))
        raw = model.coefficients / telco.scale
        intercept = model.intercept - raw @ telco.mean
        self.phase = np.exp(1j * self.t * intercept)
        self.law, self.frequencies, self.edges = [], [], []
        start = dict(zip(telco.categorical,
                         np.cumsum([0] + [len(telco.levels[c]) for c in telco.categorical])))
        for j, c in enumerate(telco.features):
            if c in NUMERIC:
                slope = raw[len(telco.names) - 3 + NUMERIC.index(c)]
                law, f = self.bins(telco.coded[:, j], slope)
            else:
                k = len(telco.levels[c])
                phi = raw[start[c]:start[c] + k]
                law = np.exp(1j * np.outer(phi, self.t))
                f = np.bincount(telco.coded[:, j].astype(int), minlength=k) / len(telco.coded)
                self.edges.append(None)
            self.law.append(law)
            self.frequencies.append(f)

    def bins(self, x, slope):
        quartiles = np.unique(np.percentile(x, [25, 50, 75]))
        self.edges.append(quartiles)
        code = np.searchsorted(quartiles, x)
        ends = np.r_[x.min(), quartiles, x.max()]
        law = []
        nodes, weights = np.polynomial.legendre.leggauss(400)
        for b in range(len(ends) - 1):
            inside = x[code == b]
            mean, sd = inside.mean(), inside.std() + 1e-11
            points = (ends[b] + ends[b + 1]) / 2 + nodes * (ends[b + 1] - ends[b]) / 2
            density = weights * np.exp(-0.5 * ((points - mean) / sd) ** 2)
            law.append(np.exp(1j * np.outer(self.t, slope * points)) @ (density / density.sum()))
        return np.array(law), np.bincount(code, minlength=len(law)) / len(x)

    def codes(self, coded):
        return [int(v) if edges is None else int(np.searchsorted(edges, v))
                for v, edges in zip(coded, self.edges)]

    def explain(self, codes, samples=math.inf, alpha=1.0):
        mixes, gaps, q, mean_weight = [], [], [], 1.0
        for law, f, code in zip(self.law, self.frequencies, codes):
            p = f[code]
            inside = law[code]
            outside = (f @ law - p * inside) / (1 - p)
            q.append(p / (p + (1 - p) * self.decay))
            mixes.append(q[-1] * inside + (1 - q[-1]) * outside)
            gaps.append(inside - outside)
            mean_weight *= p + (1 - p) * self.decay
        q, d = np.array(q), []
        for j, gap in enumerate(gaps):
            others = np.prod([m for k, m in enumerate(mixes) if k != j], axis=0)
            d.append(np.sum((self.phase * others * gap).imag * self.kernel))
        product = self.phase * np.prod(mixes, axis=0)
        mean = 0.5 + np.sum(product.imag * self.kernel)
        slope = np.sum(product.real * self.t * self.kernel)
        d, v = np.array(d), q * (1 - q)
        information = samples * mean_weight * v
        beta = d if math.isinf(samples) else d * information / (information + alpha)
        variance = mean - slope - mean ** 2
        intercept = mean - beta @ q
        return {"w": beta.tolist(), "intercept": intercept, "local_pred": intercept + beta.sum(),
                "score": float((2 * beta * d - beta ** 2) @ v / variance)}


def lime_runs(telco, model, rows, seeds):
    """Mean and deviation of LIME's 19 weights over seeds, per customer."""
    def predict(coded):
        p = model.p(coded)
        return np.column_stack([1 - p, p])
    found = []
    for row in rows:
        runs = []
        for seed in range(seeds):
            explainer = LimeTabularExplainer(
                telco.coded, feature_names=telco.features, class_names=["No", "Yes"],
                categorical_features=[telco.features.index(c) for c in telco.categorical],
                categorical_names={telco.features.index(c): telco.levels[c]
                                   for c in telco.categorical},
                random_state=seed)
            answer = explainer.explain_instance(telco.coded[row], predict, num_features=19)
            runs.append([w for _, w in sorted(answer.local_exp[1])])
        found.append({"row": row, "w19_mean": np.mean(runs, axis=0).tolist(),
                      "w19_sd": np.std(runs, axis=0, ddof=1).tolist()})
    return found


def ridge_case(case):
    """LIME's regression stage on the rows of the file."""
    z = np.array([[int(bit) for bit in row] for row in case["z"]], float)
    y = np.array(case["y"])
    weights = np.exp(-(z == 0).sum(axis=1) / (2 * 0.75 ** 2 * 19))
    first = Ridge(alpha=0.01, fit_intercept=True).fit(z, y, sample_weight=weights)
    selected = sorted(range(19), key=lambda j: -abs(first.coef_[j]))[:10]
    fit = Ridge(alpha=1.0, fit_intercept=True).fit(z[:, selected], y, sample_weight=weights)
    ridge = {"ridge_alpha_0_01_all19": first.coef_.tolist(), "selected": selected,
             "ridge_alpha_1": fit.coef_.tolist(), "intercept": float(fit.intercept_),
             "local_pred": float(fit.predict(z[:1, selected])[0]),
             "score": float(fit.score(z[:, selected], y, sample_weight=weights))}
    base = LimeBase(lambda d: d)
    forward = [[int(j) for j in base.forward_selection(z, y, weights, k)] for k in range(1, 7)]
    return ridge, {"what": "LIME's forward selection of 1 to 6 features on the rows of "
                           "lime_ridge_case.json", "selected": forward}


def largest(made, kept, where=""):
    """Largest difference of two documents, over what both have."""
    if isinstance(made, dict):
        found = [largest(value, kept[key], f"{where}.{key}")
                 for key, value in made.items() if key in kept]
        assert found, f"nothing in common at {where}"
        return max(found)
    if isinstance(made, list):
        assert len(made) == len(kept), f"{where}: {len(made)} and {len(kept)} entries"
        return max((largest(a, b, where) for a, b in zip(made, kept)), default=0.0)
    if isinstance(made, (int, float)) and not isinstance(made, bool):
        return abs(made - kept)
    assert made == kept, f"{where}: {made!r} and {kept!r}"
    return 0.0


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--write", type=Path, help="folder for the figures made")
    options.add_argument("--customers", type=int, default=3, help="customers to run LIME for")
    options.add_argument("--seeds", type=int, default=20, help="runs of LIME per customer")
    options = options.parse_args()
    telco = Telco()
    kept = {path.name: json.loads(path.read_text()) for path in HERE.glob("*.json")}
    failed = []

    def report(name, made, tolerance, against=None):
        difference = largest(made, kept[name] if against is None else against)
        verdict = "ok" if difference <= tolerance else "DIFFERS"
        print(f"{verdict:8}{name}: largest difference {difference:.1e}, tolerance {tolerance:.0e}")
        failed.extend([name] if difference > tolerance else [])
        if options.write and isinstance(made, dict):
            options.write.mkdir(parents=True, exist_ok=True)
            (options.write / name).write_text(json.dumps(made) + "\n")

    folds = split(telco)
    report("split.json", folds, 0)
    models = {"strict_C1": strict(telco, 1.0), "strict_Cseed": strict(telco, SEED_C)}
    for name, document in models.items():
        report(f"model_{name}.json", document, 1e-10)
    models["cv_model"] = kept["model_cv_current.json"]
    fitted = {name: model_of(telco, document) for name, document in models.items()}
    p = {name: model.p(telco.coded) for name, model in fitted.items()}
    table = pd.read_csv(HERE / "probabilities.csv")
    for name, column in [("strict_C1", "p_strict_C1"), ("strict_Cseed", "p_strict_Cseed"),
                         ("cv_model", "p_cv")]:
        report("probabilities.csv", p[name].tolist(), 1e-10, table[column].tolist())
    report("cv_strict_grid.json", cv_grid(telco, folds["cv_fold_of_train_row"]), 1e-10)
    report("metrics.json", {name: {part: metrics(telco.y[rows], p[name][rows])
                                   for part, rows in [("train", telco.train), ("test", telco.test)]}
                            for name in p}, 1e-10)
    rows = kept["shap.json"]["rows"]
    report("shap.json", {"models": {"cv": shap_values(telco, fitted["cv_model"], rows),
                                    "strict_C1": shap_values(telco, fitted["strict_C1"], rows)}},
           1e-9)
    ridge, forward = ridge_case(kept["lime_ridge_case.json"])
    report("lime_ridge_case.json", ridge, 1e-12)
    report("lime_forward_case.json", forward, 0)

    limit = Limit(telco, fitted["cv_model"])
    customers = [c for c in kept["lime_seeds.json"]["customers"] if c["row"] is not None]
    report("lime_seeds.json", {"customers": [
        {"row": c["row"], "bins_codes": limit.codes(telco.coded[c["row"]]),
         "limit_inf": limit.explain(c["bins_codes"]),
         "limit_n5000": limit.explain(c["bins_codes"], samples=5000)} for c in customers]},
        1e-9, {"customers": customers})

    some = customers[:options.customers]
    runs = lime_runs(telco, fitted["cv_model"], [c["row"] for c in some], options.seeds)
    worst = 0.0
    for run, customer in zip(runs, some):
        for mean, want, sd in zip(run["w19_mean"], customer["w19_mean"], customer["w19_sd"]):
            # The seeds run are among those of the file, so they stray less.
            worst = max(worst, abs(mean - want) / (sd / math.sqrt(options.seeds)))
    print(f"LIME, {len(some)} customers x {options.seeds} seeds: means at most {worst:.2f} "
          "standard errors from the file")
    if worst > 4.5:
        failed.append("runs of LIME")
    sys.exit(f"differ: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
