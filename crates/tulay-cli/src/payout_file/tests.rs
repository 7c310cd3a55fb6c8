use super::*;
use insta::assert_snapshot;
use proptest::prelude::*;

const HEADER: &str = "reference,country,amount,currency,channel,institution,account,name";
const GOOD: &str = "R1,PH,1250.00,PHP,wallet,gcash,09171234567,Ana Reyes";

fn read_text(text: &str) -> Result<PayoutFile, Unreadable> {
    read(text.as_bytes(), &ReadOptions::default())
}

/// The mistakes of a file, or "good" and its rows.
fn verdict(text: &str) -> String {
    shown(read_text(text))
}

fn shown(file: Result<PayoutFile, Unreadable>) -> String {
    match file {
        Err(error) => format!("unreadable: {error}"),
        Ok(file) if file.bad.is_empty() => format!("good: {} row(s)", file.rows.len()),
        Ok(file) => file.bad.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

fn line(change: impl FnOnce(&mut Vec<String>)) -> String {
    let mut cells: Vec<String> = GOOD.split(',').map(str::to_owned).collect();
    change(&mut cells);
    verdict(&format!("{HEADER}\n{}\n", cells.join(",")))
}

#[test]
fn what_accountants_write_is_read() {
    let crlf = format!("\u{feff}{HEADER}\r\n{GOOD}\r\n\r\n");
    let semicolons = crlf.replace(',', ";");
    let tabs = format!("{HEADER}\n{GOOD}").replace(',', "\t");
    let quoted = format!("{HEADER}\n{}", GOOD.replace("Ana Reyes", "\"Reyes, Ana \"\"Aning\"\"\""));
    let blank_lines = format!("\n{HEADER}\n\n{GOOD}\n,,,,,,,\n");
    for text in [&crlf, &semicolons, &tabs, &quoted, &blank_lines] {
        assert_eq!(verdict(text), "good: 1 row(s)", "{text}");
    }
    let aliases = "Ref,Country Code,Amt,CCY,Payment Method,Bank,Account No.,Payee Name\n";
    assert_eq!(verdict(&format!("{aliases}{GOOD}")), "good: 1 row(s)");
    let by_itself = "reference,country,amount,currency,institution,account,given name,last name";
    let file = read_text(&format!("{by_itself}\nR1,PH,1.00,PHP,gcash,09171234567,Ana,Reyes"));
    let file = file.unwrap();
    assert_eq!(file.rows[0].request.destination.channel(), tulay::Channel::Wallet);
    assert_eq!(file.rows[0].line, 2);
}

#[test]
fn every_damage_has_its_sentence() {
    assert_snapshot!(
        [
            line(|c| c[0] = String::new()),
            line(|c| c[0] = "INV 7".into()),
            line(|c| c[0] = "x".repeat(65)),
            line(|c| c[1] = "ph".into()),
            line(|c| c[1] = "Philippines".into()),
            line(|c| c[2] = "\"1,250.00\"".into()),
            line(|c| c[2] = "1250.001".into()),
            line(|c| c[2] = "-5.00".into()),
            line(|c| c[2] = "0".into()),
            line(|c| c[2] = "1.25E+03".into()),
            line(|c| c[2] = "PHP 1250".into()),
            line(|c| c[2] = "\"12,50\"".into()),
            line(|c| c[3] = "PESO".into()),
            line(|c| c[4] = "cheque".into()),
            line(|c| c[4] = "bank".into()),
            line(|c| c[5] = "GCash".into()),
            line(|c| c[5] = "gcahs".into()),
            line(|c| c[5] = "G-Xchange".into()),
            line(|c| c[5] = "no such bank".into()),
            line(|c| c[5] = String::new()),
            line(|c| c[6] = "9.17123E+09".into()),
            line(|c| c[6] = "9171234567".into()),
            line(|c| c[6] = "0917 123 4567".into()),
            line(|c| c[7] = " ".into()),
            line(|c| c.push("more".into())),
            line(|c| drop(c.pop())),
        ]
        .join("\n")
    );
}

#[test]
fn mobile_email_kind_and_name_parts_are_checked_too() {
    let header = "reference,country,amount,currency,channel,institution,account,name,given_name,family_name,mobile,email,kind,provider,replaces";
    let row = "R1,PH,1.00,PHP,wallet,gcash,09171234567";
    let with = |rest: &str| verdict(&format!("{header}\n{row},{rest}\n"));
    assert_snapshot!(
        [
            with(",Ana,Reyes,09171234567,ana@example.com,person,starpay,"),
            with("Ana,Ana,Reyes,,,,,"),
            with(",Ana,,,,,,"),
            with("Ana,,,9171234567,,,,"),
            with("Ana,,,9.17E+09,,,,"),
            with("Ana,,,12,ana@,robot,Star Pay,R0"),
        ]
        .join("\n")
    );
}

#[test]
fn all_mistakes_of_all_lines_are_told_at_once() {
    let text =
        format!("{HEADER}\n{GOOD}\nR2,ph,1,PHP,wallet,gcash,1,A\nR3,PH,0,XX,bank,,,\n{GOOD}\n");
    assert_snapshot!(verdict(&text));
}

#[test]
fn a_header_that_is_unclear_is_refused() {
    assert_snapshot!(
        [
            verdict(""),
            verdict(HEADER),
            verdict(&format!("{HEADER},Department\n{GOOD},Sales")),
            verdict(&format!("{HEADER},Acct No.\n{GOOD},1")),
        ]
        .join("\n")
    );
}

#[test]
fn columns_can_be_mapped_and_left_aside() {
    let text = format!("{},Dept\n{GOOD},Sales", HEADER.replace("account", "Konto"));
    let options = ReadOptions {
        mappings: vec![mapping("account=\"Konto\"").unwrap()],
        ignored: vec!["dept".into()],
        ..ReadOptions::default()
    };
    assert_eq!(shown(read(text.as_bytes(), &options)), "good: 1 row(s)");
    assert!(mapping("acount=Konto").unwrap_err().starts_with("no column acount"));
    assert!(mapping("account").is_err());
}

#[test]
fn english_amounts_are_read_when_asked_for() {
    let options = ReadOptions { amount_format: AmountFormat::En, ..ReadOptions::default() };
    let read_amount = |amount: &str| {
        let text = format!("{HEADER}\n{}", GOOD.replace("1250.00", &format!("\"{amount}\"")));
        let file = read(text.as_bytes(), &options).unwrap();
        file.rows.first().map(|row| row.request.amount.minor())
    };
    assert_eq!(read_amount("1,250.00"), Some(125_000));
    assert_eq!(read_amount("1250"), Some(125_000));
    assert_eq!(read_amount("12,345,678.90"), Some(1_234_567_890));
    for wrong in ["12,50", "1,2500.00", ",250", "1.250,00", "1,250,00"] {
        assert_eq!(read_amount(wrong), None, "{wrong}");
    }
}

#[test]
fn other_encodings_are_named_and_read_when_told() {
    let text = format!("{HEADER}\n{}", GOOD.replace("Ana Reyes", "Ana Peña"));
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let utf16_big_endian: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_snapshot!(
        [
            shown(read(&windows, &ReadOptions::default())),
            shown(read(&utf16, &ReadOptions::default())),
            shown(read(&utf16_big_endian, &ReadOptions::default())),
        ]
        .join("\n")
    );
    let told = |encoding| ReadOptions { encoding: Some(encoding), ..ReadOptions::default() };
    for (bytes, encoding) in [
        (windows.as_ref(), Encoding::Windows1252),
        (&utf16, Encoding::Utf16),
        (&utf16_big_endian, Encoding::Utf16),
        (text.as_bytes(), Encoding::Utf8),
    ] {
        let file = read(bytes, &told(encoding)).unwrap();
        let name = file.rows[0].request.beneficiary.name.clone().unwrap();
        assert_eq!(name.whole().expose(), "Ana Peña");
    }
}

#[test]
fn rejected_lines_are_kept_as_they_were() {
    let bad = "R2,PH,0,PHP,wallet,gcash,09171234568,\"Two\nlines\"";
    let text = format!("{HEADER}\n{GOOD}\n{bad}\nR3,PH,1.00,PHP,wallet,gcash,09171234569,Ben");
    let file = read_text(&text).unwrap();
    assert_eq!(file.rows.len(), 2);
    assert_eq!(file.rejects(), format!("{HEADER}\n{bad}\n"));
}

#[test]
fn the_example_is_good() {
    let example = include_str!("../../../../examples/payouts.csv");
    assert_eq!(verdict(example), "good: 25 row(s)");
}

#[test]
fn nothing_personal_is_printed_by_debug() {
    let file = read_text(&format!("{HEADER}\n{GOOD}\n{}", GOOD.replace("1250.00", "0"))).unwrap();
    let printed = format!("{file:?}");
    assert!(!printed.contains("Reyes") && !printed.contains("1234567"), "{printed}");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = read(&bytes, &ReadOptions::default());
    }

    #[test]
    fn no_row_panics(row in "[ -~ñ\\n\"]{0,80}") {
        let _ = read_text(&format!("{HEADER}\n{row}\n"));
    }
}
