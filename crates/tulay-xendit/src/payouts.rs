//! Payouts (v2): one call creates one, and one looks it up, by the provider's id or by ours.

use crate::{
    codes, map,
    profile::{LONGEST_NAME, LONGEST_PAYOUT_REMARK, NAME},
    provider::Xendit,
    settings::Settings,
    wire::{CreatePayout, Order, Receiver},
};
use async_trait::async_trait;
use tulay_adapter::{
    json::{Number, to_json},
    reply::Reply,
    request::{is_for, no_extras, one_line, path_segment},
};
use tulay_core::{
    Capability, Destination, Error, ErrorKind, Found, Invalid, Lookup, Name, NamePart, Operation,
    OrderId, Payout, PayoutRequest, Payouts, Prepared, Result, WalletAccount,
};

/// [`Prepared::form`] of a payout: the text that creates it.
const FORM: u16 = 1;

#[async_trait]
impl Payouts for Xendit {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::Payout, Operation::PayoutFind], request.country)?;
        self.payouts.admit_request(request)?;
        let body = create(&self.client.settings, request, order_id)?;
        let (lookup, guarantees) = (request.lookup(order_id), self.payouts.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        let (lookup, body) = (&prepared.lookup, &prepared.body);
        self.allow(&[operation, Operation::PayoutFind], lookup.country)?;
        let names_order = is_for(body, "reference_id", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let path = &self.client.settings.paths.payout;
        let reply = self.client.post(operation, path, &lookup.order_id, body).await?;
        let order = reply.read()?;
        map::order(&self.client, operation, lookup, &reply, order, map::payout_status)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(&[operation], lookup.country)?;
        self.client.profile(operation, lookup.country)?;
        let path = &self.client.settings.paths.payout;
        let (path, query) = match &lookup.provider_reference {
            Some(id) => {
                (format!("{path}/{}", path_segment(NAME, operation, Some(id))?), String::new())
            }
            None => (path.clone(), format!("?reference_id={}", lookup.order_id)),
        };
        let reply = match self.client.get(operation, Some(&lookup.order_id), &path, &query).await {
            Ok(reply) => reply,
            Err(error) => {
                return codes::absent(self.client.settings.not_found(), error).map(Found::Absent);
            }
        };
        let order = match lookup.provider_reference {
            Some(_) => Some(reply.read()?),
            None => only_order(&reply)?,
        };
        let Some(order) = order else { return Ok(Found::Absent(reply.response)) };
        map::order(&self.client, operation, lookup, &reply, order, map::payout_status)
            .map(Found::Found)
    }
}

/// The one order under our reference, or none. A reference is not unique at the provider: a second
/// order under ours was not made by us, or made twice.
fn only_order(reply: &Reply) -> Result<Option<Order<'_>>> {
    let (rows, more) = map::rows(reply)?;
    if more {
        let message = "xendit's list of the orders under one reference goes on";
        return Err(reply.error(ErrorKind::Mismatch, message).with_field("has_more"));
    }
    reply.at_most_one(rows)
}

/// The text that creates a payout.
fn create(settings: &Settings, request: &PayoutRequest, order_id: &OrderId) -> Result<String> {
    let invalid = |invalid: Invalid| Error::invalid(Operation::Payout, &invalid);
    no_extras(NAME, &request.extras).map_err(invalid)?;
    let (destination, amount) = (&request.destination, request.amount);
    let account_number = account_number(settings, destination).map_err(invalid)?;
    let name = request.beneficiary.name.as_ref().map(Name::whole);
    let name = one_line("name", name.as_ref().map(NamePart::expose), LONGEST_NAME);
    let remark = one_line("remark", request.remark.as_deref(), LONGEST_PAYOUT_REMARK);
    Ok(to_json(&CreatePayout {
        reference_id: order_id.as_str(),
        channel_code: channel_code(settings, destination)?,
        channel_properties: Receiver {
            account_number: &account_number,
            account_holder_name: name.map_err(invalid)?.unwrap_or_default(),
        },
        amount: Number(amount),
        currency: amount.currency().as_str(),
        description: remark.map_err(invalid)?,
    }))
}

/// A wallet knows its customers by the national form of their number: "standard format should use
/// prefix 0" (create a payout).
fn account_number(settings: &Settings, destination: &Destination) -> Result<String, Invalid> {
    match destination {
        Destination::Bank { account, .. }
        | Destination::Wallet { account: WalletAccount::Number(account), .. } => {
            Ok(account.expose().to_owned())
        }
        Destination::Wallet { account: WalletAccount::Phone(phone), .. } => {
            phone.national(settings.country).ok_or_else(|| {
                Invalid::new("account", format!("a mobile number of {}", settings.country))
            })
        }
        _ => Err(Invalid::new("destination", "a bank account or a wallet")),
    }
}

/// An institution that has no code here may well have one at another provider.
fn channel_code<'a>(settings: &'a Settings, destination: &Destination) -> Result<&'a str> {
    let id = destination.institution();
    let code = id.and_then(|id| settings.channel_code(id, destination.channel()));
    code.ok_or_else(|| {
        let invalid = Invalid::new("institution", "a bank or wallet that xendit pays to");
        Error::invalid_as(ErrorKind::Unsupported, Operation::Payout, &invalid)
    })
}
