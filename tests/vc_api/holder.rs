//! Somebody with a key of their own (a did:key), who signs what they like.

use badgeons::openbadges::canonical::{self, Limits};
use badgeons::openbadges::did;
use badgeons::openbadges::keys::{KeyType, SecretKey};
use badgeons::openbadges::proof::data_integrity::hash_data;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use zeroize::Zeroizing;

pub(super) struct Holder {
    key: SecretKey,
    pub(super) did: String,
}

impl Holder {
    pub(super) fn new(kind: KeyType, seed: u8) -> Self {
        let key = SecretKey::from_bytes(kind, &Zeroizing::new([seed; 32])).unwrap();
        let did = did::key::from_key(&key.public()).unwrap().to_string();
        Self { key, did }
    }

    /// The key's own name.
    pub(super) fn method(&self) -> String {
        format!("{}#{}", self.did, self.did.trim_start_matches("did:key:"))
    }

    /// An `eddsa-rdfc-2022` proof over a document, with other members than usual.
    pub(super) fn proof(&self, document: &Value, members: &Value) -> Value {
        self.proof_as_read(document, document, members)
    }

    /// The same over what a processor reads in place of the document.
    pub(super) fn proof_as_read(&self, document: &Value, read: &Value, members: &Value) -> Value {
        let mut proof = json!({
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-01T00:00:00Z",
            "verificationMethod": self.method(),
            "proofPurpose": "assertionMethod",
        });
        for (name, value) in members.as_object().unwrap() {
            proof[name] = value.clone();
        }
        let mut input = read.clone();
        let previous: Vec<_> = match &proof["previousProof"] {
            Value::String(id) => vec![id.clone()],
            Value::Array(ids) => ids.iter().map(|id| id.as_str().unwrap().into()).collect(),
            _ => vec![],
        };
        let there = match &document["proof"] {
            Value::Array(proofs) => proofs.clone(),
            Value::Null => vec![],
            one => vec![one.clone()],
        };
        let matching: Vec<_> = there
            .into_iter()
            .filter(|proof| previous.iter().any(|id| proof["id"] == **id))
            .collect();
        input.as_object_mut().unwrap().shift_remove("proof");
        if !matching.is_empty() {
            input["proof"] = matching.into();
        }
        proof
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        let mut config = proof.clone();
        config["@context"] = input["@context"].clone();
        let canonical = |value: &Value| canonical::canonicalize(value, &Limits::ISSUE).unwrap();
        let data = hash_data(canonical(&config).as_bytes(), canonical(&input).as_bytes());
        let signature = self.key.sign(&data).unwrap();
        proof["proofValue"] = format!("z{}", bs58::encode(signature).into_string()).into();
        proof
    }

    /// A document with one proof more.
    pub(super) fn signed(&self, mut document: Value, members: &Value) -> Value {
        let proof = self.proof(&document, members);
        document["proof"] = match document["proof"].take() {
            Value::Null => proof,
            Value::Array(mut proofs) => {
                proofs.push(proof);
                proofs.into()
            }
            one => vec![one, proof].into(),
        };
        document
    }

    /// A presentation of credentials, for one domain and challenge.
    pub(super) fn presentation(&self, credentials: &[Value]) -> Value {
        self.presented(json!({
            "@context": [super::V2],
            "type": ["VerifiablePresentation"],
            "holder": self.did,
            "verifiableCredential": credentials,
        }))
    }

    /// A presentation, signed as presentations are.
    pub(super) fn presented(&self, presentation: Value) -> Value {
        let members = json!({
            "proofPurpose": "authentication",
            "domain": super::presenting::DOMAIN,
            "challenge": super::presenting::CHALLENGE,
        });
        self.signed(presentation, &members)
    }

    /// A credential of this very holder.
    pub(super) fn credential(&self) -> Value {
        let credential = json!({
            "@context": [super::V2, super::EXAMPLES],
            "type": ["VerifiableCredential", "AlumniCredential"],
            "issuer": self.did,
            "credentialSubject": {"id": "did:example:subject", "alumniOf": "The School"},
        });
        self.signed(credential, &json!({}))
    }

    /// A JWT with that header beside `alg` and `kid`.
    pub(super) fn jwt(&self, header: &Value, payload: &Value) -> String {
        let mut whole = json!({"alg": self.key.algorithm().name(), "kid": self.method()});
        for (name, value) in header.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let parts = [&whole, payload].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let input = parts.join(".");
        let signature = self.key.sign(input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
