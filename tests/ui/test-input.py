"""Bad input: a clear message at its field, nothing lost, nothing queued."""
import sys

from robot import Robot, ctl, run

RLO = '\u202e'  # turns the reading direction

robot = None


def open_form(page):
    robot.show(page)
    robot.key('ctrl+n')
    robot.wait_label({'Products': 'Pricing Model', 'Coupons': 'Kind', 'Clients': 'Notes'}[page])


def refused(field, text, message):
    """What is typed there is refused with this, at once, and stays."""
    before = ctl('outbox', 'list')
    robot.type(field, text)
    robot.wait_label(message)
    robot.key('ctrl+Return')
    robot.wait_label(message)
    assert robot.text(field) == text
    assert ctl('outbox', 'list') == before


def leave():
    robot.key('Escape')
    robot.wait_no_label('Cancel')


def start():
    global robot
    robot = Robot('input')
    robot.click('Practice Account')
    robot.wait_label('No Products Yet')


def nothing_is_said_before_one_types():
    open_form('Products')
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
    open_form('Coupons')
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
    open_form('Coupons')
    robot.type('Name, Seen', 'Another')
    robot.type('Per Cent Off', '10')
    robot.type('Code', 'TEN')
    robot.wait_label('is or was used by another coupon')
    robot.key('ctrl+Return')
    robot.wait_label('is or was used by another coupon')
    robot.shot('code')
    assert len(ctl('coupon', 'list')) == 1


def a_client():
    open_form('Clients')
    robot.wait_label('How the client is reached will stand here.')
    robot.key('ctrl+Return')
    robot.wait_label('Please fill in this field.')
    refused('Name', 'x' * 257, 'at most 256 characters')
    robot.type('Name', 'Café Müller')
    for text in ('anna', 'anna@', 'a b@example.com', 'a@b@c', 'Anna <a@example.com>'):
        refused('E-Mail Address', text, 'This is no e-mail address')
    refused('E-Mail Address', 'x' * 513, 'at most 512 characters')
    robot.shot('client')
    robot.type('E-Mail Address', '')
    robot.wait_no_label('at most 512 characters')
    refused('Postal Code', '1' * 33, 'at most 32 characters')
    robot.type('Postal Code', '')
    refused('Notes', 'x' * 5001, 'at most 5000 characters')
    robot.shot('notes')
    leave()


def the_end():
    robot.close()
    robot.end()


sys.exit(run(
    start, nothing_is_said_before_one_types, saving_names_all_that_is_missing, a_name, a_huge_paste,
    an_amount, overage_needs_included_units, a_percentage, a_coupon_name, months, a_code,
    a_client, the_end))
