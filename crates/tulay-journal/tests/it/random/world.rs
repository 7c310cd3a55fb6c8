//! Worlds: what is given, and what happens step by step. All of it follows from a seed.

use jiff::SignedDuration;
use std::fmt;

/// A world.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) desks: [Desk; 2],
    /// The payout fails, with proof, when nothing was sent until so long after its acceptance.
    pub(super) send_by: Option<SignedDuration>,
    /// Two look-ups of an order that was just made may call it failed. Not beside clocks that are
    /// set: together they are a lie about a failure that is final.
    pub(super) flaps: bool,
    /// A process that gives up waiting takes the request for one that never left: a lie, which has
    /// to be found.
    pub(super) lies: bool,
    /// Orders that are pending when the world becomes quiet fail.
    pub(super) fails: bool,
    pub(super) steps: Vec<Step>,
}

/// A provider's account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Desk {
    pub(super) finds: Finds,
    pub(super) replays: bool,
    pub(super) replays_rejections: bool,
    pub(super) content: Content,
    /// A rejection uses the order id up.
    pub(super) uses_up: bool,
    /// For how long look-ups do not see an order that was made.
    pub(super) lag: SignedDuration,
    pub(super) failure_window: SignedDuration,
}

/// By which id orders are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finds {
    Ours,
    Theirs,
    Neither,
}

/// What an account makes of the content of the payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Fine,
    /// It rejects the content for good; another provider may not.
    WrongHere,
    /// No provider can pay it.
    Wrong,
}

/// One step. What it does not fit is left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) verb: Verb,
    /// Which process.
    pub(super) who: usize,
    /// Which of what there is, and how.
    pub(super) which: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// Time passes.
    Pass,
    /// The wall clock is set.
    SetClock,
    /// A process takes the payout, also from another one.
    Claim,
    /// It writes the intent of the same order id down.
    Same,
    /// It writes the intent of a next attempt down.
    Next,
    /// The bytes leave, if their time is not over.
    Send,
    /// The connection is refused.
    Refuse,
    /// A request arrives.
    Arrive,
    /// An answer arrives.
    Answer,
    /// A request or an answer is lost.
    Lose,
    /// A process gives up waiting.
    GiveUp,
    /// A process gets an answer that names another amount.
    Mislead,
    /// A process is killed.
    Kill,
    /// A process asks the provider.
    Ask,
    /// It writes down what it was answered.
    Note,
    /// A notification arrives: evidence, or a hint that may say anything.
    Notify,
    /// It says that the payout failed.
    End,
    /// A person cancels.
    Cancel,
    /// A person states the truth.
    Declare,
    /// A person has looked at the message that names another amount.
    Clear,
    /// An order becomes final, or is returned.
    Settle,
    /// An account's balance or its bank's mood changes.
    Turn,
    /// A process is configured otherwise.
    Edit,
    /// The kill switch.
    Pause,
    /// The journal is copied.
    Copy,
    /// The copy takes its place, or it is made anew and the payout is submitted again. Processes of
    /// the earlier journal may still send what they wrote down.
    Restore,
    /// A process looks the payout up everywhere.
    Search,
}

const WEIGHTS: [(Verb, u64); 27] = [
    (Verb::Pass, 22),
    (Verb::SetClock, 1),
    (Verb::Claim, 16),
    (Verb::Same, 9),
    (Verb::Next, 9),
    (Verb::Send, 18),
    (Verb::Refuse, 2),
    (Verb::Arrive, 16),
    (Verb::Answer, 12),
    (Verb::Lose, 4),
    (Verb::GiveUp, 4),
    (Verb::Mislead, 1),
    (Verb::Kill, 3),
    (Verb::Ask, 16),
    (Verb::Note, 16),
    (Verb::Notify, 6),
    (Verb::End, 4),
    (Verb::Cancel, 1),
    (Verb::Declare, 2),
    (Verb::Clear, 1),
    (Verb::Settle, 6),
    (Verb::Turn, 5),
    (Verb::Edit, 3),
    (Verb::Pause, 1),
    (Verb::Copy, 2),
    (Verb::Restore, 2),
    (Verb::Search, 5),
];

impl World {
    pub(super) fn of(seed: u64) -> Self {
        let mut random = Random(seed);
        let flaps = random.chance(3);
        let mut desks = [Desk::any(&mut random, flaps), Desk::any(&mut random, flaps)];
        let fails = random.chance(4);
        let send_by = random.chance(6).then(|| SignedDuration::from_mins(40));
        // Beside a clock that is set, the time that a search waits would not be that long.
        let restores = random.chance(3);
        if restores && !random.chance(6) {
            // Where one of them cannot be asked, a person is needed whatever happens.
            desks.iter_mut().for_each(|desk| desk.finds = Finds::Ours);
        }
        // Each world leaves some verbs out, so that others are seen in long rows.
        let mut weights = WEIGHTS;
        for (verb, weight) in &mut weights {
            let is_rare = matches!(verb, Verb::Mislead | Verb::Edit | Verb::Declare | Verb::Cancel)
                || matches!(
                    verb,
                    Verb::Pause | Verb::Kill | Verb::Lose | Verb::Turn | Verb::GiveUp
                );
            let is_out = match verb {
                Verb::SetClock => flaps || restores || random.chance(2),
                Verb::Copy | Verb::Restore | Verb::Search => !restores,
                _ => is_rare && random.chance(2),
            };
            if is_out {
                *weight = 0;
            }
        }
        let length = 10 + random.below(60);
        let steps = (0..length)
            .map(|_| Step {
                verb: pick(&weights, &mut random),
                who: usize::from(random.chance(3)),
                which: random.next() >> 40,
            })
            .collect();
        Self { desks, send_by, flaps, lies: false, fails, steps }
    }
}

fn pick(weights: &[(Verb, u64)], random: &mut Random) -> Verb {
    let mut place = random.below(weights.iter().map(|(_, weight)| weight).sum());
    for (verb, weight) in weights {
        if place < *weight {
            return *verb;
        }
        place -= weight;
    }
    Verb::Pass
}

impl Desk {
    fn any(random: &mut Random, flaps: bool) -> Self {
        let finds = match random.below(8) {
            0 => Finds::Theirs,
            1 => Finds::Neither,
            _ => Finds::Ours,
        };
        let replays = random.chance(4);
        let content = match random.below(8) {
            0 | 1 => Content::WrongHere,
            2 => Content::Wrong,
            _ => Content::Fine,
        };
        let minutes = [0, 1, 9][random.index(3)];
        let at_once = !flaps && random.chance(4);
        Self {
            finds,
            replays,
            replays_rejections: replays && random.chance(2),
            content,
            uses_up: !replays && random.chance(4),
            lag: SignedDuration::from_mins(minutes),
            failure_window: SignedDuration::from_mins(if at_once { 0 } else { 10 }),
        }
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}\n{:?}", self.desks[0], self.desks[1])?;
        writeln!(f, "send_by: {:?}, flaps: {}, fails: {}", self.send_by, self.flaps, self.fails)?;
        for Step { verb, who, which } in &self.steps {
            writeln!(f, "process {who}: {verb:?} {which}")?;
        }
        Ok(())
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn index(&mut self, end: u64) -> usize {
        usize::try_from(self.below(end)).unwrap()
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}
