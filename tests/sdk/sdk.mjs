// Stripe's own SDK as a client of the practice Stripe: whatever it does with Stripe must work here.
// usage: node sdk.mjs http://127.0.0.1:PORT      prints TAP, exits with 1 if anything failed
import assert from 'node:assert/strict';
import Stripe from 'stripe';

const base = new URL(process.argv[2]);
const connect = (key, options = {}) => new Stripe(key, {
  host: base.hostname, port: Number(base.port), protocol: 'http', maxNetworkRetries: 0,
  telemetry: false, ...options,
});
const stripe = connect('sk_test_sdk');
const control = async (method, path, body) => {
  const answer = await fetch(new URL(`/_practice/${path}`, base),
                             { method, body: body && JSON.stringify(body) });
  assert.equal(answer.status, 200);
  return answer.json();
};
const all = async (list) => {
  const found = [];
  for await (const object of list) found.push(object);
  return found;
};
const ids = (objects) => objects.map((object) => object.id);
const refuses = (promise, type, expected = {}) => assert.rejects(promise, (error) => {
  assert.equal(error.constructor.name, type, error.message);
  for (const [name, value] of Object.entries(expected)) assert.equal(error[name], value, name);
  assert.match(error.requestId ?? '', /^req_/);
  return true;
});

const cases = {
  'account and balance': async () => {
    const account = await stripe.accounts.retrieveCurrent();
    assert.match(account.id, /^acct_/);
    assert.equal(account.charges_enabled, true);
    assert.equal((await stripe.accounts.retrieveCurrent()).id, account.id);
    assert.equal((await stripe.balance.retrieve()).available[0].amount, 0);
  },

  'a product from beginning to end': async () => {
    const made = await stripe.products.create({
      id: 'rtn_p_sdk', name: 'Voice Basic', description: 'Ünïcode & =', unit_label: 'interactions',
      images: ['https://example.com/a.png'], metadata: { rtn_v: '1', rtn_model: 'base' },
      marketing_features: [{ name: 'fast' }], statement_descriptor: 'VOICE',
    });
    assert.equal(made.id, 'rtn_p_sdk');
    assert.equal(made.lastResponse.apiVersion, '2026-10-28.endive');
    const changed = await stripe.products.update(made.id, {
      description: '', metadata: { rtn_model: '', rtn_ref: 'x' }, images: '',
    });
    assert.equal(changed.description, null);
    assert.deepEqual(changed.metadata, { rtn_v: '1', rtn_ref: 'x' });
    assert.deepEqual(changed.images, []);
    const read = await stripe.products.retrieve(made.id);
    assert.equal(read.name, 'Voice Basic');
    assert.deepEqual(ids((await stripe.products.list({ ids: [made.id] })).data), [made.id]);
    assert.equal((await stripe.products.update(made.id, { active: false })).active, false);
    const gone = await stripe.products.del(made.id);
    assert.deepEqual([gone.id, gone.object, gone.deleted], [made.id, 'product', true]);
    assert.equal((await stripe.products.retrieve(made.id)).deleted, true);
    await refuses(stripe.products.del(made.id), 'StripeInvalidRequestError',
                  { statusCode: 404, code: 'resource_missing' });
  },

  'meters': async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'Seconds', event_name: 'rtn_seconds_1', default_aggregation: { formula: 'sum' },
    });
    assert.equal(meter.customer_mapping.event_payload_key, 'stripe_customer_id');
    assert.equal((await stripe.billing.meters.update(meter.id, { display_name: 'S' })).display_name,
                 'S');
    const off = await stripe.billing.meters.deactivate(meter.id);
    assert.equal(off.status, 'inactive');
    assert.equal(typeof off.status_transitions.deactivated_at, 'number');
    const inactive = await all(stripe.billing.meters.list({ status: 'inactive' }));
    assert.deepEqual(ids(inactive), [meter.id]);
    await refuses(stripe.billing.meters.create({
      display_name: 'Other', event_name: 'rtn_seconds_1', default_aggregation: { formula: 'sum' },
    }), 'StripeInvalidRequestError', { param: 'event_name' });
    assert.equal((await stripe.billing.meters.reactivate(meter.id)).status, 'active');
    assert.equal((await stripe.billing.meters.retrieve(meter.id)).status, 'active');
  },

  'prices of every model': async () => {
    const [meter] = (await stripe.billing.meters.list()).data;
    const product = await stripe.products.create({ id: 'rtn_p_prices', name: 'Voice' });
    const create = (params) => stripe.prices.create({
      product: product.id, currency: 'usd', tax_behavior: 'exclusive', ...params,
    });
    const base = await create({ unit_amount: 4900, recurring: { interval: 'month' } });
    assert.equal(base.recurring.usage_type, 'licensed');
    const once = await create({ unit_amount: 0 });
    assert.equal(once.type, 'one_time');
    const usage = await create({
      unit_amount_decimal: '0.083333333333', lookup_key: 'rtn_key',
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    });
    assert.equal(usage.unit_amount, null);
    assert.equal(String(usage.unit_amount_decimal), '0.083333333333');
    const overage = await create({
      billing_scheme: 'tiered', tiers_mode: 'graduated',
      tiers: [{ up_to: 100, unit_amount: 0 }, { up_to: 'inf', unit_amount_decimal: '0.5' }],
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
      expand: ['tiers', 'product'],
    });
    assert.equal(overage.product.id, product.id);
    assert.deepEqual(overage.tiers.map((tier) => tier.up_to), [100, null]);
    const listed = await all(stripe.prices.list({ product: product.id, expand: ['data.tiers'] }));
    assert.deepEqual(ids(listed), ids([overage, usage, once, base]));
    assert.equal(String(listed[0].tiers[1].unit_amount_decimal), '0.5');
    assert.equal('tiers' in (await stripe.prices.retrieve(overage.id)), false);
    const [found] = (await stripe.prices.list({ lookup_keys: ['rtn_key'] })).data;
    assert.equal(found.id, usage.id);
    const next = await create({ unit_amount: 7, lookup_key: 'rtn_key', transfer_lookup_key: true });
    assert.equal((await stripe.prices.retrieve(usage.id)).lookup_key, null);
    await stripe.products.update(product.id, { default_price: next.id });
    await refuses(stripe.prices.update(next.id, { active: false }), 'StripeInvalidRequestError');
    await stripe.products.update(product.id, { default_price: base.id });
    assert.equal((await stripe.prices.update(next.id, { active: false, nickname: 'old' })).active,
                 false);
    assert.deepEqual(ids(await all(stripe.prices.list({ product: product.id, active: false }))),
                     [next.id]);
    await refuses(stripe.products.del(product.id), 'StripeInvalidRequestError',
                  { statusCode: 400 });
    const both = await stripe.products.create({
      name: 'Both', default_price_data: { currency: 'eur', unit_amount: 5 },
      expand: ['default_price'],
    });
    assert.equal(both.default_price.unit_amount, 5);
  },

  'coupons': async () => {
    const made = await stripe.coupons.create({
      id: 'SUMMER', name: 'Summer', percent_off: 25.1, duration: 'repeating', duration_in_months: 3,
    });
    assert.equal(made.percent_off, 25.1);
    assert.equal(made.valid, true);
    const fixed = await stripe.coupons.create({ amount_off: 500, currency: 'eur' });
    assert.equal(fixed.duration, 'once');
    assert.equal((await stripe.coupons.update('SUMMER', { name: 'Autumn' })).name, 'Autumn');
    await refuses(stripe.coupons.create({ id: 'SUMMER', percent_off: 1 }),
                  'StripeInvalidRequestError', { code: 'resource_already_exists' });
    assert.deepEqual(ids(await all(stripe.coupons.list())), [fixed.id, 'SUMMER']);
    assert.equal((await stripe.coupons.del(fixed.id)).deleted, true);
    await refuses(stripe.coupons.retrieve(fixed.id), 'StripeInvalidRequestError',
                  { statusCode: 404 });
    assert.equal((await stripe.coupons.retrieve('SUMMER')).duration_in_months, 3);
  },

  'customers': async () => {
    const address = { line1: '1 High St', city: 'Leeds', postal_code: 'LS1', country: 'GB' };
    const made = await stripe.customers.create({
      name: 'Zoë', email: 'Zoe@example.com', phone: '+44 1', description: 'd', address,
      preferred_locales: ['en-GB'], tax_exempt: 'reverse', metadata: { rtn_v: '1', rtn_ref: 'x' },
      invoice_settings: { footer: 'Thanks', custom_fields: [{ name: 'PO', value: '7' }] },
    });
    assert.match(made.id, /^cus_[0-9A-Za-z]{14}$/);
    assert.deepEqual(made.address, { ...address, line2: null, state: null });
    assert.deepEqual(made.invoice_settings.custom_fields, [{ name: 'PO', value: '7' }]);
    assert.equal(made.shipping, null);
    const changed = await stripe.customers.update(made.id, {
      name: 'Zoë B', address: '', metadata: { rtn_ref: '' },
    });
    assert.deepEqual([changed.name, changed.address], ['Zoë B', null]);
    assert.deepEqual(changed.metadata, { rtn_v: '1' });
    assert.deepEqual(changed.invoice_settings, made.invoice_settings);
    const other = await stripe.customers.create();
    assert.deepEqual(ids(await all(stripe.customers.list())), [other.id, made.id]);
    assert.deepEqual(ids((await stripe.customers.list({ email: 'Zoe@example.com' })).data),
                     [made.id]);
    assert.deepEqual((await stripe.customers.list({ email: 'zoe@example.com' })).data, []);
    const gone = await stripe.customers.del(other.id);
    assert.deepEqual([gone.id, gone.object, gone.deleted], [other.id, 'customer', true]);
    assert.equal((await stripe.customers.retrieve(other.id)).deleted, true);
    assert.deepEqual(ids((await stripe.customers.list()).data), [made.id]);
    await refuses(stripe.customers.retrieve('cus_none'), 'StripeInvalidRequestError',
                  { statusCode: 404, code: 'resource_missing', param: 'id' });
    await refuses(stripe.customers.update(made.id, { email: 'nobody' }),
                  'StripeInvalidRequestError', { code: 'email_invalid', param: 'email' });
    const events = await all(stripe.events.list({ type: 'customer.*' }));
    assert.deepEqual(events.map((event) => event.type), [
      'customer.deleted', 'customer.created', 'customer.updated', 'customer.created']);
    assert.equal(events[2].data.object.id, made.id);
    assert.equal('email' in events[2].data.object, false);
  },

  'pages': async () => {
    const made = [];
    for (let i = 0; i < 135; i++)
      made.unshift((await stripe.coupons.create({ id: `PAGE-${i}`, percent_off: 5 })).id);
    const pages = ids(await all(stripe.coupons.list({ limit: 100 })));
    assert.deepEqual(pages.filter((id) => id.startsWith('PAGE-')), made);
    assert.equal(new Set(pages).size, pages.length);
    assert.equal((await stripe.coupons.list()).data.length, 10);
    const newer = await all(stripe.coupons.list({ ending_before: 'PAGE-10', limit: 50 }));
    assert.equal(newer.length, 124);
    assert.equal(new Set(ids(newer)).size, 124);
    await refuses(stripe.coupons.list({ starting_after: 'NEVER' }), 'StripeInvalidRequestError',
                  { code: 'resource_missing', param: 'starting_after' });
    await refuses(stripe.coupons.list({ limit: 101 }), 'StripeInvalidRequestError');
  },

  'events': async () => {
    const created = await all(stripe.events.list({ type: 'coupon.created', limit: 100 }));
    assert.equal(created.length, 137);
    const [event] = created;
    assert.equal(event.data.object.id, 'PAGE-134');
    assert.match(event.request.id, /^req_/);
    assert.notEqual(event.api_version, '2026-10-28.endive');
    assert.equal((await stripe.events.retrieve(event.id)).type, 'coupon.created');
    const group = await all(stripe.events.list({ type: 'product.*', limit: 100 }));
    assert.ok(group.some((each) => each.type === 'product.deleted'));
    const types = ['billing.meter.deactivated', 'price.updated'];
    const some = await stripe.events.list({ types });
    assert.ok(some.data.every((each) => types.includes(each.type)));
    assert.ok(some.data.length >= 2);
  },

  'idempotent replay': async () => {
    const options = { idempotencyKey: 'sdk-key-1' };
    const first = await stripe.products.create({ name: 'Once' }, options);
    const second = await stripe.products.create({ name: 'Once' }, options);
    assert.equal(second.id, first.id);
    assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal(second.lastResponse.idempotencyKey, 'sdk-key-1');
    await refuses(stripe.products.create({ name: 'Twice' }, options), 'StripeIdempotencyError',
                  { statusCode: 400 });
    assert.equal((await control('GET', 'state')).keys['sdk-key-1'], 1);
  },

  'error classes': async () => {
    await refuses(stripe.products.create({ name: 'x', nonsense: 1 }), 'StripeInvalidRequestError',
                  { statusCode: 400, code: 'parameter_unknown', param: 'nonsense' });
    await refuses(stripe.products.create({}), 'StripeInvalidRequestError',
                  { code: 'parameter_missing', param: 'name' });
    await refuses(stripe.prices.create({ product: 'none', currency: 'usd', unit_amount: 1 }),
                  'StripeInvalidRequestError', { code: 'resource_missing', param: 'product' });
    await refuses(connect('sk_test_revoked').products.list(), 'StripeAuthenticationError',
                  { statusCode: 401, code: 'api_key_expired' });
    await refuses(connect('sk_live_x').products.list(), 'StripeAuthenticationError');
    await refuses(connect('pk_test_x').products.list(), 'StripePermissionError',
                  { code: 'secret_key_required' });
    const narrow = connect('rk_test_noproducts');
    await refuses(narrow.products.create({ name: 'x' }), 'StripePermissionError',
                  { statusCode: 403 });
    assert.ok((await narrow.products.list()).data.length > 0);
    await refuses(stripe.invoices.list(), 'StripeInvalidRequestError', { statusCode: 404 });
    await refuses(connect('sk_test_sdk', { apiVersion: '2020-01-01' }).products.list(),
                  'StripeInvalidRequestError');
  },

  'faults and the retries of the SDK': async () => {
    const patient = connect('sk_test_sdk', { maxNetworkRetries: 2 });
    const match = 'POST /v1/products';
    const before = (await control('GET', 'state')).objects.product;
    await control('POST', 'faults', { fault: 'drop_after', match, count: 1 });
    await patient.products.create({ name: 'Dropped after' });
    await control('POST', 'faults', { fault: 'drop_before', match, count: 1 });
    await patient.products.create({ name: 'Dropped before' });
    await control('POST', 'faults', { fault: 'status', status: 500, match, count: 1 });
    await patient.products.create({ name: 'Refused once' });
    const state = await control('GET', 'state');
    assert.equal(state.objects.product, before + 3);
    assert.ok(Object.values(state.keys).every((n) => n === 1), 'executed twice');
    await control('POST', 'faults', { fault: 'status', status: 429, match, count: 1 });
    await refuses(stripe.products.create({ name: 'Rate' }), 'StripeRateLimitError');
    await control('POST', 'faults', { fault: 'status', status: 402, match, count: 1 });
    await refuses(stripe.products.create({ name: 'Card' }), 'StripeCardError');
    await control('POST', 'faults', { fault: 'truncate', count: 1 });
    await assert.rejects(stripe.products.list());
    await control('DELETE', 'faults');
  },
};

console.log(`1..${Object.keys(cases).length}`);
let n = 0;
for (const [name, run] of Object.entries(cases)) {
  n++;
  try {
    await run();
    console.log(`ok ${n} - ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${n} - ${name}`);
    console.log(String(error.stack).replace(/^/gm, '# '));
  }
}
// The SDK's timer of the truncated answer would hold the process for its 80 seconds.
process.exit();
