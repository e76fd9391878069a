"""check.py MODEL.onnx EXAMPLE.safetensors ...: onnx's checker accepts each model, and onnxruntime answers as the example says.

Needs onnx, onnxruntime and numpy. Ends with 1 where an answer is further off than 1e-4 of the largest number, or where the
answers of the example are all the same, which says nothing.
"""

import json
import struct
import sys

import numpy as np
import onnx
import onnxruntime


def tensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    body = data[8 + length :]
    return {
        name: np.frombuffer(body[slice(*fact["data_offsets"])], "<f4").reshape(fact["shape"])
        for name, fact in header.items()
    }


agree = True
for model, example in zip(sys.argv[1::2], sys.argv[2::2]):
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    truth = tensors(example)
    if np.ptp(truth["output"], axis=0).max() == 0:
        agree = False
        print(f"{example}: the same answer for every sample")
    for count in (len(truth["input"]), 1):  # any number of samples
        (answer,) = session.run(None, {"input": truth["input"][:count]})
        wanted = truth["output"][:count]
        distance = float(np.abs(answer - wanted).max() / max(1e-6, np.abs(wanted).max()))
        good = answer.shape == wanted.shape and distance <= 1e-4
        agree &= good
        print(f"{model}: {answer.shape} {'agrees' if good else 'DIFFERS'}, {distance:.1e}")
sys.exit(0 if agree else 1)
