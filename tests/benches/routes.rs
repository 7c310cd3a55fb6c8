//! What a plan costs beside the signature of the payment: the providers of a payment and every
//! reason, in percent of the CPU time of one RSA-2048 signature in the same run.

#![allow(missing_docs, clippy::unwrap_used, reason = "a bench may stop")]

mod harness;

use async_trait::async_trait;
use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use jiff::Timestamp;
use std::{hint::black_box, sync::Arc};
use tulay::{
    Channel, Country, Currency, Environment, ErrorKind, Found, InstitutionId, Lookup,
    MerchantAccount, Money, Operation, OrderId, Payout, PayoutRequest, Payouts, Prepared, Provider,
    ProviderId,
    adapter::{Capability, Corridor, Field, Guarantees, IdRules, Result, Roles},
    routing::{Circuits, Conditions, PastAttempt, Payment, Plan, RouteTarget, Router, Rule},
};
use tulay_crypto::{PrivateKey, aws_lc};

const KEY: &[u8] = include_bytes!("../../crates/tulay-crypto/tests/data/rsa2048.pkcs8.der");
const MESSAGE: &[u8] = &[b'm'; 321];

/// A provider that has a capability and nothing else.
#[derive(Debug)]
struct Outline {
    id: ProviderId,
    account: MerchantAccount,
    capability: Capability,
}

impl Provider for Outline {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        Roles::none().payouts(self)
    }
}

#[async_trait]
impl Payouts for Outline {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn prepare(&self, _: &PayoutRequest, _: &OrderId) -> Result<Prepared> {
        unreachable!("a router calls no provider")
    }

    async fn create(&self, _: &Prepared) -> Result<Payout> {
        unreachable!("a router calls no provider")
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Payout>> {
        unreachable!("a router calls no provider")
    }
}

const NAMES: [&str; 5] = ["one", "two", "three", "four", "five"];

fn name(id: &str) -> ProviderId {
    ProviderId::new(id).unwrap()
}

fn account(id: &str) -> MerchantAccount {
    MerchantAccount::new("outline", Environment::Sandbox, format!("10151000000-{id}"), "host")
}

/// Five providers that pay by bank and by wallet.
fn providers() -> Vec<Arc<dyn Provider>> {
    let provider = |id| -> Arc<dyn Provider> {
        let corridor = |channel| {
            let mut corridor = Corridor::new(Country::PH, Currency::PHP, channel, 1);
            corridor.min = Some(Money::from_minor(100, Currency::PHP));
            corridor.max = Some(Money::from_minor(5_000_000, Currency::PHP));
            corridor.required = vec![Field::Name, Field::Institution];
            corridor.operations = vec![Operation::Payout];
            corridor
        };
        let corridors = [Channel::Wallet, Channel::Bank].map(corridor).into();
        let capability = Capability::new(corridors, IdRules::STANDARD, Guarantees::default());
        Arc::new(Outline { id: name(id), account: account(id), capability })
    };
    NAMES.map(provider).into()
}

fn rule() -> Rule {
    let mut rule = Rule::new(Operation::Payout, NAMES.map(name));
    rule.country = Some(Country::PH);
    rule
}

/// So many rules, of which the last decides; each other one has a condition that is set here.
fn rules(count: usize, narrow: impl Fn(usize, &mut Rule)) -> Router {
    let narrowed = |number| {
        let mut rule = rule();
        narrow(number, &mut rule);
        rule
    };
    let mut rules: Vec<Rule> = (1..count).map(narrowed).collect();
    rules.push(rule());
    Router::new(rules, providers())
}

fn by_institution(number: usize, rule: &mut Rule) {
    rule.institution = Some(InstitutionId::new(format!("BANK{number:04}")).unwrap());
}

fn by_amount(number: usize, rule: &mut Rule) {
    rule.max = Some(format!("{number}.50").parse().unwrap());
}

fn all_reasons(plan: &Plan<'_>) {
    for candidate in plan.candidates() {
        black_box(candidate.reasons());
    }
    for deferred in plan.deferred() {
        black_box(deferred.reasons());
    }
    for excluded in plan.excluded() {
        black_box(excluded.reasons());
    }
}

/// A plan, so many times, each with all reasons.
fn planned<'c>(
    name: &'static str,
    batch: u64,
    router: &'c Router,
    payment: &'c Payment<'c>,
    conditions: &'c Conditions<'c>,
) -> Case<'c> {
    Case::new(name, batch, move |times| {
        for _ in 0..times {
            let plan = router.plan(black_box(payment), conditions);
            assert!(plan.first().is_ok());
            all_reasons(&plan);
        }
    })
}

fn beside_a_signature(criterion: &mut Criterion) {
    let signer = aws_lc::RsaSigner::new(&PrivateKey::parse(KEY).unwrap()).unwrap();
    let bank = InstitutionId::new("BOPIPHMM").unwrap();
    let mut payment = Payment::new(Operation::Payout, Country::PH, Currency::PHP, Channel::Bank);
    payment.institution = Some(&bank);
    payment.amount = Some(Money::from_minor(125_000, Currency::PHP));
    payment.reference = Some("PAY-2026-000123");

    let now = Timestamp::UNIX_EPOCH;
    let available = Conditions::new(now);
    let mut circuits = Circuits::default();
    for _ in 0..10 {
        let outcome = Some(ErrorKind::Unavailable);
        circuits.record(&account("two"), Operation::Payout, outcome, now);
    }
    let unavailable = circuits.unavailable(now);
    let past_attempts = [PastAttempt::new(account("one"), ErrorKind::Limit)];
    let mut troubled = available;
    (troubled.unavailable, troubled.past_attempts) = (&unavailable, &past_attempts);

    let (few, many) = (rules(16, by_institution), rules(256, by_institution));
    let amounts = rules(256, by_amount);
    let mut weighted = rule();
    weighted.targets = NAMES.map(|id| RouteTarget::weighted(name(id), 20)).into();
    let weighted = Router::new(vec![weighted], providers());
    let sequence = few.plan(&payment, &available).sequence().unwrap();

    let cases = vec![
        Case::new("one RSA-2048 signature", 4, |times| {
            for _ in 0..times {
                black_box(signer.sign_blocking(MESSAGE).unwrap());
            }
        }),
        planned("16 rules", 256, &few, &payment, &available),
        planned("16 rules, one tried, one unavailable", 256, &few, &payment, &troubled),
        planned("256 rules by institution", 128, &many, &payment, &available),
        planned("256 rules by amount", 128, &amounts, &payment, &available),
        planned("one rule by weights", 256, &weighted, &payment, &available),
        Case::new("a resumed sequence", 256, |times| {
            for _ in 0..times {
                all_reasons(&few.resume(&sequence, black_box(&payment), &troubled));
            }
        }),
        Case::new("16 rules, without reasons", 256, |times| {
            for _ in 0..times {
                black_box(few.plan(black_box(&payment), &available).decide());
            }
        }),
    ];
    let shares = compare(criterion, "a plan of five providers with all reasons", cases);
    if let [_, few, _, institutions, amounts, ..] = shares.as_slice() {
        let percent = |share: &u128| format!("{}.{:04} %", share / 10_000, share % 10_000);
        println!("of one signature: 16 rules {} (limit 1 %)", percent(few));
        println!("                 256 rules {} (limit 5 %)", percent(institutions.max(amounts)));
    }
}

criterion_group!(benches, beside_a_signature);
criterion_main!(benches);
