//! Requests for static codes.

use super::{
    ExtrasJson, MethodJson, PartyJson, RequestErrors, Text,
    members::json_object,
    reader::{Reader, extras_of},
};
use tulay_core::{StaticCodeRequest, Terminal, text};

json_object! {
    /// A request for a static code, which is paid again and again, as JSON.
    StaticCodeRequestJson {
        ..method: MethodJson,
        /// The application's name for the code, unique for ever.
        reference: Option<Text>,
        /// `PH`: the country it is paid in.
        country: Option<Text>,
        /// `PHP`: the currency that payers choose their amounts in.
        currency: Option<Text>,
        /// In whose name it stands.
        holder: PartyJson,
        /// The terminal: a checkout counter or shop window.
        terminal: Option<Text>,
        /// The merchant's name as the payer sees it.
        display_name: Option<Text>,
        /// A remark; limits are the provider's.
        remark: Option<Text>,
        /// What one adapter needs: `{"acme.purpose":"…"}`.
        extras: ExtrasJson,
    }
}

impl TryFrom<StaticCodeRequestJson> for StaticCodeRequest {
    type Error = RequestErrors;

    /// # Errors
    /// Every member that does not fit. Nothing was sent.
    fn try_from(json: StaticCodeRequestJson) -> Result<Self, RequestErrors> {
        Reader::read(|reader| read(&json, reader))
    }
}

fn read(json: &StaticCodeRequestJson, reader: &mut Reader) -> Option<StaticCodeRequest> {
    let reference = reader.reference(&json.reference);
    let country = reader.required("country", &json.country, text::country);
    let currency = reader.required("currency", &json.currency, text::currency);
    let method = json.method.read_with(reader, country);
    let holder = reader.within("holder.", |reader| json.holder.read_with(reader, country));
    let terminal = reader.optional("terminal", &json.terminal, |text| Terminal::new(text));
    let display_name = reader.line("display_name", &json.display_name);
    let remark = reader.line("remark", &json.remark);
    let extras = reader.extras(&json.extras.0);
    let mut request =
        StaticCodeRequest::new(reference?, country?, currency?, method?).with_holder(holder);
    request.terminal = terminal;
    request.display_name = display_name;
    request.remark = remark;
    request.extras = extras;
    Some(request)
}

impl From<&StaticCodeRequest> for StaticCodeRequestJson {
    fn from(request: &StaticCodeRequest) -> Self {
        Self {
            reference: Some(request.reference.as_str().into()),
            country: Some(request.country.as_str().into()),
            currency: Some(request.currency.as_str().into()),
            method: MethodJson::from(&request.method),
            holder: PartyJson::from(&request.holder),
            terminal: request.terminal.as_ref().map(|terminal| terminal.as_str().into()),
            display_name: request.display_name.as_deref().map(Text::from),
            remark: request.remark.as_deref().map(Text::from),
            extras: ExtrasJson(extras_of(&request.extras)),
        }
    }
}
