//! Collections: a draft, a method, and the attachment of the method, after which the payer can pay.

use crate::{
    map,
    profile::{LONGEST_REMARK, NAME},
    provider::Paraw,
    wire::{Attach, Draft, Made, Method, Order},
};
use async_trait::async_trait;
use tulay_adapter::{
    json::{Number, to_json},
    reply::Reply,
    request::{is_for, no_extras, one_line, path_segment},
};
use tulay_core::{
    Capability, Collection, CollectionRequest, Collections, Error, ErrorKind, Found, Invalid,
    Lookup, Operation, OrderId, PaymentInstructions, Prepared, ProviderReference, Result, link,
};

/// The layout of [`Prepared::body`]: the text that makes the draft.
const FORM: u16 = 2;

#[async_trait]
impl Collections for Paraw {
    fn capability(&self) -> &Capability {
        &self.collections
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Collection;
        self.allow(&[operation, Operation::CollectionFind], request.country)?;
        self.collections.admit_request(request)?;
        let lookup = request.lookup(order_id);
        self.wallet(operation, &lookup)?;
        let body = draft(request, order_id).map_err(|error| Error::invalid(operation, &error))?;
        let guarantees = self.collections.guarantees.version;
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let operation = Operation::Collection;
        let (lookup, body) = (&prepared.lookup, &prepared.body);
        self.allow(&[operation, Operation::CollectionFind], lookup.country)?;
        let names_order = is_for(body, "reference", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let wallet = self.wallet(operation, lookup)?;
        let reply = self.client.post(operation, &lookup.order_id, "/collections", body).await?;
        // A payer must not be shown the draft of another order, or of another amount.
        let draft = self.collection(lookup, &reply)?.observation;
        let id = draft.provider_reference.ok_or_else(|| {
            reply.error(ErrorKind::Unexpected, "the draft has no id").with_field("id")
        })?;
        // From here on an order is there, whatever happens.
        self.attach(lookup, &id, wallet).await.map_err(|error| error.with_provider_reference(id))
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        self.allow(&[operation], lookup.country)?;
        match self.client.look_up(operation, "/collections", lookup).await? {
            Found::Found(reply) => self.collection(lookup, &reply).map(Found::Found),
            Found::Absent(response) => Ok(Found::Absent(response)),
        }
    }
}

impl Paraw {
    /// The second step and the third. A method alone pays nothing.
    async fn attach(
        &self,
        lookup: &Lookup,
        id: &ProviderReference,
        wallet: &str,
    ) -> Result<Collection> {
        let (operation, order_id) = (Operation::Collection, &lookup.order_id);
        let path = format!("/collections/{}/attach", path_segment(NAME, operation, Some(id))?);
        let body = to_json(&Method { wallet });
        let reply = self.client.post(operation, order_id, "/methods", &body).await?;
        let made: Made<'_> = reply.read()?;
        let method = made.id.as_str().ok_or_else(|| {
            reply.error(ErrorKind::Unexpected, "the method has no id").with_field("id")
        })?;
        let reply =
            self.client.post(operation, order_id, &path, &to_json(&Attach { method })).await?;
        let lookup = lookup.clone().with_provider_reference(id.clone());
        self.collection(&lookup, &reply)
    }

    /// The collection in a response, compared with the order that was asked about.
    fn collection(&self, lookup: &Lookup, reply: &Reply) -> Result<Collection> {
        let order = map::order(&self.client, lookup, reply, map::collection_status)?;
        let mut collection = Collection::new(order);
        let page = reply.read::<Order<'_>>()?.page.into_string();
        let page = page.filter(|page| link::allows(self.client.settings.environment, page));
        collection.payment_instructions = page.map(PaymentInstructions::Redirect);
        Ok(collection)
    }

    /// Paraw's code for the wallet that the payer pays with.
    fn wallet(&self, operation: Operation, lookup: &Lookup) -> Result<&str> {
        let wallet = lookup.institution.as_ref();
        let code = wallet.and_then(|id| self.collections.institution_code(lookup.country, id));
        code.ok_or_else(|| {
            Error::invalid(
                operation,
                &Invalid::new("institution", "a wallet that paraw collects by"),
            )
        })
    }
}

/// The text that makes a draft.
fn draft(request: &CollectionRequest, order_id: &OrderId) -> Result<String, Invalid> {
    no_extras(NAME, &request.extras)?;
    if request.expires.is_some() {
        return Err(Invalid::unsupported("expires", "paraw's pages have no expiry"));
    }
    Ok(to_json(&Draft {
        reference: order_id.as_str(),
        amount: Number(request.amount),
        currency: request.amount.currency().as_str(),
        remark: one_line("remark", request.remark.as_deref(), LONGEST_REMARK)?,
    }))
}
