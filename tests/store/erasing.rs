use badgeons::store::{CredentialState, Standing};

use super::*;

#[test]
fn of_an_erased_award_only_a_tombstone_stays() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tx = world.store.write().await.unwrap();
        let slots = tx.status_slots(id).await.unwrap();
        assert!(tx.suspend(id, "Enora asked", NOW).await.unwrap());
        assert!(tx.erase(id, LATER).await.unwrap());
        tx.commit().await.unwrap();

        let mut tx = world.store.read().await.unwrap();
        let stone = tx.credential(id).await.unwrap().unwrap();
        assert_eq!(
            (stone.state, stone.erased_at),
            (CredentialState::Erased, Some(LATER))
        );
        assert_eq!(stone.achievement_version_id, world.version);
        assert_eq!(
            stone.reserved_at,
            datetime!(2026-11-01 00:00 UTC),
            "the month, no more"
        );
        assert_eq!((stone.subject_id.as_ref(), stone.issued_at), (None, None));
        assert_eq!(stone.batch_id, None);
        assert_eq!(tx.standing_changes(id).await.unwrap()[0].reason, None);
        assert_eq!(stone.standing(), Standing::Suspended);
        assert_eq!(tx.signed(id).await.unwrap(), None);
        assert_eq!(tx.recipient(id).await.unwrap(), None);
        assert_eq!(tx.credential_by_award_key([1; 32]).await.unwrap(), None);
        assert!(world.of_recipient([1; 32]).await.is_empty());
        assert_eq!(
            tx.status_slots(id).await.unwrap(),
            slots,
            "its places stay taken"
        );
    });
}

#[test]
fn an_award_is_erased_once_and_others_stay() {
    in_each_world(|world| async move {
        let (one, two) = (world.issued(1).await, world.issued(2).await);
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.erase(one, NOW).await.unwrap());
        assert!(!tx.erase(one, LATER).await.unwrap());
        assert!(
            !tx.erase(CredentialId::mint(&SystemEntropy).unwrap(), NOW)
                .await
                .unwrap()
        );
        assert!(
            tx.signed(two).await.unwrap().is_some() && tx.recipient(two).await.unwrap().is_some()
        );
    });
}

#[test]
fn an_erased_badge_can_still_be_revoked_and_its_reason_is_not_kept() {
    in_each_world(|world| async move {
        let id = world.issued(1).await;
        let mut tx = world.store.write().await.unwrap();
        let slot = tx.status_slots(id).await.unwrap()[0];
        assert!(tx.erase(id, NOW).await.unwrap());
        assert!(tx.revoke(id, "Enora asked", LATER).await.unwrap());
        let stone = tx.credential(id).await.unwrap().unwrap();
        assert_eq!(stone.revoked_at, Some(LATER));
        assert_eq!(tx.standing_changes(id).await.unwrap()[0].reason, None);
        assert_eq!(tx.set_places(slot.list).await.unwrap(), [slot.index]);
        assert!(!tx.suspend(id, "x", LATER).await.unwrap());
    });
}

#[test]
fn what_was_erased_is_in_no_file_any_more() {
    in_each_world(|world| async move {
        let award = NewAward {
            recipient: person("Xanthippe-Never-Was"),
            ..world.award(1)
        };
        let id = world.issue([award]).await[0];
        let Store::Sqlite { writer, .. } = &world.store else {
            return;
        };
        let path = writer.connect_options().get_filename().to_owned();
        world.store.close().await;
        let holds = |path| {
            let bytes = std::fs::read(path).unwrap();
            bytes.windows(9).any(|window| window == b"Xanthippe")
        };
        assert!(holds(&path), "it was written");

        let database = badgeons::config::Database::Sqlite(path.clone());
        let store = Store::open(&database, badgeons::store::Create::Never)
            .await
            .unwrap();
        let mut tx = store.write().await.unwrap();
        assert!(tx.erase(id, NOW).await.unwrap());
        tx.commit().await.unwrap();
        store.close().await;
        assert!(!holds(&path));
        assert!(
            !path.with_extension("db-wal").exists(),
            "the log is folded in"
        );
    });
}
