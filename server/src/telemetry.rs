//! Writes the log and answers `/metrics`. The metrics themselves are declared in [`portico_core::telemetry`].

use metrics::{counter, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use portico_core::config::{Log, LogFormat};
use portico_core::telemetry::{
    BOTS_AWAY, ERASURES, OPEN_FILES, PANICS, RESIDENT_MEMORY, RETENTION_WAITS, RETIRED, UNREADABLE, describe,
};
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How often finished observations are folded into what `/metrics` answers.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Upper bounds of the latency histograms, in seconds.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0,
];

/// Upper bounds of the histograms that count things.
const COUNTS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// Begins to log to standard output. Answers whether this call did: the first one in a process does.
pub fn start_log(log: &Log) -> bool {
    // Written by hand into the configuration and checked there, so that it can only be good here.
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A log that cannot be written, on a full disk or to a pipe without a reader, ends nothing: told on standard error,
        // which may be the same full disk, it would be a panic.
        .log_internal_errors(false)
        .with_ansi(std::io::stdout().is_terminal());
    match log.format {
        LogFormat::Pretty => builder.try_init().is_ok(),
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .try_init()
            .is_ok(),
    }
}

/// Logs and counts every panic. Its message stays out of the log, because it may quote a customer's text.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        counter!(PANICS).increment(1);
        tracing::error!(panic.place = %place, panic.backtrace = %std::backtrace::Backtrace::capture(), "a panic; this is a bug");
    }));
}

/// What `/metrics` reads. The recorder is one per process, however many relays run in it.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder on the first call.
    pub fn install() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let recorder = histograms(PrometheusBuilder::new()).build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_ok() {
                describe();
                // Present from the start, so that an alert can watch them before they first happen.
                counter!(PANICS).increment(0);
                counter!(UNREADABLE).increment(0);
                counter!(ERASURES, "outcome" => "unfinished").increment(0);
                counter!(RETIRED).increment(0);
                gauge!(RETENTION_WAITS).set(0.0);
                gauge!(BOTS_AWAY).set(0.0);
            }
            handle
        });
        Self(handle.clone())
    }

    /// Everything in Prometheus' text format.
    pub fn render(&self) -> String {
        observe_process();
        self.0.render()
    }

    /// Folds observations until the relay stops, so that they never pile up between two scrapes.
    pub async fn keep(self, stop: CancellationToken) {
        while stop
            .run_until_cancelled(tokio::time::sleep(UPKEEP_EVERY))
            .await
            .is_some()
        {
            self.0.run_upkeep();
        }
    }
}

fn histograms(builder: PrometheusBuilder) -> PrometheusBuilder {
    builder
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_size".to_owned()), &COUNTS))
        .expect("the bucket lists above are not empty")
}

fn observe_process() {
    if let Some(bytes) = resident_bytes() {
        gauge!(RESIDENT_MEMORY).set(bytes);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        gauge!(OPEN_FILES).set(open.count() as f64);
    }
}

/// Linux only; elsewhere the metric is absent.
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_is_measured() {
        let text = Metrics::install().render();
        assert!(
            text.contains("# HELP process_resident_memory_bytes Memory of this process"),
            "{text}"
        );
        assert!(resident_bytes().expect("Linux") > 1024.0 * 1024.0);
    }
}
