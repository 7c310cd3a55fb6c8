//! Collections (6.1), looked up by our id (6.2) or by the payer's number (6.8), and withdrawn (6.9).

use crate::{
    map,
    profile::{LONGEST_REMARK, NAME},
    provider::Starpay,
    qr::{self, display_name},
    settings::Settings,
    wire::{Asks, Query, Repay},
};
use async_trait::async_trait;
use tulay_adapter::{
    json::to_json,
    notify_url::notify_url,
    request::{no_extras, one_line},
};
use tulay_core::{
    Capability, Collection, CollectionCancel, CollectionRequest, CollectionStatus, Collections,
    Effect, Error, ErrorKind, Found, Invalid, Lookup, Operation, OrderId, Prepared, ProviderTime,
    Result, Terminal,
};

/// [`Prepared::form`] of a collection: the text of `request`.
const FORM: u16 = 2;

#[async_trait]
impl Collections for Starpay {
    fn capability(&self) -> &Capability {
        &self.collections
    }

    fn prepare(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::Collection], request.country)?;
        self.collections.admit_request(request)?;
        let notify_url = notify_url(&self.client.context, Operation::Collection, order_id);
        let (body, terminal) =
            repay(&self.client.settings, request, order_id, notify_url.as_deref())?;
        let (mut lookup, guarantees) =
            (request.lookup(order_id), self.collections.guarantees.version);
        lookup.terminal = Some(terminal);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Collection> {
        let operation = Operation::Collection;
        let lookup = &prepared.lookup;
        self.allow(&[operation], lookup.country)?;
        let asks = Asks::of(&prepared.body, &lookup.order_id);
        prepared.check(operation, &self.account, FORM, asks.is_some())?;
        let expires = asks.and_then(|asks| asks.time_expire);
        let expires = expires.map(|digits| ProviderTime::new(digits, map::instant(digits)));
        let until = expires.as_ref().and_then(|expires| expires.at);
        if until.is_some_and(|until| until <= self.client.context.clock.now()) {
            let invalid = Invalid::new("expires", "a time in the future");
            return Err(Error::invalid(operation, &invalid));
        }
        let (path, order_id) = (&self.client.settings.paths.collection, lookup.order_id.as_str());
        let reply = self.client.exchange(operation, path, order_id, &prepared.body).await?;
        let observation =
            map::order(&self.client, operation, lookup, &reply, map::collection_status)?;
        let payment_instructions = qr::payment_instructions(&self.client.settings, lookup, &reply)?;
        let mut collection = Collection::new(observation);
        collection.payment_instructions = Some(payment_instructions);
        // The answer does not repeat it: the requested time was accepted.
        collection.expires = expires;
        Ok(collection)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>> {
        let operation = Operation::CollectionFind;
        self.allow(&[operation], lookup.country)?;
        let settings = &self.client.settings;
        let (paths, services) = (&settings.paths, &settings.services);
        let found = match &lookup.rail_reference {
            None => {
                let (path, service) = (&paths.collection_find, &services.collection_find);
                self.client.ask(operation, path, service, Some(&lookup.order_id)).await
            }
            // 6.8: by the number that the payer sees.
            Some(number) => {
                settings.policy().allow_assumed(operation)?;
                let query = Query {
                    ref_no: Some(number),
                    service: &services.collection_find_by_reference,
                    ..Query::default()
                };
                let path = &paths.collection_find_by_reference;
                self.client.query(operation, path, query).await
            }
        };
        match found {
            Ok(reply) => {
                map::order(&self.client, operation, lookup, &reply, map::collection_status)
                    .map(|observation| Found::Found(Collection::new(observation)))
            }
            // That nothing has this number of the rail's does not say that the order is not there.
            Err(error) if lookup.rail_reference.is_some() => Err(error),
            Err(error) => settings.not_found().absent(error).map(Found::Absent),
        }
    }
}

#[async_trait]
impl CollectionCancel for Starpay {
    async fn cancel(&self, lookup: &Lookup) -> Result<Collection> {
        let operation = Operation::CollectionCancel;
        self.allow(&[operation], lookup.country)?;
        let settings = &self.client.settings;
        let path = &settings.paths.collection_cancel;
        let service = &settings.services.collection_cancel;
        let reply = self.client.ask(operation, path, service, Some(&lookup.order_id)).await?;
        let collection =
            map::order(&self.client, operation, lookup, &reply, map::collection_status)?;
        let status = &collection.status;
        match status {
            CollectionStatus::Paid | CollectionStatus::Failed | CollectionStatus::Reversed => {
                let message = format!("the collection is {status} and was not withdrawn");
                Err(reply.error(ErrorKind::State, message).with_effect(Effect::Rejected))
            }
            _ => Ok(Collection::new(collection)),
        }
    }
}

/// The text of 6.1's `request`, and the terminal it names.
fn repay(
    settings: &Settings,
    request: &CollectionRequest,
    order_id: &OrderId,
    notify_url: Option<&str>,
) -> Result<(String, Terminal)> {
    let invalid = |invalid: Invalid| Error::invalid(Operation::Collection, &invalid);
    no_extras(NAME, &request.extras).map_err(invalid)?;
    let expires = request.expires.map(map::digits);
    let terminal = settings.terminal(request.terminal.as_ref(), order_id).map_err(invalid)?;
    let text = to_json(&Repay {
        attach: one_line("remark", request.remark.as_deref(), LONGEST_REMARK).map_err(invalid)?,
        currency: Some(request.amount.currency().as_str()),
        device_info: terminal.as_str(),
        display_name: display_name(request.display_name.as_deref()).map_err(invalid)?,
        mch_id: &settings.merchant_id,
        msg_id: order_id.as_str(),
        notify_url,
        service: &settings.services.collection,
        time_expire: expires.as_deref(),
        trx_amount: Some(request.amount.minor().to_string()),
    });
    Ok((text, terminal))
}
