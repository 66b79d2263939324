"""kill -9 of a syncing process at random points: each object exactly once, none missing.

RETAINER_KILLS sets how many (200), RETAINER_SEED where they fall.
"""
import os
import random
import signal
import time

from harness import Home, Stripe, main

KILLS = int(os.environ.get('RETAINER_KILLS', '200'))
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


def test_kill_9():
    choice = random.Random(SEED)
    with Home() as home, Stripe(home) as stripe:
        home.run('account', 'add', '--name', 'Practice', '--practice')
        draft(home, 0)
        whole = measure(home)
        made = killed = 1
        while killed <= KILLS:
            draft(home, made)
            made += 1
            for _ in range(3):
                process = home.popen('sync', '--push')
                try:
                    process.wait(choice.uniform(0, whole * 1.2))
                except Exception:
                    pass
                process.send_signal(signal.SIGKILL)
                process.communicate()
                killed += process.returncode == -signal.SIGKILL
        report = home.json('sync')
        assert report['pending'] == report['rejected'] == 0, report
        products, coupons = stripe.list('/v1/products'), stripe.list('/v1/coupons')
        prices, clients = stripe.list('/v1/prices'), stripe.list('/v1/customers')
        print(f'# seed {SEED}: {killed - 1} kills, {made} drafts,', len(products), 'products,',
              len(prices), 'prices')
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
