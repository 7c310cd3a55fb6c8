//! The account that a payout is paid to: with one digit more or less it can be another person's.

use crate::{
    checks::ids::{readings, stands_whole},
    fixture::Fixture,
    harness::Harness,
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
};
use std::sync::Arc;
use tulay_core::{
    AccountNumber, Destination, Effect, Invalid, PayoutRequest, Phone, Proxy, Request,
    WalletAccount,
};

pub(crate) fn accounts_are_sent_verbatim_or_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let (fixture, kind) = (Fixture::new(harness), Kind::Payout);
    let mut named = false;
    for corridor in fixture.corridors(kind)? {
        let Request::Payout(mut sample) = fixture.sample(kind, &corridor)? else { continue };
        let channel = corridor.channel;
        let Some(account) = account(&mut sample.destination).map(|account| account.text()) else {
            continue;
        };
        named = true;
        let content = sent(&fixture, &sample)?.map_err(Unmet::fails)?;
        let Some(written) = written(&sample, &account, &content) else {
            return Err(Unmet::fails(format!(
                "{channel}: the account of the sample, {account}, is not in what is sent, as the \
                 harness reads it (`Reading::content`)"
            )));
        };
        for (other, other_written) in others(&account, written) {
            let request = paid_to(&sample, &other)?;
            if let Ok(read) = sent(&fixture, &request)? {
                ensure!(
                    read == content.replace(written, &other_written),
                    "{channel}: the account {other} is taken, but does not stand where {account} \
                     stood: {read:?}"
                );
            }
        }
    }
    match named {
        true => Ok(()),
        false => Err(Unmet::not_offered("no payout names an account")),
    }
}

/// The account of a destination.
enum Account<'r> {
    Number(&'r mut AccountNumber),
    Mobile(&'r mut Phone),
}

impl Account<'_> {
    fn text(&self) -> String {
        match self {
            Self::Number(number) => number.expose().to_owned(),
            Self::Mobile(phone) => phone.expose().to_owned(),
        }
    }

    fn set(self, text: &str) -> Result<(), Invalid> {
        match self {
            Self::Number(number) => *number = AccountNumber::new(text)?,
            Self::Mobile(phone) => *phone = Phone::new(text)?,
        }
        Ok(())
    }
}

const fn account(destination: &mut Destination) -> Option<Account<'_>> {
    match destination {
        Destination::Bank { account, .. }
        | Destination::Wallet { account: WalletAccount::Number(account), .. }
        | Destination::ProviderAccount(WalletAccount::Number(account)) => {
            Some(Account::Number(account))
        }
        Destination::Wallet { account: WalletAccount::Phone(phone), .. }
        | Destination::ProviderAccount(WalletAccount::Phone(phone))
        | Destination::Proxy(Proxy::Phone(phone)) => Some(Account::Mobile(phone)),
        _ => None,
    }
}

/// How many digits of a mobile number are the same in every form of it.
const SUBSCRIBER: usize = 7;

/// The part of the account that is sent as it is: a number as a whole, of a mobile number the last
/// digits, where it is sent in a form that is known.
fn written<'a>(sample: &PayoutRequest, account: &'a str, content: &str) -> Option<&'a str> {
    let Some(digits) = account.strip_prefix('+') else {
        return stands_whole(content, account).then_some(account);
    };
    let home = Phone::new(account).ok()?.national(sample.country);
    let forms: Vec<&str> = match &home {
        Some(home) => vec![digits, home, home.trim_start_matches('0')],
        // The calling code has up to three digits.
        None => (0..=3).filter_map(|code| digits.get(code..)).collect(),
    };
    let known = forms.into_iter().any(|form| stands_whole(content, form));
    digits.get(digits.len().checked_sub(SUBSCRIBER)?..).filter(|_| known)
}

/// Other accounts, each with what is written in place of the sample's.
fn others(account: &str, written: &str) -> Vec<(String, String)> {
    if let Some(before) = account.strip_suffix(written).filter(|before| !before.is_empty()) {
        let other = |digits: &str| (format!("{before}{digits}"), digits.to_owned());
        return ["0123456", "1230000"].map(other).to_vec();
    }
    let same_length = account.get(2..).unwrap_or_default();
    let numbers = [
        format!("00{same_length}"),
        format!("0{account}"),
        format!("{account}0405"),
        format!("{account}040506070809"),
        "7".to_owned(),
        "0000007".to_owned(),
        // Floating point cannot hold it.
        "90071992547409931".to_owned(),
        "0012-3456-78".to_owned(),
    ];
    numbers.map(|number| (number.clone(), number)).to_vec()
}

fn paid_to(sample: &PayoutRequest, other: &str) -> Result<PayoutRequest, Unmet> {
    let mut request = sample.clone();
    let Some(account) = account(&mut request.destination) else { return Ok(request) };
    let before = account.text();
    account.set(other).map_err(|error| Unmet::fails(error.to_string()))?;
    // The beneficiary may have the mobile number that names the account.
    if let Some(mobile) = request.beneficiary.mobile.as_mut().filter(|m| m.expose() == before) {
        *mobile = Phone::new(other).map_err(|error| Unmet::fails(error.to_string()))?;
    }
    Ok(request)
}

/// What reaches the platform, or how the account was refused.
fn sent(fixture: &Fixture, request: &PayoutRequest) -> Result<Result<String, String>, Unmet> {
    let kind = Kind::Payout;
    let call = fixture.send(kind, &request.clone().into(), Script::all(fixture.first(kind)?))?;
    match call.result {
        Err(error) if call.sent.is_empty() => {
            ensure!(
                (error.effect(), error.field()) == (Effect::NotSent, Some("account")),
                "an account is refused as {}",
                shown(&error)
            );
            Ok(Err(format!("the account of the sample is refused: {}", shown(&error))))
        }
        _ => {
            let read = readings(&fixture.harness, &call.sent)?;
            Ok(Ok(read.into_iter().map(|reading| reading.content).collect()))
        }
    }
}
