//! `[http]` of the file.

use crate::acme::read;
use std::time::Duration;
use tulay::*;

fn http(table: &str) -> Result<Tulay, ConfigErrors> {
    read(&format!("namespace = \"a\"\n[http]\n{table}\n[providers]"))
}

fn refused(table: &str) -> String {
    http(table).unwrap_err().to_string()
}

#[test]
fn settings_are_read() {
    let tulay =
        http("proxy = \"http://proxy.example:3128\"\nconnect_timeout = \"2s\"\ntimeout = \"PT1M\"")
            .unwrap();
    let settings = tulay.http_settings();
    assert_eq!(settings.proxy.as_ref().unwrap().host(), Some("proxy.example"));
    assert_eq!(settings.connect_timeout, Duration::from_secs(2));
    assert_eq!(settings.total_timeout, Duration::from_secs(60));
    let settings = http("").unwrap().http_settings().clone();
    assert_eq!(settings, adapter::HttpSettings::default());
}

#[test]
fn durations_are_between_100ms_and_10m() {
    for duration in ["0s", "99ms", "11m", "-5s", "30", "soon", ""] {
        let error = refused(&format!("timeout = \"{duration}\""));
        assert_eq!(
            error,
            "tulay.toml:3:11: http.timeout: expected a duration from 100ms to 10m, such as \"30s\""
        );
    }
    for (table, place) in [
        ("timeout = \"3s\"", "3:11: http.timeout"),
        ("connect_timeout = \"31s\"", "3:19: http.connect_timeout"),
    ] {
        let error = refused(table);
        assert!(error.contains(place) && error.contains("not shorter than"), "{error}");
    }
}

#[test]
fn a_proxy_s_password_stands_in_a_variable() {
    let tulay = http("proxy = { env = \"ACME_PROXY\" }").unwrap();
    let settings = tulay.http_settings();
    assert_eq!(settings.proxy.as_ref().unwrap().host(), Some("proxy.example"));
    let shown = format!("{settings:?} {tulay:?} {:?}", tulay.settings());
    assert!(!shown.contains("pr0xy-word"), "{shown}");
    for proxy in [
        "\"http://user:pr0xy-word@proxy.example:3128\"",
        "\"socks5://proxy.example:1080\"",
        "\"proxy.example:3128\"",
        "\"http://proxy.example:3128/path\"",
        "\"http://proxy.example?x=pr0xy-word\"",
        "{ env = \"GONE\" }",
        "{ env = \"ACME_ACCOUNT\" }",
        "8080",
    ] {
        let error = refused(&format!("proxy = {proxy}"));
        assert!(error.starts_with("tulay.toml:3:9: http.proxy: "), "{error}");
        assert!(!error.contains("pr0xy-word") && !error.contains("shop-1"), "{error}");
    }
}

#[test]
fn ca_file_is_certificates_in_pem() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tulay-http/tests/it/data");
    let tulay = http(&format!("ca_file = \"{folder}/server.cert.pem\"")).unwrap();
    assert!(tulay.http_settings().only_roots.is_some());
    for file in ["server.key.pem", "gone.pem", "."] {
        let error = refused(&format!("ca_file = \"{folder}/{file}\""));
        assert!(
            error.starts_with("tulay.toml:3:11: http.ca_file: expected certificates"),
            "{error}"
        );
    }
    assert!(refused("roots = \"x\"").contains("unknown key roots"));
}

#[test]
fn a_mistake_in_http_is_reported_beside_others() {
    let text = "namespace = \"a\"\nhttp = { timeout = \"1s\" }\n[providers.x]\nadapter = \"none\"";
    assert_eq!(read(text).unwrap_err().errors().len(), 2);
}
