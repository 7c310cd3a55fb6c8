//! Every item of the regional platform's table of contents, by command: what the table in
//! `docs/providers/regional.md` lists is run here, and its answers are pinned.

use crate::{support::Folder, tour::Tour};
use insta::assert_snapshot;

/// In a folder as `tulay init` makes it, with the second provider.
fn start() -> Tour {
    Tour::start(Folder::initialised().with_second_provider(), "regional")
}

impl Tour {
    fn payout(&mut self, name: &str) {
        self.run(&format!("payout create --file payout-{name}.json"), 0);
        let reference = format!("P-{}", name.to_uppercase());
        self.run(&format!("payout get {reference}"), 0);
    }

    /// A collection: created, paid by a payer, found.
    fn collect(&mut self, reference: &str, amount: &str, place: &str, more: &str) {
        let payer = format!("payer-{}.json", place.to_lowercase());
        let place = format!("--country {place} --provider regional{more}");
        self.run(
            &format!(
                "collection create {reference} --amount {amount} {place} --payer {payer} \
                 --return-url https://shop.example.com/thanks"
            ),
            0,
        );
        self.run(&format!("sandbox pay {reference}"), 0);
        self.run(&format!("collection get {reference} {place}"), 0);
    }

    /// A static code: made, found, paid twice, its payments listed.
    fn code(&mut self, reference: &str, place: &str, more: &str) {
        let holder = format!("payer-{}.json", place.to_lowercase());
        let place = format!("--country {place} --provider regional{more}");
        self.run(&format!("static-code create {reference} {place} --holder {holder}"), 0);
        self.run(&format!("static-code get {reference} {place}"), 0);
        for amount in ["250.00", "75.00"] {
            self.run(&format!("sandbox pay {reference} --amount {amount}"), 0);
        }
        let days = "--from 2026-01-01 --to 2099-12-31";
        let listed = self.run(&format!("static-code payments {reference} {days} {place}"), 0);
        assert_eq!(listed["payments"].as_array().unwrap().len(), 2, "{listed}");
    }
}

#[test]
fn channel_lists() {
    let mut tour = start();
    tour.run("providers", 0);
    for country in ["PH", "ID", "MY", "TH"] {
        let listed = tour.run(&format!("institutions --country {country}"), 0);
        assert!(listed["institutions"].as_array().unwrap().len() > 20, "{country}");
    }
    // Their names are pinned where the directory is.
    let channels = tour.transcript.split("$ tulay institutions").next().unwrap().to_owned();
    assert_snapshot!(channels);
}

#[test]
fn section_1_account() {
    let mut tour = start();
    tour.run("balance", 0);
    tour.run("payout create --file payout-ph.json", 0);
    let now = tulay::adapter::Clock::now(&tulay::adapter::SystemClock::new());
    let today = now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date();
    let (day, tomorrow) = (today.yesterday().unwrap(), today.tomorrow().unwrap());
    let file = "payouts.csv";
    tour.run(&format!("report download --day {day} --country PH --out {file}"), 0);
    let report = tour.folder.read(file);
    assert!(report.starts_with("mchOrderId,transactionId,amount,transactionStatus\n"), "{report}");
    let again = format!("report download --day {day} --country PH --out {file}");
    tour.run(&again, 2);
    assert_eq!(tour.folder.read(file), report);
    for early in [today, tomorrow] {
        tour.run(&format!("report download --day {early} --country PH --out early.csv"), 1);
        assert!(!tour.folder.path().join("early.csv").exists());
    }
    let transcript = tour.transcript.replace(&day.to_string(), "[day]");
    let transcript = transcript.replace(&today.to_string(), "[today]");
    let transcript = transcript.replace(&tomorrow.to_string(), "[tomorrow]");
    assert_snapshot!(without_bytes(&transcript));
}

/// Leaves out the length of the report, which depends on the time of day.
fn without_bytes(transcript: &str) -> String {
    let lines = transcript.lines().filter(|line| !line.trim_start().starts_with("\"bytes\":"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn section_2_philippines() {
    let mut tour = start();
    tour.payout("ph");
    tour.collect("C-PH", "1500.00", "PH", "");
    tour.collect("C-PH-PAGE", "90.00", "PH", " --method redirect --institution gcash");
    tour.collect("C-PH-SHOP", "60.00", "PH", " --method virtual-account --institution 7eleven");
    tour.code("S-PH", "PH", "");
    tour.run("static-code cancel S-PH --country PH --provider regional", 0);
    tour.run("sandbox pay S-PH --amount 10.00", 1);
    assert_snapshot!(tour.transcript);
}

#[test]
fn section_3_indonesia() {
    let mut tour = start();
    tour.payout("id");
    tour.collect("C-ID", "250000.00", "ID", "");
    tour.collect("C-ID-VA", "90000.00", "ID", " --method virtual-account --institution CENAIDJA");
    tour.code("S-ID", "ID", "");
    assert_snapshot!(tour.transcript);
}

#[test]
fn section_4_malaysia() {
    let mut tour = start();
    tour.payout("my");
    tour.collect("C-MY", "48.00", "MY", "");
    tour.collect("C-MY-PAGE", "12.00", "MY", " --method redirect --institution tng");
    tour.run("static-code create S-MY --country MY --provider regional --holder payer-my.json", 2);
    assert_snapshot!(tour.transcript);
}

#[test]
fn section_5_thailand() {
    let mut tour = start();
    tour.payout("th");
    tour.payout("promptpay");
    tour.collect("C-TH", "320.00", "TH", "");
    let wechat = "--wechat wechat.json --payer payer-th.json \
                  --return-url https://shop.example.com/thanks";
    for (reference, by) in
        [("C-TH-PAGE", "--method redirect --institution wechat"), ("C-TH-APP", "--method wechat")]
    {
        let place = format!("--country TH --provider regional {by}");
        tour.run(&format!("collection create {reference} --amount 45.00 {place} {wechat}"), 0);
        tour.run(&format!("sandbox pay {reference}"), 0);
        tour.run(&format!("collection get {reference} {place}"), 0);
    }
    tour.code("S-TH", "TH", "");
    assert_snapshot!(tour.transcript);
}

#[test]
fn section_6_russia() {
    let mut tour = start();
    tour.collect("C-RU", "990.00", "RU", "");
    assert_snapshot!(tour.transcript);
}

#[test]
fn section_7_refunds() {
    let mut tour = start();
    tour.collect("C-PH", "1500.00", "PH", "");
    // A part, the same again, the rest, and beyond.
    let part = "refund create F-1 --collection C-PH --amount 400.00 --reason returned";
    let first = tour.run(part, 0);
    assert_eq!((&first["status"], &first["attempts"]), (&"succeeded".into(), &1.into()));
    let again = tour.run(part, 0);
    assert_eq!((&again["status"], &again["attempts"]), (&"succeeded".into(), &1.into()));
    assert_eq!(again["provider_reference"], first["provider_reference"]);
    tour.run("refund get F-1", 0);
    let beyond = tour.run("refund create F-2 --collection C-PH --amount 1100.01", 2);
    assert_eq!(beyond["field"], "amount");
    // All means what is left.
    let rest = tour.run("refund create F-3 --collection C-PH", 0);
    assert_eq!(
        (&rest["amount"]["amount"], &rest["left"]["amount"]),
        (&"1100.00".into(), &"0.00".into())
    );
    tour.run("refund create F-5 --collection C-PH", 2);
    // All that was paid, by the provider's own name for the payment.
    tour.collect("C-PH-2", "80.00", "PH", "");
    let paid = tour.run("collection get C-PH-2 --provider regional", 0);
    let original = paid["provider_reference"].as_str().unwrap();
    let named = format!("--original {original} --paid 80.00 --provider regional");
    tour.run(&format!("refund create F-4 {named}"), 0);
    tour.run("refund list", 0);
    let ledger = tour.run("sandbox ledger", 0);
    let back = ledger["movements"].as_array().unwrap().iter().filter(|m| m["direction"] == "back");
    assert_eq!(back.count(), 3, "{ledger}");
    assert_snapshot!(tour.transcript);
}

#[test]
fn what_cannot_be_refunded_is_said_before_anything_is_sent() {
    let mut tour = start();
    let unpaid = "collection create C-1 --amount 10.00 --country PH --provider regional \
                  --payer payer-ph.json --return-url https://shop.example.com/thanks";
    tour.run(unpaid, 0);
    let refused = tour.run("refund create F-1 --collection C-1", 2);
    assert!(refused["message"].as_str().unwrap().contains("C-1 is pending"), "{refused}");
    let unknown = tour.run("refund create F-1 --collection C-9", 3);
    assert!(unknown["message"].as_str().unwrap().contains("nothing was sent now"), "{unknown}");
    let neither = tour.run("refund create F-1", 2);
    assert_eq!(neither["code"], "collection");
    // Starpay has it, and gives nothing back.
    tour.run("collection create C-2 --amount 10.00 --terminal T1 --provider starpay", 0);
    tour.run("sandbox pay C-2", 0);
    let refused = tour.run("refund create F-2 --collection C-2", 2);
    assert_eq!(refused["kind"], "unsupported", "{refused}");
    tour.run("sandbox pay C-1", 0);
    let beyond = tour.run("refund create F-1 --collection C-1 --amount 10.01", 2);
    assert_eq!(beyond["field"], "amount");
    let ledger = tour.run("sandbox ledger", 0);
    assert!(ledger["movements"].as_array().unwrap().iter().all(|m| m["direction"] == "in"));
}

#[test]
fn a_refund_whose_answer_is_lost_is_looked_up_and_not_sent_again() {
    let mut tour = start();
    let unlucky = r#"{"name":"Luz Marasigan","email":"luz@example.com","mobile":"09171995003"}"#;
    tour.folder.write("payer-ph.json", unlucky);
    tour.collect("C-1", "100.00", "PH", "");
    tour.folder.write(
        "refund.json",
        r#"{"reference":"F-1","collection":"C-1","amount":"40.00","provider":"regional"}"#,
    );
    let made = tour.run("refund create --file refund.json", 0);
    assert_eq!((&made["status"], &made["attempts"]), (&"succeeded".into(), &1.into()));
    let again = tour.run("refund create --file refund.json", 0);
    assert_eq!((&again["status"], &again["attempts"]), (&"succeeded".into(), &1.into()));
    // All that is left is another refund than a part.
    let whole = tour.run("refund create F-1 --collection C-1", 2);
    assert_eq!(whole["field"], "amount", "{whole}");
    let other = tour.run("refund create F-1 --collection C-1 --amount 41.00", 2);
    assert_eq!(other["field"], "amount", "{other}");
    let events = tour.run("refund timeline F-1", 0);
    let looked_up = |event: &&serde_json::Value| event["event"] == "looked_up";
    assert!(events["events"].as_array().unwrap().iter().find(looked_up).is_some(), "{events}");
    let ledger = tour.run("sandbox ledger", 0);
    let back = ledger["movements"].as_array().unwrap().iter().filter(|m| m["direction"] == "back");
    assert_eq!(back.count(), 1, "{ledger}");
}
