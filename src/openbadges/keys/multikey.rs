//! Multikey: a key as one text, `z` + base58btc of (multicodec prefix ‖ bytes), Controlled
//! Identifiers 1.0 §2.2.2.

use zeroize::Zeroizing;

use super::{Ed25519Public, Ed25519Secret, KeyError, P256Secret, PublicKey, SecretKey};

const ED25519: [u8; 2] = [0xed, 0x01];
const P256: [u8; 2] = [0x80, 0x24];
const P384: [u8; 2] = [0x81, 0x24];
const ED25519_SECRET: [u8; 2] = [0x80, 0x26];
const P256_SECRET: [u8; 2] = [0x86, 0x26];

/// The longest text read: base58 costs the square of its length, and the longest key has 70.
const MAX_CHARS: usize = 128;

impl PublicKey {
    /// As a Multikey's `publicKeyMultibase`; `None` for RSA, which no Multikey holds.
    pub fn to_multikey(&self) -> Option<String> {
        match self {
            Self::Ed25519(key) => Some(encode_ed25519(key)),
            Self::P256(key) => Some(encode(P256, &key.compressed())),
            Self::P384(key) => Some(encode(P384, &key.compressed())),
            Self::Rsa(_) => None,
        }
    }

    /// From a `publicKeyMultibase`.
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let (prefix, bytes) = decode(text)?;
        match prefix {
            ED25519 => Ed25519Public::from_bytes(exactly(&bytes, "Ed25519")?).map(Self::Ed25519),
            P256 => Self::p256(exactly::<33>(&bytes, "P-256")?),
            P384 => Self::p384(exactly::<49>(&bytes, "P-384")?),
            _ => Err(KeyError::UnknownMulticodec),
        }
    }
}

impl SecretKey {
    /// From a `secretKeyMultibase`, as published test vectors and other software export it.
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        let (prefix, bytes) = decode(text)?;
        let secret = |kind| exactly::<32>(&bytes, kind).copied().map(Zeroizing::new);
        match prefix {
            ED25519_SECRET => Ok(Self::Ed25519(Ed25519Secret::from_bytes(&secret(
                "Ed25519 private",
            )?))),
            P256_SECRET => P256Secret::from_bytes(&secret("P-256 private")?).map(Self::P256),
            _ => Err(KeyError::UnknownMulticodec),
        }
    }
}

/// An Ed25519 key as `z6Mk…`; unlike other keys it always has this form.
pub fn encode_ed25519(key: &Ed25519Public) -> String {
    encode(ED25519, key.as_bytes())
}

fn encode(prefix: [u8; 2], bytes: &[u8]) -> String {
    format!("z{}", bs58::encode([&prefix, bytes].concat()).into_string())
}

fn decode(text: &str) -> Result<([u8; 2], Zeroizing<Vec<u8>>), KeyError> {
    let digits = text.strip_prefix('z').filter(|_| text.len() <= MAX_CHARS);
    let mut bytes = bs58::decode(digits.ok_or(KeyError::NotBase58)?)
        .into_vec()
        .map(Zeroizing::new)
        .map_err(
            // The library's error quotes the text, which may be a private key.
            |_| KeyError::NotBase58,
        )?;
    let prefix = *bytes.first_chunk().ok_or(KeyError::UnknownMulticodec)?;
    bytes.drain(..prefix.len());
    Ok((prefix, bytes))
}

fn exactly<'a, const N: usize>(
    bytes: &'a [u8],
    kind: &'static str,
) -> Result<&'a [u8; N], KeyError> {
    bytes.try_into().map_err(|_| KeyError::Length {
        kind,
        expected: N,
        found: bytes.len(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // VC-DI-EDDSA appendix B, `TestVectors/keyPair.json`.
    const PUBLIC: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    const SECRET: &str = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";
    // The did:key specification, §2.1 and §3 (did:key:zDn…, did:key:z82…).
    const P256_KEY: &str = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";
    const P384_KEY: &str =
        "z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9";

    #[test]
    fn published_keys_come_and_go_unchanged() {
        for text in [PUBLIC, P256_KEY, P384_KEY] {
            assert_eq!(
                PublicKey::from_multikey(text)
                    .unwrap()
                    .to_multikey()
                    .unwrap(),
                text
            );
        }
    }

    #[test]
    fn the_published_secret_key_is_that_of_the_published_public_key() {
        let secret = SecretKey::from_multikey(SECRET).unwrap();
        assert_eq!(secret.public().to_multikey().unwrap(), PUBLIC);
    }

    #[test]
    fn each_way_of_being_no_key_is_named() {
        let base64url = format!("u{}", &PUBLIC[1..]);
        assert_eq!(
            PublicKey::from_multikey(&base64url),
            Err(KeyError::NotBase58)
        );
        assert_eq!(PublicKey::from_multikey("z0OIl"), Err(KeyError::NotBase58));
        assert_eq!(
            PublicKey::from_multikey(&"z1".repeat(500)),
            Err(KeyError::NotBase58)
        );
        assert_eq!(
            PublicKey::from_multikey("z"),
            Err(KeyError::UnknownMulticodec)
        );
        assert_eq!(
            PublicKey::from_multikey(SECRET),
            Err(KeyError::UnknownMulticodec)
        );
        assert_eq!(
            SecretKey::from_multikey(PUBLIC).map(drop),
            Err(KeyError::UnknownMulticodec)
        );
        let short = encode(ED25519, &[1; 31]);
        let refused = Err(KeyError::Length {
            kind: "Ed25519",
            expected: 32,
            found: 31,
        });
        assert_eq!(PublicKey::from_multikey(&short), refused);
        let uncompressed = encode(P256, &[4; 65]);
        assert!(matches!(
            PublicKey::from_multikey(&uncompressed),
            Err(KeyError::Length { .. })
        ));
        let off_curve = encode(P256, &[&[2][..], &[0xff; 32]].concat());
        let refused = Err(KeyError::NotAPoint { kind: "P-256" });
        assert_eq!(PublicKey::from_multikey(&off_curve), refused);
    }

    proptest! {
        #[test]
        fn never_panics(text in "z?[1-9A-HJ-NP-Za-km-z0-9é]{0,140}") {
            drop(PublicKey::from_multikey(&text));
            drop(SecretKey::from_multikey(&text));
        }

        #[test]
        fn never_panics_on_any_bytes(
            prefix in prop::sample::select(&[ED25519, P256, P384][..]),
            bytes in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            if let Ok(key) = PublicKey::from_multikey(&encode(prefix, &bytes)) {
                prop_assert_eq!(key.to_multikey(), Some(encode(prefix, &bytes)));
            }
        }
    }
}
