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
