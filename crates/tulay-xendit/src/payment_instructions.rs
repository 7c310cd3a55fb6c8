//! What a payer is shown: a code of the country's scheme over exactly the amount, or the number of a
//! virtual account.

use crate::{
    profile::Profile,
    settings::Settings,
    wire::{Action, Actions},
};
use tulay_adapter::reply::Reply;
use tulay_core::{
    AccountNumber, Channel, Country, ErrorKind, Lookup, Money, PaymentInstructions, QrText, Result,
};
use tulay_qr::{Id, Kind, Payload, Scheme};

/// How to pay a payment request: the one action of its kind in the answer to its creation. What
/// cannot be shown is an error whose effect is `Unknown`, since the request exists.
pub(crate) fn payment_instructions(
    settings: &Settings,
    lookup: &Lookup,
    reply: &Reply,
) -> Result<PaymentInstructions> {
    let descriptor = match lookup.channel {
        Channel::VirtualAccount => "VIRTUAL_ACCOUNT_NUMBER",
        _ => "QR_STRING",
    };
    let unusable = |kind, what: &str| {
        let message = format!("xendit's {descriptor} cannot be shown: {what}");
        reply.error(kind, message).with_field("actions")
    };
    let actions: Actions<'_> = reply.read()?;
    let ours = |action: &&Action<'_>| action.descriptor.as_str() == Some(descriptor);
    let mut ours = actions.actions.iter().filter(ours);
    let value = ours.next().and_then(|action| action.value.as_str());
    let value = value.filter(|_| ours.next().is_none());
    let value = value.ok_or_else(|| unusable(ErrorKind::Unexpected, "there is not exactly one"))?;
    if lookup.channel == Channel::VirtualAccount {
        // The number is of the bank that the answer names.
        let stated = actions.channel_code.as_str();
        if stated.is_some() && stated != channel_code(lookup) {
            return Err(unusable(ErrorKind::Mismatch, "it is of another bank"));
        }
        let number = AccountNumber::new(value);
        let number = number.map_err(|_| unusable(ErrorKind::Unexpected, "it is no number"))?;
        let institution = lookup.institution.clone();
        return Ok(PaymentInstructions::VirtualAccount { institution, number, name: None });
    }
    check(settings, lookup, value).map_err(|what| unusable(ErrorKind::Mismatch, what))?;
    let text = QrText::new(value);
    text.map(PaymentInstructions::Qr).map_err(|_| unusable(ErrorKind::Unexpected, "it is too long"))
}

/// `channel_code` of the bank that the virtual account was requested at.
fn channel_code(lookup: &Lookup) -> Option<&'static str> {
    let bank = lookup.institution.as_ref()?;
    Some(Profile::of(lookup.country)?.virtual_account(bank)?.channel_code)
}

/// Whether a code is one of the country's scheme, to a merchant, over exactly this amount; else what
/// is wrong.
fn check(settings: &Settings, lookup: &Lookup, text: &str) -> Result<(), &'static str> {
    let code = Payload::parse(text).map_err(|_| "it is no payment code, or a damaged one")?;
    let scheme = match lookup.country {
        Country::PH => Scheme::QrPh,
        _ => Scheme::Qris,
    };
    if (code.scheme(), code.kind()) != (scheme, Kind::Merchant) {
        return Err("it is no merchant's code of the country's scheme");
    }
    if code.currency().and_then(|currency| currency.letters()) != Some(lookup.currency.as_str()) {
        return Err("it is in another currency");
    }
    // One that cannot be read may cost something too.
    let adds = [Id::TIP_INDICATOR, Id::FEE_FIXED, Id::FEE_PERCENT];
    if adds.into_iter().any(|id| code.get(id).is_some()) {
        return Err("it has a tip or a fee");
    }
    let stated = code.amount().and_then(|stated| Money::parse(stated.text(), lookup.currency).ok());
    if stated.is_none() || stated != lookup.amount {
        return Err("it is not over the requested amount");
    }
    match settings.qr_merchant.as_deref() {
        Some(merchant) if code.merchant_name() != Some(merchant) => {
            Err("it shows another merchant than qr_merchant")
        }
        _ => Ok(()),
    }
}
