"""What the tests of the binary share: an own home, the practice Stripe as a process, TAP."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import urllib.request

RETAINERCTL = sys.argv[1]


class Home:
    """An empty home with its XDG folders and no session bus."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix='retainer-ctl-'))
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(('XDG_', 'DBUS_')) and name not in (
                'STRIPE_API_KEY', 'RETAINER_API_BASE', 'DISPLAY', 'WAYLAND_DISPLAY')}
        self.environment['HOME'] = str(self.path)
        for name in ('DATA', 'CONFIG', 'STATE', 'CACHE'):
            self.environment[f'XDG_{name}_HOME'] = str(self.path / name.lower())
        self.environment['XDG_RUNTIME_DIR'] = str(self.path / 'run')
        # libsecret's own file instead of a daemon.
        self.environment['SECRET_BACKEND'] = 'file'
        self.environment['SECRET_FILE_TEST_PATH'] = str(self.path / 'test.keyring')
        self.environment['SECRET_FILE_TEST_PASSWORD'] = 'test'
        (self.path / 'run').mkdir(mode=0o700)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def replica(self):
        return next((self.path / 'data' / 'retainer').glob('*.db'))

    def popen(self, *arguments, **options):
        environment = dict(self.environment, **options.pop('environment', {}))
        return subprocess.Popen([RETAINERCTL, *arguments], env=environment,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                stdin=options.pop('stdin', subprocess.DEVNULL), **options)

    def run(self, *arguments, code=0, text=None, environment=None):
        """Runs one command that must end with `code`; its output as text."""
        process = self.popen(*arguments, environment=environment or {},
                             stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL)
        out, err = process.communicate(text.encode() if text is not None else None, timeout=120)
        assert process.returncode == code, (
            f'{arguments}: exit {process.returncode}, not {code}\n{out.decode()}{err.decode()}')
        self.error = err.decode()
        return out.decode()

    def json(self, *arguments, **options):
        """The same with --json, read."""
        out = self.run('--json', *arguments, **options)
        return json.loads(out) if out else None

    def refused(self, *arguments, code=1, **options):
        """A command that must fail: its error."""
        self.run('--json', *arguments, code=code, **options)
        return json.loads(self.error)['error']


class Stripe:
    """`retainerctl practice serve` as a process of its own."""

    def __init__(self, home):
        self.process = home.popen('practice', 'serve', '--port', '0', '--data',
                                  str(home.path / 'stripe'))
        self.base = self.process.stdout.readline().decode().strip()
        assert self.base.startswith('http://127.0.0.1:'), self.base
        home.environment['RETAINER_API_BASE'] = self.base

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0
        self.process.stdout.close()
        self.process.stderr.close()

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method,
                                         data=body and body.encode())
        request.add_header('Authorization', 'Bearer sk_test_outside')
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def fault(self, **order):
        self.ask('POST', '/_practice/faults', json.dumps(order))

    def state(self):
        return self.ask('GET', '/_practice/state')

    def list(self, path):
        objects, cursor = [], ''
        while True:
            page = self.ask('GET', f'{path}{"&" if "?" in path else "?"}limit=100{cursor}')
            objects += page['data']
            if not page['has_more']:
                return objects
            cursor = '&starting_after=' + objects[-1]['id']


def main(*tests):
    """Runs each test function, in TAP."""
    failed = False
    print(f'1..{len(tests)}')
    for number, test in enumerate(tests, 1):
        name = test.__name__.removeprefix('test_').replace('_', '-')
        try:
            test()
            print(f'ok {number} {name}', flush=True)
        except Exception:  # every failure is reported, and the next test runs
            failed = True
            print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()))
            print(f'not ok {number} {name}', flush=True)
    sys.exit(failed)
