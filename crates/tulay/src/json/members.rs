//! How the request types are declared.

/// Declares a JSON object: absent members are left out, unknown ones are refused, and an array
/// does not stand for it.
macro_rules! json_object {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $member:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
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

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> serde::de::Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<$name, A::Error> {
                        use serde::de::Error;
                        let (mut object, mut seen) = ($name::default(), Vec::new());
                        while let Some(name) = map.next_key::<String>()? {
                            match name.as_str() {
                                $(stringify!($member) if seen.contains(&stringify!($member)) => {
                                    return Err(A::Error::duplicate_field(stringify!($member)));
                                }
                                stringify!($member) => {
                                    seen.push(stringify!($member));
                                    let value = map.next_value::<Option<$type>>()?;
                                    object.$member = value.unwrap_or_default();
                                })*
                                other => {
                                    return Err(A::Error::unknown_field(other, $name::MEMBERS));
                                }
                            }
                        }
                        Ok(object)
                    }
                }

                deserializer.deserialize_map(Members)
            }
        }
    };
}

pub(crate) use json_object;

pub(crate) fn is_absent<T: Default + PartialEq>(member: &T) -> bool {
    *member == T::default()
}
