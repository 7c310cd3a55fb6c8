//! Keys that anyone has are refused wherever money is real.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};
use tulay::*;
use tulay_crypto::{PrivateKey, PublicKey};

/// What the list says of each file: its fingerprint, or none.
fn listed() -> Vec<(Option<String>, String)> {
    let list = include_str!("../../src/published_keys.txt");
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (fingerprint, file) = line.split_once(' ').unwrap();
            (Some(fingerprint.to_owned()).filter(|f| f != "-"), file.to_owned())
        })
        .collect()
}

/// Every text in the repository that is a private key, or a public one whose private half is there.
fn published() -> (BTreeSet<String>, BTreeSet<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut private, mut public) = (BTreeSet::new(), BTreeSet::new());
    for (fingerprint, file) in listed() {
        let bytes = fs::read(root.join(&file)).unwrap();
        for bytes in keys_in(&bytes) {
            let found = if let Ok(key) = PrivateKey::parse(&bytes) {
                private.insert(key.to_pkcs8_pem().to_string());
                public.insert(key.public_key().to_spki_pem());
                Some(key.public_key().fingerprint())
            } else if let Ok(key) = PublicKey::parse(&bytes) {
                public.insert(key.to_spki_pem());
                Some(key.fingerprint())
            } else {
                None
            };
            // Some files are keys in a form that is not read here, but by other programs.
            assert!(found.is_none() || found == fingerprint, "{file}: {found:?} is not listed");
        }
    }
    (private, public)
}

/// The file itself; of JSON, each text in it.
fn keys_in(bytes: &[u8]) -> Vec<Vec<u8>> {
    match serde_json::from_slice::<BTreeMap<String, String>>(bytes) {
        Ok(members) => members.into_values().map(String::into_bytes).collect(),
        Err(_) => vec![bytes.to_owned()],
    }
}

fn read(environment: &str, ours: String, theirs: String) -> Result<Tulay, ConfigErrors> {
    let base_url = match environment {
        "sandbox" => "http://127.0.0.1:8400/starpay",
        _ => "https://api.example.com",
    };
    let text = format!(
        "namespace = \"a\"\n[providers.starpay]\nadapter = \"starpay\"\n\
         environment = \"{environment}\"\nbase_url = \"{base_url}\"\n\
         merchant_id = \"101510000001\"\nprivate_key = {{ env = \"OURS\" }}\n\
         platform_key = {{ env = \"THEIRS\" }}\n"
    );
    let secrets = SecretFiles::beside("tulay.toml").environment(move |name| match name {
        "OURS" => Some(ours.clone()),
        _ => Some(theirs.clone()),
    });
    Tulay::builder().secrets(Arc::new(secrets)).read("tulay.toml", &text)
}

#[test]
fn a_published_key_is_refused_where_money_is_real() {
    let (private, public) = published();
    assert!(private.len() >= 10 && public.len() >= 11, "{} {}", private.len(), public.len());
    let (mine, other) = (PrivateKey::generate(2048).unwrap(), PrivateKey::generate(2048).unwrap());
    let mine = mine.to_pkcs8_pem().to_string();
    let theirs = other.public_key().to_spki_pem();
    for environment in ["uat", "production"] {
        assert!(read(environment, mine.clone(), theirs.clone()).is_ok());
        for key in &private {
            let error = read(environment, key.clone(), theirs.clone()).unwrap_err().to_string();
            let place =
                "tulay.toml:7:15: providers.starpay.private_key: this private key is published";
            assert!(error.starts_with(place), "{error}");
            assert!(!error.contains("MII"), "{error}");
        }
        for key in &public {
            let error = read(environment, mine.clone(), key.clone()).unwrap_err().to_string();
            let place =
                "tulay.toml:8:16: providers.starpay.platform_key: the private half of this key";
            assert!(error.starts_with(place), "{error}");
        }
    }
    assert!(public.last().is_some_and(|key| read("sandbox", mine, key.clone()).is_ok()));
}

#[test]
fn a_copy_in_another_form_is_refused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tulay-sandbox/keys");
    let pem = fs::read_to_string(root.join("starpay.platform.public.pem")).unwrap();
    let key = PublicKey::parse(pem.as_bytes()).unwrap();
    let mine = PrivateKey::generate(2048).unwrap().to_pkcs8_pem().to_string();
    let base64 = key.to_spki_base64();
    let wrapped: Vec<&str> =
        base64.as_bytes().chunks(40).map(|c| std::str::from_utf8(c).unwrap()).collect();
    for copy in [
        format!("Platform key of the provider\n\n{pem}\nvalid from 2026"),
        pem.replace('\n', "\r\n"),
        base64.clone(),
        wrapped.join("\n"),
    ] {
        let error = read("production", mine.clone(), copy).unwrap_err().to_string();
        assert!(error.contains("platform_key: the private half"), "{error}");
    }
}
