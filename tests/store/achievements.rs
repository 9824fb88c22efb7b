use sqlx::Executor as _;

use super::*;
use badgeons::store::Tx;

#[test]
fn a_badge_class_is_found_by_each_of_its_names() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        let mut tx = world.store.read().await.unwrap();
        let ours = tx.achievement(world.achievement).await.unwrap();
        let found = ours.as_ref().unwrap();
        assert_eq!(
            (found.issuer_id, found.slug.as_str()),
            (world.issuer, "territoire-fresque")
        );
        assert_eq!(
            tx.achievement_by_slug(world.issuer, "territoire-fresque")
                .await
                .unwrap(),
            ours
        );
        assert_eq!(
            tx.achievement_by_slug(world.issuer, "nothing")
                .await
                .unwrap(),
            None
        );
        assert_eq!(
            tx.achievements(Some(world.issuer)).await.unwrap(),
            Vec::from_iter(ours)
        );
        let all: Vec<_> = tx
            .achievements(None)
            .await
            .unwrap()
            .iter()
            .map(|a| a.id)
            .collect();
        assert_eq!(all, [world.achievement, other.achievement]);
    });
}

#[test]
fn a_slug_is_taken_once_by_each_issuer() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        let mut tx = world.store.write().await.unwrap();
        let mut same = Achievement {
            id: AchievementId::mint(&SystemEntropy).unwrap(),
            issuer_id: other.issuer,
            slug: "territoire-fresque".into(),
            created_at: NOW,
            archived_at: None,
        };
        tx.insert_achievement(&same).await.unwrap();
        let found = tx.achievement_by_slug(other.issuer, &same.slug).await;
        assert_eq!(found.unwrap().unwrap().id, same.id);
        same.id = AchievementId::mint(&SystemEntropy).unwrap();
        assert_conflict(tx.insert_achievement(&same).await, "achievements");
    });
}

#[test]
fn the_latest_version_is_in_force() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        let next = NewVersion {
            document: r#"{"name":"Fresque 2"}"#.into(),
            image: None,
            recipient_kind: RecipientKind::Organisation,
            validity: None,
            ..version(AchievementVersionId::mint(&SystemEntropy).unwrap())
        };
        assert_eq!(
            tx.insert_achievement_version(world.achievement, &next)
                .await
                .unwrap(),
            2
        );
        let current = tx
            .current_version(world.achievement)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (current.id, current.number, current.image),
            (next.id, 2, None)
        );
        assert_eq!(
            (current.recipient_kind, current.validity),
            (RecipientKind::Organisation, None)
        );
        let first = tx
            .achievement_version(world.version)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (first.number, first.document.as_str()),
            (1, r#"{"name":"Fresque"}"#)
        );
        assert_eq!(first.image.as_deref(), Some(&b"<svg/>"[..]));
        assert_eq!(first.image_media_type.as_deref(), Some("image/svg+xml"));
        assert_eq!(
            (first.level.as_str(), first.validity.as_deref()),
            ("R2", Some("P3Y"))
        );
        let numbers: Vec<_> = tx
            .achievement_versions(world.achievement)
            .await
            .unwrap()
            .iter()
            .map(|v| v.number)
            .collect();
        assert_eq!(numbers, [1, 2]);
        let nothing = AchievementId::mint(&SystemEntropy).unwrap();
        assert_eq!(tx.current_version(nothing).await.unwrap(), None);
    });
}

#[test]
fn a_version_of_nothing_is_refused() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        let nothing = AchievementId::mint(&SystemEntropy).unwrap();
        let new = version(AchievementVersionId::mint(&SystemEntropy).unwrap());
        let outcome = tx.insert_achievement_version(nothing, &new).await;
        assert!(
            matches!(outcome, Err(StoreError::Dangling { .. })),
            "{outcome:?}"
        );
    });
}

#[test]
fn a_badge_class_is_put_away_and_taken_up_again() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        for archived_at in [Some(LATER), None] {
            assert!(
                tx.archive_achievement(world.achievement, archived_at)
                    .await
                    .unwrap()
            );
            let found = tx.achievement(world.achievement).await.unwrap().unwrap();
            assert_eq!(found.archived_at, archived_at);
        }
        let nothing = AchievementId::mint(&SystemEntropy).unwrap();
        assert!(!tx.archive_achievement(nothing, None).await.unwrap());
    });
}

/// Runs a statement that the store itself would never make.
pub(crate) async fn tamper(store: &Store, statement: &'static str) -> Result<u64, StoreError> {
    let mut tx = store.write().await.unwrap();
    let done = match &mut tx {
        Tx::Sqlite(tx) => tx.execute(statement).await.map(|done| done.rows_affected()),
        Tx::Postgres(tx) => tx.execute(statement).await.map(|done| done.rows_affected()),
    }?;
    tx.commit().await?;
    Ok(done)
}

#[track_caller]
pub(super) fn assert_immutable(outcome: Result<u64, StoreError>, expected: &str) {
    match outcome {
        Err(StoreError::Immutable { table }) => assert_eq!(table, expected),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_version_never_changes() {
    in_each_world(|world| async move {
        for statement in [
            "UPDATE achievement_versions SET level = 'R6'",
            "DELETE FROM achievement_versions",
        ] {
            assert_immutable(
                tamper(&world.store, statement).await,
                "achievement_versions",
            );
        }
        // The same statement elsewhere goes through: the trigger refused, not the permission.
        assert_eq!(
            tamper(&world.store, "UPDATE achievements SET slug = 'x'")
                .await
                .unwrap(),
            1
        );
    });
}

#[test]
fn the_versions_in_use_are_the_latest_of_classes_that_are_not_put_away() {
    in_each_world(|world| async move {
        let other = World::named(world.store.clone(), "other").await;
        let mut tx = world.store.write().await.unwrap();
        let newer = NewVersion {
            id: AchievementVersionId::mint(&SystemEntropy).unwrap(),
            document: "{\"name\":\"newer\"}".into(),
            image: Some((b"<svg/>".to_vec(), "image/svg+xml".into())),
            level: "R3".into(),
            recipient_kind: RecipientKind::Person,
            validity: None,
            created_at: LATER,
        };
        let before = tx.directory_state().await.unwrap();
        assert_eq!(tx.directory_state().await.unwrap(), before);
        tx.insert_achievement_version(world.achievement, &newer)
            .await
            .unwrap();
        let after = tx.directory_state().await.unwrap();
        assert_ne!(after, before);
        let all = tx.versions_in_use(None).await.unwrap();
        let found: Vec<_> = all.iter().map(|(issuer, it)| (*issuer, it.id)).collect();
        assert_eq!(
            found,
            [(world.issuer, newer.id), (other.issuer, other.version)]
        );
        let (_, first) = &all[0];
        assert_eq!((first.number, first.image.as_ref()), (2, None));
        assert_eq!(first.image_media_type.as_deref(), Some("image/svg+xml"));
        let ours = tx.versions_in_use(Some(other.issuer)).await.unwrap();
        assert_eq!(ours.len(), 1);
        tx.archive_achievement(other.achievement, Some(NOW))
            .await
            .unwrap();
        assert_eq!(tx.versions_in_use(Some(other.issuer)).await.unwrap(), []);
        assert_ne!(tx.directory_state().await.unwrap(), after);
    });
}
