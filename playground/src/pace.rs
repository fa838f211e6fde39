//! One direction of a connection: what comes is handed on when the line lets it through.

use crate::fault::Fault;
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use std::pin::pin;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// What may be under way at once; what comes beyond that waits at its sender's.
const UNDER_WAY: usize = 256;

/// Hands on what comes until either end is gone. `weigh` says how many bytes a thing has.
pub(crate) async fn carry<T>(
    from: impl Stream<Item = T>,
    to: impl Sink<T>,
    weigh: impl Fn(&T) -> usize,
    mut fault: watch::Receiver<Fault>,
) {
    let (sender, mut receiver) = mpsc::channel(UNDER_WAY);
    let present = fault.clone();
    let receive = async move {
        let mut from = pin!(from);
        while let Some(thing) = from.next().await {
            let due = Instant::now() + present.borrow().delay();
            if sender.send((due, thing)).await.is_err() {
                return;
            }
        }
    };
    let send = async move {
        let mut to = pin!(to);
        while let Some((due, thing)) = receiver.recv().await {
            sleep_until(due).await;
            let Ok(speaking) = fault
                .wait_for(|fault| *fault != Fault::Silence)
                .await
                .map(|fault| *fault)
            else {
                return;
            };
            sleep(speaking.takes(weigh(&thing))).await;
            if to.send(thing).await.is_err() {
                return;
            }
        }
        // That an end is gone is told as late as everything else.
        let _ = fault.wait_for(|fault| *fault != Fault::Silence).await;
    };
    tokio::join!(receive, send);
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use std::time::Duration;

    /// When each of three things came, in milliseconds after the first was sent.
    async fn carried(fault: Fault) -> Vec<u128> {
        let begun = Instant::now();
        let present = watch::Sender::new(fault);
        let mut came = Vec::new();
        let note = futures_util::sink::unfold(&mut came, |came, _thing: usize| async move {
            came.push(begun.elapsed().as_millis());
            Ok::<_, ()>(came)
        });
        let things = stream::iter([1200, 1200, 1200]);
        let carried = carry(things, note, |bytes| *bytes, present.subscribe());
        let speaks = async {
            sleep(Duration::from_secs(60)).await;
            present.send_replace(Fault::None);
        };
        tokio::join!(carried, speaks);
        came
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_late_comes_together_and_what_is_slow_one_after_the_other() {
        assert_eq!(carried(Fault::None).await, [0, 0, 0]);
        assert_eq!(carried(Fault::Delay).await, [1500, 1500, 1500]);
        assert_eq!(carried(Fault::Slow).await, [100, 200, 300]);
        assert_eq!(carried(Fault::Silence).await, [60_000, 60_000, 60_000]);
    }
}
