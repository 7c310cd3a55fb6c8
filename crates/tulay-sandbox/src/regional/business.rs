//! One signed request: checked, carried out, answered.

use super::{
    Regional,
    code::Code,
    country::Rules,
    message::{self, Data},
    operation::Operation,
    performed::Performed,
    request::{Envelope, Param},
    state::Transfer,
    triggers::Trigger,
};
use crate::kit::{
    Reply, Trouble, World, another_id, answers::json_text, final_after, locked, troubled,
};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use tulay_core::Money;

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
            if performed.is_err() && world.faults().use_up_ids {
                self.burn(operation, &app_id, &param);
            }
            performed
        });
        match performed {
            Ok(Performed::NeverArrived) => Reply::Lost,
            Ok(Performed::Created(data, trouble)) => troubled(about(data, world), trouble),
            Ok(Performed::Answered(data, trouble)) => {
                troubled(answered(message::success(&lied(data, world))), trouble)
            }
            Ok(Performed::Found(data)) => about(data, world),
            Ok(Performed::Balance(balance)) => {
                answered(message::success(&json!({ "balance": balance })))
            }
            Err(code) => {
                tracing::debug!(code = code.number, "refused");
                answered(Some(message::rejection(code)))
            }
        }
    }

    /// 21002, 21003, 21001, 21004: who is asking.
    fn authenticated(&self, http: &http::Request<Bytes>) -> Result<(String, Envelope), Code> {
        let envelope = Envelope::read(http).ok_or(Code::PARAM)?;
        let app_id = envelope.app_id.clone().ok_or(Code::APP_ID)?;
        let (key, active) = {
            let mut platform = locked(&self.platform);
            let account = platform.account(&app_id)?;
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
            let mut platform = locked(&self.platform);
            let merchant = &platform.account(app_id)?.merchant;
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
        let trouble = transfer.trigger.trouble();
        let order = {
            let mut platform = locked(&self.platform);
            let records = platform.records(app_id)?;
            let is_unheard = trouble == Some(Trouble::LoseFirstRequest)
                || matches!(transfer.trigger, Trigger::RefuseUnheard(_));
            if is_unheard && records.loses(&transfer.mch_order_id) {
                return Ok(Performed::NeverArrived);
            }
            platform.accept(app_id, transfer, world.now())?
        };
        tracing::info!(transaction_id = order.transaction_id, "payout accepted");
        world.wake_after(final_after(trouble, world), format!("{app_id}/{}", order.mch_order_id));
        Ok(Performed::Created(Data::of_creation(&order), trouble))
    }

    fn check(
        &self,
        rules: &'static Rules,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let mch_order_id = param.id("mchOrderId", (1, 32))?;
        let order = locked(&self.platform).records(app_id)?.order(&mch_order_id).cloned();
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
        let mut platform = locked(&self.platform);
        let account = platform.account(app_id)?;
        if !account.merchant.countries.contains(&rules.country) {
            return Err(Code::COUNTRY);
        }
        let units = account.records.balance(rules.country);
        let balance = Money::from_minor(units.saturating_mul(rules.unit), rules.currency);
        Ok(Performed::Balance(balance.amount_text()))
    }

    /// Uses up the ids of what was refused.
    fn burn(&self, operation: Operation, app_id: &str, param: &Param<'_>) {
        let id = |name| param.id(name, (1, 32)).ok();
        let mut platform = locked(&self.platform);
        let Ok(records) = platform.records(app_id) else { return };
        match operation {
            Operation::Transfer(_) => {
                if let (Some(order_id), Some(idempotency_id)) =
                    (id("mchOrderId"), id("idempotencyId"))
                {
                    records.use_up(&order_id, &idempotency_id);
                }
            }
            Operation::Collect(_) | Operation::MakeCode(_) => {
                if let Some(order_id) = id("mchOrderId") {
                    records.use_up_order_id(&order_id);
                }
            }
            Operation::Refund => records.collected.used_refund_ids.extend(id("mchRefundOrderId")),
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
        trigger: Trigger::of(&account),
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
    let row = match &mut data {
        Value::Array(rows) => rows.first_mut(),
        object => Some(object),
    };
    let Some(members) = row.and_then(Value::as_object_mut) else { return data };
    for name in ["amount", "refundAmount", "transactionAmount"] {
        if let Some(amount) = members.get(name).and_then(Value::as_i64)
            && world.take_fault(|faults| &mut faults.wrong_amount)
        {
            members.insert(name.into(), amount.saturating_add(1).into());
        }
    }
    for name in ["mchOrderId", "mchRefundOrderId"] {
        if let Some(id) = members.get(name).and_then(Value::as_str).map(another_id)
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
        data.mch_order_id = another_id(&data.mch_order_id);
    }
    answered(message::success(&data))
}

fn answered(text: Option<String>) -> Reply {
    text.map_or(Reply::Lost, |text| Reply::Answer(json_text(StatusCode::OK, text)))
}
