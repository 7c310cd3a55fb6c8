//! Refunds.

use super::{
    Acme, Wrong,
    payouts::{LONGEST_REMARK, whole},
    wire::{GiveBack, Said},
};
use async_trait::async_trait;
use tulay_core::*;

const OPERATION: Operation = Operation::Refund;
const FORM: u16 = 7;

#[async_trait]
impl Refunds for Acme {
    fn capability(&self) -> &Capability {
        &self.refunds
    }

    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(OPERATION)?;
        let original = &request.original;
        let (amount, currency) = (request.amount, request.amount.currency());
        match self.is(Wrong::RefundsMoreThanWasPaid) {
            true => self.refunds.admit_request(request)?,
            false => self.refunds.admit_refund(request)?,
        };
        let invalid = |field, expected: &str| {
            Error::invalid(OPERATION, &Invalid::new(field, expected.to_owned()))
        };
        if request.extras.keys().any(|key| key.starts_with("acme.")) {
            return Err(invalid("extras", "no keys of acme's"));
        }
        let payment = original.provider_reference.as_ref();
        let payment = payment.ok_or_else(|| invalid("original", "a payment that acme knows"))?;
        let reason = request.reason.as_deref().map(|reason| {
            whole(reason, LONGEST_REMARK, false)
                .ok_or_else(|| invalid("reason", "at most 40 characters on one line"))
        });
        let text = GiveBack {
            order: order_id.to_string(),
            account: self.settings.account.clone(),
            payment: match self.settings.wrong {
                Some(Wrong::RefundsAnotherPayment) => "A7".to_owned(),
                _ => payment.to_string(),
            },
            amount: self.on_the_wire(amount).map_err(|why| Error::invalid(OPERATION, &why))?,
            currency: currency.to_string(),
            reason: reason.transpose()?,
            prepared: self
                .is(Wrong::PreparesRefundsWithTheClock)
                .then(|| self.context.clock.now().to_string()),
        };
        let lookup = request.lookup(order_id);
        let body = serde_json::to_string(&text).unwrap();
        let guarantees = self.settings.guarantees.version;
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Refund> {
        self.allow(OPERATION)?;
        let lookup = &prepared.lookup;
        self.check(OPERATION, prepared, FORM)?;
        let order = lookup.order_id.as_str();
        let (said, response) = self.exchange(OPERATION, "/refund", order, &prepared.body).await?;
        self.refund_of(OPERATION, lookup, said, response)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>> {
        let operation = Operation::RefundFind;
        self.allow(operation)?;
        Ok(match self.looked_up(operation, "/refunded", lookup).await? {
            Found::Found((said, response)) => {
                Found::Found(self.refund_of(operation, lookup, said, response)?)
            }
            Found::Absent(response) => Found::Absent(response),
        })
    }
}

impl Acme {
    /// A refund of the payment that was to be refunded, and of no other.
    fn refund_of(
        &self,
        operation: Operation,
        lookup: &Lookup,
        said: Said,
        response: ProviderResponse,
    ) -> Result<Refund> {
        let original = lookup.original.as_ref().map(ProviderReference::as_str);
        let same = said.payment.is_none() || said.payment.as_deref() == original;
        if !same && !self.is(Wrong::BelievesRefundsOfOthers) {
            let error = Error::new(operation, ErrorKind::Mismatch, "it is of another payment");
            return Err(error.with_field("payment").with_response(response));
        }
        let said = self.observation(operation, said, Some(response))?;
        self.refunded(said).check_matches(operation, lookup)
    }

    pub(super) fn refunded(&self, said: Observation<String>) -> Refund {
        let refund = said.map(|word| match word.as_str() {
            "accepted" | "" => RefundStatus::Pending,
            "paid" => RefundStatus::Succeeded,
            "failed" => RefundStatus::Failed,
            "cancelled" => RefundStatus::Cancelled,
            other => RefundStatus::Unknown(other.to_owned()),
        });
        self.concluded(refund, None)
    }
}
