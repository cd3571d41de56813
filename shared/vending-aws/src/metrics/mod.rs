//! Metrics for CloudWatch, made of the log events that the functions write: what is
//! measured is what is logged.
//!
//! They leave as lines of the embedded metric format beside the log, and cost no call.

mod calls;
mod line;
mod measure;

use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;

pub use calls::CallCounts;
pub use line::NAMESPACE;

/// Writes a line of metrics for every log event that measures something.
pub(crate) struct Metrics<W> {
    stack: String,
    writer: W,
}

impl<W> Metrics<W> {
    /// Metrics of that stack.
    pub(crate) fn new(stack: String, writer: W) -> Self {
        Self { stack, writer }
    }
}

/// Whether the log event measures something.
pub(crate) fn is_measure(about: &Metadata<'_>) -> bool {
    about.is_event() && measure::MARKS.iter().any(|mark| about.fields().field(mark).is_some())
}

impl<S: Subscriber, W: for<'w> MakeWriter<'w> + 'static> Layer<S> for Metrics<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let measures = measure::of(event);
        if measures.is_empty() {
            return;
        }
        let now = chrono::Utc::now();
        let line = format!("{}\n", line::of(now.timestamp_millis(), &self.stack, &measures));
        // Where standard output is gone, there is nobody left to tell.
        std::io::Write::write_all(&mut self.writer.make_writer(), line.as_bytes()).ok();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing::{debug, info};
    use tracing_subscriber::filter::filter_fn;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// What is written, to be read while it is being written to.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The lines that are written for what `log` logs.
    fn lines(log: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let writer = written.clone();
        let layer = Metrics::new("vend-test".to_owned(), move || writer.clone());
        let layer = layer.with_filter(filter_fn(is_measure));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let written = written.0.lock().unwrap().clone();
        let written = String::from_utf8(written).unwrap();
        written.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn one(log: impl FnOnce()) -> Value {
        let lines = lines(log);
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        line::check(line);
        line.clone()
    }

    fn changed(from: &str, to: &str, duration_ms: Option<i64>, handover_ms: Option<i64>) -> Value {
        one(|| {
            info!(
                account.name = "alpha",
                status.from = from,
                status.to = to,
                duration_ms,
                handover_ms,
                "entry changed its status"
            );
        })
    }

    #[test]
    fn a_change_of_status_counts_an_entry_and_nothing_that_names_it() {
        let line = changed("PROVISIONING", "FAILED", Some(90_500), None);
        assert_eq!((&line["Stack"], &line["Status"]), (&"vend-test".into(), &"FAILED".into()));
        assert_eq!(line["Entries"], 1);
        assert_eq!((line.get("LaunchSeconds"), line.get("HandoverSeconds")), (None, None));
        assert!(!line.to_string().contains("alpha"), "{line}");
    }

    #[test]
    fn the_entries_of_a_file_are_counted_in_one_line() {
        let line = one(|| info!(status.to = "QUEUED", entries = 1_000_usize, "changed"));
        assert_eq!((&line["Status"], &line["Entries"]), (&"QUEUED".into(), &1_000.into()));
    }

    #[test]
    fn how_long_a_launch_and_a_handover_took_is_told_when_they_end() {
        let made = changed("PROVISIONING", "CONFIGURING", Some(1_500_500), None);
        assert_eq!(made["LaunchSeconds"], 1500.5);
        let finished_by_hand = changed("FAILED", "CONFIGURING", Some(1_500_500), None);
        assert_eq!(finished_by_hand.get("LaunchSeconds"), None);
        let ready = changed("CONFIGURING", "READY", Some(1_600_000), Some(45_000));
        assert_eq!((&ready["HandoverSeconds"], &ready["Entries"]), (&45.0.into(), &1.into()));
        assert_eq!(ready.get("LaunchSeconds"), None);
        assert_eq!(changed("CONFIGURING", "READY", None, None).get("HandoverSeconds"), None);
    }

    #[test]
    fn a_tick_tells_of_launching_as_a_whole() {
        let line = one(|| {
            debug!(
                slots.used = 2_usize,
                slots.free = 1_usize,
                launching.paused = true,
                launching.longest_s = 1_800_i64,
                queue.waiting_s = 0_i64,
                "launching measured"
            );
        });
        let expected = [
            ("SlotsUsed", 2),
            ("SlotsFree", 1),
            ("LaunchingPaused", 1),
            ("LongestProvisioningSeconds", 1_800),
            ("OldestQueuedWithFreeSlotsSeconds", 0),
        ];
        for (name, value) in expected {
            assert_eq!(line[name], value, "{name}");
        }
        assert_eq!(
            line["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
            serde_json::json!([["Stack"]])
        );
    }

    #[test]
    fn what_measures_nothing_is_no_metric() {
        assert_eq!(lines(|| info!(account.name = "alpha", "launched")), Vec::<Value>::new());
    }
}
