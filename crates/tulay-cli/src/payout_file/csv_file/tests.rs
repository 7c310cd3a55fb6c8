use super::encoding::Encoding;
use super::*;
use crate::payout_file::{AmountFormat, mistake_lines};
use insta::assert_snapshot;
use proptest::prelude::*;

pub(super) const HEADER: &str =
    "reference,country,amount,currency,channel,institution,account,name";
pub(super) const GOOD: &str = "R1,PH,1250.00,PHP,wallet,gcash,09171234567,Ana Reyes";

pub(super) fn read_text(text: &str) -> Result<PayoutFile, Unreadable> {
    read(text.as_bytes(), &ReadOptions::default())
}

/// The mistakes of a file, or "good" and its rows.
pub(super) fn verdict(text: &str) -> String {
    shown(read_text(text))
}

fn shown(file: Result<PayoutFile, Unreadable>) -> String {
    match file {
        Err(error) => format!("unreadable: {error}"),
        Ok(file) if file.bad.is_empty() => format!("good: {} row(s)", file.rows.len()),
        Ok(file) => file.bad.chunks(1).flat_map(mistake_lines).collect::<Vec<_>>().join("\n"),
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
    let blank_lines = format!("\n{HEADER}\n\n{GOOD}\n,,,,,,,\n;;;\n\u{a0}, ,\t\n");
    for text in [&crlf, &semicolons, &tabs, &quoted, &blank_lines] {
        assert_eq!(verdict(text), "good: 1 row(s)", "{text}");
    }
    let aliases = "Ref,Country Code,Amt,CCY,Payment Method,Bank,Account No.,Payee Name\n";
    assert_eq!(verdict(&format!("{aliases}{GOOD}")), "good: 1 row(s)");
    let by_itself = "reference,country,amount,currency,institution,account,given name,last name";
    let file = read_text(&format!("{by_itself}\nR1,PH,1.00,PHP,gcash,09171234567,Ana,Reyes"));
    let file = file.unwrap();
    assert_eq!(file.rows[0].request.destination.channel(), tulay::Channel::Wallet);
    assert_eq!(file.lines, [2]);
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
            line(|c| c[2] = "\"1.250,00\"".into()),
            line(|c| c[2] = "1.250".into()),
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
            line(|c| c[6] = "0917 123 456".into()),
            line(|c| c[7] = " ".into()),
            line(|c| c.push("more".into())),
            line(|c| drop(c.pop())),
            line(|c| c[7] = "\"Ana".into()),
            line(|c| c[7] = "\"Ana\" Reyes".into()),
            line(|c| c[7] = format!("\"Ana\nR2,{}\"", c[1..].join(","))),
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
fn all_mistakes_of_all_lines_are_reported() {
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
            verdict(GOOD),
            verdict(&format!("{GOOD}\n{GOOD}")),
            verdict("reference,amount,Konto,Land,bank\nR1,1.00,1,PH,BPI\nR2,1.00,1,PH,BPI"),
            verdict(&format!("\n{}\"\n{GOOD}", HEADER.replace("name", "\"name\"x"))),
        ]
        .join("\n")
    );
}

#[test]
fn columns_can_be_mapped_and_left_aside() {
    let text = format!("{},Dept\n{GOOD},Sales", HEADER.replace("account", "Konto"));
    let options = ReadOptions {
        mappings: vec![("account".into(), "Konto".into())],
        ignored: vec!["dept".into()],
        ..ReadOptions::default()
    };
    assert_eq!(shown(read(text.as_bytes(), &options)), "good: 1 row(s)");
    let ignored = ["dept".to_owned(), "nosuch".into(), " ".into()].to_vec();
    let options = ReadOptions { ignored, ..options };
    assert_eq!(
        shown(read(text.as_bytes(), &options)),
        "unreadable: line 1: there is no column with the heading of --ignore \"nosuch\"\n\
         line 1: there is no column with the heading of --ignore \" \""
    );
}

#[test]
fn a_mapping_or_setting_that_does_nothing_is_refused() {
    let text = format!("{HEADER}\n{GOOD}");
    let with = |mappings: &[(&str, &str)], settings: &[(&str, &str)]| {
        let owned = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        let (mappings, settings) = (owned(mappings), owned(settings));
        shown(read(text.as_bytes(), &ReadOptions { mappings, settings, ..ReadOptions::default() }))
    };
    assert_snapshot!(
        [
            with(&[("account", "Konto")], &[]),
            with(&[("account", "account"), ("remark", "Account")], &[]),
            with(&[], &[("country", "PH")]),
            with(&[], &[("remark", "Salary"), ("remark", "Wages")]),
        ]
        .join("\n")
    );
}

#[test]
fn what_is_the_same_for_all_rows_can_be_set() {
    let text = "reference,amount,institution,account,name\nR1,1.00,gcash,09171234567,Ana\n";
    let settings = [("country", "PH"), ("currency", "PHP"), ("remark", "Salary")];
    let settings = settings.map(|(column, value)| (column.to_owned(), value.to_owned())).to_vec();
    let file = read(text.as_bytes(), &ReadOptions { settings, ..ReadOptions::default() }).unwrap();
    assert_eq!(file.rows[0].request.amount.to_string(), "PHP 1.00");
    assert_eq!(file.rows[0].request.remark.as_deref(), Some("Salary"));
    assert_eq!(file.rows[0].request.country, tulay::Country::PH);
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

fn with_encoding(encoding: Encoding) -> ReadOptions {
    ReadOptions { encoding: Some(encoding), ..ReadOptions::default() }
}

#[test]
fn another_encoding_is_named_and_read_on_request() {
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
            shown(read(text.as_bytes(), &with_encoding(Encoding::Windows1252))),
            shown(read(text.as_bytes(), &with_encoding(Encoding::Utf16))),
            shown(read(&utf16, &with_encoding(Encoding::Windows1252))),
            shown(read(&windows, &with_encoding(Encoding::Windows874))),
            shown(read(
                &encoding_rs::MACINTOSH.encode(&text).0,
                &with_encoding(Encoding::Windows1251)
            )),
            shown(read(
                &[text.as_bytes(), b"\nR2 \xF1"].concat(),
                &with_encoding(Encoding::Windows1252)
            )),
            verdict("PK\u{3}\u{4}…"),
            shown(read(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1], &with_encoding(Encoding::Windows1252))),
        ]
        .join("\n")
    );
    for (bytes, encoding) in [
        (windows.as_ref(), Encoding::Windows1252),
        (&utf16, Encoding::Utf16),
        (&utf16_big_endian, Encoding::Utf16),
        (text.as_bytes(), Encoding::Utf8),
    ] {
        let file = read(bytes, &with_encoding(encoding)).unwrap();
        let name = file.rows[0].request.beneficiary.name.clone().unwrap();
        assert_eq!(name.whole().expose(), "Ana Peña");
    }
}

#[test]
fn rejected_lines_are_kept_as_they_were() {
    let bad = "R2,PH,0,PHP,wallet,gcash,09171234568,\"Two\nlines\"";
    let inches = "R3,PH,0,PHP,wallet,gcash,09171234569,19\" Ben";
    let good = GOOD.replace("R1", "R4").replace("Ana", "19\" Ana");
    let text = format!("{HEADER}\n\n{good}\n\n{bad}\n{GOOD}\n\n{inches}");
    let file = read_text(&text).unwrap();
    assert_eq!(file.rows.len(), 2);
    assert_eq!(file.bad.iter().filter_map(|bad| bad.line).collect::<Vec<_>>(), [5, 9]);
    assert_eq!(without_reasons(&file), format!("{HEADER}\n{bad}\n{inches}\n"));
    for end in ["\r\n", "\r"] {
        let text = format!("\u{feff}sep=,\n{text}").replace('\n', end);
        let file = read_text(&text).unwrap();
        assert_eq!(file.bad.iter().filter_map(|bad| bad.line).collect::<Vec<_>>(), [6, 10]);
        let kept = format!("\u{feff}sep=,\n{HEADER}\n{bad}\n{inches}\n").replace('\n', end);
        assert_eq!(without_reasons(&file), kept);
    }
}

#[test]
fn rejected_lines_of_another_encoding_are_kept_as_marked_utf_8() {
    let text = format!("{HEADER}\n{}", GOOD.replace("1250.00", "0").replace("Reyes", "Peña"));
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode(&text);
    let file = read(&windows, &with_encoding(Encoding::Windows1252)).unwrap();
    assert_eq!(without_reasons(&file), format!("\u{feff}{text}\n"));
}

/// The rejected lines without the column in front of them.
fn without_reasons(file: &PayoutFile) -> String {
    let reasons = file.bad.iter().map(|bad| {
        let reasons: Vec<String> = bad.mistakes.iter().map(ToString::to_string).collect();
        format!("\"{}\",", reasons.join("; ").replace('"', "\"\""))
    });
    let rejects = file.rejects().replacen("reason,", "", 1);
    reasons.fold(rejects, |rejects, reason| {
        assert!(rejects.contains(&reason), "{rejects}: {reason}");
        rejects.replacen(&reason, "", 1)
    })
}

#[test]
fn a_reference_on_a_bad_line_counts_too() {
    let bad = GOOD.replace("1250.00", "0");
    let short = "R2,PH";
    let other = GOOD.replace("R1", "R2");
    let many = format!("{}\n", GOOD.replace("R1", "R3")).repeat(5);
    assert_snapshot!(verdict(&format!("{HEADER}\n{GOOD}\n{bad}\n{short}\n{other}\n{many}")));
}

#[test]
fn no_mistake_hides_another() {
    assert_snapshot!(
        [
            line(|c| {
                c[5] = "gcahs".into();
                c[6] = "0917".into();
            }),
            line(|c| {
                c[3] = "PESO".into();
                c[2] = "\"1,250.00\"".into();
            }),
            line(|c| {
                c[4] = "bank".into();
                c[5] = "GCash".into();
                c[6] = "9.17123E+09".into();
            }),
            line(|c| {
                c[4] = String::new();
                c[5] = "gcahs".into();
                c[6] = String::new();
            }),
            line(|c| {
                c[4] = "cheque".into();
                c[5] = "x".repeat(65);
            }),
            line(|c| {
                c[1] = "RU".into();
                c[4] = String::new();
            }),
        ]
        .join("\n\n")
    );
}

#[test]
fn the_example_is_good() {
    let example = include_str!("../../../../../examples/payouts.csv");
    assert_eq!(verdict(example), "good: 60 row(s)");
}

#[test]
fn nothing_personal_is_printed_by_debug() {
    let file = read_text(&format!("{HEADER}\n{GOOD}\n{}", GOOD.replace("1250.00", "0"))).unwrap();
    let printed = format!("{file:?}");
    assert!(!printed.contains("Reyes") && !printed.contains("1234567"), "{printed}");
}

/// The lines and their mistakes. Which line another one is the same as changes with the lines.
fn mistakes(file: &PayoutFile) -> Vec<(u64, Vec<Mistake>)> {
    let steady = |mistake: &Mistake| {
        let (start, _) = mistake.message.split_once("is on line").unwrap_or((&mistake.message, ""));
        Mistake { column: mistake.column.clone(), message: start.to_owned() }
    };
    let all = |bad: &BadLine| bad.mistakes.iter().map(steady).collect();
    file.bad.iter().map(|bad| (bad.line.unwrap(), all(bad))).collect()
}

/// Files that are nearly right: their lines are, but for some characters that matter.
fn files() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        4 => Just("Ana Reyes".to_owned()),
        1 => "[ a\"\r\n,]{0,6}",
        1 => "\"[a\r\n,]{0,9}\"",
        1 => "\"(\"\"|[a\n,]){0,9}",
    ];
    let row =
        (0..4_u8, cell, "(\r\n|\r|\n|\n\n|\r\n\r\n|,,,,,,,\n)").prop_map(|(kind, name, end)| {
            let amount = if kind == 0 { "0" } else { "1250.00" };
            format!("R{kind},PH,{amount},PHP,wallet,gcash,09171234567,{name}{end}")
        });
    let start = "(\u{feff})?(sep=,\r?\n)?(\r?\n){0,2}";
    let rows = proptest::collection::vec(row, 0..6).prop_map(|rows| rows.concat());
    (start, "\r\n|\r|\n", prop_oneof![rows, "[ -~ñ\r\n\"]{0,80}"])
        .prop_map(|(start, end, rows)| format!("{start}{HEADER}{end}{rows}"))
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

    #[test]
    fn rejects_hold_the_same_mistakes(text in files()) {
        let Ok(file) = read_text(&text) else { return Ok(()) };
        let line = |text: &str| text.split("is on line").map(|part| {
            part.trim_start_matches([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        }).collect::<String>();
        prop_assert!(file.bad.iter().all(|bad| !bad.mistakes.is_empty()));
        let rejects = file.rejects();
        match read_text(&rejects) {
            Ok(again) => {
                prop_assert!(again.rows.is_empty());
                let messages = |file| -> Vec<_> {
                    mistakes(file).into_iter().map(|(_, message)| message).collect()
                };
                prop_assert_eq!(messages(&again), messages(&file), "{}", &rejects);
                prop_assert_eq!(line(&again.rejects()), line(&rejects));
            }
            Err(_) => prop_assert!(file.bad.is_empty(), "{:?}", rejects),
        }
    }

    #[test]
    fn no_character_of_the_rows_is_lost(text in files()) {
        let Ok(mut file) = read_text(&text) else { return Ok(()) };
        let refused = Some(Mistake::of_row("all are refused"));
        file.refuse(vec![refused; file.rows.len()]);
        let kept = |text: &str| text.replace(['\r', '\n', ',', ';', '|', ' ', '"', '\''], "");
        prop_assert_eq!(kept(&without_reasons(&file)), kept(&text));
    }

    #[test]
    fn every_line_end_gives_the_same_lines(text in files()) {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let read = |end| read_text(&lines.replace('\n', end)).map(|file| {
            (file.lines.clone(), mistakes(&file))
        });
        let expected = read("\n");
        prop_assert_eq!(read("\r\n"), expected.clone());
        prop_assert_eq!(read("\r"), expected);
    }
}
