"""Plain English: the words that a test can hold; the rest needs a reader."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.judging.curriculum import course

ROOT = course().root
BANNED = {
    r"gives?\b(?! up)|gave\b": "return, pass, show",
    r"anew\b|for ever\b": "again, forever",
    r"beside\b": "next to, with, besides",
    r"somebody\b|nobody\b|whoever\b": "someone, you, a learner; or name them",
    r"as it was\b|as it is(?=[.,;:)])": "unchanged",
    r"goes on\b|go on with\b": "continues",
    r"comes? to an end\b|come to its end\b": "finishes, ends",
    r"(is|are|was|were) no\b(?!t|ne)": "isn't a, aren't",
    r"what is there\b": "name the thing",
    r"takes? [\w `'-]{1,30} for (a|an|the)\b": "treats X as Y",
    r"just\b|simply\b|obviously\b": "(nothing)",
}
PLACES = [
    *("solutions/*.py", "solutions/trainer/*.py", "katas/*.py", "checks/*.py", "checks/words/*.py"),
    *("checks/judging/*.py", "checks/learning/*.py", "checks/teaching/*.py"),
    "notebooks/*.py",
    *("checks/wrong_answers/*.py", "checks/right_answers/*.py", "checks/other_wordings/*.py"),
    *("checks/hints/*.md", "*.md", "checks/*.md", "solutions/trainer/*.md", "checks/teaching/*.md"),
]
FILES = sorted({p for o in PLACES for p in ROOT.glob(o)})


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """What a person reads in a file, with the line: prose, docstrings, messages, comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from enumerate(
            re.sub(
                r"```.*?```|`[^`]*`", lambda m: "\n" * m[0].count("\n"), text, flags=re.S
            ).splitlines(),
            1,
        )
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            lines = [o for o in node.value.splitlines() if not o.strip().startswith(">>>")]
            yield node.lineno, re.sub(r"`[^`]*`", "", " ".join(lines))
    for number, line in enumerate(text.splitlines(), 1):
        if (found := re.match(r"[^\"'#]*#(.*)", line)) and not re.search(r"noqa|type:", line):
            yield number, found[1]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_words_are_plain(path):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {hit[0]!r}, better: {better}"
        for line, text in texts(path)
        for banned, better in BANNED.items()
        for hit in re.finditer(rf"\b({banned})", text, re.I)
    ]
    assert not found, "\n".join(found)
