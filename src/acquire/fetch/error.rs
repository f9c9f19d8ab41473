//! Which gap a failed request is: read from the chain of causes, by type where there is one.

use std::error::Error as StdError;
use std::io::ErrorKind;

use rustls::CertificateError;

use super::resolve::{NotResolved, Refused};
use crate::snapshot::Gap;

/// The gap of a request that got no whole answer.
pub(super) fn gap(error: &reqwest::Error) -> Gap {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    let mut best = None;
    while let Some(current) = cause {
        best = classify(current).or(best);
        // An io::Error hides what it wraps from `source`.
        let inner = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = inner.map(|e| e as &(dyn StdError + 'static)).or_else(|| current.source());
    }
    match best {
        Some(gap) => gap,
        None if error.is_timeout() => Gap::Timeout,
        None if error.is_connect() => Gap::Refused,
        None => Gap::ProtocolError,
    }
}

fn classify(error: &(dyn StdError + 'static)) -> Option<Gap> {
    if error.is::<Refused>() {
        return Some(Gap::PrivateAddress);
    }
    if error.is::<NotResolved>() {
        return Some(Gap::Dns);
    }
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(tls));
    }
    if error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message) {
        return Some(Gap::Reset);
    }
    if let Some(io) = error.downcast_ref::<std::io::Error>() {
        return of_io(io.kind());
    }
    if let Some(request) = error.downcast_ref::<reqwest::Error>().filter(|e| e.is_timeout()) {
        let _ = request;
        return Some(Gap::Timeout);
    }
    None
}

fn of_io(kind: ErrorKind) -> Option<Gap> {
    Some(match kind {
        ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Gap::Refused,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Gap::Reset,
        ErrorKind::TimedOut => Gap::Timeout,
        _ => return None,
    })
}

fn of_tls(error: &rustls::Error) -> Gap {
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Gap::TlsExpired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Gap::TlsNotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Gap::TlsWrongHost,
            CertificateError::UnknownIssuer => Gap::TlsUntrusted,
            _ => Gap::TlsOther,
        },
        _ => Gap::TlsOther,
    }
}
