//! Properties of all rules and payments.

use crate::outline::{Outline, account, at, ids, name};
use proptest::prelude::*;
use std::sync::Arc;
use tulay_core::{
    Channel, Country, Currency, ErrorKind, Field, InstitutionId, Money, Operation, Provider,
};
use tulay_router::{
    Conditions, PastAttempt, Payment, RouteTarget, Router, Rule, Unavailability, WaitReason,
};

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
        rule.targets = names.iter().zip(0..).map(|(id, index): (_, usize)| match &weights {
            Some(weights) => RouteTarget::weighted(name(id), weights[index]),
            None => RouteTarget::new(name(id)),
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

fn any_unavailable() -> impl Strategy<Value = Vec<Unavailability>> {
    let unavailability = prop::sample::select(NAMES.to_vec()).prop_map(|id| {
        let mut unavailability =
            Unavailability::new(account(id), WaitReason::RateLimited { until: at(10) });
        unavailability.operation = Some(Operation::Payout);
        unavailability
    });
    prop::collection::vec(unavailability, 0..3)
}

fn any_past_attempts() -> impl Strategy<Value = Vec<PastAttempt>> {
    let kind = prop::sample::select(vec![
        ErrorKind::Unreachable,
        ErrorKind::Funds,
        ErrorKind::Limit,
        ErrorKind::TooEarly,
        ErrorKind::Beneficiary,
    ]);
    let past_attempt = (prop::sample::select(NAMES.to_vec()), kind);
    prop::collection::vec(
        past_attempt.prop_map(|(id, kind)| PastAttempt::new(account(id), kind)),
        0..3,
    )
}

proptest! {
    #[test]
    fn every_candidate_can_carry_the_payment(
        providers in any_providers(),
        rules in prop::collection::vec(any_rule(), 0..6),
        asked in any_payment(),
        unavailable in any_unavailable(),
        past_attempts in any_past_attempts(),
    ) {
        let router = Router::new(rules.clone(), providers);
        let payment = asked.payment();
        let mut conditions = Conditions::new(at(0));
        (conditions.unavailable, conditions.past_attempts) = (&unavailable, &past_attempts);
        let plan = router.plan(&payment, &conditions);

        // The rule is the first that fits, found the long way.
        prop_assert_eq!(plan.rule(), rules.iter().find(|rule| rule.is_for(&payment)));
        let able = plan.candidates().iter().map(|c| (c.provider, c.corridor, true));
        let waiting = plan.deferred().iter();
        let waiting = waiting.map(|d| (d.provider.unwrap(), d.corridor.unwrap(), false));
        let able = able.chain(waiting);
        for (provider, corridor, now) in able {
            // The provider itself says the same of it.
            let own = payment.admitted_by(provider.as_ref());
            prop_assert_eq!(own.ok(), Some(corridor));
            let (id, account) = (provider.id(), provider.merchant_account());
            prop_assert!(plan.rule().is_none_or(|rule| rule.providers().any(|named| named == id)));
            let lasting = || past_attempts.iter().filter(|past| !past.kind.is_transient());
            prop_assert!(lasting().all(|past| past.account != *account && past.kind.allows_failover()));
            let last = past_attempts.last();
            prop_assert!(last.is_none_or(|past| past.account == *account || past.kind.allows_failover()));
            prop_assert_eq!(now, !unavailable.iter().any(|unavailability| unavailability.account == *account));
        }
        // Everyone is somewhere, once.
        let mut all = ids(&plan);
        all.extend(plan.deferred().iter().map(|deferred| deferred.id.to_string()));
        all.extend(plan.excluded().iter().map(|excluded| excluded.provider.to_string()));
        all.sort_unstable();
        prop_assert_eq!(all, NAMES);
        // The same question has the same answer, also of a router made anew.
        let again = Router::new(rules, router.providers().to_vec());
        prop_assert_eq!(format!("{plan:?}"), format!("{:?}", again.plan(&payment, &conditions)));
    }

    #[test]
    fn every_exclusion_has_a_reason(
        providers in any_providers(),
        rules in prop::collection::vec(any_rule(), 0..6),
        asked in any_payment(),
    ) {
        let router = Router::new(rules, providers);
        let payment = asked.payment();
        let plan = router.plan(&payment, &Conditions::new(at(0)));
        for excluded in plan.excluded() {
            prop_assert!(excluded.is_unnamed() || excluded.error().is_some());
            prop_assert!(!excluded.reasons()[0].is_empty());
        }
        prop_assert_eq!(plan.first().is_err(), plan.candidates().is_empty());
    }

    #[test]
    fn unnamed_provider_changes_no_plan(
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
        let conditions = Conditions::new(at(0));
        let (before, after) = (before.plan(&payment, &conditions), after.plan(&payment, &conditions));
        prop_assert_eq!(before.rule(), after.rule());
        prop_assert_eq!(ids(&before), ids(&after));
        prop_assert_eq!(before.sequence().ok(), after.sequence().ok());
    }

    #[test]
    fn resumed_sequence_gives_the_same_candidates(
        providers in any_providers(),
        rules in prop::collection::vec(any_rule(), 0..6),
        asked in any_payment(),
        unavailable in any_unavailable(),
        past_attempts in any_past_attempts(),
    ) {
        let router = Router::new(rules, providers);
        let payment = asked.payment();
        let Ok(sequence) = router.plan(&payment, &Conditions::new(at(0))).sequence() else {
            return Ok(()); // Such a payment is not accepted.
        };
        let mut conditions = Conditions::new(at(0));
        (conditions.unavailable, conditions.past_attempts) = (&unavailable, &past_attempts);
        let plan = router.plan(&payment, &conditions);
        prop_assert_eq!(ids(&plan), ids(&router.resume(&sequence, &payment, &conditions)));
        // Without any provider, what could be sent now or later waits for the configuration.
        let nothing = Router::default();
        let waiting = nothing.resume(&sequence, &payment, &conditions);
        prop_assert_eq!(
            waiting.deferred().len(),
            plan.candidates().len() + plan.deferred().len()
        );
    }
}
