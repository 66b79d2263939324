#!/usr/bin/env python3
"""The rules of this house that no compiler checks.

usage: lint.py [ROOT]            check every file of the tree
       lint.py --self-test       each folder in bad/ must be refused by the rule it is named after
       lint.py --potfiles        print what belongs into po/POTFILES
       lint.py --translations    check that every translation is complete

A line is excused by a comment "lint: RULE, because REASON" on it; a file, function or line that
passes a size limit by "lint: long, because REASON", for a file within its first 30 lines.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from functools import partial
from pathlib import Path

CODE = (".c", ".h", ".py", ".sh", ".js", ".mjs")
LIMITS = {"file": 600, "ui": 400, "function": 60, "parameters": 6, "line": 100, "nesting": 4,
          "complexity": 15, "includes": 10}

# Which folders of src/ each folder may include from, and which outside libraries.
FOLDERS = {
    "core/base": ("", ""),
    "core/model": ("core/base", ""),
    "core/billing": ("core/base core/model", ""),
    "core/store": ("core/base core/model", "sqlite"),
    "core/stripe": ("core/base core/model", "soup"),
    "core/secrets": ("core/base core/model", "secret"),
    "core/usage": ("core/base core/model core/billing core/store", ""),
    "core/sync": ("core/base core/model core/billing core/store core/stripe core/usage", ""),
    "core/actions": ("core/base core/model core/billing core/store core/secrets core/usage", ""),
    "practice": ("core/base", "soup"),
    "workspace": ("core/* practice", ""),
    "ctl": ("core/* practice workspace", ""),
    "app": ("core/* practice workspace", "gtk"),
}
LIBRARIES = {"sqlite": r"sqlite3", "soup": r"libsoup/", "secret": r"libsecret/",
             "gtk": r"gtk/|gdk/|gsk/|adwaita|adw-"}

DEPRECATED = """AdwViewSwitcherTitle AdwLeaflet AdwFlap AdwSqueezer GtkDialog GtkMessageDialog
    AdwMessageDialog AdwPreferencesWindow AdwAboutWindow GtkAssistant GtkShortcutsWindow GtkInfoBar
    GtkStatusbar GtkTreeView GtkIconView GtkListStore GtkTreeStore GtkCellRenderer GtkComboBox
    GtkComboBoxText AdwEnumListModel GtkEntryCompletion GtkFileChooserDialog GtkFileChooserWidget
    GtkStyleContext GtkColorButton GtkFontButton GtkAppChooser GtkVolumeButton GtkLockButton"""
TOO_NEW = """AdwToolbarView AdwNavigationView AdwNavigationSplitView AdwOverlaySplitView
    AdwBreakpoint GtkAlertDialog AdwAlertDialog AdwDialog AdwPreferencesDialog AdwAboutDialog
    AdwShortcutsDialog AdwBanner AdwSpinner GtkColumnViewSorter AdwToggleGroup AdwSwitchRow
    AdwSpinRow GtkFileDialog GtkUriLauncher AdwBottomSheet AdwMultiLayoutView AdwWrapBox"""
BANNED = {
    r"\bgtk_show_uri\w*": "deprecated: g_app_info_launch_default_for_uri_async",
    r"\bgtk_widget_(show|hide)\b": "deprecated: gtk_widget_set_visible",
    r"\bgtk_widget_get_allocated_\w+": "deprecated: gtk_widget_get_width, _get_height",
    r"\bgtk_calendar_select_day\b": "deprecated: an entry in ISO form",
    r"\badw_expander_row_add_action\b": "deprecated: adw_expander_row_add_suffix",
    r"\badw_action_row_set_icon_name\b": "deprecated: add an image as prefix",
    r"\bG_APPLICATION_FLAGS_NONE\b": "deprecated: G_APPLICATION_DEFAULT_FLAGS",
    r"\bgtk_\w+_view_scroll_to\b": "newer than GTK 4.8",
    r"\bset_help_overlay\b|help-overlay": "deprecated: own page made from the action table",
    r"\bg_object_set_data\w*": "a field says what it holds",
    r"\bgoto\b": "g_autoptr frees, so return",
}
SLEEP = r"\b(?:g_usleep|usleep|nanosleep|sleep|timer_sleep)\s*\(|\btime\.sleep\b|^\s*sleep\s+[\d.]"
UNFINISHED = r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b"
HOSTS = """stripe.com stripe.network localhost example.com example.org example.net w3.org gnome.org
    freedesktop.org gnu.org fsf.org keepachangelog.com semver.org retellai.com vapi.ai elevenlabs.io
    opensource.org spdx.org 127.0.0.1 [::1] test example invalid""".split()
# A package registry or mirror named without a scheme; URLs are held to HOSTS.
REGISTRY = (r"\b(?:registry|deb|mirrors?|archive|proxy|security|repo|files)"
            r"\.[a-z0-9-]+\.(?:org|io|com|net)\b")
SANDBOX = {"--share=network", "--share=ipc", "--socket=fallback-x11", "--socket=wayland",
           "--device=dri"}
PROTOTYPE = r"^(?!typedef|static)[\w *]*?\b(rt_\w+) \([^;{]*\)[^;{}()]*;"
UNDOCUMENTED = r"_(?:ref|unref|free|close|clear|unlock|quark|get_type)$"  # the same everywhere
GETTEXT_C = r"\b(?:_|N_|C_|NC_|Q_|ngettext|g_dngettext|g_dgettext|g_dpgettext2?) \("
XGETTEXT = """--from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2
    --keyword=g_dgettext:2 --keyword=g_dngettext:2,3 --keyword=g_dpgettext2:2c,3""".split()


class Tree:
    """The files under a root, and the complaints about them."""

    def __init__(self, root):
        self.root = Path(root)
        self.complaints = []
        self.texts = {}
        for path in self.walk():
            try:
                self.texts[path] = (self.root / path).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                pass  # a picture

    def walk(self):
        for folder, folders, files in os.walk(self.root):
            here = Path(folder).relative_to(self.root)
            folders[:] = sorted(f for f in folders if not self.is_foreign(here / f))
            yield from (str(here / f) for f in sorted(files))

    @staticmethod
    def is_foreign(path):
        return (path.name in (".git", "node_modules", "__pycache__", ".flatpak-builder")
                or str(path).startswith("build") or str(path) == "tests/lint/bad")

    def with_suffix(self, *suffixes):
        return [(p, t) for p, t in self.texts.items() if p.endswith(suffixes)]

    def complain(self, path, line, rule, message):
        lines = self.texts.get(path, "").split("\n")
        here = lines[line - 1] if 0 < line <= len(lines) else ""
        if not is_excused(here, rule):
            self.complaints.append((path, line, rule, message))


def is_excused(text, rule):
    return re.search(r"lint: %s, because \S.{8,}" % rule, text) is not None


def code_only(text):
    """C without comments and without what stands in strings; lines and columns stay."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''

    def blank(match):
        inner = match.group()
        if inner[0] in "\"'":
            return inner[0] + " " * (len(inner) - 2) + inner[0]
        return re.sub(r"[^\n]", " ", inner)

    return re.sub(pattern, blank, text, flags=re.DOTALL)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


# --- sizes


def check_sizes(tree):
    for path, text in tree.with_suffix(".ui", ".css", ".sql", *CODE):
        lines = text.rstrip("\n").split("\n")
        limit = LIMITS["ui"] if path.endswith(".ui") else LIMITS["file"]
        if len(lines) > limit and not is_excused("\n".join(lines[:30]), "long"):
            tree.complain(path, 1, "file", f"{len(lines)} lines, limit {limit}")
        for number, line in enumerate(lines, 1):
            if len(line) > LIMITS["line"] and not is_excused(line, "long"):
                tree.complain(path, number, "line", f"{len(line)} columns, limit {LIMITS['line']}")
    for path, text in tree.with_suffix(".c"):
        check_functions(tree, path, text)
        n_own = len(re.findall(r'^#include "', text, re.M))
        if n_own > LIMITS["includes"] and not is_excused(text[:3000], "long"):
            tree.complain(path, 1, "includes", f"{n_own} own includes, limit {LIMITS['includes']}")


def check_functions(tree, path, text):
    code = code_only(text)
    # A name at the left edge with its parameters, then a body between braces at the left edge.
    for match in re.finditer(r"^([a-z]\w*) ?\(([^;{}]*)\)\n\{\n(.*?)^\}", code, re.M | re.S):
        name, parameters, body = match.groups()
        first, last = line_of(code, match.start()), line_of(code, match.end())
        before = text.split("\n")[max(0, first - 8):last]
        if is_excused("\n".join(before), "long"):
            continue
        found = {"function": last - first + 1, "parameters": count_parameters(parameters),
                 "nesting": nesting_of(body), "complexity": complexity_of(body)}
        for rule, value in found.items():
            if value > LIMITS[rule]:
                tree.complain(path, first, rule, f"{name}: {value}, limit {LIMITS[rule]}")


def count_parameters(text):
    """What every GLib call of its kind carries at its end does not count."""
    text = re.sub(r",\s*GError \*\*\w+|,\s*GCancellable \*\w+"
                  r"|,\s*GAsyncReadyCallback \w+,\s*gpointer \w+", "", text)
    depth, count = 0, 1
    for character in text:
        depth += (character == "(") - (character == ")")
        count += character == "," and depth == 0
    return count


def nesting_of(body):
    """How deep statements stand in each other: braces of initialisers do not count."""
    stack, deepest, previous = [], 0, ""
    for character in re.sub(r"\s", "", body):
        if character == "{":
            stack.append(previous not in "=,({")
            deepest = max(deepest, sum(stack))
        elif character == "}" and stack:
            stack.pop()
        previous = character
    return deepest


def complexity_of(body):
    return 1 + len(re.findall(r"\b(?:if|for|while|case)\b|&&|\|\||\?", body))


# --- layers


def folder_of(path):
    if not path.startswith("src/"):
        return None
    inside = path[4:]
    return next((f for f in FOLDERS if inside.startswith(f + "/")), None)


def check_layers(tree):
    home = {Path(p).name: folder_of(p) for p, _ in tree.with_suffix(".h") if folder_of(p)}
    for path, text in tree.with_suffix(".c", ".h"):
        folder = folder_of(path)
        if folder is None:
            continue
        may, libraries = (x.split() for x in FOLDERS[folder])
        for match in re.finditer(r'^#include ([<"])([^>"]+)', text, re.M):
            line, (kind, name) = line_of(text, match.start()), match.groups()
            if kind == "<":
                check_library(tree, path, line, name, libraries)
                continue
            other = home.get(Path(name).name)
            if other and other != folder and other not in may \
                    and not (other.startswith("core/") and "core/*" in may):
                tree.complain(path, line, "layer", f"{folder} may not use {other} ({name})")
    check_cycles(tree)


def check_library(tree, path, line, name, allowed):
    for library, pattern in LIBRARIES.items():
        if re.match(pattern, name) and library not in allowed:
            tree.complain(path, line, "layer", f"<{name}> does not belong in this folder")


def check_cycles(tree):
    includes = {Path(p).name: set(re.findall(r'^#include "([^"]+)"', t, re.M))
                for p, t in tree.with_suffix(".h")}
    paths = {Path(p).name: p for p, _ in tree.with_suffix(".h")}
    for start in includes:
        seen, ahead = set(), list(includes[start])
        while ahead:
            name = ahead.pop()
            if name == start:
                tree.complain(paths[start], 1, "cycle", "this header includes itself in the end")
                break
            if name not in seen:
                seen.add(name)
                ahead += includes.get(name, ())


# --- names and texts


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def banned_patterns():
    for names, reason in ((DEPRECATED, "deprecated"), (TOO_NEW, "newer than Debian 12")):
        for name in names.split():
            inside = r"\w*" if name == "GtkCellRenderer" else ""
            calls = r"(?!_add_provider_for_display)" if name == "GtkStyleContext" else ""
            yield (r"\b%s%s\b|\b%s_(?:new|get|set|add|insert|append|remove|clear|%s)\w*"
                   % (name, inside, snake(name) + calls, "present|save|open|choose"), reason)
    yield from BANNED.items()
    yield r"\b(?:GtkFileChooserNative|gtk_file_chooser_native_\w+)", "only in rt-file-picker.c"


def check_names(tree):
    patterns = [(re.compile(p), reason) for p, reason in banned_patterns()]
    for path, text in tree.with_suffix(".c", ".h", ".ui"):
        if not path.startswith(("src/", "ui/", "tests/")):
            continue
        code = text if path.endswith(".ui") else code_only(text)
        for pattern, reason in patterns:
            if "file-picker" in reason and Path(path).stem == "rt-file-picker":
                continue
            for match in pattern.finditer(code):
                tree.complain(path, line_of(code, match.start()), "name",
                              f"{match.group()}: {reason}")
        if path.startswith("src/core/") and Path(path).stem != "rt-json":
            complain_each(tree, path, code, r"\bg?(?:double|float)\b", "float",
                          "money and time are integers or RtDecimal")


def complain_each(tree, path, text, pattern, rule, message):
    for match in re.finditer(pattern, text, re.M):
        found = match.group().strip()
        tree.complain(path, line_of(text, match.start()), rule, f"{found}: {message}")


def check_words(tree):
    for path, text in tree.texts.items():
        if path == "LICENSE" or path.endswith((".po", ".svg")):
            continue
        complain_each(tree, path, text, UNFINISHED, "unfinished", "finish it or file an issue")
        for match in re.finditer(r"https?://([\w.-]+|\[::1\])|" + REGISTRY, text):
            host = (match.group(1) or match.group()).rstrip(".")
            # One word (http://retainer, http://%s) is no host of the Internet.
            if "." in host and not any(("." + host).endswith("." + known) for known in HOSTS):
                tree.complain(path, line_of(text, match.start()), "host", f"{host} is not in HOSTS")
        if path.startswith("tests/") and path.endswith(CODE):
            code = code_only(text) if path.endswith(".c") else text
            if path != "tests/lint/lint.py":
                complain_each(tree, path, code, SLEEP, "sleep", "wait for a condition")


# --- what must stand beside each other


def translatable(tree):
    for path, text in tree.texts.items():
        if path.startswith("src/") and path.endswith((".c", ".h")):
            if re.search(GETTEXT_C, code_only(text)):
                yield path
        elif path.startswith("ui/") and path.endswith(".ui"):
            if re.search(r'translatable="(?:yes|true|1)"', text):
                yield path
        elif path.startswith("data/") and path.endswith((".desktop.in", ".metainfo.xml.in")):
            yield path


def check_potfiles(tree):
    listed = [line for line in tree.texts.get("po/POTFILES", "").split("\n")
              if line and not line.startswith("#")]
    wanted = set(translatable(tree))
    for path in sorted(wanted - set(listed)):
        tree.complain("po/POTFILES", 1, "potfiles", f"{path} is missing: lint.py --potfiles")
    for path in sorted(set(listed) - wanted):
        tree.complain("po/POTFILES", 1, "potfiles", f"{path} has nothing to translate")


def check_templates(tree):
    names = {Path(p).name for p in tree.texts if p.startswith("src/app/")}
    for path, text in tree.with_suffix(".ui"):
        if not path.startswith("ui/"):
            continue
        if Path(path).stem + ".c" not in names:
            tree.complain(path, 1, "template", f"no {Path(path).stem}.c in src/app")
        try:
            root = xml.fromstring(text)
        except xml.ParseError as error:
            tree.complain(path, error.position[0], "template", str(error))
            continue
        for item in root.iter("object"):
            if re.fullmatch(r"Adw\w*Row", item.get("class", "")) \
                    and item.find("property[@name='icon-name']") is not None:
                tree.complain(path, 1, "name", "icon-name of a row is deprecated: add a prefix")


def check_documentation(tree):
    for path, text in tree.with_suffix(".h"):
        if not re.match(r"src/core/|src/practice/", path) \
                or re.search(r"-(private|words)\.h$", path):
            continue
        # One comment, then the prototypes that it is about, without an empty line between them.
        for block in re.split(r"\n\s*\n(?=/\*\*|[^\s*])", text):
            comment = re.match(r"\s*/\*\*\n.*?\*/", block, re.S)
            for match in re.finditer(PROTOTYPE, code_only(block), re.M):
                name = match.group(1)
                if not re.search(UNDOCUMENTED, name) \
                        and not (comment and re.search(r"\b%s\b" % name, comment.group())):
                    tree.complain(path, line_of(text, text.find(name + " (")), "document",
                                  f"{name} has no comment")


def check_sandbox(tree):
    for path, text in tree.with_suffix("dev.retainer.Retainer.json"):
        for argument in set(json.loads(text).get("finish-args", ())) - SANDBOX:
            tree.complain(path, 1, "sandbox", f"{argument}: more than Retainer needs")


RULES = (check_sizes, check_layers, check_names, check_words, check_potfiles, check_templates,
         check_documentation, check_sandbox)


# --- translations


def run_quietly(root, *command):
    return subprocess.run(command, cwd=root, check=True, text=True, capture_output=True,
                          env={**os.environ, "LC_ALL": "C"})


def check_translations(root):
    """Compares with the strings that are in the sources now, not with those when it was written."""
    is_complete = True
    with tempfile.TemporaryDirectory() as place:
        template = f"{place}/retainer.pot"
        run = partial(run_quietly, root)
        run("xgettext", *XGETTEXT, "--files-from=po/POTFILES", f"--output={template}")
        for language in Path(root, "po/LINGUAS").read_text().split():
            merged = f"{place}/{language}.po"
            run("msgmerge", "--quiet", "--no-fuzzy-matching", f"--output={merged}",
                f"po/{language}.po", template)
            counted = run("msgfmt", "--check", "--statistics", "--output=/dev/null", merged)
            statistics = counted.stderr
            print(f"{language}: {statistics.strip()}")
            if "fuzzy" in statistics or "untranslated" in statistics:
                is_complete = False
                print(run("msgattrib", "--untranslated", "--no-obsolete", merged).stdout)
    return is_complete


# --- commands


def check(root):
    tree = Tree(root)
    for rule in RULES:
        rule(tree)
    return sorted(set(tree.complaints))


def self_test(root):
    failed = 0
    samples = sorted(p for p in Path(root, "tests/lint/bad").iterdir() if p.is_dir())
    for sample in samples:
        found = {rule for _, _, rule, _ in check(sample)}
        if found != {sample.name.split("-")[0]}:
            failed += 1
            print(f"bad/{sample.name} is refused by {sorted(found) or 'no rule'}")
    rules = set(re.findall(r'tree\.complain\([^"]*?"(\w+)"', Path(__file__).read_text()))
    rules |= set(LIMITS) - {"ui"} | {"unfinished", "float", "sleep"}
    for rule in sorted(rules - {s.name.split("-")[0] for s in samples}):
        failed += 1
        print(f"rule {rule} has no sample in tests/lint/bad")
    print(f"{len(samples)} samples, {failed} wrong")
    return failed == 0


def main(arguments):
    root = Path(__file__).resolve().parents[2]
    if arguments == ["--self-test"]:
        return self_test(root)
    if arguments == ["--translations"]:
        return check_translations(root)
    if arguments == ["--potfiles"]:
        print("\n".join(sorted(translatable(Tree(root)))))
        return True
    complaints = check(arguments[0] if arguments else root)
    for path, line, rule, message in complaints:
        print(f"{path}:{line}: {rule}: {message}")
    return not complaints


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
