//! What is configured apart from keys.

use crate::{
    assumptions::ASSUMPTIONS,
    profile::{self, LONGEST_TERMINAL, PRODUCTION_HOSTS, UAT_HOSTS},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use tulay_adapter::{defaults, hosts, policy::Policy};
use tulay_core::{BaseUrl, Contract, Environment, InstitutionId, Invalid, Operation, Terminal};

/// What [`Starpay::new`](crate::Starpay::new) takes, beside keys.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// As [`crate::StarpayConfig::environment`].
    pub environment: Environment,
    /// As [`crate::StarpayConfig::base_url`].
    pub base_url: String,
    /// As [`crate::StarpayConfig::merchant_id`].
    pub merchant_id: String,
    /// As [`crate::StarpayConfig::accept_unverified`].
    pub accept_unverified: Vec<Operation>,
    /// As [`crate::StarpayConfig::paths`].
    pub paths: Paths,
    /// As [`crate::StarpayConfig::services`].
    pub services: Services,
    /// As [`crate::StarpayConfig::institutions`].
    pub institutions: BTreeMap<InstitutionId, String>,
    /// As [`crate::StarpayConfig::name_split`].
    pub name_split: NameSplit,
    /// As [`crate::StarpayConfig::balance_member`].
    pub balance_member: String,
    /// As [`crate::StarpayConfig::terminal`].
    pub terminal: Option<TerminalRule>,
    /// As [`crate::StarpayConfig::terminals`].
    pub terminals: Vec<Terminal>,
    /// As [`crate::StarpayConfig::qr_merchant`].
    pub qr_merchant: Option<String>,
    /// As [`crate::StarpayConfig::contract`].
    pub contract: Contract,
}

impl Settings {
    /// The settings of an account, all else by default.
    #[must_use]
    pub fn new(
        environment: Environment,
        base_url: impl Into<String>,
        merchant_id: impl Into<String>,
    ) -> Self {
        Self {
            environment,
            base_url: base_url.into(),
            merchant_id: merchant_id.into(),
            accept_unverified: Vec::new(),
            paths: Paths::default(),
            services: Services::default(),
            institutions: BTreeMap::new(),
            name_split: NameSplit::default(),
            balance_member: "balance".into(),
            terminal: None,
            terminals: Vec::new(),
            qr_merchant: None,
            contract: profile::contract(environment),
        }
    }

    /// Refuses what cannot work, and above all a test flag on a live host. What remains is the
    /// address.
    pub(crate) fn checked(&self) -> Result<BaseUrl, Invalid> {
        let url = hosts::base_url(self.environment, &self.base_url, UAT_HOSTS, PRODUCTION_HOSTS)?;
        let digits = self.merchant_id.bytes().all(|byte| byte.is_ascii_digit());
        if self.merchant_id.len() != 12 || !digits {
            return Err(Invalid::new("merchant_id", "12 digits, such as 101510000001"));
        }
        if self.terminal.is_some() && !self.terminals.is_empty() {
            return Err(Invalid::new("terminals", "either this list or terminal, not both"));
        }
        if self.terminals.iter().any(|terminal| terminal.as_str().len() > LONGEST_TERMINAL) {
            return Err(Invalid::new("terminals", "at most 8 characters each"));
        }
        Ok(url)
    }

    /// Which operations this account may use.
    pub(crate) fn policy(&self) -> Policy<'_> {
        Policy::new(self.environment, &self.accept_unverified, ASSUMPTIONS)
    }
}

/// What to do with a beneficiary's name that does not come in parts, which the sample of section
/// 2.4 gives. An organization's name is always sent whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum NameSplit {
    /// Refuse the payout: parts cannot be told from a whole.
    #[default]
    Refuse,
    /// Send it whole as `acctName`, without `acctLastName`.
    Whole,
}

/// Which terminal a collection gets that names none: `511` is answered while a terminal's last code
/// is open, so that two orders at one terminal may be in each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TerminalRule {
    /// One of its own, made of its order id.
    PerOrder,
}

defaults! {
    /// Paths below the base address.
    Paths {
        /// Section 2.1.
        health = "/checkconnections",
        /// Section 5.1.
        institutions = "/v1/disburse/query/receivers",
        /// Section 5.2.
        payout = "/v1/disburse",
        /// Section 5.4.
        payout_find = "/v1/disburse/query",
        /// Section 5.6.
        balance = "/v1/disburse/inquireBalance",
        /// Sections 5.8 and 5.9 (assumption: that of 5.2).
        payout_qr = "/v1/disburse",
        /// Section 5.7 (assumption).
        inspect = "/v1/disburse/scanQr",
        /// Section 6.1.
        collection = "/v1/repayment",
        /// Section 6.2.
        collection_find = "/v1/repayment/query",
        /// Section 6.8 (assumption).
        collection_find_by_reference = "/v1/repayment/query/refNo",
        /// Section 6.9 (assumption).
        collection_cancel = "/v1/repayment/cancel",
        /// Section 6.4.
        static_code = "/v1/repayment",
        /// Section 6.7 (assumption).
        static_code_status = "/v1/repayment/static/status",
        /// Section 6.6 (assumption: as 5.6).
        collection_balance = "/v1/repayment/inquireBalance",
    }
}

defaults! {
    /// Values of `service`, by which the platform tells requests of one path apart.
    Services {
        /// Section 5.1 (client code).
        institutions = "pay.starpay.instapay.bank.list",
        /// Section 5.2.
        payout = "pay.starpay.instapay.disburse",
        /// Section 5.4 (code of the same platform).
        payout_find = "unified.disburse.query",
        /// Section 5.6 (assumption: named like its path).
        balance = "unified.disburse.inquireBalance",
        /// Section 5.3 (assumption).
        payout_provider_account = "pay.starpay.disburse",
        /// Section 5.8 (assumption).
        payout_qr_merchant = "pay.starpay.p2m.disburse",
        /// Section 5.9 (assumption).
        payout_qr_person = "pay.starpay.p2p.disburse",
        /// Section 5.7 (assumption).
        inspect = "unified.disburse.scanQr",
        /// Section 6.1 (client code).
        collection = "pay.starpay.repayment",
        /// Section 6.2.
        collection_find = "unified.repayment.query",
        /// Section 6.8 (assumption).
        collection_find_by_reference = "unified.repayment.query.refNo",
        /// Section 6.9 (assumption).
        collection_cancel = "unified.repayment.cancel",
        /// Section 6.4 (assumption; it must differ from that of 6.1, as the path does not).
        static_code = "pay.starpay.repayment.static",
        /// Section 6.7 (assumption).
        static_code_status = "unified.repayment.static.status",
        /// Section 6.6 (assumption: named like its path).
        collection_balance = "unified.repayment.inquireBalance",
    }
}
