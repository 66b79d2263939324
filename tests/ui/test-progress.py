"""A sync that takes its time: how far it is, why, and a way out. Closing while something is being
sent (TRAPS B31). A second start (one window for all)."""
import fcntl
import json
import os
import subprocess
import sys
import time
import urllib.request

from robot import RETAINER, RETAINERCTL, STRICT, Robot, ctl, replica, run, wait_for

os.environ['STRIPE_API_KEY'] = 'sk_test_' + '4eC39HqLyjWDarjtT1zdp7dc'
stripe = subprocess.Popen([RETAINERCTL, 'practice', 'serve', '--port', '0', '--data',
                           os.environ['HOME'] + '/stripe'], stdout=subprocess.PIPE, text=True)
base = stripe.stdout.readline().strip()
robot = None
N_CLIENTS = 1230


def ask(path, body=None, method=None):
    request = urllib.request.Request(base + path, data=body and body.encode(),
                                     method=method or ('POST' if body else 'GET'))
    request.add_header('Authorization', 'Bearer sk_test_outside')
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def delay(milliseconds, match):
    ask('/_practice/faults', json.dumps(
        {'fault': 'latency', 'delay_ms': milliseconds, 'count': 0, 'match': match}))


def at_full_speed():
    ask('/_practice/faults', method='DELETE')


def start_with_a_large_account():
    for number in range(N_CLIENTS):
        ask('/_practice/edit', json.dumps(
            {'object': 'customer', 'parameters': f'name=Client+{number:04}'}))
    os.environ['RETAINER_API_BASE'] = base
    ctl('account', 'add', '--name', 'Agency')
    delay(4000, 'GET /v1/customers')


def it_says_how_far_it_is_and_why():
    global robot
    robot = Robot('progress', LC_ALL='en_US.UTF-8')
    robot.wait_label('Everything is being read for the first time.')
    robot.wait_label('objects read')
    robot.shot('reading', at_rest=False)


def what_was_read_is_there_already():
    robot.find('Client ', 'label', robot.page('Clients'))


def cancelling_is_quiet():
    robot.press(robot.find('Cancel', 'button'))
    robot.wait_no_label('Everything is being read')
    robot.wait_no_label('objects read')
    robot.wait_label('Not synced yet')
    robot.shot('cancelled')
    said = ' '.join(robot.labels())
    assert 'failed' not in said and 'Offline' not in said, said
    n = len(ctl('client', 'list'))
    assert 0 < n < N_CLIENTS, f'{n} are kept'


def it_goes_on_from_there():
    at_full_speed()
    robot.do('win.sync')
    robot.wait_label('Synced just now')
    robot.wait_no_label('objects read')
    assert len(ctl('client', 'list')) == N_CLIENTS


def a_short_sync_shows_nothing():
    delay(5000, 'GET /v1/events')
    began = time.monotonic()
    robot.do('win.sync')
    robot.wait_label('Waiting for Stripe')
    assert time.monotonic() - began >= 1, 'what takes less than a second shows no progress'
    at_full_speed()
    robot.wait_no_label('Waiting for Stripe')


def a_second_start_finds_the_window():
    second = subprocess.run([RETAINER], env={**os.environ, **STRICT}, timeout=20, check=False)
    assert second.returncode == 0
    assert robot.process.poll() is None


def b31_closing_waits_for_what_is_being_sent():
    robot.show('Clients')
    delay(2000, 'POST /v1/customers')
    robot.key('ctrl+n')
    robot.type('Name', 'Sent while closing')
    robot.key('ctrl+Return')
    wait_for(lambda: any(c['state'] == 'sending' for c in ctl('outbox', 'list')), 'it to be sent')
    robot.close()
    robot.end()
    assert ctl('outbox', 'list') == [], 'the answer was waited for'


def b31_but_not_for_ever():
    global robot
    robot = Robot('progress-2')
    robot.find('Client ', 'label', robot.page('Clients'))
    robot.wait_label('Synced just now')
    at_full_speed()
    delay(15000, 'POST /v1/customers')
    robot.key('ctrl+n')
    robot.type('Name', 'Never answered in time')
    robot.key('ctrl+Return')
    wait_for(lambda: any(c['state'] == 'sending' for c in ctl('outbox', 'list')), 'it to be sent')
    robot.key('ctrl+w')
    assert robot.process.wait(9) == 0
    robot.end()
    waiting = ctl('outbox', 'list')
    assert len(waiting) == 1, waiting
    at_full_speed()
    wait_for(lambda: ctl('sync') is not None and ctl('outbox', 'list') == [], 'it to go later')
    names = [c['name'] for c in ctl('client', 'list')]
    assert names.count('Never answered in time') == 1, 'once'


def another_process_is_told_to_wait():
    """The lock is the kernel's: whoever syncs on another bus holds it, too."""
    with open(str(replica()) + '.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run([RETAINERCTL, 'sync'], text=True, timeout=60, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode != 0
    assert 'Another Retainer is syncing this account. Try again in a moment.' in done.stderr, done


def an_account_can_go_while_it_syncs():
    global robot
    at_full_speed()
    robot = Robot('progress-3')
    robot.wait_label('Synced just now')
    delay(60000, 'GET')
    robot.do('win.sync')
    robot.find('Progress of the sync')
    robot.show('Account')
    robot.click('Remove Account')
    robot.type('Type “Agency”', 'Agency')
    robot.click('_Remove R')
    robot.wait_label('Welcome to Retainer')
    assert ctl('account', 'list') == []
    robot.close()
    robot.end()


status = run(
    start_with_a_large_account, it_says_how_far_it_is_and_why, what_was_read_is_there_already,
    cancelling_is_quiet, it_goes_on_from_there, a_short_sync_shows_nothing,
    a_second_start_finds_the_window, b31_closing_waits_for_what_is_being_sent,
    b31_but_not_for_ever, another_process_is_told_to_wait,
    an_account_can_go_while_it_syncs)
stripe.terminate()
stripe.wait()
sys.exit(status)
