//! Texts that come from the environment.

use crate::acme::read;
use tulay::*;

fn provider(table: &str) -> Result<Tulay, ConfigErrors> {
    read(&format!("namespace = \"a\"\n[providers.x]\nadapter = \"acme\"\n{table}"))
}

#[test]
fn any_text_of_a_provider_may_be_a_variable() {
    let tulay = provider(
        "account = { env = \"ACME_ACCOUNT\" }\nkey = { env = \"ACME_KEY\" }\n\
         api = { env = \"ACME_API\" }\nenvironment = { env = \"ACME_ENVIRONMENT\" }\n\
         labels = [\"red\", { env = \"ACME_LABEL\" }]",
    )
    .unwrap();
    let account = tulay.providers().next().unwrap().merchant_account();
    assert_eq!((account.account.as_str(), account.host.as_str()), ("shop-1", "env.example"));
    assert_eq!(account.environment, Environment::Uat);
}

#[test]
fn a_variable_that_is_missing_or_empty_has_its_place() {
    for (account, expected) in [
        ("{ env = \"GONE\" }", "expected the variable GONE in the environment"),
        ("{ env = \"EMPTY\" }", "expected text in the variable EMPTY, which is empty"),
        ("{ env = \"hunter2\" }", "expected the variable *** in the environment"),
    ] {
        let error = provider(&format!("account = {account}\nkey = {{ env = \"ACME_KEY\" }}"));
        let error = error.unwrap_err().to_string();
        assert_eq!(error, format!("tulay.toml:4:11: providers.x.account: {expected}"));
    }
    let error = provider("account = \"1\"\nkey = { env = \"EMPTY\" }").unwrap_err().to_string();
    assert!(error.contains("providers.x.key: expected text in the variable EMPTY"), "{error}");
}

#[test]
fn a_value_from_a_variable_is_checked_like_any_other() {
    let error = provider(
        "account = \"1\"\nkey = { env = \"ACME_KEY\" }\nlabels = [{ env = \"BAD_LABEL\" }]",
    );
    let error = error.unwrap_err().to_string();
    assert_eq!(error, "tulay.toml:6:10: providers.x.labels: expected labels without blanks");
}

#[test]
fn what_is_no_text_takes_no_variable() {
    for (table, key) in [
        ("off = { env = \"ACME_ACCOUNT\" }", "providers.x.off"),
        ("limits = { env = \"ACME_ACCOUNT\" }", "providers.x.limits"),
        ("acount = { env = \"ACME_ACCOUNT\" }", "providers.x.acount"),
        ("env = \"ACME_ACCOUNT\"", "providers.x.env"),
        ("api = { env = \"not a name\" }", "providers.x.api"),
        ("api = { file = \"api.txt\" }", "providers.x.api"),
    ] {
        let error = provider(&format!("account = \"1\"\nkey = {{ env = \"ACME_KEY\" }}\n{table}"));
        let error = error.unwrap_err().to_string();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn rules_are_read_with_the_variables() {
    let text = "namespace = \"a\"\n[providers.x]\nadapter = \"starpay\"\nenvironment = \"sandbox\"\n\
                base_url = \"http://127.0.0.1:8400/starpay\"\nmerchant_id = { env = \"MCH\" }\n\
                private_key = { file = \"gone.pem\" }\nplatform_key = { file = \"gone.pem\" }\n";
    let secrets = SecretFiles::beside("tulay.toml")
        .environment(|name| (name == "MCH").then(|| "101510000007".to_owned()));
    let builder = Tulay::builder().secrets(std::sync::Arc::new(secrets)).capabilities_only();
    let tulay = builder.read("tulay.toml", text).unwrap();
    assert_eq!(tulay.providers().next().unwrap().merchant_account().account, "101510000007");
}
