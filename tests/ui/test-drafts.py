"""What is typed and not saved survives: leaving the form, closing the window, a crash."""
import sqlite3
import sys

from robot import Robot, replica, run, run_sql, wait_for

robot = None
RESTORED = 'What you did not save last time'


UNKEPT = 'cannot be kept on the disk yet'


def kept():
    """The drafts on the disk."""
    database = sqlite3.connect(f'file:{replica()}?mode=ro', uri=True)
    rows = database.execute('SELECT texts FROM draft').fetchall()
    database.close()
    return ' '.join(row[0] for row in rows)


def state_of(product):
    database = sqlite3.connect(f'file:{replica()}?mode=ro', uri=True)
    row = database.execute('SELECT state FROM product WHERE name = ?', (product,)).fetchone()
    database.close()
    return row and row[0]


def start():
    global robot
    robot = Robot('drafts')
    robot.click('Practice Account')
    robot.wait_label('No Products Yet')
    robot.show('Products')


def leaving_the_form_keeps_it():
    robot.key('ctrl+n')
    robot.type('Name', 'Half a product')
    robot.choose('Pricing Model', 1)
    robot.key('Escape')
    robot.wait_no_label('Pricing Model')
    robot.key('ctrl+n')
    robot.wait_label(RESTORED)
    robot.shot('restored')
    assert robot.text('Name') == 'Half a product'
    robot.wait_label('Usage based')


def closing_the_window_keeps_it():
    global robot
    robot.type('Price per Unit', '0.0')
    robot.close()
    robot.end()
    robot = Robot('drafts-closed')
    robot.wait_label('No Products Yet')
    robot.show('Products')
    robot.key('ctrl+n')
    robot.wait_label(RESTORED)
    assert robot.text('Name') == 'Half a product'
    assert robot.text('Price per Unit') == '0.0'


def a_disk_that_refuses_it_is_told():
    run_sql("CREATE TRIGGER broken BEFORE INSERT ON draft"
            " BEGIN SELECT raise(ABORT, 'full'); END")
    robot.type('Price per Unit', '0.01')
    robot.wait_label(UNKEPT)
    robot.shot('unkept')
    assert '0.01' not in kept()


def leaving_the_form_keeps_it_even_so():
    robot.key('Escape')
    robot.wait_no_label('Pricing Model')
    robot.key('ctrl+n')
    robot.wait_label(UNKEPT)
    assert robot.text('Price per Unit') == '0.01'


def closing_the_window_asks():
    robot.key('ctrl+w')
    robot.wait_label('Close and lose what you typed?')
    robot.shot('lose')
    robot.key('Escape')
    robot.wait_no_label('Close and lose what you typed?')
    assert robot.text('Price per Unit') == '0.01'


def once_the_disk_takes_it_all_is_well():
    run_sql('DROP TRIGGER broken')
    robot.wait_no_label(UNKEPT)
    assert '0.01' in kept()


def a_crash_keeps_it():
    global robot
    robot.type('Price per Unit', '0.025')
    wait_for(lambda: '0.025' in kept(), 'the draft on the disk')
    robot.kill()
    robot.end()
    robot = Robot('drafts-killed')
    robot.wait_label('No Products Yet')
    robot.show('Products')
    robot.key('ctrl+n')
    robot.wait_label(RESTORED)
    assert robot.text('Price per Unit') == '0.025'


def starting_over_forgets_it():
    robot.click('Start _Over')
    wait_for(lambda: robot.text('Name') == '', 'the empty form')
    robot.wait_no_label(RESTORED)
    wait_for(lambda: kept() == '', 'the draft to be forgotten')


def saving_forgets_it():
    robot.type('Name', 'Whole product')
    robot.type('Fee per Period', '10')
    robot.key('ctrl+Return')
    robot.find('Whole product', 'label', robot.page('Products'))
    assert kept() == ''
    robot.key('ctrl+n')
    robot.wait_label('Pricing Model')
    assert robot.text('Name') == ''
    assert not any(RESTORED in text for text in robot.labels())
    robot.key('Escape')


def an_edit_is_kept_for_its_object():
    robot.open_row('Products', 'Whole product')
    robot.wait_label('Archive Product')
    robot.type('Name', 'Renamed')
    robot.key('Escape')
    robot.wait_no_label('Archive Product')
    robot.open_row('Products', 'Whole product')
    robot.wait_label(RESTORED)
    assert robot.text('Name') == 'Renamed'


def archiving_keeps_it():
    robot.click('Archive Product')
    robot.wait_no_label('Archive Product')
    assert 'Renamed' in kept()
    robot.click('Undo')
    robot.open_row('Products', 'Whole product')
    robot.wait_label(RESTORED)
    assert robot.text('Name') == 'Renamed'
    robot.key('ctrl+Return')
    robot.find('Renamed', 'label', robot.page('Products'))
    wait_for(lambda: kept() == '', 'the draft to be forgotten')


def what_became_fixed_bars_nothing():
    robot.key('ctrl+n')
    robot.type('Name', 'Waiting')
    robot.type('Fee per Period', '10')
    run_sql("CREATE TRIGGER waiting BEFORE UPDATE OF state ON request"
            " BEGIN SELECT raise(ABORT, 'not yet'); END")
    robot.key('ctrl+Return')
    robot.open_row('Products', 'Waiting')
    robot.wait_label('Archive Product')
    robot.choose('Billed Every', 2)
    robot.type('Name', 'Sent')
    wait_for(lambda: 'Sent' in kept() and 'period' in kept(), 'the draft on the disk')
    robot.key('Escape')
    run_sql('DROP TRIGGER waiting')
    robot.key('ctrl+r')
    wait_for(lambda: state_of('Waiting') == 'synced', 'the product at Stripe')
    robot.open_row('Products', 'Waiting')
    robot.wait_label(RESTORED)
    robot.shot('fixed')
    robot.key('ctrl+Return')
    robot.find('Sent', 'label', robot.page('Products'))
    wait_for(lambda: kept() == '', 'the draft to be forgotten')


def a_save_that_fails_after_leaving_is_told():
    robot.open_row('Products', 'Renamed')
    robot.wait_label('Archive Product')
    robot.type('Name', 'Nobody looks')
    wait_for(lambda: 'Nobody looks' in kept(), 'the draft on the disk')
    database = sqlite3.connect(replica())
    database.execute('BEGIN IMMEDIATE')
    robot.key('ctrl+Return')
    robot.show('Coupons')
    robot.wait_label('“Nobody looks” was not saved.')
    robot.shot('left', at_rest=False)
    database.rollback()
    database.close()
    robot.open_row('Products', 'Renamed')
    robot.wait_label(RESTORED)
    assert robot.text('Name') == 'Nobody looks'
    robot.key('Escape')
    robot.close()
    robot.end()


sys.exit(run(
    start, leaving_the_form_keeps_it, closing_the_window_keeps_it,
    a_disk_that_refuses_it_is_told, leaving_the_form_keeps_it_even_so, closing_the_window_asks,
    once_the_disk_takes_it_all_is_well, a_crash_keeps_it,
    starting_over_forgets_it, saving_forgets_it, an_edit_is_kept_for_its_object,
    archiving_keeps_it, what_became_fixed_bars_nothing,
    a_save_that_fails_after_leaving_is_told))
