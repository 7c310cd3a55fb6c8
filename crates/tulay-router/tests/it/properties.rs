//! What holds for all rules and payments.

use crate::outline::{Outline, account, at, ids, name};
use proptest::prelude::*;
use std::sync::Arc;
use tulay_core::{
    Channel, Country, Currency, ErrorKind, Field, InstitutionId, Money, Operation, Provider,
};
use tulay_router::{Hold, Payment, Router, Rule, Situation, Tried, Use, Wait};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
const PLACES: [(Country, Currency); 3] =
    [(Country::PH, Currency::PHP), (Country::ID, Currency::IDR), (Country::MY, Currency::MYR)];
const CHANNELS: [Channel; 2] = [Channel::Bank, Channel::Wallet];

prop_compose! {
    fn any_provider(id: &'static str)(
        corridors in prop::collection::vec((0..3_usize, 0..2_usize, 1..500_i64, 500..2_000_i64, 1..4_i64, any::<bool>()), 0..5),
    ) -> Arc<dyn Provider> {
        let outline = corridors.into_iter().fold(Outline::new(id), |outline, (place, channel, min, max, step, on)| {
            let (country, currency) = PLACES[place];
            outline.pays_with(country, currency, CHANNELS[channel], |corridor| {
                corridor.min = Some(Money::from_minor(min, currency));
                corridor.max = Some(Money::from_minor(max, currency));
                corridor.step = step;
                corridor.required = vec![Field::Name];
                if !on {
                    corridor.operations.clear();
                }
            })
        });
        outline.done()
    }
}

fn any_providers() -> impl Strategy<Value = Vec<Arc<dyn Provider>>> {
    NAMES.map(any_provider).prop_map(|providers| providers.into_iter().collect())
}

prop_compose! {
    fn any_rule()(
        place in prop::option::of(0..3_usize),
        channel in prop::option::of(0..2_usize),
        gcash: bool,
        min in prop::option::of(0..20_u32),
        max in prop::option::of(0..20_u32),
        names in prop::sample::subsequence(NAMES.to_vec(), 1..5).prop_shuffle(),
        weights in prop::option::of(prop::collection::vec(1..100_u32, 5)),
    ) -> Rule {
        let mut rule = Rule::new(Operation::Payout, []);
        rule.country = place.map(|place| PLACES[place].0);
        rule.channel = channel.map(|channel| CHANNELS[channel]);
        rule.institution = gcash.then(|| InstitutionId::new("gcash").unwrap());
        rule.min = min.map(|min| min.to_string().parse().unwrap());
        rule.max = max.map(|max| max.to_string().parse().unwrap());
        rule.uses = names.iter().zip(0..).map(|(id, index): (_, usize)| match &weights {
            Some(weights) => Use::weighing(name(id), weights[index]),
            None => Use::new(name(id)),
        }).collect();
        rule
    }
}

#[derive(Clone, Debug)]
struct Asked {
    place: usize,
    channel: usize,
    institution: Option<InstitutionId>,
    minor: i64,
    reference: String,
}

impl Asked {
    fn payment(&self) -> Payment<'_> {
        let (country, currency) = PLACES[self.place];
        let channel = CHANNELS[self.channel];
        let mut payment = Payment::new(Operation::Payout, country, currency, channel);
        payment.amount = Some(Money::from_minor(self.minor, currency));
        payment.institution = self.institution.as_ref();
        payment.reference = Some(&self.reference);
        payment
    }
}

prop_compose! {
    fn any_payment()(
        place in 0..3_usize,
        channel in 0..2_usize,
        gcash: bool,
        minor in -10..2_500_i64,
        reference in "[A-Z0-9]{1,12}",
    ) -> Asked {
        let institution = gcash.then(|| InstitutionId::new("gcash").unwrap());
        Asked { place, channel, institution, minor, reference }
    }
}

fn any_holds() -> impl Strategy<Value = Vec<Hold>> {
    let hold = prop::sample::select(NAMES.to_vec()).prop_map(|id| {
        let mut hold = Hold::new(account(id), Wait::Circuit { until: at(10) });
        hold.operation = Some(Operation::Payout);
        hold
    });
    prop::collection::vec(hold, 0..3)
}

fn any_tried() -> impl Strategy<Value = Vec<Tried>> {
    let kind = prop::sample::select(vec![
        ErrorKind::Unreachable,
        ErrorKind::Funds,
        ErrorKind::Beneficiary,
    ]);
    let tried = (prop::sample::select(NAMES.to_vec()), kind);
    prop::collection::vec(tried.prop_map(|(id, kind)| (account(id), kind)), 0..3)
}

proptest! {
    #[test]
    fn nobody_is_a_candidate_who_could_not_carry_it(
        providers in any_providers(),
        rules in prop::collection::vec(any_rule(), 0..6),
        asked in any_payment(),
        holds in any_holds(),
        tried in any_tried(),
    ) {
        let router = Router::new(rules.clone(), providers);
        let payment = asked.payment();
        let mut situation = Situation::new(at(0));
        (situation.holds, situation.tried) = (&holds, &tried);
        let plan = router.plan(&payment, &situation);

        // The rule is the first that fits, found the long way.
        prop_assert_eq!(plan.rule(), rules.iter().find(|rule| rule.is_for(&payment)));
        let able = plan.candidates().map(|c| (c.provider, c.corridor, true));
        let able = able.chain(plan.later().map(|l| (l.provider, l.corridor, false)));
        for (provider, corridor, now) in able {
            // The provider itself says the same of it.
            let own = payment.admitted_by(provider.as_ref());
            prop_assert_eq!(own.ok(), Some(corridor));
            let (id, account) = (provider.id(), provider.merchant_account());
            prop_assert!(plan.rule().is_none_or(|rule| rule.providers().any(|named| named == id)));
            prop_assert!(tried.iter().all(|(tried, kind)| tried != account && kind.elsewhere()));
            prop_assert_eq!(now, !holds.iter().any(|hold| hold.account == *account));
        }
        // Everyone is somewhere, once.
        let mut all = ids(&plan);
        all.extend(plan.later().map(|later| later.provider.id().to_string()));
        all.extend(plan.excluded().map(|excluded| excluded.provider.to_string()));
        all.sort_unstable();
        prop_assert_eq!(all, NAMES);
        // The same question has the same answer, also of a router made anew.
        let again = Router::new(rules, router.providers().to_vec());
        prop_assert_eq!(format!("{plan:?}"), format!("{:?}", again.plan(&payment, &situation)));
    }

    #[test]
    fn who_is_left_out_is_told_why(
        providers in any_providers(),
        rules in prop::collection::vec(any_rule(), 0..6),
        asked in any_payment(),
    ) {
        let router = Router::new(rules, providers);
        let payment = asked.payment();
        let plan = router.plan(&payment, &Situation::new(at(0)));
        for excluded in plan.excluded() {
            prop_assert!(excluded.is_unnamed() || excluded.error().is_some());
            prop_assert!(!excluded.reasons()[0].is_empty());
        }
        prop_assert_eq!(plan.first().is_err(), plan.candidates().next().is_none());
    }

    #[test]
    fn a_new_provider_changes_nothing_that_no_rule_sends_to_it(
        providers in any_providers(),
        newcomer in any_provider("new"),
        first: bool,
        rules in prop::collection::vec(any_rule(), 1..6),
        asked in any_payment(),
    ) {
        let before = Router::new(rules.clone(), providers.clone());
        let mut all = providers;
        all.insert(if first { 0 } else { all.len() }, newcomer);
        let after = Router::new(rules, all);
        let payment = asked.payment();
        let situation = Situation::new(at(0));
        let (before, after) = (before.plan(&payment, &situation), after.plan(&payment, &situation));
        prop_assert_eq!(before.rule(), after.rule());
        prop_assert_eq!(ids(&before), ids(&after));
        prop_assert_eq!(before.order().ok(), after.order().ok());
    }

    #[test]
    fn a_frozen_order_asked_at_once_says_the_same(
        providers in any_providers(),
        rules in prop::collection::vec(any_rule(), 0..6),
        asked in any_payment(),
        holds in any_holds(),
        tried in any_tried(),
    ) {
        let router = Router::new(rules, providers);
        let payment = asked.payment();
        let Ok(order) = router.plan(&payment, &Situation::new(at(0))).order() else {
            return Ok(()); // Such a payment is not accepted.
        };
        let mut situation = Situation::new(at(0));
        (situation.holds, situation.tried) = (&holds, &tried);
        let plan = router.plan(&payment, &situation);
        prop_assert_eq!(ids(&plan), ids(&router.resume(&order, &payment, &situation)));
    }
}
