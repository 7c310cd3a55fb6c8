//! Attempts 4 to 8, which no other search reaches: every attempt is rejected for a while, does not
//! leave, or is lost, until one is taken or the last number is used.

use super::{
    invariants,
    payout::{Due, Payout, Setting},
    script::{Class, Says, Sent},
    truth::{Fate, Judgement},
};
use tulay_core::ErrorKind;
use tulay_journal::{
    machine::{ReviewReason, permission::LAST_ATTEMPT},
    record::Status,
};

const SCRIPT: [Sent; 3] =
    [Sent::Answered(Judgement::ALL[3], None), Sent::Refused(ErrorKind::Unreachable), Sent::Lost];
/// A payout that goes on for longer than this waits for a person.
const MOST_STEPS: usize = 80;

/// How many schedules there are, and how many attempts the longest has.
fn climbed(payout: &Payout<'_>, steps: usize) -> (usize, usize) {
    let mut payout = payout.clone();
    payout.wait();
    let due = match payout.due() {
        Due::Send => payout.intend(),
        due => due,
    };
    let attempts = payout.record.attempts.len();
    if steps == 0 {
        return ended(&payout);
    }
    match due {
        Due::LookUp => {
            payout.looks_up(Says::Truth, false);
            climbed(&payout, steps - 1)
        }
        Due::Send => {
            let sendings = payout.record.attempts[attempts - 1].attempt.sendings.len();
            // What is sent again is taken, as the network and the balance come back.
            let script = if sendings == 1 { &SCRIPT[..] } else { &[TAKEN][..] };
            let mut all = (0, 0);
            for sent in script {
                let mut payout = payout.clone();
                payout.sends(*sent);
                let (schedules, longest) = climbed(&payout, steps - 1);
                all = (all.0 + schedules, all.1.max(longest));
            }
            all
        }
        Due::Over | Due::Waits => ended(&payout),
    }
}

const TAKEN: Sent = Sent::Answered(Judgement::ALL[0], None);

fn ended(payout: &Payout<'_>) -> (usize, usize) {
    let attempts = payout.record.attempts.len();
    assert!(attempts <= usize::from(LAST_ATTEMPT), "{}", payout.shown());
    let is_paid = payout.record.status == Status::Succeeded;
    let waits = payout.record.reviews.contains(&ReviewReason::Unresolved);
    assert!(is_paid || waits && attempts == usize::from(LAST_ATTEMPT), "{}", payout.shown());
    invariants::judge_end(payout, false);
    (1, attempts)
}

#[test]
fn every_attempt_up_to_the_last_is_safe() {
    let classes = [Class::Found, Class::ReplaysAndFound];
    let settings = classes.map(|class| Setting::new([class, Class::Found], Fate::PaidAtOnce, 2));
    let all = crate::search::at_once(&settings, |it| climbed(&Payout::new(it), MOST_STEPS));
    for (schedules, longest) in all {
        println!("{schedules} schedules with up to {longest} attempts");
        assert_eq!(longest, usize::from(LAST_ATTEMPT));
        assert!(schedules >= 400, "{schedules}");
    }
}
