"""Changed here and at Stripe (TRAPS B12): a conflict is caused by a second writer, seen in the
outbox, opened, and decided in each way; what was chosen is at Stripe and in the list."""
import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request

from robot import RETAINERCTL, Robot, ctl, run, wait_for

os.environ['STRIPE_API_KEY'] = 'sk_test_' + '4eC39HqLyjWDarjtT1zdp7dc'
stripe = subprocess.Popen([RETAINERCTL, 'practice', 'serve', '--port', '0', '--data',
                           os.environ['HOME'] + '/stripe'], stdout=subprocess.PIPE, text=True)
base = stripe.stdout.readline().strip()
robot = None
LONG_NOTE = ('Wants a call before each change of the plan, and a copy of every invoice to the '
             'bookkeeper in Leipzig, who is away on Fridays.')


def ask(path, body=None):
    request = urllib.request.Request(base + path, method='POST' if body else 'GET',
                                     data=body and body.encode())
    request.add_header('Authorization', 'Bearer sk_test_outside')
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def in_the_dashboard(client, **parameters):
    """What a person does at Stripe: no request of the API is behind it."""
    ask('/_practice/edit', json.dumps({'object': 'customer', 'id': client['stripe_id'],
                                       'parameters': urllib.parse.urlencode(parameters)}))


def at_stripe(client):
    return ask('/v1/customers/' + client['stripe_id'])


def client(name):
    return next(c for c in ctl('client', 'list') if c['name'] == name)


def start():
    global robot
    os.environ['RETAINER_API_BASE'] = base
    ctl('account', 'add', '--name', 'Agency')
    for name in ('Anna', 'Bert', 'Cleo'):
        ctl('client', 'create', '--name', name, '--email', name.lower() + '@old.example')
    ctl('sync')
    robot = Robot('conflict')
    robot.find('Cleo', 'label', robot.page('Clients'))
    robot.wait_label('Synced just now')


def edit(client_name, meanwhile, **fields):
    """`meanwhile` happens after the form was opened: what was read before does not matter."""
    robot.open_row('Clients', client_name)
    robot.wait_label('Taxes depend on it')
    meanwhile()
    for field, text in fields.items():
        if field == 'country':
            robot.search_choice('Country', text)
        else:
            robot.type({'email': 'E-Mail', 'name': 'Name', 'notes': 'Notes'}[field], text)
    robot.key('ctrl+Return')
    robot.find('Conflict', 'label', robot.page('Clients'))


def radio(field, side):
    return robot.find(f'{field}, {side}: ')


def is_chosen(field, side):
    return robot.has_state(radio(field, side), 'CHECKED')


def can_apply():
    return robot.has_state(robot.find('Apply', 'button'), 'SENSITIVE')


def apply():
    wait_for(can_apply, 'Apply to be possible')
    robot.click('Apply')
    robot.wait_label('Everything Is at Stripe')
    robot.wait_no_label('Use All Mine')
    wait_for(lambda: ctl('outbox', 'list') == [], 'the outbox to drain')


def b12_a_second_writer_causes_a_conflict():
    anna = client('Anna')

    def meanwhile():
        in_the_dashboard(anna, email='anna@dashboard.example', description=LONG_NOTE)
        ask('/v1/customers/' + anna['stripe_id'], 'name=Anna+of+Stripe')
    edit('Anna', meanwhile, name='Anna of mine', email='anna@mine.example')
    robot.wait_label('1 change needs you')
    assert at_stripe(anna)['email'] == 'anna@dashboard.example', 'nothing was sent'


def b12_the_outbox_tells_of_it():
    robot.show('Outbox')
    robot.wait_label('It waits until you decide', robot.page('Outbox'))
    robot.shot('outbox')


def b12_nothing_is_chosen_at_first():
    robot.click('Decide', robot.page('Outbox'))
    robot.wait_label('This was changed here and at Stripe')
    for field in ('Name', 'E-Mail Address'):
        assert not is_chosen(field, 'Yours') and not is_chosen(field, 'Stripe’s')
    assert not can_apply()
    for text in ('anna@old.example', 'anna@mine.example', 'anna@dashboard.example'):
        robot.wait_label(text)
    robot.wait_label('Last changed at Stripe on ')
    robot.wait_label('(request req_')
    robot.shot('page')


def b12_field_by_field_by_keyboard_alone():
    robot.go_to('E-Mail Address, Yours')
    robot.key('Down', 'space')
    wait_for(lambda: is_chosen('E-Mail Address', 'Stripe’s'), 'their address')
    assert not can_apply(), 'one of two is not all'
    robot.go_to('Name, Yours: Anna of mine')
    robot.key('space')
    wait_for(lambda: is_chosen('Name', 'Yours'), 'my name to be chosen')
    robot.shot('chosen')
    apply()
    anna = client('Anna of mine')
    there = at_stripe(anna)
    assert there['name'] == 'Anna of mine', there
    assert there['email'] == 'anna@dashboard.example', there
    assert there['description'] == LONG_NOTE, 'what changed only there is kept'
    assert anna['email'] == 'anna@dashboard.example' and anna['state'] == 'synced', anna
    robot.find('Anna of mine', 'label', robot.page('Clients'))
    robot.wait_no_label('Conflict', robot.page('Clients'))


def b12_all_mine():
    bert = client('Bert')
    edit('Bert',
         lambda: in_the_dashboard(bert, email='bert@dashboard.example', name='Bert of Stripe'),
         name='Bert of mine', email='bert@mine.example')
    robot.show('Outbox')
    robot.click('Decide', robot.page('Outbox'))
    robot.wait_label('in the Dashboard or by Stripe')
    robot.click('Use All Mine')
    apply()
    there = at_stripe(bert)
    assert (there['name'], there['email']) == ('Bert of mine', 'bert@mine.example'), there
    robot.find('Bert of mine', 'label', robot.page('Clients'))


def b12_all_of_stripes_from_the_form():
    cleo = client('Cleo')
    edit('Cleo',
         lambda: in_the_dashboard(cleo, email='cleo@dashboard.example', name='Cleo of Stripe'),
         name='Cleo of mine', email='')
    robot.open_row('Clients', 'Cleo of mine')
    robot.wait_label('This also changed at Stripe.')
    robot.shot('form')
    # The form's own; the outbox, which is not shown, has another.
    robot.press(robot.find_all('Decide', 'button')[-1])
    robot.wait_label('Empty')
    robot.click('Use All of Stripe')
    apply()
    there = at_stripe(cleo)
    assert (there['name'], there['email']) == ('Cleo of Stripe', 'cleo@dashboard.example'), there
    robot.find('Cleo of Stripe', 'label', robot.page('Clients'))
    assert all(c['state'] == 'synced' for c in ctl('client', 'list'))


def b12_a_conflict_that_goes_closes_its_page():
    anna = client('Anna of mine')
    edit('Anna of mine', lambda: in_the_dashboard(anna, email='anna@third.example'),
         email='anna@fourth.example')
    robot.show('Outbox')
    robot.click('Decide', robot.page('Outbox'))
    robot.wait_label('This was changed here and at Stripe')
    in_the_dashboard(anna, email='anna@fifth.example')
    robot.do('win.sync')
    robot.wait_label('Stripe’s side has changed again')
    robot.wait_label('anna@fifth.example')
    robot.shot('changed-again')
    in_the_dashboard(anna, email='anna@dashboard.example')
    robot.do('win.sync')
    robot.wait_label('is in no conflict any more')
    robot.wait_no_label('Use All Mine')
    wait_for(lambda: ctl('outbox', 'list') == [], 'the outbox to drain')
    assert at_stripe(anna)['email'] == 'anna@fourth.example'


def b14_an_amount_is_of_a_currency_and_a_period():
    ctl('product', 'create', '--name', 'Care', '--model', 'base', '--amount', '49',
        '--currency', 'usd')
    ctl('sync')
    care = next(p for p in ctl('product', 'list') if p['name'] == 'Care')
    robot.open_row('Products', 'Care')
    robot.wait_label('Archive Product')
    price = ask('/v1/prices', 'currency=eur&unit_amount=7900&recurring[interval]=year'
                f'&tax_behavior=exclusive&product={care["stripe_id"]}')
    ask('/v1/products/' + care['stripe_id'], 'default_price=' + price['id'])
    robot.type('Fee per Period', '59')
    robot.key('ctrl+Return')
    robot.show('Outbox')
    robot.wait_label('It waits until you decide', robot.page('Outbox'))
    robot.click('Decide', robot.page('Outbox'))
    for text in ('$49.00', '$59.00', '€79.00', 'Month', 'Year', 'USD', 'EUR'):
        robot.wait_label(text)
    robot.shot('price')
    robot.click('Use All Mine')
    apply()
    product = ask('/v1/products/' + care['stripe_id'])
    price = ask('/v1/prices/' + product['default_price'])
    assert (price['currency'], price['unit_amount'], price['recurring']['interval']) == (
        'usd', 5900, 'month'), price


def b29_what_waits_says_why_and_can_be_copied():
    ask('/_practice/faults', json.dumps(
        {'fault': 'status', 'status': 400, 'code': 'parameter_invalid', 'count': 1,
         'match': 'POST /v1/customers', 'message': 'Not today.'}))
    robot.show('Clients')
    robot.key('ctrl+n')
    robot.type('Name', 'Refused')
    robot.key('ctrl+Return')
    robot.find('Rejected', 'label', robot.page('Clients'))
    robot.show('Outbox')
    outbox = robot.page('Outbox')
    robot.wait_label('1 attempt', outbox)
    robot.go_to('Create client “Refused”')
    robot.key('Return')
    robot.wait_label('Not today.', outbox)
    said = robot.wait_label('Refused · req_', outbox)
    robot.click('Copy Request', outbox)
    robot.wait_label('Copied')
    robot.show('Clients')
    robot.key('ctrl+n')
    robot.field('Postal Code')
    robot.key('ctrl+v')
    copied = wait_for(lambda: robot.text('Name'), 'what was copied')
    assert 'POST /v1/customers' in copied and said.split()[2] in copied, copied
    assert 'Idempotency-Key: ' in copied and 'sk_test' not in copied, copied
    robot.key('ctrl+a', 'BackSpace', 'Escape')
    ctl('outbox', 'discard', ctl('outbox', 'list')[0]['id'])


def find_decide():
    """In German only where the translations are installed."""
    return robot.find_all('Decide', 'button') or robot.find_all('Entscheiden', 'button')


def look(scenario, size=None, **environment):
    """The same conflict in other surroundings."""
    global robot
    robot = Robot('conflict-' + scenario, **environment)
    robot.show('Outbox')
    wait_for(find_decide, 'the conflict')
    # Twice: the first time the sidebar is still beside the page.
    for _ in range(2 if size else 0):
        robot.resize(*size)
    robot.shot('outbox')
    robot.press(find_decide()[0])
    wait_for(lambda: robot.find_all('anna@dashboard-2.example'), 'the page')
    robot.shot('page')
    assert robot.size()[0] <= (size or (1000, 0))[0], 'it fits'
    robot.key('Escape')
    robot.show('Account')
    robot.shot('account')
    robot.close()
    robot.end()


def it_looks_right_everywhere():
    anna = client('Anna of mine')
    edit('Anna of mine',
         lambda: in_the_dashboard(anna, email='anna@dashboard-2.example', name='Anna & Sons',
                                  description='Call before ten.', **{'address[country]': 'AT'}),
         email='', name='Anna of mine and of nobody else in the whole wide world, Limited',
         country='Germany', notes=LONG_NOTE.upper())
    robot.close()
    robot.end()
    look('light')
    look('dark', ADW_DEBUG_COLOR_SCHEME='prefer-dark')
    look('narrow', (360, 640))
    look('german', LANGUAGE='de', LC_ALL='de_DE.UTF-8')
    look('german-narrow', (360, 640), LANGUAGE='de', LC_ALL='de_DE.UTF-8')
    look('rtl', LANGUAGE='ar', LC_ALL='en_US.UTF-8')


status = run(
    start, b12_a_second_writer_causes_a_conflict, b12_the_outbox_tells_of_it,
    b12_nothing_is_chosen_at_first, b12_field_by_field_by_keyboard_alone, b12_all_mine,
    b12_all_of_stripes_from_the_form, b12_a_conflict_that_goes_closes_its_page,
    b14_an_amount_is_of_a_currency_and_a_period,
    b29_what_waits_says_why_and_can_be_copied, it_looks_right_everywhere)
stripe.terminate()
stripe.wait()
sys.exit(status)
