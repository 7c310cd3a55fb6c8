//! Payouts (2.1, 3.1, 4.1, 5.1), looked up by our id.

use crate::{
    codes, map,
    profile::{self, LONGEST_NAME, LONGEST_REMARK, NAME, PayoutRules, Profile},
    provider::Regional,
    settings::Settings,
    wire::{Check, Transfer},
};
use async_trait::async_trait;
use tulay_adapter::{
    json::to_json,
    request::{is_for, no_extras, one_line},
};
use tulay_core::{
    Capability, Channel, Destination, Error, ErrorKind, Field, Found, Invalid, Lookup, Operation,
    OrderId, Party, PartyKind, Payout, PayoutRequest, Payouts, Prepared, Proxy, Result, TaxId,
    WalletAccount, text,
};

/// [`Prepared::form`] of a payout: the text of `param` without its time stamp.
const FORM: u16 = 1;

/// Longest `relationship`, in characters (5.1.1).
const LONGEST_RELATIONSHIP: usize = 50;

#[async_trait]
impl Payouts for Regional {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::Payout, Operation::PayoutFind], request.country)?;
        let profile = self.client.profile(Operation::Payout, request.country)?;
        self.payouts.admit_request(request)?;
        let body = transfer(&self.client.settings, profile, request, order_id)?;
        let (lookup, guarantees) = (request.lookup(order_id), self.payouts.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        let lookup = &prepared.lookup;
        self.allow(&[operation, Operation::PayoutFind], lookup.country)?;
        let profile = self.client.profile(operation, lookup.country)?;
        let names_order = is_for(&prepared.body, "mchOrderId", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let path = profile.path(&self.client.settings.paths.payout);
        let (order_id, body) = (Some(&lookup.order_id), &prepared.body);
        let reply = self.client.exchange(operation, &path, order_id, body).await?;
        map::order(&self.client, operation, lookup, &reply, reply.read()?, map::payout_status)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(&[operation], lookup.country)?;
        let profile = self.client.profile(operation, lookup.country)?;
        let path = profile.path(&self.client.settings.paths.payout_find);
        let check = to_json(&Check { mch_order_id: lookup.order_id.as_str() });
        match self.client.exchange(operation, &path, Some(&lookup.order_id), &check).await {
            Ok(reply) => {
                let order = reply.read()?;
                map::order(&self.client, operation, lookup, &reply, order, map::payout_status)
                    .map(Found::Found)
            }
            Err(error) => codes::absent(self.client.settings.not_found(), error).map(Found::Absent),
        }
    }
}

/// The text of Create Payout's `param`, without its time stamp.
fn transfer(
    settings: &Settings,
    profile: &Profile,
    request: &PayoutRequest,
    order_id: &OrderId,
) -> Result<String> {
    let invalid = |invalid| Error::invalid(Operation::Payout, &invalid);
    let rules = profile.payout.as_ref().ok_or_else(|| {
        let country = profile.country;
        Error::unsupported(Operation::Payout, format!("no payouts in {country} here"))
    })?;
    no_extras(NAME, &request.extras).map_err(invalid)?;
    let amount = profile.amount(request.amount).map_err(invalid)?;
    let channel = request.destination.channel();
    let wanted = |field| rules.wants(channel, field);
    let mobile = wanted(Field::Mobile).then(|| profile.mobile(&request.beneficiary));
    let mobile = mobile.transpose().map_err(invalid)?;
    let order_id = profile::order_id(&rules.order_id, order_id).map_err(invalid)?;
    let name = name(rules, channel, &request.beneficiary).map_err(invalid)?;
    let kind = request.beneficiary.kind.filter(|_| wanted(Field::Kind));
    let tax_id = request.beneficiary.tax_id.as_ref().filter(|_| wanted(Field::TaxId));
    let tax_id = tax_id.map(|id| checked_id(profile, "tax_id", id)).transpose().map_err(invalid)?;
    let relationship = request.beneficiary.relationship.as_deref().filter(|_| rules.relationship);
    Ok(to_json(&Transfer {
        mch_order_id: order_id,
        idempotency_id: order_id,
        amount,
        account_no: &account_number(profile, &request.destination).map_err(invalid)?,
        account_name: name.as_deref(),
        mobile: mobile.as_deref(),
        pay_method_code: match channel {
            Channel::Wallet => &settings.pay_methods.wallet,
            Channel::Proxy => &settings.pay_methods.promptpay,
            _ => &settings.pay_methods.bank,
        },
        transfer_code: transfer_code(settings, profile, &request.destination)?,
        promptpay_account_type: proxy_type(&request.destination),
        account_type: kind.map(|kind| match kind {
            PartyKind::Person => "INDIVIDUAL",
            PartyKind::Organization => "ORGANIZATION",
        }),
        account_tax_id: tax_id.as_deref(),
        relationship: one_line("relationship", relationship, LONGEST_RELATIONSHIP)
            .map_err(invalid)?,
        remark: one_line("remark", request.remark.as_deref(), LONGEST_REMARK).map_err(invalid)?,
    }))
}

/// The name, where the channel asks for one or there is one.
fn name(
    rules: &PayoutRules,
    channel: Channel,
    beneficiary: &Party,
) -> Result<Option<String>, Invalid> {
    if beneficiary.name.is_none() && !rules.wants(channel, Field::Name) {
        return Ok(None);
    }
    let name = profile::name(beneficiary, LONGEST_NAME)?;
    match rules.name_marks {
        Some(marks)
            if !name.chars().all(|c| c.is_alphanumeric() || c == ' ' || marks.contains(&c)) =>
        {
            let expected = "no punctuation other than ' . and -";
            Err(Invalid::new("name", expected))
        }
        _ => Ok(Some(name)),
    }
}

const fn proxy_type(destination: &Destination) -> Option<&'static str> {
    match destination {
        Destination::Proxy(Proxy::NationalId(_)) => Some("NATID"),
        Destination::Proxy(Proxy::Phone(_)) => Some("MSISDN"),
        _ => None,
    }
}

fn account_number(profile: &Profile, destination: &Destination) -> Result<String, Invalid> {
    let number = match destination {
        Destination::Bank { account, .. } => return Ok(account.expose().to_owned()),
        Destination::Proxy(Proxy::NationalId(id)) => return checked_id(profile, "account", id),
        // A wallet, like PromptPay, knows its customers by the national form of their number.
        Destination::Wallet { account: WalletAccount::Number(account), .. } => {
            Some(account.expose().to_owned())
        }
        Destination::Wallet { account: WalletAccount::Phone(phone), .. }
        | Destination::Proxy(Proxy::Phone(phone)) => phone.national(profile.country),
        _ => return Err(Invalid::new("destination", "a bank account, a wallet or a proxy")),
    };
    number.filter(|number| profile.is_mobile(number)).ok_or_else(|| {
        let start = profile.mobile.0.first().copied().unwrap_or_default();
        let expected = format!("a mobile number of {}, such as {start}…", profile.country);
        Invalid::new("account", expected)
    })
}

/// An id without separators, whose check digit is right where the country has one.
fn checked_id(profile: &Profile, field: &'static str, id: &TaxId) -> Result<String, Invalid> {
    let id = text::tax_id(id.expose(), Some(profile.country));
    id.map(|id| id.expose().to_owned()).map_err(|invalid| invalid.with_field(field))
}

/// An institution that has no code here may well have one at another provider. A proxy has none.
fn transfer_code<'a>(
    settings: &'a Settings,
    profile: &Profile,
    destination: &Destination,
) -> Result<Option<&'a str>> {
    if destination.channel() == Channel::Proxy {
        return Ok(None);
    }
    let known = destination
        .institution()
        .and_then(|id| settings.transfer_code(profile, id, destination.channel()));
    known.map(Some).ok_or_else(|| {
        let country = profile.country;
        let expected =
            format!("a bank or wallet with a known code; other codes go to institutions.{country}");
        let invalid = Invalid::new("institution", expected);
        Error::invalid_as(ErrorKind::Unsupported, Operation::Payout, &invalid)
    })
}
