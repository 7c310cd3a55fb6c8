//! Configurations, right and wrong, with an adapter that does nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod contract;

use serde::Deserialize;
use std::sync::Arc;
use tulay::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcmeConfig {
    account: String,
    key: SecretSource,
    #[serde(default)]
    limits: Limits,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    most: Option<String>,
}

struct AcmeAdapter;

impl Adapter for AcmeAdapter {
    type Config = AcmeConfig;

    fn name(&self) -> &'static str {
        "acme"
    }

    fn config_schema(&self) -> String {
        r#"{"type":"object"}"#.into()
    }

    fn assumptions(&self) -> &'static [Assumption] {
        const { &[Assumption::new("account", "a word")] }
    }

    fn build(
        &self,
        id: ProviderId,
        config: AcmeConfig,
        context: AdapterContext,
    ) -> Result<Arc<dyn Provider>, Invalid> {
        if config.account.is_empty() {
            return Err(Invalid::new("account", "an account"));
        }
        if let Some(most) = config.limits.most {
            Money::parse(&most, Currency::PHP).map_err(|invalid| invalid.at("limits.most"))?;
        }
        context.secrets.read(&config.key).map_err(|invalid| invalid.at("key"))?;
        let account = MerchantAccount::new("acme", Environment::Sandbox, config.account);
        Ok(Arc::new(Acme { id, account, notify_url: context.notify_url }))
    }
}

#[derive(Debug)]
struct Acme {
    id: ProviderId,
    account: MerchantAccount,
    #[expect(dead_code, reason = "shown by Debug")]
    notify_url: Option<http::Uri>,
}

impl Provider for Acme {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        Roles::none()
    }
}

fn read(text: &str) -> Result<Tulay, ConfigErrors> {
    let secrets = SecretFiles::beside("tulay.toml")
        .environment(|name| (name == "ACME_KEY").then(|| "s3cret".to_owned()));
    Tulay::builder().adapter(AcmeAdapter).secrets(Arc::new(secrets)).read("tulay.toml", text)
}

#[test]
fn providers_come_in_the_order_of_the_file() {
    let tulay = read(
        r#"
namespace = "acme-ph"

[webhook]
public_url = "https://pay.example.com/notify/"

[providers.second-by-name]
adapter = "acme"
account = "one"
key = { env = "ACME_KEY" }

[providers.first-by-name]
adapter = "acme"
account = "two"
key = { env = "ACME_KEY" }
limits.most = "1000.00"
"#,
    )
    .unwrap();
    let names: Vec<&str> = tulay.providers().map(|provider| provider.id().as_str()).collect();
    assert_eq!(names, ["second-by-name", "first-by-name"]);
    assert_eq!(tulay.namespace().as_str(), "acme-ph");
    assert!(tulay.confirms_production());
    let first = ProviderId::new("first-by-name").unwrap();
    assert_eq!(tulay.adapter(&first), Some("acme"));
    assert_eq!(tulay.assumptions(&first).len(), 1);
    let provider = tulay.provider(&first).unwrap();
    assert!(format!("{provider:?}").contains("https://pay.example.com/notify/first-by-name"));
    let settings: Vec<String> = tulay
        .settings()
        .iter()
        .map(|setting| format!("{}: {} = {}", setting.line, setting.key, setting.value))
        .collect();
    insta::assert_snapshot!(settings.join("\n"));
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let mistakes = [
        ("not TOML", "namespace = \n[providers"),
        ("an unknown key", "namespace = \"a\"\nnamspace = \"b\"\n[providers]"),
        ("a namespace that is none", "namespace = \"Acme PH\"\n[providers]"),
        ("nothing", ""),
        ("no adapter", "namespace = \"a\"\n[providers.x]\naccount = \"1\""),
        ("an unknown adapter", "namespace = \"a\"\n[providers.x]\nadapter = \"stripe\""),
        (
            "a provider name that is none",
            "namespace = \"a\"\n[providers.\"X Y\"]\nadapter = \"acme\"",
        ),
        (
            "an address that is none",
            "namespace = \"a\"\nwebhook = { public_url = \"pay\" }\n[providers]",
        ),
        (
            "several at once",
            r#"namespace = "a"
confirm_production = "no"
[providers.one]
adapter = "acme"
account = ""
key = { env = "ACME_KEY" }
[providers.two]
adapter = "acme"
acount = "1"
[providers.three]
adapter = "acme"
account = "1"
key = { env = "GONE" }
[providers.four]
adapter = "acme"
account = "1"
key = { file = "gone.pem" }
[providers.five]
adapter = "acme"
account = "1"
key = { env = "ACME_KEY" }
limits = { most = "1,000.00" }
[providers.six]
adapter = "acme"
account = 7
key = { env = "ACME_KEY" }
"#,
        ),
    ];
    let shown: Vec<String> = mistakes
        .iter()
        .map(|(what, text)| format!("# {what}\n{}", read(text).unwrap_err()))
        .collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn a_secret_never_shows() {
    let text = r#"
namespace = "a"
[providers.x]
adapter = "acme"
account = "1"
api_token = "inline-s3cret"
key = { env = "ACME_KEY" }
"#;
    let error = read(text).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    let tulay = read(&text.replace("api_token = \"inline-s3cret\"\n", "")).unwrap();
    assert!(!format!("{tulay:?} {:?}", tulay.settings()).contains("s3cret"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Tulay::builder().load("no/such/tulay.toml").unwrap_err();
    assert!(error.to_string().starts_with("no/such/tulay.toml: "), "{error}");
}

#[test]
fn schemas_are_json_by_adapter() {
    let schemas = Tulay::builder().adapter(AcmeAdapter).schemas();
    assert_eq!(schemas.keys().copied().collect::<Vec<_>>(), ["acme", "regional", "starpay"]);
}

const TWO: &str = r#"namespace = "a"
[providers.one]
adapter = "acme"
account = "1"
key = { env = "ACME_KEY" }
[providers.two]
adapter = "acme"
account = "2"
key = { env = "ACME_KEY" }
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
        ["payout, country PH, by wallet, at most 50000 (tulay.toml:11)", "payout (tulay.toml:18)"]
    );
    assert_eq!(tulay.router().rules()[0].providers[0].as_str(), "two");
    let shown = tulay.settings().iter().find(|setting| setting.key == "routes.1.use").unwrap();
    assert_eq!((shown.value.as_str(), shown.line), ("[\"one\"]", 20));
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
    ];
    let shown = mistakes.map(|route| {
        let error = read(&format!("{TWO}[[routes]]\n{route}\n")).unwrap_err();
        format!("# {}\n{error}", route.replace('\n', "; "))
    });
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn one_rule_may_be_for_several_operations() {
    let rule = "[[routes]]\noperation = [\"payout\", \"static_code\"]\nuse = [\"two\", \"one\"]\n";
    let tulay = read(&format!("{TWO}{rule}")).unwrap();
    let rules = tulay.router().rules().iter().map(|rule| (rule.operation, rule.place.clone()));
    let place = "tulay.toml:10".to_owned();
    assert_eq!(
        rules.collect::<Vec<_>>(),
        [(Operation::Payout, place.clone()), (Operation::Code, place)]
    );
    for (operations, expected) in [
        ("[]", "expected at least one operation"),
        ("[\"payout\", \"payout\"]", "payout is named twice"),
        ("[\"payout\", \"balance\"]", "unknown variant `balance`"),
        ("7", "an operation such as \"payout\", or a list of them"),
    ] {
        let rule = format!("[[routes]]\noperation = {operations}\nuse = [\"one\"]\n");
        let error = read(&format!("{TWO}{rule}")).unwrap_err().to_string();
        assert!(error.contains(expected), "{operations}: {error}");
    }
}
