//! Keeps the portal from being sent where only the portal may go: into its own network, or to the cloud's metadata.
//!
//! Names are judged by the addresses they resolve to, at the moment of each connection.
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Why a call wasn't made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("{0:?} isn't a web address.")]
    NotAnAddress(String),
    #[error(
        "Only https is called from here, and only at port 443, unless the target may reach private addresses."
    )]
    NotHttps,
    #[error("A user or password in the address would be kept in plain sight; leave it out.")]
    Credentials,
    #[error("{0} leads to no address that may be called: private and reserved ones are refused.")]
    NotPublic(String),
}

/// Who may be called: everyone in public, and in the organisation's own network only where an administrator said so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    pub(super) allow_private: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Public,
    /// Loopback, the organisation's own, or the provider's.
    Private,
    /// Never a receiver: metadata of clouds (link-local), groups, reserved, or an address that hides another one.
    Never,
}

impl Guard {
    /// Judges an address before it is called. Resolvers aren't asked about numbers, so those are judged here.
    pub(super) fn check(self, address: &str) -> Result<Url, Refused> {
        let url = Url::parse(address).map_err(|_| Refused::NotAnAddress(address.to_owned()))?;
        let host = url
            .host_str()
            .ok_or_else(|| Refused::NotAnAddress(address.to_owned()))?;
        let is_open = url.scheme() == "https" && url.port().is_none();
        let is_own = self.allow_private && matches!(url.scheme(), "http" | "https");
        if !(is_open || is_own) {
            return Err(Refused::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Credentials);
        }
        match host.trim_matches(['[', ']']).parse() {
            Ok(ip) if !self.allows(ip) => Err(Refused::NotPublic(host.to_owned())),
            _ => Ok(url),
        }
    }

    fn allows(self, ip: IpAddr) -> bool {
        match reach(ip) {
            Reach::Public => true,
            Reach::Private => self.allow_private,
            Reach::Never => false,
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| guard.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(Refused::NotPublic(name.as_str().to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or_else(|| reach_v6(ip), reach_v4),
    }
}

/// IANA's registry of special-purpose IPv4 addresses.
fn reach_v4(ip: Ipv4Addr) -> Reach {
    match ip.octets() {
        [0 | 224..=255, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Reach::Never,
        [10 | 127, ..] | [100, 64..=127, ..] | [172, 16..=31, ..] | [192, 168, ..] => Reach::Private,
        _ => Reach::Public,
    }
}

/// IANA's registry of special-purpose IPv6 addresses; of the rest only 2000::/3 is given out.
fn reach_v6(ip: Ipv6Addr) -> Reach {
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] | [0xfc00..=0xfdff, ..] => Reach::Private,
        // Teredo, ORCHID, benchmarks and other assignments; documentation; 6to4.
        [0x2001, 0..=0x01ff | 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..] => Reach::Never,
        [0x2000..=0x3fff, ..] => Reach::Public,
        // Among them ::, ::/96, NAT64 64:ff9b::/96, discard 100::/64, link-local, site-local, groups.
        _ => Reach::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: Guard = Guard { allow_private: false };
    const OWN_NETWORK: Guard = Guard { allow_private: true };

    #[test]
    fn every_address_has_the_reach_its_registry_says() {
        let table: &[(Reach, &[&str])] = &[
            (
                Reach::Public,
                &[
                    "1.1.1.1",
                    "8.8.8.8",
                    "100.63.255.255",
                    "100.128.0.1",
                    "172.15.0.1",
                    "172.32.0.1",
                    "192.0.1.1",
                    "192.167.1.1",
                    "198.17.0.1",
                    "198.20.0.1",
                    "223.255.255.255",
                    "2606:4700::1111",
                    "2a00:1450::1",
                    "2001:4860:4860::8888",
                    "::ffff:8.8.8.8",
                ],
            ),
            (
                Reach::Private,
                &[
                    "127.0.0.1",
                    "127.255.255.254",
                    "10.0.0.1",
                    "10.255.255.255",
                    "100.64.0.1",
                    "100.127.255.255",
                    "172.16.0.1",
                    "172.31.255.255",
                    "192.168.0.1",
                    "::1",
                    "fc00::1",
                    "fdff::1",
                    "::ffff:127.0.0.1",
                    "::ffff:10.1.2.3",
                ],
            ),
            (
                Reach::Never,
                &[
                    "0.0.0.0",
                    "0.1.2.3",
                    "169.254.169.254",
                    "192.0.0.1",
                    "192.0.2.1",
                    "192.88.99.1",
                    "198.18.0.1",
                    "198.19.255.255",
                    "198.51.100.1",
                    "203.0.113.1",
                    "224.0.0.1",
                    "239.1.1.1",
                    "240.0.0.1",
                    "255.255.255.255",
                    "::",
                    "::7f00:1",
                    "::ffff:169.254.169.254",
                    "64:ff9b::7f00:1",
                    "64:ff9b:1::1",
                    "100::1",
                    "2001::1",
                    "2001:db8::1",
                    "2002:7f00:1::",
                    "3fff::1",
                    "fe80::1",
                    "fec0::1",
                    "ff02::1",
                ],
            ),
        ];
        for (expected, addresses) in table {
            for address in *addresses {
                assert_eq!(reach(address.parse().unwrap()), *expected, "{address}");
            }
        }
    }

    #[test]
    fn addresses_written_in_disguise_are_seen_through() {
        for address in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://169.254.169.254/",
            "https://0/",
            "https://192.168.1.1./",
        ] {
            assert!(
                matches!(PUBLIC.check(address), Err(Refused::NotPublic(_))),
                "{address}"
            );
        }
    }

    #[test]
    fn only_plain_https_is_called_in_public() {
        let table = [
            ("http://example.com/", Err(Refused::NotHttps)),
            ("https://example.com:8443/", Err(Refused::NotHttps)),
            ("ftp://example.com/", Err(Refused::NotHttps)),
            ("https://ada:secret@example.com/", Err(Refused::Credentials)),
            (
                "example.com",
                Err(Refused::NotAnAddress("example.com".to_owned())),
            ),
            (
                "https://example.com:443/hook?a=b",
                Ok("https://example.com/hook?a=b".to_owned()),
            ),
        ];
        for (address, expected) in table {
            assert_eq!(PUBLIC.check(address).map(String::from), expected, "{address}");
        }
    }

    #[test]
    fn an_own_network_may_be_allowed_and_metadata_never() {
        for address in [
            "http://10.0.0.7:8080/",
            "http://localhost:8080/",
            "http://[fd00::1]/",
            "https://1.1.1.1/",
        ] {
            assert!(OWN_NETWORK.check(address).is_ok(), "{address}");
        }
        for address in [
            "http://169.254.169.254/latest",
            "http://[fe80::1]/",
            "http://0.0.0.0/",
            "file:///etc/passwd",
        ] {
            assert!(OWN_NETWORK.check(address).is_err(), "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_is_judged_by_where_it_leads() {
        let name = || "localhost".parse::<Name>().unwrap();
        let Err(refused) = PUBLIC.resolve(name()).await else {
            panic!("localhost was resolved")
        };
        assert_eq!(
            refused.downcast_ref(),
            Some(&Refused::NotPublic("localhost".to_owned()))
        );
        assert!(
            OWN_NETWORK
                .resolve(name())
                .await
                .is_ok_and(|mut found| found.all(|at| at.ip().is_loopback()))
        );
    }
}
