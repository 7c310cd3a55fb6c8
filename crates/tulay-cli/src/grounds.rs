//! Where a reference could have been used before: a reference is one payment, in whatever country.

use tulay::{Country, Currency, Operation, adapter::Capability};

/// A country and its money.
pub(crate) type Ground = (Country, Currency);

/// Where a role does this, each ground once; `first` comes first, where it is one of them. What
/// cannot be done on a ground was not done there, under this configuration.
pub(crate) fn grounds(
    capability: &Capability,
    operation: Operation,
    first: Option<Ground>,
) -> Vec<Ground> {
    let groups = capability.corridors_by_country(operation).into_iter();
    let mut grounds: Vec<Ground> = groups.map(|(ground, _)| ground).collect();
    // The sort is stable: the rest stays in the provider's order.
    grounds.sort_by_key(|ground| Some(*ground) != first);
    grounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::{
        Channel,
        adapter::{Corridor, Guarantees, IdRules},
    };

    #[test]
    fn each_ground_stands_once_and_the_one_meant_first() {
        let corridor = |(country, currency): Ground, channel| {
            let mut corridor = Corridor::new(country, currency, channel, 1);
            corridor.operations = vec![Operation::Payout];
            corridor
        };
        let (ph, id) = ((Country::PH, Currency::PHP), (Country::ID, Currency::IDR));
        let mut off = corridor((Country::TH, Currency::THB), Channel::Bank);
        off.operations.clear();
        let corridors = vec![
            corridor(ph, Channel::Bank),
            corridor(ph, Channel::Wallet),
            off,
            corridor(id, Channel::Bank),
        ];
        let capability = Capability::new(corridors, IdRules::STANDARD, Guarantees::default());
        assert_eq!(grounds(&capability, Operation::Payout, None), [ph, id]);
        assert_eq!(grounds(&capability, Operation::Payout, Some(id)), [id, ph]);
    }
}
