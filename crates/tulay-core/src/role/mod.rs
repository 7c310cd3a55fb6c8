//! The roles that a provider can have. There are no default methods and no stubs: a role that a
//! provider lacks is absent, and a new ability comes as a new role.

mod orders;
mod readings;

pub use orders::{
    CollectionCancel, Collections, Payouts, RefundList, Refunds, StaticCodeControl,
    StaticCodePayments, StaticCodes,
};
pub use readings::{Balances, Health, Institutions, QrInspection, Reports, Webhooks};

use crate::{
    account::MerchantAccount,
    capability::Capability,
    error::{Error, Result},
    ids::ProviderId,
    operation::Operation,
};
use std::fmt;

/// One merchant account at one provider.
///
/// An application asks it for a role and calls the role; [`ProviderExt`] makes an absent role an
/// error.
///
/// # Implementing
/// An adapter implements `Provider` and the traits of the roles that the account has.
///
/// * [`roles`](Self::roles) lists exactly what the account can do:
///   `Roles::none().payouts(self).refunds(self)`. Which operations work in which corridor is in
///   the role's [`Capability`]; any other call answers `Unsupported` and sends nothing. A role
///   without a capability of its own, such as [`CollectionCancel`], is listed exactly if some
///   corridor offers its operation ([`Capability::offers`]).
/// * All orders are alike: `prepare` is pure, the only place that checks and serialises;
///   `create` adds time stamp and signature, and sends once; `find` looks up. `prepare` begins with
///   [`Capability::admit_request`] and [`PayoutRequest::lookup`](crate::PayoutRequest::lookup) or
///   its siblings, and `create` with [`Prepared::check`](crate::Prepared::check).
/// * A status is final only after [`Observation::conclude`](crate::Observation::conclude), and a
///   response that contradicts the request is an error: [`check_matches`](crate::Observation::check_matches).
/// * Implementations never retry and never sleep. They read no clock, randomness or environment
///   except what their [`AdapterContext`](crate::AdapterContext) gives them.
/// * Dropping a call's future leaves its effect `Unknown`.
/// * Errors and `Debug` show no secret, no personal data and no text of the provider.
///
/// The conformance suite checks all of this for every adapter.
pub trait Provider: fmt::Debug + Send + Sync + 'static {
    /// The name that the configuration gives it.
    fn id(&self) -> &ProviderId;

    /// The merchant account. Durable records are keyed by it, whatever the configuration calls the
    /// provider.
    fn merchant_account(&self) -> &MerchantAccount;

    /// The roles that this account has.
    fn roles(&self) -> Roles<'_>;
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident: $role:ident / $operation:ident,)*) => {
        /// The roles that a provider has. A role that is `None` is one it does not have.
        #[derive(Clone, Copy, Default)]
        #[non_exhaustive]
        pub struct Roles<'a> {
            $($(#[$doc])* pub $name: Option<&'a dyn $role>,)*
        }

        impl<'a> Roles<'a> {
            /// No role.
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

        /// Convenience accessors: the role, or `Unsupported`.
        pub trait ProviderExt: Provider {
            $(
                #[doc = concat!("The role [`", stringify!($role), "`].")]
                ///
                /// # Errors
                /// `Unsupported`, `NotSent`, when the provider does not have it.
                fn $name(&self) -> Result<&dyn $role> {
                    self.roles().$name.ok_or_else(|| {
                        let message = concat!("the provider does not offer ", stringify!($name));
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
    /// Collects money, once per collection.
    collections: Collections / Collection,
    /// Cancels collections that are not paid yet.
    collection_cancel: CollectionCancel / CollectionCancel,
    /// Makes codes that are paid again and again.
    static_codes: StaticCodes / StaticCode,
    /// Lists the payments of a static code.
    static_code_payments: StaticCodePayments / StaticCodePayments,
    /// Changes the status of a static code.
    static_code_control: StaticCodeControl / StaticCodeStatus,
    /// Reads QR codes.
    qr_inspection: QrInspection / QrInspection,
    /// Refunds collections.
    refunds: Refunds / Refund,
    /// Lists the refunds of a payment.
    refund_list: RefundList / RefundFind,
    /// Reads balances.
    balances: Balances / Balance,
    /// Links to reports.
    reports: Reports / Report,
    /// Verifies and reads the provider's notifications.
    webhooks: Webhooks / Notification,
    /// Checks whether the provider can be reached.
    health: Health / Health,
}

impl<'a> Roles<'a> {
    /// The capability whose corridors list an operation: that of payouts for `Payout` and
    /// `PayoutFind`, that of collections for `CollectionCancel` too, and so on. `None` without the
    /// role, and for operations that have no corridors.
    ///
    /// ```
    /// use tulay_core::{Operation, Provider};
    /// fn pays_out(provider: &dyn Provider) -> bool {
    ///     let capability = provider.roles().capability(Operation::Payout);
    ///     capability.is_some_and(|capability| capability.offers(Operation::Payout))
    /// }
    /// ```
    #[must_use]
    pub fn capability(&self, operation: Operation) -> Option<&'a Capability> {
        use Operation as Op;
        match operation {
            Op::Payout | Op::PayoutFind => self.payouts.map(|role| role.capability()),
            Op::Collection | Op::CollectionFind | Op::CollectionCancel => {
                self.collections.map(|role| role.capability())
            }
            Op::StaticCode | Op::StaticCodeFind | Op::StaticCodePayments | Op::StaticCodeStatus => {
                self.static_codes.map(|role| role.capability())
            }
            Op::Refund | Op::RefundFind => self.refunds.map(|role| role.capability()),
            _ => None,
        }
    }
}
