//! Which addresses may be asked: the defence against server-side request forgery.
//!
//! A badge may name any URL. Without this guard a verifier could be made to ask the database beside
//! it, the metadata service of its cloud or a printer, and to tell a stranger what they answered.
//! A URL is judged twice: [`Guard::url`] looks at what is written, [`Guard::addresses`] at what its
//! name resolves to, and only the addresses that pass are connected to.
//!
//! The ranges are those of the IANA special-purpose address registries (RFC 6890 and its updates).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::{Failure, FetchError};

/// The rule: https to public addresses, and nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub struct Guard {
    /// In development: this machine itself may be asked, also over plain HTTP.
    pub allow_loopback: bool,
}

impl Guard {
    /// The URL to ask, without its fragment, if it may be asked as far as its text tells.
    ///
    /// # Errors
    /// [`FetchError`] naming the rule it breaks.
    pub fn url(self, url: &Url) -> Result<Url, FetchError> {
        self.written(url).map_err(|why| why.at(url))?;
        let mut url = url.clone();
        url.set_fragment(None);
        Ok(url)
    }

    /// The URL that `from` redirects to, if it may be asked.
    ///
    /// # Errors
    /// [`FetchError`] if the target is no URL, leaves https, or breaks a rule of [`Guard::url`].
    pub fn redirect(self, from: &Url, location: &str) -> Result<Url, FetchError> {
        let target = from
            .join(location)
            .map_err(|_| Failure::Redirect.at(from))?;
        if from.scheme() == "https" && target.scheme() != "https" {
            return Err(Failure::NotHttps.at(&target));
        }
        self.url(&target)
    }

    /// Those of the addresses of a name that may be connected to.
    ///
    /// A network that translates addresses (DNS64) answers with a refused address beside a good one,
    /// so the good ones are kept.
    ///
    /// # Errors
    /// [`Failure`] if there is none.
    pub fn addresses(self, name: &str, found: &[IpAddr]) -> Result<Vec<IpAddr>, Failure> {
        let mut refused = Failure::UnknownHost;
        let mut good = Vec::new();
        for address in found {
            match self.address(*address, is_local_name(name)) {
                Ok(()) => good.push(*address),
                Err(why) => refused = why,
            }
        }
        if good.is_empty() {
            Err(refused)
        } else {
            Ok(good)
        }
    }

    fn written(self, url: &Url) -> Result<(), Failure> {
        let local = match url.host() {
            Some(Host::Domain(name)) => is_local_name(name),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(Failure::NotHttps),
        };
        let plain = url.scheme() == "http" && local && self.allow_loopback;
        if url.scheme() != "https" && !plain {
            return Err(Failure::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Failure::UserInformation);
        }
        match url.port_or_known_default() {
            Some(443 | 1024..) => {}
            Some(_) if plain => {}
            port => return Err(Failure::Port(port.unwrap_or_default())),
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.address(address.into(), local),
            Some(Host::Ipv6(address)) => self.address(address.into(), local),
            // Names are judged by what they resolve to; this one says by itself what it is.
            Some(Host::Domain(_)) if local && !self.allow_loopback => {
                Err(Failure::Address(LOOPBACK))
            }
            _ => Ok(()),
        }
    }

    /// `local`: the host is a name of this machine, so that only this machine may answer to it
    /// (RFC 6761 §6.3); plain HTTP, which only such hosts may use, thus never leaves it.
    fn address(self, address: IpAddr, local: bool) -> Result<(), Failure> {
        if address.is_loopback() && self.allow_loopback {
            return Ok(());
        }
        match special(address) {
            Some(what) => Err(Failure::Address(what)),
            None if local => Err(Failure::Address("a local name at a public address")),
            None => Ok(()),
        }
    }
}

fn is_local_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || name.ends_with(".localhost")
}

const LOOPBACK: &str = "this machine itself";

/// What an address is, if it isn't one of the public internet.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    const RANGES: [([u8; 4], u32, &str); 18] = [
        ([0, 0, 0, 0], 8, "no address at all"),
        ([10, 0, 0, 0], 8, "a private network"),
        ([100, 64, 0, 0], 10, "a provider's own network"),
        ([127, 0, 0, 0], 8, LOOPBACK),
        ([168, 63, 129, 16], 32, "a cloud's own service"),
        ([169, 254, 0, 0], 16, "the local link"),
        ([172, 16, 0, 0], 12, "a private network"),
        ([192, 0, 0, 0], 24, "reserved for protocols"),
        ([192, 0, 2, 0], 24, "for documentation"),
        ([192, 31, 196, 0], 24, "reserved for name servers"),
        ([192, 52, 193, 0], 24, "reserved for multicast relays"),
        ([192, 88, 99, 0], 24, "a 6to4 relay"),
        ([192, 168, 0, 0], 16, "a private network"),
        ([198, 18, 0, 0], 15, "for benchmarks"),
        ([198, 51, 100, 0], 24, "for documentation"),
        ([203, 0, 113, 0], 24, "for documentation"),
        ([224, 0, 0, 0], 4, "multicast"),
        ([240, 0, 0, 0], 4, "reserved"),
    ];
    let bits = address.to_bits();
    let within = |network: [u8; 4], prefix: u32| {
        (bits ^ Ipv4Addr::from(network).to_bits()).leading_zeros() >= prefix
    };
    RANGES
        .into_iter()
        .find(|(network, prefix, _)| within(*network, *prefix))
        .map(|found| found.2)
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    // Global unicast is 2000::/3 (RFC 4291 §2.4); all else is refused without a list: loopback, the
    // unspecified address, IPv4-mapped, NAT64, unique local, link-local, multicast.
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Some(LOOPBACK),
        [0xfc00..=0xfdff, ..] => Some("a private network"),
        [0xfe80..=0xfebf, ..] => Some("the local link"),
        [0xff00..=0xffff, ..] => Some("multicast"),
        [0x0064, 0xff9b, ..] => Some("a translated IPv4 address"),
        [0, 0, 0, 0, 0, _, ..] => Some("an IPv4 address written as IPv6"),
        [0x2001, 0x0db8, ..] | [0x3fff, 0x0000..=0x0fff, ..] => Some("for documentation"),
        [0x2001, 0x0000..=0x01ff, ..] => Some("reserved for protocols"),
        [0x2002, ..] => Some("a 6to4 tunnel"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("not public"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Guard = Guard {
        allow_loopback: false,
    };
    const DEVELOPMENT: Guard = Guard {
        allow_loopback: true,
    };

    fn judge(guard: Guard, url: &str) -> Result<Url, Failure> {
        guard
            .url(&Url::parse(url).unwrap())
            .map_err(|error| error.why)
    }

    #[test]
    fn public_https_addresses_pass_and_lose_their_fragment() {
        for (written, asked) in [
            (
                "https://issuer.example/did.json#key-1",
                "https://issuer.example/did.json",
            ),
            (
                "https://issuer.example:8443/x?y",
                "https://issuer.example:8443/x?y",
            ),
            ("https://8.8.8.8/", "https://8.8.8.8/"),
            ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
            (
                "https://badgeoù.example/",
                "https://xn--badgeo-nya.example/",
            ),
        ] {
            assert_eq!(
                judge(STRICT, written).map(String::from),
                Ok(asked.to_owned())
            );
        }
    }

    #[test]
    fn each_special_range_is_refused_at_both_ends_and_its_neighbours_pass() {
        for (first, last, before, after) in [
            ("0.0.0.0", "0.255.255.255", "", "1.0.0.0"),
            ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
            (
                "100.64.0.0",
                "100.127.255.255",
                "100.63.255.255",
                "100.128.0.0",
            ),
            (
                "127.0.0.0",
                "127.255.255.255",
                "126.255.255.255",
                "128.0.0.0",
            ),
            (
                "168.63.129.16",
                "168.63.129.16",
                "168.63.129.15",
                "168.63.129.17",
            ),
            (
                "169.254.0.0",
                "169.254.255.255",
                "169.253.255.255",
                "169.255.0.0",
            ),
            (
                "172.16.0.0",
                "172.31.255.255",
                "172.15.255.255",
                "172.32.0.0",
            ),
            ("192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"),
            ("192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"),
            (
                "192.31.196.0",
                "192.31.196.255",
                "192.31.195.255",
                "192.31.197.0",
            ),
            (
                "192.52.193.0",
                "192.52.193.255",
                "192.52.192.255",
                "192.52.194.0",
            ),
            (
                "192.88.99.0",
                "192.88.99.255",
                "192.88.98.255",
                "192.88.100.0",
            ),
            (
                "192.168.0.0",
                "192.168.255.255",
                "192.167.255.255",
                "192.169.0.0",
            ),
            (
                "198.18.0.0",
                "198.19.255.255",
                "198.17.255.255",
                "198.20.0.0",
            ),
            (
                "198.51.100.0",
                "198.51.100.255",
                "198.51.99.255",
                "198.51.101.0",
            ),
            (
                "203.0.113.0",
                "203.0.113.255",
                "203.0.112.255",
                "203.0.114.0",
            ),
            ("224.0.0.0", "255.255.255.255", "223.255.255.255", ""),
            ("::", "1fff:ffff::", "", "2000::"),
            ("2001::", "2001:1ff:ffff::", "2000:ffff::", "2001:200::"),
            (
                "2001:db8::",
                "2001:db8:ffff::",
                "2001:db7:ffff::",
                "2001:db9::",
            ),
            ("2002::", "2002:ffff::", "2001:ffff::", "2003::"),
            ("3fff::", "3fff:fff:ffff::", "3ffe:ffff::", "3fff:1000::"),
            ("4000::", "ffff:ffff::", "3fff:ffff::", ""),
        ] {
            for refused in [first, last] {
                assert!(special(refused.parse().unwrap()).is_some(), "{refused}");
            }
            for public in [before, after].into_iter().filter(|text| !text.is_empty()) {
                assert_eq!(special(public.parse().unwrap()), None, "{public}");
            }
        }
    }

    #[test]
    fn ways_of_writing_an_inner_address_are_seen_through() {
        for host in [
            "127.0.0.1",
            "127.1",
            "127.0.0.1.",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "0",
            "%31%32%37.0.0.1",
            "①②⑦.0.0.1",
            "10.1.2.3",
            "169.254.169.254",
            "0xa9fea9fe",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:8.8.8.8]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::a00:1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "db.localhost",
        ] {
            let refused = judge(STRICT, &format!("https://{host}/"));
            assert!(
                matches!(refused, Err(Failure::Address(_))),
                "{host}: {refused:?}"
            );
        }
    }

    #[test]
    fn other_schemes_users_and_odd_ports_are_refused() {
        for url in [
            "http://issuer.example/",
            "ftp://issuer.example/",
            "file:///etc/passwd",
        ] {
            assert_eq!(judge(STRICT, url), Err(Failure::NotHttps), "{url}");
        }
        for url in ["data:,x", "urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8"] {
            assert_eq!(judge(DEVELOPMENT, url), Err(Failure::NotHttps), "{url}");
        }
        for url in ["https://me@issuer.example/", "https://:pw@issuer.example/"] {
            assert_eq!(judge(STRICT, url), Err(Failure::UserInformation), "{url}");
        }
        for port in [0, 22, 25, 80, 1023] {
            let url = format!("https://issuer.example:{port}/");
            assert_eq!(judge(STRICT, &url), Err(Failure::Port(port)));
        }
    }

    #[test]
    fn in_development_this_machine_may_be_asked_and_plain_http_goes_nowhere_else() {
        for url in [
            "http://localhost/",
            "http://127.0.0.1:8080/",
            "http://[::1]:8080/",
            "https://localhost:8443/",
        ] {
            assert!(judge(DEVELOPMENT, url).is_ok(), "{url}");
        }
        assert_eq!(
            judge(DEVELOPMENT, "http://issuer.example/"),
            Err(Failure::NotHttps)
        );
        assert_eq!(
            judge(DEVELOPMENT, "http://10.0.0.1/"),
            Err(Failure::NotHttps)
        );
        let private = judge(DEVELOPMENT, "https://10.0.0.1/");
        assert_eq!(private, Err(Failure::Address("a private network")));
        assert_eq!(
            DEVELOPMENT.addresses("app.localhost", &["8.8.8.8".parse().unwrap()]),
            Err(Failure::Address("a local name at a public address"))
        );
    }

    #[test]
    fn of_the_addresses_of_a_name_only_public_ones_are_kept() {
        let found = ["64:ff9b::808:808", "8.8.8.8", "127.0.0.1"].map(|text| text.parse().unwrap());
        let kept = STRICT.addresses("issuer.example", &found);
        assert_eq!(kept, Ok(vec!["8.8.8.8".parse().unwrap()]));
        let inner = ["10.0.0.1", "127.0.0.1"].map(|text| text.parse().unwrap());
        assert_eq!(
            STRICT.addresses("issuer.example", &inner),
            Err(Failure::Address(LOOPBACK))
        );
        assert_eq!(
            STRICT.addresses("issuer.example", &[]),
            Err(Failure::UnknownHost)
        );
    }

    #[test]
    fn a_redirect_is_judged_like_the_first_address_and_never_leaves_https() {
        let from = Url::parse("https://issuer.example/a/b").unwrap();
        let follow = |guard: Guard, to| guard.redirect(&from, to).map_err(|error| error.why);
        assert_eq!(
            follow(STRICT, "../c").unwrap().as_str(),
            "https://issuer.example/c"
        );
        assert_eq!(
            follow(STRICT, "//x.example/").unwrap().as_str(),
            "https://x.example/"
        );
        assert_eq!(
            follow(DEVELOPMENT, "http://localhost/"),
            Err(Failure::NotHttps)
        );
        assert_eq!(follow(STRICT, "https://"), Err(Failure::Redirect));
        let inner = follow(STRICT, "https://169.254.169.254/latest/meta-data");
        assert_eq!(inner, Err(Failure::Address("the local link")));
    }

    proptest::proptest! {
        #[test]
        fn no_url_that_passes_has_an_inner_address_for_host(address: u32, v6: [u16; 8]) {
            for ip in [IpAddr::V4(address.into()), IpAddr::V6(v6.into())] {
                let mut url = Url::parse("https://x.example/").unwrap();
                url.set_ip_host(ip).unwrap();
                proptest::prop_assert_eq!(STRICT.url(&url).is_ok(), special(ip).is_none());
            }
        }
    }
}
