-- Form 4: the payment that a refund gives back, by a digest of the provider's id of its order, and by one
-- of its own where that is another one. Programs of older forms accept no refunds, and cannot read those
-- that there are.

ALTER TABLE tulay.payout ADD COLUMN original bytea CHECK (length(original) = 32);
ALTER TABLE tulay.payout ADD COLUMN original_payment bytea CHECK (length(original_payment) = 32);
ALTER TABLE tulay.payout ADD CONSTRAINT refund_has_original CHECK (
    (operation = 'refund') = (original IS NOT NULL)
    AND (original_payment IS NULL OR original IS NOT NULL));
CREATE INDEX payout_original ON tulay.payout (original) WHERE original IS NOT NULL;
CREATE INDEX payout_original_payment ON tulay.payout (original_payment)
    WHERE original_payment IS NOT NULL;
CREATE INDEX payout_is_refund ON tulay.payout (id) WHERE operation = 'refund';

CREATE TRIGGER original_is_not_changed BEFORE UPDATE OF original, original_payment ON tulay.payout
    FOR EACH ROW EXECUTE FUNCTION tulay.refuse('a payment is the same for ever');
