//! TLS of one visit: the usual verification against trusted roots, and a record of what each server showed,
//! also when it was refused. Accepts nothing that the verifier does not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::certificate::{Lack, certificate, lack};
use super::exchange::{Cause, Fault};
use crate::snapshot::{Gap, Tls};

/// Most certificates of one chain that are kept.
const LONGEST_CHAIN: usize = 10;

/// Who is trusted in a run: the system's roots and those the user named.
#[derive(Debug, Clone)]
pub(super) struct Trust {
    provider: Arc<CryptoProvider>,
    /// `None` on a machine without any root: then nobody is trusted.
    verifier: Option<Arc<WebPkiServerVerifier>>,
}

impl Trust {
    /// Loads the system's roots and adds those of a PEM file; `None` when that file holds no certificate.
    pub(super) fn load(pem: Option<&[u8]>) -> Option<Self> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(pem) = pem {
            let own: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
            if own.is_empty() || own.into_iter().any(|c| roots.add(c).is_err()) {
                return None;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().ok();
        Some(Self { provider, verifier })
    }

    /// The TLS settings of one visit, and the record of what its servers show.
    pub(super) fn visit(&self) -> Option<(ClientConfig, Arc<Shown>)> {
        let shown = Arc::new(Shown::default());
        let watcher = Watcher { trust: self.clone(), shown: shown.clone() };
        let mut config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .ok()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(watcher))
            .with_no_client_auth();
        // A resumed session shows no certificate.
        config.resumption = rustls::client::Resumption::disabled();
        Some((config, shown))
    }
}

/// What servers showed, by the name they were asked for.
#[derive(Debug, Default)]
pub(super) struct Shown {
    servers: Mutex<HashMap<String, Arc<Tls>>>,
}

impl Shown {
    /// What a server showed in its last handshake; host as in an address.
    pub(super) fn of(&self, host: &str) -> Option<Arc<Tls>> {
        self.servers.lock().ok()?.get(host.trim_matches(['[', ']'])).cloned()
    }

    fn note(&self, host: &str, chain: &[&CertificateDer<'_>]) {
        let chain = chain.iter().take(LONGEST_CHAIN).filter_map(|der| certificate(der)).collect();
        if let Ok(mut servers) = self.servers.lock() {
            servers.insert(host.to_owned(), Arc::new(Tls { version: None, chain }));
        }
    }

    fn version(&self, leaf: &CertificateDer<'_>, version: &str) {
        let Some(leaf) = certificate(leaf) else { return };
        if let Ok(mut servers) = self.servers.lock() {
            let mine = servers.values_mut().filter(|tls| tls.chain.first().is_some_and(|c| c.sha256 == leaf.sha256));
            for tls in mine {
                Arc::make_mut(tls).version = Some(version.to_owned());
            }
        }
    }
}

#[derive(Debug)]
struct Watcher {
    trust: Trust,
    shown: Arc<Shown>,
}

impl Watcher {
    fn verifier(&self) -> Result<&WebPkiServerVerifier, Error> {
        self.trust.verifier.as_deref().ok_or(Error::InvalidCertificate(CertificateError::UnknownIssuer))
    }
}

impl ServerCertVerifier for Watcher {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain: Vec<&CertificateDer<'_>> = std::iter::once(leaf).chain(intermediates).collect();
        self.shown.note(&name.to_str(), &chain);
        self.verifier()?.verify_server_cert(leaf, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.shown.version(leaf, "1.2");
        self.verifier()?.verify_tls12_signature(message, leaf, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.shown.version(leaf, "1.3");
        self.verifier()?.verify_tls13_signature(message, leaf, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The fault of a refused handshake; `shown` is what the server showed in it.
pub(super) fn fault(error: &Error, shown: Option<&Tls>) -> Fault {
    match error {
        Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Gap::TlsExpired.into(),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Gap::TlsNotYetValid.into(),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Gap::TlsWrongHost.into()
            }
            // Some self-signed leaves are refused for another reason than their issuer.
            _ => match shown.and_then(|tls| lack(&tls.chain)) {
                Some(Lack::SelfSigned) => Fault::new(Gap::TlsUntrusted, Cause::SelfSigned),
                Some(Lack::Issuer) if *certificate == CertificateError::UnknownIssuer => Gap::TlsIncompleteChain.into(),
                Some(Lack::Root) if *certificate == CertificateError::UnknownIssuer => {
                    Fault::new(Gap::TlsUntrusted, Cause::UnknownRoot)
                }
                _ => Gap::TlsOther.into(),
            },
        },
        Error::InvalidMessage(_) => Fault::new(Gap::TlsOther, Cause::NotTls),
        Error::PeerIncompatible(_) | Error::AlertReceived(rustls::AlertDescription::ProtocolVersion) => {
            Fault::new(Gap::TlsOther, Cause::OldTls)
        }
        _ => Gap::TlsOther.into(),
    }
}
