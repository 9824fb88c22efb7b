use badgeons::ids::AuditId;
use badgeons::store::{AuditEntry, AuditHead};

use super::achievements::{assert_immutable, tamper};
use super::*;

fn head(number: i64) -> AuditHead {
    AuditHead {
        number,
        hash: [1; 32],
        seal: [2; 32],
    }
}

fn entry(number: i64, action: &str) -> AuditEntry {
    AuditEntry {
        number,
        id: AuditId::mint(&SystemEntropy).unwrap(),
        at: NOW,
        actor: "cli".into(),
        action: action.into(),
        object_kind: "credential".into(),
        object_id: Some(uuid::Uuid::from_u128(1)),
        request: Some("request-1".into()),
        hash: [3; 32],
    }
}

#[test]
fn entries_are_appended_and_read_page_by_page() {
    on_each_database(|store| async move {
        let mut tx = store.write().await.unwrap();
        tx.insert_audit_head(&head(0)).await.unwrap();
        let mut many: Vec<_> = (1..=250).map(|n| entry(n, "credential.issue")).collect();
        tx.append_audit(&many, &head(250)).await.unwrap();
        let key = AuditEntry {
            object_kind: "key".into(),
            object_id: None,
            request: None,
            ..entry(251, "key.rotate")
        };
        tx.append_audit(std::slice::from_ref(&key), &head(251))
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let mut tx = store.read().await.unwrap();
        assert_eq!(tx.audit_head().await.unwrap(), Some(head(251)));
        let latest = tx.audit(None, 2).await.unwrap();
        assert_eq!(latest, [key.clone(), many[249].clone()]);
        let rest = tx.audit(Some(latest[1].number), 1000).await.unwrap();
        assert_eq!(rest.len(), 249);
        assert_eq!(
            tx.audit_after(248, 2).await.unwrap(),
            [many[248].clone(), many[249].clone()]
        );
        let of_one = tx.audit_of(uuid::Uuid::from_u128(1)).await.unwrap();
        assert_eq!(of_one, many);
        many.push(key);
        assert_eq!(tx.audit_after(i64::MIN, 1000).await.unwrap(), many);
        let of_nothing = tx.audit_of(uuid::Uuid::from_u128(2)).await.unwrap();
        assert!(of_nothing.is_empty());
    });
}

#[test]
fn the_log_is_begun_once() {
    on_each_database(|store| async move {
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.hold_audit_head().await.unwrap(), None);
        tx.insert_audit_head(&head(0)).await.unwrap();
        assert_eq!(tx.hold_audit_head().await.unwrap(), Some(head(0)));
        assert_conflict(tx.insert_audit_head(&head(0)).await, "audit_head");
    });
}

#[test]
fn two_that_append_at_once_append_one_after_the_other() {
    on_each_database(|store| async move {
        let mut tx = store.write().await.unwrap();
        tx.insert_audit_head(&head(0)).await.unwrap();
        tx.commit().await.unwrap();
        let append = || async {
            for _ in 0..20 {
                let mut tx = store.write().await.unwrap();
                let number = tx.hold_audit_head().await.unwrap().unwrap().number + 1;
                tx.append_audit(&[entry(number, "key.rotate")], &head(number))
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            }
        };
        tokio::join!(append(), append(), append());
        let mut tx = store.read().await.unwrap();
        let numbers = tx.audit_after(0, 1000).await.unwrap();
        assert!(numbers.iter().map(|entry| entry.number).eq(1..=60));
    });
}

#[test]
fn the_log_is_append_only() {
    on_each_database(|store| async move {
        let mut tx = store.write().await.unwrap();
        tx.insert_audit_head(&head(0)).await.unwrap();
        tx.append_audit(&[entry(1, "credential.issue")], &head(1))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for statement in ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"] {
            assert_immutable(tamper(&store, statement).await, "audit");
        }
        assert_immutable(tamper(&store, "DELETE FROM audit_head").await, "audit_head");
        if matches!(store, Store::Postgres(_)) {
            assert_immutable(tamper(&store, "TRUNCATE audit").await, "audit");
            assert_immutable(tamper(&store, "TRUNCATE audit_head").await, "audit_head");
        }
        let mut tx = store.read().await.unwrap();
        assert_eq!(tx.audit(None, 9).await.unwrap().len(), 1);
    });
}
