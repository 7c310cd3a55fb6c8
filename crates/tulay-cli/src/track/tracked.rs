//! What is known of a payout when following it ends.

use crate::exit::Exit;
use tulay::{
    Effect, Failure, Lookup, Money, Payout, PayoutStatus, ProviderId, ProviderReference, Reference,
    json::{PayoutJson, StatusJson, shown_word},
};

/// A payout as this command saw it last.
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
    /// How often this command sent it: at most once.
    pub(crate) attempts: u32,
    /// Why it is as it is.
    pub(crate) reason: Option<String>,
    /// What is being waited for.
    pub(crate) waiting: Option<String>,
    /// What of the request could be compared with an order that was there before.
    pub(crate) matched: Option<&'static [&'static str]>,
}

/// Where a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It may have been paid.
    InDoubt,
    Pending,
    Succeeded,
    /// With proof.
    Failed,
    /// It was paid, and came back.
    Reversed,
}

impl State {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InDoubt => "in_doubt",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Reversed => "reversed",
        }
    }

    const fn to_json(self) -> StatusJson {
        match self {
            Self::InDoubt => StatusJson::InDoubt,
            Self::Pending => StatusJson::Pending,
            Self::Succeeded => StatusJson::Succeeded,
            Self::Failed => StatusJson::Failed,
            Self::Reversed => StatusJson::Reversed,
        }
    }

    pub(crate) const fn exit(self) -> Exit {
        match self {
            // Money that came back is for a person to look at before it goes out again.
            Self::InDoubt | Self::Reversed => Exit::InDoubt,
            Self::Pending => Exit::Accepted,
            Self::Succeeded => Exit::Done,
            Self::Failed => Exit::Rejected,
        }
    }
}

impl Tracked {
    /// A payout of which nothing is known yet.
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
            waiting: None,
            matched: None,
        }
    }

    /// Why it is as it is, and what is being waited for, for people.
    pub(crate) fn why(&self) -> String {
        let why: Vec<&str> =
            [&self.reason, &self.waiting].into_iter().flatten().map(String::as_str).collect();
        why.join("; ")
    }

    /// An order of this reference was there before this command did anything.
    pub(crate) fn was_there(&mut self, payout: &Payout) {
        let compared = self.lookup.amount.is_some() && payout.amount.is_some();
        self.matched = Some(if compared { &["reference", "amount"] } else { &["reference"] });
        self.reason = Some(format!(
            "it was sent before; nothing was sent now, and nothing but {} could be compared",
            if compared { "reference and amount" } else { "the reference" }
        ));
    }

    /// Keeps the provider reference, if there is one: later look-ups use it. The first one stays.
    pub(crate) fn with_provider_reference(&mut self, reference: Option<&ProviderReference>) {
        let lookup = &mut self.lookup.provider_reference;
        *lookup = lookup.take().or_else(|| reference.cloned());
        self.provider_reference = reference.cloned().or_else(|| self.provider_reference.take());
    }

    /// Takes over the provider's observation.
    pub(crate) fn observe(&mut self, payout: Payout) {
        if self.effect == Some(Effect::Unknown) {
            self.effect = None;
            let lost = self.reason.take().unwrap_or_default();
            self.reason = Some(format!("{lost}; looked up, not sent again"));
        }
        self.waiting = None;
        self.state = match &payout.status {
            PayoutStatus::Succeeded => State::Succeeded,
            PayoutStatus::Failed => State::Failed,
            PayoutStatus::Reversed => State::Reversed,
            PayoutStatus::Unknown(word) => {
                self.waiting =
                    Some(format!("the provider says {}, which nothing explains", shown_word(word)));
                State::Pending
            }
            _ => State::Pending,
        };
        self.with_provider_reference(payout.provider_reference.as_ref());
        if self.amount.is_none() {
            let currency = self.lookup.currency;
            self.amount = payout.amount.and_then(|amount| amount.in_currency(currency));
        }
        if self.state == State::Failed {
            self.reason = payout.failure.as_ref().map(why);
        }
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
        json.waiting.clone_from(&self.waiting);
        json.matched =
            self.matched.map(|members| members.iter().map(ToString::to_string).collect());
        json
    }
}

/// Why a transaction failed: our words, and the provider's code. Its own words may name anything.
fn why(failure: &Failure) -> String {
    match failure.shown_code() {
        "-" => failure.kind.meaning().to_owned(),
        code => format!("{} ({code})", failure.kind.meaning()),
    }
}
