#!/usr/bin/env python3
"""Adds up what `meson test` did in each build folder: usage: summary.py FOLDER...

Every case counts, not every program. Ends with "N passed, N failed", and with status 1 if a case
failed or if none ran.
"""

import json
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

BAD = {"FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS"}


def programs(folder):
    with open(Path(folder, "meson-logs/testlog.json"), encoding="utf-8") as log:
        return [json.loads(line) for line in log]


def cases(folder):
    """How many cases passed, failed and were skipped."""
    passed = failed = skipped = 0
    root = xml.parse(Path(folder, "meson-logs/testlog.junit.xml")).getroot()
    for case in root.iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main(folders):
    passed = failed = skipped = 0
    for folder in folders:
        counts = cases(folder)
        # A program that crashed or hung may have reported only cases that passed.
        n_bad = sum(program["result"] in BAD for program in programs(folder))
        passed += counts[0]
        failed += max(counts[1], n_bad)
        skipped += counts[2]
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
