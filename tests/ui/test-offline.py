"""The story of Retainer in its window: draft offline, go online, synced, lose the replica, have all
back."""
import sys

from robot import Robot, ctl, replica, run

robot = None


def welcome_leads_to_a_practice_account():
    global robot
    robot = Robot('offline')
    robot.wait_label('Welcome to Retainer')
    robot.shot('welcome')
    robot.click('Practice Account')
    robot.wait_label('No Products Yet')
    robot.wait_label('Synced just now')
    robot.shot('empty')


def stripe_is_switched_off():
    robot.show('Account')
    robot.toggle('Practice Stripe Can Be Reached')
    robot.wait_label('you are working offline')
    robot.wait_label('Offline')
    robot.shot('account')


def save_product(name, sentence):
    robot.wait_label(sentence)
    robot.shot(name.replace(' ', '-').lower())
    robot.key('ctrl+Return')
    robot.find(name, 'label', robot.page('Products'))


def a_base_fee_is_drafted_by_keyboard():
    robot.show('Products')
    robot.key('ctrl+n')
    robot.wait_label('Pricing Model')
    robot.keyboard('Care plan')
    robot.key('Tab', 'Tab', 'Tab')
    robot.keyboard('49')
    save_product('Care plan', '$49.00 a month')


def a_base_fee_with_usage():
    robot.key('ctrl+n')
    robot.type('Name', 'Voice agent')
    robot.type('Fee per Period', '99')
    robot.toggle('Included Usage and Overage')
    robot.type('Units Included', '1000')
    robot.type('Price of Each Further Unit', '0.05')
    save_product('Voice agent', '$99.00 a month, 1000 minutes included, then $0.05 a minute')


def usage_based():
    robot.key('ctrl+n')
    robot.type('Name', 'Chat agent')
    robot.choose('Pricing Model', 1)
    robot.type('Price per Unit', '0.015')
    robot.choose('What Is Counted', 2)
    save_product('Chat agent', '$0.015 a conversation')


def one_time():
    robot.key('ctrl+n')
    robot.type('Name', 'Setup & training')
    robot.choose('Pricing Model', 2)
    robot.type('Price', '1500')
    save_product('Setup & training', '$1500.00 once')


def b24_saving_twenty_times_is_saving_once():
    before = len(ctl('outbox', 'list'))
    robot.key('ctrl+n')
    robot.type('Name', 'Once only')
    robot.type('Fee per Period', '5')
    robot.wait_label('$5.00 a month')
    robot.key(*['ctrl+Return'] * 20)
    robot.find('Once only', 'label', robot.page('Products'))
    assert [p['name'] for p in ctl('product', 'list')].count('Once only') == 1
    assert len(ctl('outbox', 'list')) == before + 1
    change = next(c for c in ctl('outbox', 'list') if 'Once only' in c['title'])
    ctl('outbox', 'discard', change['id'])
    robot.wait_no_label('Once only', robot.page('Products'))


def coupons_of_both_kinds():
    robot.show('Coupons')
    robot.wait_label('No Coupons Yet')
    robot.shot('no-coupons')
    robot.key('ctrl+n')
    robot.type('Name, Seen by Clients', 'Welcome')
    robot.type('Per Cent Off', '20')
    robot.choose('Duration', 2)
    robot.type('Number of Months', '3')
    robot.wait_label('20% off for 3 months')
    robot.shot('coupon')
    robot.key('ctrl+Return')
    robot.find('Welcome', 'label', robot.page('Coupons'))
    robot.key('ctrl+n')
    robot.type('Name, Seen by Clients', 'Sorry')
    robot.choose('Kind', 1)
    robot.type('Amount Off', '10')
    robot.wait_label('$10.00 off the next invoice')
    robot.key('ctrl+Return')
    robot.find('Sorry', 'label', robot.page('Coupons'))


def all_of_it_is_queued():
    for page, n in (('Products', 4), ('Coupons', 2)):
        assert robot.labels(robot.page(page)).count('Queued') == n, robot.labels(robot.page(page))
    robot.show('Products')
    robot.shot('products-queued')
    robot.show('Outbox')
    outbox = robot.page('Outbox')
    for title in ('Create product “Care plan”', 'Create product “Setup & training”',
                  'Create coupon “Welcome”'):
        robot.wait_label(title, outbox)
    robot.wait_label('6 changes waiting')
    robot.shot('outbox')
    assert len(ctl('outbox', 'list')) == 6
    assert not any(p['stripe_id'] for p in ctl('product', 'list'))


def what_waits_can_be_edited():
    robot.open_row('Products', 'Care plan')
    robot.wait_label('Archive Product')
    robot.choose('Pricing Model', 2)
    robot.type('Price', '59')
    robot.wait_label('$59.00 once')
    robot.key('ctrl+Return')
    robot.wait_label('$59.00 once', robot.page('Products'))
    assert len(ctl('outbox', 'list')) == 6, 'folded into what waits'


def switched_on_the_outbox_drains():
    robot.click('Switch On')
    robot.wait_label('Everything Is at Stripe')
    robot.wait_no_label('Queued', robot.page('Products'))
    robot.wait_no_label('Queued', robot.page('Coupons'))
    robot.show('Outbox')
    robot.wait_label('Synced just now')
    robot.shot('drained')
    assert all(p['state'] == 'synced' for p in ctl('product', 'list'))


def what_exists_keeps_its_model():
    robot.open_row('Products', 'Voice agent')
    robot.wait_label('cannot change once')
    robot.shot('existing')
    robot.type('Fee per Period', '119')
    robot.key('ctrl+Return')
    robot.wait_label('$119.00 a month', robot.page('Products'))
    robot.wait_no_label('Queued', robot.page('Products'))


def archived_and_undone():
    robot.open_row('Products', 'Setup & training')
    robot.click('Archive Product')
    robot.wait_no_label('Setup & training', robot.page('Products'))
    robot.shot('undo')
    robot.click('Undo')
    robot.wait_label('Setup & training', robot.page('Products'))


def a_lost_replica_comes_back():
    global robot
    robot.wait_label('Everything Is at Stripe')
    before = sorted(p['name'] for p in ctl('product', 'list') + ctl('coupon', 'list'))
    robot.close()
    file = replica()
    for suffix in ('', '-wal', '-shm'):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    robot = Robot('offline-again')
    robot.wait_label('$119.00 a month')
    robot.wait_label('Synced just now')
    robot.shot('back')
    assert before == sorted(p['name'] for p in ctl('product', 'list') + ctl('coupon', 'list'))
    robot.close()
    robot.end()


sys.exit(run(
    welcome_leads_to_a_practice_account, stripe_is_switched_off, a_base_fee_is_drafted_by_keyboard,
    a_base_fee_with_usage, usage_based, one_time, b24_saving_twenty_times_is_saving_once,
    coupons_of_both_kinds, all_of_it_is_queued,
    what_waits_can_be_edited, switched_on_the_outbox_drains, what_exists_keeps_its_model,
    archived_and_undone, a_lost_replica_comes_back))
