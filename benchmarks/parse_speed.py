"""How fast the neural parser reads: `python benchmarks/parse_speed.py [--ece] [--file SENTENCES]`.

Prints one JSON object: sentences per second in batch in one and in two processes (wall and CPU),
milliseconds for a single sentence (median and 95th percentile), seconds to load, peak memory,
the same model in torch with 32-bit weights beside it (where the folder has `parser.safetensors`
and torch is there), and with --ece the calibration on samples made with a seed that no training
run uses.  Dictionaries are loaded before the clock starts; `first_read_seconds` says for how long.
Sentences are made by the generator (split "test", words not seen in training), or read from a
file, one a line.  The whole road is timed: splitting, word pieces, decoding, formulas, scores.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from neurosym.parser import tokenize
from neurosym.parser.morphology import plural
from neurosym.parser.neural import WEIGHTS, NeuralParser
from neurosym.parser.pieces import Words, unfit
from neurosym.parser.runtime import Runtime
from neurosym.parser.torch_runtime import WEIGHTS_FILE


def made(n: int, seed: int) -> list[dict[str, Any]]:
    """Generated samples of the test split."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "samples.jsonl"
        command = [sys.executable, "-m", "neurosym.parser.generate", "--n", str(n), "--seed", str(seed)]
        subprocess.run([*command, "--split", "test", "--out", str(out)], check=True)
        return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def written(words: Sequence[str]) -> str:
    """Words as a person writes them: no space before punctuation and clitics."""
    out = ""
    for w in words:
        glued = not out or w in {".", ",", "?", "!", ";", ":", "n't"} or w.startswith("'")
        out += w if glued else f" {w}"
    return out


def warm(parser: NeuralParser) -> float:
    """Seconds that the first read takes, which loads the dictionaries of base and inflected forms."""
    start = time.perf_counter()
    parser.read("Bob is kind.")
    plural("glass")
    return time.perf_counter() - start


def read_all(job: tuple[str, list[str]]) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and sentences read; the model is loaded and warm before."""
    folder, sentences = job
    parser = NeuralParser(folder, cache=0, device="cpu")
    warm(parser)
    wall, cpu = time.perf_counter(), time.process_time()
    found = parser.read("\n\n".join(sentences))
    return time.perf_counter() - wall, time.process_time() - cpu, len(found)


def in_batch(folder: str, sentences: list[str], processes: int) -> dict[str, float]:
    jobs = [(folder, sentences[i::processes]) for i in range(processes)]
    with ProcessPoolExecutor(processes) as pool:
        done = list(pool.map(read_all, jobs))
    return {
        "sentences_per_second": round(sum(n for _, _, n in done) / max(w for w, _, _ in done), 1),
        "sentences_per_cpu_second": round(sum(n for _, _, n in done) / sum(c for _, c, _ in done), 1),
    }


def single(folder: str, sentences: list[str]) -> dict[str, float]:
    start = time.perf_counter()
    parser = NeuralParser(folder, cache=0, device="cpu")
    loading = time.perf_counter() - start
    first = warm(parser)
    wall, cpu = [], []
    for s in sentences:
        w, c = time.perf_counter(), time.process_time()
        parser.read(s)
        wall.append((time.perf_counter() - w) * 1e3)
        cpu.append((time.process_time() - c) * 1e3)
    return {
        "load_seconds": round(loading, 3),
        "first_read_seconds": round(first, 3),
        "single_ms_median": round(statistics.median(wall), 2),
        "single_ms_p95": round(statistics.quantiles(wall, n=20)[-1], 2),
        "single_cpu_ms_median": round(statistics.median(cpu), 2),
    }


def decoded(runtime: Runtime, sentences: list[Words]) -> dict[str, float]:
    """Word pieces and network only, on one thread: batches of 64, then one sentence at a time."""
    runtime.parse(sentences[:8])
    wall, cpu = time.perf_counter(), time.process_time()
    runtime.parse(sentences, 64)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    alone = []
    for s in sentences[:60]:
        start = time.perf_counter()
        runtime.parse([s])
        alone.append((time.perf_counter() - start) * 1e3)
    return {
        "sentences_per_second": round(len(sentences) / wall, 1),
        "sentences_per_cpu_second": round(len(sentences) / cpu, 1),
        "single_ms_median": round(statistics.median(alone), 2),
    }


def beside_torch(folder: Path, sentences: list[str]) -> dict[str, dict[str, float]]:
    """The shipped graphs and the same network in torch fp32, with the same decoding, in one run."""
    import torch

    from neurosym.parser.torch_runtime import TorchRuntime

    torch.set_num_threads(1)
    words = [tuple(w.text for w in tokenize.words(s)) for s in sentences]
    words = [w for w in words if not unfit(w)]
    return {
        "onnx_int8": decoded(Runtime(folder), words),
        "torch_fp32": decoded(TorchRuntime(folder, "cpu"), words),
    }


def calibration(folder: str, samples: list[dict[str, Any]]) -> dict[str, float]:
    from neurosym.parser.calibrate import CALIBRATION, outcomes, quality, read_calibration, scrambled
    from neurosym.parser.settings import Sample

    data = [Sample(tuple(s["words"]), tuple(s["tokens"]), s["template"]) for s in samples]
    noise = scrambled(data, len(data) // 8, 4711)
    return quality(
        read_calibration(Path(folder) / CALIBRATION), outcomes(Runtime(Path(folder)), data + noise)
    )


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    args.add_argument("--n", type=int, default=4000, help="sentences in a batch")
    args.add_argument("--seed", type=int, default=990)
    args.add_argument("--model", default=str(WEIGHTS), help="model folder")
    args.add_argument("--file", type=Path, help="sentences, one a line, instead of made ones")
    args.add_argument("--torch", type=Path, help="folder with parser.safetensors, if not the model's own")
    args.add_argument("--beside", type=int, default=400, help="sentences to compare with torch on; 0: none")
    args.add_argument("--ece", action="store_true", help="measure the calibration too")
    a = args.parse_args()
    if a.file:
        samples = []
        sentences = [x.strip() for x in a.file.read_text(encoding="utf-8").splitlines() if x.strip()]
    else:
        samples = made(a.n, a.seed)
        sentences = [written(s["words"]) for s in samples]
    result: dict[str, Any] = {
        "sentences": len(sentences),
        "words_mean": round(statistics.mean(len(s.split()) for s in sentences), 1),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        **single(a.model, sentences[:150]),
        "batch_1_process": in_batch(a.model, sentences, 1),
        "batch_2_processes": in_batch(a.model, sentences, 2),
        "model_mb": round(sum(f.stat().st_size for f in Path(a.model).iterdir()) / 1e6, 1),
    }
    peak = max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    result["peak_memory_mb"] = round(peak / 1024)  # of the largest process, before torch is loaded
    weights = a.torch or Path(a.model)
    if a.beside and (weights / WEIGHTS_FILE).is_file() and importlib.util.find_spec("torch"):
        result["beside_torch_one_thread"] = beside_torch(weights, sentences[: a.beside])
    if a.ece and samples:
        result["calibration_of_the_score_without_scorer"] = calibration(a.model, samples)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
