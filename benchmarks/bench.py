"""
Measure claimbook against floors and peers in the same run, each time in a process of its own.

    python benchmarks/bench.py [ROWS] [--repeats 3] [--output build/bench.md]
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

# pandas is imported where it is used: a process that starts another hands its peak of memory on
SEED = 20261122
TREES = {"condition": (4, 6), "intervention": (3, 4)}  # branches, roots
DEEP = 5
LEVELS = ("for", "conditional for", "uncertain", "conditional against", "against")
CROWD = 5_000
MOST_QUESTIONS = 100_000
LONGEST = 300  # seconds for one run
Task = Callable[[Path, int], Callable[[], Any]]  # sets up, and gives what is timed


def make_collection(folder: Path, rows: int) -> Callable[[], Any]:
    """Write claims on a tenth as many questions by a fiftieth as many sources."""
    import numpy as np
    import pandas as pd

    generator = np.random.default_rng(SEED)
    terms = grow_terms()
    questions = draw_questions(terms, max(rows // 10, 10))
    sources = np.array([f"source_{number:05d}" for number in range(max(rows // 50, 5))])
    asked = generator.integers(len(questions), size=rows)
    spoken = generator.integers(len(sources), size=rows)
    leaning = np.minimum(generator.geometric(0.5, len(questions)) - 1, 4)
    strays = generator.random(rows) < 0.3
    level = np.where(strays, generator.integers(5, size=rows), leaning[asked])
    credited = generator.random(rows) < 0.3
    study = sources[(spoken + 1 + asked % min(40, len(sources) - 1)) % len(sources)]
    table = {
        "claim_id": [f"c{number:07d}" for number in range(rows)],
        "source": sources[spoken],
        **{facet: questions[facet].to_numpy()[asked] for facet in questions},
        "recommendation": np.array(LEVELS)[level],
        "claim": [f"Claim {number} says what it says, in one sentence." for number in range(rows)],
        "quote": [f"It is said that {number} … and so it is." for number in range(rows)],
        "attribution": np.where(credited, "studies have shown", ""),
        "cited_study": np.where(credited, study, ""),
    }
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(table).to_csv(folder / "claims.csv", index=False)
    pd.DataFrame({"source": sources, "kind": "article"}).to_csv(folder / "sources.csv", index=False)
    terms.to_csv(folder / "vocabulary.csv", index=False)
    return lambda: None


def grow_terms() -> Any:
    """Grow a forest in which every tree is five deep; each term stands before those under it."""
    import pandas as pd

    rows: list[tuple[str, str, str]] = []

    def grow(scheme: str, term: str, above: str, deep: int) -> None:
        rows.append((scheme, term, above))
        for number in range(TREES[scheme][0] if deep < DEEP else 0):
            grow(scheme, f"{term}.{number}", term, deep + 1)

    for scheme, (_, roots) in TREES.items():
        for root in range(roots):
            grow(scheme, f"{scheme} {root}", "", 1)
    return pd.DataFrame(rows, columns=["scheme", "term", "broader"])


def draw_questions(terms: Any, number: int) -> Any:
    """Draw different questions; fewer are drawn from fewer terms, so that as many of them meet."""
    import numpy as np
    import pandas as pd

    from claimbook import Vocabulary

    share = min(1.0, number / MOST_QUESTIONS) ** 0.5
    vocabulary = Vocabulary(terms)
    names = {facet: np.array(vocabulary.find_terms(facet)) for facet in (*TREES, "aspect")}
    for facet in TREES:
        names[facet] = names[facet][: max(round(share * len(names[facet])), 2 * DEEP)]
    sizes = [len(known) for known in names.values()]
    drawn = np.random.default_rng(SEED).choice(int(np.prod(sizes)), size=number, replace=False)
    places = np.unravel_index(drawn, sizes)
    return pd.DataFrame(
        {facet: known[place] for (facet, known), place in zip(names.items(), places, strict=True)}
    )


def read_tables(folder: Path) -> list[Any]:
    import pandas as pd

    names = ("claims", "sources", "vocabulary")
    files = [folder / f"{name}.csv" for name in names]
    return [pd.read_csv(file, dtype="str", keep_default_na=False) for file in files]


def take_collection(folder: Path) -> Any:
    from claimbook import Collection

    return Collection.from_frame(*read_tables(folder))


def run_pandas(folder: Path, rows: int) -> Callable[[], Any]:
    import pandas as pd

    return lambda: pd.read_csv(folder / "claims.csv")


def run_pandas_text(folder: Path, rows: int) -> Callable[[], Any]:
    import pandas as pd

    return lambda: pd.read_csv(folder / "claims.csv", dtype="str", keep_default_na=False)


def run_read(folder: Path, rows: int) -> Callable[[], Any]:
    from claimbook.collection.tables import read_table

    return lambda: read_table(folder / "claims.csv", name="claims.csv")


def run_check(folder: Path, rows: int) -> Callable[[], Any]:
    from claimbook import check_collection

    def check() -> None:
        if len(problems := check_collection(folder)[1]):
            raise SystemExit(f"the benchmark's own claims are not sound: {problems.head()}")

    return check


def run_take(folder: Path, rows: int) -> Callable[[], Any]:
    from claimbook import Collection

    tables = read_tables(folder)
    return lambda: Collection.from_frame(*tables)


def ask(name: str, take: Callable[[Path], Any] = take_collection) -> Task:
    """Make a task of a public function of a collection; what it yields in pieces is counted."""

    def make(folder: Path, rows: int) -> Callable[[], Any]:
        import claimbook

        collection, function = take(folder), getattr(claimbook, name)
        if name.startswith("iter_"):
            return lambda: sum(len(piece) for piece in function(collection))
        return lambda: function(collection)

    return make


def make_ratings(rows: int) -> Any:
    import numpy as np

    generator = np.random.default_rng(SEED)
    ratings = generator.integers(-2, 3, (rows, 4)).astype(float)
    ratings[generator.random(ratings.shape) < 0.1] = np.nan
    return ratings


def run_alpha(folder: Path, rows: int) -> Callable[[], Any]:
    from claimbook.measures.agreement import measure_alpha

    ratings = make_ratings(rows)
    return lambda: measure_alpha(ratings, metric="ordinal")


def run_krippendorff(folder: Path, rows: int) -> Callable[[], Any]:
    import krippendorff

    ratings = make_ratings(rows).T
    return lambda: krippendorff.alpha(reliability_data=ratings, level_of_measurement="ordinal")


def make_crowd(folder: Path) -> Any:
    """One question that five thousand sources answer."""
    import numpy as np
    import pandas as pd

    from claimbook import Collection

    levels = np.random.default_rng(SEED).integers(5, size=CROWD)
    claims = pd.DataFrame(
        {
            "claim_id": [f"c{number}" for number in range(CROWD)],
            "source": [f"s{number}" for number in range(CROWD)],
            "condition": "back pain",
            "intervention": "massage",
            "aspect": "use",
            "recommendation": np.array(LEVELS)[levels],
            "claim": "It is said.",
        },
        dtype="str",
    )
    return Collection.from_frame(claims)


def run_command(folder: Path, rows: int) -> Callable[[], Any]:
    command = [sys.executable, "-m", "claimbook", "check", str(folder)]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def run_frictionless(folder: Path, rows: int) -> Callable[[], Any]:
    """Validate with what a Table Schema can say: required, unique, levels, foreign keys."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which("frictionless", path=path)
    if program is None:
        raise SystemExit("frictionless is not installed")
    command = [program, "validate", write_package(folder)]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def write_package(folder: Path) -> str:
    header = (folder / "claims.csv").open(encoding="utf-8").readline().strip().split(",")
    fields: list[dict[str, Any]] = [{"name": name, "type": "string"} for name in header]
    for field in fields[:7]:
        field["constraints"] = {"required": True}
    fields[0]["constraints"] |= {"unique": True}
    fields[5]["constraints"] |= {"enum": list(LEVELS)}
    keys = [{"fields": ["source"], "reference": {"resource": "sources", "fields": ["source"]}}]
    sources = [{"name": "source", "type": "string"}, {"name": "kind", "type": "string"}]
    package = {
        "resources": [
            {
                "name": "claims",
                "path": "claims.csv",
                "schema": {"fields": fields, "foreignKeys": keys},
            },
            {"name": "sources", "path": "sources.csv", "schema": {"fields": sources}},
        ]
    }
    (folder / "frictionless.json").write_text(json.dumps(package), encoding="utf-8")
    return str(folder / "frictionless.json")


ASKED = {
    "questions": "count_questions",
    "relations": "count_relations",
    "pairs": "iter_relations",
    "conflicts": "find_conflicts",
    "traces": "trace_claims",
    "agreement": "measure_agreement",
    "directions": "count_directions",
    "support": "count_support",
    "robustness": "measure_robustness",
}
CROWD_ASKED = ("questions", "relations", "conflicts", "pairs")

TASKS: dict[str, Task] = {
    "make": make_collection,
    **{
        name.removeprefix("run_"): function
        for name, function in list(globals().items())
        if name.startswith("run_")
    },
    **{task: ask(name) for task, name in ASKED.items()},
    **{f"crowd_{task}": ask(ASKED[task], make_crowd) for task in CROWD_ASKED},
}

AGAINST_PANDAS = {
    "pandas.read_csv (the floor)": "pandas",
    "pandas.read_csv, all text": "pandas_text",
    "read as text": "read",
    "read and check all": "check",
    "take tables in memory in": "take",
    "summarise as questions": "questions",
    "count as relations": "relations",
    "list every pair, in pieces": "pairs",
    "find points of conflict": "conflicts",
    "trace claims to findings": "traces",
    "agreement, 1,000 resamples, every pair of sources": "agreement",
    "directions": "directions",
    "support": "support",
    "robustness": "robustness",
}
PEERS = (
    ("ordinal alpha, 4 raters", "alpha", "package krippendorff", "krippendorff"),
    ("claimbook check", "command", "frictionless validate", "frictionless"),
)
CROWDED = {
    "summarised": "crowd_questions",
    "relations counted": "crowd_relations",
    "points of conflict": "crowd_conflicts",
    "12.5 million pairs one by one": "crowd_pairs",
}
GROWING = {key: AGAINST_PANDAS[key] for key in list(AGAINST_PANDAS)[:7]}


Run = tuple[float, float]  # seconds of processor time, megabytes at the peak


def measure(tasks: list[str], folder: Path, rows: int, *, repeats: int) -> dict[str, list[Run]]:
    """Run tasks in turn, and all of them again: what slows the machine slows them alike."""
    runs: dict[str, list[Run]] = {task: [] for task in tasks}
    for number in range(repeats):
        for task in tasks:
            if number == len(runs[task]) and (run := start_task(task, folder, rows)):
                runs[task].append(run)
    for task, found in runs.items():
        print(f"  {rows:>9,} {task:<16} {show(found, 0)} s {show(found, 1)} MB", file=sys.stderr)
    return runs


def start_task(task: str, folder: Path, rows: int) -> Run | None:
    """Run a task in a process of its own; None where it fails or takes too long."""
    command = [sys.executable, __file__, str(rows), "--task", task, "--folder", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        print(f"  {task}: stopped after {LONGEST} s", file=sys.stderr)
        return None
    except subprocess.CalledProcessError as error:
        print(f"  {task}: {error.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
    return seconds, megabytes


def show(runs: list[Run], place: int) -> str:
    """Write the median of seconds (0) or megabytes (1); a dash where there is none."""
    median = statistics.median(run[place] for run in runs) if runs else None
    return "-" if median is None else f"{median:.{0 if place else 4 if median < 0.1 else 2}f}"


def show_ratio(runs: list[Run], floor: list[Run], place: int) -> str:
    """Write the median of the ratios, round by round."""
    ratios = [one[place] / other[place] for one, other in zip(runs, floor, strict=False)]
    return f"{statistics.median(ratios):.1f}" if ratios else "-"


def run_task(task: str, folder: Path, rows: int) -> None:
    """Run one task in this process and print seconds and megabytes."""
    timed = TASKS[task](folder, rows)
    start, _ = read_usage()
    timed()
    end, megabytes = read_usage()
    print(json.dumps([end - start, megabytes]))


def read_usage() -> Run:
    """Read what this process and those it started have taken: processor time, peak of memory."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return seconds, max(usage.ru_maxrss for usage in usages) / unit


def compare_with_pandas(folder: Path, rows: int, repeats: int) -> list[str]:
    runs = measure(list(AGAINST_PANDAS.values()), folder, rows, repeats=repeats)
    size = (folder / "claims.csv").stat().st_size / 2**20
    lines = [
        f"## {rows:,} claims, {size:.0f} MB of CSV",
        "",
        "Seconds are those of the step alone, on tables in memory but for reading; memory is the "
        f"peak of the whole process, reading included. A dash: stopped after {LONGEST} s.",
        "",
        "| step | seconds | times read_csv | MB at the peak | times read_csv |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, task in AGAINST_PANDAS.items():
        found, floor = runs[task], runs["pandas"]
        numbers = (f"{show(found, place)} | {show_ratio(found, floor, place)}" for place in (0, 1))
        lines.append(f"| {name} | {' | '.join(numbers)} |")
    return [*lines, ""]


def compare_with_peers(folder: Path, rows: int, repeats: int) -> list[str]:
    lines = [
        "## Peers",
        "",
        "| | seconds | MB | peer | seconds | MB | times as long |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: |",
    ]
    for name, task, other, peer in PEERS:
        runs = measure([task, peer], folder, rows, repeats=repeats)
        ours, theirs = ([show(runs[one], place) for place in (0, 1)] for one in (task, peer))
        lines.append(
            f"| {name}, {rows:,} rows | {' | '.join(ours)} | {other} {find_version(peer)} "
            f"| {' | '.join(theirs)} | {show_ratio(runs[peer], runs[task], 0)} |"
        )
    return [*lines, ""]


def measure_crowd(folder: Path, repeats: int) -> list[str]:
    runs = measure(list(CROWDED.values()), folder, CROWD, repeats=repeats)
    lines = [
        f"## One question, {CROWD:,} sources",
        "",
        "| | seconds | MB |",
        "| --- | ---: | ---: |",
    ]
    for name, task in CROWDED.items():
        lines.append(f"| {name} | {show(runs[task], 0)} | {show(runs[task], 1)} |")
    return [*lines, ""]


def measure_growth(root: Path, most: int, repeats: int) -> list[str]:
    sizes = [rows for rows in (1_000, 10_000, 100_000, 1_000_000) if rows <= most]
    tasks, runs = list(GROWING.values()), []
    for rows in sizes:
        start_task("make", root / str(rows), rows)
        runs.append(measure(tasks, root / str(rows), rows, repeats=repeats))
    lines = [
        "## Growth, seconds",
        "",
        f"| step | {' | '.join(f'{rows:,}' for rows in sizes)} | the last tenfold |",
        f"| --- | {' | '.join('---:' for _ in sizes)} | ---: |",
    ]
    for name, task in GROWING.items():
        cells = [show(found[task], 0) for found in runs]
        last = show_ratio(runs[-1][task], runs[-2][task], 0) if len(runs) > 1 else "-"
        lines.append(f"| {name} | {' | '.join(cells)} | {last} |")
    return [*lines, ""]


def find_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def describe_machine(repeats: int) -> list[str]:
    packages = ", ".join(f"{name} {find_version(name)}" for name in ("pandas", "numpy"))
    return [
        "# Speed",
        "",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, {packages}. Medians of {repeats} rounds, each run in "
        "a fresh process. Seconds are processor time, user and system: what else runs on the "
        "machine counts less. Ratios are those of one round. Compare only numbers of one run.",
        "",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure claimbook against floors and peers.")
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path, default=Path("build/bench.md"))
    parser.add_argument("--task", choices=sorted(TASKS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        run_task(options.task, options.folder, options.rows)
        return
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / str(options.rows)
        start_task("make", folder, options.rows)
        lines = describe_machine(options.repeats)
        lines += compare_with_pandas(folder, options.rows, options.repeats)
        lines += compare_with_peers(folder, options.rows, options.repeats)
        lines += measure_crowd(folder, options.repeats)
        lines += measure_growth(Path(root), options.rows, options.repeats)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
