//! The text of a page becomes the part of it that is surely the head, where the page has no body yet: read once for all
//! who ask. In doubt a place is not in it; no tree is built.

use memchr::{memchr, memchr_iter};

/// Where the head of a page surely goes on: between its tags, scripts and styles.
#[derive(Debug)]
pub(super) struct Head {
    /// From the end of one tag to the beginning of the next, in order.
    between: Vec<(usize, usize)>,
}

impl Head {
    /// Of a page.
    pub(super) fn of(page: &str) -> Self {
        let (mut at, mut head, mut between) = (0, false, Vec::new());
        loop {
            let next = memchr(b'<', &page.as_bytes()[at..]).map(|n| at + n);
            if head {
                between.push((at, next.unwrap_or(page.len())));
            }
            let Some(next) = next else { break };
            let rest = &page[next + 1..];
            let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '!' | '/' | '-');
            // The longest name that matters has nine letters; a comment may go on without a space.
            let name: String =
                rest.chars().take(16).take_while(|c| named(*c)).map(|c| c.to_ascii_lowercase()).collect();
            let until = match name.as_str() {
                "head" => {
                    head = true;
                    ">"
                }
                "!doctype" | "html" | "meta" | "link" | "base" | "/title" | "/script" | "/style" | "/noscript"
                | "/template" => ">",
                "script" => "</script",
                "style" => "</style",
                "title" => "</title",
                "noscript" => "</noscript",
                "template" => "</template",
                n if n.starts_with("!--") => "-->",
                _ => break,
            };
            let Some(end) = found(rest, until) else { break };
            at = next + 1 + end + usize::from(until == ">");
        }
        Self { between }
    }

    /// Whether what begins there surely stands in the head.
    pub(super) fn holds(&self, offset: u32) -> bool {
        let offset = offset as usize;
        let behind = self.between.partition_point(|(from, _)| *from <= offset);
        behind.checked_sub(1).and_then(|k| self.between.get(k)).is_some_and(|(_, to)| offset <= *to)
    }
}

/// Where a word stands, in capitals or not.
fn found(text: &str, word: &str) -> Option<usize> {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let first = *word.first()?;
    memchr_iter(first, text).find(|at| text.get(*at..at + word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As it was told of one place at a time.
    fn told(page: &str, place: &str) -> Vec<bool> {
        let head = Head::of(page);
        page.match_indices(place).map(|(at, _)| head.holds(u32::try_from(at).unwrap())).collect()
    }

    #[test]
    fn scripts_before_the_body_are_in_the_head() {
        let page = "<!DOCTYPE html><HTML><head><meta charset=utf-8><TITLE>a <b> c</TITLE><script>1</script>\
                    <!-- <p> --><STYLE>a<b</STYLE><Script>2</SCRIPT><link href=x><script>3</script></head><script>4</script>";
        assert_eq!(told(page, "<script>"), [true, true, false]);
        assert_eq!(told(page, "<Script>"), [true]);
    }

    #[test]
    fn in_doubt_nothing_is_in_the_head() {
        assert_eq!(told("<script>1</script>", "<script>"), [false]);
        assert_eq!(told("<head><p><script>1</script>", "<script>"), [false]);
        assert_eq!(told("<head><template><script>1</script></template><script>2</script>", "<script>"), [false, true]);
        assert_eq!(told("<head><noscript><script>1</script></noscript><script>2</script>", "<script>"), [false, true]);
        assert_eq!(told("<head><!-- <script>1</script>", "<script>"), [false]);
        assert_eq!(told("<head><title>x<script>1</script>", "<script>"), [false]);
        assert_eq!(told("<header><script>1</script>", "<script>"), [false]);
        assert_eq!(told("<head><script>x='<script>'</script><script>2</script>", "<script>"), [true, false, true]);
    }
}
