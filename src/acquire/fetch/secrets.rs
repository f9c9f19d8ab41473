//! Takes the values of the user's own headers out of everything a server sends back, before anybody reads it.

use std::borrow::Cow;

use memchr::memmem;

/// What stands in for a secret.
const STAND_IN: &str = "***";
/// Shorter values would be found in ordinary text.
const SHORTEST: usize = 4;

/// The secrets of a run, longest first, in the spellings a server may echo.
#[derive(Debug, Clone, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn new(headers: &[(String, String)]) -> Self {
        let mut all = Vec::new();
        for (_, value) in headers {
            // The part behind a scheme's name (`Bearer …`) is a secret of its own.
            for part in std::iter::once(value.as_str()).chain(value.rsplit(' ').take(1)) {
                let escaped = part.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
                let percent: String = url::form_urlencoded::byte_serialize(part.as_bytes()).collect();
                all.extend([part.to_owned(), escaped, percent.replace('+', "%20"), percent]);
            }
        }
        all.retain(|s| s.len() >= SHORTEST);
        all.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        all.dedup();
        Self(all)
    }

    pub(super) fn out_of<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for secret in &self.0 {
            if text.contains(secret) {
                text = Cow::Owned(text.replace(secret, STAND_IN));
            }
        }
        text
    }

    pub(super) fn out_of_bytes(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        for secret in &self.0 {
            let found: Vec<usize> = memmem::find_iter(&bytes, secret).collect();
            if found.is_empty() {
                continue;
            }
            let mut kept = Vec::with_capacity(bytes.len());
            let mut from = 0;
            for at in found {
                kept.extend_from_slice(&bytes[from..at]);
                kept.extend_from_slice(STAND_IN.as_bytes());
                from = at + secret.len();
            }
            kept.extend_from_slice(&bytes[from..]);
            bytes = kept;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_of_a_secret_is_left() {
        let secrets = Secrets::new(&[("Authorization".into(), "Bearer a&b c/d\"e".into()), ("X".into(), "k".into())]);
        for echo in ["Bearer a&b c/d\"e", "c/d\"e", "c/d&quot;e", "c%2Fd%22e"] {
            let out = secrets.out_of(echo);
            assert!(!out.contains("c/d") && !out.contains("%2Fd"), "{echo}: {out}");
            assert_eq!(secrets.out_of_bytes(echo.as_bytes().to_vec()), out.as_bytes());
        }
        assert_eq!(secrets.out_of("k"), "k", "one letter is no secret that could be told from text");
        assert_eq!(secrets.out_of_bytes(vec![0xff, b'a']), [0xff, b'a']);
    }
}
