//! Collections, static codes and their payments: what is sent, and what is believed.

use crate::support::*;
use insta::assert_snapshot;
use tulay_core::*;

const ORDER: &str = "CAAAAAAAAAAAAAAAAAAAAAAAAA";
const CODE: &str = "SAAAAAAAAAAAAAAAAAAAAAAAAA";

fn id(text: &str) -> OrderId {
    OrderId::parse(text).unwrap()
}

fn collection() -> CollectionRequest {
    let amount = Money::from_minor(10_000, Currency::PHP);
    CollectionRequest::new(Reference::new("R1").unwrap(), Country::PH, amount, CollectionMethod::Qr)
}

fn static_code() -> StaticCodeRequest {
    let reference = Reference::new("R1").unwrap();
    let mut request =
        StaticCodeRequest::new(reference, Country::PH, Currency::PHP, CollectionMethod::Qr);
    request.terminal = Some(Terminal::new("8CYGISAS").unwrap());
    request
}

fn lookup(order: &str) -> Lookup {
    let mut lookup = Lookup::new(id(order), Country::PH, Currency::PHP, Channel::Qr);
    lookup.amount = Some(collection().amount);
    lookup
}

fn shown(code: &str) -> String {
    let text = format!(
        r#"{{"code":"200","message":"success","msgId":"{ORDER}","mchId":"{MERCHANT}","trxAmount":10000,"trxState":"PROCESSING","orderNo":"202611201000000001","codeUrl":"{code}"}}"#
    );
    signed("response", &text)
}

fn said(state: &str) -> String {
    signed("response", &order(MESSAGE_ID, state, "").replace(order_id().as_str(), ORDER))
}

fn refused(message_id: &str, code: &str) -> String {
    let text = format!(
        r#"{{"code":"{code}","message":"no","msgId":"{message_id}","mchId":"{MERCHANT}"}}"#
    );
    signed("response", &text)
}

fn sent(platform: &Platform) -> String {
    let sent = platform.sent.lock().unwrap();
    let lines = sent.iter().map(|sent| format!("{} {}", sent.uri().path(), request_text(sent)));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_request_of_section_6() {
    let platform = Platform::says(500, "");
    let mut context = context(platform.clone());
    context.notify_url = Some("https://pay.example.com/notify/starpay".parse().unwrap());
    let keys = tulay_starpay::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let name = ProviderId::new("starpay").unwrap();
    let starpay = tulay_starpay::Starpay::new(name, settings(), keys, context).unwrap();

    assert!(collect(&starpay, &collection(), &id(ORDER)).await.is_err());
    let mut request = collection();
    request.terminal = Some(Terminal::new("TILL-7").unwrap());
    request.display_name = Some("Sari-Sari ni Aling Nena".into());
    request.expires = Some("2026-11-20T02:30:00Z".parse().unwrap());
    request.remark = Some("Basket 7".into());
    assert!(collect(&starpay, &request, &id(ORDER)).await.is_err());
    assert!(Collections::find(&starpay, &lookup(ORDER)).await.is_err());
    let mut by_reference = lookup(ORDER);
    by_reference.rail_reference = Some("OR#T35T1".into());
    assert!(Collections::find(&starpay, &by_reference).await.is_err());
    assert!(starpay.cancel(&lookup(ORDER)).await.is_err());
    assert!(make_code(&starpay, &static_code(), &id(CODE)).await.is_err());
    let mut code = lookup(CODE);
    code.terminal = Some(Terminal::new("8CYGISAS").unwrap());
    assert!(starpay.set_status(&code, StaticCodeStatus::Inactive).await.is_err());
    assert!(starpay.inspect(&QrText::new(DYNAMIC_CODE).unwrap()).await.is_err());
    assert_snapshot!(sent(&platform));
}

#[tokio::test]
async fn codes_that_ask_for_something_else_are_refused() {
    let create_at = async |terminal: &str, answer: String, merchant: Option<&str>| {
        let mut settings = settings();
        settings.qr_merchant = merchant.map(str::to_owned);
        let starpay = starpay_with(&Platform::says(200, answer), settings);
        let mut request = collection();
        request.terminal = Some(Terminal::new(terminal).unwrap());
        collect(&starpay, &request, &id(ORDER)).await
    };
    let create = async |answer, merchant| create_at("8CYGISAS", answer, merchant).await;
    let other = create_at("TILL-7", shown(DYNAMIC_CODE), None).await.unwrap_err();
    assert_eq!((other.kind(), other.effect()), (ErrorKind::Mismatch, Effect::Unknown));
    assert_eq!(other.field(), Some("terminal"));
    let made = create(shown(DYNAMIC_CODE), Some("MRCHNT-AB12C")).await.unwrap();
    assert_eq!(
        made.payment_instructions,
        Some(PaymentInstructions::Qr(QrText::new(DYNAMIC_CODE).unwrap()))
    );
    assert_eq!(made.observation.status, CollectionStatus::Pending);
    assert_snapshot!("collection", format!("{made:#?}"));

    for (answer, merchant, kind, field) in [
        (shown(STATIC_CODE), None, ErrorKind::Mismatch, "amount"),
        (shown(DYNAMIC_CODE), Some("MRCHNT-ZZZZZ"), ErrorKind::Mismatch, "qr_merchant"),
        (shown("https://pay.example"), None, ErrorKind::Mismatch, "codeUrl"),
        (shown(""), None, ErrorKind::Unexpected, "codeUrl"),
        (shown(DYNAMIC_CODE).replace("10000", "10001"), None, ErrorKind::Signature, "-"),
    ] {
        let error = create(answer, merchant).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, Effect::Unknown), "{field}");
        assert_eq!(error.field().unwrap_or("-"), field);
    }
}

#[tokio::test]
async fn invalid_requests_are_refused_before_sending() {
    let starpay = starpay(&Platform::new(|_| panic!("nothing may be sent")));
    let refused = async |change: &dyn Fn(&mut CollectionRequest)| {
        let mut request = collection();
        change(&mut request);
        let error = collect(&starpay, &request, &id(ORDER)).await.unwrap_err();
        assert_eq!(error.effect(), Effect::NotSent);
        format!("{} [{}] {error}", error.kind(), error.field().unwrap_or("-"))
    };
    assert_snapshot!(
        [
            refused(&|r| r.amount = Money::from_minor(0, Currency::PHP)).await,
            refused(&|r| r.amount = Money::from_minor(10_000, Currency::THB)).await,
            refused(&|r| r.terminal = Some(Terminal::new("NINECHARS").unwrap())).await,
            refused(&|r| r.expires = Some("2026-11-20T02:00:00Z".parse().unwrap())).await,
            refused(&|r| r.remark = Some("x".repeat(93))).await,
            refused(&|r| r.display_name = Some("Peñafrancia".into())).await,
            refused(&|r| r.display_name = Some("x".repeat(26))).await,
            refused(&|r| {
                r.extras.insert("starpay.x".into(), Sensitive::new("x").unwrap());
            })
            .await,
        ]
        .join("\n")
    );
}

#[tokio::test]
async fn a_prepared_collection_is_not_sent_after_its_end() {
    let starpay = starpay(&Platform::new(|_| panic!("nothing may be sent")));
    let mut request = collection();
    request.expires = Some("2026-11-20T02:00:00Z".parse().unwrap());
    let prepared = Collections::prepare(&starpay, &request, &id(ORDER)).unwrap();
    let error = Collections::create(&starpay, &prepared).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::InvalidRequest, Effect::NotSent));
    assert_eq!(error.field(), Some("expires"));
}

#[tokio::test]
async fn terminals_are_the_order_s_own_or_shared() {
    let own = |list: &[&str]| {
        let mut settings = settings();
        settings.terminals = list.iter().map(|t| Terminal::new(*t).unwrap()).collect();
        settings
    };
    let mut seen = std::collections::BTreeSet::new();
    for digit in 2..=7 {
        let platform = Platform::says(500, "");
        let starpay = starpay_with(&platform, own(&["T1", "T2"]));
        let order = format!("CAAAAAA{digit}AAAAAAAAAAAAAAAAAA");
        assert!(collect(&starpay, &collection(), &id(&order)).await.is_err());
        let text = sent(&platform);
        seen.insert(text.split("deviceInfo").nth(1).unwrap()[..7].to_owned());
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
    let mut both = own(&["T1"]);
    both.terminal = Some(tulay_starpay::TerminalRule::PerOrder);
    let keys = tulay_starpay::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let name = ProviderId::new("starpay").unwrap();
    let made = tulay_starpay::Starpay::new(name, both, keys, context(Platform::says(500, "")));
    assert_eq!(made.unwrap_err().field(), "terminals");
}

#[tokio::test]
async fn what_is_in_process_says_when_to_try_again() {
    let starpay = starpay(&Platform::says(200, refused(ORDER, "511")));
    let error = collect(&starpay, &collection(), &id(ORDER)).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::InProcess, Effect::Unknown));
    assert_eq!(error.retry_after(), Some(jiff::SignedDuration::from_mins(15)));
}

#[tokio::test]
async fn codes_of_section_7_apply_to_collections() {
    let mut rows = Vec::new();
    for line in include_str!("data/codes.txt").lines() {
        let Some((code, _)) = line.strip_prefix("7 ").and_then(|rest| rest.split_once('\t')) else {
            continue;
        };
        let code = code.trim();
        let starpay = starpay(&Platform::says(200, refused(ORDER, code)));
        let error = collect(&starpay, &collection(), &id(ORDER)).await.unwrap_err();
        rows.push(format!("{code} {} {}", error.kind(), error.effect()));
    }
    assert_eq!(rows.len(), 29);
    assert_snapshot!(rows.join("\n"));
}

#[tokio::test]
async fn states_of_a_found_collection() {
    for (state, status) in [
        ("PROCESSING", CollectionStatus::Pending),
        ("SUCCESS", CollectionStatus::Paid),
        ("FAIL", CollectionStatus::Failed),
        ("REVERSED", CollectionStatus::Reversed),
        ("CLOSE", CollectionStatus::Closed),
        ("CLOSED", CollectionStatus::Closed),
        ("NEW", CollectionStatus::Unknown("NEW".into())),
    ] {
        let starpay = starpay(&Platform::says(200, said(state)));
        let Found::Found(found) = Collections::find(&starpay, &lookup(ORDER)).await.unwrap() else {
            panic!("{state}")
        };
        assert_eq!(found.observation.status, status);
        let cancelled = CollectionCancel::cancel(&starpay, &lookup(ORDER)).await;
        match status {
            CollectionStatus::Paid | CollectionStatus::Failed | CollectionStatus::Reversed => {
                let error = cancelled.unwrap_err();
                assert_eq!((error.kind(), error.effect()), (ErrorKind::State, Effect::Rejected));
            }
            status => assert_eq!(cancelled.unwrap().observation.status, status),
        }
        let mut other = lookup(ORDER);
        other.amount = Some(Money::from_minor(1, Currency::PHP));
        let error = Collections::find(&starpay, &other).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
    }
}

#[tokio::test]
async fn only_a_lookup_by_order_id_proves_absence() {
    let starpay = starpay(&Platform::says(200, refused(MESSAGE_ID, "566")));
    let absent = Collections::find(&starpay, &lookup(ORDER)).await.unwrap();
    assert!(matches!(absent, Found::Absent(_)));
    let mut by_reference = lookup(ORDER);
    by_reference.rail_reference = Some("OR#T35T1".into());
    assert!(Collections::find(&starpay, &by_reference).await.is_err());
    assert!(Payouts::find(&starpay, &lookup(ORDER)).await.is_err());
}

#[tokio::test]
async fn static_codes() {
    let answer = shown(STATIC_CODE).replace(ORDER, CODE);
    let text = answer.split_once(r#","signature""#).unwrap().0;
    let text = text.strip_prefix(r#"{"response":"#).unwrap().replace(r#""trxAmount":10000,"#, "");
    let starpay = starpay(&Platform::says(200, signed("response", &text)));
    let made = make_code(&starpay, &static_code(), &id(CODE)).await.unwrap();
    assert_eq!(made.status, StaticCodeStatus::Active);
    assert_snapshot!("static_code", format!("{made:#?}"));
    let unsupported = [
        StaticCodes::find(&starpay, &made.lookup).await.err(),
        StaticCodeControl::set_status(&starpay, &made.lookup, StaticCodeStatus::Cancelled)
            .await
            .err(),
    ];
    for error in unsupported {
        assert_eq!(error.unwrap().kind(), ErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn a_static_code_is_the_one_that_was_asked_for() {
    let create = async |terminal: &str, ids: &str| {
        let text = format!(
            r#"{{"code":"200","message":"success","mchId":"{MERCHANT}","codeUrl":"{STATIC_CODE}"{ids}}}"#
        );
        let starpay = starpay(&Platform::says(200, signed("response", &text)));
        let mut request = static_code();
        request.terminal = Some(Terminal::new(terminal).unwrap());
        make_code(&starpay, &request, &id(CODE)).await.map_err(|error| {
            assert_eq!(error.effect(), Effect::Unknown);
            (error.kind(), error.field().unwrap_or_default().to_owned())
        })
    };
    let ours = format!(r#","msgId":"{CODE}""#);
    assert!(create("8CYGISAS", &ours).await.is_ok());
    let refused = |kind, field: &str| (kind, field.to_owned());
    let unrelated = |field| refused(ErrorKind::Unrelated, field);
    let terminal = refused(ErrorKind::Mismatch, "terminal");
    assert_eq!(create("TILL-7", &ours).await.unwrap_err(), terminal);
    for nameless in ["", r#","orderNo":"2026""#, r#","msgId":"","orderNo":"2026""#] {
        assert_eq!(create("8CYGISAS", nameless).await.unwrap_err(), unrelated("msgId"));
    }
    let another = format!(r#"{ours},"originalMsgId":"SAAAAAAAAAAAAAAAAAAAAAAAAB""#);
    assert_eq!(create("8CYGISAS", &another).await.unwrap_err(), unrelated("order_id"));
}

#[tokio::test]
async fn set_status_requires_matching_response() {
    let mut lookup = lookup(CODE);
    lookup.terminal = Some(Terminal::new("8CYGISAS").unwrap());
    let change = async |more: &str| {
        let text = format!(r#"{{"code":"200","message":"success"{more}}}"#);
        let starpay = starpay(&Platform::says(200, signed("response", &text)));
        StaticCodeControl::set_status(&starpay, &lookup, StaticCodeStatus::Inactive).await.map_err(
            |error| {
                assert_eq!(error.effect(), Effect::Unknown);
                (error.kind(), error.field().unwrap_or_default().to_owned())
            },
        )
    };
    let ours = format!(r#","msgId":"{MESSAGE_ID}""#);
    let with = |more: &str| format!("{ours}{more}");
    assert!(change(&ours).await.is_ok());
    assert!(change(&with(r#","deviceInfo":"8CYGISAS","status":"INACTIVE""#)).await.is_ok());
    let refused = |kind, field: &str| (kind, field.to_owned());
    let unrelated = |field| refused(ErrorKind::Unrelated, field);
    let mismatch = |field| refused(ErrorKind::Mismatch, field);
    assert_eq!(change("").await.unwrap_err(), unrelated("msgId"));
    assert_eq!(change(r#","orderNo":"2026""#).await.unwrap_err(), unrelated("msgId"));
    assert_eq!(change(&with(r#","status":"ACTIVE""#)).await.unwrap_err(), mismatch("status"));
    assert_eq!(change(&with(r#","deviceInfo":"TILL-7""#)).await.unwrap_err(), mismatch("terminal"));
    let another = with(r#","originalMsgId":"SAAAAAAAAAAAAAAAAAAAAAAAAB""#);
    assert_eq!(change(&another).await.unwrap_err(), unrelated("order_id"));
}

fn opened(path: &str, text: &str) -> Notification {
    let starpay = starpay(&Platform::says(500, ""));
    let body = signed("request", text).into();
    let raw = WebhookRequest::new(path.parse().unwrap(), http::HeaderMap::new(), body);
    starpay.open(&raw).unwrap().into_inner().remove(0)
}

#[test]
fn static_code_payments_are_identified_by_order_number() {
    let text = |number: &str| {
        format!(
            r#"{{"code":"200","message":"success","trxDate":"2024-11-25T17:49:51+08:00","trxAmount":10000,"trxState":"SUCCESS","originalMsgId":"202411251100630001","orderNo":"{number}","payAcctBank":"GCash","payAcctName":"Luke Lee","payAcctNo":"639488881964","mchId":"{MERCHANT}","deviceInfo":"TILL    ","refNo":"OR#T35T2"}}"#
        )
    };
    let one = opened("/notify/starpay/static_code", &text("202411251100630001"));
    let Notification::IncomingPayment(incoming_payment) = &one else { panic!("{one:?}") };
    assert_eq!(incoming_payment.observation.status, CollectionStatus::Paid);
    assert_eq!(incoming_payment.observation.order_id, None);
    assert_eq!(incoming_payment.terminal.as_ref().unwrap().as_str(), "TILL");
    assert_eq!(incoming_payment.observation.rail_reference.as_deref(), Some("OR#T35T2"));
    assert_snapshot!("incoming_payment_key", one.key());
    let two = opened("/notify/starpay/static_code", &text("202411251100630002"));
    assert_ne!(one.key(), two.key());
    // At another address nothing tells what it is about.
    let other = opened("/", &text("1"));
    let Notification::Unmatched { observation, terminal } = &other else { panic!("{other:?}") };
    assert_eq!(observation.rail_reference.as_deref(), Some("OR#T35T2"));
    assert_eq!(terminal.as_ref().map(Terminal::as_str), Some("TILL"));
}

#[tokio::test]
async fn a_reading_that_differs_from_ours_is_an_error() {
    let inspect = async |more: &str| {
        let text = format!(
            r#"{{"code":"200","message":"success","msgId":"{MESSAGE_ID}","mchId":"{MERCHANT}"{more}}}"#
        );
        let starpay = starpay(&Platform::says(200, signed("response", &text)));
        starpay.inspect(&QrText::new(DYNAMIC_CODE).unwrap()).await
    };
    let read = inspect(r#","qrType":"P2M","trxAmount":"10000","acctName":"SANDBOX MERCHANT""#);
    let read = read.await.unwrap();
    assert_eq!((read.kind.as_str(), read.amount), ("P2M", Some(collection().amount)));
    assert!(read.payee.name.is_some());
    for (more, kind) in [
        (r#","qrType":"P2P","trxAmount":10000"#, ErrorKind::Mismatch),
        (r#","qrType":"P2M","trxAmount":10001"#, ErrorKind::Mismatch),
        (r#","qrType":"P2M""#, ErrorKind::Mismatch),
        (r#","trxAmount":10000"#, ErrorKind::Unexpected),
    ] {
        assert_eq!(inspect(more).await.unwrap_err().kind(), kind, "{more}");
    }
}

#[tokio::test]
async fn production_refuses_what_is_only_assumed() {
    let mut settings = settings();
    settings.environment = Environment::Production;
    settings.base_url = "https://financeapi.wallytglobal.com/finance-payment-service".into();
    settings.accept_unverified = vec![Operation::PayoutFind];
    let starpay = starpay_with(&Platform::new(|_| panic!("nothing may be sent")), settings);
    let mut by_reference = lookup(ORDER);
    by_reference.rail_reference = Some("OR#T35T1".into());
    let mut request = payout();
    request.destination = Destination::Qr(QrText::new(DYNAMIC_CODE).unwrap());
    for error in [
        collect(&starpay, &collection(), &id(ORDER)).await.err(),
        Collections::find(&starpay, &by_reference).await.err(),
        CollectionCancel::cancel(&starpay, &lookup(ORDER)).await.err(),
        make_code(&starpay, &static_code(), &id(CODE)).await.err(),
        starpay.inspect(&QrText::new(DYNAMIC_CODE).unwrap()).await.err(),
        Payouts::prepare(&starpay, &request, &order_id()).err(),
    ] {
        assert_eq!(error.unwrap().kind(), ErrorKind::Unsupported);
    }
    assert!(Payouts::prepare(&starpay, &payout(), &order_id()).is_ok());
}

#[test]
fn a_static_code_payment_without_id_is_unsorted() {
    let text = |ids: &str| {
        format!(
            r#"{{"code":"200","message":"success","trxAmount":10000,"trxState":"SUCCESS","mchId":"{MERCHANT}","deviceInfo":"TILL    "{ids}}}"#
        )
    };
    let ours = format!(r#","originalMsgId":"{CODE}""#);
    for (ids, identified) in [
        (r#","orderNo":"202411251100630001""#, true),
        (r#","originalMsgId":"202411251100630001""#, true),
        (ours.as_str(), false),
        ("", false),
    ] {
        let event = opened("/notify/starpay/static_code", &text(ids));
        assert_eq!(matches!(event, Notification::IncomingPayment(_)), identified, "{ids}");
        assert_eq!(matches!(event, Notification::Unmatched { .. }), !identified, "{ids}");
    }
}

#[tokio::test]
async fn a_collection_is_named_by_our_id() {
    let named = format!(r#","originalMsgId":"{ORDER}""#);
    for nameless in [
        "",
        r#","originalMsgId":"""#,
        r#","originalMsgId":null"#,
        r#","originalMsgId":{}"#,
        r#","originalMsgId":7"#,
        r#","originalMsgId":"CAAAAAAAAAAAAAAAAAAAAAAAAB""#,
    ] {
        for state in ["PROCESSING", "SUCCESS", "CLOSE"] {
            let whole = order(MESSAGE_ID, state, "").replace(order_id().as_str(), ORDER);
            let text = whole.replace(&named, nameless);
            assert_ne!(text, whole);
            let starpay = starpay(&Platform::says(200, signed("response", &text)));
            let mut by_number = lookup(ORDER);
            by_number.rail_reference = Some("OR#T35T1".into());
            for error in [
                Collections::find(&starpay, &lookup(ORDER)).await.map(drop).unwrap_err(),
                Collections::find(&starpay, &by_number).await.map(drop).unwrap_err(),
                starpay.cancel(&lookup(ORDER)).await.map(drop).unwrap_err(),
            ] {
                let found = (error.kind(), error.effect());
                assert_eq!(found, (ErrorKind::Unrelated, Effect::Unknown), "{state} {nameless}");
            }
        }
    }
}

#[tokio::test]
async fn a_created_collection_is_named_by_one_of_our_ids() {
    let text = |ids: &str| {
        signed(
            "response",
            &format!(
                r#"{{"code":"200","message":"success","trxAmount":10000,"trxState":"PROCESSING","codeUrl":"{DYNAMIC_CODE}"{ids}}}"#
            ),
        )
    };
    let mut request = collection();
    request.terminal = Some(Terminal::new("8CYGISAS").unwrap());
    for ids in ["", r#","orderNo":"202611201000000001""#, r#","msgId":"","orderNo":"7""#] {
        let starpay = starpay(&Platform::says(200, text(ids)));
        let error = collect(&starpay, &request, &id(ORDER)).await.map(drop).unwrap_err();
        let found = (error.kind(), error.effect());
        assert_eq!(found, (ErrorKind::Unrelated, Effect::Unknown), "{ids}");
    }
    for ids in [format!(r#","msgId":"{ORDER}""#), format!(r#","originalMsgId":"{ORDER}""#)] {
        let starpay = starpay(&Platform::says(200, text(&ids)));
        let made = collect(&starpay, &request, &id(ORDER)).await.unwrap();
        assert!(made.payment_instructions.is_some(), "{ids}");
    }
}
