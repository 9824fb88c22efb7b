//! A Data Integrity proof as a credential carries it (made and judged in [`crate::openbadges::proof`]).

use super::class::class;

class! {
    /// A proof. Its texts, also its dates, are kept to the letter: they are part of what was signed.
    #[derive(Debug)]
    pub struct Proof {
        required {
            ;
            /// The kind of proof: `DataIntegrityProof`.
            #[serde(rename = "type")]
            kind: String = Text,
        }
        optional {
            /// Which proof; another names it as its `previousProof`.
            id: String = Uri,
            /// The cryptosuite: `eddsa-rdfc-2022`.
            cryptosuite: String = Text,
            /// When it was made.
            created: String = Text,
            /// Until when it holds.
            expires: String = Text,
            /// The key, as a DID URL or URL.
            verification_method: String = Uri,
            /// What for; `assertionMethod` on a credential.
            proof_purpose: String = Text,
            /// The signature.
            proof_value: String = Text,
            /// For whom it was made.
            domain: String = Text,
            /// What that party asked to be repeated.
            challenge: String = Text,
            /// A value that makes the proof unlike others.
            nonce: String = Text,
        }
        many {}
    }
}
