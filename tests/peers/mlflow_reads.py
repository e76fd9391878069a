"""Reads runs back from an MLflow server with MLflow's own client, and holds them against the runs' folders.

    python mlflow_reads.py SERVER RUN...   (needs the package mlflow)
"""

import hashlib
import json
import math
import sys
from pathlib import Path

from mlflow.tracking import MlflowClient

client = MlflowClient(tracking_uri=sys.argv[1])
experiments = [experiment.experiment_id for experiment in client.search_experiments()]
for folder in map(Path, sys.argv[2:]):
    results = json.loads((folder / "results.json").read_text())
    (run,) = client.search_runs(experiments, f"tags.`lab.run` = '{results['id']}'")
    assert run.info.status == {"finished": "FINISHED", "stopped": "KILLED", "failed": "FAILED"}[results["status"]]
    assert run.data.params["seed"] == str(results["seed"])
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    names = sorted({name for row in rows for name in row} - {"step", "epoch"})
    for name in names:
        logged = sorted((row["step"], row[name]) for row in rows if row.get(name) is not None)
        kept = sorted((m.step, m.value) for m in client.get_metric_history(run.info.run_id, name) if math.isfinite(m.value))
        assert kept == logged, (name, kept, logged)
    for name, value in results["summary"].items():
        assert [m.value for m in client.get_metric_history(run.info.run_id, f"summary/{name}")] == [value], name
    files = [item.path for place in ("", "models", "pictures") for item in client.list_artifacts(run.info.run_id, place)
             if not item.is_dir]
    assert {"models/last.safetensors", "config.yaml", "report.html"} <= set(files), files
    copy = Path(client.download_artifacts(run.info.run_id, "models/last.safetensors"))
    assert copy.read_bytes() == (folder / "models" / "last.safetensors").read_bytes()
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == run.data.tags["lab.checkpoint_sha256"]
    print(json.dumps({"run": run.info.run_name, "metrics": len(names), "points": len(rows),
                      "params": len(run.data.params), "files": sorted(files)}))
