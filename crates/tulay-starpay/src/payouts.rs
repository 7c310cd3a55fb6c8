//! Payouts (5.2, 5.3, 5.8, 5.9), looked up by our id (5.4).

use crate::{
    map,
    profile::{self, LONGEST_REMARK, NAME},
    provider::Starpay,
    qr::{self, Payee},
    settings::{NameSplit, Settings},
    wire::Disburse,
};
use async_trait::async_trait;
use tulay_adapter::{
    codes::configured,
    json::to_json,
    notify_url::notify_url,
    request::{is_for, no_extras, one_line},
};
use tulay_core::{
    Capability, Channel, Country, Destination, Error, ErrorKind, Found, Invalid, Lookup, Name,
    NamePart, Operation, OrderId, Party, PartyKind, Payout, PayoutRequest, Payouts, Prepared,
    Result, WalletAccount,
};

/// [`Prepared::form`] of a payout: the text of `request`.
const FORM: u16 = 1;

#[async_trait]
impl Payouts for Starpay {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::Payout, Operation::PayoutFind], request.country)?;
        self.payouts.admit_request(request)?;
        let notify_url = notify_url(&self.client.context, Operation::Payout, order_id);
        let body = disburse(&self.client.settings, request, order_id, notify_url.as_deref())?;
        let (lookup, guarantees) = (request.lookup(order_id), self.payouts.guarantees.version);
        Ok(Prepared::new(lookup, self.account.clone(), guarantees, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        let lookup = &prepared.lookup;
        self.allow(&[operation, Operation::PayoutFind], lookup.country)?;
        let names_order = is_for(&prepared.body, "msgId", &lookup.order_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let paths = &self.client.settings.paths;
        let path = match lookup.channel {
            Channel::Qr => &paths.payout_qr,
            _ => &paths.payout,
        };
        let order_id = lookup.order_id.as_str();
        let reply = self.client.exchange(operation, path, order_id, &prepared.body).await?;
        map::order(&self.client, operation, lookup, &reply, map::payout_status)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(&[operation], lookup.country)?;
        let settings = &self.client.settings;
        let (path, service) = (&settings.paths.payout_find, &settings.services.payout_find);
        match self.client.ask(operation, path, service, Some(&lookup.order_id)).await {
            Ok(reply) => map::order(&self.client, operation, lookup, &reply, map::payout_status)
                .map(Found::Found),
            Err(error) => settings.not_found().absent(error).map(Found::Absent),
        }
    }
}

/// The text of `request`: 5.2 to banks and wallets, 5.3 to Starpay's own accounts, 5.8 and 5.9 to a
/// scanned code.
fn disburse(
    settings: &Settings,
    request: &PayoutRequest,
    order_id: &OrderId,
    notify_url: Option<&str>,
) -> Result<String> {
    let invalid = |invalid| Error::invalid(Operation::Payout, &invalid);
    no_extras(NAME, &request.extras).map_err(invalid)?;
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
        attach: one_line("remark", request.remark.as_deref(), LONGEST_REMARK).map_err(invalid)?,
        notify_url,
    };
    if let Destination::Qr(text) = &request.destination {
        // 5.8 and 5.9: the code says who is paid.
        body.service = match qr::payee(text, request.amount)? {
            Payee::Merchant => &settings.services.payout_qr_merchant,
            Payee::Person => &settings.services.payout_qr_person,
        };
        body.qr_code = Some(text.expose());
        return Ok(to_json(&body));
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
    Ok(to_json(&body))
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
        let configured = configured(Country::PH, &settings.institutions, id);
        configured.or_else(|| profile::receiving_bank(id))
    });
    known.ok_or_else(|| {
        let invalid = Invalid::new("institution", "a bank or wallet that starpay pays to");
        Error::invalid_as(ErrorKind::Unsupported, Operation::Payout, &invalid)
    })
}
