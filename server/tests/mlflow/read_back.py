"""Prints what an MLflow server knows of the experiments, and of the models, whose
names begin like this, as JSON.

    read_back.py URI EXPERIMENT [MODEL ALIAS]
"""

import json
import sys

import mlflow
from mlflow import MlflowClient, artifacts

uri, experiment, *model = sys.argv[1:]
client = MlflowClient(uri, registry_uri=uri)
found = client.search_experiments(filter_string=f"name LIKE '{experiment}%'")
ids = [of.experiment_id for of in found]
runs = client.search_runs(ids, order_by=["attributes.start_time"])


def told(run):
    history = {name: client.get_metric_history(run.info.run_id, name) for name in run.data.metrics}
    inputs = [
        dict(read.dataset.to_dictionary(), tags={tag.key: tag.value for tag in read.tags})
        for read in run.inputs.dataset_inputs
    ]
    files = [file.path for file in client.list_artifacts(run.info.run_id)]
    texts = {
        file: artifacts.load_text(f"{run.info.artifact_uri}/{file}") for file in files
    }
    return {
        "id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "start": run.info.start_time,
        "end": run.info.end_time,
        "params": run.data.params,
        "tags": run.data.tags,
        # Numbers as Python writes them: JSON has no NaN.
        "metrics": {
            name: [[m.step, repr(m.value), m.timestamp] for m in metrics]
            for name, metrics in history.items()
        },
        "inputs": inputs,
        "files": texts,
    }


mlflow.set_tracking_uri(uri)
answer = {"runs": [told(run) for run in runs]}
if model:
    name, alias = model
    if alias:
        version = client.get_model_version_by_alias(name, alias)
        answer["version"] = {"run_id": version.run_id, "tags": version.tags}
    models = client.search_registered_models(f"name LIKE '{name}%'")
    answer["versions"] = sum(
        len(client.search_model_versions(f"name = '{of.name}'")) for of in models
    )
print(json.dumps(answer))
