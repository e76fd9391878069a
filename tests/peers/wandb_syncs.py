"""Uploads a run with the real `wandb sync` to a stand-in of the W&B server on the loopback address.

    python wandb_syncs.py RUN              (a run's folder; needs the package wandb, and no account)

The stand-in answers what the client asks and keeps what it sends: config, history, summary, console, files and the model
artifact. What arrived is held against the run's own files. Prints what there was as JSON.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

run = Path(sys.argv[1])
seen = {"operations": [], "history": [], "summary": {}, "console": [], "files": {}, "artifact": None, "commit": 0}


def answer(operation, query, variables, base):
    """The data of a GraphQL answer."""
    bucket = {"id": "run-1", "name": variables.get("name"), "displayName": variables.get("displayName"),
              "config": variables.get("config"), "sweepName": None, "historyLineCount": 0,
              "project": {"id": "p", "name": variables.get("project"), "entity": {"id": "e", "name": "us"}}}
    if operation == "UpsertBucket":
        seen["run"] = variables
        return {"upsertBucket": {"bucket": bucket, "inserted": True}}
    if operation == "CreateRunFiles":
        files = [{"name": name, "uploadUrl": f"{base}/upload/{name}"} for name in variables["files"]]
        return {"createRunFiles": {"runID": "run-1", "uploadHeaders": [], "files": files}}
    if operation == "CreateArtifact":
        seen["artifact"] = variables
        return {"createArtifact": {"artifact": {"id": "artifact-1", "state": "PENDING",
                                                "artifactSequence": {"id": "s", "latestArtifact": None}}}}
    if operation in ("CreateArtifactManifest", "UpdateArtifactManifest"):
        manifest = {"id": "m", "file": {"id": "f", "name": "m", "displayName": "m", "uploadUrl": f"{base}/upload/manifest",
                                        "uploadHeaders": []}}
        key = operation[0].lower() + operation[1:]
        return {key: {"artifactManifest": manifest}}
    if operation == "CreateArtifactFiles":
        edges = [{"node": {"id": "f", "name": f["name"], "displayName": f["name"], "storagePath": f["name"],
                           "uploadUrl": f"{base}/upload/artifact/{f['name']}", "uploadHeaders": [],
                           "uploadMultipartUrls": None,
                           "artifact": {"id": "artifact-1"}}} for f in variables.get("artifactFiles") or variables["input"]["artifactFiles"]]
        return {"createArtifactFiles": {"files": {"edges": edges}}}
    if operation == "CommitArtifact":
        seen["commit"] += 1
        return {"commitArtifact": {"artifact": {"id": "artifact-1", "digest": "d"}}}
    if operation == "ServerFeaturesQuery":
        return {"serverInfo": {"features": []}}
    if "viewer" in query:
        return {"viewer": {"id": "u", "entity": "us", "username": "us", "email": "", "flags": "{}",
                           "teams": {"edges": []}}, "serverInfo": None}
    if "__type" in query:
        names = re.findall(r'__type\(name: *"?(\w+)', query) or [""]
        return {"TypeInfo": None, "QueryType": {"fields": []}, "MutationType": {"fields": []},
                "ServerInfoType": {"fields": []}, "CreateArtifactInput": {"inputFields": []},
                "__type": {"name": names[0], "fields": [], "inputFields": []}}
    return {}


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            data = b""
            while size := int(self.rfile.readline(), 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            import gzip
            data = gzip.decompress(data)
        return data

    def reply(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        data = json.loads(self.body() or b"{}")
        if self.path == "/graphql":
            query = data.get("query", "")
            operation = data.get("operationName") or (re.search(r"(?:query|mutation)\s+(\w+)", query) or [None, ""])[1]
            seen["operations"].append(operation)
            base = f"http://127.0.0.1:{self.server.server_address[1]}"
            return self.reply({"data": answer(operation, query, data.get("variables") or {}, base)})
        if self.path.endswith("/file_stream"):
            for name, chunk in (data.get("files") or {}).items():
                lines = chunk["content"]
                if name == "wandb-history.jsonl":
                    seen["history"] += [json.loads(line) for line in lines]
                elif name == "wandb-summary.json":
                    seen["summary"].update(json.loads(lines[-1]))
                elif name == "output.log":
                    seen["console"] += lines
            if data.get("complete"):
                seen["exit"] = data.get("exitcode")
        self.reply({})

    def do_GET(self):
        self.reply({})

    def do_PUT(self):
        seen["files"][self.path.removeprefix("/upload/")] = self.body()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
(log,) = run.glob("wandb/offline-run-*/run-*.wandb")
with tempfile.TemporaryDirectory() as home:
    copy = Path(home) / log.parent.name  # the client leaves marks beside the log
    shutil.copytree(log.parent, copy)
    environment = {
        **os.environ, "WANDB_BASE_URL": f"http://127.0.0.1:{server.server_address[1]}", "WANDB_API_KEY": "x" * 40,
        "WANDB_ENTITY": "us", "WANDB_ERROR_REPORTING": "false", "WANDB_DIR": home, "HOME": home, "NO_PROXY": "127.0.0.1",
    }
    client = [sys.executable, "-m", "wandb", "sync", str(copy)]
    staged = {path: path.read_bytes() for path in log.parent.glob("staging/*")}
    result = subprocess.run(client, env=environment, cwd=home, capture_output=True, text=True, timeout=180)
    for path, data in staged.items():
        path.write_bytes(data)  # one version of the client takes it away
    told = result.stdout + result.stderr
    assert result.returncode == 0, told
    if "--verbose" in sys.argv:
        print(told, seen["operations"], sorted(seen["files"]), file=sys.stderr)
        for path in Path(home).rglob("*.log"):
            print(path, path.read_text()[-3000:], file=sys.stderr)

rows = {}
for line in (run / "metrics.jsonl").read_text().splitlines():
    row = json.loads(line)
    rows.setdefault(row["step"], {}).update(row)
assert [row["_step"] for row in seen["history"]] == sorted(rows), "every step is one row"
for row in seen["history"]:
    for name, value in rows[row["_step"]].items():
        if name != "step" and value is not None:
            assert abs(row[name] - value) <= 1e-12 * abs(value), (name, value, row[name])
results = json.loads((run / "results.json").read_text())
for name, value in results["summary"].items():
    assert abs(seen["summary"][name] - value) <= 1e-12 * abs(value), name
assert seen["exit"] == results["exit_code"]
checkpoint = (run / "models" / "last.safetensors").read_bytes()
assert seen["files"]["artifact/last.safetensors"] == checkpoint, "the checkpoint itself"
assert hashlib.md5(checkpoint).hexdigest() and seen["commit"] == 1, "the artifact is committed"
manifest = json.loads(seen["files"]["manifest"])
digest = manifest["contents"]["last.safetensors"]["digest"]
assert digest == base64.b64encode(hashlib.md5(checkpoint).digest()).decode()
assert (run / "models" / "last.safetensors").exists()
images = sorted(name for name in seen["files"] if name.startswith("media/images/"))
assert [Path(name).name for name in images] == sorted(p.name for p in log.parent.glob("files/media/images/*.png"))
config = json.loads(seen["run"]["config"]) if isinstance(seen["run"]["config"], str) else seen["run"]["config"]
assert config["seed"]["value"] == results["seed"]
assert any("kept in" in line for line in seen["console"]), seen["console"]
print(json.dumps({"rows": len(seen["history"]), "summary": len(seen["summary"]), "console": len(seen["console"]),
                  "files": sorted(seen["files"]), "project": seen["run"]["project"], "exit": seen["exit"],
                  "config": len(config)}))
