//! Whether a port is taken.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

/// True where nothing on this machine listens on the TCP port.
///
/// Every address is tried: where a listener has all addresses, some systems still give away a
/// single one, and the other way round. A port whose last connections are being closed counts
/// as free, as it does for servers. Ports that only the administrator may use count as free.
pub(crate) fn port_is_free(port: u16) -> bool {
    let addresses: [IpAddr; 4] = [
        Ipv4Addr::LOCALHOST.into(),
        Ipv6Addr::LOCALHOST.into(),
        Ipv4Addr::UNSPECIFIED.into(),
        Ipv6Addr::UNSPECIFIED.into(),
    ];
    addresses
        .into_iter()
        .all(|address| match TcpListener::bind((address, port)) {
            Ok(_) => true,
            // Not permitted, or no such address family: that says nothing about the port.
            Err(error) => error.kind() != ErrorKind::AddrInUse,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_on_one_address_or_on_all_takes_the_port() {
        for address in ["127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0"] {
            // A port that was given back may be given to another test at once: not every time.
            let free_again = (0..20).any(|_| {
                let Ok(listener) = TcpListener::bind(address) else {
                    return true;
                };
                let port = listener.local_addr().unwrap().port();
                assert!(!port_is_free(port), "{address}");
                drop(listener);
                port_is_free(port)
            });
            assert!(free_again, "{address}");
        }
    }

    #[test]
    fn a_port_with_closing_connections_is_free() {
        let free = (0..20).any(|_| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let client = std::net::TcpStream::connect(address).unwrap();
            let (server, _) = listener.accept().unwrap();
            // The side that closes first keeps the port in TIME_WAIT.
            drop(server);
            drop(client);
            drop(listener);
            port_is_free(address.port())
        });
        assert!(free);
    }
}
