//! The provider: what an account is made of, and the roles that it has.

use super::Wrong;
use async_trait::async_trait;
use jiff::SignedDuration;
use std::{
    fmt,
    sync::{OnceLock, atomic::AtomicU32},
};
use tulay_core::*;

/// What Acme is configured with, its way of being wrong included.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) account: String,
    pub(crate) merchant_key: String,
    pub(crate) platform_key: String,
    /// Notifications carry this instead of a signature.
    pub(crate) token: Option<String>,
    /// Notifications are signed with any of these, which are this account's alone. Then no message
    /// names the account, and a refund is of at least 30.00.
    pub(crate) webhook_secrets: Vec<String>,
    /// A payout is drafted and then confirmed, and found by Acme's own number alone.
    pub(crate) two_steps: bool,
    /// A draft is also found by our order id, in a list. Answers are not signed, and a rejection has
    /// several codes.
    pub(crate) listed: bool,
    /// It has no other orders than payouts.
    pub(crate) payouts_alone: bool,
    /// It has no other orders than collections.
    pub(crate) collections_alone: bool,
    pub(crate) on: bool,
    pub(crate) guarantees: Guarantees,
    pub(crate) wrong: Option<Wrong>,
}

pub(crate) struct Acme {
    id: ProviderId,
    pub(crate) account: MerchantAccount,
    pub(crate) payouts: Capability,
    pub(crate) collections: Capability,
    pub(crate) codes: Capability,
    pub(crate) refunds: Capability,
    pub(crate) settings: Settings,
    pub(crate) context: AdapterContext,
    pub(super) first_stamp: OnceLock<String>,
    pub(super) sendings: AtomicU32,
}

impl Acme {
    pub(crate) fn new(settings: Settings, context: AdapterContext) -> Self {
        let is = |wrong| settings.wrong == Some(wrong);
        let operations =
            if settings.on { vec![Operation::Payout, Operation::PayoutFind] } else { Vec::new() };
        let corridor = |country, currency, channel, step| {
            let mut corridor = Corridor::new(country, currency, channel, step);
            corridor.min = Some(Money::from_minor(step, currency));
            corridor.max = Some(Money::from_minor(5_000_000, currency));
            corridor.required = vec![Field::Name, Field::Institution];
            corridor.operations.clone_from(&operations);
            corridor
        };
        let mut corridors = vec![
            corridor(Country::PH, Currency::PHP, Channel::Bank, 1),
            corridor(Country::ID, Currency::IDR, Channel::Bank, 100),
        ];
        if settings.listed {
            // Beside InstaPay, for larger amounts too.
            let mut other = corridor(Country::PH, Currency::PHP, Channel::Bank, 1);
            other.rail = Some(Rail::PesoNet);
            other.max = Some(Money::from_minor(50_000_000, Currency::PHP));
            corridors[0].rail = Some(Rail::InstaPay);
            let bank = InstitutionId::new("BNORPHMM").unwrap();
            let most = Some(Money::from_minor(2_000_000, Currency::PHP));
            corridors[0].institution_limits.push(InstitutionLimit::new(bank, None, most));
            corridors.insert(1, other);
        }
        if is(Wrong::ListsTooMuch) {
            corridors.push(corridor(Country::PH, Currency::PHP, Channel::Wallet, 1));
        }
        let of =
            |corridors| Capability::new(corridors, IdRules::STANDARD, settings.guarantees.clone());
        let by_code = |operations: &[Operation]| {
            let place = |country, currency, step| {
                let mut corridor = Corridor::new(country, currency, Channel::Qr, step);
                corridor.required = vec![Field::Name];
                if settings.on {
                    corridor.operations = operations.to_vec();
                }
                corridor
            };
            let places =
                [place(Country::PH, Currency::PHP, 1), place(Country::ID, Currency::IDR, 100)];
            of(places.to_vec())
        };
        let payouts = of(corridors);
        let mut of_collections = vec![Operation::Collection, Operation::CollectionFind];
        if !settings.collections_alone {
            of_collections.push(Operation::CollectionCancel);
        }
        let collections = by_code(&of_collections);
        let mut of_codes =
            vec![Operation::StaticCode, Operation::StaticCodeFind, Operation::StaticCodeStatus];
        if !is(Wrong::KeepsARole) {
            of_codes.push(Operation::StaticCodePayments);
        }
        let codes = by_code(&of_codes);
        let mut refunds = by_code(&[Operation::Refund, Operation::RefundFind]);
        for corridor in
            refunds.corridors.iter_mut().filter(|_| !settings.webhook_secrets.is_empty())
        {
            corridor.min = Some(Money::from_minor(3_000, corridor.currency));
        }
        Self {
            id: ProviderId::new("acme").unwrap(),
            account: MerchantAccount::new(
                "acme",
                Environment::Uat,
                settings.account.clone(),
                "acme.example",
            ),
            payouts,
            collections,
            codes,
            refunds,
            settings,
            context,
            first_stamp: OnceLock::new(),
            sendings: AtomicU32::new(0),
        }
    }

    pub(crate) fn is(&self, wrong: Wrong) -> bool {
        self.settings.wrong == Some(wrong)
    }

    pub(super) fn allow(&self, operation: Operation) -> Result<()> {
        if self.settings.on || self.is(Wrong::IgnoresTheSwitch) {
            return Ok(());
        }
        Err(Error::unsupported(operation, "it is switched off"))
    }
}

impl Provider for Acme {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn merchant_account(&self) -> &MerchantAccount {
        &self.account
    }

    fn roles(&self) -> Roles<'_> {
        let roles = Roles::none().institutions(self).balances(self).webhooks(self).health(self);
        if self.settings.collections_alone {
            return roles.collections(self);
        }
        let roles = roles.payouts(self);
        if self.settings.payouts_alone {
            return roles;
        }
        let mut roles = roles
            .collections(self)
            .static_codes(self)
            .qr_inspection(self)
            .refunds(self)
            .reports(self);
        if self.collections.offers(Operation::CollectionCancel) && !self.is(Wrong::HidesARole) {
            roles = roles.collection_cancel(self);
        }
        if self.codes.offers(Operation::StaticCodePayments) || self.is(Wrong::KeepsARole) {
            roles = roles.static_code_payments(self);
        }
        if self.codes.offers(Operation::StaticCodeStatus) {
            roles = roles.static_code_control(self);
        }
        roles
    }
}

#[async_trait]
impl Health for Acme {
    async fn check(&self) -> Result<()> {
        if self.is(Wrong::IsAlwaysWell) {
            return Ok(());
        }
        self.ask(Operation::Health, "/health", None).await.map(|_| ())
    }
}

impl fmt::Debug for Acme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match self.settings.wrong {
            Some(Wrong::PrintsTheKey) => &self.settings.merchant_key,
            _ => "***",
        };
        write!(f, "Acme({}, {}, key {key})", self.id, self.account.masked())
    }
}

/// How far Acme's word goes.
pub(crate) fn guarantees() -> Guarantees {
    let mut guarantees = Guarantees::default();
    guarantees.version = 1;
    guarantees.resend_for = Some(SignedDuration::from_hours(24));
    guarantees.find_by = FindBy::OrderId;
    guarantees.answers_signed = true;
    guarantees.failure_final_after = Some(SignedDuration::from_mins(10));
    guarantees.payee_spacing = Some(SignedDuration::from_mins(10));
    guarantees.echoes = vec![Echo::OrderId, Echo::Amount, Echo::Account];
    guarantees
}
