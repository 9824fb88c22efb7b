//! What is signed, and what is refused (conformance §8.4, §8.5).

use serde_json::{Value, json};

use super::{EXAMPLES, Site, V1, V2, on_site, with};

/// Each variation of the smallest credential is signed, and holds.
async fn all_issued(site: &Site, variations: impl IntoIterator<Item = Value>) {
    for credential in variations {
        let answer = site.issue(&credential).await;
        assert_eq!(answer.status, 201, "{credential}: {answer:?}");
        let issued = answer.json();
        let unsecured = with(issued.clone(), "/proof", Value::Null);
        assert_eq!(unsecured, credential);
        let verified = site.verify(&issued).await;
        assert_eq!(verified.status, 200, "{credential}: {verified:?}");
    }
}

/// Each variation is refused, with a finding at its place.
async fn all_refused(site: &Site, variations: impl IntoIterator<Item = (&str, Value)>) {
    for (pointer, credential) in variations {
        site.issue(&credential).await.assert_refused(pointer);
        let jcs = site.issue_at("eddsa-jcs-2022/credentials/issue", &credential);
        jcs.await.assert_refused(pointer);
    }
}

#[test]
fn the_smallest_credential_is_signed_as_the_suites_read_it() {
    on_site(|site| async move {
        let answer = site.issue(&site.credential()).await;
        let issued = answer.json();
        assert_eq!(answer.headers["cache-control"], "no-store");
        let proof = &issued["proof"];
        assert_eq!(proof["type"], "DataIntegrityProof");
        assert_eq!(proof["cryptosuite"], "eddsa-rdfc-2022");
        assert_eq!(proof["proofPurpose"], "assertionMethod");
        let method = proof["verificationMethod"].as_str().unwrap();
        assert!(method.starts_with("did:key:z6Mk") && method.starts_with(&site.did));
        assert!(proof["proofValue"].as_str().unwrap().starts_with('z'));
        assert!(proof["id"].as_str().unwrap().starts_with("urn:uuid:"));
        assert!(proof.get("@context").is_none());
    });
}

#[test]
fn options_may_be_missing() {
    on_site(|site| async move {
        let path = "/vc-api/credentials/issue";
        for body in [
            json!({"credential": site.credential()}),
            json!({"credential": site.credential(), "options": null}),
            json!({"credential": site.credential(), "options": {"type": "x"}}),
        ] {
            assert_eq!(site.post(path, &body).await.status, 201);
        }
        assert_eq!(site.post(path, &json!({})).await.status, 422);
        assert_eq!(site.post(path, &json!([])).await.status, 422);
        site.issue(&json!("x")).await.assert_refused("");
    });
}

#[test]
fn each_cryptosuite_has_its_path() {
    on_site(|site| async move {
        for suite in ["eddsa-rdfc-2022", "eddsa-jcs-2022"] {
            for credential in [site.credential(), site.credential_1_1()] {
                let path = format!("{suite}/credentials/issue");
                let issued = site.issue_at(&path, &credential).await.json();
                assert_eq!(issued["proof"]["cryptosuite"], suite);
                site.verify(&issued).await.assert_verified();
            }
        }
    });
}

#[test]
fn data_model_1_1_gets_the_words_for_its_proof() {
    on_site(|site| async move {
        let issued = site.issued(&site.credential_1_1()).await;
        let di = "https://w3id.org/security/data-integrity/v2";
        assert_eq!(issued["@context"], json!([V1, di]));
        site.verify(&issued).await.assert_verified();
        let has_it = with(site.credential_1_1(), "/@context", json!([V1, di]));
        assert_eq!(site.issued(&has_it).await["@context"], json!([V1, di]));
        let undated = with(site.credential_1_1(), "/issuanceDate", Value::Null);
        site.issue(&undated).await.assert_refused("/issuanceDate");
    });
}

#[test]
fn contexts() {
    on_site(|site| async move {
        let context = |context| with(site.credential(), "/@context", context);
        all_issued(
            &site,
            [
                json!([V2, EXAMPLES]),
                json!([V2, {"own": "https://example.org/own"}]),
                json!([V2, EXAMPLES, {"own": "https://example.org/own"}]),
            ]
            .map(context),
        )
        .await;
        all_refused(
            &site,
            [
                ("/@context", Value::Null),
                ("/@context/0", json!([EXAMPLES])),
                ("/@context/0", json!([EXAMPLES, V2])),
                ("/@context/1", json!([V2, 7])),
                ("/@context/1", json!([V2, "https ://example.org"])),
                ("/@context/1", json!([V2, "https://example.org/not-pinned"])),
                (
                    "/@context/1/VerifiableCredential",
                    json!([V2, {"VerifiableCredential": "https://example.org/#Bad"}]),
                ),
                (
                    "/@context/1/id",
                    json!([V2, {"id": "https://example.org/id"}]),
                ),
            ]
            .map(|(pointer, value)| (pointer, context(value))),
        )
        .await;
    });
}

#[test]
fn types() {
    on_site(|site| async move {
        let typed = |types| with(site.credential(), "/type", types);
        all_issued(
            &site,
            [
                json!(["https://example.org/#Own", "VerifiableCredential"]),
                json!(["VerifiableCredential", "https://example.org/#Own"]),
                json!("VerifiableCredential"),
            ]
            .map(typed),
        )
        .await;
        let mapped = |to: &str| {
            let credential = typed(json!(["VerifiableCredential", "Own"]));
            with(credential, "/@context", json!([V2, {"Own": to}]))
        };
        all_issued(&site, [mapped("https://example.org/#Own")]).await;
        all_refused(
            &site,
            [
                ("/type", typed(Value::Null)),
                ("/type", typed(json!(["https://example.org/#Own"]))),
                (
                    "/type/1",
                    typed(json!(["VerifiableCredential", "Unmapped"])),
                ),
                ("/@context/1/Own", mapped("no URL")),
            ],
        )
        .await;
    });
}

#[test]
fn identifiers() {
    on_site(|site| async move {
        all_issued(
            &site,
            [
                "urn:uuid:86294362-4254-4f36-854f-3952fe42555d",
                "did:example:1",
                "https://example.org/1",
            ]
            .map(|id| with(site.credential(), "/id", json!(id))),
        )
        .await;
        for at in ["/id", "/credentialSubject/id"] {
            let null = {
                let mut credential = with(site.credential(), at, json!("x"));
                *credential.pointer_mut(at).unwrap() = Value::Null;
                credential
            };
            let wrong = [
                json!("not a url"),
                json!(["did:example:1", "did:example:2"]),
                json!(7),
            ];
            let wrong = wrong.map(|id| with(site.credential(), at, id));
            all_refused(&site, wrong.into_iter().chain([null]).map(|c| (at, c))).await;
        }
    });
}

#[test]
fn names_and_descriptions() {
    on_site(|site| async move {
        let en = json!({"@value": "Alumni", "@language": "en"});
        let directed = json!({"@value": "Alumni", "@language": "en", "@direction": "ltr"});
        let several = json!([en, {"@value": "Anciens", "@language": "fr"}]);
        let extra = json!({"@value": "Alumni", "@language": "en", "url": "did:example:a"});
        let object = with(site.credential(), "/issuer", json!({"id": site.did}));
        for at in [
            "/name",
            "/description",
            "/issuer/name",
            "/issuer/description",
        ] {
            let named = |name: &Value| with(object.clone(), at, name.clone());
            let good = [&json!("Alumni"), &en, &directed, &several].map(named);
            all_issued(&site, good).await;
            all_refused(&site, [(at, named(&extra)), (at, named(&json!(7)))]).await;
        }
    });
}

#[test]
fn issuers() {
    on_site(|site| async move {
        let issuer = |issuer| with(site.credential(), "/issuer", issuer);
        all_issued(&site, [issuer(json!({"id": site.did}))]).await;
        // Nobody has us sign in another's name: whoever is named, the credential says who signed.
        for other in [
            json!("did:example:other"),
            json!({"id": "https://example.org/", "name": "Other"}),
        ] {
            let answer = site.issue(&issuer(other.clone())).await;
            assert_eq!(answer.status, 201, "{other}");
            let told = answer.json()["issuer"].clone();
            assert_eq!(told.get("id").unwrap_or(&told), site.did.as_str());
            assert_eq!(
                told.get("name"),
                None,
                "what is said of the other is not ours"
            );
            assert_eq!(site.verify(&answer.json()).await.status, 200);
            // What others have signed stays as it is.
            let signed = with(answer.json(), "/issuer", other);
            site.issue(&signed).await.assert_refused("/issuer");
        }
        let mut null = site.credential();
        null["issuer"] = Value::Null;
        let mut object_null = issuer(json!({"id": "x"}));
        object_null["issuer"]["id"] = Value::Null;
        all_refused(
            &site,
            [
                ("/issuer", null),
                ("/issuer", issuer(Value::Null)),
                ("/issuer", issuer(json!("not a url"))),
                ("/issuer", issuer(json!(7))),
                ("/issuer/id", issuer(json!({}))),
                ("/issuer/id", object_null),
                ("/issuer/id", issuer(json!({"id": "not a url"}))),
            ],
        )
        .await;
    });
}

#[test]
fn subjects() {
    on_site(|site| async move {
        let subject = |subject| with(site.credential(), "/credentialSubject", subject);
        let named = json!({"name": "Alice"});
        let two = json!([{"id": "did:example:1"}, {"id": "did:example:2", "name": "Alice"}]);
        all_issued(&site, [subject(named), subject(two)]).await;
        all_refused(
            &site,
            [
                ("/credentialSubject", subject(Value::Null)),
                ("/credentialSubject", subject(json!({}))),
                ("/credentialSubject", subject(json!([]))),
                (
                    "/credentialSubject/1",
                    subject(json!([{"id": "did:example:1"}, {}])),
                ),
                ("/credentialSubject", subject(json!("did:example:1"))),
                (
                    "/credentialSubject/undefined",
                    subject(json!({"undefined": "term"})),
                ),
            ],
        )
        .await;
        let old = with(site.credential_1_1(), "/credentialSubject", Value::Null);
        site.issue(&old).await.assert_refused("/credentialSubject");
        let old = with(site.credential_1_1(), "/credentialSubject/term", json!("x"));
        site.issue(&old)
            .await
            .assert_refused("/credentialSubject/term");
        let old = with(
            site.credential_1_1(),
            "/type",
            json!(["VerifiableCredential", "InvalidType"]),
        );
        site.issue(&old).await.assert_refused("/type/1");
    });
}

#[test]
fn validity_periods() {
    on_site(|site| async move {
        let valid =
            |member: &str, date: &str| with(site.credential(), &format!("/{member}"), json!(date));
        let from = [
            "2022-05-08T12:11:48Z",
            "2022-05-08T12:11:48.4842Z",
            "2022-05-08T12:11:48+02:00",
        ];
        let until = [
            "2032-05-08T12:11:48Z",
            "2032-05-08T12:11:48.4842Z",
            "2032-05-08T12:11:48-05:00",
        ];
        all_issued(&site, from.map(|date| valid("validFrom", date))).await;
        all_issued(&site, until.map(|date| valid("validUntil", date))).await;
        for date in [
            "2022-05-08",
            "2022-05-08T12:11:48",
            "hello",
            "May 8th, 2022",
        ] {
            all_refused(
                &site,
                ["validFrom", "validUntil"].map(|member| {
                    (
                        ["/validFrom", "/validUntil"][usize::from(member == "validUntil")],
                        valid(member, date),
                    )
                }),
            )
            .await;
        }
        let both =
            |from: &str, until: &str| with(valid("validFrom", from), "/validUntil", json!(until));
        all_issued(
            &site,
            [both("2022-01-01T00:00:00Z", "2032-01-01T00:00:00Z")],
        )
        .await;
        let reversed = both("2032-01-01T00:00:00Z", "2022-01-01T00:00:00Z");
        all_refused(&site, [("/validUntil", reversed)]).await;
    });
}

#[test]
fn entries_say_what_they_are() {
    on_site(|site| async move {
        let context = json!([V2, {"Own": "https://example.org/#Own"}]);
        for member in [
            "credentialStatus",
            "credentialSchema",
            "termsOfUse",
            "evidence",
            "refreshService",
        ] {
            let at = format!("/{member}");
            let entry = |entry| {
                with(
                    with(site.credential(), "/@context", context.clone()),
                    &at,
                    entry,
                )
            };
            let good = json!({"id": "https://example.org/1", "type": "Own"});
            let second = json!({"id": "https://example.org/2", "type": "Own"});
            all_issued(&site, [entry(good.clone()), entry(json!([good, second]))]).await;
            let id = format!("{at}/id");
            let kind = format!("{at}/type");
            all_refused(
                &site,
                [
                    (&*kind, entry(json!({"id": "https://example.org/1"}))),
                    (
                        &*kind,
                        entry(json!({"id": "https://example.org/1", "type": "Unmapped"})),
                    ),
                    (&*id, entry(json!({"id": "not a url", "type": "Own"}))),
                    (
                        &*id,
                        entry(json!({"id": ["did:example:1", "did:example:2"], "type": "Own"})),
                    ),
                    (&*at, entry(json!("https://example.org/1"))),
                ],
            )
            .await;
            let without_id = entry(json!({"type": "Own"}));
            if member == "credentialSchema" {
                all_refused(&site, [(&*id, without_id)]).await;
            } else if member == "credentialStatus" {
                all_issued(&site, [without_id]).await;
            }
        }
    });
}

#[test]
fn a_word_of_ones_own_with_its_standard_meaning_is_signed_and_holds() {
    on_site(|site| async move {
        let own = json!({"name": "https://schema.org/name", "alumniOf": "https://www.example.org/alumniOf"});
        let mut credential = site.credential();
        credential["@context"] = json!([V1, "https://w3id.org/security/data-integrity/v2", own]);
        credential["name"] = json!("Alumni Credential");
        credential["issuanceDate"] = json!("2023-01-01T00:00:00Z");
        credential["credentialSubject"]["alumniOf"] = json!("The School of Examples");
        all_issued(&site, [credential]).await;
    });
}

#[test]
fn related_resources_have_right_digests() {
    on_site(|site| async move {
        // Of the Recommendation's text, which is vendored here.
        const SRI: &str = "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU";
        const MULTIBASE: &str = "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA";
        const BARE: &str = "uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ";
        // Of the candidate of 2024, which is no longer what is at that address.
        const FORMER: &str =
            "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg";
        let related = |resource| with(site.credential(), "/relatedResource", resource);
        let sri = json!({"id": V2, "mediaType": "application/ld+json", "digestSRI": SRI});
        let multibase = json!({"id": V2, "digestMultibase": MULTIBASE});
        let bare = json!({"id": V2, "digestMultibase": BARE});
        let other = json!({"id": "https://example.org/1", "digestSRI": FORMER});
        all_issued(
            &site,
            [
                related(sri.clone()),
                related(json!([multibase])),
                related(json!([bare])),
                related(json!([sri, other])),
            ],
        )
        .await;
        all_refused(
            &site,
            [
                ("/relatedResource/0", related(json!([V2]))),
                ("/relatedResource/id", related(json!({"digestSRI": SRI}))),
                ("/relatedResource/1/id", related(json!([sri, sri]))),
                ("/relatedResource", related(json!({"id": V2}))),
                (
                    "/relatedResource/digestSRI",
                    related(json!({"id": V2, "digestSRI": FORMER})),
                ),
                (
                    "/relatedResource/digestSRI",
                    related(json!({"id": "https://example.org/1", "digestSRI": "sha384-x"})),
                ),
                (
                    "/relatedResource/digestMultibase",
                    related(json!({"id": V2, "digestMultibase": "uAAAA"})),
                ),
            ],
        )
        .await;
    });
}
