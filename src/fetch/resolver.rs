//! Names to addresses, with the guard in between.
//!
//! The client is given no other way to resolve a name, and connects to what it gets here. A name that
//! answers with a public address when it is checked and with an inner one when it is used (DNS
//! rebinding) gains nothing: there is one answer, checked and used.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::{fmt, io};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Failure, Guard};

/// What [`Resolver::addresses`] returns: addresses on their way.
pub type Addresses = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Looks up the addresses of a name.
pub trait Resolver: Send + Sync + fmt::Debug {
    /// All addresses of `name`.
    fn addresses(&self, name: &str) -> Addresses;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn addresses(&self, name: &str) -> Addresses {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// A resolver that keeps back what the guard refuses.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) guard: Guard,
    pub(super) resolver: Arc<dyn Resolver>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, found) = (self.guard, self.resolver.addresses(name.as_str()));
        Box::pin(async move {
            let found = found.await.map_err(|_| Failure::UnknownHost)?;
            let good = guard.addresses(name.as_str(), &found)?;
            // The client replaces port 0 by that of the URL.
            let good = good.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(good) as Addrs)
        })
    }
}
