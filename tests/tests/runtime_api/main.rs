//! Each compiled function is started against a small Lambda Runtime API on
//! loopback, given each sample event, and answers; all AWS calls go to the
//! simulated cloud, on loopback as well.
#![expect(clippy::unwrap_used, reason = "what helps a test fails with it")]

mod binaries;
mod logs;
mod process;
mod samples;
mod server;
mod world;

use binaries::FUNCTIONS;
use process::Running;
use samples::Event;
use serde_json::{Value, json};
use server::Answer;
use world::World;

/// What the functions that take batches answer when all of one is done.
fn done() -> Value {
    json!({ "batchItemFailures": [] })
}

/// The sample events, the upload's with its file in place.
async fn events(world: &World) -> Vec<Event> {
    let mut events = samples::events();
    for event in events.iter_mut().filter(|event| event.is_of_an_upload()) {
        event.json = world.upload(event.json.take()).await;
    }
    events
}

/// Checks the answer to an event that `function` is for.
fn check_success(function: &str, event: &Event, answer: &Answer) {
    let Answer::Success(answer) = answer else { panic!("{function}, {}: {answer:?}", event.name) };
    if event.is_of_s3() {
        let files = usize::from(event.is_of_an_upload());
        assert_eq!(answer.as_array().unwrap().len(), files, "{}: {answer}", event.name);
    } else {
        assert_eq!(*answer, done(), "{function}, {}", event.name);
    }
}

/// Checks the answer to an event that is another function's.
fn check_refusal(function: &str, event: &Event, answer: &Answer) {
    let name = &event.name;
    let Answer::Error { kind, message } = answer else { panic!("{function}, {name}: {answer:?}") };
    assert_eq!(kind, "Vend.UnexpectedEvent", "{function}, {name}");
    let wanted = if function == "intake" { "an S3 notification" } else { "a lifecycle event" };
    assert!(message.contains(wanted), "{function}, {name}: {message}");
}

#[tokio::test]
async fn each_function_answers_each_event() {
    let world = World::open().await;
    let events = events(&world).await;
    assert!(!events.is_empty());
    for function in FUNCTIONS {
        let mut variables = world.variables(function);
        // Not even the most talkative log tells of anybody.
        variables.push(("RUST_LOG", "trace".to_owned()));
        let mut running = Running::start(function, variables).await;
        for event in &events {
            let answer = running.invoke(&event.json).await;
            let is_its_own = (function == "intake") == event.is_of_s3();
            let check = if is_its_own { check_success } else { check_refusal };
            check(function, event, &answer);
        }
        running.stop();
    }
}

#[tokio::test]
async fn an_event_that_nobody_knows_is_an_error_and_the_next_is_answered() {
    let world = World::open().await;
    for function in FUNCTIONS {
        let mut running = Running::start(function, world.variables(function)).await;
        for event in [json!({}), json!([]), json!("text"), json!(null)] {
            let answer = running.invoke(&event).await;
            let Answer::Error { kind, .. } = answer else {
                panic!("{function}, {event}: {answer:?}")
            };
            assert_eq!(kind, "Vend.UndecodableEvent", "{function}, {event}");
        }
        let known = if function == "intake" { "s3-test-event" } else { "scheduled" };
        running.succeed(&samples::event(known)).await;
        running.stop();
    }
}

/// The statuses of the entries of the sample list, in its order.
async fn statuses(world: &World) -> Vec<String> {
    world.statuses().await.into_values().collect()
}

/// Control Tower's event that says that it made the account.
fn created(sample: &str, name: &str, id: &str) -> Value {
    let mut event = samples::event(sample);
    let about = &mut event["detail"]["serviceEventDetails"]["createManagedAccountStatus"];
    about["account"] = json!({ "accountName": name, "accountId": id });
    event
}

/// The stream's event that says that the entry of `name` is CONFIGURING.
fn configuring(name: &str) -> Value {
    let mut event = samples::event("stream-modify");
    let about = &mut event["Records"][0]["dynamodb"];
    about["Keys"]["AccountName"]["S"] = json!(name);
    for image in ["OldImage", "NewImage"] {
        about[image]["AccountName"]["S"] = json!(name);
    }
    event
}

#[tokio::test]
async fn the_three_take_an_account_from_the_file_to_its_access() {
    let world = World::open().await;
    let mut intake = Running::start("intake", world.variables("intake")).await;
    let mut provision = Running::start("provision", world.variables("provision")).await;
    let mut handover = Running::start("handover", world.variables("handover")).await;

    let upload = world.upload(samples::event("s3-put")).await;
    assert_eq!(intake.succeed(&upload).await[0]["outcome"], "taken");
    assert_eq!(statuses(&world).await, ["QUEUED", "QUEUED", "QUEUED"]);
    // S3 delivers at least once: the same notification again changes nothing.
    assert_eq!(intake.succeed(&upload).await[0]["outcome"], "already");
    assert_eq!(statuses(&world).await, ["QUEUED", "QUEUED", "QUEUED"]);

    let tick = samples::event("scheduled");
    assert_eq!(provision.succeed(&tick).await, done());
    assert_eq!(statuses(&world).await, ["PROVISIONING", "QUEUED", "QUEUED"]);

    world.let_aws_work();
    let account = world.account_id("test-account-1");
    let created = created("create-managed-account-succeeded", "test-account-1", &account);
    assert_eq!(provision.succeed(&created).await, done());
    assert_eq!(statuses(&world).await, ["CONFIGURING", "PROVISIONING", "QUEUED"]);

    assert_eq!(handover.succeed(&configuring("test-account-1")).await, done());
    assert_eq!(world.calls("sso", "CreateAccountAssignment"), 1);
    assert_eq!(world.calls("servicecatalog", "CreatePortfolioShare"), 1);
    world.let_aws_work();
    assert_eq!(handover.succeed(&tick).await, done());
    assert_eq!(statuses(&world).await, ["READY", "PROVISIONING", "QUEUED"]);

    for running in [intake, provision, handover] {
        running.stop();
    }
}

#[tokio::test]
async fn an_account_made_outside_vend_is_given_its_access_and_is_no_entry() {
    let world = World::open().await;
    let mut handover = Running::start("handover", world.variables("handover")).await;
    let account = world.account_id("webshop-production");
    let created = created("create-managed-account-outside", "webshop-production", &account);
    for _ in ["once", "and again"] {
        assert_eq!(handover.succeed(&created).await, done());
        assert_eq!(world.calls("sso", "CreateAccountAssignment"), 1);
        assert_eq!(world.calls("servicecatalog", "CreatePortfolioShare"), 1);
    }
    assert!(world.statuses().await.is_empty());
    handover.stop();
}

#[tokio::test]
async fn everything_missing_is_told_at_once() {
    let world = World::open().await;
    for function in FUNCTIONS {
        let mut running = Running::start(function, world.of_aws()).await;
        assert!(!running.ended().await.success(), "{function}");
        let output = running.output();
        for (name, _) in world.required(function) {
            assert!(output.contains(&format!("{name} is missing")), "{function}, {name}: {output}");
        }
    }
}
