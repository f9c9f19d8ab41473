//! Which fault a failed request is: read from the chain of causes, by type where there is one.

use std::error::Error as StdError;
use std::io::ErrorKind;

use super::exchange::{Cause, Fault};
use super::tls;
use crate::snapshot::{Gap, Tls};

/// How far a request had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Until the connection stands; `true` once the server began to speak TLS.
    Connect(bool),
    /// Until the headers are there.
    FirstByte,
    /// Until the last byte.
    Body,
}

/// The fault of a request that got no whole answer.
pub(super) fn fault(error: &reqwest::Error, phase: Phase, shown: Option<&Tls>) -> Fault {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    let (mut best, mut in_http) = (None, false);
    while let Some(current) = cause {
        in_http |= current.is::<hyper::Error>();
        best = classify(current, phase, shown).or(best);
        // An io::Error hides what it wraps from `source`.
        let inner = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = inner.map(|e| e as &(dyn StdError + 'static)).or_else(|| current.source());
    }
    match best {
        // What is packed may be broken although the whole body came.
        _ if phase == Phase::Body && error.is_decode() && !in_http && !error.is_timeout() => {
            Fault::new(Gap::Undecodable, Cause::BodyEncoding)
        }
        Some(fault) => fault,
        None if error.is_timeout() => timeout(phase),
        None if error.is_connect() && says(error, "proxy") || says(error, "tunnel") => Gap::Proxy.into(),
        None if error.is_connect() => Gap::Refused.into(),
        None => Gap::ProtocolError.into(),
    }
}

fn says(error: &dyn StdError, word: &str) -> bool {
    let mut cause = Some(error);
    while let Some(current) = cause {
        if current.to_string().to_ascii_lowercase().contains(word) {
            return true;
        }
        cause = current.source();
    }
    false
}

fn timeout(phase: Phase) -> Fault {
    let cause = match phase {
        Phase::Connect(false) => Cause::TimeoutConnect,
        Phase::Connect(true) => Cause::TimeoutTls,
        Phase::FirstByte => Cause::TimeoutFirstByte,
        Phase::Body => Cause::TimeoutBody,
    };
    Fault::new(Gap::Timeout, cause)
}

fn broken(phase: Phase) -> Fault {
    if phase == Phase::Body { Fault::new(Gap::Reset, Cause::BrokeOffInBody) } else { Gap::Reset.into() }
}

fn classify(error: &(dyn StdError + 'static), phase: Phase, shown: Option<&Tls>) -> Option<Fault> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(tls::fault(error, shown));
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        if error.is_incomplete_message() {
            return Some(broken(phase));
        }
        if error.is_parse() {
            return Some(Gap::ProtocolError.into());
        }
    }
    if let Some(io) = error.downcast_ref::<std::io::Error>() {
        return of_io(io.kind(), phase);
    }
    let timed_out = error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout);
    timed_out.then(|| timeout(phase))
}

fn of_io(kind: ErrorKind, phase: Phase) -> Option<Fault> {
    Some(match kind {
        ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Gap::Refused.into()
        }
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => broken(phase),
        ErrorKind::TimedOut => timeout(phase),
        _ => return None,
    })
}
