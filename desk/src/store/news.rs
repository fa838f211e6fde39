//! What the console makes of what the session says by itself: messages that arrive, wishes that are refused.

use super::{Column, Desk, listed};
use crate::i18n;
use leptos::prelude::*;
use portico_client::{Change, Connection};
use portico_shared::frame::RefusalCode;
use portico_ui::net::News;

impl Desk {
    pub(super) fn hear(self, news: News) {
        match news {
            News::Arrived { conversation, seq } => {
                let said = self.link.read(|session| listed::said(session, &conversation, seq));
                if let Some((name, text)) = said {
                    self.announcer.say(i18n::message_announcement(&name, &text));
                    self.chime.update(|count| *count += 1);
                }
            }
            News::Refused {
                code: RefusalCode::OfferGone,
                ..
            } => {
                self.toast.set(Some(i18n::OFFER_GONE));
                self.close_unknown();
            }
            News::Refused { .. } => self.toast.set(Some(i18n::REFUSED)),
        }
    }

    /// Once the relay has said what there is, a conversation of an earlier page that is not among it is not shown.
    pub(super) fn forget_unknown(self) {
        let settled = self.link.watch(&Change::Connection, |session| {
            let accepting = session.offers().iter().any(|offer| session.is_accepting(&offer.task));
            *session.connection() == Connection::Online && !accepting
        });
        if settled {
            self.close_unknown();
        }
    }

    /// Stops showing a conversation that never came to this desk.
    fn close_unknown(self) {
        let open = self.open.get_untracked();
        if open.is_some_and(|id| self.link.read(|session| session.conversation(&id).is_none())) {
            self.open.set(None);
            self.column.set(Column::List);
        }
    }
}
