//! A folder's files as a plain web server would send them: type by extension, the headers its `_headers` file sets,
//! index files, 404. The charset is left to the page itself.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use hyper::{Method, StatusCode};
use url::Url;

use super::asked::Asked;
use super::local::{self, Answer};
use crate::acquire::folder::{Asset, Folder};
use crate::snapshot::Gap;

/// What servers call files, by the end of their names.
const TYPES: &[(&str, &str)] = &[
    ("html", "text/html"),
    ("htm", "text/html"),
    ("shtml", "text/html"),
    ("xhtml", "application/xhtml+xml"),
    ("js", "text/javascript"),
    ("mjs", "text/javascript"),
    ("css", "text/css"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("xml", "application/xml"),
    ("txt", "text/plain"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("ico", "image/x-icon"),
    ("bmp", "image/bmp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("ttf", "font/ttf"),
    ("otf", "font/otf"),
    ("wasm", "application/wasm"),
    ("pdf", "application/pdf"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("vtt", "text/vtt"),
];

/// A folder's answer, and what came of the request.
pub(super) async fn answer(folder: &Arc<Folder>, asked: &Asked) -> Result<(Answer, Result<u16, Gap>), Gap> {
    if !asked.only_asks() {
        return Ok((local::page(StatusCode::METHOD_NOT_ALLOWED), Err(Gap::HttpError)));
    }
    let (reading, url) = (folder.clone(), asked.url.clone());
    let read = tokio::task::spawn_blocking(move || reading.asset(&url)).await.map_err(|_| Gap::NoData)?;
    let (mut answer, end) = match read {
        Ok(Asset::File { name, bytes }) => {
            let end = if bytes.is_empty() { Err(Gap::Empty) } else { Ok(200) };
            let body = if asked.method == Method::HEAD { Vec::new() } else { bytes };
            let mut answer = Answer::new(Full::from(Bytes::from(body)));
            answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(type_of(&name)));
            (answer, end)
        }
        Ok(Asset::Slash) => {
            let mut answer = local::bare(StatusCode::MOVED_PERMANENTLY);
            if let Ok(to) = HeaderValue::from_str(with_slash(&asked.url).as_str()) {
                answer.headers_mut().insert(LOCATION, to);
            }
            (answer, Ok(301))
        }
        Err(Gap::NotFound) => (local::page(StatusCode::NOT_FOUND), Err(Gap::NotFound)),
        Err(Gap::Unreadable) => (local::page(StatusCode::FORBIDDEN), Err(Gap::Unreadable)),
        Err(gap) => return Err(gap),
    };
    set(answer.headers_mut(), folder.headers(&asked.url));
    Ok((answer, end))
}

fn type_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let known = TYPES.iter().find(|(e, _)| Some(*e) == extension.as_deref());
    known.map_or("application/octet-stream", |(_, named)| *named)
}

fn with_slash(url: &Url) -> Url {
    let mut to = url.clone();
    to.set_path(&format!("{}/", url.path()));
    to
}

/// What people wrote comes in place of what is guessed; several lines of one name all count.
fn set(headers: &mut HeaderMap, own: Vec<(String, String)>) {
    headers
        .remove(CONTENT_TYPE)
        .filter(|_| !own.iter().any(|(name, _)| name == "content-type"))
        .map(|guessed| headers.insert(CONTENT_TYPE, guessed));
    for (name, value) in own {
        let of_connection = ["content-length", "transfer-encoding", "connection", "content-encoding"];
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(&value))
            && !of_connection.contains(&name.as_str())
        {
            headers.append(name, value);
        }
    }
}
