//! One adapter connected to one scripted platform, and the calls that checks make.

use crate::{
    block_on::block_on,
    case::Case,
    harness::Harness,
    outcome::{Unmet, shown},
    platform::{Answered, Platform, Script, Sent},
    world::{Counting, NoSecrets, Standing},
};
use std::sync::Arc;
use tulay_core::{
    AdapterContext, Corridor, Found, Lookup, Namespace, Operation, OrderId, Payout, PayoutRequest,
    PayoutStatus, Payouts, Prepared, Provider, Result as CoreResult,
};

pub(crate) struct Stage {
    pub(crate) harness: Arc<dyn Harness>,
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) clock: Arc<Standing>,
    platform: Arc<Platform>,
}

/// What a call came to, and what it sent.
pub(crate) struct Call<T> {
    pub(crate) result: CoreResult<T>,
    pub(crate) sent: Vec<Sent>,
    pub(crate) answer: Option<Answered>,
    /// The harness had no such answer: the result says nothing about the adapter.
    pub(crate) unsaid: bool,
}

impl Stage {
    pub(crate) fn new(harness: &Arc<dyn Harness>) -> Self {
        let (platform, clock, context) = set(harness);
        let provider = harness.provider(context);
        Self { harness: Arc::clone(harness), provider, clock, platform }
    }

    /// A stage for another form of the adapter, where there is one.
    pub(crate) fn with(
        harness: &Arc<dyn Harness>,
        make: impl FnOnce(AdapterContext) -> Option<Arc<dyn Provider>>,
    ) -> Option<Self> {
        let (platform, clock, context) = set(harness);
        let provider = make(context)?;
        Some(Self { harness: Arc::clone(harness), provider, clock, platform })
    }

    pub(crate) fn payouts(&self) -> Result<&dyn Payouts, Unmet> {
        self.provider.roles().payouts.ok_or_else(|| Unmet::not_offered("it has no payouts"))
    }

    /// The corridors that payouts are offered in, at least one.
    pub(crate) fn corridors(&self) -> Result<Vec<Corridor>, Unmet> {
        let mut corridors = self.payouts()?.capability().corridors.clone();
        corridors.retain(|corridor| corridor.operations.contains(&Operation::Payout));
        if corridors.is_empty() {
            return Err(Unmet::not_offered("no corridor offers payouts"));
        }
        Ok(corridors)
    }

    /// A payout in the first corridor.
    pub(crate) fn request(&self) -> Result<PayoutRequest, Unmet> {
        let corridors = self.corridors()?;
        let corridor = corridors.first().ok_or_else(|| Unmet::not_offered("no corridor"))?;
        Ok(self.harness.request(corridor))
    }

    /// The order id that core derives for a request.
    pub(crate) fn order_id(&self, request: &PayoutRequest) -> Result<OrderId, Unmet> {
        let namespace =
            Namespace::new("conformance").map_err(|error| Unmet::fails(error.to_string()))?;
        let ids = self.payouts()?.capability().ids;
        Ok(OrderId::derive(ids, &namespace, Operation::Payout, &request.reference, 1))
    }

    /// A payout that the harness says fits, prepared.
    pub(crate) fn prepared(&self, request: &PayoutRequest) -> Result<Prepared, Unmet> {
        let prepared = self.payouts()?.prepare(request, &self.order_id(request)?);
        prepared.map_err(|error| {
            Unmet::fails(format!("a payout that fits is not prepared: {}", shown(&error)))
        })
    }

    /// A prepared payout in the first corridor.
    pub(crate) fn order(&self) -> Result<Prepared, Unmet> {
        self.prepared(&self.request()?)
    }

    /// What is stored of an order once its creation was answered.
    pub(crate) fn lookup(&self, order: &Prepared) -> Result<Lookup, Unmet> {
        if !self.can_find() {
            return Err(Unmet::not_offered("payouts cannot be looked up"));
        }
        let created = self.create(order, Script::all(self.pending()))?;
        let mut lookup = order.lookup.clone();
        lookup.provider_reference = created.accepted()?.provider_reference;
        Ok(lookup)
    }

    /// The same; `None` where payouts cannot be looked up.
    pub(crate) fn lookup_if_offered(&self, order: &Prepared) -> Result<Option<Lookup>, Unmet> {
        match self.lookup(order) {
            Err(Unmet::NotOffered(_)) => Ok(None),
            lookup => lookup.map(Some),
        }
    }

    fn can_find(&self) -> bool {
        let find = |corridor: &Corridor| corridor.operations.contains(&Operation::PayoutFind);
        self.payouts().is_ok_and(|role| role.capability().corridors.iter().any(find))
    }

    pub(crate) fn create(&self, order: &Prepared, script: Script) -> Result<Call<Payout>, Unmet> {
        let payouts = self.payouts()?;
        Ok(self.call(Operation::Payout, Some(&order.lookup), script, payouts.create(order)))
    }

    pub(crate) fn find(
        &self,
        lookup: &Lookup,
        script: Script,
    ) -> Result<Call<Found<Payout>>, Unmet> {
        let payouts = self.payouts()?;
        Ok(self.call(Operation::PayoutFind, Some(lookup), script, payouts.find(lookup)))
    }

    pub(crate) fn call<T>(
        &self,
        operation: Operation,
        about: Option<&Lookup>,
        script: Script,
        call: impl Future<Output = CoreResult<T>>,
    ) -> Call<T> {
        self.platform.expect(operation, about, script);
        let result = block_on(call);
        let traffic = self.platform.traffic();
        Call { result, sent: traffic.sent, answer: traffic.answer, unsaid: traffic.unsaid }
    }

    /// How many requests creating a payout takes.
    pub(crate) fn steps(&self, order: &Prepared) -> Result<usize, Unmet> {
        let call = self.create(order, Script::all(self.pending()))?;
        let steps = call.sent.len();
        call.accepted()?;
        if steps == 0 {
            return Err(Unmet::fails("creating a payout sends nothing"));
        }
        Ok(steps)
    }

    /// How many requests looking a payout up takes.
    pub(crate) fn find_steps(&self, lookup: &Lookup) -> Result<usize, Unmet> {
        let call = self.find(lookup, Script::all(self.pending()))?;
        let steps = call.sent.len();
        let _found = call.accepted()?;
        if steps == 0 {
            return Err(Unmet::fails("looking a payout up sends nothing"));
        }
        Ok(steps)
    }

    /// "Accepted": the word that follows it.
    pub(crate) fn pending(&self) -> Case {
        let first = self.harness.statuses().into_iter().next();
        Case::order(first.map(|(word, _)| word).unwrap_or_default())
    }

    /// The word that means this, if there is one.
    pub(crate) fn word(&self, means: &PayoutStatus) -> Option<String> {
        self.harness
            .statuses()
            .into_iter()
            .find(|(_, status)| status == means)
            .map(|(word, _)| word)
    }

    /// "Paid".
    pub(crate) fn paid(&self) -> Result<Case, Unmet> {
        let word = self.word(&PayoutStatus::Succeeded);
        let none = || Unmet::fails("the harness lists no word that means succeeded");
        word.map(Case::order).ok_or_else(none)
    }

    /// Every word that ends a payout, with what it means.
    pub(crate) fn last_words(&self) -> Vec<(String, PayoutStatus)> {
        let mut words = self.harness.statuses();
        words.retain(|(_, status)| is_final(status));
        words
    }
}

impl<T> Call<T> {
    /// What was read, where an answer that cannot be doubted was given.
    pub(crate) fn accepted(self) -> Result<T, Unmet> {
        if self.unsaid {
            return Err(Unmet::fails("the harness has no answer that says it was carried out"));
        }
        self.result.map_err(|error| {
            Unmet::fails(format!("a genuine answer is not accepted: {}", shown(&error)))
        })
    }
}

/// Whether a status ends a payout.
pub(crate) fn is_final(status: &PayoutStatus) -> bool {
    matches!(status, PayoutStatus::Succeeded | PayoutStatus::Failed | PayoutStatus::Reversed)
}

fn set(harness: &Arc<dyn Harness>) -> (Arc<Platform>, Arc<Standing>, AdapterContext) {
    let platform = Arc::new(Platform::new(Arc::clone(harness)));
    let clock = Arc::new(Standing::default());
    let mut context = AdapterContext::new(
        Arc::clone(&platform) as _,
        Arc::clone(&clock) as _,
        Arc::new(Counting::default()),
        Arc::new(NoSecrets),
    );
    context.notify_url = "https://shop.example/notify/conformance".parse().ok();
    (platform, clock, context)
}
