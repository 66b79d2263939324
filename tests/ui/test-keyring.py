"""No keyring on the bus: the window starts and works offline, a key serves for one run."""
import os
import pathlib
import subprocess
import sys

from robot import RETAINERCTL, Robot, ctl, run

KEY = 'sk_test_' + '4eC39HqLyjWDarjtT1zdp7dc'
stripe = subprocess.Popen([RETAINERCTL, 'practice', 'serve', '--port', '0', '--data',
                           os.environ['HOME'] + '/stripe'], stdout=subprocess.PIPE, text=True)
os.environ['RETAINER_API_BASE'] = stripe.stdout.readline().strip()
robot = None


def kinds_of_keys_are_told_apart():
    global robot
    robot = Robot('keyring')
    robot.click('Connect with a Stripe')
    robot.type('Name', 'Agency')
    for key, message in (('pk_test_abcdefghijklmnopqrstuvwx', 'ublishable'),
                         ('hello', 'not a key of Stripe')):
        robot.type('Stripe Key', key)
        robot.click('Connect')
        robot.wait_label(message)
    robot.shot('refused')


def without_a_keyring_it_cannot_be_kept():
    robot.type('Stripe Key', KEY)
    robot.click('Connect')
    robot.wait_label('There is no keyring on this system')
    robot.shot('no-keyring')


def only_for_this_run_it_can():
    robot.toggle('Only for This Run')
    robot.click('Connect')
    robot.wait_label('No Products Yet')
    robot.wait_label('Synced just now')
    robot.shot('connected')


def the_next_run_works_offline():
    global robot
    robot.close()
    robot.end()
    robot = Robot('keyring-locked')
    robot.wait_label('You can work offline')
    robot.wait_label('Key needed')
    robot.shot('offline')
    robot.show('Products')
    robot.key('ctrl+n')
    robot.type('Name', 'Drafted')
    robot.type('Fee per Period', '10')
    robot.key('ctrl+Return')
    robot.find('Drafted', 'label', robot.page('Products'))
    robot.find('Queued', 'label', robot.page('Products'))


def a_key_for_the_account_goes_on():
    robot.click('Enter Key', robot.find('You can work offline', 'alert').get_parent())
    robot.type('Stripe Key', KEY.replace('test', 'live'))
    robot.toggle('Only for This Run')
    robot.click('Use Key')
    robot.wait_label('test key')
    robot.type('Stripe Key', KEY)
    robot.click('Use Key')
    robot.wait_label('Synced just now')
    robot.wait_no_label('Queued', robot.page('Products'))
    robot.wait_no_label('You can work offline')
    assert ctl('product', 'list')[0]['state'] == 'synced'


def a_live_account_asks_once_before_it_changes():
    global robot
    robot.close()
    robot.end()
    # Without its key nothing leaves this computer.
    accounts = pathlib.Path(os.environ['XDG_DATA_HOME'], 'retainer', 'accounts.ini')
    accounts.write_text(accounts.read_text().replace('Live=false', 'Live=true'))
    robot = Robot('keyring-live')
    robot.wait_label('Key needed')
    robot.find('Live', 'label')
    robot.show('Products')
    robot.key('ctrl+n')
    robot.type('Name', 'Real money')
    robot.type('Fee per Period', '10')
    robot.key('ctrl+Return')
    robot.wait_label('Change the live account “Agency”?')
    robot.shot('question')
    robot.key('Escape')
    robot.wait_no_label('Change the live account')
    assert ctl('outbox', 'list') == []
    assert robot.text('Name') == 'Real money'
    robot.key('ctrl+Return')
    robot.click('Use Live Account')
    robot.find('Real money', 'label', robot.page('Products'))
    robot.key('ctrl+n')
    robot.type('Name', 'More money')
    robot.type('Fee per Period', '10')
    robot.shot('form')
    robot.key('ctrl+Return')
    robot.find('More money', 'label', robot.page('Products'))
    assert len(ctl('outbox', 'list')) == 2
    robot.shot('products')


def the_key_is_nowhere():
    found = subprocess.run(['grep', '-rlF', KEY, os.environ['XDG_DATA_HOME'],
                            os.environ['XDG_CONFIG_HOME'], os.environ['XDG_CACHE_HOME'],
                            os.environ['XDG_STATE_HOME']], stdout=subprocess.PIPE, text=True)
    assert found.stdout == '', found.stdout
    robot.close()
    robot.end()


status = run(
    kinds_of_keys_are_told_apart, without_a_keyring_it_cannot_be_kept, only_for_this_run_it_can,
    the_next_run_works_offline, a_key_for_the_account_goes_on,
    a_live_account_asks_once_before_it_changes, the_key_is_nowhere)
stripe.terminate()
stripe.wait()
sys.exit(status)
