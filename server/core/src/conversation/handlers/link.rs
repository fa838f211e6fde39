//! Passes an anonymous visitor's chat to the known customer that the visitor proved to be.

use super::recent;
use crate::audit::Attribution;
use crate::conversation::reader_role::ServerFrame;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services, access};
use crate::identity::Principal;
use crate::identity::linking::{Link, LinkProof};
use crate::store::{AuditAction, Change};
use portico_shared::frame::RefusalCode;

/// A chat that is over stays whose it was. Both customers are read here: when one is written before the commit, the actor
/// asks again.
pub(super) async fn link<'a>(
    services: &'a Services,
    state: &State,
    proof: &LinkProof,
) -> Result<Option<Transaction<'a>>, Refusal> {
    let (visitor, known) = (proof.visitor(), proof.customer());
    access::readable(&Principal::Customer(visitor.clone()), state)?;
    if state.is_ended() {
        return Err(Refusal::ended());
    }
    let visitor_record = services.store.customer(&visitor.id).await?;
    let Some((visitor_before, known_before)) = visitor_record.zip(services.store.customer(&known.id).await?) else {
        return Err(Refusal::new(RefusalCode::Unavailable, "a customer is missing"));
    };
    let link = Link {
        customer: known.id.clone(),
        conversation: state.record.id.clone(),
    };
    let (visitor_after, customer) = link.merge(visitor_before.clone(), known_before.clone());
    let mut transaction = Transaction::new(services, state);
    // The customer that loses the identity is written before the one that gets it: an identity has one owner.
    for (before, after) in [(visitor_before, visitor_after), (known_before, customer.clone())] {
        transaction.change(Change::Customer {
            before: Some(Box::new(before)),
            after: Box::new(after),
        });
    }
    transaction.change(Change::MoveActivities {
        from: visitor.id.clone(),
        to: known.id.clone(),
    });
    transaction.change(Change::MoveIdentities {
        from: visitor.id.clone(),
        to: known.id.clone(),
    });
    let by = Attribution::of(&Principal::Customer(known.clone()), services.clock.as_ref());
    let linked = by.on_customer(AuditAction::Linked, &known.id);
    let linked = linked.with_customer("visitor", &visitor.id);
    transaction.change(Change::Audit(Box::new(linked)));
    transaction.change_customer(known, customer);
    ring_anew(services, &mut transaction).await?;
    Ok(Some(transaction))
}

/// The agent that the task is reserved for gets the offer again, with the known customer.
async fn ring_anew(services: &Services, transaction: &mut Transaction<'_>) -> Result<(), Refusal> {
    let agent = transaction
        .state
        .task
        .as_ref()
        .and_then(|task| task.assigned_to.clone());
    if let (Some(agent), Some(offer)) = (agent, recent::offer(services, &transaction.state).await?) {
        transaction.notify(agent, ServerFrame::Offer(Box::new(offer)));
    }
    Ok(())
}
