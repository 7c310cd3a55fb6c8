//! Collections: what is sent, what is shown to the payer, what is final.

use crate::{conformance::code, support::*};
use insta::assert_snapshot;
use tulay_core::*;

const QR: &str = r#"{"transactionId":"C1030677482494880155","payData":"QR-TEXT","mchOrderId":"CCCT4DQCA7IYPBOIHLLI5GBEMB","channelType":"QR"}"#;

/// The answer to a creation with the code of a country.
fn qr(country: Country) -> String {
    QR.replace("QR-TEXT", &code(country, Some(10_000)))
}

async fn sent(request: &CollectionRequest) -> Result<String> {
    let platform = Platform::says(500, "");
    let error = collect(&regional(&platform), request, &id_of('C')).await.unwrap_err();
    let sent = platform.sent.lock().unwrap();
    match sent.first() {
        Some(sent) => Ok(format!("{} {}", sent.uri().path(), param(sent))),
        None => Err(error),
    }
}

async fn answered(request: &CollectionRequest, data: &str) -> Result<Collection> {
    let platform = Platform::says(200, success(data));
    collect(&regional(&platform), request, &id_of('C')).await
}

fn wechat() -> CollectionMethod {
    let open_id = WeChatOpenId::new("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o").unwrap();
    CollectionMethod::WeChat { open_id, app_id: "wx2421b1c4370ec43b".into() }
}

#[tokio::test]
async fn what_is_sent_in_each_country() {
    let mut by_page = collection(Country::TH, Currency::THB, redirect("wechat"));
    by_page.payer.ip = Some("2001:db8::7".parse().unwrap());
    by_page.expires = Some("2026-11-20T10:30:00+08:00".parse().unwrap());
    let mut shown = Vec::new();
    for request in [
        collection(Country::PH, Currency::PHP, CollectionMethod::Qr),
        collection(Country::PH, Currency::PHP, redirect("gcash")),
        collection(Country::PH, Currency::PHP, virtual_account("7eleven")),
        collection(Country::ID, Currency::IDR, CollectionMethod::Qr),
        collection(Country::ID, Currency::IDR, virtual_account("CENAIDJA")),
        collection(Country::MY, Currency::MYR, CollectionMethod::Qr),
        collection(Country::MY, Currency::MYR, redirect("tng")),
        collection(Country::TH, Currency::THB, CollectionMethod::Qr),
        by_page,
        collection(Country::TH, Currency::THB, wechat()),
        collection(Country::RU, Currency::RUB, CollectionMethod::Qr),
    ] {
        shown.push(sent(&request).await.unwrap());
    }
    assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn invalid_requests_are_refused_before_sending() {
    let ph = || collection(Country::PH, Currency::PHP, CollectionMethod::Qr);
    let changed = |change: &dyn Fn(&mut CollectionRequest)| {
        let mut request = ph();
        change(&mut request);
        request
    };
    let mut shown = Vec::new();
    for request in [
        changed(&|r| r.amount = Money::from_minor(0, Currency::PHP)),
        changed(&|r| r.payer.email = None),
        changed(&|r| r.payer.mobile = Some(Phone::new("+62812345678").unwrap())),
        changed(&|r| r.return_url = None),
        changed(&|r| r.expires = Some("2026-11-20T10:30:00+08:00".parse().unwrap())),
        changed(&|r| r.method = redirect("ovo")),
        collection(Country::ID, Currency::IDR, redirect("ovo")),
        collection(Country::MY, Currency::MYR, virtual_account("MBBEMYKL")),
        collection(Country::TH, Currency::THB, redirect("wechat")),
        collection(Country::RU, Currency::RUB, redirect("sber")),
    ] {
        let error = sent(&request).await.unwrap_err();
        assert_eq!(error.effect(), Effect::NotSent);
        shown.push(format!("{} [{}] {error}", error.kind(), error.field().unwrap_or("-")));
    }
    let mut late = collection(Country::TH, Currency::THB, CollectionMethod::Qr);
    late.expires = Some("2026-11-20T12:00:00+08:00".parse().unwrap());
    assert_eq!(sent(&late).await.unwrap_err().field(), Some("expires"));
    assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn collections_require_a_notification_address() {
    let platform = Platform::new(|_| panic!("nothing may be sent"));
    let keys = tulay_regional::Keys::parse(MERCHANT_KEY, PLATFORM_PUBLIC_KEY).unwrap();
    let id = ProviderId::new("regional").unwrap();
    let regional = tulay_regional::Regional::new(id, settings(), keys, context(platform)).unwrap();
    let request = collection(Country::PH, Currency::PHP, CollectionMethod::Qr);
    let error = collect(&regional, &request, &id_of('C')).await.unwrap_err();
    assert_eq!((error.field(), error.effect()), (Some("notify_url"), Effect::NotSent));
}

#[tokio::test]
async fn the_payer_is_shown_what_the_answer_has() {
    let by_code = collection(Country::PH, Currency::PHP, CollectionMethod::Qr);
    let shown = answered(&by_code, &qr(Country::PH)).await.unwrap();
    assert_eq!(shown.observation.status, CollectionStatus::Pending);
    let text = QrText::new(code(Country::PH, Some(10_000))).unwrap();
    assert_eq!(shown.payment_instructions, Some(PaymentInstructions::Qr(text)));
    let url = QR.replace("QR-TEXT", "https://pay.example/1").replace("\"QR\"", "\"URL\"");
    let shown = answered(&by_code, &url).await.unwrap();
    assert_eq!(
        shown.payment_instructions,
        Some(PaymentInstructions::Redirect("https://pay.example/1".into()))
    );
    let account = virtual_account("CENAIDJA");
    let account = collection(Country::ID, Currency::IDR, account);
    let va = QR.replace("QR-TEXT", "8808012345").replace("\"QR\"", "\"VA\"");
    let Some(PaymentInstructions::VirtualAccount { institution, number, .. }) =
        answered(&account, &va).await.unwrap().payment_instructions
    else {
        panic!()
    };
    assert_eq!(institution.unwrap().as_str(), "CENAIDJA");
    assert_eq!(number.expose(), "8808012345");
    let call = r#"{"mchOrderId":"CCCT4DQCA7IYPBOIHLLI5GBEMB","transactionId":"C1","metadata":{"wechatpay":{"prepayId":"wx20","appId":"wx2421b1c4370ec43b","timeStamp":"1795140000","nonceStr":"n","package":"prepay_id=wx20","signType":"RSA","paySign":"s"}}}"#;
    let request = collection(Country::TH, Currency::THB, wechat());
    let Some(PaymentInstructions::WalletCall(call)) =
        answered(&request, call).await.unwrap().payment_instructions
    else {
        panic!()
    };
    assert_eq!(call["package"], "prepay_id=wx20");
    assert_eq!(call.len(), 7);
}

#[tokio::test]
async fn codes_that_ask_for_something_else_are_refused() {
    let request = collection(Country::TH, Currency::THB, CollectionMethod::Qr);
    let receiver = tulay_qr::promptpay::Receiver::mobile("0812345678").unwrap();
    for (amount, fits) in [("100.00", true), ("100", true), ("1000.00", false), ("1.00", false)] {
        let draft = tulay_qr::Draft { amount: Some(amount), ..Default::default() };
        let text = receiver.build(&draft).unwrap();
        let answer = answered(&request, &QR.replace("QR-TEXT", &text)).await;
        assert_eq!(answer.is_ok(), fits, "{amount}");
        if let Err(error) = answer {
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
        }
        let broken = format!("{}0000", &text[..text.len() - 4]);
        let error = answered(&request, &QR.replace("QR-TEXT", &broken)).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Unexpected, Effect::Unknown));
        let link = "https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB?type=02&sum=10000&cur=RUB";
        let error = answered(&request, &QR.replace("QR-TEXT", link)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        let dollars = tulay_qr::Payload::parse(&text).map(|_| text.replace("5303764", "5303840"));
        let dollars = dollars.unwrap();
        let dollars = &dollars[..dollars.len() - 4];
        let dollars = format!("{dollars}{:04X}", tulay_qr::crc16(dollars.as_bytes()));
        let error = answered(&request, &QR.replace("QR-TEXT", &dollars)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        let abroad = collection(Country::MY, Currency::MYR, CollectionMethod::Qr);
        let error = answered(&abroad, &QR.replace("QR-TEXT", &text)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
    }
    let request = collection(Country::RU, Currency::RUB, CollectionMethod::Qr);
    for (sum, currency, fits) in [
        ("10000", "RUB", true),
        ("100", "RUB", false),
        ("10000", "USD", false),
        ("99999999999999999999", "RUB", false),
        ("1e4", "RUB", false),
    ] {
        let link = format!(
            "https://qr.nspk.ru/AD10003B4EACO3648G89G25T6DLRGBLB?type=02&bank=100000000111&sum={sum}&cur={currency}&crc=1A23"
        );
        let answer = answered(&request, &QR.replace("QR-TEXT", &link)).await;
        assert_eq!(answer.is_ok(), fits, "{sum} {currency}");
    }
    for url in ["javascript:alert(1)", "http://pay.example/1", "/pay"] {
        let request = collection(Country::MY, Currency::MYR, redirect("tng"));
        let text = QR.replace("QR-TEXT", url).replace("\"QR\"", "\"URL\"");
        assert!(answered(&request, &text).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn a_payer_is_led_to_no_private_network() {
    let mut settings = settings();
    settings.base_url = "https://globalapi-dev.paycools.com:8902".into();
    settings.environment = Environment::Uat;
    let request = collection(Country::MY, Currency::MYR, redirect("tng"));
    let shown = async |url: &str| {
        let text = QR.replace("QR-TEXT", url).replace("\"QR\"", "\"URL\"");
        let regional = regional_with(&Platform::says(200, success(&text)), settings.clone());
        collect(&regional, &request, &id_of('C')).await
    };
    assert!(shown("https://pay.example/1?token=7").await.is_ok());
    for url in [
        "http://127.0.0.1/1",
        "https://127.0.0.1/1",
        "https://localhost:8443/1",
        "https://192.168.1.10/1",
        "https://169.254.169.254/latest",
        "https://100.100.1.1/1",
        "https://[::ffff:10.0.0.1]/1",
        "https://[fe80::1]/1",
        "https://user:pass@pay.example/1",
        "https://3232235777/1",
    ] {
        let error = shown(url).await.unwrap_err();
        let found = (error.kind(), error.effect(), error.field());
        assert_eq!(found, (ErrorKind::Unexpected, Effect::Unknown, Some("payData")), "{url}");
        assert!(!error.to_string().contains("1"), "{error}");
    }
}

#[tokio::test]
async fn an_unusable_code_does_not_hide_the_payment() {
    let lookup = paid();
    for (word, expected) in [("COMPLETED", Some(CollectionStatus::Paid)), ("PENDING", None)] {
        let data = format!(
            r#"{{"mchOrderId":"{}","transactionId":"C1","amount":10000,"transactionStatus":"{word}","payData":"0002not-a-code","channelType":"QR"}}"#,
            id_of('C')
        );
        let platform = Platform::says(200, success(&data));
        let found = Collections::find(&regional(&platform), &lookup).await;
        match (found, expected) {
            (Ok(Found::Found(found)), Some(status)) => {
                assert_eq!((found.observation.status, found.payment_instructions), (status, None));
            }
            (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Unexpected),
            (found, _) => panic!("{found:?}"),
        }
    }
}

#[tokio::test]
async fn a_lookup_returns_the_status() {
    let lookup = paid();
    for (word, status) in [
        ("PENDING", CollectionStatus::Pending),
        ("COMPLETED", CollectionStatus::Paid),
        ("FAILED", CollectionStatus::Failed),
        ("REFUNDED", CollectionStatus::Unknown("REFUNDED".into())),
    ] {
        let data = format!(
            r#"{{"mchOrderId":"{}","transactionId":"C1","amount":10000,"transactionStatus":"{word}","createTime":"2026-11-20 10:00:00","customerName":"x","channelCode":"PH_QRPH_DYNAMIC"}}"#,
            id_of('C')
        );
        let find = async |data: String| {
            let platform = Platform::says(200, success(&data));
            Collections::find(&regional(&platform), &lookup).await
        };
        let Found::Found(found) = find(data.clone()).await.unwrap() else { panic!() };
        assert_eq!(found.observation.status, status);
        let Found::Found(found) = find(data.replace(r#""amount":10000,"#, "")).await.unwrap()
        else {
            panic!()
        };
        assert!(!matches!(
            found.observation.status,
            CollectionStatus::Paid | CollectionStatus::Failed
        ));
        let error = find(data.replace("10000", "10001")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        let error = find(data.replace("CCCT4", "CCCT5")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unrelated);
    }
    let nowhere = regional(&Platform::says(200, refused("21006")));
    assert!(matches!(Collections::find(&nowhere, &lookup).await, Ok(Found::Absent(_))));
    let none = regional(&Platform::says(500, ""));
    assert!(none.roles().collection_cancel.is_none());
}

#[tokio::test]
async fn production_refuses_channels_that_are_only_assumed() {
    let mut settings = settings();
    settings.environment = Environment::Production;
    settings.base_url = "https://openapi.paycools.com".into();
    let create = async |settings: &tulay_regional::Settings, request: &CollectionRequest| {
        let platform = Platform::says(200, success(&qr(request.country)));
        let regional = regional_with(&platform, settings.clone());
        collect(&regional, request, &id_of('C')).await.map(|_| ())
    };
    let qr = collection(Country::PH, Currency::PHP, CollectionMethod::Qr);
    assert!(create(&settings, &qr).await.is_ok());
    let maya = collection(Country::PH, Currency::PHP, redirect("maya"));
    assert_eq!(create(&settings, &maya).await.unwrap_err().field(), Some("channels"));
    let thai = collection(Country::TH, Currency::THB, CollectionMethod::Qr);
    let error = create(&settings, &thai).await.unwrap_err();
    assert_eq!((error.field(), error.effect()), (Some("accept_unverified"), Effect::NotSent));
    settings.accept_unverified = vec![Operation::Collection, Operation::CollectionFind];
    assert!(create(&settings, &thai).await.is_ok());
}

#[tokio::test]
async fn channel_codes_are_settings() {
    let mut settings = settings();
    let mut channels = tulay_regional::Channels::default();
    channels.qr = Some("RU_NSPK".into());
    channels.redirect.insert(InstitutionId::new("sber").unwrap(), "RU_SBER_URL".into());
    settings.channels.insert(Country::RU, channels);
    let platform = Platform::says(500, "");
    let regional = regional_with(&platform, settings);
    for method in [CollectionMethod::Qr, redirect("sber")] {
        let request = collection(Country::RU, Currency::RUB, method);
        assert!(collect(&regional, &request, &id_of('C')).await.is_err());
    }
    let sent = platform.sent.lock().unwrap();
    assert!(param(&sent[0]).contains(r#""channelCode":"RU_NSPK""#));
    assert!(param(&sent[1]).contains(r#""channelCode":"RU_SBER_URL""#));
}

#[tokio::test]
async fn codes_over_another_amount_are_refused() {
    let request = collection(Country::TH, Currency::THB, CollectionMethod::Qr);
    let receiver = tulay_qr::promptpay::Receiver::mobile("0812345678").unwrap();
    let id = |number| tulay_qr::Id::new(number).unwrap();
    for (amount, added, fits) in [
        (Some("100.00"), &[][..], true),
        // The payer would choose.
        (None, &[][..], false),
        (Some("100.00"), &[(id(55), "01")][..], false),
        (Some("100.00"), &[(id(55), "02"), (id(56), "5.00")][..], false),
        (Some("100.00"), &[(id(55), "03"), (id(57), "3.25")][..], false),
        // What cannot be read may cost something too.
        (Some("100.00"), &[(id(55), "02"), (id(56), "x")][..], false),
        (Some("100.00"), &[(id(55), "09")][..], false),
    ] {
        let draft = tulay_qr::Draft { amount, ..Default::default() };
        let text = receiver.build(&draft).unwrap();
        let text = with_added(&text, added);
        let answer = answered(&request, &QR.replace("QR-TEXT", &text)).await;
        assert_eq!(answer.is_ok(), fits, "{amount:?} {added:?}");
        if let Err(error) = answer {
            assert_eq!((error.kind(), error.effect()), (ErrorKind::Mismatch, Effect::Unknown));
        }
    }
}

/// The code with these objects before its checksum.
fn with_added(text: &str, added: &[(tulay_qr::Id, &str)]) -> String {
    let (body, _) = text.rsplit_once("6304").unwrap();
    let objects = added
        .iter()
        .map(|(id, value)| format!("{:02}{:02}{value}", id.number(), value.len()))
        .collect::<String>();
    let body = format!("{body}{objects}6304");
    format!("{body}{:04X}", tulay_qr::crc16(body.as_bytes()))
}

#[tokio::test]
async fn production_offers_no_assumed_channel() {
    let mut settings = settings();
    settings.environment = Environment::Production;
    settings.base_url = "https://openapi.paycools.com".into();
    settings.accept_unverified = vec![Operation::CollectionFind];
    let offered = |settings: &tulay_regional::Settings| {
        let platform = Platform::new(|_| panic!("nothing may be sent"));
        let regional = regional_with(&platform, settings.clone());
        let corridors = Collections::capability(&regional).corridors.iter();
        let offered = corridors.filter(|c| c.operations.contains(&Operation::Collection));
        offered.map(|c| format!("{} {}", c.country, c.channel)).collect::<Vec<_>>()
    };
    let documented = ["ID virtual_account", "MY redirect", "PH qr", "PH redirect"];
    let mut there = offered(&settings);
    there.sort();
    assert_eq!(there, documented);
    let platform = Platform::new(|_| panic!("nothing may be sent"));
    let regional = regional_with(&platform, settings.clone());
    for corridor in &Collections::capability(&regional).corridors {
        let lacks = corridor.unaccepted.contains(&Operation::Collection);
        assert_eq!(lacks, !corridor.operations.contains(&Operation::Collection), "{corridor:?}");
    }
    let counter = collection(Country::PH, Currency::PHP, virtual_account("7eleven"));
    let error = collect(&regional, &counter, &id_of('C')).await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Unsupported, Effect::NotSent));

    let mut channels = tulay_regional::Channels::default();
    channels.qr = Some("ID_QRIS_2".into());
    let mut named = settings.clone();
    named.channels.insert(Country::ID, channels);
    assert!(offered(&named).contains(&"ID qr".to_owned()));
    settings.accept_unverified.push(Operation::Collection);
    let all = offered(&settings);
    for more in ["ID qr", "MY qr", "PH virtual_account", "TH qr", "RU qr"] {
        assert!(all.contains(&more.to_owned()), "{more}");
    }
}

#[tokio::test]
async fn a_collection_is_named_by_our_id() {
    let shown = code(Country::PH, Some(10_000));
    let data = |ids: &str, more: &str| {
        format!(
            r#"{{{ids}"transactionId":"C1030677482494880155","payData":"{shown}","channelType":"QR"{more}}}"#
        )
    };
    let more = r#","amount":10000,"transactionStatus":"PENDING""#;
    let request = collection(Country::PH, Currency::PHP, CollectionMethod::Qr);
    for ids in [
        "",
        r#""mchOrderId":"","#,
        r#""mchOrderId":null,"#,
        r#""mchOrderId":{},"#,
        r#""mchOrderId":7,"#,
        r#""mchOrderId":"CAAAAAAAAAAAAAAAAAAAAAAAAA","#,
    ] {
        let regional = regional(&Platform::says(200, success(&data(ids, more))));
        for error in [
            Collections::find(&regional, &paid()).await.map(drop).unwrap_err(),
            collect(&regional, &request, &id_of('C')).await.map(drop).unwrap_err(),
        ] {
            let found = (error.kind(), error.effect());
            assert_eq!(found, (ErrorKind::Unrelated, Effect::Unknown), "{ids}");
        }
    }
    let named = format!(r#""mchOrderId":"{}","#, id_of('C'));
    assert!(answered(&request, &data(&named, "")).await.is_ok());
}

#[tokio::test]
async fn an_unreadable_way_to_pay_hides_no_paid_collection() {
    for value in ["{}", "[]", "null", r#""""#, "1.5", r#""\ud83d""#] {
        for member in ["payData", "payUrl", "qrCodeContent", "channelType", "expiresTime"] {
            let data = format!(
                r#"{{"mchOrderId":"{}","transactionId":"C1","amount":10000,"transactionStatus":"COMPLETED","{member}":{value}}}"#,
                id_of('C')
            );
            let platform = Platform::says(200, success(&data));
            let found = Collections::find(&regional(&platform), &paid()).await.unwrap();
            let Found::Found(found) = found else { panic!("{data}") };
            assert_eq!(found.observation.status, CollectionStatus::Paid, "{member}: {value}");
        }
    }
}
