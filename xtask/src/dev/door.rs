//! One address for two programs: what Trunk rebuilds comes from Trunk, everything else from the relay.
//!
//! Trunk can pass requests on by itself, but it answers a WebSocket without the subprotocol that was asked for, and
//! browsers close such a socket. Here each connection carries one request: its head is read to choose the program, and
//! from there on bytes go both ways as they are.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
};

use anyhow::{Context, Result};

/// Longest head of a request, in bytes; a connection with a longer one is closed.
const MAX_HEAD_BYTES: usize = 64 * 1024;

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// Who answers what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// The path that Trunk serves, without its last slash.
    pub(super) path: &'static str,
    /// Where Trunk listens.
    pub(super) trunk: SocketAddr,
    /// Where the relay listens.
    pub(super) relay: SocketAddr,
}

impl Plan {
    fn program_for(self, path: &str) -> SocketAddr {
        let path = path.split('?').next().unwrap_or(path);
        match path.strip_prefix(self.path) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => self.trunk,
            Some(_) | None => self.relay,
        }
    }
}

/// Takes connections until the process ends.
pub(super) fn open(at: SocketAddr, plan: Plan) -> Result<()> {
    let listener = TcpListener::bind(at).with_context(|| format!("cannot listen on {at}"))?;
    serve(listener, plan);
    Ok(())
}

fn serve(listener: TcpListener, plan: Plan) {
    thread::spawn(move || {
        for browser in listener.incoming().flatten() {
            // A connection that breaks is the browser's to try again.
            thread::spawn(move || pass_on(browser, plan));
        }
    });
}

fn pass_on(mut browser: TcpStream, plan: Plan) -> io::Result<()> {
    let (head, rest) = read_head(&mut browser)?;
    let address = plan.program_for(path_of(&head));
    let Ok(mut program) = TcpStream::connect(address) else {
        let nobody = "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        return browser.write_all(nobody.as_bytes());
    };
    program.write_all(of_one_request(&head).as_bytes())?;
    program.write_all(&rest)?;

    let (mut asked, mut sent) = (browser.try_clone()?, program.try_clone()?);
    thread::spawn(move || {
        // Ends with the connection; how, the other direction tells.
        let _ = io::copy(&mut asked, &mut sent);
        let _ = sent.shutdown(Shutdown::Write);
    });
    io::copy(&mut program, &mut browser)?;
    browser.shutdown(Shutdown::Both)
}

/// The head of a request, and what has come of the body.
fn read_head(browser: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(at) = read.windows(END_OF_HEAD.len()).position(|bytes| bytes == END_OF_HEAD) {
            let rest = read.split_off(at + END_OF_HEAD.len());
            let head = String::from_utf8(read).map_err(|_| ErrorKind::InvalidData)?;
            return Ok((head, rest));
        }
        let length = browser.read(&mut chunk)?;
        if length == 0 || read.len() > MAX_HEAD_BYTES {
            return Err(ErrorKind::InvalidData.into());
        }
        read.extend_from_slice(&chunk[..length]);
    }
}

/// The second word of the first line.
fn path_of(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or("/")
}

/// The same head, so that the next request comes on a connection of its own; one that becomes a socket has no next.
fn of_one_request(head: &str) -> String {
    let is = |line: &str, name: &str| {
        line.split_once(':')
            .is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
    };
    if head.lines().any(|line| is(line, "upgrade")) {
        return head.to_owned();
    }
    let kept = head.lines().filter(|line| !is(line, "connection") && !line.is_empty());
    let lines: Vec<&str> = kept.chain(["Connection: close", "", ""]).collect();
    lines.join("\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that answers with its own name and the request, and says back whatever it hears on a socket.
    fn program(name: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it listens");
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (head, mut body) = read_head(&mut stream).expect("a request");
                let length = if head.contains("Content-Length: 4") { 4 } else { 0 };
                while body.len() < length {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).expect("the body is complete");
                    body.extend(byte);
                }
                let answer = [name.as_bytes(), b"\n", head.as_bytes(), &body].concat();
                stream.write_all(&answer).expect("it is read");
                if head.contains("Upgrade") {
                    let mut heard = stream.try_clone().expect("one handle more");
                    io::copy(&mut heard, &mut stream).expect("it is read");
                }
            }
        });
        address
    }

    fn door() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let plan = Plan {
            path: "/widget",
            trunk: program("Trunk"),
            relay: program("relay"),
        };
        serve(listener, plan);
        address
    }

    fn ask(door: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(door).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it is read");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        answer
    }

    #[test]
    fn the_path_decides_who_answers() {
        let door = door();
        for (path, name) in [
            ("/widget/frame/demo", "Trunk"),
            ("/widget/.well-known/trunk/ws", "Trunk"),
            ("/widget?x=/api", "Trunk"),
            ("/widgets", "relay"),
            ("/api/session", "relay"),
            ("/ws", "relay"),
            ("/", "relay"),
        ] {
            let answer = ask(door, &format!("GET {path} HTTP/1.1\r\nHost: here\r\n\r\n"));
            assert_eq!(answer.lines().next(), Some(name), "{path}");
        }
    }

    #[test]
    fn a_connection_carries_one_request_with_its_body() {
        let answer = ask(
            door(),
            "POST /api HTTP/1.1\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody",
        );
        assert_eq!(
            answer,
            "relay\nPOST /api HTTP/1.1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody"
        );
    }

    #[test]
    fn a_socket_passes_as_it_is_in_both_directions() {
        let request = "GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                       Sec-WebSocket-Protocol: portico.v1\r\n\r\n";
        let mut stream = TcpStream::connect(door()).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it is read");
        let mut head = vec![0; "relay\n".len() + request.len()];
        stream.read_exact(&mut head).expect("an answer");
        assert_eq!(String::from_utf8_lossy(&head), format!("relay\n{request}"));

        stream.write_all(b"later").expect("it is read");
        let mut said = [0; 5];
        stream.read_exact(&mut said).expect("it comes back");
        assert_eq!(&said, b"later");
    }

    #[test]
    fn a_program_that_is_not_there_is_a_bad_gateway() {
        // Nothing listens at the port of a service that nobody runs any more.
        let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let door = listener.local_addr().expect("it listens");
        let plan = Plan {
            path: "/desk",
            trunk: nobody,
            relay: nobody,
        };
        serve(listener, plan);
        assert!(ask(door, "GET /desk/ HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 502 "));
    }
}
