//! SIGKILL at any moment: the same command again goes on, and nothing is lost, doubled or
//! untold. The moments are drawn from a seed: a virtual time, and some writes after it.
//!
//! A hundred kills of one batch: `cargo test -p vend --test kill -- --ignored --nocapture`.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use chrono::{DateTime, TimeDelta, Utc};
use landing_zone::model::service_catalog::ProductStatus;
use landing_zone::{Description, Zone};
use local_cloud::{Cloud, ENDPOINT, SECRET_KEY, Settings, WATCHER_KEY};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use vending::account::AccountName;
use vending::ledger::Status;
use vending::ports::{Ledger, OpenWork};
use vending_aws::{Clients, DynamoDbLedger, TableNames, fixed_config};

/// When the virtual time of every run begins.
const START: &str = "2026-01-21T12:00:00Z";

/// A list of `rows` accounts.
fn write_list(folder: &Path, rows: usize) -> Vec<AccountName> {
    let mut text =
        "AccountName,SSOUserEmail,AccountEmail,SSOUserFirstName,SSOUserLastName,OrgUnit\n"
            .to_owned();
    let names: Vec<String> = (1..=rows).map(|n| format!("row-{n}")).collect();
    for name in &names {
        text.push_str(&format!(
            "{name},ana.silva@example.com,{name}@example.com,Ana,Silva,Test-OU-2\n"
        ));
    }
    std::fs::write(folder.join("list.csv"), text).unwrap();
    names.iter().map(|name| AccountName::new(name).unwrap()).collect()
}

/// The run, begun or gone on with: slow enough that its end is not missed.
fn vend(folder: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vend"));
    command.env_clear().arg("local").arg(folder.join("list.csv"));
    command.args(["--start", START, "--speed", "5000", "--max-in-flight", "2"]);
    command.arg("--state").arg(folder.join("state")).args(more);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// What tells that the run has written something: lengths, and moments of change.
fn written(state: &Path) -> Vec<Option<(u64, SystemTime)>> {
    let files = [
        "landing-zone.jsonl",
        "clock.json",
        "delivery.0.json",
        "delivery.1.json",
        "tables.sqlite",
        "tables.sqlite-wal",
        "buckets/.versions.jsonl",
    ];
    let look = |file: &&str| {
        let about = std::fs::metadata(state.join(file)).ok()?;
        Some((about.len(), about.modified().ok()?))
    };
    files.iter().map(look).collect()
}

/// The virtual time that the run has come to; none while it has not begun.
fn clock(state: &Path) -> Option<DateTime<Utc>> {
    let text = std::fs::read_to_string(state.join("clock.json")).ok()?;
    serde_json::from_str(&text).ok()
}

/// When a run is killed: so far into it, in virtual time, and so many writes later.
type Moment = (DateTime<Utc>, u32);

/// Waits for the moment and kills the run. Whether it was still there.
fn kill_at(mut run: Child, state: &Path, (at, writes): Moment) -> bool {
    let mut before = written(state);
    let mut seen = 0;
    let mut due = false;
    while seen < writes || !due {
        if let Some(ended) = run.try_wait().unwrap() {
            assert_eq!(ended.code(), Some(0), "{}", said(run));
            return false;
        }
        due = due || at <= start() || clock(state) >= Some(at);
        let now = written(state);
        if now != before {
            (before, seen) = (now, if due { seen + 1 } else { 0 });
        }
        std::thread::yield_now();
    }
    // SIGKILL, on Unix.
    run.kill().unwrap();
    run.wait().unwrap();
    true
}

fn start() -> DateTime<Utc> {
    START.parse().unwrap()
}

fn said(mut run: Child) -> String {
    let mut text = String::new();
    if let Some(mut stderr) = run.stderr.take() {
        std::io::Read::read_to_string(&mut stderr, &mut text).unwrap();
    }
    text
}

/// How long a batch of `rows` rows takes in peace, in virtual time.
fn undisturbed(rows: usize) -> TimeDelta {
    let folder = tempfile::tempdir().unwrap();
    write_list(folder.path(), rows);
    let finished = vend(folder.path(), &[]).output().unwrap();
    assert_eq!(finished.status.code(), Some(0));
    clock(&folder.path().join("state")).unwrap() - start()
}

/// `kills` moments in a run that takes so long, in order. A fifth are in its beginning,
/// where the file is taken in and no time passes.
fn moments(chance: &mut ChaCha8Rng, kills: u32, long: TimeDelta) -> Vec<Moment> {
    let mut at = |n: u32| match n % 5 {
        0 => start(),
        _ => start() + TimeDelta::seconds(chance.random_range(0..long.num_seconds() * 4 / 5)),
    };
    let mut times: Vec<_> = (0..kills).map(&mut at).collect();
    times.sort();
    times.into_iter().map(|at| (at, chance.random_range(1..=MOST_WRITES))).collect()
}

/// Kills runs of a batch of `rows` rows `kills` times, and lets it finish. A batch that
/// was over before, because the machine let the runs pass by, is followed by another.
fn survive(rows: usize, kills: u32, seed: u64, more: &[&str]) {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let long = undisturbed(rows);
    let (mut survived, mut batches) = (0, 0);
    while survived < kills {
        let folder = tempfile::tempdir().unwrap();
        let names = write_list(folder.path(), rows);
        let state = folder.path().join("state");
        let killed = moments(&mut chance, kills - survived, long)
            .into_iter()
            .take_while(|at| kill_at(vend(folder.path(), more).spawn().unwrap(), &state, *at));
        survived += u32::try_from(killed.count()).unwrap();
        batches += 1;
        let finished = vend(folder.path(), more).output().unwrap();
        let said = String::from_utf8_lossy(&finished.stderr);
        assert_eq!(finished.status.code(), Some(0), "{said}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(all_is_well(&state, &names));
    }
    eprintln!("{survived} kills survived, of {batches} batch(es) of {rows} rows (seed {seed})");
}

/// Writes after the drawn time at which a run is killed, at most.
const MOST_WRITES: u32 = 10;

/// Looks at what the runs have left, in the landing zone, the ledger and the mail.
async fn all_is_well(state: &Path, names: &[AccountName]) {
    let cloud = open(state);
    let credentials = Credentials::from_keys(WATCHER_KEY, SECRET_KEY, None);
    let config = fixed_config(cloud.http_client(), ENDPOINT, "us-east-1", credentials);
    let ledger = DynamoDbLedger::new(Clients::new(config).dynamodb(), TableNames::default());

    let entries = ledger.entries(names).await.unwrap();
    assert_eq!(entries.len(), names.len(), "no row is lost");
    for entry in &entries {
        assert_eq!(entry.status(), Status::Ready, "{entry:?}");
        assert_eq!(entry.attempt, 1, "{entry:?}");
    }
    assert!(ledger.open_batches().await.unwrap().is_empty());
    assert!(ledger.launching().await.unwrap().in_flight.is_empty());
    assert!(ledger.open(OpenWork::Unannounced).await.unwrap().is_empty());

    cloud.inspect(|zone| {
        let ready: BTreeMap<&str, &str> = entries
            .iter()
            .map(|it| (it.request.name.as_str(), it.account.as_ref().unwrap().as_str()))
            .collect();
        for (name, id) in &ready {
            one_account(zone, name, id);
            assert!(told(zone, "account-ready", name), "{name} is told");
        }
        assert!(told(zone, "batch-complete", "list-"), "the batch is told");
        let mail = std::fs::read_dir(state.join("mail")).unwrap().count();
        assert_eq!(mail, zone.topics.messages().len(), "every notice is a mail");
    });
}

fn one_account(zone: &Zone, name: &str, id: &str) {
    let named = zone.organization.accounts().iter().filter(|it| it.name == name);
    let ids: Vec<&str> = named.map(|account| account.id.as_str()).collect();
    assert_eq!(ids, [id], "one account for {name}");
    let products = zone.service_catalog.provisioned_products().iter();
    let of_account: Vec<ProductStatus> = products
        .filter(|product| product.physical_id.as_deref() == Some(id))
        .map(|product| product.status)
        .collect();
    assert_eq!(of_account, [ProductStatus::Available], "one product for {name}");
    assert_eq!(zone.service_catalog.launches_of(&format!("{name}@example.com")), 1, "{name}");
}

fn told(zone: &Zone, kind: &str, subject: &str) -> bool {
    zone.topics.messages().iter().any(|message| {
        message.attributes.get("kind").is_some_and(|it| it.value == kind)
            && message.subject.as_ref().is_some_and(|text| text.contains(subject))
    })
}

/// The cloud of the state folder; the header that it keeps has seed and start.
fn open(state: &Path) -> Cloud {
    let description = Description::builtin();
    let settings = Settings {
        state: Some(state.to_owned()),
        seed: 1,
        start: description.organization.since,
        region: description.organization.home_region.clone(),
        account: description.organization.management_account.clone(),
    };
    let build = |seed, start| Zone::new(&description, seed, start);
    Cloud::open(settings, build, |_, _| Ok(())).unwrap()
}

#[test]
fn a_killed_run_goes_on_and_nothing_is_lost_or_doubled() {
    survive(3, 15, 1, &[]);
}

#[test]
fn so_it_does_in_chaos() {
    survive(3, 8, 2, &["--chaos", "2"]);
}

#[test]
#[ignore = "half a minute and more: see the top of the file"]
fn a_hundred_kills_of_one_batch_lose_nothing() {
    survive(12, 100, 3, &[]);
}
