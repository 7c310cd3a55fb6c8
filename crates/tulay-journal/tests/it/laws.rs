//! What is learned gives the same facts in any order and any number of times. That events give the
//! row is compared at the end of every schedule of [`crate::search`] and of `store::walk`.

use jiff::{SignedDuration, Timestamp};
use proptest::{prelude::*, sample::Index};
use tulay_core::{ErrorKind, FindBy, Guarantees, Operation, ProviderReference};
use tulay_journal::machine::{
    Attempt, Evidence, Facts, Outcome, Rules, Sending, facts::Word, review::reviews, standing,
};

/// What becomes known of an attempt that was sent three times.
#[derive(Clone, Debug)]
enum News {
    Evidence(Evidence),
    Ended(usize, Outcome),
    Reference(&'static str),
}

const SENDINGS: i32 = 3;

fn at(tick: i32) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(5).checked_mul(tick).unwrap()
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let word = || {
        prop_oneof![
            Just(Word::Pending),
            Just(Word::Succeeded),
            Just(Word::Failed),
            Just(Word::Reversed)
        ]
    };
    let time = || (0_i32..8).prop_map(at);
    prop_oneof![
        word().prop_map(Evidence::Created),
        word().prop_map(Evidence::Notified),
        time().prop_map(|asked| Evidence::Absent { asked }),
        (time(), word()).prop_map(|(asked, word)| Evidence::Found { asked, word }),
        (0_u32..4).prop_map(|sendings| Evidence::NotExecuted { sendings }),
        Just(Evidence::SharedReference),
        Just(Evidence::Paid),
        time().prop_map(|at| Evidence::CameBack { at }),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let rejected = (any::<bool>(), 3_i32..8).prop_map(|(is_permanent, tick)| Outcome::Rejected {
        kind: ErrorKind::Funds,
        is_permanent,
        at: at(tick),
    });
    prop_oneof![
        Just(Outcome::NotSent { kind: ErrorKind::Unreachable }),
        rejected,
        Just(Outcome::Accepted),
        Just(Outcome::Duplicate),
    ]
}

/// News, with at most one outcome for each sending: only the process that sent it knows it.
fn news() -> impl Strategy<Value = Vec<News>> {
    let outcomes = proptest::collection::vec(proptest::option::of(outcome()), 3);
    let evidence = proptest::collection::vec(evidence(), 0..8);
    let references = proptest::sample::subsequence(vec!["T-A", "T-B"], 0..=2);
    (outcomes, evidence, references).prop_map(|(outcomes, evidence, references)| {
        let ended = outcomes.into_iter().enumerate();
        let ended = ended.filter_map(|(place, outcome)| Some(News::Ended(place, outcome?)));
        let evidence = evidence.into_iter().map(News::Evidence);
        ended.chain(evidence).chain(references.into_iter().map(News::Reference)).collect()
    })
}

fn learned<'a>(news: impl IntoIterator<Item = &'a News>) -> Attempt {
    let mut attempt = Attempt::new(1);
    for tick in 0..SENDINGS {
        attempt.begin_sending(Sending::new(at(tick), [7; 32]), Some(at(6)));
    }
    for it in news {
        match it {
            News::Evidence(evidence) => attempt.facts.join(*evidence),
            News::Ended(place, outcome) => attempt.end_sending(*place, outcome.clone()),
            News::Reference(text) => {
                attempt.facts.add_reference(ProviderReference::new(*text).unwrap());
            }
        }
    }
    attempt
}

fn shuffled<T: Clone>(all: &[T], seed: u64, again: &Index) -> Vec<T> {
    let mut other = all.to_vec();
    let mut seed = seed;
    for place in (1..other.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let with = usize::try_from(seed >> 33).unwrap() % (place + 1);
        other.swap(place, with);
    }
    if !all.is_empty() {
        other.push(again.get(all).clone());
    }
    other
}

/// The rules of every kind of provider.
fn all_rules() -> Vec<Rules> {
    let window = SignedDuration::from_mins(10);
    let mut all = Vec::new();
    for find_by in [FindBy::OrderId, FindBy::ProviderReference, FindBy::None] {
        for replays in [false, true] {
            for is_whole in [false, true] {
                let mut guarantees = Guarantees::default();
                guarantees.find_by = find_by;
                guarantees.failure_final_after = Some(window);
                guarantees.replays_for = replays.then(|| SignedDuration::from_mins(30));
                guarantees.replays_rejections = replays;
                all.push(Rules::new(&guarantees, Operation::Payout, is_whole, window));
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn order_of_news_does_not_matter(news in news(), seed in any::<u64>(), again in any::<Index>()) {
        let (one, other) = (learned(&news), learned(&shuffled(&news, seed, &again)));
        prop_assert_eq!(&one, &other);
        for rules in all_rules() {
            prop_assert_eq!(standing(&one, &rules), standing(&other, &rules));
            let of = |attempt: &Attempt| reviews(attempt, &rules, at(9)).collect::<Vec<_>>();
            prop_assert_eq!(of(&one), of(&other));
        }
    }

    /// Whatever is learned later, a closed attempt stays what its proof says.
    #[test]
    fn a_closed_attempt_never_changes(news in news(), first in any::<Index>()) {
        for rules in all_rules() {
            let known = if news.is_empty() { 0 } else { first.index(news.len()) };
            let mut attempt = learned(&news[..known]);
            let closed_as = standing(&attempt, &rules);
            attempt.closed_as = Some(closed_as);
            let mut later = learned(&news);
            later.closed_as = attempt.closed_as;
            prop_assert_eq!(standing(&later, &rules), closed_as);
        }
    }

    #[test]
    fn facts_survive_storage(all in proptest::collection::vec(evidence(), 0..10)) {
        let mut facts = Facts::default();
        all.iter().for_each(|it| facts.join(*it));
        let text = serde_json::to_string(&facts).unwrap();
        prop_assert_eq!(serde_json::from_str::<Facts>(&text).unwrap(), facts);
    }
}

#[test]
fn unknown_members_of_facts_are_refused() {
    assert!(serde_json::from_str::<Facts>(r#"{"order_exists":true}"#).unwrap().order_exists);
    assert!(serde_json::from_str::<Facts>(r#"{"order_is_there":true}"#).is_err());
}
