//! What may happen to a sending and to a look-up, and where a process may stop.

use super::truth::Judgement;
use jiff::SignedDuration;
use tulay_core::{ErrorKind, FindBy, Guarantees};
use tulay_journal::machine::facts::Word;

/// What happens to a sending after its intent is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// The answer is read and written down; it says this of the order, if it says anything.
    Answered(Judgement, Option<Word>),
    /// The answer is lost, and that is written down.
    AnswerLost(Judgement),
    /// The process stops before it writes the answer down.
    StopsAfter(Judgement),
    /// The process stops before the first byte.
    StopsBefore,
    /// The copy is lost.
    Lost,
    /// No answer comes, and the copy arrives so much later.
    Late(Judgement, SignedDuration),
    /// No byte leaves.
    Refused(ErrorKind),
    /// The answer is written down only after another process made a step.
    WritesLate(Judgement),
    /// The process is suspended before the first byte, and wakes after another made a step.
    WakesLate,
    /// A front end repeats the request, and the second answer is read.
    Repeated,
    /// The answer names another amount.
    Mismatched,
}

const SOON: SignedDuration = SignedDuration::from_secs(20);
const AFTER_THE_WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Everything that may happen to a first sending.
pub(super) fn first_sendings() -> Vec<Sent> {
    let mut all: Vec<Sent> = Judgement::ALL
        .into_iter()
        .flat_map(|judgement| {
            [
                Sent::Answered(judgement, None),
                Sent::AnswerLost(judgement),
                Sent::StopsAfter(judgement),
                Sent::Late(judgement, SOON),
                Sent::Late(judgement, AFTER_THE_WINDOW),
                Sent::WritesLate(judgement),
            ]
        })
        .collect();
    all.extend([
        Sent::Answered(Judgement::Takes, Some(Word::Pending)),
        Sent::Answered(Judgement::Takes, Some(Word::Succeeded)),
        Sent::StopsBefore,
        Sent::Lost,
        Sent::Refused(ErrorKind::Unreachable),
        Sent::Refused(ErrorKind::Configuration),
        Sent::WakesLate,
        Sent::Repeated,
        Sent::Mismatched,
    ]);
    all
}

/// What may happen to a second sending.
pub(super) const SECOND_SENDINGS: [Sent; 8] = [
    Sent::Answered(Judgement::Takes, None),
    Sent::Answered(PERMANENT, None),
    Sent::Answered(TRANSIENT, None),
    Sent::AnswerLost(Judgement::Takes),
    Sent::AnswerLost(TRANSIENT),
    Sent::StopsBefore,
    Sent::Late(Judgement::Takes, AFTER_THE_WINDOW),
    Sent::WritesLate(TRANSIENT),
];

/// What may happen to a third sending.
pub(super) const THIRD_SENDINGS: [Sent; 2] =
    [Sent::Answered(Judgement::Takes, None), Sent::AnswerLost(Judgement::Takes)];

const PERMANENT: Judgement = Judgement::ALL[1];
const TRANSIENT: Judgement = Judgement::ALL[3];

/// When a notification arrives, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notified {
    Never,
    /// A hint that calls the order paid, while the first sending is under way.
    HintWhileSending,
    /// The same, after the first sending.
    HintAfterSending,
    /// Evidence after the first sending, whether or not its outcome is written down yet.
    EvidenceAfterSending,
}

impl Notified {
    pub(super) const ALL: [Self; 4] =
        [Self::Never, Self::HintWhileSending, Self::HintAfterSending, Self::EvidenceAfterSending];
}

/// What a look-up says beside the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Truth,
    Nothing,
    /// The order is new, and is not found yet.
    Lagging,
    /// The order is new, and is called failed too early.
    Early,
    /// The answer does not identify the order.
    Unidentified,
    /// The process stops before it writes the answer down.
    Stops,
}

/// What a provider guarantees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Found,
    FoundByTheirs,
    FoundByNone,
    Replays,
    ReplaysAndFound,
    ReplaysOrders,
}

impl Class {
    pub(super) const ALL: [Self; 6] = [
        Self::Found,
        Self::FoundByTheirs,
        Self::FoundByNone,
        Self::Replays,
        Self::ReplaysAndFound,
        Self::ReplaysOrders,
    ];

    pub(super) fn guarantees(self) -> Guarantees {
        let mut guarantees = crate::store::guarantees();
        guarantees.find_by = match self {
            Self::Found | Self::ReplaysAndFound => FindBy::OrderId,
            Self::FoundByNone => FindBy::None,
            _ => FindBy::ProviderReference,
        };
        if !guarantees.find_by.by_order_id() {
            guarantees.resend_for = None;
        }
        if matches!(self, Self::Replays | Self::ReplaysAndFound | Self::ReplaysOrders) {
            guarantees.replays_for = Some(SignedDuration::from_hours(12));
            guarantees.replays_rejections = self != Self::ReplaysOrders;
        }
        guarantees
    }

    pub(super) fn memory(self) -> super::truth::Memory {
        match self {
            Self::Replays | Self::ReplaysAndFound => super::truth::Memory::Replays,
            Self::ReplaysOrders => super::truth::Memory::ReplaysOrders,
            _ => super::truth::Memory::Dedupes,
        }
    }

    /// Whether every payout of it is found out about.
    pub(super) fn is_certain(self) -> bool {
        matches!(self, Self::Found | Self::Replays | Self::ReplaysAndFound)
    }
}
