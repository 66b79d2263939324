-- Rows that search does not know yet. FTS5 writes out what it has gathered before every statement
-- that has triggers: entered row by row, that was most of the time of a full pull. They are entered
-- at once at the end of each transaction (rt_kind_enter_search); outside of one this is empty.
CREATE TABLE unsearched (
  object TEXT NOT NULL,
  row INTEGER NOT NULL,
  PRIMARY KEY (object, row)
) STRICT, WITHOUT ROWID;

DROP TRIGGER product_search_insert;
DROP TRIGGER product_search_delete;
DROP TRIGGER product_search_update;
CREATE TRIGGER product_search_insert AFTER INSERT ON product BEGIN
  INSERT INTO unsearched (object, row) VALUES ('product', new.row);
END;
CREATE TRIGGER product_search_delete AFTER DELETE ON product BEGIN
  INSERT INTO product_search (product_search, rowid, name, description)
    SELECT 'delete', old.row, old.name, old.description WHERE NOT EXISTS
      (SELECT 1 FROM unsearched WHERE object = 'product' AND row = old.row);
  DELETE FROM unsearched WHERE object = 'product' AND row = old.row;
END;
CREATE TRIGGER product_search_update AFTER UPDATE OF name, description ON product
  WHEN (old.name COLLATE BINARY IS NOT new.name
        OR old.description COLLATE BINARY IS NOT new.description)
    AND NOT EXISTS (SELECT 1 FROM unsearched WHERE object = 'product' AND row = old.row)
BEGIN
  INSERT INTO product_search (product_search, rowid, name, description)
    VALUES ('delete', old.row, old.name, old.description);
  INSERT INTO unsearched (object, row) VALUES ('product', new.row);
END;

DROP TRIGGER coupon_search_insert;
DROP TRIGGER coupon_search_delete;
DROP TRIGGER coupon_search_update;
CREATE TRIGGER coupon_search_insert AFTER INSERT ON coupon BEGIN
  INSERT INTO unsearched (object, row) VALUES ('coupon', new.row);
END;
CREATE TRIGGER coupon_search_delete AFTER DELETE ON coupon BEGIN
  INSERT INTO coupon_search (coupon_search, rowid, name, code)
    SELECT 'delete', old.row, old.name, old.code WHERE NOT EXISTS
      (SELECT 1 FROM unsearched WHERE object = 'coupon' AND row = old.row);
  DELETE FROM unsearched WHERE object = 'coupon' AND row = old.row;
END;
CREATE TRIGGER coupon_search_update AFTER UPDATE OF name, code ON coupon
  WHEN (old.name COLLATE BINARY IS NOT new.name
        OR old.code COLLATE BINARY IS NOT new.code)
    AND NOT EXISTS (SELECT 1 FROM unsearched WHERE object = 'coupon' AND row = old.row)
BEGIN
  INSERT INTO coupon_search (coupon_search, rowid, name, code)
    VALUES ('delete', old.row, old.name, old.code);
  INSERT INTO unsearched (object, row) VALUES ('coupon', new.row);
END;

DROP TRIGGER customer_search_insert;
DROP TRIGGER customer_search_delete;
DROP TRIGGER customer_search_update;
CREATE TRIGGER customer_search_insert AFTER INSERT ON customer BEGIN
  INSERT INTO unsearched (object, row) VALUES ('customer', new.row);
END;
CREATE TRIGGER customer_search_delete AFTER DELETE ON customer BEGIN
  INSERT INTO customer_search (customer_search, rowid, name, email)
    SELECT 'delete', old.row, old.name, old.email WHERE NOT EXISTS
      (SELECT 1 FROM unsearched WHERE object = 'customer' AND row = old.row);
  DELETE FROM unsearched WHERE object = 'customer' AND row = old.row;
END;
CREATE TRIGGER customer_search_update AFTER UPDATE OF name, email ON customer
  WHEN (old.name COLLATE BINARY IS NOT new.name
        OR old.email COLLATE BINARY IS NOT new.email)
    AND NOT EXISTS (SELECT 1 FROM unsearched WHERE object = 'customer' AND row = old.row)
BEGIN
  INSERT INTO customer_search (customer_search, rowid, name, email)
    VALUES ('delete', old.row, old.name, old.email);
  INSERT INTO unsearched (object, row) VALUES ('customer', new.row);
END;
