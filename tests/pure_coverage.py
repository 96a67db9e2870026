"""Holds the pure rules to full coverage, branches included: `python -m tests.pure_coverage`.

Which modules are pure is said once, by the import contract of that name in pyproject.toml.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def pure_files(root: Path = ROOT) -> list[Path]:
    """Return the source files of the pure modules, relative to the project's root."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    modules = next(c["source_modules"] for c in contracts if c.get("id") == "pure")
    files: list[Path] = []
    for module in modules:
        path = Path(*module.split("."))
        is_package = (root / path).is_dir()
        found = sorted((root / path).rglob("*.py")) if is_package else [root / f"{path}.py"]
        files += [file.relative_to(root) for file in found]
    return files


def main() -> int:
    """Report on the pure rules alone and return 2 when anything of them is not covered."""
    include = ",".join(map(str, pure_files()))
    command = [sys.executable, "-m", "coverage", "report", f"--include={include}"]
    return subprocess.run([*command, "--fail-under=100"], check=False, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
