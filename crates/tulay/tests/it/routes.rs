//! Rules of a file.

use crate::acme::read;
use tulay::{routing::*, *};

const TWO: &str = r#"namespace = "a"
[providers.one]
adapter = "acme"
account = "1"
key = { env = "ACME_KEY" }
countries = ["PH"]
[providers.two]
adapter = "acme"
account = "2"
key = { env = "ACME_KEY" }
countries = ["ID", "PH"]
"#;

#[test]
fn routes_are_rules_with_their_place() {
    let routes = r#"
[[routes]]
operation = "payout"
country = "PH"
channel = "wallet"
amount = { max = "50000.00" }
use = ["two", "one"]

[[routes]]
operation = "payout"
use = ["one"]
"#;
    let tulay = read(&format!("{TWO}{routes}")).unwrap();
    let rules: Vec<String> = tulay.router().rules().iter().map(ToString::to_string).collect();
    assert_eq!(
        rules,
        [
            "payout, country PH, by wallet, at most PHP 50,000.00 (tulay.toml:13)",
            "payout (tulay.toml:20)"
        ]
    );
    assert_eq!(tulay.router().rules()[0].providers().next().unwrap().as_str(), "two");
    let shown = tulay.settings().iter().find(|setting| setting.key == "routes.1.use").unwrap();
    assert_eq!((shown.value.as_str(), shown.line), ("[\"one\"]", 22));
}

#[test]
fn a_route_names_its_institution_as_people_do() {
    let with = |conditions: &str| {
        read(&format!("{TWO}\n[[routes]]\noperation = \"payout\"\n{conditions}\nuse = [\"one\"]"))
    };
    for (conditions, id) in [
        ("country = \"PH\"\ninstitution = \"Metrobank\"", "MBTCPHMM"),
        ("country = \"PH\"\ninstitution = \"MBTCPHMM\"", "MBTCPHMM"),
        ("country = \"PH\"\ninstitution = \"Maybank\"", "MBBEPHMM"),
        ("institution = \"GCash\"", "gcash"),
    ] {
        let tulay = with(conditions).unwrap();
        let institution = tulay.router().rules()[0].institution.clone();
        assert_eq!(institution.unwrap().as_str(), id, "{conditions}");
    }
    for (conditions, message) in [
        ("country = \"PH\"\ninstitution = \"Metrobnk\"", "did you mean MBTCPHMM"),
        ("country = \"PH\"\ninstitution = \"gcahs\"", "did you mean gcash?"),
        ("institution = \"Maybank\"", "as several have this name: IBBKIDJA, MBBEMYKL, MBBEPHMM"),
    ] {
        let errors = with(conditions).unwrap_err().to_string();
        assert!(errors.contains(message), "{conditions}: {errors}");
    }
}

#[test]
fn every_mistake_in_a_route_is_reported_with_its_place() {
    let mistakes = [
        "operation = \"payout\"\nuse = [\"one\", \"three\", \"one\"]",
        "operation = \"payout\"\nuse = []",
        "operation = \"payuot\"\nuse = [\"one\"]",
        "operation = \"balance\"\nuse = [\"one\"]",
        "operation = \"payout\"\ncountry = \"ph\"\nuse = [\"one\"]",
        "operation = \"payout\"\namount = { max = \"50,000\" }\nuse = [\"one\"]",
        "operation = \"payout\"\namount = { max = 50000.0 }\nuse = [\"one\"]",
        "operation = \"payout\"\nweight = 3\nuse = [\"one\"]",
        "operation = \"payout\"",
        "operation = \"payout\"\nuse = [3]",
        "operation = \"payout\"\nuse = [{ provider = \"one\" }]",
        "operation = \"payout\"\nuse = [{ provider = \"one\", weight = -1 }]",
        "operation = \"payout\"\nuse = [{ provider = \"one\", weight = -5 }]",
        "operation = \"payout\"\nuse = [{ provider = \"one\", weight = 0.9 }]",
        "operation = \"payout\"\nuse = [{ provider = \"one\", wieght = 1 }]",
        "operation = \"payout\"\namount = { max = 50000 }\nuse = [\"one\"]",
        "operation = \"payout\"\namount = \"5\"\nuse = [\"one\"]",
        "operation = \"payout\"\nammount = { max = \"5.00\" }\nuse = [\"one\"]",
        "operation = \"payouts\"\nuse = [\"one\"]",
        "operation = \"payout\"\nchannel = \"walet\"\nuse = [\"one\"]",
        "operation = \"payout\"\ncurrency = \"PPH\"\nuse = [\"one\"]",
        "operation = \"payout\"\nuse = \"one\"",
        "operation = \"payout\"\nuse = [\"onee\"]\n[[routes]]\noperation = \"collection\"\nuse = [\"onee\"]",
        "operation = \"payout\"\nuse = [\"one\"\n\n[[routes]]\noperation = \"payout\"\ncountry = \"PH\"\nuse = [\"two\"]",
        "operation = \"payout\"\nuse = [\"One_Two\"]\n[providers.One_Two]\nadapter = \"acme\"",
        "use = [\"one\"]",
    ];
    let shown = mistakes.map(|route| {
        let error = read(&format!("{TWO}[[routes]]\n{route}\n")).unwrap_err();
        format!("# {}\n{error}", route.replace('\n', "; "))
    });
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn a_rule_that_no_payment_can_be_of_is_refused() {
    let mistakes = [
        "country = \"PH\"\ninstitution = \"gcsh\"",
        "institution = \"gcsh\"",
        "country = \"PH\"\ninstitution = \"no-such-bank\"",
        "country = \"PH\"\ninstitution = \"gopay\"",
        "country = \"PH\"\nchannel = \"bank\"\ninstitution = \"gcash\"",
        "country = \"PH\"\nchannel = \"wallet\"\ninstitution = \"BOPIPHMM\"",
        "country = \"PH\"\nchannel = \"qr\"\ninstitution = \"gcash\"",
        "country = \"PH\"\namount = { max = \"50000.005\" }",
        "amount = { max = \"50000.00\" }",
        "channel = \"wallet\"\namount = { min = \"500.00\" }",
        "country = \"PH\"\namount = { min = \"60000.00\" }",
        "country = \"PH\"\ncurrency = \"PHP\"\namount = { min = \"6.00\", max = \"5.00\" }",
        "country = \"XX\"",
        "country = \"ZZ\"",
        "country = \"SG\"",
    ];
    let shown = mistakes.map(|conditions| {
        let route = format!("operation = \"payout\"\n{conditions}\nuse = [\"two\"]");
        let file = format!(
            "{TWO}[[routes]]\n{route}\n\n[[routes]]\noperation = \"payout\"\nuse = [\"two\"]\n"
        );
        let error = read(&file).unwrap_err();
        let (line, _) = error.errors()[0].place.unwrap();
        let line = file.lines().nth(line - 1).unwrap();
        format!("# {}\n{error}\n> {line}", conditions.replace('\n', "; "))
    });
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn an_institution_that_only_a_provider_knows_is_a_condition_too() {
    let own = TWO.replace(
        "countries = [\"PH\"]",
        "countries = [\"PH\"]\ninstitutions = { \"harbour-bank\" = \"HB\" }",
    );
    let rule = "[[routes]]\noperation = \"payout\"\ncountry = \"PH\"\ninstitution = \
                \"harbour-bank\"\nuse = [\"one\"]\n";
    assert!(read(&format!("{own}{rule}")).is_ok());
    assert!(read(&format!("{TWO}{rule}")).is_err());
}

#[test]
fn what_a_rule_says_of_several_operations_is_said_once() {
    let collecting = collecting();
    let of = |first: &str, second: &str| {
        let rule = |condition: &str| {
            format!(
                "[[routes]]\noperation = [\"payout\", \"collection\"]\n{condition}\nuse = [\"two\"]\n"
            )
        };
        read(&format!("{collecting}{}{}", rule(first), rule(second)))
    };
    let notes = of("channel = \"wallet\"", "country = \"PH\"").unwrap();
    let shared = notes.warnings().iter().filter(|w| w.message.contains("match both this rule"));
    assert_eq!(shared.count(), 1, "{:?}", notes.warnings());
    assert_eq!(of("", "country = \"PH\"").unwrap_err().errors().len(), 1);
}

/// Ten mistakes that each can be read as TOML, and are found before the first payment.
const MISTAKES: [(&str, &str); 10] = [
    (
        "a provider that is misspelled",
        "[[routes]]\noperation = \"payout\"\ncountry = \"PH\"\nuse = [\"one\", \"tow\"]",
    ),
    (
        "a provider that does not pay there",
        "[[routes]]\noperation = \"payout\"\ncountry = \"ID\"\nuse = [\"one\", \"two\"]",
    ),
    (
        "a rule that no provider can serve",
        "[[routes]]\noperation = \"payout\"\ncountry = \"PH\"\ncurrency = \"IDR\"\nuse = [\"one\"]",
    ),
    (
        "amounts above everyone's limits",
        "[[routes]]\noperation = \"payout\"\ncountry = \"PH\"\namount = { min = \"60000.00\" }\nuse = [\"one\"]",
    ),
    ("an operation no provider does", "[[routes]]\noperation = \"collection\"\nuse = [\"one\"]"),
    (
        "limits that are swapped",
        "[[routes]]\noperation = \"payout\"\namount = { min = \"500.00\", max = \"5.00\" }\nuse = [\"one\"]",
    ),
    (
        "the wider rule first",
        "[[routes]]\noperation = \"payout\"\nuse = [\"two\"]\n\n[[routes]]\noperation = \"payout\"\ncountry = \"PH\"\nuse = [\"one\"]",
    ),
    (
        "a weight beside none",
        "[[routes]]\noperation = \"payout\"\nuse = [{ provider = \"one\", weight = 90 }, \"two\"]",
    ),
    (
        "a weight of nothing",
        "[[routes]]\noperation = \"payout\"\nuse = [{ provider = \"one\", weight = 0 }, { provider = \"two\", weight = 1 }]",
    ),
    (
        "a provider that is switched off",
        "[providers.off]\nadapter = \"acme\"\naccount = \"3\"\nkey = { env = \"ACME_KEY\" }\ncountries = [\"PH\"]\noff = true\n\n[[routes]]\noperation = \"payout\"\nuse = [\"off\", \"one\"]",
    ),
];

#[test]
fn ten_mistakes_name_their_line_and_their_fix() {
    let shown = MISTAKES.map(|(what, routes)| {
        let file = format!("{TWO}{routes}\n");
        let error = read(&file).unwrap_err();
        let (line, _) = error.errors()[0].place.unwrap();
        let line = file.lines().nth(line - 1).unwrap();
        format!("# {what}\n{error}\n> {line}")
    });
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn what_is_worth_knowing_is_no_mistake() {
    let routes = r#"
[providers.three]
adapter = "acme"
account = "3"
key = { env = "ACME_KEY" }
countries = ["PH"]

[[routes]]
operation = "payout"
channel = "wallet"
use = ["one"]

[[routes]]
operation = "payout"
country = "PH"
use = ["two"]
"#;
    let collecting = TWO.replace("[\"PH\"]", "[\"PH\"]\ncollects = true");
    let collecting = collecting.replace("\"ID\", \"PH\"]", "\"ID\", \"PH\"]\ncollects = true");
    let tulay = read(&format!("{collecting}{routes}")).unwrap();
    let notes: Vec<String> = tulay.warnings().iter().map(|warning| warning.to_string()).collect();
    insta::assert_snapshot!(notes.join("\n"));
}

#[test]
fn weights_share_the_payments_of_a_rule() {
    let routes = "[[routes]]\noperation = \"payout\"\nuse = [{ provider = \"one\", weight = 90 }, { \
                  provider = \"two\", weight = 10 }]\n";
    let tulay = read(&format!("{TWO}{routes}")).unwrap();
    let weights: Vec<_> =
        tulay.router().rules()[0].targets.iter().map(|target| target.weight).collect();
    assert_eq!(weights, [Some(90), Some(10)]);
    let mut firsts = std::collections::BTreeMap::<String, u32>::new();
    for number in 0..1_000 {
        let reference = format!("R{number}");
        let mut payment =
            Payment::new(Operation::Payout, Country::PH, Currency::PHP, Channel::Bank);
        payment.reference = Some(&reference);
        let first = tulay.plan(&payment).first().unwrap().provider.id().to_string();
        *firsts.entry(first).or_default() += 1;
    }
    assert!((870..930).contains(&firsts["one"]), "{firsts:?}");
}

/// The two providers, which collect too.
fn collecting() -> String {
    TWO.replace("\"PH\"]", "\"PH\"]\ncollects = true")
}

#[test]
fn one_rule_may_be_for_several_operations() {
    let rule = "[[routes]]\noperation = [\"payout\", \"collection\"]\nuse = [\"two\", \"one\"]\n";
    let tulay = read(&format!("{}{rule}", collecting())).unwrap();
    let rules = tulay.router().rules().iter().map(|rule| (rule.operation, rule.place.clone()));
    let place = "tulay.toml:14".to_owned();
    assert_eq!(
        rules.collect::<Vec<_>>(),
        [(Operation::Payout, place.clone()), (Operation::Collection, place)]
    );
    for (operations, expected) in [
        ("[]", "expected at least one operation"),
        ("[\"payout\", \"payout\"]", "payout is named twice"),
        ("[\"payout\", \"balance\"]", "unknown operation balance"),
        ("7", "an operation such as \"payout\", or a list of them"),
    ] {
        let rule = format!("[[routes]]\noperation = {operations}\nuse = [\"one\"]\n");
        let error = read(&format!("{TWO}{rule}")).unwrap_err().to_string();
        assert!(error.contains(expected), "{operations}: {error}");
    }
}
