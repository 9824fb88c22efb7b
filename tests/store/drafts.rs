use badgeons::store::Draft;

use super::*;

fn draft(of: AchievementId, document: &str) -> Draft {
    Draft {
        achievement_id: of,
        document: document.into(),
        image: Some(b"<svg/>".to_vec()),
        image_media_type: Some("image/svg+xml".into()),
        level: "R2".into(),
        recipient_kind: RecipientKind::Person,
        validity: Some("P3M".into()),
        edition: 1,
        updated_at: NOW,
    }
}

#[test]
fn a_draft_takes_the_place_of_the_one_before() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.draft(world.achievement).await.unwrap(), None);
        let first = draft(world.achievement, "{}");
        tx.put_draft(&first).await.unwrap();
        assert_eq!(tx.draft(world.achievement).await.unwrap(), Some(first));
        let second = Draft {
            image: None,
            image_media_type: None,
            level: "L".into(),
            recipient_kind: RecipientKind::Organisation,
            validity: None,
            edition: 2,
            updated_at: LATER,
            ..draft(world.achievement, "{\"name\":\"b\"}")
        };
        tx.put_draft(&second).await.unwrap();
        assert_eq!(tx.draft(world.achievement).await.unwrap(), Some(second));
    });
}

#[test]
fn a_draft_that_was_written_again_is_not_taken_away() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        for _ in 0..2 {
            tx.put_draft(&draft(world.achievement, "{}")).await.unwrap();
        }
        assert!(!tx.delete_draft(world.achievement, 1).await.unwrap());
        assert!(tx.delete_draft(world.achievement, 2).await.unwrap());
        assert_eq!(tx.draft(world.achievement).await.unwrap(), None);
    });
}

#[test]
fn a_draft_of_nothing_is_refused() {
    in_each_world(|world| async move {
        let mut tx = world.store.write().await.unwrap();
        let nothing = AchievementId::mint(&SystemEntropy).unwrap();
        let outcome = tx.put_draft(&draft(nothing, "{}")).await;
        assert!(
            matches!(outcome, Err(StoreError::Dangling { .. })),
            "{outcome:?}"
        );
    });
}
