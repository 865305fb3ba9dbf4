"""The door's server without the wait of rule 4, so that a journey takes seconds."""

from __future__ import annotations

from tests.screens.door_server import main  # isort: skip  # It patches; nothing may come before it.

import sys
from pathlib import Path

from tentqueue.domain.rules import TentRules

if __name__ == "__main__":
    main(Path(sys.argv[1]), TentRules(cooldown_minutes=0))
