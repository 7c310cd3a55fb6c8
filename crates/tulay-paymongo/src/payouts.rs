//! Transfers by InstaPay and PESONet, each a batch of one.
//!
//! The order id is both `Idempotency-Key`, by which a copy is recognised for about a day, and
//! `reference_number`, which look-ups return.

use crate::{
    codes, map,
    profile::{LONGEST_REMARK, NAME},
    provider::Paymongo,
    settings::{Settings, SourceAccount},
    wire::{Account, Batch, CreateTransfer, Transfers},
};
use async_trait::async_trait;
use std::borrow::Cow;
use tulay_adapter::{
    json::to_json,
    request::{no_extras, one_line},
};
use tulay_core::{
    Capability, Country, Destination, Directory, Error, ErrorKind, Found, Invalid, Lookup, Name,
    NamePart, Operation, OrderId, Payout, PayoutRequest, Payouts, Prepared, Rail, Result,
    WalletAccount,
};

/// [`Prepared::form`] of a payout: the text that is sent.
const FORM: u16 = 3;

#[async_trait]
impl Payouts for Paymongo {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        let operation = Operation::Payout;
        self.allow(&[operation, Operation::PayoutFind], request.country)?;
        let rail = self.payouts.admit_request(request)?.rail;
        let body = transfer(&self.client.settings, request, order_id, rail).map_err(|invalid| {
            // A bank that has no code here may well have one at another provider.
            let kind = match invalid.field() {
                "institution" => ErrorKind::Unsupported,
                _ => ErrorKind::InvalidRequest,
            };
            Error::invalid_as(kind, operation, &invalid)
        })?;
        let (lookup, guarantees) = (request.lookup(order_id), self.payouts.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        let lookup = &prepared.lookup;
        self.allow(&[operation, Operation::PayoutFind], lookup.country)?;
        let batch: Option<Batch<'_>> = serde_json::from_str(&prepared.body).ok();
        let names_order = batch.is_some_and(|Batch { transfers: [transfer] }| {
            transfer.reference_number == lookup.order_id.as_str()
        });
        prepared.check(operation, &self.account, FORM, names_order)?;
        let path = &self.client.settings.paths.transfers;
        let (key, body) = (Some(&lookup.order_id), prepared.body.clone());
        let reply = self.client.post(operation, path, key, body).await?;
        let batch: Transfers<'_> = reply.read()?;
        let Some(transfer) = reply.at_most_one(batch.transfers)? else {
            let message = "the batch has no transfer";
            return Err(reply.error(ErrorKind::Unexpected, message).with_field("transfers"));
        };
        map::payout(&self.client, operation, lookup, &reply, transfer.get())
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(&[operation], lookup.country)?;
        let path = &self.client.settings.paths.transfer_find;
        match self.client.find(operation, path, lookup.provider_reference.as_ref()).await {
            Ok(reply) => map::payout(&self.client, operation, lookup, &reply, reply.text()?)
                .map(Found::Found),
            Err(error) => codes::absent(self.client.settings.not_found(), error).map(Found::Absent),
        }
    }
}

/// The text of a batch of one.
fn transfer(
    settings: &Settings,
    request: &PayoutRequest,
    order_id: &OrderId,
    rail: Option<Rail>,
) -> Result<String, Invalid> {
    no_extras(NAME, &request.extras)?;
    let SourceAccount { number, name, bic } =
        settings.source_account.as_ref().ok_or_else(|| {
            Invalid::new("source_account", "the account that transfers are paid from")
        })?;
    let rail = rail.ok_or_else(|| Invalid::new("rail", "instapay or pesonet"))?;
    let institution = request.destination.institution();
    // What is no bank is not paid as one: its accounts are of another kind.
    let listed = institution.zip(Directory::of(Country::PH)).and_then(|(id, known)| known.get(id));
    if listed.is_some_and(|listed| listed.channel != request.destination.channel()) {
        return Err(Invalid::new(
            "institution",
            "a bank for a bank account, a wallet for a wallet's",
        ));
    }
    let destination_bic = institution.and_then(|id| settings.bic(id)).ok_or_else(|| {
        Invalid::new("institution", "a bank or wallet whose BIC is known, or `institutions`")
    })?;
    let currency = request.amount.currency();
    let beneficiary = request.beneficiary.name.as_ref().map(Name::whole);
    let beneficiary = beneficiary.as_ref().map(NamePart::expose).unwrap_or_default();
    let description = one_line("remark", request.remark.as_deref(), LONGEST_REMARK)?;
    let source_account = Account {
        number: Cow::Borrowed(number),
        name: Cow::Borrowed(name),
        bic: Cow::Borrowed(bic),
    };
    let destination_account = Account {
        number: Cow::Owned(account_number(&request.destination)?),
        name: Cow::Borrowed(beneficiary),
        bic: destination_bic,
    };
    let transfer = CreateTransfer {
        reference_number: Cow::Borrowed(order_id.as_str()),
        provider: Cow::Borrowed(rail.as_str()),
        amount: request.amount.minor(),
        currency: Cow::Borrowed(currency.as_str()),
        description: description.map(Cow::Borrowed),
        source_account,
        destination_account,
    };
    Ok(to_json(&Batch { transfers: [transfer] }))
}

fn account_number(destination: &Destination) -> Result<String, Invalid> {
    match destination {
        Destination::Bank { account, .. }
        | Destination::Wallet { account: WalletAccount::Number(account), .. } => {
            Ok(account.expose().to_owned())
        }
        // A wallet knows its customers by the national form of their number (client code).
        Destination::Wallet { account: WalletAccount::Phone(phone), .. } => phone
            .national(Country::PH)
            .ok_or_else(|| Invalid::new("account", "a mobile number of the Philippines")),
        _ => Err(Invalid::new("destination", "a bank account or a wallet")),
    }
}
