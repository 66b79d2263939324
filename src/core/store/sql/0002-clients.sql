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
