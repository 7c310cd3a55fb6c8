//! What concerns a journal that is not known to be whole: M8, M9, M11, N3, N17 and V1 to V5.

use super::case::{Case, SHORT, UNSENT, hours, minutes, policy, seconds};
use crate::store::{account, guarantees, namespace};
use jiff::SignedDuration;
use tulay_core::{Channel, Country, Currency, FindBy, IdRules, Lookup, Money, Operation, OrderId};
use tulay_journal::{
    machine::{ReviewReason, Standing, facts::Word},
    record::{Doubt, Ending, Finding, Hit, Place, Refused, Seen, Sighting, Status, Step, Write},
};

/// After this, no copy of an earlier process can arrive unseen: lease, call, the life of a copy, and
/// the absence window.
const WAIT: SignedDuration = SignedDuration::from_secs(60 + 30 + 3600 + 600);

fn place(number: u8, country: Country, currency: Currency) -> Place {
    Place { merchant_account: account(number), country, currency }
}

/// The order of an attempt at an account, in the payout's own country and amount.
fn hit(case: &Case, number: u8, attempt: u8, word: Word) -> Hit {
    let (rules, operation) = (IdRules::STANDARD, Operation::Payout);
    let reference = &case.record.reference;
    let id = OrderId::derive(rules, &namespace(), operation, reference, u32::from(attempt));
    let lookup = Lookup::new(id, Country::PH, Currency::PHP, Channel::Bank)
        .with_amount(Money::from_minor(10_000, Currency::PHP));
    let place = place(number, Country::PH, Currency::PHP);
    let (finding, amount) = (Finding::Found(word), lookup.amount);
    let sighting = Sighting { attempt, place, finding, amount, provider_reference: None };
    Hit { sighting, lookup }
}

impl Case {
    /// The journal was restored, or made anew, at this moment.
    fn doubt(&mut self) {
        let accounts = vec![account(1), account(2)];
        self.doubt = Some(Doubt { since: self.now, accounts });
        self.record.lease = None;
    }

    /// Every order id is looked up at both accounts now.
    fn search(&mut self, hits: Vec<Hit>) {
        let place = |number| place(number, Country::PH, Currency::PHP);
        let step = Step::Search { asked: self.now, places: vec![place(1), place(2)], hits };
        let record = self.claim();
        self.write(&Write::claimed(&record, step)).unwrap();
    }
}

/// A restore brings back a journal that does not know a payout at A, and the route now prefers B.
/// Before anything is sent, the order ids are looked up everywhere, and the order is followed.
#[test]
fn m08_payout_before_a_restore_is_found() {
    let mut case = Case::new();
    case.doubt();
    assert_eq!(case.next(2).unwrap_err(), Refused::NotWhole);
    case.pass(WAIT);
    case.search(vec![hit(&case, 1, 1, Word::Succeeded)]);
    assert_eq!(case.record.status, Status::Succeeded);
    case.assert_stuck();
}

/// The same, where the repeated attempt does not even leave. An unsent attempt is no proof in such a
/// journal.
#[test]
fn m09_unsent_attempt_after_a_restore_proves_nothing() {
    let mut case = Case::new();
    case.record.progress.send_by = Some(case.now + hours(2));
    case.next(1).unwrap();
    case.answer(0, UNSENT);
    case.doubt();
    case.pass(hours(3));
    assert_eq!(case.end(Ending::Failed).unwrap_err(), Refused::NotWhole);
    case.search(Vec::new());
    case.end(Ending::Failed).unwrap();
}

/// What the restored journal does not know cannot be asked by its rows. The ids of all eight
/// attempts are derived, and the fifth one is found.
#[test]
fn m11_lost_attempts_are_found_by_their_derived_ids() {
    for attempt in [1, 5, 8] {
        let mut case = Case::new();
        case.doubt();
        case.pass(WAIT);
        case.search(vec![hit(&case, 2, attempt, Word::Pending)]);
        assert_eq!(case.record.status, Status::Pending);
        assert_eq!(case.record.attempts[0].attempt.number, attempt);
        case.assert_stuck();
    }
}

/// An empty journal stands under a namespace that was used. It is not whole either: nothing is sent
/// before a search.
#[test]
fn n03_empty_journal_sends_nothing_before_a_search() {
    let mut case = Case::new();
    case.doubt();
    for number in [1, 2] {
        assert_eq!(case.next(number).unwrap_err(), Refused::NotWhole);
    }
    case.pass(WAIT);
    case.search(Vec::new());
    case.next(2).unwrap();
}

/// The reference was used in another country at the same account. The order there is of this
/// reference: nothing is sent, and a person looks.
#[test]
fn n17_order_in_another_country_stops_the_payout() {
    let mut case = Case::new();
    case.doubt();
    case.pass(WAIT);
    let mut other = hit(&case, 1, 1, Word::Succeeded);
    other.sighting.place = place(1, Country::TH, Currency::THB);
    other.sighting.amount = Some(Money::from_minor(10_000, Currency::THB));
    case.search(vec![other]);
    assert!(case.reviews().contains(&ReviewReason::Contradiction));
    assert!(case.record.attempts.is_empty());
    for number in [1, 2] {
        assert_eq!(case.next(number).unwrap_err(), Refused::Blocked);
    }
    assert_eq!(case.end(Ending::Cancelled).unwrap_err(), Refused::Blocked);
}

/// `failed` and `cancelled` are licences to pay again. In a journal that is not whole they need the
/// same look-ups as a sending.
#[test]
fn v01_nothing_ends_before_a_search() {
    for ending in [Ending::Cancelled, Ending::Failed] {
        let mut case = Case::new();
        case.record.progress.send_by = Some(case.now + minutes(1));
        case.doubt();
        case.pass(WAIT);
        assert_eq!(case.end(ending).unwrap_err(), Refused::NotWhole);
        case.search(Vec::new());
        case.end(ending).unwrap();
    }
}

/// A resend is a sending too: the restored journal does not know which attempt came after.
#[test]
fn v02_same_order_id_is_not_sent_before_a_search() {
    for unsent in [true, false] {
        let mut case = Case::sent();
        case.answer(0, if unsent { UNSENT } else { Seen::Unknown });
        case.doubt();
        case.pass(WAIT);
        case.look_up(Finding::Absent);
        assert_eq!(case.same().unwrap_err(), Refused::NotWhole);
        case.search(Vec::new());
        case.same().unwrap();
        // One search serves one sending.
        case.answer(1, UNSENT);
        case.pass(minutes(1));
        case.look_up(Finding::Absent);
        assert_eq!(case.same().unwrap_err(), Refused::NotWhole);
    }
}

/// A search that is asked at once does not see what a process of the earlier journal is about to
/// send. It counts after lease, call, the life of a copy and the absence window.
#[test]
fn v03_early_search_counts_for_nothing() {
    let mut case = Case::new();
    case.doubt();
    for wait in [seconds(0), WAIT - seconds(1)] {
        case.pass(wait);
        case.search(Vec::new());
        assert_eq!(case.next(1).unwrap_err(), Refused::NotWhole);
    }
    case.pass(seconds(1));
    case.search(Vec::new());
    case.next(1).unwrap();
}

/// One account cannot be asked by our id, or is no longer configured. No search can take the place
/// of a person's word then.
#[test]
fn v04_account_that_cannot_be_asked_needs_a_person() {
    let mut mute = guarantees();
    (mute.find_by, mute.resend_for) = (FindBy::None, None);
    let mut with_mute = policy(&guarantees(), [account(1), account(2)]);
    with_mute.configured[1].guarantees = mute;
    for edited in [with_mute, policy(&guarantees(), [account(1)])] {
        let mut case = Case::new();
        case.policy = edited;
        case.doubt();
        for _ in 0..3 {
            case.pass(hours(24));
            case.search(Vec::new());
            assert_eq!(case.next(1).unwrap_err(), Refused::NotWhole);
            assert_eq!(case.end(Ending::Cancelled).unwrap_err(), Refused::NotWhole);
        }
        // A person says that nothing else was sent.
        case.doubt = None;
        case.next(1).unwrap();
    }
}

/// The copy holds attempt 1 in doubt, and the lost part went on to attempt 2. The order that is
/// found is the proof of every attempt before it.
#[test]
fn v05_order_above_an_attempt_in_doubt_is_its_proof() {
    let mut case = Case::in_doubt();
    case.doubt();
    case.pass(WAIT);
    case.search(vec![hit(&case, 2, 2, Word::Succeeded)]);
    let closed: Vec<_> = case.record.attempts.iter().map(|it| it.attempt.closed_as).collect();
    assert_eq!(closed, [Some(Standing::Rejected), None]);
    assert_eq!(case.record.status, Status::Succeeded);
    assert!(case.reviews().is_empty());
}

/// Two orders of one payout are found: both may have been paid.
#[test]
fn v05_two_orders_are_a_double_payment() {
    let mut case = Case::new();
    case.doubt();
    case.pass(WAIT);
    case.search(vec![hit(&case, 1, 1, Word::Succeeded), hit(&case, 2, 2, Word::Pending)]);
    assert!(case.reviews().contains(&ReviewReason::DoublePaymentSuspected));
    assert_eq!(case.next(1).unwrap_err(), Refused::Blocked);
    assert_eq!(case.end(Ending::Cancelled).unwrap_err(), Refused::Blocked);
}

/// Row 6 waits the absence window there: an order of the earlier journal may not be seen yet.
#[test]
fn v03_rejection_waits_for_the_absence_window() {
    let mut case = Case::new();
    case.doubt();
    case.pass(WAIT);
    case.search(Vec::new());
    case.next(1).unwrap();
    case.answer(0, SHORT);
    for (wait, standing) in [(seconds(599), Standing::InDoubt), (seconds(1), Standing::Rejected)] {
        case.pass(wait);
        case.look_up(Finding::Absent);
        assert_eq!(case.standing(), standing);
    }
}
