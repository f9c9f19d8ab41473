//! Answers that are made here and ask nobody.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, ORIGIN,
};
use hyper::{Response, StatusCode};

use super::asked::Asked;

/// What a browser gets.
pub(super) type Answer = Response<Full<Bytes>>;

/// A status and nothing else.
pub(super) fn bare(status: StatusCode) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = status;
    answer
}

/// A small page that says what a status means.
pub(super) fn page(status: StatusCode) -> Answer {
    let text = format!("<!doctype html><title>{status}</title><h1>{status}</h1>\n");
    let mut answer = Answer::new(Full::from(text));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    answer
}

/// What a page that told a collector something gets: it was heard, and may go on telling.
pub(super) fn heard(asked: &Asked) -> Answer {
    let mut answer = bare(StatusCode::NO_CONTENT);
    let headers = answer.headers_mut();
    let origin = asked.headers.get(ORIGIN).cloned().unwrap_or_else(|| HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    for (wish, leave) in [
        ("access-control-request-method", ACCESS_CONTROL_ALLOW_METHODS),
        ("access-control-request-headers", ACCESS_CONTROL_ALLOW_HEADERS),
    ] {
        if let Some(wish) = asked.headers.get(wish) {
            headers.insert(leave, wish.clone());
        }
    }
    answer
}

/// The script that stands in for a tracker's library.
pub(super) fn stand_in(script: &str) -> Answer {
    let mut answer = Answer::new(Full::from(script.to_owned()));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    // Every frame that asks for it is to be seen asking.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
