-- A replica of schema version 3, with something in every table that it added.
-- Migrated in test-migrate.c; a released schema never changes.
-- What Stripe last said of each object, verbatim. No foreign keys: pages arrive in any order.
CREATE TABLE stripe_object (
  row INTEGER PRIMARY KEY,
  object TEXT NOT NULL,
  stripe_id TEXT NOT NULL,
  handle TEXT NOT NULL,                 -- chosen id, lookup key or event name
  parent TEXT,                          -- a price's product
  json TEXT NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1)),
  asked_at INTEGER NOT NULL,            -- place in the order of all that was asked
  listing INTEGER NOT NULL DEFAULT 0,   -- the last full list that showed it
  UNIQUE (object, stripe_id)
) STRICT;
CREATE INDEX stripe_object_by_handle ON stripe_object (object, handle);
CREATE INDEX stripe_object_by_parent ON stripe_object (object, parent);

-- Which local id, for life, an object of Stripe has.
CREATE TABLE identity (
  object TEXT NOT NULL,
  id TEXT NOT NULL,
  stripe_id TEXT NOT NULL,
  PRIMARY KEY (object, id),
  UNIQUE (object, stripe_id)
) STRICT, WITHOUT ROWID;

-- The view: what Stripe said with the pending changes laid over it. Made anew row by row.
CREATE TABLE product (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  stripe_id TEXT UNIQUE,
  state TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  description TEXT,
  model TEXT NOT NULL,
  currency TEXT,
  amount TEXT NOT NULL,                 -- minor units, exact decimal
  period TEXT NOT NULL,
  n_periods INTEGER NOT NULL,
  tax TEXT NOT NULL,
  metric TEXT,
  included INTEGER,                     -- null: no overage
  overage TEXT NOT NULL,                -- minor units, exact decimal
  is_archived INTEGER NOT NULL CHECK (is_archived IN (0, 1)),
  is_outside INTEGER NOT NULL CHECK (is_outside IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX product_by_name ON product (is_archived, name, row);
CREATE INDEX product_by_created ON product (is_archived, created_at, row);

CREATE TABLE coupon (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  stripe_id TEXT UNIQUE,
  state TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  code TEXT NOT NULL,
  currency TEXT,                        -- null: a percentage
  percent TEXT NOT NULL,
  amount TEXT NOT NULL,                 -- minor units, exact decimal
  duration TEXT NOT NULL,
  n_months INTEGER NOT NULL,
  n_redeemed INTEGER NOT NULL,
  is_archived INTEGER NOT NULL CHECK (is_archived IN (0, 1)),
  is_outside INTEGER NOT NULL CHECK (is_outside IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX coupon_by_code ON coupon (code);
CREATE INDEX coupon_by_name ON coupon (is_archived, name, row);
CREATE INDEX coupon_by_created ON coupon (is_archived, created_at, row);

CREATE VIRTUAL TABLE product_search USING fts5 (name, description, content='product',
  content_rowid='row', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');
CREATE TRIGGER product_search_insert AFTER INSERT ON product BEGIN
  INSERT INTO product_search (rowid, name, description) VALUES (new.row, new.name, new.description);
END;
CREATE TRIGGER product_search_delete AFTER DELETE ON product BEGIN
  INSERT INTO product_search (product_search, rowid, name, description)
    VALUES ('delete', old.row, old.name, old.description);
END;
CREATE TRIGGER product_search_update AFTER UPDATE OF name, description ON product BEGIN
  INSERT INTO product_search (product_search, rowid, name, description)
    VALUES ('delete', old.row, old.name, old.description);
  INSERT INTO product_search (rowid, name, description) VALUES (new.row, new.name, new.description);
END;

CREATE VIRTUAL TABLE coupon_search USING fts5 (name, code, content='coupon',
  content_rowid='row', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');
CREATE TRIGGER coupon_search_insert AFTER INSERT ON coupon BEGIN
  INSERT INTO coupon_search (rowid, name, code) VALUES (new.row, new.name, new.code);
END;
CREATE TRIGGER coupon_search_delete AFTER DELETE ON coupon BEGIN
  INSERT INTO coupon_search (coupon_search, rowid, name, code)
    VALUES ('delete', old.row, old.name, old.code);
END;
CREATE TRIGGER coupon_search_update AFTER UPDATE OF name, code ON coupon BEGIN
  INSERT INTO coupon_search (coupon_search, rowid, name, code)
    VALUES ('delete', old.row, old.name, old.code);
  INSERT INTO coupon_search (rowid, name, code) VALUES (new.row, new.name, new.code);
END;

-- What the person did and Stripe has not seen.
CREATE TABLE change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  action TEXT NOT NULL CHECK (action IN ('create', 'update', 'archive', 'restore')),
  object TEXT NOT NULL,
  object_id TEXT NOT NULL,
  name TEXT NOT NULL,                   -- of the object, for the title
  fields TEXT NOT NULL,                 -- JSON: only what the person set
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'conflict', 'rejected', 'done')),
  created_at INTEGER NOT NULL,          -- microseconds
  settled_at INTEGER,                   -- microseconds
  error_code TEXT,
  error_message TEXT,
  error_field TEXT,
  CHECK ((state IN ('rejected')) = (error_message IS NOT NULL))
) STRICT;
CREATE INDEX change_open ON change (seq) WHERE state <> 'done';
CREATE INDEX change_done ON change (settled_at) WHERE state = 'done';
CREATE INDEX change_by_object ON change (object, object_id) WHERE state <> 'done';

CREATE TABLE change_need (
  seq INTEGER NOT NULL REFERENCES change (seq) ON DELETE CASCADE,
  needs INTEGER NOT NULL REFERENCES change (seq) ON DELETE CASCADE,
  PRIMARY KEY (seq, needs),
  CHECK (needs < seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_need_by_needs ON change_need (needs);

-- One HTTP request each. Body and key never change from the moment the first byte may have left.
CREATE TABLE request (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  seq INTEGER NOT NULL REFERENCES change (seq) ON DELETE CASCADE,
  method TEXT NOT NULL CHECK (method IN ('POST', 'DELETE')),
  path TEXT NOT NULL,
  object TEXT NOT NULL,
  handle TEXT NOT NULL,                 -- of what it writes: one writer per object
  parameters TEXT NOT NULL,             -- JSON, with references
  body TEXT,                            -- the exact bytes, once all it refers to exists
  idempotency_key TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'unknown', 'done', 'failed')),
  n_attempts INTEGER NOT NULL DEFAULT 0,
  first_sent_at INTEGER,                -- microseconds
  next_attempt_at INTEGER NOT NULL DEFAULT 0,
  was_unknown INTEGER NOT NULL DEFAULT 0 CHECK (was_unknown IN (0, 1)),
  request_id TEXT,
  status INTEGER,
  CHECK (state NOT IN ('sending', 'unknown') OR (body IS NOT NULL AND first_sent_at IS NOT NULL))
) STRICT;
CREATE INDEX request_by_change ON request (seq, row);
CREATE UNIQUE INDEX request_one_writer ON request (object, handle) WHERE state = 'sending';

-- Full lists under way, with the cursor of the pages that are stored.
CREATE TABLE listing (
  name TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,          -- microseconds
  cursor TEXT,
  is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1))
) STRICT;

-- Half-filled forms, kept as typed.
CREATE TABLE draft (
  form TEXT NOT NULL,
  object_id TEXT NOT NULL,              -- empty: a new object
  texts TEXT NOT NULL,
  PRIMARY KEY (form, object_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The rows: a product and a coupon as Stripe has them, one archived, and edits in the queue.
INSERT INTO stripe_object VALUES (1, 'billing.meter', 'mtr_test_nob1PmdN73cSDKaBfRMBTAAPFoyozA',
  'rtn_seconds_1', NULL,
  '{"id": "mtr_test_nob1PmdN73cSDKaBfRMBTAAPFoyozA", "object": "billing.meter", "created":
    1795520500, "livemode": false, "customer_mapping": {"type": "by_id",
    "event_payload_key": "stripe_customer_id"}, "default_aggregation": {"formula": "sum"},
    "display_name": "Retainer seconds, lane 1", "event_name": "rtn_seconds_1",
    "event_time_window": null, "status": "active", "status_transitions": {"deactivated_at":
    null}, "updated": 1795520500, "value_settings": {"event_payload_key": "value"}}', 0, 18, 6);
INSERT INTO stripe_object VALUES (2, 'coupon', 'HI', 'HI', NULL,
  '{"id": "HI", "object": "coupon", "created": 1795520500, "livemode": false, "amount_off":
    null, "currency": null, "duration_in_months": 3, "max_redemptions": null, "name":
    "Welcome", "redeem_by": null, "duration": "repeating", "percent_off": 12.5,
    "times_redeemed": 0, "valid": true, "metadata": {"rtn_v": "1", "rtn_ref":
    "01M86NS4Y26WMN8ETZ6621HKN2"}}', 0, 22, 10);
INSERT INTO stripe_object VALUES (3, 'product', 'rtn_p_01M86NS4XT161X3V3WVE39C5B1',
  'rtn_p_01M86NS4XT161X3V3WVE39C5B1', NULL,
  '{"id": "rtn_p_01M86NS4XT161X3V3WVE39C5B1", "object": "product", "created": 1795520500,
    "livemode": false, "active": false, "default_price": "price_00Q2yUjzBB8SC7PvynbBr1P3",
    "description": null, "name": "Setup", "shippable": null, "statement_descriptor": null,
    "tax_code": null, "tax_details": null, "unit_label": null, "url": null, "images": [],
    "marketing_features": [], "package_dimensions": null, "type": "service", "updated":
    1795520501, "metadata": {"rtn_v": "1", "rtn_ref": "01M86NS4XT161X3V3WVE39C5B1",
    "rtn_model": "one_time"}}', 0, 19, 7);
INSERT INTO stripe_object VALUES (4, 'product', 'rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB',
  'rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB', NULL,
  '{"id": "rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB", "object": "product", "created": 1795520500,
    "livemode": false, "active": true, "default_price": "price_VO7wEhadi1NyUAIjoOr7b0S6",
    "description": "Day & night", "name": "Voice Überall", "shippable": null,
    "statement_descriptor": null, "tax_code": null, "tax_details": null, "unit_label":
    "second", "url": null, "images": [], "marketing_features": [], "package_dimensions":
    null, "type": "service", "updated": 1795520500, "metadata": {"rtn_v": "1", "rtn_ref":
    "01M86NS4XM5CBAQ4H3MPNW95RB", "rtn_model": "base_overage", "rtn_metric": "minutes",
    "rtn_included": "1000"}}', 0, 19, 7);
INSERT INTO stripe_object VALUES (5, 'price', 'price_00Q2yUjzBB8SC7PvynbBr1P3',
  'rtn_01M86NS4XT161X3V3WVE39C5B1_one_time_01M86NS4YM6GNG9JT5X8EY1DCX',
  'rtn_p_01M86NS4XT161X3V3WVE39C5B1',
  '{"id": "price_00Q2yUjzBB8SC7PvynbBr1P3", "object": "price", "created": 1795520500,
    "livemode": false, "active": true, "billing_scheme": "per_unit", "currency": "jpy",
    "custom_unit_amount": null, "lookup_key":
    "rtn_01M86NS4XT161X3V3WVE39C5B1_one_time_01M86NS4YM6GNG9JT5X8EY1DCX", "nickname":
    "one_time", "product": "rtn_p_01M86NS4XT161X3V3WVE39C5B1", "tax_behavior": "exclusive",
    "tiers_mode": null, "transform_quantity": null, "unit_amount": 5000,
    "unit_amount_decimal": "5000", "type": "one_time", "recurring": null, "metadata":
    {"rtn_v": "1", "rtn_ref": "01M86NS4YM6GNG9JT5X8EY1DCX", "rtn_role": "one_time"}}', 0, 20, 8);
INSERT INTO stripe_object VALUES (6, 'price', 'price_VO7wEhadi1NyUAIjoOr7b0S6',
  'rtn_01M86NS4XM5CBAQ4H3MPNW95RB_base_01M86NS4YK3DY4J9QMCK2ANFFF',
  'rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB',
  '{"id": "price_VO7wEhadi1NyUAIjoOr7b0S6", "object": "price", "created": 1795520500,
    "livemode": false, "active": true, "billing_scheme": "per_unit", "currency": "usd",
    "custom_unit_amount": null, "lookup_key":
    "rtn_01M86NS4XM5CBAQ4H3MPNW95RB_base_01M86NS4YK3DY4J9QMCK2ANFFF", "nickname": "base",
    "product": "rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB", "tax_behavior": "exclusive",
    "tiers_mode": null, "transform_quantity": null, "unit_amount": 2500,
    "unit_amount_decimal": "2500", "type": "recurring", "recurring": {"interval": "month",
    "interval_count": 1, "meter": null, "trial_period_days": null, "usage_type":
    "licensed"}, "metadata": {"rtn_v": "1", "rtn_ref": "01M86NS4YK3DY4J9QMCK2ANFFF",
    "rtn_role": "base"}}', 0, 20, 8);
INSERT INTO stripe_object VALUES (7, 'price', 'price_oEXAqgGqSBv2gwp8q3tTH3tX',
  'rtn_01M86NS4XM5CBAQ4H3MPNW95RB_overage_l1_01M86NS4YK3DY4J9QMCK2ANFFG',
  'rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB',
  '{"id": "price_oEXAqgGqSBv2gwp8q3tTH3tX", "object": "price", "created": 1795520500,
    "livemode": false, "active": true, "billing_scheme": "tiered", "currency": "usd",
    "custom_unit_amount": null, "lookup_key":
    "rtn_01M86NS4XM5CBAQ4H3MPNW95RB_overage_l1_01M86NS4YK3DY4J9QMCK2ANFFG", "nickname":
    "overage", "product": "rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB", "tax_behavior": "exclusive",
    "tiers_mode": "graduated", "transform_quantity": null, "unit_amount": null,
    "unit_amount_decimal": null, "tiers": [{"flat_amount": null, "flat_amount_decimal":
    null, "unit_amount": 0, "unit_amount_decimal": "0", "up_to": 60000}, {"flat_amount":
    null, "flat_amount_decimal": null, "unit_amount_decimal": "0.083333333333",
    "unit_amount": null, "up_to": null}], "type": "recurring", "recurring": {"interval":
    "month", "interval_count": 1, "meter": "mtr_test_nob1PmdN73cSDKaBfRMBTAAPFoyozA",
    "trial_period_days": null, "usage_type": "metered"}, "metadata": {"rtn_lane": "1",
    "rtn_rate": "0.05", "rtn_v": "1", "rtn_ref": "01M86NS4YK3DY4J9QMCK2ANFFG", "rtn_role":
    "overage"}}', 0, 20, 8);
INSERT INTO identity VALUES ('coupon', '01M86NS4Y26WMN8ETZ6621HKN2', 'HI');
INSERT INTO identity VALUES ('product', '01M86NS4XM5CBAQ4H3MPNW95RB',
  'rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB');
INSERT INTO identity VALUES ('product', '01M86NS4XT161X3V3WVE39C5B1',
  'rtn_p_01M86NS4XT161X3V3WVE39C5B1');
INSERT INTO product VALUES (1, '01M86NS4XM5CBAQ4H3MPNW95RB', 'rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB',
  'queued', 'Voice Überall', 'Day & night', 'base', 'usd', '3000', 'month', 1, 'exclusive',
  'minutes', 1000, '5', 0, 0, 1795520500);
INSERT INTO product VALUES (2, '01M86NS4XT161X3V3WVE39C5B1', 'rtn_p_01M86NS4XT161X3V3WVE39C5B1',
  'archived', 'Setup', NULL, 'one-time', 'jpy', '5000', 'month', 1, 'exclusive', NULL, NULL, '0',
  1, 0, 1795520500);
INSERT INTO coupon VALUES (1, '01M86NS4Y26WMN8ETZ6621HKN2', 'HI', 'queued', 'Hello', 'HI', NULL,
  '12.5', '0', 'months', 3, 0, 0, 0, 1795520500);
INSERT INTO coupon VALUES (2, '01M86NS5F75H98DVWN5J32SWE3', NULL, 'queued', 'Queued', 'LATER',
  'eur', '0', '1000', 'forever', 0, 0, 0, 0, 1795520501);
INSERT INTO change VALUES (1, '01M86NS4XM5CBAQ4H3MPNW95RC', 'create', 'product',
  '01M86NS4XM5CBAQ4H3MPNW95RB', 'Voice Überall',
  '{"name": "Voice Überall", "description": "Day & night", "model": "base", "amount":
    "25.00", "currency": "usd", "period": "month", "period_count": 1, "tax": "exclusive",
    "metric": "minutes", "included": 1000, "overage": "0.05", "archived": false, "outside":
    false, "created": 1795520500}', 'done', 1795520500660195, 1795520500886200, NULL, NULL, NULL);
INSERT INTO change VALUES (2, '01M86NS4XV7121FFK9T036B3PE', 'create', 'product',
  '01M86NS4XT161X3V3WVE39C5B1', 'Setup',
  '{"name": "Setup", "description": null, "model": "one-time", "amount": "5000",
    "currency": "jpy", "period": null, "period_count": 1, "tax": "exclusive", "metric":
    null, "included": null, "overage": null, "archived": false, "outside": false, "created":
    1795520500}', 'done', 1795520500667062, 1795520500785631, NULL, NULL, NULL);
INSERT INTO change VALUES (3, '01M86NS4Y26WMN8ETZ6621HKN3', 'create', 'coupon',
  '01M86NS4Y26WMN8ETZ6621HKN2', 'Welcome',
  '{"name": "Welcome", "code": "HI", "percent": "12.5", "amount": null, "currency": null,
    "duration": "months", "months": 3, "redeemed": 0, "archived": false, "outside": false,
    "created": 1795520500}', 'done', 1795520500674616, 1795520500696676, NULL, NULL, NULL);
INSERT INTO change VALUES (4, '01M86NS5CXDBNA7GWNFJ0S0T66', 'archive', 'product',
  '01M86NS4XT161X3V3WVE39C5B1', 'Setup', '{"archived": true}', 'done', 1795520501149861,
  1795520501164102, NULL, NULL, NULL);
INSERT INTO change VALUES (5, '01M86NS5F1EBFAE1G96GB88QZX', 'update', 'product',
  '01M86NS4XM5CBAQ4H3MPNW95RB', 'Voice Überall', '{"amount": "30.00"}', 'queued',
  1795520501217027, NULL, NULL, NULL, NULL);
INSERT INTO change VALUES (6, '01M86NS5F75H98DVWN5J32SWE4', 'create', 'coupon',
  '01M86NS5F75H98DVWN5J32SWE3', 'Queued',
  '{"name": "Queued", "code": "LATER", "percent": null, "amount": "10.00", "currency":
    "eur", "duration": "forever", "months": null, "redeemed": 0, "archived": false,
    "outside": false, "created": 1795520501}', 'queued', 1795520501223563, NULL, NULL, NULL, NULL);
INSERT INTO change VALUES (7, '01M86NS5FDCR1XBT2V3N6NA66K', 'update', 'coupon',
  '01M86NS4Y26WMN8ETZ6621HKN2', 'Hello', '{"name": "Hello"}', 'queued', 1795520501229804, NULL,
  NULL, NULL, NULL);
INSERT INTO request VALUES (18, 3, 'POST', '/v1/coupons', 'coupon', 'HI',
  '{"parameters": [{"name": "id", "value": "HI"}, {"name": "name", "value": "Welcome"},
    {"name": "percent_off", "value": "12.5"}, {"name": "duration", "value": "repeating"},
    {"name": "duration_in_months", "value": "3"}, {"name": "metadata[rtn_v]", "value": "1"},
    {"name": "metadata[rtn_ref]", "value": "01M86NS4Y26WMN8ETZ6621HKN2"}]}',
  'id=HI&name=Welcome&percent_off=12.5&duration=repeating&duration_in_months=3&metadata[rtn'
    || '_v]=1&metadata[rtn_ref]=01M86NS4Y26WMN8ETZ6621HKN2',
  '5833e99c-077d-4547-b40e-48c64338b886', 'done', 1, 1795520500693013, 0, 0, 'req_825ynfrNLGqtM6',
  NULL);
INSERT INTO request VALUES (21, 5, 'POST', '/v1/prices', 'price',
  'rtn_01M86NS4XM5CBAQ4H3MPNW95RB_base_01M86NS5F1EBFAE1G96GB88QZY',
  '{"parameters": [{"name": "product", "value": "rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB"},
    {"name": "currency", "value": "usd"}, {"name": "tax_behavior", "value": "exclusive"},
    {"name": "lookup_key", "value":
    "rtn_01M86NS4XM5CBAQ4H3MPNW95RB_base_01M86NS5F1EBFAE1G96GB88QZY"}, {"name": "nickname",
    "value": "base"}, {"name": "unit_amount", "value": "3000"}, {"name":
    "recurring[interval]", "value": "month"}, {"name": "recurring[interval_count]", "value":
    "1"}, {"name": "metadata[rtn_v]", "value": "1"}, {"name": "metadata[rtn_ref]", "value":
    "01M86NS5F1EBFAE1G96GB88QZY"}, {"name": "metadata[rtn_role]", "value": "base"}, {"name":
    "expand[0]", "value": "tiers"}]}', NULL, 'a32e5fd9-68a7-4056-a2c4-c96e981fc062', 'pending', 0,
  NULL, 0, 0, NULL, NULL);
INSERT INTO request VALUES (22, 5, 'POST', '/v1/products/rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB',
  'product', 'rtn_p_01M86NS4XM5CBAQ4H3MPNW95RB',
  '{"parameters": [{"name": "default_price", "value":
    "rtn_01M86NS4XM5CBAQ4H3MPNW95RB_base_01M86NS5F1EBFAE1G96GB88QZY", "object": "price"}]}', NULL,
  '3900d808-a4ee-47e5-b034-abce96d59066', 'pending', 0, NULL, 0, 0, NULL, NULL);
INSERT INTO request VALUES (23, 5, 'POST', '/v1/prices/price_VO7wEhadi1NyUAIjoOr7b0S6', 'price',
  'rtn_01M86NS4XM5CBAQ4H3MPNW95RB_base_01M86NS4YK3DY4J9QMCK2ANFFF',
  '{"parameters": [{"name": "active", "value": "false"}, {"name": "expand[0]", "value":
    "tiers"}]}', NULL, '9a0583c7-5d2b-48da-9d7c-64d02aa2a924', 'pending', 0, NULL, 0, 0, NULL,
  NULL);
INSERT INTO request VALUES (24, 6, 'POST', '/v1/coupons', 'coupon', 'LATER',
  '{"parameters": [{"name": "id", "value": "LATER"}, {"name": "name", "value": "Queued"},
    {"name": "amount_off", "value": "1000"}, {"name": "currency", "value": "eur"}, {"name":
    "duration", "value": "forever"}, {"name": "metadata[rtn_v]", "value": "1"}, {"name":
    "metadata[rtn_ref]", "value": "01M86NS5F75H98DVWN5J32SWE3"}]}', NULL,
  'ca47dfdc-3f40-4413-af2b-23e7294103bc', 'pending', 0, NULL, 0, 0, NULL, NULL);
INSERT INTO request VALUES (25, 7, 'POST', '/v1/coupons/HI', 'coupon', 'HI',
  '{"parameters": [{"name": "name", "value": "Hello"}]}', NULL,
  'd67fe166-bec5-4443-a5f4-143f2baa5601', 'pending', 0, NULL, 0, 0, NULL, NULL);
INSERT INTO listing VALUES ('/v1/billing/meters?', 6, 1795520501164597,
  'mtr_test_nob1PmdN73cSDKaBfRMBTAAPFoyozA', 1);
INSERT INTO listing VALUES ('/v1/products?', 7, 1795520501164898,
  'rtn_p_01M86NS4XT161X3V3WVE39C5B1', 1);
INSERT INTO listing VALUES ('/v1/prices?&active=true&expand[0]=data.tiers', 8, 1795520501165126,
  'price_00Q2yUjzBB8SC7PvynbBr1P3', 1);
INSERT INTO listing VALUES ('/v1/prices?&active=false&expand[0]=data.tiers', 9, 1795520501165343,
  NULL, 1);
INSERT INTO listing VALUES ('/v1/coupons?', 10, 1795520501165565, 'HI', 1);
INSERT INTO setting VALUES ('clock-skew', '0');
INSERT INTO setting VALUES ('last-currency', 'eur');
INSERT INTO setting VALUES ('last-sync-at', '1795520501');
INSERT INTO setting VALUES ('pull-first', 'no');
INSERT INTO draft VALUES ('product', '', '{"name":"Half a product"}');
-- The view of clients: customers of Stripe, which is also the table's name (rt-kind.c).
CREATE TABLE customer (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  stripe_id TEXT UNIQUE,
  state TEXT NOT NULL,
  name TEXT NOT NULL COLLATE NOCASE,
  email TEXT,
  country TEXT,
  postal_code TEXT,
  notes TEXT,
  is_archived INTEGER NOT NULL CHECK (is_archived IN (0, 1)),
  is_outside INTEGER NOT NULL CHECK (is_outside IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX customer_by_name ON customer (is_archived, name, row);
CREATE INDEX customer_by_created ON customer (is_archived, created_at, row);

CREATE VIRTUAL TABLE customer_search USING fts5 (name, email, content='customer',
  content_rowid='row', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3');
CREATE TRIGGER customer_search_insert AFTER INSERT ON customer BEGIN
  INSERT INTO customer_search (rowid, name, email) VALUES (new.row, new.name, new.email);
END;
CREATE TRIGGER customer_search_delete AFTER DELETE ON customer BEGIN
  INSERT INTO customer_search (customer_search, rowid, name, email)
    VALUES ('delete', old.row, old.name, old.email);
END;
CREATE TRIGGER customer_search_update AFTER UPDATE OF name, email ON customer BEGIN
  INSERT INTO customer_search (customer_search, rowid, name, email)
    VALUES ('delete', old.row, old.name, old.email);
  INSERT INTO customer_search (rowid, name, email) VALUES (new.row, new.name, new.email);
END;
-- What the fields of a change were when the person began it, for telling what changed meanwhile.
ALTER TABLE change ADD COLUMN base TEXT;              -- JSON; null: nothing to compare with
-- Whether Stripe's object was read again before the first request may leave.
ALTER TABLE change ADD COLUMN review TEXT NOT NULL DEFAULT 'needed'
  CHECK (review IN ('needed', 'asked', 'done'));
ALTER TABLE change ADD COLUMN expires_at INTEGER;     -- microseconds; after that it asks again
-- Every row as long as the table is wide: salvage reads pages by hand.
UPDATE change SET review = 'needed';
-- Which object of Stripe the answer showed: events of the same request tell nothing new about it.
ALTER TABLE request ADD COLUMN stripe_id TEXT;
UPDATE request SET stripe_id = NULL;

-- Full lists under way: windows of creation time that are still to be read, several at once, each
-- with the cursor of the pages that are stored.
DROP TABLE listing;
CREATE TABLE listing (
  name TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,          -- microseconds
  is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1))
) STRICT;
CREATE TABLE listing_window (
  name TEXT NOT NULL REFERENCES listing (name) ON DELETE CASCADE,
  created_from INTEGER NOT NULL,        -- seconds, inclusive; 0: no bound
  created_to INTEGER NOT NULL,          -- seconds, exclusive; 0: no bound
  last_created INTEGER NOT NULL,        -- seconds, of the last object stored; 0: none
  cursor TEXT,
  PRIMARY KEY (name, created_from)
) STRICT, WITHOUT ROWID;

-- Stripe's events of the last weeks: hints of what to read again, and who changed something when.
CREATE TABLE stripe_event (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  object TEXT NOT NULL,
  object_id TEXT NOT NULL,
  created INTEGER NOT NULL,             -- seconds
  request_id TEXT,                      -- null: not through the API, such as in the Dashboard
  idempotency_key TEXT,
  is_applied INTEGER NOT NULL DEFAULT 0 CHECK (is_applied IN (0, 1))
) STRICT;
CREATE INDEX stripe_event_open ON stripe_event (row) WHERE is_applied = 0;
CREATE INDEX stripe_event_by_object ON stripe_event (object, object_id, created);
CREATE INDEX stripe_event_by_created ON stripe_event (created);

-- What happened, in words a person can read. No bodies, no keys.
CREATE TABLE log (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,                  -- microseconds
  event TEXT NOT NULL,
  change_id TEXT,
  action TEXT,
  object TEXT,
  object_id TEXT,
  name TEXT,
  request_id TEXT,
  detail TEXT
) STRICT;
CREATE INDEX log_by_time ON log (at);
INSERT INTO stripe_object (object, stripe_id, handle, json, asked_at)
  VALUES ('customer', 'cus_1', 'cus_1',
    '{"id":"cus_1","object":"customer","name":"Järvi","email":"j@example.com"}', 9);
INSERT INTO identity VALUES ('customer', '01K7ZZZZZZZZZZZZZZZZZZZZZ1', 'cus_1');
INSERT INTO customer VALUES (1, '01K7ZZZZZZZZZZZZZZZZZZZZZ1', 'cus_1', 'synced', 'Järvi',
  'j@example.com', NULL, NULL, NULL, 0, 1, 1700000000);
INSERT INTO listing VALUES ('/v1/customers?', 1, 1795520501000000, 0);
INSERT INTO listing_window VALUES ('/v1/customers?', 0, 0, 1700000000, 'cus_1');
INSERT INTO stripe_event (id, type, object, object_id, created)
  VALUES ('evt_1', 'customer.created', 'customer', 'cus_1', 1700000000);
INSERT INTO log (at, event) VALUES (1795520501000000, 'relist');
PRAGMA application_id=1383362162;
PRAGMA user_version=3;
