//! From neutral words to the provider's, and back.

use crate::{
    error,
    profile::{self, LONGEST_NAME, LONGEST_REMARK},
    settings::Settings,
    wire::{self, Answered, Create},
};
use tulay_core::{
    Answer, Destination, Error, ErrorKind, Invalid, Name, Operation, OrderId, Payout,
    PayoutRequest, PayoutStatus, ProviderReference, Result,
};

/// The text that creates a payout.
pub(crate) fn create(
    settings: &Settings,
    request: &PayoutRequest,
    order_id: &OrderId,
    notify: Option<&str>,
) -> Result<String, Invalid> {
    if request.extras.keys().any(|key| key.starts_with("balsa.")) {
        return Err(Invalid::unsupported("extras", "there are no keys under `balsa.`"));
    }
    let Destination::Bank { institution, account } = &request.destination else {
        return Err(Invalid::new("destination", "a bank account"));
    };
    if !profile::BANKS.contains(&institution.as_str()) {
        return Err(Invalid::new("institution", "a bank that balsa pays to"));
    }
    let name = request.beneficiary.name.as_ref().map(Name::whole);
    let name = name.ok_or_else(|| Invalid::new("name", "a name"))?;
    Ok(wire::to_json(&Create {
        reference: order_id.as_str(),
        merchant: &settings.merchant,
        amount: request.amount.amount_text(),
        currency: request.amount.currency().as_str(),
        bank: institution.as_str(),
        account: account.expose(),
        name: line("name", name.expose(), LONGEST_NAME)?,
        remark: request
            .remark
            .as_deref()
            .map(|text| line("remark", text, LONGEST_REMARK))
            .transpose()?,
        notify,
    }))
}

/// Whether a text is what [`create`] makes for this order.
pub(crate) fn is_create(body: &str, order_id: &str) -> bool {
    let rest = body.strip_prefix(r#"{"reference":""#).and_then(|rest| rest.strip_prefix(order_id));
    rest.is_some_and(|rest| rest.starts_with("\","))
}

/// A text is refused, never cut.
fn line<'a>(field: &'static str, text: &'a str, longest: usize) -> Result<&'a str, Invalid> {
    let fits = text.chars().count() <= longest && !text.chars().any(char::is_control);
    let expected = || Invalid::new(field, format!("at most {longest} characters on one line"));
    fits.then_some(text).ok_or_else(expected)
}

/// Every documented state; an unknown one is never final.
fn status(word: &str) -> PayoutStatus {
    match word {
        "draft" | "accepted" => PayoutStatus::Pending,
        "paid" => PayoutStatus::Succeeded,
        "failed" => PayoutStatus::Failed,
        "returned" => PayoutStatus::Reversed,
        other => PayoutStatus::Unknown(other.to_owned()),
    }
}

/// The payout that an answer or a notification is about, its status not concluded yet.
pub(crate) fn payout(
    operation: Operation,
    said: Answered,
    answer: Option<Answer>,
) -> Result<Payout> {
    let unreadable = |member: &'static str| {
        let message = format!("balsa's {member} cannot be read");
        let error = Error::new(operation, ErrorKind::Unexpected, message).at(member);
        match &answer {
            Some(answer) => error.answered(answer.clone()),
            None => error,
        }
    };
    let word = said.status.ok_or_else(|| unreadable("status"))?;
    let mut payout = Payout::new(status(&word));
    if let Some(id) = said.id {
        let id = ProviderReference::new(id).map_err(|_| unreadable("id"))?;
        payout.provider_reference = Some(id);
    }
    payout.failure = said.reason.map(|reason| error::failure(Some(reason)));
    payout.answer = answer;
    Ok(payout)
}
