//! What holds at the moment, as far as providers tell when they are asked: maintenance and money on
//! their accounts. Nothing is sent.

use crate::failure::Failure;
use jiff::Timestamp;
use tulay::{
    Directory, Institution, Money, Operation, Provider,
    readings::{AccountKind, InstitutionEntry},
    routing::{Hold, Payment, Plan, Wait},
};

/// What was told, and who could not be asked.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    pub(crate) holds: Vec<Hold>,
    pub(crate) unasked: Vec<String>,
}

impl Holds {
    /// Asks everyone who could carry the payment.
    pub(crate) async fn ask(payment: &Payment<'_>, plan: &Plan<'_, '_>, now: Timestamp) -> Self {
        let able = plan.candidates().map(|candidate| candidate.provider);
        let able: Vec<_> = able.chain(plan.later().map(|later| later.provider)).collect();
        let mut holds = Self::default();
        for provider in able {
            let provider = provider.as_ref();
            let maintained = maintenance(provider, payment, now).await;
            holds.take(provider, maintained);
            let float = float(provider, payment).await;
            holds.take(provider, float);
        }
        holds
    }

    fn take(&mut self, provider: &dyn Provider, told: tulay::adapter::Result<Option<Hold>>) {
        match told {
            Ok(hold) => self.holds.extend(hold),
            Err(error) => {
                let why = Failure::sentence(&error);
                self.unasked.push(format!("{} could not be asked: {why}", provider.id()));
            }
        }
    }
}

/// Whether the bank or wallet is under maintenance there.
async fn maintenance(
    provider: &dyn Provider,
    payment: &Payment<'_>,
    now: Timestamp,
) -> tulay::adapter::Result<Option<Hold>> {
    let asked = provider.roles().institutions.zip(payment.institution);
    let Some((institutions, id)) = asked else { return Ok(None) };
    let entries = institutions.list(payment.country).await?;
    // A wallet may be named by its BIC, too.
    let row = Directory::of(payment.country).and_then(|directory| directory.get(id));
    let meant = row.and_then(Institution::institution_id).unwrap_or_else(|| id.clone());
    let entry = entries.iter().find(|entry| entry.id.as_ref() == Some(&meant));
    Ok(entry.and_then(|entry| under_maintenance(entry, now)).map(|wait| {
        let mut hold = Hold::new(provider.merchant_account().clone(), wait);
        hold.institution = Some(id.clone());
        hold
    }))
}

fn under_maintenance(entry: &InstitutionEntry, now: Timestamp) -> Option<Wait> {
    let window = entry.maintenance.as_ref().map(|(from, until)| (from.at, until.at));
    let (from, until) = window.unwrap_or_default();
    let inside = from.zip(until).is_some_and(|(from, until)| (from..until).contains(&now));
    let until = until.filter(|until| now < *until);
    (entry.closed || inside).then_some(Wait::Maintenance { until })
}

/// What is on the account that payouts are taken from.
async fn float(
    provider: &dyn Provider,
    payment: &Payment<'_>,
) -> tulay::adapter::Result<Option<Hold>> {
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
    let wait = Wait::Float { available, floor };
    Ok(Some(Hold::new(provider.merchant_account().clone(), wait)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::{Channel, readings::ProviderTime};

    #[test]
    fn maintenance_is_what_is_said_now_or_planned_for_now() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let time = |second| ProviderTime::new("as they wrote it", Some(at(second)));
        let mut entry = InstitutionEntry::new("1", "A bank", Channel::Bank);
        assert_eq!(under_maintenance(&entry, at(5)), None);
        entry.maintenance = Some((time(10), time(20)));
        let until = |second| Some(Wait::Maintenance { until: Some(at(second)) });
        for (now, expected) in [(9, None), (10, until(20)), (19, until(20)), (20, None)] {
            assert_eq!(under_maintenance(&entry, at(now)), expected, "{now}");
        }
        entry.closed = true;
        assert_eq!(under_maintenance(&entry, at(30)), Some(Wait::Maintenance { until: None }));
    }
}
