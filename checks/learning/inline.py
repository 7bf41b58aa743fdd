"""Inline: the picture of a verdict in the terminal itself, where that can show one."""

import os
import select
import sys

from checks.judging.verdict import width

COLUMNS = 72  # of a picture, at most


def in_front() -> bool:
    """Whether we write to a terminal whose keys reach us; in the background asking stops us."""
    try:
        return os.isatty(0) and sys.stdout.isatty() and os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def show_inline(picture: str | None) -> None:
    """Show a picture's file in kitty, iTerm2, VS Code, and others that know sixel.

    The library asks the terminal what it can show, and in any other nothing appears. NO_PICTURES=1
    turns it off.
    """
    if not picture or "NO_PICTURES" in os.environ or os.environ.get("TERM", "dumb") == "dumb":
        return
    if not in_front() or select.select([0], [], [], 0)[0]:  # keys that wait would pass for answers
        return
    try:
        from rich.console import Console
        from textual_image import renderable

        if renderable.Image in (renderable.SixelImage, renderable.TGPImage):
            console = Console(width=min(width(), COLUMNS))
            console.print(renderable.Image(picture, width="auto", height="auto"))
    except Exception as error:  # a verdict never fails for its picture
        print(f"        (not shown here: {error})")
