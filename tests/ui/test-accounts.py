"""Accounts come and go; lists are searched, ordered and filtered; a damaged replica is rebuilt."""
import sys

from robot import Robot, ctl, replica, run, run_sql, wait_for

robot = None


def names(page):
    """The titles of the rows that are there."""
    return [n for n in robot.labels(robot.page(page))
            if n in ('Alpha', 'Beta', 'Gamma & Delta')]


def add(name):
    robot.show('Products')
    robot.key('ctrl+n')
    robot.type('Name', name)
    robot.type('Fee per Period', '10')
    robot.key('ctrl+Return')
    robot.find(name, 'label', robot.page('Products'))


def start():
    global robot
    robot = Robot('accounts')
    robot.click('Practice Account')
    robot.wait_label('No Products Yet')
    for name in ('Gamma & Delta', 'Alpha', 'Beta'):
        add(name)
    wait_for(lambda: names('Products') == ['Alpha', 'Beta', 'Gamma & Delta'], 'the order of names')


def lists_are_searched_as_one_types():
    robot.key('ctrl+f')
    robot.keyboard('gam')
    wait_for(lambda: names('Products') == ['Gamma & Delta'], 'what was searched')
    robot.keyboard('zzz')
    robot.wait_label('Nothing Found')
    robot.shot('nothing-found')
    robot.key('Escape')
    wait_for(lambda: len(names('Products')) == 3, 'the whole list')


def what_cannot_be_read_does_not_look_empty():
    run_sql('ALTER TABLE product RENAME TO elsewhere')
    robot.key('ctrl+f')
    robot.keyboard('be')
    robot.wait_label('This Cannot Be Shown')
    robot.shot('unreadable')
    run_sql('ALTER TABLE elsewhere RENAME TO product')
    robot.keyboard('t')
    wait_for(lambda: names('Products') == ['Beta'], 'what was searched')
    robot.key('Escape')
    wait_for(lambda: len(names('Products')) == 3, 'the whole list')


def archived_ones_stand_apart():
    robot.open_row('Products', 'Beta')
    robot.click('Archive Product')
    wait_for(lambda: names('Products') == ['Alpha', 'Gamma & Delta'], 'the list without it')
    robot.go_to('View Options')
    robot.key('Return', 'Down', 'Down', 'Return')
    wait_for(lambda: names('Products') == ['Beta'], 'the archived one')
    robot.shot('archived')
    robot.open_row('Products', 'Beta')
    robot.click('Restore Product')
    robot.wait_label('No Archived Products')
    robot.go_to('View Options')
    robot.key('Return', 'Down', 'Down', 'Return')
    wait_for(lambda: len(names('Products')) == 3, 'the whole list')


def what_the_command_line_does_shows_up():
    ctl('product', 'update', 'Alpha', '--amount', '77')
    robot.wait_label('$77.00 a month')


def a_second_account_is_another_world():
    robot.show('Account')
    robot.go_to('Practice Account')
    robot.key('Return')
    robot.wait_label('No Products Yet')
    robot.wait_label('My Agency 2')
    robot.shot('second')
    robot.show('Account')
    robot.go_to('Other Accounts')
    robot.key('Return')
    robot.wait_label('$77.00 a month')
    assert len(ctl('account', 'list')) == 2


def removing_asks_for_the_name():
    robot.show('Account')
    robot.click('Remove Account')
    robot.wait_label('Remove “My Agency”?')
    assert not robot.has_state(robot.find('_Remove R', 'button'), 'SENSITIVE')
    robot.type('Type “My Agency”', 'My Agency')
    robot.shot('remove')
    robot.click('_Remove R')
    wait_for(lambda: len(ctl('account', 'list')) == 1, 'the account to go')
    robot.wait_no_label('$77.00 a month')
    robot.shot('removed')


def a_damaged_replica_is_rebuilt():
    global robot
    robot.close()
    robot.end()
    ctl('account', 'use', 'My Agency 2')
    robot = Robot('accounts-damaged')
    add('Alpha')
    robot.wait_no_label('Queued', robot.page('Products'))
    robot.close()
    robot.end()
    with replica().open('r+b') as file:
        file.seek(4096)
        file.write(b'\xff' * 8192)
    robot = Robot('accounts-rebuilt')
    robot.wait_label('The local replica was damaged')
    robot.wait_label('Alpha')
    robot.shot('rebuilt')
    robot.click('Got It')
    robot.wait_no_label('The local replica was damaged')
    robot.close()
    robot.end()


def a_damaged_list_of_accounts_is_told_in_a_window():
    global robot
    accounts = replica().parent / 'accounts.ini'
    whole = accounts.read_bytes()
    accounts.write_bytes(b'')
    robot = Robot('accounts-blank')
    robot.wait_label('accounts.ini cannot be read')
    robot.shot('failed')
    robot.close()
    robot.end()
    assert accounts.read_bytes() == b''
    accounts.write_bytes(whole)
    robot = Robot('accounts-whole')
    robot.wait_label('Alpha')
    robot.close()
    robot.end()


sys.exit(run(
    start, lists_are_searched_as_one_types, what_cannot_be_read_does_not_look_empty,
    archived_ones_stand_apart, what_the_command_line_does_shows_up,
    a_second_account_is_another_world, removing_asks_for_the_name, a_damaged_replica_is_rebuilt,
    a_damaged_list_of_accounts_is_told_in_a_window))
