//! What a search for pages or sites asks for besides them: one file at a time, again when it fails in passing, and
//! what robots.txt says before anything else.

use url::Url;

use super::Visitor;
use super::exchange::{Answer, Fault};
use crate::acquire::robots::{Robots, product_token};
use crate::snapshot::Gap;

impl Visitor {
    /// A page or a file of the site, asked for again when it fails in passing.
    ///
    /// # Errors
    /// The fault of the last try.
    pub async fn patiently(&self, url: &Url, page: bool) -> Result<Answer, Fault> {
        loop {
            let answer = if page { self.page(url).await.1 } else { self.resource(url).await };
            let Some(wait) = self.again().filter(|_| answer.is_err()) else { return answer };
            self.next_round();
            self.pause(wait).await;
        }
    }

    /// What robots.txt of the host of a home page says to us. A file that is not there, or that leads to another
    /// place, forbids nothing.
    ///
    /// # Errors
    /// Address and gap of a file that could not be had: it may forbid anything.
    pub async fn robots(&self, home: &Url) -> Result<Robots, (Url, Gap)> {
        let Ok(url) = home.join("/robots.txt") else { return Ok(Robots::allow_all()) };
        let token = product_token(&self.manner().user_agent).unwrap_or(env!("CARGO_PKG_NAME"));
        match self.patiently(&url, false).await {
            Ok(answer) => Ok(Robots::parse(&answer.body, token)),
            Err(fault) if says_there_is_none(fault.gap) || fault.gap == Gap::Blocked => Ok(Robots::allow_all()),
            Err(fault) => Err((url, fault.gap)),
        }
    }
}

/// Whether an answer says that there is no such file.
#[must_use]
pub fn says_there_is_none(gap: Gap) -> bool {
    matches!(gap, Gap::NotFound | Gap::RedirectOffSite | Gap::Empty | Gap::HttpError)
}
