"""Reads a run's event file with TensorBoard's own accumulator and HParams page, and prints what is there as JSON.

    python tensorboard_reads.py RUN        (a run's folder; needs the package tensorboard)
"""

import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

run = Path(sys.argv[1])
events = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0, "images": 0, "histograms": 0})
events.Reload()
tags = events.Tags()

rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
for name in tags["scalars"]:
    logged = {(r["step"], round(r[name], 5)) for r in rows if r.get(name) is not None}
    shown = {(e.step, round(e.value, 5)) for e in events.Scalars(name)}
    if logged:
        assert {s for s, _ in logged} <= {s for s, _ in shown}, name
        assert all(any(s == t and abs(v - w) <= 1e-4 * max(1, abs(v)) for t, w in shown) for s, v in logged), name

for name in tags["histograms"]:
    for event in events.Histograms(name):
        histogram = event.histogram_value
        assert abs(sum(histogram.bucket) - histogram.num) < 1e-9, name
        assert len(histogram.bucket) == len(histogram.bucket_limit) and histogram.min <= histogram.max, name

for name in tags["images"]:
    for event in events.Images(name):
        assert event.encoded_image_string.startswith(b"\x89PNG") and event.width > 0 and event.height > 0, name

session = {}
for tag, content in events.PluginTagToContent("hparams").items():
    data = plugin_data_pb2.HParamsPluginData.FromString(content)
    session[tag] = data.WhichOneof("data")
    if session[tag] == "session_start_info":
        settings = {k: v.WhichOneof("kind") for k, v in data.session_start_info.hparams.items()}
        assert settings, "no settings"
assert set(session.values()) == {"session_start_info", "session_end_info"}, session

print(json.dumps({
    "scalars": {name: len(events.Scalars(name)) for name in tags["scalars"]},
    "images": tags["images"],
    "histograms": {name: len(events.Histograms(name)) for name in tags["histograms"]},
    "settings": len(settings),
}))
