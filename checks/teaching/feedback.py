"""Feedback: one page for each student, as Markdown and as HTML with the pictures."""

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from checks.judging.curriculum import Course
from checks.judging.verdict import Verdict, lines
from checks.teaching.course_file import Scheme

if TYPE_CHECKING:
    from checks.teaching.grade import Submission

STYLE = """body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto;
padding: 0 1rem } pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f5f5;
padding: .8rem; line-height: 1.35 }
table { border-collapse: collapse } td, th { padding: .2rem .8rem .2rem 0; text-align: left }
.green { color: #00795a } .red { color: #b3261e } .missing { color: #666 } img { max-width: 100% }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd }
pre { background: #222 } .green { color: #4cc39f } .red { color: #ff8a80 } }"""
KINDS = ("green", "missing")


def told(verdict: Verdict) -> list[str]:
    """A verdict as lines; its picture is data and no file."""
    return [text for _, text in lines(replace(verdict, picture=None))]


def _told(verdict: Verdict) -> str:
    """A verdict without its first line, which the heading says."""
    return "\n".join(told(verdict)[1:])


def _head(person: "Submission", scheme: Scheme) -> str:
    return f"{person.points(scheme):g} of {scheme.whole:g} points"


def _rows(course: Course, person: "Submission") -> list[tuple[str, str, list[Verdict]]]:
    """Each kata with the file that counted and its verdicts."""
    found = []
    for kata in dict.fromkeys(k for k, _ in person.verdicts):
        verdicts = [v for (k, _), v in person.verdicts.items() if k == kata]
        path = ", ".join(person.counted.get(kata, [])) or "no file"
        found.append((kata, path, verdicts))
    return found


def as_markdown(course: Course, person: "Submission", scheme: Scheme) -> str:
    """The page as Markdown; pictures are only in the other one."""
    text = [f"# {plain_in_markdown(person.name)}", "", _head(person, scheme), ""]
    text += [f"- {plain_in_markdown(o)}" for o in person.notes] + [""] * bool(person.notes)
    for kata, path, verdicts in _rows(course, person):
        green = sum(v.status == "green" for v in verdicts)
        text += [f"## {kata}: {green} of {len(verdicts)} ({plain_in_markdown(path)})", ""]
        for verdict in verdicts:
            text.append(f"- `{verdict.exercise}`: {verdict.status}")
            if verdict.status not in KINDS and (words := _told(verdict)):
                text += ["", "  ````text", *(f"  {o}" for o in words.splitlines()), "  ````", ""]
        text.append("")
    return "\n".join(text)


def plain_in_markdown(text: str) -> str:
    """A text from a submission that means nothing in Markdown: no HTML, link, picture or table."""
    return re.sub(r"[\\`<|\[\]]", lambda o: f"&#{ord(o[0])};", text)


def as_html(course: Course, person: "Submission", scheme: Scheme) -> str:
    """The page as HTML, in one file."""
    name = html.escape(person.name)
    text = ["<!doctype html>", '<html lang="en"><head><meta charset="utf-8">']
    text += [f"<title>{name}</title><style>{STYLE}</style></head><body>"]
    text += [f"<h1>{name}</h1><p>{_head(person, scheme)}</p>"]
    if person.notes:
        text.append(f"<ul>{''.join(f'<li>{html.escape(o)}</li>' for o in person.notes)}</ul>")
    for kata, path, verdicts in _rows(course, person):
        green = sum(v.status == "green" for v in verdicts)
        text.append(f"<h2>{kata}: {green} of {len(verdicts)}</h2><p>{html.escape(path)}</p>")
        for kind in KINDS:
            if names := [v.exercise for v in verdicts if v.status == kind]:
                text.append(f'<p class="{kind}">{kind}: {", ".join(names)}</p>')
        for verdict in [v for v in verdicts if v.status not in KINDS]:
            text.append(f'<h3 class="red">{verdict.exercise}: {verdict.status}</h3>')
            if words := _told(verdict):
                text.append(f"<pre>{html.escape(words)}</pre>")
            if verdict.picture:
                source = f"data:image/png;base64,{html.escape(verdict.picture)}"
                text.append(
                    f'<p><img src="{source}" alt="wanted, yours, and their difference"></p>'
                )
    return "\n".join([*text, "</body></html>", ""])
