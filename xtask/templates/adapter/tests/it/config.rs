//! What the README and the schema say about the configuration, against what is read.

use serde::Deserialize;
use std::collections::BTreeSet;
use tulay_core::Adapter;
use tulay_kawayan::{KawayanAdapter, KawayanConfig};

/// The provider's table in the README.
fn sample() -> toml::Table {
    let (_, sample) = include_str!("../../README.md").split_once("```toml\n").unwrap();
    let file: toml::Table = sample.split_once("```").unwrap().0.parse().unwrap();
    file["providers"]["kawayan"].as_table().unwrap().clone()
}

fn read(mut table: toml::Table) -> Result<KawayanConfig, toml::de::Error> {
    assert_eq!(table.remove("adapter"), Some(KawayanAdapter.name().into()));
    KawayanConfig::deserialize(table)
}

fn schema() -> serde_json::Value {
    serde_json::from_str(&KawayanAdapter.config_schema()).unwrap()
}

#[test]
fn the_readme_s_sample_is_read_and_holds_what_is_required() {
    let schema = schema();
    let required: Vec<&str> =
        schema["required"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
    read(sample()).unwrap();
    for key in sample().keys().filter(|key| *key != "adapter") {
        let mut table = sample();
        table.remove(key);
        assert_eq!(read(table).is_err(), required.contains(&key.as_str()), "{key}");
    }
    for key in required {
        assert!(sample().contains_key(key), "the sample lacks {key}");
    }
}

#[test]
fn the_schema_names_every_key_that_is_read_and_no_other() {
    let mut unknown = sample();
    unknown.insert("no such key".into(), true.into());
    // The error lists the keys that there are.
    let error = read(unknown).unwrap_err().to_string();
    let (_, known) = error.split_once("expected one of ").unwrap();
    let mut known: BTreeSet<&str> = known.split('`').skip(1).step_by(2).collect();
    known.insert("adapter");
    let schema = schema();
    let named: BTreeSet<&str> =
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(named, known);
    assert_eq!(schema["properties"]["adapter"]["const"], KawayanAdapter.name());
}

#[test]
fn the_readme_lists_every_assumption() {
    let readme = include_str!("../../README.md");
    let unmentioned = tulay_adapter::policy::unmentioned(KawayanAdapter.assumptions(), readme);
    assert_eq!(unmentioned, [""; 0]);
}
