"""A person at Retainer's window: finds by name, types, clicks, looks. By AT-SPI and real keys.

Hides what differs between GTK 4.8 and newer: roles, doubled names, where a text stands. Nothing
here waits for a time; everything waits for a condition.
"""
import json
import os
import pathlib
import select
import signal
import sqlite3
import subprocess
import sys
import traceback

# Warnings are fatal for Retainer, not for the one who looks at it.
STRICT = {'G_DEBUG': os.environ.pop('G_DEBUG', 'fatal-warnings')}

from gi.repository import GLib  # noqa: E402
import tree  # noqa: E402

PATIENCE = 20  # seconds
PAGES = ('Clients', 'Products', 'Coupons', 'Outbox', 'Account')  # the sidebar, in order
RETAINER, RETAINERCTL, SHOTS = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])


def wait_for(look, what):
    """The first true answer of `look`; fails if there is none in time."""
    end = GLib.get_monotonic_time() + PATIENCE * 1000000
    while True:
        try:
            found = look()
        except GLib.Error:  # a widget that went away while it was looked at
            found = None
        if found:
            return found
        assert GLib.get_monotonic_time() < end, f'waited in vain for {what}'
        select.select([], [], [], 0.03)


def role_of(node):
    return node.role if node else ''


def texts(nodes):
    """What of them one can read."""
    return [n.name for n in nodes if n.role in
            ('label', 'alert', 'status bar', 'statusbar', 'notification')]


class Robot:
    """A running Retainer. Its home is that of the session, so a second one finds it again."""

    latest = None

    def __init__(self, scenario, **environment):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.scenario = scenario
        self.n_shots = 0
        Robot.latest = self
        self.errors = (SHOTS / f'{scenario}.stderr').open('w+')
        self.process = subprocess.Popen([RETAINER], stderr=self.errors,
                                        env={**os.environ, **STRICT, **environment})
        self.bus = tree.connect()
        wait_for(self.look, 'the window')
        self.window = subprocess.check_output(
            ['xdotool', 'search', '--sync', '--onlyvisible', '--name', '.'],
            timeout=PATIENCE).split()[-1].decode()
        # Keys go to the window that the pointer is over.
        subprocess.check_call(['xdotool', 'mousemove', '--window', self.window, '330', '20'])

    # Looking

    def look(self):
        """All that can be seen now; nothing as long as there is no window."""
        return tree.find_program(self.bus, self.process.pid)

    def nodes(self, within=None):
        """In tree order, the dialog on top first; of `within` what it is now."""
        seen = self.look()
        if not seen or (within and within.path not in seen.nodes):
            return []
        roots = [seen.nodes[within.path]] if within else reversed(seen.windows)
        return [n for root in roots for n in root.walk()]

    def find_all(self, name, role='', within=None):
        """Nodes whose name contains `name`."""
        return [n for n in self.nodes(within) if name in n.name and role in n.role]

    def find(self, name, role='', within=None):
        return wait_for(lambda: (self.find_all(name, role, within) or [None])[0],
                        f'{role or "something"} named “{name}”')

    def page(self, title):
        """The page of the sidebar with this title, also while another one is shown."""
        return self.find(title, 'panel')

    def labels(self, within=None):
        """All texts one can read there."""
        return texts(self.nodes(within))

    def wait_label(self, text, within=None):
        """Waits for a text that contains this; returns it."""
        return wait_for(lambda: next((t for t in self.labels(within) if text in t), None),
                        f'the text “{text}”')

    def wait_no_label(self, text, within=None):
        wait_for(lambda: not any(text in t for t in self.labels(within)), f'“{text}” to go')

    def field(self, name):
        """The text field with this label."""
        def look():
            nodes = self.find_all(name, 'text') or self.find_all(name, 'password text')
            return next((n for n in nodes if n.is_editable()), None)
        return wait_for(look, f'field “{name}”')

    def text(self, name):
        return self.field(name).text()

    def has_state(self, node, name):
        """Whether it is, for example, `SENSITIVE`, as it is now."""
        return node.has_state(name)

    def is_on(self, name):
        return self.has_state(self.find(name, 'check box'), 'CHECKED')

    # Doing

    def type(self, name, text):
        self.field(name).set_text(text)

    def press(self, button):
        # What is pressed while it is busy is lost; a person waits.
        wait_for(lambda: button.has_state('SENSITIVE'), f'“{button.name}” to be sensitive')
        button.do()

    def click(self, name, within=None):
        self.press(self.find(name, 'button', within))

    def toggle(self, name):
        self.press(self.find(name, 'check box'))

    def do(self, action):
        """An action of the window without parameter, such as `win.sync`."""
        frame = self.find('Retainer', 'frame')
        frame.do(frame.actions().index(action))

    def key(self, *keys):
        subprocess.check_call(['xdotool', 'key', '--delay', '40', *keys])

    def keyboard(self, text):
        """Types with real keys into what has the focus."""
        subprocess.check_call(['xdotool', 'type', '--delay', '50', text])

    def focused(self):
        """What has the focus. GTK 4.8 does not tell of text fields."""
        return next((n for n in self.nodes() if n.had_state('FOCUSED')), None)

    def has_focus(self, name):
        """Whether what has the focus, what it stands in, or what stands in it, has this name."""
        node = self.focused()
        if role_of(node) == 'list item' and any(name in t for t in texts(node.walk())):
            return True
        for _ in range(4):
            if node and name in node.name:
                return True
            node = node and node.get_parent()
        return False

    def go_to(self, name, key='Tab'):
        """Moves the focus there with one key alone."""
        # A list that is read anew takes the focus back to its beginning: more rounds than one.
        self.find(name)
        for _ in range(150):
            # Twice: a key that is still under way must not take it further.
            if self.has_focus(name) and self.has_focus(name):
                return
            before = self.focused()
            self.key(key)
            self.wait_until_left(before)
        raise AssertionError(f'no {key} leads to “{name}”')

    def wait_until_left(self, node):
        """Until the focus is elsewhere; not for ever: a key at the end of a list moves nothing."""
        end = GLib.get_monotonic_time() + 1500000
        while GLib.get_monotonic_time() < end:
            if self.focused() not in (None, node):
                return
            select.select([], [], [], 0.03)

    def show(self, page):
        """A page of the sidebar."""
        self.key(f'ctrl+{PAGES.index(page) + 1}')

    def open_row(self, page, name):
        """Opens the form of an object, by keyboard alone."""
        self.show(page)
        wait_for(lambda: role_of(self.focused()) == 'list item',
                 'the focus in the list')
        self.key('Home')
        self.go_to(name, 'Down')
        self.key('Return')

    def is_choosing(self):
        node = self.focused()
        return node and node.role == 'list item' and not node.name

    def choose(self, name, position):
        """The value at this position of a choice, by keyboard alone."""
        self.go_to(name)
        self.key('Return')
        wait_for(self.is_choosing, f'the choice of “{name}” to open')
        self.key('Home', *['Down'] * position, 'Return')
        wait_for(lambda: not self.is_choosing(), f'the choice of “{name}” to close')

    def search_choice(self, name, text):
        """The first value of a choice that begins like this, by keyboard alone."""
        self.go_to(name)
        self.key('Return')
        wait_for(lambda: role_of(self.focused()) in ('entry', 'text', 'search box'),
                 f'the search of “{name}”')
        popup = self.focused()
        while not texts(popup.walk()):
            popup = popup.get_parent()
        self.keyboard(text)
        wait_for(lambda: all(t.startswith(text) for t in self.labels(popup)),
                 f'“{name}” to be searched')
        self.shot('search')
        self.key('Down')
        wait_for(self.is_choosing, f'the choice of “{name}”')
        self.key('Return')
        wait_for(lambda: not self.is_choosing(), f'the choice of “{name}” to close')

    def resize(self, width, height):
        subprocess.check_call(['xdotool', 'windowsize', '--sync', self.window, str(width),
                               str(height)])

    def size(self):
        out = subprocess.check_output(['xdotool', 'getwindowgeometry', '--shell', self.window],
                                      text=True)
        values = dict(line.split('=') for line in out.split())
        return int(values['WIDTH']), int(values['HEIGHT'])

    def shot(self, name, at_rest=True):
        """A picture, once the window has stopped changing if it ever does; kept with the build."""
        self.n_shots += 1
        path = SHOTS / f'{self.scenario}-{self.n_shots:02}-{name}.png'

        def is_at_rest():
            before = path.read_bytes() if path.exists() else None
            # Of the screen, so that menus are in it; the window stands in its corner.
            subprocess.check_call(['import', '-window', 'root', '-crop', '%dx%d+0+0' % self.size(),
                                   '-define', 'png:exclude-chunks=date,time', str(path)])
            return not at_rest or path.read_bytes() == before
        path.unlink(missing_ok=True)
        wait_for(is_at_rest, 'the window to come to rest')

    # Ending

    def close(self):
        """Closes the window as a person does."""
        self.key('ctrl+w')
        assert self.process.wait(PATIENCE) == 0, f'ended with {self.process.returncode}'

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        self.errors.seek(0)
        said = [line for line in self.errors
                if 'WARNING' in line or 'CRITICAL' in line or 'ERROR' in line]
        self.errors.close()
        assert not said, ''.join(said)


def ctl(*arguments):
    """What `retainerctl --json` says of the same home."""
    out = subprocess.run([RETAINERCTL, '--json', *arguments], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return json.loads(out) if out else None


def replica():
    return next((pathlib.Path(os.environ['XDG_DATA_HOME']) / 'retainer').glob('*.db'))


def run_sql(sql):
    """Does something to the replica that Retainer would not."""
    database = sqlite3.connect(replica())
    database.execute(sql)
    database.close()


def run(*steps):
    """Runs the steps in order as TAP; the first that fails ends it."""
    print(f'1..{len(steps)}', flush=True)
    for number, step in enumerate(steps, 1):
        name = step.__name__.replace('_', ' ')
        try:
            step()
        except Exception:  # whatever it is, the report says which step
            print(f'not ok {number} - {name}')
            if Robot.latest and Robot.latest.process.poll() is not None:
                print(f'# Retainer has ended with {Robot.latest.process.returncode}')
            elif Robot.latest:
                Robot.latest.shot('failed')
                Robot.latest.kill()
            print(''.join(f'# {line}\n' for line in traceback.format_exc().splitlines()))
            for said in sorted(SHOTS.glob('*.stderr')):
                print(''.join(f'# {said.stem}: {line}' for line in said.open()))
            return 1
        print(f'ok {number} - {name}', flush=True)
    return 0
