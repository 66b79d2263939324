"""The replica, looked after: the log, comparing with Stripe and setting right, backups, making it
anew, and how fast it may ask."""
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request

from robot import RETAINERCTL, Robot, ctl, replica, run, wait_for

os.environ['STRIPE_API_KEY'] = 'sk_test_' + '4eC39HqLyjWDarjtT1zdp7dc'
stripe = subprocess.Popen([RETAINERCTL, 'practice', 'serve', '--port', '0', '--data',
                           os.environ['HOME'] + '/stripe'], stdout=subprocess.PIPE, text=True)
base = stripe.stdout.readline().strip()
robot = None


def ask(path, body, method='POST'):
    request = urllib.request.Request(base + path, method=method, data=body)
    request.add_header('Authorization', 'Bearer sk_test_outside')
    urllib.request.urlopen(request, timeout=20).close()


def go_wrong(fault, match, **details):
    """Every such request, until all is well again."""
    ask('/_practice/faults', json.dumps(
        {'fault': fault, 'count': 0, 'match': match, **details}).encode())


def go_well():
    ask('/_practice/faults', None, 'DELETE')


def open_row(name):
    """A row of the account page, by keyboard alone."""
    robot.show('Account')
    robot.go_to(name)
    robot.key('Return')


def start():
    global robot
    os.environ['RETAINER_API_BASE'] = base
    ctl('account', 'add', '--name', 'Agency')
    robot = Robot('upkeep')
    robot.wait_label('Synced just now')


def the_log_is_empty_at_first():
    with sqlite3.connect(replica()) as db:
        db.execute('DELETE FROM log')
    robot.show('Outbox')
    robot.click('Log', robot.page('Outbox'))
    robot.wait_label('Nothing Has Happened Yet')
    robot.shot('log-empty')
    robot.key('Escape')
    robot.wait_no_label('Nothing Has Happened Yet')


def the_log_tells_what_happened():
    for name in ('Anna', 'Bert <b>'):
        ctl('client', 'create', '--name', name)
    robot.do('win.sync')
    wait_for(lambda: ctl('outbox', 'list') == [], 'the outbox to drain')
    robot.show('Outbox')
    robot.click('Log', robot.page('Outbox'))
    robot.wait_label('Done: Create client “Bert <b>”')
    robot.wait_label(' · req_')
    robot.shot('log')
    robot.click('Copy')
    robot.wait_label('Copied')
    robot.key('Escape')
    robot.show('Clients')
    robot.key('ctrl+n')
    robot.field('Postal Code')
    robot.key('ctrl+v')
    copied = wait_for(lambda: robot.text('Name'), 'what was copied')
    assert 'Create client “Anna”' in copied and 'req_' in copied, copied
    assert 'sk_test' not in copied, copied
    robot.key('ctrl+a', 'BackSpace', 'Escape')


def what_is_as_it_should_be_is_said():
    robot.show('Account')
    robot.shot('account')
    open_row('Verify Replica')
    robot.wait_label('No Differences')
    robot.wait_label('objects were compared with Stripe.')
    robot.shot('same')
    robot.key('Escape')


def tamper(name):
    """As a bug would: what is kept is not what Stripe has."""
    with sqlite3.connect(replica()) as db:
        db.execute('UPDATE stripe_object SET json = replace(json, ?, ?) WHERE object = ?',
                   ('"Anna"', f'"{name}"', 'customer'))


def differences_are_shown_and_set_right():
    tamper('Not Anna')
    open_row('Verify Replica')
    robot.wait_label('1 object differs from what Stripe has.')
    robot.wait_label('Client “Anna” · name')
    robot.wait_label('"Not Anna"')
    robot.shot('different')
    robot.click('Repair')
    robot.wait_label('1 object was set right.')
    robot.shot('repaired')
    robot.key('Escape')
    assert 'Anna' in [c['name'] for c in ctl('client', 'list')]


def a_denied_list_hides_no_difference():
    tamper('Still not Anna')
    go_wrong('status', 'GET /v1/coupons', status=403, message='The key may not read coupons.')
    open_row('Verify Replica')
    robot.wait_label('1 object differs from what Stripe has.')
    robot.wait_label('"Still not Anna"')
    robot.wait_label('Not everything could be compared.')
    robot.wait_label('The key may not read coupons.')
    robot.shot('denied')
    robot.click('Repair')
    robot.wait_label('Not Everything Could Be Compared')
    robot.wait_label('1 object was set right.')
    robot.wait_label('The key may not read coupons.')
    robot.shot('denied-repaired')
    go_well()
    robot.click('Try Again')
    robot.wait_label('objects were compared with Stripe.')
    robot.key('Escape')
    found = [e['detail'] for e in ctl('log') if e['event'] == 'verified']
    assert found[:3] == ['0', '1', '1'], found


def the_log_tells_of_it():
    robot.show('Outbox')
    robot.click('Log', robot.page('Outbox'))
    robot.wait_label('The replica was compared with Stripe: 1 difference')
    for _ in range(2):  # the first time the sidebar is still beside the page
        robot.resize(360, 640)
    robot.shot('log-narrow')
    assert robot.size()[0] == 360
    robot.resize(1000, 700)
    robot.key('Escape')


def verifying_can_be_left():
    go_wrong('latency', 'GET /v1/customers', delay_ms=20000)
    open_row('Verify Replica')
    robot.wait_label('Comparing with Stripe…')
    robot.find('Progress of the sync')
    robot.shot('comparing', at_rest=False)
    robot.press(robot.find('Cancel', 'button'))
    robot.wait_no_label('Comparing with Stripe…')
    go_well()
    robot.wait_label('Synced just now')


def going_back_ends_it_too():
    """Nothing could be sent as long as it ran on unseen."""
    go_wrong('latency', 'GET /v1/customers', delay_ms=60000)
    open_row('Verify Replica')
    robot.wait_label('Comparing with Stripe…')
    robot.find('Progress of the sync')
    robot.key('Escape')
    wait_for(lambda: not robot.find_all('Progress of the sync'), 'the comparison to end')
    go_well()
    robot.wait_label('Synced just now')


def verifying_without_stripe_can_be_tried_again():
    go_wrong('drop_before', 'GET')
    open_row('Verify Replica')
    robot.wait_label('The connection to Stripe broke')
    robot.shot('unreachable')
    go_well()
    robot.click('Try Again')
    robot.wait_label('objects were compared with Stripe.')
    robot.key('Escape')


def rebuild():
    open_row('Rebuild Replica')
    robot.wait_label('Rebuild the replica of “Agency”?')
    robot.click('_Rebuild')


def rebuilding_without_stripe_throws_nothing_away():
    go_wrong('drop_before', 'GET')
    rebuild()
    robot.wait_label('Nothing was thrown away: The connection to Stripe broke')
    robot.shot('kept')
    assert len(ctl('client', 'list')) == 2
    assert all(e['event'] != 'rebuilt' for e in ctl('log'))
    go_well()
    robot.do('win.sync')
    robot.wait_label('Synced just now')


def rebuilding_left_midway_says_so():
    go_wrong('latency', 'GET /v1/customers', delay_ms=20000)
    rebuild()
    robot.wait_label('Everything is read anew; drafts and outbox were kept.')
    robot.find('Progress of the sync')
    robot.press(robot.find('Cancel', 'button'))
    robot.wait_label('Not everything has been read from Stripe yet')
    robot.wait_label('Not synced yet')
    robot.show('Clients')
    robot.shot('left')
    go_well()
    robot.click('Go On')
    robot.find('Anna', 'label', robot.page('Clients'))
    robot.wait_no_label('Not everything has been read')
    robot.wait_label('Synced just now')


def rebuilding_is_asked_and_reads_all_again():
    tamper('Not Anna')
    open_row('Rebuild Replica')
    robot.wait_label('Rebuild the replica of “Agency”?')
    robot.shot('rebuild')
    robot.click('_Rebuild')
    wait_for(lambda: sum(e['event'] == 'rebuilt' for e in ctl('log')) == 2,
             'the replica to be rebuilt')
    wait_for(lambda: sorted(c['name'] for c in ctl('client', 'list')) == ['Anna', 'Bert <b>'],
             'everything to be read again')
    robot.find('Anna', 'label', robot.page('Clients'))


def has_draft():
    with sqlite3.connect(replica()) as db:
        return db.execute('SELECT count(*) FROM draft').fetchone() == (1,)


def backups_are_listed_and_restored():
    # The form that is not saved is worth a copy.
    robot.show('Clients')
    robot.key('ctrl+n')
    robot.type('Name', 'Half-filled')
    robot.key('Escape')
    wait_for(has_draft, 'the draft to be kept')
    open_row('Backups')
    robot.click('Back Up Now')
    robot.wait_label('Backed up: 0 changes, 1 draft')
    robot.shot('backups')
    robot.press(robot.find('Restore the backup of', 'button'))
    robot.wait_label('It holds 0 changes, 1 draft.')
    robot.wait_label('Nothing that is here is overwritten')
    robot.shot('restore')
    robot.click('_Restore')
    robot.wait_label('Everything in this backup is here already.')


def a_damaged_backup_says_so():
    folder = replica().parent / (replica().name + '.backups')
    newest = max(folder.glob('*.db'), key=lambda p: (p.stat().st_mtime, p.name))
    (folder / '2020-01-01.db').write_bytes(b'torn')
    open_row('Backups')
    robot.wait_label('Cannot be read: 2020-01-01.db')
    # After it was listed, too.
    newest.write_bytes(os.urandom(20000))
    robot.press(next(button for button in robot.find_all('Restore the backup of', 'button')
                     if robot.has_state(button, 'SENSITIVE')))
    robot.wait_label('It holds')
    robot.click('_Restore')
    robot.wait_label('Nothing was restored. The backup “')
    robot.shot('damaged')
    robot.key('Escape')
    assert len(ctl('client', 'list')) == 2


def the_pace_is_a_setting():
    robot.show('Account')
    ctl('account', 'set-rate', '7')
    robot.choose('Requests per Second', 2)
    wait_for(lambda: ctl('account', 'status')['rate'] == 10, 'the setting')
    robot.close()
    robot.end()


status = run(
    start, the_log_is_empty_at_first, the_log_tells_what_happened, what_is_as_it_should_be_is_said,
    differences_are_shown_and_set_right, a_denied_list_hides_no_difference, the_log_tells_of_it,
    verifying_can_be_left,
    going_back_ends_it_too, verifying_without_stripe_can_be_tried_again,
    rebuilding_without_stripe_throws_nothing_away,
    rebuilding_left_midway_says_so, rebuilding_is_asked_and_reads_all_again,
    backups_are_listed_and_restored, a_damaged_backup_says_so, the_pace_is_a_setting)
stripe.terminate()
stripe.wait()
sys.exit(status)
