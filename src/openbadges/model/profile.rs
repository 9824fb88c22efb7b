//! People and organisations: issuers, creators, sources.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use super::class::{class, debug_without_content};
use super::enumerations::IdentifierType;
use super::image::Image;
use super::text::Text;

class! {
    /// A person or an organisation.
    pub struct Profile {
        types ["Profile"]
        required {
            /// Who this is: a DID or an https URL; an issuer's keys hang on it.
            id: String = Uri;
        }
        optional {
            /// The name people know it by.
            name: Text = Text,
            /// The home page.
            url: String = Link,
            /// A telephone number.
            phone: Text = Text,
            /// What it does.
            description: Text = Text,
            /// The logo or portrait.
            image: Image = Class(Image::table),
            /// An address to write to.
            email: String = Text,
            /// The postal address.
            address: Address = Class(Address::table),
            /// Who speaks for the organisation.
            official: Text = Text,
            /// The organisation it belongs to.
            parent_org: Box<Profile> = Class(Profile::table),
            /// A person's family name.
            family_name: Text = Text,
            /// A person's given name.
            given_name: Text = Text,
            /// A person's further given name.
            additional_name: Text = Text,
            /// A person's patronymic.
            patronymic_name: Text = Text,
            /// Written before a person's name: Dr, Pr …
            honorific_prefix: Text = Text,
            /// Written after a person's name.
            honorific_suffix: Text = Text,
            /// Written before the family name: de, van, Le …
            family_name_prefix: Text = Text,
            /// A person's birthday, as `YYYY-MM-DD`.
            date_of_birth: String = Date,
        }
        many {
            /// Other identifiers: SIRET, RNA …
            other_identifier: IdentifierEntry = Class(IdentifierEntry::table),
            /// Endorsements of this profile, exactly as their issuers signed them.
            endorsement: Value = Endorsement,
            /// Endorsements of this profile as VC-JWT.
            endorsement_jwt: String = Jws,
        }
    }
}

class! {
    /// Another identifier of a profile or an achievement. A closed class.
    pub struct IdentifierEntry {
        kind "IdentifierEntry"
        required {
            ;
            /// The identifier itself.
            identifier: String = Text,
            /// What kind of identifier it is.
            identifier_type: IdentifierType = Word(IdentifierType::allows),
        }
        optional {}
        many {}
    }
}

class! {
    /// A postal address.
    pub struct Address {
        types ["Address"]
        required { ; }
        optional {
            /// The country's name.
            address_country: Text = Text,
            /// The country's code (ISO 3166-1 alpha-2): `FR`.
            address_country_code: String = Country,
            /// The region.
            address_region: Text = Text,
            /// The town.
            address_locality: Text = Text,
            /// Street and number.
            street_address: Text = Text,
            /// A post office box.
            post_office_box_number: Text = Text,
            /// The postal code.
            postal_code: Text = Text,
            /// Where it is on the globe.
            geo: GeoCoordinates = Class(GeoCoordinates::table),
        }
        many {}
    }
}

class! {
    /// A place on the globe (WGS 84).
    pub struct GeoCoordinates {
        kind "GeoCoordinates"
        required {
            ;
            /// Degrees north.
            latitude: Number = Number,
            /// Degrees east.
            longitude: Number = Number,
        }
        optional {}
        many {}
    }
}

debug_without_content!(Profile, IdentifierEntry, Address, GeoCoordinates);

/// A profile, or only its identifier. We issue the profile (the public validator wants it).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ProfileRef {
    /// Only who it is.
    Id(String),
    /// All about it.
    Profile(Box<Profile>),
}

impl ProfileRef {
    /// Who it is.
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Profile(profile) => &profile.id,
        }
    }
}

impl From<Profile> for ProfileRef {
    fn from(profile: Profile) -> Self {
        Self::Profile(Box::new(profile))
    }
}
