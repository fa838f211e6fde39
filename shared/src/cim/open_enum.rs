//! `open_enum!`: a list of known names, open to those that nobody has thought of yet.
//!
//! A name outside the list is kept in `Other` and written back letter for letter. With `any_case`, known names are
//! recognised in any mixture of case and written in their canonical spelling; without it, case matters.
//! `| "OLD_NAME"` after a name lists older spellings that are read as that name. Serde derives neither.

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
            pub const KNOWN: &'static [Self] = &[$( Self::$variant, )*];

            /// The name as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $wire, )*
                    Self::Other(name) => name,
                }
            }

            /// Reads a name; an unknown one is kept.
            pub fn parse(name: &str) -> Self {
                Self::from(name.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                const OLDER: &[(&str, $name)] = &[$( $( ($alias, $name::$variant), )* )*];
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

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(Self::from)
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
