//! Promises of the model that the compiler keeps: traits usable as objects, futures that can move
//! between threads, and personal data that has no way to be printed.

#![allow(missing_docs, reason = "a test")]

use std::{fmt::Display, sync::Arc};
use tulay_core::*;

/// Fails to compile when a type has a trait it must not have: with the trait, two of the
/// implementations apply and the call is ambiguous.
macro_rules! assert_lacks {
    ($trait:path: $($type:ty),+ $(,)?) => { $({
        trait Ambiguous<A> { fn here() {} }
        impl<T: ?Sized> Ambiguous<()> for T {}
        struct Has;
        impl<T: ?Sized + $trait> Ambiguous<Has> for T {}
        let _ = <$type as Ambiguous<_>>::here;
    })+ };
}

fn is_send<T: Send>(_: T) {}

fn is_shared<T: Send + Sync + ?Sized + 'static>() {}

#[test]
fn every_trait_is_an_object_that_threads_can_share() {
    is_shared::<Arc<dyn Provider>>();
    is_shared::<Arc<dyn Payouts>>();
    is_shared::<Arc<dyn Institutions>>();
    is_shared::<Arc<dyn Collections>>();
    is_shared::<Arc<dyn CollectionCancel>>();
    is_shared::<Arc<dyn StaticCodes>>();
    is_shared::<Arc<dyn StaticCodePayments>>();
    is_shared::<Arc<dyn StaticCodeControl>>();
    is_shared::<Arc<dyn QrInspection>>();
    is_shared::<Arc<dyn Refunds>>();
    is_shared::<Arc<dyn Balances>>();
    is_shared::<Arc<dyn Reports>>();
    is_shared::<Arc<dyn Health>>();
    is_shared::<Arc<dyn Webhooks>>();
    is_shared::<Arc<dyn Transport>>();
    is_shared::<Arc<dyn Clock>>();
    is_shared::<Arc<dyn MessageIds>>();
    is_shared::<Arc<dyn Secrets>>();
    is_shared::<Error>();
    is_shared::<Prepared>();
    is_shared::<Verified<Vec<Notification>>>();
}

#[test]
fn every_call_can_move_between_threads() {
    fn calls(provider: &dyn Provider, prepared: &Prepared) {
        let roles = provider.roles();
        if let Some(payouts) = roles.payouts {
            is_send(payouts.create(prepared));
            is_send(payouts.find(&prepared.lookup));
        }
        if let Some(refunds) = roles.refunds {
            is_send(refunds.create(prepared));
        }
        if let Some(collections) = roles.collections {
            is_send(collections.create(prepared));
        }
        if let Some(collections) = roles.collection_cancel {
            is_send(collections.cancel(&prepared.lookup));
        }
        if let Some(codes) = roles.static_codes {
            is_send(codes.create(prepared));
        }
        if let Some(codes) = roles.static_code_control {
            is_send(codes.set_status(&prepared.lookup, StaticCodeStatus::Cancelled));
        }
        if let Some(balances) = roles.balances {
            is_send(balances.balance(AccountKind::Payout, Country::PH, Currency::PHP));
        }
    }
    let _: fn(&dyn Provider, &Prepared) = calls;
}

#[test]
fn personal_data_and_secrets_are_not_printable() {
    assert_lacks!(Display:
        AccountNumber, Email, NamePart, Phone, Sensitive, QrText, Secret, TaxId, WeChatOpenId,
        Name, Party, Destination, PayoutRequest, Request, Prepared, ProviderResponse, Failure, WebhookRequest,
    );
    assert_lacks!(serde::Serialize:
        AccountNumber, Email, NamePart, Phone, Sensitive, QrText, Secret, TaxId, WeChatOpenId,
        Name, Party, Destination, PayoutRequest, CollectionRequest, StaticCodeRequest, RefundRequest,
        Request, ProviderResponse, Observation<PayoutStatus>,
    );
}

#[test]
fn an_error_prints_no_text_of_the_provider() {
    let mut answer =
        ProviderResponse::new(http::StatusCode::OK, Trust::Signed, b"Maria 0917".to_vec().into());
    answer.message = Some("no account of Maria".into());
    let mut failure = Failure::new(ErrorKind::Beneficiary);
    failure.message = Some("no account of Maria".into());
    let mut payout = Payout::new(PayoutStatus::Failed);
    payout.failure = Some(failure);
    payout.response = Some(answer.clone());
    let error =
        Error::new(Operation::Payout, ErrorKind::Beneficiary, "refused").with_response(answer);
    for printed in [format!("{error} {error:?}"), format!("{payout:?}")] {
        assert!(!printed.contains("Maria") && !printed.contains("0917"), "{printed}");
    }
}
