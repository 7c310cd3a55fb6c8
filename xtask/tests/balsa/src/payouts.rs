//! Payouts: one call drafts one, a second confirms it, and a third looks it up by Balsa's own id.

use crate::{
    map,
    profile::{LONGEST_NAME, LONGEST_REMARK, NAME},
    provider::Balsa,
    wire::{Create, Order},
};
use async_trait::async_trait;
use http::Method;
use tulay_adapter::{
    json::{provider_reference, to_json},
    notify_url::notify_url,
    request::{bank_account, is_for, no_extras, one_line, path_segment},
};
use tulay_core::{
    Capability, Error, ErrorKind, Found, Invalid, Lookup, Name, NamePart, Operation, OrderId,
    Payout, PayoutRequest, Payouts, Prepared, ProviderReference, Result,
};

/// The layout of [`Prepared::body`]: the text that creates the draft.
const FORM: u16 = 1;

#[async_trait]
impl Payouts for Balsa {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::Payout, Operation::PayoutFind], request.country)?;
        self.payouts.admit_request(request)?;
        let notify = notify_url(&self.client.context, Operation::Payout, order_id);
        let merchant = &self.client.settings.merchant;
        let body = create(&self.payouts, merchant, request, order_id, notify.as_deref())
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
        let draft = self
            .client
            .exchange(operation, &lookup.order_id, Method::POST, "/drafts", body)
            .await?;
        let id = provider_reference(&draft.read::<Order<'_>>()?.id).ok_or_else(|| {
            draft.error(ErrorKind::Unexpected, "the draft has no id").with_field("id")
        })?;
        // From here on an order is there, whatever happens.
        self.confirm(lookup, &id).await.map_err(|error| error.with_provider_reference(id))
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(&[operation], lookup.country)?;
        let id = path_segment(NAME, operation, lookup.provider_reference.as_ref())?;
        let path = format!("/payouts/{id}");
        match self.client.exchange(operation, &lookup.order_id, Method::GET, &path, "").await {
            Ok(reply) => map::payout(&self.client, lookup, &reply).map(Found::Found),
            Err(error) => self.client.settings.not_found().absent(error).map(Found::Absent),
        }
    }
}

impl Balsa {
    async fn confirm(&self, lookup: &Lookup, id: &ProviderReference) -> Result<Payout> {
        let operation = Operation::Payout;
        // The response is about this draft, or about something else.
        let mut lookup = lookup.clone();
        lookup.provider_reference = Some(id.clone());
        let path = format!("/drafts/{}/confirm", path_segment(NAME, operation, Some(id))?);
        let reply =
            self.client.exchange(operation, &lookup.order_id, Method::POST, &path, "").await?;
        map::payout(&self.client, &lookup, &reply)
    }
}

/// The text that creates a draft.
fn create(
    payouts: &Capability,
    merchant: &str,
    request: &PayoutRequest,
    order_id: &OrderId,
    notify: Option<&str>,
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
        notify,
    }))
}
