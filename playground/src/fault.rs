//! What can be wrong with the line. A connection keeps its bytes in order or ends, whatever the network does: so what is
//! lost is lost together with its connection, and what comes twice was sent twice, because its answer was lost.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How much later everything is there.
const LATE: Duration = Duration::from_millis(1500);

/// Bytes per second of a slow line: a phone at the edge of its network.
const SLOW: u32 = 12_000;

/// What the line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Fault {
    /// Carries everything at once.
    #[default]
    None,
    /// Everything comes 1.5 seconds later, in both directions.
    Delay,
    /// Carries 12 kB per second in each direction.
    Slow,
    /// Each message is lost when it is first sent, in either direction, and its connection with it.
    Drop,
    /// Each message reaches the relay; its acknowledgement is lost, and the connection with it.
    Duplicate,
    /// Carries nothing, and tells neither end.
    Silence,
    /// Ends every connection, and takes no new one.
    Cut,
}

impl Fault {
    /// How long what comes now is under way.
    pub(crate) fn delay(self) -> Duration {
        match self {
            Self::Delay => LATE,
            Self::None | Self::Slow | Self::Drop | Self::Duplicate | Self::Silence | Self::Cut => Duration::ZERO,
        }
    }

    /// For how long this many bytes have the line to themselves.
    pub(crate) fn takes(self, bytes: usize) -> Duration {
        match self {
            Self::Slow => Duration::from_secs(1).mul_f64(bytes as f64 / f64::from(SLOW)),
            Self::None | Self::Delay | Self::Drop | Self::Duplicate | Self::Silence | Self::Cut => Duration::ZERO,
        }
    }
}
