// Lists everything there is with Stripe's own SDK and prints how many objects a second.
// usage: node list.mjs http://127.0.0.1:PORT
import Stripe from 'stripe';

const base = new URL(process.argv[2]);
const stripe = new Stripe('sk_test_bench', {
  host: base.hostname, port: Number(base.port), protocol: 'http', telemetry: false,
});
const lists = [[stripe.products], [stripe.prices, { active: true }],
               [stripe.prices, { active: false }], [stripe.coupons], [stripe.customers]];
const started = performance.now();
// All lists at once, as a program in a hurry would.
const counts = await Promise.all(lists.map(async ([resource, filter]) => {
  let count = 0;
  for await (const object of resource.list({ limit: 100, ...filter })) count += object.id ? 1 : 0;
  return count;
}));
const total = counts.reduce((sum, count) => sum + count, 0);
console.log((total * 1000 / (performance.now() - started)).toFixed(0));
