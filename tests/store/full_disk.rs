use super::*;

#[test]
fn after_a_full_disk_writing_goes_on_in_the_same_process() {
    in_each_world(|world| async move {
        let Store::Sqlite { writer, .. } = &world.store else {
            return;
        };
        // As if the disk had room for a few pages more.
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
            .fetch_one(writer)
            .await
            .unwrap();
        let limit = format!("PRAGMA max_page_count = {}", pages + 2);
        sqlx::query(sqlx::AssertSqlSafe(limit))
            .execute(writer)
            .await
            .unwrap();
        let large = |number: u8| Packed::plain(&vec![number; 100_000]);
        let mut one = world.ready(1).await;
        one.signed.document = large(1);
        let mut tx = world.store.write().await.unwrap();
        let outcome = tx.insert_credentials(world.issuer, &[&one]).await;
        assert!(matches!(outcome, Err(StoreError::Full)), "{outcome:?}");
        drop(tx);

        let mut other = world.ready(2).await;
        other.signed.document = large(2);
        world.store(&[other.clone()]).await;
        let mut tx = world.store.read().await.unwrap();
        assert_eq!(
            tx.signed(one.id).await.unwrap(),
            None,
            "nothing is half stored"
        );
        assert!(tx.signed(other.id).await.unwrap().is_some());
    });
}
