//! What this adapter takes for true without the provider's word. The README's table says the
//! same for readers; a test holds the two together.

use tulay_core::{Assumption, Channel, Country, Operation};

pub(crate) const ASSUMPTIONS: &[Assumption] = &[
    Assumption::new("base_url: one host for all countries", "the hosts of the developer site")
        .setting("base_url"),
    Assumption::new("2.1.1 payout: idempotencyId", "letters and digits; the same as mchOrderId"),
    Assumption::new("2.1.1 payout: transferCode", "a bank's BIC8, a wallet's brand in capitals")
        .setting("institutions.PH")
        .operation(Operation::Payout)
        .country(Country::PH),
    Assumption::new("3.1.1 payout: transferCode", "the brand in capitals, as CIMB is")
        .setting("institutions.ID")
        .operation(Operation::Payout)
        .country(Country::ID),
    Assumption::new("3.1.1 payout: wallets", "EWALLET, to a mobile number as 0812345678")
        .setting("pay_methods.wallet")
        .country(Country::ID),
    Assumption::new("4.1.1 payout: path and members", "those of 2.1.1, in sen")
        .setting("paths.payout")
        .operation(Operation::Payout)
        .country(Country::MY),
    Assumption::new("4.1.1 payout: transferCode", "a bank's BIC8, a wallet's brand in capitals")
        .setting("institutions.MY")
        .operation(Operation::Payout)
        .country(Country::MY),
    Assumption::new("5.1.1 payout: path and members", "as 2.1.1; members of the Thai edition")
        .setting("paths.payout")
        .operation(Operation::Payout)
        .country(Country::TH),
    Assumption::new("5.1.1 payout: transferCode", "a bank's BIC8, a wallet's brand in capitals")
        .setting("institutions.TH")
        .operation(Operation::Payout)
        .country(Country::TH),
    Assumption::new("5.1.1 payout: NATID", "an identity number of 13 digits"),
    Assumption::new("2.1.2, 3.1.2 look-up: path", "/open-api/{country}/disbursement/check")
        .setting("paths.payout_find")
        .operation(Operation::PayoutFind),
    Assumption::new("2.1.2, 3.1.2 look-up: no such payout", "21006, or 21010 \"… not found\"")
        .setting("not_found_codes.payout_find"),
    Assumption::new("2.2.2 look-up: no such collection", "21006, or 21010 \"… not found\"")
        .setting("not_found_codes.collection_find"),
    Assumption::new("2.3.2 detail of a code: no such code", "21006, or 21010 \"… not found\"")
        .setting("not_found_codes.static_code_find"),
    Assumption::new("7.2 refunds: no such payment", "21006, or 21010 \"… not found\"")
        .setting("not_found_codes.refund_find"),
    Assumption::new("2.2.1 collection: channelCode", "all but PH_QRPH_DYNAMIC and PH_GCASH_URL")
        .setting("channels.PH"),
    Assumption::new("2.2.1 collection: a shop's counter", "PH_7ELEVEN_VA")
        .setting("channels.PH")
        .operation(Operation::Collection)
        .country(Country::PH)
        .channel(Channel::VirtualAccount),
    Assumption::new("3.2.1 collection: channelCode", "all but ID_BCA_VA").setting("channels.ID"),
    Assumption::new("3.2.1 collection: QR code", "ID_QRIS")
        .setting("channels.ID")
        .operation(Operation::Collection)
        .country(Country::ID)
        .channel(Channel::Qr),
    Assumption::new("4.2.1 collection: channelCode", "MY_DUITNOW_DYNAMIC")
        .setting("channels.MY")
        .operation(Operation::Collection)
        .country(Country::MY)
        .channel(Channel::Qr),
    Assumption::new(
        "5.2.1 collection: path, members and channelCode",
        "as 2.2.1; WeChat as in the Thai edition",
    )
    .setting("channels.TH")
    .operation(Operation::Collection)
    .country(Country::TH),
    Assumption::new(
        "6.1.1 collection: path, members and channelCode",
        "as 2.2.1, in kopecks; RU_SBP_QR",
    )
    .setting("channels.RU")
    .operation(Operation::Collection)
    .country(Country::RU),
    Assumption::new(
        "5.2.1 collection: WeChat's call",
        "metadata.wechatpay has the call's parameters",
    ),
    Assumption::new("3.2.2 look-up: path", "/open-api/{country}/payment/query")
        .setting("paths.collection_find")
        .operation(Operation::CollectionFind)
        .country(Country::ID),
    Assumption::new("4.2.2 look-up: path", "/open-api/{country}/payment/query")
        .setting("paths.collection_find")
        .operation(Operation::CollectionFind)
        .country(Country::MY),
    Assumption::new("5.2.2 look-up: path", "/open-api/{country}/payment/query")
        .setting("paths.collection_find")
        .operation(Operation::CollectionFind)
        .country(Country::TH),
    Assumption::new("6.1.2 look-up: path", "/open-api/{country}/payment/query")
        .setting("paths.collection_find")
        .operation(Operation::CollectionFind)
        .country(Country::RU),
    Assumption::new(
        "2.3.3, 3.3.3, 5.3.3 payments of a code: path and rows",
        "/open-api/{country}/static/payment/list",
    )
    .setting("paths.static_code_payments")
    .operation(Operation::StaticCodePayments),
    Assumption::new(
        "2.3.2, 3.3.2, 5.3.2 detail of a code: path and members",
        "/open-api/{country}/static/code/detail",
    )
    .setting("paths.static_code_find")
    .operation(Operation::StaticCodeFind),
    Assumption::new("3.3.1 static code: path and members", "as 2.3.1")
        .setting("paths.static_code")
        .operation(Operation::StaticCode)
        .country(Country::ID),
    Assumption::new("5.3.1 static code: path and members", "as 2.3.1")
        .setting("paths.static_code")
        .operation(Operation::StaticCode)
        .country(Country::TH),
    Assumption::new("7.1 refund: path and members", "those of sibling editions")
        .setting("paths.refund")
        .operation(Operation::Refund),
    Assumption::new("7.2 refunds of a payment: path and members", "those of sibling editions")
        .setting("paths.refund_find")
        .operation(Operation::RefundFind),
    Assumption::new("7 refundStatus", "PENDING COMPLETE FAILED CANCEL"),
    Assumption::new("7 codes of refunds", "21402 to 21406 and 21408 moved nothing"),
    Assumption::new("1.2 report: path and members", "those of the Thai edition")
        .setting("paths.report")
        .operation(Operation::Report),
    Assumption::new("2.1.3, 3.1.3 notification: members", "those of sibling editions")
        .operation(Operation::Notification),
    Assumption::new("2.1.3, 3.1.3 notification: whose it is", "any merchant's: each is a hint")
        .setting("guarantees.anonymous_notifications"),
    Assumption::new("failedCode -10007", "the channel timed out; the text is cut"),
    Assumption::new("1.1 balance: unit", "decimal text with a point is in major units"),
    Assumption::new("times without a zone", "at UTC+8; their text is kept").setting("utc_offset"),
    Assumption::new("rejections come with HTTP 200", "by any other status one proves nothing"),
    Assumption::new("rejections are not signed", "TLS alone vouches for them")
        .setting("guarantees.unsigned_rejections"),
    Assumption::new("rejections name no order", "they answer the request they follow")
        .setting("guarantees.anonymous_rejections"),
    Assumption::new("one mchOrderId never makes two orders (A1)", "for at least 24 hours")
        .setting("guarantees.resend_for"),
    Assumption::new("one exchange is one arrival at the order logic (A2)", "no retry in front"),
    Assumption::new("a code listed as rejection moved nothing (A3)", "and never will"),
    Assumption::new(
        "a permanent rejection depends on content alone (A4)",
        "21002 21010 21012 21013 21018 21019",
    ),
    Assumption::new("FAILED seen twice, failure_final_after apart, stays (A5)", "10 minutes")
        .setting("guarantees.failure_final_after"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Line, Profile};
    use tulay_adapter::policy::stands_on;

    #[test]
    fn a_channel_is_said_to_be_assumed_where_every_code_of_it_is() {
        let countries = [Country::ID, Country::MY, Country::PH, Country::RU, Country::TH];
        for profile in countries.into_iter().filter_map(Profile::of) {
            let whole = stands_on(ASSUMPTIONS, Operation::Collection, Some(profile.country));
            for line in profile.collection.lines {
                let said = ASSUMPTIONS.iter().any(|assumption| {
                    assumption.operation == Some(Operation::Collection)
                        && assumption.country == Some(profile.country)
                        && assumption.channel == Some(line.channel)
                });
                let all = Line::all_assumed(profile.collection.lines, line.channel);
                assert_eq!(said, all && !whole, "{} {}", profile.country, line.code);
            }
        }
    }
}
