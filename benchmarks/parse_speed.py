"""How fast the neural parser reads: `python benchmarks/parse_speed.py [--ece] [--file SENTENCES]`.

Prints one JSON object: sentences per second in batch in one and in two processes (wall and CPU),
milliseconds for a single sentence (median and 95th percentile), seconds to load, peak memory,
and with --ece the calibration on samples made with a seed that no training run uses.
Sentences are made by the generator (split "test", words not seen in training), or read from a
file, one a line.  The whole road is timed: splitting, word pieces, decoding, formulas, scores.
"""

from __future__ import annotations

import argparse
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

from neurosym.parser.neural import WEIGHTS, NeuralParser


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


def read_all(job: tuple[str, list[str]]) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and sentences read; the model is loaded and warm before."""
    folder, sentences = job
    parser = NeuralParser(folder, cache=0)
    parser.read("Bob is kind.")
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
    parser = NeuralParser(folder, cache=0)
    loading = time.perf_counter() - start
    parser.read("Bob is kind.")
    wall, cpu = [], []
    for s in sentences:
        w, c = time.perf_counter(), time.process_time()
        parser.read(s)
        wall.append((time.perf_counter() - w) * 1e3)
        cpu.append((time.process_time() - c) * 1e3)
    return {
        "load_seconds": round(loading, 3),
        "single_ms_median": round(statistics.median(wall), 2),
        "single_ms_p95": round(statistics.quantiles(wall, n=20)[-1], 2),
        "single_cpu_ms_median": round(statistics.median(cpu), 2),
    }


def calibration(folder: str, samples: list[dict[str, Any]]) -> dict[str, float]:
    from neurosym.parser.calibrate import CALIBRATION, outcomes, quality, read_calibration, scrambled
    from neurosym.parser.runtime import Runtime
    from neurosym.parser.settings import Sample

    data = [Sample(tuple(s["words"]), tuple(s["tokens"]), s["template"]) for s in samples]
    noise = scrambled(data, len(data) // 8, 4711)
    return quality(
        read_calibration(Path(folder) / CALIBRATION), outcomes(Runtime(Path(folder)), data + noise)
    )


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    args.add_argument("--n", type=int, default=1500, help="sentences in a batch")
    args.add_argument("--seed", type=int, default=990)
    args.add_argument("--model", default=str(WEIGHTS), help="model folder")
    args.add_argument("--file", type=Path, help="sentences, one a line, instead of made ones")
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
    if a.ece and samples:
        result["calibration"] = calibration(a.model, samples)
    peak = max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    result["peak_memory_mb"] = round(peak / 1024)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
