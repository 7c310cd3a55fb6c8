//! init, doctor, config, providers, institutions, balance.

use crate::{doctor, support::Folder};
use insta::assert_snapshot;
use serde_json::{Value, json};

#[test]
fn init_refuses_to_overwrite() {
    let folder = Folder::initialised();
    let config = folder.read("tulay.toml");
    let again = folder.run(&["init"]);
    assert_eq!(again.exit, 2);
    assert!(again.err.contains("exists already"), "{}", again.err);
    assert_eq!(folder.read("tulay.toml"), config);
    assert_eq!(folder.run(&["config", "check"]).exit, 0);
    // A journal that is there may know payouts of another namespace.
    let other = Folder::new();
    other.write("tulay.db", folder.read_bytes("tulay.db"));
    let refused = other.run(&["init"]);
    assert_eq!(refused.exit, 2);
    assert!(
        refused.err.contains("tulay.db exists already; nothing was written"),
        "{}",
        refused.err
    );
    assert!(!other.path().join("tulay.toml").exists());
}

#[test]
fn a_healthy_set_up_has_nothing_to_fix() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let checks = |arguments: &[&str], subject: &str| {
        let ended = folder.run(arguments);
        assert_eq!(ended.exit, 0, "{}{}", ended.out, ended.err);
        doctor::checks(&ended).iter().filter(|check| check["subject"] == subject).count()
    };
    // Signatures are checked with each of the two accounts, and reported once.
    for (subject, times) in [("reachable", 1), ("signatures", 1), ("clock", 1), ("assumed", 1)] {
        let found = checks(&["doctor", "--json"], &format!("starpay: {subject}"));
        assert_eq!(found, times, "{subject}");
    }
    assert!(checks(&["doctor", "-v", "--json"], "starpay: assumed") > 10);
    assert_eq!(checks(&["doctor", "--json"], "journal"), 1);
}

#[cfg(unix)]
#[test]
fn doctor_reports_the_journal() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let of_journal = |verdict: &str| {
        let checks = doctor::checks(&folder.run(&["doctor", "--json"]));
        let mut found = checks.into_iter().filter(|check| {
            (check["subject"] == "journal" || check["subject"] == "files")
                && check["verdict"] == verdict
        });
        found.next().map(|check| check["problem"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(of_journal("note"), None);
    assert_eq!(folder.run(&["pause", "--all", "--reason", "x"]).exit, 0);
    assert!(of_journal("note").unwrap().starts_with("sending is paused by"));
    assert_eq!(folder.run(&["resume", "--all", "--reason", "x"]).exit, 0);
    let file = folder.path().join("tulay.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(of_journal("note").unwrap().contains("tulay.db has personal data"));
    folder.remove_journal();
    assert!(of_journal("note").unwrap().contains("does not exist yet"));
    assert!(!file.exists(), "doctor makes none");
    folder.write("tulay.db", "no database");
    assert!(of_journal("bad").unwrap().contains("not an SQLite database"));
}

#[test]
fn doctor_names_a_problem_and_its_fix() {
    let folder = Folder::initialised();
    folder.edit("http://127.0.0.1:8400", "http://127.0.0.1:9");
    let ended = folder.run(&["doctor"]);
    assert_eq!(ended.exit, 1);
    assert!(ended.out.contains("tulay sandbox"), "{}", ended.out);
    assert!(!ended.out.contains("signatures"), "without a response, signatures are not checked");
}

#[test]
fn mistakes_in_the_configuration_have_their_place() {
    let folder = Folder::initialised();
    folder.edit("merchant_id = \"101510000001\"", "merchantid = \"1\"");
    let ended = folder.run(&["config", "check"]);
    assert_eq!(ended.exit, 2);
    assert!(
        ended.err.contains("tulay.toml:9:1: providers.starpay.merchantid: unknown key"),
        "{}",
        ended.err
    );
    let ended = folder.run(&["config", "check", "--json"]);
    assert_eq!(ended.error()["line"], 9);
}

#[test]
fn a_collection_without_refunds_is_warned_of() {
    let folder = Folder::initialised().with_second_provider();
    assert_eq!(folder.run(&["config", "check", "--json"]).json()["warnings"], json!([]));
    folder.edit(r#"use = ["regional"]  # regional"#, r#"use = ["starpay", "regional"] #"#);
    let checked = folder.run(&["config", "check", "--json"]).json();
    let [warning] = &checked["warnings"].as_array().unwrap()[..] else { panic!("{checked}") };
    let warning = warning.as_str().unwrap();
    assert!(warning.starts_with("tulay.toml:"), "{warning}");
    assert!(warning.contains("this rule may choose starpay, which cannot refund"), "{warning}");
    let _sandbox = folder.sandbox();
    let ended = folder.run(&["doctor", "--json"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let checks = doctor::checks(&ended);
    let of_routes = checks.iter().filter(|check| check["subject"] == "routes");
    let verdicts: Vec<_> = of_routes.map(|check| check["verdict"].clone()).collect();
    assert_eq!(verdicts, ["good", "note"], "{checks:?}");
    assert!(!ended.err.contains("cannot refund"), "it is reported once: {}", ended.err);
    let collect = |more: &[&str]| {
        folder.run(&[&["collection", "create", "--amount", "10.00"], more].concat())
    };
    let named = ["C1", "--provider", "starpay"];
    for (more, expected) in [(&named[..], 0), (&["C2", "-q"], 0), (&["C3"], 1), (&["C3"], 0)] {
        let ended = collect(more);
        assert_eq!(ended.exit, 0, "{}", ended.err);
        let warnings =
            ended.err.matches("this rule may choose starpay, which cannot refund").count();
        assert_eq!(warnings, expected, "{}", ended.err);
    }
}

#[test]
fn keys_that_do_not_fit_are_found_before_anything_is_sent() {
    let folder = Folder::initialised();
    folder.edit("keys/starpay.merchant.pem", "keys/starpay.merchant.pub.pem");
    let ended = folder.run(&["config", "check"]);
    assert_eq!(ended.exit, 2);
    assert!(ended.err.contains("providers.starpay.private_key"), "{}", ended.err);
    assert!(ended.err.contains("it is a public key"), "{}", ended.err);

    let folder = Folder::initialised();
    folder.edit("keys/starpay.simulator.pub.pem", "keys/starpay.merchant.pub.pem");
    let ended = folder.run(&["config", "check"]);
    assert!(ended.err.contains("this is the merchant's own"), "{}", ended.err);
}

#[test]
fn what_is_in_force_is_shown_with_its_line() {
    let folder = Folder::initialised();
    folder.edit("namespace = \"", "namespace = \"x");
    let shown = folder.run(&["config", "show", "--output", "csv"]).out;
    let without_namespace: Vec<&str> =
        shown.lines().filter(|line| !line.starts_with("namespace")).collect();
    assert_snapshot!(without_namespace.join("\n"));
}

#[test]
fn the_schema_is_one_document() {
    let ended = Folder::new().run(&["config", "schema"]);
    assert_eq!(ended.exit, 0);
    let schema = ended.json();
    assert_eq!(schema["title"], "tulay.toml");
    let adapters = &schema["properties"]["providers"]["additionalProperties"]["oneOf"];
    let adapters = adapters.as_array().unwrap();
    let name =
        |adapter: &Value| adapter["properties"]["adapter"]["const"].as_str().unwrap().to_owned();
    let names: Vec<String> = adapters.iter().map(name).collect();
    assert!(names.is_sorted() && names.contains(&"starpay".to_owned()), "{names:?}");
    for adapter in adapters {
        let properties = &adapter["properties"];
        assert_eq!(properties["same_books"]["type"], "array");
        for text in ["environment", "base_url"] {
            assert_eq!(properties[text]["anyOf"][1]["required"], json!(["env"]), "{text}");
        }
        assert_eq!(properties["adapter"]["anyOf"], json!(null));
    }
    for table in ["http", "journal", "worker", "limits", "time"] {
        let table = &schema["properties"][table];
        assert_eq!(table["additionalProperties"], json!(false), "{table}");
    }
    let rule = &schema["properties"]["routes"]["items"];
    assert_eq!(rule["required"], serde_json::json!(["operation", "use"]));
}

#[test]
fn providers_tell_what_they_can() {
    let folder = Folder::initialised();
    assert_snapshot!(folder.run(&["providers", "--json"]).out);
    assert_snapshot!("providers_for_people", folder.run(&["providers"]).out);
}

#[test]
fn institutions_need_no_configuration() {
    let folder = Folder::new();
    assert_snapshot!(folder.run(&["institutions", "gcash"]).out);
    let known = folder.run(&["institutions", "--country", "PH", "--json"]).json();
    assert!(known["institutions"].as_array().unwrap().len() > 80);
    folder.write("names", "G-Xchange, Inc.\nBDO Unibank\nBank of Nowhere\n");
    assert_snapshot!("matched", folder.run(&["institutions", "match", "names"]).out);
    let with_provider = folder.run(&["--sandbox", "institutions", "sun savings"]).out;
    assert!(with_provider.contains("starpay: Sun Savings Bank, Inc."), "{with_provider}");
}

#[test]
fn balances_are_shown() {
    let ended = Folder::new().run(&["--sandbox", "balance", "--json"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert_snapshot!(ended.out);
}

#[test]
fn a_sandbox_listens_to_its_own_machine_only() {
    let ended = Folder::new().run(&["sandbox", "--listen", "0.0.0.0:0"]);
    assert_ne!(ended.exit, 0);
    assert!(ended.err.contains("loopback"), "{}", ended.err);
}

#[test]
fn arguments_that_do_not_fit_exit_2_in_either_form() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["payout", "creat"]).exit, 2);
    let ended = folder.run(&["payout", "get", "R 1", "--json"]);
    assert_eq!((ended.exit, ended.error()["code"].as_str()), (2, Some("arguments")));
    assert_eq!(folder.run(&["help"]).exit, 0);
    assert_eq!(folder.run(&["--version"]).exit, 0);
}

#[test]
fn what_is_switched_off_names_what_is_missing() {
    let folder = Folder::initialised();
    folder.goes_live();
    folder.edit("\nmerchant_id", "\naccept_unverified = [\"payout\"]\nmerchant_id");
    let row = crate::support::payout("R1", "100.00", "1");
    let output = |arguments: &[&str]| {
        let ended = folder.run_with(arguments, &row);
        assert_ne!(ended.exit, 0, "{}", ended.out);
        ended.out + &ended.err
    };
    let missing = "name payout_find in accept_unverified";
    for arguments in [
        &["doctor", "--output", "jsonl"][..],
        &["--production", "payout", "create", "--file", "-"],
        &["route", "explain", "--file", "-", "--json"],
    ] {
        let output = output(arguments);
        assert!(output.contains(missing), "{arguments:?}: {output}");
        assert!(!output.contains("name payout in") && !output.contains("payout and"), "{output}");
    }
    let config = folder.read("tulay.toml");
    let rule = "[[routes]]\noperation = \"payout\"\nuse = [\"starpay\"]\n";
    folder.write("tulay.toml", format!("{config}\n{rule}"));
    let output = output(&["config", "check"]);
    assert!(output.contains(missing) && !output.contains("name payout in"), "{output}");
}

#[test]
fn doctor_reports_a_problem_once() {
    let folder = Folder::initialised().with_second_provider();
    let signatures = || {
        let ended = folder.run(&["doctor", "--json"]);
        let checks = doctor::checks(&ended);
        let of = |subject: &str| {
            let found = checks.iter().filter(|c| c["subject"] == subject).collect::<Vec<_>>();
            assert_eq!(found.len(), 1, "{subject}: {checks:?}");
            (found[0]["verdict"].clone(), found[0]["fix"].to_string())
        };
        (of("starpay: signatures"), of("regional: signatures"))
    };
    {
        let _sandbox = folder.sandbox();
        let ((starpay, _), (regional, _)) = signatures();
        assert_eq!((starpay, regional), (json!("good"), json!("good")));
        folder.run(&["keygen", "--out", "other"]);
        folder.edit("keys/starpay.merchant.pem", "other.pem");
        folder.edit("keys/regional.merchant.pem", "other.pem");
        let ((_, starpay), (_, regional)) = signatures();
        assert!(starpay.contains("check merchant_id"), "{starpay}");
        assert!(regional.contains("check app_id"), "{regional}");
    }
    let ended = folder.run(&["doctor", "--json"]).out;
    assert_eq!(ended.matches("run `tulay sandbox` in this folder").count(), 2, "{ended}");
}

#[test]
fn a_mistake_is_reported_once_with_its_argument() {
    let folder = Folder::initialised();
    let down = folder.run(&["demo", "--down", "acme"]);
    let expected = "--down acme: expected one of starpay, regional";
    assert!(down.exit == 2 && down.err.contains(expected), "{}", down.err);
    let listen = folder.run(&["sandbox", "--listen", "0.0.0.0:0"]);
    assert_eq!(listen.err.matches("expected a loopback address").count(), 1, "{}", listen.err);
    let _sandbox = folder.sandbox();
    let listed = folder.run(&["institutions", "zzz"]);
    assert!(!listed.err.contains("serves the Philippines"), "{}", listed.err);
}

#[test]
fn init_makes_a_key_pair_for_each_provider() {
    let folder = Folder::initialised();
    let keys = ["starpay", "regional"].map(|provider| {
        folder.read(&format!("keys/{provider}.simulator.pub.pem"));
        let private = folder.read(&format!("keys/{provider}.merchant.pem"));
        assert!(private.contains("PRIVATE KEY"));
        folder.read(&format!("keys/{provider}.merchant.pub.pem"))
    });
    assert_ne!(keys[0], keys[1]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| {
            let metadata = std::fs::metadata(folder.path().join(name)).unwrap();
            metadata.permissions().mode() & 0o777
        };
        assert_eq!(mode("keys"), 0o700);
        assert_eq!(mode("keys/starpay.merchant.pem"), 0o600);
        assert_eq!(mode("keys/regional.simulator.pub.pem"), 0o600);
        assert_eq!(mode("keys/paymongo.secret"), 0o600);
    }
    let other = Folder::initialised();
    for (name, begin) in [("xendit.secret", "xnd_development_"), ("paymongo.secret", "sk_test_")] {
        let secrets = [&folder, &other].map(|folder| folder.read(&format!("keys/{name}")));
        assert!(secrets.iter().all(|secret| secret.starts_with(begin)));
        assert_ne!(secrets[0], secrets[1]);
    }
    let namespaces = [folder, other].map(|folder| {
        let ended = folder.run(&["config", "show", "--json"]).json();
        let namespace = ended["settings"][0]["value"].as_str().unwrap().to_owned();
        namespace.split_once('-').unwrap().1.to_owned()
    });
    assert_eq!(namespaces.clone().map(|random| random.len()), [25, 25]);
    assert_ne!(namespaces[0], namespaces[1]);
}

#[test]
fn a_missing_key_is_a_mistake_in_the_configuration() {
    let folder = Folder::initialised();
    let config = folder.read("tulay.toml");
    folder.write("empty.pem", "");
    for (key, expected) in [
        ("{ file = \"keys/gone.pem\" }", "expected a readable text file at keys/gone.pem"),
        ("{ file = \"keys\" }", "expected a readable text file at keys"),
        ("{ file = \"empty.pem\" }", "expected text in the file empty.pem, which is empty"),
        ("{ env = \"NOT_SET\" }", "expected the variable NOT_SET in the environment"),
        ("{ env = \"SET_EMPTY\" }", "expected text in the variable SET_EMPTY, which is empty"),
        ("{ env = \"hunter2\" }", "expected the variable *** in the environment"),
    ] {
        for (name, line) in [("private_key", "merchant"), ("platform_key", "simulator.pub")] {
            let old = format!("{name} = {{ file = \"keys/starpay.{line}.pem\" }}");
            assert!(config.contains(&old));
            folder.write("tulay.toml", config.replacen(&old, &format!("{name} = {key}"), 1));
            let mut command = folder.command(&["config", "check"]);
            let output = command.env("SET_EMPTY", "").output().unwrap();
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{error}");
            assert!(error.contains(&format!("providers.starpay.{name}: {expected}")), "{error}");
            assert!(error.contains("tulay.toml:"), "{error}");
        }
    }
}

#[test]
fn a_value_pasted_as_a_variable_s_name_is_not_shown() {
    let folder = Folder::initialised();
    folder.edit("{ file = \"keys/starpay.merchant.pem\" }", "{ env = \"sk_live_4eC39HqLyjWD\" }");
    for arguments in [&["config", "show"][..], &["config", "show", "--json"], &["config", "check"]]
    {
        let ended = folder.run(arguments);
        assert!(!(ended.out + &ended.err).contains("sk_live"), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_configuration_of_another_user_is_not_used() {
    let folder = Folder::initialised();
    let config = folder.path().join("tulay.toml");
    // Only an administrator can give a file away; for others, the rule is tested where it stands.
    if std::os::unix::fs::chown(&config, Some(4321), None).is_err() {
        return;
    }
    for arguments in [&["config", "check"][..], &["balance"], &["sandbox", "ledger"], &["doctor"]] {
        let ended = folder.run(arguments);
        assert_eq!(ended.exit, 2, "{arguments:?} {}", ended.out);
        assert!(ended.err.contains("belongs to another user"), "{}", ended.err);
    }
    assert_eq!(folder.run(&["config", "check", "--config", "tulay.toml"]).exit, 0);
}

#[test]
fn a_published_key_stops_every_command() {
    let folder = Folder::initialised();
    folder.goes_live();
    let row = crate::support::payout("R1", "100.00", "1");
    for platform in ["keys/starpay.simulator.pub.pem", "keys/theirs.pub.pem"] {
        let config = folder.read("tulay.toml");
        folder.write("tulay.toml", config.replace("keys/theirs.pub.pem", platform));
        for arguments in [
            &["config", "check"][..],
            &["doctor"],
            &["balance"],
            &["--production", "payout", "create", "--no-wait", "--file", "-"],
            &["payout", "get", "R1"],
            &["collection", "get", "C1"],
        ] {
            let ended = folder.run_with(arguments, &row);
            let refused = ended.err.contains("published with Tulay");
            assert_eq!(refused, platform.contains("simulator"), "{arguments:?} {}", ended.err);
            assert!(!refused || ended.exit == 2, "{arguments:?} {}", ended.err);
        }
        folder.write("tulay.toml", config);
    }
}

#[test]
fn the_sandbox_of_the_configuration_is_controlled() {
    let folder = Folder::initialised();
    // Without a configuration, the default; nothing is there.
    let other = Folder::new();
    let ended = other.run(&["sandbox", "ledger"]);
    assert!(
        ended.err.contains("sandbox at http://127.0.0.1:8400 (no configuration"),
        "{}",
        ended.err
    );
    let sandbox = folder.sandbox();
    let origin = &sandbox.origin;
    for arguments in
        [&["sandbox", "ledger"][..], &["sandbox", "advance", "1m"], &["sandbox", "reset"]]
    {
        let ended = folder.run(arguments);
        assert_eq!(ended.exit, 0, "{}", ended.err);
        let said = format!("sandbox at {origin} (base_url of tulay.toml)");
        assert!(ended.err.contains(&said), "{}", ended.err);
    }
    let ended = other.run(&["sandbox", "ledger", "--at", origin]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let pay = folder.run(&["sandbox", "pay", "C1"]);
    assert!(pay.err.contains(origin.as_str()) && !pay.err.contains(":8400"), "{}", pay.err);

    folder.edit(&format!("\"{origin}/starpay\""), "{ env = \"STARPAY_URL\" }");
    let mut command = folder.command(&["sandbox", "ledger"]);
    let output = command.env("STARPAY_URL", format!("{origin}/starpay")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder.goes_live();
    let ended = folder.run(&["sandbox", "reset"]);
    assert_eq!(ended.exit, 2);
    assert!(ended.err.contains("no provider of tulay.toml is simulated"), "{}", ended.err);
}

#[test]
fn completions_are_a_script() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ended = folder.run(&["completions", shell]);
        assert_eq!((ended.exit, ended.err.as_str()), (0, ""));
        assert!(ended.out.contains("static-code") && ended.out.contains("doctor"), "{shell}");
    }
    assert_eq!(folder.run(&["completions", "tcsh"]).exit, 2);
}

#[test]
fn manual_pages_are_written() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["man", "pages"]).exit, 0);
    assert!(folder.read("pages/tulay.1").contains("Exit status"));
    assert!(folder.read("pages/tulay-payout-create.1").contains("payout"));
}

#[test]
fn the_version_is_a_number_and_perhaps_a_revision() {
    let version = Folder::new().run(&["--version"]).out;
    let (name, version) = version.trim().split_once(' ').unwrap();
    let (number, revision) = version.split_once(' ').unwrap_or((version, "(0)"));
    assert_eq!((name, number), ("tulay", env!("CARGO_PKG_VERSION")));
    assert!(revision.starts_with('(') && revision.ends_with(')'), "{version}");
}
