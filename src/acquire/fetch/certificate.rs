//! Certificates as servers send them become fields that people read. Trusts nothing and verifies nothing.

use sha2::{Digest, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;

use crate::snapshot::Certificate;

/// Most names of one certificate that are kept.
const MOST_NAMES: usize = 100;
/// Longest subject, issuer or name, in characters.
const LONGEST: usize = 300;

/// The fields of a certificate; `None` for bytes that are none.
#[must_use]
pub fn certificate(der: &[u8]) -> Option<Certificate> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let names = parsed.subject_alternative_name().ok().flatten();
    let names = names.iter().flat_map(|n| &n.value.general_names).filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(cut(name)),
        GeneralName::IPAddress(bytes) => ip(bytes),
        _ => None,
    });
    Some(Certificate {
        subject: cut(&parsed.subject().to_string()),
        issuer: cut(&parsed.issuer().to_string()),
        names: names.take(MOST_NAMES).collect(),
        not_before: instant(&parsed.validity().not_before)?,
        not_after: instant(&parsed.validity().not_after)?,
        // Names alone do not tell: test authorities give theirs to all they issue.
        self_signed: parsed.subject() == parsed.issuer() && parsed.verify_signature(None).is_ok(),
        sha256: Sha256::digest(der).iter().map(|b| format!("{b:02x}")).collect(),
    })
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn ip(bytes: &[u8]) -> Option<String> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(v4).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|v6| std::net::Ipv6Addr::from(v6).to_string())
}

/// Certificates “without end” name the last second of the year 9999, which is beyond what an instant can be here.
fn instant(time: &ASN1Time) -> Option<jiff::Timestamp> {
    let last = jiff::Timestamp::MAX.as_second();
    jiff::Timestamp::from_second(time.timestamp().min(last)).ok()
}

/// What a chain that was not trusted lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// The leaf vouches for itself.
    SelfSigned,
    /// The issuer of the leaf was not sent.
    Issuer,
    /// The chain ends at a root nobody here knows.
    Root,
}

/// What a chain that was not trusted lacks: a leaf whose issuer was not sent is an incomplete chain, one that leads
/// up to a certificate of its issuers' is a matter of the root.
pub(super) fn lack(chain: &[Certificate]) -> Option<Lack> {
    let leaf = chain.first()?;
    if leaf.self_signed {
        return Some(Lack::SelfSigned);
    }
    let issuer_sent = chain.iter().skip(1).any(|c| c.subject == leaf.issuer);
    Some(if issuer_sent { Lack::Root } else { Lack::Issuer })
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

    use super::*;

    #[test]
    fn a_signature_tells_what_names_do_not() {
        // Names are left as the library gives them: the same for issuer and issued.
        let mut root = CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap();
        let leaf = CertificateParams::new(vec!["a.test".to_owned()]).unwrap();
        let leaf = leaf.signed_by(&KeyPair::generate().unwrap(), &root).unwrap();
        let (root, leaf) = (certificate(root.der()).unwrap(), certificate(leaf.der()).unwrap());
        assert_eq!((leaf.subject == leaf.issuer, leaf.self_signed, root.self_signed), (true, false, true));
        assert_eq!(leaf.names, ["a.test"]);
        assert_eq!(lack(std::slice::from_ref(&leaf)), Some(Lack::Issuer));
        assert_eq!(lack(&[leaf, root.clone()]), Some(Lack::Root));
        assert_eq!(lack(&[root]), Some(Lack::SelfSigned));
        assert_eq!(certificate(b"no certificate"), None);
    }

    #[test]
    fn as_much_as_is_kept_of_a_certificate() {
        let mut large = CertificateParams::new((0..150).map(|k| format!("a{k}.test")).collect::<Vec<_>>()).unwrap();
        large.distinguished_name.push(rcgen::DnType::OrganizationName, "ữ".repeat(1_000));
        let large = large.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let shown = certificate(large.der()).unwrap();
        assert_eq!((shown.names.len(), shown.names[99].as_str()), (100, "a99.test"));
        assert_eq!((shown.subject.chars().count(), shown.issuer.chars().count()), (300, 300));
    }
}
