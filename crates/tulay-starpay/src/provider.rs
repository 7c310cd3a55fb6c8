//! The provider and its roles: map in, send, map out.

use crate::{
    disburse, error,
    exchange::Connection,
    map, profile,
    settings::{NameSplit, Settings},
    wire::Receiver,
};
use async_trait::async_trait;
use bytes::Bytes;
use http::header;
use std::fmt;
use tulay_core::{
    AccountKind, AdapterContext, Balance, Balances, Capability, Channel, Country, Currency, Error,
    ErrorKind, Found, Health, IdRules, InstitutionEntry, Institutions, Invalid, Lookup,
    MerchantAccount, Money, Operation, OrderId, Payout, PayoutRequest, Payouts, Prepared, Provider,
    ProviderId, Result, Roles,
};
use tulay_crypto::Keys;

/// [`Prepared::form`] of a payout: the text of `request`.
const FORM: u16 = 1;

/// One merchant account at Starpay.
pub struct Starpay {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) qr_codes: Capability,
    balances: Vec<(AccountKind, Country, Currency)>,
    pub(crate) connection: Connection,
}

impl Starpay {
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
        let base_url = settings.checked()?;
        let policy = settings.policy();
        let allowed = |operation: &Operation| policy.unaccepted(&[*operation], None).is_empty();
        // A payout that cannot be looked up must not be sent.
        let mut operations = vec![Operation::Payout, Operation::PayoutFind];
        let unaccepted = policy.unaccepted(&operations, None);
        if !unaccepted.is_empty() {
            operations.clear();
        }
        let in_parts = settings.name_split == NameSplit::Refuse;
        let mut corridors =
            profile::corridors(&operations, in_parts, policy.accepts(Operation::Payout));
        corridors.iter_mut().for_each(|corridor| corridor.unaccepted.clone_from(&unaccepted));
        let payouts = Capability::new(corridors, IdRules::STANDARD, settings.contract.clone());
        let shown_codes = |operations: &[Operation]| {
            let operations: Vec<_> = operations.iter().copied().filter(allowed).collect();
            let corridors = profile::shown_codes(&operations);
            Capability::new(corridors, IdRules::STANDARD, settings.contract.clone())
        };
        let collections = shown_codes(&[
            Operation::Collection,
            Operation::CollectionFind,
            Operation::CollectionCancel,
        ]);
        let qr_codes = shown_codes(&[Operation::Code, Operation::CodeStatus]);
        let mut balances = vec![
            (AccountKind::Payout, Country::PH, Currency::PHP),
            (AccountKind::Collection, Country::PH, Currency::PHP),
        ];
        balances.retain(|_| allowed(&Operation::Balance));
        let merchant_id = settings.merchant_id.clone();
        let (name, environment) = (profile::NAME, settings.environment);
        let account = context.merchant_account(name, environment, merchant_id, &base_url);
        let connection = Connection { settings, base_url, keys, context };
        Ok(Self { id, account, payouts, collections, qr_codes, balances, connection })
    }

    /// Refuses what production must not use yet; the error is about the first operation.
    pub(crate) fn allow(&self, operations: &[Operation]) -> Result<()> {
        self.connection.settings.policy().allow(operations, None)
    }
}

impl Provider for Starpay {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        let mut roles = Roles::none()
            .payouts(self)
            .institutions(self)
            .collections(self)
            .qr_codes(self)
            .qr_inspection(self)
            .balances(self)
            .notifications(self)
            .health(self);
        if self.collections.offers(Operation::CollectionCancel) {
            roles = roles.collection_cancel(self);
        }
        if self.qr_codes.offers(Operation::CodeStatus) {
            roles = roles.static_code_control(self);
        }
        roles
    }
}

#[async_trait]
impl Payouts for Starpay {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(&[Operation::Payout, Operation::PayoutFind])?;
        self.payouts.admit_request(request)?;
        let notify_url = disburse::notify_url(&self.connection.context, Operation::Payout);
        let body = disburse::disburse(
            &self.connection.settings,
            request,
            order_id,
            notify_url.as_deref(),
        )?;
        let lookup = request.lookup(order_id);
        let contract = self.payouts.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        self.allow(&[operation, Operation::PayoutFind])?;
        let message_id = prepared.lookup.order_id.as_str();
        let names_order = disburse::is_disburse(&prepared.body, message_id);
        prepared.check(operation, &self.account, FORM, names_order)?;
        let paths = &self.connection.settings.paths;
        let path = match prepared.lookup.channel {
            Channel::Qr => &paths.payout_qr,
            _ => &paths.payout,
        };
        let sent = self.connection.exchange(operation, path, message_id, &prepared.body).await?;
        let bound = &self.payouts.contract.bound;
        let payout = map::payout(operation, bound, sent)?;
        payout.agreeing(operation, &prepared.lookup)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(&[operation])?;
        let settings = &self.connection.settings;
        let (path, service) = (&settings.paths.payout_find, &settings.services.payout_find);
        match self.connection.ask(operation, path, service, Some(&lookup.order_id)).await {
            Ok(reply) => {
                let bound = &self.payouts.contract.bound;
                let payout = map::payout(operation, bound, reply)?;
                payout.agreeing(operation, lookup).map(Found::Found)
            }
            Err(error) => error::absent(error, error::NO_SUCH_PAYOUT).map(Found::Absent),
        }
    }
}

#[async_trait]
impl Institutions for Starpay {
    async fn list(&self, country: Country) -> Result<Vec<InstitutionEntry>> {
        let operation = Operation::Institutions;
        self.allow(&[operation])?;
        if country != Country::PH {
            return Err(Error::unsupported(operation, "starpay serves the Philippines alone"));
        }
        let settings = &self.connection.settings;
        let (path, service) = (&settings.paths.institutions, &settings.services.institutions);
        let reply = self.connection.ask(operation, path, service, None).await?;
        let rows: Vec<Receiver<'_>> = reply.only_list()?;
        Ok(rows.into_iter().map(map::institution).collect())
    }
}

#[async_trait]
impl Balances for Starpay {
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
        self.allow(&[operation])?;
        if !self.balances.contains(&(account, country, currency)) {
            return Err(Error::unsupported(operation, "starpay keeps no such account"));
        }
        let settings = &self.connection.settings;
        let (paths, services) = (&settings.paths, &settings.services);
        let (path, service) = match account {
            AccountKind::Collection => (&paths.collection_balance, &services.collection_balance),
            _ => (&paths.balance, &services.balance),
        };
        let reply = self.connection.ask(operation, path, service, None).await?;
        let stated = reply.member(&settings.balance_member);
        match stated.and_then(|text| map::balance(&text)) {
            Some(centavos) => {
                let available = Money::from_minor(centavos, currency);
                Ok(Balance::new(account, available, reply.answer))
            }
            None => {
                let message = "starpay's answer states no balance in centavos under this name";
                let error = Error::new(operation, ErrorKind::Unexpected, message);
                Err(error.at("balance_member").answered(reply.answer))
            }
        }
    }
}

#[async_trait]
impl Health for Starpay {
    async fn check(&self) -> Result<()> {
        let operation = Operation::Health;
        let settings = &self.connection.settings;
        let request = http::Request::get(self.connection.base_url.with(&settings.paths.health))
            .header(header::ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|cause| {
                let message = "base_url and path make no address";
                Error::new(operation, ErrorKind::Configuration, message).because(cause)
            })?;
        let answer = self.connection.context.transport.send(request).await;
        let status = answer.map_err(|failure| Error::transport(operation, failure))?.status();
        if status.is_success() {
            return Ok(());
        }
        let message = format!("starpay's connection check answered HTTP {}", status.as_u16());
        Err(Error::new(operation, ErrorKind::Unavailable, message))
    }
}

impl fmt::Debug for Starpay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Starpay({}, {})", self.id, self.account.masked())
    }
}
