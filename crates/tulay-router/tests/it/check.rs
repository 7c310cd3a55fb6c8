//! Rules compared with capabilities and with each other.

use crate::outline::{Outline, name, router, rule};
use tulay_core::{Channel, Country, Currency, Operation};
use tulay_router::{Location, Router, Rule};

fn findings(router: &Router) -> Vec<String> {
    let shown = router.check().into_iter().map(|finding| {
        let weight = if finding.is_mistake { "mistake" } else { "note" };
        format!("{weight} at {:?}: {} → {}", finding.location, finding.message, finding.fix)
    });
    shown.collect()
}

fn capped(mut rule: Rule, min: Option<&str>, max: Option<&str>) -> Rule {
    rule.min = min.map(|min| min.parse().unwrap());
    rule.max = max.map(|max| max.parse().unwrap());
    rule
}

fn by(mut rule: Rule, channel: Channel) -> Rule {
    rule.channel = Some(channel);
    rule
}

#[test]
fn good_rules_have_no_findings() {
    let small = capped(rule(Country::PH, &["one"]), None, Some("1000"));
    let rules = vec![small, rule(Country::PH, &["two", "one"]), rule(Country::ID, &["two"])];
    assert_eq!(findings(&router(rules)), [""; 0]);
    assert_eq!(findings(&router(Vec::new())), [""; 0]);
}

#[test]
fn unservable_rule_names_what_providers_carry() {
    let rules = vec![
        rule(Country::MY, &["two", "one"]),
        rule(Country::ID, &["one", "two"]),
        capped(rule(Country::PH, &["two", "one"]), Some("60000"), None),
    ];
    assert_eq!(
        findings(&router(rules)),
        [
            "mistake at Condition { rule: 0, key: \"country\" }: no configured provider serves MY → \
             name one of ID, PH, or add a provider",
            "mistake at Target { rule: 1, target: 0 }: one can carry no payment of this rule: it carries PHP in \
             PH by bank → remove one from `use`, or change the rule's conditions",
            "mistake at Target { rule: 2, target: 1 }: one can carry no payment of this rule: it carries up to \
             PHP 50,000.00 there → remove one from `use`, or change the rule's conditions",
        ]
    );
}

#[test]
fn an_amount_is_of_one_currency_and_has_its_decimals() {
    let anywhere = |min, max| capped(Rule::new(Operation::Payout, [name("two")]), min, max);
    let mut pesos = anywhere(None, Some("50000.005"));
    pesos.currency = Some(Currency::PHP);
    let rules = vec![
        anywhere(None, Some("50000")),
        pesos,
        capped(rule(Country::PH, &["two"]), Some("0.001"), None),
    ];
    assert_eq!(
        findings(&router(rules))[..3],
        [
            "mistake at Condition { rule: 0, key: \"amount\" }: the currency of this amount is not clear: it may be IDR, PHP → name one, such as currency = \"IDR\"",
            "mistake at Condition { rule: 1, key: \"amount\" }: PHP has 2 decimals, and 50000.005 \
             has more → write at most 2 decimals",
            "mistake at Condition { rule: 2, key: \"amount\" }: PHP has 2 decimals, and 0.001 has \
             more → write at most 2 decimals",
        ]
    );
}

#[test]
fn an_amount_names_the_only_currency_there_is() {
    let mut philippine = capped(rule(Country::PH, &["two"]), None, Some("50000"));
    let providers = router(Vec::new()).providers().to_vec();
    philippine.name_currency(&providers);
    assert_eq!(philippine.to_string(), "payout, country PH, at most PHP 50,000.00");
    let mut anywhere = capped(Rule::new(Operation::Payout, [name("two")]), None, Some("5"));
    anywhere.name_currency(&providers);
    assert_eq!(anywhere.currency, None);
}

#[test]
fn amount_must_fit_every_channel_of_the_rule() {
    let small = Outline::new("small").pays(Country::PH, Currency::PHP, 5_000_000);
    let small = small.pays_with(Country::PH, Currency::PHP, Channel::ProviderAccount, |_| {});
    let large = || capped(rule(Country::PH, &["small"]), Some("60000"), None);
    let providers = [small.done()];
    assert_eq!(
        findings(&Router::new(vec![large()], providers.clone())),
        ["mistake at Condition { rule: 0, key: \"amount\" }: no provider can carry a payout, \
             country PH, at least 60000 by bank in PH, where small carries up to PHP 50,000.00 → \
             name a channel, a country, or a provider that can"]
    );
    let own = by(large(), Channel::ProviderAccount);
    assert_eq!(findings(&Router::new(vec![own], providers)), [""; 0]);
}

#[test]
fn a_rule_is_for_a_country_and_an_institution_that_can_be() {
    let to = |channel: Option<Channel>, id: &str| {
        let mut rule = rule(Country::PH, &["two"]);
        (rule.channel, rule.institution) = (channel, Some(id.parse().unwrap()));
        rule
    };
    let nowhere = rule(Country::new("XX").unwrap(), &["two"]);
    let rules = vec![nowhere, to(Some(Channel::Qr), "gcash"), to(None, "gcash")];
    assert_eq!(
        findings(&router(rules))[..3],
        [
            "mistake at Condition { rule: 0, key: \"country\" }: XX is not the ISO 3166 code of a country \
             → write the country's code, or remove the condition",
            "mistake at Condition { rule: 1, key: \"institution\" }: a payout by qr names no \
             institution → remove `institution` or `channel`",
            "mistake at Rule(2): no provider can carry a payout, country PH, to gcash: two: it \
             carries IDR in ID by bank, PHP in PH by bank → change the rule's conditions, or remove the rule",
        ]
    );
}

#[test]
fn switched_off_operation_names_its_switch() {
    let off = Outline::new("off");
    let off = off.pays_with(Country::PH, Currency::PHP, Channel::Bank, |c| c.operations.clear());
    let router = Router::new(vec![rule(Country::PH, &["off"])], [off.done()]);
    assert_eq!(
        findings(&router),
        [
            "mistake at Rule(0): no provider can carry a payout, country PH: off: payout is switched off there: these operations are documented only by assumption → name payout \
             in accept_unverified of [providers.off]"
        ]
    );
}

#[test]
fn a_rule_behind_a_wider_one_never_decides() {
    let locations = |rules: Vec<Rule>| {
        let found = router(rules).check().into_iter();
        let found = found.filter(|finding| {
            matches!(finding.location, Location::Rule(_) | Location::Condition { .. })
        });
        found.map(|finding| (finding.location, finding.is_mistake)).collect::<Vec<_>>()
    };
    let ph = || rule(Country::PH, &["two"]);
    let banks = || by(ph(), Channel::Bank);
    let up_to = |max| capped(ph(), None, Some(max));
    assert_eq!(locations(vec![ph(), banks()]), [(Location::Rule(1), true)]);
    assert_eq!(locations(vec![ph(), ph()]), [(Location::Rule(1), true)]);
    assert_eq!(locations(vec![up_to("9"), up_to("5")]), [(Location::Rule(1), true)]);
    assert_eq!(locations(vec![banks(), ph()]), [], "the narrower first is how it is meant");
    assert_eq!(locations(vec![up_to("5"), up_to("9")]), []);
    let from = |min| capped(ph(), Some(min), None);
    assert_eq!(locations(vec![up_to("5"), from("6")]), []);
    assert_eq!(locations(vec![up_to("5"), from("5")]), [(Location::Rule(1), false)]);
    let everywhere = by(Rule::new(Operation::Payout, [name("two")]), Channel::Bank);
    assert_eq!(locations(vec![everywhere, up_to("5")]), [(Location::Rule(1), false)]);
    assert_eq!(
        locations(vec![capped(ph(), Some("5"), Some("4"))]),
        [(Location::Condition { rule: 0, key: "amount" }, true)]
    );
}

#[test]
fn a_provider_that_no_rule_reaches_is_noted() {
    let of = |rules| {
        Router::new(
            rules,
            [
                Outline::new("one").pays(Country::PH, Currency::PHP, 100).done(),
                Outline::new("two").pays(Country::PH, Currency::PHP, 100).done(),
                Outline::new("none").done(),
            ],
        )
    };
    assert_eq!(
        findings(&of(vec![rule(Country::PH, &["one"])])),
        [
            "note at Provider(1): no rule uses provider two → name it in `use` of a rule, or keep it to look up earlier payments"
        ]
    );
}

#[test]
fn operations_that_go_by_the_order_of_the_file_are_noted() {
    let collecting = |id: &str| Outline::new(id).pays(Country::PH, Currency::PHP, 100).collects();
    let rules = vec![rule(Country::PH, &["one", "two"])];
    let router = Router::new(rules, [collecting("one").done(), collecting("two").done()]);
    assert_eq!(
        findings(&router),
        [
            "note at Operation(Collection): no rule for operation collection: one, then two, in the order of the file → for another order, add a rule for collection"
        ]
    );
}
