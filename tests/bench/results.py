"""Writes the measurements as tables into ``README.md`` and as a log-log plot: python -m tests.bench.results."""

import json
import math
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
NAMES: Final = {
    "ours": "this project, claims to verdicts, warm",
    "earl": "this project, verdicts also as EARL, warm",
    "table": "this project, from a table of the claims",
    "command": "this project, the command, cold",
    "dask": "this project, Dask with two workers",
    "oxigraph": "Oxigraph, bulk load of the same claims",
    "joins": "judging alone, integers in memory",
    "shacl": "shacl (Rust), established facts",
    "topquadrant": "TopQuadrant, established facts",
    "pyrudof": "pyrudof, established facts",
    "pyshacl": "pySHACL, established facts",
}
COLOURS: Final = (
    "#0b6e4f",
    "#1f8a5b",
    "#145a3a",
    "#2f9e78",
    "#7cc6a9",
    "#555555",
    "#111111",
    "#c1440e",
    "#8a2be2",
    "#b8860b",
    "#b22222",
)
BULK: Final = ("ours", "dask")
BOUNDED: Final = 1_500_000
"""Up to this number of systems, partitions have a constant size, to limit memory."""
CLAIMS, VERDICTS = 179, 1.0
"""The kilobytes of one invented system: its claims in N-Quads, and its verdicts in Parquet."""
WIDTH, HEIGHT, EDGE = 900, 560, 70
Result = dict[str, Any]


def table(results: Iterable[Result]) -> str:
    """Return the results as a table in Markdown, grouped by size; times are also given relative to this project."""
    heads = ("systems", "engine", "seconds", "relative", "user + system", "relative", "peak MiB", "same answer")
    rows = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    found = list(results)
    ours = {result["systems"]: result for result in found if result["engine"] == "ours"}
    for result in found:
        name, size = NAMES[result["engine"]], result["systems"]
        same = {True: "yes", False: "**no**", None: "–"}[result["same"]]
        if not result["runs"]:
            rows.append(f"| {size:,} | {name} | failed | | | | {result['peak']:,.0f} | |")
            continue
        shown = [f"{size:,}", name]
        for time in ("work", "cpu"):
            counts = size in ours and result["same"] is not False
            ratio = f"{result[time] / ours[size][time]:.2f}" if counts else "does not count"
            shown += [f"{result[time]:.3f}", ratio]
        rows.append(f"| {' | '.join([*shown, format(result['peak'], ',.0f'), same])} |")
    return "\n".join(rows) + "\n"


def scaling(results: Iterable[Result]) -> str:
    """Return the exponent of the growth of time between sizes, for each engine."""
    lines = ["| engine | exponent, from size to size |", "|---|---|"]
    for engine, points in curves(results).items():
        if len(points) > 1:
            exponents = [math.log(b[1] / a[1]) / math.log(b[0] / a[0]) for a, b in pairwise(points)]
            lines.append(f"| {NAMES[engine]} | {', '.join(f'{exponent:.2f}' for exponent in exponents)} |")
    return "\n".join(lines) + "\n"


def shares(results: Iterable[Result]) -> str:
    """Return the share of each stage in the time of this project."""
    stages = ("reading claims", "joining claims", "judging systems")
    lines = [f"| systems | from | {' | '.join(stages)} |", "|---" * (len(stages) + 2) + "|"]
    for result in results:
        if result["engine"] in {"ours", "earl", "table"} and result["runs"]:
            whole = sum(result["times"][stage] for stage in stages)
            parts = [f"{result['times'][stage] / whole:.0%}" for stage in stages]
            lines.append(f"| {result['systems']:,} | {NAMES[result['engine']]} | {' | '.join(parts)} |")
    return "\n".join(lines) + "\n"


def forecast(results: Iterable[Result]) -> str:
    """Return the cost of larger data: the measurement at the largest size, and proportional extrapolations of it."""
    found = [result for result in results if result["runs"] and result["same"] and result["engine"] in BULK]
    lines = ["| systems | how | seconds | peak MiB | claims | verdicts |", "|---" * 6 + "|"]
    for engine in BULK:
        largest = max((r for r in found if r["engine"] == engine), key=lambda r: int(r["systems"]), default=None)
        if largest is None:
            continue
        for size in (100_000, 1_000_000, 100_000_000):
            times = size / largest["systems"]
            how = NAMES[engine] if times <= 1 else f"{NAMES[engine]}; extrapolated"
            memory = f"{largest['peak']:,.0f}" if size <= BOUNDED else "more"
            sizes = (f"{size * kilobytes / 1e6:,.1f} GB" for kilobytes in (CLAIMS, VERDICTS))
            row = [f"{size:,}", how, f"{largest['work'] * times:,.0f}", memory, *sizes]
            lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


def curves(results: Iterable[Result]) -> dict[str, list[tuple[int, float]]]:
    """Return the sizes and seconds of each engine, without runs whose answers differ."""
    found: dict[str, list[tuple[int, float]]] = {engine: [] for engine in NAMES}
    for result in results:
        if result["runs"] and result["same"] is not False:
            found[result["engine"]].append((result["systems"], result["work"]))
    return {engine: sorted(points) for engine, points in found.items() if points}


def plot(results: Iterable[Result]) -> str:
    """Return a plot of seconds over systems as SVG, with two logarithmic axes."""
    found = curves(results)
    sizes = [size for points in found.values() for size, _ in points]
    seconds = [time for points in found.values() for _, time in points]
    across = math.floor(math.log10(min(sizes))), math.ceil(math.log10(max(sizes)))
    up = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))

    def x(value: float) -> float:
        return EDGE + (math.log10(value) - across[0]) / max(1, across[1] - across[0]) * (WIDTH - EDGE - 330)

    def y(value: float) -> float:
        return HEIGHT - EDGE - (math.log10(value) - up[0]) / max(1, up[1] - up[0]) * (HEIGHT - 2 * EDGE)

    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{EDGE}" y="30" font-size="16">Seconds by number of systems</text>',
    ]
    for power in range(across[0], across[1] + 1):
        at = x(10**power)
        parts.append(f'<path d="M{at:.0f} {EDGE}V{HEIGHT - EDGE}" stroke="#ddd"/>')
        parts.append(f'<text x="{at:.0f}" y="{HEIGHT - EDGE + 20}" text-anchor="middle">{10**power:,}</text>')
    for power in range(up[0], up[1] + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{EDGE} {at:.0f}H{WIDTH - 330}" stroke="#ddd"/>')
        parts.append(f'<text x="{EDGE - 8}" y="{at + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>')
    for number, (engine, points) in enumerate(found.items()):
        colour = COLOURS[list(NAMES).index(engine)]
        places = " ".join(f"{x(size):.1f},{y(time):.1f}" for size, time in points)
        parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(s):.1f}" cy="{y(t):.1f}" r="3.5" fill="{colour}"/>' for s, t in points]
        at = EDGE + 10 + number * 22
        parts.append(f'<rect x="{WIDTH - 310}" y="{at - 10}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{WIDTH - 290}" y="{at}">{NAMES[engine]}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def publish(results: Path) -> None:
    """Write the table into ``README.md`` and draw the plot."""
    found: list[Result] = json.loads(results.read_text("utf-8"))
    put("results", f"{table(found)}\n{scaling(found)}\n{shares(found)}")
    put("forecast", forecast(found))
    (HERE / "bulk.svg").write_text(plot(found), "utf-8")


def put(name: str, shown: str) -> None:
    """Write a table into the page, at the marker with its name."""
    page = HERE / "README.md"
    before, rest = page.read_text("utf-8").split(f"<!-- {name} -->\n", 1)
    page.write_text(f"{before}<!-- {name} -->\n{shown}<!-- end -->{rest.split('<!-- end -->', 1)[1]}", "utf-8")


if __name__ == "__main__":
    publish(HERE / "bulk.json")
