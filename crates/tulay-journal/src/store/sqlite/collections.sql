-- Form 5: collections. Their orders stand where attempts do, and one that is not shown gives up its slot.
-- What has ended unpaid may still be paid. Programs of older forms accept none, and cannot read those that
-- there are.

ALTER TABLE attempt ADD COLUMN instructions TEXT; -- the way to pay: personal data
CREATE INDEX payout_is_collection ON payout (id) WHERE operation = 'collection';

DROP TRIGGER payout_stays_ended;
CREATE TRIGGER payout_stays_ended BEFORE UPDATE OF status ON payout
WHEN OLD.status IN ('failed', 'cancelled') AND NEW.status IS NOT OLD.status
    AND OLD.operation <> 'collection'
BEGIN SELECT RAISE(ABORT, 'a payment that has ended stays ended'); END;
DROP TRIGGER payout_ends_with_proof;
CREATE TRIGGER payout_ends_with_proof BEFORE UPDATE OF status ON payout
WHEN NEW.status IN ('failed', 'cancelled') AND NEW.operation <> 'collection'
    AND EXISTS (SELECT 1 FROM attempt WHERE payout_id = NEW.id AND slot = 1)
BEGIN SELECT RAISE(ABORT, 'I2: a payment ends after its attempts have'); END;
CREATE TRIGGER order_is_given_up BEFORE UPDATE OF closed_as ON attempt
WHEN NEW.closed_as IS NOT NULL AND (NEW.closed_as = 'given_up') <> (
    SELECT operation = 'collection' FROM payout WHERE id = NEW.payout_id)
BEGIN SELECT RAISE(ABORT, 'an order of a collection, and no other attempt, is given up'); END;
CREATE TRIGGER instructions_are_not_changed BEFORE UPDATE OF instructions ON attempt
WHEN OLD.instructions IS NOT NULL AND NEW.instructions IS NOT OLD.instructions
BEGIN SELECT RAISE(ABORT, 'I4: an attempt is the same for ever'); END;

-- SQLite changes no CHECK by ALTER TABLE. This is the procedure that it documents for that:
-- https://sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes".
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
    'CHECK (operation IN (''payout'', ''refund''))',
    'CHECK (operation IN (''payout'', ''refund'', ''collection''))')
WHERE type = 'table' AND name = 'payout';
UPDATE sqlite_schema SET sql = replace(sql,
    'CHECK (closed_as IN (''unsent'', ''rejected'', ''failed'', ''declared''))',
    'CHECK (closed_as IN (''unsent'', ''rejected'', ''failed'', ''declared'', ''given_up''))')
WHERE type = 'table' AND name = 'attempt';
PRAGMA writable_schema = RESET;
