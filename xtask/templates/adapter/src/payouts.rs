//! Payouts: one call creates one, and one looks it up by our reference.

use crate::{
    map,
    profile::{LONGEST_NAME, LONGEST_REMARK, NAME},
    provider::Kawayan,
    wire::Create,
};
use async_trait::async_trait;
use http::Method;
use tulay_adapter::{
    json::to_json,
    request::{bank_account, is_for, no_extras, one_line},
};
use tulay_core::{
    Capability, Error, Found, Invalid, Lookup, Name, NamePart, Operation, OrderId, Payout,
    PayoutRequest, Payouts, Prepared, Result,
};

/// The layout of [`Prepared::body`]: the text that creates the payout.
const FORM: u16 = 1;

#[async_trait]
impl Payouts for Kawayan {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::Payout, Operation::PayoutFind], request.country)?;
        self.payouts.admit_request(request)?;
        let merchant = &self.client.settings.merchant;
        let body = create(&self.payouts, merchant, request, order_id)
            .map_err(|invalid| Error::invalid(Operation::Payout, &invalid))?;
        let (lookup, guarantees) = (request.lookup(order_id), self.payouts.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        let (lookup, body) = (&prepared.lookup, &prepared.body);
        self.allow(&[operation, Operation::PayoutFind], lookup.country)?;
        let names_order = is_for(body, "reference", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let order_id = &lookup.order_id;
        let reply =
            self.client.exchange(operation, order_id, Method::POST, "/payouts", body).await?;
        map::payout(&self.client, lookup, &reply)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(&[operation], lookup.country)?;
        let path = format!("/payouts/{}", lookup.order_id);
        match self.client.exchange(operation, &lookup.order_id, Method::GET, &path, "").await {
            Ok(reply) => map::payout(&self.client, lookup, &reply).map(Found::Found),
            Err(error) => self.client.settings.not_found().absent(error).map(Found::Absent),
        }
    }
}

/// The text that creates a payout.
fn create(
    payouts: &Capability,
    merchant: &str,
    request: &PayoutRequest,
    order_id: &OrderId,
) -> Result<String, Invalid> {
    no_extras(NAME, &request.extras)?;
    let (bank, account) = bank_account(NAME, payouts, request)?;
    let name = request.beneficiary.name.as_ref().map(Name::whole);
    Ok(to_json(&Create {
        reference: order_id.as_str(),
        merchant,
        amount: request.amount.amount_text(),
        currency: request.amount.currency().as_str(),
        bank,
        account,
        name: one_line("name", name.as_ref().map(NamePart::expose), LONGEST_NAME)?,
        remark: one_line("remark", request.remark.as_deref(), LONGEST_REMARK)?,
    }))
}
