//! The roles that make no order.

use crate::{
    error::Result,
    money::{Country, Currency},
    notification::{Handling, Notification, Verified, WebhookRequest},
    readings::{AccountKind, Balance, Inspection, InstitutionEntry, ReportLink},
    sensitive::QrText,
};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::civil::Date;

/// Lists banks and wallets.
#[async_trait]
pub trait Institutions: Send + Sync {
    /// The institutions of a country, as the provider lists them now.
    ///
    /// ```
    /// use tulay_core::{Country, Provider, ProviderExt};
    /// async fn open_banks(provider: &dyn Provider) -> tulay_core::Result<Vec<String>> {
    ///     let entries = provider.institutions()?.list(Country::PH).await?;
    ///     let open = entries.into_iter().filter(|entry| !entry.closed);
    ///     Ok(open.map(|entry| entry.name).collect())
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn list(&self, country: Country) -> Result<Vec<InstitutionEntry>>;
}

/// Reads QR codes.
#[async_trait]
pub trait QrInspection: Send + Sync {
    /// The provider's reading of a code.
    ///
    /// ```
    /// use tulay_core::{Money, Provider, ProviderExt, QrText};
    /// async fn amount(provider: &dyn Provider, text: &QrText) -> tulay_core::Result<Option<Money>> {
    ///     Ok(provider.qr_inspection()?.inspect(text).await?.amount)
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn inspect(&self, text: &QrText) -> Result<Inspection>;
}

/// Reads balances.
#[async_trait]
pub trait Balances: Send + Sync {
    /// The accounts whose [`balance`](Self::balance) can be read.
    fn accounts(&self) -> &[(AccountKind, Country, Currency)];

    /// The balance of one account.
    ///
    /// ```
    /// use tulay_core::{Money, Provider, ProviderExt};
    /// async fn all(provider: &dyn Provider) -> tulay_core::Result<Vec<Money>> {
    ///     let balances = provider.balances()?;
    ///     let mut all = Vec::new();
    ///     for (account, country, currency) in balances.accounts() {
    ///         all.push(balances.balance(*account, *country, *currency).await?.available);
    ///     }
    ///     Ok(all)
    /// }
    /// ```
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

/// Links to reports.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The address of the report of one day, in the provider's zone.
    ///
    /// ```
    /// use jiff::civil::Date;
    /// use tulay_core::{AccountKind, Country, Provider, ProviderExt, ReportLink};
    /// async fn link(provider: &dyn Provider, day: Date) -> tulay_core::Result<ReportLink> {
    ///     provider.reports()?.report(AccountKind::Payout, Country::PH, day).await
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn report(&self, account: AccountKind, country: Country, day: Date)
    -> Result<ReportLink>;
}

/// Checks whether the provider can be reached.
#[async_trait]
pub trait Health: Send + Sync {
    /// Sends a request that changes nothing.
    ///
    /// ```
    /// use tulay_core::{Provider, ProviderExt};
    /// async fn is_up(provider: &dyn Provider) -> tulay_core::Result<bool> {
    ///     Ok(provider.health()?.check().await.is_ok())
    /// }
    /// ```
    ///
    /// # Errors
    /// Any kind, always `Unknown`.
    async fn check(&self) -> Result<()>;
}

/// Verifies and reads a provider's notifications.
pub trait Webhooks: Send + Sync {
    /// Verifies the bytes, then reads them. One request may have several notifications. What is
    /// genuine and cannot be read is a [`Notification::Unreadable`]: keep its body, and
    /// [`read`](Self::read) it again with a later version.
    ///
    /// ```
    /// use http::Response;
    /// use tulay_core::{Notification, Handling, Webhooks, WebhookRequest};
    /// fn receive(
    ///     webhooks: &dyn Webhooks,
    ///     request: &WebhookRequest,
    ///     store: impl FnOnce(&[Notification]) -> bool,
    /// ) -> Response<bytes::Bytes> {
    ///     let handling = match webhooks.open(request) {
    ///         Ok(notifications) if store(notifications.get()) => Handling::Stored,
    ///         Ok(_) => Handling::Busy,
    ///         Err(_) => Handling::Rejected,
    ///     };
    ///     webhooks.acknowledge(handling)
    /// }
    /// ```
    ///
    /// # Errors
    /// `Signature` when it does not verify, `Mismatch` when it names another account, `Unrelated`
    /// when it names none and must, or arrived at another order's address, `Unexpected` when it is
    /// empty, too large, or no envelope of the provider.
    fn open(&self, raw: &WebhookRequest) -> Result<Verified<Vec<Notification>>>;

    /// Reads a body again that [`open`](Self::open) opened and that was stored since, with the path
    /// and query that it arrived at. It needs no key, and proves nothing: what the message proves
    /// ([`Verified::authenticity`]) is stored beside the body.
    ///
    /// # Errors
    /// As [`open`](Self::open), without `Signature`. A message that could not be read before may turn
    /// out to name another account.
    fn read(&self, target: &http::Uri, body: &[u8]) -> Result<Vec<Notification>>;

    /// The response that the provider expects, byte for byte; see [`open`](Self::open).
    fn acknowledge(&self, handling: Handling) -> http::Response<Bytes>;
}
