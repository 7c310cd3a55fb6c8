//! The provider and its roles: map in, send, map out.

use crate::{
    error,
    exchange::{Connection, Reply},
    map, profile,
    settings::Settings,
};
use async_trait::async_trait;
use bytes::Bytes;
use http::Method;
use std::fmt;
use tulay_core::{
    AdapterContext, Capability, Error, Found, IdRules, Invalid, Lookup, MerchantAccount, Operation,
    OrderId, Payout, PayoutRequest, Payouts, Prepared, Provider, ProviderId, Result, Roles, Secret,
};

/// [`Prepared::form`] of a payout: the text that creates it.
const FORM: u16 = 1;

/// One merchant account at Kawayan.
pub struct Kawayan {
    id: ProviderId,
    account: MerchantAccount,
    payouts: Capability,
    connection: Connection,
}

impl Kawayan {
    /// Makes the provider.
    ///
    /// # Errors
    /// When the settings do not fit each other, above all a test flag on a live host.
    pub fn new(
        id: ProviderId,
        settings: Settings,
        api_key: Secret,
        context: AdapterContext,
    ) -> Result<Self, Invalid> {
        let base_url = settings.checked()?;
        // A payout that cannot be looked up must not be sent.
        let mut operations = vec![Operation::Payout, Operation::PayoutFind];
        if operations.iter().any(|operation| settings.refuses(*operation).is_some()) {
            operations.clear();
        }
        let payouts = Capability::new(
            profile::corridors(&operations),
            IdRules::STANDARD,
            settings.contract.clone(),
        );
        let merchant = settings.merchant.clone();
        let (name, environment) = (profile::NAME, settings.environment);
        let account = context.merchant_account(name, environment, merchant, &base_url);
        let connection = Connection { settings, base_url, api_key, context };
        Ok(Self { id, account, payouts, connection })
    }

    /// The payout of an answer, compared with the look-up.
    fn read(&self, operation: Operation, reply: Reply, asked: &Lookup) -> Result<Payout> {
        let payout = map::payout(operation, reply.said, Some(reply.answer))?;
        let bound = &self.payouts.contract.bound;
        payout.conclude_for(bound, asked).agreeing(operation, asked)
    }

    /// Refuses what production must not use yet; the error is about the operation asked for.
    fn allow(&self, asked: Operation) -> Result<()> {
        let refused = [Operation::Payout, Operation::PayoutFind]
            .into_iter()
            .find_map(|operation| self.connection.settings.refuses(operation));
        match refused {
            Some(message) => Err(Error::unsupported(asked, message).at("accept_unverified")),
            None => Ok(()),
        }
    }
}

impl Provider for Kawayan {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        Roles::none().payouts(self)
    }
}

#[async_trait]
impl Payouts for Kawayan {
    fn capability(&self) -> &Capability {
        &self.payouts
    }

    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared> {
        self.allow(Operation::Payout)?;
        self.payouts.admit_request(request)?;
        let body = map::create(&self.connection.settings, request, order_id)
            .map_err(|invalid| Error::invalid(Operation::Payout, &invalid))?;
        let lookup = request.lookup(order_id);
        let contract = self.payouts.contract.version;
        Ok(Prepared::new(lookup, self.account.clone(), contract, FORM, body))
    }

    async fn create(&self, prepared: &Prepared) -> Result<Payout> {
        let operation = Operation::Payout;
        self.allow(operation)?;
        let names_order = map::is_create(&prepared.body, prepared.lookup.order_id.as_str());
        prepared.check(operation, &self.account, FORM, names_order)?;
        let body = Bytes::from(prepared.body.clone());
        let reply = self.connection.exchange(operation, Method::POST, "/payouts", body).await?;
        self.read(operation, reply, &prepared.lookup)
    }

    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>> {
        let operation = Operation::PayoutFind;
        self.allow(operation)?;
        let path = format!("/payouts/{}", lookup.order_id);
        match self.connection.exchange(operation, Method::GET, &path, Bytes::new()).await {
            Ok(reply) => self.read(operation, reply, lookup).map(Found::Found),
            Err(error) => error::absent(error).map(Found::Absent),
        }
    }
}

impl fmt::Debug for Kawayan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kawayan({}, {})", self.id, self.account.masked())
    }
}
