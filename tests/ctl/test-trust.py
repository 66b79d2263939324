"""What a person needs to trust it: conflicts, the log, the audit, rebuilding, backups."""
import json
import sqlite3
import stat

from harness import Home, Stripe, main

CLIENT = ['client', 'create', '--name', 'Anna', '--email', 'anna@example.com', '--country', 'DE']


def two_computers(test):
    """Runs `test (first, second, stripe)`: two homes with one Stripe account."""
    with Home() as first, Home() as second, Stripe(first) as stripe:
        second.environment['RETAINER_API_BASE'] = stripe.base
        for home in (first, second):
            home.json('account', 'add', '--name', 'Shared', '--practice')
        test(first, second, stripe)


def make_conflict(first, second):
    """Both change name and e-mail of a client; the change of `second`, which comes later."""
    first.json(*CLIENT)
    first.json('sync')
    second.json('sync')
    first.json('client', 'update', 'Anna', '--name', 'First', '--email', 'first@example.com')
    second.json('client', 'update', 'Anna', '--name', 'Second', '--email', 'second@example.com',
                '--notes', 'mine alone')
    first.json('sync')
    report = second.json('sync', code=3)
    assert (report['conflicts'], report['pushed']) == (1, 0), report
    change, = second.json('outbox', 'list')
    return change['id']


def assert_client(stripe, **expected):
    client, = stripe.list('/v1/customers')
    for name, value in expected.items():
        assert client[name] == value, (name, client[name], value)


def test_b12_conflict_mine():
    def run(first, second, stripe):
        change = make_conflict(first, second)
        shown = second.json('outbox', 'show', change)
        assert shown['state'] == 'conflict'
        assert shown['conflicts'] == [
            {'field': 'email', 'base': 'anna@example.com', 'mine': 'second@example.com',
             'theirs': 'first@example.com'},
            {'field': 'name', 'base': 'Anna', 'mine': 'Second', 'theirs': 'First'}]
        assert shown['changed_by'].startswith('req_') and shown['changed_at'].endswith('Z')
        text = second.run('outbox', 'show', change)
        assert 'theirs' in text and 'first@example.com' in text
        for usage in ([], ['--mine', '--theirs'], ['--mine', '--field', 'name=mine'],
                      ['--field', 'name'], ['--field', 'name=both'], ['--field']):
            second.run('outbox', 'resolve', change, *usage, code=2)
        assert second.refused('outbox', 'retry', change)['code'] == 'invalid'
        assert second.json('outbox', 'resolve', change, '--mine')['state'] == 'queued'
        second.json('sync')
        assert_client(stripe, name='Second', email='second@example.com')
        events = [line['event'] for line in second.json('log')]
        assert events[:3] == ['done', 'resolved', 'conflict'], events
        done = second.json('log', '--limit', '1')
        assert len(done) == 1 and done[0]['request_id'].startswith('req_')
        lines = second.run('log', '--limit', '2').splitlines()
        assert len(lines) == 2 and done[0]['request_id'] in lines[0] and 'Anna' not in lines[1]
        assert second.refused('outbox', 'resolve', change, '--mine')['code'] == 'not_found'
    two_computers(run)


def test_b12_conflict_theirs():
    def run(first, second, stripe):
        change = make_conflict(first, second)
        # What only this side changed goes all the same.
        assert second.json('outbox', 'resolve', change, '--theirs')['state'] == 'queued'
        second.json('sync')
        assert_client(stripe, name='First', email='first@example.com')
        assert second.json('client', 'show', 'First')['notes'] == 'mine alone'
        second.json('client', 'update', 'First', '--name', 'Second')
        first.json('client', 'update', 'First', '--name', 'Again')
        first.json('sync')
        second.json('sync', code=3)
        change, = second.json('outbox', 'list')
        # Nothing is left of this one.
        assert second.json('outbox', 'resolve', change['id'], '--theirs')['state'] == 'synced'
        assert second.json('outbox', 'list') == []
        assert second.json('sync')['pushed'] == 0
        assert_client(stripe, name='Again')
    two_computers(run)


def test_b12_conflict_by_field():
    def run(first, second, stripe):
        change = make_conflict(first, second)
        refused = second.refused('outbox', 'resolve', change, '--field', 'name=mine')
        assert refused['field'] == 'email'
        second.refused('outbox', 'resolve', change, '--field', 'name=mine', '--field=email=theirs',
                       '--field', 'notes=mine')
        second.json('outbox', 'resolve', change, '--field', 'name=mine', '--field=email=theirs')
        second.json('sync')
        assert_client(stripe, name='Second', email='first@example.com')
        assert second.json('client', 'show', 'Second')['notes'] == 'mine alone'
        first.json('sync')
        assert first.json('client', 'list') == [
            {**client, 'id': first.json('client', 'list')[0]['id']}
            for client in second.json('client', 'list')]
    two_computers(run)


def test_log_is_harmless():
    with Home() as home:
        home.json('account', 'add', '--name', 'Practice', '--practice')
        assert home.run('log') == 'Nothing.\n' and home.json('log') == []
        home.refused('log', '--limit', '-1')
        home.run('log', 'x', code=2)
        home.json(*CLIENT)
        home.json('sync')
        events = home.json('log')
        assert [line['event'] for line in events] == ['relist', 'done']
        assert events[1]['name'] == 'Anna' and 'anna@example.com' not in json.dumps(events)


def tamper(home, sql):
    with sqlite3.connect(home.replica()) as database:
        assert database.execute(sql).rowcount == 1


def test_a16_check_remote():
    with Home() as home:
        home.json('account', 'add', '--name', 'Practice', '--practice')
        home.json(*CLIENT)
        home.json('sync')
        assert home.json('check') == {'ok': True, 'problems': []}
        good = home.json('check', '--remote')
        assert good == {'ok': True, 'problems': [], 'differences': [], 'compared': 1,
                        'repaired': 0}, good
        tamper(home, "UPDATE stripe_object SET json = json_set (json, '$.address.city', 'Bonn')")
        bad = home.json('check', '--remote', code=1)
        difference, = bad['differences']
        assert not bad['ok'] and len(bad['problems']) == 1
        assert difference.pop('id').startswith('cus_')
        assert difference == {'object': 'customer', 'field': 'address.city', 'replica': '"Bonn"',
                              'stripe': 'null'}, difference
        assert 'address.city' in home.run('check', '--remote', code=1)
        repaired = home.json('check', '--remote', '--repair')
        assert repaired['ok'] and len(repaired['differences']) == repaired['repaired'] == 1
        assert home.json('check', '--remote')['ok']
        assert [line['detail'] for line in home.json('log', '--limit', '2')] == ['0', '1']
        home.run('check', '--repair', code=2)
        home.environment['RETAINER_API_BASE'] = 'http://127.0.0.1:9'
        offline = home.json('check', '--remote', code=4)
        assert not offline['ok'] and offline['compared'] == 0


def test_check_says_it_once():
    with Home() as home, Stripe(home):
        key = {'STRIPE_API_KEY': 'sk_test_1'}
        home.json('account', 'add', '--name', 'Real', environment=key)
        problem, = home.json('check', code=1)['problems']
        bad = home.json('check', '--remote', code=5)
        assert not bad['ok'] and bad['problems'] == [problem]
        assert json.loads(home.error)['error']['message'] == problem
        out = home.run('check', '--remote', code=5)
        assert (out + home.error).count(problem) == 1 and problem in home.error, out
        assert 'in order' not in out
        # What else is wrong is told with it.
        home.environment['RETAINER_API_BASE'] = 'http://127.0.0.1:9'
        offline = home.json('check', '--remote', code=4, environment=key)
        assert len(offline['problems']) == 1 and offline['problems'] != [problem]


def test_c4_wrong_clock():
    with Home() as home, Home() as other, Stripe(home) as stripe:
        key = {'STRIPE_API_KEY': 'sk_test_1'}
        home.json('account', 'add', '--name', 'Real', environment=key)
        stripe.fault(fault='skew', seconds=-600, count=0, match='')
        home.json('sync', environment=key)
        problem, = home.json('check', code=1, environment=key)['problems']
        assert 'differs from Stripe' in problem, problem
        # The clock of a practice Stripe can be moved.
        other.environment['RETAINER_API_BASE'] = stripe.base
        other.json('account', 'add', '--name', 'Practice', '--practice')
        other.json('sync')
        assert other.json('check')['ok']


def test_b28_rebuild():
    with Home() as home:
        home.json('account', 'add', '--name', 'Practice', '--practice')
        home.json(*CLIENT)
        home.json('sync')
        listed = home.json('client', 'list')
        home.json('client', 'create', '--name', 'Bert')
        assert home.refused('rebuild')['code'] == 'invalid'
        # What cannot be had again is not thrown away.
        home.environment['RETAINER_API_BASE'] = 'http://127.0.0.1:9'
        assert home.refused('rebuild', '--yes', code=4)['code'] == 'offline'
        del home.environment['RETAINER_API_BASE']
        assert len(home.json('client', 'list')) == 2
        assert home.json('rebuild', '--yes') == {'pending': 1, 'conflicts': 0, 'rejected': 0}
        assert [client['name'] for client in home.json('client', 'list')] == ['Bert']
        report = home.json('sync')
        assert (report['pushed'], report['full'], report['pending']) == (1, True, 0), report
        assert home.json('client', 'list')[:1] == listed
        assert 'rebuilt' in [line['event'] for line in home.json('log')]
        assert 'next sync' in home.run('rebuild', '--yes')


def test_d1_backup():
    with Home() as home:
        home.json('account', 'add', '--name', 'Practice', '--practice')
        assert home.json('backup', 'list') == []
        home.json(*CLIENT)
        home.json('client', 'list')  # any command makes the copy of the day
        daily, = home.json('backup', 'list')
        assert (daily['changes'], daily['drafts'], daily['good']) == (1, 0, True), daily
        home.json('sync')
        home.json('client', 'create', '--name', 'Bert')
        made = home.json('backup', 'create')
        assert made['changes'] == 1 and made['name'] != daily['name']
        assert [entry['name'] for entry in home.json('backup', 'list')] == [
            made['name'], daily['name']]
        for path in (home.path / 'data').rglob('*'):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
        known = {'changes': 0, 'drafts': 0, 'known': 1}
        assert home.json('backup', 'restore', daily['name']) == known
        assert home.refused('backup', 'restore', 'none.db')['code'] == 'not_found'
        for usage in ([], ['list', 'x'], ['restore'], ['bogus']):
            home.run('backup', *usage, code=2)
        home.replica().unlink()
        for name in (daily['name'], made['name']):
            assert home.json('backup', 'restore', name)['changes'] == 1
        assert home.json('sync')['pending'] == 0
        assert [client['name'] for client in home.json('client', 'list')] == ['Anna', 'Bert']
        assert 'restored' in [line['event'] for line in home.json('log')]
        home.run('account', 'remove', 'Practice', '--yes')
        assert not list((home.path / 'data').rglob('*.db*'))


def test_d1_damage_is_told():
    with Home() as home:
        home.json('account', 'add', '--name', 'Practice', '--practice')
        for number in range(30):
            home.json('client', 'create', '--name', f'Client {number}')
        before = home.json('outbox', 'list')
        home.json('backup', 'create')
        replica = home.replica()
        data = bytearray(replica.read_bytes())
        data[0] ^= 0x55
        for page in range(4096, len(data), 4096):  # every page: nothing is left
            data[page:page + 200] = bytes(200)
        replica.write_bytes(data)
        assert home.json('outbox', 'list') == before
        assert 'backup' in home.error and 'damaged' in home.error, home.error
        assert home.json('outbox', 'list') == before and home.error == ''
        # The same to a person, and once however often a command looks at the account.
        replica.write_bytes(data)
        for path in replica.parent.glob(replica.name + '-*'):
            path.unlink()
        home.run('account', 'set-rate', '50')
        assert home.error.count('damaged') == home.error.count('backup') == 1, home.error
        report = home.json('sync')
        assert (report['pushed'], report['pending']) == (30, 0), report


def test_d4_no_place():
    with Home() as home:
        home.json('account', 'add', '--name', 'Practice', '--practice')
        replica = home.replica
        home.json('client', 'list')
        folder = replica().with_name(replica().name + '.backups')
        folder.write_text('in the way')
        home.json(*CLIENT)
        home.run('client', 'list')
        assert home.error.startswith('No backup was made.'), home.error
        assert home.refused('backup', 'create')['code'] == 'storage'
        check = home.json('check', code=1)
        assert any(problem.startswith('No backup') for problem in check['problems']), check
        assert home.json('sync')['pushed'] == 1
        folder.unlink()
        assert home.json('check')['ok']


def test_d3_data_folder_only():
    """The replica is in the data folder alone, which no cloud or network folder is."""
    with Home() as home:
        home.json('account', 'add', '--name', 'Practice', '--practice')
        home.json(*CLIENT)
        home.json('sync')
        home.json('backup', 'create')
        home.json('rebuild', '--yes')
        assert home.replica().parent == home.path / 'data' / 'retainer'
        made = {path.relative_to(home.path).parts[:2] for path in home.path.rglob('*')
                if path.is_file()}
        places = {('data', 'retainer'), ('config', 'retainer'), ('state', 'retainer'),
                  ('cache', 'retainer')}
        assert made - {('test.keyring',)} <= places, made
        for path in (home.path / 'data').rglob('*'):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode & 0o077 == 0, (path, oct(mode))


def test_set_rate():
    with Home() as home:
        home.json('account', 'add', '--name', 'Practice', '--practice')
        assert home.json('account', 'status')['rate'] == 0
        assert home.json('account', 'set-rate', '100')['rate'] == 100
        for bad in ('101', '-1', 'x', ''):
            assert home.refused('account', 'set-rate', bad)['field'] == 'rate'
        home.run('account', 'set-rate', code=2)
        assert home.json('account', 'status')['rate'] == 100
        assert home.json('account', 'set-rate', '0')['rate'] == 0


main(test_b12_conflict_mine, test_b12_conflict_theirs, test_b12_conflict_by_field,
     test_log_is_harmless, test_a16_check_remote, test_check_says_it_once, test_c4_wrong_clock,
     test_b28_rebuild,
     test_d1_backup, test_d1_damage_is_told, test_d3_data_folder_only, test_d4_no_place,
     test_set_rate)
