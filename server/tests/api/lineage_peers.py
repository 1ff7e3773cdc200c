"""Reads lineage back with the classes of those who are to understand it.

    lineage_peers.py openlineage FILE   # openlineage-python: every event and facet
    lineage_peers.py atlas FILE         # apache-atlas: the body of entity/bulk

Prints what was read as JSON; anything that does not fit is an error.
"""

import importlib
import json
import pkgutil
import sys
import types
import typing
import uuid
from collections import Counter

import attr


def facet_classes():
    """Every class of openlineage-python with a schema, by its address."""
    from openlineage.client import generated

    found = {}
    for module in pkgutil.iter_modules(generated.__path__):
        module = importlib.import_module(f"{generated.__name__}.{module.name}")
        for value in vars(module).values():
            if isinstance(value, type) and attr.has(value) and hasattr(value, "_get_schema"):
                found[value._get_schema()] = value
    return found


def typed(hint, value):
    """A value as the type that a class says it is."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            assert type(None) in arguments
            return None
        fitting = [it for it in arguments if it is not type(None)]
        assert len(fitting) == 1, hint
        return typed(fitting[0], value)
    if origin is list:
        return [typed(arguments[0], it) for it in value]
    if origin is dict:
        return {key: typed(arguments[1], it) for key, it in value.items()}
    if attr.has(hint):
        hints = typing.get_type_hints(hint)
        return hint(**{key: typed(hints[key], it) for key, it in value.items()})
    if hint is float:
        assert isinstance(value, (int, float)), (hint, value)
        return value
    assert isinstance(value, hint), (hint, value)
    return value


def openlineage(path):
    from openlineage.client import event_v2
    from openlineage.client.serde import Serde

    classes = facet_classes()
    used = Counter()

    def facets(told):
        read = {}
        for name, facet in (told or {}).items():
            facet = dict(facet)
            cls = classes[facet.pop("_schemaURL")]
            producer = facet.pop("_producer")
            assert producer
            read[name] = typed(cls, facet)
            read[name]._producer = producer
            used[cls.__name__] += 1
        return read

    def dataset(cls, told, own):
        assert set(told) <= {"namespace", "name", "facets", own}, told
        return cls(
            namespace=told["namespace"],
            name=told["name"],
            facets=facets(told["facets"]),
            **{own: facets(told.get(own))},
        )

    events, runs = [], {}
    for line in open(path, encoding="utf-8"):
        told = json.loads(line)
        event = event_v2.RunEvent(
            eventTime=told["eventTime"],
            producer=told["producer"],
            eventType=event_v2.RunState[told["eventType"]],
            run=event_v2.Run(told["run"]["runId"], facets(told["run"]["facets"])),
            job=event_v2.Job(**{**told["job"], "facets": facets(told["job"]["facets"])}),
            inputs=[dataset(event_v2.InputDataset, it, "inputFacets") for it in told["inputs"]],
            outputs=[dataset(event_v2.OutputDataset, it, "outputFacets") for it in told["outputs"]],
        )
        # What they would send is what was told.
        sent = told_alone(json.loads(Serde.to_json(event)))
        assert sent == told_alone(told), f"{sent}\n{told}"
        run = uuid.UUID(told["run"]["runId"])
        assert run.version == 7, run
        runs.setdefault(run, []).append(told["eventType"])
        events.append(told)
    times = [event["eventTime"] for event in events]
    assert times == sorted(times), times
    for run, kinds in runs.items():
        assert kinds[0] == "START" and kinds.count("START") == 1, (run, kinds)
        assert len(kinds) <= 2, (run, kinds)
        assert set(kinds[1:]) <= {"COMPLETE", "FAIL", "ABORT"}, (run, kinds)
    print(
        json.dumps(
            {
                "kinds": Counter(event["eventType"] for event in events),
                "jobs": sorted({event["job"]["name"] for event in events}),
                "facets": used,
                "runs": len(runs),
            }
        )
    )


def told_alone(value):
    """Without empty lists and dictionaries, which the classes have where nothing is told."""
    if isinstance(value, dict):
        inside = {key: told_alone(it) for key, it in value.items()}
        return {key: it for key, it in inside.items() if it not in ({}, [])}
    return [told_alone(it) for it in value] if isinstance(value, list) else value


#: What Atlas asks for, of its addons/models: 0000-Area0 and 4010-ml_model.json.
REQUIRED = {
    "DataSet": set(),
    "Process": set(),
    "ml_project": set(),
    "ml_model_build": {"version"},
    "ml_model_deployment": {"createTime", "deployedTime", "status", "cpuMillicores"},
    "ml_project_create_process": {"userName"},
    "ml_model_train_build_process": {"userName"},
    "ml_model_deploy_process": {"userName"},
}
STATUS = {"unknown", "deploying", "deployed", "stopping", "stopped"}
PARTS = {"ml_model_build": ("project", "ml_project"), "ml_model_deployment": ("build", "ml_model_build")}


def atlas(path):
    from apache_atlas.model.instance import AtlasEntitiesWithExtInfo, AtlasEntity

    bulk = AtlasEntitiesWithExtInfo(json.load(open(path, encoding="utf-8")))
    bulk.type_coerce_attrs()
    by_guid, names = {}, set()
    for entity in bulk.entities:
        assert isinstance(entity, AtlasEntity)
        attributes = entity.attributes
        missing = (REQUIRED[entity.typeName] | {"qualifiedName", "name"}) - set(attributes)
        assert not missing, (entity.typeName, missing)
        assert attributes["qualifiedName"] not in names, attributes
        names.add(attributes["qualifiedName"])
        assert int(entity.guid) < 0 and entity.guid not in by_guid, entity.guid
        by_guid[entity.guid] = entity
        assert attributes.get("status", "unknown") in STATUS
        for of in ("version", "createTime", "deployedTime", "cpuMillicores"):
            assert isinstance(attributes.get(of, 0), int), attributes
        for value in attributes.get("metadata", {}).values():
            assert isinstance(value, str), attributes

    def refers(reference, of=None):
        if "guid" in reference:
            found = by_guid[reference["guid"]]
            assert found.typeName == reference["typeName"] and of in (None, found.typeName)
        else:
            assert reference["typeName"] == "hive_table"
            assert "@" in reference["uniqueAttributes"]["qualifiedName"]

    for entity in bulk.entities:
        for end in ("inputs", "outputs"):
            if entity.typeName == "Process" or entity.typeName.endswith("_process"):
                for reference in entity.attributes[end]:
                    refers(reference)
        if entity.typeName in PARTS:
            name, of = PARTS[entity.typeName]
            refers(entity.relationshipAttributes[name], of)
    kinds = Counter(entity.typeName for entity in bulk.entities)
    print(json.dumps({"kinds": kinds, "names": sorted(names)}))


{"openlineage": openlineage, "atlas": atlas}[sys.argv[1]](sys.argv[2])
