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
    ("GCash,9175550108", "gcash,09175550108"),
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
