//! Evidence gives the same facts in any order and any number of times.

use jiff::{SignedDuration, Timestamp};
use proptest::{prelude::*, sample::Index};
use tulay_journal::machine::{Evidence, Facts, facts::Word};

fn evidence() -> impl Strategy<Value = Evidence> {
    let word = || {
        prop_oneof![
            Just(Word::Pending),
            Just(Word::Succeeded),
            Just(Word::Failed),
            Just(Word::Reversed)
        ]
    };
    let time = || {
        (0_i32..8).prop_map(|tick| {
            Timestamp::UNIX_EPOCH + SignedDuration::from_mins(5).checked_mul(tick).unwrap()
        })
    };
    prop_oneof![
        word().prop_map(Evidence::Created),
        word().prop_map(Evidence::Notified),
        time().prop_map(|asked| Evidence::Absent { asked }),
        (time(), word()).prop_map(|(asked, word)| Evidence::Found { asked, word }),
        (0_u32..3).prop_map(|sendings| Evidence::NotExecuted { sendings }),
        Just(Evidence::SharedReference),
        Just(Evidence::Paid),
        time().prop_map(|at| Evidence::CameBack { at }),
    ]
}

fn joined<'a>(evidence: impl IntoIterator<Item = &'a Evidence>) -> Facts {
    let mut facts = Facts::default();
    evidence.into_iter().for_each(|it| facts.join(*it));
    facts
}

proptest! {
    #[test]
    fn order_of_evidence_does_not_matter(
        all in proptest::collection::vec(evidence(), 0..10),
        shuffled in Just(()).prop_perturb(|(), mut rng| rng.random::<u64>()),
        again in any::<Index>(),
    ) {
        let mut other = all.clone();
        let mut seed = shuffled;
        for place in (1..other.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let with = usize::try_from(seed >> 33).unwrap() % (place + 1);
            other.swap(place, with);
        }
        if !all.is_empty() {
            other.push(all[again.index(all.len())]);
        }
        prop_assert_eq!(joined(&all), joined(&other));
    }

    #[test]
    fn facts_survive_storage(all in proptest::collection::vec(evidence(), 0..10)) {
        let facts = joined(&all);
        let text = serde_json::to_string(&facts).unwrap();
        prop_assert_eq!(serde_json::from_str::<Facts>(&text).unwrap(), facts);
    }
}

#[test]
fn unknown_members_of_facts_are_refused() {
    assert!(serde_json::from_str::<Facts>(r#"{"order_exists":true}"#).unwrap().order_exists);
    assert!(serde_json::from_str::<Facts>(r#"{"order_is_there":true}"#).is_err());
}
