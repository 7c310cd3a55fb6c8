//! Requests and results as JSON: what is written reads back the same, no bytes panic, and no
//! personal data is printed.

use jiff::{SignedDuration, Timestamp};
use proptest::{prelude::*, sample::select};
use std::collections::BTreeMap;
use tulay::{
    adapter::Sensitive,
    json::{
        self, CollectionJson, CollectionRequestJson, ErrorJson, PartyJson, PaymentInstructionsJson,
        PayoutJson, PayoutRequestJson, Personal, RefundRequestJson, StaticCodeJson,
        StaticCodeRequestJson, StatusJson,
    },
    readings::StatedAmount,
    *,
};

const PHONE: &str = "\\+639[0-9]{9}";

fn round_trip<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    json::from_slice(&serde_json::to_vec(value).unwrap()).unwrap()
}

fn part() -> impl Strategy<Value = NamePart> {
    let read = |text: String| text::name(&text).ok();
    "[A-Za-zñ][A-Za-z .'-]{0,20}[a-z]".prop_filter_map("no name", read)
}

fn name() -> impl Strategy<Value = Name> {
    let option = || prop::option::of(part());
    prop_oneof![
        part().prop_map(Name::Full),
        (part(), option(), part(), option()).prop_map(|(given, middle, family, suffix)| {
            Name::Parts { given, middle, family, suffix }
        }),
    ]
}

fn party() -> impl Strategy<Value = Party> {
    let kind = select(vec![PartyKind::Person, PartyKind::Organization]);
    (
        prop::option::of(kind),
        prop::option::of(name()),
        prop::option::of(PHONE),
        prop::option::of("[a-z]{1,9}@[a-z]{1,9}\\.ph"),
        prop::option::of("[1-9][0-9]{8}([0-9]{3})?"),
        prop::option::of("[a-z]{1,9}"),
        prop::option::of(any::<std::net::IpAddr>()),
    )
        .prop_map(|(kind, name, mobile, email, tax_id, relationship, ip)| {
            let mut party = Party::default();
            party.kind = kind;
            party.name = name;
            party.mobile = mobile.map(|text| Phone::new(text).unwrap());
            party.email = email.map(|text| Email::new(text).unwrap());
            party.tax_id = tax_id.map(|text| TaxId::new(text).unwrap());
            party.relationship = relationship;
            party.ip = ip;
            party
        })
}

fn extras() -> impl Strategy<Value = BTreeMap<String, Sensitive>> {
    let value = "[ -~]{0,9}".prop_map(|text| Sensitive::new(text).unwrap());
    prop::collection::btree_map("[a-z]{1,9}\\.[a-z]{1,9}", value, 0..3)
}

fn of_channel(channel: Channel) -> impl Strategy<Value = InstitutionId> {
    let rows = Directory::of(Country::PH).unwrap().institutions().iter();
    let ids = rows.filter(|row| row.channel == channel).map(|row| row.institution_id().unwrap());
    select(ids.collect::<Vec<_>>())
}

fn phone_account() -> impl Strategy<Value = WalletAccount> {
    PHONE.prop_map(|text| WalletAccount::phone(text).unwrap())
}

/// Of a wallet with numbers of its own: one that is too long for a mobile number.
fn own_account() -> impl Strategy<Value = WalletAccount> {
    "[1-9]{14,20}".prop_map(|text| WalletAccount::number(text).unwrap())
}

fn destination() -> impl Strategy<Value = Destination> {
    prop_oneof![
        (of_channel(Channel::Bank), "[1-9][0-9]{0,13}").prop_map(|(institution, account)| {
            Destination::bank(institution, account).unwrap()
        }),
        (of_channel(Channel::Wallet), phone_account())
            .prop_map(|(institution, account)| Destination::wallet(institution, account).unwrap()),
        own_account().prop_map(|account| Destination::wallet("tayocash", account).unwrap()),
        prop_oneof![phone_account(), own_account()].prop_map(Destination::ProviderAccount),
        PHONE.prop_map(|text| Destination::Proxy(Proxy::Phone(Phone::new(text).unwrap()))),
        "[1-8][0-9]{13}"
            .prop_map(|text| Destination::Proxy(Proxy::NationalId(TaxId::new(text).unwrap()))),
        "[0-9A-Z][ -~]{0,99}[0-9A-Z]".prop_map(|text| Destination::Qr(QrText::new(text).unwrap())),
    ]
}

fn money() -> impl Strategy<Value = Money> {
    (1..=i64::MAX).prop_map(|minor| Money::from_minor(minor, Currency::PHP))
}

fn reference() -> impl Strategy<Value = Reference> {
    "[!-~]{1,64}".prop_filter_map("no reference", |text| text::reference(&text).ok())
}

fn remark() -> impl Strategy<Value = Option<String>> {
    prop::option::of("[a-z]([ -~ñ]{0,20}[a-z])?")
}

prop_compose! {
    fn payout()(
        reference in reference(),
        amount in money(),
        destination in destination(),
        beneficiary in party(),
        remark in remark(),
        extras in extras(),
    ) -> PayoutRequest {
        let mut request = PayoutRequest::new(reference, Country::PH, amount, destination)
            .with_beneficiary(beneficiary);
        request.remark = remark;
        request.extras = extras;
        request
    }
}

fn method() -> impl Strategy<Value = CollectionMethod> {
    prop_oneof![
        Just(CollectionMethod::Qr),
        of_channel(Channel::Bank).prop_map(CollectionMethod::VirtualAccount),
        of_channel(Channel::Wallet).prop_map(CollectionMethod::Redirect),
        ("[!-~]{1,40}", "[a-z0-9]{1,20}").prop_map(|(open_id, app_id)| CollectionMethod::WeChat {
            open_id: WeChatOpenId::new(open_id).unwrap(),
            app_id
        }),
    ]
}

fn terminal() -> impl Strategy<Value = Option<Terminal>> {
    prop::option::of("[!-~]{1,25}".prop_map(|text| Terminal::new(text).unwrap()))
}

prop_compose! {
    fn collection()(
        reference in reference(),
        amount in money(),
        method in method(),
        payer in party(),
        terminal in terminal(),
        texts in (remark(), remark()),
        expires in prop::option::of(0..4_000_000_000_i64),
        return_url in prop::option::of("https://[a-z]{1,9}\\.ph/[a-z]{0,9}"),
        extras in extras(),
    ) -> CollectionRequest {
        let mut request =
            CollectionRequest::new(reference, Country::PH, amount, method).with_payer(payer);
        request.terminal = terminal;
        (request.remark, request.display_name) = texts;
        request.expires = expires.map(|at| Timestamp::from_second(at).unwrap());
        request.return_url = return_url;
        request.extras = extras;
        request
    }
}

prop_compose! {
    fn static_code()(
        reference in reference(),
        method in method(),
        holder in party(),
        terminal in terminal(),
        texts in (remark(), remark()),
        extras in extras(),
    ) -> StaticCodeRequest {
        let mut request = StaticCodeRequest::new(reference, Country::PH, Currency::PHP, method)
            .with_holder(holder);
        request.terminal = terminal;
        (request.remark, request.display_name) = texts;
        request.extras = extras;
        request
    }
}

fn order_id() -> OrderId {
    OrderId::parse("PCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap()
}

fn lookup() -> Lookup {
    Lookup::new(order_id(), Country::PH, Currency::PHP, Channel::Qr)
        .with_amount(Money::from_minor(10_000, Currency::PHP))
        .with_provider_reference(ProviderReference::new("P-1").unwrap())
}

proptest! {
    #[test]
    fn payout_request_reads_back_the_same(request in payout()) {
        let json = round_trip(&PayoutRequestJson::from(&request));
        prop_assert_eq!(PayoutRequest::try_from(json).unwrap(), request);
    }

    #[test]
    fn collection_request_reads_back_the_same(request in collection()) {
        let json = round_trip(&CollectionRequestJson::from(&request));
        prop_assert_eq!(CollectionRequest::try_from(json).unwrap(), request);
    }

    #[test]
    fn static_code_request_reads_back_the_same(request in static_code()) {
        let json = round_trip(&StaticCodeRequestJson::from(&request));
        prop_assert_eq!(StaticCodeRequest::try_from(json).unwrap(), request);
    }

    #[test]
    fn refund_request_reads_back_the_same(
        reference in reference(),
        amount in 1..=10_000_i64,
        reason in remark(),
    ) {
        let paid = Money::from_minor(10_000, Currency::PHP);
        let amount = Money::from_minor(amount, Currency::PHP);
        let mut request = RefundRequest::new(reference, lookup(), paid, amount);
        request.reason = reason;
        let json = round_trip(&RefundRequestJson::from(&request));
        prop_assert_eq!(json.to_request(lookup(), None).unwrap(), request);
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        read_all(&bytes);
    }

    #[test]
    fn no_text_of_a_member_panics(member in select(members()), text in ".{0,40}") {
        let mut object = serde_json::Map::new();
        for (name, known) in [
            ("reference", "R1"), ("country", "PH"), ("amount", "1.00"), ("currency", "PHP"),
            ("channel", "wallet"), ("institution", "gcash"), ("account", "09171234567"),
        ] {
            object.insert(name.into(), known.into());
        }
        object.insert(member.into(), text.as_str().into());
        let bytes = serde_json::to_vec(&object).unwrap();
        read_all(&bytes);
        // Only what is well formed is read, and no error repeats what was refused.
        if let Ok(json) = json::from_slice::<PayoutRequestJson>(&bytes)
            && let Err(errors) = PayoutRequest::try_from(json)
            && text.trim().len() > 12
        {
            prop_assert!(!errors.to_string().contains(text.trim()), "{}", errors);
        }
    }
}

fn members() -> Vec<&'static str> {
    "reference country amount currency channel institution account name given_name middle_name \
     family_name suffix kind mobile email tax_id relationship ip remark provider method open_id \
     app_id terminal display_name expires return_url reason paid collection original"
        .split(' ')
        .collect()
}

fn read_all(bytes: &[u8]) {
    let _ = json::from_slice::<PayoutRequestJson>(bytes).map(PayoutRequest::try_from);
    let _ = json::from_slice::<CollectionRequestJson>(bytes).map(CollectionRequest::try_from);
    let _ = json::from_slice::<StaticCodeRequestJson>(bytes).map(StaticCodeRequest::try_from);
    let _ = json::from_slice::<RefundRequestJson>(bytes).map(|j| j.to_request(lookup(), None));
    let _ = json::from_slice::<PartyJson>(bytes).map(|party| party.to_party(Country::PH));
}

/// The mistakes of a payout request, each as `member: message`.
fn mistakes(text: &str) -> Vec<String> {
    let errors = match json::from_slice::<PayoutRequestJson>(text.as_bytes()) {
        Ok(json) => PayoutRequest::try_from(json).unwrap_err(),
        Err(errors) => errors,
    };
    errors.errors().iter().map(ToString::to_string).collect()
}

#[test]
fn every_mistake_names_its_member_and_no_value() {
    insta::assert_debug_snapshot!(
        [
            "",
            "[]",
            r#""998877 Reyes""#,
            "{\n\"reference\": 998877x}",
            r#"{"amount":998877.00}"#,
            r#"{"extras":"998877 Reyes"}"#,
            r#"{"acount":"998877"}"#,
            r#"{"998877":"R1"}"#,
            r#"{"name":"Reyes","name":"998877"}"#,
            r#"{"reference":"R1"} {}"#,
            r#"{"name":"\ud800 998877"}"#,
            "{}",
            r#"{"reference":"R 998877","country":"ph","amount":"1,998877","currency":"PESO",
            "channel":"cheque","account":" ","kind":"robot","name":"Ana","given_name":"Reyes",
            "mobile":"998877","email":"998877","tax_id":"9988 77","ip":"998877","provider":"x"}"#,
            r#"{"reference":"R1","country":"PH","amount":"1.250","currency":"PHP","channel":"bank",
            "institution":"GCash","account":"9988 77","mobile":"998877"}"#,
            r#"{"reference":"R1","country":"PH","amount":"0","currency":"PHP",
            "institution":"gcash","account":"9171234567"}"#,
        ]
        .map(mistakes)
    );
    for text in [r#"{"name":"Reyes 998877"}"#, r#"{"amount":998877}"#, r#"{"name":["Reyes"]}"#] {
        let printed = format!("{:?}", mistakes(text));
        assert!(!printed.contains("998877") && !printed.contains("Reyes"), "{printed}");
    }
}

#[test]
fn mistakes_of_an_inner_object_have_its_name() {
    let body = br#"{"reference":"C1","country":"PH","amount":"1.00","currency":"PHP","method":"qr",
        "payer":{"mobile":"12","email":"x"}}"#;
    let json = json::from_slice::<CollectionRequestJson>(body).unwrap();
    let errors = CollectionRequest::try_from(json).unwrap_err();
    let fields: Vec<&str> = errors.errors().iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["payer.mobile", "payer.email"]);
    let error = ErrorJson::from(&errors);
    assert_eq!((error.field.as_deref(), error.lines.len()), (Some("payer.mobile"), 2));

    let mistakes = [
        r#""998877 Reyes""#,
        r#"["998877 Reyes"]"#,
        r#"{"name":998877}"#,
        r#"{"nmae":"Reyes"}"#,
        r#"{"name":{"given":"Reyes"}}"#,
    ]
    .map(|payer| {
        let body = format!(r#"{{"payer":{payer}}}"#);
        json::from_slice::<CollectionRequestJson>(body.as_bytes()).unwrap_err().to_string()
    });
    insta::assert_snapshot!(mistakes.join("\n"));
}

#[test]
fn provider_is_taken_out_before_the_conversion() {
    let request = payout_request();
    let mut json = PayoutRequestJson::from(&request);
    json.provider = Some("starpay".into());
    let refused = PayoutRequest::try_from(json.clone()).unwrap_err();
    assert_eq!(refused.errors()[0].field, "provider");
    let provider = json.take_provider().unwrap();
    assert_eq!(provider.as_ref().map(ProviderId::as_str), Some("starpay"));
    assert_eq!(PayoutRequest::try_from(json).unwrap(), request);
}

fn payout_request() -> PayoutRequest {
    PayoutRequest::new(
        Reference::new("R1").unwrap(),
        Country::PH,
        Money::from_minor(125_000, Currency::PHP),
        Destination::wallet("gcash", WalletAccount::phone("+639171234567").unwrap()).unwrap(),
    )
    .with_beneficiary(
        Party::default()
            .with_name(Name::parts("Ana", "Reyes").unwrap())
            .with_email(Email::new("ana@example.com").unwrap()),
    )
}

#[test]
fn debug_prints_no_personal_data() {
    let party = payout_request().beneficiary;
    let amount = Money::from_minor(100, Currency::PHP);
    let reference = Reference::new("C1").unwrap();
    let collection =
        CollectionRequest::new(reference.clone(), Country::PH, amount, CollectionMethod::Qr);
    let code = StaticCodeRequest::new(reference, Country::PH, Currency::PHP, CollectionMethod::Qr);
    let refund = RefundRequest::new(Reference::new("F1").unwrap(), lookup(), amount, amount)
        .with_reason("Ana Reyes was charged twice");
    let printed = [
        format!("{:?}", PayoutRequestJson::from(&payout_request())),
        format!("{:?}", CollectionRequestJson::from(&collection.with_payer(party.clone()))),
        format!("{:?}", StaticCodeRequestJson::from(&code.with_holder(party.clone()))),
        format!("{:?}", PartyJson::from(&party)),
        format!("{:?}", RefundRequestJson::from(&refund)),
        format!("{:?}", instructions(Personal::Revealed)),
    ];
    for text in printed {
        assert!(text.contains("***"), "{text}");
        for personal in ["Ana", "Reyes", "ana@", "1234567", "00112233"] {
            assert!(!text.contains(personal), "{personal}: {text}");
        }
    }
}

fn instructions(personal: Personal) -> Vec<PaymentInstructionsJson> {
    let ways = [
        PaymentInstructions::Qr(QrText::new("00112233").unwrap()),
        PaymentInstructions::VirtualAccount {
            institution: InstitutionId::new("CENAIDJA").ok(),
            number: AccountNumber::new("00112233").unwrap(),
            name: NamePart::new("Ana Reyes").ok(),
        },
        PaymentInstructions::Redirect("https://pay.example.com/00112233".into()),
        PaymentInstructions::WalletCall(BTreeMap::from([("paySign".into(), "00112233".into())])),
    ];
    ways.iter().filter_map(|way| PaymentInstructionsJson::new(way, personal)).collect()
}

#[test]
fn how_to_pay_is_masked_or_revealed() {
    let masked = serde_json::to_string(&instructions(Personal::Masked)).unwrap();
    assert!(!masked.contains("00112233") && !masked.contains("Reyes"), "{masked}");
    let revealed = serde_json::to_value(instructions(Personal::Revealed)).unwrap();
    assert_eq!(revealed[0], serde_json::json!({"kind":"qr","text":"00112233"}));
    assert_eq!(revealed[1]["name"], "Ana Reyes");
}

fn payout_json() -> PayoutJson {
    let (reference, provider) = (Reference::new("R1").unwrap(), ProviderId::new("acme").unwrap());
    PayoutJson::new(&reference, &provider, &lookup())
}

#[test]
fn only_a_proven_failure_is_failed() {
    let read = |status| payout_json().with_payout(&Payout::new(status)).status;
    assert_eq!(payout_json().status, StatusJson::Created);
    assert_eq!(read(PayoutStatus::Pending), StatusJson::Pending);
    assert_eq!(read(PayoutStatus::Succeeded), StatusJson::Succeeded);
    assert_eq!(read(PayoutStatus::Reversed), StatusJson::Pending);
    assert_eq!(read(PayoutStatus::Failed), StatusJson::Pending);
    assert_eq!(read(PayoutStatus::Unknown("Ana Reyes".into())), StatusJson::Pending);
    let unknown = payout_json().with_payout(&Payout::new(PayoutStatus::Unknown("Ana".repeat(9))));
    assert_eq!(unknown.waiting.as_deref(), Some("the provider's status *** is not a known one"));
}

#[test]
fn status_follows_from_the_effect_of_a_failed_call() {
    let failed = |effect| {
        let error = CallError::new(Operation::Payout, ErrorKind::Unavailable, "no answer");
        error.with_effect(effect)
    };
    let after = |effect| payout_json().with_error(&failed(effect));
    assert_eq!(after(Effect::Unknown).status, StatusJson::InDoubt);
    assert_eq!(after(Effect::NotSent).status, StatusJson::Created);
    assert_eq!(after(Effect::Rejected).status, StatusJson::InDoubt, "an earlier copy may live");
    // A copy that was sent before may live.
    let again = after(Effect::Unknown).with_error(&failed(Effect::Rejected));
    assert_eq!(again.status, StatusJson::InDoubt);
    let found = after(Effect::Unknown).with_payout(&Payout::new(PayoutStatus::Succeeded));
    assert_eq!((found.status, found.effect), (StatusJson::Succeeded, None));
}

#[test]
fn a_short_payment_is_not_paid() {
    let order_id = OrderId::parse("CCCT4DQCA7IYPBOIHLLI5GBEMB").unwrap();
    let lookup = Lookup::new(order_id, Country::PH, Currency::PHP, Channel::Qr);
    let provider = ProviderId::new("acme").unwrap();
    let of = |status: CollectionStatus, stated: i64, asked: i64| {
        let mut observation = Observation::new(status);
        let stated = Money::from_minor(stated, Currency::PHP);
        observation.amount = Some(StatedAmount::known(stated));
        let reference = Reference::new("C1").unwrap();
        let collection = Collection::new(observation);
        let json =
            CollectionJson::new(&reference, &provider, &lookup, &collection, Personal::Masked);
        let json = json.with_asked(Money::from_minor(asked, Currency::PHP));
        (json.status, json.difference.map(Money::minor), json.paid.map(Money::minor))
    };
    use CollectionStatus::{Closed, Paid, Pending};
    let paid = |text: &str, difference, paid| (text.to_owned(), Some(difference), Some(paid));
    assert_eq!(of(Paid, 5_000, 10_000), paid("underpaid", -5_000, 5_000));
    assert_eq!(of(Paid, 0, 1), paid("underpaid", -1, 0));
    assert_eq!(of(Paid, 10_000, 10_000), paid("paid", 0, 10_000));
    assert_eq!(of(Paid, 10_050, 10_000), paid("paid", 50, 10_050));
    assert_eq!(of(Pending, 5_000, 10_000), ("pending".into(), None, None));
    assert_eq!(of(Closed, 5_000, 10_000), ("closed".into(), None, None));
}

#[test]
fn results_have_the_shape_of_the_command() {
    let error = CallError::new(Operation::Payout, ErrorKind::Unavailable, "no answer")
        .with_retry_after(SignedDuration::from_secs(1));
    let provider = ProviderId::new("acme").unwrap();
    let reference = Reference::new("C1").unwrap();
    let mut collection = Collection::new(Observation::new(CollectionStatus::Pending));
    collection.payment_instructions =
        Some(PaymentInstructions::Qr(QrText::new("00112233").unwrap()));
    let mut code = StaticCode::new(lookup(), StaticCodeStatus::Cancelled);
    code.payment_instructions.clone_from(&collection.payment_instructions);
    insta::assert_snapshot!(
        [
            serde_json::to_string(&payout_json().with_error(&error)).unwrap(),
            serde_json::to_string(&CollectionJson::new(
                &reference,
                &provider,
                &lookup(),
                &collection,
                Personal::Revealed
            ))
            .unwrap(),
            serde_json::to_string(&StaticCodeJson::new(
                &reference,
                &provider,
                &code,
                Personal::Revealed
            ))
            .unwrap(),
            serde_json::to_string(&ErrorJson::from(&error).with_provider(provider)).unwrap(),
        ]
        .join("\n")
    );
}

#[test]
fn an_institution_is_read_by_its_exact_name() {
    let payout = |institution: &str, account: &str| {
        let body = format!(
            r#"{{"reference":"R1","country":"PH","amount":"1.00","currency":"PHP",
            "institution":"{institution}","account":"{account}","name":"Ana"}}"#
        );
        PayoutRequest::try_from(json::from_slice::<PayoutRequestJson>(body.as_bytes()).unwrap())
    };
    for (name, account, id) in [
        ("BDO", "0012345678", "BNORPHMM"),
        ("Land Bank of the Philippines", "0012-3456-78", "TLBPPHMM"),
        ("GCash", "(0917) 123 4567", "gcash"),
        ("PayMaya", "+63 917 123 4567", "maya"),
    ] {
        let request = payout(name, account).unwrap();
        let institution = request.destination.institution().unwrap();
        assert_eq!(institution.as_str(), id, "{name}");
    }
    for (name, account) in [("Metrobnk", "1"), ("UCPB", "1"), ("gcash", "00639171234567")] {
        assert!(payout(name, account).is_err(), "{name}");
    }
    let body = br#"{"reference":"C1","country":"ID","amount":"10000","currency":"IDR",
        "method":"virtual-account","institution":"Bank BCA","payer":{"name":"Ana"}}"#;
    let collection = json::from_slice::<CollectionRequestJson>(body).unwrap();
    let collection = CollectionRequest::try_from(collection).unwrap();
    assert_eq!(collection.method.institution().unwrap().as_str(), "CENAIDJA");
}

#[test]
fn an_institution_is_refused_where_none_is_named() {
    for channel in ["provider_account", "proxy", "qr"] {
        let body = format!(
            r#"{{"reference":"R1","country":"PH","amount":"1.00","currency":"PHP",
            "channel":"{channel}","institution":"gcash","account":"09171234567"}}"#
        );
        let found = mistakes(&body);
        assert!(found.iter().any(|mistake| mistake.starts_with("institution: ")), "{found:?}");
    }
    let body = br#"{"reference":"C1","country":"PH","amount":"1.00","currency":"PHP",
        "method":"qr","institution":"gcash"}"#;
    let json = json::from_slice::<CollectionRequestJson>(body).unwrap();
    let errors = CollectionRequest::try_from(json).unwrap_err();
    assert_eq!(errors.errors()[0].field, "institution");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_object() {
    for body in ["\u{feff}{\"reference\":\"R1\"}", "\u{feff}\n {\"reference\":\"R1\"}\r\n"] {
        let json = json::from_slice::<PayoutRequestJson>(body.as_bytes()).unwrap();
        assert_eq!(json.reference.unwrap().expose(), "R1");
    }
    let twice = "\u{feff}\u{feff}{}".as_bytes();
    assert!(json::from_slice::<PayoutRequestJson>(twice).is_err());
}

#[test]
fn extras_take_each_name_once() {
    let body = br#"{"extras":{"acme.purpose":"998877","acme.purpose":"gift"}}"#;
    let refused = json::from_slice::<PayoutRequestJson>(body).unwrap_err().to_string();
    assert_eq!(refused, "extras: line 1, column 57: it does not fit");
}

#[test]
fn a_blank_amount_refunds_nothing() {
    let lookup = lookup();
    let paid = Some(Money::from_minor(10_000, lookup.currency));
    let request = |amount: &str| {
        let body = format!(r#"{{"reference":"F1","collection":"C1"{amount}}}"#);
        let json = json::from_slice::<RefundRequestJson>(body.as_bytes()).unwrap();
        json.to_request(lookup.clone(), paid)
    };
    assert_eq!(request("").unwrap().amount, Money::from_minor(10_000, lookup.currency));
    for blank in [r#","amount":"""#, r#","amount":" ""#] {
        assert_eq!(request(blank).unwrap_err().errors()[0].field, "amount", "{blank}");
    }
}
