//! Whether a port is taken.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, UdpSocket};

/// How a port is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PortProtocol {
    Tcp,
    Udp,
}

/// True if no process on this machine uses the port.
///
/// Every address is tried: if a listener has all addresses, some systems still give away a
/// single one, and the other way round. A TCP port whose last connections are being closed counts
/// as free, as it does for servers. Ports that only the administrator may use count as free.
pub(crate) fn port_is_free(port: u16, protocol: PortProtocol) -> bool {
    let addresses: [IpAddr; 4] = [
        Ipv4Addr::LOCALHOST.into(),
        Ipv6Addr::LOCALHOST.into(),
        Ipv4Addr::UNSPECIFIED.into(),
        Ipv6Addr::UNSPECIFIED.into(),
    ];
    addresses
        .into_iter()
        .all(|address| match bind(address, port, protocol) {
            Ok(()) => true,
            // Not permitted, or no such address family: that says nothing about the port.
            Err(error) => error.kind() != ErrorKind::AddrInUse,
        })
}

fn bind(address: IpAddr, port: u16, protocol: PortProtocol) -> io::Result<()> {
    match protocol {
        PortProtocol::Tcp => TcpListener::bind((address, port)).map(drop),
        PortProtocol::Udp => UdpSocket::bind((address, port)).map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESSES: [&str; 4] = ["127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0"];

    /// A port that was given back may be given to another test at once: not every time.
    #[track_caller]
    fn sometimes(mut what: impl FnMut() -> bool) {
        assert!((0..20).any(|_| what()));
    }

    #[test]
    fn a_listener_on_one_address_or_on_all_takes_the_port() {
        for address in ADDRESSES {
            sometimes(|| {
                let Ok(listener) = TcpListener::bind(address) else {
                    return true;
                };
                let port = listener.local_addr().unwrap().port();
                assert!(!port_is_free(port, PortProtocol::Tcp), "{address}");
                let udp = port_is_free(port, PortProtocol::Udp);
                drop(listener);
                udp && port_is_free(port, PortProtocol::Tcp)
            });
        }
    }

    #[test]
    fn a_udp_socket_takes_the_udp_port_alone() {
        for address in ADDRESSES {
            sometimes(|| {
                let Ok(socket) = UdpSocket::bind(address) else {
                    return true;
                };
                let port = socket.local_addr().unwrap().port();
                assert!(!port_is_free(port, PortProtocol::Udp), "{address}");
                let tcp = port_is_free(port, PortProtocol::Tcp);
                drop(socket);
                tcp && port_is_free(port, PortProtocol::Udp)
            });
        }
    }

    #[test]
    fn a_port_with_closing_connections_is_free() {
        sometimes(|| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let client = std::net::TcpStream::connect(address).unwrap();
            let (server, _) = listener.accept().unwrap();
            // The side that closes first keeps the port in TIME_WAIT.
            drop(server);
            drop(client);
            drop(listener);
            port_is_free(address.port(), PortProtocol::Tcp)
        });
    }
}
