//! Fetching over real sockets, all of them on this machine: what a hostile server can try.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use badgeons::fetch::resolver::{Addresses, Resolver};
use badgeons::fetch::{Document, Failure, Fetch as _, Guard, HttpFetch, Limits};
use openssl::ssl::{SslAcceptor, SslMethod};
use url::Url;

const JSON: &str = "application/json";

/// A server on this machine that does to each connection what the test says.
struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(behave: impl Fn(&mut TcpStream, u16) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, requests) = (Arc::default(), Arc::default());
        let server = Self {
            port,
            connections,
            requests,
        };
        let (connections, requests) = (server.connections.clone(), server.requests.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                requests.lock().unwrap().push(request);
                behave(&mut stream, port);
            }
        });
        server
    }

    /// Sends those bytes to everyone, with `PORT` replaced by the server's own.
    fn saying(answer: &'static str) -> Self {
        Self::new(move |stream, port| {
            let answer = answer.replace("PORT", &port.to_string());
            let _ = stream.write_all(answer.as_bytes());
        })
    }

    fn url(&self) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}/a?q=1#f", self.port)).unwrap()
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn limits() -> Limits {
    Limits {
        body: 1000,
        total: Duration::from_secs(2),
        ..Limits::default()
    }
}

fn fetch() -> HttpFetch {
    HttpFetch::new(
        Guard {
            allow_loopback: true,
        },
        limits(),
    )
}

async fn get(url: &Url) -> Result<Document, Failure> {
    fetch().get(url, JSON).await.map_err(|error| error.why)
}

async fn answer(answer: &'static str) -> Result<Document, Failure> {
    get(&Server::saying(answer).url()).await
}

#[tokio::test]
async fn a_good_document_arrives_as_it_was_sent() {
    let server = Server::saying(
        "HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; charset=utf-8\r\n\
         Cache-Control: max-age=30\r\nContent-Length: 9\r\n\r\n{\"a\": 1}\n",
    );
    let document = get(&server.url()).await.unwrap();
    assert_eq!(
        document.url.as_str(),
        format!("http://127.0.0.1:{}/a?q=1", server.port)
    );
    assert_eq!(document.media_type, JSON);
    assert_eq!(document.body, b"{\"a\": 1}\n");
    assert_eq!(document.fresh_for, Some(Duration::from_secs(30)));

    let requests = server.requests.lock().unwrap();
    let request = requests[0].to_ascii_lowercase();
    assert!(request.starts_with("get /a?q=1 http/1.1\r\n"), "{request}");
    assert!(
        request.contains("accept: application/json\r\n"),
        "{request}"
    );
    for never in ["cookie", "referer", "accept-encoding", "authorization"] {
        assert!(!request.contains(never), "{request}");
    }
}

#[tokio::test]
async fn without_the_development_flag_this_machine_is_not_connected_to() {
    let server = Server::saying("HTTP/1.1 200 OK\r\n\r\n");
    let strict = HttpFetch::new(Guard::default(), limits());
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let url = Url::parse(&format!("https://{host}:{}/", server.port)).unwrap();
        let error = strict.get(&url, JSON).await.unwrap_err();
        assert_eq!(error.why, Failure::Address("this machine itself"));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn too_long_a_body_is_refused_whether_announced_or_not() {
    let announced =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1001\r\n\r\n";
    assert_eq!(answer(announced).await, Err(Failure::TooLarge(1000)));

    for (length, expected) in [(1000, Ok(1000)), (1001, Err(Failure::TooLarge(1000)))] {
        let server = Server::new(move |stream, _| {
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&vec![b' '; length]);
        });
        let body = get(&server.url()).await.map(|document| document.body.len());
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn an_endless_body_ends_at_the_limit() {
    let server = Server::new(|stream, _| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
        let _ = stream.write_all(head.as_bytes());
        while stream.write_all(&[b' '; 4096]).is_ok() {}
    });
    assert_eq!(get(&server.url()).await, Err(Failure::TooLarge(1000)));
}

#[tokio::test]
async fn a_server_that_drips_is_left_when_the_time_is_over() {
    let total = Duration::from_millis(400);
    let drip = |stream: &mut TcpStream, text: &str| {
        for byte in text.bytes() {
            if stream.write_all(&[byte]).is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    };
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n";
    let slow_head = Server::new(move |stream, _| drip(stream, head));
    let slow_body = Server::new(move |stream, _| {
        let _ = stream.write_all(head.as_bytes());
        drip(stream, &" ".repeat(500));
    });
    let silent = Server::new(|_, _| thread::sleep(Duration::from_secs(5)));
    let fetch = HttpFetch::new(
        Guard {
            allow_loopback: true,
        },
        Limits { total, ..limits() },
    );
    for server in [slow_head, slow_body, silent] {
        let start = Instant::now();
        let error = fetch.get(&server.url(), JSON).await.unwrap_err();
        assert_eq!(error.why, Failure::TooSlow(total));
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn redirects_are_followed_a_few_times_and_no_more() {
    let server =
        Server::saying("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(get(&server.url()).await, Err(Failure::TooManyRedirects(3)));
    assert_eq!(server.connections(), 4);

    let asked = AtomicUsize::new(0);
    let server = Server::new(move |stream, _| {
        let answer = match asked.fetch_add(1, Ordering::SeqCst) {
            0 => "HTTP/1.1 301 Moved\r\nLocation: b\r\nContent-Length: 0\r\n\r\n",
            1 => "HTTP/1.1 307 Moved\r\nLocation: c\r\nContent-Length: 0\r\n\r\n",
            2 => "HTTP/1.1 308 Moved\r\nLocation: d\r\nContent-Length: 0\r\n\r\n",
            _ => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        };
        let _ = stream.write_all(answer.as_bytes());
    });
    let document = get(&server.url()).await.unwrap();
    assert_eq!(document.url.path(), "/d");
}

#[tokio::test]
async fn a_redirect_to_an_inner_address_is_not_followed() {
    let inner = "HTTP/1.1 302 Found\r\nLocation: https://169.254.169.254/latest/\r\n\r\n";
    assert_eq!(answer(inner).await, Err(Failure::Address("the local link")));
    let plain = "HTTP/1.1 302 Found\r\nLocation: http://issuer.example/\r\n\r\n";
    assert_eq!(answer(plain).await, Err(Failure::NotHttps));
    let file = "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n";
    assert_eq!(answer(file).await, Err(Failure::NotHttps));
    let nowhere = "HTTP/1.1 302 Found\r\n\r\n";
    assert_eq!(answer(nowhere).await, Err(Failure::Redirect));
}

#[tokio::test]
async fn anything_but_a_plain_200_of_the_right_type_is_refused() {
    for status in [204_u16, 206, 304, 404, 410, 500, 503] {
        let server = Server::new(move |stream, _| {
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes());
        });
        assert_eq!(get(&server.url()).await, Err(Failure::Status(status)));
    }
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>";
    let found = |found: &str| Failure::WrongType {
        found: found.into(),
        wanted: JSON.into(),
    };
    assert_eq!(answer(page).await, Err(found("text/html")));
    let untyped = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(answer(untyped).await, Err(found("")));
    let packed = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                  Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(answer(packed).await, Err(Failure::Compressed));
}

#[tokio::test]
async fn a_line_that_breaks_is_told_from_a_document() {
    let short = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{}";
    assert_eq!(answer(short).await, Err(Failure::CannotConnect));
    assert_eq!(
        answer("I am no web server\r\n\r\n").await,
        Err(Failure::CannotConnect)
    );
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = Url::parse(&format!("http://{closed}/")).unwrap();
    assert_eq!(get(&url).await, Err(Failure::CannotConnect));
}

/// Answers each look-up with the next list of addresses.
#[derive(Debug)]
struct Rebinding {
    answers: Vec<Vec<&'static str>>,
    asked: Arc<AtomicUsize>,
}

impl Resolver for Rebinding {
    fn addresses(&self, _name: &str) -> Addresses {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers.get(turn).cloned().unwrap_or_default();
        let parsed: Vec<IpAddr> = answer.iter().map(|text| text.parse().unwrap()).collect();
        Box::pin(async move { Ok(parsed) })
    }
}

fn rebinding(allow_loopback: bool, answers: &[&[&'static str]]) -> (HttpFetch, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let answers = answers.iter().map(|answer| answer.to_vec()).collect();
    let resolver = Arc::new(Rebinding {
        answers,
        asked: asked.clone(),
    });
    (
        HttpFetch::with_resolver(Guard { allow_loopback }, limits(), resolver),
        asked,
    )
}

#[tokio::test]
async fn a_name_that_resolves_to_an_inner_address_is_not_connected_to() {
    let server = Server::saying("HTTP/1.1 200 OK\r\n\r\n");
    let url = Url::parse(&format!("https://issuer.example:{}/", server.port)).unwrap();
    for (answer, why) in [
        (["127.0.0.1"], Failure::Address("this machine itself")),
        (["10.0.0.1"], Failure::Address("a private network")),
        (
            ["::ffff:127.0.0.1"],
            Failure::Address("an IPv4 address written as IPv6"),
        ),
    ] {
        let (fetch, _) = rebinding(false, &[&answer]);
        assert_eq!(fetch.get(&url, JSON).await.unwrap_err().why, why);
    }
    let (fetch, _) = rebinding(false, &[&[]]);
    assert_eq!(
        fetch.get(&url, JSON).await.unwrap_err().why,
        Failure::UnknownHost
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_used() {
    let server = Server::saying(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    );
    let url = Url::parse(&format!("http://issuer.localhost:{}/", server.port)).unwrap();
    let (fetch, asked) = rebinding(true, &[&["10.0.0.1", "127.0.0.1"], &["169.254.169.254"]]);
    // One look-up serves both the check and the connection, and the refused address is not tried.
    fetch.get(&url, JSON).await.unwrap();
    assert_eq!((asked.load(Ordering::SeqCst), server.connections()), (1, 1));
    // Nothing is remembered: the next request is checked anew.
    let error = fetch.get(&url, JSON).await.unwrap_err();
    assert_eq!(error.why, Failure::Address("the local link"));
    assert_eq!((asked.load(Ordering::SeqCst), server.connections()), (2, 1));
}

#[tokio::test]
async fn a_name_that_changes_between_redirects_is_checked_again() {
    let server = Server::saying(
        "HTTP/1.1 302 Found\r\nLocation: http://issuer.localhost:PORT/b\r\nContent-Length: 0\r\n\r\n",
    );
    let url = Url::parse(&format!("http://issuer.localhost:{}/", server.port)).unwrap();
    let (fetch, _) = rebinding(true, &[&["127.0.0.1"], &["192.168.1.1"]]);
    let error = fetch.get(&url, JSON).await.unwrap_err();
    assert_eq!(error.why, Failure::Address("a private network"));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (certificate, key) = self_signed();
    let mut acceptor = SslAcceptor::mozilla_modern_v5(SslMethod::tls_server()).unwrap();
    acceptor.set_certificate(&certificate).unwrap();
    acceptor.set_private_key(&key).unwrap();
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = acceptor.accept(stream.unwrap());
        }
    });
    let url = Url::parse(&format!("https://localhost:{port}/")).unwrap();
    assert_eq!(get(&url).await, Err(Failure::Certificate));
}

fn self_signed() -> (
    openssl::x509::X509,
    openssl::pkey::PKey<openssl::pkey::Private>,
) {
    use openssl::asn1::Asn1Time;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::x509::extension::SubjectAlternativeName;

    let group = EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap();
    let key = openssl::pkey::PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut builder = openssl::x509::X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder
        .set_not_before(&Asn1Time::days_from_now(0).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::days_from_now(30).unwrap())
        .unwrap();
    let name = SubjectAlternativeName::new()
        .dns("localhost")
        .build(&builder.x509v3_context(None, None));
    builder.append_extension(name.unwrap()).unwrap();
    builder
        .sign(&key, openssl::hash::MessageDigest::sha256())
        .unwrap();
    (builder.build(), key)
}
