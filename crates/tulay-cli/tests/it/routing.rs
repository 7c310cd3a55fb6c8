//! route explain and check; rules that change what the demo does.

use crate::support::{Folder, payout};
use insta::assert_snapshot;
use serde_json::Value;

const RULES: &str = r#"namespace = "demo"

[[routes]]
operation = "payout"
country = "PH"
use = [{ provider = "starpay", weight = 60 }, { provider = "regional", weight = 40 }]

[[routes]]
operation = "payout"
use = ["regional"]
"#;

/// A folder whose rules stand in front of what `init` wrote, with both providers.
fn folder(rules: &str) -> Folder {
    let folder = Folder::initialised();
    let tables: Vec<String> = folder
        .read("tulay.toml")
        .lines()
        .skip_while(|line| *line != "[providers.starpay]")
        .map(|line| line.strip_prefix("# ").unwrap_or(line).to_owned())
        .take_while(|line| line != "[[routes]]")
        .filter(|line| line.contains(['=', '[']))
        .collect();
    folder.write("tulay.toml", format!("{rules}\n{}\n", tables.join("\n")));
    folder
}

fn candidates(explained: &Value) -> Vec<&str> {
    let candidates = explained["candidates"].as_array().unwrap();
    candidates.iter().map(|candidate| candidate["provider"].as_str().unwrap()).collect()
}

#[test]
fn a_reference_draws_by_weights_and_always_the_same() {
    let folder = folder(RULES);
    let explain = |more: &[&str]| {
        let ended = folder.run(&[&["route", "explain", "--json"], more].concat());
        assert_eq!(ended.exit, 0, "{}", ended.err);
        ended.json()
    };
    let outline = explain(&[]);
    assert_eq!(candidates(&outline), ["starpay", "regional"], "the heaviest first");
    let firsts: Vec<String> = (0..20)
        .map(|number| {
            let reference = format!("R{number}");
            let (once, again) =
                (explain(&["--reference", &reference]), explain(&["--reference", &reference]));
            assert_eq!(once, again);
            let reason = once["candidates"][0]["reasons"][0].as_str().unwrap();
            assert!(reason.ends_with("of 100, and the reference selects it"), "{reason}");
            candidates(&once)[0].to_owned()
        })
        .collect();
    for id in ["starpay", "regional"] {
        assert!(firsts.iter().any(|first| first == id), "{firsts:?}");
    }
    let collection = explain(&["--operation", "collection"]);
    let reason = collection["candidates"][0]["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with("no rule for this operation"), "{reason}");
}

#[test]
fn what_is_asked_now_may_have_to_wait() {
    let folder = folder(RULES);
    let _sandbox = folder.sandbox();
    let explain = |more: &[&str]| {
        let fixed = ["route", "explain", "--json", "--country", "ID", "--institution", "gopay"];
        folder.run(&[&fixed, more].concat())
    };
    // More than the simulated account holds, and less than any limit.
    let amount = ["--amount", "900000000.00"];
    assert_eq!(candidates(&explain(&amount).json()), ["regional"]);
    let asked = explain(&[&amount[..], &["--now"]].concat());
    assert_eq!(asked.exit, 0, "{}", asked.err);
    let asked = asked.json();
    assert_eq!(candidates(&asked), [""; 0]);
    assert_eq!(asked["later"][0]["provider"], "regional");
    let reason = asked["later"][0]["reasons"][0].as_str().unwrap();
    assert!(reason.ends_with("is too low"), "{reason}");
    assert_eq!(candidates(&explain(&["--amount", "150000.00", "--now"]).json()), ["regional"]);
}

#[test]
fn rules_are_shown_as_they_are_read() {
    let folder = folder(RULES);
    let checked = folder.run(&["route", "check"]);
    assert_eq!(checked.exit, 0, "{}", checked.err);
    assert_snapshot!(checked.out);
    let good = folder.run(&["config", "check", "--json"]).json();
    assert_eq!(good["valid"], true);
    assert_eq!(good["warnings"].as_array().unwrap().len(), 2, "{good}");
}

#[test]
fn rules_that_cannot_work_are_refused_with_their_line() {
    let wrong = RULES.replace("country = \"PH\"", "country = \"PH\"\ncurrency = \"IDR\"");
    let folder = folder(&wrong);
    for command in
        [&["route", "check"][..], &["config", "check"], &["doctor"], &["route", "explain"]]
    {
        let ended = folder.run(command);
        assert_eq!(ended.exit, 2, "{command:?}");
        assert!(
            ended.err.contains("tulay.toml:3:1: routes.0: no provider can carry"),
            "{}",
            ended.err
        );
    }
}

#[test]
fn rules_are_asked_with_capabilities_only() {
    let folder = Folder::new();
    for name in ["tulay.toml", "swap.toml"] {
        let example = format!("{}/../../examples/{name}", env!("CARGO_MANIFEST_DIR"));
        let run = |words: &[&str]| folder.run(&[words, &["--config", &example]].concat());
        for command in [
            &["route", "check"][..],
            &["route", "explain", "--institution", "gcash", "--amount", "1250.00"],
            &["config", "show"],
        ] {
            let ended = run(command);
            assert_eq!(ended.exit, 0, "{command:?}: {}", ended.err);
        }
        let checked = run(&["config", "check"]);
        assert!(checked.err.contains("expected the variable STARPAY_KEY"), "{}", checked.err);
        // What calls a provider needs them.
        let commands =
            [&["route", "explain", "--now"][..], &["balance"], &["doctor"], &["config", "check"]];
        for command in commands {
            assert_eq!(run(command).exit, 2, "{command:?}");
        }
    }
}

#[test]
fn a_key_that_is_there_and_wrong_is_a_mistake() {
    let folder = folder(RULES);
    folder.write("keys/starpay.simulator.pub.pem", "no key");
    let checked = folder.run(&["config", "check"]);
    assert_eq!(checked.exit, 2, "{}", checked.out);
    assert!(checked.err.contains("providers.starpay.platform_key"), "{}", checked.err);
    // A wrong rule is reported even if a key is missing.
    std::fs::remove_file(folder.path().join("keys/starpay.simulator.pub.pem")).unwrap();
    folder.edit("country = \"PH\"", "country = \"XX\"");
    let checked = folder.run(&["route", "check"]);
    assert_eq!(checked.exit, 2);
    assert!(checked.err.contains("routes.0.country"), "{}", checked.err);
}

#[test]
fn a_mistake_for_programs_has_numbers_and_no_empty_words() {
    let folder = folder(RULES);
    folder.edit("country = \"PH\"", "country = \"PH\"\namount = { max = 50000 }");
    let error = folder.run(&["route", "check", "--json"]).error();
    assert_eq!((&error["field"], &error["line"]), (&"routes.0.amount.max".into(), &6.into()));
    let line = &error["lines"][0];
    assert_eq!((&line["line"], &line["column"]), (&6.into(), &18.into()));
    let message = "routes.0.amount.max: write the amount in quotes: \"50000.00\"";
    assert_eq!(line["message"], message);
    folder.write("tulay.toml", "");
    let error = folder.run(&["config", "check", "--json"]).error();
    assert_eq!(error.get("field"), None, "{error}");
    let message = error["lines"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("namespace is missing"), "{message}");
}

/// How many payouts of a country went through each provider, and how often each was tried.
fn of_country(demo: &Value, country: &str) -> Vec<(String, String, u64)> {
    let payouts = demo["payouts"].as_array().unwrap().iter();
    payouts
        .filter(|payout| payout["country"] == country)
        .map(|payout| {
            let text = |name: &str| payout[name].as_str().unwrap_or_default().to_owned();
            (text("provider"), text("reason"), payout["attempts"].as_u64().unwrap())
        })
        .collect()
}

#[test]
fn refused_connections_move_payouts_and_fail_none() {
    let folder = Folder::new();
    let ended = folder.run(&["demo", "--down", "starpay", "--json"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let demo = ended.json();
    let of_ph = of_country(&demo, "PH");
    assert!(of_ph.iter().all(|(provider, ..)| provider == "paymongo"), "{of_ph:?}");
    // The three rows by PESONet have another provider from the start.
    let why = "not through starpay: the provider could not be reached";
    let moved = of_ph.iter().filter(|(_, reason, _)| reason.starts_with(why)).count();
    assert_eq!((moved, of_ph.len()), (22, 25));
    let summary = &demo["summary"];
    assert_eq!((&summary["in_doubt"], &summary["paid_twice"]), (&0.into(), &0.into()));
    let unknown = folder.run(&["demo", "--down", "acme"]);
    assert_eq!(unknown.exit, 2, "{}", unknown.err);
}

#[test]
fn payouts_wait_while_no_provider_is_reached() {
    let folder = Folder::new();
    let ended = folder.run(&["demo", "--down", "regional", "--json"]);
    assert_eq!(ended.exit, 6, "{}", ended.err);
    assert!(ended.err.contains("22 wait to be sent, 0 may have been sent"), "{}", ended.err);
    let demo = ended.json();
    for payout in demo["payouts"].as_array().unwrap() {
        let waits = "it waits: the provider could not be reached";
        let reason = payout["reason"].as_str().unwrap_or_default();
        assert_eq!(payout["status"] == "sending", reason.ends_with(waits), "{payout}");
    }
    let summary = &demo["summary"];
    assert_eq!((&summary["waiting"], &summary["paid_twice"]), (&22.into(), &0.into()));
}

#[test]
fn advancing_time_does_not_break_signatures() {
    let folder = Folder::initialised().with_second_provider();
    let sandbox = folder.sandbox();
    let pay = |reference: &str, provider: &str| {
        // One payee is not paid twice within ten minutes of the journal.
        let number = u32::from_str_radix(reference, 16).unwrap();
        let row = payout(reference, "10.00", &format!("12340{number}"));
        let row = row.replacen('{', &format!(r#"{{"provider":"{provider}","#), 1);
        folder.run_with(&["payout", "create", "--file", "-", "--json"], &row)
    };
    for (round, (first, second)) in [("A1", "A2"), ("B1", "B2")].into_iter().enumerate() {
        for (reference, provider) in [(first, "starpay"), (second, "regional")] {
            let paid = pay(reference, provider);
            assert_eq!(paid.exit, 0, "{round}: {}{}", paid.out, paid.err);
        }
        let balance = folder.run(&["balance", "--json"]);
        assert_eq!(balance.exit, 0, "{}", balance.err);
        let advanced = folder.run(&["sandbox", "advance", "11m", "--at", &sandbox.origin]);
        assert_eq!(advanced.exit, 0, "{}", advanced.err);
    }
}

#[test]
fn who_does_not_answer_is_named_and_keeps_no_balance_back() {
    let folder = Folder::initialised().with_second_provider();
    let _sandbox = folder.sandbox();
    let config = folder.read("tulay.toml");
    let dead: String = config
        .lines()
        .map(|line| match line.strip_suffix("/starpay\"") {
            Some(_) => "base_url = \"http://127.0.0.1:1/starpay\"\n".to_owned(),
            None => format!("{line}\n"),
        })
        .collect();
    folder.write("tulay.toml", dead);
    let balance = folder.run(&["balance", "--json"]);
    assert_eq!(balance.exit, 1, "{}", balance.err);
    assert_eq!(balance.json()["failed"], serde_json::json!(["starpay"]));
    assert_eq!(balance.json()["balances"].as_array().unwrap().len(), 5, "{}", balance.out);
    let why = "starpay: the provider could not be reached";
    assert!(balance.error()["message"].as_str().unwrap().starts_with(why), "{}", balance.err);

    let through = payout("P1", "10.00", "12340001");
    let through = through.replacen('{', r#"{"provider":"regional","#, 1);
    // A provider that is down stops no payout of another one.
    let paid = folder.run_with(&["payout", "create", "--file", "-"], &through);
    assert_eq!(paid.exit, 0, "{}", paid.err);
    let collect = ["collection", "create", "C1", "--amount", "10.00", "--provider", "regional"];
    let ended = folder.run(&collect);
    assert_eq!(ended.exit, 1, "{}", ended.err);
    assert!(ended.err.contains(why), "{}", ended.err);
    let needed = "Nothing was sent now, because every configured provider must answer";
    assert!(ended.err.contains(needed), "{}", ended.err);
}
