-- Form 4: the payment that a refund gives back. Programs of older forms accept no refunds, and cannot
-- read those that there are.

ALTER TABLE tulay.payout ADD COLUMN original bytea
    CONSTRAINT refund_has_original CHECK (coalesce(length(original), 32) = 32
        AND (operation = 'refund') = (original IS NOT NULL)); -- a digest
CREATE INDEX payout_original ON tulay.payout (original) WHERE original IS NOT NULL;
CREATE INDEX payout_is_refund ON tulay.payout (id) WHERE operation = 'refund';

CREATE TRIGGER original_is_not_changed BEFORE UPDATE OF original ON tulay.payout
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('a payment is the same for ever');
