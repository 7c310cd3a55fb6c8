#![doc = include_str!("../README.md")]

mod account;
pub mod adapter;
#[cfg(test)]
mod any_request;
mod base_url;
mod capability;
mod channel;
mod characters;
mod code_words;
mod collected;
mod content_kind;
mod corridor;
mod effect;
mod error;
mod field;
mod fingerprint;
mod follow_up;
mod guarantees;
mod ids;
mod institution;
mod invalid;
pub mod link;
mod money;
mod notification;
mod observation;
mod operation;
mod order_id;
mod order_request;
mod party;
mod payment_instructions;
mod prepared;
mod rail;
mod readings;
mod refund_totals;
mod request;
mod role;
mod secret_source;
mod sensitive;
mod stated;
mod status;
mod stored;
mod stored_notification;
mod stored_order;
pub mod text;
mod transport;
mod with;

pub use account::{Environment, MerchantAccount};
pub use adapter::{Adapter, AdapterContext, Assumption, Clock, MessageIds, Secrets};
pub use base_url::BaseUrl;
pub use capability::{Capability, InstitutionCode};
pub use channel::Channel;
pub use collected::{Collection, IncomingPayment, StaticCode};
pub use content_kind::ContentKind;
pub use corridor::{Corridor, InstitutionLimit, Outline};
pub use effect::{Effect, ErrorKind};
pub use error::{Error, Failure, ProviderResponse, Result, Trust};
pub use field::Field;
pub use follow_up::{FollowUp, PayAgain, Retry};
pub use guarantees::{Echo, FindBy, Guarantees};
pub use ids::{InstitutionId, Namespace, ProviderId, ProviderReference, Reference, Terminal};
pub use institution::{Directory, Institution, NameMatch};
pub use invalid::{Invalid, Problem};
pub use money::{Country, Currency, Money};
pub use notification::{Authenticity, Handling, Notification, Verified, WebhookRequest};
pub use observation::{Observation, Payout, Refund};
pub use operation::Operation;
pub use order_id::{IdAlphabet, IdRules, OrderId};
pub use order_request::{Request, RequestRef};
pub use party::{Name, Party, PartyKind};
pub use payment_instructions::PaymentInstructions;
pub use prepared::{Found, Lookup, Prepared};
pub use rail::Rail;
pub use readings::{AccountKind, Balance, Inspection, InstitutionEntry, ReportLink};
pub use refund_totals::RefundTotals;
pub use request::{
    CollectionMethod, CollectionRequest, Destination, Extras, PayoutRequest, Proxy, RefundRequest,
    StaticCodeRequest, WalletAccount,
};
pub use role::{
    Balances, CollectionCancel, Collections, Health, Institutions, Payouts, Provider, ProviderExt,
    QrInspection, RefundList, Refunds, Reports, Roles, StaticCodeControl, StaticCodePayments,
    StaticCodes, Webhooks,
};
pub use secret_source::{KeySource, SecretSource, SecretSources};
pub use sensitive::{
    AccountNumber, Email, NamePart, Phone, QrText, Secret, Sensitive, TaxId, WeChatOpenId,
};
pub use stated::{ProviderTime, StatedAmount};
pub use status::{CollectionStatus, PayoutStatus, RefundStatus, StaticCodeStatus, Status};
pub use transport::{Transport, TransportError, TransportErrorKind};
