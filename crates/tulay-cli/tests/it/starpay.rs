//! Every item of Starpay's table of contents, by command: what the table in
//! `docs/providers/starpay.md` lists is run here, and its answers are pinned.

use crate::{support::Folder, tour::Tour};
use insta::assert_snapshot;

/// In a folder as `tulay init` makes it.
fn start() -> Tour {
    Tour::start(Folder::initialised(), "starpay")
}

#[test]
fn section_2_connection() {
    let mut tour = start();
    let found = tour.run("doctor", 0).to_string();
    assert!(found.contains("starpay: reachable") && found.contains("it answers"), "{found}");
}

#[test]
fn section_5_payouts() {
    let mut tour = start();
    let listed = tour.run("institutions --country PH", 0);
    assert!(listed["institutions"].as_array().unwrap().len() > 80);
    tour.transcript.clear();
    tour.run("institutions --country PH gcash", 0);
    for (file, reference) in [
        ("bank", "P-BANK"),
        ("wallet", "P-WALLET"),
        ("own", "P-OWN"),
        ("merchant-code", "P-P2M"),
        ("person-code", "P-P2P"),
    ] {
        tour.run(&format!("payout create --file payout-{file}.json"), 0);
        tour.run(&format!("payout get {reference}"), 0);
    }
    tour.run("payout create --file payout-wrong-account.json", 5);
    tour.run("balance", 0);
    assert_snapshot!(tour.transcript);
}

#[test]
fn section_6_collections() {
    let mut tour = start();
    tour.run("collection create C-1 --amount 100.00 --terminal TILL1", 0);
    tour.run("collection create C-2 --amount 30.00 --terminal TILL1", 3);
    tour.run("sandbox pay C-1", 0);
    tour.run("collection get C-1", 0);
    tour.run("collection create C-3 --amount 30.00 --terminal TILL3", 0);
    tour.run("sandbox advance 16m", 0);
    tour.run("collection get C-3", 5);
    tour.run("collection create C-4 --amount 30.00 --terminal TILL4", 0);
    tour.run("collection cancel C-4", 0);
    tour.run("sandbox pay C-4", 1);
    tour.run("collection create C-5 --amount 30.00 --terminal T-994001", 0);
    tour.run("sandbox pay C-5", 0);
    tour.run("sandbox advance 1m", 0);
    tour.run("collection get C-5", 3);
    tour.run("collection create C-6 --amount 30.00 --terminal T-990417", 5);
    tour.run("balance", 0);
    assert_snapshot!(tour.transcript);
}

#[test]
fn section_6_static_codes() {
    let mut tour = start();
    tour.run("static-code create S-1 --terminal TILL1 --display-name Sari-Sari", 0);
    for amount in ["10.00", "12.50"] {
        tour.run(&format!("sandbox pay S-1 --amount {amount}"), 0);
    }
    tour.run("static-code disable S-1 --terminal TILL1", 0);
    tour.run("sandbox pay S-1 --amount 10.00", 1);
    tour.run("static-code enable S-1 --terminal TILL1", 0);
    tour.run("sandbox pay S-1 --amount 5.00", 0);
    tour.run("balance", 0);
    assert_snapshot!(tour.transcript);
}
