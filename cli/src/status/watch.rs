//! Looking again and again until all has ended: as a picture that changes in place on a
//! terminal, as a line for each change elsewhere.

use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use tokio::time::sleep;
use vending::ledger::Launching;

use super::changes::{Change, Seen};
use super::scene::Scene;
use super::summary;
use super::{document, exit};
use crate::Exit;
use crate::stack::Stack;
use crate::terminal::{self, harmless, line, plain_where_needed};

/// How often AWS is asked: a launch takes half an hour, and each look costs some reads.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// How often a local cloud is asked, where an account takes a second or two.
const LOOK_EVERY_LOCALLY: Duration = Duration::from_millis(150);

/// Looks in a row that may fail: networks go away for a while, and the SDK has tried
/// several times already.
const PATIENCE: u32 = 5;

/// Rows in a picture that changes: it must not be higher than the terminal.
const PICTURED: usize = 12;

/// How it is told.
pub(super) enum Telling {
    /// A picture that changes in place.
    Picture(ProgressBar),
    /// A line for each change.
    Lines,
    /// A line of JSON for each change.
    JsonLines,
    /// Not before the end.
    AtTheEnd,
}

impl Telling {
    /// What suits standard output.
    pub(super) fn for_people() -> Self {
        if !terminal::is_interactive() {
            return Self::Lines;
        }
        let style = ProgressStyle::with_template("{msg}");
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self::Picture(bar)
    }

    fn show(&self, scene: &Scene, changes: &[Change]) {
        match self {
            Self::Picture(bar) => {
                let width = usize::from(terminal::width()).saturating_sub(1);
                let text = summary::text(scene, width, PICTURED);
                bar.set_message(plain_where_needed(&format!(
                    "{text}\n\nCtrl-C stops watching, and nothing else."
                )));
                bar.tick();
            }
            Self::Lines => {
                changes.iter().for_each(|it| line(it.text(usize::from(terminal::width()))));
            }
            Self::JsonLines => changes.iter().for_each(|it| line(it.json().to_string())),
            Self::AtTheEnd => {}
        }
    }

    /// What goes on as a whole, where that has changed.
    fn note(&self, text: &str) {
        if matches!(self, Self::Lines) {
            let width = usize::from(terminal::width()).saturating_sub(10);
            line(super::words::wrap(text, width).join(&format!("\n{:10}", "")));
        }
    }

    fn clear(&self) {
        if let Self::Picture(bar) = self {
            bar.finish_and_clear();
        }
    }

    fn end(&self, scene: &Scene) -> Result<()> {
        self.clear();
        match self {
            Self::Picture(_) | Self::Lines => {
                line(String::new());
                line(summary::text(scene, usize::from(terminal::width()), super::rows::LISTED));
            }
            Self::JsonLines => {
                let end = json!({ "end": { "exitCode": exit(scene).code(), "seen": document::scene(scene) } });
                line(end.to_string());
            }
            Self::AtTheEnd => terminal::json(&document::scene(scene))?,
        }
        Ok(())
    }
}

/// Watches until all that is looked at has ended, or Ctrl-C.
pub(super) async fn watch(
    stack: &Stack,
    mut scene: Scene,
    mut seen: Seen,
    telling: &Telling,
) -> Result<Exit> {
    // Listened for from the first moment, and not only between looks.
    let mut pressed = tokio::spawn(tokio::signal::ctrl_c());
    let mut failures = 0;
    let mut paused = false;
    loop {
        let is_paused = scene.launching.pause.is_some();
        if std::mem::replace(&mut paused, is_paused) != is_paused {
            telling.note(&pause_news(&scene));
        }
        telling.show(&scene, &seen.changes(&scene));
        if scene.is_over() {
            telling.end(&scene)?;
            return Ok(exit(&scene));
        }
        let looked = tokio::select! {
            looked = look_again(stack, &mut scene) => looked,
            pressed = &mut pressed => {
                pressed.context("listen for Ctrl-C")?.context("listen for Ctrl-C")?;
                telling.clear();
                terminal::aside("stopped watching; what is under way goes on. vend status shows it");
                return Ok(Exit::Interrupted);
            }
        };
        failures = if looked.is_ok() { 0 } else { failures + 1 };
        if failures > PATIENCE {
            telling.clear();
            looked?;
        }
    }
}

async fn look_again(stack: &Stack, scene: &mut Scene) -> Result<()> {
    sleep(interval(stack)).await;
    scene.refresh(stack).await
}

/// How long to wait until the next look.
pub(super) fn interval(stack: &Stack) -> Duration {
    if stack.is_local() { LOOK_EVERY_LOCALLY } else { LOOK_EVERY }
}

/// That launching is paused, or goes on again.
fn pause_news(scene: &Scene) -> String {
    let Launching { pause, resumed, .. } = &scene.launching;
    let (at, words) = match (pause, resumed) {
        (Some(pause), _) => (pause.since, summary::paused(pause, scene.now)),
        (None, Some(resumed)) => (resumed.at, format!("resumed by {}", harmless(&resumed.by.0))),
        (None, None) => (scene.now, "resumed".to_owned()),
    };
    format!("{}  launching is {words}", at.format("%H:%M:%S"))
}
