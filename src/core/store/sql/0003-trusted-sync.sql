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
