//! The journal's form of a collection method.

use crate::{
    ids::InstitutionId, invalid::Invalid, request::CollectionMethod, sensitive::WeChatOpenId,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum StoredMethod {
    Qr,
    VirtualAccount(InstitutionId),
    Redirect(InstitutionId),
    #[serde(rename = "wechat")]
    WeChat {
        open_id: String,
        app_id: String,
    },
}

impl From<&CollectionMethod> for StoredMethod {
    fn from(method: &CollectionMethod) -> Self {
        match method {
            CollectionMethod::Qr => Self::Qr,
            CollectionMethod::VirtualAccount(bank) => Self::VirtualAccount(bank.clone()),
            CollectionMethod::Redirect(institution) => Self::Redirect(institution.clone()),
            CollectionMethod::WeChat { open_id, app_id } => {
                Self::WeChat { open_id: open_id.expose().to_owned(), app_id: app_id.clone() }
            }
        }
    }
}

impl TryFrom<StoredMethod> for CollectionMethod {
    type Error = Invalid;
    fn try_from(stored: StoredMethod) -> Result<Self, Invalid> {
        Ok(match stored {
            StoredMethod::Qr => Self::Qr,
            StoredMethod::VirtualAccount(bank) => Self::VirtualAccount(bank),
            StoredMethod::Redirect(institution) => Self::Redirect(institution),
            StoredMethod::WeChat { open_id, app_id } => {
                Self::WeChat { open_id: WeChatOpenId::new(open_id)?, app_id }
            }
        })
    }
}
