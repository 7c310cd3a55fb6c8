//! Collections and static codes: checked, carried out, answered.

use super::{
    Regional,
    code::Code,
    country::{Kind, Rules},
    order::{State, payment_id, time},
    payments::{Payment, StaticCode},
    performed::Performed,
    request::Param,
    scheme::pay_data,
    triggers::Trigger,
};
use crate::kit::{World, locked};
use http::Uri;
use jiff::{SignedDuration, civil::Date};
use serde_json::{Value, json};

/// What Create Payment says, dynamic or static.
struct Asked {
    mch_order_id: String,
    channel_code: String,
    kind: Kind,
    remark: Option<String>,
    notify_url: Option<Uri>,
    trigger: Trigger,
    lives: Option<i64>,
}

/// 21002, then 21017, then 21005.
fn asked(
    regional: &Regional,
    rules: &'static Rules,
    app_id: &str,
    param: &Param<'_>,
    is_static: bool,
) -> Result<Asked, Code> {
    let mch_order_id = param.id("mchOrderId", (1, 32))?;
    param.required("customerName", rules.longest_payer)?;
    let email = param.required("email", 128)?;
    let mobile = param.required("mobile", 14)?;
    let channel_code = param.required("channelCode", 64)?;
    let notify_url: Option<Uri> = param.required("notifyUrl", 256)?.parse().ok();
    let redirect_url = param.optional("redirectUrl", 512)?;
    let remark = param.optional("remark", 256)?;
    let ip = param.optional("payerClientIp", 64)?;
    let in_wechat =
        param.optional("wpOpenid", 128)?.is_some() && param.optional("wpAppid", 64)?.is_some();
    let lives = param.optional_number("expireSeconds")?;
    let kind = rules.channel(&channel_code, is_static);
    let is_page = matches!(kind, Some(Kind::Url | Kind::WeChat));
    let wants_redirect = !is_static && (rules.always_returns || is_page);
    let fits = email.contains('@')
        && rules.is_mobile(&mobile)
        && notify_url.is_some()
        && (!wants_redirect || redirect_url.is_some())
        && (channel_code != "TH_WECHAT_URL" || ip.is_some())
        && (kind != Some(Kind::WeChat) || in_wechat)
        && lives.is_none_or(|lives| (30..=3600).contains(&lives));
    if !fits {
        return Err(Code::PARAM);
    }
    let (open, closed) = {
        let mut platform = locked(&regional.platform);
        let merchant = &platform.account(app_id)?.merchant;
        let closed = merchant.closed_channels.contains(&channel_code);
        (merchant.countries.contains(&rules.country), closed)
    };
    if !open {
        return Err(Code::COUNTRY);
    }
    let kind = kind.filter(|_| !closed).ok_or(Code::CHANNEL)?;
    let trigger = Trigger::of(&mobile);
    Ok(Asked { mch_order_id, channel_code, kind, remark, notify_url, trigger, lives })
}

impl Regional {
    pub(super) fn collect(
        &self,
        rules: &'static Rules,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let asked = asked(self, rules, app_id, param, false)?;
        let amount = param.number("amount")?;
        let (least, most) = rules.collects;
        if amount < least {
            return Err(Code::AMOUNT_INVALID);
        }
        if amount > most {
            return Err(Code::AMOUNT_EXCEEDS);
        }
        if let Trigger::Refuse(code) = asked.trigger {
            return Err(code);
        }
        let mut platform = locked(&self.platform);
        let transaction_id = payment_id(platform.next());
        let (text, metadata) =
            pay_data(rules, asked.kind, Some(amount), &transaction_id).ok_or(Code::SERVER_ERROR)?;
        let records = platform.records(app_id)?;
        records.take_order_id(&asked.mch_order_id)?;
        let now = world.now();
        let payment = Payment {
            app_id: app_id.to_owned(),
            mch_order_id: asked.mch_order_id.clone(),
            transaction_id: transaction_id.clone(),
            rules,
            amount,
            channel_code: asked.channel_code,
            kind: asked.kind,
            pay_data: text.clone(),
            remark: asked.remark,
            notify_url: asked.notify_url,
            state: State::Pending,
            created: now,
            returned: None,
            failure: None,
            trigger: asked.trigger,
            of_code: false,
        };
        records.collected.payments.insert(transaction_id.clone(), payment);
        if let Some(metadata) = &metadata {
            records.collected.metadata.insert(transaction_id.clone(), metadata.clone());
        }
        drop(platform);
        tracing::info!(transaction_id, "payment requested");
        let open_for = asked.lives.map_or(self.settings.open_for, SignedDuration::from_secs);
        world.wake_after(open_for, format!("expiry/{app_id}/{transaction_id}"));
        let mut data = json!({
            "transactionId": transaction_id,
            "payData": text,
            "mchOrderId": asked.mch_order_id,
            "channelType": asked.kind.as_str(),
        });
        if let (Some(members), Some(metadata)) = (data.as_object_mut(), metadata) {
            members.insert("metadata".into(), metadata);
        }
        if let (Some(members), Some(lives)) = (data.as_object_mut(), asked.lives) {
            let until = now.checked_add(SignedDuration::from_secs(lives)).unwrap_or(now);
            members.insert("expiresTime".into(), time(until).into());
        }
        Ok(Performed::Answered(data, asked.trigger.trouble()))
    }

    pub(super) fn query(
        &self,
        rules: &'static Rules,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let mch_order_id = param.id("mchOrderId", (1, 32))?;
        let mut platform = locked(&self.platform);
        let payment = platform.records(app_id)?.collected.payment(&mch_order_id).cloned();
        drop(platform);
        let payment = payment
            .filter(|payment| payment.rules.country == rules.country)
            .filter(|_| !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(self.not_found())?;
        let data = json!({
            "mchOrderId": payment.mch_order_id,
            "transactionId": payment.transaction_id,
            "amount": payment.amount,
            "transactionStatus": payment.state.as_str(),
            "createTime": time(payment.created),
            "returnTime": payment.returned.map(time).unwrap_or_default(),
            "channelCode": payment.channel_code,
            "remark": payment.remark,
            "failedCode": payment.failure.map(|failure| failure.code),
            "failedMessage": payment.failure.map(|failure| failure.message),
        });
        Ok(Performed::Answered(data, None))
    }

    pub(super) fn make_code(
        &self,
        rules: &'static Rules,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let asked = asked(self, rules, app_id, param, true)?;
        let mut platform = locked(&self.platform);
        let seed = payment_id(platform.next());
        let (pay_data, _) = pay_data(rules, asked.kind, None, &seed).ok_or(Code::SERVER_ERROR)?;
        let records = platform.records(app_id)?;
        records.take_order_id(&asked.mch_order_id)?;
        let code = StaticCode {
            app_id: app_id.to_owned(),
            mch_order_id: asked.mch_order_id.clone(),
            rules,
            channel_code: asked.channel_code,
            kind: asked.kind,
            pay_data,
            notify_url: asked.notify_url,
            created: world.now(),
            cancelled: None,
        };
        let data = code_data(&code);
        records.collected.codes.insert(asked.mch_order_id, code);
        Ok(Performed::Answered(data, asked.trigger.trouble()))
    }

    pub(super) fn code_detail(
        &self,
        rules: &'static Rules,
        app_id: &str,
        param: &Param<'_>,
        cancel: bool,
        world: &World,
    ) -> Result<Performed, Code> {
        let mch_order_id = param.id("mchOrderId", (1, 32))?;
        let channel_code = param.required("channelCode", 64)?;
        let not_found = self.not_found();
        let mut platform = locked(&self.platform);
        let code = platform.records(app_id)?.collected.codes.get_mut(&mch_order_id);
        let code = code
            .filter(|code| code.rules.country == rules.country)
            .filter(|code| code.channel_code == channel_code)
            .filter(|_| cancel || !world.take_fault(|faults| &mut faults.hide_orders))
            .ok_or(not_found)?;
        if cancel {
            if code.cancelled.is_some() {
                return Err(Code::CANCEL);
            }
            code.cancelled = Some(world.now());
        }
        Ok(Performed::Answered(code_data(code), None))
    }

    pub(super) fn code_payments(
        &self,
        rules: &'static Rules,
        app_id: &str,
        param: &Param<'_>,
        world: &World,
    ) -> Result<Performed, Code> {
        let mch_order_id = param.id("mchOrderId", (1, 32))?;
        let day = |name| -> Result<Date, Code> {
            param.required(name, 10)?.parse().map_err(|_| Code::PARAM)
        };
        let (from, to) = (day("startDate")?, day("endDate")?);
        let not_found = self.not_found();
        let mut platform = locked(&self.platform);
        let collected = &platform.records(app_id)?.collected;
        let known = collected.codes.get(&mch_order_id);
        known.filter(|code| code.rules.country == rules.country).ok_or(not_found)?;
        let within = |payment: &&Payment| {
            let written = time(payment.created);
            let day = written.get(..10).and_then(|day| day.parse::<Date>().ok());
            payment.of_code
                && payment.mch_order_id == mch_order_id
                && day.is_some_and(|day| (from..=to).contains(&day))
        };
        let rows = collected.payments.values().filter(within).map(|payment| {
            json!({
                "transactionId": payment.transaction_id,
                "channelCode": payment.channel_code,
                "transactionCreateTime": time(payment.created),
                "transactionReturnTime": payment.returned.map(time).unwrap_or_default(),
                "transactionAmount": payment.amount,
                "transactionStatus": payment.state.as_str(),
                "remark": payment.remark,
                "mchOrderId": payment.mch_order_id,
            })
        });
        Ok(Performed::Answered(listed(rows.collect(), world), None))
    }
}

/// A list, unless what is on it is to be hidden.
pub(super) fn listed(rows: Vec<Value>, world: &World) -> Value {
    let hidden = !rows.is_empty() && world.take_fault(|faults| &mut faults.hide_orders);
    Value::Array(if hidden { Vec::new() } else { rows })
}

/// What an answer says of a static code.
fn code_data(code: &StaticCode) -> Value {
    let mut data = json!({
        "mchOrderId": code.mch_order_id,
        "payData": code.pay_data,
        "channelCode": code.channel_code,
        "createTime": time(code.created),
        "status": if code.cancelled.is_some() { "CANCEL" } else { "ACTIVE" },
        "channelType": code.kind.as_str(),
    });
    if let (Some(members), Some(at)) = (data.as_object_mut(), code.cancelled) {
        members.insert("expiresTime".into(), time(at).into());
    }
    data
}
