"""What the domain's tests let pass: `make mutants`, with cosmic-ray.

Changes one operator, number or decorator of `tentqueue/domain` at a time, in a copy, and asks the
domain's tests whether they see it. Never touches the checkout. Without `--sample 0` it takes a
random part, since all of them take hours; the seed makes it the same part again. The bands of past
days are left out: they are measurements, and `python -m benchmarks.days` says how good they are.

    python -m tests.mutants --sample 1000 --seed 1 --only 'tentqueue/domain/dis*'
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from math import sqrt
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome, WorkItem, WorkResult

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutants"
LAST = ("test_recorded_day.py", "test_invariants.py", "test_properties.py", "test_machine.py")
"""A whole day and random scripts: asked last, for what the sentences let pass."""

SAME = (
    r"core/ReplaceBinaryOperator_BitOr_.*",  # `X | None` of a type hint, which nobody evaluates
    r"core/ReplaceComparisonOperator_Is_Eq",  # members of an enum are equal when they are one
    r"core/ReplaceComparisonOperator_IsNot_NotEq",
    r"core/ReplaceComparisonOperator_Eq_Is",
    r"core/ReplaceComparisonOperator_NotEq_IsNot",
)
"""Changes that change nothing."""

CONFIG = """
[cosmic-ray]
module-path = "tentqueue/domain"
timeout = 40.0
excluded-modules = ["tentqueue/domain/planning/bands.py"]
test-command = "{command}"
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = {same}
"""


def command() -> str:
    """How a mutant is asked: sentences first, random scripts last, until the first no."""
    files = sorted((ROOT / "tests" / "domain").rglob("test_*.py"), key=turn)
    paths = " ".join(str(file.relative_to(ROOT)) for file in files)
    plugins = "-p pytest_timeout -p _hypothesis_pytestplugin -p no:cacheprovider"
    return f"{sys.executable} -m pytest -q -x --no-header {plugins} {paths}"


def turn(file: Path) -> int:
    """When a file's tests are asked: sentences first."""
    return LAST.index(file.name) + 1 if file.name in LAST else 0


def lay_out() -> Path:
    """A fresh copy with a session of every mutant; returns the session's file."""
    shutil.rmtree(COPY, ignore_errors=True)
    for folder in ("tentqueue", "tests", "deploy", "docs"):
        shutil.copytree(ROOT / folder, COPY / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(ROOT / file, COPY)
    same = "[" + ", ".join(f"'{name}'" for name in SAME) + "]"
    (COPY / "mutants.toml").write_text(CONFIG.format(command=command(), same=same))
    run("cosmic-ray", "init", "mutants.toml", "mutants.sqlite")
    run("cr-filter-operators", "mutants.sqlite", "mutants.toml")
    return COPY / "mutants.sqlite"


def run(*words: str) -> None:
    """Run one of cosmic-ray's programs in the copy, with only the plugins the domain needs."""
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    program = Path(sys.executable).parent / words[0]
    subprocess.run([str(program), *words[1:]], cwd=COPY, env=environment, check=True)


def choose(session: WorkDB, size: int, seed: int, only: str) -> int:
    """Leave `size` random mutants of the modules that fit `only` to be asked; 0: all of them."""
    waiting = sorted(session.pending_work_items, key=lambda item: item.job_id)
    waiting.sort(key=where)
    fitting = [item for item in waiting if fnmatch.fnmatch(where(item)[0], only)]
    chosen = random.Random(seed).sample(fitting, size) if 0 < size < len(fitting) else fitting
    kept = {item.job_id for item in chosen}
    left = [item.job_id for item in waiting if item.job_id not in kept]
    session.set_multiple_results(left, WorkResult(WorkerOutcome.SKIPPED, output="not sampled"))
    return len(fitting)


def where(item: WorkItem) -> tuple[str, tuple[int, int], str, int]:
    """Where a mutant lies, which is also the order of the file."""
    spec = item.mutations[0]
    return (spec.module_path.as_posix(), spec.start_pos, spec.operator_name, spec.occurrence)


def tell(session: WorkDB, among: int) -> float:
    """Print the score by module and each mutant that lives; returns the whole score."""
    asked, seen = Counter[str](), Counter[str]()
    items = {item.job_id: item for item in session.work_items}
    for job, result in session.results:
        if result.worker_outcome is WorkerOutcome.SKIPPED:
            continue
        module, (line, column), operator, _ = where(items[job])
        asked[module] += 1
        seen[module] += result.is_killed
        if not result.is_killed:
            print(f"lives  {module}:{line}:{column + 1} {operator.removeprefix('core/')}")
    for module in sorted(asked):
        print(f"{seen[module]:5} of {asked[module]:5}  {module}")
    whole, killed = asked.total(), seen.total()
    share = killed / max(whole, 1)
    off = 1.96 * sqrt(share * (1 - share) / max(whole, 1) * (1 - whole / max(among, whole, 1)))
    print(f"seen: {killed} of {whole}, {share:.1%} (of {among} mutants; {off:.1%} either way)")
    return share


def main() -> None:
    """Lay out, sample, ask, tell; fails under the wanted score."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default="*")
    options.add_argument("--wanted", type=float, default=0.9)
    told = options.parse_args()
    with use_db(lay_out(), WorkDB.Mode.open) as session:
        among = choose(session, told.sample, told.seed, told.only)
        run("cosmic-ray", "exec", "mutants.toml", "mutants.sqlite")
        sys.exit(tell(session, among) < told.wanted)


if __name__ == "__main__":
    main()
