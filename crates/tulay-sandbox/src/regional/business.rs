//! One signed request: checked, carried out, answered.

use super::{
    Regional,
    books::Transfer,
    code::Code,
    country::Rules,
    json_answer,
    magic::Magic,
    message::{self, Data, another},
    request::{Envelope, Param},
};
use crate::kit::{Reply, World, locked};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tulay_core::Money;

pub(super) const SLOW: SignedDuration = SignedDuration::from_mins(10);
const LATE: SignedDuration = SignedDuration::from_secs(3);

/// What a path asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Transfer(&'static Rules),
    Check(&'static Rules),
    Collect(&'static Rules),
    Query(&'static Rules),
    MakeCode(&'static Rules),
    CodeDetail(&'static Rules),
    CodePayments(&'static Rules),
    CancelCode(&'static Rules),
    Refund,
    Refunds,
    Balance,
    Report,
}

impl Operation {
    pub(super) fn of(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/open-api/")?;
        match rest {
            "account/balance" => return Some(Self::Balance),
            "payment/refund" => return Some(Self::Refund),
            "refund/payments" => return Some(Self::Refunds),
            "report/download" => return Some(Self::Report),
            _ => {}
        }
        let (word, rest) = rest.split_once('/')?;
        match (Rules::of_word(word)?, rest) {
            (rules, "disbursement/transfer") if rules.has_payouts() => Some(Self::Transfer(rules)),
            (rules, "disbursement/check") if rules.has_payouts() => Some(Self::Check(rules)),
            (rules, "payment/generate") => Some(Self::Collect(rules)),
            (rules, "payment/query") => Some(Self::Query(rules)),
            (rules, "static/payment/generate") if rules.has_codes() => Some(Self::MakeCode(rules)),
            // How these two are spelled is not known: each candidate is answered.
            (rules, "static/code/detail" | "static/code/query" | "static/payment/detail")
                if rules.has_codes() =>
            {
                Some(Self::CodeDetail(rules))
            }
            (rules, "static/payment/list" | "static/payment/query" | "static/code/payments")
                if rules.has_codes() =>
            {
                Some(Self::CodePayments(rules))
            }
            (rules, "static/code/cancel") if rules.cancels => Some(Self::CancelCode(rules)),
            _ => None,
        }
    }
}

/// What a request that was not refused came to.
pub(super) enum Performed {
    Created(Data, Magic),
    Told(Value, Magic),
    Found(Data),
    Balance(String),
    NeverArrived,
}

impl Regional {
    pub(super) fn business(
        &self,
        operation: Operation,
        http: &http::Request<Bytes>,
        world: &World,
    ) -> Reply {
        let performed = self.authenticated(http).and_then(|(app_id, envelope)| {
            let param = Param::read(&envelope.param)?;
            let performed = self.perform(operation, &app_id, &param, http, world);
            if performed.is_err() && world.faults().burn_ids {
                self.burn(operation, &app_id, &param);
            }
            performed
        });
        match performed {
            Ok(Performed::NeverArrived) => Reply::Lost,
            Ok(Performed::Created(data, magic)) => troubled(about(data, world), magic),
            Ok(Performed::Told(data, magic)) => {
                troubled(answered(message::success(&lied(data, world))), magic)
            }
            Ok(Performed::Found(data)) => about(data, world),
            Ok(Performed::Balance(balance)) => {
                answered(message::success(&json!({ "balance": balance })))
            }
            Err(code) => {
                tracing::debug!(code = code.number, "refused");
                answered(Some(message::refusal(code)))
            }
        }
    }

    /// 21002, 21003, 21001, 21004: who is asking.
    fn authenticated(&self, http: &http::Request<Bytes>) -> Result<(String, Envelope), Code> {
        let envelope = Envelope::read(http).ok_or(Code::PARAM)?;
        let app_id = envelope.app_id.clone().ok_or(Code::APP_ID)?;
        let (key, active) = {
            let mut books = locked(&self.books);
            let account = books.account(&app_id)?;
            (account.key.clone(), account.merchant.active)
        };
        if !envelope.is_signed_by(&key) {
            return Err(Code::SIGN);
        }
        if active { Ok((app_id, envelope)) } else { Err(Code::MERCHANT) }
    }

    /// 21008 and on: whether it may be done, and doing it.
    fn perform(
        &self,
        operation: Operation,
        app_id: &str,
        param: &Param<'_>,
        http: &http::Request<Bytes>,
        world: &World,
    ) -> Result<Performed, Code> {
        param.admit_time(&world.honest_times(), self.settings.time_stamp_window)?;
        match operation {
            Operation::Transfer(rules) => self.transfer(rules, app_id, param, world),
            Operation::Check(rules) => self.check(rules, app_id, param, world),
            Operation::Collect(rules) => self.collect(rules, app_id, param, world),
            Operation::Query(rules) => self.query(rules, app_id, param, world),
            Operation::MakeCode(rules) => self.make_code(rules, app_id, param, world),
            Operation::CodeDetail(rules) => self.code_detail(rules, app_id, param, false, world),
            Operation::CodePayments(rules) => self.code_payments(rules, app_id, param, world),
            Operation::CancelCode(rules) => self.code_detail(rules, app_id, param, true, world),
            Operation::Refund => self.refund(app_id, param, world),
            Operation::Refunds => self.refunds(app_id, param, world),
            Operation::Balance => self.balance(app_id, param),
            Operation::Report => self.report_link(app_id, param, http, world),
        }
    }

    fn transfer(
        &self,
        rules: &'static Rules,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let (transfer, pay_method, transfer_code) = asked(rules, param)?;
        let (countries, pay_methods) = {
            let mut books = locked(&self.books);
            let merchant = &books.account(app_id)?.merchant;
            (merchant.countries.clone(), merchant.pay_methods.clone())
        };
        if !countries.contains(&rules.country) {
            return Err(Code::COUNTRY);
        }
        let wants = rules.wants(&pay_method).ok_or(Code::PAY_METHOD)?;
        if !pay_methods.contains(&pay_method.as_str()) {
            return Err(Code::CHANNEL);
        }
        let reached = |code: &String| rules.reaches(&pay_method, code);
        if wants.transfer_code && !transfer_code.as_ref().is_some_and(reached) {
            return Err(Code::TRANSFER_CODE);
        }
        if transfer.amount < rules.least {
            return Err(Code::AMOUNT_INVALID);
        }
        if transfer.amount > rules.most {
            return Err(Code::AMOUNT_EXCEEDS);
        }
        let magic = transfer.magic;
        let order = {
            let mut books = locked(&self.books);
            let account = books.account(app_id)?;
            if magic == Magic::LoseFirstRequest && account.loses(&transfer.mch_order_id) {
                return Ok(Performed::NeverArrived);
            }
            books.accept(app_id, transfer, world.now())?
        };
        tracing::info!(transaction_id = order.transaction_id, "payout accepted");
        let settled_after = if magic == Magic::SettleSlowly { SLOW } else { world.settle_delay() };
        world.wake_after(settled_after, format!("{app_id}/{}", order.mch_order_id));
        Ok(Performed::Created(Data::of_creation(&order), magic))
    }

    fn check(
        &self,
        rules: &'static Rules,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let mch_order_id = param.id("mchOrderId", (1, 32))?;
        let order = locked(&self.books).account(app_id)?.order(&mch_order_id).cloned();
        let not_found = self.not_found();
        let order = order
            .filter(|order| order.rules.country == rules.country)
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(not_found)?;
        Ok(Performed::Found(Data::of_look_up(&order)))
    }

    /// How a look-up says that there is nothing.
    pub(super) fn not_found(&self) -> Code {
        if self.settings.not_found_by_example {
            Code::NOT_FOUND_BY_EXAMPLE
        } else {
            Code::NOT_FOUND
        }
    }

    fn balance(&self, app_id: &str, param: &Param<'_>) -> Result<Performed, Code> {
        let code = param.required("countryCode", 32)?;
        let rules = Rules::of_code(&code).ok_or(Code::PARAM)?;
        let mut books = locked(&self.books);
        let account = books.account(app_id)?;
        if !account.merchant.countries.contains(&rules.country) {
            return Err(Code::COUNTRY);
        }
        let units = account.balance(rules.country);
        let balance = Money::from_minor(units.saturating_mul(rules.unit), rules.currency);
        Ok(Performed::Balance(balance.amount_text()))
    }

    /// Uses up the ids of what was refused.
    fn burn(&self, operation: Operation, app_id: &str, param: &Param<'_>) {
        let id = |name| param.id(name, (1, 32)).ok();
        let mut books = locked(&self.books);
        let Ok(account) = books.account(app_id) else { return };
        match operation {
            Operation::Transfer(_) => {
                if let (Some(order_id), Some(idempotency_id)) =
                    (id("mchOrderId"), id("idempotencyId"))
                {
                    account.use_up(&order_id, &idempotency_id);
                }
            }
            Operation::Collect(_) | Operation::MakeCode(_) => {
                if let Some(order_id) = id("mchOrderId") {
                    account.burn_order_id(&order_id);
                }
            }
            Operation::Refund => account.till.burnt_refunds.extend(id("mchRefundOrderId")),
            // Whoever asks for something uses nothing up.
            _ => {}
        }
    }
}

/// 21002: what a payout asks for, with `payMethodCode` and `transferCode`.
fn asked(
    rules: &'static Rules,
    param: &Param<'_>,
) -> Result<(Transfer, String, Option<String>), Code> {
    let account = param.required("accountNo", 50)?;
    let name = param.optional("accountName", 128)?;
    let mobile = param.optional("mobile", 13)?;
    let pay_method = param.required("payMethodCode", 64)?;
    let transfer_code = param.optional("transferCode", 64)?;
    let account_type = param.optional("accountType", 16)?;
    let tax_id = param.optional("accountTaxId", 50)?;
    let proxy = param.optional("promptpayAccountType", 16)?;
    param.optional("relationship", 50)?;
    // A word that is no pay method is 21019, which is looked at later.
    if let Some(wants) = rules.wants(&pay_method) {
        let kinds = ["INDIVIDUAL", "ORGANIZATION"];
        let is_kind = |kind: &String| kinds.contains(&kind.as_str());
        let fits = (!wants.name || name.is_some())
            && (!wants.mobile || mobile.as_ref().is_some_and(|mobile| rules.is_mobile(mobile)))
            && (!wants.mobile_account || rules.is_mobile(&account))
            && (!wants.transfer_code || transfer_code.is_some())
            && (!wants.identity || account_type.as_ref().is_some_and(is_kind) && tax_id.is_some())
            && (!wants.proxy || is_proxy(rules, proxy.as_deref(), &account));
        if !fits {
            return Err(Code::PARAM);
        }
    }
    if !name.is_none_or(|name| rules.is_name(&name)) {
        return Err(Code::PARAM);
    }
    let transfer = Transfer {
        mch_order_id: param.id("mchOrderId", rules.order_id)?,
        idempotency_id: param.id("idempotencyId", rules.idempotency_id)?,
        rules,
        amount: param.number("amount")?,
        remark: param.optional("remark", 256)?,
        magic: Magic::of(&account),
    };
    Ok((transfer, pay_method, transfer_code))
}

/// Whether an account is what `promptpayAccountType` says it is.
fn is_proxy(rules: &Rules, kind: Option<&str>, account: &str) -> bool {
    match kind {
        Some("NATID") => account.len() == 13 && account.bytes().all(|byte| byte.is_ascii_digit()),
        Some("MSISDN") => rules.is_mobile(account),
        _ => false,
    }
}

/// The answer, unless it is to be a false one. Of a list the first row is.
fn lied(mut data: Value, world: &World) -> Value {
    let told = match &mut data {
        Value::Array(rows) => rows.first_mut(),
        told => Some(told),
    };
    let Some(members) = told.and_then(Value::as_object_mut) else { return data };
    for name in ["amount", "refundAmount", "transactionAmount"] {
        if let Some(amount) = members.get(name).and_then(Value::as_i64)
            && world.take_fault(|faults| &mut faults.wrong_amount)
        {
            members.insert(name.into(), amount.saturating_add(1).into());
        }
    }
    for name in ["mchOrderId", "mchRefundOrderId"] {
        if let Some(id) = members.get(name).and_then(Value::as_str).map(another)
            && world.take_fault(|faults| &mut faults.wrong_order)
        {
            members.insert(name.into(), id.into());
        }
    }
    data
}

/// The answer about an order, unless it is to be a false one.
fn about(mut data: Data, world: &World) -> Reply {
    if data.amount.is_some() && world.take_fault(|faults| &mut faults.wrong_amount) {
        data.amount = data.amount.map(|amount| amount + 1);
    }
    if world.take_fault(|faults| &mut faults.wrong_order) {
        data.mch_order_id = another(&data.mch_order_id);
    }
    answered(message::success(&data))
}

fn answered(text: Option<String>) -> Reply {
    text.map_or(Reply::Lost, |text| Reply::Answer(json_answer(StatusCode::OK, text)))
}

/// What becomes of the answer to a payout that was accepted.
fn troubled(reply: Reply, magic: Magic) -> Reply {
    match (reply, magic) {
        (_, Magic::LoseAnswer) => Reply::Lost,
        (_, Magic::BadGateway) => Reply::Answer(bad_gateway()),
        (Reply::Answer(answer), Magic::HalfAnswer) => Reply::HalfAnswer(answer),
        (Reply::Answer(answer), Magic::AnswerLate) => Reply::Delayed(LATE, answer),
        (reply, _) => reply,
    }
}

fn bad_gateway() -> Response<Bytes> {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let mut answer = Response::new(Bytes::from_static(page.as_bytes()));
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    answer
}
