//! What a credential refers to outside itself: its schema, its successor, its terms.

use super::class::class;

/// The type of a schema by which 1EdTech's validators check a credential.
pub const SCHEMA_VALIDATOR: &str = "1EdTechJsonSchemaValidator2019";
/// The type of 1EdTech's refresh service.
pub const CREDENTIAL_REFRESH: &str = "1EdTechCredentialRefresh";
/// The schema of achievement credentials.
pub const ACHIEVEMENT_CREDENTIAL_SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";
/// The schema of endorsement credentials.
pub const ENDORSEMENT_CREDENTIAL_SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json";

class! {
    /// A schema that the credential follows.
    #[derive(Debug)]
    pub struct CredentialSchema {
        required {
            /// Where the schema is.
            id: String = Uri;
            /// What kind of schema it is.
            #[serde(rename = "type")]
            kind: String = Text,
        }
        optional {}
        many {}
    }
}

impl CredentialSchema {
    /// The Open Badges schema of achievement credentials; needs the extensions context.
    pub fn achievement_credential() -> Self {
        Self::new(ACHIEVEMENT_CREDENTIAL_SCHEMA, SCHEMA_VALIDATOR)
    }
}

class! {
    /// Where a newer version of the credential is found.
    #[derive(Debug)]
    pub struct RefreshService {
        required {
            /// Where to ask.
            id: String = Uri;
            /// How to ask.
            #[serde(rename = "type")]
            kind: String = Text,
        }
        optional {}
        many {}
    }
}

class! {
    /// What the issuer or the holder allows.
    #[derive(Debug)]
    pub struct TermsOfUse {
        required {
            ;
            /// What kind of terms they are.
            #[serde(rename = "type")]
            kind: String = Text,
        }
        optional {
            /// Where the terms are.
            id: String = Uri,
        }
        many {}
    }
}
