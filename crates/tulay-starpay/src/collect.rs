//! Section 6: what asks for money, and what the answer shows the payer.

use crate::{
    code::{self, Asked},
    disburse,
    exchange::Reply,
    manila, map,
    profile::LONGEST_TERMINAL,
    settings::Settings,
    wire::{self, Message, Repay},
};
use serde::Deserialize;
use tulay_core::{
    Bound, CodeRequest, CodeStatus, Collection, CollectionRequest, Error, ErrorKind, Invalid,
    Lookup, Operation, OrderId, PayBy, ProviderTime, QrText, Result, StaticCode, Terminal,
};

/// Longest `displayName`: what fits into the code (59).
const LONGEST_DISPLAY_NAME: usize = 25;

/// The text of 6.1's `request`, and the terminal it names.
pub(crate) fn repay(
    settings: &Settings,
    request: &CollectionRequest,
    order_id: &OrderId,
    notify_url: Option<&str>,
) -> Result<(String, Terminal)> {
    let invalid = |invalid: Invalid| Error::invalid(Operation::Collection, &invalid);
    no_extras(Operation::Collection, request.extras.keys())?;
    let expires = request.expires.map(manila::digits);
    let terminal = terminal(settings, request.terminal.as_ref(), order_id).map_err(invalid)?;
    let text = wire::to_json(&Repay {
        attach: disburse::remark(request.remark.as_deref()).map_err(invalid)?,
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

/// The text of 6.4's `request`, and the terminal it names.
pub(crate) fn static_code(
    settings: &Settings,
    request: &CodeRequest,
    order_id: &OrderId,
    notify_url: Option<&str>,
) -> Result<(String, Terminal)> {
    let invalid = |invalid: Invalid| Error::invalid(Operation::Code, &invalid);
    no_extras(Operation::Code, request.extras.keys())?;
    if request.remark.is_some() {
        return Err(invalid(Invalid::unsupported("remark", "starpay's static codes carry none")));
    }
    let terminal = terminal(settings, request.terminal.as_ref(), order_id).map_err(invalid)?;
    let text = wire::to_json(&Repay {
        attach: None,
        currency: None,
        device_info: terminal.as_str(),
        display_name: display_name(request.display_name.as_deref()).map_err(invalid)?,
        mch_id: &settings.merchant_id,
        msg_id: order_id.as_str(),
        notify_url,
        service: &settings.services.static_code,
        time_expire: None,
        trx_amount: None,
    });
    Ok((text, terminal))
}

/// The members of a prepared 6.1 or 6.4 that `create` needs again.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Asks<'a> {
    msg_id: &'a str,
    time_expire: Option<&'a str>,
}

impl<'a> Asks<'a> {
    /// Reads them, where the text is one that was prepared for this order.
    pub(crate) fn of(body: &'a str, order_id: &OrderId) -> Option<Self> {
        let asks: Self = serde_json::from_str(body).ok()?;
        (asks.msg_id == order_id.as_str()).then_some(asks)
    }

    /// The time until which it can be paid.
    pub(crate) fn expires(&self) -> Option<ProviderTime> {
        self.time_expire.map(|digits| ProviderTime::new(digits, manila::read(digits)))
    }
}

/// The collection of the answer to 6.1, once its code is found to ask for what was requested.
pub(crate) fn created(
    settings: &Settings,
    bound: &[Bound],
    lookup: &Lookup,
    reply: Reply,
) -> Result<Collection> {
    let shown = pay_by(settings, Operation::Collection, asked(lookup), &reply)?;
    let observation = map::collection(Operation::Collection, bound, reply)?;
    let mut collection = Collection::new(observation);
    collection.pay_by = Some(shown);
    Ok(collection)
}

/// The code of the answer to 6.4, once the answer is about this order, and the code leaves the
/// amount to the payer and names the terminal that its payments will name.
pub(crate) fn created_code(
    settings: &Settings,
    mut lookup: Lookup,
    reply: &Reply,
) -> Result<StaticCode> {
    let shown = pay_by(settings, Operation::Code, asked(&lookup), reply)?;
    let observation = map::answered(Operation::Code, reply, Operation::Code)?;
    let observation = observation
        .agreeing(Operation::Code, &lookup)
        .map_err(|error| error.answered(reply.answer.clone()))?;
    lookup.provider_reference = observation.provider_reference;
    let mut code = StaticCode::new(lookup, CodeStatus::Active);
    code.pay_by = Some(shown);
    Ok(code)
}

/// What the code in the answer must say.
fn asked(lookup: &Lookup) -> Asked<'_> {
    let terminal = lookup.terminal.as_ref().map(Terminal::as_str).unwrap_or_default();
    Asked { amount: lookup.amount, terminal }
}

/// `codeUrl`, read and held against what was asked: nobody is shown a code that asks for something
/// else, though the order stands.
fn pay_by(
    settings: &Settings,
    operation: Operation,
    asked: Asked<'_>,
    reply: &Reply,
) -> Result<PayBy> {
    let fail = |kind, what: &str, field: &'static str| {
        let error = Error::new(operation, kind, format!("starpay's code cannot be used: {what}"));
        error.at(field).answered(reply.answer.clone())
    };
    let text = reply.read::<Message<'_>>()?.code_url.map(|text| text.0).unwrap_or_default();
    if text.is_empty() {
        return Err(fail(ErrorKind::Unexpected, "the answer has none", "codeUrl"));
    }
    code::shown(&text, asked, settings.qr_merchant.as_deref())
        .map_err(|(what, field)| fail(ErrorKind::Mismatch, what, field))?;
    let text =
        QrText::new(text).map_err(|_| fail(ErrorKind::Unexpected, "it is too long", "codeUrl"))?;
    Ok(PayBy::Qr(text))
}

/// `deviceInfo`: the terminal that was asked for, or the one that the settings choose.
///
/// The code carries 8 characters of it (62.07): a longer one would come back as another.
fn terminal(
    settings: &Settings,
    asked: Option<&Terminal>,
    order_id: &OrderId,
) -> Result<Terminal, Invalid> {
    match asked.or_else(|| shared(&settings.terminals, order_id)) {
        Some(terminal) if asked.is_some() && terminal.as_str().len() > LONGEST_TERMINAL => {
            Err(Invalid::new("terminal", "at most 8 characters"))
        }
        Some(terminal) => Ok(terminal.clone()),
        // The first letter is the same in all ids; the eight after it are 40 bits of the digest.
        None => Terminal::new(order_id.as_str().get(1..=LONGEST_TERMINAL).unwrap_or_default()),
    }
}

/// One of the terminals: the same for the same order, and all of them alike often.
fn shared<'a>(terminals: &'a [Terminal], order_id: &OrderId) -> Option<&'a Terminal> {
    let mixed = order_id
        .as_str()
        .bytes()
        .fold(0_usize, |mixed, byte| mixed.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let index = mixed.checked_rem(terminals.len())?;
    terminals.get(index)
}

fn display_name(name: Option<&str>) -> Result<Option<&str>, Invalid> {
    let fits = |name: &str| {
        (1..=LONGEST_DISPLAY_NAME).contains(&name.len())
            && name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
    };
    match name {
        Some(name) if !fits(name) => {
            Err(Invalid::new("display_name", "1 to 25 printable ASCII characters, as codes hold"))
        }
        name => Ok(name),
    }
}

fn no_extras<'a>(operation: Operation, mut keys: impl Iterator<Item = &'a String>) -> Result<()> {
    if keys.any(|key| key.starts_with("starpay.")) {
        let invalid = Invalid::unsupported("extras", "there are no keys under `starpay.`");
        return Err(Error::invalid(operation, &invalid));
    }
    Ok(())
}
