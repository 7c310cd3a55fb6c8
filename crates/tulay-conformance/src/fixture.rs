//! One adapter connected to one scripted platform, and the calls that checks make.

use crate::{
    any_status::AnyStatus,
    block_on::block_on,
    case::{Ask, Case},
    harness::{Code, Harness, Proves},
    order::{Kind, Order, Seen},
    outcome::{Outcome, Unmet, shown},
    platform::{Answered, Platform, Script, Sent},
    world::{Counting, NoSecrets, Standing},
};
use std::sync::Arc;
use tulay_core::{
    AdapterContext, Capability, Corridor, FindBy, Found, Guarantees, Lookup, Namespace, Operation,
    OrderId, Provider, Request, Result as CoreResult,
};

pub(crate) struct Fixture {
    pub(crate) harness: Arc<dyn Harness>,
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) clock: Arc<Standing>,
    platform: Arc<Platform>,
    /// Orders are looked up as after a creation whose response was lost: without the provider
    /// reference.
    pub(crate) forgets: bool,
}

/// The result of a call, and what it sent.
pub(crate) struct Call<T> {
    pub(crate) result: CoreResult<T>,
    pub(crate) sent: Vec<Sent>,
    pub(crate) response: Option<Answered>,
    /// The harness had no such response: the result proves nothing about the adapter.
    pub(crate) unsaid: bool,
}

impl Fixture {
    pub(crate) fn new(harness: &Arc<dyn Harness>) -> Self {
        let (platform, clock, context) = set(harness);
        let provider = harness.provider(context);
        Self { harness: Arc::clone(harness), provider, clock, platform, forgets: false }
    }

    /// A fixture for another form of the adapter, where there is one.
    pub(crate) fn with(
        harness: &Arc<dyn Harness>,
        make: impl FnOnce(AdapterContext) -> Option<Arc<dyn Provider>>,
    ) -> Option<Self> {
        let (platform, clock, context) = set(harness);
        let provider = make(context)?;
        Some(Self { harness: Arc::clone(harness), provider, clock, platform, forgets: false })
    }

    /// What can be ordered here, at least one.
    pub(crate) fn kinds(&self) -> Result<Vec<Kind>, Unmet> {
        let offered = |kind: &Kind| self.corridors(*kind).is_ok();
        let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(offered).collect();
        if kinds.is_empty() {
            return Err(Unmet::not_offered("nothing can be ordered"));
        }
        Ok(kinds)
    }

    pub(crate) fn capability(&self, kind: Kind) -> Result<&Capability, Unmet> {
        let capability = kind.capability(&*self.provider);
        capability.ok_or_else(|| no_role(kind))
    }

    pub(crate) fn guarantees(&self, kind: Kind) -> Result<&Guarantees, Unmet> {
        Ok(&self.capability(kind)?.guarantees)
    }

    /// The guarantees of all that can be ordered: the roles of one account share it.
    pub(crate) fn any_guarantees(&self) -> Result<&Guarantees, Unmet> {
        let first = self.kinds()?.first().copied();
        self.guarantees(first.ok_or_else(|| Unmet::not_offered("nothing can be ordered"))?)
    }

    /// The corridors that such an order is offered in, at least one.
    pub(crate) fn corridors(&self, kind: Kind) -> Result<Vec<Corridor>, Unmet> {
        let mut corridors = self.capability(kind)?.corridors.clone();
        corridors.retain(|corridor| corridor.operations.contains(&kind.creates()));
        if corridors.is_empty() {
            return Err(Unmet::not_offered(format!("no corridor offers a {kind}")));
        }
        Ok(corridors)
    }

    /// What the harness says fits this corridor. A payout asks for the corridor's rail, as several
    /// corridors may differ in that alone.
    pub(crate) fn sample(&self, kind: Kind, corridor: &Corridor) -> Result<Request, Unmet> {
        let mut request = self.harness.request(kind.creates(), corridor);
        if let Some(Request::Payout(payout)) = &mut request {
            payout.rail = payout.rail.or(corridor.rail);
        }
        let fits = request.filter(|request| request.operation() == kind.creates());
        fits.ok_or_else(|| {
            let (country, channel) = (corridor.country, corridor.channel);
            Unmet::fails(format!("the harness gives no {kind} by {channel} in {country}"))
        })
    }

    /// One that fits the first corridor.
    pub(crate) fn request(&self, kind: Kind) -> Result<Request, Unmet> {
        let corridors = self.corridors(kind)?;
        let corridor = corridors.first().ok_or_else(|| Unmet::not_offered("no corridor"))?;
        self.sample(kind, corridor)
    }

    /// The order id that core derives for the first attempt of a request.
    pub(crate) fn order_id(&self, kind: Kind, request: &Request) -> Result<OrderId, Unmet> {
        self.attempt_id(kind, request, 1)
    }

    fn attempt_id(&self, kind: Kind, request: &Request, attempt: u32) -> Result<OrderId, Unmet> {
        let namespace =
            Namespace::new("conformance").map_err(|error| Unmet::fails(error.to_string()))?;
        let ids = self.capability(kind)?.ids;
        Ok(OrderId::derive(ids, &namespace, kind.creates(), request.reference(), attempt))
    }

    /// A request, prepared under its order id, unless preparing refuses it.
    pub(crate) fn try_order(
        &self,
        kind: Kind,
        request: &Request,
    ) -> Result<CoreResult<Order>, Unmet> {
        self.try_attempt(kind, request, 1)
    }

    fn try_attempt(
        &self,
        kind: Kind,
        request: &Request,
        attempt: u32,
    ) -> Result<CoreResult<Order>, Unmet> {
        let id = self.attempt_id(kind, request, attempt)?;
        let roles = self.provider.roles();
        let missing = || no_role(kind);
        let prepared = match request {
            Request::Payout(request) => roles.payouts.ok_or_else(missing)?.prepare(request, &id),
            Request::Collection(request) => {
                roles.collections.ok_or_else(missing)?.prepare(request, &id)
            }
            Request::StaticCode(request) => {
                roles.static_codes.ok_or_else(missing)?.prepare(request, &id)
            }
            Request::Refund(request) => roles.refunds.ok_or_else(missing)?.prepare(request, &id),
        };
        Ok(prepared.map(|prepared| Order { kind, prepared }))
    }

    /// One that the harness says fits.
    pub(crate) fn order_of(&self, kind: Kind, request: &Request) -> Result<Order, Unmet> {
        self.attempt_of(kind, request, 1)
    }

    /// The same, of a later attempt.
    pub(crate) fn attempt_of(
        &self,
        kind: Kind,
        request: &Request,
        attempt: u32,
    ) -> Result<Order, Unmet> {
        self.try_attempt(kind, request, attempt)?.map_err(|error| {
            Unmet::fails(format!("a {kind} that fits is not prepared: {}", shown(&error)))
        })
    }

    /// One in the first corridor.
    pub(crate) fn order(&self, kind: Kind) -> Result<Order, Unmet> {
        self.order_of(kind, &self.request(kind)?)
    }

    /// What an order is looked up by, once its creation was answered.
    pub(crate) fn lookup(&self, order: &Order) -> Result<Lookup, Unmet> {
        if !self.offers(order.kind, order.kind.finds()) {
            return Err(Unmet::not_offered(format!("no {} can be looked up", order.kind)));
        }
        let mut lookup = self.stored(order)?;
        if self.forgets {
            lookup.provider_reference = None;
        }
        Ok(lookup)
    }

    /// The same, whether it can be looked up or not.
    pub(crate) fn stored(&self, order: &Order) -> Result<Lookup, Unmet> {
        let created = self.create(order, Script::all(self.first(order.kind)?))?.accepted()?;
        let mut lookup = created.stored.unwrap_or_else(|| order.lookup().clone());
        lookup.provider_reference = created.provider_reference;
        lookup.payment = created.payment.or(lookup.payment);
        Ok(lookup)
    }

    /// The same; `None` where such an order cannot be looked up.
    pub(crate) fn lookup_if_offered(&self, order: &Order) -> Result<Option<Lookup>, Unmet> {
        match self.lookup(order) {
            Err(Unmet::NotOffered(_)) => Ok(None),
            lookup => lookup.map(Some),
        }
    }

    /// Whether some corridor of a role offers an operation.
    pub(crate) fn offers(&self, kind: Kind, operation: Operation) -> bool {
        self.capability(kind).is_ok_and(|capability| capability.offers(operation))
    }

    pub(crate) fn create(&self, order: &Order, script: Script) -> Result<Call<Seen>, Unmet> {
        let roles = self.provider.roles();
        let Order { kind, prepared } = order;
        let (operation, about) = (kind.creates(), Some(order.lookup()));
        let missing = || no_role(*kind);
        Ok(match kind {
            Kind::Payout => {
                let role = roles.payouts.ok_or_else(missing)?;
                self.call(operation, about, script, role.create(prepared)).map(Seen::from)
            }
            Kind::Collection => {
                let role = roles.collections.ok_or_else(missing)?;
                self.call(operation, about, script, role.create(prepared)).map(Seen::from)
            }
            Kind::StaticCode => {
                let role = roles.static_codes.ok_or_else(missing)?;
                self.call(operation, about, script, role.create(prepared)).map(Seen::from)
            }
            Kind::Refund => {
                let role = roles.refunds.ok_or_else(missing)?;
                self.call(operation, about, script, role.create(prepared)).map(Seen::from)
            }
        })
    }

    /// Prepares and sends.
    pub(crate) fn send(
        &self,
        kind: Kind,
        request: &Request,
        script: Script,
    ) -> Result<Call<Seen>, Unmet> {
        match self.try_order(kind, request)? {
            Ok(order) => self.create(&order, script),
            Err(error) => {
                Ok(Call { result: Err(error), sent: Vec::new(), response: None, unsaid: false })
            }
        }
    }

    pub(crate) fn find(
        &self,
        kind: Kind,
        lookup: &Lookup,
        script: Script,
    ) -> Result<Call<Found<Seen>>, Unmet> {
        let roles = self.provider.roles();
        let (operation, about) = (kind.finds(), Some(lookup));
        let missing = || no_role(kind);
        Ok(match kind {
            Kind::Payout => {
                let role = roles.payouts.ok_or_else(missing)?;
                self.call(operation, about, script, role.find(lookup)).map(found)
            }
            Kind::Collection => {
                let role = roles.collections.ok_or_else(missing)?;
                self.call(operation, about, script, role.find(lookup)).map(found)
            }
            Kind::StaticCode => {
                let role = roles.static_codes.ok_or_else(missing)?;
                self.call(operation, about, script, role.find(lookup)).map(found)
            }
            Kind::Refund => {
                let role = roles.refunds.ok_or_else(missing)?;
                self.call(operation, about, script, role.find(lookup)).map(found)
            }
        })
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
        Call { result, sent: traffic.sent, response: traffic.response, unsaid: traffic.unsaid }
    }

    /// The requests that create the order, at least one.
    pub(crate) fn creation(&self, order: &Order) -> Result<Vec<Sent>, Unmet> {
        let call = self.create(order, Script::all(self.first(order.kind)?))?;
        let sent = call.sent.clone();
        call.accepted()?;
        if sent.is_empty() {
            return Err(Unmet::fails(format!("creating a {} sends nothing", order.kind)));
        }
        Ok(sent)
    }

    /// How many requests creating takes.
    pub(crate) fn steps(&self, order: &Order) -> Result<usize, Unmet> {
        Ok(self.creation(order)?.len())
    }

    /// Whether a request before this step can make an order.
    pub(crate) fn is_drafted(&self, creation: &[Sent], step: usize) -> bool {
        creation.iter().take(step.saturating_sub(1)).any(|sent| self.harness.orders(sent))
    }

    /// The codes that can answer this step of a creation, with what each proves about the order.
    /// After a draft, a rejection proves nothing about it unless it ends the draft, and none
    /// depends on the content alone.
    pub(crate) fn codes(&self, kind: Kind, creation: &[Sent], step: usize) -> Vec<Code> {
        let all = self.harness.codes(kind.creates());
        let is_here = |code: &Code| match code.step {
            Some(at) => at == step,
            None => !all.iter().any(|c| c.code == code.code && c.step == Some(step)),
        };
        let mut codes: Vec<Code> = all.iter().filter(|code| is_here(code)).cloned().collect();
        if self.is_drafted(creation, step) {
            for code in codes.iter_mut().filter(|code| code.proves.is_rejection()) {
                let ends = code.ends_draft;
                code.proves = if ends { Proves::Rejection } else { Proves::Nothing };
            }
        }
        codes
    }

    /// How many requests looking up takes.
    pub(crate) fn find_steps(&self, kind: Kind, lookup: &Lookup) -> Result<usize, Unmet> {
        let call = self.find(kind, lookup, Script::all(self.first(kind)?))?;
        let steps = call.sent.len();
        let _found = call.accepted()?;
        if steps == 0 {
            return Err(Unmet::fails(format!("looking a {kind} up sends nothing")));
        }
        Ok(steps)
    }

    /// Every word for the state of such an order, with what it means; at least one.
    pub(crate) fn words(&self, kind: Kind) -> Result<Vec<(String, AnyStatus)>, Unmet> {
        let words = self.harness.statuses(kind.creates());
        if words.is_empty() {
            return Err(Unmet::fails(format!("the harness lists no state of a {kind}")));
        }
        Ok(words)
    }

    /// The statuses of notifications about such an order; of a static code, about its payments.
    pub(crate) fn notified(&self, kind: Kind) -> Vec<(String, AnyStatus)> {
        self.harness.notified_statuses(kind.notified())
    }

    /// "Accepted": the word that follows it.
    pub(crate) fn first(&self, kind: Kind) -> Result<Case, Unmet> {
        let first = self.words(kind)?.into_iter().next();
        Ok(Case::order(first.map(|(word, _)| word).unwrap_or_default()))
    }

    /// The status of success, such as "paid".
    pub(crate) fn success(&self, kind: Kind) -> Result<Case, Unmet> {
        let word = self.words(kind)?.into_iter().find(|(_, means)| means.is_success());
        let none = || Unmet::fails(format!("the harness lists no word for success of a {kind}"));
        word.map(|(word, _)| Case::order(word)).ok_or_else(none)
    }

    /// Every word that ends such an order, with what it means.
    pub(crate) fn last_words(&self, kind: Kind) -> Result<Vec<(String, AnyStatus)>, Unmet> {
        let mut words = self.words(kind)?;
        words.retain(|(_, status)| status.is_final());
        Ok(words)
    }
}

/// A check of each kind of order that is offered. It holds where it holds for one and does not
/// apply to the others; it fails where it fails for one.
pub(crate) fn each(fixture: &Fixture, check: impl Fn(&Fixture, Kind) -> Outcome) -> Outcome {
    let mut outcome: Option<Outcome> = None;
    for kind in fixture.kinds()? {
        match check(fixture, kind) {
            Ok(()) => outcome = Some(Ok(())),
            Err(Unmet::Fails(why)) => return Err(Unmet::fails(format!("{kind}: {why}"))),
            Err(unmet) => outcome = outcome.or(Some(Err(unmet))),
        }
    }
    outcome.unwrap_or(Ok(()))
}

/// A check of look-ups of each kind of order, with what is stored after a creation and, where an
/// order can be looked up by either id, again with our id alone: the one way after a creation whose
/// response was lost.
pub(crate) fn each_way(
    harness: &Arc<dyn Harness>,
    check: impl Fn(&Fixture, Kind) -> Outcome,
) -> Outcome {
    let mut outcome = each(&Fixture::new(harness), &check);
    if matches!(outcome, Err(Unmet::Fails(_))) {
        return outcome;
    }
    let lost = Fixture { forgets: true, ..Fixture::new(harness) };
    for kind in lost.kinds()? {
        let both = lost.guarantees(kind)?.find_by == FindBy::Both;
        if both && lost.offers(kind, kind.finds()) {
            match check(&lost, kind) {
                Err(Unmet::Fails(why)) => {
                    return Err(Unmet::fails(format!("{kind}, asked by our id alone: {why}")));
                }
                Ok(()) => outcome = Ok(()),
                Err(Unmet::NotOffered(_)) => {}
            }
        }
    }
    outcome
}

fn no_role(kind: Kind) -> Unmet {
    Unmet::not_offered(format!("it has no role for a {kind}"))
}

fn found<T: Into<Seen>>(found: Found<T>) -> Found<Seen> {
    match found {
        Found::Found(seen) => Found::Found(seen.into()),
        Found::Absent(response) => Found::Absent(response),
    }
}

impl<T> Call<T> {
    pub(crate) fn map<U>(self, read: impl FnOnce(T) -> U) -> Call<U> {
        let Self { result, sent, response, unsaid } = self;
        Call { result: result.map(read), sent, response, unsaid }
    }

    /// Whether the last response is another than the platform's to this case: a harness that does not
    /// know what a case asks for may answer as usual.
    pub(crate) fn says_else(
        &self,
        fixture: &Fixture,
        operation: Operation,
        about: &Lookup,
        usual: &Case,
    ) -> bool {
        let Some((sent, said)) = self.sent.last().zip(self.response.as_ref()) else { return false };
        let ask = Ask { operation, step: self.sent.len(), sent, about: Some(about) };
        let usual = fixture.harness.answer(&ask, usual);
        !self.unsaid && usual.is_none_or(|usual| usual.body() != said.body())
    }

    /// What was read from a response that is beyond doubt.
    pub(crate) fn accepted(self) -> Result<T, Unmet> {
        if self.unsaid {
            return Err(Unmet::fails("the harness has no answer that says it was carried out"));
        }
        self.result.map_err(|error| {
            Unmet::fails(format!("a genuine answer is not accepted: {}", shown(&error)))
        })
    }
}

impl Call<Found<Seen>> {
    /// The order that was found; it must not be absent.
    pub(crate) fn found(self, at: &str) -> Result<Call<Seen>, Unmet> {
        let Self { result, sent, response, unsaid } = self;
        let result = match result {
            Ok(Found::Found(seen)) => Ok(seen),
            Ok(Found::Absent(_)) => return Err(Unmet::fails(format!("{at} is read as absent"))),
            Err(error) => Err(error),
        };
        Ok(Call { result, sent, response, unsaid })
    }
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
