//! Requests for static codes.

use super::{
    PartyJson, RequestErrors, Text,
    collection::MethodText,
    members::json_object,
    reader::{Reader, extras_of, plain},
};
use std::collections::BTreeMap;
use tulay_core::{CodeRequest, Country, Currency, Reference, Terminal};

json_object! {
    /// A request for a static code, which is paid again and again, as JSON.
    StaticCodeRequestJson {
        /// The application's name for the code, unique for ever.
        reference: Option<Text>,
        /// `PH`: the country it is paid in.
        country: Option<Text>,
        /// `PHP`: the currency that payers choose their amounts in.
        currency: Option<Text>,
        /// `qr`, `virtual-account`, `redirect` or `wechat`.
        method: Option<Text>,
        /// The bank or wallet of a virtual account or page, by its neutral id.
        institution: Option<Text>,
        /// The payer's WeChat id, for `wechat`.
        open_id: Option<Text>,
        /// The merchant's WeChat application, for `wechat`.
        app_id: Option<Text>,
        /// In whose name it stands.
        holder: PartyJson,
        /// The terminal: a checkout counter or shop window.
        terminal: Option<Text>,
        /// The merchant's name as the payer sees it.
        display_name: Option<Text>,
        /// A remark; limits are the provider's.
        remark: Option<Text>,
        /// What one adapter needs: `{"acme.purpose":"…"}`.
        extras: BTreeMap<String, Text>,
    }
}

impl TryFrom<StaticCodeRequestJson> for CodeRequest {
    type Error = RequestErrors;

    fn try_from(json: StaticCodeRequestJson) -> Result<Self, RequestErrors> {
        Self::try_from(&json)
    }
}

impl TryFrom<&StaticCodeRequestJson> for CodeRequest {
    type Error = RequestErrors;

    /// # Errors
    /// Every member that does not fit. Nothing was sent.
    fn try_from(json: &StaticCodeRequestJson) -> Result<Self, RequestErrors> {
        let mut reader = Reader::new();
        let request = read(json, &mut reader);
        reader.finish(request)
    }
}

fn read(json: &StaticCodeRequestJson, reader: &mut Reader) -> Option<CodeRequest> {
    let reference = reader.required("reference", &json.reference, |text| Reference::new(text));
    let country = reader.required("country", &json.country, Country::new);
    let currency = reader.required("currency", &json.currency, Currency::new);
    let method = MethodText {
        method: json.method.clone(),
        institution: json.institution.clone(),
        open_id: json.open_id.clone(),
        app_id: json.app_id.clone(),
    };
    let method = method.read(reader);
    let holder = reader.within("holder.", |reader| json.holder.read(reader, country));
    let terminal = reader.optional("terminal", &json.terminal, |text| Terminal::new(text));
    let extras = reader.extras(&json.extras);
    let mut request =
        CodeRequest::new(reference?, country?, currency?, method?).with_holder(holder);
    request.terminal = terminal;
    request.display_name = plain(&json.display_name);
    request.remark = plain(&json.remark);
    request.extras = extras;
    Some(request)
}

impl From<&CodeRequest> for StaticCodeRequestJson {
    fn from(request: &CodeRequest) -> Self {
        let MethodText { method, institution, open_id, app_id } = MethodText::from(&request.method);
        Self {
            reference: Some(request.reference.as_str().into()),
            country: Some(request.country.as_str().into()),
            currency: Some(request.currency.as_str().into()),
            method,
            institution,
            open_id,
            app_id,
            holder: PartyJson::from(&request.holder),
            terminal: request.terminal.as_ref().map(|terminal| terminal.as_str().into()),
            display_name: request.display_name.as_deref().map(Text::from),
            remark: request.remark.as_deref().map(Text::from),
            extras: extras_of(&request.extras),
        }
    }
}
