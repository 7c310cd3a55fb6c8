//! One table for every documented code: why, and what the call may have done.
//!
//! Section 7 lists the platform's codes of a call, section 9 the InstaPay codes of a transaction.
//! A code that is not listed is loud (`Unexpected`) and proves nothing.

use crate::profile::NAME;
use ErrorKind as Kind;
use Verdict::{Nothing, Refused, RefusedContent};
use http::StatusCode;
use jiff::SignedDuration;
use tulay_core::{Answer, Effect, Error, ErrorKind, Failure, Operation, Result};

/// A code of section 7.
struct Code {
    code: &'static str,
    kind: ErrorKind,
    verdict: Verdict,
    text: &'static str,
}

impl Code {
    /// What it proves of this operation. That payouts are not enabled says nothing of a collection,
    /// and the other way round.
    fn verdict(&self, operation: Operation) -> Verdict {
        let collects = matches!(
            operation,
            Operation::Collection
                | Operation::CollectionCancel
                | Operation::Code
                | Operation::CodeStatus
        );
        match (self.code, collects) {
            ("415", true) => Nothing,
            ("416", true) => Refused,
            _ => self.verdict,
        }
    }
}

/// What a code proves about the call it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// This copy was refused.
    Refused,
    /// This copy was refused for its content: every copy of it would be.
    RefusedContent,
    /// Nothing.
    Nothing,
}

/// How long a shown code stays open when nothing was asked for (6.1; client code).
const OPEN_FOR: SignedDuration = SignedDuration::from_mins(15);

/// The code of a call that was carried out. What became of the money is in `trxState`.
pub(crate) const SUCCESS: &str = "200";

/// The code of a payout query that found nothing (assumption; the text is documented).
pub(crate) const NO_SUCH_PAYOUT: &str = "565";

/// The same of a collection query.
pub(crate) const NO_SUCH_COLLECTION: &str = "566";

/// Section 7, without 200.
const CODES: &[Code] = &[
    code("400", Kind::Unexpected, Nothing, "bad request"),
    code("401", Kind::Authentication, Refused, "the signature is malformed"),
    code("402", Kind::Authentication, Refused, "the signature does not verify: wrong key?"),
    code("403", Kind::Duplicate, Nothing, "this msgId was seen before: look the order up"),
    code("404", Kind::Unexpected, Nothing, "not found"),
    code("406", Kind::RateLimited, Nothing, "too many requests"),
    code("410", Kind::Configuration, Nothing, "configuration error at the provider"),
    code("411", Kind::Configuration, Nothing, "configuration missing at the provider"),
    code("412", Kind::InvalidRequest, RefusedContent, "a parameter is not valid"),
    code("413", Kind::Unexpected, Nothing, "duplicate notification"),
    code("414", Kind::Authentication, Refused, "the merchant's account is not active"),
    code("415", Kind::Unsupported, Refused, "the merchant is not enabled for payouts"),
    code("416", Kind::Unsupported, Nothing, "the merchant is not enabled for collections"),
    code("417", Kind::Unsupported, Refused, "the merchant is not enabled for this kind of payment"),
    code("418", Kind::Institution, RefusedContent, "the provider does not know this bank"),
    code("419", Kind::Unavailable, Nothing, "the list of banks could not be made"),
    code("420", Kind::Unsupported, RefusedContent, "the currency is not supported"),
    code("426", Kind::Unsupported, RefusedContent, "the protocol is not supported"),
    code("427", Kind::Unexpected, Nothing, "a third party's answer could not be read"),
    code("503", Kind::Unavailable, Nothing, "the system is busy"),
    code("511", Kind::InProcess, Nothing, "the transaction is being processed"),
    code("512", Kind::Wait, Nothing, "this beneficiary was paid within the last 10 minutes"),
    code("513", Kind::Authentication, Refused, "the provider does not know this merchant"),
    code("514", Kind::Unsupported, RefusedContent, "the service is not supported"),
    code("558", Kind::Mismatch, Nothing, "the order does not match"),
    code(NO_SUCH_PAYOUT, Kind::State, Nothing, "no such payout"),
    code(NO_SUCH_COLLECTION, Kind::State, Nothing, "no such collection"),
    code("577", Kind::Unavailable, Nothing, "maintenance is in progress"),
];

/// Section 9, as far as it is known: AB01 to AM12.
const RAIL_CODES: &[(&str, ErrorKind, &str)] = &[
    ("AB01", Kind::Institution, "the receiving institution timed out"),
    ("AB05", Kind::Institution, "the creditor agent timed out"),
    ("AB06", Kind::Institution, "the instructed agent timed out"),
    ("AB08", Kind::Institution, "the creditor agent is offline"),
    ("AB09", Kind::Institution, "the creditor agent did not respond"),
    ("AC01", Kind::Beneficiary, "no such account"),
    ("AC03", Kind::Beneficiary, "the account cannot take peso credits"),
    ("AC04", Kind::Beneficiary, "the account is closed"),
    ("AC06", Kind::Beneficiary, "the account is blocked"),
    ("AC07", Kind::Beneficiary, "the creditor's account is closed"),
    ("AC12", Kind::Beneficiary, "the account type is not valid"),
    ("AC14", Kind::Beneficiary, "the creditor's account type is not valid"),
    ("AG01", Kind::Institution, "the institution takes no InstaPay transfers"),
    ("AG03", Kind::Institution, "the transaction is not supported"),
    ("AM02", Kind::Limit, "the amount is above the InstaPay limit"),
    ("AM04", Kind::Funds, "the settlement balance does not suffice"),
    ("AM06", Kind::Limit, "the amount is too low"),
    ("AM07", Kind::Limit, "the amount is blocked"),
    ("AM09", Kind::InvalidRequest, "the amount is not the one expected"),
    ("AM11", Kind::InvalidRequest, "the currency is not valid"),
    ("AM12", Kind::InvalidRequest, "the amount is not valid"),
];

/// The error of a genuine answer whose code is not 200.
pub(crate) fn refusal(operation: Operation, answer: Answer) -> Error {
    let code = answer.code.clone().unwrap_or_default();
    let Some(row) = CODES.iter().find(|row| row.code == code) else {
        let status = answer.status.as_u16();
        let message = match code.as_str() {
            SUCCESS => format!("it came with HTTP {status}, and proves nothing"),
            _ => "its documents do not list this code".to_owned(),
        };
        let error = Error::new(operation, Kind::Unexpected, message);
        return error.with_response_from(NAME, answer);
    };
    let mut error = Error::new(operation, row.kind, row.text);
    // A server that failed may have failed after executing, whatever its body says.
    if !answer.status.is_server_error() {
        error = match row.verdict(operation) {
            Refused => error.effect_is(Effect::Refused),
            RefusedContent => error.effect_is(Effect::Refused).stable(),
            Nothing => error,
        };
    }
    match (row.code, operation) {
        ("512", _) => error = error.after(SignedDuration::from_mins(10)),
        // The code that was shown before is still open at this terminal: client code waits it out.
        ("511", Operation::Collection | Operation::Code) => error = error.after(OPEN_FOR),
        _ => {}
    }
    error.with_response_from(NAME, answer)
}

/// The answer that says there is no such order, by the code that says so, or the error that is something else.
pub(crate) fn absent(error: Error, code: &str) -> Result<Answer> {
    // The kind tells that the code was reached: the answer is signed, and an answer to us.
    let reached = error.kind() == Kind::State;
    let says_so = |answer: &&Answer| {
        reached && answer.code.as_deref() == Some(code) && !answer.status.is_server_error()
    };
    error.answer().filter(says_so).cloned().ok_or(error)
}

/// Whether a code is listed as a refusal, in which case an account that does not sign refusals
/// may be believed without a signature.
pub(crate) fn is_refusal(operation: Operation, status: StatusCode, code: &str) -> bool {
    let listed = CODES.iter().find(|row| row.code == code);
    !status.is_server_error() && listed.is_some_and(|row| row.verdict(operation) != Nothing)
}

/// Why a transaction failed. The provider's words are kept beside our classification.
pub(crate) fn failure(code: Option<String>, message: Option<String>) -> Failure {
    let listed = RAIL_CODES.iter().find(|(listed, ..)| Some(*listed) == code.as_deref());
    let mut failure = Failure::new(listed.map_or(Kind::Unexpected, |(_, kind, _)| *kind));
    failure.message = message.or_else(|| listed.map(|(.., text)| (*text).to_owned()));
    failure.code = code;
    failure
}

const fn code(code: &'static str, kind: ErrorKind, verdict: Verdict, text: &'static str) -> Code {
    Code { code, kind, verdict, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use std::collections::BTreeSet;
    use tulay_core::Trust;

    /// The documented codes, as the provider lists them.
    const DOCUMENTED: &str = include_str!("../tests/it/data/codes.txt");

    fn documented(section: &str) -> BTreeSet<&'static str> {
        let rows =
            DOCUMENTED.lines().filter_map(|line| line.strip_prefix(section)?.split_once('\t'));
        rows.map(|(code, _)| code.trim()).collect()
    }

    fn answer(status: StatusCode, code: &str) -> Answer {
        let mut answer = Answer::new(status, Trust::Signed, Bytes::new());
        answer.code = Some(code.into());
        answer
    }

    #[test]
    fn every_documented_code_has_its_row_and_no_other() {
        let section7: BTreeSet<_> = CODES.iter().map(|row| row.code).chain([SUCCESS]).collect();
        assert_eq!(section7, documented("7 "));
        assert_eq!(section7.len(), 29);
        let section9: BTreeSet<_> = RAIL_CODES.iter().map(|(code, ..)| *code).collect();
        assert_eq!(section9, documented("9 "));
        assert_eq!(section9.len(), 21);
    }

    #[test]
    fn the_table() {
        let rows: Vec<String> = CODES
            .iter()
            .map(|row| {
                let error = refusal(Operation::Payout, answer(StatusCode::OK, row.code));
                let stable = if error.is_stable() { "stable" } else { "-" };
                format!("{} {} {} {stable}", row.code, error.kind(), error.effect())
            })
            .collect();
        insta::assert_snapshot!(rows.join("\n"));
        let rows: Vec<String> =
            RAIL_CODES.iter().map(|(code, kind, _)| format!("{code} {kind}")).collect();
        insta::assert_snapshot!(rows.join("\n"));
    }

    #[test]
    fn an_unlisted_code_is_loud_and_proves_nothing() {
        for code in ["", "999", "20", "2000", "AC99"] {
            let error = refusal(Operation::Payout, answer(StatusCode::OK, code));
            assert_eq!(
                (error.kind(), error.effect()),
                (Kind::Unexpected, Effect::Unknown),
                "{code}"
            );
        }
        assert_eq!(failure(Some("ZZ99".into()), None).kind, Kind::Unexpected);
        assert_eq!(failure(None, None).kind, Kind::Unexpected);
    }

    #[test]
    fn a_failing_server_proves_nothing_whatever_its_body_says() {
        let error = refusal(Operation::Payout, answer(StatusCode::BAD_GATEWAY, "412"));
        assert_eq!((error.effect(), error.is_stable()), (Effect::Unknown, false));
        let is_refusal = |status, code| is_refusal(Operation::Payout, status, code);
        assert!(!is_refusal(StatusCode::BAD_GATEWAY, "412"));
        assert!(is_refusal(StatusCode::OK, "412"));
        assert!(!is_refusal(StatusCode::OK, "403"));
    }

    #[test]
    fn a_reading_proves_nothing_whatever_its_code() {
        for row in CODES {
            let error = refusal(Operation::PayoutFind, answer(StatusCode::OK, row.code));
            assert_eq!(error.effect(), Effect::Unknown, "{}", row.code);
        }
    }
}
