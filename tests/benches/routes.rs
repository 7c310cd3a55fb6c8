//! What asking a router costs: the candidates of five providers, by how many rules there are; and
//! beside `payrail`, whose router knows one provider for each country.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench may stop")]

mod harness;

use async_trait::async_trait;
use criterion::{Criterion, criterion_group, criterion_main};
use harness::{Case, compare};
use jiff::Timestamp;
use std::{hint::black_box, sync::Arc};
use tulay::{
    Capability, Channel, Circuits, Contract, Corridor, Country, Currency, Environment, Error,
    ErrorKind, Field, Found, Hold, IdRules, InstitutionId, Lookup, MerchantAccount, Money,
    Operation, OrderId, Payment, Payout, PayoutRequest, Payouts, Prepared, Provider, ProviderId,
    Result, Roles, Router, Rule, Situation, Use,
};

/// A provider that can be asked what it can do, and nothing else.
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
        unreachable!("a router calls nobody")
    }

    async fn create(&self, _: &Prepared) -> Result<Payout> {
        unreachable!("a router calls nobody")
    }

    async fn find(&self, _: &Lookup) -> Result<Found<Payout>> {
        unreachable!("a router calls nobody")
    }
}

const NAMES: [&str; 5] = ["one", "two", "three", "four", "five"];

fn name(id: &str) -> ProviderId {
    ProviderId::new(id).unwrap()
}

fn account(id: &str) -> MerchantAccount {
    MerchantAccount::new("outline", Environment::Sandbox, format!("10151000000-{id}"), "host")
}

/// Five providers that pay by bank and by wallet in these countries.
fn providers(countries: &[Country]) -> Vec<Arc<dyn Provider>> {
    let provider = |id| -> Arc<dyn Provider> {
        let corridor = |country: &Country, channel| {
            let mut corridor = Corridor::new(*country, Currency::PHP, channel, 1);
            corridor.min = Some(Money::from_minor(100, Currency::PHP));
            corridor.max = Some(Money::from_minor(5_000_000, Currency::PHP));
            corridor.required = vec![Field::Name, Field::Institution];
            corridor.operations = vec![Operation::Payout];
            corridor
        };
        let channels = [Channel::Bank, Channel::Wallet];
        let places = countries.iter().flat_map(|c| channels.map(|channel| corridor(c, channel)));
        let capability = Capability::new(places.collect(), IdRules::STANDARD, Contract::default());
        Arc::new(Outline { id: name(id), account: account(id), capability })
    };
    NAMES.map(provider).into()
}

fn rule(country: Country, names: &[&str]) -> Rule {
    let mut rule = Rule::new(Operation::Payout, names.iter().map(|id| name(id)));
    rule.country = Some(country);
    rule
}

/// Rules of one place, each for an institution, the last for all others: none can be passed over.
fn in_one_place(count: usize) -> Router {
    let mut rules: Vec<Rule> = (1..count)
        .map(|number| {
            let mut special = rule(Country::PH, &NAMES);
            special.institution = Some(InstitutionId::new(format!("BANK{number:04}")).unwrap());
            special
        })
        .collect();
    rules.push(rule(Country::PH, &NAMES));
    Router::new(rules, providers(&[Country::PH]))
}

/// A rule for each of so many countries.
fn by_country(count: usize, names: &[&str]) -> (Router, Vec<Country>) {
    let countries: Vec<Country> = codes().take(count).map(|c| Country::new(&c).unwrap()).collect();
    let rules = countries.iter().map(|country| rule(*country, names)).collect();
    (Router::new(rules, providers(&countries)), countries)
}

fn codes() -> impl Iterator<Item = String> {
    let letters = || (b'A'..=b'Z').map(char::from);
    letters().flat_map(move |first| letters().map(move |second| format!("{first}{second}")))
}

fn payment(country: Country, institution: &InstitutionId) -> Payment<'_> {
    let mut payment = Payment::new(Operation::Payout, country, Currency::PHP, Channel::Bank);
    payment.institution = Some(institution);
    payment.amount = Some(Money::from_minor(125_000, Currency::PHP));
    payment.reference = Some("PAY-2026-000123");
    payment
}

fn candidates(router: &Router, payment: &Payment<'_>, situation: &Situation<'_>) {
    let plan = black_box(router).plan(black_box(payment), situation);
    assert_eq!(black_box(plan.candidates().count()), 5);
}

fn five_providers(criterion: &mut Criterion) {
    let bank = InstitutionId::new("BOPIPHMM").unwrap();
    let asked = payment(Country::PH, &bank);
    let calm = Situation::new(Timestamp::UNIX_EPOCH);
    let routers = [16, 256, 4_096].map(in_one_place);
    let (spread, countries) = by_country(256, &NAMES);
    let abroad = payment(countries[255], &bank);
    let mut weighted = rule(Country::PH, &[]);
    weighted.uses = NAMES.map(|id| Use::weighing(name(id), 20)).into();
    let weighted = Router::new(vec![weighted], providers(&[Country::PH]));
    let several = |router: &Router, payment: &Payment<'_>, times| {
        for _ in 0..times {
            candidates(router, payment, &calm);
        }
    };
    let cases = vec![
        Case::new("16 rules of one place, the last decides", 8_192, |times| {
            several(&routers[0], &asked, times);
        }),
        Case::new("256 rules of one place", 1_024, |times| several(&routers[1], &asked, times)),
        Case::new("4,096 rules of one place", 128, |times| several(&routers[2], &asked, times)),
        Case::new("256 rules, one for each country", 8_192, |times| {
            several(&spread, &abroad, times);
        }),
        Case::new("one rule, by weights", 8_192, |times| several(&weighted, &asked, times)),
    ];
    compare(criterion, "the candidates of five providers", cases);
}

/// What holds, what was tried, and reasons, beside a calm first attempt.
fn situations(criterion: &mut Criterion) {
    let bank = InstitutionId::new("BOPIPHMM").unwrap();
    let asked = payment(Country::PH, &bank);
    let router = in_one_place(16);
    let now = Timestamp::UNIX_EPOCH;
    let calm = Situation::new(now);
    let mut circuits = Circuits::default();
    for _ in 0..10 {
        let down = Error::new(Operation::Payout, ErrorKind::Unavailable, "no answer");
        circuits.record(&account("two"), Operation::Payout, Err(&down), now);
    }
    let holds: Vec<Hold> = circuits.holds(now);
    let tried = [(account("one"), ErrorKind::Unreachable)];
    let mut troubled = calm;
    (troubled.holds, troubled.tried) = (&holds, &tried);
    let order = router.plan(&asked, &calm).order().unwrap();
    let cases = vec![
        Case::new("calm", 8_192, |times| {
            for _ in 0..times {
                candidates(&router, &asked, &calm);
            }
        }),
        Case::new("one tried, one held", 8_192, |times| {
            for _ in 0..times {
                let plan = black_box(&router).plan(black_box(&asked), &troubled);
                assert_eq!(black_box(plan.candidates().count()), 3);
            }
        }),
        Case::new("by the frozen order", 4_096, |times| {
            for _ in 0..times {
                let plan = black_box(&router).resume(&order, black_box(&asked), &troubled);
                assert_eq!(black_box(plan.candidates().count()), 3);
            }
        }),
        Case::new("with all reasons", 512, |times| {
            for _ in 0..times {
                let plan = black_box(&router).plan(black_box(&asked), &troubled);
                black_box(plan.candidates().map(|c| c.reasons()).collect::<Vec<_>>());
                black_box(plan.later().map(|later| later.reasons()).collect::<Vec<_>>());
                black_box(plan.excluded().map(|e| e.reasons()).collect::<Vec<_>>());
            }
        }),
    ];
    compare(criterion, "situations, 16 rules", cases);
}

/// One provider for each country, asked for every country in turn, without an amount: all that
/// `payrail` can be told.
fn beside_payrail(criterion: &mut Criterion) {
    for count in [16, 256] {
        let (router, countries) = by_country(count, &["one"]);
        let outline = |country: &Country| {
            Payment::new(Operation::Payout, *country, Currency::PHP, Channel::Wallet)
        };
        let payments: Vec<Payment<'_>> = countries.iter().map(outline).collect();
        let calm = Situation::new(Timestamp::UNIX_EPOCH);
        let (theirs, methods) = payrail_router(count);
        let times_all = u64::try_from(count).unwrap();
        let batch = 8_192 / times_all;
        let cases = vec![
            Case::new("payrail", batch, |times| {
                for _ in 0..times {
                    for method in &methods {
                        black_box(theirs.resolve_provider(black_box(method)).unwrap());
                    }
                }
            }),
            Case::new("tulay", batch, |times| {
                for _ in 0..times {
                    for payment in &payments {
                        let plan = router.plan(black_box(payment), &calm);
                        black_box(plan.candidates().next().unwrap());
                    }
                }
            }),
        ];
        let title = format!("one provider for each of {count} countries, {count} times");
        compare(criterion, &title, cases);
    }
}

fn payrail_router(count: usize) -> (payrail::PaymentRouter, Vec<payrail::PaymentMethod>) {
    let mut router = payrail::PaymentRouter::new();
    let mut methods = Vec::new();
    for code in codes().take(count) {
        let country = payrail::CountryCode::new(&code).unwrap();
        router.route_mobile_money(country.clone(), payrail::BuiltinProvider::Lipila);
        let method = payrail::MobileMoneyPaymentMethod {
            country,
            phone_number: payrail::PhoneNumber::new("260971234567").unwrap(),
            operator: None,
        };
        methods.push(payrail::PaymentMethod::MobileMoney(method));
    }
    (router, methods)
}

criterion_group!(benches, five_providers, situations, beside_payrail);
criterion_main!(benches);
