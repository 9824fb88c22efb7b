use super::*;

#[test]
fn the_check_value_is_noted_once() {
    on_each_database(|store| async move {
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.installation().await.unwrap(), None);
        tx.insert_installation([7; 32], NOW).await.unwrap();
        let noted = tx.installation().await.unwrap().unwrap();
        assert_eq!((noted.key_check, noted.created_at), ([7; 32], NOW));
        tx.commit().await.unwrap();

        let mut tx = store.write().await.unwrap();
        assert_conflict(tx.insert_installation([8; 32], NOW).await, "installation");
        drop(tx);
        let kept = store
            .read()
            .await
            .unwrap()
            .installation()
            .await
            .unwrap()
            .unwrap();
        assert_eq!(kept.key_check, [7; 32]);
    });
}
