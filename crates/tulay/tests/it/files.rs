//! Files as a whole.

use crate::acme::{AcmeAdapter, read};
use std::{
    future::Future as _,
    task::{Context, Poll, Waker},
};
use tulay::{routing::*, *};

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
            "a webhook key that is not there",
            "namespace = \"a\"\nwebhook = { public_url = \"https://a.example\", key = { env = \"GONE\" } }\n[providers]",
        ),
        (
            "a webhook key that is too short",
            "namespace = \"a\"\nwebhook = { public_url = \"https://a.example\", key = { env = \"ACME_KEY\" } }\n[providers]",
        ),
        (
            "a webhook key in the file",
            "namespace = \"a\"\nwebhook = { public_url = \"https://a.example\", key = \"s3cret\" }\n[providers]",
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
fn public_url_obeys_the_rules_of_an_address() {
    let read = |url: &str| {
        read(&format!("namespace = \"a\"\nwebhook = {{ public_url = \"{url}\" }}\n[providers]"))
    };
    for url in
        ["https://pay.example.com/notify", "https://pay.example.com", "http://127.0.0.1:8300/"]
    {
        assert!(read(url).is_ok(), "{url}");
    }
    for url in [
        "http://pay.example.com/notify",
        "ftp://pay.example.com/",
        "https://user:w0rd@pay.example.com/",
        "https://user@pay.example.com/",
        "https://pay.example.com/?token=w0rd",
        "https://pay.example.com/#w0rd",
        "pay.example.com/notify",
        "https://",
    ] {
        let error = read(url).unwrap_err().to_string();
        assert!(error.starts_with("tulay.toml:2:26: webhook.public_url: expected "), "{error}");
        assert!(!error.contains("w0rd"), "{error}");
    }
}

#[test]
fn a_value_in_place_of_a_variable_is_not_shown() {
    for pasted in ["sk_live_4eC39HqLyjWDarjt", "hunter2", "AKIAIOSFODNN7EXAMPLE"] {
        let text = format!(
            "namespace = \"a\"\n[providers.x]\nadapter = \"acme\"\naccount = \"1\"\nkey = {{ env = \"{pasted}\" }}"
        );
        let error = read(&text).unwrap_err();
        assert!(
            error.to_string().contains("providers.x.key: expected the variable ***"),
            "{error}"
        );
        let tulay = Tulay::builder().adapter(AcmeAdapter).capabilities_only();
        let settings = format!("{:?}", tulay.read("tulay.toml", &text).unwrap().settings());
        assert!(!settings.contains(pasted), "{settings}");
    }
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
fn without_keys_a_file_is_read_and_nothing_can_be_sent() {
    let text = r#"
namespace = "a"
[providers.x]
adapter = "starpay"
environment = "sandbox"
base_url = "http://127.0.0.1:1/starpay"
merchant_id = "101510000001"
private_key = { file = "gone.pem" }
platform_key = { env = "GONE" }
"#;
    assert!(Tulay::builder().read("tulay.toml", text).is_err());
    let tulay = Tulay::builder().capabilities_only().read("tulay.toml", text).unwrap();
    let payment = Payment::new(Operation::Payout, Country::PH, Currency::PHP, Channel::Bank);
    let provider = tulay.plan(&payment).first().unwrap().provider;
    let balances = provider.roles().balances.unwrap();
    let [(account, country, currency), ..] = balances.accounts() else { panic!("no account") };
    let asked = balances.balance(*account, *country, *currency);
    let asked = std::pin::pin!(asked).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Err(error)) = asked else { panic!("it answered") };
    assert!(format!("{error:?} {error}").contains("keys were not opened"), "{error:?}");
}

#[test]
fn schemas_are_json_by_adapter() {
    let built_in = Tulay::builder().schemas();
    let schemas = Tulay::builder().adapter(AcmeAdapter).schemas();
    assert!(built_in.contains_key("starpay") && !built_in.contains_key("acme"));
    assert!(schemas.contains_key("acme"));
    assert_eq!(schemas.len(), built_in.len() + 1);
}
