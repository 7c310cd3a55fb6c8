//! The country, channel and institution of a rule, and the corridors that its payments may take.

use super::finding::{Finding, Location, mistake};
use crate::{
    corridors::{ROUTED, corridors},
    router::Router,
    rule::Rule,
};
use std::collections::BTreeSet;
use tulay_core::{Channel, Corridor, Country, Directory, InstitutionId, Operation};

impl Router {
    /// A code that is no country, or a country that no provider serves; an institution beside a
    /// channel that names none.
    pub(super) fn wrong_place(&self, index: usize, rule: &Rule) -> Option<Finding> {
        let location = |key| Location::Condition { rule: index, key };
        if let Some(country) = rule.country {
            if is_private(country) {
                let message = format!("{country} is not the ISO 3166 code of a country");
                let fix = "write the country's code, or remove the condition".to_owned();
                return Some(mistake(location("country"), message, fix));
            }
            let served = self.countries();
            if !served.is_empty() && !served.contains(&country) {
                let served: Vec<String> = served.iter().map(ToString::to_string).collect();
                let message = format!("no configured provider serves {country}");
                let fix = format!("name one of {}, or add a provider", served.join(", "));
                return Some(mistake(location("country"), message, fix));
            }
        }
        let (_, channel) = rule.institution.as_ref().zip(rule.channel)?;
        if names_institution(rule.operation, channel) {
            return None;
        }
        let message = format!("a {} by {channel} names no institution", rule.operation);
        let fix = "remove `institution` or `channel`".to_owned();
        Some(mistake(location("institution"), message, fix))
    }

    /// The countries that any provider serves.
    fn countries(&self) -> BTreeSet<Country> {
        let all = self.providers().iter().flat_map(|provider| {
            ROUTED.into_iter().flat_map(|operation| corridors(provider.as_ref(), operation))
        });
        all.map(|corridor| corridor.country).collect()
    }
}

/// Whether payments of a rule may take a corridor, whatever their amount.
pub(super) fn is_in(rule: &Rule, corridor: &Corridor) -> bool {
    rule.country.is_none_or(|country| country == corridor.country)
        && rule.currency.is_none_or(|currency| currency == corridor.currency)
        && rule.channel.is_none_or(|channel| channel == corridor.channel)
        && rule.rail.is_none_or(|rail| corridor.rail == Some(rail))
        && rule.institution.as_ref().is_none_or(|id| is_reached(id, rule.operation, corridor))
}

/// Whether a corridor reaches an institution. An institution that is in no directory may be known
/// to a provider.
fn is_reached(id: &InstitutionId, operation: Operation, corridor: &Corridor) -> bool {
    if !names_institution(operation, corridor.channel) {
        return false;
    }
    let row = Directory::of(corridor.country).and_then(|directory| directory.get(id));
    match row {
        Some(row) => operation != Operation::Payout || row.channel == corridor.channel,
        None => Directory::all().iter().all(|directory| directory.get(id).is_none()),
    }
}

/// Whether a payment by a channel names the institution at its other end.
const fn names_institution(operation: Operation, channel: Channel) -> bool {
    match operation {
        Operation::Payout => matches!(channel, Channel::Bank | Channel::Wallet),
        _ => matches!(channel, Channel::VirtualAccount | Channel::Redirect),
    }
}

/// Codes that ISO 3166 leaves to its users: AA, QM to QZ, XA to XZ, ZZ.
fn is_private(country: Country) -> bool {
    matches!(country.as_str().as_bytes(), b"AA" | b"ZZ" | [b'Q', b'M'..=b'Z'] | [b'X', _])
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay_core::Currency;

    #[test]
    fn private_codes_are_no_countries() {
        for (code, private) in [("AA", true), ("XK", true), ("QM", true), ("QA", false)] {
            assert_eq!(is_private(Country::new(code).unwrap()), private, "{code}");
        }
    }

    #[test]
    fn a_wallet_is_not_paid_as_a_bank() {
        let gcash = InstitutionId::new("gcash").unwrap();
        let reached = |country, currency, channel, operation| {
            is_reached(&gcash, operation, &Corridor::new(country, currency, channel, 1))
        };
        let (ph, php) = (Country::PH, Currency::PHP);
        assert!(reached(ph, php, Channel::Wallet, Operation::Payout));
        assert!(!reached(ph, php, Channel::Bank, Operation::Payout));
        assert!(!reached(ph, php, Channel::Qr, Operation::Payout));
        assert!(!reached(Country::ID, php, Channel::Wallet, Operation::Payout));
        assert!(reached(ph, php, Channel::Redirect, Operation::Collection));
    }
}
