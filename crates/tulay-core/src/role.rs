//! What providers implement. There are no default methods: what a provider lacks is absent, and
//! what is new comes as a new role.

use crate::{
    account::MerchantAccount,
    capability::Capability,
    error::{Error, Result},
    money::{Country, Currency},
    notification::{Event, Handling, RawNotification, Verified},
    observation::{
        AccountKind, Balance, CodeStatus, Collection, Credit, Inspection, InstitutionEntry, Payout,
        Refund, ReportLink, StaticCode,
    },
    operation::Operation,
    order_id::OrderId,
    prepared::{Found, Lookup, Prepared},
    private::QrText,
    request::{CodeRequest, CollectionRequest, PayoutRequest, RefundRequest},
    word::ProviderId,
};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::civil::Date;
use std::fmt;

/// One merchant account at one provider.
///
/// # Contract
/// Implementations never retry, never sleep, and read no clock, randomness or environment but
/// what their [`AdapterContext`](crate::AdapterContext) gave them. Dropping a call's future leaves
/// its effect `Unknown`.
pub trait Provider: fmt::Debug + Send + Sync + 'static {
    /// The name the configuration gave it.
    fn id(&self) -> &ProviderId;

    /// Whose account it is.
    fn merchant_account(&self) -> &MerchantAccount;

    /// Exactly what this account can do: `Roles::none().payouts(self).refunds(self)`.
    fn roles(&self) -> Roles<'_>;
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident: $role:ident / $operation:ident,)*) => {
        /// Which roles a provider has. A role that is `None` is one it does not have.
        #[derive(Clone, Copy, Default)]
        #[non_exhaustive]
        pub struct Roles<'a> {
            $($(#[$doc])* pub $name: Option<&'a dyn $role>,)*
        }

        impl<'a> Roles<'a> {
            /// No role at all.
            #[must_use]
            pub fn none() -> Self {
                Self::default()
            }

            $(
                #[doc = concat!("Adds the role [`", stringify!($role), "`].")]
                #[must_use]
                pub fn $name(mut self, role: &'a dyn $role) -> Self {
                    self.$name = Some(role);
                    self
                }
            )*
        }

        impl fmt::Debug for Roles<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut set = f.debug_set();
                $(if self.$name.is_some() {
                    set.entry(&stringify!($role));
                })*
                set.finish()
            }
        }

        /// Comfort: the role itself, or an error that says it is not there.
        pub trait ProviderExt: Provider {
            $(
                #[doc = concat!("The role [`", stringify!($role), "`].")]
                ///
                /// # Errors
                /// `Unsupported` when the provider does not have it; nothing is sent.
                fn $name(&self) -> Result<&dyn $role> {
                    self.roles().$name.ok_or_else(|| {
                        let message = concat!("this provider has no ", stringify!($name));
                        Error::unsupported(Operation::$operation, message)
                    })
                }
            )*
        }

        impl<P: Provider + ?Sized> ProviderExt for P {}
    };
}

roles! {
    /// Pays money out.
    payouts: Payouts / Payout,
    /// Lists banks and wallets.
    institutions: Institutions / Institutions,
    /// Collects money.
    collections: Collections / Collection,
    /// Makes codes that are paid again and again.
    qr_codes: QrCodes / Code,
    /// Reads QR codes.
    qr_inspection: QrInspection / Inspect,
    /// Gives collected money back.
    refunds: Refunds / Refund,
    /// Tells balances.
    balances: Balances / Balance,
    /// Gives reports.
    reports: Reports / Report,
    /// Understands the provider's notifications.
    notifications: Notifications / Notification,
    /// Tells whether the provider is there.
    health: Health / Health,
}

/// Pays money out.
#[async_trait]
pub trait Payouts: Send + Sync {
    /// What it can do, and how far its word goes.
    fn capability(&self) -> &Capability;

    /// Checks a request and serialises it. No I/O, no clock: the same input gives the same
    /// output, for ever.
    ///
    /// # Errors
    /// `InvalidRequest`, `Limit`, `Unsupported` or `Configuration`, always `NotSent`, with the
    /// field.
    fn prepare(&self, request: &PayoutRequest, order_id: &OrderId) -> Result<Prepared>;

    /// Sends what was prepared, once.
    ///
    /// # Errors
    /// `NotSent` when no byte left; `Refused` for a genuine answer whose code the adapter lists as
    /// a refusal; `Unknown` for everything else.
    async fn create(&self, prepared: &Prepared) -> Result<Payout>;

    /// Asks what became of a payout.
    ///
    /// # Errors
    /// Any kind, always `Unknown`: a failed reading proves nothing.
    async fn find(&self, lookup: &Lookup) -> Result<Found<Payout>>;
}

/// Lists banks and wallets.
#[async_trait]
pub trait Institutions: Send + Sync {
    /// The institutions of a country, as the provider lists them now.
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn list(&self, country: Country) -> Result<Vec<InstitutionEntry>>;
}

/// Collects money, once per collection.
#[async_trait]
pub trait Collections: Send + Sync {
    /// What it can do, and how far its word goes.
    fn capability(&self) -> &Capability;

    /// Asks for money, once.
    ///
    /// # Errors
    /// `NotSent` when the request does not fit or no byte left; `Refused` for a listed refusal;
    /// else `Unknown`.
    async fn create(&self, request: &CollectionRequest, order_id: &OrderId) -> Result<Collection>;

    /// Asks what became of a collection.
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn find(&self, lookup: &Lookup) -> Result<Found<Collection>>;

    /// Withdraws a collection that is not paid yet.
    ///
    /// # Errors
    /// `Refused` with kind `State` when it is paid or closed; `NotSent` when no byte left; else
    /// `Unknown`: it may be withdrawn, and may still be paid.
    async fn cancel(&self, lookup: &Lookup) -> Result<Collection>;
}

/// Makes codes that are paid again and again.
#[async_trait]
pub trait QrCodes: Send + Sync {
    /// What it can do, and how far its word goes.
    fn capability(&self) -> &Capability;

    /// Makes a code.
    ///
    /// # Errors
    /// As [`Collections::create`].
    async fn create(&self, request: &CodeRequest, order_id: &OrderId) -> Result<StaticCode>;

    /// Asks for the state of a code.
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn find(&self, lookup: &Lookup) -> Result<Found<StaticCode>>;

    /// The payments of a code from one day to another, both included, in the provider's zone.
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn payments(&self, lookup: &Lookup, from: Date, to: Date) -> Result<Vec<Credit>>;

    /// Enables, disables or cancels a code.
    ///
    /// # Errors
    /// `Refused` for a listed refusal; `NotSent` when no byte left; else `Unknown`.
    async fn set_status(&self, lookup: &Lookup, status: CodeStatus) -> Result<StaticCode>;
}

/// Reads QR codes.
#[async_trait]
pub trait QrInspection: Send + Sync {
    /// Asks the provider what a code says.
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn inspect(&self, text: &QrText) -> Result<Inspection>;
}

/// Gives collected money back.
#[async_trait]
pub trait Refunds: Send + Sync {
    /// What it can do, and how far its word goes.
    fn capability(&self) -> &Capability;

    /// As [`Payouts::prepare`].
    ///
    /// # Errors
    /// As [`Payouts::prepare`].
    fn prepare(&self, request: &RefundRequest, order_id: &OrderId) -> Result<Prepared>;

    /// As [`Payouts::create`].
    ///
    /// # Errors
    /// As [`Payouts::create`].
    async fn create(&self, prepared: &Prepared) -> Result<Refund>;

    /// As [`Payouts::find`].
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn find(&self, lookup: &Lookup) -> Result<Found<Refund>>;
}

/// Tells balances.
#[async_trait]
pub trait Balances: Send + Sync {
    /// The accounts it keeps: those that [`balance`](Self::balance) can be asked for.
    fn accounts(&self) -> &[(AccountKind, Country, Currency)];

    /// What is on one account.
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn balance(
        &self,
        account: AccountKind,
        country: Country,
        currency: Currency,
    ) -> Result<Balance>;
}

/// Gives reports.
#[async_trait]
pub trait Reports: Send + Sync {
    /// Where the report of one day, in the provider's zone, can be fetched.
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn report(&self, account: AccountKind, country: Country, day: Date)
    -> Result<ReportLink>;
}

/// Tells whether a provider is there.
#[async_trait]
pub trait Health: Send + Sync {
    /// Asks.
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn check(&self) -> Result<()>;
}

/// Understands a provider's notifications.
pub trait Notifications: Send + Sync {
    /// Verifies the bytes, then reads them. One delivery may hold several events.
    ///
    /// # Errors
    /// `Signature` when it does not verify, `Mismatch` when it names another account, `Unrelated` when it names none and must,
    /// `Unexpected` when it verifies but cannot be read.
    fn open(&self, raw: &RawNotification) -> Result<Verified<Vec<Event>>>;

    /// What to answer, literally.
    fn acknowledge(&self, handling: Handling) -> http::Response<Bytes>;
}
