//! Reports: a link that is good for a while and for one merchant, and the file behind it.

use super::{
    Regional,
    code::Code,
    country::Rules,
    order::{State, time},
    performed::Performed,
    report_link::{Kind, Link},
    request::Param,
};
use crate::kit::{Account, World, answers::typed, locked};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::json;
use tulay_core::Country;

impl Regional {
    /// A link to a day's report, at the address that the request came to, where it says so.
    pub(super) fn report_link(
        &self,
        app_id: &str,
        param: &Param<'_>,
        http: &Request<Bytes>,
        world: &World,
    ) -> Result<Performed, Code> {
        let code = param.required("countryCode", 32)?;
        let rules = Rules::of_code(&code).ok_or(Code::PARAM)?;
        let day = param.required("transDate", 10)?.parse().map_err(|_| Code::PARAM)?;
        let kind = match param.number("transType")? {
            1 if rules.has_payouts() => Kind::Payouts,
            2 => Kind::Payments,
            _ => return Err(Code::PARAM),
        };
        let until = world.now().checked_add(self.settings.report_link_for);
        let until = until.map_err(|_| Code::SERVER_ERROR)?;
        let mut platform = locked(&self.platform);
        if !platform.account(app_id)?.merchant.countries.contains(&rules.country) {
            return Err(Code::COUNTRY);
        }
        let link = Link { app_id: app_id.to_owned(), kind, country: rules.country, day, until };
        let file = link.file();
        // Nobody guesses it who is not meant to read this file, and that is all it has to be.
        let signature = format!(
            "{:032x}",
            u128::from(platform.next()).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
        );
        platform.links.insert(signature.clone(), link);
        let host = http.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let place = host.map_or_else(
            || "https://files.regional.example".to_owned(),
            |host| format!("http://{host}/{}", Self::NAME),
        );
        let until = until.as_second();
        let link = format!("{place}/reports/{file}?Expires={until}&Signature={signature}");
        Ok(Performed::Answered(json!({ "downloadUrl": link }), None))
    }

    /// A day's file, for any caller that has its link. Its columns are not documented: these are the
    /// simulator's own.
    pub(super) fn report(&self, request: &Request<Bytes>, world: &World) -> Response<Bytes> {
        let file = request.uri().path().rsplit('/').next().unwrap_or_default();
        let query = request.uri().query().unwrap_or_default();
        let signature = query.split('&').find_map(|part| part.strip_prefix("Signature="));
        let platform = locked(&self.platform);
        let link = platform.links.get(signature.unwrap_or_default());
        let good = |link: &&Link| link.file() == file && world.now() < link.until;
        let Some(link) = link.filter(good) else {
            let mut answer = Response::new(Bytes::from_static(b"AccessDenied"));
            *answer.status_mut() = StatusCode::FORBIDDEN;
            return answer;
        };
        let mut rows = "mchOrderId,transactionId,amount,transactionStatus\n".to_owned();
        let mut row = |id: &str, transaction: &str, amount: i64, state: State| {
            rows.push_str(&format!("{id},{transaction},{amount},{}\n", state.as_str()));
        };
        let on = |country: Country, at: Timestamp| {
            country == link.country && time(at).starts_with(&link.day.to_string())
        };
        if let Some(Account { records, .. }) = platform.accounts.get(&link.app_id) {
            match link.kind {
                Kind::Payouts => records
                    .orders
                    .values()
                    .filter(|order| on(order.rules.country, order.created))
                    .for_each(|o| row(&o.mch_order_id, &o.transaction_id, o.amount, o.state)),
                Kind::Payments => records
                    .collected
                    .payments
                    .values()
                    .filter(|payment| on(payment.rules.country, payment.created))
                    .for_each(|p| row(&p.mch_order_id, &p.transaction_id, p.amount, p.state)),
            }
        }
        typed(StatusCode::OK, "text/csv", rows.into())
    }
}
