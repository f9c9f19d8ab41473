//! Listeners that must not be called: whatever a page, a redirect or a file names, nothing on this machine or in
//! its network is asked that nobody declared. And what must not leave: credentials, secret headers, cookies.

mod doors;
mod secrets;

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A listener that counts who calls, and answers so that a caller would come back.
pub(super) struct Canary {
    pub(super) port: u16,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Canary {
    /// Listens at an address of this machine; `None` when the machine has no such address.
    pub(super) fn at(address: IpAddr) -> Option<Self> {
        let listener = TcpListener::bind(SocketAddr::new(address, 0)).ok()?;
        let port = listener.local_addr().unwrap().port();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&calls);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut head = [0; 2048];
                let _ = stream.set_read_timeout(Some(Duration::from_millis(300)));
                let n = stream.read(&mut head).unwrap_or(0);
                log.lock().unwrap().push(String::from_utf8_lossy(&head[..n]).into_owned());
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
            }
        });
        Some(Self { port, calls })
    }

    /// Who called, with what.
    pub(super) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}
