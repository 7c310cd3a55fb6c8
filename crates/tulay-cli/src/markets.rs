//! Where a reference could have been used before: a reference is one payment, in whatever country.

use tulay::{Country, Currency, Operation, adapter::Capability};

/// A country and its money.
pub(crate) type Market = (Country, Currency);

/// Where a role does this, each market once; `first` comes first, where it is one of them. What
/// cannot be done in a market was not done there, under this configuration.
pub(crate) fn markets(
    capability: &Capability,
    operation: Operation,
    first: Option<Market>,
) -> Vec<Market> {
    let groups = capability.corridors_by_country(operation).into_iter();
    let mut markets: Vec<Market> = groups.map(|(market, _)| market).collect();
    // The sort is stable: the rest stays in the provider's order.
    markets.sort_by_key(|market| Some(*market) != first);
    markets
}

#[cfg(test)]
mod tests {
    use super::*;
    use tulay::{
        Channel,
        adapter::{Corridor, Guarantees, IdRules},
    };

    #[test]
    fn each_market_stands_once_and_the_one_meant_first() {
        let corridor = |(country, currency): Market, channel| {
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
        assert_eq!(markets(&capability, Operation::Payout, None), [ph, id]);
        assert_eq!(markets(&capability, Operation::Payout, Some(id)), [id, ph]);
    }
}
