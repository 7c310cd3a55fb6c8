//! Which accounts are unavailable now, as far as the providers report it: maintenance and balances.
//! Nothing is sent.

use crate::error::CliError;
use jiff::Timestamp;
use tulay::{
    Directory, Institution, Money, Operation, Provider,
    readings::{AccountKind, InstitutionEntry},
    routing::{Payment, Plan, Unavailability, WaitReason},
};

/// What the providers reported, and which could not be asked.
#[derive(Debug, Default)]
pub(crate) struct Availability {
    pub(crate) unavailable: Vec<Unavailability>,
    pub(crate) unasked: Vec<String>,
}

impl Availability {
    /// Asks every provider that could carry the payment.
    pub(crate) async fn ask(payment: &Payment<'_>, plan: &Plan<'_>, now: Timestamp) -> Self {
        let able = plan.candidates().iter().map(|candidate| candidate.provider);
        let able = able.chain(plan.deferred().iter().filter_map(|deferred| deferred.provider));
        let mut availability = Self::default();
        for provider in able {
            let provider = provider.as_ref();
            availability.record(provider, maintenance(provider, payment, now).await);
            availability.record(provider, float(provider, payment).await);
        }
        availability
    }

    fn record(
        &mut self,
        provider: &dyn Provider,
        reported: tulay::adapter::Result<Option<Unavailability>>,
    ) {
        match reported {
            Ok(unavailability) => self.unavailable.extend(unavailability),
            Err(error) => {
                let why = CliError::sentence(&error);
                self.unasked.push(format!("{} could not be queried: {why}", provider.id()));
            }
        }
    }
}

/// Whether the bank or wallet is under maintenance there.
async fn maintenance(
    provider: &dyn Provider,
    payment: &Payment<'_>,
    now: Timestamp,
) -> tulay::adapter::Result<Option<Unavailability>> {
    let asked = provider.roles().institutions.zip(payment.institution);
    let Some((institutions, id)) = asked else { return Ok(None) };
    let entries = institutions.list(payment.country).await?;
    // A wallet may be named by its BIC, too.
    let row = Directory::of(payment.country).and_then(|directory| directory.get(id));
    let meant = row.and_then(Institution::institution_id).unwrap_or_else(|| id.clone());
    let entry = entries.iter().find(|entry| entry.id.as_ref() == Some(&meant));
    Ok(entry.and_then(|entry| under_maintenance(entry, now)).map(|reason| {
        let mut unavailability = Unavailability::new(provider.merchant_account().clone(), reason);
        unavailability.institution = Some(id.clone());
        unavailability
    }))
}

fn under_maintenance(entry: &InstitutionEntry, now: Timestamp) -> Option<WaitReason> {
    let window = entry.maintenance.as_ref().map(|(from, until)| (from.at, until.at));
    let (from, until) = window.unwrap_or_default();
    let inside = from.zip(until).is_some_and(|(from, until)| (from..until).contains(&now));
    let until = until.filter(|until| now < *until);
    (entry.closed || inside).then_some(WaitReason::Maintenance { until })
}

/// The balance of the account that payouts are taken from.
async fn float(
    provider: &dyn Provider,
    payment: &Payment<'_>,
) -> tulay::adapter::Result<Option<Unavailability>> {
    let balances = provider.roles().balances.filter(|_| payment.operation == Operation::Payout);
    let Some(balances) = balances else { return Ok(None) };
    let ours = |(kind, country, currency): &&(AccountKind, _, _)| {
        matches!(kind, AccountKind::Payout | AccountKind::Single)
            && (*country, *currency) == (payment.country, payment.currency)
    };
    let Some((kind, country, currency)) = balances.accounts().iter().find(ours) else {
        return Ok(None);
    };
    let available = balances.balance(*kind, *country, *currency).await?.available;
    let floor = Money::from_minor(0, available.currency());
    let reason = WaitReason::Float { available, floor };
    Ok(Some(Unavailability::new(provider.merchant_account().clone(), reason)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::{Channel, readings::ProviderTime};

    #[test]
    fn maintenance_is_current_or_in_its_window() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let time = |second| ProviderTime::new("as they wrote it", Some(at(second)));
        let mut entry = InstitutionEntry::new("1", "A bank", Channel::Bank);
        assert_eq!(under_maintenance(&entry, at(5)), None);
        entry.maintenance = Some((time(10), time(20)));
        let until = |second| Some(WaitReason::Maintenance { until: Some(at(second)) });
        for (now, expected) in [(9, None), (10, until(20)), (19, until(20)), (20, None)] {
            assert_eq!(under_maintenance(&entry, at(now)), expected, "{now}");
        }
        entry.closed = true;
        assert_eq!(
            under_maintenance(&entry, at(30)),
            Some(WaitReason::Maintenance { until: None })
        );
    }
}
