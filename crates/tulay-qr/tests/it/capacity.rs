//! Texts of any length are read in time that grows with the length, up to what a symbol holds.

use tulay_qr::{ErrorKind, Payload, SbpLink, inspect, inspect_leniently, lookalike, repair};

const CAPACITY: usize = 4296;

/// Texts of this length that have as many findings, objects or lines as there can be.
fn worst(length: usize) -> Vec<String> {
    let filled = |start: &str, with: &str| {
        let mut text = String::from(start);
        text.extend(with.chars().cycle().take(length - start.chars().count()));
        text
    };
    vec![
        filled("000201", "59011"),
        filled("000201", "9905\u{0}ab\u{1}c"),
        filled("000201", "62080104abcd"),
        filled("000201", "5904\u{E01}\u{E02}ab"),
        filled("", "0"),
        filled("", "\n"),
        filled("%30%30", "%30"),
        filled("https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB?", "a&"),
        filled("https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB?", "sum=1&"),
        filled("|", "1\r"),
        filled("", "a,b\n"),
    ]
}

#[test]
fn texts_beyond_the_capacity_are_refused_at_once() {
    for text in worst(CAPACITY + 1).into_iter().chain(worst(200_000)) {
        for seen in [inspect(&text), inspect_leniently(&text)] {
            let kinds: Vec<_> = seen.findings.errors.iter().map(|error| error.kind).collect();
            assert!(kinds == [ErrorKind::TooLong] && seen.content.is_none(), "{kinds:?}");
            assert_eq!(seen.findings.errors[0].offset, CAPACITY);
            assert!(seen.findings.errors[0].to_string().contains("4,296 characters"));
        }
        assert_eq!(Payload::parse(&text).unwrap_err().kind, ErrorKind::TooLong);
        assert_eq!(SbpLink::parse(&text).unwrap_err().kind, ErrorKind::TooLong);
    }
}

#[test]
fn texts_within_the_capacity_are_read() {
    for text in worst(CAPACITY) {
        for seen in [inspect(&text), inspect_leniently(&text)] {
            assert!(!seen.is_valid());
            assert!(seen.findings.errors.iter().all(|error| error.kind != ErrorKind::TooLong));
            assert!(seen.findings.errors.len() <= CAPACITY);
        }
        let _ = (lookalike(&text), repair(&text));
    }
}
