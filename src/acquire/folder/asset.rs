//! The files of a folder as a plain web server would give them out: any kind of file, index files for folders. Reads
//! the disk only; what a page loads in a browser is no part of a recording.

use url::Url;

use super::{Folder, home_of};
use crate::snapshot::Gap;

/// What a plain web server would answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asset {
    /// A file.
    File {
        /// Its name, relative to the folder.
        name: String,
        /// All of it.
        bytes: Vec<u8>,
    },
    /// A folder with an index file, asked for without the final slash.
    Slash,
}

/// Sets headers of other files and is not given out itself.
const HEADERS: &str = "_headers";

impl Folder {
    /// What stands at one of the folder's own addresses.
    ///
    /// # Errors
    /// [`Gap::NotFound`] when nothing does; else why it cannot be read.
    pub fn asset(&self, url: &Url) -> Result<Asset, Gap> {
        let relative = self.relative(url).filter(|name| name != HEADERS).ok_or(Gap::NotFound)?;
        let own = url.path() == self.address.path();
        if let Some(only) = self.only.as_ref().filter(|_| own) {
            return self.file(only.clone());
        }
        match self.access.asset_at(&relative) {
            Some((name, true)) if url.path().ends_with('/') => self.file(name),
            Some((_, true)) => Ok(Asset::Slash),
            Some((name, false)) => self.file(name),
            // A folder may hold its home page under a name of its own.
            None if own => self.file(home_of(&self.access.walk().files).ok_or(Gap::NotFound)?),
            None => Err(Gap::NotFound),
        }
    }

    fn file(&self, name: String) -> Result<Asset, Gap> {
        let bytes = self.access.bytes_on_disk(&name, self.max_size)?;
        Ok(Asset::File { name, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::Fetched;
    use crate::site::Site;

    fn folder(files: &[(&str, &str)], url: &str) -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let mut site = Site::at("a".to_owned(), Url::parse(url).unwrap());
        site.source = Some(dir.path().to_owned());
        let folder = Folder::open(&site, 1 << 20).unwrap();
        (dir, folder)
    }

    fn at(folder: &Folder, url: &str) -> Result<String, Gap> {
        folder.asset(&Url::parse(url).unwrap()).map(|asset| match asset {
            Asset::File { name, .. } => name,
            Asset::Slash => "/".to_owned(),
        })
    }

    #[test]
    fn so_much_that_pages_share_is_kept_and_the_rest_is_read_again() {
        let script = "x".repeat(1 << 20);
        let names: Vec<String> = (0..20).map(|n| format!("{n}.js")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), script.as_str())).collect();
        let (_dir, folder) = folder(&files, "https://a.gov.vn/");
        for _ in 0..2 {
            for name in &names {
                let url = Url::parse(&format!("https://a.gov.vn/{name}")).unwrap();
                assert!(matches!(folder.fetch(&url), Fetched::Read(file) if file.text.len() == script.len()), "{name}");
            }
        }
        let shared = folder.shared.lock().unwrap();
        assert_eq!((shared.files.len(), shared.bytes), (16, 16 << 20));
    }

    #[test]
    fn files_are_found_as_a_server_finds_them() {
        let (dir, folder) = folder(
            &[("index.html", "a"), ("b/index.htm", "b"), ("b/c d.png", "c"), ("e/f.txt", "f"), ("_headers", "/*")],
            "https://a.vn/",
        );
        std::os::unix::fs::symlink("/etc/hostname", dir.path().join("out")).unwrap();
        for (path, is) in [
            ("", Ok("index.html")),
            ("index.html?x=1", Ok("index.html")),
            ("b", Ok("/")),
            ("b/", Ok("b/index.htm")),
            ("b/c%20d.png", Ok("b/c d.png")),
            ("e", Err(Gap::NotFound)),
            ("e/", Err(Gap::NotFound)),
            ("e/f.txt/", Err(Gap::NotFound)),
            ("nothing.js", Err(Gap::NotFound)),
            ("_headers", Err(Gap::NotFound)),
            ("%2e%2e/%2e%2e/etc/passwd", Err(Gap::NotFound)),
            ("..%2f..%2fetc/passwd", Err(Gap::NotFound)),
        ] {
            assert_eq!(at(&folder, &format!("https://a.vn/{path}")).as_deref(), is.as_ref().copied(), "{path}");
        }
        assert!(at(&folder, "https://a.vn/out").is_err(), "links do not lead out");
    }

    #[test]
    fn a_path_below_a_host_and_a_home_page_of_any_name() {
        let (_dir, folder) = folder(&[("trang.html", "t"), ("x.js", "x")], "https://a.vn/cong/");
        assert_eq!(at(&folder, "https://a.vn/cong/").as_deref(), Ok("trang.html"));
        assert_eq!(at(&folder, "https://a.vn/cong/x.js").as_deref(), Ok("x.js"));
        assert_eq!(at(&folder, "https://a.vn/congx.js"), Err(Gap::NotFound));
        assert_eq!(at(&folder, "https://a.vn/x.js"), Err(Gap::NotFound));
    }

    #[test]
    fn one_file_answers_its_address_and_its_neighbours_theirs() {
        let (dir, _) = folder(&[("trang.html", "t"), ("x.js", "x"), ("index.html", "i")], "https://a.vn/");
        let mut site = Site::at("a".to_owned(), Url::parse("https://a.vn/").unwrap());
        site.source = Some(dir.path().join("trang.html"));
        let folder = Folder::open(&site, 1 << 20).unwrap();
        assert_eq!(at(&folder, "https://a.vn/").as_deref(), Ok("trang.html"));
        assert_eq!(at(&folder, "https://a.vn/x.js").as_deref(), Ok("x.js"));
    }
}
