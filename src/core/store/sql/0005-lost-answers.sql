-- When an attempt last left without an answer: it may still be on its way, and with another key it
-- would be done twice. In the place of a column that nothing used, so that rows stay as wide.
ALTER TABLE request RENAME COLUMN status TO lost_at;  -- microseconds
-- What is unknown now may have been lost just before the update.
UPDATE request SET lost_at = unixepoch() * 1000000 WHERE state IN ('sending', 'unknown');
