"""A client's story in the window: drafted offline, edited, sent, archived and restored."""
import sys

from robot import Robot, ctl, replica, run, wait_for

robot = None


def client():
    found, = ctl('client', 'list')
    return found


def start():
    global robot
    robot = Robot('clients')
    robot.click('Practice Account')
    robot.wait_label('No Clients Yet')
    robot.wait_label('Synced just now')
    robot.shot('empty')
    robot.show('Account')
    robot.toggle('Practice Stripe Can Be Reached')
    robot.wait_label('you are working offline')


def one_is_drafted_by_keyboard():
    robot.show('Clients')
    robot.key('ctrl+n')
    robot.wait_label('How the client is reached will stand here.')
    robot.keyboard('Mueller')
    robot.key('Tab')
    robot.keyboard('anna')
    robot.wait_label('This is no e-mail address')
    robot.shot('email')
    robot.keyboard('@example.com')
    robot.wait_no_label('This is no e-mail address')
    robot.search_choice('Country', 'Germ')
    robot.wait_label('anna@example.com · Germany')
    robot.key('Tab')
    robot.keyboard('10115')
    robot.key('Tab')
    robot.keyboard('Calls back')
    robot.key('Return')
    robot.keyboard('after five')
    robot.wait_label('anna@example.com · 10115 · Germany')
    robot.shot('form')
    robot.key('ctrl+Return')
    robot.find('Mueller', 'label', robot.page('Clients'))
    robot.find('Queued', 'label', robot.page('Clients'))
    robot.shot('list')
    assert client()['notes'] == 'Calls back\nafter five', client()
    assert client()['country'] == 'DE' and client()['stripe_id'] is None


def what_waits_can_be_edited():
    robot.open_row('Clients', 'Mueller')
    robot.wait_label('Archive Client')
    assert robot.text('Notes') == 'Calls back\nafter five'
    robot.type('Name', 'Café Müller')
    robot.type('Notes', '')
    robot.key('ctrl+Return')
    robot.find('Café Müller', 'label', robot.page('Clients'))
    robot.show('Outbox')
    robot.wait_label('Create client “Café Müller”', robot.page('Outbox'))
    assert len(ctl('outbox', 'list')) == 1, 'folded into what waits'
    assert client()['notes'] is None


def it_is_found_by_its_address():
    robot.show('Clients')
    robot.key('ctrl+f')
    robot.keyboard('anna@ex')
    robot.find('Café Müller', 'label', robot.page('Clients'))
    robot.keyboard('zzz')
    robot.wait_label('Nothing Found')
    robot.key('Escape')
    robot.find('Café Müller', 'label', robot.page('Clients'))


def a_draft_is_kept():
    robot.key('ctrl+n')
    robot.type('Name', 'Half')
    robot.type('Notes', 'two\nlines')
    robot.key('Escape')
    robot.wait_no_label('New Client')
    robot.key('ctrl+n')
    robot.wait_label('What you did not save last time is filled in again.')
    assert (robot.text('Name'), robot.text('Notes')) == ('Half', 'two\nlines')
    robot.click('Start _Over')
    wait_for(lambda: robot.text('Name') == '', 'the empty form')
    robot.key('Escape')


def online_it_is_sent():
    robot.click('Switch On')
    robot.wait_label('Everything Is at Stripe')
    robot.wait_no_label('Queued', robot.page('Clients'))
    assert client()['stripe_id'].startswith('cus_')


def only_what_is_changed_is_sent():
    robot.open_row('Clients', 'Café Müller')
    robot.wait_label('Archive Client')
    robot.type('Postal Code', '')
    robot.key('ctrl+Return')
    robot.wait_label('anna@example.com · Germany', robot.page('Clients'))
    wait_for(lambda: client()['state'] == 'synced', 'the change at Stripe')
    assert client()['postal_code'] is None and client()['country'] == 'DE'


def archived_and_undone():
    robot.open_row('Clients', 'Café Müller')
    robot.click('Archive Client')
    robot.wait_label('No Clients Yet')
    robot.shot('undo')
    robot.click('Undo')
    robot.wait_label('anna@example.com · Germany', robot.page('Clients'))
    wait_for(lambda: client()['state'] == 'synced', 'the client back at Stripe')


def a_lost_replica_comes_back():
    global robot
    before = client()
    robot.close()
    robot.end()
    file = replica()
    for suffix in ('', '-wal', '-shm'):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    robot = Robot('clients-again')
    robot.wait_label('anna@example.com · Germany')
    assert client() == before
    robot.close()
    robot.end()


sys.exit(run(
    start, one_is_drafted_by_keyboard, what_waits_can_be_edited, it_is_found_by_its_address,
    a_draft_is_kept, online_it_is_sent, only_what_is_changed_is_sent, archived_and_undone,
    a_lost_replica_comes_back))
