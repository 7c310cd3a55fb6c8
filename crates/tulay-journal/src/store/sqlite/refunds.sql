-- Form 4: the payment that a refund gives back. Programs of older forms accept no refunds, and cannot
-- read those that there are.

ALTER TABLE payout ADD COLUMN original BLOB CHECK (length(original) = 32); -- a digest; of a refund
CREATE INDEX payout_original ON payout (original) WHERE original IS NOT NULL;
CREATE INDEX payout_is_refund ON payout (id) WHERE operation = 'refund';

CREATE TRIGGER refund_has_original BEFORE INSERT ON payout
WHEN (NEW.operation = 'refund') <> (NEW.original IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a refund, and nothing else, has an original'); END;
CREATE TRIGGER original_is_not_changed BEFORE UPDATE OF original ON payout
BEGIN SELECT RAISE(ABORT, 'a payment is the same for ever'); END;
