// Brings what Supabase's sync engine can list into PostgreSQL; prints how many objects a second.
// usage: node sync.mjs http://127.0.0.1:PORT SOCKET_FOLDER
import { createRequire } from 'node:module';
import Stripe from 'stripe';

// Its ES module does not find its migrations.
const require = createRequire(import.meta.url);
const { StripeSync, runMigrations } = require('@supabase/stripe-sync-engine');
const [base, folder] = [new URL(process.argv[2]), process.argv[3]];
const databaseUrl = `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
await runMigrations({ databaseUrl, schema: 'stripe' });
const sync = new StripeSync({
  poolConfig: { connectionString: databaseUrl, max: 10 },
  stripeSecretKey: 'sk_test_bench', stripeWebhookSecret: 'whsec_bench', schema: 'stripe',
  backfillRelatedEntities: false,
});
sync.stripe = new Stripe('sk_test_bench', {
  host: base.hostname, port: Number(base.port), protocol: 'http', telemetry: false,
});
const started = performance.now();
// All that it has of what the server lists, at once: no coupons, and of prices the active ones.
const parts = await Promise.all([sync.syncProducts(), sync.syncPrices(), sync.syncCustomers()]);
const seconds = (performance.now() - started) / 1000;
const synced = parts.reduce((sum, part) => sum + part.synced, 0);
const { rows } = await sync.postgresClient.pool.query(`SELECT
  (SELECT count(*) FROM stripe.products) + (SELECT count(*) FROM stripe.prices)
  + (SELECT count(*) FROM stripe.customers) AS n`);
if (Number(rows[0].n) !== synced) throw new Error(`${rows[0].n} rows of ${synced} objects`);
await sync.postgresClient.pool.end();
console.log((synced / seconds).toFixed(0));
