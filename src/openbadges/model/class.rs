//! How a class of the standard becomes a struct: one table in, one struct and its constructor out.
//!
//! Open Badges writes each class as a table of properties with cardinalities; [`class!`] keeps that
//! form. `required` (1) become the arguments of `new`, in order; `optional` (0..1) become
//! `Option`s and `many` (0..*) become `Vec`s, all public, all empty at first. What the table does
//! not know is kept in `extra` and written back, so that reading and writing loses nothing.
//!
//! After each property's Rust type stands its [`Shape`](super::table::Shape): what the
//! rules know of it. They walk the same table, so that struct and rules cannot drift apart.
//!
//! Nothing implements `Default`: a credential is signed, and an empty text would be a statement.

/// Declares one class of the standard. `types [..]` writes `type` as an array, `kind ".."` as a
/// single text; what stands before the `;` is written before the `type`.
macro_rules! class {
    (
        $(#[$class_meta:meta])*
        pub struct $name:ident {
            $( types [$($type:literal),+] )?
            $( kind $kind:literal )?
            required {
                $( $(#[$first_meta:meta])* $first:ident : $first_type:ty = $first_shape:expr ),* ;
                $( $(#[$one_meta:meta])* $one:ident : $one_type:ty = $one_shape:expr ),* $(,)?
            }
            optional { $( $(#[$maybe_meta:meta])* $maybe:ident : $maybe_type:ty = $maybe_shape:expr ),* $(,)? }
            many { $( $(#[$many_meta:meta])* $many:ident : $many_type:ty = $many_shape:expr ),* $(,)? }
        }
    ) => {
        $(#[$class_meta])*
        #[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $( $(#[$first_meta])* pub $first: $first_type, )*
            $(
                #[doc = concat!("`type`: at least ", $("`", $type, "` ",)+ "(IRIs).")]
                #[serde(rename = "type", with = "crate::openbadges::model::many")]
                pub types: Vec<String>,
            )?
            $(
                #[doc = concat!("`type`: `", $kind, "`, one text.")]
                #[serde(rename = "type")]
                pub kind: String,
            )?
            $( $(#[$one_meta])* pub $one: $one_type, )*
            $(
                $(#[$maybe_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $maybe: Option<$maybe_type>,
            )*
            $(
                $(#[$many_meta])*
                #[serde(
                    default,
                    with = "crate::openbadges::model::many",
                    skip_serializing_if = "Vec::is_empty"
                )]
                pub $many: Vec<$many_type>,
            )*
            /// Members the standard does not name, kept as they are.
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            /// With everything that is mandatory, and nothing else.
            #[allow(clippy::new_without_default, reason = "no default for what is signed")]
            #[must_use]
            pub fn new(
                $( $first: impl Into<$first_type>, )*
                $( $one: impl Into<$one_type>, )*
            ) -> Self {
                Self {
                    $( $first: $first.into(), )*
                    $( types: vec![$( $type.to_owned() ),+], )?
                    $( kind: $kind.to_owned(), )?
                    $( $one: $one.into(), )*
                    $( $maybe: None, )*
                    $( $many: Vec::new(), )*
                    extra: serde_json::Map::new(),
                }
            }

            /// What the rules know of this class.
            pub(in crate::openbadges::model) fn table() -> &'static crate::openbadges::model::table::Table {
                #[allow(clippy::enum_glob_use, reason = "a table reads by the bare names")]
                use crate::openbadges::model::table::{Cardinality::*, Member, Shape::*, Table};
                static TABLE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(|| Table {
                    class: stringify!($name),
                    members: vec![
                        $( Member::new(stringify!($first), One, $first_shape), )*
                        $( Member::new("kind", One, Types(&[$($type),+])), )?
                        $( Member::new("kind", One, Kind($kind)), )?
                        $( Member::new(stringify!($one), One, $one_shape), )*
                        $( Member::new(stringify!($maybe), Optional, $maybe_shape), )*
                        $( Member::new(stringify!($many), Many, $many_shape), )*
                    ],
                });
                &TABLE
            }
        }
    };
}

/// Keeps the content of classes that speak about people out of `Debug`, and so out of logs.
macro_rules! debug_without_content {
    ($($name:ident),+ $(,)?) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+ };
}

pub(super) use class;
pub(super) use debug_without_content;
