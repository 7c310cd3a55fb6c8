//! Random damage to the example files, 20,000 times: no panic, no long line, and nothing personal in a message.
//!
//! `TULAY_MUTATIONS=1000000 cargo test --release -p tulay-cli --lib mutations` does more of it.

use super::{ReadOptions, read};
use crate::payout_file::{AmountFormat, BadLine, Cells, mistake_lines, read_row};
use std::collections::HashSet;
use tulay::Directory;

const EXAMPLE: &str = include_str!("../../../../../examples/payouts.csv");

/// No line of a message is longer.
const LONGEST: usize = 300;

#[test]
fn damaged_payout_files_print_nothing_personal() {
    let personal = Personal::of_example();
    let mut random = Random(1);
    let (header, rows) = EXAMPLE.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    for _ in 0..mutations(4_000) {
        let rows = (0..4).map(|_| *random.one_of(&rows)).collect::<Vec<_>>().join("\n");
        let text = format!("{header}\n{rows}\n");
        let bytes = damaged(text.into_bytes(), &mut random);
        let messages = match read(&bytes, &ReadOptions::default()) {
            Err(unreadable) => vec![unreadable.to_string()],
            Ok(file) => {
                let rejects = file.rejects();
                assert!(file.bad.is_empty() || !rejects.is_empty());
                [mistake_lines(&file.bad), file.warnings()].concat()
            }
        };
        personal.check(&messages, &bytes);
    }
}

#[test]
fn damaged_payout_objects_print_nothing_personal() {
    let personal = Personal::of_example();
    let mut random = Random(2);
    let mut reader = csv::Reader::from_reader(EXAMPLE.as_bytes());
    let header = reader.headers().unwrap().clone();
    let objects: Vec<String> = reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let members = header.iter().zip(&record).filter(|(_, text)| !text.is_empty());
            let members = members.map(|(name, text)| (name.to_owned(), text.into()));
            serde_json::Value::Object(members.collect()).to_string()
        })
        .collect();
    for _ in 0..mutations(16_000) {
        let bytes = damaged(random.one_of(&objects).clone().into_bytes(), &mut random);
        let read = Cells::from_json(&bytes)
            .map_err(|mistakes| BadLine { line: None, amount: None, mistakes })
            .and_then(|cells| read_row(None, &cells, AmountFormat::Plain));
        if let Err(bad) = read {
            personal.check(&mistake_lines(&[bad]), &bytes);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how much of it is for the caller to say")]
fn mutations(by_default: usize) -> usize {
    std::env::var("TULAY_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(by_default)
}

/// The names and accounts of the example. A mobile number may be shown as it should be.
struct Personal(HashSet<String>);

impl Personal {
    fn of_example() -> Self {
        let mut reader = csv::Reader::from_reader(EXAMPLE.as_bytes());
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|heading| heading == name).unwrap();
        let names = ["given_name", "middle_name", "family_name", "tax_id"].map(column);
        let (account, channel) = (column("account"), column("channel"));
        let mut personal = HashSet::new();
        for record in reader.records() {
            let record = record.unwrap();
            let account = (&record[channel] == "bank").then_some(account);
            for text in names.into_iter().chain(account).map(|column| &record[column]) {
                personal.extend(text.split(' ').filter(|part| part.len() > 2).map(str::to_owned));
            }
        }
        // Some people are called as a wallet is.
        let institutions = Directory::all().iter().flat_map(Directory::institutions);
        let names = institutions.flat_map(tulay::Institution::names).flat_map(|n| n.split(' '));
        for name in names {
            personal.remove(name);
        }
        Self(personal)
    }

    fn check(&self, messages: &[String], bytes: &[u8]) {
        for line in messages.iter().flat_map(|message| message.lines()) {
            let file = || String::from_utf8_lossy(bytes);
            assert!(line.chars().count() <= LONGEST, "{line}\n{}", file());
            let words = line.split(|c: char| !c.is_alphanumeric());
            let personal: Vec<&str> = words.filter(|word| self.0.contains(*word)).collect();
            assert!(personal.is_empty(), "{personal:?} in {line}\n{}", file());
        }
    }
}

/// Numbers that look random, the same at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).unwrap_or_default();
        high % end.max(1)
    }

    fn one_of<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        let at = self.below(of.len());
        &of[at]
    }
}

fn damaged(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    const TEXTS: [&str; 24] = [
        "\"", ",", ";", "\t", "|", "\n", "\r", "\r\n", "0", "-", "'", "=\"", "#", "E+11",
        "1,250.00", "\0", "\u{1a}", "\u{feff}", "\u{202e}", "ñ", "ใ", "\\", "}", ":",
    ];
    for _ in 0..=random.below(3) {
        let from = random.below(bytes.len() + 1);
        let longest = *random.one_of(&[12, 12, 12, 300]);
        let to = bytes.len().min(from + random.below(longest));
        match random.below(8) {
            0 | 1 => drop(bytes.drain(from..to)),
            2 | 3 => drop(bytes.splice(from..from, random.one_of(&TEXTS).bytes())),
            4 => drop(bytes.splice(from..to, random.one_of(&TEXTS).bytes())),
            5 => {
                let part = bytes[from..to].to_vec();
                let at = random.below(bytes.len() + 1);
                drop(bytes.splice(at..at, part));
            }
            6 => bytes.get_mut(from..to).unwrap_or_default().iter_mut().take(1).for_each(|byte| {
                *byte = u8::try_from(random.below(256)).unwrap_or_default();
            }),
            _ => {
                let part: Vec<u8> = bytes.drain(from..to).collect();
                let at = random.below(bytes.len() + 1);
                drop(bytes.splice(at..at, part));
            }
        }
    }
    bytes
}
