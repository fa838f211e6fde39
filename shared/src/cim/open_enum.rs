//! `open_enum!`: a list of known names, open to those that nobody has thought of yet.
//!
//! A name outside the list is kept in `Other` and written back letter for letter. With `any_case`, known names are
//! recognised in any mixture of case and written in their canonical spelling; without it, case matters.
//! `| "OLD_NAME"` after a name lists older spellings that are read as that name.

macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(: $any_case:ident)? {
            $( $(#[$variant_meta:meta])* $variant:ident = $wire:literal $(| $alias:literal)* ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                #[doc = concat!("`", $wire, "`.")]
                $(#[$variant_meta])*
                $variant,
            )*
            /// A name that this version does not know.
            Other(String),
        }

        impl $name {
            /// Every known name in the order of its source.
            pub const KNOWN: &'static [Self] = &[
                $( Self::$variant, )*
            ];

            /// The name as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $wire, )*
                    Self::Other(name) => name,
                }
            }

            /// Reads a name; an unknown one is kept.
            pub fn parse(name: &str) -> Self {
                Self::parse_owned(name.to_owned())
            }

            fn parse_owned(name: String) -> Self {
                const OLDER: &[(&str, $name)] = &[
                    $( $( ($alias, $name::$variant), )* )*
                ];
                for known in Self::KNOWN {
                    if $crate::cim::open_enum::same!(known.as_str(), &name, $($any_case)?) {
                        return known.clone();
                    }
                }
                for (older, known) in OLDER {
                    if $crate::cim::open_enum::same!(older, &name, $($any_case)?) {
                        return known.clone();
                    }
                }
                Self::Other(name)
            }
        }

        impl Default for $name {
            /// The empty name: what an absent member reads as.
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::cim::decode::Field for $name {
            fn blank() -> Self {
                Self::default()
            }

            fn read(
                value: $crate::json::Value,
                at: &$crate::cim::decode::Path<'_>,
                fault: &mut $crate::cim::decode::Fault,
            ) -> Self {
                Self::parse_owned(<String as $crate::cim::decode::Field>::read(value, at, fault))
            }

            fn write(&self) -> $crate::json::Value {
                $crate::json::Value::String(self.as_str().to_owned())
            }

            fn push_json(&self, out: &mut Vec<u8>) {
                $crate::cim::write::push(out, self.as_str());
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(Self::parse_owned)
            }
        }
    };
}

/// Whether a name on the wire is the known one.
macro_rules! same {
    ($known:expr, $name:expr,) => {
        *$known == *$name
    };
    ($known:expr, $name:expr, any_case) => {
        $known.eq_ignore_ascii_case($name)
    };
}

pub(crate) use {open_enum, same};
