//! Functions by themselves: `cargo bench -p benches --bench parts`, or with `-- NAME` for some.
#![expect(clippy::unwrap_used, reason = "a benchmark ends where something is not as it must be")]

use std::collections::HashMap;

use benches::intake::{Wire, lists};
use chrono::{DateTime, TimeDelta};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use vending::account::{AccountRequest, EmailAddress};
use vending::failure::{FailureKind, classify};
use vending::file::{
    Checked, Column, Layout, ResultRow, RowNews, Sheet, SheetReader, UnknownNames, check, nearest,
    update, write,
};
use vending::forecast::{Forecast, Line, Pace};
use vending::ingest::{Asking, LedgerFacts, plan};
use vending::ledger::{BatchId, Entry, Event, Source};

/// Rows of the lists.
const ROWS: usize = 1_000;

fn main() {
    divan::main();
}

fn read(list: &[u8]) -> Sheet {
    let mut reader = SheetReader::new();
    reader.push(list).unwrap();
    reader.finish().unwrap()
}

fn checked(sheet: &Sheet) -> Checked {
    check(sheet, &lists::units(), &UnknownNames::default())
}

fn requests() -> Vec<(u64, AccountRequest)> {
    checked(&read(&lists::full(ROWS))).requests
}

fn entries() -> Vec<Entry> {
    let (batch, now) = (BatchId("list".into()), DateTime::UNIX_EPOCH);
    let queued = |(line, request)| Entry::queued(request, batch.clone(), line, now);
    requests().into_iter().map(queued).collect()
}

/// Makes a list of so many rows.
type Make = fn(usize) -> Vec<u8>;

/// The lists, each with another weight.
const LISTS: [(&str, Make); 4] = [
    ("plain", lists::plain),
    ("full", lists::full),
    ("faulty", lists::faulty),
    ("hopeless", lists::hopeless),
];

fn list(name: &str) -> Vec<u8> {
    LISTS.iter().find(|(it, _)| *it == name).map(|(_, make)| make(ROWS)).unwrap()
}

#[divan::bench(args = LISTS.map(|(name, _)| name))]
fn sheet(bencher: Bencher<'_, '_>, name: &str) {
    let list = list(name);
    let bencher = bencher.counter(BytesCount::new(list.len())).counter(ItemsCount::new(ROWS));
    bencher.bench(|| read(black_box(&list)));
}

#[divan::bench]
fn header(bencher: Bencher<'_, '_>) {
    let list = lists::full(1);
    bencher.bench(|| read(black_box(&list)).header);
}

#[divan::bench(args = LISTS.map(|(name, _)| name))]
fn checks(bencher: Bencher<'_, '_>, name: &str) {
    let sheet = read(&list(name));
    bencher.counter(ItemsCount::new(ROWS)).bench(|| checked(black_box(&sheet)));
}

#[divan::bench]
fn repeated_names(bencher: Bencher<'_, '_>) {
    let one = String::from_utf8(lists::plain(1)).unwrap();
    let (header, row) = one.split_once('\n').unwrap();
    let sheet = read(format!("{header}\n{}", row.repeat(ROWS)).as_bytes());
    bencher.counter(ItemsCount::new(ROWS)).bench(|| checked(black_box(&sheet)));
}

#[divan::bench]
fn plans(bencher: Bencher<'_, '_>) {
    let requests = requests();
    let asking = Asking { batch: BatchId("list".into()), uploaded_at: DateTime::UNIX_EPOCH };
    let ledger = LedgerFacts::default();
    bencher
        .counter(ItemsCount::new(ROWS))
        .with_inputs(|| requests.clone())
        .bench_values(|requests| plan(&asking, requests, &ledger, &HashMap::new()));
}

fn results(sheet: &Sheet) -> Vec<u8> {
    let row = |row| ResultRow { status: "QUEUED".into(), ..ResultRow::of_row(row) };
    write(Layout::of(&sheet.header), sheet.rows.iter().map(row))
}

#[divan::bench]
fn results_written(bencher: Bencher<'_, '_>) {
    let sheet = read(&lists::full(ROWS));
    let bytes = BytesCount::new(results(&sheet).len());
    bencher.counter(bytes).counter(ItemsCount::new(ROWS)).bench(|| results(black_box(&sheet)));
}

#[divan::bench(args = [1, ROWS])]
fn results_updated(bencher: Bencher<'_, '_>, accounts: usize) {
    let sheet = read(&lists::full(ROWS));
    let file = results(&sheet);
    let news = RowNews {
        status: "READY".into(),
        account_id: "123456789012".into(),
        error: String::new(),
        outcome: None,
    };
    let names = sheet.rows.iter().take(accounts).filter_map(|it| it.text(Column::AccountName));
    let news: HashMap<&str, RowNews> = names.map(|name| (name, news.clone())).collect();
    let bytes = BytesCount::new(file.len());
    bencher.counter(bytes).bench(|| update(black_box(&file), &news).unwrap());
}

/// Entries to items and into transactions, as JSON, signed; answered at once.
#[divan::bench]
fn entries_to_dynamodb(bencher: Bencher<'_, '_>) {
    let (wire, entries) = (Wire::new().unwrap(), entries());
    bencher.counter(ItemsCount::new(ROWS)).bench(|| wire.admit(black_box(&entries)).unwrap());
}

/// The other way round.
#[divan::bench]
fn entries_from_dynamodb(bencher: Bencher<'_, '_>) {
    let (wire, entries) = (Wire::new().unwrap(), entries());
    wire.admit(&entries).unwrap();
    bencher.counter(ItemsCount::new(ROWS)).bench(|| wire.read(black_box(&entries)).unwrap());
}

#[divan::bench(args = [
    "AWS Control Tower failed to create account: email already exists (EMAIL_ALREADY_EXISTS)",
    "AWS Control Tower could not complete the operation because of AccountLimitExceeded",
    "something that nobody has ever seen",
])]
fn classified(message: &str) -> vending::failure::Verdict {
    classify(black_box(message))
}

#[divan::bench]
fn catalogue() -> usize {
    FailureKind::ALL.iter().map(|kind| kind.cause().len() + kind.remedy().len()).sum()
}

#[divan::bench]
fn transition(bencher: Bencher<'_, '_>) {
    let entry = entries().swap_remove(0);
    let now = entry.queued_at + TimeDelta::seconds(1);
    bencher.bench(|| {
        let claimed = Event::Claimed { token: entry.next_token(), check_at: now };
        black_box(&entry).after(claimed, &Source::Queue, now)
    });
}

#[divan::bench]
fn token(bencher: Bencher<'_, '_>) {
    let entry = entries().swap_remove(0);
    bencher.bench(|| black_box(&entry).next_token());
}

#[divan::bench(args = [10, 10_000])]
fn forecast(bencher: Bencher<'_, '_>, waiting: usize) {
    let under_way = vec![TimeDelta::minutes(7); 5];
    let line = Line { waiting, in_flight: under_way, max_in_flight: 5, ..Line::default() };
    let (pace, now) = (Pace::default(), DateTime::UNIX_EPOCH);
    bencher.bench(|| Forecast::of(black_box(&line), &pace, now));
}

#[divan::bench]
fn email() -> EmailAddress {
    EmailAddress::new(black_box("aws+a-team-with-a-long-name@accounts.example.com")).unwrap()
}

#[divan::bench]
fn nearest_name(bencher: Bencher<'_, '_>) {
    let names: Vec<String> = (0..1_000).map(|n| format!("Workload unit {n}")).collect();
    bencher.counter(ItemsCount::new(names.len())).bench(|| {
        nearest(black_box("Wrokload unit 77"), names.iter().map(String::as_str)).is_some()
    });
}
