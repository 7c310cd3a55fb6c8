//! Queries that make and change nothing.

use crate::{
    case::Case,
    fixture::{Call, Fixture},
    order::Kind,
    outcome::Unmet,
    platform::Script,
    world::{ACCOUNTS, COUNTRIES},
};
use jiff::civil::Date;
use tulay_core::{
    AccountKind, Country, Currency, Destination, Lookup, Money, Operation, PaymentInstructions,
    ProviderExt, QrText, Request,
};

/// One thing that can be asked.
#[derive(Clone, Debug)]
pub(crate) enum Reading {
    Balance(AccountKind, Country, Currency),
    Institutions(Country),
    Health,
    Inspection(QrText),
    Payments(Lookup),
    Report(AccountKind, Country),
}

/// The first day that is asked about, and the last.
pub(crate) const DAYS: (Date, Date) =
    (jiff::civil::date(2026, 11, 19), jiff::civil::date(2026, 11, 20));

impl Reading {
    pub(crate) const fn operation(&self) -> Operation {
        match self {
            Self::Balance(..) => Operation::Balance,
            Self::Institutions(_) => Operation::Institutions,
            Self::Health => Operation::Health,
            Self::Inspection(_) => Operation::QrInspection,
            Self::Payments(_) => Operation::StaticCodePayments,
            Self::Report(..) => Operation::Report,
        }
    }
}

/// All that is offered.
pub(crate) fn all(fixture: &Fixture) -> Result<Vec<Reading>, Unmet> {
    let roles = fixture.provider.roles();
    let mut all = Vec::new();
    if let Some(role) = roles.balances {
        let accounts = role.accounts().iter().copied();
        let reading = |(kind, country, currency)| Reading::Balance(kind, country, currency);
        all.extend(accounts.map(reading));
    }
    if roles.institutions.is_some() {
        let kind = fixture.kinds()?.first().copied().unwrap_or(Kind::Payout);
        all.push(Reading::Institutions(fixture.request(kind)?.country()));
    }
    if roles.health.is_some() {
        all.push(Reading::Health);
    }
    if roles.qr_inspection.is_some() {
        all.push(Reading::Inspection(a_code(fixture)?));
    }
    if fixture.offers(Kind::StaticCode, Operation::StaticCodePayments) {
        let mut lookup = fixture.stored(&fixture.order(Kind::StaticCode)?)?;
        lookup.amount = Some(paid(&lookup));
        all.push(Reading::Payments(lookup));
    }
    all.extend(reported(fixture)?);
    Ok(all)
}

/// What payers paid to a static code: not an amount that stands anywhere else.
pub(crate) const fn paid(code: &Lookup) -> Money {
    Money::from_minor(123_400, code.currency)
}

/// Asks, and returns what was read as it prints.
pub(crate) fn ask(
    fixture: &Fixture,
    reading: &Reading,
    script: Script,
) -> Result<Call<String>, Unmet> {
    let missing = |_| Unmet::not_offered("the role is not there");
    let operation = reading.operation();
    let provider = &fixture.provider;
    Ok(match reading {
        Reading::Balance(kind, country, currency) => {
            let role = provider.balances().map_err(missing)?;
            let read = role.balance(*kind, *country, *currency);
            fixture.call(operation, None, script, read).map(|read| format!("{read:#?}"))
        }
        Reading::Institutions(country) => {
            let role = provider.institutions().map_err(missing)?;
            let read = role.list(*country);
            fixture.call(operation, None, script, read).map(|read| format!("{read:#?}"))
        }
        Reading::Health => {
            let role = provider.health().map_err(missing)?;
            fixture.call(operation, None, script, role.check()).map(|()| "()".to_owned())
        }
        Reading::Inspection(text) => {
            let role = provider.qr_inspection().map_err(missing)?;
            let read = role.inspect(text);
            fixture.call(operation, None, script, read).map(|read| format!("{read:#?}"))
        }
        Reading::Payments(lookup) => {
            let role = provider.static_code_payments().map_err(missing)?;
            let read = role.payments(lookup, DAYS.0, DAYS.1);
            fixture.call(operation, Some(lookup), script, read).map(|read| format!("{read:#?}"))
        }
        Reading::Report(account, country) => {
            let role = provider.reports().map_err(missing)?;
            let read = role.report(*account, *country, DAYS.0);
            fixture.call(operation, None, script, read).map(|read| format!("{read:#?}"))
        }
    })
}

/// A code that the harness made: one that is paid to, or one that was shown to a payer.
pub(crate) fn a_code(fixture: &Fixture) -> Result<QrText, Unmet> {
    for corridor in fixture.corridors(Kind::Payout).unwrap_or_default() {
        if let Request::Payout(request) = fixture.sample(Kind::Payout, &corridor)?
            && let Destination::Qr(text) = request.destination
        {
            return Ok(text);
        }
    }
    shown_code(fixture)
}

/// A code that fixes an amount, as it was shown for a collection.
pub(crate) fn shown_code(fixture: &Fixture) -> Result<QrText, Unmet> {
    for corridor in fixture.corridors(Kind::Collection).unwrap_or_default() {
        let order =
            fixture.order_of(Kind::Collection, &fixture.sample(Kind::Collection, &corridor)?)?;
        let made =
            fixture.create(&order, Script::all(fixture.first(Kind::Collection)?))?.accepted()?;
        if let Some(PaymentInstructions::Qr(text)) = made.payment_instructions {
            return Ok(text);
        }
    }
    Err(Unmet::fails("the harness has no code that could be read"))
}

/// The first report that something is sent for.
fn reported(fixture: &Fixture) -> Result<Option<Reading>, Unmet> {
    if fixture.provider.roles().reports.is_none() {
        return Ok(None);
    }
    for country in COUNTRIES {
        for account in ACCOUNTS {
            let reading = Reading::Report(account, country);
            let call = ask(fixture, &reading, Script::all(Case::done()))?;
            if !call.sent.is_empty() {
                return Ok(Some(reading));
            }
        }
    }
    Ok(None)
}
