"""Reads a run's W&B log with the messages, and where it still has one the reader, of the real package `wandb`.

    python wandb_reads.py RUN              (a run's folder; needs the package wandb)

Prints how many records of each kind there are, after it has held the history against metrics.jsonl.
"""

import base64
import collections
import hashlib
import json
import struct
import sys
import zlib
from pathlib import Path

from wandb.proto import wandb_internal_pb2

BLOCK = 32768


def framed(data):
    """The records of a log, by a reader of our own: newer packages have none in Python."""
    assert data[:7] == b":W&B\xe1\xbe\x00"
    position, parts = 7, b""
    while position < len(data):
        if BLOCK - position % BLOCK < 7:
            left = BLOCK - position % BLOCK
            assert not any(data[position:position + left])
            position += left
            continue
        check, length, kind = struct.unpack_from("<IHB", data, position)
        body = data[position + 7:position + 7 + length]
        assert check == zlib.crc32(body, zlib.crc32(bytes([kind])))
        parts = body if kind in (1, 2) else parts + body
        if kind in (1, 4):
            yield parts
        position += 7 + length


def scanned(path):
    try:
        from wandb.sdk.internal import datastore
    except ImportError:
        yield from framed(path.read_bytes())
        return
    store = datastore.DataStore()
    store.open_for_scan(str(path))
    while (data := store.scan_data()) is not None:
        yield data


run = Path(sys.argv[1])
(log,) = run.glob("wandb/offline-run-*/run-*.wandb")
kinds, history, output = collections.Counter(), [], ""
for number, data in enumerate(scanned(log), 1):
    record = wandb_internal_pb2.Record.FromString(data)
    kind = record.WhichOneof("record_type")
    kinds[kind] += 1
    assert record.num == number
    if kind == "run":
        assert record.control.mailbox_slot and record.run.run_id and record.run.project
        config = {item.key: json.loads(item.value_json) for item in record.run.config.update}
    elif kind == "history":
        row = {item.key: json.loads(item.value_json) for item in record.history.item}
        assert row["_step"] == record.history.step.num
        history.append(row)
        for value in row.values():
            if isinstance(value, dict) and value.get("_type") == "image-file":
                assert (log.parent / "files" / value["path"]).stat().st_size == value["size"]
    elif kind == "artifact":
        (entry,) = record.artifact.manifest.contents
        body = Path(entry.local_path).read_bytes()
        assert body == (run / "models" / entry.path).read_bytes() and len(body) == entry.size
        assert entry.digest == base64.b64encode(hashlib.md5(body).digest()).decode()
        assert "staging" in entry.local_path
    elif kind == "summary":
        summary = {item.key: json.loads(item.value_json) for item in record.summary.update}
    elif kind == "output_raw":
        output += record.output_raw.line
    elif kind == "exit":
        code = record.exit.exit_code

steps = [row["_step"] for row in history]
assert steps == sorted(set(steps)), "steps increase"
rows = collections.defaultdict(dict)
for line in (run / "metrics.jsonl").read_text().splitlines():
    row = json.loads(line)
    rows[row["step"]].update(row)
assert set(rows) == set(steps)
for row in history:
    for name, value in rows[row["_step"]].items():
        if name != "step" and value is not None:
            assert row[name] == value, (name, value, row[name])
results = json.loads((run / "results.json").read_text())
assert code == results["exit_code"]
assert all(summary[name] == value for name, value in results["summary"].items()), "the summary"
assert "kept in" in output or results["status"] == "failed", output
assert config["seed"] == results["seed"]
print(json.dumps(dict(kinds)))
