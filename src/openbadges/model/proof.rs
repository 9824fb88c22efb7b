//! A Data Integrity proof as a credential carries it (made and judged in [`crate::openbadges::proof`]).

use super::class::class;

class! {
    /// A proof. Its texts, also its dates, are kept to the letter: they are part of what was signed.
    #[derive(Debug)]
    pub struct Proof {
        kind "DataIntegrityProof"
        required { ; }
        optional {
            /// Which proof; another names it as its `previousProof`.
            id: String,
            /// The cryptosuite: `eddsa-rdfc-2022`.
            cryptosuite: String,
            /// When it was made.
            created: String,
            /// Until when it holds.
            expires: String,
            /// The key, as a DID URL or URL.
            verification_method: String,
            /// What for; `assertionMethod` on a credential.
            proof_purpose: String,
            /// The signature.
            proof_value: String,
            /// For whom it was made.
            domain: String,
            /// What that party asked to be repeated.
            challenge: String,
            /// A value that makes the proof unlike others.
            nonce: String,
        }
        many {}
    }
}
