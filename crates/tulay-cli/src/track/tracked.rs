//! What is known of a refund when following it ends.

use crate::exit::Exit;
use tulay::{
    CallError, Effect, Failure, Lookup, Money, Payout, PayoutStatus, ProviderId, ProviderReference,
    Reference,
    json::{PayoutJson, StatusJson, shown_word},
};

/// A refund as this command saw it last.
#[derive(Debug)]
pub(crate) struct Tracked {
    pub(crate) reference: Reference,
    /// Where it is; of one that was found, where it was found.
    pub(crate) provider: ProviderId,
    pub(crate) lookup: Lookup,
    pub(crate) amount: Option<Money>,
    pub(crate) provider_reference: Option<ProviderReference>,
    pub(crate) state: State,
    /// What the last sending of this command may have done; `None` when it was accepted.
    pub(crate) effect: Option<Effect>,
    /// How often this command sent it: more than once only to fetch a lost answer.
    pub(crate) attempts: u32,
    /// Why it is in this state; never the reason of an earlier state.
    pub(crate) reason: Option<String>,
    /// How this command came to know it: an answer was lost, or it was sent before.
    history: Option<String>,
    /// The provider's code of the last failure.
    failure_code: Option<String>,
    /// Whether the provider states another amount than this request: a person has to compare them.
    pub(crate) other_amount: bool,
    /// What is being waited for.
    pub(crate) waiting: Option<String>,
    /// What of the request could be compared with an order that was there before.
    pub(crate) matched: Option<&'static [&'static str]>,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It may have been made.
    InDoubt,
    Pending,
    Succeeded,
    /// With proof.
    Failed,
}

impl State {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InDoubt => "in_doubt",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }

    /// The state in a sentence about the order.
    pub(crate) const fn verb(self) -> &'static str {
        match self {
            Self::InDoubt => "is in doubt",
            Self::Pending => "is pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }

    const fn to_json(self) -> StatusJson {
        match self {
            Self::InDoubt => StatusJson::InDoubt,
            Self::Pending => StatusJson::Pending,
            Self::Succeeded => StatusJson::Succeeded,
            Self::Failed => StatusJson::Failed,
        }
    }

    pub(crate) const fn exit(self) -> Exit {
        match self {
            Self::InDoubt => Exit::InDoubt,
            Self::Pending => Exit::Accepted,
            Self::Succeeded => Exit::Done,
            Self::Failed => Exit::Rejected,
        }
    }
}

impl Tracked {
    /// A refund of which nothing is known yet.
    pub(crate) fn new(reference: &Reference, provider: &ProviderId, lookup: &Lookup) -> Self {
        Self {
            reference: reference.clone(),
            provider: provider.clone(),
            amount: lookup.amount,
            lookup: lookup.clone(),
            provider_reference: None,
            state: State::InDoubt,
            effect: None,
            attempts: 0,
            reason: None,
            history: None,
            failure_code: None,
            other_amount: false,
            waiting: None,
            matched: None,
        }
    }

    /// Why it is in this state, and what is being waited for, for people.
    pub(crate) fn why(&self) -> String {
        let failed = self.failure_code.as_ref().filter(|_| self.state == State::Succeeded);
        let failed = failed.map(|code| format!("failed at first ({code})"));
        let why: Vec<&str> = [&self.reason, &failed, &self.waiting]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        why.join("; ")
    }

    /// The provider's code of the failure that stands, in brackets after a blank; nothing without.
    pub(crate) fn failure_code(&self) -> String {
        self.failure_code.as_ref().map_or(String::new(), |code| format!(" ({code})"))
    }

    /// Whether the order existed before this command: nothing was sent now.
    pub(crate) const fn existed(&self) -> bool {
        self.attempts == 0
    }

    /// An order of this reference existed before this command did anything.
    pub(crate) fn was_there(&mut self, payout: &Payout) {
        let compared = self.lookup.amount.is_some() && payout.amount.is_some();
        self.matched = Some(if compared { &["reference", "amount"] } else { &["reference"] });
        self.history = Some(format!(
            "it was sent before; nothing was sent now; {} compared",
            if compared { "reference and amount were" } else { "only the reference was" }
        ));
        self.reason.clone_from(&self.history);
    }

    /// The answer to the first sending was lost, and was given to the same order sent again.
    pub(crate) fn was_replayed(&mut self, lost: &CallError) {
        self.history = Some(format!(
            "{lost}; the same order was sent again for its answer, which makes nothing new"
        ));
    }

    /// This attempt was rejected, but an order exists under the same reference.
    pub(crate) fn rejected_but_exists(&mut self) {
        self.effect = None;
        self.history = Some("this attempt was rejected; an earlier one exists and counts".into());
        self.reason.clone_from(&self.history);
    }

    /// Keeps the provider reference, if there is one: later look-ups use it. The first one stays.
    pub(crate) fn with_provider_reference(&mut self, reference: Option<&ProviderReference>) {
        let lookup = &mut self.lookup.provider_reference;
        *lookup = lookup.take().or_else(|| reference.cloned());
        self.provider_reference = reference.cloned().or_else(|| self.provider_reference.take());
    }

    /// Takes over the provider's observation.
    pub(crate) fn observe(&mut self, payout: Payout) {
        if payout.other_amount(&self.lookup).is_some() {
            return self.observe_other_amount(&payout);
        }
        if self.effect == Some(Effect::Unknown) {
            self.effect = None;
            let lost = self.reason.take().unwrap_or_default();
            self.history = Some(format!("{lost}; looked up, not sent again"));
        }
        self.waiting = None;
        self.state = match &payout.status {
            PayoutStatus::Succeeded => State::Succeeded,
            PayoutStatus::Failed | PayoutStatus::Cancelled => State::Failed,
            PayoutStatus::Unknown(word) => {
                self.waiting =
                    Some(format!("the provider's status {} is not a known one", shown_word(word)));
                State::Pending
            }
            _ => State::Pending,
        };
        self.with_provider_reference(payout.provider_reference.as_ref());
        if self.amount.is_none() {
            let currency = self.lookup.currency;
            self.amount = payout.amount.and_then(|amount| amount.in_currency(currency));
        }
        self.reason.clone_from(&self.history);
        if self.state == State::Failed
            && let Some(failure) = &payout.failure
        {
            self.failure_code = Some(failure.shown_code()).filter(|c| *c != "-").map(str::to_owned);
            self.reason = Some(why(failure));
        }
    }

    /// The provider states another amount than this request: less a fee, or of another payment. Its
    /// state proves nothing about this request.
    fn observe_other_amount(&mut self, payout: &Payout) {
        let (Some(stated), Some(asked)) = (&payout.amount, self.lookup.amount) else { return };
        let money = stated.in_currency(asked.currency());
        let stated = stated.text_in(asked.currency());
        let nothing_sent = if self.existed() { "; nothing was sent now" } else { "" };
        self.reason = Some(format!(
            "{} states {}, {stated}; this request says {asked}{nothing_sent}",
            self.provider,
            status_text(&payout.status)
        ));
        self.matched = self.matched.map(|_| &["reference"][..]);
        (self.state, self.waiting, self.other_amount) = (State::InDoubt, None, true);
        self.with_provider_reference(payout.provider_reference.as_ref());
        self.amount = money.or(self.amount);
    }

    /// The shape that other programs rely on.
    pub(crate) fn to_json(&self) -> PayoutJson {
        let mut json = PayoutJson::new(&self.reference, &self.provider, &self.lookup);
        json.provider_reference.clone_from(&self.provider_reference);
        json.amount = self.amount;
        json.status = self.state.to_json();
        json.effect = self.effect;
        json.attempts = self.attempts;
        json.reason.clone_from(&self.reason);
        json.asked = self.lookup.amount.filter(|_| self.other_amount);
        json.waiting.clone_from(&self.waiting);
        json.matched =
            self.matched.map(|members| members.iter().map(ToString::to_string).collect());
        json
    }
}

/// A provider's status as it can be shown.
pub(super) fn status_text(status: &PayoutStatus) -> &str {
    match status {
        PayoutStatus::Unknown(word) => shown_word(word),
        known => known.as_str(),
    }
}

/// Why a transaction failed: our words, and the provider's code. Its own words may name anything.
fn why(failure: &Failure) -> String {
    match failure.shown_code() {
        "-" => failure.kind.meaning().to_owned(),
        code => format!("{} ({code})", failure.kind.meaning()),
    }
}
