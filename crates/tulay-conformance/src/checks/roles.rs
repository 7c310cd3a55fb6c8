//! An adapter does what its roles and corridors offer, and nothing else.

use crate::{
    case::Case,
    change::{Change, TARGETS},
    checks::ids,
    fixture::{Call, Fixture, each},
    harness::Harness,
    order::Kind,
    outcome::{Outcome, Unmet, ensure, shown},
    platform::Script,
    reading::{self, Reading},
    request::Edit,
    world::{ACCOUNTS, COUNTRIES},
};
use std::sync::Arc;
use tulay_core::{
    AccountNumber, Channel, CollectionMethod, Corridor, Country, Currency, Destination, Effect,
    ErrorKind, Found, InstitutionId, Lookup, Money, Operation, PayoutRequest, Phone, Prepared,
    Proxy, QrText, Rail, Request, StaticCodeStatus, WalletAccount,
};

const CURRENCIES: [Currency; 5] =
    [Currency::IDR, Currency::MYR, Currency::PHP, Currency::RUB, Currency::THB];

pub(crate) fn listed_corridors_are_served(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        for corridor in fixture.corridors(kind)? {
            let (country, channel) = (corridor.country, corridor.channel);
            let at = format!("{country} {} by {channel}{}", corridor.currency, by_rail(&corridor));
            let request = fixture.sample(kind, &corridor)?;
            let place = (request.country(), request.currency(), request.channel());
            let fits = fixture.capability(kind)?.admit_request(&request);
            ensure!(
                place == (country, corridor.currency, channel)
                    && fits.is_ok_and(|fits| fits.rail == corridor.rail),
                "{at}: the harness gives one of another corridor"
            );
            each_rail_differs(fixture, kind, &corridor, &request)?;
            let order = fixture.order_of(kind, &request)?;
            is_stored(fixture, kind, &request, &order.prepared)
                .map_err(|why| Unmet::fails(format!("{at}: {why}")))?;
            fixture.steps(&order)?;
            let lookup = fixture.stored(&order)?;
            if corridor.operations.contains(&kind.finds()) {
                fixture.find_steps(kind, &lookup)?;
                let call = fixture.find(kind, &lookup, Script::all(fixture.first(kind)?))?;
                ensure!(
                    matches!(call.accepted()?, Found::Found(_)),
                    "{at}: an order that is there is not found"
                );
            } else {
                let call = fixture.find(kind, &lookup, Script::all(fixture.first(kind)?))?;
                nothing_sent(&format!("{at}: looking up"), &call)?;
                reading_unsupported(&format!("{at}: looking up"), &call)?;
            }
            changes_work(fixture, kind, &corridor, &lookup)?;
        }
        Ok(())
    })
}

/// The rail of a corridor, if it has one.
fn by_rail(corridor: &Corridor) -> String {
    corridor.rail.map(|rail| format!(" over {rail}")).unwrap_or_default()
}

/// The platform reads over which rail it pays: where two corridors differ in that alone, and one
/// request fits both, it is sent otherwise over each.
fn each_rail_differs(
    fixture: &Fixture,
    kind: Kind,
    corridor: &Corridor,
    request: &Request,
) -> Outcome {
    let Request::Payout(payout) = request else { return Ok(()) };
    let sent = |payout: &PayoutRequest| -> Result<Vec<String>, Unmet> {
        let order = fixture.order_of(kind, &payout.clone().into())?;
        let creation = fixture.creation(&order)?;
        Ok(creation.iter().map(|sent| ids::content(&fixture.harness, sent)).collect())
    };
    let is_beside = |other: &&Corridor| {
        other.rail != corridor.rail && other.rail.is_some() && place(other) == place(corridor)
    };
    for other in fixture.corridors(kind)?.iter().filter(is_beside) {
        let mut by_other = payout.clone();
        by_other.rail = other.rail;
        if fixture.capability(kind)?.admit_request(&by_other).is_ok() {
            ensure!(
                sent(payout)? != sent(&by_other)?,
                "{} by {}: a payout{} is sent as one{}",
                corridor.country,
                corridor.channel,
                by_rail(other),
                by_rail(corridor)
            );
        }
    }
    Ok(())
}

const fn place(corridor: &Corridor) -> (Country, Currency, Channel) {
    (corridor.country, corridor.currency, corridor.channel)
}

/// Whether the stored order is the request's, here and under these guarantees.
fn is_stored(
    fixture: &Fixture,
    kind: Kind,
    request: &Request,
    prepared: &Prepared,
) -> Result<(), &'static str> {
    let stored = &prepared.lookup;
    let place = (request.country(), request.currency(), request.channel());
    if (stored.country, stored.currency, stored.channel) != place
        || stored.amount != request.amount()
        || stored.institution.as_ref() != request.institution()
    {
        return Err("what is stored to ask again differs from the request");
    }
    let capability = fixture.capability(kind);
    if &prepared.merchant_account != fixture.provider.merchant_account()
        || capability.is_ok_and(|capability| prepared.guarantees != capability.guarantees.version)
    {
        return Err("prepared for another account or guarantees");
    }
    Ok(())
}

/// Cancelling, changing a status and listing payments: the role is there exactly if some corridor
/// lists the operation. What the corridor lists sends something; the rest is refused, and sends
/// nothing.
fn changes_work(fixture: &Fixture, kind: Kind, corridor: &Corridor, lookup: &Lookup) -> Outcome {
    let lists = |operation| corridor.operations.contains(&operation);
    let at =
        |operation: Operation| format!("{} by {}: {operation}", corridor.country, corridor.channel);
    let change = |operation, target: &StaticCodeStatus| Change {
        what: at(operation),
        kind,
        operation,
        lookup: lookup.clone(),
        target: target.clone(),
        carried_out: Case::done(),
    };
    let refused = |change: &Change| -> Outcome {
        let call = change.make(fixture, Script::all(fixture.first(kind)?))?;
        nothing_sent(&change.what, &call)?;
        unsupported(&change.what, call.result.err().as_ref())
    };
    let roles = fixture.provider.roles();
    let has_role = |operation, has: bool| -> Result<bool, Unmet> {
        ensure!(
            has == fixture.offers(kind, operation),
            "{}: {}",
            at(operation),
            if has { "no corridor lists it, but the role is there" } else { "it has no role" }
        );
        Ok(has)
    };
    let (operation, has) = match kind {
        Kind::Collection => (Operation::CollectionCancel, roles.collection_cancel.is_some()),
        Kind::StaticCode => (Operation::StaticCodeStatus, roles.static_code_control.is_some()),
        Kind::Payout | Kind::Refund => return Ok(()),
    };
    let has = has_role(operation, has)?;
    let targets = if kind == Kind::StaticCode { &TARGETS[..] } else { &TARGETS[..1] };
    let mut works = false;
    for target in targets.iter().filter(|_| has) {
        let change = change(operation, target);
        if lists(operation) {
            let call = change.make(fixture, Script::all(fixture.first(kind)?))?;
            works |= !call.sent.is_empty();
            // Not every state need be offered of a code.
            if call.sent.is_empty() {
                unsupported(&format!("{}, {target}", change.what), call.result.err().as_ref())?;
            }
        } else {
            refused(&change)?;
        }
    }
    ensure!(works || !lists(operation), "{} is listed, but nothing is sent", at(operation));
    let operation = Operation::StaticCodePayments;
    if kind == Kind::StaticCode && has_role(operation, roles.static_code_payments.is_some())? {
        let mut lookup = lookup.clone();
        lookup.amount = Some(reading::paid(&lookup));
        let payments = Reading::Payments(lookup);
        let call = reading::ask(fixture, &payments, Script::all(Case::done()))?;
        if lists(operation) {
            ensure!(!call.sent.is_empty(), "{} is listed, but nothing is sent", at(operation));
        } else {
            nothing_sent(&at(operation), &call)?;
            reading_unsupported(&at(operation), &call)?;
        }
    }
    Ok(())
}

pub(crate) fn guarantees_are_consistent(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let checked = fixture.guarantees(kind)?.checked();
        checked.map_err(|invalid| {
            Unmet::fails(format!("the guarantees contradict each other: {invalid}"))
        })
    })
}

pub(crate) fn unlisted_countries_and_channels_are_refused(harness: &Arc<dyn Harness>) -> Outcome {
    each(&Fixture::new(harness), |fixture, kind| {
        let corridors = fixture.corridors(kind)?;
        let sample = fixture.request(kind)?;
        for country in COUNTRIES {
            for mut request in by_every_channel(&sample) {
                request.set_country(country);
                let (currency, channel) = (request.currency(), request.channel());
                if corridors.iter().any(|c| place(c) == (country, currency, channel)) {
                    continue;
                }
                let at = format!("{country} {currency} by {channel}");
                let call = fixture.send(kind, &request, Script::all(fixture.first(kind)?))?;
                nothing_sent(&at, &call)?;
                unsupported(&at, call.result.err().as_ref())?;
            }
        }
        for rail in Rail::ALL {
            let Request::Payout(mut request) = sample.clone() else { break };
            request.rail = Some(*rail);
            if corridors.iter().any(|corridor| corridor.rail == Some(*rail)) {
                continue;
            }
            let at = format!("the rail {rail}");
            let script = Script::all(fixture.first(kind)?);
            let call = fixture.send(kind, &request.into(), script)?;
            nothing_sent(&at, &call)?;
            unsupported(&at, call.result.err().as_ref())?;
        }
        Ok(())
    })
}

pub(crate) fn disabled_operations_send_nothing(harness: &Arc<dyn Harness>) -> Outcome {
    let full = Fixture::new(harness);
    let off = Fixture::with(harness, |context| harness.switched_off(context))
        .ok_or_else(|| Unmet::not_offered("nothing of it can be switched off"))?;
    let mut anything = false;
    for kind in full.kinds()? {
        if kind.capability(&*off.provider).is_none() {
            anything = true;
            continue;
        }
        let first = || full.first(kind).map(Script::all);
        for corridor in full.corridors(kind)? {
            let request = full.sample(kind, &corridor)?;
            let mut order = full.order_of(kind, &request)?;
            let lookup = full.stored(&order)?;
            order.prepared.merchant_account = off.provider.merchant_account().clone();
            let here =
                |other: &&Corridor| place(other) == place(&corridor) && other.rail == corridor.rail;
            let left = off.capability(kind)?.corridors.iter().find(here);
            let offers =
                |operation| left.is_some_and(|corridor| corridor.operations.contains(&operation));
            let at = format!("{kind} in {} by {}", corridor.country, corridor.channel);
            if !offers(kind.creates()) {
                anything = true;
                let call = off.send(kind, &request, first()?)?;
                nothing_sent(&at, &call)?;
                unsupported(&at, call.result.err().as_ref())?;
                // What was prepared before it was switched off.
                let call = off.create(&order, first()?)?;
                nothing_sent(&at, &call)?;
                unsupported(&at, call.result.err().as_ref())?;
            }
            if corridor.operations.contains(&kind.finds()) && !offers(kind.finds()) {
                anything = true;
                let call = off.find(kind, &lookup, first()?)?;
                nothing_sent(&format!("looking up a {at}"), &call)?;
                ensure!(call.result.is_err(), "looking up a {at}: not refused");
            }
        }
    }
    for change in Change::all(&full)? {
        if !off.offers(change.kind, change.operation) {
            anything = true;
            // Without the role there is nothing to call.
            let script = Script::all(change.carried_out.clone());
            let Ok(call) = change.make(&off, script) else { continue };
            nothing_sent(&change.what, &call)?;
            unsupported(&change.what, call.result.err().as_ref())?;
        }
    }
    for reading in reading::all(&full)? {
        let Ok(call) = reading::ask(&off, &reading, Script::all(Case::done())) else {
            anything = true;
            continue;
        };
        let still = match (&reading, off.provider.roles().balances) {
            (Reading::Balance(kind, country, currency), Some(role)) => {
                role.accounts().contains(&(*kind, *country, *currency))
            }
            (Reading::Payments(_), _) => {
                off.offers(Kind::StaticCode, Operation::StaticCodePayments)
            }
            // Nothing says whether it is off but the answer.
            _ => !call.sent.is_empty(),
        };
        if !still {
            anything = true;
            let at = format!("{}, switched off", reading.operation());
            nothing_sent(&at, &call)?;
            reading_unsupported(&at, &call)?;
        }
    }
    ensure!(
        anything,
        "with everything off that can be, all is on: where nothing is refused in production, since \
         nothing is only assumed any more, the harness's `switched_off` is `None`, and this check \
         a skip"
    );
    Ok(())
}

pub(crate) fn balances_match_the_listed_accounts(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let balances = fixture.provider.roles().balances;
    let balances = balances.ok_or_else(|| Unmet::not_offered("it tells no balances"))?;
    let listed = balances.accounts().to_vec();
    ensure!(!listed.is_empty(), "the role is there, but no account is listed");
    let ask = |(account, country, currency)| {
        let balance = balances.balance(account, country, currency);
        fixture.call(Operation::Balance, None, Script::all(Case::done()), balance)
    };
    for account in &listed {
        let call = ask(*account);
        ensure!(!call.sent.is_empty(), "{account:?} is listed, but nothing is sent");
        let balance = call.accepted()?;
        ensure!(
            balance.account == account.0 && balance.available.currency() == account.2,
            "{account:?}: another account's balance is reported"
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

pub(crate) fn balances_are_exact(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let balances = fixture.provider.roles().balances;
    let balances = balances.ok_or_else(|| Unmet::not_offered("it tells no balances"))?;
    for (kind, country, currency) in balances.accounts().iter().copied() {
        // Amounts that floating point is known to get wrong, and one that it cannot hold at all.
        for minor in [0, 1, 10, 105, 113_500, 4_999_999, 900_719_925_474_099_301, -12_345] {
            let held = Money::from_minor(minor, currency);
            let balance = balances.balance(kind, country, currency);
            let script = Script::all(Case::holds(held));
            let call = fixture.call(Operation::Balance, None, script, balance);
            let available = call.accepted()?.available;
            ensure!(available == held, "the balance is {held}, but {available} is reported");
        }
    }
    Ok(())
}

pub(crate) fn institutions_are_listed(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let role = fixture.provider.roles().institutions;
    let role = role.ok_or_else(|| Unmet::not_offered("it lists no institutions"))?;
    let mut served: Vec<Country> = Vec::new();
    for kind in fixture.kinds()? {
        served.extend(fixture.corridors(kind)?.iter().map(|corridor| corridor.country));
    }
    for country in COUNTRIES {
        let script = Script::all(Case::done());
        let call = fixture.call(Operation::Institutions, None, script, role.list(country));
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

pub(crate) fn health_check_sends_a_request(harness: &Arc<dyn Harness>) -> Outcome {
    let fixture = Fixture::new(harness);
    let role = fixture.provider.roles().health;
    let role = role.ok_or_else(|| Unmet::not_offered("its health cannot be asked"))?;
    let call = fixture.call(Operation::Health, None, Script::all(Case::done()), role.check());
    ensure!(!call.sent.is_empty(), "nothing is sent");
    call.accepted()
}

/// The request by each channel.
fn by_every_channel(sample: &Request) -> Vec<Request> {
    let mut all = vec![sample.clone()];
    let institution = sample.institution().cloned().or_else(|| InstitutionId::new("gcash").ok());
    let Some(institution) = institution else { return all };
    let methods = [
        CollectionMethod::Qr,
        CollectionMethod::VirtualAccount(institution.clone()),
        CollectionMethod::Redirect(institution.clone()),
    ];
    match sample {
        Request::Payout(request) => {
            for destination in destinations(institution) {
                let mut request = request.clone();
                request.destination = destination;
                all.push(request.into());
            }
        }
        Request::Collection(request) => {
            for method in methods {
                let mut request = request.clone();
                request.method = method;
                all.push(request.into());
            }
        }
        Request::StaticCode(request) => {
            for method in methods {
                let mut request = request.clone();
                request.method = method;
                all.push(request.into());
            }
        }
        Request::Refund(request) => {
            for channel in [Channel::Bank, Channel::Qr, Channel::VirtualAccount] {
                let mut request = request.clone();
                request.original.channel = channel;
                all.push(request.into());
            }
        }
    }
    all
}

fn destinations(institution: InstitutionId) -> Vec<Destination> {
    let mut all = Vec::new();
    if let (Ok(account), Ok(phone)) =
        (AccountNumber::new("001234567890"), Phone::new("+639171234567"))
    {
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

pub(crate) fn unsupported(at: &str, refused: Option<&tulay_core::Error>) -> Outcome {
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

pub(crate) fn reading_unsupported<T>(at: &str, call: &Call<T>) -> Outcome {
    let kind = call.result.as_ref().err().map(tulay_core::Error::kind);
    ensure!(
        kind == Some(ErrorKind::Unsupported),
        "{at} is not offered; expected unsupported, found {kind:?}"
    );
    Ok(())
}

pub(crate) fn nothing_sent<T>(at: &str, call: &Call<T>) -> Outcome {
    ensure!(call.sent.is_empty(), "{at} is not offered, but {} requests leave", call.sent.len());
    Ok(())
}
