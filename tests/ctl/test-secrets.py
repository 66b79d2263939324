"""The key is nowhere but in the keyring (TRAPS E1, E7)."""
import pathlib
import subprocess
import threading

from harness import Home, Stripe, main

KEY = 'sk_test_4eC39HqLyjWDarjtT1zdp7dcNEVERSEEN'
BASE = ['product', 'create', '--model', 'base', '--currency', 'usd', '--name', 'x', '--amount', '1']


def watch(found, stop):
    """Looks at the command lines of every process until told to stop."""
    while not stop.is_set():
        for path in pathlib.Path('/proc').glob('[0-9]*/cmdline'):
            try:
                if KEY.encode() in path.read_bytes():
                    found.append(str(path))
            except OSError:
                pass


def scan(folder):
    """Files below `folder` that hold the key, as it is or in UTF-16, base64 or reversed."""
    import base64
    forms = [KEY.encode(), KEY.encode('utf-16-le'), base64.b64encode(KEY.encode())[:-4],
             KEY[::-1].encode()]
    return [path for path in folder.rglob('*') if path.is_file()
            and any(form in path.read_bytes() for form in forms)]


def run_all(home, **options):
    """Everything that uses the key, with every debug message on; what was printed."""
    home.environment.update(G_MESSAGES_DEBUG='all', LIBSECRET_DEBUG='all')
    printed = ''
    for arguments in (['sync'], BASE, ['sync', '--full'], ['outbox', 'list'], ['account', 'status'],
                      ['check']):
        printed += home.run(*arguments, **options) + home.error
    return printed


def test_stored_key():
    with Home() as home, Stripe(home) as stripe:
        found, stop = [], threading.Event()
        watcher = threading.Thread(target=watch, args=(found, stop))
        watcher.start()
        home.run('account', 'add', '--name', 'Real', '--key-stdin', text=KEY + '\n')
        printed = home.error + run_all(home)
        stripe.fault(fault='status', status=401, code='api_key_expired', count=1)
        home.run('sync', code=5)
        printed += home.error
        stop.set()
        watcher.join()
        assert KEY not in printed
        assert 'request' in printed or 'GET' in printed, 'debug messages were not on'
        assert not found, found
        hits = scan(home.path)
        assert not [path for path in hits if path.name != 'test.keyring'], hits


def test_environment_key():
    with Home() as home, Stripe(home):
        key = {'STRIPE_API_KEY': KEY}
        home.run('account', 'add', '--name', 'Real', environment=key)
        printed = run_all(home, environment=key)
        assert KEY not in printed
        assert not scan(home.path)


def test_environment_is_wiped():
    """Once it runs, nobody finds the key in its environment, not even root."""
    with Home() as home:
        process = home.popen('practice', 'serve', '--data', str(home.path / 's'),
                             environment={'STRIPE_API_KEY': KEY})
        process.stdout.readline()
        environment = pathlib.Path(f'/proc/{process.pid}/environ').read_bytes()
        process.terminate()
        process.communicate()
        assert b'HOME=' in environment and KEY.encode() not in environment


def test_no_core_dump():
    with Home() as home:
        home.run('account', 'add', '--name', 'Practice', '--practice')
        process = home.popen('practice', 'serve', '--data', str(home.path / 's'))
        process.stdout.readline()
        limits = pathlib.Path(f'/proc/{process.pid}/limits')
        core = [line for line in limits.read_text().splitlines() if 'core file' in line][0]
        process.terminate()
        process.communicate()
        assert core.split()[4:6] == ['0', '0'], core


def test_scan_finds():
    """The scan itself can fail."""
    with Home() as home:
        (home.path / 'leak').write_bytes(b'x' + KEY.encode())
        assert scan(home.path)
        found, stop = [], threading.Event()
        watcher = threading.Thread(target=watch, args=(found, stop))
        process = subprocess.Popen(['sh', '-c', 'read line', KEY], stdin=subprocess.PIPE)
        watcher.start()
        while not found and process.poll() is None:
            stop.wait(0.01)
        stop.set()
        watcher.join()
        process.communicate(b'\n')
        assert found


main(test_stored_key, test_environment_key, test_environment_is_wiped, test_no_core_dump,
     test_scan_finds)
