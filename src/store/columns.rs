//! How our types are columns, in both databases.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Postgres, Sqlite, Type};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};
use uuid::Uuid;

use crate::ids::{
    AchievementId, AchievementVersionId, AuditId, BatchId, CredentialId, IssuerId, KeyId,
    StatusListId, TokenId,
};

/// Rows in one statement: a statement's cost is then mostly its rows' (measured: 12 µs a row instead
/// of 72), and both databases' limits on parameters are far away.
pub(super) const CHUNK: usize = 100;

/// Identifiers are UUID columns (16 bytes in SQLite).
macro_rules! uuid_columns {
    ($($id:ident)*) => {$(
        impl<DB: Database> Type<DB> for $id where Uuid: Type<DB> {
            fn type_info() -> DB::TypeInfo {
                Uuid::type_info()
            }

            fn compatible(column: &DB::TypeInfo) -> bool {
                Uuid::compatible(column)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $id where Uuid: Encode<'q, DB> {
            fn encode_by_ref(&self, to: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.0.encode_by_ref(to)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $id where Uuid: Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                Uuid::decode(value).map(Self)
            }
        }
    )*};
}

uuid_columns! {
    AchievementId AchievementVersionId AuditId BatchId CredentialId IssuerId KeyId StatusListId
    TokenId
}

/// An enumeration that is a text column, one text for each variant; the tables' CHECKs list the same.
macro_rules! text_column {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $name {
            /// As it is written in the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }

        impl<DB: sqlx::Database> sqlx::Type<DB> for $name where str: sqlx::Type<DB> {
            fn type_info() -> DB::TypeInfo {
                str::type_info()
            }

            fn compatible(column: &DB::TypeInfo) -> bool {
                str::compatible(column)
            }
        }

        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $name
        where
            &'static str: sqlx::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                to: &mut DB::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                self.as_str().encode_by_ref(to)
            }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name
        where
            &'r str: sqlx::Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                match <&'r str>::decode(value)? {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(concat!("no ", stringify!($name), " is written like this").into()),
                }
            }
        }
    };
}
pub(super) use text_column;

/// An instant as it is written: to the microsecond in both databases, and in SQLite in UTC and of
/// one length, so that texts sort and compare as instants do.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(pub(super) OffsetDateTime);

const SORTABLE: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

impl<DB: Database> Type<DB> for At
where
    OffsetDateTime: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        OffsetDateTime::type_info()
    }
}

impl Encode<'_, Sqlite> for At {
    fn encode_by_ref(
        &self,
        to: &mut <Sqlite as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        let text = self.0.to_offset(UtcOffset::UTC).format(SORTABLE)?;
        Encode::<Sqlite>::encode(text, to)
    }
}

impl Encode<'_, Postgres> for At {
    fn encode_by_ref(
        &self,
        to: &mut <Postgres as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode_by_ref(&self.0, to)
    }
}
