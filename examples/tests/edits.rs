//! What a new user edits in `tulay.toml`, and nothing else: the program pays through others.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::{path::Path, process::Command};

const FILE: &str = include_str!("../tulay.toml");

/// What the program says, run with this file.
fn paid(name: &str, file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, file).unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_payroll")).arg(&path).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn edited(from: &str, to: &str) -> String {
    assert!(FILE.contains(from), "{from}");
    FILE.replace(from, to)
}

const LARGE: [&str; 2] = [
    "WAGE-2026-11-09 PHP 60,000.00: regional, succeeded",
    "WAGE-2026-11-10 PHP 60,000.00: regional, succeeded",
];

#[test]
fn as_it_stands() {
    let shares = ["ID: 40 through regional", "PH: 2 through regional", "PH: 8 through starpay"];
    assert_eq!(paid("as-it-stands.toml", FILE), [&shares[..], &LARGE].concat());
}

#[test]
fn the_philippine_provider_is_swapped() {
    let file = edited("[\"starpay\", \"regional\"]", "[\"regional\", \"starpay\"]");
    let shares = ["ID: 40 through regional", "PH: 10 through regional"];
    assert_eq!(paid("swapped.toml", &file), [&shares[..], &LARGE].concat());
}

#[test]
fn indonesia_is_split_ninety_to_ten() {
    let split = "use = [{ provider = \"regional\", weight = 90 }, { provider = \"regional-two\", \
                 weight = 10 }]";
    let file = edited("use = [\"regional\"]", split);
    let shares = [
        "ID: 36 through regional",
        "ID: 4 through regional-two",
        "PH: 2 through regional",
        "PH: 8 through starpay",
    ];
    assert_eq!(paid("split.toml", &file), [&shares[..], &LARGE].concat());
    assert_eq!(paid("split.toml", &file), [&shares[..], &LARGE].concat(), "and so at every run");
}

#[test]
fn a_provider_is_capped_at_fifty_thousand_pesos() {
    let capped = r#"amount = { max = "50000.00" }
use = ["regional"]

[[routes]]
operation = "payout"
country = "PH"
use = ["regional-two"]"#;
    let file = edited("use = [\"starpay\", \"regional\"]", capped);
    let shares =
        ["ID: 40 through regional", "PH: 8 through regional", "PH: 2 through regional-two"];
    let large = LARGE.map(|line| line.replace("regional", "regional-two"));
    let expected: Vec<String> = shares.iter().map(|line| (*line).to_owned()).chain(large).collect();
    assert_eq!(paid("capped.toml", &file), expected);
}
