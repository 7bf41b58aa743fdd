"""Terminal: the picture in the README, made from what the tool really prints.

python -m checks.teaching.pictures_of_readme > checks/terminal.svg
"""

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from checks.judging.curriculum import Course, course

PAPER = TerminalTheme(
    (255, 255, 255),
    (40, 40, 40),
    [(40, 40, 40), (179, 38, 30), (0, 121, 90), (138, 97, 0), (31, 95, 153), *[(90, 90, 90)] * 3],
)
SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg"
  xml:space="preserve">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; white-space: pre }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
<rect fill="#ffffff" stroke="#cccccc" x="1" y="1" width="{width}" height="{height}" rx="6" />
<g transform="translate({terminal_x}, {terminal_y})"
  clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
FIRST = "def debias(mom, damp, step):\n    return damp * (1 - mom ** (step + 1)) / (1 - mom)\n"
THEN = FIRST.replace("(step + 1)", "step")


def printed(fork: Course, *arguments: str) -> str:
    """What `make ...` prints to a terminal, with its colours."""
    code = f"""
import sys
from pathlib import Path
from checks.__main__ import main
from checks.judging.curriculum import Course
sys.exit(main({list(arguments)}, Course(Path({str(fork.root)!r}))))
"""
    environment = {**os.environ, "MAKELEVEL": "1", "PYTHONHASHSEED": "0", "COLUMNS": "96"}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=fork.root,
        env={**environment, "PYTHONPATH": str(course().root), "TERM": "xterm-256color"},
        stdout=theirs,
    )
    os.close(theirs)
    told = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        told += piece
    process.wait()
    overwritten = r"[^\n]*\r\x1b\[2K"
    return re.sub(overwritten, "", told.decode()).replace("\r", "")


def story() -> str:
    """A wrong answer, its verdict, and the right one."""
    with tempfile.TemporaryDirectory() as folder:
        fork = Course(Path(folder))
        for name in ("solutions", "checks"):
            Path(folder, name).symlink_to(course().root / name)
        fork.answers.mkdir()
        told = ""
        for text in (FIRST, THEN):
            (fork.answers / "optimizers.py").write_text(text, encoding="utf-8")
            said = printed(fork, "check", "debias")
            told += "".join(f"  {line}\n" for line in text.splitlines())
            told += f"\n$ make check kata=debias\n{said}\n"
        return told.rstrip()


def main() -> int:
    """Print the picture."""
    told = Text.from_ansi(story())
    console = Console(record=True, width=96, file=io.StringIO(), highlight=False)
    console.print(told)
    print(console.export_svg(title="", theme=PAPER, code_format=SVG, unique_id="terminal"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
