//! Batches worked on by a server, asked over REST: the file goes there, its progress is followed, the
//! report comes back.

use std::fs::File;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::signal::ctrl_c;
use tokio::time::{Instant, sleep};

use super::super::outcome::Stopped;
use super::super::print::{Printer, remark};
use super::super::remote::{Answer, Method, PATIENCE, Remote};
use super::door::{Order, RowsAsked};
use super::here;
use super::told::Batch;
use crate::services::presenting::Format;
use crate::spreadsheet::ResultFormat;
use crate::texts::Language;

/// Where batches are.
pub(super) const BATCHES: [&str; 3] = ["api", "v1", "batches"];

/// How often a batch is looked at.
const PAUSE: Duration = Duration::from_millis(500);

/// The address of a batch, and of what belongs to it.
pub(super) fn batch<'a>(id: &'a str, what: &[&'a str]) -> Vec<&'a str> {
    BATCHES
        .into_iter()
        .chain([id])
        .chain(what.iter().copied())
        .collect()
}

/// Sends a roster and follows it to its end; the report.
pub(super) async fn import(
    remote: &Remote,
    order: &Order,
    file: &File,
    printer: &Printer,
) -> anyhow::Result<Value> {
    let sent = tokio::select! {
        sent = send(remote, order, file, printer) => sent?,
        stopped = ctrl_c() => {
            stopped?;
            let told = "the file is not there as a whole, and nothing is issued; the same command begins again";
            return Err(Stopped(told.into()).into());
        }
    };
    tokio::select! {
        ended = follow(remote, &sent, printer) => ended?,
        stopped = ctrl_c() => {
            stopped?;
            return Err(Stopped(format!(
                "the server goes on with batch {id}: “badgeons batches show {id} --server {at}” tells how \
                 far it is, “pause” in place of “show” has it wait",
                id = sent.id,
                at = remote.address()
            ))
            .into());
        }
    }
    Ok(remote.get(&batch(&sent.id, &["report"]), &[]).await?.body)
}

/// Sends the file. Sent twice while it is on its way, it is the same batch.
async fn send(
    remote: &Remote,
    order: &Order,
    file: &File,
    printer: &Printer,
) -> anyhow::Result<Batch> {
    // A token that does not hold is told before a large file has gone out.
    remote
        .get(&BATCHES, &[("limit".to_owned(), "1".to_owned())])
        .await?;
    let bar = printer.transfer("Sending");
    let length = file.metadata()?.len();
    bar.set_length(length);
    let sending = bar.clone();
    let sent = move |bytes| {
        sending.set_position(bytes);
        if bytes >= length {
            sending.set_message("Sent; the server reads it:");
        }
    };
    let answer = remote.upload(&BATCHES, &order.query(), file, sent).await;
    bar.finish_and_clear();
    Ok(serde_json::from_value(answer?.body)?)
}

/// A batch, and how far it has come.
pub(super) async fn read(remote: &Remote, id: &str) -> anyhow::Result<Batch> {
    Ok(serde_json::from_value(
        remote.get(&batch(id, &[]), &[]).await?.body,
    )?)
}

/// Waits until a batch has ended, or somebody has it wait; one that was paused before is resumed.
async fn follow(remote: &Remote, sent: &Batch, printer: &Printer) -> anyhow::Result<()> {
    if sent.state == "paused" {
        remote
            .send(Method::POST, &batch(&sent.id, &["resume"]), None)
            .await?;
    }
    let bar = printer.progress(here::doing(sent.dry_run));
    here::set(&bar, sent.rows_done);
    bar.reset_eta();
    let mut trouble: Option<String> = None;
    let mut moved = (0, Instant::now());
    loop {
        let now = read(remote, &sent.id).await?;
        bar.set_length(here::amount(now.rows().unwrap_or(0)));
        here::set(&bar, now.rows_done);
        if now.has_stopped() {
            bar.finish_and_clear();
            return Ok(());
        }
        if now.rows_done != moved.0 {
            moved = (now.rows_done, Instant::now());
        }
        if now.trouble != trouble {
            if let Some(why) = &now.trouble {
                remark(format_args!(
                    "The batch does not get on at the moment: {why}"
                ));
            }
            trouble = now.trouble;
        }
        if let Some(why) = trouble.as_deref().filter(|_| moved.1.elapsed() > PATIENCE) {
            anyhow::bail!(
                "batch {} has not got on for {} minutes: {why} It is kept, and goes on as soon as it can",
                sent.id,
                PATIENCE.as_secs() / 60
            );
        }
        sleep(PAUSE).await;
    }
}

/// Some rows, and the one after which the next are.
pub(super) async fn rows(remote: &Remote, id: &str, asked: RowsAsked) -> anyhow::Result<Value> {
    let mut query = vec![("limit".to_owned(), asked.limit.to_string())];
    let outcome = asked.outcome.map(|outcome| outcome.as_str().to_owned());
    query.extend(outcome.map(|outcome| ("outcome".to_owned(), outcome)));
    query.extend(
        asked
            .after
            .map(|after| ("after".to_owned(), after.to_string())),
    );
    let Answer { body, next, .. } = remote.get(&batch(id, &["rows"]), &query).await?;
    let next = next.unwrap_or_default();
    let next = next.iter().find(|(name, _)| name == "after");
    let next: Option<u32> = next.map(|(_, row)| row.parse()).transpose()?;
    Ok(json!({ "rows": body, "next": next }))
}

/// Has something long done: it is asked for again until all of it is.
pub(super) async fn waited(
    remote: &Remote,
    method: Method,
    path: &[&str],
    body: Option<&Value>,
    what: &'static str,
    printer: &Printer,
) -> anyhow::Result<Value> {
    let bar = printer.waiting(what);
    loop {
        let answer = remote.send(method.clone(), path, body).await?;
        if answer.is_whole {
            bar.finish_and_clear();
            return Ok(answer.body);
        }
        let done = answer.body.get("done").and_then(Value::as_u64).unwrap_or(0);
        bar.set_message(format!("{what}: {done} badges so far"));
        sleep(PAUSE).await;
    }
}

/// The result file.
pub(super) async fn result(
    remote: &Remote,
    id: &str,
    format: ResultFormat,
    language: Language,
    printer: &Printer,
) -> anyhow::Result<File> {
    let format = match format {
        ResultFormat::Csv => "csv",
        ResultFormat::Xlsx => "xlsx",
    };
    let query = [
        ("format".to_owned(), format.to_owned()),
        ("language".to_owned(), language.code().to_owned()),
    ];
    download(remote, &batch(id, &["result"]), &query, printer).await
}

/// The badges in one ZIP.
pub(super) async fn archive(
    remote: &Remote,
    id: &str,
    format: Format,
    printer: &Printer,
) -> anyhow::Result<File> {
    let query = [("format".to_owned(), format.extension().to_owned())];
    download(remote, &batch(id, &["badges"]), &query, printer).await
}

async fn download(
    remote: &Remote,
    path: &[&str],
    query: &[(String, String)],
    printer: &Printer,
) -> anyhow::Result<File> {
    let bar = printer.transfer("Receiving");
    let received = |bytes, of: Option<u64>| {
        bar.set_length(of.unwrap_or(bytes));
        bar.set_position(bytes);
    };
    let file = remote.download(path, query, "*/*", received).await;
    bar.finish_and_clear();
    file
}
