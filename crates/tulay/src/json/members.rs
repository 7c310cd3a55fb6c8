//! How the request types are declared.

/// Declares a JSON object: members that are absent are left out, unknown ones are refused.
macro_rules! json_object {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $member:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[$doc])*
                #[serde(skip_serializing_if = "crate::json::members::is_absent")]
                pub $member: $type,
            )*
        }

        impl $name {
            /// The names of its members.
            pub const MEMBERS: &[&str] = &[$(stringify!($member)),*];
        }
    };
}

pub(crate) use json_object;

pub(crate) fn is_absent<T: Default + PartialEq>(member: &T) -> bool {
    *member == T::default()
}
