//! The provider and its roles: map in, send, map out.

use crate::{
    ask,
    channels::{Channels, Known},
    error,
    exchange::Connection,
    map,
    profile::{self, Line, Profile},
    settings::Settings,
    transfer,
    wire::{self, BalanceInquiry, Check, Funds},
};
use async_trait::async_trait;
use std::fmt;
use tulay_core::{
    AccountKind, AdapterContext, Balance, Balances, Capability, Channel, Corridor, Country,
    Currency, Error, ErrorKind, Found, IdRules, Invalid, Lookup, MerchantAccount, Operation,
    OrderId, Payout, PayoutRequest, Payouts, Prepared, Provider, ProviderId, Result, Roles,
};
use tulay_crypto::Keys;

/// [`Prepared::form`] of a payout: the text of `param` without its time stamp.
const FORM: u16 = 1;

/// One merchant account at the regional platform, in the countries it is configured for.
pub struct Regional {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) codes: Capability,
    pub(crate) refunds: Capability,
    balances: Vec<(AccountKind, Country, Currency)>,
    pub(crate) connection: Connection,
}

impl Regional {
    /// Makes the provider.
    ///
    /// # Errors
    /// When the settings do not fit each other, above all a test flag on a live host.
    pub fn new(
        id: ProviderId,
        settings: Settings,
        keys: Keys,
        context: AdapterContext,
    ) -> Result<Self, Invalid> {
        let (base_url, profiles) = settings.checked()?;
        let policy = settings.policy();
        // What cannot be looked up must not be sent.
        let refused =
            |operations: &[Operation], country| policy.unaccepted(operations, Some(country));
        let allowed = |operations: &[Operation], country| {
            let all = refused(operations, country).is_empty();
            if all { operations.to_vec() } else { Vec::new() }
        };
        let told = |mut corridors: Vec<Corridor>, operations: &[Operation]| {
            for corridor in &mut corridors {
                corridor.unaccepted = refused(operations, corridor.country);
            }
            corridors
        };
        let capability =
            |corridors| Capability::new(corridors, IdRules::STANDARD, settings.contract.clone());
        let (mut payouts, mut collections) = (Vec::new(), Vec::new());
        let (mut codes, mut refunds) = (Vec::new(), Vec::new());
        for profile in &profiles {
            let country = profile.country;
            let channels = settings.channels.get(&country);
            let needed = [Operation::Payout, Operation::PayoutFind];
            let operations = allowed(&needed, country);
            payouts.extend(told(profile.payout_corridors(&operations), &needed));

            let configured = channels.map(Channels::collected_by).unwrap_or_default();
            let needed = [Operation::Collection, Operation::CollectionFind];
            let operations = allowed(&needed, country);
            let collected = profile.collection_corridors(&configured, &operations);
            let mut collected = told(collected, &needed);
            if !policy.accepts(Operation::Collection) {
                let lines = profile.collection.lines;
                leave_out(Operation::Collection, lines, &configured, &mut collected);
            }
            let needed = [Operation::Refund, Operation::RefundFind];
            let operations = allowed(&needed, country);
            refunds.extend(collected.iter().map(|corridor| {
                let mut refund =
                    Corridor::new(country, profile.currency, corridor.channel, profile.unit);
                refund.operations.clone_from(&operations);
                refund.unaccepted = refused(&needed, country);
                refund
            }));
            collections.extend(collected);

            let configured = channels.map(Channels::coded_by).unwrap_or_default();
            let needed = [Operation::Code, Operation::CodePayments];
            let mut operations = allowed(&needed, country);
            if !operations.is_empty() {
                operations.extend(allowed(&[Operation::CodeFind], country));
            }
            // What was made can be withdrawn where nothing more may be made.
            if profile.code.as_ref().is_some_and(|rules| rules.cancel) {
                operations.extend(allowed(&[Operation::CodeStatus], country));
            }
            let mut coded = told(profile.code_corridors(&configured, &operations), &needed);
            if let Some(rules) = profile.code.as_ref().filter(|_| !policy.accepts(Operation::Code))
            {
                leave_out(Operation::Code, rules.lines, &configured, &mut coded);
            }
            codes.extend(coded);
        }
        let (payouts, collections) = (capability(payouts), capability(collections));
        let (codes, refunds) = (capability(codes), capability(refunds));
        let mut balances: Vec<_> = profiles
            .iter()
            .map(|profile| (AccountKind::Single, profile.country, profile.currency))
            .collect();
        balances.retain(|(_, country, _)| {
            policy.unaccepted(&[Operation::Balance], *country).is_empty()
        });
        let app_id = settings.app_id.clone();
        let (name, environment) = (profile::NAME, settings.environment);
        let account = context.merchant_account(name, environment, app_id, &base_url);
        let connection = Connection { settings, profiles, base_url, keys, context };
        Ok(Self { id, account, payouts, collections, codes, refunds, balances, connection })
    }

    /// Refuses what production must not use yet; the error is about the first operation.
    pub(crate) fn allow(
        &self,
        operations: &[Operation],
        country: impl Into<Option<Country>>,
    ) -> Result<()> {
        self.connection.settings.policy().allow(operations, country)
    }

    /// Refuses a `channelCode` that is only assumed, where production must not use it yet.
    pub(crate) fn allow_code(&self, operation: Operation, known: Known<'_>) -> Result<()> {
        if !known.assumed || self.connection.settings.policy().accepts(operation) {
            return Ok(());
        }
        let code = known.code;
        let message = format!(
            "{code} is only assumed to be a channelCode; name the right one in channels, or \
             {operation} in accept_unverified, to use it in production"
        );
        Err(Error::unsupported(operation, message).at("channels"))
    }

    /// The profile of a country; an error when it is not configured.
    pub(crate) fn profile(
        &self,
        operation: Operation,
        country: Country,
    ) -> Result<&'static Profile> {
        self.connection.profile(country).ok_or_else(|| {
            let message = format!("{country} is not among the countries configured");
            Error::unsupported(operation, message).at("countries")
        })
    }
}

/// Leaves a creation out of the corridors whose every `channelCode` would be refused, so that a
/// provider chosen by its corridors does not then refuse.
fn leave_out(
    operation: Operation,
    lines: &[Line],
    configured: &[Channel],
    corridors: &mut [Corridor],
) {
    for corridor in corridors {
        let channel = corridor.channel;
        if !configured.contains(&channel) && Line::all_assumed(lines, channel) {
            corridor.operations.retain(|offered| *offered != operation);
            if !corridor.unaccepted.contains(&operation) {
                corridor.unaccepted.push(operation);
            }
        }
    }
}

impl Provider for Regional {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        let mut roles = Roles::none()
            .payouts(self)
            .collections(self)
            .qr_codes(self)
            .refunds(self)
            .balances(self)
            .reports(self)
            .notifications(self);
        if self.codes.offers(Operation::CodePayments) {
            roles = roles.static_code_payments(self);
        }
        if self.codes.offers(Operation::CodeStatus) {
            roles = roles.static_code_control(self);
        }
        roles
    }
}

#[async_trait]
impl Payouts for Regional {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::Payout, Operation::PayoutFind], request.country)?;
        self.payouts.admit_request(request)?;
        let profile = self.profile(Operation::Payout, request.country)?;
        let body = transfer::transfer(&self.connection.settings, profile, request, order_id)?;
        let lookup = request.lookup(order_id);
        let contract = self.payouts.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        self.allow(&[operation, Operation::PayoutFind], prepared.lookup.country)?;
        let order_id = &prepared.lookup.order_id;
        let names_order = ask::is_for(&prepared.body, "mchOrderId", order_id.as_str());
        prepared.check(operation, &self.account, FORM, names_order)?;
        let profile = self.profile(operation, prepared.lookup.country)?;
        let settings = &self.connection.settings;
        let path = profile.path(&settings.paths.payout);
        let sent = self.connection.exchange(operation, &path, Some(order_id), &prepared.body);
        let reply = sent.await?;
        let payout = map::payout(operation, profile, settings, order_id, reply)?;
        payout.agreeing(operation, &prepared.lookup)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(&[operation], lookup.country)?;
        let profile = self.profile(operation, lookup.country)?;
        let settings = &self.connection.settings;
        let path = profile.path(&settings.paths.payout_find);
        let check = wire::to_json(&Check { mch_order_id: lookup.order_id.as_str() });
        match self.connection.exchange(operation, &path, Some(&lookup.order_id), &check).await {
            Ok(reply) => {
                let asked = &lookup.order_id;
                let payout = map::payout(operation, profile, settings, asked, reply)?;
                payout.agreeing(operation, lookup).map(Found::Found)
            }
            Err(error) => error::absent(error).map(Found::Absent),
        }
    }
}

#[async_trait]
impl Balances for Regional {
    fn accounts(&self) -> &[(AccountKind, Country, Currency)] {
        &self.balances
    }

    async fn balance(
        &self,
        account: AccountKind,
        country: Country,
        currency: Currency,
    ) -> Result<Balance> {
        let operation = Operation::Balance;
        self.allow(&[operation], country)?;
        let profile = self.profile(operation, country)?;
        if !self.balances.contains(&(account, country, currency)) {
            return Err(Error::unsupported(operation, "regional keeps no such account"));
        }
        let path = profile.path(&self.connection.settings.paths.balance);
        let inquiry = wire::to_json(&BalanceInquiry { country_code: country.as_str() });
        let reply = self.connection.exchange(operation, &path, None, &inquiry).await?;
        let funds: Funds<'_> = reply.read()?;
        match map::balance(profile, &funds.balance.0) {
            Some(available) => Ok(Balance::new(account, available, reply.answer)),
            None => {
                let message = "regional's answer states no balance in decimal text with a point";
                let error = Error::new(operation, ErrorKind::Unexpected, message);
                Err(error.at("balance").answered(reply.answer))
            }
        }
    }
}

impl fmt::Debug for Regional {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Regional({}, {})", self.id, self.account.masked())
    }
}
