"""`watch` in a copy of the course, for a test: python -m checks.tests.watch_fork ROOT."""

import sys
from pathlib import Path

from checks.__main__ import main
from checks.judging.curriculum import Course

if __name__ == "__main__":
    sys.exit(main(["watch", "containers"], Course(Path(sys.argv[1]))))
