//! The messages of the command: `cargo xtask messages` collects them into `docs/messages.md`.

use crate::support::{Ended, Folder, payout};

/// What one command printed beside its result, as `exit N KIND: MESSAGE`; the kind of an error is
/// that of the call, or its code.
fn messages(folder: &Folder, origin: &str, arguments: &[&str], input: &str) -> String {
    let Ended { exit, err, .. } = folder.run_with(arguments, input);
    let folder = folder.path().canonicalize().unwrap().display().to_string();
    let mut lines = Vec::new();
    for line in err.lines().filter(|line| !line.contains(" · ")) {
        let error: Option<serde_json::Value> = serde_json::from_str(line).ok();
        let Some(error) = error.as_ref().map(|line| &line["error"]) else {
            lines.push(format!("result: {}", line.trim()));
            continue;
        };
        let kind = error["kind"].as_str().or(error["code"].as_str()).unwrap();
        let message = error["message"].as_str().unwrap();
        // The usage follows an empty line; a list of arguments is indented.
        let message = message.split("\n\n").next().unwrap().replace("\n  ", " ");
        lines.extend(message.lines().map(|line| format!("{kind}: {line}")));
        let next = error["next"].as_array().unwrap().iter();
        lines.extend(next.map(|next| format!("{kind}: next: {}", next.as_str().unwrap())));
    }
    assert!(!lines.is_empty(), "{arguments:?} prints nothing");
    let lines = lines.iter().map(|line| {
        let line = line.replace(&folder, "DIR").replace(origin, "http://127.0.0.1:8400");
        format!("exit {exit} {line}\n")
    });
    format!("$ tulay {}\n{}", arguments.join(" "), lines.collect::<String>())
}

const CREATE: [&str; 4] = ["payout", "create", "--file", "-"];

#[test]
fn payouts() {
    let folder = Folder::initialised().with_second_provider();
    let sandbox = folder.sandbox();
    let mut shown = String::new();
    let mut show = |more: &[&str], reference: &str, amount: &str, account: &str| {
        let arguments = [&CREATE[..], more].concat();
        let input = payout(reference, amount, account);
        shown.push_str(&messages(&folder, &sandbox.origin, &arguments, &input));
    };
    folder.run_with(&CREATE, &payout("R1", "100.00", "0011"));
    show(&[], "R1", "100.00", "0011");
    show(&[], "R1", "95.00", "0011");
    show(&[], "R3", "100.00", "991001");
    show(&[], "R3", "100.00", "0011");
    show(&["--wait", "700ms"], "R4", "100.00", "993001");
    show(&["--no-wait"], "R5", "100.00", "993001");
    show(&["--json"], "R6", "0", "0011");
    show(&["--json", "--config", "none.toml"], "R6", "1.00", "0011");
    let malaysian = include_str!("../../../../examples/regional/payout-my.json");
    let malaysian = malaysian.replace("P-MY", "R1");
    let mut show = |arguments: &[&str], input: &str| {
        let arguments = [arguments, &["--json"]].concat();
        shown.push_str(&messages(&folder, &sandbox.origin, &arguments, input));
    };
    show(&CREATE, &malaysian);
    show(&CREATE, "[]");
    show(&CREATE, r#"{"reference":"R1","acount":"1"}"#);
    let through = |provider: &str| {
        let named = format!(r#"{{"provider":"{provider}","#);
        payout("R6", "1.00", "990418").replacen('{', &named, 1)
    };
    show(&CREATE, &through("acme"));
    show(&["payout", "get", "R9"], "");
    show(&["payout", "wait", "R1", "--wait", "soon"], "");
    show(&["payout", "cancel", "R1"], "");
    show(&["payout", "cancel", "R4"], "");
    show(&["payout", "list", "--status", "lost"], "");
    show(&["pause", "--provider", "acme", "--reason", "holiday"], "");
    let mut show = |arguments: &[&str]| {
        shown.push_str(&messages(&folder, &sandbox.origin, arguments, ""));
    };
    show(&["payout", "cancel", "R5"]);
    shown.push_str(&messages(&folder, &sandbox.origin, &CREATE, &through("starpay")));
    let mut show = |arguments: &[&str]| {
        shown.push_str(&messages(&folder, &sandbox.origin, arguments, ""));
    };
    assert_eq!(folder.run(&["pause", "--all", "--reason", "holiday", "--actor", "ana"]).exit, 0);
    show(&["payout", "get", "R4"]);
    assert_eq!(folder.run(&["resume", "--all", "--reason", "it is over"]).exit, 0);
    insta::assert_snapshot!(shown);
}

#[test]
fn collections_and_refunds() {
    let folder = Folder::initialised().with_second_provider();
    let sandbox = folder.sandbox();
    let payer = r#"{"name":"Ana Reyes","email":"ana@example.com","mobile":"09171234567"}"#;
    folder.write("payer.json", payer);
    let create = |reference: &str| {
        let line = format!(
            "collection create {reference} --amount 100.00 --provider regional --payer payer.json \
             --return-url https://example.com/thanks"
        );
        assert_eq!(folder.run(&line.split(' ').collect::<Vec<_>>()).exit, 0, "{line}");
    };
    create("C1");
    create("C2");
    assert_eq!(folder.run(&["sandbox", "pay", "C1", "--at", &sandbox.origin]).exit, 0);
    let refunded = "refund create F1 --collection C1 --amount 60.00";
    assert_eq!(folder.run(&refunded.split(' ').collect::<Vec<_>>()).exit, 0);
    let mut shown = String::new();
    for line in [
        "collection create C3 --amount 100.00 --provider regional",
        "collection create C3 --amount 0 --provider starpay",
        "collection get C9",
        "collection get C1 --country ID",
        "collection cancel C1",
        "collection create C4 --amount 1.00 --method wechat",
        "collection create C4 --amount 1.00 --return-url thanks",
        "refund create F2 --collection C1 --amount 60.00",
        "refund create F2 --collection C2",
        "refund create F2 --collection C9",
        "refund create F2",
        "refund get F9",
        "static-code get S9",
        "static-code disable S1 --provider regional",
    ] {
        let arguments: Vec<&str> = line.split(' ').chain(["--json"]).collect();
        shown.push_str(&messages(&folder, &sandbox.origin, &arguments, ""));
    }
    let refund = |amount: &str| {
        let line = format!("refund create F1 --collection C1 --amount {amount}");
        let arguments: Vec<&str> = line.split(' ').collect();
        messages(&folder, &sandbox.origin, &arguments, "")
    };
    shown.push_str(&refund("60.00"));
    shown.push_str(&refund("40.00"));
    insta::assert_snapshot!(shown);
}

#[test]
fn setup_and_keys() {
    let folder = Folder::initialised();
    folder.edit("http://127.0.0.1:8400", "http://127.0.0.1:9");
    folder.write("empty", "");
    let public = "keys/starpay.merchant.pub.pem";
    let mut shown = String::new();
    shown.push_str(&messages(
        &folder,
        "none",
        &["payout", "create", "--file", "-", "--wait", "300ms"],
        &payout("R1", "1.00", "0011"),
    ));
    shown.push_str(&messages(
        &folder,
        "none",
        &["verify", "--key", public, "--signature", "AAAA", "empty"],
        "",
    ));
    let mut show = |arguments: &[&str], input: &str| {
        let arguments = [arguments, &["--json"]].concat();
        shown.push_str(&messages(&folder, "none", &arguments, input));
    };
    show(&["verify", "--key", "empty", "--signature", "AAAA", "empty"], "");
    show(&["sign", "--key", public, "empty"], "");
    show(&["keygen", "--out", "keys/starpay.merchant"], "");
    show(&["route", "explain", "--institution", "nobank"], "");
    show(&["collection", "create"], "");
    folder.goes_live();
    show(&CREATE, &payout("R1", "1.00", "0011"));
    folder.write("tulay.toml", "namespce = \"x\"\n");
    show(&["config", "check"], "");
    std::fs::remove_file(folder.path().join("tulay.toml")).unwrap();
    show(&["balance"], "");
    insta::assert_snapshot!(shown);
}
