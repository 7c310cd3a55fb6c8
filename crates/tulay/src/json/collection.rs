//! Collection requests, and how a payer is to pay.

use super::{
    ExtrasJson, PartyJson, RequestErrors, Text,
    members::json_object,
    reader::{Reader, extras_of, given},
};
use jiff::Timestamp;
use tulay_core::{
    Channel, CollectionMethod, CollectionRequest, Country, Invalid, Terminal, WeChatOpenId, text,
};

json_object! {
    /// A collection request as JSON.
    ///
    /// ```
    /// use tulay::{CollectionRequest, json::{self, CollectionRequestJson}};
    /// let body = br#"{
    ///     "reference": "SALE-1", "country": "PH", "amount": "350.00", "currency": "PHP",
    ///     "method": "qr", "payer": {"name": "Ana Reyes", "mobile": "09171234567"}
    /// }"#;
    /// let request = CollectionRequest::try_from(json::from_slice::<CollectionRequestJson>(body)?)?;
    /// assert_eq!(request.reference.as_str(), "SALE-1");
    /// # Ok::<_, tulay::json::RequestErrors>(())
    /// ```
    CollectionRequestJson {
        ..method: MethodJson,
        /// The application's name for the collection, unique for ever.
        reference: Option<Text>,
        /// `PH`: the country it is paid in.
        country: Option<Text>,
        /// `350.00`: what the payer pays.
        amount: Option<Text>,
        /// `PHP`.
        currency: Option<Text>,
        /// The payer.
        payer: PartyJson,
        /// The terminal: a checkout counter or shop window.
        terminal: Option<Text>,
        /// The merchant's name as the payer sees it.
        display_name: Option<Text>,
        /// `2026-11-20T10:00:00Z`: until when it can be paid.
        expires: Option<Text>,
        /// The address that the payer's browser is sent to afterwards.
        return_url: Option<Text>,
        /// A remark; limits are the provider's.
        remark: Option<Text>,
        /// What one adapter needs: `{"acme.purpose":"…"}`.
        extras: ExtrasJson,
    }
}

json_object! {
    /// How a payer is to pay, as JSON.
    MethodJson {
        /// `qr`, `virtual-account`, `redirect` or `wechat`.
        method: Option<Text>,
        /// The bank or wallet of a virtual account or page: its neutral id, or exactly one of its
        /// names.
        institution: Option<Text>,
        /// The payer's WeChat id, for `wechat`.
        open_id: Option<Text>,
        /// The merchant's WeChat application, for `wechat`.
        app_id: Option<Text>,
    }
}

impl TryFrom<CollectionRequestJson> for CollectionRequest {
    type Error = RequestErrors;

    /// # Errors
    /// Every member that does not fit. Nothing was sent.
    fn try_from(json: CollectionRequestJson) -> Result<Self, RequestErrors> {
        Reader::read(|reader| read(&json, reader))
    }
}

fn read(json: &CollectionRequestJson, reader: &mut Reader) -> Option<CollectionRequest> {
    let reference = reader.reference(&json.reference);
    let country = reader.required("country", &json.country, text::country);
    let currency = reader.required("currency", &json.currency, text::currency);
    let amount = reader.amount("amount", &json.amount, currency);
    let method = json.method.read_with(reader, country);
    let payer = reader.within("payer.", |reader| json.payer.read_with(reader, country));
    let terminal = reader.optional("terminal", &json.terminal, |text| Terminal::new(text));
    let expires = reader.optional("expires", &json.expires, |text| {
        let expected = |_| Invalid::new("expires", "an instant such as 2026-11-20T10:00:00Z");
        text.parse::<Timestamp>().map_err(expected)
    });
    let return_url = reader.optional("return_url", &json.return_url, return_url);
    let display_name = reader.line("display_name", &json.display_name);
    let remark = reader.line("remark", &json.remark);
    let extras = reader.extras(&json.extras.0);
    let mut request =
        CollectionRequest::new(reference?, country?, amount?, method?).with_payer(payer);
    request.terminal = terminal;
    request.display_name = display_name;
    request.expires = expires;
    request.return_url = return_url;
    request.remark = remark;
    request.extras = extras;
    Some(request)
}

/// An absolute address that a browser can be sent to, as it is written.
fn return_url(text: &str) -> Result<String, Invalid> {
    let absolute = |uri: &http::Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    };
    match text.parse() {
        Ok(uri) if absolute(&uri) => Ok(text.to_owned()),
        _ => Err(Invalid::new(
            "return_url",
            "an absolute address, such as https://shop.example.com/thanks",
        )),
    }
}

impl From<&CollectionRequest> for CollectionRequestJson {
    fn from(request: &CollectionRequest) -> Self {
        Self {
            reference: Some(request.reference.as_str().into()),
            country: Some(request.country.as_str().into()),
            amount: Some(request.amount.amount_text().into()),
            currency: Some(request.amount.currency().as_str().into()),
            method: MethodJson::from(&request.method),
            payer: PartyJson::from(&request.payer),
            terminal: request.terminal.as_ref().map(|terminal| terminal.as_str().into()),
            display_name: request.display_name.as_deref().map(Text::from),
            expires: request.expires.map(|at| at.to_string().into()),
            return_url: request.return_url.as_deref().map(Text::from),
            remark: request.remark.as_deref().map(Text::from),
            extras: ExtrasJson(extras_of(&request.extras)),
        }
    }
}

impl MethodJson {
    pub(super) fn read_with(
        &self,
        reader: &mut Reader,
        country: Option<Country>,
    ) -> Option<CollectionMethod> {
        let channel = reader.required("method", &self.method, channel)?;
        let names_one = matches!(channel, Channel::VirtualAccount | Channel::Redirect);
        if !names_one && self.institution.as_ref().is_some_and(|text| !text.expose().is_empty()) {
            let message = format!("not supported here: {channel} names no institution");
            reader.refuse("institution", message);
        }
        let institution = |reader: &mut Reader| {
            reader.required("institution", &self.institution, |text| {
                text::institution_or_id(text, country)
            })
        };
        match channel {
            Channel::VirtualAccount => institution(reader).map(CollectionMethod::VirtualAccount),
            Channel::Redirect => institution(reader).map(CollectionMethod::Redirect),
            Channel::InApp => {
                let open_id =
                    reader.required("open_id", &self.open_id, |text| WeChatOpenId::new(text));
                let app_id =
                    reader.required("app_id", &self.app_id, |text| text::line("app_id", text));
                Some(CollectionMethod::WeChat { open_id: open_id?, app_id: app_id? })
            }
            _ => Some(CollectionMethod::Qr),
        }
    }
}

impl From<&CollectionMethod> for MethodJson {
    fn from(method: &CollectionMethod) -> Self {
        let institution = match method {
            CollectionMethod::VirtualAccount(id) | CollectionMethod::Redirect(id) => {
                Some(id.as_str().into())
            }
            _ => None,
        };
        let (open_id, app_id) = match method {
            CollectionMethod::WeChat { open_id, app_id } => {
                (Some(open_id.expose().into()), Some(app_id.as_str().into()))
            }
            _ => (None, None),
        };
        Self { method: method_name(method.channel()).map(Text::from), institution, open_id, app_id }
    }
}

const METHODS: [(&str, Channel); 4] = [
    ("qr", Channel::Qr),
    ("virtual-account", Channel::VirtualAccount),
    ("redirect", Channel::Redirect),
    ("wechat", Channel::InApp),
];

/// The channel that a method goes through.
pub(super) fn channel(method: &str) -> Result<Channel, Invalid> {
    let known = METHODS.iter().find(|(name, _)| *name == method);
    known
        .map(|(_, channel)| *channel)
        .ok_or_else(|| Invalid::new("method", "one of qr, virtual-account, redirect, wechat"))
}

/// The name of the method that goes through a channel.
pub(super) fn method_name(channel: Channel) -> Option<&'static str> {
    METHODS.iter().find(|(_, known)| *known == channel).map(|(name, _)| *name)
}

/// The channel's method, where the text is there.
pub(super) fn optional_channel(reader: &mut Reader, text: &Option<Text>) -> Option<Channel> {
    given(text)?;
    reader.optional("method", text, channel)
}
