//! What is configured apart from keys.

use crate::{
    assumptions::ASSUMPTIONS,
    codes::NOT_FOUND,
    profile::{self, LONGEST_TERMINAL, PRODUCTION_HOSTS, UAT_HOSTS},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use tulay_adapter::{defaults, hosts, settings};
use tulay_core::{BaseUrl, InstitutionId, Invalid, KeySource, OrderId, SecretSources, Terminal};

settings! {
    StarpayConfig, Settings("https://financeapi-uat.wallyt.net/finance-payment-service"),
    keys {
        /// The merchant's private key, or a registered signer.
        private_key: KeySource,
        /// Starpay's public key; test and production have different ones.
        platform_key: SecretSources,
    }
    required {
        /// `mchId`: 12 digits (section 6.2).
        merchant_id: String,
    }
    optional {
        /// Paths that differ from the documented ones.
        paths: Paths = Paths::default(),
        /// `service` values that differ from the known ones.
        services: Services = Services::default(),
        /// `receivingBank` spellings: neutral id → the provider's name for it.
        institutions: BTreeMap<InstitutionId, String> = BTreeMap::new(),
        /// What to do with a name that does not come in parts.
        name_split: NameSplit = NameSplit::default(),
        /// The member that holds the balance in the answer of 5.6.
        balance_member: String = "balance".into(),
        /// The terminal of a collection that names none: `per-order`, unless `terminals` is given.
        terminal: Option<TerminalRule> = None,
        /// The terminals that share the collections which name none, at most 8 characters each.
        terminals: Vec<Terminal> = Vec::new(),
        /// The merchant id that codes of this account carry (28.03), such as `MRCHNT-AB12C`: a code
        /// with another is refused. It is not `merchant_id`.
        qr_merchant: Option<String> = None,
    }
    guarantees: profile::guarantees,
    assumptions: ASSUMPTIONS,
    not_found: NOT_FOUND,
}

impl Settings {
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
        self.not_found().checked()?;
        Ok(url)
    }

    /// `deviceInfo` of an order: the terminal of the request, or the one that the settings choose.
    ///
    /// The code carries 8 characters of it (62.07): a longer one would come back as another.
    pub(crate) fn terminal(
        &self,
        requested: Option<&Terminal>,
        order_id: &OrderId,
    ) -> Result<Terminal, Invalid> {
        match requested.or_else(|| shared(&self.terminals, order_id)) {
            Some(terminal) if terminal.as_str().len() > LONGEST_TERMINAL => {
                Err(Invalid::new("terminal", "at most 8 characters"))
            }
            Some(terminal) => Ok(terminal.clone()),
            // The first letter is the same in all ids; the eight after it are 40 bits of the digest.
            None => Terminal::new(order_id.as_str().get(1..=LONGEST_TERMINAL).unwrap_or_default()),
        }
    }
}

/// One of the terminals: the same for the same order, and all of them alike often.
fn shared<'a>(terminals: &'a [Terminal], order_id: &OrderId) -> Option<&'a Terminal> {
    let mixed = order_id
        .as_str()
        .bytes()
        .fold(0_usize, |mixed, byte| mixed.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let index = mixed.checked_rem(terminals.len())?;
    terminals.get(index)
}

/// What to do with a beneficiary's name that does not come in parts, which the sample of section
/// 2.4 gives. An organization's name is always sent whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum NameSplit {
    /// Refuse the payout: the parts of a whole name are unknown.
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
