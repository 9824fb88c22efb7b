use badgeons::ids::BatchId;
use badgeons::store::{ActivityName, CredentialFilter, CredentialState, Standing, Tx};

use super::batches::new_batch;
use super::*;

#[test]
fn an_award_is_found_by_each_of_its_names() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tx = world.store.read().await.unwrap();
        let found = tx.credential(id).await.unwrap().unwrap();
        assert_eq!(found.state, CredentialState::Issued);
        assert_eq!(
            (found.issuer_id, found.achievement_id),
            (world.issuer, world.achievement)
        );
        assert_eq!((found.reserved_at, found.issued_at), (NOW, Some(NOW)));
        assert_eq!(found.subject_id, Some(id.urn()));
        assert_eq!(found.standing(), Standing::Good);
        assert_eq!(
            tx.credential_by_award_key([1; 32]).await.unwrap(),
            Some(found)
        );
        assert_eq!(tx.credential_by_award_key([2; 32]).await.unwrap(), None);
        let nothing = CredentialId::mint(&SystemEntropy).unwrap();
        assert_eq!(tx.credential(nothing).await.unwrap(), None);
    });
}

#[test]
fn a_recipient_reads_back_and_shows_in_no_debug_output() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tx = world.store.read().await.unwrap();
        let found = tx.recipient(id).await.unwrap().unwrap();
        assert_eq!(found, person("Enora Du Prototype"));
        let shown = format!(
            "{found:?} {:?} {:?}",
            tx.credential(id).await,
            world.award(1)
        );
        assert!(
            !shown.contains("Enora") && !shown.contains("example.org"),
            "{shown}"
        );
    });
}

#[test]
fn two_people_may_share_an_address() {
    in_each_world(|world| async move {
        let twin = NewAward {
            recipient: person("Aourell"),
            award_key: RecipientKey::of([1; 32]).award_key([2; 32]),
            ..world.award(1)
        };
        let ids = world.issue([world.award(1), twin]).await;
        assert_eq!(world.of_recipient([1; 32]).await, [ids[1], ids[0]]);
        assert!(world.of_recipient([2; 32]).await.is_empty());
        let mut tx = world.store.read().await.unwrap();
        assert_eq!(tx.recipient(ids[1]).await.unwrap().unwrap().name, "Aourell");
        assert_eq!(
            tx.recipient(ids[0]).await.unwrap().unwrap().name,
            "Enora Du Prototype"
        );
    });
}

/// Each filter leads to these awards, the latest first.
async fn assert_listed(
    tx: &mut Tx,
    cases: impl IntoIterator<Item = (CredentialFilter, Vec<CredentialId>)>,
) {
    for (filter, expected) in cases {
        let found = tx.credentials(&filter, None, 100).await.unwrap();
        let found: Vec<_> = found.iter().map(|credential| credential.id).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

#[test]
fn a_list_is_filtered_by_everything_it_can_be_filtered_by() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        let batch = BatchId::mint(&SystemEntropy).unwrap();
        let mut tx = world.store.write().await.unwrap();
        let new = new_batch(batch, world.issuer);
        tx.insert_batch(&new).await.unwrap();
        tx.commit().await.unwrap();
        let issued = world.issued(1).await;
        let suspended = world.issued(2).await;
        let revoked = world.issued(3).await;
        let from_batch = NewAward {
            batch: Some(batch),
            ..world.award(4)
        };
        let of_batch = world.issue([from_batch]).await[0];
        let elsewhere = other.issued(5).await;
        let erased = world.issued(6).await;
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.suspend(suspended, "x", NOW).await.unwrap());
        assert!(tx.revoke(revoked, "x", NOW).await.unwrap());
        assert!(tx.erase(erased, NOW).await.unwrap());

        let all = CredentialFilter::default();
        let standing = |standing| CredentialFilter {
            standing: Some(standing),
            ..all.clone()
        };
        let cases = [
            (
                all.clone(),
                vec![erased, elsewhere, of_batch, revoked, suspended, issued],
            ),
            (
                CredentialFilter {
                    issuer: Some(other.issuer),
                    ..all.clone()
                },
                vec![elsewhere],
            ),
            (
                CredentialFilter {
                    achievement: Some(other.achievement),
                    ..all.clone()
                },
                vec![elsewhere],
            ),
            (
                CredentialFilter {
                    batch: Some(batch),
                    ..all.clone()
                },
                vec![of_batch],
            ),
            (
                CredentialFilter {
                    state: Some(CredentialState::Erased),
                    ..all.clone()
                },
                vec![erased],
            ),
            (standing(Standing::Suspended), vec![suspended]),
            (standing(Standing::Revoked), vec![revoked]),
            (
                standing(Standing::Good),
                vec![erased, elsewhere, of_batch, issued],
            ),
            (
                CredentialFilter {
                    issuer: Some(other.issuer),
                    batch: Some(batch),
                    ..all.clone()
                },
                vec![],
            ),
        ];
        assert_listed(&mut tx, cases).await;
    });
}

#[test]
fn of_several_filters_all_must_hold() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        world.issued(1).await;
        let revoked = world.issued(3).await;
        other.issued(5).await;
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.revoke(revoked, "x", NOW).await.unwrap());
        let all = CredentialFilter::default();
        let cases = [
            (
                CredentialFilter {
                    issuer: Some(world.issuer),
                    achievement: Some(other.achievement),
                    ..all.clone()
                },
                vec![],
            ),
            (
                CredentialFilter {
                    issuer: Some(world.issuer),
                    achievement: Some(world.achievement),
                    standing: Some(Standing::Revoked),
                    ..all.clone()
                },
                vec![revoked],
            ),
            (
                CredentialFilter {
                    issuer: Some(world.issuer),
                    recipient: Some(RecipientKey::of([3; 32])),
                    ..all.clone()
                },
                vec![revoked],
            ),
            (
                CredentialFilter {
                    issuer: Some(other.issuer),
                    recipient: Some(RecipientKey::of([3; 32])),
                    ..all.clone()
                },
                vec![],
            ),
        ];
        assert_listed(&mut tx, cases).await;
    });
}

#[test]
fn an_activity_reads_back_and_is_found_by_its_folded_name() {
    in_each_world(|world| async move {
        let award = NewAward {
            activity: Some(ActivityName {
                name: "Fresquathon !".into(),
                folded: "fresquathon".into(),
            }),
            ..world.award(1)
        };
        let id = world.issue([award]).await[0];
        world.issued(2).await;
        let mut tx = world.store.read().await.unwrap();
        let row = tx.credential(id).await.unwrap().unwrap();
        assert_eq!(row.activity.as_deref(), Some("Fresquathon !"));
        for (folded, expected) in [("fresquathon", vec![id]), ("fresque", vec![])] {
            let filter = CredentialFilter {
                activity_folded: Some(folded.into()),
                ..CredentialFilter::default()
            };
            let found = tx.credentials(&filter, None, 100).await.unwrap();
            let found: Vec<_> = found.iter().map(|credential| credential.id).collect();
            assert_eq!(found, expected);
        }
    });
}

#[test]
fn a_list_is_read_page_by_page_without_gaps() {
    in_each_world(|world| async move {
        let awards = (0..25).map(|key| world.award(key));
        let mut expected = world.issue(awards).await;
        expected.reverse();
        let mut tx = world.store.read().await.unwrap();
        let (mut listed, mut before) = (Vec::new(), None);
        loop {
            let page = tx
                .credentials(&CredentialFilter::default(), before, 10)
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.position);
            listed.extend(page.iter().map(|credential| credential.id));
        }
        assert_eq!(listed, expected);
    });
}
