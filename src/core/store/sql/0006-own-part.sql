-- Of the fields of a change, what Stripe was seen to have as the person wants it. That it is
-- something else later is somebody's word, even if it is what it was before.
ALTER TABLE change ADD COLUMN own TEXT;               -- JSON; null: nothing yet
-- Every row as long as the table is wide: salvage reads pages by hand.
UPDATE change SET own = NULL;
