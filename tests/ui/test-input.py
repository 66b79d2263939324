"""Bad input: a clear message at its field, nothing lost, nothing queued."""
import sys

from robot import Robot, ctl, run

RLO = '\u202e'  # turns the reading direction

robot = None


def open_form(page, *keys):
    robot.key(f'ctrl+{page}', 'ctrl+n')
    robot.wait_label('Pricing Model' if page == 1 else 'Kind')


def refused(field, text, message):
    """What is typed there is refused with this, at once, and stays."""
    robot.type(field, text)
    robot.wait_label(message)
    robot.key('ctrl+Return')
    robot.wait_label(message)
    assert robot.text(field) == text
    assert ctl('outbox', 'list') == []


def leave():
    robot.key('Escape')
    robot.wait_no_label('Cancel')


def start():
    global robot
    robot = Robot('input')
    robot.click('Practice Account')
    robot.wait_label('No Products Yet')


def nothing_is_said_before_one_types():
    open_form(1)
    robot.wait_label('What a client pays will stand here.')
    assert not any('lease' in text for text in robot.labels()), robot.labels()


def saving_names_all_that_is_missing():
    robot.key('ctrl+Return')
    robot.wait_label('Please fill in this field.')
    robot.wait_label('Please fill in an amount.')
    robot.shot('missing')
    assert ctl('outbox', 'list') == []


def a_name():
    refused('Name', 'Voice' + RLO + 'agent', 'invisible control characters')
    refused('Name', 'x' * 251, 'at most 250 characters')
    robot.type('Name', 'Voice')
    robot.wait_no_label('at most 250 characters')


def a_huge_paste():
    robot.type('Description', 'x' * (2 * 1024 * 1024))
    robot.wait_label('at most 40000 characters')
    robot.key('ctrl+Return')
    robot.type('Description', '')
    robot.wait_no_label('at most 40000 characters')
    assert ctl('outbox', 'list') == []


def an_amount():
    for text in ('-5', '49.999', 'abc', '1,2,3', '0', '1e3', '99999999999'):
        refused('Fee per Period', text, wrong_amount(text))
    robot.shot('amount')
    robot.type('Fee per Period', '49')
    robot.wait_label('$49.00 a month')


def wrong_amount(text):
    return 'more than 0' if text == '0' else ''


def overage_needs_included_units():
    robot.toggle('Included Usage and Overage')
    robot.type('Price of Each Further Unit', '0.05')
    robot.key('ctrl+Return')
    robot.wait_label('Say how many units the fee includes')
    refused('Units Included', '1.5', 'whole number')
    refused('Price of Each Further Unit', '-1', '')
    robot.shot('overage')
    leave()


def a_percentage():
    open_form(2)
    refused('Per Cent Off', '101', 'more than 0 and at most 100')
    refused('Per Cent Off', '0', 'more than 0 and at most 100')
    refused('Per Cent Off', '12.345', 'at most 2 decimal places')
    robot.type('Per Cent Off', '10')


def a_coupon_name():
    refused('Name, Seen', 'x' * 41, 'at most 40 characters')
    robot.shot('coupon')
    robot.type('Name, Seen', 'Ten')


def months():
    robot.choose('Duration', 2)
    refused('Number of Months', '37', 'from 0 to 36')
    refused('Number of Months', '', 'for how many months')
    robot.type('Number of Months', '6')


def a_code():
    refused('Code', 'TEN PER CENT', 'letters A')
    robot.type('Code', 'TEN')
    robot.key('ctrl+Return')
    robot.find('Ten', 'label', robot.page('Coupons'))
    open_form(2)
    robot.type('Name, Seen', 'Another')
    robot.type('Per Cent Off', '10')
    robot.type('Code', 'TEN')
    robot.wait_label('is or was used by another coupon')
    robot.key('ctrl+Return')
    robot.wait_label('is or was used by another coupon')
    robot.shot('code')
    assert len(ctl('coupon', 'list')) == 1


def the_end():
    robot.close()
    robot.end()


sys.exit(run(
    start, nothing_is_said_before_one_types, saving_names_all_that_is_missing, a_name, a_huge_paste,
    an_amount, overage_needs_included_units, a_percentage, a_coupon_name, months, a_code, the_end))
