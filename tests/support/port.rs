//! A port of this machine that is ours for as long as we say so.

use std::net::SocketAddr;
use tokio::net::TcpSocket;

/// A port on 127.0.0.1 at which a server of ours may listen, again and again, and nobody else by chance.
///
/// Its socket is bound and never listens. The kernel gives a bound port to no one who asks for any free one; a server
/// that names it may bind it beside this socket, since both allow the address to be used again (`SO_REUSEADDR`), as
/// servers do. While no server listens there, who connects is refused.
pub struct Port {
    address: SocketAddr,
    _bound: TcpSocket,
}

impl Port {
    /// Takes one.
    ///
    /// # Panics
    /// When there is none.
    pub fn reserve() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket
            .set_reuseaddr(true)
            .and_then(|()| socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))))
            .expect("a free port");
        let address = socket.local_addr().expect("a bound socket has an address");
        Self {
            address,
            _bound: socket,
        }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
