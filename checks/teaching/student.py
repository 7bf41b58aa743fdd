"""Student's edition: the repository without a readable solution, in which everything else works.

The references, and the catalogues of mistakes and of right answers, lie behind a curtain
(`checks/judging/curtain.py`). Left out: other wordings, known mutants, the machine's own tests.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from checks.judging.assembly import Source
from checks.judging.curriculum import Course
from checks.judging.curtain import covered
from checks.judging.law_files import has_laws, law_file, place_of
from checks.judging.stubs import stub_text

LEFT_OUT = ("other_wordings", "equivalent_mutants", "tests")
OUTPUT = (".git", ".venv", ".progress", "my_notebooks", "data", "runs", "build", "__pycache__")


def write_edition(course: Course, out: Path) -> int:
    """Write the edition into `out`, a folder that is empty or new; 0, or 2 for any other."""
    out = out.resolve()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        print(f"{out} isn't empty", file=sys.stderr)
        return 2
    hidden = {kata.path for kata in course.katas.values()}
    for folder in ("wrong_answers", "right_answers"):  # own laws are judged by both
        hidden |= set((course.checks / folder).glob("*.py"))
    for path in _files(course.root):
        name = path.relative_to(course.root)
        if name.parts[0] == "checks" and name.parts[1] in LEFT_OUT:
            continue
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if path in hidden:
            target.write_text(covered(Source.read(path).text), encoding="utf-8")
        else:
            shutil.copy(path, target)
    for kata in course.katas.values():
        (out / "katas" / f"{kata.name}.py").write_text(stub_text(kata), encoding="utf-8")
        if has_laws(course, kata.name):
            place_of(course, kata.name, out / "katas").write_text(law_file(course, kata), "utf-8")
    print(f"the student's edition is in {out}; a curtain hides its solutions, and no lock")
    return 0


def _files(root: Path) -> list[Path]:
    """What belongs to the repository: as git knows it, else all that isn't output."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        names = [root / o for o in listed.stdout.split("\0") if o]
    else:
        names = [o for o in root.rglob("*") if not set(o.relative_to(root).parts) & set(OUTPUT)]
    return [o for o in names if o.is_file() and not o.is_symlink() and o.suffix != ".pyc"]
