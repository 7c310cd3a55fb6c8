//! Xendit and PayMongo beside the others: what is looked up by a provider's own id alone, lost answers
//! that are fetched by sending again, and rails.

use crate::support::{Folder, movements, payout};
use serde_json::Value;

/// A payout that names its provider.
fn through(provider: &str, reference: &str, account: &str) -> String {
    let payout = payout(reference, "100.00", account);
    payout.replacen('{', &format!(r#"{{"provider":"{provider}","#), 1)
}

fn collect(folder: &Folder, provider: &str, reference: &str) -> Value {
    let made = folder.run(&[
        "collection",
        "create",
        reference,
        "--amount",
        "100.00",
        "--provider",
        provider,
        "--json",
    ]);
    assert_eq!(made.exit, 0, "{provider}: {}", made.err);
    made.json()
}

#[test]
fn a_collection_is_asked_for_by_the_id_it_was_given() {
    let folder = Folder::initialised().with_more_providers();
    let sandbox = folder.sandbox();
    for provider in ["xendit", "paymongo"] {
        let reference = format!("C-{provider}");
        let made = collect(&folder, provider, &reference);
        let theirs = made["provider_reference"].as_str().unwrap();
        let note = made["note"].as_str().unwrap();
        let (_, command) = note.split_once("tulay ").unwrap();
        assert!(command.contains(&format!("--provider-reference {theirs} ")), "{command}");
        let ask: Vec<&str> = command.split_whitespace().chain(["--json"]).collect();
        let waiting = folder.run(&ask);
        assert_eq!((waiting.exit, &waiting.json()["status"]), (6, &"pending".into()));

        let code = made["payment_instructions"]["text"].as_str().unwrap();
        let paid = folder.run(&["sandbox", "pay", code, "--at", &sandbox.origin]);
        assert_eq!(paid.exit, 0, "{}", paid.err);
        let paid = folder.run(&ask);
        assert_eq!((paid.exit, &paid.json()["status"]), (0, &"paid".into()), "{}", paid.err);

        let without = folder.run(&["collection", "get", &reference, "--provider", provider]);
        assert_eq!(without.exit, 2, "{}", without.err);
        assert!(without.err.contains("--provider-reference ID"), "{}", without.err);
    }
    let elsewhere = folder.run(&["collection", "get", "C-xendit"]);
    assert_eq!(elsewhere.exit, 3, "{}", elsewhere.err);
    let left_out = "A collection at xendit or paymongo is looked up by the provider's own id";
    assert!(elsewhere.err.contains(left_out), "{}", elsewhere.err);
}

#[test]
fn a_provider_asked_by_its_own_id_blocks_no_other() {
    let folder = Folder::initialised().with_more_providers();
    let sandbox = folder.sandbox();
    let made = collect(&folder, "starpay", "C1");
    assert_eq!(made.get("note"), None, "{made}");
    assert_eq!(
        collect(&folder, "starpay", "C1")["note"],
        "it exists already; nothing was sent now"
    );
    let row = through("starpay", "R1", "12340001");
    let paid = folder.run_with(&["payout", "create", "--file", "-", "--json"], &row);
    assert_eq!((paid.exit, &paid.json()["provider"]), (0, &"starpay".into()), "{}", paid.err);
    let doctor = folder.run(&["doctor"]);
    assert_eq!(doctor.exit, 0, "{}{}", doctor.out, doctor.err);
    let balance = folder.run(&["balance", "--json"]);
    assert_eq!(balance.exit, 0, "{}", balance.err);
    assert!(balance.out.contains("\"xendit\""), "{}", balance.out);
    drop(sandbox);
}

#[test]
fn a_lost_answer_is_looked_up_or_given_again() {
    let folder = Folder::initialised().with_more_providers();
    let sandbox = folder.sandbox();
    // Only where an order cannot be looked up by our id, it is sent again for its answer.
    for (reference, provider, sendings) in [("R1", "xendit", 1), ("R2", "paymongo", 2)] {
        let row = through(provider, reference, "12345992001");
        for _ in 0..2 {
            let paid = folder.run_with(&["payout", "create", "--file", "-", "--json"], &row);
            assert_eq!(paid.exit, 0, "{}", paid.err);
            let paid = paid.json();
            assert_eq!((&paid["status"], &paid["attempts"]), (&"succeeded".into(), &1.into()));
        }
        let got = folder.run(&["payout", "get", reference, "--json"]);
        assert_eq!((got.exit, &got.json()["provider"]), (0, &provider.into()), "{}", got.err);
        let events = folder.run(&["payout", "timeline", reference, "--json"]).json();
        let events = events["events"].as_array().unwrap();
        let sent = events.iter().filter(|event| event["event"] == "intended").count();
        assert_eq!(sent, sendings, "{provider}");
    }
    assert_eq!(movements(&folder, &sandbox), 2);
}

#[test]
fn a_refund_by_the_provider_s_id_is_in_the_journal() {
    let folder = Folder::initialised().with_more_providers();
    let sandbox = folder.sandbox();
    let line = "refund create F1 --original pi_1 --payment pay_1 --paid 10.00 --provider paymongo --method redirect";
    let refused = folder.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(refused.exit, 5, "no such payment: {}{}", refused.out, refused.err);
    assert_eq!(movements(&folder, &sandbox), 0);
    let got = folder.run(&["refund", "get", "F1", "--json"]);
    assert_eq!((got.exit, &got.json()["status"]), (5, &"failed".into()), "{}", got.err);
}

#[test]
fn the_embedded_simulator_pays_by_replays() {
    let folder = Folder::new();
    for account in ["12345678", "12345992001", "12345992002"] {
        let row = through("paymongo", "R1", account);
        let create = ["--sandbox", "payout", "create", "--file", "-", "--json"];
        let paid = folder.run_with(&create, &row);
        assert_eq!(paid.exit, 0, "{account}: {}{}", paid.out, paid.err);
        assert_eq!(paid.json()["attempts"], 1, "{account}");
    }
    let rejected = folder.run_with(
        &["--sandbox", "payout", "create", "--file", "-", "--json"],
        &through("paymongo", "R1", "12345990400"),
    );
    assert_eq!((rejected.exit, &rejected.json()["status"]), (5, &"failed".into()));
}

#[test]
fn a_rail_is_read_shown_and_decides() {
    let folder = Folder::new();
    let explain = |rail: &[&str]| {
        let fixed = ["--sandbox", "route", "explain", "--json", "--institution", "BOPIPHMM"];
        let ended = folder.run(&[&fixed, rail].concat());
        assert_eq!(ended.exit, 0, "{}", ended.err);
        ended.json()["candidates"][0]["provider"].clone()
    };
    assert_eq!(explain(&[]), "starpay");
    assert_eq!(explain(&["--rail", "pesonet"]), "paymongo");
    let unknown = folder.run(&["--sandbox", "route", "explain", "--rail", "swift"]);
    assert_eq!(unknown.exit, 2);
    assert!(unknown.err.contains("expected one of instapay, pesonet"), "{}", unknown.err);

    let providers = folder.run(&["--sandbox", "providers"]);
    assert!(providers.out.contains("bank (pesonet)"), "{}", providers.out);
    let providers = folder.run(&["--sandbox", "providers", "--json"]).json();
    let all = providers["providers"].as_array().unwrap();
    let xendit = all.iter().find(|provider| provider["provider"] == "xendit-id").unwrap();
    assert_eq!(xendit["operations"][0]["rail"], "bi_fast", "{xendit}");

    let header =
        "reference,country,amount,currency,rail,institution,account,given_name,family_name";
    let row = |rail| format!("{header}\nA1,PH,100.00,PHP,{rail},BOPIPHMM,3089550101,Ana,Reyes\n");
    folder.write("pay.csv", row("pesonet"));
    let paid = folder.run(&["demo", "--file", "pay.csv", "--json"]);
    assert_eq!(paid.exit, 0, "{}", paid.err);
    assert_eq!(paid.json()["payouts"][0]["provider"], "paymongo");
    folder.write("pay.csv", row("swift"));
    let refused = folder.run(&["demo", "--file", "pay.csv"]);
    assert_eq!(refused.exit, 2);
    assert!(
        refused.err.contains("line 2, column rail: expected one of instapay"),
        "{}",
        refused.err
    );
}
