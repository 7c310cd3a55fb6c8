//! What providers reported of balances and maintenance: read when payouts wait to know it, at most
//! once a minute, and never for each payout.

use jiff::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Notify;
use tulay_core::{
    AccountKind, Country, Currency, Directory, Error, Institution, InstitutionEntry, InstitutionId,
    MerchantAccount, Money, Operation, Provider, ProviderId,
};
use tulay_journal::Time;
use tulay_router::{Payment, ProviderSequence, Router, Unavailability, WaitReason};

/// What is asked: the balance that payouts of a country and currency are taken from, and the list of
/// banks there.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Question {
    account: MerchantAccount,
    country: Country,
    currency: Currency,
}

#[derive(Clone, Default)]
struct Report {
    /// `None`: the provider does not say.
    balance: Option<Money>,
    entries: Vec<InstitutionEntry>,
}

/// When a question was last asked, and its answer.
#[derive(Default)]
struct Reading {
    is_wanted: bool,
    asked: Option<Timestamp>,
    report: Option<Report>,
}

/// The cache.
pub(crate) struct Readings {
    interval: SignedDuration,
    readings: Mutex<HashMap<Question, Reading>>,
    wanted: Notify,
}

impl Readings {
    pub(crate) fn new(interval: SignedDuration) -> Self {
        Self { interval, readings: Mutex::default(), wanted: Notify::new() }
    }

    /// The accounts of a payout that cannot take it now, as far as that was read. What was not is
    /// wanted from now on, and keeps no payout back.
    pub(crate) fn unavailable(
        &self,
        sequence: &ProviderSequence,
        payment: &Payment<'_>,
        now: Timestamp,
    ) -> Vec<Unavailability> {
        let mut readings = self.lock();
        let mut unavailable = Vec::new();
        for account in sequence.accounts() {
            let (country, currency) = (payment.country, payment.currency);
            let question = Question { account: account.clone(), country, currency };
            let reading = readings.entry(question).or_default();
            if !reading.is_recent(self.interval, now) {
                reading.is_wanted = true;
                self.wanted.notify_one();
            }
            // What is older than two intervals is no more than what is not known.
            if !reading.is_recent(self.interval.saturating_mul(2), now) {
                continue;
            }
            if let Some(report) = &reading.report {
                unavailable.extend(report.unavailable(account, payment, now));
            }
        }
        unavailable
    }

    /// Asks what is wanted, for ever.
    pub(crate) async fn read_on(&self, router: &Router, time: &dyn Time) {
        loop {
            self.wanted.notified().await;
            let now = time.now();
            for question in self.take_wanted(now) {
                let Some(provider) = router.of_account(&question.account) else { continue };
                let report = question.ask(&**provider).await;
                self.lock().entry(question).or_default().report = Some(report);
            }
        }
    }

    fn take_wanted(&self, now: Timestamp) -> Vec<Question> {
        let mut readings = self.lock();
        let wanted = readings.iter_mut().filter(|(_, reading)| reading.is_wanted);
        let wanted = wanted.map(|(question, reading)| {
            *reading =
                Reading { is_wanted: false, asked: Some(now), report: reading.report.take() };
            question.clone()
        });
        wanted.collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Question, Reading>> {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    fn is_recent(&self, interval: SignedDuration, now: Timestamp) -> bool {
        self.asked.is_some_and(|asked| now.duration_since(asked).abs() < interval)
    }
}

impl Question {
    /// A provider that cannot be asked says nothing.
    async fn ask(&self, provider: &dyn Provider) -> Report {
        let balance = balance(provider, self.country, self.currency).await.ok().flatten();
        let entries = match provider.roles().institutions {
            Some(institutions) => institutions.list(self.country).await.unwrap_or_default(),
            None => Vec::new(),
        };
        Report { balance, entries }
    }
}

impl Report {
    fn unavailable(
        &self,
        account: &MerchantAccount,
        payment: &Payment<'_>,
        now: Timestamp,
    ) -> impl Iterator<Item = Unavailability> {
        let float = self.balance.map(|available| {
            let floor = Money::from_minor(0, available.currency());
            Unavailability::new(account.clone(), WaitReason::Float { available, floor })
        });
        let closed = payment.institution.and_then(|id| {
            let reason = maintenance(&self.entries, payment.country, id, now)?;
            let mut unavailability = Unavailability::new(account.clone(), reason);
            unavailability.institution = Some(id.clone());
            Some(unavailability)
        });
        float.into_iter().chain(closed)
    }
}

/// The balance of the account that payouts are taken from; `None`: the provider does not say it.
async fn balance(
    provider: &dyn Provider,
    country: Country,
    currency: Currency,
) -> tulay_core::Result<Option<Money>> {
    let Some(balances) = provider.roles().balances else { return Ok(None) };
    let ours = |account: &&(AccountKind, Country, Currency)| {
        let (kind, of_country, of_currency) = account;
        matches!(kind, AccountKind::Payout | AccountKind::Single)
            && (*of_country, *of_currency) == (country, currency)
    };
    let Some((kind, country, currency)) = balances.accounts().iter().find(ours) else {
        return Ok(None);
    };
    Ok(Some(balances.balance(*kind, *country, *currency).await?.available))
}

/// Whether a bank or wallet is under maintenance, in the list of a provider.
fn maintenance(
    entries: &[InstitutionEntry],
    country: Country,
    id: &InstitutionId,
    now: Timestamp,
) -> Option<WaitReason> {
    // A wallet may be named by its BIC, too.
    let row = Directory::of(country).and_then(|directory| directory.get(id));
    let meant = row.and_then(Institution::institution_id).unwrap_or_else(|| id.clone());
    let entry = entries.iter().find(|entry| entry.id.as_ref() == Some(&meant))?;
    let window = entry.maintenance.as_ref().map(|(from, until)| (from.at, until.at));
    let (from, until) = window.unwrap_or_default();
    let inside = from.zip(until).is_some_and(|(from, until)| (from..until).contains(&now));
    let until = until.filter(|until| now < *until);
    (entry.closed || inside).then_some(WaitReason::Maintenance { until })
}

/// What providers reported of the accounts that could carry a payment.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Availability {
    /// The accounts that cannot take it now.
    pub unavailable: Vec<Unavailability>,
    /// The providers that could not be asked, and why.
    pub unasked: Vec<(ProviderId, Error)>,
}

impl Availability {
    /// Asks the providers of these accounts now.
    pub(crate) async fn ask(
        router: &Router,
        payment: &Payment<'_>,
        accounts: impl Iterator<Item = &MerchantAccount>,
        now: Timestamp,
    ) -> Self {
        let mut availability = Self::default();
        for account in accounts {
            let Some(provider) = router.of_account(account) else { continue };
            let mut report = Report::default();
            if payment.operation == Operation::Payout {
                match balance(&**provider, payment.country, payment.currency).await {
                    Ok(balance) => report.balance = balance,
                    Err(error) => availability.unasked.push((provider.id().clone(), error)),
                }
            }
            let institutions = provider.roles().institutions;
            if let Some(institutions) = institutions.filter(|_| payment.institution.is_some()) {
                match institutions.list(payment.country).await {
                    Ok(entries) => report.entries = entries,
                    Err(error) => availability.unasked.push((provider.id().clone(), error)),
                }
            }
            availability.unavailable.extend(report.unavailable(account, payment, now));
        }
        availability
    }
}

impl fmt::Debug for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Readings({} questions)", self.lock().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay_core::{Channel, ProviderTime};

    #[test]
    fn maintenance_is_current_or_in_its_window() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let time = |second| ProviderTime::new("as they wrote it", Some(at(second)));
        let id = InstitutionId::new("gcash").unwrap();
        let mut entry = InstitutionEntry::new("1", "A wallet", Channel::Wallet);
        entry.id = Some(id.clone());
        let closed = |entry: &InstitutionEntry, now| {
            maintenance(std::slice::from_ref(entry), Country::PH, &id, at(now))
        };
        assert_eq!(closed(&entry, 5), None);
        entry.maintenance = Some((time(10), time(20)));
        let until = |second| Some(WaitReason::Maintenance { until: Some(at(second)) });
        for (now, expected) in [(9, None), (10, until(20)), (19, until(20)), (20, None)] {
            assert_eq!(closed(&entry, now), expected, "{now}");
        }
        entry.closed = true;
        assert_eq!(closed(&entry, 30), Some(WaitReason::Maintenance { until: None }));
    }
}
