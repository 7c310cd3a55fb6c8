//! Banks, wallets, accounts and ids as people write them.

use crate::support::{Folder, payout};

const CREATE: [&str; 6] = ["--sandbox", "payout", "create", "--json", "--file", "-"];

#[test]
fn a_bank_by_name_is_shown_before_sending() {
    let folder = Folder::new();
    for (name, shown, id) in [
        ("Metrobank", "to Metropolitan Bank and Trust Company (MBTCPHMM)", "MBTCPHMM"),
        ("LANDBANK", "to Land Bank of the Philippines (TLBPPHMM)", "TLBPPHMM"),
        ("BDO Unibank, Inc.", "to BDO Unibank (BNORPHMM)", "BNORPHMM"),
    ] {
        let text = payout("R1", "5.00", "0012345678").replace("BOPIPHMM", name);
        let ended = folder.run_with(&CREATE, &text);
        assert_eq!(ended.exit, 0, "{name}: {}", ended.err);
        assert!(ended.err.lines().any(|line| line == shown), "{name}: {}", ended.err);
        assert_eq!(ended.json()["institution"], id, "{name}");
    }
    let ended = folder.run_with(&CREATE, &payout("R1", "5.00", "0012345678"));
    assert_eq!(ended.json()["institution"], "BOPIPHMM");
    assert!(!ended.err.contains("to Bank of the Philippine"), "{}", ended.err);
}

#[test]
fn a_guessed_bank_is_never_sent_to() {
    let folder = Folder::new();
    for (name, message) in [
        ("Metrobnk", "did you mean MBTCPHMM (Metrobank)?"),
        ("UCPB", "this bank was merged into TLBPPHMM (Landbank)"),
        ("BOPIPHNM", "expected an id or name that is known in PH"),
    ] {
        let text = payout("R1", "5.00", "0012345678").replace("BOPIPHMM", name);
        let ended = folder.run_with(&CREATE, &text);
        assert_eq!(ended.exit, 2, "{name}: {}", ended.err);
        assert!(ended.err.contains(message), "{name}: {}", ended.err);
        assert!(ended.out.is_empty());
    }
}

#[test]
fn matches_say_whether_they_are_exact() {
    let folder = Folder::new();
    let names = "BCA\nBNI Syariah\nBank Mandri\nBank Ina\nBank Ganjil\n";
    folder.write("names.txt", names);
    let matched = ["institutions", "match", "names.txt", "--country", "ID", "--json"];
    let found = folder.run(&matched).json();
    assert_eq!(found["names"][1]["merged_into"], "Bank Syariah Indonesia");
    let found: Vec<(Option<&str>, Option<&str>)> = found["names"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| (name["id"].as_str(), name["match"].as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Some("CENAIDJA"), Some("exact")),
            (None, Some("merged")),
            (Some("BMRIIDJA"), Some("guess")),
            (Some("IAPTIDJA"), Some("exact")),
            (None, None),
        ]
    );
    let table = folder.run(&matched[..5]).out;
    let merged = table.lines().find(|line| line.contains("BNI Syariah")).unwrap();
    assert!(merged.contains("merged into Bank Syariah Indonesia"), "{table}");
    assert!(!table.contains("BSMDIDJA"), "{table}");
}

#[test]
fn route_explain_answers_as_the_payout_does() {
    let folder = Folder::new();
    let request = |country: &str, currency: &str, institution: &str, account: &str| {
        format!(
            r#"{{"reference":"R1","country":"{country}","amount":"10000","currency":"{currency}",
            "institution":"{institution}","account":"{account}","name":"Ana Reyes",
            "mobile":"081234567890"}}"#
        )
    };
    for (country, currency, institution, account, exit) in [
        ("ID", "IDR", "IAPTIDJA", "0012345678", 2),
        ("ID", "IDR", "Bank Jateng", "0012345678", 2),
        ("ID", "IDR", "CENAIDJA", "0012345678", 0),
        ("ID", "IDR", "BCA", "0012345678", 0),
        ("ID", "IDR", "dana", "081234567890", 0),
    ] {
        let explain =
            ["--sandbox", "route", "explain", "--country", country, "--institution", institution];
        let explained = folder.run(&explain);
        assert_eq!(explained.exit, exit, "{institution}: {}{}", explained.out, explained.err);
        if exit == 2 {
            assert!(explained.out.contains("it has no code for"), "{}", explained.out);
        }
        let paid = folder.run_with(&CREATE, &request(country, currency, institution, account));
        assert_eq!(paid.exit, exit, "{institution}: {}", paid.err);
    }
}

#[test]
fn each_provider_s_code_is_listed() {
    let folder = Folder::new();
    let listed = folder.run(&["--sandbox", "institutions", "--country", "ID", "BCA", "--json"]);
    let listed = listed.json();
    let of = |id: &str| {
        let mut all = listed["institutions"].as_array().unwrap().iter();
        all.find(|row| row["id"] == id).unwrap()["providers"].clone()
    };
    assert_eq!(of("CENAIDJA")["regional"], "BCA");
    assert!(of("SYCAIDJ1").is_null(), "no code is known");
}

#[test]
fn damaged_accounts_and_ids_are_not_sent() {
    let folder = Folder::new();
    for (account, cause) in [
        ("1-Nov", "this is a date"),
        ("nan", "this marks an empty cell"),
        ("1E5", "a spreadsheet shortened this number"),
        ("00123O450121", "character 6 is the letter O"),
        ("12345678901234567000", "all digits after the first 17 are zeros"),
        ("0-0-0", "zeros alone"),
    ] {
        let ended = folder.run_with(&CREATE, &payout("R1", "5.00", account));
        assert_eq!(ended.exit, 2, "{account}: {}", ended.err);
        assert!(ended.err.contains(&format!("account: {cause}")), "{account}: {}", ended.err);
        assert!(!ended.err.contains(account), "{}", ended.err);
    }
    let proxy = |account: &str| {
        format!(
            r#"{{"reference":"R1","country":"TH","amount":"100.00","currency":"THB",
            "channel":"proxy","account":"{account}","name":"Somchai Jaidee"}}"#
        )
    };
    for (account, exit) in [
        ("0066812345678", 0),
        ("66 81 234 5678", 0),
        ("1-1017-00207-03-0", 0),
        ("1101700207031", 2),
        ("110170020703", 2),
        ("004999000123456", 2),
    ] {
        let text = proxy(account).replace("R1", &format!("P{}", account.replace([' ', '-'], "")));
        let ended = folder.run_with(&CREATE, &text);
        assert_eq!(ended.exit, exit, "{account}: {}", ended.err);
    }
}
