use crate::support::Folder;
use insta::assert_snapshot;
use serde_json::Value;
use std::{collections::BTreeMap, fs};

#[test]
fn sixty_payouts_a_sale_and_nothing_in_doubt() {
    let ended = Folder::new().run(&["demo", "--json"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    // The output depends on the file and the simulator alone: it is the same at every run.
    assert_snapshot!(ended.out);
    let summary = &ended.json()["summary"];
    assert_eq!(summary["total"], 60);
    assert_eq!((summary["in_doubt"].as_i64(), summary["paid_twice"].as_i64()), (Some(0), Some(0)));
}

#[test]
fn a_killed_worker_changes_nothing() {
    let folder = Folder::new();
    let whole = folder.run(&["demo", "--json"]);
    let crashed = folder.run(&["demo", "--crash", "--json"]);
    assert_eq!((whole.exit, crashed.exit), (0, 0), "{}", crashed.err);
    assert_eq!(whole.out, crashed.out, "{}", crashed.err);
    let kills: Vec<&str> =
        crashed.err.lines().filter(|line| line.starts_with("killed the worker: ")).collect();
    assert_eq!(kills.len(), 2, "{}", crashed.err);
    let summary = &crashed.json()["summary"];
    assert_eq!((&summary["in_doubt"], &summary["paid_twice"]), (&0.into(), &0.into()));
}

#[test]
fn a_demo_leaves_no_file() {
    let folder = Folder::new();
    folder.write("pay.csv", FILE.lines().take(2).collect::<Vec<_>>().join("\n"));
    let temporary = folder.path().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = folder.command(&[&["demo", "--file", "pay.csv"], arguments].concat());
        command.env("TMPDIR", &temporary).status().unwrap().code()
    };
    for arguments in [&[][..], &["--crash"], &["--down=nosuch"]] {
        let expected = if arguments == ["--down=nosuch"] { 2 } else { 0 };
        assert_eq!(run(arguments), Some(expected), "{arguments:?}");
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "{arguments:?}");
    }
    let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
    let mut files: Vec<_> = files.collect();
    files.sort();
    assert_eq!(files, ["pay.csv", "temporary"]);
}

#[test]
#[cfg(unix)]
fn an_interrupted_demo_leaves_no_file() {
    use std::io::{BufRead, BufReader};
    let folder = Folder::new();
    let temporary = folder.path().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let mut command = folder.command(&["demo", "--crash"]);
    let mut demo = command.env("TMPDIR", &temporary).spawn().unwrap();
    let mut lines = BufReader::new(demo.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("killed the worker: ")));
    let process = rustix::process::Pid::from_child(&demo);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    assert_eq!(demo.wait().unwrap().code(), Some(143));
    assert!(lines.last().unwrap().contains("interrupted; no money moved"));
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn accounts_that_are_not_simulated_are_refused() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["keygen", "--out", "theirs"]).exit, 0);
    folder.write(
        "rules.toml",
        "namespace = \"demo\"\n\n[providers.live]\nadapter = \"xendit\"\n\
         environment = \"production\"\nbase_url = \"https://127.0.0.1:9/\"\n\
         business_id = \"5f21361959ba6b002e2b0001\"\ncountry = \"PH\"\n\
         secret_key = { file = \"secret\" }\ncallback_token = { file = \"token\" }\n",
    );
    folder.write("secret", "xnd_production_0123456789abcdef");
    folder.write("token", "0123456789abcdef0123456789abcdef");
    let ended = folder.run(&["demo", "--config", "rules.toml"]);
    assert_eq!((ended.exit, ended.out.as_str()), (2, ""), "{}", ended.err);
    assert!(ended.err.contains("simulated providers alone"), "{}", ended.err);
}

/// How many payouts of a country went through each provider.
fn shares(demo: &Value, country: &str) -> BTreeMap<String, usize> {
    let mut shares = BTreeMap::new();
    for payout in demo["payouts"].as_array().unwrap() {
        if payout["country"] == country {
            *shares.entry(payout["provider"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    shares
}

#[test]
fn one_line_swaps_the_philippine_provider() {
    let folder = Folder::new();
    let rules = include_str!("../../../../examples/demo.toml");
    let line = r#"use = ["starpay", "paymongo", "xendit", "regional"]"#;
    assert_eq!(rules.matches(line).count(), 1);
    // PayMongo carries the three rows by PESONet and what Starpay rejects, and Xendit has codes for
    // fewer banks.
    for (names, of_ph) in [
        (r#""starpay", "paymongo""#, &[("paymongo", 4), ("starpay", 21)][..]),
        (r#""regional", "starpay""#, &[("paymongo", 3), ("regional", 22)]),
        (r#""paymongo", "starpay""#, &[("paymongo", 25)]),
        (r#""xendit", "starpay""#, &[("paymongo", 3), ("starpay", 9), ("xendit", 13)]),
    ] {
        folder.write("rules.toml", rules.replace(line, &format!("use = [{names}]")));
        let ended = folder.run(&["demo", "--config", "rules.toml", "--json"]);
        assert_eq!(ended.exit, 0, "{}", ended.err);
        let demo = ended.json();
        let expected = |shares: &[(&str, usize)]| {
            shares.iter().map(|(provider, rows)| ((*provider).to_owned(), *rows)).collect()
        };
        assert_eq!(shares(&demo, "PH"), expected(of_ph), "{names}");
        for (country, of_country) in [
            ("ID", &[("regional", 2), ("xendit-id", 13)][..]),
            ("MY", &[("regional", 10)]),
            ("TH", &[("regional", 10)]),
        ] {
            assert_eq!(shares(&demo, country), expected(of_country), "{names}");
        }
        let summary = &demo["summary"];
        assert_eq!((&summary["in_doubt"], &summary["paid_twice"]), (&0.into(), &0.into()));
    }
}

#[test]
fn a_provider_without_refunds_sells_all_the_same() {
    let folder = Folder::new();
    let rules = include_str!("../../../../examples/demo.toml");
    let (payouts, collection) = rules.rsplit_once("[\"regional\"]").unwrap();
    for (provider, authenticity) in
        [("starpay", "signed"), ("xendit", "shared_token"), ("paymongo", "signed")]
    {
        folder.write("rules.toml", format!("{payouts}[\"{provider}\"]{collection}"));
        let ended = folder.run(&["demo", "--config", "rules.toml", "--json"]);
        assert_eq!(ended.exit, 0, "{provider}: {}", ended.err);
        let demo = ended.json();
        assert_eq!(demo["collection"]["provider"], provider);
        assert_eq!(demo["collection"]["status"], "paid");
        let event = &demo["collection"]["events"][0];
        assert_eq!(event["authenticity"], authenticity, "{}", demo["collection"]);
        assert!(demo["refund"].is_null());
    }
}

#[test]
fn a_mistake_in_the_rules_has_its_line() {
    let folder = Folder::new();
    folder.write(
        "rules.toml",
        "namespace = \"demo\"\n\n[[routes]]\noperation = \"payout\"\nuse = [\"acme\"]\n",
    );
    let ended = folder.run(&["demo", "--config", "rules.toml"]);
    assert_eq!(ended.exit, 2);
    assert!(
        ended.err.contains("rules.toml:5:8: routes.0.use: no table [providers.acme]"),
        "{}",
        ended.err
    );
}

#[test]
fn the_table_is_for_people() {
    let ended = Folder::new().run(&["demo", "--quiet"]);
    assert_snapshot!(ended.out);
    assert!(ended.err.is_empty(), "{}", ended.err);
}

const FILE: &str = "\
reference,country,amount,currency,channel,institution,account,given_name,family_name,provider
A1,PH,100.00,PHP,wallet,gcash,09171234567,Ana,Reyes,
A2,PH,\"1,250.00\",PHP,wallet,gcash,09171234568,Ben,Cruz,
A3,PH,60000.00,PHP,bank,BOPIPHMM,123,Cora,Lim,starpay
";

#[test]
fn a_file_with_one_bad_line_sends_nothing() {
    let folder = Folder::new();
    folder.write("pay.csv", FILE);
    let ended = folder.run(&["demo", "--file", "pay.csv"]);
    assert_eq!(ended.exit, 2);
    assert!(ended.out.is_empty());
    assert_snapshot!(ended.err);
    let ended = folder.run(&["demo", "--file", "pay.csv", "--json"]);
    assert_snapshot!("bad_lines_as_json", format!("{:#}", ended.error()));
}

#[test]
fn bad_lines_can_be_written_apart() {
    let folder = Folder::new();
    folder.write("pay.csv", FILE);
    let arguments = ["demo", "--file", "pay.csv", "--reject-file", "bad.csv"];
    let ended = folder.run(&arguments);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert!(ended.out.contains("1 payout: 1 succeeded"), "{}", ended.out);
    let left_out = "2 rows left out (PHP 60,000.00; 1 amount unreadable), written to bad.csv";
    assert!(ended.err.contains(left_out), "{}", ended.err);
    assert!(ended.err.ends_with("1 row to pay (PHP 100.00)\n"), "{}", ended.err);
    let rejects = folder.read("bad.csv");
    let lines: Vec<&str> = FILE.lines().collect();
    let reasons = rejects
        .lines()
        .zip([lines[0], lines[2], lines[3]])
        .map(|(kept, line)| kept.strip_suffix(line).unwrap_or_else(|| panic!("{kept}: {line}")));
    assert_eq!(
        reasons.collect::<Vec<_>>(),
        [
            "reason,",
            "\"amount: expected a point before the decimals and no other separators: write 1250.00, \
             or give --amount-format en\",",
            "\"amount: expected at most PHP 50,000.00\",",
        ]
    );
    assert_eq!(folder.run(&arguments).exit, 2, "it overwrites nothing");
    folder.write("good.csv", rejects.replace("\"1,250.00\"", "1250.00").replace("60000", "6000"));
    let ended = folder.run(&["demo", "--file", "good.csv"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert!(ended.err.contains("2 rows to pay (PHP 7,250.00)"), "{}", ended.err);
}

#[test]
fn nothing_to_pay_is_an_error() {
    let header = FILE.lines().next().unwrap();
    let row = |n: usize, amount: &str| {
        format!("A{n},PH,{amount},PHP,wallet,gcash,0917555010{n},Ana,Reyes,\n")
    };
    for (amounts, left_out) in [
        (
            &["\"96,000.00\"", "\"1,000.00\"", "60000.00"][..],
            "all 3 rows are left out (PHP 60,000.00; 2 amounts unreadable)",
        ),
        (&["1.000,00"], "the only row is left out (1 amount unreadable)"),
        (&["55000.00", "55000.00"], "all 2 rows are left out (PHP 110,000.00)"),
    ] {
        let folder = Folder::new();
        let rows = amounts.iter().enumerate().map(|(n, amount)| row(n, amount));
        let rows: String = rows.collect();
        folder.write("pay.csv", format!("{header}\n{}", rows.replace("Reyes,", "Reyes,starpay")));
        let ended = folder.run(&["demo", "--file", "pay.csv", "--reject-file", "bad.csv"]);
        assert_eq!((ended.exit, ended.out.as_str()), (2, ""), "{}", ended.err);
        let last = ended.err.lines().last().unwrap();
        let expected =
            format!("tulay: nothing to pay: {left_out}, written to bad.csv; nothing was sent");
        assert_eq!(last, expected);
    }
}

#[test]
fn a_file_of_ones_own_ends_with_its_totals() {
    let folder = Folder::new();
    let header =
        "reference,country,amount,currency,channel,institution,account,given_name,family_name";
    let row = |reference: &str, amount: &str, account: &str| {
        format!("{reference},PH,{amount},PHP,bank,BOPIPHMM,{account},Ana,Reyes\n")
    };
    let good = format!(
        "{header}\n{}{}",
        row("A1", "100.00", "3089550101"),
        row("A2", "50.50", "3089550102")
    );
    folder.write("good.csv", &good);
    let ended = folder.run(&["demo", "--file", "good.csv"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert!(
        ended.out.contains("PHP 150.50 through starpay: succeeded (2 payouts)"),
        "{}",
        ended.out
    );
    assert!(!ended.out.contains("SALE"), "nothing is sold: {}", ended.out);

    folder.write("failing.csv", good + &row("A3", "7.00", "410000991001"));
    let ended = folder.run(&["demo", "--file", "failing.csv", "--json"]);
    assert_eq!(ended.exit, 5, "{}", ended.err);
    let demo = ended.json();
    assert_eq!((&demo["collection"], &demo["refund"]), (&Value::Null, &Value::Null));
    let totals = demo["totals"].as_array().unwrap();
    assert_eq!(totals.len(), 2, "{demo}");
    assert_eq!((&totals[0]["status"], &totals[0]["count"]), (&"failed".into(), &1.into()));
    assert_eq!(totals[0]["amount"]["amount"], "7.00");
}

#[test]
fn a_row_without_a_name_is_named_as_such() {
    let folder = Folder::new();
    let header = "reference,country,amount,currency,channel,institution,account,name";
    let row = "A1,PH,1.00,PHP,bank,BOPIPHMM,3089550101,";
    folder.write("pay.csv", format!("{header}\n{row}\n"));
    let ended = folder.run(&["demo", "--file", "pay.csv"]);
    assert_eq!((ended.exit, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("line 2, column name: expected a name"), "{}", ended.err);
}

#[test]
fn a_change_of_provider_has_its_reason() {
    let folder = Folder::new();
    let header = "reference,country,amount,currency,channel,institution,account,payee";
    let row = |n: usize, amount: &str| {
        format!("A{n},PH,{amount},PHP,bank,BOPIPHMM,308955010{n},Ana Reyes\n")
    };
    folder.write(
        "pay.csv",
        format!("{header}\n{}{}{}", row(1, "1.00"), row(2, "2.00"), row(3, "3.00")),
    );
    let ended = folder.run(&["demo", "--file", "pay.csv"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let why = "not through starpay: family_name missing";
    assert_eq!(ended.out.matches(why).count(), 4, "three rows and the summary: {}", ended.out);
    assert!(ended.out.contains(&format!("3 {why}")), "{}", ended.out);

    let parts =
        "reference,country,amount,currency,channel,institution,account,given_name,family_name";
    let rows = [row(1, "55000.00"), row(2, "2.00")].concat().replace("Ana Reyes", "Ana,Reyes");
    folder.write("parts.csv", format!("{parts}\n{rows}"));
    let ended = folder.run(&["demo", "--file", "parts.csv"]);
    let why = "1 not through starpay: amount: expected at most PHP 50,000.00";
    assert!(ended.out.contains(why), "{}{}", ended.out, ended.err);
}

#[test]
fn options_that_name_nothing_are_refused() {
    let folder = Folder::new();
    folder.write("pay.csv", FILE);
    for option in ["--ignore=nosuch", "--map=remark=nosuch", "--set=country=PH", "--down=nosuch"] {
        let ended = folder.run(&["demo", "--file", "pay.csv", option]);
        assert_eq!((ended.exit, ended.out.as_str()), (2, ""), "{option}: {}", ended.err);
    }
    let thousands = crate::support::payout("R1", "1,250.00", "1");
    let ended = folder.run_with(&["--sandbox", "payout", "create", "--file", "-"], &thousands);
    assert_eq!(ended.exit, 2);
    assert!(
        ended.err.contains("1250.00") && !ended.err.contains("--amount-format"),
        "{}",
        ended.err
    );
}

#[test]
fn the_same_mistake_on_many_lines_is_said_once_and_listed_for_programs() {
    let folder = Folder::new();
    let header = "reference,country,amount,currency,institution,account,name";
    let row = |n| format!("A{n},PH,\"1,250.00\",PHP,gcash,0917 123-4567,Ana\r\n");
    let rows: String = (1..=200).map(row).collect();
    folder.write("pay.csv", format!("{header}\r\n\r\n{rows}"));
    let ended = folder.run(&["demo", "--file", "pay.csv"]);
    assert_eq!(
        ended.err.trim_end(),
        "tulay: lines 3, 4, 5 and 197 others, column amount: expected a point before the decimals and \
         no other separators: write 1250.00, or give --amount-format en"
    );
    let ended = folder.run(&["demo", "--file", "pay.csv", "--json"]);
    assert_eq!(ended.error()["lines"].as_array().unwrap().len(), 200);
}

#[test]
fn a_missing_column_is_reported_once_and_can_be_set() {
    let folder = Folder::new();
    let header = "reference,amount,currency,institution,account,given_name,family_name";
    folder.write("pay.csv", format!("{header}\nA1,1.00,PHP,gcash,0917 123-4567,Ana,Reyes\n"));
    let ended = folder.run(&["demo", "--file", "pay.csv"]);
    assert_eq!(ended.exit, 2);
    assert_eq!(ended.err.matches("there is no column country").count(), 1, "{}", ended.err);
    let ended = folder.run(&["demo", "--file", "pay.csv", "--set", "country=PH"]);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let ended = folder.run(&["demo", "--file", "pay.csv", "--set", "account=09171234567"]);
    assert_eq!(ended.exit, 2);
}
