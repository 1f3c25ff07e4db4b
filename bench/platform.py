"""platform: pages and submissions of the web platform, on the database that JUNHENG_DATABASE_URL names (SQLite without it).

`python -m bench platform` measures SQLite, `python -m scripts.postgres -- python -m bench platform` PostgreSQL. The province is
loaded once per data folder (SQLite) or per server (PostgreSQL). Everything runs inside the server's process, through all of
its middleware: what a network and a browser add is not in the figures.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench.registry import Benchmark, Measure, Run
from bench.timing import Spread

COUNTY_LIMIT = 150.0
PROVINCE_LIMIT = 300.0
UPLOAD_LIMIT = 3.0
LEAST_SUBMISSIONS = 50.0


def measure(spec: Benchmark, run: Run) -> Iterator[Measure]:
    """Milliseconds at the 95th percentile, submissions a second, and seconds of an upload."""
    sizes = {name: spec.size(name, run) for name in spec.sizes}
    told = _child(run, "load", sizes)
    yield Measure(
        "loading the province", Spread.of([told["seconds"]]), "s", note=f"{told['note']}; load {os.getloadavg()[0]:.1f}"
    )
    for name, figures in _child(run, "pages", sizes).items():
        limit = PROVINCE_LIMIT if name.startswith("province") else COUNTY_LIMIT
        note = f"{figures['processor']:.0f} ms of them processor, {figures['queries']} queries"
        yield Measure(f"{name}, p95", Spread.of([figures["p95"]]), "ms", limit, note)
    told = _child(run, "upload", sizes)
    yield Measure("upload of a county's workbook to drafts", Spread.of(told["seconds"]), "s", UPLOAD_LIMIT)
    told = _child(run, "submit", sizes)
    note = f"{told['done']} in {told['seconds']:.0f} s, {told['failed']} failed, {told['values']:.0f} values each, "
    note += f"{told['processor']:.0f} ms of processor each; at least {LEAST_SUBMISSIONS:g} a second are wanted"
    seconds = told["seconds"] * LEAST_SUBMISSIONS / told["done"]
    yield Measure("seconds per 50 submissions", Spread.of([seconds]), "s", 1.0, note)
    ratio, note = told["seconds"] / told["bare_seconds"], "by turns; in processor time "
    note += f"{told['processor'] / told['bare_processor']:.2f}"
    yield Measure("submission ÷ bare view", Spread.of([ratio]), "×", note=note)


def _child(run: Run, what: str, sizes: dict[str, int]) -> Any:
    folder = (run.folder / "platform").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "JUNHENG_DATA_DIR": str(folder),
        "JUNHENG_HTTPS": "0",
        "JUNHENG_SECOND_FACTOR": "0",
        "DJANGO_SETTINGS_MODULE": "junheng.web.config.settings",
    }
    command = [sys.executable, "-m", "bench.platform_child", what, json.dumps(sizes)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


BENCHMARK = Benchmark(
    name="platform",
    compares="pages, uploads and submissions of the web platform with their limits and with a bare view",
    seed=20260101,
    sizes={"counties": 100, "years": 4, "turns": 40, "seconds": 30},
    small_sizes={"counties": 1, "years": 1, "turns": 2, "seconds": 1},
    measure=measure,
)
