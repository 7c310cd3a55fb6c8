//! Files that are no payout files, lines that are no payouts, and the file of rejected lines.

use super::tests::{GOOD, HEADER, read_text, verdict};
use insta::assert_snapshot;

#[test]
fn headings_that_may_be_data_are_not_printed() {
    let rows = format!("{GOOD}\n{}", GOOD.replace("R1", "R2"));
    let texts = [
        // The end of the header was lost.
        format!("{HEADER}{rows}"),
        format!("{HEADER},{rows}"),
        format!("{HEADER} {rows}"),
        format!("{HEADER},Ana Reyes\n{GOOD},x"),
        format!("{HEADER},{}\n{GOOD},x", "Ana Reyes ".repeat(40)),
        format!("{HEADER},A 1,B 2,C 3,D 4,E 5,F 6,G 7\n{GOOD}"),
    ];
    let verdicts = texts.map(|text| verdict(&text));
    for verdict in &verdicts {
        assert!(!verdict.contains("Reyes") && !verdict.contains("0917"), "{verdict}");
        assert!(verdict.lines().all(|line| line.chars().count() <= 300), "{verdict}");
    }
    assert_snapshot!(verdicts.join("\n"));
}

#[test]
fn files_that_are_no_table_are_named() {
    let with = |separator: &str| format!("{HEADER}\n{GOOD}\n").replace(',', separator);
    assert_snapshot!(
        [
            with("|"),
            with("^"),
            format!("|{}", with(" | ")),
            with("   "),
            format!("sep=;\n{}", with(",")),
            format!("Payroll of November\n\nprepared by Ana Reyes\n{}", with(",")),
            format!("Account,1234567890\n{}", with(",")),
            format!("Salaries 11/2026;;;\n{}", with(";")),
            format!("=\"reference\"{}", with(",").trim_start_matches("reference")),
            with(",").replace("reference", "'reference").replace("name", "=\"name\""),
            HEADER.split(',').zip(GOOD.split(',')).map(|(a, b)| format!("{a},{b}\n")).collect(),
            format!("{GOOD}\n{GOOD}"),
            "12345,Ana Reyes,PH\n".into(),
            "\u{1a}".into(),
            format!("{}\u{1a}{}", with(","), with(",")),
            format!("{HEADER}\n{}", GOOD.replace("Ana", "A\0na")),
            format!("ï»¿{}", with(",")),
            format!("<html><body>{}", with(",")),
            "[{\"reference\":\"R1\"}]".into(),
            "\n \n\n".into(),
            ",,,\n,,,\n".into(),
        ]
        .map(|text| verdict(&text))
        .join("\n")
    );
}

#[test]
fn the_end_of_a_dos_file_is_left_out() {
    for end in ["\u{1a}", "\u{1a}\u{1a}\0\0", "\r\n\u{1a}\r\n"] {
        let file = read_text(&format!("{HEADER}\n{GOOD}{end}")).unwrap();
        assert_eq!((file.rows.len(), file.bad.len()), (1, 0));
        assert_eq!(
            file.warnings(),
            ["the Ctrl-Z at the end of the file was ignored: DOS programs end files with it"]
        );
    }
}

#[test]
fn lines_that_are_no_payouts_are_named() {
    let other = GOOD.replace("R1", "R2").replace("1250.00", "750.50");
    assert_snapshot!(
        [
            "TOTAL,,2000.50,PHP,,,,",
            ",,2000.50,,,,,",
            ",,\"2,000.50\",PHP,,,,",
            ",PH,2000.50,PHP,wallet,gcash,09171234567,Ana",
            "Grand total:,,,,,,,",
            "Jumlah;",
            ",,,,,,รวมทั้งสิ้น,",
            ",Итого,2000.50,,,,,",
            "Total,2000.50",
            HEADER,
            &format!("\u{feff}{}", HEADER.to_uppercase()),
            "Prepared by,,,,,,,Ana Reyes",
            "TOTAL,PH,1.00,PHP,wallet,gcash,09171234567,Total Gas",
        ]
        .map(|last| verdict(&format!("{HEADER}\n{GOOD}\n{other}\n{last}\n")))
        .join("\n")
    );
}

#[test]
fn rows_that_may_be_one_payout_are_warned_about() {
    let row = |reference: &str, amount: &str, account: &str| {
        format!("{reference},PH,{amount},PHP,wallet,gcash,{account},Ana Reyes\n")
    };
    let file = |rows: &[String]| read_text(&format!("{HEADER}\n{}", rows.concat())).unwrap();
    let (one, two) = ("09171234567", "09171234568");
    let warned = file(&[
        row("R1", "5.00", one),
        row("R2", "5.00", two),
        row("R3", "5.00", one),
        row("r2", "6.00", one),
        row("R4", "5.0", "+63 917 123 4567"),
        row("R5", "7.00", two),
    ]);
    assert_eq!(
        warned.warnings(),
        [
            "lines 2, 4 and 6 pay the same amount to the same account under different references",
            "lines 3 and 5 have references that differ only in capitals",
        ]
    );
    assert_eq!(warned.rows.len(), 6, "they are paid nevertheless");
    assert!(file(&[row("R1", "5.00", one), row("R2", "5.00", two)]).warnings().is_empty());
    let many: Vec<String> =
        (0..100).map(|n| row(&format!("R{n}"), &format!("{}.00", 1 + n / 2), one)).collect();
    let warnings = file(&many).warnings();
    assert_eq!(
        (warnings.len(), warnings[20].starts_with("and 30 more")),
        (21, true),
        "{warnings:?}"
    );
}

#[test]
fn rejects_are_corrected_and_read_again() {
    for (wrong, right) in [
        (GOOD.replace("1250.00", "0"), GOOD.to_owned()),
        (GOOD.replace("Ana Reyes", "\"Ana, Reyes"), GOOD.to_owned()),
        (GOOD.replace(",Ana Reyes", ""), GOOD.to_owned()),
        (GOOD.replace("Ana Reyes", "=HYPERLINK(1)").replace("PHP", "X"), GOOD.to_owned()),
    ] {
        for (separator, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r")] {
            let text = format!("{HEADER}\nR2,PH,1.00,PHP,wallet,gcash,09171234568,Ben\n{wrong}\n");
            let text = text.replace(',', separator).replace('\n', end);
            let rejects = read_text(&text).unwrap().rejects();
            assert!(rejects.starts_with(&format!("reason{separator}reference")), "{rejects}");
            let again = read_text(&rejects).unwrap();
            assert_eq!((again.rows.len(), again.bad.len()), (0, 1), "{rejects}");
            assert_eq!(again.rejects().matches("reason").count(), 1, "{rejects}");
            let header = rejects.split(['\r', '\n']).next().unwrap().replace(separator, ",");
            let corrected =
                format!("{header}\n\"amount: was zero\",{right}\n,{}\n", right.replace("R1", "R3"));
            assert_eq!(verdict(&corrected), "good: 2 row(s)");
        }
    }
}

#[test]
fn rejects_hold_no_formula() {
    for name in
        ["=1+1", "@SUM(A1)", "+1-800", "-2+3", "\"=1,1\"", "\"\t=1\"", "\u{1b}[2J", "a\u{202e}b"]
    {
        let text = format!("{HEADER}\n{}", GOOD.replace("1250.00", "0").replace("Ana Reyes", name));
        let rejects = read_text(&text).unwrap().rejects();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_reader(rejects.as_bytes());
        for record in reader.records() {
            for cell in &record.unwrap() {
                assert!(!crate::terminal::is_formula(cell), "{cell}");
                assert_eq!(crate::terminal::shown(cell).replace("\\u{9}", "\t"), cell);
            }
        }
    }
    // What was defused is read as it was.
    let text = format!("{HEADER},remark\n{},- salary", GOOD.replace("1250.00", "0"));
    let rejects = read_text(&text).unwrap().rejects();
    assert!(rejects.contains(",'- salary"), "{rejects}");
    let corrected = read_text(&rejects.replace(",0,", ",1.00,")).unwrap();
    assert_eq!(corrected.rows[0].request.remark.as_deref(), Some("- salary"));
}

#[test]
fn a_reason_column_of_another_file_is_unknown() {
    let text = format!("{HEADER},reason\n{GOOD},Salary");
    assert!(verdict(&text).contains("the heading of column 9 (I) is not known"));
}
