"""Evidence: what a process has told of an answer, believed only as far as it is well formed.

A green needs every law's own line, in their order, each with the next signature of this attempt, an
end by itself, and nothing after it. What this doesn't stop: code that gets past the screening and
the guard runs in the process of the laws, and could sign there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checks.judging.assembly import Source
from checks.judging.curriculum import Course
from checks.judging.judge import Job, _verdict
from checks.judging.sandbox import Limits, Report
from checks.judging.verdict import Verdict
from checks.teaching.attempt import SECRET, Handed, signer

_TEXTS = {"message": 2000, "counterexample": 4000, "yours": 2000, "wanted": 2000, "law": 2000}
_TEXTS |= {"call": 4000, "part": 80}
_KINDS = frozenset(
    "import law waiting green missing failed tampered broken behaviour scene".split()
)
PICTURE = 400_000


def verdict(
    course: Course, handed: Handed, exercise: str, line: int | None, report: Report,
    roll: Sequence[str], token: str, limits: Limits,
) -> Verdict:  # fmt: skip
    """The verdict on an answer, from what its process has told."""
    job = Job(handed.kata, exercise, Source(handed.path, "", []))
    own = list(signed(token, report.events))
    forged = len(own) < len([e for e in report.events if e.get("event") != "broken"])
    for event in own:
        if event["event"] == "refused":
            return refused(job.kata, exercise, handed.path, _whole(event.get("line")), event)
    events = [clean for e in own if (clean := _cleaned(e, roll, exercise))]
    pictures = [o for e in reversed(events) if (o := e.pop("picture", None))]
    events = [e for e in events if e["event"] != "scene"]
    if not events and report.events and not forged:
        events = [{"event": "broken", "message": str(report.events[-1].get("message"))[:500]}]
    found = _verdict(course, job, replace(report, events=events), limits)
    found.line = found.line or line
    found.picture = pictures[0] if pictures else None
    if forged:
        found = _doubtful(found, "something else than the checks wrote into their channel")
    elif found.status == "green":
        laws = [e["name"] for e in events if e["event"] == "law"]
        if laws != list(roll) or report.status or events[-1]["event"] != "green":
            found = _doubtful(found, "the checks didn't come to their end in their order")
        found.passed = found.of = sum(not name.endswith(SECRET) for name in laws)
    if report.flooded:
        found.status = "error"
        found.message = "your code wrote more, or more files, than a check may"
    return found


def signed(token: str, events: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The events with the right signatures, up to the first that has another."""
    sign = signer(token)
    for event in [o for o in events if "token" in o]:
        plain = {k: v for k, v in event.items() if k != "token"}
        if sign(plain) != event["token"]:
            return
        yield plain


def refused(
    kata: str, exercise: str, path: str, line: int | None, finding: Mapping[str, Any]
) -> Verdict:
    """The verdict on an answer that uses what none needs."""
    word, why = str(finding.get("word"))[:80], str(finding.get("why"))[:200]
    message = f"refused: {why} (a teacher lets it through with allow={word})"
    return Verdict(kata, exercise, "refused", message=message, file=path, line=line)


def _doubtful(found: Verdict, why: str) -> Verdict:
    message = f"no verdict can be trusted here: {why}"
    return Verdict(found.kata, found.exercise, "error", found.seconds, message=message,
                   file=found.file, line=found.line)  # fmt: skip


def printable(text: str) -> str:
    """A text from a submission as a terminal and a table can show it, in one line."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(o if o.isprintable() else "?" for o in plain)


def printable_lines(text: str) -> str:
    """A text as a terminal can show it; lines stay."""
    return "\n".join(map(printable, text.expandtabs().splitlines()))


def _whole(value: Any) -> int | None:
    return value if type(value) is int and 0 < value < 10**7 else None


def _cleaned(event: dict[str, Any], roll: Sequence[str], exercise: str) -> dict[str, Any] | None:
    """An event of a trial with only what it may hold; None for any other."""
    kind = event["event"]
    if kind not in _KINDS or (kind == "law" and event.get("name") not in roll):
        return None
    clean: dict[str, Any] = {"event": kind, "line": _whole(event.get("line"))}
    for name, most in _TEXTS.items():
        value = event.get(name)
        clean[name] = printable_lines(value[:most]) if isinstance(value, str) else None
    if kind == "law":
        name = event["name"]
        waiting = [o for o in roll[list(roll).index(name) + 1 :] if not o.endswith(SECRET)]
        words = event.get("words")
        clean |= {"name": name, "waiting": len(waiting), "words": []}
        if isinstance(words, list) and all(isinstance(o, str) for o in words):
            clean["words"] = [o[:500] for o in words[:20]]
    if kind == "failed":
        clean["import"] = event.get("import") is True
        clean["message"] = clean["message"] or "no reason was told"
    if kind in ("failed", "scene"):
        picture = event.get("picture")
        if isinstance(picture, str) and picture.isascii() and len(picture) < PICTURE:
            clean["picture"] = picture
    if kind in ("tampered", "broken"):
        clean["message"] = clean["message"] or "no reason was told"
    if kind == "missing":
        clean |= {"line": clean["line"] or 1, "part": clean["part"] or exercise}
    if kind == "behaviour":
        if not isinstance(event.get("behaviour"), dict) or clean["law"] is None:
            return None
        choices = event.get("choices")
        clean["choices"] = choices if isinstance(choices, str) else None
        clean["behaviour"] = event["behaviour"]
    return clean
