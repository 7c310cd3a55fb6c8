//! What this adapter takes for true without the provider's word. The README's table says the
//! same for readers; a test holds the two together.

use tulay_core::{Assumption, Channel, Operation};

pub(crate) const ASSUMPTIONS: &[Assumption] = &[
    Assumption::new("5.1 receivers: name of the list", "the answer's only list of objects")
        .operation(Operation::Institutions),
    Assumption::new("5.2 disbursement: answer", "the members of 6.2, where they occur"),
    Assumption::new("5.2 disbursement: notifyUrl", "taken in the request, as in 6.1"),
    Assumption::new("5.2 disbursement: attach", "at most 92 characters, as in 6.1"),
    Assumption::new("5.2 disbursement: name parts", "acctName is the given name")
        .setting("name_split"),
    Assumption::new("5.2 disbursement: wallet accounts", "a mobile number as 09171234567"),
    Assumption::new("receivingBank spellings", "the directory's name, but for three known rows")
        .setting("institutions"),
    Assumption::new("5.4 query: service", "unified.disburse.query")
        .setting("services.payout_find")
        .operation(Operation::PayoutFind),
    Assumption::new("5.4 query: no such order", "code 565").setting("not_found_codes.payout_find"),
    Assumption::new("5.5 notification: members", "those of 6.3 without the payer's")
        .operation(Operation::Notification),
    Assumption::new("5.5 and 5.4: names of the rail's error", "errorCode, errorMessage"),
    Assumption::new("5.6 balance: service", "unified.disburse.inquireBalance")
        .setting("services.balance")
        .operation(Operation::Balance),
    Assumption::new("5.6 balance: member", "balance, in centavos").setting("balance_member"),
    Assumption::new("5.3 Starpay to Starpay", "5.2 without receivingBank, pay.starpay.disburse")
        .setting("services.payout_provider_account")
        .operation(Operation::Payout)
        .channel(Channel::ProviderAccount),
    Assumption::new("5.7 scan QR", "qrCode in; qrType, trxAmount and acctName out")
        .setting("services.inspect")
        .operation(Operation::QrInspection),
    Assumption::new("5.8 pay P2M QR", "5.2 with qrCode instead of account, bank and names")
        .setting("services.payout_qr_merchant")
        .operation(Operation::Payout)
        .channel(Channel::Qr),
    Assumption::new("5.9 pay P2P QR", "as 5.8")
        .setting("services.payout_qr_person")
        .operation(Operation::Payout)
        .channel(Channel::Qr),
    Assumption::new("6.1 repayment", "the members that client code sends, and codeUrl in return")
        .setting("services.collection")
        .operation(Operation::Collection),
    Assumption::new("6.1 and 6.4: notifyUrl", "may be left out, though all known clients send it"),
    Assumption::new("6.1 repayment: terminal", "511 while its last code is open, 15 minutes")
        .setting("terminal"),
    Assumption::new("6.1 repayment: timeExpire", "Manila time"),
    Assumption::new("6.2 query: no such order", "code 566")
        .setting("not_found_codes.collection_find"),
    Assumption::new("6.4 static QR", "its path is that of 6.1, its service another")
        .setting("services.static_code")
        .operation(Operation::StaticCode),
    Assumption::new("6.5 notification: members", "those of 6.3, with deviceInfo and refNo"),
    Assumption::new("6.6 balance: service", "unified.repayment.inquireBalance, path as 5.6's")
        .setting("services.collection_balance"),
    Assumption::new("6.7 edit status", "originalMsgId, deviceInfo, status ACTIVE or INACTIVE")
        .setting("services.static_code_status")
        .operation(Operation::StaticCodeStatus),
    Assumption::new("6.8 query by RefNo", "refNo in, 6.2's answer out")
        .setting("services.collection_find_by_reference"),
    Assumption::new("6.9 cancel", "originalMsgId in, 6.2's answer out, CLOSE when withdrawn")
        .setting("services.collection_cancel")
        .operation(Operation::CollectionCancel),
    Assumption::new("the code's layout", "acquirer SRCPPHM2XXX (28.01), deviceInfo in 62.07"),
    Assumption::new("the code's merchant", "any of Starpay's, where qr_merchant is not set")
        .setting("qr_merchant"),
    Assumption::new("rejections are signed like other answers", "an unsigned one proves nothing")
        .setting("guarantees.unsigned_rejections"),
    Assumption::new("rejections repeat the msgId they answer", "one without it proves nothing")
        .setting("guarantees.anonymous_rejections"),
    Assumption::new("one msgId never makes two orders (A1)", "for at least 24 hours")
        .setting("guarantees.resend_for"),
    Assumption::new("one exchange is one arrival at the order logic (A2)", "no retry in front"),
    Assumption::new("a code listed as rejection moved nothing (A3)", "and never will"),
    Assumption::new("a permanent rejection depends on content alone (A4)", "412 418 420 426 514"),
    Assumption::new("FAIL seen twice, failure_final_after apart, stays (A5)", "10 minutes")
        .setting("guarantees.failure_final_after"),
];
