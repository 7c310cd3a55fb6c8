//! Static codes, and what was paid to them.

use super::{
    Acme, Wrong,
    wire::{Query, Said},
};
use async_trait::async_trait;
use jiff::civil::Date;
use tulay_core::*;

const FORM: u16 = 3;

#[async_trait]
impl StaticCodes for Acme {
    fn capability(&self) -> &Capability {
        &self.codes
    }

    fn prepare(&self, request: &StaticCodeRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::StaticCode;
        self.allow(operation)?;
        self.codes.admit_request(request)?;
        let lookup = request.lookup(order_id);
        let remark = request.remark.as_deref();
        let text = self.asking(&lookup, &request.holder, remark, &request.extras, None);
        let text = text.map_err(|invalid| Error::invalid(operation, &invalid))?;
        let guarantees = self.settings.guarantees.version;
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, text))
    }

    async fn create(&self, prepared: &Prepared) -> Result<StaticCode> {
        let operation = Operation::StaticCode;
        self.allow(operation)?;
        self.check(operation, prepared, FORM)?;
        let order = prepared.lookup.order_id.as_str();
        let sent = self.exchange(operation, "/code", order, &prepared.body);
        let (said, response) = sent.await?;
        self.code(operation, prepared.lookup.clone(), said, &response)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<StaticCode>> {
        let operation = Operation::StaticCodeFind;
        self.allow(operation)?;
        Ok(match self.looked_up(operation, "/code-state", lookup).await? {
            Found::Found((said, response)) => {
                Found::Found(self.code(operation, lookup.clone(), said, &response)?)
            }
            Found::Absent(response) => Found::Absent(response),
        })
    }
}

#[async_trait]
impl StaticCodePayments for Acme {
    async fn payments(
        &self,
        lookup: &Lookup,
        from: Date,
        to: Date,
    ) -> Result<Vec<IncomingPayment>> {
        let operation = Operation::StaticCodePayments;
        self.allow(operation)?;
        let query = Query {
            order: Some(lookup.order_id.as_str()),
            day: Some(format!("{from} {to}")),
            ..Query::default()
        };
        let (said, response) = self.query(operation, "/payments", query).await?;
        let mut incoming_payments = Vec::new();
        for row in said.payments.unwrap_or_default() {
            let terminal = row.terminal.clone();
            let mut said = self.observation(operation, row, Some(response.clone()))?;
            let ours = said.order_id.as_ref() == Some(&lookup.order_id);
            if !ours && !self.is(Wrong::ListsPaymentsOfOthers) {
                let error = Error::new(operation, ErrorKind::Unrelated, "it is another code's");
                return Err(error.with_response(response));
            }
            if self.is(Wrong::ListsWholePesos) {
                let amount = said.amount.and_then(|stated| stated.in_currency(lookup.currency));
                said.amount = amount.map(|amount| {
                    let pesos = amount.minor() / 10_000 * 10_000;
                    StatedAmount::known(Money::from_minor(pesos, lookup.currency))
                });
            }
            incoming_payments.push(self.incoming_payment(said, terminal));
        }
        Ok(incoming_payments)
    }
}

#[async_trait]
impl StaticCodeControl for Acme {
    async fn set_status(&self, lookup: &Lookup, status: StaticCodeStatus) -> Result<StaticCode> {
        let operation = Operation::StaticCodeStatus;
        self.allow(operation)?;
        let order = Some(lookup.order_id.as_str());
        let query = Query { order, state: Some(status.as_str()), ..Query::default() };
        let (said, response) = self.query(operation, "/code-set", query).await?;
        let mut code = self.code(operation, lookup.clone(), said, &response)?;
        if self.is(Wrong::CodeObeysAlways) {
            code.status = status;
        }
        Ok(code)
    }
}

impl Acme {
    fn code(
        &self,
        operation: Operation,
        mut lookup: Lookup,
        said: Said,
        response: &ProviderResponse,
    ) -> Result<StaticCode> {
        if said.order.as_deref() != Some(lookup.order_id.as_str()) {
            let error = Error::new(operation, ErrorKind::Unrelated, "it is another code");
            return Err(error.with_field("order").with_response(response.clone()));
        }
        let status = match said.state.as_deref().unwrap_or_default() {
            "active" => StaticCodeStatus::Active,
            "inactive" => StaticCodeStatus::Inactive,
            "cancelled" => StaticCodeStatus::Cancelled,
            other => StaticCodeStatus::Unknown(other.to_owned()),
        };
        let mut plain = lookup.clone();
        plain.amount = None;
        let payment_instructions = self.shown(operation, &plain, said.shown, response)?;
        lookup.provider_reference = said.number.and_then(|text| ProviderReference::new(text).ok());
        let mut code = StaticCode::new(lookup, status);
        code.payment_instructions = payment_instructions;
        Ok(code)
    }
}
