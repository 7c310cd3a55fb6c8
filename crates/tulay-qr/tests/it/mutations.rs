//! Random damage of genuine codes.
//! `TULAY_MUTATIONS=1000000 cargo test -p tulay-qr --test it mutations` tries as many.

use crate::vector;
use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, TestRunner},
};
use tulay_qr::{Payload, inspect, inspect_leniently, lookalike, repair, whole_crc};

/// What happens to a code on its way: characters are lost, doubled, exchanged, put in, cut off.
#[derive(Clone, Debug)]
enum Damage {
    Cut(Index),
    Double(Index, usize),
    Insert(Index, char),
    Remove(Index, usize),
    Replace(Index, char),
    Surround(char),
}

const LIKELY: &str = "0123456789 AZaz%+&=.,;'\"\\<\n\r\t\0\u{A0}\u{200B}\u{FEFF}\u{E01}\u{1F600}";

fn damage() -> impl Strategy<Value = Damage> {
    let character =
        || prop_oneof![8 => select(LIKELY.chars().collect::<Vec<_>>()), 1 => any::<char>()];
    prop_oneof![
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), 1..40_usize).prop_map(|(at, count)| Damage::Double(at, count)),
        (any::<Index>(), character()).prop_map(|(at, c)| Damage::Insert(at, c)),
        (any::<Index>(), 1..20_usize).prop_map(|(at, count)| Damage::Remove(at, count)),
        (any::<Index>(), character()).prop_map(|(at, c)| Damage::Replace(at, c)),
        character().prop_map(Damage::Surround),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for damage in damages {
        let length = characters.len();
        if length == 0 {
            break;
        }
        match damage {
            Damage::Cut(at) => characters.truncate(at.index(length)),
            Damage::Double(at, count) => {
                let at = at.index(length);
                let part = characters[at..length.min(at + count)].to_vec();
                characters.splice(at..at, part);
            }
            Damage::Insert(at, c) => characters.insert(at.index(length), *c),
            Damage::Remove(at, count) => {
                let at = at.index(length);
                characters.drain(at..length.min(at + count));
            }
            Damage::Replace(at, c) => characters[at.index(length)] = *c,
            Damage::Surround(c) => {
                characters.insert(0, *c);
                characters.push(*c);
            }
        }
    }
    characters.into_iter().collect()
}

/// How many mutations to try.
#[allow(
    clippy::disallowed_methods,
    reason = "the number of mutations is set where the test is run"
)]
fn mutations() -> u32 {
    std::env::var("TULAY_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(4000)
}

#[test]
fn damaged_codes_are_read_without_a_panic_or_a_long_line() {
    let texts: Vec<_> = vector::all().iter().map(|v| v.payload().to_owned()).collect();
    let strategy = (select(texts), prop::collection::vec(damage(), 1..4));
    let config = Config { cases: mutations(), failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&strategy, |(text, damages)| {
        let text = damaged(&text, &damages);
        for seen in [inspect(&text), inspect_leniently(&text)] {
            for error in &seen.findings.errors {
                prop_assert!(error.to_string().chars().count() <= 300, "{}", error);
                prop_assert!(error.offset <= text.chars().count());
            }
            for warning in &seen.findings.warnings {
                prop_assert!(warning.to_string().chars().count() <= 300, "{}", warning);
            }
        }
        if let Some(repaired) = repair(&text) {
            let read = inspect_leniently(&repaired.text);
            prop_assert!(read.content.is_some(), "{:?}", repaired.text);
        }
        if let Ok(payload) = Payload::parse(&text) {
            prop_assert_eq!(payload.to_string(), text.clone());
            let _ = payload.edit().finish();
        }
        let _ = (lookalike(&text), whole_crc(&text));
        Ok(())
    });
    outcome.unwrap();
}
