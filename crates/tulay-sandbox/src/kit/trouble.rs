//! What the last six digits of an account can ask for at every simulated provider.

use super::{Reply, World, answers::html};
use http::StatusCode;
use jiff::SignedDuration;

const SLOW: SignedDuration = SignedDuration::from_mins(10);
const LATE: SignedDuration = SignedDuration::from_secs(3);

/// What happens to a request that is accepted, or to its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    LoseAnswer,
    LoseFirstRequest,
    BadGateway,
    HalfAnswer,
    SettleSlowly,
    AnswerLate,
}

impl Trouble {
    /// The trouble that six digits ask for, at any provider.
    pub(crate) fn of(digits: &str) -> Option<Self> {
        match digits {
            "992001" => Some(Self::LoseAnswer),
            "992002" => Some(Self::LoseFirstRequest),
            "992003" => Some(Self::BadGateway),
            "992004" => Some(Self::HalfAnswer),
            "993001" => Some(Self::SettleSlowly),
            "993002" => Some(Self::AnswerLate),
            _ => None,
        }
    }
}

/// What becomes of the response to an order that was accepted.
pub(crate) fn troubled(reply: Reply, trouble: Option<Trouble>) -> Reply {
    match (trouble, reply) {
        (Some(Trouble::LoseAnswer), _) => Reply::Lost,
        (Some(Trouble::BadGateway), _) => Reply::Answer(html(
            StatusCode::BAD_GATEWAY,
            "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
        )),
        (Some(Trouble::HalfAnswer), Reply::Answer(answer)) => Reply::HalfAnswer(answer),
        (Some(Trouble::AnswerLate), Reply::Answer(answer)) => Reply::Delayed(LATE, answer),
        (_, reply) => reply,
    }
}

/// The last six characters of an account, which may be digits that ask for something.
pub(crate) fn last_six(account: &str) -> Option<&str> {
    account.len().checked_sub(6).and_then(|start| account.get(start..))
}

/// How long an order takes to become final.
pub(crate) fn final_after(trouble: Option<Trouble>, world: &World) -> SignedDuration {
    if trouble == Some(Trouble::SettleSlowly) { SLOW } else { world.finality_delay() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::Response;

    #[test]
    fn only_the_last_six_digits_ask() {
        assert_eq!(last_six("0917992001").and_then(Trouble::of), Some(Trouble::LoseAnswer));
        for ordinary in ["", "92001", "0917992000", "9920011", "ñññ9"] {
            assert_eq!(last_six(ordinary).and_then(Trouble::of), None, "{ordinary}");
        }
    }

    #[test]
    fn trouble_changes_the_reply() {
        let reply = || Reply::Answer(Response::new(Bytes::from_static(b"{}")));
        let after = |trouble| troubled(reply(), Some(trouble));
        assert!(matches!(after(Trouble::LoseAnswer), Reply::Lost));
        assert!(matches!(after(Trouble::HalfAnswer), Reply::HalfAnswer(_)));
        assert!(matches!(after(Trouble::AnswerLate), Reply::Delayed(..)));
        assert!(matches!(after(Trouble::SettleSlowly), Reply::Answer(_)));
        assert!(matches!(troubled(Reply::Lost, Some(Trouble::HalfAnswer)), Reply::Lost));
        assert!(matches!(troubled(reply(), None), Reply::Answer(_)));
        let Reply::Answer(answer) = after(Trouble::BadGateway) else { panic!() };
        assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    }
}
