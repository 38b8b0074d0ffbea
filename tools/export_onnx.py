#!/usr/bin/env python3
"""Exports a PyTorch checkpoint to an ONNX file that every runtime of FaceFusion.Batch takes.

Inputs and outputs have names, the batch is open (axis "N"), operators are ONNX 17 or later, the file passes ONNX's own checker, and it
computes what PyTorch computes: the relative L2 of every output, for a batch of 1 and of 3, must stay within the gate.
Needs torch and onnx; parity is checked with onnxruntime where it is installed, else with ONNX's reference evaluator.
"""

import argparse
import hashlib
import importlib
import inspect
import json
import os
import pickle
import sys

EXACT_GATE = 1e-4
OLDEST_OPSET = 17

EXAMPLES = """examples:
  # our own example network with weights of a fixed seed
  tools/export_onnx.py --example --output face_unet.onnx

  # a checkpoint of a network that Python can import, with two named inputs
  tools/export_onnx.py --network mynets.swap:Generator --arguments '{"width": 64}' --checkpoint generator.pt \\
      --input target=3x256x256 --input source=512 --output-name output --output swap_256.onnx

  # then: ffb models optimize swap_256.onnx swap_256.small.onnx
"""


class ExportError(Exception):
    """The export cannot go on; the message says what to do."""


class ParityError(ExportError):
    """The file computes something else than PyTorch."""


def face_unet(width=16):
    """Our own example: a U-Net of two levels, [N, 3, S, S] and an embedding [N, 128] to a picture [N, 3, S, S] of 0 to 1."""
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride=1):
            super().__init__()
            self.conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.norm = nn.BatchNorm2d(outputs)

        def forward(self, x):
            return torch.relu(self.norm(self.conv(x)))

    class FaceUnet(nn.Module):
        def __init__(self):
            super().__init__()
            self.enter = Block(3, width)
            self.down = Block(width, 2 * width, stride=2)
            self.bottom = Block(2 * width, 4 * width, stride=2)
            self.style = nn.Linear(128, 4 * width)
            self.up = Block(4 * width + 2 * width, 2 * width)
            self.leave = Block(2 * width + width, width)
            self.rgb = nn.Conv2d(width, 3, 1)

        def forward(self, target, source):
            first = self.enter(target)
            second = self.down(first)
            deep = self.bottom(second)
            deep = deep * torch.sigmoid(self.style(source))[:, :, None, None]
            deep = nn.functional.interpolate(deep, scale_factor=2.0, mode="nearest")
            second = self.up(torch.cat([deep, second], 1))
            second = nn.functional.interpolate(second, scale_factor=2.0, mode="nearest")
            return torch.sigmoid(self.rgb(self.leave(torch.cat([second, first], 1))))

    network = FaceUnet()
    # Statistics as if trained, so that folding BatchNormalization is put to a test.
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
    return network


def parse_input(text):
    """`name=3x256x256` to ("name", (3, 256, 256)): the shape of one sample, without its batch."""
    name, separator, shape = text.partition("=")
    try:
        lengths = tuple(int(length) for length in shape.split("x"))
    except ValueError:
        lengths = ()
    if not separator or not name or not lengths or min(lengths) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=SHAPE such as target=3x256x256")
    return name, lengths


def parse_arguments(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--network", metavar="MODULE:NAME", help="class or function that makes the network, as Python imports it"
    )
    what.add_argument("--example", action="store_true", help="our own small face U-Net instead of a network and a checkpoint")
    parser.add_argument("--arguments", type=json.loads, default={}, metavar="JSON", help="keyword arguments of the network")
    parser.add_argument("--checkpoint", metavar="FILE", help="weights; loaded as data only, code in the file is not run")
    parser.add_argument(
        "--input",
        type=parse_input,
        action="append",
        metavar="NAME=SHAPE",
        help="an input's name and the shape of one sample; in order, once for each",
    )
    parser.add_argument("--output-name", action="append", metavar="NAME", help="an output's name; in order, once for each")
    parser.add_argument("--output", required=True, metavar="FILE", help="the ONNX file to write")
    parser.add_argument("--opset", type=int, default=OLDEST_OPSET, help=f"version of ONNX's operators, {OLDEST_OPSET} or later")
    parser.add_argument("--gate", type=float, default=EXACT_GATE, help=f"largest relative L2 between PyTorch and the file ({EXACT_GATE:g})")
    parser.add_argument("--seed", type=int, default=1, help="of random inputs, and of the example's weights")
    options = parser.parse_args(arguments)
    if options.opset < OLDEST_OPSET:
        parser.error(f"--opset takes {OLDEST_OPSET} or later")
    if options.network and (not options.input or not options.output_name):
        parser.error("--network needs --input and --output-name: names are part of a model's contract")
    if options.network and ":" not in options.network:
        parser.error("--network takes MODULE:NAME")
    if options.example:
        options.input = options.input or [("target", (3, 64, 64)), ("source", (128,))]
        options.output_name = options.output_name or ["output"]
    return options


def load_network(options):
    """The network in evaluation mode, on the CPU, in single precision."""
    import torch

    torch.manual_seed(options.seed)
    if options.example:
        network = face_unet(**options.arguments)
    else:
        module, _, name = options.network.partition(":")
        sys.path.insert(0, os.getcwd())
        try:
            make = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as e:
            raise ExportError(f"{options.network} cannot be imported ({e}): run from the folder that holds it.") from e
        network = make(**options.arguments)
    if options.checkpoint:
        try:
            network.load_state_dict(read_weights(options.checkpoint))
        except RuntimeError as e:
            raise ExportError(f"{options.checkpoint} does not fit the network: {e}") from e
    elif not options.example:
        print("no --checkpoint: the network is exported with the weights that it starts with", file=sys.stderr)
    return network.float().eval()


def read_weights(path):
    """The checkpoint's weights, out of the usual wrappers, without the prefix that training on several devices adds."""
    import torch

    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, EOFError, pickle.UnpicklingError) as e:
        raise ExportError(f"{path} cannot be read as weights alone ({e}).") from e
    for key in ("state_dict", "params_ema", "params", "model", "generator"):
        if isinstance(weights, dict) and isinstance(weights.get(key), dict):
            weights = weights[key]
            break
    if not isinstance(weights, dict) or not all(torch.is_tensor(value) for value in weights.values()):
        raise ExportError(f"{path} holds no table of weights: save the network's state_dict().")
    return {key.removeprefix("module."): value for key, value in weights.items()}


def samples(options, batch):
    import torch

    generator = torch.Generator().manual_seed(options.seed + batch)
    return tuple(torch.rand(batch, *shape, generator=generator) for _, shape in options.input)


def export(network, options, path):
    import torch

    names = [name for name, _ in options.input]
    settings = {
        "input_names": names,
        "output_names": options.output_name,
        "dynamic_axes": {name: {0: "N"} for name in [*names, *options.output_name]},
        "opset_version": options.opset,
        "do_constant_folding": True,
    }
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        # The exporter by tracing: it keeps names and axes as they are given.
        settings["dynamo"] = False
    with torch.no_grad():
        torch.onnx.export(network, samples(options, 2), path, **settings)


def check(path, options):
    """ONNX's own checker with its shape inference, and the contract: names, operators and an open batch."""
    import onnx

    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    if opset < OLDEST_OPSET:
        raise ExportError(f"the file has operators {opset}, below {OLDEST_OPSET}.")
    expected = [name for name, _ in options.input], list(options.output_name)
    found = [value.name for value in model.graph.input], [value.name for value in model.graph.output]
    if expected != found:
        raise ExportError(f"inputs and outputs are {found} and not {expected}: an input may be unused.")
    for value in [*model.graph.input, *model.graph.output]:
        if not value.type.tensor_type.shape.dim[0].dim_param:
            raise ExportError(f"the batch of {value.name} is not open: the network works out its shape from the sample.")


def run_file(path, inputs):
    """The file's outputs, by the fastest runtime that is here, and which one it was."""
    try:
        import onnxruntime
    except ImportError:
        from onnx.reference import ReferenceEvaluator

        return ReferenceEvaluator(path).run(None, inputs), "onnx.reference"
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, inputs), "onnxruntime"


def compare(expected, found):
    """L1, relative L2, largest error and cosine of two arrays."""
    import numpy

    a = numpy.asarray(expected, dtype=numpy.float64).ravel()
    b = numpy.asarray(found, dtype=numpy.float64).ravel()
    if a.shape != b.shape:
        raise ExportError(f"an output has {b.size} values instead of {a.size}.")
    length = max(numpy.linalg.norm(a), 1e-6 * numpy.sqrt(a.size))
    both = numpy.linalg.norm(a) * numpy.linalg.norm(b)
    return {
        "l1": float(numpy.abs(a - b).mean()),
        "relativeL2": float(numpy.linalg.norm(a - b) / length),
        "maxError": float(numpy.abs(a - b).max()),
        "cosine": float(a @ b / both) if both > 0 else 1.0,
    }


def parity(network, path, options):
    """One row for each output and batch."""
    import torch

    rows = []
    for batch in (1, 3):
        inputs = samples(options, batch)
        with torch.no_grad():
            expected = network(*inputs)
        expected = expected if isinstance(expected, (tuple, list)) else [expected]
        given = {name: tensor.numpy() for (name, _), tensor in zip(options.input, inputs)}
        outputs, runtime = run_file(path, given)
        for name, a, b in zip(options.output_name, expected, outputs):
            rows.append({"output": name, "batch": batch, "runtime": runtime, **compare(a.numpy(), b)})
    return rows


def main(arguments=None):
    options = parse_arguments(arguments)
    part = options.output + ".part"
    try:
        network = load_network(options)
        export(network, options, part)
        check(part, options)
        rows = parity(network, part, options)
        # "not within" and not "over": a difference that is no number is refused too.
        worst = max(rows, key=lambda row: float("inf") if row["relativeL2"] != row["relativeL2"] else row["relativeL2"])
        if not worst["relativeL2"] <= options.gate:
            raise ParityError(
                f"output {worst['output']} differs from PyTorch by a relative L2 of {worst['relativeL2']:.2e}, "
                f"more than the gate {options.gate:g}; nothing was written."
            )
        os.replace(part, options.output)
    except ImportError as e:
        print(f"export_onnx: {e.name or e} is not installed here: run where torch and onnx are.", file=sys.stderr)
        return 2
    except ExportError as e:
        print(f"export_onnx: {e}", file=sys.stderr)
        return 11 if isinstance(e, ParityError) else 2
    finally:
        if os.path.exists(part):
            os.remove(part)
    with open(options.output, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    print(json.dumps({"output": options.output, "sha256": digest, "gate": options.gate, "parity": rows}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
