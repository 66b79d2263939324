"""kill -9 at random points, of a process that syncs or saves: each object once, none missing.

RETAINER_KILLS sets how many (200), RETAINER_SEED where they fall.
"""
import os
import random
import signal
import time

from harness import Home, Stripe, main

KILLS = int(os.environ.get('RETAINER_KILLS', '200'))
SYNCS = (('sync', '--push'), ('sync', '--push'), ('sync',), ('sync', '--full'))
SEED = int(os.environ.get('RETAINER_SEED', '1'))


def draft(home, number):
    """Three changes, seven requests."""
    home.run('product', 'create', '--name', f'Product {number}', '--model', 'base',
             '--amount', '25', '--currency', 'usd', '--metric', 'minutes', '--included', '10',
             '--overage', '0.05')
    home.run('coupon', 'create', '--name', f'Coupon {number}', '--percent', '5',
             '--duration', 'once')
    home.run('client', 'create', '--name', f'Client {number}')


def measure(home):
    started = time.monotonic()
    home.run('sync', '--push')
    return time.monotonic() - started


def kill(process, after):
    """Whether it was killed: it may have ended before."""
    try:
        process.wait(after)
    except Exception:
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def names(objects, prefix):
    return sorted(o['name'] for o in objects if o['name'].startswith(prefix))


def test_kill_9():
    choice = random.Random(SEED)
    with Home() as home, Stripe(home) as stripe:
        home.run('account', 'add', '--name', 'Practice', '--practice')
        home.run('account', 'set-rate', '100')
        draft(home, 0)
        whole = measure(home)
        made = killed = 1
        while killed <= KILLS:
            draft(home, made)
            made += 1
            for _ in range(3):
                arguments = choice.choice(SYNCS)
                killed += kill(home.popen(*arguments), choice.uniform(0, whole * 1.2))
            saving = home.popen('client', 'create', '--name', f'Saved {made}')
            killed += kill(saving, choice.uniform(0, 0.03))
        report = home.json('sync')
        assert report['pending'] == report['rejected'] == 0, report
        products, coupons = stripe.list('/v1/products'), stripe.list('/v1/coupons')
        prices, clients = stripe.list('/v1/prices'), stripe.list('/v1/customers')
        print(f'# seed {SEED}: {killed - 1} kills, {made} drafts,', len(products), 'products,',
              len(prices), 'prices')
        saved = names(clients, 'Saved')
        assert len(set(saved)) == len(saved), saved
        assert saved == names(home.json('client', 'list', '--limit', '100000'), 'Saved')
        clients = [c for c in clients if not c['name'].startswith('Saved')]
        for objects, n_each in ((products, 1), (coupons, 1), (clients, 1), (prices, 2)):
            assert len(objects) == made * n_each, (len(objects), made * n_each)
        assert len({p['metadata']['rtn_ref'] for p in products}) == made
        assert len({p['lookup_key'] for p in prices}) == 2 * made
        assert len({c['metadata']['rtn_ref'] for c in clients}) == made
        assert len(stripe.list('/v1/billing/meters')) == 1
        assert all(p['default_price'] for p in products)
        assert max(stripe.state()['keys'].values()) <= 1
        for kind in ('product', 'client'):
            assert all(entry['state'] == 'synced' for entry in home.json(kind, 'list'))
        assert home.json('check') == {'ok': True, 'problems': []}


main(test_kill_9)
