-- Form 4: the payment that a refund gives back, by a digest of the provider's id of its order, and by one
-- of its own where that is another one. Programs of older forms accept no refunds, and cannot read those
-- that there are.

ALTER TABLE payout ADD COLUMN original BLOB CHECK (length(original) = 32);
ALTER TABLE payout ADD COLUMN original_payment BLOB CHECK (length(original_payment) = 32);
CREATE INDEX payout_original ON payout (original) WHERE original IS NOT NULL;
CREATE INDEX payout_original_payment ON payout (original_payment) WHERE original_payment IS NOT NULL;
CREATE INDEX payout_is_refund ON payout (id) WHERE operation = 'refund';

CREATE TRIGGER refund_has_original BEFORE INSERT ON payout
WHEN (NEW.operation = 'refund') <> (NEW.original IS NOT NULL)
    OR NEW.original_payment IS NOT NULL AND NEW.original IS NULL
BEGIN SELECT RAISE(ABORT, 'a refund, and nothing else, has an original'); END;
CREATE TRIGGER original_is_not_changed BEFORE UPDATE OF original, original_payment ON payout
BEGIN SELECT RAISE(ABORT, 'a payment is the same for ever'); END;
