//! Fixtures and snapshots hold no keys and no personal data. A folder with test keys lists them,
//! file by file, in its own `test-keys.txt`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Domains that RFC 2606 reserves, and short ones that stand for them in tests.
const RESERVED_DOMAINS: &[&str] =
    &["example.com", "example.org", "example.net", ".example", "x.ph", "b.ph"];

#[test]
fn fixtures_hold_no_keys_and_no_personal_data() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for folder in ["crates", "tests", "examples"] {
        collect(&root.join(folder), &mut files);
    }
    assert!(files.len() > 50, "only {} fixtures were found", files.len());
    let mut complaints = Vec::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap().display().to_string();
        let bytes = fs::read(&file).unwrap();
        let of_file = complaints_of(&bytes);
        let keys_are_declared = of_file.iter().all(|found| found.is_key) && declared(&file);
        if !keys_are_declared {
            complaints.extend(of_file.iter().map(|found| format!("{name}: {}", found.what)));
        }
    }
    assert_eq!(complaints, [""; 0]);
}

struct Found {
    what: String,
    is_key: bool,
}

fn complaints_of(bytes: &[u8]) -> Vec<Found> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    let mut key = |what: &str| found.push(Found { what: what.to_owned(), is_key: true });
    if text.contains("PRIVATE KEY") || text.contains("BEGIN CERTIFICATE") {
        key("a key in PEM");
    }
    if std::str::from_utf8(bytes).is_err() {
        key("bytes that are no text, as a key in DER is");
    }
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    let shown = without_codes(&text);
    if shown.split(|c| !is_base64(c)).any(key_shaped) {
        key("a key-shaped text");
    }
    let is_word = |c: char| c.is_alphanumeric() || "+@._-".contains(c);
    for word in text.split(|c| !is_word(c)).map(|word| word.trim_matches(['.', '-', '_'])) {
        let what = if phone_shaped(word) && !made_up(word) {
            "a telephone number"
        } else if card_shaped(word) {
            "a card number"
        } else if mail_shaped(word) {
            "an email address"
        } else {
            continue;
        };
        // The text itself may be somebody's, and is not repeated.
        found.push(Found { what: what.to_owned(), is_key: false });
    }
    found
}

/// The text without the payment QR codes in it, which are made to be shown.
fn without_codes(text: &str) -> String {
    // Malaysia's codes begin with format 02.
    let start = |line: &str| line.find("000201").or_else(|| line.find("000202"));
    let line = |line: &str| match (start(line), line.rfind("6304")) {
        (Some(start), Some(crc)) if start < crc => {
            let end = (crc + 8).min(line.len());
            [&line[..start], line.get(end..).unwrap_or_default()].concat()
        }
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Long, and of the classes of characters that secrets mix.
fn key_shaped(word: &str) -> bool {
    let has = |test: fn(&char) -> bool| word.chars().any(|c| test(&c));
    let hex = word.len() >= 64 && word.chars().all(|c| c.is_ascii_hexdigit());
    let mixed = word.len() >= 48
        && !word.contains('_')
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_digit);
    hex || mixed || word.starts_with("sk_live") || word.starts_with("AKIA")
}

fn phone_shaped(word: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match word.strip_prefix('+') {
        Some(number) => (8..=15).contains(&number.len()) && digits(number),
        None => {
            digits(word)
                && ((word.len() == 11 && word.starts_with("09"))
                    || (word.len() == 12 && word.starts_with("639")))
        }
    }
}

/// A number that one can see was made up: counted up, or one digit again and again.
fn made_up(number: &str) -> bool {
    let again = ('0'..='9').any(|digit| number.contains(&digit.to_string().repeat(4)));
    again || number.contains("12345")
}

/// Sixteen digits whose check digit is right and whose first is one of a card's.
fn card_shaped(word: &str) -> bool {
    let digits: Vec<u32> = word.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 16 || word.len() != 16 || !matches!(digits[0], 4 | 5) {
        return false;
    }
    let weigh = |(index, digit): (usize, &u32)| match index % 2 {
        0 => digit * 2 / 10 + digit * 2 % 10,
        _ => *digit,
    };
    digits.iter().enumerate().map(weigh).sum::<u32>() % 10 == 0
}

fn mail_shaped(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !RESERVED_DOMAINS.iter().any(|d| host.ends_with(d))
    })
}

/// Whether a `test-keys.txt` beside the file, or above it in the same crate, names it.
fn declared(file: &Path) -> bool {
    file.ancestors().skip(1).take_while(|folder| !folder.ends_with("crates")).any(|folder| {
        let list = fs::read_to_string(folder.join("test-keys.txt")).unwrap_or_default();
        let names: BTreeSet<&str> =
            list.lines().filter_map(|line| line.split_whitespace().next()).collect();
        let name = file.strip_prefix(folder).unwrap().display().to_string();
        names.contains(name.as_str())
    })
}

/// Every file in a folder of data, keys or snapshots, except code.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let kept = ["data", "keys", "snapshots"];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_none_or(|kind| kind != "rs")
            && path.ancestors().any(|folder| kept.iter().any(|name| folder.ends_with(name)))
        {
            files.push(path);
        }
    }
}

#[test]
fn what_is_looked_for_is_found() {
    let found = |text: &str| complaints_of(text.as_bytes()).len();
    assert_eq!(found("reference INV-2026-0001, order 202611201000000001, +639171234567"), 0);
    assert_eq!(found("anyone@shop.example.com"), 0);
    assert_eq!(found(&format!("-----BEGIN PRIVATE {}-----", "KEY")), 1);
    assert_eq!(found(&"aB3".repeat(20)), 1);
    assert_eq!(found(&"0f".repeat(32)), 1);
    assert_eq!(found(&["+6391", "80001122"].concat()), 1);
    assert_eq!(found(&["0918", "0001122"].concat()), 1);
    assert_eq!(found(&["4111", "111111111111"].concat()), 1);
    assert_eq!(found(&["somebody@", "mail.ph"].concat()), 1);
    assert_eq!(complaints_of(&[0x30, 0x82, 0xff]).len(), 1);
}
