//! Text that a person typed has one message, wherever it was typed.

use crate::support::Folder;
use serde_json::{Value, json};
use tulay::{
    CollectionRequest, Currency, Invalid, PayoutRequest, StaticCodeRequest,
    json::{self, CollectionRequestJson, PayoutRequestJson, RequestErrors, StaticCodeRequestJson},
    text::{self, AmountFormat},
};

const AMOUNTS: [&str; 12] = [
    "20.000",
    "3.750",
    "0,500",
    "0000375000",
    "12e3",
    "₱3,750.00",
    "(75.00)",
    "3.750,00",
    "๓๗๕",
    "#VALUE!",
    "3750.-",
    "0",
];
const REFERENCES: [&str; 10] = [
    "07-Des",
    "=\"PO-12\"",
    "#PO-12",
    "//PO-12",
    "4.56E+12",
    "#REF!",
    "FALSE",
    "null",
    "TBD",
    "PO–12",
];
const NAMES: [&str; 7] =
    ["Mu\u{fffd}oz", "D’Angelo", "PeÃ±a", "Pe&ntilde;a", "Ma\u{202e}ria", "nan", "4111"];
const COUNTRIES: [&str; 4] = ["ph", "Thailand", "MYS", "Pilipinas"];
const CURRENCIES: [&str; 4] = ["php", "Peso", "Rp", "ABC"];
const REMARKS: [&str; 3] = ["Pay\u{200b}", "Pay\u{202e}roll", "Pay\u{7}"];

/// Each bad text with its member and the message that it has in the library.
fn bad() -> Vec<(&'static str, &'static str, String)> {
    fn message<T: std::fmt::Debug>(read: Result<T, Invalid>) -> String {
        read.unwrap_err().problem().to_string()
    }
    let amount = |text| message(text::amount(text, Currency::PHP, AmountFormat::Plain));
    let mut bad = Vec::new();
    bad.extend(AMOUNTS.map(|text| ("amount", text, amount(text))));
    bad.extend(REFERENCES.map(|text| ("reference", text, message(text::reference(text)))));
    bad.extend(NAMES.map(|text| ("name", text, message(text::name(text)))));
    bad.extend(COUNTRIES.map(|text| ("country", text, message(text::country(text)))));
    bad.extend(CURRENCIES.map(|text| ("currency", text, message(text::currency(text)))));
    bad.extend(REMARKS.map(|text| ("remark", text, message(text::line("remark", text)))));
    bad
}

/// A payout that is right but for one member.
fn payout(member: &str, text: &str) -> Value {
    let mut payout = json!({
        "reference": "PO-1", "country": "PH", "amount": "375.00", "currency": "PHP",
        "institution": "gcash", "account": "09171234567", "name": "Ana Reyes", "remark": "",
    });
    payout[member] = text.into();
    payout
}

#[test]
fn every_way_in_gives_the_same_message() {
    let folder = Folder::initialised();
    let bad = bad();
    // The file: one row for each bad text.
    let columns: Vec<String> = payout("remark", "").as_object().unwrap().keys().cloned().collect();
    let mut file = columns.join(",");
    for (member, text, _) in &bad {
        let mut row = payout(member, text);
        let rows = file.lines().count();
        if *member != "reference" {
            row["reference"] = format!("ROW-{rows}").into();
        }
        let cell =
            |column: &String| format!("\"{}\"", row[column].as_str().unwrap().replace('"', "\"\""));
        let cells: Vec<String> = columns.iter().map(cell).collect();
        file.push_str(&format!("\n{}", cells.join(",")));
    }
    folder.write("bad.csv", &file);
    let ended = folder.run(&["demo", "--file", "bad.csv", "--json"]);
    assert_eq!(ended.exit, 2, "{}", ended.err);
    let error = ended.error();
    for ((member, text, message), line) in bad.iter().zip(2..) {
        let lines = error["lines"].as_array().unwrap();
        let of_line = lines.iter().find(|found| found["line"] == line);
        let found = of_line.unwrap_or_else(|| panic!("{member} {text}: {error}"));
        assert_eq!(found["column"], *member, "{text}");
        let said = found["message"].as_str().unwrap();
        assert!(said.starts_with(message.as_str()), "{member} {text}: {said}");
    }

    // JSON, of a file and of a program.
    for (member, text, message) in &bad {
        let body = payout(member, text).to_string();
        let read = json::from_slice::<PayoutRequestJson>(body.as_bytes()).unwrap();
        let errors = PayoutRequest::try_from(read).unwrap_err();
        assert_eq!(first(&errors), (*member, message.as_str()), "{text}");
        let mut collection = json!({
            "reference": "C-1", "country": "PH", "amount": "375.00", "currency": "PHP",
            "method": "qr", "payer": {}, "remark": "",
        });
        let field = match *member {
            "name" => {
                collection["payer"]["name"] = (*text).into();
                "payer.name"
            }
            member => {
                collection[member] = (*text).into();
                member
            }
        };
        let body = collection.to_string();
        let read = json::from_slice::<CollectionRequestJson>(body.as_bytes()).unwrap();
        let errors = CollectionRequest::try_from(read).unwrap_err();
        assert_eq!(first(&errors), (field, message.as_str()), "{text}");
    }
    let body =
        json!({"reference": REFERENCES[0], "country": "PH", "currency": "PHP", "method": "qr"});
    let read = json::from_slice::<StaticCodeRequestJson>(body.to_string().as_bytes()).unwrap();
    let errors = StaticCodeRequest::try_from(read).unwrap_err();
    assert_eq!(first(&errors).0, "reference");
    for (member, text, message) in bad.iter().step_by(5) {
        folder.write("payout.json", payout(member, text).to_string());
        let ended = folder.run(&["payout", "create", "--file", "payout.json", "--json"]);
        assert_eq!(
            (ended.exit, ended.error()["lines"][0]["message"].as_str()),
            (2, Some(&**message))
        );
    }
}

fn first(errors: &RequestErrors) -> (&str, &str) {
    let error = &errors.errors()[0];
    (&error.field, &error.message)
}

#[test]
fn arguments_are_read_as_files_are() {
    let folder = Folder::initialised();
    let reports = |arguments: &[&str], message: &str| {
        let ended = folder.run(&[&["--json"], arguments].concat());
        assert_eq!(ended.exit, 2, "{arguments:?}: {}", ended.err);
        let said = ended.error()["message"].as_str().unwrap().to_owned();
        assert!(said.contains(message), "{arguments:?}: {said}");
    };
    // Each text behind one of the commands that take it, in turn.
    let commands = |member: &str| -> &[&[&str]] {
        match member {
            "amount" => &[
                &["collection", "create", "C1", "--amount="],
                &["collection", "get", "C1", "--amount="],
                &["refund", "create", "F1", "--collection", "C1", "--amount="],
                &["route", "explain", "--amount="],
            ],
            "reference" => &[
                &["collection", "create", "--amount=1.00", "--", ""],
                &["static-code", "create", "--", ""],
                &["refund", "create", "--collection", "C1", "--", ""],
                &["route", "explain", "--reference="],
            ],
            "country" | "currency" => &[
                &["collection", "create", "C1", "--amount=1.00"],
                &["refund", "create", "F1", "--collection", "C1"],
                &["route", "explain"],
            ],
            "remark" => &[
                &["collection", "create", "C1", "--amount=1.00"],
                &["static-code", "create", "S1"],
            ],
            _ => &[],
        }
    };
    for (at, (member, text, message)) in bad().iter().enumerate() {
        let commands = commands(member);
        let Some(command) = at.checked_rem(commands.len()).map(|at| commands[at]) else { continue };
        let (last, before) = command.split_last().unwrap();
        let argument = match *last {
            last if last.is_empty() || last.ends_with('=') => vec![format!("{last}{text}")],
            last => vec![last.to_owned(), format!("--{member}={text}")],
        };
        let arguments = argument.iter().map(String::as_str);
        let arguments: Vec<&str> = before.iter().copied().chain(arguments).collect();
        reports(&arguments, message);
    }
    let paid = ["refund", "create", "F1", "--original", "P1", "--paid=20.000"];
    reports(&paid, "paid: PHP has 2 decimals, found 3; the point may separate thousands");
}

#[test]
fn only_options_of_the_command_are_proposed() {
    let folder = Folder::initialised();
    folder.write("payout.json", payout("amount", "3,750.00").to_string());
    let ended = folder.run(&["payout", "create", "--file", "payout.json"]);
    assert!(ended.err.contains("write 3750.00"), "{}", ended.err);
    assert!(!ended.err.contains("--amount-format"), "{}", ended.err);
}

#[test]
fn limits_of_rules_are_read_as_amounts() {
    for (limit, fix) in [
        ("75.000", "write 75000 or 75.00"),
        ("75,000.00", "write 75000.00"),
        ("075000", "it begins with zeros"),
    ] {
        let folder = Folder::initialised();
        let rule = format!(
            "[[routes]]\noperation = \"payout\"\namount = {{ max = \"{limit}\" }}\n\
             use = [\"starpay\"]\n"
        );
        let config = folder.read("tulay.toml");
        folder.write("tulay.toml", format!("{config}\n{rule}"));
        let ended = folder.run(&["config", "check"]);
        assert_eq!(ended.exit, 2, "{}", ended.err);
        assert!(ended.err.contains("amount.max: ") && ended.err.contains(fix), "{}", ended.err);
    }
}

#[test]
fn payment_of_an_earlier_reference_can_be_looked_up() {
    let folder = Folder::initialised();
    let _sandbox = folder.sandbox();
    for reference in ["nan", "07-Des", "TRUE"] {
        let ended = folder.run(&["collection", "get", reference, "--json"]);
        assert_eq!((ended.exit, ended.error()["code"].as_str()), (3, Some("not_found")));
    }
}
