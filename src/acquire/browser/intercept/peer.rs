//! Who is at the other end of a local connection. Best effort: where the system does not say, nobody is refused.

use std::net::SocketAddr;

/// Whether a connection on loopback belongs to another user of this machine.
#[cfg(target_os = "linux")]
pub(super) fn is_another_user(peer: SocketAddr, own: SocketAddr) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(me), Ok(table)) = (std::fs::metadata("/proc/self"), std::fs::read_to_string("/proc/net/tcp")) else {
        return false;
    };
    owner(&table, peer, own).is_some_and(|uid| uid != me.uid())
}

/// Whether a connection on loopback belongs to another user of this machine.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_another_user(_: SocketAddr, _: SocketAddr) -> bool {
    false
}

/// The user of the socket at `peer` that is connected to `own`, as the system's table says.
#[cfg(target_os = "linux")]
fn owner(table: &str, peer: SocketAddr, own: SocketAddr) -> Option<u32> {
    let written = |address: SocketAddr| match address {
        SocketAddr::V4(v4) => Some(format!("{:08X}:{:04X}", u32::from_ne_bytes(v4.ip().octets()), v4.port())),
        SocketAddr::V6(_) => None,
    };
    let (peer, own) = (written(peer)?, written(own)?);
    table.lines().find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let is_it = fields.next() == Some(&peer) && fields.next() == Some(&own);
        // State, queues, timer and retransmissions stand between.
        if is_it { fields.nth(4)?.parse().ok() } else { None }
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_the_user_of_a_connection() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0\n\
            1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0\n\
            2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 3 1 0\n";
        let at = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        let expected = cfg!(target_endian = "little").then_some(1000);
        assert_eq!(owner(table, at(50_000), at(8080)), expected);
        assert_eq!(owner(table, at(50_001), at(8080)), None);
    }
}
