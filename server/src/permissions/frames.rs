//! The frames of a client, by what they take.

use portico_core::identity::Permission;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::frame::ClientFrame;

macro_rules! frames {
    ($($variant:ident = $name:literal, $permission:ident, $does:literal;)*) => {
        /// What a frame asks for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FrameVerb {
            $(
                #[doc = $does]
                $variant,
            )*
        }

        impl FrameVerb {
            /// All that there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The frame's `type`, with what tells it apart from others of its type.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The one permission that it takes.
            pub const fn permission(self) -> Permission {
                match self {
                    $(Self::$variant => Permission::$permission,)*
                }
            }

            /// What it does.
            pub const fn does(self) -> &'static str {
                match self {
                    $(Self::$variant => $does,)*
                }
            }
        }
    };
}

frames! {
    Hello = "hello", SocketConnect, "Says who speaks. A token without the permission closes the socket, as one that is not good.";
    Auth = "auth", SocketConnect, "Brings a newer token of the same bearer.";
    Ping = "ping", SocketConnect, "Shows that the client lives.";
    Start = "start", ConversationsStart, "Opens a conversation.";
    Join = "join", ConversationsRead, "Begins to hear of a conversation.";
    Page = "page", ConversationsRead, "Reads a part of its log.";
    Delivered = "delivered", ConversationsRead, "Says how far it has come.";
    Read = "read", ConversationsRead, "Says how far it was read.";
    Post = "post", MessagesPost, "Writes into it.";
    Typing = "typing", MessagesPost, "Shows that somebody writes.";
    Describe = "describe", ConversationsDescribe, "Says what the customer's page knows.";
    End = "end", ConversationsEnd, "Ends it.";
    Ready = "state READY", ConversationsServe, "Asks to be offered conversations.";
    NotReady = "state NOT_READY", SessionOwn, "Asks to be offered none.";
    Accept = "accept", ConversationsServe, "Takes one that is offered.";
    Leave = "leave", ConversationsLeave, "Leaves one that was taken.";
}

impl FrameVerb {
    /// What this frame asks for.
    pub const fn of(frame: &ClientFrame) -> Self {
        match frame {
            ClientFrame::Hello(_) => Self::Hello,
            ClientFrame::Auth { .. } => Self::Auth,
            ClientFrame::Ping => Self::Ping,
            ClientFrame::Start(_) => Self::Start,
            ClientFrame::Join(_) => Self::Join,
            ClientFrame::Page(_) => Self::Page,
            ClientFrame::Delivered(_) => Self::Delivered,
            ClientFrame::Read(_) => Self::Read,
            ClientFrame::Post(_) => Self::Post,
            ClientFrame::Typing { .. } => Self::Typing,
            ClientFrame::Describe { .. } => Self::Describe,
            ClientFrame::End { .. } => Self::End,
            ClientFrame::State {
                state: AgentStateName::NotReady,
                ..
            } => Self::NotReady,
            // Those that are neither are refused as malformed to those who may be ready.
            ClientFrame::State { .. } => Self::Ready,
            ClientFrame::Accept { .. } => Self::Accept,
            ClientFrame::Leave { .. } => Self::Leave,
        }
    }
}
