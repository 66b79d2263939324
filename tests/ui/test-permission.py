"""What is wrong outside of Retainer and not for good: a key that may not do everything, which stops
nothing else; a clock that is wrong (TRAPS C4)."""
import json
import os
import subprocess
import sys
import urllib.request

from robot import RETAINERCTL, Robot, ctl, run, wait_for

os.environ['STRIPE_API_KEY'] = 'sk_test_' + '4eC39HqLyjWDarjtT1zdp7dc'
stripe = subprocess.Popen([RETAINERCTL, 'practice', 'serve', '--port', '0', '--data',
                           os.environ['HOME'] + '/stripe'], stdout=subprocess.PIPE, text=True)
base = stripe.stdout.readline().strip()
robot = None


def ask(path, body=None, method='POST'):
    request = urllib.request.Request(base + path, method=method, data=body and body.encode())
    request.add_header('Authorization', 'Bearer sk_test_outside')
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def deny(match, resource):
    ask('/_practice/faults', json.dumps(
        {'fault': 'status', 'status': 403, 'count': 0, 'match': match,
         'message': f"The provided key 'rk_***' does not have the required permissions. Having the "
                    f"'{resource}' permission would allow this request to continue."}))


def go_well():
    ask('/_practice/faults', method='DELETE')


def the_missing_permission_is_named():
    global robot
    os.environ['RETAINER_API_BASE'] = base
    ctl('account', 'add', '--name', 'Agency')
    deny('GET /v1/coupons', 'rak_coupon_read')
    robot = Robot('permission')
    robot.wait_label('rak_coupon_read')
    robot.wait_label('Everything else is still synced.')
    robot.wait_label('Permission needed')
    robot.shot('bar')


def what_others_make_is_read_by_itself():
    ask('/v1/products', 'name=Made+elsewhere')
    robot.find('Made elsewhere', 'label', robot.page('Products'))


def save_product(name):
    robot.show('Products')
    robot.key('ctrl+n')
    robot.type('Name', name)
    robot.type('Fee per Period', '10')
    robot.key('ctrl+Return')
    wait_for(lambda: [p['state'] for p in ctl('product', 'list') if p['name'] == name]
             == ['synced'], f'“{name}” to be sent')


def what_is_saved_is_sent_by_itself():
    save_product('Made here')
    save_product('Made next')
    # These syncs met no refusal, and still the coupons are missing.
    robot.wait_label('rak_coupon_read')
    robot.wait_label('Permission needed')
    robot.shot('sent')


def a_key_can_be_entered():
    robot.click('Enter Key', robot.find('Everything else is still synced', 'alert').get_parent())
    robot.field('Stripe Key')
    robot.key('Escape')


def it_is_named_by_the_next_window():
    global robot
    robot.close()
    robot.end()
    robot = Robot('permission-again')
    robot.wait_label('rak_coupon_read')
    robot.wait_label('Permission needed')


def a_permission_that_was_given_is_found():
    go_well()
    robot.do('win.sync')
    robot.wait_no_label('Everything else is still synced.')
    robot.wait_label('Synced just now')


def what_may_not_be_sent_waits_and_is_told():
    deny('POST /v1/coupons', 'rak_coupon_write')
    robot.show('Coupons')
    robot.key('ctrl+n')
    robot.type('Name, Seen', 'Waits')
    robot.type('Per Cent Off', '5')
    robot.key('ctrl+Return')
    robot.wait_label('rak_coupon_write')
    save_product('Made last')
    robot.wait_label('rak_coupon_write')
    robot.show('Outbox')
    robot.wait_label('Create coupon “Waits”', robot.page('Outbox'))
    robot.shot('waits')
    go_well()
    robot.do('win.sync')
    robot.wait_label('Everything Is at Stripe')
    robot.wait_no_label('rak_coupon_write')


def a_wrong_clock_is_told():
    ask('/_practice/faults', json.dumps(
        {'fault': 'skew', 'seconds': -600, 'count': 0, 'match': ''}))
    robot.do('win.sync')
    robot.wait_label('The clock of this computer is 10 minutes fast. Set it right')
    robot.shot('clock')
    go_well()
    robot.click('Check Again')
    robot.wait_no_label('The clock of this computer')
    robot.close()
    robot.end()


status = run(
    the_missing_permission_is_named, what_others_make_is_read_by_itself,
    what_is_saved_is_sent_by_itself, a_key_can_be_entered,
    it_is_named_by_the_next_window, a_permission_that_was_given_is_found,
    what_may_not_be_sent_waits_and_is_told, a_wrong_clock_is_told)
stripe.terminate()
stripe.wait()
sys.exit(status)
