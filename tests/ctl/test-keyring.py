"""A real Secret Service: unlocked, locked, gone, never there (TRAPS E2–E4)."""
import os
import subprocess

from harness import Home, Stripe, main

BASE = ['product', 'create', '--model', 'base', '--currency', 'usd', '--amount', '1', '--name']


class Bus:
    """A private session bus with gnome-keyring, and no display to ask on."""

    def __init__(self, home, with_keyring=True):
        for name in ('SECRET_BACKEND', 'SECRET_FILE_TEST_PATH', 'SECRET_FILE_TEST_PASSWORD'):
            del home.environment[name]
        # libsecret 0.20 itself warns when a prompt ends without an answer.
        home.environment.pop('G_DEBUG', None)
        self.environment = home.environment
        configuration = [] if with_keyring else [f'--config-file={self.lonely(home)}']
        kind = [] if configuration else ['--session']
        self.bus = subprocess.Popen(['dbus-daemon', *kind, *configuration, '--nofork',
                                     '--print-address=1'], env=self.environment,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.environment['DBUS_SESSION_BUS_ADDRESS'] = self.bus.stdout.readline().decode().strip()
        if with_keyring:
            self.call_daemon('--unlock')

    @staticmethod
    def lonely(home):
        """A bus that starts nothing by itself."""
        path = home.path / 'bus.conf'
        path.write_text('<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>'
                        '<auth>EXTERNAL</auth><policy context="default"><allow send_destination="*"'
                        ' eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>'
                        '</policy></busconfig>')
        return path

    def call_daemon(self, *arguments):
        subprocess.run(['gnome-keyring-daemon', '--components=secrets', *arguments], input=b'test',
                       env=self.environment, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def lock(self):
        subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.secrets',
                        '--object-path', '/org/freedesktop/secrets', '--method',
                        'org.freedesktop.Secret.Service.Lock',
                        "['/org/freedesktop/secrets/collection/login']"],
                       env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.bus.terminate()
        self.bus.wait(30)
        self.bus.stdout.close()


def drafting_works(home, name):
    """Whatever the keyring does, what one drafts is kept and queued."""
    assert home.json(*BASE, name)['state'] == 'queued'
    report = home.json('sync', code=5)
    assert report['pending'] >= 1 and report['requests'] == 0
    assert not home.json('check', code=1)['ok']


def test_unlocked():
    with Home() as home, Stripe(home), Bus(home):
        home.json('account', 'add', '--name', 'Real', '--key-stdin', text='rk_test_1\n')
        home.json(*BASE, 'Voice')
        assert home.json('sync')['pushed'] == 1
        found = subprocess.run(['secret-tool', 'search', '--all', 'mode', 'test'],
                               env=home.environment, capture_output=True, check=True)
        assert b'dev.retainer.Retainer' in found.stdout + found.stderr
        home.run('account', 'remove', 'Real', '--yes')
        found = subprocess.run(['secret-tool', 'search', '--all', 'mode', 'test'],
                               env=home.environment, capture_output=True, check=False)
        assert b'rk_test_1' not in found.stdout


def test_locked():
    with Home() as home, Stripe(home), Bus(home) as bus:
        home.json('account', 'add', '--name', 'Real', '--key-stdin', text='rk_test_1\n')
        bus.lock()
        drafting_works(home, 'Locked')
        error = home.refused('account', 'add', '--name', 'More', '--key-stdin', text='rk_test_2\n',
                             code=5)
        assert error['field'] == 'key' and len(home.json('account', 'list')) == 1


def test_missing_service():
    with Home() as home, Stripe(home), Bus(home, with_keyring=False):
        home.refused('account', 'add', '--name', 'Real', '--key-stdin', text='rk_test_1\n', code=5)
        key = {'STRIPE_API_KEY': 'rk_test_1'}
        home.json('account', 'add', '--name', 'Real', environment=key)
        drafting_works(home, 'No service')
        assert home.json('sync', environment=key)['pushed'] == 1


def test_no_bus():
    with Home() as home, Stripe(home):
        home.environment.pop('G_DEBUG', None)
        key = {'STRIPE_API_KEY': 'rk_test_1'}
        home.json('account', 'add', '--name', 'Real', environment=key)
        for name in ('SECRET_BACKEND', 'SECRET_FILE_TEST_PATH', 'SECRET_FILE_TEST_PASSWORD'):
            del home.environment[name]
        home.environment['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=' + os.fspath(home.path / 'none')
        drafting_works(home, 'No bus')


main(test_unlocked, test_locked, test_missing_service, test_no_bus)
