//! A visitor's live conversation becomes the known customer's that it proved to be. Asked without knowing which
//! conversation that is, so it is looked up here before its actor is asked.
//!
//! One customer has one live conversation on a channel. That, and that a visitor is linked once, holds because the starts
//! of both wait meanwhile: neither opens a conversation between the look and the step.

use super::{Command, Refusal, Registry};
use crate::identity::linking::{Link, LinkProof};
use portico_shared::close::CloseCode;
use portico_shared::frame::RefusalCode;
use portico_shared::ids::ConversationId;

impl Registry {
    /// Hands the visitor's live conversation over and answers which one it is. Nothing moves if there is none, if the
    /// customer has a live one on the channel already, or if the visitor was somebody else's before. Asked again, because
    /// the first answer was lost, it answers the same.
    ///
    /// It goes on by itself if the caller hangs up: the turns are released only when the commit is done.
    pub async fn link(&self, proof: LinkProof) -> Result<Option<ConversationId>, Refusal> {
        let registry = self.clone();
        let linking = self
            .services()
            .tracker
            .spawn(async move { registry.link_in_turn(&proof).await });
        let stopped = |_| Err(Refusal::new(RefusalCode::Unavailable, "linking stopped; try again"));
        linking.await.unwrap_or_else(stopped)
    }

    async fn link_in_turn(&self, proof: &LinkProof) -> Result<Option<ConversationId>, Refusal> {
        let (visitor, customer) = (proof.visitor(), proof.customer());
        let _nobody_starts = self.starts_of_both(&visitor.id, &customer.id).await;
        let linked = match Link::of(&*self.services().store, &visitor.id).await? {
            Some(link) => (link.customer == customer.id).then_some(link.conversation),
            None => self.hand_over(proof).await?,
        };
        if linked.is_some() {
            // Tabs that read the conversation were let go by its actor; others hold a token that proves nothing now.
            let tabs = self.services().presence.tabs(&visitor.id, &visitor.channel);
            tabs.iter().for_each(|tab| tab.close(CloseCode::TokenRefused));
        }
        Ok(linked)
    }

    async fn hand_over(&self, proof: &LinkProof) -> Result<Option<ConversationId>, Refusal> {
        let Some(live) = self.live_conversation(proof.visitor()).await? else {
            return Ok(None);
        };
        if self.live_conversation(proof.customer()).await?.is_some() {
            return Ok(None);
        }
        for id in [&proof.visitor().id, &proof.customer().id] {
            self.not_being_erased(id).await?;
        }
        match self.call(&live.id, Command::Link(Box::new(proof.clone()))).await {
            Ok(_) => {
                tracing::info!(conversation.id = %live.id, "a visitor's chat became a known customer's");
                Ok(Some(live.id))
            }
            // It ended since it was looked up.
            Err(refusal) if refusal.code == RefusalCode::ConversationEnded => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}
