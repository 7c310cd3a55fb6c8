//! From a payout as the application asks for it to Create Payout's `param`.

use crate::{
    ask,
    profile::{PayoutRules, Profile},
    settings::Settings,
    wire::{self, Transfer},
};
use tulay_core::{
    Channel, Destination, Error, ErrorKind, Field, Invalid, Operation, OrderId, Party, PartyKind,
    PayoutRequest, Proxy, Result, TaxId, WalletAccount,
};

/// Longest `relationship`, in characters (5.1.1).
const LONGEST_RELATIONSHIP: usize = 50;

/// The text of Create Payout's `param`, without its time stamp.
pub(crate) fn transfer(
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
    ask::no_extras(&request.extras).map_err(invalid)?;
    let amount = ask::amount(profile, request.amount).map_err(invalid)?;
    let channel = request.destination.channel();
    let wanted = |field| rules.wants(channel, field);
    let mobile = wanted(Field::Mobile).then(|| ask::mobile(profile, &request.beneficiary));
    let mobile = mobile.transpose().map_err(invalid)?;
    let order_id = ask::order_id(&rules.order_id, order_id).map_err(invalid)?;
    let name = name(rules, channel, &request.beneficiary).map_err(invalid)?;
    let kind = request.beneficiary.kind.filter(|_| wanted(Field::Kind));
    let tax_id = request.beneficiary.tax_id.as_ref().filter(|_| wanted(Field::TaxId));
    let relationship = request.beneficiary.relationship.as_deref().filter(|_| rules.relationship);
    Ok(wire::to_json(&Transfer {
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
        account_tax_id: tax_id.map(TaxId::expose),
        relationship: ask::line("relationship", relationship, LONGEST_RELATIONSHIP)
            .map_err(invalid)?,
        remark: ask::remark(request.remark.as_deref()).map_err(invalid)?,
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
    let name = ask::name(beneficiary)?;
    match rules.name_marks {
        Some(marks)
            if !name.chars().all(|c| c.is_alphanumeric() || c == ' ' || marks.contains(&c)) =>
        {
            let expected = "no other marks than ' . and -, as this provider takes none";
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
        Destination::Proxy(Proxy::NationalId(id)) => return national_id(id),
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

/// A Thai identity number has 13 digits.
fn national_id(id: &TaxId) -> Result<String, Invalid> {
    let id = id.expose();
    if id.len() == 13 && id.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(id.to_owned())
    } else {
        Err(Invalid::new("account", "a national identity number of 13 digits"))
    }
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
        let expected = format!(
            "a bank or wallet whose code is known here (or name it in institutions.{country})"
        );
        let invalid = Invalid::new("institution", expected);
        Error::invalid_as(ErrorKind::Unsupported, Operation::Payout, &invalid)
    })
}
