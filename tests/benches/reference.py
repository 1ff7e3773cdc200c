"""The reference's side of the benchmark: scikit-learn and lime on the same
data, one thread. Prints one JSON object: job -> median milliseconds.

Written after the workshop "Churn Modeling with scikit-learn": one-hot encoded
categories, standardised columns, logistic regression, LimeTabularExplainer with
its defaults.
"""

import json
import statistics
import sys
import time

import numpy as np
import pandas as pd
from lime.lime_tabular import LimeTabularExplainer
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMERIC = ["tenure", "MonthlyCharges", "TotalCharges"]
# Customers explained; every customer would take three minutes.
EXPLAINED = 40


def median_ms(job, runs):
    job()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def read(path):
    # As the workshop cleans: blanks by a regular expression, texts to categories
    # (ours are level codes when reading ends, too).
    frame = pd.read_csv(path).replace(r"^\s$", np.nan, regex=True).dropna()
    frame["SeniorCitizen"] = frame["SeniorCitizen"].map({0: "No", 1: "Yes"})
    frame["TotalCharges"] = pd.to_numeric(frame["TotalCharges"])
    for column in frame.columns:
        if column not in [*NUMERIC, "customerID"]:
            frame[column] = frame[column].astype("category")
    return frame.reset_index(drop=True)


def encode(features):
    codes = features.copy()
    names = {}
    for at, column in enumerate(features.columns):
        if column not in NUMERIC:
            codes[column] = features[column].cat.codes
            names[at] = list(features[column].cat.categories)
    return codes.to_numpy(dtype=float), names


def pipeline(classifier, names):
    encoder = ColumnTransformer(
        [("categories", OneHotEncoder(), list(names))], remainder="passthrough"
    )
    return Pipeline([("encode", encoder), ("scale", StandardScaler()), ("fit", classifier)])


def explainer(features, x, names):
    return LimeTabularExplainer(
        x,
        feature_names=list(features.columns),
        categorical_features=list(names),
        categorical_names=names,
        class_names=["No", "Yes"],
    )


def customers(path):
    frame = read(path)
    labels = (frame["Churn"] == "Yes").to_numpy().astype(int)
    return frame.drop(columns=["customerID", "Churn"]), labels


def main(path):
    features, labels = customers(path)
    x, names = encode(features)
    train_x, _, train_y, _ = train_test_split(x, labels, random_state=42)

    def fit(classifier):
        return pipeline(classifier, names).fit(train_x, train_y)

    exact = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-10)
    cross_validated = LogisticRegressionCV(
        cv=5, Cs=10, l1_ratios=(0.0,), use_legacy_attributes=False, scoring="accuracy"
    )
    model = fit(LogisticRegression(C=1.0))
    lime = explainer(features, x, names)
    chosen = np.random.RandomState(0).choice(len(x), EXPLAINED, replace=False)
    explain = iter(list(chosen) * 2)
    explain_ms = median_ms(
        lambda: lime.explain_instance(x[next(explain)], model.predict_proba), EXPLAINED
    )
    print(
        json.dumps(
            {
                "exact_one": explain_ms,
                "exact_all": explain_ms * len(x),
                "sampled_one": explain_ms,
                "fit": median_ms(lambda: fit(exact), 15),
                "cross_validation": median_ms(lambda: fit(cross_validated), 5),
                "predict_all": median_ms(lambda: model.predict_proba(x), 15),
                "read": median_ms(lambda: read(path), 9),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
