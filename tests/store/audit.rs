use badgeons::ids::AuditId;
use badgeons::store::NewAuditEntry;

use super::achievements::{assert_immutable, tamper};
use super::*;

fn entry(action: &str) -> NewAuditEntry<'_> {
    NewAuditEntry {
        id: AuditId::mint(&SystemEntropy).unwrap(),
        at: NOW,
        actor: "cli",
        action,
        object_kind: "credential",
        object_id: Some(uuid::Uuid::from_u128(1)),
    }
}

#[test]
fn entries_are_appended_and_read_page_by_page() {
    on_each_database(|store| async move {
        let mut tx = store.write().await.unwrap();
        let many: Vec<_> = (0..250).map(|_| entry("credential.issue")).collect();
        tx.append_audit(&many).await.unwrap();
        let key = NewAuditEntry {
            object_kind: "key",
            object_id: None,
            ..entry("key.rotate")
        };
        tx.append_audit(&[key]).await.unwrap();
        tx.append_audit(&[]).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = store.read().await.unwrap();
        let latest = tx.audit(None, 2).await.unwrap();
        assert_eq!(
            (latest[0].action.as_str(), latest[0].object_id),
            ("key.rotate", None)
        );
        assert_eq!(
            (latest[1].id, latest[1].actor.as_str()),
            (many[249].id, "cli")
        );
        assert_eq!(latest[1].at, NOW);
        let rest = tx.audit(Some(latest[1].position), 1000).await.unwrap();
        assert_eq!(rest.len(), 249);
        let of_one = tx.audit_of(uuid::Uuid::from_u128(1)).await.unwrap();
        assert!(
            of_one
                .iter()
                .map(|entry| entry.id)
                .eq(many.iter().map(|entry| entry.id))
        );
        assert!(
            tx.audit_of(uuid::Uuid::from_u128(2))
                .await
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn the_log_is_append_only() {
    on_each_database(|store| async move {
        let mut tx = store.write().await.unwrap();
        tx.append_audit(&[entry("credential.issue")]).await.unwrap();
        tx.commit().await.unwrap();
        for statement in ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"] {
            assert_immutable(tamper(&store, statement).await, "audit");
        }
        if matches!(store, Store::Postgres(_)) {
            assert_immutable(tamper(&store, "TRUNCATE audit").await, "audit");
        }
        assert_eq!(
            store
                .read()
                .await
                .unwrap()
                .audit(None, 9)
                .await
                .unwrap()
                .len(),
            1
        );
    });
}
