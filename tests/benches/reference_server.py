"""The reference's server, for gunicorn: Flask around the model and the explainer
of `reference.py`. It answers as the workshop's model does, and records nothing.

CUSTOMERS names the data to train on.
"""

import os
import uuid

import pandas as pd
from flask import Flask, jsonify, request
from sklearn.linear_model import LogisticRegression

import reference

FEATURES, LABELS = reference.customers(os.environ["CUSTOMERS"])
X, NAMES = reference.encode(FEATURES)
MODEL = reference.pipeline(LogisticRegression(C=1.0), NAMES).fit(X, LABELS)
LIME = reference.explainer(FEATURES, X, NAMES)
LEVELS = {FEATURES.columns[at]: levels for at, levels in NAMES.items()}

app = Flask(__name__)


def encoded(customer):
    """A customer as the model takes it: codes of levels, and numbers."""
    frame = pd.DataFrame([customer], columns=FEATURES.columns)
    frame["SeniorCitizen"] = frame["SeniorCitizen"].map({0: "No", 1: "Yes"})
    for column, levels in LEVELS.items():
        frame[column] = pd.Categorical(frame[column], categories=levels).codes
    return frame.to_numpy(dtype=float)


@app.post("/predict")
def predict():
    x = encoded(request.get_json()["request"])
    return jsonify(success=True, response={"probability": MODEL.predict_proba(x)[0, 1]})


@app.post("/model")
def model():
    customer = request.get_json()["request"]
    x = encoded(customer)
    explanation = LIME.explain_instance(x[0], MODEL.predict_proba)
    weights = {FEATURES.columns[at]: weight for at, weight in explanation.local_exp[1]}
    prediction = {
        "data": customer,
        "probability": MODEL.predict_proba(x)[0, 1],
        "explanation": weights,
    }
    return jsonify(
        success=True, response={"prediction": prediction, "uuid": str(uuid.uuid4())}
    )
