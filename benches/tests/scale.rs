//! Nothing grows faster than what is asked for, and nothing looks at all there is: by counts
//! that are exact, at sizes that take seconds.
#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use benches::scale::aged::{self, Patterns};
use benches::scale::files::{self, lists};
use benches::scale::list::list;
use benches::scale::operator::{Asked, Wide};
use benches::scale::organization::{Size, compare};
use benches::scale::rig::{Rig, Took};

/// What goes wrong with the rows of a list, so that more than the straight way is gone.
const MISHAPS: [(&str, &str); 8] = [
    ("new-000001", "lost-event"),
    ("new-000002", "busy"),
    ("new-000003", "conflict"),
    ("new-000004", "access-fails"),
    ("new-000005", "failed"),
    ("new-000006", "late-event"),
    ("new-000007", "name-taken"),
    ("new-000008", "tainted"),
];

/// What a list takes beside so many old rows; a row of it has failed before, and is asked for
/// once more.
async fn beside(old: usize) -> Took {
    let mut rig = Rig::open(&["--max-in-flight", "3"]).await.unwrap();
    let patterns = Patterns::make(&mut rig).await.unwrap();
    patterns.age(&rig.stage, old).unwrap();
    let mishaps = MISHAPS.map(|(name, kind)| (name.to_owned(), kind.parse().unwrap()));
    rig.stage.plan(&mishaps).unwrap();
    let before = rig.took();
    rig.drop_list("new.csv", list("new", 12)).await.unwrap();
    rig.finish().await.unwrap();
    rig.drop_list("again.csv", list("new", 12)).await.unwrap();
    rig.finish().await.unwrap();
    rig.took().since(&before)
}

#[tokio::test(flavor = "multi_thread")]
async fn old_rows_are_neither_asked_for_nor_looked_at() {
    let (none, many) = (beside(0).await, beside(400).await);
    assert_eq!(none, many);
    assert!(none.reads.values().sum::<u64>() > 100, "{:?}", none.reads);
    let walks = many.calls.keys().filter(|(_, operation)| operation == "Scan");
    assert_eq!(walks.count(), 0, "{:?}", many.calls);
}

/// The test above would notice: whoever does read the whole table reads more beside old rows.
#[tokio::test(flavor = "multi_thread")]
async fn a_walk_through_the_table_shows_in_what_is_read() {
    let mut rig = Rig::open(&[]).await.unwrap();
    let patterns = Patterns::make(&mut rig).await.unwrap();
    patterns.age(&rig.stage, 400).unwrap();
    let before = rig.took();
    let batch = vending::ledger::BatchId("old-batch-0000".to_owned());
    let ledger = vending_aws::DynamoDbLedger::new(
        rig.stage.clients.dynamodb(),
        vending_aws::TableNames::default(),
    );
    let entries = vending::ports::Ledger::batch_entries(&ledger, &batch).await.unwrap();
    assert_eq!(entries.len(), 400);
    assert!(entries.iter().any(|entry| entry.request.name.as_str() == aged::name(399)));
    let took = rig.took().since(&before);
    // Each by the index of its batch, and then by its key.
    assert_eq!(took.reads.values().sum::<u64>(), 800, "{:?}", took.reads);
    assert_eq!(took.calls_of("dynamodb", "BatchGetItem"), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_lists_at_once_are_all_taken_and_each_e_mail_once() {
    let lists = lists(100, 10);
    let mut rig = Rig::open(&files::ARGUMENTS).await.unwrap();
    let batches = files::drop_all(&rig, &lists).await.unwrap();
    let took = rig.take(&batches).await.unwrap();
    files::check_taken(&rig, &lists, &batches).await.unwrap();
    let each = files::calls_of_each(&took, lists.len());
    assert!(each <= files::CALLS_OF_A_FILE, "{each} calls for each: {:?}", took.calls);
    assert_eq!(took.invocations["intake"], 100, "{:?}", took.invocations);
    // What is the same for every row is asked for once.
    assert_eq!(took.calls_of("organizations", "ListAccounts"), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_lists_at_once_all_come_to_their_ends_and_make_each_account_once() {
    let lists = lists(5, 1);
    let mut rig = Rig::open(&files::ARGUMENTS).await.unwrap();
    let batches = files::drop_all(&rig, &lists).await.unwrap();
    rig.finish().await.unwrap();
    files::check_ended(&rig, &lists, &batches).await.unwrap();
}

/// Runs a command over batches of 200 and of 2,000 rows.
async fn both(few: &Wide, many: &Wide, command: impl Fn(&Wide) -> Vec<String>) -> [Asked; 2] {
    let ask = async |wide: &Wide| {
        let arguments = command(wide);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        wide.ask(&arguments).await.unwrap()
    };
    [ask(few).await, ask(many).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_operator_asks_grows_no_faster_than_the_batch() {
    let (few, many) = (Wide::open(200).await.unwrap(), Wide::open(2_000).await.unwrap());
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let of_batch = |wide: &Wide| words(&["status", wide.batch.as_str()]);
    let [of_few, of_many] = both(&few, &many, of_batch).await;
    // A call for each hundred rows, and a page of keys more for each megabyte.
    let more = of_many.calls() - of_few.calls();
    assert!((18..=20).contains(&more), "{more} calls more for 1,800 rows");
    // A screenful, however many rows there are: what failed, what moves, and the counts.
    let lines = |asked: &Asked| asked.printed.lines().count();
    assert!(lines(&of_many) <= lines(&of_few) + 20, "{}", of_many.printed);
    assert!(of_many.printed.contains("more rows"), "{}", of_many.printed);

    for command in ["status", "show"] {
        let of_row = |_: &Wide| words(&[command, &aged::name(7)]);
        let [of_few, of_many] = both(&few, &many, of_row).await;
        assert_eq!(of_few.of_aws, of_many.of_aws, "{command}");
        assert!(of_many.calls() <= 12, "{command}: {:?}", of_many.of_aws.calls);
    }

    let page = tempfile::NamedTempFile::new().unwrap();
    let page = page.path().to_str().unwrap();
    let report = |wide: &Wide| words(&["report", wide.batch.as_str(), "--output", page]);
    let [of_few, of_many] = both(&few, &many, report).await;
    let more = of_many.calls() - of_few.calls();
    assert!((18..=20).contains(&more), "{more} calls more for 1,800 rows");
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_again_reads_what_moves_and_not_the_batch() {
    let many = Wide::open(2_000).await.unwrap();
    let watched = many.watch().await.unwrap();
    assert!(watched.calls() > 10, "{:?}", watched.of_aws);
    let each = watched.items() as f64 / watched.calls() as f64;
    assert!(each <= 3.0, "{each} items for each call: {:?}", watched.of_aws);
}

/// An account costs the same in any organization; of lists, `ListAccounts` goes through all of
/// them once for each file.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_takes_the_same_in_a_large_organization() {
    let large = Size { accounts: 193, portfolios: 40, permission_sets: 60 };
    let more = compare(Size::SMALL, large).await.unwrap();
    assert_eq!(more.for_four_accounts, []);
    let pages = more.for_a_list.iter().find(|(operation, _)| operation == "ListAccounts");
    // Two hundred accounts in all, twenty on a page, and one page of them in the small one.
    assert_eq!(pages.map(|(_, count)| *count), Some(9), "{more:?}");
}
