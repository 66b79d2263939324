"""What the command line reads, and how it prints: for scripts without a locale, too."""
import os
import pty
import signal
import subprocess
import termios
import unicodedata

from harness import Home, RETAINERCTL, Stripe, main

NAME = 'Café Müller 日本'
COUPON = ['coupon', 'create', '--name', 'Summer']


def practice(home):
    home.json('account', 'add', '--name', 'Practice', '--practice')


def test_no_locale():
    """Timers have no locale: what they read and write again must stay what it is."""
    with Home() as home:
        home.environment.update(LC_ALL='C', LANG='')
        practice(home)
        made = home.json('client', 'create', '--name', NAME)
        assert made['name'] == NAME
        assert home.json('outbox', 'list')[0]['title'].count(NAME) == 1
        assert NAME in home.run('client', 'list')
        assert home.refused('client', 'show', 'Ünbekannt')['message'].count('Ünbekannt') == 1


def test_terminal_is_not_steered():
    """A name made elsewhere neither colours the terminal nor turns the line."""
    evil = 'a\u009b31mred\u202edne\x1b[31m'
    with Home() as home, Stripe(home) as stripe:
        key = {'STRIPE_API_KEY': 'sk_test_1'}
        home.json('account', 'add', '--name', 'Real', environment=key)
        stripe.ask('POST', '/v1/customers', 'name=' + evil.replace('\x1b', '%1B'))
        home.json('sync', environment=key)
        assert home.json('client', 'list')[0]['name'] == evil
        for out in (home.run('client', 'list'), home.run('client', 'show', evil)):
            assert 'red' in out and not any(c in out for c in '\u009b\u202e\x1b'), out
        home.run('client', 'show', 'x' + evil, code=1)
        assert not any(c in home.error for c in '\u009b\u202e\x1b'), home.error


def columns_of(text):
    return sum(0 if unicodedata.category(c) in ('Mn', 'Me', 'Cf') else
               2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def test_tables_are_in_columns():
    """Wide and combining characters, and whatever is printed as a space, take what they take."""
    names = ['Plain', 'Müller', 'Mu\u0308ller', '日本語 株式会社', '한국 (주)', 'ｆｕｌｌ', 'a\u200bb',
             '🙂 Smile', 'नमस्ते', 'x' * 250]
    with Home() as home, Stripe(home) as stripe:
        key = {'STRIPE_API_KEY': 'sk_test_1'}
        home.json('account', 'add', '--name', 'Real', environment=key)
        for name in names:
            home.json('client', 'create', '--name', name, '--email', 'e@example.com')
        stripe.ask('POST', '/v1/customers', 'name=tu\u202ern\u009b31m&email=e@example.com')
        home.json('sync', environment=key)
        lines = home.run('client', 'list').splitlines()
        assert len(lines) == len(names) + 2
        places = {columns_of(line[:line.index('e@example.com')]) for line in lines[1:]}
        assert places == {columns_of(lines[0][:lines[0].index('email')])}, places
        for name in names:  # nothing is shortened
            assert sum(f'  {name}  ' in line for line in lines) == 1, name


def test_nothing_chosen_by_nothing():
    """An unset variable of a script picks no price model and no duration."""
    with Home() as home:
        practice(home)
        base = ['product', 'create', '--name', 'A', '--amount', '1', '--currency', 'usd', '--model']
        home.refused(*base, '', code=2)
        home.refused(*base, 'base', '--period', '', code=2)
        home.refused(*base, 'base', '--tax=', code=2)
        home.refused(*base, 'one-time', '--period', 'month', code=2)
        home.refused(*COUPON, '--percent', '5', '--duration', '', code=2)
        home.refused(*COUPON, '--percent', '5', '--duration', 'forever', '--months', '3', code=2)
        home.refused(*COUPON, '--percent', '5', '--currency', 'usd', '--duration', 'once', code=2)
        home.refused('account', 'add', '--name', 'B', '--practice', '--key-stdin', code=2,
                     text='sk_test_1\n')
        assert home.json('outbox', 'list') == [] and len(home.json('account', 'list')) == 1
        made = home.json('client', 'create', '--name', 'A', '--email', 'a@example.com')
        assert home.json('client', 'update', made['id'], '--email', '')['email'] is None


def test_options_are_no_names():
    with Home() as home:
        practice(home)
        for arguments in (['product', 'show', '--bogus'], ['client', 'archive', '--x'],
                          ['account', 'use', '--x'], ['outbox', 'retry', '-'], ['coupon', 'show']):
            code = 1 if arguments[-1] == '-' else 2
            home.refused(*arguments, code=code)
        home.json('client', 'create', '--name', '--odd')
        assert home.json('client', 'show', '--', '--odd')['name'] == '--odd'
        home.refused('sync', '--push', '--full', code=2)


def test_options_are_no_values():
    """A forgotten value is told, whatever option follows; with `=` anything is a value."""
    create = ['client', 'create', '--name']
    with Home() as home:
        practice(home)
        for option in ('--json', '--help', '-h', '--account', '--account=Practice', '--email',
                       '--email=a@example.com'):
            for rest in ([], ['Anna']):
                assert '--name' in home.refused(*create, option, *rest, code=2)['message'], option
        assert '--period' in home.refused('product', 'create', '--name', 'A', '--period', '--tax',
                                          'inclusive', code=2)['message']
        assert '--account' in home.refused('--account', '--json', 'client', 'list',
                                           code=2)['message']
        assert '--field' in home.refused('outbox', 'resolve', 'x', '--field', '--json',
                                         code=2)['message']
        assert home.json('outbox', 'list') == []
        for name in ('--json', '--help', '--email=x', '--account'):
            assert home.json('client', 'create', f'--name={name}')['name'] == name
        for notes in ('-1', '- one\n- two', '-', '--', '--odd', '-hx', '-help', '--jsonx'):
            assert home.json(*create, 'x', '--notes', notes)['notes'] == notes
        assert home.refused('product', 'create', '--name', 'A', '--model', 'base', '--currency',
                            'usd', '--amount', '-1')['field'] == 'amount'


def test_options_of_every_command():
    """They stand anywhere but behind `--`."""
    with Home() as home:
        for name in ('First', 'Second'):
            home.json('account', 'add', '--name', name, '--practice')
        home.json('client', 'create', '--name', 'A', '--account', 'First')
        home.json('client', '--account=First', 'create', '--name', '--odd')
        for arguments in (['--account', 'First', 'client', 'list'],
                          ['client', '--account', 'First', 'list'],
                          ['client', 'list', '--limit', '5', '--account', 'First']):
            for place in (0, len(arguments)):
                out = home.run(*arguments[:place], '--json', *arguments[place:])
                assert out.startswith('[{') and out.count('"id"') == 2, arguments
        assert home.json('client', 'list') == []
        client = ['--account', 'First', 'client', 'show', '--']
        assert home.run(*client, '--odd').startswith('id ')
        for name in ('--json', '--help', '-h'):
            home.run(*client, name, code=1)
            assert name in home.error
        for arguments in (['--help', 'client', 'list'], ['client', '--help', 'list'],
                          ['client', 'list', '--archived', '--help'],
                          ['outbox', 'resolve', 'x', '--mine', '-h'], ['sync', '--push', '--help']):
            assert arguments[arguments[0] == '--help'] + ' ' in home.run(*arguments), arguments
        # Without an account, too.
        for name in ('First', 'Second'):
            home.run('account', 'remove', name, '--yes')
        assert 'client create' in home.run('client', 'list', '--archived', '--help')
        home.refused('client', 'list', '--bogus', code=2)


def test_one_document():
    with Home() as home:
        practice(home)
        assert 'product create' in home.json('help')['help']
        assert 'rename' in home.json('coupon', '-h')['help']
        assert home.json('--version')['version'][0].isdigit()
        assert home.refused(code=2)['code']
        assert home.run('-h') == home.run('help')


def test_filtered_lists():
    with Home() as home:
        for name in ('First', 'Second', 'Third'):
            home.json('account', 'add', '--name', name, '--practice')
            assert home.json('account', 'status', '--account', 'First')['current'] == (
                name == 'First')
        names = lambda *options: [account['name'] for account in
                                  home.json('account', 'list', *options)]
        assert names('--search', 'second') == ['Second']
        assert names('--limit', '1', '--offset', '1') == ['Second']
        assert [account['current'] for account in home.json('account', 'list', '--account',
                                                            'First')] == [False, False, True]
        for name in ('A', 'B', 'C'):
            home.json('client', 'create', '--name', name)
        assert len(home.json('outbox', 'list', '--limit', '2')) == 2
        assert 'B' in home.json('outbox', 'list', '--offset', '1')[0]['title']
        home.refused('outbox', 'list', '--limit', 'x')


def test_output_that_is_lost():
    with Home() as home:
        practice(home)
        home.json('client', 'create', '--name', 'A')
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([RETAINERCTL, 'client', 'list'], env=home.environment,
                                  stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 1 and done.stderr, done


def test_another_key():
    """A key that was revoked is replaced, and what is queued stays."""
    with Home() as home, Stripe(home) as stripe:
        home.json('account', 'add', '--name', 'Real', '--key-stdin', text='rk_test_old\n')
        home.json('client', 'create', '--name', 'Queued')
        stripe.fault(fault='status', status=401, code='api_key_expired', count=1)
        home.json('sync', code=5)
        home.refused('account', 'set-key', 'Real', '--key-stdin', text='rk_live_1\n', code=5)
        home.refused('account', 'set-key', 'Real', '--key-stdin', text='nonsense\n')
        home.json('account', 'set-key', 'Real', '--key-stdin', text='rk_test_new\n')
        assert home.json('sync')['pushed'] == 1


def test_practice_needs_no_key():
    with Home() as home:
        practice(home)
        for key in ('sk_test_1\n', 'sk_live_1\n', 'nonsense\n'):
            message = home.refused('account', 'set-key', 'Practice', '--key-stdin',
                                   text=key)['message']
            assert 'needs no key' in message, message
        # Nobody is asked to type one: the terminal stays open, and nothing waits for it.
        leader, follower = pty.openpty()
        process = home.popen('account', 'set-key', 'Practice', stdin=follower)
        error = process.communicate(timeout=60)[1]
        assert process.returncode == 1 and b'Stripe key' not in error, error
        os.close(leader)
        os.close(follower)


def test_bad_key_of_environment():
    """What needs no key works with a bad one, and the environment's is never stored."""
    with Home() as home, Stripe(home):
        bad = {'STRIPE_API_KEY': 'garbage'}
        home.json('account', 'add', '--name', 'Practice', '--practice', environment=bad)
        home.json('client', 'create', '--name', 'A', environment=bad)
        home.json('account', 'add', '--name', 'Real', '--key-stdin', text='sk_test_in\n',
                  environment={'STRIPE_API_KEY': 'sk_test_env'})
        assert home.json('sync', code=5, environment=bad)['pushed'] == 0
        assert home.json('sync', code=5)['pushed'] == 0  # nothing was stored
        home.json('sync', environment={'STRIPE_API_KEY': 'sk_test_env'})


def test_terminal_is_given_back():
    """Who gives up at the prompt sees again what is typed."""
    with Home() as home:
        leader, follower = pty.openpty()
        process = home.popen('account', 'add', '--name', 'Real', stdin=follower)
        assert b'key' in process.stderr.read(11)
        while is_echoing(follower):
            pass
        process.send_signal(signal.SIGINT)
        process.communicate()
        assert process.returncode == -signal.SIGINT and is_echoing(follower)
        os.close(leader)
        os.close(follower)


def is_echoing(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


main(test_no_locale, test_terminal_is_not_steered, test_tables_are_in_columns,
     test_nothing_chosen_by_nothing, test_options_are_no_names, test_options_are_no_values,
     test_options_of_every_command, test_one_document, test_filtered_lists,
     test_output_that_is_lost, test_another_key, test_practice_needs_no_key,
     test_bad_key_of_environment, test_terminal_is_given_back)
