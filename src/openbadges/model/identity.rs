//! By what a recipient is recognised without being named (`IdentityObject`).

use super::class::{class, debug_without_content};
use super::enumerations::IdentifierType;

class! {
    /// A recipient's identifier, in clear or hashed. A closed class.
    pub struct IdentityObject {
        kind "IdentityObject"
        required {
            ;
            /// Whether `identity_hash` is a hash (and not the identifier itself).
            hashed: bool,
            /// `sha256$` and the hash in hexadecimal digits, or the identifier itself.
            identity_hash: String,
            /// What kind of identifier it is.
            identity_type: IdentifierType,
        }
        optional {
            /// What was appended to the identifier before hashing.
            salt: String,
        }
        many {}
    }
}

debug_without_content!(IdentityObject);
