//! Somebody who posts until it is told to stop, and who gives nothing up that was not acknowledged.

use crate::random::Random;
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Accepted, Audience, ClientFrame, Draft, Hello, Join, Post, ServerFrame};
use portico_shared::ids::{ClientId, ConversationId};
use portico_tests::client_id;
use portico_tests::history::{History, Record};
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Posts that may be on their way at once.
const IN_FLIGHT: usize = 4;

/// Pause between two posts, in milliseconds.
const PAUSE_MS: std::ops::Range<u64> = 1..40;

/// Pause before another attempt to connect.
const COME_BACK: Duration = Duration::from_millis(10);

/// One sender.
pub(crate) struct Sender {
    address: SocketAddr,
    origin: String,
    name: String,
    token: String,
    conversation: ConversationId,
    history: Arc<History>,
    random: Random,
    /// Posted and not acknowledged, in order.
    open: VecDeque<(ClientId, String)>,
    /// How many messages it has made.
    made: u64,
}

/// Why a connection is over.
#[derive(PartialEq, Eq)]
enum Ended {
    /// Everything is acknowledged and no more is to come.
    Finished,
    /// The connection broke.
    Broken,
}

impl Sender {
    pub(crate) fn new(
        relay: &Relay,
        name: String,
        token: String,
        conversation: ConversationId,
        history: Arc<History>,
        random: Random,
    ) -> Self {
        Self {
            address: relay.address,
            origin: relay.origin(),
            name,
            token,
            conversation,
            history,
            random,
            open: VecDeque::new(),
            made: 0,
        }
    }

    /// Posts until `stop`, then until everything is acknowledged. Counts acknowledgements in `answers`.
    pub(crate) async fn run(mut self, answers: Arc<watch::Sender<u64>>, stop: watch::Receiver<bool>) {
        loop {
            let ended = match self.connect().await {
                Some(mut socket) => self.talk(&mut socket, &answers, &stop).await,
                None => Ended::Broken,
            };
            if ended == Ended::Finished {
                return;
            }
            sleep(COME_BACK).await;
        }
    }

    async fn connect(&self) -> Option<Socket> {
        let mut socket = Socket::open(self.address, Some(&self.origin)).await.ok()?;
        let hello = Hello {
            token: self.token.clone(),
            client: None,
            desk: None,
        };
        socket.send(&ClientFrame::Hello(hello)).await;
        // A relay that is killed now has said nothing; one that refuses the token would do so for ever, which the
        // limit of the whole run finds.
        match socket.next().await {
            Ok(ServerFrame::Welcome(_)) => {}
            Ok(_) | Err(_) => return None,
        }
        let conversation = self.conversation.clone();
        let join = Join {
            conversation,
            after: None,
        };
        socket.send(&ClientFrame::Join(join)).await;
        Some(socket)
    }

    async fn talk(&mut self, socket: &mut Socket, answers: &watch::Sender<u64>, stop: &watch::Receiver<bool>) -> Ended {
        for (client_id, text) in self.open.clone() {
            self.post(socket, client_id, text).await;
        }
        loop {
            let pause = Duration::from_millis(self.random.within(PAUSE_MS));
            // Both are cancel-safe: a frame is either taken or still in the socket.
            let frame = tokio::select! {
                frame = socket.next() => frame,
                () = sleep(pause) => {
                    let stopping = *stop.borrow();
                    if stopping && self.open.is_empty() {
                        return Ended::Finished;
                    }
                    if !stopping && self.open.len() < IN_FLIGHT {
                        self.make(socket).await;
                    }
                    continue;
                }
            };
            socket.received.clear();
            match frame {
                Ok(ServerFrame::Accepted(accepted)) => {
                    self.accepted(&accepted);
                    answers.send_modify(|count| *count += 1);
                }
                Ok(ServerFrame::Refused(refused)) => panic!("{}: {refused:?}", self.name),
                Ok(_) => {}
                Err(_) => return Ended::Broken,
            }
        }
    }

    async fn make(&mut self, socket: &mut Socket) {
        self.made += 1;
        let (client_id, text) = (client_id(), format!("{}:{}", self.name, self.made));
        self.open.push_back((client_id.clone(), text.clone()));
        self.post(socket, client_id, text).await;
    }

    async fn post(&self, socket: &mut Socket, client_id: ClientId, text: String) {
        self.history.add(&Record::Post {
            sender: &self.name,
            client_id: client_id.as_str(),
            text: &text,
        });
        let post = Post {
            conversation: self.conversation.clone(),
            client_id,
            message: Draft::new(MessageBody::plain(&text)).into(),
            audience: Audience::Everyone,
        };
        socket.send(&ClientFrame::Post(post)).await;
    }

    fn accepted(&mut self, accepted: &Accepted) {
        self.history.add(&Record::Accepted {
            sender: &self.name,
            client_id: accepted.client_id.as_str(),
            epoch: accepted.epoch.as_str(),
            seq: accepted.seq.0,
        });
        self.open.retain(|(client_id, _)| *client_id != accepted.client_id);
    }
}
