//! Tokens of a visitor. What is kept of one is a refresh token and unsent posts, under a prefix of the channel and,
//! for a signed identity, its subject: two visitors of one browser never meet.

use crate::host;
use portico_client::{Customer, Options, TokenError};
use portico_shared::http::{SessionAnswer, SessionBody};
use portico_shared::json::{self, Value};
use portico_ui::browser::{Shelf, window};
use portico_ui::fetch::{self, FetchError};
use portico_ui::net::{Link, News, Setup, TokenSource};
use portico_ui::state::{State, effect};
use std::cell::RefCell;
use std::rc::Rc;

/// What is kept of a visitor.
pub(crate) struct Kept {
    channel: String,
    /// The refresh token and the draft.
    pub(crate) own: Rc<Shelf>,
    /// The signed identity, the newest one.
    identity: Rc<RefCell<Option<String>>>,
}

/// The key of the refresh token.
const REFRESH: &str = "refresh";

impl Kept {
    pub(crate) fn of(channel: &str, identity: Option<String>) -> Self {
        let own = Rc::new(Shelf::local(prefix(channel, identity.as_deref(), "me.")));
        Self {
            channel: channel.to_owned(),
            own,
            identity: Rc::new(RefCell::new(identity)),
        }
    }

    /// Whether this visitor was here before.
    pub(crate) fn is_known(&self) -> bool {
        self.identity.borrow().is_some() || self.own.get(REFRESH).is_some()
    }

    /// Follows the visitor's proofs, of which each ends some day: what was begun with one goes on with the next.
    pub(crate) fn follow(&self, proofs: State<Option<String>>, link: Link<Customer>) {
        let identity = Rc::clone(&self.identity);
        effect(Box::new(move || {
            let newest = proofs.get();
            if identity.replace(newest.clone()) != newest {
                link.renew();
            }
        }));
    }

    /// Forgets every visitor of this channel.
    pub(crate) fn forget(channel: &str) {
        Shelf::local(prefix(channel, None, "")).clear();
    }

    /// The link of this visitor.
    pub(crate) fn link(&self, on_news: Box<dyn Fn(News)>) -> Link<Customer> {
        Link::new(Setup {
            options: Options {
                client: Some(concat!("widget/", env!("CARGO_PKG_VERSION")).into()),
            },
            shelf: Shelf::local(prefix(&self.channel, self.identity.borrow().as_deref(), "out.")),
            tokens: self.tokens(),
            on_news,
        })
    }

    fn tokens(&self) -> TokenSource {
        let (channel, identity) = (self.channel.clone(), Rc::clone(&self.identity));
        let own = Rc::clone(&self.own);
        Box::new(move |_| {
            let (channel, identity, own) = (channel.clone(), identity.borrow().clone(), Rc::clone(&own));
            Box::pin(async move { token(&channel, identity.as_deref(), &own).await })
        })
    }
}

async fn token(channel: &str, identity: Option<&str>, own: &Rc<Shelf>) -> Result<String, TokenError> {
    // Who a known customer was before is of no use to the relay; who this browser was before, is.
    let nobody = Shelf::local(prefix(channel, None, "me."));
    let refresh = nobody.get(REFRESH).or_else(|| own.get(REFRESH));
    let mut answer = session(channel, refresh.as_deref(), identity).await;
    if let Err(error) = &answer
        && refresh.is_some()
        && !error.is_temporary()
    {
        // The relay has forgotten this visitor: begin as a new one.
        answer = session(channel, None, identity).await;
    }
    match answer {
        Ok(answer) => {
            if Rc::strong_count(own) > 1 {
                // The chat has the shelf as well, unless the visitor has left in the meantime.
                own.put(REFRESH, &answer.refresh);
                if let (Some(identity), Some(_)) = (identity, answer.linked) {
                    carry_over(channel, identity);
                    host::reload();
                }
            }
            Ok(answer.token)
        }
        Err(error) if error.is_temporary() => Err(TokenError::Unavailable {
            retry_after_ms: error.retry_after_ms(),
        }),
        Err(_) => {
            host::event("error", &[("reason", "session")]);
            Err(TokenError::Refused)
        }
    }
}

async fn session(channel: &str, refresh: Option<&str>, identity: Option<&str>) -> Result<SessionAnswer, FetchError> {
    let body = SessionBody {
        channel: channel.to_owned(),
        refresh: refresh.map(str::to_owned),
        identity: identity.map(str::to_owned),
    };
    fetch::post("/api/session", &body).await
}

/// The chat of before is the known customer's now: what is unsent and the draft go with it. The document that comes
/// next reads them as its own.
fn carry_over(channel: &str, identity: &str) {
    let whole = Shelf::local(prefix(channel, None, ""));
    let known = subject(identity).unwrap_or_default();
    for (key, text) in whole.all() {
        if let Some(part) = key.strip_prefix('.') {
            whole.remove(&key);
            if !part.ends_with(REFRESH) {
                whole.put(&[&known, ".", part].concat(), &text);
            }
        }
    }
}

fn prefix(channel: &str, identity: Option<&str>, part: &str) -> String {
    let subject = identity.and_then(subject).unwrap_or_default();
    if part.is_empty() {
        return ["portico.", channel, "."].concat();
    }
    ["portico.", channel, ".", &subject, ".", part].concat()
}

/// The subject of a signed identity, to tell visitors of one browser apart. The relay checks the signature.
pub(crate) fn subject(jwt: &str) -> Option<String> {
    let claims = jwt.split('.').nth(1)?.replace('-', "+").replace('_', "/");
    let claims: Value = json::parse(&window().atob(&claims).ok()?).ok()?;
    claims.get("sub")?.as_str().map(str::to_owned)
}
