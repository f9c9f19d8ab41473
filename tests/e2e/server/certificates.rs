//! A root, an intermediate and leaves signed for each host, also the wrong ones. The root's PEM goes to `--cacert`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// What a host shows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Cert {
    /// Leaf and intermediate, signed by the root that is trusted.
    Good,
    /// Good, and made out to these names too, a space between.
    AlsoFor(&'static str),
    /// Over since 2021.
    Expired,
    /// From 2090 on.
    NotYetValid,
    /// For another name.
    WrongHost,
    /// Signed by itself.
    SelfSigned,
    /// A whole chain to a root that nobody trusts.
    UnknownRoot,
    /// The intermediate is not sent.
    LeafOnly,
}

type Issuer = CertifiedIssuer<'static, KeyPair>;

/// The authorities of a server and what they signed.
pub(crate) struct Authority {
    root: Issuer,
    intermediate: Issuer,
    stranger: Issuer,
    key: KeyPair,
    issued: Mutex<HashMap<(String, Cert), Arc<ServerConfig>>>,
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn intermediate(name: &str, root: &Issuer) -> Issuer {
    CertifiedIssuer::signed_by(authority(name), KeyPair::generate().unwrap(), root).unwrap()
}

impl Authority {
    pub(super) fn new() -> Self {
        let root = CertifiedIssuer::self_signed(authority("Test root"), KeyPair::generate().unwrap()).unwrap();
        let unknown = CertifiedIssuer::self_signed(authority("Unknown root"), KeyPair::generate().unwrap()).unwrap();
        Self {
            intermediate: intermediate("Test intermediate", &root),
            stranger: intermediate("Unknown intermediate", &unknown),
            root,
            key: KeyPair::generate().unwrap(),
            issued: Mutex::default(),
        }
    }

    /// The root that `--cacert` is to trust.
    pub(super) fn root_pem(&self) -> String {
        self.root.pem()
    }

    /// What a host's side of the handshake needs.
    pub(super) fn config(&self, host: &str, cert: Cert) -> Arc<ServerConfig> {
        let mut issued = self.issued.lock().unwrap();
        let made = issued.entry((host.to_owned(), cert)).or_insert_with(|| Arc::new(self.issue(host, cert)));
        Arc::clone(made)
    }

    fn issue(&self, host: &str, cert: Cert) -> ServerConfig {
        let name = if cert == Cert::WrongHost { "another.test" } else { host };
        let more = if let Cert::AlsoFor(names) = cert { names } else { "" };
        let names = std::iter::once(name).chain(more.split_whitespace()).map(str::to_owned);
        let mut params = CertificateParams::new(names.collect::<Vec<_>>()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        (params.not_before, params.not_after) = match cert {
            Cert::Expired => (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1)),
            Cert::NotYetValid => (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1)),
            _ => (date_time_ymd(2020, 1, 1), date_time_ymd(2090, 1, 1)),
        };
        let by = |issuer: &Issuer| params.signed_by(&self.key, issuer).unwrap().der().clone();
        let chain: Vec<CertificateDer<'static>> = match cert {
            Cert::SelfSigned => vec![params.self_signed(&self.key).unwrap().der().clone()],
            Cert::UnknownRoot => vec![by(&self.stranger), self.stranger.der().clone()],
            Cert::LeafOnly => vec![by(&self.intermediate)],
            _ => vec![by(&self.intermediate), self.intermediate.der().clone()],
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let builder = ServerConfig::builder_with_provider(default_provider().into());
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        builder.with_no_client_auth().with_single_cert(chain, key).unwrap()
    }
}
