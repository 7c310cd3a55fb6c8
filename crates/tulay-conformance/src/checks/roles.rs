//! What an adapter says it can do, against what it does, both ways.

use crate::{
    case::Case,
    harness::Harness,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    stage::{Call, Stage},
};
use std::sync::Arc;
use tulay_core::{
    AccountKind, AccountNumber, Country, Currency, Destination, Effect, ErrorKind, Found,
    InstitutionId, Operation, Phone, Proxy, QrText, WalletAccount,
};

const COUNTRIES: [Country; 5] = [Country::ID, Country::MY, Country::PH, Country::RU, Country::TH];
const CURRENCIES: [Currency; 5] =
    [Currency::IDR, Currency::MYR, Currency::PHP, Currency::RUB, Currency::THB];
const ACCOUNTS: [AccountKind; 3] =
    [AccountKind::Payout, AccountKind::Collection, AccountKind::Single];

pub(crate) fn corridors_pay_where_they_say(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    for corridor in stage.corridors()? {
        let at = format!("{} {} by {}", corridor.country, corridor.currency, corridor.channel);
        let request = harness.request(&corridor);
        let place = (request.country, request.amount.currency(), request.destination.channel());
        ensure!(
            place == (corridor.country, corridor.currency, corridor.channel),
            "{at}: the harness gives a payout of another corridor"
        );
        let order = stage.prepared(&request)?;
        let capability = stage.payouts()?.capability();
        let stored = &order.lookup;
        ensure!(
            (stored.country, stored.currency, stored.channel) == place
                && stored.amount == Some(request.amount)
                && stored.institution.as_ref() == request.destination.institution(),
            "{at}: what is stored to ask again differs from the request"
        );
        ensure!(
            &order.merchant_account == stage.provider.merchant_account()
                && order.contract == capability.contract.version,
            "{at}: prepared for another account or contract"
        );
        stage.steps(&order)?;
        if corridor.operations.contains(&Operation::PayoutFind) {
            let lookup = stage.lookup(&order)?;
            stage.find_steps(&lookup)?;
            let call = stage.find(&lookup, Script::all(stage.pending()))?;
            ensure!(
                matches!(call.accepted()?, Found::Found(_)),
                "{at}: an order that is there is not found"
            );
        } else {
            let call = stage.find(&order.lookup, Script::all(stage.pending()))?;
            nothing_sent(&format!("{at}: looking up"), &call)?;
            reading_unsupported(&format!("{at}: looking up"), &call)?;
        }
    }
    Ok(())
}

pub(crate) fn contracts_do_not_contradict_themselves(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    match stage.payouts()?.capability().contract.checked() {
        Ok(()) => Ok(()),
        Err(invalid) => Err(Unmet::fails(invalid.to_string())),
    }
}

pub(crate) fn other_countries_and_channels_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let corridors = stage.corridors()?;
    let sample = stage.request()?;
    for country in COUNTRIES {
        for destination in destinations(&sample.destination) {
            let mut request = sample.clone();
            request.country = country;
            request.destination = destination;
            let channel = request.destination.channel();
            let currency = request.amount.currency();
            if corridors
                .iter()
                .any(|c| (c.country, c.currency, c.channel) == (country, currency, channel))
            {
                continue;
            }
            let refused = stage.payouts()?.prepare(&request, &stage.order_id(&request)?);
            let at = format!("{country} {currency} by {channel}");
            unsupported(&at, refused.err().as_ref())?;
        }
    }
    Ok(())
}

pub(crate) fn what_is_switched_off_sends_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let full = Stage::new(harness);
    let off = Stage::with(harness, |context| harness.switched_off(context))
        .ok_or_else(|| Unmet::not_offered("nothing of it can be switched off"))?;
    let roles = off.provider.roles();
    let mut anything = false;
    if let Some(payouts) = roles.payouts {
        let offers = |operation| {
            payouts.capability().corridors.iter().any(|c| c.operations.contains(&operation))
        };
        let request = full.request()?;
        let mut order = full.prepared(&request)?;
        let lookup = full.lookup_if_offered(&order)?.unwrap_or_else(|| order.lookup.clone());
        order.merchant_account = off.provider.merchant_account().clone();
        if !offers(Operation::Payout) {
            anything = true;
            let refused = payouts.prepare(&request, &full.order_id(&request)?);
            unsupported("preparing", refused.err().as_ref())?;
            // What was prepared before it was switched off.
            let call = off.create(&order, Script::all(off.pending()))?;
            nothing_sent("creating", &call)?;
            unsupported("creating", call.result.err().as_ref())?;
        }
        if !offers(Operation::PayoutFind) {
            anything = true;
            let call = off.find(&lookup, Script::all(off.pending()))?;
            nothing_sent("looking up", &call)?;
            ensure!(call.result.is_err(), "looking up: not refused");
        }
    }
    if let Some(balances) = roles.balances {
        let listed = full.provider.roles().balances.map(|role| role.accounts().to_vec());
        for (kind, country, currency) in listed.unwrap_or_default() {
            if !balances.accounts().contains(&(kind, country, currency)) {
                anything = true;
                let balance = balances.balance(kind, country, currency);
                let call = off.call(Operation::Balance, None, Script::all(Case::done()), balance);
                nothing_sent("balance", &call)?;
                ensure!(call.result.is_err(), "balance: not refused");
            }
        }
    }
    ensure!(anything, "with everything off that can be, all is on");
    Ok(())
}

pub(crate) fn balances_are_those_listed(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let balances = stage.provider.roles().balances;
    let balances = balances.ok_or_else(|| Unmet::not_offered("it tells no balances"))?;
    let listed = balances.accounts().to_vec();
    ensure!(!listed.is_empty(), "the role is there, but no account is listed");
    let ask = |(account, country, currency)| {
        let balance = balances.balance(account, country, currency);
        stage.call(Operation::Balance, None, Script::all(Case::done()), balance)
    };
    for account in &listed {
        let call = ask(*account);
        ensure!(!call.sent.is_empty(), "{account:?} is listed, but nothing is sent");
        let balance = call.accepted()?;
        ensure!(
            balance.account == account.0 && balance.available.currency() == account.2,
            "{account:?}: another account's balance is told"
        );
    }
    for account in ACCOUNTS {
        for country in COUNTRIES {
            for currency in CURRENCIES {
                let place = (account, country, currency);
                if !listed.contains(&place) {
                    let call = ask(place);
                    let at = format!("{place:?}");
                    nothing_sent(&at, &call)?;
                    reading_unsupported(&at, &call)?;
                }
            }
        }
    }
    Ok(())
}

pub(crate) fn institutions_are_listed(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let role = stage.provider.roles().institutions;
    let role = role.ok_or_else(|| Unmet::not_offered("it lists no institutions"))?;
    let served: Vec<Country> = stage.corridors()?.iter().map(|c| c.country).collect();
    for country in COUNTRIES {
        let script = Script::all(Case::done());
        let call = stage.call(Operation::Institutions, None, script, role.list(country));
        if served.contains(&country) {
            ensure!(!call.sent.is_empty(), "{country} is served, but nothing is sent");
            let entries = call.accepted()?;
            ensure!(!entries.is_empty(), "{country} is served, but its list is empty");
        } else {
            let at = country.to_string();
            nothing_sent(&at, &call)?;
            reading_unsupported(&at, &call)?;
        }
    }
    Ok(())
}

pub(crate) fn health_is_asked(harness: &Arc<dyn Harness>) -> Outcome {
    let stage = Stage::new(harness);
    let role = stage.provider.roles().health;
    let role = role.ok_or_else(|| Unmet::not_offered("its health cannot be asked"))?;
    let call = stage.call(Operation::Health, None, Script::all(Case::done()), role.check());
    ensure!(!call.sent.is_empty(), "nothing is sent");
    call.accepted()
}

/// One destination for each channel.
fn destinations(sample: &Destination) -> Vec<Destination> {
    let account = AccountNumber::new("001234567890");
    let institution = sample.institution().cloned().or_else(|| InstitutionId::new("gcash").ok());
    let phone = Phone::new("+639171234567");
    let mut all = vec![sample.clone()];
    if let (Ok(account), Some(institution), Ok(phone)) = (account, institution, phone) {
        let number = WalletAccount::Number(account.clone());
        all.extend([
            Destination::Bank { institution: institution.clone(), account },
            Destination::Wallet { institution, account: number.clone() },
            Destination::Proxy(Proxy::Phone(phone)),
            Destination::ProviderAccount(number),
        ]);
    }
    all.extend(QrText::new("000201").map(Destination::Qr));
    all
}

fn unsupported(at: &str, refused: Option<&tulay_core::Error>) -> Outcome {
    let Some(error) = refused else {
        return Err(Unmet::fails(format!("{at} is not offered, but taken")));
    };
    ensure!(
        (error.kind(), error.effect()) == (ErrorKind::Unsupported, Effect::NotSent),
        "{at} is not offered, but refused as {}",
        shown(error)
    );
    Ok(())
}

fn reading_unsupported<T>(at: &str, call: &Call<T>) -> Outcome {
    let kind = call.result.as_ref().err().map(tulay_core::Error::kind);
    ensure!(
        kind == Some(ErrorKind::Unsupported),
        "{at} is not offered; expected unsupported, found {kind:?}"
    );
    Ok(())
}

fn nothing_sent<T>(at: &str, call: &Call<T>) -> Outcome {
    ensure!(call.sent.is_empty(), "{at} is not offered, but {} requests leave", call.sent.len());
    Ok(())
}
