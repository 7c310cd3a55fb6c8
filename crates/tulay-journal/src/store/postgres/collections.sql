-- Form 5: collections. Their orders stand where attempts do, and one that is not shown gives up its slot.
-- What has ended unpaid may still be paid. Programs of older forms accept none, and cannot read those that
-- there are.

ALTER TABLE tulay.payout DROP CONSTRAINT payout_operation_check;
ALTER TABLE tulay.payout ADD CONSTRAINT payout_operation_check
    CHECK (operation IN ('payout', 'refund', 'collection'));
ALTER TABLE tulay.attempt DROP CONSTRAINT attempt_closed_as_check;
ALTER TABLE tulay.attempt ADD CONSTRAINT attempt_closed_as_check
    CHECK (closed_as IN ('unsent', 'rejected', 'failed', 'declared', 'given_up'));
ALTER TABLE tulay.attempt ADD COLUMN instructions text; -- the way to pay: personal data
CREATE INDEX payout_is_collection ON tulay.payout (id) WHERE operation = 'collection';

DROP TRIGGER payout_stays_ended ON tulay.payout;
CREATE TRIGGER payout_stays_ended BEFORE UPDATE OF status ON tulay.payout
    FOR EACH ROW
    WHEN (OLD.status IN ('failed', 'cancelled') AND NEW.status IS DISTINCT FROM OLD.status
        AND OLD.operation <> 'collection')
    EXECUTE FUNCTION tulay.refuse('a payment that has ended stays ended');
DROP TRIGGER payout_ends_with_proof ON tulay.payout;
CREATE TRIGGER payout_ends_with_proof BEFORE UPDATE OF status ON tulay.payout
    FOR EACH ROW WHEN (NEW.status IN ('failed', 'cancelled') AND NEW.operation <> 'collection')
    EXECUTE FUNCTION tulay.payout_ends_with_proof();
CREATE FUNCTION tulay.order_is_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.closed_as = 'given_up') <> (
        SELECT operation = 'collection' FROM tulay.payout WHERE id = NEW.payout_id)
    THEN
        RAISE EXCEPTION 'an order of a collection, and no other attempt, is given up';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_is_given_up BEFORE UPDATE OF closed_as ON tulay.attempt
    FOR EACH ROW WHEN (NEW.closed_as IS NOT NULL)
    EXECUTE FUNCTION tulay.order_is_given_up();
CREATE TRIGGER instructions_are_not_changed BEFORE UPDATE OF instructions ON tulay.attempt
    FOR EACH ROW WHEN (OLD.instructions IS NOT NULL
        AND NEW.instructions IS DISTINCT FROM OLD.instructions)
    EXECUTE FUNCTION tulay.refuse('I4: an attempt is the same for ever');
