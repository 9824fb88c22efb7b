//! A server as a process of its own, and the installation it serves.

use std::net::TcpListener;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use badgeons::config::Database;
use badgeons::openbadges::status::PublishedList;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::harness::app::ADDRESS;
use crate::harness::binary::Badgeons;
use crate::harness::databases::say;

/// What a server answered, or why there is no answer.
pub(super) type Answer<T> = Result<T, String>;

/// An installation with its nodes.
pub(super) struct Site {
    place: Arc<Badgeons>,
    pub(super) nodes: Vec<Node>,
}

impl Site {
    /// A new installation in an empty database, and that many nodes that serve it.
    pub(super) async fn new(database: &Database, nodes: usize) -> Self {
        let place = Badgeons::public_on(database);
        let made = place
            .run(&[
                "tokens",
                "create",
                "--name",
                "essais",
                "--json",
                "--scope",
                "credentials:issue",
                "--scope",
                "credentials:revoke",
                "--scope",
                "credentials:read",
            ])
            .succeeded();
        let token = made.json()["token"].as_str().unwrap().to_owned();
        let place = Arc::new(place);
        let mut site = Self {
            place,
            nodes: Vec::new(),
        };
        for _ in 0..nodes {
            let node = Node::new(&site.place, &token);
            node.start().await;
            site.nodes.push(node);
        }
        site
    }

    /// `badgeons audit verify` finds nothing.
    pub(super) fn audit_is_whole(&self) {
        self.place.run(&["audit", "verify"]).succeeded();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if std::thread::panicking() {
            say(&format!("what the servers said:\n{}", self.place.said()));
        }
    }
}

/// One server.
pub(super) struct Node {
    place: Arc<Badgeons>,
    listen: String,
    process: Mutex<Option<Child>>,
    client: Client,
    token: String,
}

impl Node {
    fn new(place: &Arc<Badgeons>, token: &str) -> Self {
        // An error means that a provider is installed already, which serves as well.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            place: Arc::clone(place),
            listen: free.local_addr().unwrap().to_string(),
            process: Mutex::default(),
            client: Client::builder()
                .no_proxy()
                .timeout(Duration::from_secs(20))
                .build()
                .unwrap(),
            token: token.to_owned(),
        }
    }

    /// Starts the server and waits until it is ready.
    pub(super) async fn start(&self) {
        let arguments = ["serve", "--listen", &self.listen, "--rate-limit", "0"];
        let child = self.place.start(&arguments);
        *self.process.lock().unwrap() = Some(child);
        for _ in 0..500 {
            if self.get("/readyz").await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server does not get ready");
    }

    /// Kills it with SIGKILL: it can finish nothing.
    pub(super) async fn kill(&self) {
        let mut child = self.process.lock().unwrap().take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        self.get("/healthz").await.expect_err("it still answers");
    }

    /// What is at an address.
    pub(super) async fn get(&self, path: &str) -> Answer<Vec<u8>> {
        let response = answered(self.client.get(self.address(path))).await?;
        Ok(response
            .bytes()
            .await
            .map_err(|error| spell_out(&error))?
            .to_vec())
    }

    /// Asks for a badge for whoever has that address; its identifier.
    pub(super) async fn issue(&self, email: &str) -> Answer<String> {
        let asked = json!({
            "achievement": "participant-fresque-climat",
            "recipient": {"name": "Añaïg Le Coz", "email": email},
        });
        let issued = self.post("/api/v1/credentials", &asked).await?;
        Ok(issued["id"].as_str().unwrap().to_owned())
    }

    /// Revokes a badge.
    pub(super) async fn revoke(&self, id: &str) -> Answer<()> {
        let path = format!("/api/v1/credentials/{id}/revoke");
        self.post(&path, &json!({"reason": "An exercise"}))
            .await
            .map(drop)
    }

    /// A published status list, by its address.
    pub(super) async fn status_list(&self, address: &str) -> Answer<PublishedList> {
        let bytes = self.get(address.strip_prefix(ADDRESS).unwrap()).await?;
        let credential = serde_json::from_slice(&bytes).unwrap();
        Ok(PublishedList::read(&credential, address).unwrap())
    }

    /// The report on a badge.
    pub(super) async fn verify(&self, document: &[u8]) -> Answer<Value> {
        let request = self.client.post(self.address("/api/v1/verifications"));
        let request = request.header("content-type", "application/vc");
        read(answered(request.body(document.to_vec())).await?).await
    }

    /// A page of badges, and the address of the next.
    pub(super) async fn list(&self, path: &str) -> Answer<(Value, Option<String>)> {
        let request = self.client.get(self.address(path));
        let response = answered(request.bearer_auth(&self.token)).await?;
        let link = response.headers().get("link").map(|link| {
            let link = link.to_str().unwrap();
            link.split(['<', '>']).nth(1).unwrap().to_owned()
        });
        Ok((read(response).await?, link))
    }

    async fn post(&self, path: &str, body: &Value) -> Answer<Value> {
        let request = self.client.post(self.address(path));
        let request = request.bearer_auth(&self.token);
        let request = request.header("content-type", "application/json");
        read(answered(request.body(body.to_string())).await?).await
    }

    fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.listen)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut child) = self.process.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The answer, if the server is there and does as asked. That it is asked for something wrong must not
/// happen.
async fn answered(request: RequestBuilder) -> Answer<Response> {
    let response = request.send().await.map_err(|error| spell_out(&error))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let words = format!("{status}: {}", response.text().await.unwrap_or_default());
    assert!(!status.is_client_error(), "{words}");
    Err(words)
}

async fn read(response: Response) -> Answer<Value> {
    let bytes = response.bytes().await.map_err(|error| spell_out(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// An error with what is behind it.
fn spell_out(error: &reqwest::Error) -> String {
    format!("{error:?}")
}
