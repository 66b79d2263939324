"""retainerctl as scripts use it: CLI.md line by line."""
import json
import os
import sqlite3
import stat

from harness import Home, Stripe, main

BASE = ['product', 'create', '--model', 'base', '--currency', 'usd']


def account(home):
    return home.json('account', 'add', '--name', 'Practice', '--practice')


def test_account():
    with Home() as home:
        assert home.refused('product', 'list')['code'] == 'not_found'
        first = account(home)
        assert first['name'] == 'Practice' and first['practice'] and first['current']
        assert first['stripe_account'] is None
        assert home.refused('account', 'add', '--name', 'Practice', '--practice')['field'] == 'name'
        home.json('account', 'add', '--name', 'Second', '--practice')
        names = {entry['name']: entry['current'] for entry in home.json('account', 'list')}
        assert names == {'Practice': False, 'Second': True}
        home.json('account', 'use', 'Practice')
        assert home.json('account', 'status')['name'] == 'Practice'
        home.json('sync')
        assert home.json('account', 'status')['stripe_account'].startswith('acct_')
        home.refused('account', 'remove', 'Second')
        home.run('account', 'remove', 'Second', '--yes')
        assert len(home.json('account', 'list')) == 1
        folder = home.path / 'data' / 'retainer'
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for path in folder.rglob('*'):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_products():
    with Home() as home:
        account(home)
        forms = [
            ['--name', 'Fee', '--model', 'base', '--amount', '49', '--currency', 'usd'],
            ['--name', 'Voice', '--model', 'base', '--amount', '25', '--currency', 'USD',
             '--metric', 'minutes', '--included', '1000', '--overage', '0.05', '--tax',
             'inclusive'],
            ['--name', 'Chat', '--model', 'usage', '--amount', '0.000000000001',
             '--currency', 'eur', '--metric', 'interactions', '--period', 'year',
             '--description', 'Two\nlines'],
            ['--name', 'Setup', '--model', 'one-time', '--amount', '5000', '--currency', 'jpy'],
        ]
        made = [home.json('product', 'create', *form) for form in forms]
        assert [entry['state'] for entry in made] == ['queued'] * 4
        assert [entry['stripe_id'] for entry in made] == [None] * 4
        assert made[0]['amount'] == '49.00' and made[3]['amount'] == '5000'
        assert len(home.json('outbox', 'list')) == 4
        report = home.json('sync')
        assert (report['pushed'], report['pending'], report['rejected']) == (4, 0, 0), report
        listed = home.json('product', 'list')
        assert [entry['name'] for entry in listed] == ['Chat', 'Fee', 'Setup', 'Voice']
        assert all(entry['state'] == 'synced' for entry in listed)
        home.replica().unlink()
        assert home.json('product', 'list') == []
        home.json('sync')
        assert home.json('product', 'list') == listed
        assert home.json('product', 'list', '--search', 'voi')[0]['name'] == 'Voice'
        assert home.json('product', 'list', '--limit', '1', '--offset', '1')[0]['name'] == 'Fee'
        # One object, however it is named.
        for key in ('Voice', made[1]['id'], listed[3]['stripe_id']):
            assert home.json('product', 'show', key)['id'] == made[1]['id']
        changed = home.json('product', 'update', 'Voice', '--amount', '30', '--overage', '0.06')
        assert changed['state'] == 'queued' and changed['amount'] == '30.00'
        assert home.json('product', 'archive', 'Fee')['archived']
        home.json('sync')
        assert home.json('product', 'show', 'Fee')['state'] == 'archived'
        assert [entry['name'] for entry in home.json('product', 'list', '--archived')] == ['Fee']
        home.json('product', 'restore', 'Fee')
        home.json('sync')
        assert home.json('product', 'show', 'Fee')['state'] == 'synced'


def test_clients():
    with Home() as home:
        account(home)
        made = home.json('client', 'create', '--name', 'Café Müller', '--email', 'Anna@Example.com',
                         '--country', 'de', '--postal-code', '10115', '--notes', 'One\nTwo')
        assert list(made) == ['id', 'stripe_id', 'state', 'name', 'email', 'country', 'postal_code',
                              'notes', 'archived', 'outside', 'created']
        assert (made['state'], made['stripe_id']) == ('queued', None)
        assert (made['email'], made['country']) == ('Anna@Example.com', 'DE')
        bare = home.json('client', 'create', '--name', 'Bare')
        assert [bare[field] for field in ('email', 'country', 'postal_code', 'notes')] == [None] * 4
        home.json('client', 'update', 'Bare', '--name', 'Bare & Co', '--country', 'AT')
        titles = [change['title'] for change in home.json('outbox', 'list')]
        assert titles == ['Create client “Café Müller”', 'Create client “Bare & Co”']
        assert home.json('outbox', 'list')[0]['object'] == 'client'
        assert home.json('sync')['pushed'] == 2
        listed = home.json('client', 'list')
        assert [entry['name'] for entry in listed] == ['Bare & Co', 'Café Müller']
        assert all(entry['stripe_id'].startswith('cus_') for entry in listed)
        assert listed[1]['id'] == made['id'] and listed[1]['notes'] == 'One\nTwo'
        home.replica().unlink()
        assert home.json('client', 'list') == []
        home.json('sync')
        assert home.json('client', 'list') == listed
        for search, name in (('cafe mull', 'Café Müller'), ('anna@ex', 'Café Müller'),
                             ('bare', 'Bare & Co')):
            assert [entry['name'] for entry in home.json('client', 'list', '--search', search)] \
                == [name]
        assert home.json('client', 'list', '--limit', '1', '--offset', '1') == listed[1:]
        for key in ('Café Müller', made['id'], listed[1]['stripe_id']):
            assert home.json('client', 'show', key)['id'] == made['id']
        changed = home.json('client', 'update', 'Café Müller', '--email', '', '--notes', '')
        assert changed['state'] == 'queued' and changed['email'] is None
        assert home.json('client', 'archive', 'Bare & Co')['archived']
        assert home.json('sync')['pending'] == 0
        assert home.json('client', 'show', 'Café Müller') == {
            **listed[1], 'email': None, 'notes': None}
        assert home.json('client', 'show', 'Bare & Co')['state'] == 'archived'
        assert len(home.json('client', 'list', '--archived')) == 1
        home.json('client', 'restore', 'Bare & Co')
        home.json('sync')
        assert home.json('client', 'show', 'Bare & Co')['state'] == 'synced'
        home.json('client', 'archive', home.json('client', 'create', '--name', 'Oops')['id'])
        home.json('client', 'restore', 'Oops')
        assert len(home.json('outbox', 'list')) == 1


def test_coupons():
    with Home() as home:
        account(home)
        home.json('coupon', 'create', '--name', 'A', '--percent', '12.5', '--duration', 'once')
        home.json('coupon', 'create', '--name', 'B', '--amount', '10', '--currency', 'eur',
                  '--duration', 'forever', '--code', 'BEE')
        three = home.json('coupon', 'create', '--name', 'C', '--percent', '100', '--duration',
                          'months', '--months', '3', '--code', 'SEE')
        assert three['duration'] == 'months' and three['months'] == 3
        home.json('sync')
        assert [entry['name'] for entry in home.json('coupon', 'list')] == ['A', 'B', 'C']
        home.json('coupon', 'rename', 'BEE', 'Bee')
        home.json('coupon', 'delete', 'SEE')
        home.json('sync')
        assert [entry['name'] for entry in home.json('coupon', 'list')] == ['A', 'Bee']
        assert home.json('coupon', 'show', 'SEE')['state'] == 'archived'
        # A code is never used again; one that was never sent is simply taken back.
        again = ['coupon', 'create', '--name', 'C', '--percent', '5', '--duration', 'once',
                 '--code']
        assert home.refused(*again, 'SEE')['field'] == 'code'
        assert home.refused(*again, 'BEE')['field'] == 'code'
        home.json(*again, 'NEW')
        assert home.json('coupon', 'delete', 'NEW')['state'] == 'archived'
        assert home.json('outbox', 'list') == []


def test_bad_input():
    usage = ['product', 'create', '--name', 'x', '--model', 'usage', '--currency', 'usd']
    coupon = ['coupon', 'create', '--duration', 'once']
    client = ['client', 'create', '--name', 'x']
    minutes = BASE + ['--name', 'x', '--amount', '1', '--metric', 'minutes']
    refused = [
        ('name', BASE + ['--name', '', '--amount', '1']),
        ('name', BASE + ['--amount', '1']),
        ('name', BASE + ['--name', 'a\u202eb', '--amount', '1']),
        ('name', BASE + ['--name', 'a\x01b', '--amount', '1']),
        ('name', BASE + ['--name', b'\xff\xfe', '--amount', '1']),
        ('name', BASE + ['--name', 'x' * 100000, '--amount', '1']),
        ('amount', BASE + ['--name', 'x', '--amount', '-1']),
        ('amount', BASE + ['--name', 'x', '--amount', '1.001']),
        ('amount', BASE + ['--name', 'x', '--amount', '1e3']),
        ('amount', BASE + ['--name', 'x', '--amount', '1,50']),
        ('amount', BASE + ['--name', 'x', '--amount', '0']),
        ('amount', BASE + ['--name', 'x', '--amount', '99999999999999']),
        ('amount', BASE + ['--name', 'x']),
        ('amount', ['product', 'create', '--name', 'x', '--model', 'base', '--currency', 'jpy',
                    '--amount', '1.5']),
        ('amount', usage + ['--metric', 'minutes', '--amount', '0.0000000000001']),
        ('metric', usage + ['--amount', '1']),
        ('currency', ['product', 'create', '--name', 'x', '--model', 'base', '--amount', '1',
                      '--currency', 'xyz']),
        ('included', minutes + ['--overage', '1']),
        ('overage', minutes + ['--included', '1']),
        ('included', minutes + ['--included', '1.5', '--overage', '1']),
        ('model', ['product', 'create', '--name', 'x', '--model', 'free', '--currency', 'usd',
                   '--amount', '1']),
        ('name', ['client', 'create', '--email', 'a@b.de']),
        ('name', ['client', 'create', '--name', '']),
        ('name', ['client', 'create', '--name', 'x' * 257]),
        ('email', client + ['--email', 'anna']),
        ('email', client + ['--email', 'a@b@c']),
        ('email', client + ['--email', 'a b@c.de']),
        ('email', client + ['--email', 'x' * 508 + '@b.de']),
        ('country', client + ['--country', 'XX']),
        ('country', client + ['--country', 'Germany']),
        ('postal_code', client + ['--postal-code', '1' * 33]),
        ('notes', client + ['--notes', 'x' * 5001]),
        ('notes', client + ['--notes', 'a\x01b']),
        ('percent', coupon + ['--name', 'x', '--percent', '101']),
        ('percent', coupon + ['--name', 'x', '--percent', '12.345']),
        ('percent', coupon + ['--name', 'x', '--percent', '5', '--amount', '5']),
        ('name', coupon + ['--name', 'x' * 41, '--percent', '5']),
        ('currency', coupon + ['--name', 'x', '--amount', '5']),
        ('code', coupon + ['--name', 'x', '--percent', '5', '--code', 'a b']),
        ('months', ['coupon', 'create', '--name', 'x', '--percent', '5', '--duration', 'months']),
        ('duration', ['coupon', 'create', '--name', 'x', '--percent', '5', '--duration', 'daily']),
    ]
    with Home() as home:
        account(home)
        for field, arguments in refused:
            error = home.refused(*arguments)
            assert error['field'] == field and error['message'], (arguments[-2:], error)
        assert home.json('outbox', 'list') == [] and home.json('product', 'list') == []
        for arguments in (['bogus'], ['product'], ['product', 'show'],
                          ['client'], ['client', 'update'], ['client', 'delete', 'x'],
                          ['product', 'list', '--nope'], ['sync', 'x'],
                          ['product', 'create', '--name']):
            home.run(*arguments, code=2)
        assert home.refused('product', 'show', 'nothing')['code'] == 'not_found'
        assert home.refused('client', 'update', 'nobody', '--name', 'x')['code'] == 'not_found'


def test_ambiguous_name():
    with Home() as home:
        account(home)
        ids = [home.json(*BASE, '--name', 'Twin', '--amount', '1')['id'] for _ in range(2)]
        for arguments in (['show'], ['update', '--amount', '2'], ['archive']):
            error = home.refused('product', *arguments, 'Twin')
            assert error['code'] == 'not_found'
            assert all(identifier in error['message'] for identifier in ids)
        clients = [home.json('client', 'create', '--name', 'Twin')['id'] for _ in range(2)]
        coupon = ['coupon', 'create', '--name', 'Twin', '--percent', '5', '--duration', 'once']
        coupons = [home.json(*coupon)['id'] for _ in range(2)]
        for arguments, candidates in ((['client', 'archive', 'Twin'], clients),
                                      (['coupon', 'rename', 'Twin', 'x'], coupons),
                                      (['coupon', 'delete', 'Twin'], coupons)):
            error = home.refused(*arguments)
            assert error['code'] == 'not_found'
            assert all(identifier in error['message'] for identifier in candidates)
        assert len(home.json('outbox', 'list')) == 6


def test_offline():
    with Home() as home:
        account(home)
        home.json(*BASE, '--name', 'Later', '--amount', '1')
        home.environment['RETAINER_API_BASE'] = 'http://127.0.0.1:9'
        report = home.json('sync', code=4)
        assert report['pending'] == 1 and report['pushed'] == 0
        assert json.loads(home.error)['error']['code'] == 'offline'
        assert home.json('product', 'show', 'Later')['state'] == 'queued'
        # Still a draft like any other.
        home.json('product', 'update', 'Later', '--name', 'Soon')
        assert len(home.json('outbox', 'list')) == 1
        del home.environment['RETAINER_API_BASE']
        assert home.json('sync')['pushed'] == 1


def test_refusal_and_outbox():
    with Home() as home, Stripe(home) as stripe:
        account(home)
        stripe.ask('POST', '/v1/coupons', 'id=TAKEN&percent_off=5&duration=once')
        home.json('coupon', 'create', '--name', 'Mine', '--percent', '5', '--duration', 'once',
                  '--code', 'TAKEN')
        home.json(*BASE, '--name', 'Fine', '--amount', '1')
        report = home.json('sync', code=3)
        assert (report['rejected'], report['pushed']) == (1, 1)
        change, = home.json('outbox', 'list')
        assert set(change) == {'id', 'title', 'state', 'object', 'object_id', 'created', 'attempts',
                               'requests', 'error', 'asks'}
        assert change['state'] == 'rejected' and change['error']['field'] == 'code'
        assert set(change['requests'][0]) == {'method', 'path', 'state', 'request_id'}
        assert change['requests'][0]['request_id'].startswith('req_')
        assert home.json('outbox', 'retry', change['id'])['state'] == 'queued'
        home.json('sync', code=3)
        discarded = home.json('outbox', 'discard', change['id'])
        assert (discarded['state'], discarded['error']) == ('archived', None), discarded
        assert home.json('outbox', 'list') == []
        home.json('sync')


def test_many_attempts_ask():
    """It goes on being tried, and a person should know (TRAPS B17)."""
    with Home() as home:
        account(home)
        home.json(*BASE, '--name', 'Patient', '--amount', '1')
        change, = home.json('outbox', 'list')
        assert change['asks'] is False
        assert 'many times' not in home.run('outbox', 'show', change['id'])
        with sqlite3.connect(home.replica()) as database:
            database.execute('UPDATE request SET n_attempts = 25')
        change, = home.json('outbox', 'list')
        assert change['asks'] is True
        assert home.json('outbox', 'show', change['id'])['asks'] is True
        assert 'many times' in home.run('outbox', 'show', change['id'])
        head, line = home.run('outbox', 'list').splitlines()
        assert (head.split()[-1], line.split()[-1]) == ('asks', 'yes'), (head, line)
        assert home.json('outbox', 'discard', change['id'])['asks'] is False


def test_why_everything_is_read():
    with Home() as home, Stripe(home) as stripe:
        account(home)
        first = home.json('sync')
        assert (first['full'], first['reason']) == (True, 'first'), first
        second = home.json('sync')
        assert (second['full'], second['reason']) == (False, None), second
        assert 'Everything' not in home.run('sync')
        assert home.json('sync', '--full')['reason'] == 'asked'
        said = home.run('sync', '--full')
        assert said.startswith('Everything is being read anew, as you asked.\n'), said
        assert 'Everything' not in home.run('sync', '--push')
        # One that is left midway, and the one that goes on with it, say the same.
        # Not a broken line: libsoup 3.2 then leaves a task behind when the process ends.
        stripe.fault(fault='status', status=500, match='GET /v1/coupons', count=0)
        assert home.json('sync', '--full', code=4)['reason'] == 'asked'
        stripe.ask('DELETE', '/_practice/faults')
        again = home.json('sync')
        assert (again['full'], again['reason']) == (True, 'asked'), again


def test_what_the_key_may_not_read():
    with Home() as home, Stripe(home) as stripe:
        account(home)
        stripe.fault(fault='status', status=403, match='GET /v1/coupons', count=0,
                     message='rak_coupon_read is missing')
        assert 'rak_coupon_read' in home.json('sync', code=5)['denied']
        # It is not missed again and again, and still told.
        assert 'rak_coupon_read' in home.json('sync')['denied']
        assert 'rak_coupon_read' in home.run('sync')
        stripe.ask('DELETE', '/_practice/faults')
        assert home.json('sync')['denied'] is None
        assert 'rak_coupon_read' not in home.run('sync')


def test_discard():
    """It prints what the change was for as it is afterwards."""
    with Home() as home:
        account(home)
        made = home.json(*BASE, '--name', 'Voice', '--amount', '1')
        discarded = home.json('outbox', 'discard', made['id'])
        assert (discarded['state'], discarded['object_id']) == ('archived', made['id'])
        home.json(*BASE, '--name', 'Voice', '--amount', '1')
        home.json('sync')
        home.json('product', 'update', 'Voice', '--name', 'Chat')
        change, = home.json('outbox', 'list')
        assert home.json('outbox', 'discard', change['id'])['state'] == 'synced'
        assert home.json('product', 'show', 'Voice')['state'] == 'synced'
        home.json('product', 'archive', 'Voice')
        home.json('sync')
        home.json('product', 'update', 'Voice', '--name', 'Chat')
        home.json('product', 'restore', 'Chat')
        changes = home.json('outbox', 'list')
        states = [home.json('outbox', 'discard', change['id'])['state'] for change in changes]
        assert states == ['queued'] * (len(changes) - 1) + ['archived'], states
        assert 'archived' in home.run('product', 'show', 'Voice')


def test_environment_key():
    with Home() as home, Stripe(home):
        key = {'STRIPE_API_KEY': 'sk_test_environment'}
        added = home.json('account', 'add', '--name', 'Real', environment=key)
        assert added['stripe_account'].startswith('acct_') and not added['practice']
        home.json('sync', environment=key)
        home.json('sync', code=5)  # nothing was stored
        home.json('sync', code=5, environment={'STRIPE_API_KEY': 'sk_test_revoked'})
        home.refused('sync', code=5, environment={'STRIPE_API_KEY': 'pk_test_1'})
        live = {'STRIPE_API_KEY': 'sk_live_1'}
        assert home.refused('account', 'add', '--name', 'Live', environment=live)['field'] == 'key'
        assert len(home.json('account', 'list')) == 1
        home.refused('sync', environment=dict(key, RETAINER_API_BASE='http://example.com'))


def test_stored_key():
    with Home() as home, Stripe(home):
        home.refused('account', 'add', '--name', 'Bad', '--key-stdin', text='pk_test_1\n')
        home.refused('account', 'add', '--name', 'Bad', '--key-stdin', text='sk_test_revoked\n',
                     code=5)
        assert home.json('account', 'list') == []
        home.json('account', 'add', '--name', 'Real', '--key-stdin', text='rk_test_stored\n')
        home.json(*BASE, '--name', 'Voice', '--amount', '1')
        assert home.json('sync')['pushed'] == 1
        assert home.json('check') == {'ok': True, 'problems': []}
        (home.path / 'test.keyring').unlink()  # a lost keyring costs nothing but typing the key
        home.json(*BASE, '--name', 'Chat', '--amount', '1')
        home.json('sync', code=5)
        assert not home.json('check', code=1)['ok']
        assert len(home.json('outbox', 'list')) == 1


def test_failed_add():
    """What could not be added leaves everything as it was."""
    with Home() as home, Stripe(home):
        for name in ('A', 'B', 'C'):
            home.json('account', 'add', '--name', name, '--practice')
        home.json('account', 'use', 'B')
        before = home.json('account', 'list')
        home.refused('account', 'add', '--name', 'Bad', '--key-stdin', text='sk_test_revoked\n',
                     code=5)
        assert home.json('account', 'list') == before
        path = home.path / 'data' / 'retainer' / 'accounts.ini'
        junk = 'junk line\n' + path.read_text()
        path.write_text(junk)
        assert home.refused('account', 'list')['code'] == 'damaged'
        assert home.refused('account', 'add', '--name', 'D', '--practice')['code'] == 'damaged'
        assert path.read_text() == junk


def test_unverified_account():
    with Home() as home:
        home.environment['RETAINER_API_BASE'] = 'http://127.0.0.1:9'
        added = home.json('account', 'add', '--name', 'Later', '--key-stdin', text='sk_test_x\n')
        assert added['stripe_account'] is None
        home.json(*BASE, '--name', 'Draft', '--amount', '1')
        with Stripe(home):
            assert home.json('sync')['pushed'] == 1
            assert home.json('account', 'status')['stripe_account'].startswith('acct_')


def test_one_account_of_each():
    """One Stripe account in one mode is one account here: it has one replica and one queue."""
    with Home() as home, Stripe(home):
        first = home.json('account', 'add', '--name', 'First', '--key-stdin', text='sk_test_1\n')
        home.json('account', 'add', '--name', 'Other', '--practice')
        before = home.json('account', 'list')
        keys = (home.path / 'test.keyring').read_bytes()
        again = ['account', 'add', '--name', 'Again']
        for options, text in ((['--key-stdin'], 'rk_test_2\n'), ([], None)):
            environment = {} if text else {'STRIPE_API_KEY': 'sk_test_env'}
            error = home.refused(*again, *options, text=text, environment=environment, code=5)
            assert (error['code'], error['field']) == ('key', 'key')
            assert '“First”' in error['message'] and first['stripe_account'] in error['message']
            # Nothing is left of it, and what was used is.
            assert home.json('account', 'list') == before
            assert len(list((home.path / 'data' / 'retainer').glob('*.db'))) <= 2
        assert len((home.path / 'test.keyring').read_bytes()) <= len(keys)
        # Added without a network it is found out later, before anything is sent.
        base = home.environment['RETAINER_API_BASE']
        home.environment['RETAINER_API_BASE'] = 'http://127.0.0.1:9'
        home.json(*again, '--key-stdin', text='sk_test_3\n')
        home.json(*BASE, '--name', 'Draft', '--amount', '1')
        home.environment['RETAINER_API_BASE'] = base
        report = home.json('sync', code=5)
        assert (report['pushed'], report['pending']) == (0, 1) and 'First' in home.error
        assert home.json('account', 'status')['stripe_account'] is None
        # Without the other one it is the only one.
        home.run('account', 'remove', 'First', '--yes')
        assert home.json('sync')['pushed'] == 1
        assert home.json('account', 'status')['stripe_account'] == first['stripe_account']


def test_two_from_before():
    """Who has one twice from before that was refused goes on with both queues."""
    with Home() as home, Stripe(home):
        home.json('account', 'add', '--name', 'First', '--key-stdin', text='sk_test_1\n')
        path = home.path / 'data' / 'retainer' / 'accounts.ini'
        group = path.read_text()[path.read_text().index('[0'):].split('\n\n')[0]
        name = group[1:27]
        path.write_text(path.read_text() + '\n'
                        + group.replace(name, '0' * 26).replace('First', 'Second'))
        key = {'STRIPE_API_KEY': 'sk_test_1'}
        for account_name in ('First', 'Second'):
            home.json(*BASE, '--account', account_name, '--name', account_name, '--amount', '1')
            assert home.json('sync', '--account', account_name, environment=key)['pushed'] == 1


def test_damaged_replica():
    with Home() as home:
        account(home)
        home.json(*BASE, '--name', 'Synced', '--amount', '1')
        home.json('sync')
        home.json(*BASE, '--name', 'Queued', '--amount', '1')
        replica = home.replica()
        with open(replica, 'r+b') as file:
            file.seek(os.path.getsize(replica) // 2)
            file.write(os.urandom(8192))
        (replica.parent / (replica.name + '-wal')).unlink(missing_ok=True)
        home.run('product', 'list')
        home.json('sync', code=0)
        assert 'Synced' in [entry['name'] for entry in home.json('product', 'list')]


def test_damaged_schema():
    """What names the tables is gone: nothing that was typed is."""
    with Home() as home:
        account(home)
        home.json(*BASE, '--name', 'Synced', '--amount', '1')
        home.json('sync')
        home.json('product', 'update', 'Synced', '--name', 'Renamed')
        for number in range(20):
            home.json(*BASE, '--name', f'Queued {number}', '--amount', '1')
        before = home.json('outbox', 'list')
        replica = home.replica()
        with open(replica, 'r+b') as file:
            file.write(bytes(4096))
        listed = [home.popen('--json', 'outbox', 'list') for _ in range(4)]  # all repair it at once
        assert [json.loads(process.communicate()[0]) for process in listed] == [before] * 4
        assert len(list(replica.parent.glob('*.damaged-*-0'))) == 1
        assert home.json('check')['ok']
        report = home.json('sync')
        assert (report['pushed'], report['pending'], report['rejected']) == (21, 0, 0), report
        assert len(home.json('product', 'list')) == 21
        home.run('account', 'remove', 'Practice', '--yes')
        assert not list(replica.parent.glob('*.db*'))


def test_help_and_version():
    with Home() as home:
        assert 'product create' in home.run('help')
        assert 'product create' in home.run('help', 'product')
        assert 'client create' in home.run('help', 'client')
        assert 'sync' in home.run('sync', '--help')
        assert home.run('--version').startswith('retainerctl ')
        home.run('help', 'bogus', code=2)


main(test_account, test_products, test_clients, test_coupons, test_bad_input, test_ambiguous_name,
     test_offline, test_refusal_and_outbox, test_many_attempts_ask,
     test_why_everything_is_read, test_what_the_key_may_not_read, test_discard,
     test_environment_key, test_stored_key,
     test_failed_add, test_unverified_account, test_one_account_of_each, test_two_from_before,
     test_damaged_replica, test_damaged_schema, test_help_and_version)
