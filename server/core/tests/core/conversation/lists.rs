//! Conversation lists of connections that do not read the conversation live: what they are told, and what it costs.

use super::commands::Commands;
use super::world::{Desk, Socket, World, as_read, bot, post, whisper};
use portico_core::conversation::{Command, MarkerKind};
use portico_core::identity::Principal;
use portico_shared::frame::{ServerFrame, Summary};
use portico_shared::ids::{ConversationId, Seq};
use proptest::prelude::*;

/// What happens in a conversation.
#[derive(Debug, Clone)]
enum Deed {
    Posts(Member),
    AgentWhispers,
    /// The member's read marker moves to this share of the log, in percent.
    Reads(Member, u64),
    /// The customer writes this many messages in a row.
    Burst(usize),
    /// The customer writes this many messages while no socket is open.
    Unseen(usize),
}

#[derive(Debug, Clone, Copy)]
enum Member {
    Customer,
    Agent,
    Bot,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let member = || prop_oneof![Just(Member::Customer), Just(Member::Agent), Just(Member::Bot)];
    let deed = prop_oneof![
        12 => member().prop_map(Deed::Posts),
        3 => Just(Deed::AgentWhispers),
        6 => (member(), 40_u64..=100).prop_map(|(who, percent)| Deed::Reads(who, percent)),
        1 => (1_usize..120).prop_map(Deed::Burst),
        1 => (0_usize..5).prop_map(Deed::Unseen),
    ];
    proptest::collection::vec(deed, 1..40)
}

/// A conversation of a customer, an agent and an assisting bot, who all have it in their lists and do not read it live.
struct Listed {
    world: World,
    conversation: ConversationId,
    members: [(Principal, Socket); 3],
    posts: usize,
}

impl Listed {
    async fn start() -> Self {
        let world = World::new();
        let (who, conversation) = world.started("socketed").await;
        let robot = bot("socket");
        let Desk { who: agent, mut socket } = world.handed_over(&robot, &conversation).await;
        socket.queued().await;
        let customer = Principal::Customer(who);
        let (tab, bots) = (world.socket(&customer), world.socket(&robot));
        Self {
            members: [(customer, tab), (Principal::Staff(agent), socket), (robot, bots)],
            world,
            conversation,
            posts: 0,
        }
    }

    fn principal(&self, member: Member) -> Principal {
        self.members[member as usize].0.clone()
    }

    async fn happens(&mut self, deed: Deed) {
        match deed {
            Deed::Posts(member) => self.posts(&self.principal(member)).await,
            Deed::AgentWhispers => {
                let client_id = self.client_id();
                let words = whisper(&self.conversation, &client_id, "between us");
                let agent = self.principal(Member::Agent);
                self.world.registry.post(&agent, words).await.expect("a whisper");
            }
            Deed::Reads(member, percent) => {
                let head = self.world.record(&self.conversation).await.head;
                let command = Command::MoveMarker {
                    who: self.principal(member),
                    up_to: Seq(head.0 * percent / 100),
                    kind: MarkerKind::Read,
                };
                self.world.registry.call(&self.conversation, command).await.ok();
            }
            Deed::Burst(posts) => {
                for _ in 0..posts {
                    self.posts(&self.principal(Member::Customer)).await;
                }
            }
            Deed::Unseen(posts) => {
                for (_, socket) in &mut self.members {
                    socket.hang_up();
                }
                for _ in 0..posts {
                    self.say(&self.principal(Member::Customer)).await;
                }
                for (who, socket) in &mut self.members {
                    *socket = self.world.socket(who);
                }
            }
        }
    }

    /// A message, after which every list is as the store has it.
    async fn posts(&mut self, who: &Principal) {
        let before = self.world.record(&self.conversation).await.last_message;
        self.say(who).await;
        if self.world.record(&self.conversation).await.last_message == before {
            // A bot's suggestion is in no list.
            return;
        }
        for (who, socket) in &mut self.members {
            let summaries = self.world.registry.summaries(who).await.expect("a read");
            assert_eq!(
                told(socket, summaries[0].head).await,
                as_read(&summaries[0]),
                "{}",
                who.key()
            );
        }
    }

    async fn say(&mut self, who: &Principal) {
        let client_id = self.client_id();
        let words = post(&self.conversation, &client_id, "words");
        self.world.registry.post(who, words).await.expect("a post");
    }

    fn client_id(&mut self) -> String {
        self.posts += 1;
        format!("p{}", self.posts)
    }
}

/// The summary that a socket is sent when the log has come to `head`.
async fn told(socket: &mut Socket, head: Seq) -> Summary {
    let listed = |frame: &ServerFrame| matches!(frame, ServerFrame::Conversation(summary) if summary.head == head);
    match socket.until(listed).await {
        ServerFrame::Conversation(summary) => *summary,
        other => panic!("no summary but {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn what_lists_are_told_is_what_the_store_says(deeds in deeds()) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let mut listed = Listed::start().await;
            for deed in deeds {
                listed.happens(deed).await;
            }
        });
    }
}

#[tokio::test]
async fn a_message_reads_nothing_from_the_store_for_those_who_only_list_the_conversation() {
    let mut listed = Listed::start().await;
    let customer = listed.principal(Member::Customer);
    let agent = listed.principal(Member::Agent);
    // The first message reads what the lists show; from then on it is in memory.
    for who in [&customer, &agent] {
        listed.posts(who).await;
    }
    let mut head = listed.world.record(&listed.conversation).await.head;
    let before = listed.world.reads();
    for _ in 0..20 {
        for who in [&customer, &agent] {
            listed.say(who).await;
            head = head.next();
            for (_, socket) in &mut listed.members {
                told(socket, head).await;
            }
        }
    }
    assert_eq!(listed.world.reads() - before, 0);
}
