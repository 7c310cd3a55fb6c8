//! One signed request: checked, carried out, answered.

use super::{
    Starpay,
    code::Code,
    message::{Answer, envelope},
    operation::Operation,
    order::Payee,
    performed::Performed,
    receivers,
    request::Request,
    scan::Scanned,
    state::Disbursement,
    triggers::Trigger,
};
use crate::kit::{
    Reply, Shape, Trouble, World, answers::json_text, final_after, keys, locked, troubled,
};
use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

impl Starpay {
    pub(super) fn business(&self, http: &http::Request<Bytes>, world: &World) -> Reply {
        let Some(request) = Request::read(http) else {
            return self.answered(Answer::new(Code::BAD_REQUEST), world);
        };
        let path = http.uri().path();
        let performed = self
            .authenticate(&request)
            .and_then(|merchant_id| self.perform(path, &merchant_id, &request, world));
        let echoing = |answer: Answer| Answer {
            msg_id: request.text("msgId"),
            mch_id: request.text("mchId"),
            ..answer
        };
        match performed {
            Ok(Performed::NeverArrived) => Reply::Lost,
            Ok(Performed::Answered(answer)) => self.answered(echoing(answer), world),
            Ok(Performed::Ordered(answer, trouble)) => {
                troubled(self.answered(echoing(answer), world), trouble)
            }
            Err(code) => self.answered(echoing(Answer::new(code)), world),
        }
    }

    /// 513, 401, 402: who is asking.
    fn authenticate(&self, request: &Request<'_>) -> Result<String, Code> {
        let merchant_id = request.text("mchId").ok_or(Code::NO_MERCHANT)?;
        let key = locked(&self.platform).account(&merchant_id)?.key.clone();
        let signature = request.signature().ok_or(Code::INVALID_SIGNATURE)?;
        if request.is_signed_by(&key, &signature, self.settings.signed_text) {
            Ok(merchant_id)
        } else {
            Err(Code::SIGNATURE_DOES_NOT_VERIFY)
        }
    }

    /// 414 and on: whether it may be done, and doing it.
    fn perform(
        &self,
        path: &str,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let performed =
            self.permitted(path, merchant_id, request).and_then(|operation| match operation {
                Operation::Receivers => self.list_receivers(merchant_id, request, world),
                Operation::Disburse | Operation::DisburseToOwn | Operation::DisburseToCode(_) => {
                    self.disburse(operation, merchant_id, request, world)
                }
                Operation::Scan => self.scan(merchant_id, request),
                Operation::Repay => self.repay(merchant_id, request, world),
                Operation::Repayment => self.repayment(merchant_id, request, world),
                Operation::RepaymentByReference => {
                    self.repayment_by_reference(merchant_id, request, world)
                }
                Operation::Cancel => self.cancel(merchant_id, request, world),
                Operation::StaticCode => self.static_code(merchant_id, request, world),
                Operation::StaticCodeStatus => self.static_code_status(merchant_id, request),
                Operation::Collected => self.collected(merchant_id, request),
                Operation::Query => self.query(merchant_id, request, world),
                Operation::Balance => self.balance(merchant_id, request),
            });
        if performed.is_err()
            && world.faults().use_up_ids
            && let Ok(message_id) = request.message_id("msgId")
            && let Ok(records) = locked(&self.platform).records(merchant_id)
        {
            records.use_up(&message_id);
        }
        performed
    }

    fn permitted(
        &self,
        path: &str,
        merchant_id: &str,
        request: &Request<'_>,
    ) -> Result<Operation, Code> {
        let merchant = locked(&self.platform).account(merchant_id)?.merchant.clone();
        if !merchant.active {
            return Err(Code::MERCHANT_STATUS);
        }
        let service = request.text("service").unwrap_or_default();
        let operation = Operation::of(path, &service).ok_or(Code::NO_SERVICE)?;
        match operation.collects() {
            true if !merchant.may_collect => Err(Code::NO_REPAYMENT),
            false if !merchant.may_disburse => Err(Code::NO_DISBURSEMENT),
            _ if merchant.closed_services.contains(&service) => Err(Code::NO_PAY_TYPE),
            _ => Ok(operation),
        }
    }

    fn list_receivers(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        self.read(merchant_id, request)?;
        let receivers = Some(receivers::at(world.now(), &self.settings.maintenance));
        Ok(Performed::Answered(Answer { receivers, ..Answer::new(Code::SUCCESS) }))
    }

    fn disburse(
        &self,
        operation: Operation,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let (disbursement, currency) = asked(operation, request)?;
        if currency != "PHP" {
            return Err(Code::UNSUPPORTED_CURRENCY);
        }
        let bank = &disbursement.payee.bank;
        if operation == Operation::Disburse && !receivers::has(bank) {
            return Err(Code::INVALID_BANK);
        }
        let windows = &self.settings.maintenance;
        if windows.iter().any(|window| window.bank == *bank && window.holds(world.now())) {
            return Err(Code::MAINTENANCE);
        }
        let trouble = disbursement.trigger.trouble();
        let order = {
            let mut platform = locked(&self.platform);
            let records = platform.records(merchant_id)?;
            if trouble == Some(Trouble::LoseFirstRequest) && records.loses(&disbursement.message_id)
            {
                return Ok(Performed::NeverArrived);
            }
            platform.accept(merchant_id, disbursement, world.now(), self.settings.payee_interval)?
        };
        tracing::info!(order_no = order.number, "order accepted");
        world
            .wake_after(final_after(trouble, world), format!("{merchant_id}/{}", order.message_id));
        Ok(Performed::Ordered(Answer::about(&order), trouble))
    }

    fn query(
        &self,
        merchant_id: &str,
        request: &Request<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let original = request.message_id("originalMsgId")?;
        self.read(merchant_id, request)?;
        let order = locked(&self.platform).records(merchant_id)?.order(&original).cloned();
        let order = order
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(Code::NO_DISBURSEMENT_ORDER)?;
        let original_msg_id = Some(original);
        Ok(Performed::Answered(Answer { original_msg_id, ..Answer::about(&order) }))
    }

    fn balance(&self, merchant_id: &str, request: &Request<'_>) -> Result<Performed, Code> {
        self.read(merchant_id, request)?;
        let balance = Some(locked(&self.platform).records(merchant_id)?.balance);
        let currency = Some("PHP");
        Ok(Performed::Answered(Answer { balance, currency, ..Answer::new(Code::SUCCESS) }))
    }

    /// Lets a reading through that has a message number of its own.
    pub(super) fn read(&self, merchant_id: &str, request: &Request<'_>) -> Result<(), Code> {
        let message_id = request.message_id("msgId")?;
        let mut platform = locked(&self.platform);
        let records = platform.records(merchant_id)?;
        records.fresh(&message_id)?;
        records.use_up(&message_id);
        Ok(())
    }

    fn answered(&self, mut answer: Answer, world: &World) -> Reply {
        tracing::debug!(code = answer.code, "answered");
        if answer.trx_amount.is_some() && world.take_fault(|faults| &mut faults.wrong_amount) {
            answer.trx_amount = answer.trx_amount.map(|amount| amount + 1);
        }
        if answer.trx_amount.is_some() && world.take_fault(|faults| &mut faults.wrong_order) {
            answer.mistake_order();
        }
        let faults = world.faults();
        let signed = answer.is_success() || faults.sign_rejections;
        match self.sealed("response", &answer, signed, faults.answer_shape, world) {
            Some(text) => Reply::Answer(json_text(StatusCode::OK, text)),
            None => Reply::Lost,
        }
    }

    /// A message in its envelope, signed as it stands there. `None` if it cannot be signed.
    pub(super) fn sealed(
        &self,
        member: &str,
        content: &impl Serialize,
        signed: bool,
        shape: Shape,
        world: &World,
    ) -> Option<String> {
        let text = serde_json::to_string(content).ok()?;
        if !signed {
            return Some(envelope(member, &text, None, shape));
        }
        let signature = world.sign(&self.platform_key, &text)?;
        Some(envelope(member, &text, Some(&keys::encoded(&signature)), shape))
    }
}

/// 412: what a disbursement asks for, and its currency.
fn asked(operation: Operation, request: &Request<'_>) -> Result<(Disbursement, String), Code> {
    let message_id = request.message_id("msgId")?;
    let payee = match operation {
        Operation::DisburseToCode(kind) => {
            let scanned = Scanned::read(request)?;
            let amount = request.amount("trxAmount")?;
            if scanned.kind != kind || scanned.amount.is_some_and(|fixed| fixed != amount) {
                return Err(Code::ILLEGAL_PARAMETER);
            }
            scanned.payee
        }
        _ => {
            let account = request.required("acctNo", 34)?;
            request.required("acctName", 140)?;
            for optional in ["acctMiddleName", "acctLastName"] {
                request.optional(optional, 140)?;
            }
            let bank = match operation {
                Operation::DisburseToOwn => "Starpay".to_owned(),
                _ => request.required("receivingBank", 140)?,
            };
            Payee { account, bank }
        }
    };
    request.optional("attach", 92)?;
    let disbursement = Disbursement {
        message_id,
        trigger: Trigger::of(&payee.account),
        payee,
        amount: request.amount("trxAmount")?,
        notify_url: request.address("notifyUrl")?,
    };
    Ok((disbursement, request.required("currency", 3)?))
}
