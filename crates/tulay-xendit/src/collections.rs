//! Collections: payment requests (v3) that take one payment, by code or into a virtual account. They
//! are looked up by the provider's id alone.

use crate::{
    codes, map,
    payment_instructions::payment_instructions,
    profile::{LONGEST_COLLECTION_REMARK, LONGEST_DISPLAY_NAME, NAME, Profile},
    provider::Xendit,
    wire::{CreatePaymentRequest, Expiring, Shown},
};
use async_trait::async_trait;
use jiff::Timestamp;
use tulay_adapter::{
    json::{Number, to_json},
    request::{is_for, no_extras, one_line, path_segment},
};
use tulay_core::{
    Capability, Collection, CollectionMethod, CollectionRequest, Collections, Error, ErrorKind,
    Found, Invalid, Lookup, Operation, OrderId, Prepared, ProviderTime, Result,
};

/// [`Prepared::form`] of a collection: the text that creates it.
const FORM: u16 = 2;

#[async_trait]
impl Collections for Xendit {
    fn capability(&self) -> &Capability {
        &self.collections
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Collection;
        self.allow(&[operation, Operation::CollectionFind], request.country)?;
        self.collections.admit_request(request)?;
        let profile = self.client.profile(operation, request.country)?;
        let body = create(profile, request, order_id)?;
        let (lookup, guarantees) = (request.lookup(order_id), self.collections.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let operation = Operation::Collection;
        let (lookup, body) = (&prepared.lookup, &prepared.body);
        self.allow(&[operation, Operation::CollectionFind], lookup.country)?;
        let names_order = is_for(body, "reference_id", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let expires = expires(body);
        let until = expires.as_ref().and_then(|expires| expires.at);
        if until.is_some_and(|until| until <= self.client.context.clock.now()) {
            let invalid = Invalid::new("expires", "a time in the future");
            return Err(Error::invalid(operation, &invalid));
        }
        let path = &self.client.settings.paths.collection;
        let reply = self.client.post(operation, path, &lookup.order_id, body).await?;
        let order = reply.read()?;
        let observation =
            map::order(&self.client, operation, lookup, &reply, order, map::collection_status)?;
        let shown = payment_instructions(&self.client.settings, lookup, &reply);
        let payment_instructions =
            shown.map_err(|error| match &observation.provider_reference {
                // The request exists, and is looked up by this id alone.
                Some(id) => error.with_provider_reference(id.clone()),
                None => error,
            })?;
        let mut collection = Collection::new(observation);
        collection.payment_instructions = Some(payment_instructions);
        collection.expires = expires;
        Ok(collection)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        self.allow(&[operation], lookup.country)?;
        self.client.profile(operation, lookup.country)?;
        let id = path_segment(NAME, operation, lookup.provider_reference.as_ref())?;
        let path = format!("{}/{id}", self.client.settings.paths.collection);
        match self.client.get(operation, Some(&lookup.order_id), &path, "").await {
            Ok(reply) => {
                let (order, status) = (reply.read()?, map::collection_status);
                map::order(&self.client, operation, lookup, &reply, order, status)
                    .map(|observation| Found::Found(Collection::new(observation)))
            }
            Err(error) => codes::absent(self.client.settings.not_found(), error).map(Found::Absent),
        }
    }
}

/// The text that creates a payment request.
fn create(profile: &Profile, request: &CollectionRequest, order_id: &OrderId) -> Result<String> {
    let operation = Operation::Collection;
    let invalid = |invalid: Invalid| Error::invalid(operation, &invalid);
    no_extras(NAME, &request.extras).map_err(invalid)?;
    let channel_code = match &request.method {
        CollectionMethod::VirtualAccount(bank) => {
            profile.virtual_account(bank).map(|row| row.channel_code).ok_or_else(|| {
                let invalid = Invalid::new(
                    "institution",
                    "a bank that gives virtual accounts through xendit",
                );
                Error::invalid_as(ErrorKind::Unsupported, operation, &invalid)
            })?
        }
        // "Set Expiry" is not offered by QRPh and QRIS.
        _ if request.expires.is_some() => {
            let why = "xendit sets no expiry for codes";
            return Err(invalid(Invalid::unsupported("expires", why)));
        }
        _ => profile.code.channel_code,
    };
    let display_name = request.display_name.as_deref();
    let remark = request.remark.as_deref();
    Ok(to_json(&CreatePaymentRequest {
        reference_id: order_id.as_str(),
        kind: "PAY",
        country: request.country.as_str(),
        currency: request.amount.currency().as_str(),
        request_amount: Number(request.amount),
        capture_method: "AUTOMATIC",
        channel_code,
        channel_properties: Shown {
            display_name: one_line("display_name", display_name, LONGEST_DISPLAY_NAME)
                .map_err(invalid)?,
            expires_at: request.expires.map(|expires| expires.to_string()),
        },
        description: one_line("remark", remark, LONGEST_COLLECTION_REMARK).map_err(invalid)?,
    }))
}

/// Until when a prepared payment request can be paid. The answer need not repeat it.
fn expires(body: &str) -> Option<ProviderTime> {
    let asks: Expiring<'_> = serde_json::from_str(body).ok()?;
    let text = asks.channel_properties.expires_at?;
    let at: Option<Timestamp> = text.parse().ok();
    Some(ProviderTime::new(text, at))
}
