"""Whether readers are served while the digitisation unit is at work.

    python -m bench.portal.load HOME [--rate N] [--seconds N] [--results DIR]

HOME is one of ``bench.portal.home``; a batch is added to it. The program ``wrk`` (Debian) asks for
a mix of pages over loopback, ``--rate`` a second: 60 of 100 are pictures, 25 documents, pages and
records, 15 searches. Meanwhile ``olketanu run`` reads pages in the same home at the nice of its
settings. Prints the figures, writes ``bench/results/portal_load.json``; 1 when a target is missed.
"""

import argparse
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from PIL import Image

from bench.portal.answers import RESULTS, addresses
from bench.portal.places import Places, places_of
from olketanu.home import Home, open_home
from tests.portal.browser import serving

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "scans" / "2026-01_sample"
RATE, SECONDS = 30, 60
P95 = 300.0
HOUSEHOLDS = 100
"""Addresses from which it is asked, as behind a proxy: each has its budget (``guard/budget``)."""
MIX = {
    **{"thumbnail": 25, "image": 20, "line": 15},
    **{"document": 8, "page": 8, "page with hits": 4, "record": 5},
    **{"search": 9, "search, filtered": 3, "two words": 3},
}
"""Of 100 requests."""

_ASKED = 6000
_SCRIPT = """\
local addresses = {{ {addresses} }}
local counter = 0

function setup(thread)
  counter = counter + 1
  thread:set("first", counter)
end

function init(arguments)
  math.randomseed(first)
  place = math.random(#addresses)
end

function delay()
  return math.random({least}, {most})
end

function request()
  place = place % #addresses + 1
  local household = "203.0.113." .. math.random({households})
  return wrk.format(
    "GET",
    addresses[place],
    {{ ["Accept-Encoding"] = "gzip", ["X-Forwarded-For"] = household }}
  )
end

function done(summary, latency, requests)
  local told = {{
    '"requests": ' .. summary.requests,
    '"seconds": ' .. summary.duration / 1000000,
    '"median": ' .. latency:percentile(50) / 1000,
    '"p95": ' .. latency:percentile(95) / 1000,
    '"p99": ' .. latency:percentile(99) / 1000,
    '"slowest": ' .. latency.max / 1000,
    '"status_errors": ' .. summary.errors.status,
    '"other_errors": ' .. summary.errors.connect + summary.errors.read
      + summary.errors.write + summary.errors.timeout,
  }}
  io.write("\\n{{" .. table.concat(told, ", ") .. "}}\\n")
end
"""


def mixed(places: Places, count: int) -> Iterator[str]:
    """Yield addresses in the proportions of ``MIX``; of documents that readers may open."""
    draw = random.Random(5)
    kinds = [kind for kind, share in MIX.items() for _ in range(share)]
    streams = {kind: addresses(places, kind, draw) for kind in MIX}
    for _ in range(count):
        yield next(streams[draw.choice(kinds)])


@contextmanager
def batch_at_work(home: Home, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run over pictures that are new to the home, until the load is over."""
    made = folder / f"batch-{int(time.time())}"
    for number, path in enumerate(sorted(SAMPLE.rglob("*"))):
        if path.suffix in (".tif", ".jpg", ".png"):
            made.mkdir(exist_ok=True)
            with Image.open(path) as image:
                whole = image.convert("L")
            whole.crop((1, 1, whole.width, whole.height)).save(made / f"{number:03}.png")
    command = [sys.executable, str(ROOT / "cli.py"), "--home", str(home.root), "run", str(made)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(60)


def load(url: str, asked: Sequence[str], rate: int, seconds: int) -> dict[str, float]:
    """Return what wrk has measured: counts, milliseconds."""
    quoted = ",\n".join(json.dumps(one) for one in asked)
    script = _SCRIPT.format(addresses=quoted, least=440, most=1420, households=HOUSEHOLDS)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{rate}", f"-d{seconds}s", "--timeout", "30s", "-s", file.name]
        done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return {name: round(value, 1) for name, value in told.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every target is met, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the JSON")
    options = parser.parse_args(arguments)
    if shutil.which("wrk") is None:
        parser.error("the program wrk is not installed (Debian: wrk)")
    home = open_home(options.home.resolve())
    places = places_of(home, only_open=True)
    asked = list(islice(mixed(places, _ASKED), _ASKED))
    with tempfile.TemporaryDirectory() as folder, serving(home.root) as url:
        load(url, asked[:200], 5, 5)  # the first reader of the day
        alone = load(url, asked, options.rate, options.seconds)
        with batch_at_work(home, Path(folder)) as child:
            time.sleep(5)
            beside = load(url, asked[::-1], options.rate, options.seconds)
            worked = child.poll() is None
    bad = [f"p95 {beside['p95']} ms > {P95}"] if beside["p95"] > P95 else []
    bad += [f"{n}: {beside[n]}" for n in ("status_errors", "other_errors") if beside[n]]
    bad += [] if worked else ["the batch had ended before the load"]
    for name, found in (("alone", alone), ("beside a batch", beside)):
        print(f"{name:15}", found)
    print("\n".join(f"MISSED {line}" for line in bad) or "all targets met")
    result = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        **{"rate": options.rate, "seconds": options.seconds, "mix": MIX},
        **{"alone": alone, "beside_batch": beside, "missed": bad},
    }
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "portal_load.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
