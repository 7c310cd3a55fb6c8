//! A payout file as people make it, repaired by its messages.

use crate::support::Folder;
use insta::assert_snapshot;

const PEOPLE: &str = include_str!("files/people.csv");

/// What each message asks for.
const REPAIRS: [(&str, &str); 14] = [
    ("1-Nov,PH", "SAL-1106,PH"),
    ("#SAL-1115,PH,2100.00,PHP,,BPI,3089550199,Nestor Cruz,,\n", ""),
    ("\"1,250.00\"", "1250.00"),
    ("PHP 980.50", "980.50"),
    ("GCash,9175555108", "gcash,09175555108"),
    ("GCash", "gcash"),
    ("Maya", "maya"),
    ("Metrobank", "MBTCPHMM"),
    ("Landbank", "TLBPPHMM"),
    ("UnionBank", "UBPHPHMM"),
    ("BDO", "BNORPHMM"),
    ("BPI", "BOPIPHMM"),
    ("Maybank", "MBBEMYKL"),
    ("TOTAL,,\"133,916.00\",PHP,,,,,,\n", ""),
];

const HEADER: &str = "reference,country,amount,currency,channel,institution,account,name";

/// Texts that control a terminal, a spreadsheet or a reader of JSON.
const HOSTILE: [&str; 8] = [
    "\u{1b}[2Jpaid",
    "a\u{9b}31mb",
    "moc.\u{202e}elpmaxe",
    "a\u{2066}b\u{2069}",
    "a\u{2028}b\u{2029}c",
    "a\u{7f}\u{8}b",
    "=HYPERLINK(\"http://example.com\")",
    "{\"error\":null}\u{85}",
];

fn controls(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn no_text_of_a_file_controls_the_terminal() {
    let folder = Folder::new();
    let rows = HOSTILE.iter().enumerate().flat_map(|(number, hostile)| {
        let quoted = format!("\"{}\"", hostile.replace('"', "\"\""));
        let row = |reference: &str, name: &str, remark: &str| {
            format!("{reference},PH,1.00,PHP,wallet,gcash,09171234567,{name},{remark}\n")
        };
        [
            row(&quoted, "Ana", ""),
            row(&format!("N{number}"), &quoted, ""),
            row(&format!("R{number}"), "Ana", &quoted),
        ]
    });
    let good = "G1,PH,1.00,PHP,wallet,gcash,09171234567,Ana,\n";
    folder.write("pay.csv", format!("{HEADER},remark\n{good}{}", rows.collect::<String>()));
    let ended = folder.run(&["demo", "--file", "pay.csv", "--json"]);
    assert!(!ended.err.contains(controls), "{:?}", ended.err);
    assert!(ended.error()["lines"].as_array().is_some_and(|lines| lines.len() >= HOSTILE.len()));
    for output in ["table", "json", "jsonl", "csv"] {
        let rejects = format!("{output}.csv");
        let arguments = ["demo", "--file", "pay.csv", "--reject-file", &rejects];
        let ended = folder.run(&[&arguments[..], &["--output", output]].concat());
        assert!(!ended.out.contains(controls), "{:?}", ended.out);
        assert!(!ended.err.contains(controls), "{:?}", ended.err);
        let rejects = folder.read(&rejects);
        assert!(!rejects.contains(controls) && !rejects.contains("\"=HYPER"), "{rejects:?}");
    }
}

#[test]
fn no_argument_controls_the_terminal() {
    let folder = Folder::new();
    folder.write("pay.csv", HEADER);
    for hostile in HOSTILE {
        for arguments in [
            vec!["demo", "--nosuch", hostile],
            vec!["demo", "--file", hostile],
            vec!["payout", "get", hostile],
            vec!["demo", "--file", "pay.csv", "--ignore", hostile],
        ] {
            let ended = folder.run(&arguments);
            assert!(!ended.err.contains(controls), "{:?}", ended.err);
            let ended = folder.run(&[&arguments[..], &["--json"]].concat());
            assert!(!ended.err.contains(controls), "{:?}", ended.err);
            ended.error();
        }
    }
}

#[test]
fn files_that_are_no_json_are_named() {
    let folder = Folder::initialised();
    let commands = [["payout", "create", "--file", "x"], ["refund", "create", "--file", "x"]];
    let cases: [(&[u8], &str); 5] = [
        (HEADER.as_bytes(), "not JSON: this looks like CSV; to try a file against the simulator"),
        (b"%PDF-1.7", "not JSON: this is a PDF"),
        (b"<html><body>Log in", "not JSON: this looks like a web page (HTML)"),
        (b"\xFF\xFE{\0\"\0", "not JSON: this looks like UTF-16"),
        (b"-----BEGIN PRIVATE KEY-----\nMIIE", "not JSON: this looks like a key"),
    ];
    for (bytes, expected) in cases {
        folder.write("x", bytes);
        for command in commands {
            let ended = folder.run(&command);
            assert_eq!(ended.exit, 2, "{}", ended.err);
            assert!(ended.err.contains(expected), "{}", ended.err);
            assert!(!ended.err.contains("MIIE"), "{}", ended.err);
        }
    }
}

#[test]
fn a_file_of_forty_rows_is_repaired_by_its_messages() {
    let folder = Folder::new();
    let (thai, _, unmappable) = encoding_rs::WINDOWS_874.encode(PEOPLE);
    assert!(!unmappable);
    folder.write("pay.csv", thai);
    let refused = |arguments: &[&str]| {
        let ended = folder.run(&[&["demo", "--file", "pay.csv"], arguments].concat());
        assert_eq!((ended.exit, ended.out.as_str()), (2, ""), "{}", ended.err);
        assert!(ended.err.lines().all(|line| line.chars().count() <= 300), "{}", ended.err);
        ended.err
    };
    let encoding = refused(&[]);
    assert!(encoding.contains("--encoding windows-874"), "{encoding}");
    let mistakes = refused(&["--encoding", "windows-874"]);
    for personal in ["Cruz", "สมชาย", "3089550199"] {
        assert!(!mistakes.contains(personal), "{mistakes}");
    }
    assert_snapshot!([encoding, mistakes].concat());
    let repaired = REPAIRS.iter().fold(PEOPLE.to_owned(), |text, (wrong, right)| {
        assert!(text.contains(wrong), "{wrong}");
        text.replace(wrong, right)
    });
    folder.write("repaired.csv", repaired);
    let ended = folder.run(&["demo", "--file", "repaired.csv"]);
    assert_eq!(ended.exit, 0, "{}{}", ended.out, ended.err);
    assert!(
        ended.err.contains("39 rows to pay (MYR 900.00, PHP 133,916.00, THB 6,150.00)"),
        "{}",
        ended.err
    );
    assert!(ended.out.contains("36 not through starpay: family_name missing"), "{}", ended.out);
    assert!(ended.out.contains("39 payouts: 39 succeeded"), "{}", ended.out);
}
