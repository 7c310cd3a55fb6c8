//! doctor: the cause of a problem, and what it is not.

use crate::support::{Ended, Folder};
use serde_json::Value;
use std::{
    io::{Read, Write},
    net::TcpListener,
};

/// Everything that was checked.
pub(crate) fn checks(ended: &Ended) -> Vec<Value> {
    let document = ended.json();
    let list = |name: &str| document[name].as_array().unwrap().clone();
    [list("good"), list("problems")].concat()
}

/// A folder whose only provider answers every request like this.
fn answering(answer: &str) -> Folder {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let answer = answer.to_owned();
    // It ends with the tests.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 65536]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let folder = Folder::initialised().with_second_provider();
    let config = folder.read("tulay.toml");
    let (top, rest) = config.split_once("[providers.starpay]").unwrap();
    let (_, regional) = rest.split_once("[providers.regional]").unwrap();
    let (regional, _) = regional.split_once("[[routes]]").unwrap();
    let regional = regional.replace("http://127.0.0.1:8400", &origin);
    folder.write("tulay.toml", format!("{top}[providers.regional]{regional}"));
    folder
}

fn response(status: &str, head: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{head}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

#[test]
fn keys_are_blamed_only_for_signatures() {
    let page = "<!DOCTYPE html><html><body>Log in to the network</body></html>";
    let code = |code: u32| response("200 OK", "", &format!("{{\"code\":{code},\"msg\":\"x\"}}"));
    let balance = |text: &str| {
        response("200 OK", "", &format!("{{\"code\":10000,\"data\":{{\"balance\":{text}}}}}"))
    };
    for (answer, subject, expected) in [
        (code(21016), "access", "list of allowed addresses"),
        (code(21001), "signatures", "upload the merchant's public key"),
        (code(21008), "clock", "synchronise this clock"),
        (response("200 OK", "content-type: text/html\r\n", page), "reachable", "proxy, firewall"),
        (response("403 Forbidden", "", &format!("\n {page}")), "reachable", "proxy, firewall"),
        (response("502 Bad Gateway", "", page), "reachable", "proxy, firewall"),
        (response("503 Service Unavailable", "", ""), "reachable", "base_url, proxy and firewall"),
        (
            response("301 Moved Permanently", "location: /x\r\n", ""),
            "reachable",
            "redirects are not",
        ),
        (
            response("307 Temporary Redirect", "location: /x\r\n", page),
            "reachable",
            "redirects are not",
        ),
        (response("407 Proxy Authentication Required", "", ""), "reachable", "[http] proxy"),
        (balance("\"1000\""), "balance", "the keys are not the cause"),
        (balance("\"1,000.00\""), "balance", "the keys are not the cause"),
        (balance("null"), "balance", "the keys are not the cause"),
    ] {
        let ended = answering(&answer).run(&["doctor", "--json"]);
        assert_eq!(ended.exit, 1, "{answer}");
        let problems = ended.json()["problems"].as_array().unwrap().clone();
        let bad: Vec<&Value> = problems.iter().filter(|check| check["verdict"] == "bad").collect();
        let [problem] = &bad[..] else { panic!("{answer}: {bad:?}") };
        assert_eq!(problem["subject"], format!("regional: {subject}"), "{answer}: {problem}");
        let fix = problem["fix"].as_str().unwrap();
        assert!(fix.contains(expected), "{answer}: {fix}");
        assert!(problem["problem"].is_string() && !fix.contains("the two keys"), "{problem}");
    }
}

#[test]
fn settings_of_http_are_shown() {
    let folder = Folder::initialised();
    let config = folder.read("tulay.toml");
    folder.write(
        "tulay.toml",
        format!("{config}\n[http]\nproxy = {{ env = \"MY_PROXY\" }}\ntimeout = \"40s\"\n"),
    );
    let _sandbox = folder.sandbox();
    let mut command = folder.command(&["doctor", "--json"]);
    let command = command.env("MY_PROXY", "http://user:pr0xy-word@proxy.example:3128");
    let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let expected = "through the proxy proxy.example:3128; the system's certificates; connect \
                    within 5s, response within 40s";
    assert!(output.contains(expected), "{output}");
    assert!(!output.contains("pr0xy-word"), "{output}");

    folder.write("tulay.toml", config);
    for (name, value, noted) in
        [("HTTPS_PROXY", "http://user:pr0xy-word@p:1", true), ("HTTPS_PROXY", "", false)]
    {
        let mut command = folder.command(&["doctor", "--json"]);
        let output = command.env(name, value).output().unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        assert!(output.contains("no proxy; the system's certificates"), "{output}");
        assert_eq!(output.contains("HTTPS_PROXY is set, and ignored"), noted, "{output}");
        assert!(!output.contains("pr0xy-word"), "{output}");
    }
}

#[test]
fn a_provider_of_real_money_is_not_this_machine() {
    let folder = Folder::initialised();
    folder.goes_live();
    for host in ["127.0.0.1:9", "localhost:9", "[::1]:9", "127.1.2.3:9"] {
        let config = folder.read("tulay.toml");
        folder.write("tulay.toml", config.replace("127.0.0.1:9", host));
        let ended = folder.run(&["doctor", "--json"]);
        assert_eq!(ended.exit, 1);
        let checks = checks(&ended);
        let address = checks.iter().find(|check| check["subject"] == "starpay: address").unwrap();
        assert_eq!(address["verdict"], "bad", "{host}: {address}");
        folder.write("tulay.toml", config);
    }
}

#[cfg(unix)]
#[test]
fn files_that_others_can_reach_are_named() {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    let chmod = |file: &str, mode: u32| {
        let path = folder.path().join(file);
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    };
    let good = folder.run(&["config", "check", "--json"]).json();
    assert_eq!(good["warnings"], serde_json::json!([]));
    for (file, mode, before, expected) in [
        ("keys/starpay.merchant.pem", 0o644, 0o600, "keys/starpay.merchant.pem is secret"),
        ("keys/starpay.merchant.pem", 0o640, 0o600, "chmod 600 keys/starpay.merchant.pem"),
        ("keys/starpay.merchant.pem", 0o604, 0o600, "(mode 0604)"),
        (
            "keys/starpay.simulator.pub.pem",
            0o666,
            0o600,
            "keys/starpay.simulator.pub.pem is trusted",
        ),
        ("tulay.toml", 0o666, 0o644, "tulay.toml is trusted, and other users can change it"),
        ("keys", 0o777, 0o700, "other users can replace the files in the folder keys"),
    ] {
        chmod(file, mode);
        let warned = folder.run(&["config", "check"]);
        assert_eq!(warned.exit, 0, "{}", warned.err);
        assert!(warned.out.contains(expected), "{}", warned.out);
        let ended = folder.run(&["doctor", "--json"]);
        assert_eq!(ended.exit, 0, "{}", ended.err);
        let found = checks(&ended);
        let files = found.iter().find(|check| check["subject"] == "files").unwrap();
        assert_eq!(files["verdict"], "note", "{files}");
        assert!(files.to_string().contains(expected), "{files}");
        chmod(file, before);
    }
    let config = folder.read("tulay.toml");
    folder.write("keys/named", "http://user:password@proxy.example:3128");
    let certificate = include_str!("../../../tulay-http/tests/it/data/server.cert.pem");
    folder.write("keys/ca.pem", certificate);
    for (setting, file, modes, problem) in [
        ("[webhook]\nkey = { file = \"keys/named\" }\n", "keys/named", [0o644, 0o600], "is secret"),
        (
            "[http]\nproxy = { file = \"keys/named\" }\n[webhook]\n",
            "keys/named",
            [0o644, 0o600],
            "is secret",
        ),
        (
            "[http]\nca_file = \"keys/ca.pem\"\n[webhook]\n",
            "keys/ca.pem",
            [0o666, 0o644],
            "is trusted",
        ),
    ] {
        folder.write("tulay.toml", config.replace("[webhook]\n", setting));
        for (mode, is_open) in modes.into_iter().zip([true, false]) {
            chmod(file, mode);
            let warned = folder.run(&["config", "check"]);
            assert_eq!(warned.exit, 0, "{}", warned.err);
            let is_named = warned.out.contains(&format!("{file} {problem}"));
            assert_eq!(is_named, is_open, "{setting}: {}", warned.out);
        }
    }
    folder.write("tulay.toml", config);
    chmod("keys/starpay.simulator.pub.pem", 0o644);
    let ended = folder.run(&["doctor", "--json"]);
    let is_good = |check: &Value| check["subject"] == "files" && check["verdict"] == "good";
    assert!(checks(&ended).iter().any(is_good), "{}", ended.out);
}

#[test]
fn what_production_needs_is_checked() {
    let folder = Folder::initialised();
    let found = |arguments: &[&str], subject: &str| {
        let ended = folder.run(&[&["doctor", "--json"], arguments].concat());
        let checks = checks(&ended);
        let found = checks.iter().find(|check| check["subject"] == subject);
        found.map(|check| check["verdict"].as_str().unwrap().to_owned())
    };
    let production = |subject: &str| found(&["--production"], subject);
    assert_eq!(production("starpay: environment").as_deref(), Some("bad"));
    assert_eq!(production("webhook").as_deref(), Some("bad"), "it is this machine");
    assert_eq!(found(&[], "webhook"), None);

    folder.goes_live();
    folder.edit("http://127.0.0.1:8300/notify", "https://pay.example.com/notify");
    for subject in [
        "environment",
        "keys",
        "webhook",
        "accept_unverified",
        "confirm_production",
        "http.timeout",
    ] {
        assert_eq!(production(subject).as_deref(), Some("good"), "{subject}");
    }
    assert_eq!(production("namespace"), None);
    folder.edit("\nmerchant_id", "\naccept_unverified = [\"payout_find\"]\nmerchant_id");
    folder.edit("namespace = \"", "confirm_production = false\nnamespace = \"acme-ph\" #");
    let config = folder.read("tulay.toml");
    folder.write("tulay.toml", config.replace("[webhook]", "[http]\ntimeout = \"5s\"\n[webhook]"));
    for subject in
        ["providers.starpay.accept_unverified", "confirm_production", "http.timeout", "namespace"]
    {
        assert_eq!(production(subject).as_deref(), Some("note"), "{subject}");
    }
}

/// The checks of the codes that say "no such order", and of the rest that is assumed, in their order.
fn of_assumptions(ended: &Ended) -> Vec<(String, Value)> {
    let problems = ended.json()["problems"].as_array().unwrap().clone();
    let named = problems.into_iter().map(|problem| {
        let (_, what) = problem["subject"].as_str().unwrap().split_once(": ").unwrap_or_default();
        (what.to_owned(), problem)
    });
    named.filter(|(what, _)| ["no such order", "assumed"].contains(&what.as_str())).collect()
}

#[test]
fn codes_that_say_no_such_order_come_first() {
    let folder = Folder::initialised().with_second_provider().with_more_providers();
    let ended = folder.run(&["doctor", "-v", "--json"]);
    let found = of_assumptions(&ended);
    let codes = found.iter().take_while(|(what, _)| what == "no such order");
    let shown: Vec<String> = codes
        .map(|(_, problem)| {
            let text = |member: &str| problem[member].as_str().unwrap().to_owned();
            format!("{}\n  {}\n  {}", text("subject"), text("problem"), text("fix"))
        })
        .collect();
    assert_eq!(found.iter().filter(|(what, _)| what == "no such order").count(), shown.len());
    insta::assert_snapshot!(shown.join("\n"));
    // The simulators agree with the adapters.
    let ended = folder.run(&["doctor", "--json"]);
    assert!(of_assumptions(&ended).iter().all(|(what, _)| what == "assumed"), "{}", ended.out);
}

#[test]
fn replaced_codes_are_no_assumption() {
    let folder = Folder::initialised();
    folder.goes_live();
    let assumed = |ended: &Ended| {
        let found = of_assumptions(ended).into_iter().filter(|(what, _)| what == "no such order");
        let problem =
            |(_, problem): (String, Value)| problem["problem"].as_str().unwrap().to_owned();
        found.map(problem).collect::<Vec<String>>()
    };
    let ended = folder.run(&["doctor", "--json"]);
    let [payouts, collections] = &assumed(&ended)[..] else { panic!("{}", ended.out) };
    assert!(payouts.starts_with("payout_find: code 565"), "{payouts}");
    assert!(collections.starts_with("collection_find: code 566"), "{collections}");
    assert_eq!(of_assumptions(&ended)[2].0, "assumed");

    let live = folder.read("tulay.toml");
    let replaced = "\nnot_found_codes = { collection_find = [\"567\"] }\nmerchant_id";
    folder.write("tulay.toml", live.replacen("\nmerchant_id", replaced, 1));
    let ended = folder.run(&["doctor", "--json"]);
    let [payouts] = &assumed(&ended)[..] else { panic!("{}", ended.out) };
    assert!(payouts.starts_with("payout_find: code 565"), "{payouts}");
    let good = ended.json()["good"].as_array().unwrap().clone();
    let good: Vec<&Value> =
        good.iter().filter(|check| check["subject"] == "starpay: no such order").collect();
    let [check] = &good[..] else { panic!("{good:?}") };
    assert_eq!(check["result"], r#"collection_find: ["567"], as the configuration says"#);

    let wrong = replaced.replace("567", "412");
    folder.write("tulay.toml", live.replacen("\nmerchant_id", &wrong, 1));
    let ended = folder.run(&["config", "check"]);
    let line =
        folder.read("tulay.toml").lines().position(|l| l.starts_with("not_found")).unwrap() + 1;
    let expected = format!(
        "tulay.toml:{line}:39: providers.starpay.not_found_codes.collection_find: not supported \
         here: 412 is listed as \"a parameter is not valid\", which is not \"no such order\""
    );
    assert_eq!(ended.exit, 2);
    assert!(ended.err.contains(&expected), "{}", ended.err);
}
