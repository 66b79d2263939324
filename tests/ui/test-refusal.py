"""What Stripe refuses: its words in the outbox and at their field; edit, retry, discard. And what
others made."""
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


def ask(path, body):
    request = urllib.request.Request(base + path, method='POST', data=body.encode())
    request.add_header('Authorization', 'Bearer sk_test_outside')
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def refuse(match):
    ask('/_practice/faults', json.dumps(
        {'fault': 'status', 'status': 400, 'code': 'parameter_invalid', 'count': 1,
         'match': match, 'message': 'Nobody may sell this.'}))


def start():
    global robot
    ask('/v1/products', 'id=prod_outside&name=Made+elsewhere')
    os.environ['RETAINER_API_BASE'] = base
    ctl('account', 'add', '--name', 'Agency')
    robot = Robot('refusal')
    robot.wait_label('Made elsewhere')
    robot.wait_label('Made outside Retainer')


def what_others_made_is_only_shown():
    robot.open_row('Products', 'Made elsewhere')
    robot.wait_label('It is shown here, and changed where it was made')
    robot.shot('outside')
    robot.key('Escape')
    robot.wait_no_label('Cancel')


def test_b29_a_refusal_stands_in_the_outbox():
    refuse('POST /v1/products')
    robot.key('ctrl+n')
    robot.type('Name', 'Refused product')
    robot.type('Fee per Period', '10')
    robot.key('ctrl+Return')
    robot.find('Rejected', 'label', robot.page('Products'))
    robot.wait_label('1 change needs you')
    robot.show('Outbox')
    robot.wait_label('Create product “Refused product”', robot.page('Outbox'))
    robot.go_to('Create product “Refused product”')
    robot.key('Return')
    robot.find('POST /v1/products', 'label', robot.page('Outbox'))
    robot.shot('outbox')


def editing_shows_it_and_sends_again():
    robot.click('Edit', robot.page('Outbox'))
    robot.wait_label('Stripe refused this: Nobody may sell this.')
    robot.shot('edit')
    robot.type('Name', 'Accepted product')
    robot.key('ctrl+Return')
    robot.wait_label('Everything Is at Stripe')
    robot.find('Accepted product', 'label', robot.page('Products'))
    assert [p['state'] for p in ctl('product', 'list')].count('synced') == 2


def what_stripe_names_stands_at_its_field():
    ask('/v1/coupons', 'id=CLASH&percent_off=5&duration=once')
    robot.show('Coupons')
    robot.key('ctrl+n')
    robot.type('Name, Seen', 'Clash')
    robot.type('Per Cent Off', '5')
    robot.type('Code', 'CLASH')
    robot.key('ctrl+Return')
    robot.find('Rejected', 'label', robot.page('Coupons'))
    robot.open_row('Coupons', 'Clash')
    robot.wait_label('Stripe refused this: ')
    assert not robot.find_all('Stripe refused this', 'alert'), 'at the field, not in the bar'
    robot.shot('field')
    robot.type('Code', 'NO-CLASH')
    robot.wait_no_label('Stripe refused this: ')
    robot.key('ctrl+Return')
    robot.wait_label('Everything Is at Stripe')
    robot.wait_no_label('Rejected', robot.page('Coupons'))


def retry_sends_the_same_again():
    refuse('POST /v1/coupons')
    robot.show('Coupons')
    robot.key('ctrl+n')
    robot.type('Name, Seen', 'Twice')
    robot.type('Per Cent Off', '5')
    robot.key('ctrl+Return')
    robot.find('Rejected', 'label', robot.page('Coupons'))
    robot.show('Outbox')
    robot.go_to('Create coupon “Twice”')
    robot.key('Return')
    robot.click('Retry', robot.page('Outbox'))
    # By the queue itself: the next refusal must not meet this change.
    wait_for(lambda: ctl('outbox', 'list') == [], 'the outbox to drain')
    robot.wait_label('Everything Is at Stripe')
    robot.wait_no_label('Rejected', robot.page('Coupons'))


def discarding_is_asked_and_takes_it_back():
    refuse('POST /v1/coupons')
    robot.show('Coupons')
    robot.key('ctrl+n')
    robot.type('Name, Seen', 'Never')
    robot.type('Per Cent Off', '5')
    robot.key('ctrl+Return')
    robot.find('Rejected', 'label', robot.page('Coupons'))
    robot.show('Outbox')
    robot.go_to('Create coupon “Never”')
    robot.key('Return')
    robot.click('Discard', robot.page('Outbox'))
    robot.wait_label('Discard: Create coupon “Never”?')
    robot.shot('question')
    robot.key('Escape')
    robot.wait_no_label('Discard: Create coupon “Never”?')
    assert len(ctl('outbox', 'list')) == 1, 'Escape is a no'
    robot.click('Discard', robot.page('Outbox'))
    robot.wait_label('Discard: Create coupon “Never”?')
    robot.click('_Discard')
    robot.wait_label('Everything Is at Stripe')
    robot.wait_no_label('Never', robot.page('Coupons'))


def deleting_a_coupon_is_asked():
    robot.open_row('Coupons', 'Twice')
    robot.click('Delete Coupon')
    robot.wait_label('Delete “Twice”?')
    robot.click('_Delete Coupon D')
    robot.wait_no_label('Twice', robot.page('Coupons'))
    wait_for(lambda: ctl('outbox', 'list') == [], 'the deletion at Stripe')
    robot.close()
    robot.end()


status = run(
    start, what_others_made_is_only_shown, test_b29_a_refusal_stands_in_the_outbox,
    editing_shows_it_and_sends_again, what_stripe_names_stands_at_its_field,
    retry_sends_the_same_again, discarding_is_asked_and_takes_it_back, deleting_a_coupon_is_asked)
stripe.terminate()
stripe.wait()
sys.exit(status)
