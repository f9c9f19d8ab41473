//! One key and one certificate of our own making for all names: a browser that is told the key's fingerprint takes
//! them, and nobody else does. The key never leaves the process.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};

/// A name that no one can own; browsers that know the key do not look at it.
const NAME: &str = "intercept.invalid";

/// The key and certificate that a browser's requests are answered with; one serves all names.
pub struct Identity {
    /// SHA-256 of the key's SPKI, base64.
    pub spki: String,
    /// The certificate itself.
    pub certificate: CertificateDer<'static>,
    /// For HTTP/1.1, and for HTTP/2 too.
    configs: [Arc<ServerConfig>; 2],
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("spki", &self.spki).finish_non_exhaustive()
    }
}

impl Identity {
    /// Makes a new one.
    ///
    /// # Errors
    /// What cryptography says when it cannot.
    pub fn new() -> Result<Self, String> {
        let key = KeyPair::generate().map_err(|e| e.to_string())?;
        let params = CertificateParams::new([NAME.to_owned()]).map_err(|e| e.to_string())?;
        let certificate = params.self_signed(&key).map_err(|e| e.to_string())?.der().clone();
        let spki = STANDARD.encode(Sha256::digest(key.subject_public_key_info()));
        let configured = |protocols: &[&str]| -> Result<Arc<ServerConfig>, String> {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let mut config = ServerConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .map_err(|e| e.to_string())?
                .with_no_client_auth()
                .with_single_cert(vec![certificate.clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
                .map_err(|e| e.to_string())?;
            config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
            Ok(Arc::new(config))
        };
        let configs = [configured(&["http/1.1"])?, configured(&["h2", "http/1.1"])?];
        Ok(Self { spki, certificate, configs })
    }

    /// How TLS is spoken to the browser.
    pub(super) fn config(&self, http2: bool) -> Arc<ServerConfig> {
        self.configs[usize::from(http2)].clone()
    }
}
