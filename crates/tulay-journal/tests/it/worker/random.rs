//! Random worlds: two providers with random behaviour, a journal that breaks at random writes, and
//! two workers. Nothing is paid twice, and what failed was not paid.

use super::{
    Office,
    faults::{Break, Breaking, Breaks},
    minutes,
    provider::{Desk, Does},
    worker,
};
use crate::store::{Database, Hand, InMemory, account, guarantees};
use jiff::SignedDuration;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};
use tulay_core::{ErrorKind, FindBy};
use tulay_journal::{
    Time,
    record::{Record, Status},
};

#[derive(Clone, Debug)]
struct World {
    /// What each provider does, sending by sending; then it accepts.
    scripts: [Vec<Does>; 2],
    /// Whether orders fail at each.
    fails: [bool; 2],
    /// How each provider knows a repeated id.
    kinds: [Kind; 2],
    /// After how many writes the journal breaks, and how.
    breaks: Vec<(usize, Break)>,
    /// Which worker has the next turn.
    turns: Vec<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Orders are looked up by our order id.
    Finds,
    /// The same, and a repeated request is answered as the first was.
    FindsAndReplays,
    /// Neither.
    Mute,
}

fn does() -> impl Strategy<Value = Does> {
    let seconds = |seconds: std::ops::Range<i64>| seconds.prop_map(SignedDuration::from_secs);
    let rejects = |kind, is_permanent| Just(Does::Reject { kind, is_permanent });
    prop_oneof![
        Just(Does::Accept),
        Just(Does::LoseAnswer),
        Just(Does::LoseRequest),
        rejects(ErrorKind::Institution, true),
        rejects(ErrorKind::Institution, false),
        rejects(ErrorKind::Funds, false),
        Just(Does::Refuse),
        seconds(0..120).prop_map(Does::SignFor),
        seconds(0..2400).prop_map(Does::Delay),
    ]
}

fn world() -> impl Strategy<Value = World> {
    let script = || proptest::collection::vec(does(), 0..5);
    let kind = || prop_oneof![4 => Just(Kind::Finds), 1 => Just(Kind::FindsAndReplays), 1 => Just(Kind::Mute)];
    let how = prop_oneof![Just(Break::Lost), Just(Break::Written), Just(Break::Killed)];
    let breaks = proptest::collection::vec((1_usize..8, how), 0..4);
    let turns = proptest::collection::vec(any::<bool>(), 1..8);
    ([script(), script()], any::<[bool; 2]>(), [kind(), kind()], breaks, turns).prop_map(
        |(scripts, fails, kinds, breaks, turns)| World { scripts, fails, kinds, breaks, turns },
    )
}

fn desk(number: u8, kind: Kind, time: &Arc<Hand>) -> Arc<Desk> {
    let mut guarantees = guarantees();
    match kind {
        Kind::Finds => {}
        Kind::FindsAndReplays => {
            guarantees.replays_for = Some(SignedDuration::from_hours(12));
            guarantees.replays_rejections = true;
        }
        Kind::Mute => (guarantees.find_by, guarantees.resend_for) = (FindBy::None, None),
    }
    guarantees.checked().unwrap();
    Desk::with(account(number), guarantees, time)
}

/// Works until the payout is final and a day has passed since, or for a month.
async fn lived(world: &World) -> Result<Record, TestCaseError> {
    let time = Hand::new();
    let desks = vec![desk(1, world.kinds[0], &time), desk(2, world.kinds[1], &time)];
    for (place, desk) in desks.iter().enumerate() {
        desk.then(world.scripts[place].iter().copied());
        if world.fails[place] {
            desk.fail_orders();
        }
    }
    let mut office = Office::<InMemory>::open(time.clone(), desks).await;
    office.submit().await;
    let breaks: Breaks = Arc::new(Mutex::new(world.breaks.clone()));
    let another = office.database.another();
    let breaking = |store| Breaking::new(store, Arc::clone(&breaks));
    let workers = [
        worker(breaking(office.database.store().clone()), &office.desks, &time),
        worker(breaking(another), &office.desks, &time),
    ];
    let end = time.now() + SignedDuration::from_hours(30 * 24);
    let mut turns = world.turns.iter().cycle();
    let mut final_since = None;
    loop {
        let first = *turns.next().unwrap_or(&true);
        let done = workers[usize::from(!first)].run_once().await;
        if done.is_err() && first {
            office.database.kill();
        }
        let record = office.record().await;
        prop_assert!(office.paid() <= 1, "paid twice: {record:?}");
        let failed = matches!(record.status, Status::Failed | Status::Cancelled);
        prop_assert!(!failed || office.paid() == 0, "failed and paid: {record:?}");
        let succeeded = record.status == Status::Succeeded;
        prop_assert!(!succeeded || office.paid() == 1, "succeeded and not paid: {record:?}");
        if record.status.is_final() && final_since.is_none() {
            final_since = Some(time.now());
        }
        let is_over = final_since.is_some_and(|since| time.now() > since + minutes(24 * 60));
        if is_over || time.now() > end {
            return Ok(record);
        }
        let lease = record.lease.map(|lease| lease.until);
        let next = record.next_at.max(lease).unwrap_or(end).max(time.now());
        time.pass(next.duration_since(time.now()) + SignedDuration::from_secs(1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn random_worlds_pay_at_most_once(world in world()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let record = runtime.block_on(lived(&world))?;
        // It ends, or a review says why not.
        let is_known = record.status.is_final() || !record.reviews.is_empty();
        prop_assert!(is_known, "it hangs: {record:?}");
        // Where everything can be asked, and the journal works, none waits for a person.
        let can_be_asked = world.kinds.iter().all(|kind| *kind != Kind::Mute);
        let is_ended = record.status.is_final() || !can_be_asked || !world.breaks.is_empty();
        prop_assert!(is_ended, "it waits for a person: {record:?}");
    }
}
