#!/usr/bin/env python3
"""Every row of the table of traps has a test that is named after it.

The table lists what went wrong for others who kept a copy of Stripe or worked offline: A reading,
B writing, C network and time, D storage. A test names its rows in its path or title:
"/events/a2-…", "sim (A25 B14)", "d1-backup". --list prints which test each row has.
"""

import re
import sys
from pathlib import Path

ROWS = {"A": 25, "B": 32, "C": 6, "D": 9}
EXCUSED = {
    "A11": "no object with an embedded list is kept yet: comes with invoices",
    "A23": "checked right here: nothing under src/core asks Stripe's search",
    "A13": "no previews yet: comes with subscriptions",
}
NAMES = [
    re.compile(r'"(/[a-z0-9-]+/[a-z0-9/-]+)"'),        # GLib
    re.compile(r"def (?:test_)?(\w+)"),                  # tests/ctl, tests/ui
    re.compile(r"(?:step|test) ?\(\s*f?['\"]([^'\"]+)['\"]"),  # tests/ui, meson.build
    re.compile(r'"(/faults/[^"]*)"'),
    re.compile(r"': '( \([A-D0-9 ]+\))'"),
]
ROW = re.compile(r"(?<![a-z0-9])([a-d])(\d{1,2})(?![a-z0-9])", re.IGNORECASE)


def rows_of(root):
    found = {}
    for path in sorted(root.rglob("*")):
        if path.suffix not in (".c", ".py", ".build") or "lint" in path.parts:
            continue
        text = path.read_text()
        for pattern in NAMES:
            for name in pattern.findall(text):
                for letter, number in ROW.findall(name.replace("_", "-")):
                    found.setdefault(f"{letter.upper()}{int(number)}", []).append(
                        f"{path.relative_to(root)} {name}")
    return found


def searching(root):
    """Search lags up to an hour: nothing may be decided by it (A23)."""
    return [path for path in sorted((root / "src/core").rglob("*.c"))
            if re.search(r"/v1/[a-z_]+/search", path.read_text())]


def main():
    found = rows_of(Path(__file__).resolve().parents[1])
    wanted = [f"{letter}{n}" for letter, count in ROWS.items() for n in range(1, count + 1)]
    missing = [row for row in wanted if row not in found and row not in EXCUSED]
    if "--list" in sys.argv:
        for row in wanted:
            print(f"{row}: {'; '.join(found.get(row, ['— ' + EXCUSED.get(row, 'missing')]))}")
    for row in missing:
        print(f"no test is named after row {row}")
    searchers = searching(Path(__file__).resolve().parents[2])
    for path in searchers:
        print(f"{path} asks Stripe's search")
    return not missing and not searchers


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
