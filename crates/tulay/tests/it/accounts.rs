//! Which merchant account a table means, and that each has one name.

use crate::acme;
use tulay::*;

/// A table of an account at Starpay's test system.
fn table(name: &str, base_url: &str, more: &str) -> String {
    format!(
        "[providers.{name}]\n\
         adapter = \"starpay\"\n\
         environment = \"uat\"\n\
         base_url = \"{base_url}\"\n\
         merchant_id = \"101510000001\"\n\
         private_key = {{ file = \"merchant.pem\" }}\n\
         platform_key = {{ file = \"starpay.pem\" }}\n\
         {more}\n"
    )
}

fn read(tables: &[String]) -> Result<Tulay, ConfigErrors> {
    let text = format!("namespace = \"a\"\n{}", tables.concat());
    Tulay::builder().capabilities_only().read("tulay.toml", &text)
}

fn host(base_url: &str, more: &str) -> String {
    let tulay = read(&[table("one", base_url, more)]).unwrap();
    tulay.providers().next().unwrap().merchant_account().host.clone()
}

#[test]
fn the_host_is_part_of_the_account() {
    assert_eq!(host("https://API.example.com:8443/pay", ""), "api.example.com");
    assert_eq!(host("https://api.example.com/pay", "same_books = []"), "api.example.com");
    // The provider moved: the first host that kept these books still names them.
    let moved = "same_books = [\"Old.example.com\", \"older.example.com\"]";
    assert_eq!(host("https://api.example.com/pay", moved), "old.example.com");
    // It may name the host of the address as well.
    let listed = "same_books = [\"old.example.com\", \"api.example.com\"]";
    assert_eq!(host("https://api.example.com/pay", listed), "old.example.com");
    assert_eq!(host("https://old.example.com/pay", listed), "old.example.com");
}

#[test]
fn one_account_under_two_names_is_refused_with_both_places() {
    let one = "https://api.example.com/pay";
    let refused = |second: String| {
        let errors = read(&[table("one", one, ""), second]).unwrap_err();
        assert_eq!(errors.errors().len(), 1, "{errors}");
        errors.to_string()
    };
    assert_eq!(
        refused(table("two", "https://api.example.com:444/other", "")),
        "tulay.toml:10:12: providers.two: this is the merchant account of providers.one \
         (tulay.toml:2:12); an account has one name, so remove one of the two tables"
    );
    let other = "https://new.example.com/pay";
    refused(table("two", other, "same_books = [\"api.example.com\"]"));
    refused(table("two", other, "same_books = [\"old.example.com\", \"api.example.com\"]"));
    // Another host is another provider's, until it is named as keeping the same books.
    assert!(read(&[table("one", one, ""), table("two", other, "")]).is_ok());
    let second = table("two", one, "").replace("101510000001", "101510000002");
    assert!(read(&[table("one", one, ""), second]).is_ok());
    // Each names the other: neither is the first of both, and both keep the same books.
    let first = table("one", one, "same_books = [\"new.example.com\"]");
    let second = table("two", other, "same_books = [\"api.example.com\"]");
    assert!(read(&[first, second]).is_err());
}

#[test]
fn an_address_under_any_key_is_the_account_s() {
    let table = |name: &str, more: &str| {
        format!(
            "[providers.{name}]\nadapter = \"acme\"\naccount = \"1\"\nkey = {{ env = \"ACME_KEY\" }}\n{more}\n"
        )
    };
    let read = |first: &str, second: &str| {
        let (first, second) = (table("one", first), table("two", second));
        acme::read(&format!("namespace = \"a\"\n{first}{second}"))
    };
    let (old, new) = ("api = \"https://old.example\"", "api = \"https://new.example\"");
    let moved = "api = \"https://new.example/v2\"\nsame_books = [\"old.example\"]";
    assert!(read(old, new).is_ok());
    for (first, second) in [(old, old), (old, moved), (new, moved), (moved, new)] {
        let error = read(first, second).unwrap_err().to_string();
        assert!(
            error.contains("providers.two: this is the merchant account of providers.one"),
            "{error}"
        );
    }
    let tulay = read(old, &moved.replace("old.example", "older.example")).unwrap();
    let host = |name: &str| tulay.host(&ProviderId::new(name).unwrap()).unwrap().to_owned();
    assert_eq!((host("one"), host("two")), ("old.example".into(), "new.example".into()));
}

#[test]
fn same_books_are_hosts() {
    let refused = |more: &str| {
        read(&[table("one", "https://api.example.com", more)]).unwrap_err().to_string()
    };
    assert_eq!(
        refused("same_books = \"old.example.com\""),
        "tulay.toml:9:14: providers.one.same_books: expected a list of hosts, such as \
         [\"api.example.com\"]"
    );
    for wrong in ["\"https://old.example.com\"", "\"old.example.com:443\"", "\"\"", "7"] {
        assert_eq!(
            refused(&format!("same_books = [\"old.example.com\", {wrong}]")),
            "tulay.toml:9:34: providers.one.same_books: expected a host such as \
             api.example.com, without scheme, port or path",
            "{wrong}"
        );
    }
}
