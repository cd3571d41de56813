//! Launching as a whole, and batches with their progress, in words.

use vending::account::AccountName;
use vending::forecast::duration;
use vending::ledger::{Batch, Entry, Launching, Pause, Resumed, Status, Timestamp};

use super::rows;
use super::scene::{Scene, Subject};
use super::standing::is_refused;
use super::words::{count, indented, moment};
use crate::terminal::{BAD, FAINT, TITLE, WARNING, harmless, paint, style_of};

/// All that is seen, with a table of no more than `most` entries.
pub(super) fn text(scene: &Scene, width: usize, most: usize) -> String {
    if let Subject::Account(_) = &scene.subject {
        let entries: Vec<&Entry> = scene.entries.values().collect();
        return rows::table(&entries, scene.now, width, most);
    }
    let mut parts = vec![launching(scene, width)];
    parts.extend(scene.batches.iter().map(|it| batch(scene, it, width)));
    if scene.batches.is_empty() {
        parts.push("no batch is open".to_owned());
    }
    if let (Subject::Batch(_), [one]) = (&scene.subject, scene.batches.as_slice())
        && !scene.of(one).is_empty()
    {
        parts.push(rows::table(&scene.of(one), scene.now, width, most));
    }
    parts.extend(ended_lately(scene, width));
    parts.join("\n\n")
}

/// The batches that ended last.
fn ended_lately(scene: &Scene, width: usize) -> Option<String> {
    let said = |batch: &Batch| {
        let end = match is_refused(batch) {
            true => "refused".to_owned(),
            false => format!("{} READY, {} FAILED", batch.ready, batch.failed),
        };
        let received = moment(batch.received_at, scene.now);
        indented(&format!("{}: {end}, received {received} UTC", batch.id), 2, width)
    };
    let lines: Vec<String> = scene.ended.iter().map(said).collect();
    (!lines.is_empty()).then(|| format!("{}\n{}", paint(TITLE, "ended lately"), lines.join("\n")))
}

/// The width of a progress bar.
const BAR: usize = 24;

/// Launching as a whole: the slots, and what holds them back.
pub(super) fn launching(scene: &Scene, width: usize) -> String {
    let Launching { in_flight, hold_until, pause, resumed, .. } = &scene.launching;
    let names: Vec<&str> = in_flight.iter().map(AccountName::as_str).collect();
    let names = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    let slots = format!("{} of {} slots in use{names}", in_flight.len(), scene.max_in_flight);
    let mut lines = vec![paint(TITLE, "launching"), indented(&slots, 2, width)];
    if let Some(until) = hold_until.filter(|until| *until > scene.now) {
        let text = format!("held until {} UTC: Control Tower is busy", moment(until, scene.now));
        lines.push(paint(WARNING, indented(&text, 2, width)));
    }
    if let Some(pause) = pause {
        lines.push(paint(WARNING, indented(&paused(pause, scene.now), 2, width)));
        lines.push("  to go on: vend resume --apply".to_owned());
    } else if let Some(Resumed { by, at }) = resumed {
        let text = format!("last resumed {} UTC by {}", moment(*at, scene.now), harmless(&by.0));
        lines.push(paint(FAINT, indented(&text, 2, width)));
    }
    lines.join("\n")
}

/// Since when launching is paused, by whom, and why.
pub(crate) fn paused(pause: &Pause, now: Timestamp) -> String {
    let since = moment(pause.since, now);
    let ago = duration(now - pause.since);
    let why = harmless(&pause.reason);
    // The reason that a person gave may name them already.
    let by = pause.by.as_ref().filter(|by| !why.contains(&by.0));
    let by = by.map(|by| format!(" by {}", harmless(&by.0))).unwrap_or_default();
    format!("PAUSED{by} since {since} UTC ({ago}): {why}")
}

/// A batch: its progress, its counts, and when it will have ended.
pub(super) fn batch(scene: &Scene, batch: &Batch, width: usize) -> String {
    let file = harmless(&batch.object.key);
    let title = paint(TITLE, format!("batch {}", batch.id));
    let origin = format!("from {file}, received {} UTC", moment(batch.received_at, scene.now));
    let mut lines = vec![title, indented(&origin, 2, width)];
    if is_refused(batch) {
        let text = format!(
            "refused: no row of it was taken. Why, row by row: {} in the bucket {}",
            batch.results_key(),
            harmless(&batch.object.bucket)
        );
        lines.push(paint(BAD, indented(&text, 2, width)));
        return lines.join("\n");
    }
    if !batch.taken {
        lines.push("  being taken in".to_owned());
    }
    lines.push(format!("  {} {}", bar(batch), ended(batch)));
    lines.push(indented(&counts(scene, batch), 2, width));
    lines.extend(outside(batch).map(|text| indented(&text, 2, width)));
    lines.extend(scene.outlook(batch).map(|text| indented(&text, 2, width)));
    lines.join("\n")
}

/// The batch's progress: what is READY, what FAILED, what remains.
fn bar(batch: &Batch) -> String {
    let all = batch.queued().max(1);
    let cells = |rows: u64| {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let all = usize::try_from(all).unwrap_or(usize::MAX);
        rows.saturating_mul(BAR) / all
    };
    let ended = cells(batch.ready + batch.failed);
    let ready = cells(batch.ready);
    let part = |style, length| paint(style, "━".repeat(length));
    let (ready, failed) =
        (part(style_of(Status::Ready), ready), part(style_of(Status::Failed), ended - ready));
    format!("{ready}{failed}{}", paint(FAINT, "─".repeat(BAR - ended)))
}

fn ended(batch: &Batch) -> String {
    format!("{} of {} ended", batch.ready + batch.failed, batch.queued())
}

/// How many rows stand where.
fn counts(scene: &Scene, batch: &Batch) -> String {
    let entries = scene.of(batch);
    let of = |status| entries.iter().filter(|entry| entry.status() == status).count();
    let some = Status::ALL.into_iter().filter(|status| of(*status) > 0);
    let some: Vec<String> = some.map(|status| format!("{} {status}", of(status))).collect();
    if some.is_empty() { "no rows".to_owned() } else { some.join(", ") }
}

/// Rows of the file that are not among those of the batch.
fn outside(batch: &Batch) -> Option<String> {
    let said = [
        (batch.unchanged, "READY or under way before"),
        (batch.refused, "refused"),
        (batch.superseded, "asked for by a later list"),
    ];
    let said = said.iter().filter(|(rows, _)| *rows > 0).map(|(rows, what)| {
        format!("{} {what}", count(usize::try_from(*rows).unwrap_or(usize::MAX), "row"))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| format!("besides: {}", said.join(", ")))
}

#[cfg(test)]
mod tests {
    use vending::failure::FailureKind;
    use vending::ledger::{Event, Operator, Source};

    use super::*;
    use crate::status::testing::{
        after, at, configuring, failed, provisioning, queued, ready, scene,
    };

    /// The text as a pipe gets it; no line is wider than 80 columns.
    fn plain(scene: &Scene, most: usize) -> String {
        let text = anstream::adapter::strip_str(&text(scene, 80, most)).to_string();
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        text
    }

    #[test]
    fn a_batch_shows_where_each_row_stands_and_when_it_will_have_ended() {
        let long = "a-name-that-is-as-long-as-any-name-can-be-in-aws-0";
        let told = Event::ToldToWait {
            until: at(2_400),
            reason: "Another operation is in progress. Try again later.".into(),
        };
        let scene = scene(
            vec![
                ready("alpha", 2),
                failed("beta", 3, FailureKind::AccountQuota),
                provisioning(long, 4),
                after(&provisioning("delta", 5), told, &Source::Minute, 90),
                configuring("epsilon", 6),
                queued("zeta", 7),
            ],
            2_000,
        );
        insta::assert_snapshot!(plain(&scene, 50));
    }

    #[test]
    fn what_holds_launching_back_is_told_with_the_way_out() {
        let mut scene = scene(vec![queued("alpha", 2)], 600);
        scene.launching.hold_until = Some(at(900));
        scene.launching.pause = Some(Pause {
            since: at(300),
            reason: "drift\u{1b}[2J".into(),
            announced: true,
            by: Some(Operator("jane".into())),
        });
        scene.batches[0].refused = 2;
        scene.batches[0].unchanged = 1;
        insta::assert_snapshot!(plain(&scene, 50));
    }

    #[test]
    fn of_ten_thousand_rows_those_are_listed_that_one_looks_for() {
        let mut entries: Vec<_> = (2..10_000).map(|n| queued(&format!("row-{n}"), n)).collect();
        entries
            .extend((10_000..10_040).map(|n| failed(&format!("row-{n}"), n, FailureKind::Drift)));
        entries.push(provisioning("row-10040", 10_040));
        let text = plain(&scene(entries, 600), 50);
        assert_eq!(text.matches("row-10").count(), 27 + 25, "{text}");
        assert!(text.contains("row-10040  PROVISIONING"), "{text}");
        assert!(text.contains("and 10013 more rows: 9998 QUEUED, 15 FAILED"), "{text}");
        assert!(text.lines().count() < 70, "{}", text.lines().count());
    }

    #[test]
    fn a_refused_batch_says_where_the_reasons_are() {
        let mut scene = scene(Vec::new(), 600);
        scene.batches[0].taken = false;
        let text = plain(&scene, 50);
        assert!(text.contains("refused: no row of it was taken"), "{text}");
        assert_eq!(crate::status::exit(&scene), crate::Exit::Refused);
    }

    #[test]
    fn a_bar_is_as_long_as_what_has_ended() {
        let of = |remaining, ready, failed| {
            let batch = Batch { remaining, ready, failed, ..crate::status::testing::batch() };
            let bar = anstream::adapter::strip_str(&bar(&batch)).to_string();
            (bar.matches('━').count(), bar.chars().count())
        };
        assert_eq!([of(3, 0, 0), of(2, 1, 1), of(0, 1, 2)], [(0, 24), (12, 24), (24, 24)]);
        assert_eq!(of(0, 0, 0), (0, 24));
    }

    #[test]
    fn one_account_is_a_line() {
        let mut scene = scene(vec![failed("beta", 3, FailureKind::AccountQuota)], 600);
        let name = AccountName::new("beta");
        scene.subject = name.map(Subject::Account).unwrap_or(Subject::Everything);
        insta::assert_snapshot!(plain(&scene, 50));
    }
}
