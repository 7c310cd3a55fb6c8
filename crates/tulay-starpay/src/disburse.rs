//! Section 5: what a payout says on the wire, wherever it goes.

use crate::{
    code,
    profile::{self, LONGEST_REMARK},
    settings::{NameSplit, Settings},
    wire::{self, Disburse},
};
use tulay_core::{
    AdapterContext, Country, Destination, Error, ErrorKind, Invalid, Name, NamePart, Operation,
    OrderId, Party, PartyKind, PayoutRequest, Result, WalletAccount,
};

/// The text of `request`: 5.2 to banks and wallets, 5.3 to Starpay's own accounts, 5.8 and 5.9 to a
/// scanned code.
pub(crate) fn disburse(
    settings: &Settings,
    request: &PayoutRequest,
    order_id: &OrderId,
    notify_url: Option<&str>,
) -> Result<String> {
    let invalid = |invalid| Error::invalid(Operation::Payout, &invalid);
    if request.extras.keys().any(|key| key.starts_with("starpay.")) {
        let why = "there are no keys under `starpay.`";
        return Err(invalid(Invalid::unsupported("extras", why)));
    }
    let currency = request.amount.currency();
    let mut body = Disburse {
        msg_id: order_id.as_str(),
        mch_id: &settings.merchant_id,
        acct_no: None,
        acct_name: None,
        acct_middle_name: None,
        acct_last_name: None,
        receiving_bank: None,
        qr_code: None,
        trx_amount: request.amount.minor().to_string(),
        currency: currency.as_str(),
        service: &settings.services.payout,
        attach: remark(request.remark.as_deref()).map_err(invalid)?,
        notify_url,
    };
    if let Destination::Qr(text) = &request.destination {
        // 5.8 and 5.9: the code says who is paid.
        body.service = match code::payee(text, request.amount)? {
            code::Payee::Merchant => &settings.services.payout_qr_merchant,
            code::Payee::Person => &settings.services.payout_qr_person,
        };
        body.qr_code = Some(text.expose());
        return Ok(wire::to_json(&body));
    }
    let names = names(settings.name_split, &request.beneficiary).map_err(invalid)?;
    let account = account_number(&request.destination).map_err(invalid)?;
    body.acct_no = Some(&account);
    body.acct_name = Some(names.given.expose());
    body.acct_middle_name = names.middle.as_ref().map(NamePart::expose);
    body.acct_last_name = names.family.as_ref().map(NamePart::expose);
    if let Destination::ProviderAccount(_) = &request.destination {
        // 5.3: there is no other bank than starpay itself.
        body.service = &settings.services.payout_provider_account;
    } else {
        body.receiving_bank = Some(receiving_bank(settings, &request.destination)?);
    }
    Ok(wire::to_json(&body))
}

/// Whether a text is what [`disburse`] makes for this order.
pub(crate) fn is_disburse(body: &str, order_id: &str) -> bool {
    let rest = body.strip_prefix(r#"{"msgId":""#).and_then(|rest| rest.strip_prefix(order_id));
    rest.is_some_and(|rest| rest.starts_with("\","))
}

/// Where notifications of an operation arrive.
pub(crate) fn notify_url(context: &AdapterContext, operation: Operation) -> Option<String> {
    let base = context.notify_url.as_ref()?.to_string();
    Some(format!("{}/{operation}", base.trim_end_matches('/')))
}

/// `acctName`, `acctMiddleName`, `acctLastName`.
struct Names {
    given: NamePart,
    middle: Option<NamePart>,
    family: Option<NamePart>,
}

fn names(split: NameSplit, beneficiary: &Party) -> Result<Names, Invalid> {
    let whole = |name: &Name| Names { given: name.whole(), middle: None, family: None };
    match &beneficiary.name {
        Some(name) if beneficiary.kind == Some(PartyKind::Organization) => Ok(whole(name)),
        Some(Name::Parts { given, middle, family, suffix }) => Ok(Names {
            given: given.clone(),
            middle: middle.clone(),
            family: Some(match suffix {
                None => family.clone(),
                Some(suffix) => NamePart::new(format!("{} {}", family.expose(), suffix.expose()))?,
            }),
        }),
        Some(name) if split == NameSplit::Whole => Ok(whole(name)),
        _ => Err(Invalid::new(
            "family_name",
            "given and family name, as starpay wants parts (or name_split = \"whole\")",
        )),
    }
}

fn account_number(destination: &Destination) -> Result<String, Invalid> {
    match destination {
        Destination::Bank { account, .. }
        | Destination::Wallet { account: WalletAccount::Number(account), .. }
        | Destination::ProviderAccount(WalletAccount::Number(account)) => {
            Ok(account.expose().to_owned())
        }
        // A wallet knows its customers by the national form of their number.
        Destination::Wallet { account: WalletAccount::Phone(phone), .. }
        | Destination::ProviderAccount(WalletAccount::Phone(phone)) => phone
            .national(Country::PH)
            .ok_or_else(|| Invalid::new("account", "a mobile number of the Philippines")),
        _ => Err(Invalid::new(
            "destination",
            "a bank account, a wallet, a starpay account or a code",
        )),
    }
}

/// An institution that has no name here may well have one at another provider.
fn receiving_bank<'a>(settings: &'a Settings, destination: &Destination) -> Result<&'a str> {
    let known = destination.institution().and_then(|id| {
        let configured = settings.institutions.get(id).map(String::as_str);
        configured.or_else(|| profile::receiving_bank(id))
    });
    known.ok_or_else(|| {
        let invalid = Invalid::new("institution", "a bank or wallet that starpay pays to");
        Error::invalid_as(ErrorKind::Unsupported, Operation::Payout, &invalid)
    })
}

pub(crate) fn remark(text: Option<&str>) -> Result<Option<&str>, Invalid> {
    let fits =
        |text: &str| text.chars().count() <= LONGEST_REMARK && !text.chars().any(char::is_control);
    match text {
        Some(text) if !fits(text) => {
            Err(Invalid::new("remark", format!("at most {LONGEST_REMARK} characters on one line")))
        }
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}
